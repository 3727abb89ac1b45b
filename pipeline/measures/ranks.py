"""Ranks that are results: 居全省第3位, 全国第一, 前两位. Ordinals (第3次会议, 第一责任人) are names."""

from __future__ import annotations

import re

from pipeline.measures.expressions import Expression
from pipeline.measures.numerals import parse_arabic, parse_chinese
from pipeline.profiles.units import Units

_ORDINAL = "[0-9]{1,3}|[一二两三四五六七八九十]{1,3}"
_RANK = re.compile(
    # 第3位, 第一: nothing that goes on as a noun may follow (第一责任人), but 第1位的是… is a result.
    rf"第[ ]?(?P<ordinal>{_ORDINAL})(?:[ ]?(?P<unit>[名位])(?=的)|(?:[ ]?(?P<last>[名位]))?(?![ ]?[0-9一-龥%]))"
    rf"|前[ ]?(?P<top>{_ORDINAL})(?:[ ]?(?P<top_unit>[名位]))?(?![ ]?[0-9一-龥%])"
)
_CONTEXT_LENGTH = 6


def read_ranks(text: str, units: Units) -> list[Expression]:
    """Ranks of a normalised text, in order. Without 名 or 位 the words before must say that it is a place."""
    found: list[Expression] = []
    if "第" not in text and "前" not in text:
        return found
    context = units.contexts["rank"]
    for match in _RANK.finditer(text):
        written = match["ordinal"] or match["top"]
        unit = match["unit"] or match["last"] or match["top_unit"] or ""
        number = parse_arabic(written) if written[0].isdigit() else parse_chinese(written)
        if number is None or number.is_range:
            continue
        if unit or context.search(text[max(0, match.start() - _CONTEXT_LENGTH):match.start()]):
            found.append(Expression(match.start(), match.end(), "rank", number.value, number.value, "exact", unit))
    return found
