"""Which report of which department and year is there, and which is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.profiles.departments import Lineage


def find_coverage(reports: Sequence[dict[str, Any]], lineage: Sequence[Lineage]) -> list[dict[str, Any]]:
    """Rows of table `coverage`: every department × every year from the corpus's first to its last.

    `reports` are rows of the compared reports. A department is not missing in years after it was merged
    into another, nor before it was split off, unless it reported in them.
    """
    if not reports:
        return []
    years = range(min(row["report_year"] for row in reports), max(row["report_year"] for row in reports) + 1)
    by_department: dict[tuple[str, str], dict[int, dict[str, Any]]] = {}
    for row in reports:
        key = (row["department_code"], row["region"] or "")
        by_department.setdefault(key, {})[int(row["report_year"])] = row
    rows = []
    for (code, region), by_year in sorted(by_department.items()):
        # The name last used is the one that people know.
        latest = by_year[max(by_year)]
        for year in years:
            report = by_year.get(year)
            if report is None and not _existed(code, year, by_year, lineage):
                continue
            rows.append({
                "department_code": code, "region": region, "department": latest["department"],
                "department_short": latest["department_short"], "report_year": year,
                "document_id": report["document_id"] if report else None,
                "state": "reported" if report else "missing",
            })
    return rows


def _existed(code: str, year: int, by_year: dict[int, dict[str, Any]], lineage: Sequence[Lineage]) -> bool:
    """False where lineage.csv explains why the department has no report of `year`."""
    for item in lineage:
        if item.kind == "merge" and item.source == code and item.year <= year and max(by_year) < year:
            return False
        if item.kind == "split" and item.target == code and item.year > year and min(by_year) > year:
            return False
    return True
