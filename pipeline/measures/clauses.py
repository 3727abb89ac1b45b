"""A sentence as the indicator patterns see it: numbers as marks, and for each number the words around it.

What a number counts is said in its own clause, before or after it; the rest of the sentence may lend a subject. Nothing
here knows an indicator.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import add

from pipeline.measures.simplified import MARK
from pipeline.profiles.language import Language

WINDOW_BEFORE = 120
WINDOW_AFTER = 60
_BREAKS = re.compile(r"[#，。；：！？（）\n]")
_CLAUSE_END = re.compile(r"[，。；！？\n]")


@dataclass(frozen=True, slots=True)
class Nature:
    """What the words of a number make of it: added to a stock (新增), of an occasion (春节期间), a change (增长)."""

    clause: str
    is_increment: bool
    is_occasion: bool
    is_change: bool


@dataclass(slots=True)
class Slot:
    """A number's place in the simplified sentence, and its words: `left` and `right` of it.

    `start` is where `left` begins in the sentence and `head` where it ends, even where the words were lent by another number.
    `came_from` is the slot of the old value in 由…增至…. `stops` (found when first asked for) are the numbers of characters
    at the end of `left` that are only fillers: 立案[共计]3件 has 0 and 2. `nature` is found when first asked for, too.
    """

    mark: int
    start: int
    head: int
    left: str
    right: str
    is_part: bool = False
    is_old_value: bool = False
    came_from: int | None = None
    stops: tuple[int, ...] | None = None
    nature: Nature | None = None


@dataclass(slots=True)
class Line:
    """A simplified sentence and its slots; `words` are found when first asked for."""

    text: str
    breaks: list[tuple[int, str]]
    slots: list[Slot]
    words: list[tuple[int, int, str]] | None = field(default=None)

    def subjects(self, language: Language) -> list[tuple[int, int, str]]:
        """Subject words as (end, start, subject), in order."""
        if self.words is None:
            self.words = find_subjects(self.text, language)
        return self.words

    def before(self, slot: Slot) -> str:
        return self.text[max(0, slot.start + len(slot.left) - WINDOW_BEFORE) : slot.start] + slot.left

    def after(self, slot: Slot) -> str:
        return self.text[slot.mark + 1 : slot.mark + 1 + WINDOW_AFTER]


def find_stops(slot: Slot, language: Language) -> tuple[int, ...]:
    """How many characters before the number may be skipped as fillers."""
    if slot.stops is None:
        left = slot.left[-WINDOW_AFTER:]
        slot.stops = (0,)
        if left[-1:] in language.filler_ends:
            fillers = language.filler.search(left)
            start = fillers.start() if fillers else len(left)
            slot.stops = tuple(
                len(left) - place for place in range(len(left), start - 1, -1) if language.filler.match(left, place)
            )
    return slot.stops


def nature_of(slot: Slot, language: Language) -> Nature:
    """The nature of the number in a slot."""
    if slot.nature is None:
        left = slot.left
        slot.nature = Nature(
            f"{left}@{slot.right}",
            language.increment.search(left) is not None,
            language.occasion.search(left) is not None,
            language.delta.search(left) is not None,
        )
    return slot.nature


def find_subjects(text: str, language: Language) -> list[tuple[int, int, str]]:
    """The subject words of a text as (end, start, subject); longer words win, weak ones yield to another in their clause."""
    found: list[tuple[int, int, str]] = []
    for match in language.subject_word.finditer(text):
        word, start = match.group(), match.start()
        if word not in language.weak or not found or _CLAUSE_END.search(text, found[-1][0], start):
            found.append((match.end(), start, language.subjects[word]))
    return found


def split_line(simple: str, language: Language) -> Line:
    """A simplified sentence with one slot for each mark, each with its own words only."""
    line = Line(simple, [(match.start(), match.group()) for match in _BREAKS.finditer(simple)], [])
    if MARK in simple:
        _find_slots(line, language)
    return line


def piece_before(line: Line, place: int) -> str:
    """The clause from its beginning to `place`; of an endless one the last part."""
    number = bisect_right(line.breaks, (place, "")) - 1
    return line.text[max(line.breaks[number][0] + 1 if number >= 0 else 0, place - WINDOW_BEFORE) : place]


def piece_after(line: Line, place: int) -> tuple[str, str]:
    """The clause from `place` to its end, and the sign that ends it; of an endless one the first part."""
    number = bisect_right(line.breaks, (place, ""))
    end, sign = line.breaks[number] if number < len(line.breaks) else (len(line.text), "")
    return line.text[place : min(end, place + WINDOW_BEFORE)], sign


def _find_slots(line: Line, language: Language) -> None:
    text, breaks = line.text, line.breaks
    part_from = -1
    for number, (mark, sign) in enumerate(breaks):
        if sign in "。；！？\n":
            part_from = -1
        if sign != MARK:
            continue
        before, head = number - 1, mark
        if before >= 0 and breaks[before] == (mark - 1, "："):
            before, head = before - 1, mark - 1
        start = breaks[before][0] + 1 if before >= 0 else 0
        left = text[start:head]
        if before >= 0 and breaks[before][1] == MARK:
            left = _after_number(left)
            start = head - len(left)
        end, end_sign = breaks[number + 1] if number + 1 < len(breaks) else (len(text), "")
        right = text[mark + 1 : end]
        if right.startswith("、"):
            right = ""
        elif end_sign == MARK and right:
            right = _before_number(right)
        if part_from < 0 and (language.part.search(left) or (before >= 0 and breaks[before][1] == "（")):
            part_from = mark
        line.slots.append(Slot(mark, start, head, left, right, part_from >= 0))
        if before >= 0 and breaks[before][1] == "（":
            part_from = -1


def _after_number(piece: str) -> str:
    """Of the words between two numbers, those that belong to the second: 9件[人大建议、]13件政协提案, 3份、[折页]20张."""
    if piece.startswith("、"):
        return piece[1:]
    if "、" in piece:
        return piece[piece.rfind("、") + 1 :]
    if piece[-1:] and piece[-1] in "和及与":
        return ""
    return piece.lstrip("和及与")


def _before_number(piece: str) -> str:
    cut = piece.find("、")
    return piece[:cut] if cut >= 0 else piece.rstrip("和及与")


def pairs(text: str) -> Iterator[str]:
    """Neighbouring characters, the keys under which patterns are kept."""
    return map(add, text, text[1:])
