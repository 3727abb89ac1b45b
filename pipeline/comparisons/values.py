"""The same thing with two different figures in one report.

Only statements of the same thing, by the same head word and of the same scope, are held against each other: a
facet (主要负责人出庭4件), another body's figure or a part of the year is no second value of the total.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations
from typing import NamedTuple

from pipeline.comparisons.inspection import Finding, Quantity, Report, Sentence, quote, words_before
from pipeline.profiles.checks import CheckRules

# Names shorter than this (案件, 活动) are too general to be the same thing; longer ones than the second are so special
# that two figures near each other contradict even where neither says that it is the year's.
MIN_NAME_CHARS = 4
MIN_SPECIAL_CHARS = 6
# A slip of the pen leaves figures near each other; a part is usually far from its total.
NEAR = 1.35
# Two answers to one indicator are the same thing where their names have this share of character pairs in common.
MIN_SAME_NAME = 0.5
_MAX_TAIL = 16
_CLAUSE_MARKS = "，。；：、（("
_CLAUSE_END = re.compile(r"[，。；：、（）()]")
_LETTERS = re.compile(r"[^一-鿿]")
_ALL_OF_THEM = re.compile(r"^(?:均|全部|都)")
_OPENING_PARTICLES = re.compile(r"(?:在|对|将|把|的|了|共|已|先后|依法|认真|及时)+")
_CLOSING_PARTICLES = re.compile(r"(?:的|了|共|达|为|达到|中)+$")
_CLOSING = ("的", "了", "共", "达", "为", "到", "中")


class Names:
    """Reads what figures count. Offices say the same in the same words, and each of them is read once."""

    def __init__(self, rules: CheckRules) -> None:
        self._rules = rules
        self._read: dict[str, tuple[str, str, frozenset[int]]] = {}

    def read(self, said: str) -> tuple[str, str, frozenset[int]]:
        """What the words before a figure say is counted, with and without filler, and the verbs."""
        if said not in self._read:
            raw, actions = _without_actions(self._rules.yearly.sub("", said), self._rules)
            name = self._rules.filler.sub("", raw)
            self._read[said] = raw, name if len(name) >= 2 else raw, actions
        return self._read[said]


class _Statement(NamedTuple):
    """A figure and what it counts: `name` without verbs that mean the same and without filler; `raw` with the filler.

    `after` are the words behind it.
    `is_total`: it says that it is the year's (全年); `is_known`: it speaks of things told before (作出的89件处罚决定);
    `is_carried`: what is counted was said in a clause before (成功化解260件).
    """

    quantity: Quantity
    sentence: Sentence
    raw: str
    name: str
    actions: frozenset[int]
    after: str
    is_total: bool
    is_known: bool
    is_carried: bool


def check_values(report: Report, rules: CheckRules, names: Names) -> Finding:
    """Whether figures of the same thing agree; compared as intervals, so 1.2万余 and 12 300 agree."""
    wrong: list[tuple[int, int, str]] = []
    count = 0
    for one, other, is_wrong in _same_things(report, rules, names):
        count += 1
        if is_wrong:
            first, later = sorted((one, other), key=lambda each: each.quantity.start)
            what = min(first.quantity.object, later.quantity.object, key=len) or first.name
            wrong.append((later.quantity.start, later.quantity.end,
                          f"{what}一处为{first.quantity.text}，另一处为{later.quantity.text}"
                          f"（“{_clause_of(first)}”与“{_clause_of(later)}”）"))
    if wrong:
        wrong.sort()
        detail = "；".join(dict.fromkeys(text for _, _, text in wrong))
        return Finding(False, wrong[0][0], wrong[0][1], {"detail": detail})
    return Finding(True if count else None, fields={"count": count})


def _same_things(
    report: Report, rules: CheckRules, names: Names
) -> Iterator[tuple[_Statement, _Statement, bool]]:
    """Pairs of statements of one thing, and whether their figures contradict each other."""
    by_unit: dict[str, list[tuple[Sentence, Quantity]]] = defaultdict(list)
    for sentence in report.sentences:
        for quantity in sentence.quantities:
            if _is_own(sentence, quantity):
                by_unit[quantity.unit].append((sentence, quantity))

    rivals = frozenset().union(*report.rivals)

    # Few statements are ever held against another one.
    @cache
    def scope_of(at: int) -> frozenset[str]:
        return _scope(statements[at], rules)

    for figures in by_unit.values():
        statements = _statements(figures, rules, names)
        scope_of.cache_clear()
        name = [each.name for each in statements]
        may_mean = [_may_mean(each) for each in statements]
        is_rival = [each.quantity.quantity_no in rivals for each in statements]
        for at, to in combinations(range(len(statements)), 2):
            if name[at] != name[to] and not (may_mean[at] or may_mean[to] or (is_rival[at] and is_rival[to])):
                continue
            one, other = statements[at], statements[to]
            if one.sentence is other.sentence or scope_of(at) != scope_of(to):
                continue
            if _is_same(one, other):
                is_apart = _are_apart(one.quantity, other.quantity)
                is_sure = one.is_total or other.is_total or one.is_known or other.is_known
                is_special = min(len(one.raw), len(other.raw)) >= MIN_SPECIAL_CHARS
                if is_sure or not is_apart or (is_special and _is_near(one.quantity, other.quantity)):
                    yield one, other, is_apart
            elif _are_apart(one.quantity, other.quantity):
                is_near = _is_near(one.quantity, other.quantity)
                if (
                    (is_near and (_is_meant(one, other, statements) or _is_meant(other, one, statements)))
                    or (_answer_alike(report, one, other) and (is_near or _alike(one, other) >= MIN_SAME_NAME))
                ):
                    yield one, other, True


def _statements(
    figures: Sequence[tuple[Sentence, Quantity]], rules: CheckRules, names: Names
) -> list[_Statement]:
    """Figures of one unit that say what they count; none where all stand in one sentence."""
    if _is_one_sentence(figures):
        return []
    figures = [(sentence, quantity) for sentence, quantity in figures if _is_whole(sentence, quantity, rules)]
    if _is_one_sentence(figures):
        return []
    statements = [_read(sentence, quantity, rules, names) for sentence, quantity in figures]
    # Shortcomings speak of gaps, but for those of the whole year (全年办结行政处罚820件).
    return [each for each in statements if each and (each.is_total or each.sentence.role != "problems")]


def _is_one_sentence(figures: Sequence[tuple[Sentence, Quantity]]) -> bool:
    return all(sentence is figures[0][0] for sentence, _ in figures)


def _is_own(sentence: Sentence, quantity: Quantity) -> bool:
    """A figure of the office itself for the year."""
    return (quantity.kind == "count" and quantity.claim in ("own", "") and sentence.role != "next_plan"
            and not quantity.to_date)


def _is_whole(sentence: Sentence, quantity: Quantity, rules: CheckRules) -> bool:
    """Not a part of another figure."""
    return not rules.not_whole.search(words_before(sentence.text, quantity.start - sentence.start, "，。；："))


def _read(sentence: Sentence, quantity: Quantity, rules: CheckRules, names: Names) -> _Statement | None:
    """What a figure counts and of what; None where that says too little."""
    start, end = sentence.place(quantity)
    before = words_before(sentence.text, start, _CLAUSE_MARKS)
    after = _CLAUSE_END.split(sentence.text[end:end + _MAX_TAIL], 1)[0]
    thing = quantity.object
    is_behind = bool(thing) and thing not in before and thing in after
    is_all = bool(_ALL_OF_THEM.match(after[len(thing):] if is_behind else after))
    if is_behind and not before.strip() and not is_all:
        return None  # 12名执法人员取得资格 are some of them.
    said = before if not thing or thing in before else before + thing
    raw, name, actions = names.read(said)
    is_total = bool(rules.total.search(before))
    if len(name) < 2 or (len(raw) < MIN_NAME_CHARS and not (is_behind and is_total)):
        return None
    return _Statement(
        quantity, sentence, raw, name, actions, after, is_total, is_behind or is_all, bool(thing) and thing not in before and not is_behind)


def _scope(statement: _Statement, rules: CheckRules) -> frozenset[str]:
    """What limits a statement: words in its clause, and some in those before."""
    text, start = statement.sentence.text, statement.quantity.start - statement.sentence.start
    return frozenset(rules.scope.findall(words_before(text, start, "，。；") + statement.after)
                     + rules.lead.findall(words_before(text, start, "。；")))


def _without_actions(said: str, rules: CheckRules) -> tuple[str, frozenset[int]]:
    """The words without the verbs at their ends that have a line in the knowledge, and the numbers of those lines."""
    said = _LETTERS.sub("", said)
    actions: set[int] = set()
    length = -1
    while length != len(said):
        length = len(said)
        opening = _OPENING_PARTICLES.match(said)
        said = said[opening.end():] if opening else said
        if said.endswith(_CLOSING):
            said = _CLOSING_PARTICLES.sub("", said)
        for size in (4, 3, 2):
            for verb, rest in ((said[:size], said[size:]), (said[-size:], said[:-size])):
                if verb in rules.same_actions and len(verb) == size and said != verb:
                    actions.add(rules.same_actions[verb])
                    said = rest
                    break
    return said, frozenset(actions)


def _is_same(one: _Statement, other: _Statement) -> bool:
    """Whether both have the same name and no different verbs."""
    if one.name != other.name:
        return False
    is_one_action = not one.actions or not other.actions or bool(one.actions & other.actions)
    return is_one_action and (
        max(len(one.raw), len(other.raw)) >= MIN_NAME_CHARS or one.actions == other.actions)


def _may_mean(known: _Statement) -> bool:
    """Whether a statement may speak of a figure told before."""
    return known.is_total and known.is_known and len(known.name) >= MIN_NAME_CHARS


def _is_meant(known: _Statement, told: _Statement, statements: Sequence[_Statement]) -> bool:
    """全年调解的286件纠纷 means what was told before: the statement with all its words, unless another has its figure."""
    if not _may_mean(known) or told.is_carried:
        return False
    is_told = set(known.name) <= set(told.raw) and len(told.raw) <= 2 * len(known.raw) + 2
    return is_told and not any(
        each is not known and set(known.name) <= set(each.raw) and not _are_apart(known.quantity, each.quantity)
        for each in statements)


def _answer_alike(report: Report, one: _Statement, other: _Statement) -> bool:
    """Whether both are told apart as different answers to one indicator, and have a word in common."""
    number, another = one.quantity.quantity_no, other.quantity.quantity_no
    for rivals in report.rivals:
        if number in rivals and another in rivals:
            return _alike(one, other) > 0
    return False


def _alike(one: _Statement, other: _Statement) -> float:
    """Share of common pairs of characters of the two names."""
    first, second = ({name[at:at + 2] for at in range(len(name) - 1)} for name in (one.name, other.name))
    return 2 * len(first & second) / max(1, len(first) + len(second))


def _are_apart(one: Quantity, other: Quantity) -> bool:
    return one.value.least > other.value.most or other.value.least > one.value.most


def _is_near(one: Quantity, other: Quantity) -> bool:
    low, high = one.value, other.value
    if high.least < low.least:
        low, high = high, low
    return low.most > 0 and high.least <= NEAR * low.most


def _clause_of(statement: _Statement) -> str:
    """The clause of a figure as it is written."""
    text, (start, end) = statement.sentence.text, statement.sentence.place(statement.quantity)
    return quote(words_before(text, start, "，。；") + text[start:end] + re.split("[，。；]", text[end:], maxsplit=1)[0])
