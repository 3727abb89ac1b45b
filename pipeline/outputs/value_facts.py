"""Facts of the briefing about indicator values: what reports state, what rose or fell, what is no longer stated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pandas as pd

from pipeline.outputs.caution import LEAST_BASE, settle_verdict, write_plain_change
from pipeline.outputs.material import ANSWERED, Evidence, Fact, Material, list_names
from pipeline.outputs.values import is_rate, number_or_none, write_bounds, write_value
from pipeline.tables.store import records

_LISTED = 6
_MOVES = 8  # changes in the evidence table


def list_stated(material: Material, indicator: str, year: int) -> list[Any]:
    values = material.values
    rows = values[(values["indicator"] == indicator) & values["document_id"].isin(list(material.of_year(year))) & values["state"].isin(ANSWERED)]
    return sorted(records(rows), key=lambda row: (-(row.low if not pd.isna(row.low) else row.high), material.name(row.document_id)))


def prove_values(material: Material, rows: Iterable[Any]) -> list[Evidence]:
    return [material.evidence(row.document_id, material.indicator_names.get(row.indicator, row.indicator),
                              write_value(row.low, row.high, row.approx, row.unit, state=row.state, with_unit=True),
                              row.evidence_start, row.evidence_end) for row in rows]


def _top(material: Material, rows: list[Any], year: int) -> str:
    """The largest value and how it compares with the year before: 市场监管局（8件，比上年升60%）."""
    sure = [row for row in rows if row.state != "ambiguous" and not pd.isna(row.low)]
    top = [row for row in sure if row.low == sure[0].low] if sure else []
    parts = []
    for row in top[:_LISTED]:
        change = material.changes[(material.changes["document_id"] == row.document_id) & (material.changes["indicator"] == row.indicator)]
        words = write_value(row.low, row.high, row.approx, row.unit, state=row.state, with_unit=True)
        if len(change) and change["verdict"].iloc[0] in ("up", "down", "same"):
            row_of_change = next(records(change))
            verdict = settle_verdict(str(row_of_change.verdict), None, row)
            if verdict == row_of_change.verdict:
                words += f"，上年{_before(row_of_change, row.unit)}，{write_plain_change(row_of_change, row.unit)}"
        parts.append(f"{material.name(row.document_id)}（{words}）")
    return "、".join(parts)


def _before(change: Any, unit: str) -> str:
    return write_bounds(change.previous_low, change.previous_high) + (unit if isinstance(unit, str) else "")


def compare_disputes(material: Material) -> Fact | None:
    year = material.years[-1]
    reconsideration = list_stated(material, "reconsideration_respondent_count", year)
    litigation = list_stated(material, "litigation_case_count", year)
    if not any(row.low for row in reconsideration if not pd.isna(row.low)) or not any(row.low for row in litigation if not pd.isna(row.low)):
        return None
    values: dict[str, object] = {
        "year": year, "n_reconsideration": len(reconsideration), "n_litigation": len(litigation),
        "n_reconsideration_zero": sum(row.state == "zero" for row in reconsideration),
        "n_litigation_zero": sum(row.state == "zero" for row in litigation),
        "top_reconsideration": _top(material, reconsideration, year), "top_litigation": _top(material, litigation, year),
    }
    return "ranked", values, prove_values(
        material, [*reconsideration[:3], *litigation[:3], *reconsideration[3:], *litigation[3:]])


def compare_appearance(material: Material) -> Fact | None:
    year = material.years[-1]
    rows = list_stated(material, "leader_appearance_rate", year)
    if len(rows) < 2:
        return None
    below = [row for row in rows if not pd.isna(row.high) and row.high < 100]
    if not below and not all(not pd.isna(row.low) and row.low == 100 for row in rows):
        return None
    said = [f"{material.name(row.document_id)}（{write_value(row.low, row.high, row.approx, '%', 'percent', row.state, with_unit=True)}）"
            for row in below]
    values: dict[str, object] = {"year": year, "n_stated": len(rows), "n_below": len(below), "below": list_names(said)}
    return ("below" if below else "full"), values, prove_values(material, below)


def count_vanished(material: Material) -> Fact | None:
    years = material.years
    if len(years) < 2:
        return None
    year = years[-1]
    answered = material.values[material.values["state"].isin(ANSWERED)]
    disclosed = {(row.document_id, row.indicator) for row in records(answered)}
    rows = [row for row in records(material.changes)
            if int(row.report_year) == year and isinstance(row.document_id, str) and row.document_id in material.reports
            and isinstance(row.previous_document_id, str) and (row.previous_document_id, row.indicator) in disclosed
            and (row.document_id, row.indicator) not in disclosed]
    not_applicable = {(row.document_id, row.indicator) for row in records(material.values[material.values["state"] == "na"])}
    rows = [row for row in rows if (row.document_id, row.indicator) not in not_applicable]
    if not rows:
        return None
    counts = Counter(material.name(row.document_id) for row in rows)
    most = max(counts.values())
    evidence = []
    for row in sorted(rows, key=lambda r: (material.name(r.document_id), r.indicator)):
        before = next(v for v in records(answered[(answered["document_id"] == row.previous_document_id)
                                          & (answered["indicator"] == row.indicator)]))
        says = "上年" + write_value(before.low, before.high, before.approx, before.unit, state=before.state, with_unit=True) + "，本年未披露"
        item = material.indicator_names.get(row.indicator, row.indicator)
        if row.previous_document_id in material.reports:
            evidence.append(material.evidence(row.previous_document_id, item, says, before.evidence_start, before.evidence_end))
    values: dict[str, object] = {"year": year, "previous_year": year - 1, "n_values": len(rows), "n_departments": len(counts),
                                 "top": list_names(sorted(name for name, n in counts.items() if n == most)), "n_top": most}
    return "some", values, evidence


def _move(row: Any) -> float:
    """The least size of a change, in percent, that the bounds leave; 0 where that cannot be said."""
    low, high = number_or_none(row.change_pct_low), number_or_none(row.change_pct_high)
    base = number_or_none(row.previous_low)
    if row.verdict not in ("up", "down") or base is None or base < LEAST_BASE:
        return 0.0
    ends = [abs(end) for end in (low, high) if end is not None]
    return min(ends) if ends else 0.0


def count_changes(material: Material) -> Fact | None:
    """How many values rose and fell since last year, and which certainly moved most; rates take no part in the latter."""
    year = material.years[-1]
    rows = [row for row in records(material.changes) if int(row.report_year) == year and row.document_id in material.reports
            and row.verdict in ("up", "down", "same", "undecided")]
    if not rows:
        return None
    stated = {(row.document_id, row.indicator): row for row in records(material.values)}
    settled = {id(row): settle_verdict(row.verdict, stated.get((row.previous_document_id, row.indicator)),
                                       stated.get((row.document_id, row.indicator))) for row in rows}
    counts = Counter(settled.values())
    counted = [row for row in rows if row.indicator in material.indicators
               and not is_rate(material.indicators[row.indicator].unit, material.indicators[row.indicator].kind)]
    moved = [row for row in counted if _move(row) and settled[id(row)] == row.verdict]
    moved.sort(key=lambda row: (-_move(row), material.name(row.document_id), row.indicator))
    evidence: list[Evidence] = []
    said: list[str] = []
    for row in moved:
        if len(evidence) == _MOVES:
            break
        now, indicator = stated.get((row.document_id, row.indicator)), material.indicators[row.indicator]
        before = stated.get((row.previous_document_id, row.indicator))
        # 24个 and 1,480户 may count different things: no large move without the same unit.
        if now is None or before is None or now.unit != before.unit:
            continue
        words = [write_value(value.low, value.high, value.approx, indicator.unit, indicator.kind, value.state, with_unit=True)
                 for value in (before, now)]
        change = write_plain_change(row, indicator.unit)
        if len(said) < 3:
            said.append(f"{material.name(row.document_id)}“{material.indicator_names[row.indicator]}”（{words[0]}至{words[1]}，{change}）")
        evidence.append(material.evidence(row.document_id, material.indicator_names[row.indicator],
                                          f"上年{words[0]}，本年{words[1]}，{change}", now.evidence_start, now.evidence_end))
    values: dict[str, object] = {
        "year": year, "previous_year": year - 1, "n_compared": len(rows), "n_up": counts["up"], "n_down": counts["down"],
        "n_same": counts["same"], "n_undecided": counts["undecided"], "moves": "、".join(said)}
    return ("moved" if said else "counted"), values, evidence
