"""Figures as of a date: a lower bound of the year where they can still grow."""

from __future__ import annotations

import pytest

from pipeline.comparisons.intervals import Interval, compare
from pipeline.comparisons.part_year import is_part_year, of_whole_year


@pytest.mark.parametrize(("to_date", "expected"), [
    ("11月底", True), ("截至10月31日", True), ("前三季度", True), ("十一月底", True), ("上半年", True),
    ("12月底", False), ("12月31日", False), ("十二月底", False), ("年底", False), ("年末", False), (None, False),
])
def test_which_dates_leave_the_year_open(to_date, expected) -> None:
    assert is_part_year(to_date) is expected


def test_a_count_of_eleven_months_is_a_lower_bound() -> None:
    year = of_whole_year(Interval(185, 185), "11月底", "count")
    assert year == Interval(185, None)
    assert compare(year, Interval(230, 240)) == "undecided"
    assert compare(year, Interval(100, 100)) == "up"


def test_a_rate_stays_as_stated() -> None:
    assert of_whole_year(Interval(96, 96), "11月底", "percent") == Interval(96, 96)
