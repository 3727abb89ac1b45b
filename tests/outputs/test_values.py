from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from pipeline.outputs.values import (
    Scale,
    choose_scale,
    write_approx,
    write_bounds,
    write_change,
    write_value,
    write_years,
)


@pytest.mark.parametrize(("low", "high", "approx", "text"), [
    (12, 12, "exact", "12"),
    (3587, 3587, "exact", "3,587"),
    (66.67, 66.67, "exact", "66.67"),
    (0, 0, "exact", "0"),
    (80, 90, "over", "80余"),
    (100, 200, "over", "100余"),
    (35_000, 36_000, "over", "3.5万余"),      # a round number of the report's own: in 万
    (200, None, "over", "200以上"),
    (90, 100, "under", "近100"),
    (27_000, 30_000, "under", "近3万"),
    (None, 10, "under", "不足10"),
    (3, 5, "range", "3～5"),
    (76, 84, "about", "约80"),
    (10, 20, "vague", "十几"),
    (20, 100, "vague", "数十"),
    (100, None, "vague", "上百"),
    (None, None, "exact", "待核"),            # a value without bounds is never shown as a number
])
def test_bounds_are_written_as_the_report_said(low, high, approx, text):
    assert write_value(low, high, approx) == text


@pytest.mark.parametrize(("state", "text"), [
    ("not_disclosed", "未披露"), ("missing", "缺报告"), ("na", "不适用"), ("ambiguous", "待核"), ("zero", "0"),
    ("corrected", "7"),
])
def test_states_are_words_and_never_zero(state, text):
    low = 7 if state == "corrected" else float("nan")
    assert write_value(low, low, pd.NA, pd.NA, "count", state) == text


@pytest.mark.parametrize(("low", "high", "approx", "unit", "text"), [
    (80, 90, "over", "条", "80余条"),
    (200, None, "over", "件", "200件以上"),
    (7_423_000, 7_423_000, "exact", "元", "742.3万元"),
    (1_204_000_000, 1_204_000_000, "exact", "元", "12.04亿元"),
    (500_000, 600_000, "over", "元", "50万余元"),
    (800, 800, "exact", "元", "800元"),
    (99.6, 99.6, "exact", "%", "99.6%"),
    (90, 100, "over", "%", "90%以上"),       # capped at 100 by the convention of intervals
    (30, 40, "over", "%", "30%多"),
    (None, 10, "under", "件", "不足10件"),
    (20, 23, "range", "%", "20%～23%"),      # the sign stands at both ends
])
def test_units(low, high, approx, unit, text):
    assert write_value(low, high, approx, unit, with_unit=True) == text


@pytest.mark.parametrize(("low", "high", "approx", "words", "text"), [
    (42_000, 42_000, "exact", "4.2万件", "4.2万件"),          # as the report counts
    (42_000, 42_000, "exact", "42000件", "42,000件"),
    (12_000, 13_000, "over", "12000余件", "12,000余件"),
    (150, 150, "exact", "150件", "150件"),
])
def test_large_numbers_are_written_as_in_the_report(low, high, approx, words, text):
    assert write_value(low, high, approx, "件", with_unit=True, words=words) == text


@pytest.mark.parametrize(("approx", "low", "high", "unit", "word"), [
    ("exact", 5, 5, "件", "准确数"), ("over", 80, 90, "条", "余数"), ("over", 200, None, "件", "只知下限"),
    ("over", 90, 100, "%", "只知下限"),                       # 90%以上 ends at 100 by nature
    ("under", None, 10, "件", "只知上限"), ("under", 90, 100, "件", "接近"), (None, None, None, "", ""),
])
def test_how_a_number_is_stated(approx, low, high, unit, word):
    assert write_approx(approx, low, high, unit) == word


def test_a_column_shares_one_scale():
    scale = choose_scale([7_423_000, 46_000, None, 0], "元", "money")
    assert scale == Scale(1e4, "万元")
    assert write_value(46_000, 46_000, "exact", "元", "money", scale=scale) == "4.6"
    assert choose_scale([120, 3500], "件", "count") == Scale(1.0, "件")


def _change(**given):
    absent = dict.fromkeys(["low", "high", "previous_low", "previous_high", "change_low", "change_high", "change_pct_low",
                            "change_pct_high"])
    return SimpleNamespace(**{**absent, **given})


@pytest.mark.parametrize(("change", "unit", "text"), [
    (_change(verdict="up", high=410, previous_high=388, change_pct_low=5.7, change_pct_high=5.7), "件", "升5.7%"),
    (_change(verdict="up", high=20, previous_high=10, change_pct_low=100.0, change_pct_high=100.0), "件", "升100%"),
    (_change(verdict="down", high=90, previous_high=172, change_pct_low=-53.4, change_pct_high=-47.7), "件", "降48%～53%"),
    (_change(verdict="up", previous_high=90, change_pct_low=122.2), "件", "升122%以上"),
    (_change(verdict="down", high=0, previous_high=29, change_pct_low=-100, change_pct_high=-100), "件", "降至0"),
    (_change(verdict="up", high=5, previous_high=0), "件", "由0上升"),       # no percentage of nothing
    (_change(verdict="up", high=98, previous_high=95.7, change_low=2.3, change_high=2.3), "%", "升2.3个百分点"),
    (_change(verdict="same"), "件", "持平"),
    (_change(verdict="undecided"), "件", "不能判定"),
    (_change(verdict="incomparable"), "件", "不可比"),
    (_change(verdict=pd.NA), "件", "不可比"),
])
def test_changes(change, unit, text):
    assert write_change(change, unit) == text


def test_small_words():
    assert write_bounds(200, None) == "≥200"
    assert write_bounds(80, 90) == "80～90"
    assert write_years([2023, 2021]) == "2021—2023年"
