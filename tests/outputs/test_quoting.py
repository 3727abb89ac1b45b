"""Quotations: inner marks, and cuts that break no number."""

from __future__ import annotations

import pytest

from pipeline.outputs.quoting import cut, nest_quotes, quote


@pytest.mark.parametrize(("text", "nested"), [
    ("“开展“城管进社区”普法活动”", "“开展‘城管进社区’普法活动”"),
    ("““法治第一课”进校园96场次”", "“‘法治第一课’进校园96场次”"),
    ("“甲”与“乙”", "“甲”与“乙”"),                      # side by side, not inside each other
    ("“甲“乙“丙”丁”戊”", "“甲‘乙“丙”丁’戊”"),
    ("没有引号", "没有引号"),
    ("只有“一半", "只有“一半"),                        # unpaired: nothing is guessed
])
def test_inner_quotation_marks(text: str, nested: str) -> None:
    assert nest_quotes(text) == nested


@pytest.mark.parametrize(("text", "most", "shown"), [
    ("全年按期办结率96.4%，满意率99.1%，群众评价良好", 20, "全年按期办结率96.4%，满意率…"),     # not 99
    ("检查1,245户次其余从略", 6, "检查…"),             # not 1,2
    ("短句。", 20, "短句。"),
    ("组织执法人员参加培训，学习法律法规，提高办案水平", 14, "组织执法人员参加培训…"),           # behind a clause
])
def test_cuts_break_no_number(text: str, most: int, shown: str) -> None:
    assert cut(text, most) == shown


def test_nothing_is_quoted_as_nothing() -> None:
    assert quote("") == ""
    assert quote("  多  个\n空白 ") == "“多 个 空白”"
