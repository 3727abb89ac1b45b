"""What may not be said of a change."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pipeline.outputs.caution import settle_verdict, write_plain_change
from pipeline.outputs.values import write_number, write_percent


def change(verdict: str, before: float, now: float) -> SimpleNamespace:
    share = 100 * (now - before) / before if before else None
    return SimpleNamespace(verdict=verdict, high=now, previous_high=before, change_low=now - before, change_high=now - before,
                           change_pct_low=share, change_pct_high=share)


@pytest.mark.parametrize(("given", "unit", "text"), [
    (change("up", 6, 9), "件", "升3件"),           # 50 % of six says little
    (change("down", 4, 1), "件", "降3件"),
    (change("up", 20, 30), "件", "升50%"),
    (change("down", 4, 0), "件", "降至0"),
    (change("up", 0, 2), "件", "由0上升"),
    (change("up", 6, 9), "%", "升3个百分点"),
    (change("same", 6, 6), "件", "持平"),
])
def test_small_bases_are_compared_by_difference(given, unit, text):
    assert write_plain_change(given, unit) == text


WHOLE, PART = SimpleNamespace(to_date=None), SimpleNamespace(to_date="11月底")


@pytest.mark.parametrize(("verdict", "before", "now", "settled"), [
    ("down", WHOLE, PART, "undecided"),     # eleven months that are fewer than twelve prove nothing
    ("up", WHOLE, PART, "up"),              # already more in eleven months
    ("up", PART, WHOLE, "undecided"),
    ("down", PART, WHOLE, "down"),
    ("down", WHOLE, WHOLE, "down"),
])
def test_part_of_a_year(verdict, before, now, settled):
    assert settle_verdict(verdict, before, now) == settled


def test_halves_are_rounded_up_as_people_do():
    assert (write_percent(82.5), write_number(0.5, 0), write_number(2.675, 2)) == ("83", "1", "2.68")
