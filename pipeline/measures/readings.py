"""What a sentence says in its words alone: which indicators its numbers answer, whatever the numbers are.

Reports repeat themselves and each other with other figures. A sentence is therefore matched once for every wording.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.measures.carrying import read_line
from pipeline.measures.clauses import Line
from pipeline.measures.matching import Match, Matcher, Surroundings

# Wordings kept at a time; of a very long text the earlier ones are forgotten.
_MOST = 20_000
_LONGEST_FILLER = 12
_BORDER = re.compile("[#，。；、：（]")


@dataclass(slots=True)
class Reading:
    """The matches of each number of a line, in order, and `others` that need no number. Shared: never to be changed.

    `old_values` gives for the old number of 由…增至… the new one. `bare` are the numbers without words of their own, which may
    be the sum of those before.
    """

    line: Line
    numbers: tuple[Sequence[Match], ...]
    others: Sequence[Match]
    old_values: dict[int, int]
    bare: tuple[int, ...]


# Most sentences answer nothing; of those only that is kept.
NOTHING = Reading(Line("", [], []), (), (), {}, ())


class Readings:
    """Reads sentences with the patterns of one genre, each wording once."""

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        self._known: dict[tuple[object, ...], Reading] = {}
        self._asking: set[tuple[object, ...]] = set()

    def read(self, simple: str, units: tuple[str, ...], around: Surroundings) -> Reading:
        """What a simplified sentence says whose marks stand for numbers of these units.

        Wordings that ask what the text before is about are known by its subject too.
        """
        key: tuple[object, ...] = (simple, units)
        if key in self._asking:
            key = (simple, units, around.subject(self.matcher.language))
        reading = self._known.get(key)
        if reading is None:
            reading = self._read(simple, units, around)
            if around.known is not None and len(key) == 2:
                self._asking.add(key)
                key = (simple, units, around.known)
            if len(self._known) >= _MOST:
                self._known.clear()
                self._asking.clear()
            self._known[key] = reading
        return reading

    def _read(self, simple: str, units: tuple[str, ...], around: Surroundings) -> Reading:
        matcher = self.matcher
        line = read_line(simple, matcher.language)
        if len(line.slots) == len(units):
            _keep_like_parts(line, units)
            numbers = tuple(
                matcher.match_number(line, slot, unit, around) for slot, unit in zip(line.slots, units, strict=True)
            )
        else:
            # A number stood in what was left out; which mark is whose cannot be said.
            numbers = ()
        others = [*matcher.match_zeros(line, around), *matcher.match_words(line, around)]
        if not others and not any(numbers):
            return NOTHING
        old_values = {slot.came_from: number for number, slot in enumerate(line.slots) if slot.came_from is not None}
        bare = tuple(number for number in range(2, len(numbers)) if self._is_bare(line, number))
        return Reading(line, numbers, others, old_values, bare)

    def _is_bare(self, line: Line, number: int) -> bool:
        slot = line.slots[number]
        own_words = _BORDER.split(line.text[max(0, slot.mark - _LONGEST_FILLER) : slot.mark])[-1]
        return not slot.right and self.matcher.language.filler.match(own_words) is not None


def _keep_like_parts(line: Line, units: Sequence[str]) -> None:
    """其中普通程序31件，罚款48万元: a number in a later clause is a part only of what was counted in the same unit."""
    whole: set[str] = set()
    opened = False
    for slot, unit in zip(line.slots, units, strict=True):
        if not slot.is_part:
            whole, opened = (whole if not opened else set()) | {unit}, False
        elif opened and unit not in whole and line.text[max(0, slot.start - 1) : slot.start] == "，":
            slot.is_part = False
        else:
            opened = True
