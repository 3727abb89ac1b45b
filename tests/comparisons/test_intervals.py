"""Interval arithmetic with open ends."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.comparisons.intervals import Interval, compare, difference, interval, overlap, percent_change

OVER_80 = Interval(80, 90)        # 80余
MORE_THAN_80 = Interval(80, None)  # 超过80
LESS_THAN_80 = Interval(None, 80)  # 不足80


def exact(number: float) -> Interval:
    return Interval(number, number)


@pytest.mark.parametrize(("value", "previous", "expected"), [
    (exact(120), OVER_80, (30, 40)),
    (OVER_80, exact(120), (-40, -30)),
    (OVER_80, OVER_80, (-10, 10)),
    (exact(120), MORE_THAN_80, (None, 40)),   # last year may have been any number above 80
    (exact(120), LESS_THAN_80, (40, None)),
    (exact(0), exact(0), (0, 0)),
])
def test_difference(value: Interval, previous: Interval, expected: tuple) -> None:
    assert difference(value, previous) == Interval(*expected)


@pytest.mark.parametrize(("value", "previous", "low", "high"), [
    (exact(120), OVER_80, 33.3, 50.0),
    (exact(49), exact(78), -37.2, -37.2),
    (exact(0), exact(12), -100.0, -100.0),
    (exact(5), exact(0), None, None),          # growth from 0 has no percentage
    (exact(0), exact(0), None, None),
    (exact(120), MORE_THAN_80, None, 50.0),
    (MORE_THAN_80, exact(40), 100.0, None),
    (exact(120), LESS_THAN_80, None, None),
    (exact(10), Interval(0, 5), 100.0, None),  # last year may have been 0
])
def test_percent_change(value: Interval, previous: Interval, low: float | None, high: float | None) -> None:
    change = percent_change(value, previous)
    assert change.low == (None if low is None else pytest.approx(low, abs=0.05))
    assert change.high == (None if high is None else pytest.approx(high, abs=0.05))


@pytest.mark.parametrize(("value", "previous", "verdict"), [
    (exact(120), OVER_80, "up"),
    (exact(12), OVER_80, "down"),
    (exact(80), exact(80), "same"),
    (exact(85), OVER_80, "undecided"),
    (OVER_80, OVER_80, "undecided"),           # both 80余: they need not be equal
    (exact(90), OVER_80, "undecided"),         # touching: whether the bound itself is excluded is not kept
    (MORE_THAN_80, exact(80), "undecided"),
    (MORE_THAN_80, exact(60), "up"),
    (MORE_THAN_80, MORE_THAN_80, "undecided"),
    (exact(0), exact(0), "same"),
    (exact(0), exact(3), "down"),
])
def test_verdict(value: Interval, previous: Interval, verdict: str) -> None:
    assert compare(value, previous) == verdict


@pytest.mark.parametrize("cell", [None, math.nan, pd.NA, math.inf])
def test_missing_cells_are_open_ends(cell: object) -> None:
    assert interval(cell, 5) == Interval(None, 5)
    assert not interval(cell, cell).is_known


numbers = st.integers(0, 1000).map(float)
intervals = st.tuples(st.none() | numbers, st.none() | numbers).filter(
    lambda ends: None in ends or ends[0] <= ends[1]).map(lambda ends: Interval(*ends))


@given(intervals, intervals)
def test_a_verdict_holds_for_all_values(value: Interval, previous: Interval) -> None:
    change = difference(value, previous)
    verdict = compare(value, previous)
    if verdict == "up":
        assert change.least > 0
    if verdict == "down":
        assert change.most < 0
    assert overlap(value, previous) == overlap(previous, value)
    assert overlap(value, previous) == (verdict in ("same", "undecided"))


@given(numbers, numbers, intervals)
def test_a_change_covers_every_value_allowed(one: float, other: float, value: Interval) -> None:
    if value.least <= one <= value.most:
        change = difference(value, exact(other))
        assert change.least <= one - other <= change.most
