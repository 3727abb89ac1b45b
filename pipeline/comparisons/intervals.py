"""Arithmetic with stated values: each is an interval, and an end that the text leaves open stays open.

80余 is [80, 90], 超过80 is [80, open], 12 is [12, 12]. Whether a bound itself is excluded by the wording is
not kept, so that intervals which touch count as overlapping.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

Verdict = Literal["up", "down", "same", "undecided"]


class Interval(NamedTuple):
    """Values from `low` to `high`; None is an end that the text leaves open. Both open: nothing is known."""

    low: float | None
    high: float | None

    @property
    def is_known(self) -> bool:
        return self.low is not None or self.high is not None

    @property
    def is_exact(self) -> bool:
        return self.low is not None and self.low == self.high

    @property
    def least(self) -> float:
        return -math.inf if self.low is None else self.low

    @property
    def most(self) -> float:
        return math.inf if self.high is None else self.high


def interval(low: object, high: object) -> Interval:
    """An Interval from two cells of a frame, where a missing cell (None, NaN, NA) is an open end."""
    return Interval(_number(low), _number(high))


def difference(value: Interval, previous: Interval) -> Interval:
    """All values that `value` minus `previous` can take: 120 less 80余 is [30, 40]."""
    low = None if value.low is None or previous.high is None else value.low - previous.high
    high = None if value.high is None or previous.low is None else value.high - previous.low
    return Interval(low, high)


def percent_change(value: Interval, previous: Interval) -> Interval:
    """All percentages by which `value` can differ from `previous`: from 80余 to 120 is +33 % to +50 %.

    Both ends are open where the previous value may be zero or less at that end: growth from 0 has no percentage.
    """
    if previous.low is None or previous.low < 0 or previous.high == 0:
        return Interval(None, None)
    is_open_below = value.low is None or value.low < 0 or previous.high is None
    low = None if is_open_below else 100 * (value.least / previous.most - 1)
    high = None if value.high is None or previous.low == 0 else 100 * (value.high / previous.low - 1)
    return Interval(low, high)


def overlap(one: Interval, other: Interval) -> bool:
    """Whether some value lies in both; intervals that touch do."""
    return one.least <= other.most and other.least <= one.most


def compare(value: Interval, previous: Interval) -> Verdict:
    """`up` or `down` only where every value allowed says so; `same` only for two equal exact values."""
    if value.is_exact and previous.is_exact and value.low == previous.low:
        return "same"
    if overlap(value, previous):
        return "undecided"
    return "up" if value.least > previous.most else "down"


def _number(cell: object) -> float | None:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and math.isfinite(cell):
        return float(cell)
    return None
