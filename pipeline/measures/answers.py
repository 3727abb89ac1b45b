"""The candidates of one report: every number or wording that fits an indicator, with the reason where it may not answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from pipeline.measures.clauses import Slot, nature_of
from pipeline.measures.matching import Match, Quantity, Surroundings, in_short
from pipeline.measures.readings import NOTHING, Reading, Readings
from pipeline.measures.settling import WHY_CLAIM, WHY_ROLE, Candidate
from pipeline.measures.simplified import simplify, trace
from pipeline.profiles.indicators import Indicator

# Kinds that part a clause even where no indicator takes their unit; 连续两年 and 第3名 stay words.
_MARKED_KINDS = frozenset({"count", "percent", "money", "measure", "multiple"})
# A last-year figure is compared with one of the few numbers before it.
_LOOKBACK = 6
# More parts than this are not summed up in one sentence.
_MOST_PARTS = 12
# More than 1.7 % down is less than −1.7 %.
_TURNED = {"over": "under", "under": "over"}
_CLAUSES = re.compile("[，。；：#]+")
_EDGES = "，。；：、 \n"
_PAIRS = (("“", "”"), ("‘", "’"), ("（", "）"), ("《", "》"))
_OPENING, _CLOSING = (frozenset(signs) for signs in zip(*_PAIRS, strict=True))
Sentence = tuple[int, int, str, int, str]


class ReportReader:
    """Collects candidates by indicator, sentence by sentence, in order."""

    def __init__(self, readings: Readings, headings: dict[int, tuple[str, ...]]) -> None:
        self.readings = readings
        self.matcher = matcher = readings.matcher
        self.headings = headings
        self.candidates: list[list[Candidate]] = [[] for _ in matcher.indicators]

    def read(self, sentences: Sequence[Sentence], quantities: dict[int, list[Quantity]]) -> list[list[Candidate]]:
        """The candidates by indicator, from sentences (number, section, role, start, text)."""
        before, section_before = "", -1
        for sentence_no, section_no, role, start, text in sentences:
            around = Surroundings(before if section_no == section_before else "", self.headings.get(section_no, ()))
            self._read_sentence(sentence_no, role, start, text, quantities.get(sentence_no, []), around)
            before, section_before = text, section_no
        return self.candidates

    def _read_sentence(
        self, sentence_no: int, role: str, start: int, text: str, quantities: list[Quantity], around: Surroundings
    ) -> None:
        matcher = self.matcher
        marked = [
            quantity
            for quantity in quantities
            if quantity.kind in _MARKED_KINDS or (quantity.key in matcher.numbers and quantity.kind != "zero")
        ]
        if not marked and not matcher.may_answer_without_number(text):
            return
        spans = [(quantity.start - start, quantity.end - start) for quantity in marked]
        reading = self.readings.read(simplify(text, spans), tuple(quantity.key for quantity in marked), around)
        if reading is NOTHING:
            return
        line, answered = reading.line, list(reading.numbers)
        self._lend_to_old_values(reading, marked, answered)
        parts = self._lend_to_totals(reading, marked, answered)
        read: list[tuple[Match, Quantity | None, Slot | None, bool]] = [
            (match, quantity, slot, slot.is_part or number in parts)
            for number, (matches, quantity, slot) in enumerate(zip(answered, marked, line.slots, strict=False))
            for match in matches
        ]
        read += [(match, None, None, False) for match in reading.others]
        offsets = trace(text, spans)
        zeros = [quantity for quantity in quantities if quantity.kind == "zero"]
        for match, quantity, slot, is_part in read:
            first, last = start + offsets[max(0, match.start)], start + offsets[min(match.end, len(offsets)) - 1] + 1
            if match.state == "zero":
                quantity = next((zero for zero in zeros if first <= zero.start < last), None)
            elif quantity is not None:
                last = max(last, quantity.end)
            clause = line.text[match.start : match.end] if slot is None else nature_of(slot, matcher.language).clause
            figure = "" if quantity is None else text[quantity.start - start : quantity.end - start]
            self._add(match, quantity, slot, is_part, sentence_no, role, _trim(text, start, first, last), clause, figure)

    def _lend_to_old_values(self, reading: Reading, marked: list[Quantity], answered: list[Sequence[Match]]) -> None:
        """A last-year figure without words of its own (比上年的42件) belongs to what the number before it answers."""
        for number, matches in enumerate(answered):
            if matches:
                continue
            slot = reading.line.slots[number]
            source = reading.old_values.get(number)
            if (
                source is None
                and marked[number].claim == "previous"
                and self.matcher.language.previous.match(slot.left)
            ):
                source = next(
                    (
                        near
                        for near in range(number - 1, max(-1, number - _LOOKBACK), -1)
                        if answered[near] and marked[near].key == marked[number].key
                    ),
                    None,
                )
            if source is not None:
                answered[number] = [
                    Match(match.place, match.pattern, slot.start, slot.mark + 1, "value", match.lost)
                    for match in answered[source]
                ]

    def _lend_to_totals(self, reading: Reading, marked: list[Quantity], answered: list[Sequence[Match]]) -> set[int]:
        """进社区6场、进校园4场，共10场: the sum, said without words of its own, answers what its parts answer.

        Gives the numbers that were found to be parts.
        """
        found: set[int] = set()
        for number in reading.bare:
            slot = reading.line.slots[number]
            parts = _parts_of(number, marked)
            asked = [match.place for part in parts for match in answered[part] if not match.lost]
            shared = {place for place in asked if asked.count(place) > 1}
            if not shared:
                continue
            found.update(parts)
            first = {match.place: match for part in reversed(parts) for match in answered[part] if not match.lost}
            answered[number] = [match for match in answered[number] if match.place not in shared] + [
                Match(place, first[place].pattern, first[place].start, slot.mark + 1, "value", "")
                for place in sorted(shared)
            ]
        return found

    def _add(
        self,
        match: Match,
        quantity: Quantity | None,
        slot: Slot | None,
        is_part: bool,
        sentence_no: int,
        role: str,
        span: tuple[int, int],
        clause: str,
        figure: str,
    ) -> None:
        indicator = self.matcher.indicators[match.place]
        number = quantity if match.state == "value" else None
        stated = 0.0 if match.state == "zero" else match.pattern.value if match.state == "stated" else None
        low, high = (number.low, number.high) if number is not None else (stated, stated)
        approx = number.approx if number is not None else None if match.state == "na" else "exact"
        if match.is_fall:
            low, high = (None if bound is None else -bound for bound in (high, low))
            approx = _TURNED.get(approx or "", approx)
        claim = self._claim(match, quantity, slot, clause)
        unit = number.unit if number is not None and number.unit else indicator.unit
        self.candidates[match.place].append(
            Candidate(
                state=match.state if match.state == "na" else "zero" if low == 0 and high == 0 else "value",
                low=low,
                high=high,
                approx=approx,
                unit=unit,
                unit_key=number.key if number is not None else indicator.unit,
                quantity_no=None if quantity is None else quantity.quantity_no,
                sentence_no=sentence_no,
                start=span[0],
                end=span[1],
                order=quantity.start if quantity is not None else span[0],
                clause=clause.replace("@", f"@{unit}"),
                why=partial(_why, match, clause, figure, indicator.unit),
                said=figure if number is not None else in_short(clause),
                is_part=is_part or (slot is not None and self._is_partial(slot, indicator)),
                is_fallback=match.pattern.is_fallback,
                to_date=None if quantity is None else quantity.to_date,
                is_previous=claim == "previous" and not match.lost and role in indicator.roles,
                lost=self._why_lost(match, slot, claim, role),
            )
        )

    def _is_partial(self, slot: Slot, indicator: Indicator) -> bool:
        """春节期间宣讲6场; of a stock 新增2名: a total said elsewhere answers before it."""
        nature = nature_of(slot, self.matcher.language)
        return nature.is_occasion or (nature.is_increment and "cumulative" in indicator.accepts)

    def _claim(self, match: Match, quantity: Quantity | None, slot: Slot | None, clause: str) -> str:
        if quantity is None:
            return "previous" if match.state != "na" and self.matcher.language.last_year.match(clause) else "own"
        if slot is not None and quantity.claim in ("own", "previous"):
            # 由上年的5件增至9件: whatever 上年 stands near, the old value is last year's and the new one this year's.
            return "previous" if slot.is_old_value else "own" if slot.came_from is not None else quantity.claim
        return quantity.claim

    def _why_lost(self, match: Match, slot: Slot | None, claim: str, role: str) -> str:
        indicator = self.matcher.indicators[match.place]
        if match.lost:
            return match.lost
        if claim != "own" and claim not in indicator.accepts:
            return WHY_CLAIM.get(claim, "不是本部门当年的数")
        if role not in indicator.roles:
            return WHY_ROLE.get(role, "不在作答的章节")
        if (
            slot is not None
            and slot.came_from is None
            and not indicator.is_change
            and nature_of(slot, self.matcher.language).is_change
        ):
            return "是变动量，不是当年的量"
        return ""


def _why(match: Match, clause: str, figure: str, unit: str) -> str:
    """Why a number, or words without one, answer, as an office worker would say it."""
    about = f"；这里说的是{'、'.join(match.pattern.about)}" if match.pattern.about else ""
    if match.state == "na":
        return f"原文写明“{in_short(clause)}”，即不适用"
    if match.state == "stated":
        stated = "0" if match.pattern.value == 0 else f"{match.pattern.value:.10g}{unit}"
        return f"原文写“{in_short(clause)}”，折为{stated}{about}"
    if match.state == "zero":
        return f"原文写“{in_short(clause)}”，即没有{about}"
    before, after = match.said
    if not before and not after:
        return f"“{figure}”是前面几个数的合计{about}"
    *earlier, near = list(filter(None, _CLAUSES.split(before))) or [""]
    near, after = in_short(near), in_short(after)
    topic = f"，同句前面说到“{in_short(earlier[0])}”" if earlier else ""
    fall = "，下降记为负数" if match.is_fall else ""
    return f"原文“{near}{figure}{after}”紧邻指标词“{near or after}”{topic}{fall}{about}"


def _parts_of(number: int, marked: list[Quantity]) -> list[int]:
    """The numbers right before that add up to this one, at least two, all exact and in its unit."""
    whole = marked[number]
    if whole.low is None or whole.low != whole.high:
        return []
    rest = whole.low
    parts: list[int] = []
    for part in range(number - 1, max(-1, number - 1 - _MOST_PARTS), -1):
        quantity = marked[part]
        if quantity.key != whole.key or quantity.low is None or quantity.low != quantity.high:
            break
        rest -= quantity.low
        parts.insert(0, part)
        if abs(rest) <= 1e-9 * max(1.0, whole.low):
            return parts if len(parts) > 1 else []
        if rest < 0:
            break
    return []


def _trim(text: str, start: int, first: int, last: int) -> tuple[int, int]:
    """The span without signs at its ends but with both of its quotation marks, as offsets into the document."""
    piece = text[first - start : last - start]
    begin, end = (
        first - start + len(piece) - len(piece.lstrip(_EDGES)),
        last - start - len(piece) + len(piece.rstrip(_EDGES)),
    )
    if text[end : end + 1] not in _CLOSING and (not begin or text[begin - 1] not in _OPENING):
        return start + begin, start + end
    for opening, closing in _PAIRS:
        if text[end : end + 1] == closing and text.count(opening, begin, end) > text.count(closing, begin, end):
            end += 1
        if begin and text[begin - 1] == opening and text.count(closing, begin, end) > text.count(opening, begin, end):
            begin -= 1
    return start + begin, start + end
