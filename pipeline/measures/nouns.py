"""The noun phrase in the words before a number: verbs, adverbs and scope words taken off both ends.

The word lists stand in knowledge/qualifiers.csv.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.profiles.units import Units

# 信息数, 案件数量: the number of the thing, not part of its name; 人数 and 次数 are names of their own.
_COUNT_OF = re.compile(r"(?<=[一-龥]{2})(?<![人次件户总份场条个分指系岁册家时本])数量?$")
_ADDED = re.compile(r"(?:新增|净增)")
_LONGEST_TAIL = 5
_LONGEST_VERB = 5
# Reports say the same things with other figures, so most clause parts come again and again.
_REMEMBERED = 20_000


class Nouns:
    """Finds nouns and verbs in parts of clauses; `trim` gives the noun phrase, `verb` the place of the last verb."""

    def __init__(self, units: Units) -> None:
        self.words = units.words
        self.tails = units.tails
        self.nouns = units.nouns
        self.verbs = units.verbs
        self.verb_heads = units.verb_heads
        self.last_verb = units.last_verb
        self.tail_ends = units.tail_ends
        self.trim = lru_cache(_REMEMBERED)(self._trim)
        self.verb = lru_cache(_REMEMBERED)(self._last_verb)

    def _trim(self, segment: str) -> str:
        """The noun phrase of a clause part: verbs, adverbs and scope words taken off both ends."""
        words = self.words
        segment = self._without_tails(segment.rstrip(" 的"))
        if segment.endswith(("数", "量")):
            segment = _COUNT_OF.sub("", segment)
        found = self._last_verb(segment, is_border=True)
        if found:
            # What is 新增 is a thing, so a verb behind it belongs to the name of the thing: 新增公开发布信息.
            added = _ADDED.search(segment, segment.rfind("、", 0, found[0]) + 1, found[0])
            segment = segment[added.end() if added else found[1]:].lstrip("、 了")
        cut = self._leading(segment)
        while cut:
            segment = segment[cut:].lstrip("、 ")
            cut = self._leading(segment)
        if segment in self.verbs or words["lead"].fullmatch(segment):
            return ""
        return segment.strip("了的、 ")

    def _last_verb(self, segment: str, is_border: bool = False) -> tuple[int, int] | None:
        """The last verb of a segment, longest first; with `is_border`, one that does not belong to the noun after it."""
        last = self.last_verb.match(segment)
        if last is None:
            return None
        start, end = last.span(1)
        if not is_border or not self._is_compound(segment[end:]):
            return start, end
        for place in range(start, -1, -1):
            if segment[place:place + 2] not in self.verb_heads:
                continue
            for length in range(min(_LONGEST_VERB, len(segment) - place), 1, -1):
                if segment[place:place + length] in self.verbs:
                    end = place + length
                    if not is_border or not self._is_compound(segment[end:]):
                        return place, end
        return None

    def _without_tails(self, segment: str) -> str:
        """Without 增长, 达到, 分别为 … at its end."""
        length = _LONGEST_TAIL if segment[-1:] in self.tail_ends else 0
        while length:
            if length == 1 and segment[-2:] in self.nouns:
                break
            if segment[-length:] in self.tails and len(segment) >= length:
                segment, length = segment[:-length].rstrip("、的 "), _LONGEST_TAIL
            else:
                length -= 1
        return segment

    def _is_compound(self, rest: str) -> bool:
        """Whether what follows a verb makes one noun with it: 办结率, 宣传册."""
        return len(rest) < 2 or (self.words["suffix"].match(rest) is not None and (len(rest) < 3 or rest[0] in "率量数额"))

    def _leading(self, segment: str) -> int:
        """Length of an adverb or weak verb that opens the phrase and does not belong to it."""
        lead = self.words["lead"].match(segment)
        if lead and lead.group() and len(segment) - lead.end() > 1:
            return lead.end()
        weak = self.words["weak"].match(segment)
        if weak and not self._is_compound(segment[weak.end():]) and not self.words["bound"].match(segment, weak.end()):
            return weak.end()
        return 0
