"""Required contents: is each part there, and are the usual data disclosed."""

from __future__ import annotations

import re

from pipeline.comparisons.inspection import Finding, Report, quote
from pipeline.profiles.checks import CheckRule, CheckRules
from pipeline.profiles.needles import find_needles

_ANSWERED = ("value", "zero", "na", "ambiguous", "corrected")
_NEXT_STEPS = re.compile(r"^(?:下一步|下步|今后|接下来|新的一年|明年)")


def check_role(report: Report, role: str) -> Finding:
    """Whether some section or sentence has the role; shown at its heading, else at its first sentence."""
    for section in report.sections:
        if role in section.roles and section.level > 0 and section.end > section.body_start:
            end = min(section.body_start, section.start + len(section.heading) + 12)
            return _found(report, section.start, max(end, section.start + 1))
    spoken = report.in_role(role)
    return _found(report, spoken[0].start, spoken[0].end) if spoken else _missing(report)


def check_problems(report: Report, rules: CheckRules) -> Finding:
    """A section on shortcomings, or one sentence that owns up to them."""
    finding = check_role(report, "problems")
    return finding if finding.passed else _search(report, rules.problem)


def check_causes(report: Report, rules: CheckRules) -> Finding:
    """Whether the shortcomings come with a reason. Fails too where there are no shortcomings at all."""
    problems = report.in_role("problems")
    if not problems:
        problems = [sentence for sentence in report.sentences if rules.problem.search(sentence.text)]
    if not problems:
        missing = _missing(report)
        return Finding(False, missing.start, missing.end, {"has_no_problems": True})
    for sentence in problems:
        cause = rules.cause.search(sentence.text)
        if cause:
            return _found(report, sentence.start, sentence.end)
    return Finding(False, problems[0].start, problems[-1].end)


def check_first_responsible(report: Report, rules: CheckRules) -> Finding:
    """A section of its own, or a sentence elsewhere that says what the head of the office did."""
    finding = check_role(report, "first_responsible")
    return finding if finding.passed else _search(report, rules.responsible, but_not="next_plan")


def check_next_plan(report: Report) -> Finding:
    finding = check_role(report, "next_plan")
    return finding if finding.passed else _search(report, _NEXT_STEPS)


def check_disclosed(report: Report, rule: CheckRule) -> Finding:
    """Whether one of the rule's indicators is answered, or its words are written.

    A stated zero or 不具备执法权 is an answer. Not judged where the report has no sentences.
    """
    for indicator in rule.indicators:
        answer = report.answers.get(indicator)
        if answer and answer.state in _ANSWERED:
            return _found(report, answer.start, answer.end)
    if rule.words:
        finding = _search(report, rule.words, but_not="next_plan")
        if finding.passed:
            return finding
    return Finding(None) if not report.sentences else _missing(report)


def check_compared(report: Report, rule: CheckRule) -> Finding:
    """Whether the report sets a figure beside last year's."""
    for answer in report.answers.values():
        if answer.has_previous:
            return _found(report, answer.start, answer.end)
    for sentence in report.sentences:
        for quantity in sentence.quantities:
            if quantity.claim == "previous":
                return _found(report, sentence.start, sentence.end)
    return check_disclosed(report, rule)


def _search(report: Report, pattern: re.Pattern[str], but_not: str = "") -> Finding:
    for sentence in report.sentences if report.may_hold(find_needles(pattern)) else ():
        if sentence.role != but_not and pattern.search(sentence.text):
            return _found(report, sentence.start, sentence.end)
    return _missing(report)


def _found(report: Report, start: int, end: int) -> Finding:
    return Finding(True, start, end, {"evidence": quote(report.text[start:end])})


def _missing(report: Report) -> Finding:
    start, end = report.title_span or (None, None)
    return Finding(False, start, end)
