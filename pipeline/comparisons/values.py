"""The same thing with two different figures in one report.

It is the same thing where both figures count the same object with the same unit for the whole year.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from pipeline.comparisons.inspection import Finding, Quantity, Report, Sentence, quote, words_before
from pipeline.profiles.checks import CheckRules

# Objects shorter than this (案件, 活动) are too general to be the same thing.
MIN_OBJECT_CHARS = 4
# Words that make a figure part of another, or a different matter.
_PART = re.compile(r"其中|另有|包括|分别|首次|新增|又|再|联合|专项|上年|去年|未|不|被")
_FILLER = re.compile(r"行政(?=处罚|许可|检查|复议|诉讼)|监督(?=抽检|检查)|的|了|等|\d+")
_NOT_HANZI = re.compile(r"[^一-鿿]")


def check_values(report: Report, rules: CheckRules) -> Finding:
    """Whether figures of the same thing agree; compared as intervals, so 1.2万余 and 12 300 agree."""
    wrong: list[tuple[int, int, str]] = []
    count = 0
    for one, other, what in _same_things(report, rules):
        count += 1
        if one.value.least > other.value.most or other.value.least > one.value.most:
            later = max(one, other, key=lambda quantity: quantity.start)
            first = min(one, other, key=lambda quantity: quantity.start)
            around = quote(report.text[max(0, later.start - 16):later.end + 10])
            wrong.append((later.start, later.end, f"{what}一处为{first.text}，另一处为{later.text}（“{around}”）"))
    if wrong:
        wrong.sort()
        detail = "；".join(dict.fromkeys(text for _, _, text in wrong))
        return Finding(False, wrong[0][0], wrong[0][1], {"detail": detail})
    return Finding(True if count else None, fields={"count": count})


def _same_things(report: Report, rules: CheckRules) -> Iterator[tuple[Quantity, Quantity, str]]:
    """Pairs of figures of different sentences that ought to be equal, and a name for the thing."""
    by_unit: dict[str, list[tuple[Quantity, str, str]]] = defaultdict(list)
    for sentence in report.sentences:
        for quantity in sentence.quantities:
            if _is_yearly(sentence, quantity) and (thing := _object(quantity)):
                by_unit[quantity.unit].append((quantity, thing, _action(sentence, quantity, rules)))
    for counted in by_unit.values():
        for (one, thing, action), (other, other_thing, other_action) in combinations(counted, 2):
            is_one_action = action == other_action or not action or not other_action
            if is_one_action and one.sentence_no != other.sentence_no and _is_same(thing, other_thing):
                yield one, other, max(thing, other_thing, key=len)


def _is_yearly(sentence: Sentence, quantity: Quantity) -> bool:
    """A figure of the office itself for the year, not a part of another."""
    if quantity.kind != "count" or quantity.claim not in ("own", "") or sentence.role in ("next_plan", "problems"):
        return False
    clause = words_before(sentence.text, sentence.place(quantity)[0], "，。；：")
    return not _PART.search(clause) and not quantity.to_date


def _object(quantity: Quantity) -> str:
    """What is counted, without verbs, filler and numbers (12345热线工单 is 热线工单); "" where that says too little."""
    core = _FILLER.sub("", quantity.object)
    return core if len(core) >= MIN_OBJECT_CHARS else ""


def _action(sentence: Sentence, quantity: Quantity, rules: CheckRules) -> str:
    """What was done with the things counted: the words before the figure without its object; "" where none is said."""
    clause = words_before(sentence.text, sentence.place(quantity)[0], "，。；：、")
    at = clause.rfind(quantity.object) if quantity.object else -1
    said = clause[:at] if at >= 0 else clause
    said = _NOT_HANZI.sub("", rules.yearly.sub("", said)).removesuffix("的").removesuffix("了")
    for length in (4, 3, 2):
        if said[-length:] in rules.same_actions:
            return f"action {rules.same_actions[said[-length:]]}"
    return said[-2:]


def _is_same(one: str, other: str) -> bool:
    """Equal, or one is the other with words left out (食品抽检, 食品监督抽检; 热线工单, 12345热线工单)."""
    if one == other:
        return True
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if len(short) < MIN_OBJECT_CHARS or 2 * len(short) <= len(long):
        return False
    letters = iter(long)
    return all(letter in letters for letter in short)
