"""What the briefing's facts are counted from: finished tables, the compared reports, and places of passages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pipeline.outputs.caution import PARTIAL_MARK, is_partial
from pipeline.outputs.names import short_names
from pipeline.outputs.naming import Naming
from pipeline.outputs.places import Places, quantity_texts, rows_of
from pipeline.outputs.values import write_value
from pipeline.tables.store import records

_LISTED = 6  # names in a sentence; more make a list, which the evidence table gives
_MOST_CHARS = 48
ANSWERED = ("value", "zero", "corrected", "ambiguous")


@dataclass(frozen=True)
class Evidence:
    """One line of the evidence table; a contradiction may have its other side at another place."""

    department: str
    year: int
    item: str
    says: str
    quote: str
    place: str
    other_quote: str = ""
    other_place: str = ""
    document_id: str = ""
    start: int | None = None
    other_start: int | None = None


@dataclass(frozen=True)
class Part:
    """A clause of a finding: a case of its rule, worded only where the data bear it."""

    case: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class Material:
    """The tables that findings are counted from, with the compared reports by document."""

    reports: Mapping[str, Any]
    coverage: pd.DataFrame
    values: pd.DataFrame
    changes: pd.DataFrame
    reuse_shares: pd.DataFrame
    reuse: pd.DataFrame
    commitments: pd.DataFrame
    checks: pd.DataFrame
    places: Places
    check_names: Mapping[str, str]  # what a failed check is called
    check_levels: Mapping[str, str]
    indicators: Mapping[str, Any]
    indicator_names: Mapping[str, str]
    quantities: pd.DataFrame
    names: Mapping[str, str]
    texts: Mapping[tuple[str, int], str] = field(default_factory=dict)
    naming: Naming = field(default_factory=Naming)

    @property
    def years(self) -> list[int]:
        return sorted({int(report.report_year) for report in self.reports.values()})

    def of_year(self, year: int) -> dict[str, Any]:
        return {key: report for key, report in self.reports.items() if int(report.report_year) == year}

    def name(self, document_id: str) -> str:
        return self.names[document_id]

    def evidence(self, document_id: str, item: str, says: str, start: Any, end: Any) -> Evidence:
        start, end = (None if pd.isna(start) else int(start)), (None if pd.isna(end) else int(end))
        return Evidence(self.name(document_id), int(self.reports[document_id].report_year), item, says,
                        self.places.passage(document_id, start, end), self.place(document_id, start),
                        document_id=document_id, start=start)

    def write(self, row: Any, unit: str = "", kind: str = "") -> str:
        """A stated value with its unit, in 万 where the report writes 万; * where it is no figure of the whole year."""
        words = "" if pd.isna(row.quantity_no) else self.texts.get((row.document_id, int(row.quantity_no)), "")
        text = write_value(row.low, row.high, row.approx, unit or row.unit, kind, row.state, with_unit=True, words=words)
        return text + (PARTIAL_MARK if is_partial(row) else "")

    def place(self, document_id: str, start: int | None) -> str:
        """第3页第12段, 第12段 in formats without pages, or nothing."""
        page, paragraph = self.places.page(document_id, start), self.places.paragraph(document_id, start)
        return (f"第{page}页" if page else "") + (f"第{paragraph}段" if paragraph else "")


Fact = tuple[str, dict[str, object], list[Evidence]]  # case of the sentence, values of its placeholders, proof


def place_key(row: Any) -> tuple[str, str]:
    """What makes a department: region and code; "" for a region or code that is not known."""
    return tuple(value if isinstance(value, str) else "" for value in (row.region, row.department_code))  # type: ignore[return-value]


def list_names(names: Iterable[str]) -> str:
    """甲、乙、丙; beyond _LISTED names (and one more) the rest is counted: 甲、乙等9个. Of long names fewer are listed."""
    names = list(names)
    if len(names) <= _LISTED + 1:
        return "、".join(names)
    n_listed = _LISTED
    while n_listed > 3 and sum(map(len, names[:n_listed])) > _MOST_CHARS:
        n_listed -= 1
    return "、".join(names[:n_listed]) + f"等{len(names)}个"


def compared_reports(reports: pd.DataFrame) -> dict[str, Any]:
    """document_id → row of the reports that take part in the comparison, in order of year and department."""
    chosen = reports[reports["is_compared"].fillna(False).astype(bool) & reports["report_year"].notna()]
    rows = sorted(records(chosen), key=lambda row: (int(row.report_year), str(row.department_short)))
    return {row.document_id: row for row in rows}


def gather(reports: pd.DataFrame, coverage: pd.DataFrame, values: pd.DataFrame, changes: pd.DataFrame, reuse_shares: pd.DataFrame,
           reuse: pd.DataFrame, commitments: pd.DataFrame, checks: pd.DataFrame, places: Places, check_rules: Any, indicators: Any,
           quantities: pd.DataFrame, naming: Naming | None = None) -> Material:
    """The material of a run; rules and indicators give the names that are printed."""
    rows = rows_of(checks, "check", "level")
    compared, names = compared_reports(reports), short_names(reports)
    return Material(
        compared, coverage, values, changes, reuse_shares, reuse, commitments, checks, places,
        {key: getattr(rule, "fault", "") or rule.name for key, rule in check_rules.by_id.items()}, {key: level for key, level in rows if level},
        indicators.by_id, {key: item.short_name or item.name for key, item in indicators.by_id.items()},
        quantities, {key: names[place_key(row)] for key, row in compared.items()},
        quantity_texts(quantities), naming or Naming(),
    )
