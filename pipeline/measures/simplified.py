"""A sentence without what disturbs matching: blanks, quotation marks, remarks, titles; numbers as marks. And the way back."""

from __future__ import annotations

import re
from collections.abc import Sequence

MARK = "#"
_DROPPED = frozenset(" \t\u3000\xa0\u200b\ufeff“”\"'‘’「」『』#@")
_WIDE = str.maketrans("(),;:!?〈〉", "（），；：！？《》")
_FULL = {**dict.fromkeys(map(ord, _DROPPED), None), **_WIDE}
# Most sentences hold nothing that is dropped or widened; looking for it costs less than translating.
_ODD = re.compile(f"[{re.escape(''.join(map(chr, sorted(_FULL))))}]")
# A sentence without any of these is left as it is, but for its numbers.
_CHANGED = re.compile(f"[{re.escape(''.join(map(chr, sorted(_FULL))))}（《]")
# （以下简称……） and 《……》 say nothing about the number unless they hold one themselves; （不具备处罚权） says why there is none.
_REMARK = re.compile(r"（(?![^（）#]*不(?:具备|具有|承担|享有))[^（）#]*）")
_TITLE = re.compile(r"(?<=《)[^《》#]+(?=》)")
# What is counted itself: 发出《责令改正通知书》96份 reads 发出责令改正通知书96份.
_PAPER = re.compile(r"《([^《》#]+(?:通知书|决定书|意见书|建议书|告知书|指令书|督办书|提示函|建议函|督办函|通知单))》")


def simplify(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text without blanks, quotation marks and remarks, each span as one mark."""
    pieces, place = [], 0
    for start, end in spans:
        pieces.append(text[place:start])
        place = end
    pieces.append(text[place:])
    if not _CHANGED.search(text):
        return MARK.join(pieces)
    if _ODD.search(text):
        pieces = [piece.translate(_FULL) for piece in pieces]
    simple = MARK.join(pieces)
    if "（" in simple:
        simple = _REMARK.sub("", simple)
    if "《" in simple:
        simple = _TITLE.sub("", _PAPER.sub(r"\1", simple))
    return simple


def trace(text: str, spans: Sequence[tuple[int, int]]) -> list[int]:
    """For each character of the simplified text, its offset in the text; made only for sentences that answer."""
    offsets: list[int] = []
    place = 0
    for start, end in spans:
        offsets += range(place, start)
        offsets.append(start)
        place = end
    offsets += range(place, len(text))
    if not _CHANGED.search(text):
        return offsets
    marks = {start for start, _ in spans}
    if _ODD.search(text):
        offsets = [offset for offset in offsets if offset in marks or text[offset] not in _DROPPED]
    for pattern, signs in ((_REMARK, "(（"), (_PAPER, "《〈"), (_TITLE, "《〈")):
        if signs[0] not in text and signs[1] not in text:
            continue
        simple = "".join(MARK if offset in marks else text[offset] for offset in offsets).translate(_WIDE)
        for match in reversed(list(pattern.finditer(simple))):
            if pattern is _PAPER:
                del offsets[match.end() - 1], offsets[match.start()]
            else:
                del offsets[match.start() : match.end()]
    return offsets
