"""Small frames for the tests of comparisons; factories state only what differs."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline.tables import store


def report(department: str = "澜山区科学技术局", year: int | None = 2022, **differing: Any) -> dict[str, Any]:
    """One row of `reports`; document_id is the department's last characters and the year unless given."""
    code = differing.pop("department_code", department.removeprefix("澜山区"))
    row = {
        "document_id": f"{department}-{year}", "report_id": f"{department}-{year}", "genre": "rule_of_law",
        "department": department, "department_code": code, "region": "澜山区", "report_year": year,
        "department_short": department.removeprefix("澜山区"), "department_group": "综合管理型",
        "path": f"{department}{year}.txt", "is_compared": True, "signed_date": None if year is None else f"{year + 1}-01-17",
    }
    return {**row, **differing}


def reports(*rows: dict[str, Any]) -> pd.DataFrame:
    return store.frame("reports", rows)


def values(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """Table `indicator_values` from (department, year, indicator, low, high[, further columns])."""
    made = []
    for department, year, indicator, low, high, *further in rows:
        made.append({
            "document_id": f"{department}-{year}", "indicator": indicator, "state": "value", "low": low, "high": high,
            "unit": "件", **(further[0] if further else {}),
        })
    return store.frame("indicator_values", made)


def counts(*rows: tuple[str, int, dict[str, int]]) -> pd.DataFrame:
    """Table `term_counts` from (document_id, section_no, {term: count})."""
    return store.frame("term_counts", [
        {"document_id": document_id, "section_no": section_no, "term": term, "count": count}
        for document_id, section_no, terms in rows for term, count in sorted(terms.items())
    ])
