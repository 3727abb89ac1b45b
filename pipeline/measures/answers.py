"""The candidates of one report: every number or wording that fits an indicator, with the reason where it may not answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.measures.carrying import read_line
from pipeline.measures.clauses import Line, Slot
from pipeline.measures.matching import Match, Matcher, Quantity, Surroundings
from pipeline.measures.settling import WHY_CLAIM, WHY_ROLE, Candidate
from pipeline.measures.simplified import trace

# Kinds that part a clause even where no indicator takes their unit; 连续两年 and 第3名 stay words.
_MARKED_KINDS = frozenset({"count", "percent", "money", "measure", "multiple"})
# A last-year figure is compared with one of the few numbers before it.
_LOOKBACK = 6
# More parts than this are not summed up in one sentence.
_MOST_PARTS = 12
_LONGEST_FILLER = 12
_BORDER = re.compile("[#，。；、：（]")
_EDGES = "，。；：、 \n"
_PAIRS = (("“", "”"), ("‘", "’"), ("（", "）"), ("《", "》"))
Sentence = tuple[int, int, str, int, str]


class ReportReader:
    """Collects candidates by indicator, sentence by sentence, in order."""

    def __init__(self, matcher: Matcher, headings: dict[int, tuple[str, ...]]) -> None:
        self.matcher = matcher
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
        line = read_line(text, spans, matcher.language)
        read: list[tuple[Match, Quantity | None, Slot | None]] = []
        if marked and len(line.slots) == len(marked):
            _keep_like_parts(line, marked)
            answered = [
                matcher.match_number(line, slot, quantity.key, around)
                for slot, quantity in zip(line.slots, marked, strict=True)
            ]
            self._lend_to_old_values(line, marked, answered)
            self._lend_to_totals(line, marked, answered)
            read += [
                (match, quantity, slot)
                for matches, quantity, slot in zip(answered, marked, line.slots, strict=True)
                for match in matches
            ]
        read += [
            (match, None, None) for match in (*matcher.match_zeros(line, around), *matcher.match_words(line, around))
        ]
        if not read:
            return
        offsets = trace(text, spans)
        zeros = [quantity for quantity in quantities if quantity.kind == "zero"]
        for match, quantity, slot in read:
            first, last = start + offsets[max(0, match.start)], start + offsets[min(match.end, len(offsets)) - 1] + 1
            if match.state == "zero":
                quantity = next((zero for zero in zeros if first <= zero.start < last), None)
            elif quantity is not None:
                last = max(last, quantity.end)
            clause = line.text[match.start : match.end] if slot is None else f"{slot.left}@{slot.right}"
            self._add(match, quantity, slot, sentence_no, role, _trim(text, start, first, last), clause)

    def _lend_to_old_values(self, line: Line, marked: list[Quantity], answered: list[list[Match]]) -> None:
        """A last-year figure without words of its own (比上年的42件) belongs to what the number before it answers."""
        replaced_by = {slot.came_from: number for number, slot in enumerate(line.slots) if slot.came_from is not None}
        for number, slot in enumerate(line.slots):
            if answered[number]:
                continue
            source = replaced_by.get(number)
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

    def _lend_to_totals(self, line: Line, marked: list[Quantity], answered: list[list[Match]]) -> None:
        """进社区6场、进校园4场，共10场: the sum, said without words of its own, answers what its parts answer."""
        for number in range(2, len(marked)):
            slot = line.slots[number]
            own_words = _BORDER.split(line.text[max(0, slot.mark - _LONGEST_FILLER) : slot.mark])[-1]
            if slot.right or not self.matcher.language.filler.match(own_words):
                continue
            parts = _parts_of(number, marked)
            asked = [match.place for part in parts for match in answered[part] if not match.lost]
            shared = {place for place in asked if asked.count(place) > 1}
            if not shared:
                continue
            for part in parts:
                line.slots[part].is_part = True
            first = {match.place: match for part in reversed(parts) for match in answered[part] if not match.lost}
            answered[number] = [match for match in answered[number] if match.place not in shared] + [
                Match(place, first[place].pattern, first[place].start, slot.mark + 1, "value", "")
                for place in sorted(shared)
            ]

    def _add(
        self,
        match: Match,
        quantity: Quantity | None,
        slot: Slot | None,
        sentence_no: int,
        role: str,
        span: tuple[int, int],
        clause: str,
    ) -> None:
        indicator = self.matcher.indicators[match.place]
        number = quantity if match.state == "value" else None
        stated = 0.0 if match.state == "zero" else match.pattern.value if match.state == "stated" else None
        low, high = (number.low, number.high) if number is not None else (stated, stated)
        claim = self._claim(match, quantity, slot, clause)
        unit = number.unit if number is not None and number.unit else indicator.unit
        about = f"，所述为{'、'.join(match.pattern.about)}" if match.pattern.about else ""
        self.candidates[match.place].append(
            Candidate(
                state=match.state if match.state == "na" else "zero" if low == 0 and high == 0 else "value",
                low=low,
                high=high,
                approx=number.approx if number is not None else None if match.state == "na" else "exact",
                unit=unit,
                unit_key=number.key if number is not None else indicator.unit,
                quantity_no=None if quantity is None else quantity.quantity_no,
                sentence_no=sentence_no,
                start=span[0],
                end=span[1],
                order=quantity.start if quantity is not None else span[0],
                clause=clause.replace("@", f"@{unit}"),
                why=f"句式“{match.pattern.text}”相符{about}",
                is_part=slot is not None and slot.is_part,
                is_fallback=match.pattern.is_fallback,
                to_date=None if quantity is None else quantity.to_date,
                is_previous=claim == "previous" and not match.lost and role in indicator.roles,
                lost=self._why_lost(match, slot, claim, role),
            )
        )

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
            and self.matcher.language.delta.search(slot.left)
        ):
            return "是变动量，不是当年的量"
        return ""


def _keep_like_parts(line: Line, marked: list[Quantity]) -> None:
    """其中普通程序31件，罚款48万元: a number in a later clause is a part only of what was counted in the same unit."""
    whole: set[str] = set()
    opened = False
    for slot, quantity in zip(line.slots, marked, strict=True):
        if not slot.is_part:
            whole, opened = (whole if not opened else set()) | {quantity.key}, False
        elif opened and quantity.key not in whole and line.text[max(0, slot.start - 1) : slot.start] == "，":
            slot.is_part = False
        else:
            opened = True


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
    for opening, closing in _PAIRS:
        if text[end : end + 1] == closing and text.count(opening, begin, end) > text.count(closing, begin, end):
            end += 1
        if begin and text[begin - 1] == opening and text.count(closing, begin, end) > text.count(opening, begin, end):
            begin -= 1
    return start + begin, start + end
