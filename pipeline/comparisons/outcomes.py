"""What next year's report says about one item of a plan: done, partly, absent or not measurable.

An item is taken apart into clauses; each clause is answered by a figure (`targets`) or by words
(`responses`). Wording is careful: what is not mentioned is 未找到回应, never 未完成.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from pipeline.comparisons.character_words import Weights
from pipeline.comparisons.figures import Figure, read_figures
from pipeline.comparisons.parts import (
    EACH,
    Part,
    Told,
    counts,
    find_beside,
    find_cue,
    find_parts,
    find_shortfall,
    is_told,
    lacks_figure,
    share_of,
    where_of,
)
from pipeline.comparisons.plans import LABEL, Asked, Item, Plan, Sentence, blank_label
from pipeline.comparisons.questions import Questions, ask
from pipeline.comparisons.responses import Answer, Passages
from pipeline.comparisons.targets import Target, TargetAnswer, find_target_answers, is_bare, may_be_meant
from pipeline.profiles.checks import CommitmentWords

# Share of an item's words that its answers must hold together.
MIN_COVERED = 0.15
# A figure whose clause names this much of the target's clause answers by itself, however long the item.
MIN_SURE_FIGURE = 0.5
# A sentence with less of an item is not near it.
MIN_NEAREST = 0.1

_NAME = re.compile(r"[“《]")


@dataclass(frozen=True)
class Verdict:
    """Outcome of an item; `sentence_no` and `similarity` are of the answer, None where there is none.

    `nearest_no` is the sentence that comes nearest to an item without answer: for a person to look at.
    """

    outcome: str
    why: str
    sentence_no: int | None = None
    similarity: float | None = None
    nearest_no: int | None = None


def judge_plans(plans: Sequence[Plan], weights: Weights, words: CommitmentWords) -> list[list[Verdict]]:
    """One verdict an item, plan by plan."""
    asked = Asked(plans, words)
    if not asked.texts:
        return [[] for _ in plans]
    questions = ask(asked.texts, asked.plan_of_text, weights)
    news = [(number, sentence) for number, plan in enumerate(plans) for sentence in plan.news]
    passages = Passages(questions, [sentence.text for _, sentence in news],
                        np.array([number for number, _ in news], dtype=np.int64), len(plans), weights)
    answers = passages.find_answers(questions.only(
        clause.question for items in asked.items for item in items for clause in item.clauses
        if counts(clause, item, questions.total)))
    aimed = _find_aims(plans, asked, questions, weights, words)
    told = [None if answer is None else Told(news[answer.text_no][1], answer.start, answer.end, answer.share)
            for answer in answers]
    verdicts = []
    for plan, items in zip(plans, asked.items, strict=True):
        reported = {sentence.sentence_no: sentence.text for sentence in plan.reported}
        verdicts.append([
            _judge(item, find_parts(item, questions.total, told, aimed, words), reported, words) for item in items])
    silent = [item.question for items, judged in zip(asked.items, verdicts, strict=True)
              for item, verdict in zip(items, judged, strict=True) if verdict.sentence_no is None]
    nearest = passages.find_answers(questions.only(silent), is_sure=False)
    return [[_show_nearest(verdict, nearest[item.question], news) for item, verdict in zip(items, judged, strict=True)]
            for items, judged in zip(asked.items, verdicts, strict=True)]


def _show_nearest(verdict: Verdict, answer: Answer | None, news: Sequence[tuple[int, Sentence]]) -> Verdict:
    """The verdict with the nearest sentence, which is looked for only where nothing answers."""
    if answer is None or answer.share < MIN_NEAREST:
        return verdict
    return replace(verdict, nearest_no=news[answer.text_no][1].sentence_no)


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
    return find_target_answers(targets, figures, questions, weights, words)


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


def _judge(item: Item, parts: Sequence[Part], texts: Mapping[int, str], words: CommitmentWords) -> Verdict:
    """The outcome of one item from the answers to its clauses."""
    answered = [part for part in parts if part.figure or is_told(part, texts, words)]
    covered = sum(part.weight * share_of(part) for part in answered)
    if covered < MIN_COVERED and not any(part.figure and part.figure.share >= MIN_SURE_FIGURE for part in answered):
        bare = LABEL.sub("", item.sentence.text)
        is_vague = not item.has_figures and not _NAME.search(bare) and not words.deliverable.search(bare) and words.abstract.search(bare)
        if is_vague:
            return Verdict("not_measurable", "安排较为原则，没有数量和具体成果，次年报告中也未找到明确回应")
        return Verdict("absent", "次年报告中未找到回应")
    main = max(answered, key=lambda part: (part.figure is not None, part.weight * share_of(part)))
    number, similarity = where_of(main)[0], share_of(main)
    for part in answered:
        if part.figure and part.target and part.figure.is_reached is False:
            return Verdict("partly", f"目标{part.target.text}，次年报告为{part.figure.figure.text}",
                           part.figure.figure.sentence_no, part.figure.share)
    beside = find_beside(parts, answered, words)
    if beside and beside[1].is_reached is False:
        target, answer = beside
        return Verdict("partly", f"目标{target.text}，次年报告为{answer.figure.text}", answer.figure.sentence_no, answer.share)
    for part in answered:
        cue = find_cue(part, texts, words)
        if cue:
            sentence_no, role, _, _ = where_of(part)
            is_not_begun = role == "problems" and words.not_begun.search(cue)
            return Verdict("absent" if is_not_begun else "partly", f"次年报告称“{cue}”", sentence_no, share_of(part))
    for part in answered:
        below = find_shortfall(part, words)
        if below:
            return Verdict("partly", f"“{part.text}”，次年报告为{below}", where_of(part)[0], share_of(part))
        if lacks_figure(part, words):
            assert part.target is not None
            return Verdict("partly", f"有回应，但未找到与目标{part.target.text}相应的数", where_of(part)[0], share_of(part))
    silent = next((part for part in parts if not any(part is other for other in answered) and _is_missed(part, main)
                   and not (beside and part.target is beside[0])), None)
    if silent:
        return Verdict("partly", f"有回应，但“{silent.text}”未找到回应", number, similarity)
    if main.figure and main.target:
        return Verdict("done", f"目标{main.target.text}，次年报告为{main.figure.figure.text}", number, similarity)
    return Verdict("done", "次年报告中有回应", number, similarity)


def _is_missed(part: Part, main: Part) -> bool:
    """Whether an unanswered clause keeps an item from being done: it is as weighty as what was answered."""
    if part.is_purpose or EACH.search(part.text):
        return False
    return (part.target is not None or part.is_deliverable) and part.weight >= main.weight


