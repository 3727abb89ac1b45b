"""Figures of sentences as plans and answers are compared by: the clause around each, and in what sense it is said."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import NamedTuple

from pipeline.comparisons.intervals import Interval
from pipeline.comparisons.responses import clauses
from pipeline.profiles.checks import CommitmentWords

_CEILING = re.compile(r"(?:不超过|控制在|不高于|(?<!不)低于|降[到至]|减[到至为]|压减[到至]|缩短[到至为])[^，。；]{0,10}$")
_UP_TO = re.compile(r"[^，。；]{0,8}[到至为]")
_FROM = re.compile(r"由[^，。；]{0,8}$")
# 防汛抗旱、危化品泄漏演练各一场 are two.
_EACH = re.compile(r"各$")
_LIST_MARK = re.compile(r"[、和与及]")
_BEGIN = itemgetter(0)


class Counted(NamedTuple):
    """A quantity of a sentence; offsets are into the sentence."""

    start: int
    end: int
    value: Interval
    unit: str
    kind: str
    claim: str


class Figure(NamedTuple):
    """A quantity in its sentence; `before` is its clause up to it, `clause` all of that, `near` the clause before,
    `said` the sentence.

    `sense` is increase (新增4名), level (达到15名), stock (现有15名), change (压减20%) or "".
    """

    sentence_no: int
    role: str
    start: int
    end: int
    text: str
    value: Interval
    unit: str
    kind: str
    claim: str
    sense: str
    before: str
    clause: str
    near: str
    said: str

    @property
    def is_ceiling(self) -> bool:
        return bool(_CEILING.search(self.before)) or (self.value.low is None and self.value.high is not None)


def read_figures(
    sentence_no: int, role: str, text: str, quantities: Sequence[Counted], words: CommitmentWords,
    wanted: Callable[[str, str, str], bool] = lambda *_: True,
) -> list[Figure]:
    """Those figures of one sentence whose kind, unit and claim are wanted.

    The first of 由2名增加到5名 says where things stood, not what was aimed at or reached, and is left out.
    """
    figures = []
    spans: list[tuple[int, int]] = []
    for at, counted in enumerate(quantities):
        if not wanted(counted.kind, counted.unit, counted.claim):
            continue
        spans = spans or clauses(text)
        start, end = counted.start, counted.end
        following = quantities[at + 1] if at + 1 < len(quantities) else None
        if following and _UP_TO.fullmatch(text[end:following.start]) and _FROM.search(text[:start]):
            continue
        number = bisect_right(spans, start, key=_BEGIN) - 1
        if number < 0 or start >= spans[number][1]:
            continue
        first, last = spans[number]
        before = text[first:start]
        figures.append(Figure(
            sentence_no, role, start, end, text[start:end], _all_of_them(counted.value, before), counted.unit,
            counted.kind, counted.claim,
            _sense(before, words), before, words.change.sub(" ", f"{before} {text[end:last]}"),
            text[slice(*spans[number - 1])] if number else "", text))
    return figures


def _all_of_them(value: Interval, before: str) -> Interval:
    """The value, or that of all the things listed before 各."""
    if "各" not in before or not _EACH.search(before):
        return value
    number = 1 + len(_LIST_MARK.findall(before))
    return Interval(*(None if bound is None else bound * number for bound in value))


def _sense(before: str, words: CommitmentWords) -> str:
    """What the words before a figure make of it; the nearest word decides."""
    if not words.sense.search(before):
        return ""
    found = [
        (match.end(), sense)
        for sense, pattern in (("increase", words.increase), ("level", words.level), ("stock", words.stock),
                               ("change", words.change))
        for match in pattern.finditer(before)
    ]
    return max(found)[1]
