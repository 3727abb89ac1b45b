"""Parts and totals: 办结538件，其中普通程序402件、简易程序126件 does not add up.

Lists that claim to be complete must add up; other lists must not exceed the total.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.comparisons.inspection import Finding, Quantity, Report, Sentence, quote, words_before
from pipeline.comparisons.intervals import Interval
from pipeline.profiles.checks import CheckRules, ClosedParts

# Between two parts stands a list mark and the label of the second: 、简易程序
_NEXT_PART = re.compile(r"^(?:件|起)?[、，,；;和及与]?\s*([^，。；、\d]{0,14})$")
_PENDING = re.compile(r"未审结|尚未|正在(?:审理|办理)|未结|在审|在办|待(?:判|审)|结转")
_MAX_DISTANCE = 24
_LIST_MARKS = "、和及与，,"
_EACH_LIST_MARK = tuple(_LIST_MARKS)
_STATEMENT_END = re.compile(r"[；;。]")
_AFTER_CLAUSE = re.compile(r"[，。；（(]")


@dataclass(frozen=True)
class _Part:
    label: str
    quantity: Quantity


@dataclass(frozen=True)
class _Sum:
    """A total and the parts listed after it. `is_closed`: the parts say that they are all there is."""

    sentence: Sentence
    total: Quantity
    parts: tuple[_Part, ...]
    is_closed: bool


def check_sums(report: Report, rules: CheckRules) -> Finding:
    """Whether parts and totals agree, as intervals: 80余件 may be 81 to 90."""
    wrong: list[tuple[int, int, str]] = []
    count = 0
    for sentence in report.sentences:
        for listed in _find_sums(sentence, rules) if len(sentence.quantities) > 1 else ():
            count += 1
            problem = _disagreement(listed)
            if problem and not any(_disagreement(other) is None for other in _other_readings(listed)):
                start, end = listed.total.start, listed.parts[-1].quantity.end
                wrong.append((start, end, f"“{quote(report.text[start:end], 60)}”{problem}"))
    if wrong:
        return Finding(False, wrong[0][0], wrong[0][1], {"detail": "；".join(text for _, _, text in wrong)})
    return Finding(True if count else None, fields={"count": count})


def _find_sums(sentence: Sentence, rules: CheckRules) -> Iterator[_Sum]:
    """Every total with its list of parts in one sentence."""
    counts = [quantity for quantity in sentence.quantities if quantity.kind in ("count", "money")]
    if len(counts) < 2 or not (_has_list(sentence, counts) or rules.part_mark.search(sentence.text)):
        return
    used: set[int] = set()
    for at, first in enumerate(counts):
        if first.quantity_no in used:
            continue
        is_listed = _is_listed(sentence, counts, at)
        if is_listed:
            parts = _read_parts(sentence, counts, at, rules)
            after = _total_after(sentence, counts, parts, rules) if len(parts) > 1 else None
            if after is not None:
                used.update(part.quantity.quantity_no for part in parts)
                yield _Sum(sentence, after, tuple(parts), True)
                continue
        gap = sentence.text[sentence.place(counts[at - 1])[1]:sentence.place(first)[0]] if at else ""
        is_marked = bool(rules.part_mark.search(gap))
        if not (is_listed or is_marked):
            continue  # a single figure is part of nothing that nothing announces
        total = _find_total(sentence, counts, at, is_marked)
        if total is None:
            continue
        if not is_listed:
            parts = _read_parts(sentence, counts, at, rules)
        group = _closed_group(parts, rules)
        is_told = group is not None and group.total is not None and bool(group.total.search(_around(sentence, total)))
        if not is_marked and not is_told:
            continue
        has_rest = len(parts) > 1 and any(rules.rest.search(part.label) for part in parts)
        is_closed = (has_rest or group is not None) and not _PENDING.search(sentence.text)
        if not is_closed and any(rules.overlap.search(part.label) for part in parts):
            continue
        used.update(part.quantity.quantity_no for part in parts)
        yield _Sum(sentence, total, tuple(parts), is_closed)


def _has_list(sentence: Sentence, counts: list[Quantity]) -> bool:
    """Whether two neighbours stand in a list; parts without 其中 do."""
    text, begin = sentence.text, sentence.start
    return any(text[one.end - begin] in _LIST_MARKS for one in counts[:-1])


def _is_listed(sentence: Sentence, counts: list[Quantity], at: int) -> bool:
    """Whether a list of more than one part can begin with the quantity `at`."""
    if at + 1 == len(counts) or counts[at + 1].unit != counts[at].unit:
        return False
    end = counts[at].end - sentence.start
    return sentence.text[end:end + 1] in _LIST_MARKS and counts[at + 1].start - sentence.start > end


def _other_readings(listed: _Sum) -> Iterator[_Sum]:
    """In 查处286件，办结271件，其中… the parts may be those of the first figure."""
    for quantity in listed.sentence.quantities:
        if quantity.end <= listed.total.start and quantity.unit == listed.total.unit and listed.is_closed:
            yield _Sum(listed.sentence, quantity, listed.parts, True)


def _around(sentence: Sentence, quantity: Quantity) -> str:
    """The clause of a quantity."""
    start, end = sentence.place(quantity)
    return words_before(sentence.text, start, "，。；") + _AFTER_CLAUSE.split(sentence.text[end:], 1)[0]


def _read_parts(sentence: Sentence, counts: list[Quantity], at: int, rules: CheckRules) -> list[_Part]:
    """The list that begins with the quantity `at`: same unit, each with a short label of its own."""
    first = counts[at]
    start = sentence.place(first)[0]
    label = words_before(sentence.text, start, "，。；、：:（(", 20)
    parts = [_Part(label.removeprefix("其中"), first)]
    for quantity in counts[at + 1:]:
        if quantity.unit != first.unit:
            break
        gap = sentence.text[sentence.place(parts[-1].quantity)[1]:sentence.place(quantity)[0]]
        following = _NEXT_PART.match(gap)
        if not following or not gap.startswith(_EACH_LIST_MARK):
            break
        grown = [*parts, _Part(following[1], quantity)]
        # After a comma the list goes on only with a label of the same kind (普通程序, 简易程序; 维持, 撤销).
        is_same_kind = _same_ending(parts[-1].label, following[1]) or _closed_group(grown, rules) is not None
        if gap.startswith(("，", ",")) and not is_same_kind:
            break
        parts = grown
    return parts


def _same_ending(one: str, other: str) -> bool:
    return len(one) >= 2 and len(other) >= 2 and one[-2:] == other[-2:]


def _closed_group(parts: list[_Part], rules: CheckRules) -> ClosedParts | None:
    """The group of parts that is complete by nature, where every label belongs to it."""
    if len(parts) < 2 or not all(rules.closed_part.search(part.label) for part in parts):
        return None
    return next((
        group for group in rules.closed_parts
        if all(any(word in part.label for word in group.parts) for part in parts)
        and (group.needs is None or any(group.needs.search(part.label) for part in parts))), None)


def _total_after(
    sentence: Sentence, counts: list[Quantity], parts: list[_Part], rules: CheckRules
) -> Quantity | None:
    """The total of 人大建议12件、政协提案15件，共27件."""
    last = parts[-1].quantity
    following = next((quantity for quantity in counts if quantity.start >= last.end), None)
    if following is None or following.unit != last.unit:
        return None
    gap = sentence.text[sentence.place(last)[1]:sentence.place(following)[0]]
    return following if rules.total_after.search(gap) else None


def _find_total(sentence: Sentence, counts: list[Quantity], at: int, is_marked: bool) -> Quantity | None:
    """The nearest earlier quantity of the same unit that belongs to the same statement."""
    first = counts[at]
    text, begin = sentence.text, sentence.start
    for quantity in reversed(counts[:at]):
        gap = text[quantity.end - begin:first.start - begin]
        if _STATEMENT_END.search(gap) or (not is_marked and len(gap) > _MAX_DISTANCE):
            return None
        if quantity.unit == first.unit and quantity.claim == first.claim:
            return quantity
    return None


def _disagreement(listed: _Sum) -> str | None:
    """What is wrong with a list, in words; None where it can be right."""
    total = listed.total.value
    for part in listed.parts:
        if part.quantity.value.least > total.most:
            return f"：分项{part.quantity.text}大于合计{listed.total.text}"
    added = Interval(
        sum(part.quantity.value.least for part in listed.parts), sum(part.quantity.value.most for part in listed.parts))
    if added.least > total.most or (listed.is_closed and added.most < total.least):
        shown = f"{added.least:g}" if added.is_exact else f"{added.least:g}至{added.most:g}"
        return f"：分项合计{shown}，与{listed.total.text}不符"
    return None
