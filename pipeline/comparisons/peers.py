"""Where a department stands among its peers: a band of ranks, because stated values are intervals."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from pipeline.comparisons.columns import build_table, intervals_of
from pipeline.comparisons.intervals import Interval
from pipeline.comparisons.part_year import of_whole_year
from pipeline.comparisons.report_years import Report, read_reports
from pipeline.comparisons.unit_families import GENERAL_UNITS, is_same_unit, unit_family
from pipeline.profiles.indicators import Indicators
from pipeline.tables import store
from pipeline.tables.store import Tables, columns_of

EVERYBODY = "all"
# A rank among two says little.
_FEWEST_PEERS = 3
_RANKED_STATES = frozenset({"value", "zero", "corrected"})
_NOTHING = Interval(0.0, 0.0)
# Indicators are ranked in batches of about this many answers, to bound memory.
_ANSWERS_AT_ONCE = 100_000


class _Entry(NamedTuple):
    """A stated value, and the values that the whole year can have, by which it is ranked."""

    report: Report
    value: Interval
    year: Interval
    unit: str


def rank_peers(
    reports: pd.DataFrame, indicator_values: pd.DataFrame, indicators: Indicators
) -> Tables:
    """Table `peer_ranks`: bands of ranks within genre, year and indicator.

    A department is ranked within its functional group where at least three of the group disclose the
    indicator, else among all that do, so that each has one row per indicator and year. `rank_low` is the best
    rank that the stated values allow, `rank_high` the worst; equal exact values share the better rank. Rank 1
    is the largest value of an indicator whose direction is up, the smallest of one whose direction is down;
    neutral indicators are not ranked. A count as of 11月底 ranks as a lower bound of its year. Not disclosed is left
    out, not ranked last. Values in another unit than
    most peers use are left out too, and so are groups under three departments.
    """
    by_document = {report.document_id: report for report in read_reports(reports)}
    ranked = {name for name, indicator in indicators.by_id.items() if indicator.direction != "neutral"}
    names = ["document_id", "indicator", "state", "low", "high", "unit", "to_date"]
    is_ranked = indicator_values["state"].isin(_RANKED_STATES) & indicator_values["indicator"].isin(ranked)
    said = indicator_values.loc[is_ranked.to_numpy(dtype=bool), names]
    rows = (row for part in _by_indicators(said) for row in _rank(part, indicators, by_document))
    return {"peer_ranks": build_table("peer_ranks", rows),
            "issues": store.frame("issues", _years_without_peers(by_document.values()))}


def _by_indicators(said: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The rows in batches of whole indicators."""
    batch: list[Any] = []
    for places in said.groupby("indicator").indices.values():
        batch.append(places)
        if sum(map(len, batch)) >= _ANSWERS_AT_ONCE:
            yield said.iloc[np.concatenate(batch)]
            batch = []
    if batch:
        yield said.iloc[np.concatenate(batch)]


def _rank(
    said: pd.DataFrame, indicators: Indicators, by_document: Mapping[str, Report]
) -> Iterator[dict[str, Any]]:
    """Rows of some indicators."""
    groups: dict[tuple[str, str, int], list[_Entry]] = defaultdict(list)
    for value, document_id, name, state, unit, to_date in zip(
        intervals_of(said, "low", "high"), *columns_of(said, "document_id", "indicator", "state", "unit", "to_date"), strict=True
    ):
        report = by_document.get(document_id)
        value = _NOTHING if state == "zero" else value
        if report is not None and value.is_known:
            whole = of_whole_year(value, to_date, indicators.by_id[name].kind)
            groups[name, report.genre, report.year].append(_Entry(report, value, whole, unit or ""))
    for (name, genre, year), entries in groups.items():
        is_more_better = indicators.by_id[name].direction == "up"
        for peer_group, ranked, peers in _group_peers(_with_common_unit(entries)):
            for entry, (best, worst) in zip(ranked, _rank_bands(ranked, peers, is_more_better), strict=True):
                yield {
                    "genre": genre, "report_year": year, "indicator": name, "region": entry.report.region,
                    "department_code": entry.report.code, "department": entry.report.department,
                    "document_id": entry.report.document_id, "peer_group": peer_group,
                    "low": entry.value.low, "high": entry.value.high,
                    "rank_low": best, "rank_high": worst, "n_peers": len(peers),
                }


def _years_without_peers(reports: Iterable[Report]) -> list[dict[str, Any]]:
    """An issue for each year with too few reports for any rank."""
    sizes = Counter(report.year for report in reports)
    return [
        {"place": f"{year}年度", "severity": "note",
         "message": f"{year}年度只有{n_reports}个部门的报告，不排位次（至少{_FEWEST_PEERS}个）"}
        for year, n_reports in sorted(sizes.items()) if n_reports < _FEWEST_PEERS
    ]


def _with_common_unit(entries: list[_Entry]) -> list[_Entry]:
    """Entries whose unit can be held against the one that most use."""
    families = Counter(unit_family(entry.unit) for entry in entries if unit_family(entry.unit) not in GENERAL_UNITS)
    if len(families) < 2:
        return entries
    common = min(families, key=lambda family: (-families[family], family))
    unit = next(entry.unit for entry in entries if unit_family(entry.unit) == common)
    return [entry for entry in entries if is_same_unit(entry.unit, unit)]


def _group_peers(entries: list[_Entry]) -> list[tuple[str, list[_Entry], list[_Entry]]]:
    """(name of the group, those ranked in it, all whom they are ranked among)."""
    by_group: dict[str, list[_Entry]] = defaultdict(list)
    for entry in entries:
        by_group[entry.report.group].append(entry)
    found = [(group, members, members) for group, members in sorted(by_group.items())
             if group and len(members) >= _FEWEST_PEERS]
    grouped = {group for group, _, _ in found}
    rest = [entry for entry in entries if entry.report.group not in grouped]
    if rest and len(entries) >= _FEWEST_PEERS:
        found.append((EVERYBODY, rest, entries))
    return found


def _rank_bands(ranked: Sequence[_Entry], peers: Sequence[_Entry], is_more_better: bool) -> list[tuple[int, int]]:
    """Best and worst rank of each: 1 + the peers that certainly, and that possibly, have a better value."""
    sign = 1 if is_more_better else -1
    spans = [_span(entry.year, sign) for entry in peers]
    worst_cases, best_cases = sorted(low for low, _ in spans), sorted(high for _, high in spans)
    bands = []
    for entry in ranked:
        low, high = _span(entry.year, sign)
        certainly_better = len(peers) - bisect_right(worst_cases, high)
        # Its own best case lies above its own worst case unless it is exact, and does not count against it.
        possibly_better = len(peers) - bisect_right(best_cases, low) - (1 if high > low else 0)
        bands.append((1 + certainly_better, 1 + possibly_better))
    return bands


def _span(value: Interval, sign: int) -> tuple[float, float]:
    return (value.least, value.most) if sign > 0 else (-value.most, -value.least)
