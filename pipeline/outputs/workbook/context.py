"""What every sheet needs to know: the reports in their order, the indicators, the names of things and where passages stand.

What belongs here: look-ups over finished tables and the links between sheets and to the explorer.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from pipeline.outputs.names import asked_of, short_names, theme_names
from pipeline.outputs.places import Places, rows_of
from pipeline.outputs.workbook.cells import Cell
from pipeline.profiles.checks import CheckRule, CheckRules
from pipeline.profiles.indicators import Indicator, Indicators
from pipeline.profiles.themes import ThemeCatalogue

EXPLORER = "explorer.html"


@dataclass(frozen=True)
class Report:
    """One row of table `reports`, with the name it goes by in the workbook."""

    document_id: str
    report_id: str
    genre: str
    title: str
    department: str
    name: str
    code: str
    region: str
    group: str
    year: int | None
    path: str
    is_compared: bool
    is_demonstration: bool
    confidence: float | None
    identity_source: str

    @property
    def key(self) -> tuple[str, str]:
        """What makes a department: region and code."""
        return (self.region, self.code)


@dataclass(frozen=True)
class Department:
    """One department of the comparison."""

    region: str
    code: str
    department: str
    name: str
    group: str

    @property
    def key(self) -> tuple[str, str]:
        return (self.region, self.code)


@dataclass
class Context:
    """Everything the sheet builders share. `answer_rows` tells where 指标明细 shows an answer, once that sheet is built."""

    reports: dict[str, Report]
    compared: list[Report]
    departments: list[Department]
    years: list[int]
    document_of: dict[tuple[str, str, int], str]
    indicators: list[Indicator]
    themes: dict[str, str]
    checks: list[CheckRule]
    places: Places
    paths: dict[str, str]
    answer_rows: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def demonstration(self) -> bool:
        """Whether any report is an invented one."""
        return any(report.is_demonstration for report in self.reports.values())

    def indicator_name(self, indicator_id: str) -> str:
        return self._names.get(indicator_id, indicator_id)

    def theme_name(self, theme_id: str | None) -> str:
        return self.themes.get(theme_id or "", theme_id or "")

    def indicator_theme(self, indicator_id: str) -> str:
        found = self._by_id.get(indicator_id)
        return self.theme_name(found.theme) if found else ""

    def __post_init__(self) -> None:
        self._by_id = {indicator.id: indicator for indicator in self.indicators}
        self._names = {indicator.id: indicator.name for indicator in self.indicators}
        self.indicator_order = {indicator.id: number for number, indicator in enumerate(self.indicators)}
        self.check_names = {check.id: check.name for check in self.checks}
        self.department_order = {department.key: number for number, department in enumerate(self.departments)}

    def report_order(self, document_id: str | None) -> tuple[int, int, str]:
        """Sort key of a report: department, year; what is not compared comes last."""
        report = self.reports.get(document_id or "")
        if report is None:
            return (len(self.departments), 0, document_id or "")
        return (self.department_order.get(report.key, len(self.departments)), report.year or 0, report.document_id)

    def named(self, document_id: str | None) -> tuple[str, int | None]:
        """Department name and year of a document; its path where it is no report."""
        report = self.reports.get(document_id or "")
        if report is None:
            return (self.paths.get(document_id or "", document_id or ""), None)
        return (report.name, report.year)

    def is_compared(self, document_id: str | None) -> bool:
        report = self.reports.get(document_id or "")
        return report is not None and report.is_compared

    def open_cell(self, document_id: str | None, start: int | None = None, other: tuple[str, int | None] | None = None) -> Cell:
        """A link to the passage in the explorer; `other` is the document and place to lay beside it."""
        if document_id is None:
            return Cell(None, "middle")
        target = f"external:{EXPLORER}#d={document_id}" + (f"&s={start}" if start is not None else "")
        if other is not None:
            target += f"&c={other[0]}" + (f"&t={other[1]}" if other[1] is not None else "")
        return Cell("打开", "link", target)

    def place_columns(self, document_id: str, start: int | None) -> tuple[str, int | None, int | None]:
        """Section path, page and paragraph of a place."""
        places = self.places
        sentence = places.sentence_at(document_id, start)
        section = places.section(document_id, sentence.section_no) if sentence else ""
        return (section, places.page(document_id, start), places.paragraph(document_id, start))


def build_context(documents: pd.DataFrame, reports: pd.DataFrame, coverage: pd.DataFrame, sections: pd.DataFrame,
                  sentences: pd.DataFrame, blocks: pd.DataFrame, indicators: Indicators, theme_catalogue: ThemeCatalogue,
                  check_rules: CheckRules) -> Context:
    """The context of one workbook. Departments stand by function group, then name."""
    names = short_names(reports)
    columns = ("document_id", "report_id", "genre", "title", "department", "department_code", "region", "department_group",
               "report_year", "path", "is_compared", "is_demonstration", "confidence", "identity_source")
    found: dict[str, Report] = {}
    for (document_id, report_id, genre, title, department, code, region, group, year, path, is_compared, is_demonstration,
         confidence, source) in rows_of(reports, *columns):
        found[document_id] = Report(
            document_id, report_id, genre or "", title or "", department or "", names.get((region or "", code or ""), department or ""),
            code or "", region or "", group or "", year, path or "", bool(is_compared), bool(is_demonstration), confidence,
            source or "")
    departments: dict[tuple[str, str], Department] = {}
    for report in found.values():
        if report.is_compared:
            departments.setdefault(report.key, Department(report.region, report.code, report.department, report.name, report.group))
    for region, code, department, name in rows_of(coverage, "region", "department_code", "department", "department_short"):
        departments.setdefault((region or "", code or ""), Department(region or "", code or "", department or "",
                                                                      name or department or "", ""))
    ordered = sorted(departments.values(), key=lambda item: (item.region, item.group, item.department, item.code))
    compared = sorted((report for report in found.values() if report.is_compared),
                      key=lambda item: (item.region, item.group, item.department, item.code, item.year or 0, item.document_id))
    years = sorted({report.year for report in compared if report.year is not None}
                   | {year for (year,) in rows_of(coverage, "report_year")})
    return Context(
        reports=found, compared=compared, departments=ordered, years=years,
        document_of={(*report.key, report.year): report.document_id for report in compared if report.year is not None},
        indicators=asked_of(indicators, {report.genre for report in compared}, theme_catalogue), themes=theme_names(theme_catalogue),
        checks=list(check_rules.all), places=Places(documents, sections, sentences, blocks),
        paths=dict(rows_of(documents, "document_id", "path")))
