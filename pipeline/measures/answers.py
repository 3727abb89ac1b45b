"""The candidates of one report: every number or wording that fits an indicator, with the reason where it may not answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from pipeline.measures.carrying import count_listed
from pipeline.measures.clauses import Slot, nature_of
from pipeline.measures.matching import Match, Quantity, Surroundings
from pipeline.measures.readings import NOTHING, Reading, Readings
from pipeline.measures.reasons import Quoter, say_beside, say_why, trim
from pipeline.measures.settling import WHY_CLAIM, WHY_ROLE, Candidate
from pipeline.measures.simplified import simplify, trace
from pipeline.profiles.indicators import Indicator

# Kinds that part a clause even where no indicator takes their unit; 连续两年 and 第3名 stay words.
_MARKED_KINDS = frozenset({"count", "percent", "money", "measure", "multiple"})
# A last-year figure is compared with one of the few numbers before it.
_LOOKBACK = 6
# More parts than this are not summed up in one sentence.
_MOST_PARTS = 12
_LONGEST_SAID = 20
# More than 1.7 % down is less than −1.7 %.
_TURNED = {"over": "under", "under": "over"}
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
        quoter = Quoter(text, line.text, trace(text, spans), dict(spans))
        zeros = [quantity for quantity in quantities if quantity.kind == "zero"]
        for match, quantity, slot, is_part in read:
            first, last = quoter.span(match.start, match.end)
            if match.state == "zero":
                quantity = next((zero for zero in zeros if first <= zero.start - start < last), None)
            elif quantity is not None:
                last = max(last, quantity.end - start)
            clause = line.text[match.start : match.end] if slot is None else nature_of(slot, matcher.language).clause
            figure = "" if quantity is None else text[quantity.start - start : quantity.end - start]
            first, last = trim(text, first, last)
            said = figure if match.state == "value" else text[first:last][:_LONGEST_SAID]
            indicator = matcher.indicators[match.place]
            times = count_listed(slot.left, indicator.each, matcher.language) if slot is not None and indicator.each else 1
            why = partial(say_why, match, slot, quoter, figure, indicator.unit, times)
            lost = say_beside(match, slot, quoter) if match.beside else match.lost
            place = (start + first, start + last)
            self._add(match, quantity, slot, is_part, sentence_no, role, place, clause, said, why, lost, times)

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
                    Match(match.place, match.pattern, slot.start, slot.mark + 1, "value", match.lost, beside=match.beside)
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
        said: str,
        why: Callable[[], str],
        lost: str,
        times: int,
    ) -> None:
        indicator = self.matcher.indicators[match.place]
        number = quantity if match.state == "value" else None
        stated = 0.0 if match.state == "zero" else match.pattern.value if match.state == "stated" else None
        low, high = (number.low, number.high) if number is not None else (stated, stated)
        if times > 1:
            low, high = (None if bound is None else bound * times for bound in (low, high))
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
                why=why,
                said=said,
                is_part=is_part or (slot is not None and self._is_partial(slot, indicator)),
                is_fallback=match.pattern.is_fallback,
                to_date=None if quantity is None else quantity.to_date,
                is_previous=claim == "previous" and not match.lost and role in indicator.roles,
                lost=lost or self._why_lost(match, slot, claim, role),
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
