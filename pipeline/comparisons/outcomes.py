"""What next year's report says about one item of a plan: done, partly, absent or not measurable.

An item is taken apart into clauses; each clause is answered by a figure (`targets`) or by words
(`responses`). Wording is careful: what is not mentioned is 未见回应, never 未完成.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.comparisons.responses import Answer, Passage, Passages, Weights, clauses
from pipeline.comparisons.targets import TARGET_KINDS, Figure, TargetAnswer, find_target_answer, is_bare
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

LABEL = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十\d]+[）)、.．]|[一二三四五六七八九十]+(?:是|要)|(?:首先|其次|同时|此外|再次|最后)[，,]?)\s*")
_DIGITS = re.compile(r"[\d０-９.,，]+")
_EACH = re.compile(r"每")
_PURPOSE = re.compile(
    r"^(?:让|使|以|为|从而|进而|推动形成|不断|切实|更好|实现|提高|提升|增强|扩大|降低|改变|营造|确保|充实|减轻|满足|方便)")


@dataclass(frozen=True)
class Sentence:
    """A sentence of a plan or of the report that follows it; its figures are read when asked for."""

    sentence_no: int
    role: str
    text: str
    read_figures: Callable[[], Sequence[Figure]]

    @cached_property
    def figures(self) -> Sequence[Figure]:
        return self.read_figures()


@dataclass(frozen=True)
class Verdict:
    """Outcome of an item; `sentence_no` and `similarity` are of the answer, None where there is none."""

    outcome: str
    why: str
    sentence_no: int | None = None
    similarity: float | None = None


def judge_items(
    items: Sequence[Sentence], current: Sequence[Sentence], following: Sequence[Sentence],
    weights: Weights, words: CommitmentWords,
) -> list[Verdict]:
    """One verdict an item. A sentence that stood in the report of the plan itself is no news, only its figures are."""
    known = {_DIGITS.sub("", sentence.text) for sentence in current}
    reported = [sentence for sentence in following if sentence.role != "next_plan"]
    passages = Passages([(sentence.sentence_no, sentence.role, sentence.text) for sentence in reported
                         if _DIGITS.sub("", sentence.text) not in known], weights)
    figures = _Figures(reported)
    texts = {sentence.sentence_no: sentence.text for sentence in reported}
    return [_judge(item, passages, figures, texts, weights, words) for item in items]


class _Figures:
    """All figures of the report that follows, read when the first target asks for them."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._sentences = sentences

    @cached_property
    def all(self) -> list[Figure]:
        return [figure for sentence in self._sentences for figure in sentence.figures]


@dataclass(frozen=True)
class _Part:
    """One clause of an item and what was found for it."""

    text: str
    weight: float
    target: Figure | None
    answer: Answer | None
    figure: TargetAnswer | None
    is_deliverable: bool
    is_purpose: bool


def _judge(
    item: Sentence, passages: Passages, figures: _Figures, texts: Mapping[int, str],
    weights: Weights, words: CommitmentWords,
) -> Verdict:
    """The outcome of one item from the answers to its clauses."""
    parts = _find_parts(item, passages, figures, weights, words)
    answered = [part for part in parts if part.figure or _is_told(part, texts, words)]
    covered = sum(part.weight * _share(part) for part in answered)
    if covered < MIN_COVERED and not any(part.figure and part.figure.share >= MIN_SURE_FIGURE for part in answered):
        bare = LABEL.sub("", item.text)
        is_vague = not item.figures and not words.deliverable.search(bare) and words.abstract.search(bare)
        if is_vague:
            return Verdict("not_measurable", "安排较为原则，没有数量和具体成果，次年报告中也未见明确回应")
        return Verdict("absent", "次年报告中未见回应")
    main = max(answered, key=lambda part: (part.figure is not None, part.weight * _share(part)))
    number, similarity = _passage(main).sentence_no, _share(main)
    for part in answered:
        if part.figure and part.target and part.figure.is_reached is False:
            return Verdict("partly", f"目标{part.target.text}，次年报告为{part.figure.figure.text}",
                           part.figure.figure.sentence_no, part.figure.share)
    for part in answered:
        cue = _unfinished_cue(part, texts, words)
        if cue:
            is_not_begun = _passage(part).role == "problems" and words.not_begun.search(cue)
            return Verdict("absent" if is_not_begun else "partly", f"次年报告称“{cue}”",
                           _passage(part).sentence_no, _share(part))
    silent = next((part for part in parts if part not in answered and _is_missed(part, main)), None)
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
    is_admission = part.target is not None or part.answer.passage.role == "problems"
    return not is_admission or _unfinished_cue(part, texts, words) is not None


def _is_missed(part: _Part, main: _Part) -> bool:
    """Whether an unanswered clause keeps an item from being done: it is as weighty as what was answered."""
    if part.is_purpose or _EACH.search(part.text):
        return False
    return (part.target is not None or part.is_deliverable) and part.weight >= main.weight


def _find_parts(
    item: Sentence, passages: Passages, figures: _Figures, weights: Weights, words: CommitmentWords
) -> list[_Part]:
    """Clauses of an item with their answers. Clauses that say little are dropped, unless they carry a target."""
    label = LABEL.match(item.text)
    offset = label.end() if label else 0
    spans = [(max(start, offset), end) for start, end in clauses(item.text) if end > offset]
    whole = weights.question(item.text[offset:])
    total = whole.total or 1.0
    parts = []
    for start, end in spans:
        text = item.text[start:end]
        question = weights.question(text)
        target = next((figure for figure in item.figures
                       if start <= figure.start < end and figure.kind in TARGET_KINDS), None)
        weight = 1.0 if target and is_bare(question) else question.total / total
        if target is None and weight < MIN_CLAUSE_SHARE:
            continue
        parts.append(_Part(
            text, weight, target,
            passages.find_answer(question, MIN_ANSWER),
            find_target_answer(target, whole, figures.all, weights) if target else None,
            bool(words.deliverable.search(text)), bool(_PURPOSE.match(text)) and target is None))
    return parts


def _share(part: _Part) -> float:
    if part.figure:
        return part.figure.share
    return part.answer.share if part.answer else 0.0


def _passage(part: _Part) -> Passage:
    """Where the answer stands: the figure where there is one, else the passage."""
    if part.figure:
        figure = part.figure.figure
        return Passage(figure.sentence_no, figure.role, figure.start, figure.end, figure.text)
    assert part.answer is not None
    return part.answer.passage


def _unfinished_cue(part: _Part, texts: Mapping[int, str], words: CommitmentWords) -> str | None:
    """Clause of the answering sentence that says it is not finished, at or right after the answering passage."""
    passage = _passage(part)
    text = texts[passage.sentence_no]
    for start, end in clauses(text):
        if end <= passage.start or start > passage.end + CUE_REACH:
            continue
        if words.partly.search(text[start:end]):
            return text[start:end]
    return None
