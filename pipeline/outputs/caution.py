"""What may not be said of a change: percentages of a handful, and verdicts on figures of part of a year."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline.outputs.values import VERDICT_LABELS, is_rate, number_or_none, write_change, write_range

#: From a smaller value than this a percentage says little.
LEAST_BASE = 10.0
#: Stands behind a figure of part of a year.
PARTIAL_MARK = "*"
PARTIAL_NOTE = "带*的是截至某日的数，不是全年数；"


def write_plain_change(change: Any, unit: str = "") -> str:
    """As write_change, but a base under LEAST_BASE is compared by the difference: 升3件, for 升50% of 6 says little."""
    base = number_or_none(change.previous_high)
    if str(change.verdict) not in ("up", "down") or is_rate(unit) or base is None or base == 0 or base >= LEAST_BASE:
        return write_change(change, unit)
    if number_or_none(change.high) == 0:
        return write_change(change, unit)
    return VERDICT_LABELS[str(change.verdict)] + write_range(
        number_or_none(change.change_low), number_or_none(change.change_high), unit)


def is_partial(row: Any) -> bool:
    """Whether a value is stated up to a date (截至11月底) and so is no figure of the whole year."""
    to_date = getattr(row, "to_date", None)
    return to_date is not None and not pd.isna(to_date)


def settle_verdict(verdict: str, before: Any, now: Any) -> str:
    """The verdict as far as figures of part of a year bear it: eleven months that are fewer than twelve prove nothing."""
    if (verdict == "down" and now is not None and is_partial(now)) or (verdict == "up" and before is not None and is_partial(before)):
        return "undecided"
    return verdict
