"""Text and widths of cells."""

from __future__ import annotations

import pytest

from pipeline.outputs.workbook.answers import Answer, answer_cell
from pipeline.outputs.workbook.cells import CELL_CHARS, clean_text, count_lines, cut_text, number_format, text_width
from pipeline.outputs.workbook.passages import changed_spans


def answer(state: str = "value", low: float | None = None, high: float | None = None, approx: str = "exact", unit: str = "件",
           to_date: str | None = None) -> Answer:
    return Answer("a", "i", state, low, high, unit, approx, None, None, None, None, None, None, to_date, None)


@pytest.mark.parametrize(("text", "cleaned"), [
    ("普法\x0b活动\x00", "普法\n活动"),
    ("甲\r\n乙\u2028丙", "甲\n乙\n丙"),
    ("\u202e倒写\u2066", "倒写"),      # would turn the neighbours round
    ("半个\ud800字", "半个字"),
    ("𬭩城", "𬭩城"),
])
def test_clean_text(text: str, cleaned: str) -> None:
    assert clean_text(text) == cleaned


def test_a_text_too_long_is_cut_with_a_mark() -> None:
    text = cut_text("法" * 40_000)
    assert len(text) <= CELL_CHARS
    kept = text.index("……")
    assert text.endswith(f"其余 {40_000 - kept} 字未列出，请看原文〕")
    assert cut_text("法" * CELL_CHARS) == "法" * CELL_CHARS
    assert len(cut_text("𬭩" * 20_000).encode("utf-16-le")) // 2 <= CELL_CHARS


def test_a_chinese_character_is_twice_as_wide() -> None:
    assert text_width("普法活动") > 1.7 * text_width("abcd")
    assert count_lines("普" * 60, 30) > 3
    assert count_lines("短", 30) == 1


@pytest.mark.parametrize(("value", "unit", "shown"), [
    (12, "件", "#,##0"), (12.5, "件", "#,##0.0#"), (100, "%", '0"%"'), (98.6, "%", '0.0#"%"'),
])
def test_number_format(value: float, unit: str, shown: str) -> None:
    assert number_format(value, unit) == shown


@pytest.mark.parametrize(("given", "value", "style"), [
    (answer(low=12, high=12), 12, "value"),
    (answer(low=80, high=90, approx="over"), "80余", "approximate"),
    (answer(low=200, approx="over"), "200以上", "approximate"),       # an open end is no point
    (answer(low=5, high=5, approx="about"), "5", "approximate"),      # said to be approximate: never a number
    (answer("zero", 0, 0), 0, "zero"),
    (answer(low=0, high=0), 0, "zero"),
    (answer("ambiguous", 5, 5), "待核", "ambiguous"),
    (answer("not_disclosed"), "未披露", "not_disclosed"),
    (answer("na"), "不适用", "na"),
    (None, "缺报告", "missing"),
])
def test_answer_cell(given: Answer | None, value: float | str, style: str) -> None:
    cell = answer_cell(given)
    assert (cell.value, cell.style) == (value, style)


def test_another_unit_than_the_rows_is_shown() -> None:
    assert answer_cell(answer(low=3, high=3, unit="起"), main_unit="件").number_format == '#,##0"起"'
    # A unit is text from a report: nothing but letters may enter a number format.
    assert answer_cell(answer(low=3, high=3, unit='"[红]'), main_unit="件").number_format == "#,##0"


def test_a_changed_number_is_marked_whole() -> None:
    text, other = "开展普法活动12场次", "开展普法活动15场次"
    assert [text[start:end] for start, end in changed_spans(text, other)] == ["12"]
    assert changed_spans("相同", "相同") == ()
