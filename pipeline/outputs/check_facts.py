"""Facts of the briefing about coverage and checks: what is missing, late, contradictory or left over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pandas as pd

from pipeline.outputs.material import Evidence, Fact, Material, list_names
from pipeline.outputs.values import write_years
from pipeline.tables.store import records

_LISTED = 6
_EXAMPLES = 3  # of more reports than are listed
_SEEN = "（见原文栏）"
_AROUND = 24  # characters on each side of a number that is quoted
CONTRADICTIONS = ("sums_agree", "values_agree", "rates_agree")
TIME = ("on_time", "full_year")
LEFTOVERS = ("year_consistent", "no_stale_terms", "no_foreign_leftovers")
DOUBTS = (*TIME, *LEFTOVERS)


def count_coverage(material: Material) -> Fact | None:
    grid = material.coverage
    if not len(grid):
        return None
    years = grid["report_year"].astype(int)
    missing = grid[grid["state"] == "missing"].sort_values(["report_year", "department_short"])
    departments = grid[["region", "department_code"]].drop_duplicates()
    values: dict[str, object] = {
        "years": write_years(sorted(set(years))), "n_departments": len(departments),
        "n_expected": len(grid), "n_reported": len(grid) - len(missing), "n_missing": len(missing),
        "missing": list_names(f"{row.department_short}{int(row.report_year)}年度" for row in records(missing)),
    }
    evidence = [Evidence(str(row.department_short), int(row.report_year), "缺报告", "同一部门其他年度有报告，这一年没有收到", "", "")
                for row in records(missing)]
    return ("missing" if len(missing) else "complete"), {**values, **_required_words(material)}, evidence


def list_failures(material: Material, names: Iterable[str], year: int | None) -> list[Any]:
    checks = material.checks
    wanted = material.reports if year is None else material.of_year(year)
    failed = checks[checks["document_id"].isin(list(wanted)) & checks["check"].isin(list(names))
                    & (checks["passed"].fillna(True) == False)]  # noqa: E712 - nullable column
    return sorted(records(failed), key=lambda row: (-int(material.reports[row.document_id].report_year), material.name(row.document_id), row.check))


def _by_department(material: Material, failed: list[Any], with_year: bool) -> str:
    groups: dict[tuple[int, str], list[str]] = {}
    for row in failed:
        key = (int(material.reports[row.document_id].report_year), material.name(row.document_id))
        groups.setdefault(key, []).append(material.check_names.get(row.check, row.check))
    if len(groups) > _LISTED + 1:
        counts = Counter(item for items in groups.values() for item in items)
        kinds = "、".join(f"{item}{n}份" for item, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
        first = "、".join(name + (f"{year}年度" if with_year else "") for year, name in list(groups)[:_EXAMPLES])
        return f"{kinds}，如{first}"
    said: dict[int, list[str]] = {}
    for (year, name), items in groups.items():
        said.setdefault(year, []).append(f"{name}（{'、'.join(items)}）")
    return "；".join((f"{year}年度" if with_year else "") + "、".join(names) for year, names in said.items())


def _check_evidence(material: Material, failed: list[Any]) -> list[Evidence]:
    """The failed checks with their words; the quotation stands in a column of its own, not in the message too."""
    found = []
    for row in failed:
        name = material.check_names.get(row.check, row.check)
        evidence = material.evidence(row.document_id, name, row.message if isinstance(row.message, str) else "",
                                     row.evidence_start, row.evidence_end)
        says = evidence.says.replace(f"“{evidence.quote}”", _SEEN) if evidence.quote else evidence.says
        says = says.replace(f"：{_SEEN}：", "：").removeprefix(f"{name}：").removeprefix(_SEEN)
        found.append(replace(evidence, says=says.strip("：")))
    return found


def _required_names(material: Material) -> list[str]:
    """Checks of required contents; dates and years are doubts, reported apart."""
    return [name for name, level in material.check_levels.items() if level == "必" and name not in DOUBTS]


def _required_words(material: Material) -> dict[str, object]:
    """{required} of the sentence on coverage: that the required contents are there, where every report was judged."""
    fact = count_required(material)
    is_complete = fact is not None and fact[0] == "complete"
    year, n_reports = material.years[-1], len(material.of_year(material.years[-1]))
    return {"required": f"{year}年度{n_reports}份报告的规定内容均已具备。" if is_complete else ""}


def report_gaps(material: Material) -> Fact | None:
    """Reports that lack required contents; that all is there is said with the coverage."""
    fact = count_required(material)
    return None if fact is None or fact[0] == "complete" else fact


def count_required(material: Material) -> Fact | None:
    year = material.years[-1]
    names = _required_names(material)
    rows = material.checks[material.checks["document_id"].isin(list(material.of_year(year))) & material.checks["check"].isin(names)]
    if not len(rows):
        return None
    failed = list_failures(material, names, year)
    if not failed and rows["passed"].isna().any():
        return None
    values: dict[str, object] = {"year": year, "n_reports": len(material.of_year(year)),
                                 "n_failed": len({row.document_id for row in failed}), "failed": _by_department(material, failed, False)}
    return ("incomplete" if failed else "complete"), values, _check_evidence(material, failed)


def count_failures(material: Material, names: tuple[str, ...], case: str, all_years: bool) -> Fact | None:
    year = material.years[-1]
    failed = list_failures(material, names, None if all_years else year)
    if not failed:
        return None
    documents = {row.document_id for row in failed}
    values: dict[str, object] = {
        "year": year, "n_reports": len(documents) if all_years else len(material.of_year(year)),
        "n_failed": len(failed) if all_years else len(documents), "failed": _by_department(material, failed, all_years),
    }
    evidence = list_contradictions(material, failed) if names == CONTRADICTIONS else _check_evidence(material, failed)
    return case, values, evidence


def list_contradictions(material: Material, failed: list[Any]) -> list[Evidence]:
    """Each contradiction with both of its sides: the passage, and where the other number stands if elsewhere."""
    found = []
    for evidence, row in zip(_check_evidence(material, failed), failed, strict=True):
        start = row.evidence_start
        # The quotations stand in columns of their own; the message keeps what does not agree.
        says = re.sub(r"（“[^（）]*”）", "", evidence.says)
        other = None if row.check != "values_agree" or pd.isna(start) else _find_other(material, row)
        if other is not None:
            found.append(replace(
                evidence, says=says, quote=_around(material, row.document_id, int(other.start), int(other.end)),
                place=material.place(row.document_id, int(other.start)), start=int(other.start), other_start=int(start),
                other_quote=_around(material, row.document_id, int(start), int(row.evidence_end)), other_place=evidence.place))
        else:
            found.append(replace(evidence, says=says))
    return found


def _find_other(material: Material, row: Any) -> Any | None:
    """The quantity elsewhere in the report that the message names beside the one at its evidence; the first of them."""
    own = material.quantities[material.quantities["document_id"] == row.document_id].sort_values("start")
    here = [item for item in records(own) if row.evidence_start <= item.start < row.evidence_end]
    unit = here[0].unit if here else None
    others = [item for item in records(own) if item.text in row.message and item.unit == unit
              and not row.evidence_start <= item.start < row.evidence_end and all(item.text != mine.text for mine in here)]
    same = [item for item in others if here and item.object == here[0].object]
    return next(iter(same or others), None)


def _around(material: Material, document_id: str, start: int, end: int) -> str:
    """The number and the words about it, within its sentence."""
    sentence = material.places.sentence_at(document_id, start)
    first = max(start - _AROUND, sentence.start if sentence else start - _AROUND)
    last = min(end + _AROUND, sentence.end if sentence else end + _AROUND)
    cut = ("…" if sentence and first > sentence.start else ""), ("…" if sentence and last < sentence.end else "")
    return cut[0] + material.places.passage(document_id, max(0, first), last) + cut[1]
