"""Why a number answers an indicator or not, as an office worker would say it. What is quoted stands in the text, sign by sign."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.measures.clauses import Slot
from pipeline.measures.matching import Match
from pipeline.measures.simplified import MARK

# Of longer quotations both ends are shown.
_LONGEST = 30
_SHOWN = 14
# So far before the number the words may stand that it is said with; between are fillers (立案[共计]3件).
_GAP = 16
_CLAUSES = re.compile("[，。；：#]+")
_BREAKS = re.compile("[#，。；：！？（）\n、]")
_APART = re.compile("[#，。；！？\n]")
_MARKS = re.compile("[#@…]+")
_EDGES = frozenset("，。；：、 \n")
_PAIRS = (("“", "”"), ("‘", "’"), ("（", "）"), ("《", "》"))
_OPENING, _CLOSING = (frozenset(signs) for signs in zip(*_PAIRS, strict=True))


def trim(text: str, first: int, last: int) -> tuple[int, int]:
    """The span without signs at its ends but with both of its quotation marks."""
    begin, end = first, last
    while begin < end and text[begin] in _EDGES:
        begin += 1
    while begin < end and text[end - 1] in _EDGES:
        end -= 1
    if text[end : end + 1] not in _CLOSING and (not begin or text[begin - 1] not in _OPENING):
        return begin, end
    for opening, closing in _PAIRS:
        if text[end : end + 1] == closing and text.count(opening, begin, end) > text.count(closing, begin, end):
            end += 1
        if begin and text[begin - 1] == opening and text.count(closing, begin, end) > text.count(opening, begin, end):
            begin -= 1
    return begin, end


def quote(words: str) -> str:
    """Words of the text in quotation marks; of many the beginning and the end."""
    return f"“{words}”" if len(words) <= _LONGEST else f"“{words[:_SHOWN]}”……“{words[-_SHOWN:]}”"


@dataclass(slots=True)
class Quoter:
    """A sentence, what it was simplified to, where each simplified character stands in it, and where its numbers end."""

    text: str
    simple: str
    offsets: Sequence[int]
    ends: Mapping[int, int]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where simplified characters stand in the sentence."""
        offsets = self.offsets
        place = (last if last < len(offsets) else len(offsets)) - 1
        end = offsets[place]
        return offsets[first if first > 0 else 0], self.ends.get(end, end + 1) if self.simple[place] == MARK else end + 1

    def words(self, first: int, last: int) -> str:
        """The words of the sentence that were simplified to these characters."""
        if first >= last:
            return ""
        begin, end = self._quotable(first, last)
        return self.text[begin:end]

    def _quotable(self, first: int, last: int) -> tuple[int, int]:
        text = self.text
        begin, end = trim(text, *self.span(first, last))
        closing = text.rfind("”", begin, end)
        if closing < 0 or text.count("”", begin, end) <= text.count("“", begin, end):
            return begin, end
        # 开展“法律进社区、进商户”普法活动: not from within somebody else's quotation.
        opening = text.rfind("“", max(0, begin - _LONGEST), begin)
        return (opening if opening >= 0 else closing + 1), end

    def find(self, words: str, before: int) -> str:
        """The last place before `before` that was simplified to `words`, as it stands in the sentence; "" for none."""
        place = self.simple.rfind(words, 0, before) if words else -1
        return self.words(place, place + len(words)) if place >= 0 else ""

    def around(self, slot: Slot, near: str, after: str) -> tuple[str, str, str]:
        """The number with the words it is said with, of these those before it, and words that an earlier clause lends it."""
        mark, simple = slot.mark, self.simple
        end = mark + 1 + (len(after) if simple.startswith(after, mark + 1) else 0)
        place = simple.rfind(near, max(0, mark - len(near) - _GAP), mark) if near else mark
        if place >= 0 and not _APART.search(simple, place + len(near), mark):
            begin, stop = self._quotable(place, end)
            said = self.text[begin:stop]
            if not near or "“" in said or "（" in said:
                return said, self.words(place, place + len(near)), ""
            return said, self.text[begin : self.offsets[place + len(near) - 1] + 1], ""
        borders = [match.end() for match in _BREAKS.finditer(simple, max(0, mark - _LONGEST), mark - 1)]
        start = borders[-1] if borders else max(0, mark - _LONGEST)
        own = simple[start:mark].rstrip("：")
        shared = next((length for length in range(len(near), 0, -1) if near[-length:] in own), 0)
        lent = self.find(near[: len(near) - shared], start) or self.words(slot.start, slot.head)
        said = self.words(start, end).lstrip("和及与")
        return (said, lent, "") if lent in said else (said, "", lent)


def say_why(match: Match, slot: Slot | None, quoter: Quoter, figure: str, unit: str, times: int = 1) -> str:
    """Why a number, or words without one, answer; `times` are the things listed of which each has the number."""
    about = f"；这里说的是{'、'.join(match.pattern.about)}" if match.pattern.about else ""
    if slot is None:
        said = quote(quoter.words(match.start, match.end))
        if match.state == "na":
            return f"原文写明{said}，即不适用"
        if match.state == "stated":
            stated = "0" if match.pattern.value == 0 else f"{match.pattern.value:.10g}{unit}"
            return f"原文写{said}，折为{stated}{about}"
        return f"原文写{said}，即没有{about}"
    before, after = match.said
    if not before and not after:
        return f"“{figure}”是前面几个数的合计{about}"
    *earlier, near = list(filter(None, _CLAUSES.split(before))) or [""]
    said, words, lent = quoter.around(slot, near, after)
    fall = ("，下降记为负数" if match.is_fall else "") + (f"，列出的{times}项合计" if times > 1 else "")
    if lent:
        return f"原文{quote(said)}，承前文{quote(lent)}{fall}{about}"
    topic = quoter.find(earlier[0], slot.mark) if earlier else ""
    topic = f"，同句前面说到{quote(topic)}" if topic else ""
    words = words or quoter.words(slot.mark + 1, slot.mark + 1 + len(after))
    return f"原文{quote(said)}紧邻指标词{quote(words)}{topic}{fall}{about}"


def say_beside(match: Match, slot: Slot | None, quoter: Quoter) -> str:
    """What stands beside a number that belongs to another matter."""
    mark = match.end if slot is None else slot.mark
    before, _, after = match.beside.partition("@")
    found = []
    for words in filter(None, _MARKS.split(before)):
        found.append(quoter.find(words, mark + 1))
    for words in filter(None, _MARKS.split(after)):
        place = quoter.simple.find(words, mark)
        found.append(quoter.words(place, place + len(words)) if place >= 0 else "")
    said = "、".join(quote(words) for words in dict.fromkeys(found) if words)
    return f"旁边写着{said}，说的是相近的另一件事" if said else "说的是相近的另一件事"
