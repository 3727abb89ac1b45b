"""Sums over departments: both years, whole years, exact figures, one unit."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pipeline.outputs.totals import Totals, add_up


def answer(low: float, state: str = "value", unit: str | None = "场", **more: object) -> SimpleNamespace:
    return SimpleNamespace(**{"state": state, "low": low, "high": low, "unit": unit, "to_date": None, **more})


THREE = [(answer(5), answer(7)), (answer(0, "zero", None), answer(2)), (answer(4, unit="场次"), answer(1))]


def test_zeros_count_and_a_longer_word_is_the_same_unit() -> None:
    assert add_up(THREE, "场") == Totals(3, 9.0, 10.0)


@pytest.mark.parametrize("left_out", [
    (answer(5), None),                                   # one year only
    (answer(5), answer(7, to_date="11月底")),            # eleven months
    (answer(5), answer(80, high=90)),                    # a bound is no point
    (answer(5), answer(7, unit="家")),                   # another thing is counted
    (answer(5), answer(7, "ambiguous")),
    (answer(5), answer(7, "not_disclosed")),
])
def test_what_does_not_bear_a_sum_stays_out(left_out: tuple[object, object]) -> None:
    assert add_up([*THREE, left_out], "场") == add_up(THREE, "场")
    assert add_up([*THREE[:2], left_out], "场") is None  # two departments make no total


def test_the_word_for_the_direction() -> None:
    assert [Totals(3, 9, now).word for now in (8, 9, 10)] == ["降至", "到", "升至"]
