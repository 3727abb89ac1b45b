from __future__ import annotations

import sys

import pytest

from pipeline.outputs import fonts


@pytest.mark.parametrize(("text", "shown", "unknown"), [
    ("全年公开80余条", "全年公开80余条", []),
    ("㬚䶮𬭩𬬭𫖯喆堃", "㬚䶮𬭩𬬭𫖯喆堃", []),                  # rare characters of personal names
    ("〔2022〕25号《条例》“三重一大”①→≥‰", "〔2022〕25号《条例》“三重一大”①→≥‰", []),
    ("扫描\ue001件\ue001", "扫描〓件〓", ["\ue001"]),              # private use, from scanned text
    ("空\x00字符", "空〓字符", ["\x00"]),
    ("坏\ud800码", "坏〓码", ["\ud800"]),                          # a lone surrogate cannot be encoded
    ("😀", "〓", ["😀"]),
    ("甲\u202e乙\u200b丙\ufeff", "甲乙丙", []),                    # would turn the text around; invisible
    ("两\t行\r\n文字", "两 行\n文字", []),
])
def test_unknown_characters_are_replaced_visibly(text, shown, unknown):
    assert fonts.replace_unknown(text) == (shown, unknown)


def test_every_gb2312_hanzi_is_known():
    known = fonts.known_characters()
    hanzi = [bytes([high, low]).decode("gb2312", "ignore") for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)]
    assert [char for char in hanzi if char and ord(char) not in known] == []


def test_the_font_package_is_never_imported():
    fonts.measured_font()
    assert "zhplot" not in sys.modules


def test_width_counts_hanzi_as_one_em():
    assert fonts.text_width("中" * 10, 10) == pytest.approx(10 * 10 * 25.4 / 72)
    assert fonts.text_width("80余\n1", 10) < fonts.text_width("八十余", 10)


def test_wrapping_keeps_punctuation_where_it_belongs():
    lines = fonts.wrap_text("依据《条例》，公开信息（含附件）", 14.5, 8.5, 6).split("\n")
    assert "".join(lines) == "依据《条例》，公开信息（含附件）"
    assert not any(line[0] in "，》）" or line[-1] in "《（" for line in lines)
    assert fonts.wrap_text("很长很长很长的部门名称", 12, 8.5, 1).endswith("…")


def test_headlines_break_after_a_clause():
    lines = fonts.break_headline("9个部门中8个在每份报告里都写明了主动公开政府信息条数，35份报告中1份未披露", 147, 12.5)
    assert lines == ["9个部门中8个在每份报告里都写明了主动公开政府信息条数，", "35份报告中1份未披露"]
    assert fonts.break_headline("短标题", 147, 12.5) == ["短标题"]
