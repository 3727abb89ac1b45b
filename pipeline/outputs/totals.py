"""Sums over departments that two years have in common.

What belongs here: adding up what reports state. Bounds, figures of part of a year and other units are left out, so
that a sum of this year and one of last year cover the same departments.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.outputs.caution import is_partial

#: Fewer departments than this make no total.
LEAST_DEPARTMENTS = 3


@dataclass(frozen=True)
class Totals:
    """Sums of last year and this year over the same `n` departments."""

    n: int
    before: float
    now: float

    @property
    def word(self) -> str:
        return "到" if self.before == self.now else "升至" if self.now > self.before else "降至"


# 场次 is a longer word for 场; 户次 counts visits and 户 firms.
_MERE_WORDS = ("场次", "件次", "批次", "班次", "期次", "条次", "项次")


def _plain(unit: str) -> str:
    return unit.removesuffix("次") if unit in _MERE_WORDS else unit


def _exact(row: Any, unit: str) -> float | None:
    """The value of a whole year where the report states exactly one in this unit."""
    if row is None or row.state not in ("value", "zero", "corrected") or is_partial(row):
        return None
    if row.state == "zero":
        return 0.0
    if pd.isna(row.low) or row.low != row.high or (not pd.isna(row.unit) and _plain(str(row.unit)) != _plain(unit)):
        return None
    return float(row.low)


def add_up(pairs: Iterable[tuple[Any, Any]], unit: str) -> Totals | None:
    """Totals over the pairs (last year, this year) of answers that both state an exact figure; None for too few."""
    sums = [(before, now) for before, now in ((_exact(before, unit), _exact(now, unit)) for before, now in pairs)
            if before is not None and now is not None]
    if len(sums) < LEAST_DEPARTMENTS:
        return None
    return Totals(len(sums), sum(before for before, _ in sums), sum(now for _, now in sums))
