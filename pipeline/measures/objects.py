"""What a quantity counts: the noun after its unit (12个治理项目) or before the number (老旧小区改造106个).

Works with word lists (knowledge/qualifiers.csv), not a segmenter: the left border is the last verb, the right one
the next verb. `object` is for the reader; whether a quantity answers an indicator is decided elsewhere.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from pipeline.measures.expressions import Expression
from pipeline.measures.nouns import Nouns

_BORDERS = "，。；：！？\n|"
_BORDER = re.compile(f"[{_BORDERS}]")
_FOLLOWING = re.compile(r"[ ]?的?((?:[^，。；、：！？（）\n| 0-9“”《]+|“[^”]{1,20}”|《[^》]{1,40}》|（[^（）]{1,6}）|《)+)")
_FOLLOWED_KINDS = frozenset({"count", "measure", "money", "duration"})
# 召开党组会5次专题研究…: what stands before is counted, not what follows.
_EVENT_UNITS = frozenset({"次", "场次", "轮", "回", "人次", "轮次"})
_PARTED = re.compile("[。！？\n|]")
_MONEY_NOUN = re.compile("(?:总?投资|罚没?款|贷款|资金)$")
_UNIT_NOTE = re.compile("（[^（）]{1,6}）$")
_ALIGN = re.compile("分别|依次")
_JOINED = re.compile("[、和与及]")
_CONJUNCTIONS = frozenset({"和", "与", "及", "或", "以及"})
_LONGEST_OWNER = 6
_LONGEST = 40
_LONGEST_LIST = 80


def read_objects(text: str, quantities: list[Expression], nouns: Nouns) -> list[str]:
    """One object per quantity of a normalised text, in order; empty where the text does not say. Linear in the text."""
    return _ObjectReader(text, quantities, nouns).read()


class _ObjectReader:
    def __init__(self, text: str, quantities: list[Expression], nouns: Nouns) -> None:
        self.text = text
        self.quantities = quantities
        self.nouns = nouns
        self.words = nouns.words
        self.borders = [match.start() for match in _BORDER.finditer(text)]
        self.objects: list[str] = []

    def read(self) -> list[str]:
        last, used = "", 0
        for number, quantity in enumerate(self.quantities):
            if number and _PARTED.search(self.text, self.quantities[number - 1].end, quantity.start):
                last = ""
            if quantity.kind == "zero":
                found = self._denied(quantity, self.quantities[number - 1].end if number else 0)
            else:
                found, used = self._object(number, used)
            last = self._settle(found, last, quantity)
            self.objects.append(last)
        self._align()
        return self.objects

    def _settle(self, found: str, last: str, quantity: Expression) -> str:
        """其中, 分别, 开工123个、建成30个 carry the object before over; 规模近300亿元 goes on from it."""
        if last and found and self.words["whole"].fullmatch(found):
            return last
        if last and found and self.words["generic"].fullmatch(found):
            return last + found
        return found or last or self.nouns.trim(self._clause_after(quantity)) or self._verb_before(quantity)

    def _verb_before(self, quantity: Expression) -> str:
        """出动3.1万人次: nothing is named, so the act is what is counted."""
        segment = self._segment(0, quantity.start)
        found = self.nouns.verb(segment)
        weak = [match.group() for match in self.words["weak"].finditer(segment)]
        return segment[found[0]:found[1]] if found else weak[-1] if weak else ""

    def _denied(self, quantity: Expression, previous_end: int) -> str:
        if self.text.startswith(quantity.denied, quantity.end):
            denied = quantity.denied.strip("过的 ")
            # 复议零纠错: what stands before belongs to it.
            is_noun = self.text[quantity.start] == "零"
            whose = self.nouns.trim(self._segment(previous_end, quantity.start).rpartition("、")[2].rstrip("“ ")) if is_noun else ""
            return whose + denied if len(whose) <= _LONGEST_OWNER else denied
        return self.nouns.trim(quantity.denied)

    def _object(self, number: int, used: int) -> tuple[str, int]:
        """The object and the end of what it used up of the text after the number."""
        quantity = self.quantities[number]
        previous_end = max(used, self.quantities[number - 1].end if number else 0)
        is_owned = self.text[quantity.end:quantity.end + 1] == "的" and quantity.kind in ("money", "measure")
        after, end = self._after(number)
        segment = self._segment(previous_end, quantity.start)
        if after and quantity.kind in _FOLLOWED_KINDS and not is_owned and not (
                quantity.unit in _EVENT_UNITS and self._is_counted_before(segment)):
            return after, end
        before = self._before(quantity, previous_end)
        if before:
            return before, used
        if quantity.kind == "duration" and not after:
            return self.nouns.trim(self._clause_after(quantity)), used
        return after, end

    def _is_counted_before(self, segment: str) -> bool:
        """Whether 5次 counts what stands before it (召开党组会5次), not what follows (开展三次教育, 3次听取汇报)."""
        verb = self.nouns.verb(segment)
        if verb is None:
            return self.words["weak"].search(segment) is not None
        return bool(segment[verb[1]:].strip("了 "))

    def _clause_after(self, quantity: Expression) -> str:
        match = _FOLLOWING.match(self.text, quantity.end, quantity.end + _LONGEST)
        return match.group(1) if match else ""

    def _after(self, number: int) -> tuple[str, int]:
        quantity = self.quantities[number]
        text, end = self.text, quantity.end
        if quantity.kind not in _FOLLOWED_KINDS and text[end:end + 1] != "的":
            return "", end
        following = self.quantities[number + 1] if number + 1 < len(self.quantities) else None
        limit = following.start if following else len(text)
        match = _FOLLOWING.match(text, end, min(limit, end + _LONGEST))
        if match is None:
            return "", end
        if following and match.end() == limit and text[following.end:following.end + 1] == "的":
            # 27个总投资94亿元的项目
            return self._after(number + 1)[0], end
        phrase = match.group(1)
        stop = self.words["stop"].search(phrase)
        if stop and quantity.unit not in _EVENT_UNITS:
            phrase = phrase[:stop.start()]
        used = match.start(1) + len(phrase)
        phrase = phrase.strip("的 ")
        return ("", end) if phrase in _CONJUNCTIONS else (phrase, used)

    def _segment(self, start: int, end: int) -> str:
        """The clause part before a number; in a table or after a colon, the cell before it."""
        start = max(start, end - _LONGEST)
        place = bisect_left(self.borders, end)
        border = self.borders[place - 1] if place else -1
        part = self.text[max(start, border + 1):end]
        if border >= start and self.text[border] in "：|" and not part.strip():
            earlier = self.borders[place - 2] + 1 if place > 1 else 0
            part = _UNIT_NOTE.sub("", self.text[max(start, earlier):border])
        if "（" in part and part.rfind("（") > part.rfind("）"):
            part = part[part.rfind("（") + 1:]
        return part.lstrip("、）” 和与及或")

    def _before(self, quantity: Expression, previous_end: int) -> str:
        segment = self._segment(previous_end, quantity.start)
        found = self.nouns.trim(segment)
        if not found and quantity.kind == "money":
            own = _MONEY_NOUN.search(segment)
            return own.group() if own else ""
        return found

    def _align(self) -> None:
        """A、B分别增长60%、30%: the names before 分别 go to the numbers after it, one by one."""
        if "分别" not in self.text and "依次" not in self.text:
            return
        starts = [quantity.start for quantity in self.quantities]
        for match in _ALIGN.finditer(self.text):
            border = _BORDER.search(self.text, match.end(), match.end() + 2 * _LONGEST_LIST)
            limit = border.start() if border else min(len(self.text), match.end() + 2 * _LONGEST_LIST)
            first, last = bisect_left(starts, match.end()), bisect_left(starts, limit)
            wanted = last - first
            if wanted < 2:
                continue
            names = self._names_before(match.start(), wanted)
            if not names and first >= wanted:
                names = self.objects[first - wanted:first]
            self.objects[first:first + len(names)] = names

    def _names_before(self, place: int, wanted: int) -> list[str]:
        segment = self.text[max(0, place - _LONGEST_LIST):place]
        phrase = self.nouns.trim(_BORDER.split(segment)[-1])
        names = [piece for piece in _JOINED.split(phrase) if piece]
        if len(names) != wanted:
            return []
        head = self.words["head"].search(names[-1])
        if head is None or any(self.words["head"].search(name) for name in names[:-1]):
            return names
        # 城镇和农村居民收入: the head 收入 belongs to both.
        return [name + head.group() for name in names[:-1]] + [names[-1]]
