"""Which number answers which indicator: patterns against the words around it. Deciding among several is settling.py's."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import islice

from pipeline.measures.clauses import Line, Slot, find_stops, find_subjects, pairs, piece_after, piece_before
from pipeline.profiles.indicators import Indicator
from pipeline.profiles.language import Language
from pipeline.profiles.lookup import Indexes, Lookup
from pipeline.profiles.patterns import Pattern
from pipeline.profiles.word_patterns import WordSearch

# Keys of a pattern stand in the clause of the number; longer clauses are searched this far.
_REACH = 60
# No sentence denies more often; a file of nothing but 无无无… must not take minutes.
_MOST_NEGATIVES = 200
# A subject further away than this is not shown as evidence: a reader would get half a paragraph.
_CONTEXT = 60
_BESIDE = "说的是相近的另一件事"
# The clause is shown to its end unless that is far: 6次研究法治[政府建设议题].
_TAIL = 20


@dataclass(slots=True)
class Quantity:
    """A row of table `quantities`, as the patterns need it. `key` is the unit under which indicators accept it."""

    quantity_no: int
    start: int
    end: int
    kind: str
    low: float | None
    high: float | None
    approx: str
    unit: str
    key: str
    claim: str
    to_date: str | None


@dataclass(slots=True)
class Match:
    """A pattern that fits; `start` and `end` say where in the simplified sentence, for the evidence.

    `said` are the words before and after the number that fitted, for the reader. `beside` are those that
    show that it belongs to another matter, @ for the number. `is_fall`: the number counts as minus (下降1.7%).
    """

    place: int
    pattern: Pattern
    start: int
    end: int
    state: str
    lost: str
    said: tuple[str, str] = ("", "")
    beside: str = ""
    is_fall: bool = False


@dataclass(slots=True)
class Surroundings:
    """Where a subject may be taken from when the sentence names none: the sentence before, then the headings."""

    before: str
    headings: tuple[str, ...]
    known: str | None = None

    def subject(self, language: Language) -> str:
        """The last subject of the sentence before, else of the innermost heading that names one; "" for none."""
        if self.known is None:
            found = (find_subjects(text, language) for text in (self.before, *self.headings))
            self.known = next((words[-1][2] for words in found if words), "")
        return self.known


class Matcher:
    """The patterns of one genre, ready to be tried on sentences."""

    def __init__(self, indicators: tuple[Indicator, ...], lookup: Lookup, language: Language) -> None:
        self.indicators = indicators
        self.language = language
        self.numbers = lookup.numbers
        self.zeros = lookup.zeros
        self.words = lookup.words
        self.word_search = WordSearch(lookup.words)
        # 下降1.7% is a growth of −1.7%, for indicators that may be negative.
        self.growths = frozenset(
            place for place, item in enumerate(indicators) if item.low_plausible is not None and item.low_plausible < 0
        )

    def may_answer_without_number(self, text: str) -> bool:
        """Whether a sentence without numbers is worth reading at all."""
        is_denied = bool(self.zeros) and self.language.negative.search(text) is not None
        return is_denied or self.word_search.finds(text)

    def match_number(self, line: Line, slot: Slot, unit: str, around: Surroundings) -> list[Match]:
        """Every indicator whose patterns fit the number in `slot`; `lost` says why one that fits does not count."""
        indexes = self.numbers.get(unit)
        if indexes is None or self.language.aspect.match(slot.right):
            return []
        found = self._match(indexes, line, slot, around)
        fall = self.language.fall.search(slot.left) if self.growths and unit == "%" else None
        if fall is not None:
            rising = replace(slot, left=slot.left[: fall.start()] + "增长" + slot.left[fall.end() :], stops=None, nature=None)
            for place, match in self._match(indexes, line, rising, around).items():
                if place in self.growths and place not in found:
                    match.is_fall = True
                    match.said = (match.said[0].removesuffix("增长") + fall.group(), match.said[1])
                    found[place] = match
        return [found[place] for place in sorted(found)]

    def _match(self, indexes: Indexes, line: Line, slot: Slot, around: Surroundings) -> dict[int, Match]:
        found: dict[int, Match] = {}
        tried: set[int] = set()
        left = slot.left[-_REACH:]
        end = left[-2 - find_stops(slot, self.language)[-1] :]
        for index, words in zip(indexes, (end, left, slot.right[:_REACH]), strict=True):
            for pair in filter(index.__contains__, pairs(words)):
                for place, pattern in index[pair]:
                    earlier = found.get(place)
                    if id(pattern) in tried or (
                        earlier is not None and not earlier.lost and not earlier.pattern.is_fallback
                    ):
                        continue
                    tried.add(id(pattern))
                    match = self._fit(place, pattern, line, slot, around)
                    if match is not None and (earlier is None or (not match.lost and not pattern.is_fallback)):
                        found[place] = match
        return found

    def match_zeros(self, line: Line, around: Surroundings) -> list[Match]:
        """Every indicator that a negative word denies: 未发生行政复议、行政诉讼案件 answers two."""
        found: dict[int, Match] = {}
        negatives = self.language.negative.finditer(line.text) if self.zeros else ()
        for negative in islice(negatives, _MOST_NEGATIVES):
            left = piece_before(line, negative.start())
            right, sign = piece_after(line, negative.end())
            if sign == "#":
                continue
            left, right = self._own_piece(left, right)
            slot = Slot(negative.end() - 1, negative.start() - len(left), negative.start(), left, right)
            is_goal = bool(self.language.goal.search(left[-12:]))
            for pair in filter(self.zeros.__contains__, (*pairs(left[-_REACH:]), *pairs(right[:_REACH]))):
                for place, pattern in self.zeros[pair]:
                    if place in found and not found[place].lost:
                        continue
                    match = self._fit(place, pattern, line, slot, around)
                    if match is not None:
                        match.state = "zero"
                        if is_goal and not match.lost:
                            match.lost = "是愿望或要求，不是已发生的情况"
                        found[place] = match
        return [found[place] for place in sorted(found)]

    def _own_piece(self, left: str, right: str) -> tuple[str, str]:
        """复议零纠错、诉讼零败诉: beside 、 another negative has its own words."""
        cut = left.rfind("、")
        if cut >= 0 and self.language.negative.search(left, 0, cut):
            left = left[cut + 1 :]
        other = self.language.negative.search(right)
        if other is not None and (cut := right.rfind("、", 0, other.start())) >= 0:
            right = right[:cut]
        return left, right

    def match_words(self, line: Line, around: Surroundings) -> list[Match]:
        """Answers without a number: 不具备执法资格 (na), 全部按时办结 (stated)."""
        found: list[Match] = []
        seen: set[int] = set()
        said = self.word_search.words_in(line.text)
        for pair in self.words if said else ():
            if pair not in said:
                continue
            for place, pattern, state in self.words[pair]:
                if id(pattern) in seen or pattern.left is None:
                    continue
                seen.add(id(pattern))
                hit = pattern.left.search(line.text)
                if hit is None:
                    continue
                left = piece_before(line, hit.start())
                slot = Slot(hit.end() - 1, hit.start() - len(left), hit.start(), left, "")
                if (pattern.about or pattern.not_about) and not self._is_about(
                    pattern, self.subject(line, slot, around)[0]
                ):
                    continue
                indicator = self.indicators[place]
                piece = slot.left + hit.group()
                if indicator.exclude and indicator.exclude.search(piece):
                    continue
                lost = "是愿望或要求，不是已发生的情况" if self.language.goal.search(slot.left[-12:]) else ""
                found.append(Match(place, pattern, hit.start(), hit.end(), state, lost))
        return found

    def subject(self, line: Line, slot: Slot, around: Surroundings) -> tuple[str, int]:
        """What the sentence is about at a number, and where it says so (-1: not in this sentence).

        The nearest subject word before the number; for a number that stands first, the first one after it in its clause.
        """
        words = line.subjects(self.language)
        number = bisect_right(words, (slot.head, len(line.text), ""))
        if not slot.left and slot.right and number < len(words) and words[number][0] <= slot.mark + 1 + len(slot.right):
            return words[number][2], words[number][1]
        if number:
            return words[number - 1][2], words[number - 1][1]
        return around.subject(self.language), -1

    def _fit(self, place: int, pattern: Pattern, line: Line, slot: Slot, around: Surroundings) -> Match | None:
        start, place_in_left = slot.start, -1
        before = after = ""
        if pattern.left is not None:
            window = line.before(slot) if pattern.is_far_left else slot.left
            hit = pattern.left.search(window)
            if hit is None and pattern.skips_fillers:
                stops = find_stops(slot, self.language)
                hit = next(
                    (hit for stop in stops[1:] if (hit := pattern.left.search(window, 0, len(window) - stop))), None
                )
            if hit is None:
                return None
            before = hit.group()
            place_in_left = len(slot.left) - len(window) + hit.start()
            start = min(start, start + place_in_left)
        end = slot.mark + 1
        if pattern.right is not None:
            window = line.after(slot) if pattern.is_far_right else slot.right
            hit = pattern.right.match(window)
            if hit is None:
                return None
            after = hit.group()
            end += hit.end()
            rest = piece_after(line, end)[0] if pattern.is_far_right else slot.right[hit.end() :]
            end += len(rest) if len(rest) <= _TAIL else 0
        if pattern.about or pattern.not_about:
            subject, said = self.subject(line, slot, around)
            if not self._is_about(pattern, subject):
                return None
            if pattern.about and 0 <= said < start and start - said <= _CONTEXT:
                start = said - len(piece_before(line, said))
        beside = self._beside(self.indicators[place], line, slot, place_in_left)
        return Match(place, pattern, start, end, "value", _BESIDE if beside else "", (before, after), beside)

    @staticmethod
    def _is_about(pattern: Pattern, subject: str) -> bool:
        return (not pattern.about or subject in pattern.about) and subject not in pattern.not_about

    def _beside(self, indicator: Indicator, line: Line, slot: Slot, place_in_left: int) -> str:
        """The words at a number that the indicator excludes, with @ for the number; "" for none."""
        if indicator.exclude:
            left = slot.left
            if place_in_left >= 0 and left.endswith("各") and "、" in left:
                # 合法性审查、公平竞争审查各3件 counts each of the two by itself.
                end = left.find("、", place_in_left)
                left = left[left.rfind("、", 0, place_in_left) + 1 : end if end >= 0 else len(left)]
            neighbour = indicator.exclude.search(left + "@" + slot.right)
            if neighbour:
                return neighbour.group() if neighbour.start() <= len(left) else f"@…{neighbour.group()}"
        for pattern in indicator.exclude_around:
            said = []
            for side, window in (
                (pattern.left and pattern.left.search, line.before(slot) if pattern.is_far_left else slot.left),
                (pattern.right and pattern.right.match, line.after(slot) if pattern.is_far_right else slot.right),
            ):
                hit = side(window) if side else None
                if side and hit is None:
                    break
                said.append(hit.group() if hit else "")
            else:
                return "@".join(said)
        return ""
