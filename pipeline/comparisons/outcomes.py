"""What next year's report says about one item of a plan: done, partly, absent or not measurable.

An item is taken apart into clauses; each clause is answered by a figure (`targets`) or by words
(`responses`). Wording is careful: what is not mentioned is 未见回应, never 未完成.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from pipeline.comparisons.character_words import Floats, Weights
from pipeline.comparisons.plans import LABEL, Asked, Clause, Item, Plan, Sentence, blank_label
from pipeline.comparisons.questions import Questions, ask
from pipeline.comparisons.responses import clauses, find_answers
from pipeline.comparisons.targets import (
    Figure,
    Target,
    TargetAnswer,
    find_target_answers,
    is_bare,
    may_be_meant,
    read_figures,
)
from pipeline.profiles.checks import CommitmentWords

# Share of a clause's word weight that a passage must hold to be an answer to it.
MIN_ANSWER = 0.3
# A clause whose words weigh less than this share of the whole item only says what for (让群众满意).
MIN_CLAUSE_SHARE = 0.2
# Share of an item's words that its answers must hold together.
MIN_COVERED = 0.15
# A figure whose clause names this much of the target's clause answers by itself, however long the item.
MIN_SURE_FIGURE = 0.5
# How far behind the answering passage the words that qualify it may stand, in characters.
CUE_REACH = 30

_EACH = re.compile(r"每")
_PURPOSE = re.compile(
    r"^(?:让|使|以|为|从而|进而|推动形成|不断|切实|更好|实现|提高|提升|增强|扩大|降低|改变|营造|确保|充实|减轻|满足|方便)")


@dataclass(frozen=True)
class Verdict:
    """Outcome of an item; `sentence_no` and `similarity` are of the answer, None where there is none."""

    outcome: str
    why: str
    sentence_no: int | None = None
    similarity: float | None = None


def judge_plans(plans: Sequence[Plan], weights: Weights, words: CommitmentWords) -> list[list[Verdict]]:
    """One verdict an item, plan by plan."""
    asked = Asked(plans, words)
    if not asked.texts:
        return [[] for _ in plans]
    questions = ask(asked.texts, asked.plan_of_text, weights)
    news = [(number, sentence) for number, plan in enumerate(plans) for sentence in plan.news]
    answers = find_answers(
        questions.only(clause.question for items in asked.items for item in items for clause in item.clauses
                       if _counts(clause, item, questions.total)),
        [sentence.text for _, sentence in news], np.array([number for number, _ in news], dtype=np.int64), len(plans),
        weights)
    aimed = _find_aims(plans, asked, questions, weights, words)
    told = [None if answer is None else Told(news[answer.text_no][1], answer.start, answer.end, answer.share)
            for answer in answers]
    verdicts = []
    for plan, items in zip(plans, asked.items, strict=True):
        texts = {sentence.sentence_no: sentence.text for sentence in plan.reported}
        verdicts.append([_judge(item, _find_parts(item, questions.total, told, aimed, words), texts, words)
                         for item in items])
    return verdicts


def _find_aims(
    plans: Sequence[Plan], asked: Asked, questions: Questions, weights: Weights, words: CommitmentWords
) -> list[TargetAnswer | None]:
    """The figure that answers each target."""
    aims: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for number, figure, _, _ in asked.targets:
        aims[number].add((figure.kind, figure.unit))
    figures = [_read_reported(plan.reported, aims[number], words) if number in aims else []
               for number, plan in enumerate(plans)]
    targets = [Target(number, figure, clause, item, is_bare(float(questions.total[clause])))
               for number, figure, clause, item in asked.targets]
    return find_target_answers(targets, figures, questions, weights)


def _read_reported(
    reported: Sequence[Sentence], aims: set[tuple[str, str]], words: CommitmentWords
) -> list[Figure]:
    """Figures of a report that could answer one of the aims, each a kind and a unit."""

    @cache
    def is_wanted(kind: str, unit: str, claim: str) -> bool:
        return any(may_be_meant(aim, aim_unit, kind, unit, claim) for aim, aim_unit in aims)

    return [
        figure for sentence in reported if sentence.quantities
        for figure in read_figures(
            sentence.sentence_no, sentence.role, blank_label(sentence.text), sentence.quantities, words, is_wanted)]


class Told(NamedTuple):
    """A passage that answers; offsets into its sentence."""

    sentence: Sentence
    start: int
    end: int
    share: float


@dataclass(frozen=True)
class _Part:
    """One clause of an item and what was found for it."""

    text: str
    weight: float
    target: Figure | None
    answer: Told | None
    figure: TargetAnswer | None
    is_deliverable: bool
    is_purpose: bool


def _judge(item: Item, parts: Sequence[_Part], texts: Mapping[int, str], words: CommitmentWords) -> Verdict:
    """The outcome of one item from the answers to its clauses."""
    answered = [part for part in parts if part.figure or _is_told(part, texts, words)]
    covered = sum(part.weight * _share(part) for part in answered)
    if covered < MIN_COVERED and not any(part.figure and part.figure.share >= MIN_SURE_FIGURE for part in answered):
        bare = LABEL.sub("", item.sentence.text)
        is_vague = not item.has_figures and not words.deliverable.search(bare) and words.abstract.search(bare)
        if is_vague:
            return Verdict("not_measurable", "安排较为原则，没有数量和具体成果，次年报告中也未见明确回应")
        return Verdict("absent", "次年报告中未见回应")
    main = max(answered, key=lambda part: (part.figure is not None, part.weight * _share(part)))
    number, similarity = _where(main)[0], _share(main)
    for part in answered:
        if part.figure and part.target and part.figure.is_reached is False:
            return Verdict("partly", f"目标{part.target.text}，次年报告为{part.figure.figure.text}",
                           part.figure.figure.sentence_no, part.figure.share)
    for part in answered:
        cue = _unfinished_cue(part, texts, words)
        if cue:
            sentence_no, role, _, _ = _where(part)
            is_not_begun = role == "problems" and words.not_begun.search(cue)
            return Verdict("absent" if is_not_begun else "partly", f"次年报告称“{cue}”", sentence_no, _share(part))
    silent = next((part for part in parts
                   if not any(part is other for other in answered) and _is_missed(part, main)), None)
    if silent:
        return Verdict("partly", f"有回应，但“{silent.text}”未见回应", number, similarity)
    if main.figure and main.target:
        return Verdict("done", f"目标{main.target.text}，次年报告为{main.figure.figure.text}", number, similarity)
    return Verdict("done", "次年报告中有回应", number, similarity)


def _is_told(part: _Part, texts: Mapping[int, str], words: CommitmentWords) -> bool:
    """Whether words alone answer a clause.

    A target, and a passage among the shortcomings, only where the words say that it was not finished.
    """
    if part.answer is None or part.is_purpose:
        return False
    is_admission = part.target is not None or part.answer.sentence.role == "problems"
    return not is_admission or _unfinished_cue(part, texts, words) is not None


def _is_missed(part: _Part, main: _Part) -> bool:
    """Whether an unanswered clause keeps an item from being done: it is as weighty as what was answered."""
    if part.is_purpose or _EACH.search(part.text):
        return False
    return (part.target is not None or part.is_deliverable) and part.weight >= main.weight


def _find_parts(
    item: Item, totals: Floats, told: Sequence[Told | None], aimed: Sequence[TargetAnswer | None],
    words: CommitmentWords,
) -> list[_Part]:
    """Clauses of an item with their answers. Clauses that say little are dropped, unless they carry a target."""
    parts = []
    for clause in item.clauses:
        if not _counts(clause, item, totals):
            continue
        answer = told[clause.question]
        parts.append(_Part(
            clause.text, _weight(clause, item, totals), clause.target, answer if answer and answer.share >= MIN_ANSWER else None,
            None if clause.aim is None else aimed[clause.aim],
            bool(words.deliverable.search(clause.text)),
            clause.target is None and bool(_PURPOSE.match(clause.text))))
    return parts


def _weight(clause: Clause, item: Item, totals: Floats) -> float:
    """Share of the words of the item that a clause holds; 1 for a target that does not say what is counted."""
    total = float(totals[clause.question])
    return 1.0 if clause.target and is_bare(total) else total / (float(totals[item.question]) or 1.0)


def _counts(clause: Clause, item: Item, totals: Floats) -> bool:
    return clause.target is not None or _weight(clause, item, totals) >= MIN_CLAUSE_SHARE


def _share(part: _Part) -> float:
    if part.figure:
        return part.figure.share
    return part.answer.share if part.answer else 0.0


def _where(part: _Part) -> tuple[int, str, int, int]:
    """Where the answer stands, the figure where there is one: number and role of the sentence, start and end in it."""
    if part.figure:
        figure = part.figure.figure
        return figure.sentence_no, figure.role, figure.start, figure.end
    assert part.answer is not None
    return part.answer.sentence.sentence_no, part.answer.sentence.role, part.answer.start, part.answer.end


def _unfinished_cue(part: _Part, texts: Mapping[int, str], words: CommitmentWords) -> str | None:
    """Clause of the answering sentence that says it is not finished, at or right after the answering passage."""
    sentence_no, _, first, last = _where(part)
    text = texts[sentence_no]
    if not words.partly.search(text):
        return None
    for start, end in clauses(text):
        if end <= first or start > last + CUE_REACH:
            continue
        if words.partly.search(text[start:end]):
            return text[start:end]
    return None
