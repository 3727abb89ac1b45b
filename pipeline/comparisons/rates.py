"""Rates against the counts beside them: 排查2460处、整改2254处 is 91.6 %, not 96.1 %.

Every way in which the counts nearby can be read as part and whole is tried; a rate is wrong only when
none of them gives it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.comparisons.inspection import Finding, Quantity, Report, Sentence, quote, words_before
from pipeline.comparisons.intervals import Interval
from pipeline.profiles.checks import CheckRules, RateRule

# Rounding: half a unit of the last digit written, and as much again for truncation.
ROUNDING = 1.0
_RATE_NAME = re.compile(r"([一-鿿]{1,10}率)(?:达到?|为|均为|是|高达|保持|升至|提高到|降至|下降到|稳定在|[：:])?$")
_DELIMITER = re.compile(r"[，。；：、（(\d]")
_STEM = re.compile(r"([一-鿿]{2})率$")
_MAX_AFTER = 10
# 应办结34件, 其中到期32件: a smaller whole that a rate may be of.
_NARROWER = re.compile(r"其中|应|需|须|到期|涉及")
# 2件行政诉讼案件均由局长出庭: the whole and the part in one.
_ALL = re.compile(r"均|全部|都|每")


@dataclass(frozen=True)
class _Count:
    """A count with the words that say what it counts: before it, and the few after it."""

    quantity: Quantity
    before: str
    after: str

    def is_named(self, pattern: re.Pattern[str]) -> bool:
        return bool(pattern.search(self.before) or pattern.search(self.after))


def check_rates(report: Report, rules: CheckRules) -> Finding:
    """Whether rates agree with the counts written in the same or the preceding sentence."""
    wrong: list[tuple[int, int, str]] = []
    count = 0
    for at, sentence in enumerate(report.sentences):
        if sentence.role == "next_plan":
            continue
        previous = report.sentences[at - 1] if at and report.sentences[at - 1].section_no == sentence.section_no else None
        for rate in sentence.quantities:
            verdict = _judge(sentence, previous, rate, rules) if _is_own_rate(rate) else None
            if verdict is None:
                continue
            count += 1
            if verdict:
                start = max(sentence.start, rate.start - 40)
                wrong.append((sentence.start, rate.end, f"“{quote(report.text[start:rate.end], 60)}”{verdict}"))
    if wrong:
        return Finding(False, wrong[0][0], wrong[0][1], {"detail": "；".join(text for _, _, text in wrong)})
    return Finding(True if count else None, fields={"count": count})


def _is_own_rate(quantity: Quantity) -> bool:
    return quantity.kind == "percent" and quantity.unit != "百分点" and quantity.claim in ("own", "cumulative", "") \
        and quantity.approx == "exact"


def _judge(sentence: Sentence, previous: Sentence | None, rate: Quantity, rules: CheckRules) -> str | None:
    """"" where the rate agrees, words where it does not, None where there is nothing to hold it against."""
    place = sentence.place(rate)[0]
    name = _RATE_NAME.search(sentence.text[max(0, place - 16):place])
    if name is None:
        return None
    rule = rules.find_rate(name[1])
    if rule is None:
        stem = _STEM.search(name[1])
        return _judge_by_stem(sentence, rate, stem[1]) if stem else None
    counts = _counts_before(sentence, place)
    earlier = _counts_before(previous, len(previous.text)) if previous else []
    pairs = _possible_pairs(rule, counts, earlier)
    return _hold_against(rate, pairs)


def _counts_before(sentence: Sentence, limit: int) -> list[_Count]:
    found = []
    for quantity in sentence.quantities:
        start, end = sentence.place(quantity)
        if end > limit or quantity.kind != "count" or quantity.claim not in ("own", "cumulative", ""):
            continue
        before = words_before(sentence.text, start, "，。；：、（(", 20)
        after = _DELIMITER.split(sentence.text[end:end + _MAX_AFTER], 1)[0]
        found.append(_Count(quantity, before, after))
    return found


def _possible_pairs(rule: RateRule, counts: list[_Count], earlier: list[_Count]) -> list[tuple[Interval, Interval]]:
    """(part, whole) in every reading; the whole may stand in the sentence before."""
    parts = [each for each in counts if each.is_named(rule.part)]
    wholes = [each for each in [*counts, *earlier] if each.is_named(rule.whole)
              and (not each.is_named(rule.part) or each.is_named(_ALL))]
    if not wholes and not rule.missing:
        return []
    missing = [each for each in counts if rule.missing and each.is_named(rule.missing)]
    # The total of several wholes (人大建议12件、政协提案9件), and a narrower whole in the same sentence.
    totals = [whole.quantity.value for whole in wholes]
    if len({whole.quantity.unit for whole in wholes}) == 1 and len(wholes) > 1:
        totals.append(_add(totals))
    totals.extend(each.quantity.value for each in counts if each not in parts and each not in wholes and wholes
                  and each.quantity.unit == wholes[-1].quantity.unit and _NARROWER.search(each.before))
    pairs = [(part.quantity.value, total) for part in parts for total in totals]
    if len(parts) > 1:
        together = _add([part.quantity.value for part in parts])
        pairs.extend((together, total) for total in totals)
    for part in parts:
        pairs.extend((part.quantity.value, _add([part.quantity.value, each.quantity.value])) for each in missing)
    return [(part, whole) for part, whole in pairs if whole.least > 0 and part.least <= whole.most]


def _judge_by_stem(sentence: Sentence, rate: Quantity, stem: str) -> str | None:
    """For 答复率 and the like: the count named 答复 over the count of the same unit right before it."""
    counts = _counts_before(sentence, sentence.place(rate)[0])
    for at in range(len(counts) - 1, 0, -1):
        part, whole = counts[at], counts[at - 1]
        is_pair = stem in part.before and stem not in whole.before and part.quantity.unit == whole.quantity.unit
        if is_pair and part.quantity.value.most <= whole.quantity.value.least:
            return _hold_against(rate, [(part.quantity.value, whole.quantity.value)])
    return None


def _hold_against(rate: Quantity, pairs: list[tuple[Interval, Interval]]) -> str | None:
    if not pairs:
        return None
    digits = re.search(r"[.．](\d+)", rate.text)
    slack = ROUNDING * 10.0 ** -(len(digits[1]) if digits else 0)
    stated = rate.value.least
    shares = []
    for part, whole in pairs:
        low, high = 100 * part.least / whole.most, 100 * part.most / whole.least
        if low - slack <= stated <= high + slack:
            return ""
        shares.append((low, part, whole))
    nearest = min(shares, key=lambda share: abs(share[0] - stated))
    return f"：按件数（{nearest[1].least:g}/{nearest[2].least:g}）应为{nearest[0]:.1f}%"


def _add(values: list[Interval]) -> Interval:
    return Interval(sum(value.least for value in values), sum(value.most for value in values))
