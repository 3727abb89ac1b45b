"""Where a department stands among its peers: a band of ranks, because stated values are intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.comparisons.columns import Integers, join_tables, number_cells, number_documents
from pipeline.comparisons.part_year import GROWING, is_part_year
from pipeline.comparisons.report_years import Report, read_reports
from pipeline.comparisons.unit_families import GENERAL_UNITS, is_same_unit, unit_family
from pipeline.profiles.indicators import Indicators
from pipeline.tables import store
from pipeline.tables.store import Tables

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

EVERYBODY = "all"
# A rank among two says little.
_FEWEST_PEERS = 3
_RANKED_STATES = frozenset({"value", "zero", "corrected"})


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
    compared = read_reports(reports)
    said = _read_answers(indicator_values, compared, indicators)
    said = said.only(_has_common_unit(said))
    ranked = [said.rank(*group) for group in _group_peers(said)]
    return {"peer_ranks": join_tables("peer_ranks", [store.frame("peer_ranks"), *ranked]),
            "issues": store.frame("issues", _years_without_peers(compared))}


@dataclass(frozen=True)
class _Said:
    """Stated values, one a row: of which report and indicator, bounds as stated and as the whole year can have them.

    `cell` numbers the pairs of an indicator and a genre and year, within which values are ranked: the greater `least`
    and `most`, the better.
    """

    reports: Sequence[Report]
    indicators: Sequence[str]
    units: Sequence[str]
    report: Integers
    indicator: Integers
    unit: Integers
    cell: Integers
    group: Integers
    low: Floats
    high: Floats
    least: Floats
    most: Floats

    def only(self, kept: Truths) -> _Said:
        arrays = {name: getattr(self, name)[kept] for name in (
            "report", "indicator", "unit", "cell", "group", "low", "high", "least", "most")}
        return replace(self, **arrays)

    def rank(self, key: Integers, ranked: Truths, is_group: bool) -> pd.DataFrame:
        """Rows of `peer_ranks` for those ranked, among all with the same key."""
        own = self.only(ranked)
        # Its own best case lies above its own worst case unless it is exact, and does not count against it.
        best = 1 + _count_greater(key, self.least, key[ranked], own.most)
        worst = 1 + _count_greater(key, self.most, key[ranked], own.least) - (own.most > own.least)
        texts = {name: store.pick_texts([getattr(report, attribute) for report in self.reports], own.report) for name, attribute in (
            ("genre", "genre"), ("region", "region"), ("department_code", "code"), ("department", "department"),
            ("document_id", "document_id"), ("peer_group", "group"))}
        if not is_group:
            texts["peer_group"] = store.pick_texts([EVERYBODY], np.zeros_like(own.report))
        years = np.array([report.year for report in self.reports], dtype=np.int64)
        return store.conform("peer_ranks", pd.DataFrame({
            **texts, "report_year": years[own.report], "indicator": store.pick_texts(self.indicators, own.indicator),
            "low": own.low, "high": own.high, "rank_low": best, "rank_high": worst,
            "n_peers": np.bincount(key, minlength=int(key.max(initial=0)) + 1)[key[ranked]],
        }))


def _read_answers(indicator_values: pd.DataFrame, compared: Sequence[Report], indicators: Indicators) -> _Said:
    """The answers to indicators with a direction, by report; a value that is better when less has its bounds negated."""
    report = number_documents(indicator_values["document_id"], (each.document_id for each in compared))
    is_ranked = number_cells(indicator_values["state"], lambda state: state in _RANKED_STATES)
    names = [name for name, indicator in indicators.by_id.items() if indicator.direction != "neutral"]
    number = {name: at for at, name in enumerate(names)}
    indicator = number_cells(indicator_values["indicator"], lambda name: number.get(name, -1))
    is_zero = number_cells(indicator_values["state"], lambda state: state == "zero").astype(bool)
    low, high = (np.where(is_zero, 0.0, indicator_values[name].to_numpy(dtype=np.float64, na_value=np.nan)) for name in ("low", "high"))
    low, high = (np.where(np.isfinite(bound), bound, np.nan) for bound in (low, high))
    kept = np.flatnonzero((report >= 0) & (is_ranked > 0) & (indicator >= 0) & ~(np.isnan(low) & np.isnan(high)))
    report, indicator, low, high = report[kept], indicator[kept], low[kept], high[kept]
    units = sorted({unit for unit in indicator_values["unit"].unique().tolist() if isinstance(unit, str)} | {""})
    unit_number = {unit: at for at, unit in enumerate(units)}
    unit = number_cells(indicator_values["unit"], lambda unit: unit_number[unit if isinstance(unit, str) else ""])[kept]
    # What was counted before the year's end is a lower bound of the year.
    is_growing = np.array([indicators.by_id[name].kind in GROWING for name in names], dtype=bool)[indicator]
    is_part = number_cells(indicator_values["to_date"], is_part_year)[kept].astype(bool) & is_growing & ~np.isnan(low)
    least, most = np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high) | is_part, np.inf, high)
    is_up = np.array([indicators.by_id[name].direction == "up" for name in names], dtype=bool)[indicator]
    least, most = np.where(is_up, least, -most), np.where(is_up, most, -least)
    kinds = sorted({(each.genre, each.year) for each in compared})
    kind_number = {kind: at for at, kind in enumerate(kinds)}
    kind = np.array([kind_number[each.genre, each.year] for each in compared], dtype=np.int64)
    groups = sorted({each.group for each in compared} | {""})
    group = np.array([groups.index(each.group) for each in compared], dtype=np.int64)
    return _Said(compared, names, units, report, indicator, unit, indicator * len(kinds) + kind[report], group[report],
                 low, high, least, most)


def _has_common_unit(said: _Said) -> Truths:
    """Whether the unit of each value can be held against the one that most of its cell use."""
    families = sorted({unit_family(unit) for unit in said.units})
    family = np.array([families.index(unit_family(unit)) for unit in said.units], dtype=np.int64)[said.unit]
    is_general = np.array([name in GENERAL_UNITS for name in families], dtype=bool)
    pairs, counts = np.unique((said.cell * len(families) + family)[~is_general[family]], return_counts=True)
    cell, own = pairs // len(families), pairs % len(families)
    order = np.lexsort((own, -counts, cell))
    first = order[np.append(True, cell[order][1:] != cell[order][:-1])[:len(order)]]
    common = np.full(int(said.cell.max(initial=-1)) + 1, -1)
    common[cell[first]] = own[first]
    several = np.bincount(cell, minlength=len(common)) > 1
    is_same = np.array([[is_same_unit(one, other) for other in families] for one in families], dtype=bool)
    return ~several[said.cell] | is_same[family, common[said.cell]]


def _group_peers(said: _Said) -> Iterator[tuple[Integers, Truths, bool]]:
    """Twice: what says who are peers, who is ranked among them, and whether they are a functional group or everybody."""
    key = said.cell * (int(said.group.max(initial=0)) + 1) + said.group
    is_grouped = (said.group > 0) & (np.bincount(key)[key] >= _FEWEST_PEERS)
    yield key, is_grouped, True
    yield said.cell, ~is_grouped & (np.bincount(said.cell)[said.cell] >= _FEWEST_PEERS), False


def _count_greater(key: Integers, value: Floats, asked_key: Integers, asked: Floats) -> Integers:
    """For each one asked how many values of the same key are greater."""
    n = len(key)
    is_asked = np.append(np.zeros(n, dtype=bool), np.ones(len(asked), dtype=bool))
    both, values = np.append(key, asked_key), np.append(value, asked)
    order = np.lexsort((is_asked, values, both))
    n_before = np.cumsum(~is_asked[order])
    up_to = np.empty(len(order), dtype=np.int64)
    up_to[order] = n_before
    ends = np.cumsum(np.bincount(key, minlength=int(both.max(initial=-1)) + 1))
    return ends[asked_key] - up_to[n:]


def _years_without_peers(reports: Iterable[Report]) -> list[dict[str, Any]]:
    """An issue for each year with too few reports for any rank."""
    sizes = Counter(report.year for report in reports)
    return [
        {"place": f"{year}年度", "severity": "note",
         "message": f"{year}年度只有{n_reports}个部门的报告，不排位次（至少{_FEWEST_PEERS}个）"}
        for year, n_reports in sorted(sizes.items()) if n_reports < _FEWEST_PEERS
    ]
