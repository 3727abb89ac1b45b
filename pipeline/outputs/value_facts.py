"""Facts of the briefing about indicator values: what reports state, what rose or fell, what is no longer stated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pandas as pd

from pipeline.outputs.caution import LEAST_BASE, is_partial, settle_verdict, write_plain_change
from pipeline.outputs.material import ANSWERED, Evidence, Fact, Material, Part, list_names, place_key
from pipeline.outputs.totals import add_up
from pipeline.outputs.values import is_rate, number_or_none, write_bounds, write_number
from pipeline.tables.store import records

_LISTED = 6
_MOVES = 8  # changes in the evidence table


def list_stated(material: Material, indicator: str, year: int) -> list[Any]:
    values = material.values
    rows = values[(values["indicator"] == indicator) & values["document_id"].isin(list(material.of_year(year))) & values["state"].isin(ANSWERED)]
    return sorted(records(rows), key=lambda row: (-(row.low if not pd.isna(row.low) else row.high), material.name(row.document_id)))


def prove_values(material: Material, rows: Iterable[Any]) -> list[Evidence]:
    return [material.evidence(row.document_id, material.indicator_names.get(row.indicator, row.indicator),
                              material.write(row), row.evidence_start, row.evidence_end) for row in rows]


def _top(material: Material, rows: list[Any]) -> list[Any]:
    """Everyone who states the largest value."""
    sure = [row for row in rows if row.state != "ambiguous" and not pd.isna(row.low)]
    return [row for row in sure if row.low == sure[0].low] if sure else []


def _write_top(material: Material, rows: list[Any]) -> str:
    """The largest value and how it compares with the year before: 市场监管局（8件，上年5件，升3件）."""
    parts = []
    for row in rows[:_LISTED]:
        change = material.changes[(material.changes["document_id"] == row.document_id) & (material.changes["indicator"] == row.indicator)]
        words = material.write(row)
        if len(change) and change["verdict"].iloc[0] in ("up", "down", "same"):
            row_of_change = next(records(change))
            verdict = settle_verdict(str(row_of_change.verdict), None, row)
            if verdict == row_of_change.verdict:
                words += f"，上年{_before(row_of_change, row.unit)}，{write_plain_change(row_of_change, row.unit)}"
        parts.append(f"{material.name(row.document_id)}（{words}）")
    return "、".join(parts) + (f"等{len(rows)}个" if len(rows) > _LISTED else "")


def _before(change: Any, unit: str) -> str:
    return write_bounds(change.previous_low, change.previous_high) + (unit if isinstance(unit, str) else "")


def _name_zero(material: Material, row: Any) -> str:
    until = str(row.to_date).removeprefix("截至") if is_partial(row) else ""
    return material.name(row.document_id) + (f"〔截至{until}〕" if until else "")


def _total(material: Material, indicator: str, year: int) -> Part | str:
    """The clause with the sums of last year and this year over the departments that state both."""
    rows = material.values[(material.values["indicator"] == indicator) & material.values["document_id"].isin(list(material.reports))]
    by_place = {}
    for row in records(rows):
        report = material.reports[row.document_id]
        by_place[(*place_key(report), int(report.report_year))] = row
    departments = sorted({place[:2] for place in by_place})
    unit = material.indicators[indicator].unit
    totals = add_up(((by_place.get((*place, year - 1)), by_place.get((*place, year))) for place in departments), unit)
    if totals is None:
        return ""
    before, now = (f"{write_number(total)}{unit}" for total in (totals.before, totals.now))
    values = {"n_matched": totals.n, "previous_year": year - 1, "before": before, "word": totals.word, "now": now}
    return Part("total_same" if totals.before == totals.now else "total", values)


def _stated(material: Material, case: str, indicator: str, year: int) -> tuple[Part | str, list[Any]]:
    """The sentence on one count of cases: who states it, who states 0, the sums, the largest; and the rows behind it."""
    rows = list_stated(material, indicator, year)
    if not any(row.low for row in rows if not pd.isna(row.low)) or indicator not in material.indicators:
        return "", []
    zeros = [row for row in rows if row.state == "zero"]
    top = _top(material, rows)
    said = Part("zeros", {"n_zero": len(zeros), "names": list_names(_name_zero(material, row) for row in zeros)}) if zeros else ""
    part = Part(case, {"n": len(rows), "zeros": said, "total": _total(material, indicator, year), "top": _write_top(material, top)})
    return part, [*top[:_LISTED], *zeros]


def _lost(material: Material, year: int) -> tuple[Part | str, list[Any]]:
    """Lost cases: who states how many, all 0 is said as such; and who was sued without saying how it ended."""
    rows = [row for row in list_stated(material, "litigation_lost_count", year) if row.state != "ambiguous"]
    stated = {row.document_id for row in list_stated(material, "litigation_lost_count", year)}
    sued = [row for row in list_stated(material, "litigation_case_count", year) if row.state != "zero" and row.document_id not in stated]
    silent = Part("lost_silent", {"n": len(sued), "names": list_names(material.name(row.document_id) for row in sued)}) if sued else ""
    if not rows:
        return silent, sued
    lost = [row for row in rows if row.state != "zero"]
    names = list_names(f"{material.name(row.document_id)}（{material.write(row)}）" for row in lost)
    values = {"n": len(rows), "n_zero": len(rows) - len(lost), "names": names, "silent": silent}
    return Part("lost" if lost else "none_lost", values), [*lost, *sued]


def _appearance(material: Material, year: int) -> tuple[Part | str, list[Any]]:
    """Whether heads of departments appeared in court: those below 100 % are named."""
    rows = [row for row in list_stated(material, "leader_appearance_rate", year) if row.state != "ambiguous"]
    if len(rows) < 2:
        return "", []
    below = [row for row in rows if not pd.isna(row.high) and row.high < 100]
    if not below and not all(not pd.isna(row.low) and row.low == 100 for row in rows):
        return "", []
    names = list_names(f"{material.name(row.document_id)}（{material.write(row, '%', 'percent')}）" for row in below)
    return Part("appearance_below" if below else "appearance_full", {"n": len(rows), "n_below": len(below), "names": names}), below


def compare_disputes(material: Material) -> Fact | None:
    """Cases of reconsideration and litigation of the latest year, with sums, zeros, lost cases and appearance in court."""
    year = material.years[-1]
    parts: dict[str, object] = {}
    proof: list[Any] = []
    for case, indicator in (("reconsideration", "reconsideration_respondent_count"), ("litigation", "litigation_case_count")):
        parts[case], rows = _stated(material, case, indicator, year)
        proof += rows
    if not all(parts.values()):
        return None
    for case, found in (("lost", _lost(material, year)), ("appearance", _appearance(material, year))):
        parts[case], rows = found
        proof += rows
    return "ranked", {"year": year, **parts}, prove_values(material, proof)


def count_vanished(material: Material) -> Fact | None:
    years = material.years
    if len(years) < 2:
        return None
    year = years[-1]
    answered = material.values[material.values["state"].isin(ANSWERED)]
    disclosed = {(row.document_id, row.indicator): row for row in records(answered)}
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
    # Who has most comes first; what most reports state is missed most.
    n_stating = Counter(answered["indicator"].tolist())
    for row in sorted(rows, key=lambda r: (-counts[material.name(r.document_id)], material.name(r.document_id),
                                           -n_stating[r.indicator], r.indicator)):
        before = disclosed[row.previous_document_id, row.indicator]
        says = f"上年{material.write(before)}，本年未披露"
        item = material.indicator_names.get(row.indicator, row.indicator)
        if row.previous_document_id in material.reports:
            evidence.append(material.evidence(row.previous_document_id, item, says, before.evidence_start, before.evidence_end))
    values: dict[str, object] = {"year": year, "previous_year": year - 1, "n_values": len(rows), "n_departments": len(counts),
                                 "top": list_names(sorted(name for name, n in counts.items() if n == most)), "n_top": most}
    return "some", values, evidence


def least_move(row: Any) -> float:
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
    moved = [row for row in counted if least_move(row) and settled[id(row)] == row.verdict]
    moved.sort(key=lambda row: (-least_move(row), material.name(row.document_id), row.indicator))
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
        words = [material.write(value, indicator.unit, indicator.kind) for value in (before, now)]
        change = write_plain_change(row, indicator.unit)
        if len(said) < 3:
            said.append(f"{material.name(row.document_id)}“{material.indicator_names[row.indicator]}”（{words[0]}至{words[1]}，{change}）")
        evidence.append(material.evidence(row.document_id, material.indicator_names[row.indicator],
                                          f"上年{words[0]}，本年{words[1]}，{change}", now.evidence_start, now.evidence_end))
    values: dict[str, object] = {
        "year": year, "previous_year": year - 1, "n_compared": len(rows), "n_up": counts["up"], "n_down": counts["down"],
        "n_same": counts["same"], "n_undecided": counts["undecided"], "moves": "、".join(said)}
    return ("moved" if said else "counted"), values, evidence
