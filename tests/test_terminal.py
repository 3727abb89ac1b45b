"""Chinese text in a terminal: widths, lines, columns, and encodings that lack a sign."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.terminal import clean_line, columns, fit_encoding, pad, text_width, wrap


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("依法", 4), ("８０", 4), ("（一）", 6), ("e\u0301", 1), ("", 0), ("“法”", 4)])
def test_width_counts_columns(text: str, width: int) -> None:
    assert text_width(text) == width


def test_pad_fills_to_a_width_and_cuts_nothing() -> None:
    assert pad("依法", 6) == "依法  "
    assert pad("依法", 6, right=True) == "  依法"
    assert pad("依法行政", 6) == "依法行政"


@pytest.mark.parametrize(("text", "lines"), [
    ("依法行政依法行政", ["依法行政依", "法行政"]),
    ("依法行政法。", ["依法行政法。"]),             # a full stop may hang over rather than begin a line
    ("依法行政 “府", ["依法行政", "“府"]),           # no opening sign at the end of a line
    ("共办理123456件", ["共办理", "123456件"]),      # a number stays whole
    ("", [""]),
])
def test_lines_break_as_chinese_does(text: str, lines: list[str]) -> None:
    assert list(wrap(text, columns=10)) == lines


def test_the_first_line_has_its_mark_and_the_others_stand_under_it() -> None:
    assert list(wrap("依法行政依法", "· ", columns=10)) == ["· 依法行政", "  依法"]


@given(st.text(), st.integers(min_value=4, max_value=60))
def test_nothing_is_lost_and_no_line_is_much_too_long(text: str, limit: int) -> None:
    lines = list(wrap(text, columns=limit))
    assert "".join("".join(lines).split()) == "".join(clean_line(text).split())


def test_columns_line_up() -> None:
    assert columns([("指标", "本年"), ("办结数", "71件"), ("a", "1,071件")], right=(1,)) == [
        "指标       本年", "办结数     71件", "a       1,071件"]
    assert columns([]) == []


def test_a_report_cannot_move_the_cursor_or_turn_the_line() -> None:
    assert clean_line("一\x1b[2J二\r三\u202e四\t五\n六　七") == "一[2J二 三四 五 六　七"


def test_a_sign_that_an_encoding_lacks_is_replaced_by_a_like_one() -> None:
    assert fit_encoding("一 › 二 −3 😀", "gbk") == "一 > 二 -3 ?"
    assert fit_encoding("一 › 二", "utf-8") == "一 › 二"
    assert fit_encoding("\udce4", "utf-8") == "?"
