"""The compared reports by department and year, and the report of the year before across reorganisations.

Dates in lineage.csv are general practice and differ by place. They lead to candidates and notes; a department
that reported under its own code last year is always compared with itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.profiles.departments import Lineage


@dataclass(frozen=True)
class Report:
    """What comparisons by department and year need to know of a compared report."""

    document_id: str
    genre: str
    department: str
    region: str
    code: str
    group: str
    year: int


@dataclass(frozen=True)
class Previous:
    """Last year's report, None where there is none, and what to know when comparing with it."""

    report: Report | None
    notes: tuple[str, ...] = ()


ByPlace = Mapping[tuple[str, str, int], Report]


def read_reports(reports: pd.DataFrame) -> list[Report]:
    """The compared reports, by region, department and year."""
    columns = ("document_id", "genre", "department", "region", "department_code", "department_group", "report_year",
               "is_compared")
    found = [
        Report(document_id, _text(genre), _text(department), _text(region), _text(code), _text(group), int(year))
        for document_id, genre, department, region, code, group, year, is_compared in zip(
            *(reports[column].tolist() for column in columns), strict=True)
        if is_compared is True
    ]
    return sorted(found, key=lambda report: (report.region, report.code, report.year, report.document_id))


def place_reports(reports: Sequence[Report]) -> ByPlace:
    """Reports by (region, department code, year)."""
    return {(report.region, report.code, report.year): report for report in reports}


def find_previous(report: Report, by_place: ByPlace, lineage: Sequence[Lineage]) -> Previous:
    """The report of the year before of the same department, else of the one department merged into it."""
    region, code, year = report.region, report.code, report.year
    absorbed = [
        source for item in lineage
        if item.target == code and item.source != code and item.kind in ("merge", "rename")
        and (source := by_place.get((region, item.source, year - 1))) is not None
        and (region, item.source, year) not in by_place
    ]
    own = by_place.get((region, code, year - 1))
    if own is None:
        is_new = not any((region, code, earlier) in by_place for earlier in range(year - 10, year))
        if is_new and len(absorbed) == 1:
            return Previous(absorbed[0], (f"上年为{absorbed[0].department}的报告，该部门已并入或更名",))
        return Previous(None)
    notes = [f"上年另有{source.department}的报告，该部门已并入，口径可能扩大" for source in absorbed]
    if own.department != report.department:
        notes.append(f"部门名称由{own.department}改为{report.department}")
    notes += [
        f"部分职能已划入{target.department}，口径可能缩小" for item in lineage
        if item.source == code and item.target != code and item.kind == "split"
        and (target := by_place.get((region, item.target, year))) is not None
        and (region, item.target, year - 1) not in by_place and year >= item.year
        and not any((region, item.target, earlier) in by_place for earlier in range(year - 10, year))
    ]
    return Previous(own, tuple(notes))


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else ""
