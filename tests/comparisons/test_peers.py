"""Bands of ranks."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd

from pipeline.comparisons.peers import rank_peers
from tests.comparisons.corpus import report, reports, values

NAMES = ["澜山区科学技术局", "澜山区财政局", "澜山区审计局", "澜山区统计局"]
INDICATORS: Any = SimpleNamespace(by_id={
    "study_count": SimpleNamespace(kind="count", direction="up"), "lost_count": SimpleNamespace(kind="count", direction="down"),
    "penalty_count": SimpleNamespace(kind="count", direction="neutral")})


def ranks(indicator: str, *bounds: Any, groups: tuple[str, ...] = ()) -> dict[str, tuple[int, int]]:
    """(rank_low, rank_high) by short name; bounds are numbers, (low, high) or (low, high, {columns})."""
    frame = rank(indicator, *bounds, groups=groups)
    return {name.removeprefix("澜山区"): (low, high) for name, low, high in zip(
        frame["department"], frame["rank_low"], frame["rank_high"], strict=True)}


def rank(indicator: str, *bounds: Any, groups: tuple[str, ...] = ()) -> pd.DataFrame:
    rows = [report(name, department_group=group)
            for name, group in zip(NAMES, groups or ("综合管理型",) * 4, strict=True)]
    cells = [(name, 2022, indicator, *(bound if isinstance(bound, tuple) else (bound, bound)))
             for name, bound in zip(NAMES, bounds, strict=False)]
    return rank_peers(reports(*rows), values(*cells), INDICATORS)["peer_ranks"]


def test_more_is_better_where_the_direction_is_up() -> None:
    assert ranks("study_count", 12, 5, 8) == {"科学技术局": (1, 1), "审计局": (2, 2), "财政局": (3, 3)}


def test_less_is_better_where_the_direction_is_down() -> None:
    assert ranks("lost_count", 2, 0, 1) == {"财政局": (1, 1), "审计局": (2, 2), "科学技术局": (3, 3)}


def test_overlapping_values_share_a_band() -> None:
    assert ranks("study_count", (80, 90), 85, 120, 10) == {
        "审计局": (1, 1), "科学技术局": (2, 3), "财政局": (2, 3), "统计局": (4, 4)}


def test_equal_values_share_the_better_rank() -> None:
    assert ranks("study_count", 12, 12, 8) == {"科学技术局": (1, 1), "财政局": (1, 1), "审计局": (3, 3)}


def test_an_open_end_reaches_to_the_first_rank() -> None:
    assert ranks("study_count", (80, None), 100, 90) == {"科学技术局": (1, 3), "财政局": (1, 2), "审计局": (2, 3)}


def test_neutral_indicators_are_not_ranked() -> None:
    assert ranks("penalty_count", 12, 5, 8) == {}


def test_two_departments_are_not_ranked() -> None:
    assert ranks("study_count", 12, 5) == {}


def test_not_disclosed_is_left_out_not_last() -> None:
    missing = (None, None, {"state": "not_disclosed"})
    assert ranks("study_count", 12, missing, 8, 5) == {"科学技术局": (1, 1), "审计局": (2, 2), "统计局": (3, 3)}


def test_other_units_are_left_out() -> None:
    assert ranks("study_count", 12, (600, 600, {"unit": "人次"}), 8, 5) == {
        "科学技术局": (1, 1), "审计局": (2, 2), "统计局": (3, 3)}


def test_functional_group_is_used_where_three_of_it_disclose() -> None:
    frame = rank("study_count", 12, 5, 8, 99, groups=("综合管理型",) * 3 + ("政法型",))
    assert dict(zip(frame["department"], frame["peer_group"], strict=True)) == {
        "澜山区科学技术局": "综合管理型", "澜山区财政局": "综合管理型", "澜山区审计局": "综合管理型", "澜山区统计局": "all"}
    assert dict(zip(frame["department"], frame["n_peers"], strict=True)) == {
        "澜山区科学技术局": 3, "澜山区财政局": 3, "澜山区审计局": 3, "澜山区统计局": 4}


def test_years_are_ranked_apart() -> None:
    rows = [report(NAMES[0], year) for year in (2020, 2021, 2022)]
    frame = values(*((NAMES[0], year, "study_count", year, year) for year in (2020, 2021, 2022)))
    assert rank_peers(reports(*rows), frame, INDICATORS)["peer_ranks"].empty


def test_no_reports_give_no_ranks() -> None:
    assert rank_peers(reports(), values(), INDICATORS)["peer_ranks"].empty
