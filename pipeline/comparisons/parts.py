"""The clauses of one item of a plan, with what next year's report says to each: a figure, words, or nothing.

Words answer less surely than figures; how much they must have in common with the clause depends on what it asks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.comparisons.character_words import Floats
from pipeline.comparisons.figures import Figure, read_figures
from pipeline.comparisons.intervals import Interval
from pipeline.comparisons.plans import Clause, Item, Sentence
from pipeline.comparisons.responses import clauses
from pipeline.comparisons.targets import TargetAnswer, answer_beside, is_bare
from pipeline.profiles.checks import CommitmentWords

# Share of a clause's word weight that a passage must hold to be an answer to it.
MIN_ANSWER = 0.26
# A clause whose words weigh less than this share of the whole item only says what for (让群众满意).
MIN_CLAUSE_SHARE = 0.2
# Words alone answer a purpose (确保基地开放), or a target whose figure is missing, only where they hold this much of it.
MIN_SURE_WORDS = 0.5
# What a clause of fewer words says (普法活动) is said everywhere.
MIN_SURE_TOTAL = 40.0
# A document is named to this share.
MIN_DOCUMENT = 0.4
# That one thing was built needs no figure, only its name.
MIN_ONE_THING = 0.4
# How far behind the answering passage the words that qualify it may stand, in characters.
CUE_REACH = 30
_ONE, _ALL = Interval(1.0, 1.0), Interval(100.0, 100.0)
EACH = re.compile(r"每")
_PURPOSE = re.compile(
    r"^(?:让|使|以|为|从而|进而|推动形成|不断|切实|更好|实现|提高|提升|增强|扩大|降低|改变|营造|确保|充实|减轻|满足|方便)")


class Told(NamedTuple):
    """A passage that answers; offsets into its sentence."""

    sentence: Sentence
    start: int
    end: int
    share: float

    @property
    def text(self) -> str:
        return self.sentence.text[self.start:self.end]


@dataclass(frozen=True)
class Part:
    """One clause of an item and what was found for it."""

    text: str
    weight: float
    total: float
    target: Figure | None
    answer: Told | None
    figure: TargetAnswer | None
    is_deliverable: bool
    is_purpose: bool


def is_told(part: Part, texts: Mapping[int, str], words: CommitmentWords) -> bool:
    """Whether words alone answer a clause.

    A passage among the shortcomings does only where it says that something was not finished. A document is
    answered by words for documents; a target or a purpose needs much in common.
    """
    if part.answer is None:
        return False
    if part.is_purpose and part.answer.share < MIN_SURE_WORDS:
        return False
    if find_cue(part, texts, words) is not None:
        return True
    if part.answer.sentence.role == "problems":
        return False
    if words.document.match(part.text.strip()) and (
        part.answer.share < MIN_DOCUMENT or not words.document_signs.search(part.answer.text)
    ):
        return False
    if part.target is None:
        return True
    if part.target.kind == "count" and part.target.value == _ONE:
        return part.answer.share >= MIN_ONE_THING
    if part.target.sense == "increase" and not (words.increase.search(part.answer.text) or words.level.search(part.answer.text)):
        return False
    if part.target.kind == "percent":
        return part.answer.share >= MIN_SURE_WORDS and not lacks_figure(part, words)
    return part.answer.share >= MIN_SURE_WORDS and part.total >= MIN_SURE_TOTAL


def lacks_figure(part: Part, words: CommitmentWords) -> bool:
    """Whether a target was answered by words that leave open how far it was reached."""
    if part.figure or part.target is None or part.answer is None:
        return False
    is_all = part.target.value == _ALL and bool(words.all_of_them.search(part.answer.text))
    return not (part.target.value == _ONE or EACH.search(part.text) or is_all)


def find_beside(
    parts: Sequence[Part], answered: Sequence[Part], words: CommitmentWords
) -> tuple[Figure, TargetAnswer] | None:
    """A target without answer of its own, and the figure that stands where words answer another clause of the item.

    推行“法官进社区”，全年讲座10场 is answered by 法官到社区授课6场.
    """
    for part in parts:
        if part.target is None or part.figure or any(part is other for other in answered) or EACH.search(part.text):
            continue
        for other in answered:
            told = other.answer
            if other.figure or told is None:
                continue
            sentence = told.sentence
            figures = read_figures(sentence.sentence_no, sentence.role, sentence.text, sentence.quantities, words)
            answer = answer_beside(
                part.target, [figure for figure in figures if told.start <= figure.start < told.end], told.share)
            if answer:
                return part.target, answer
    return None


def find_shortfall(part: Part, words: CommitmentWords) -> str | None:
    """A rate below 100 % in the answer to what was to reach everyone; None where there is none."""
    if part.answer is None or part.target is not None or not words.everyone.search(part.text):
        return None
    told = part.answer
    rates = [each for each in told.sentence.quantities if each.kind == "percent" and told.start <= each.start < told.end]
    return told.sentence.text[rates[-1].start:rates[-1].end] if rates and rates[-1].value.most < _ALL.least else None


def find_parts(
    item: Item, totals: Floats, told: Sequence[Told | None], aimed: Sequence[TargetAnswer | None],
    words: CommitmentWords,
) -> list[Part]:
    """Clauses of an item with their answers. Clauses that say little are dropped, unless they carry a target."""
    parts = []
    for clause in item.clauses:
        if not counts(clause, item, totals):
            continue
        answer = told[clause.question]
        parts.append(Part(
            clause.text, _weight(clause, item, totals), float(totals[clause.question]), clause.target,
            answer if answer and answer.share >= MIN_ANSWER else None,
            None if clause.aim is None else aimed[clause.aim],
            bool(words.deliverable.search(clause.text)),
            clause.target is None and bool(_PURPOSE.match(clause.text))))
    return parts


def _weight(clause: Clause, item: Item, totals: Floats) -> float:
    """Share of the words of the item that a clause holds; 1 for a target that does not say what is counted."""
    total = float(totals[clause.question])
    return 1.0 if clause.target and is_bare(total) else total / (float(totals[item.question]) or 1.0)


def counts(clause: Clause, item: Item, totals: Floats) -> bool:
    return clause.target is not None or _weight(clause, item, totals) >= MIN_CLAUSE_SHARE


def share_of(part: Part) -> float:
    if part.figure:
        return part.figure.share
    return part.answer.share if part.answer else 0.0


def where_of(part: Part) -> tuple[int, str, int, int]:
    """Where the answer stands, the figure where there is one: number and role of the sentence, start and end in it."""
    if part.figure:
        figure = part.figure.figure
        return figure.sentence_no, figure.role, figure.start, figure.end
    assert part.answer is not None
    return part.answer.sentence.sentence_no, part.answer.sentence.role, part.answer.start, part.answer.end


def find_cue(part: Part, texts: Mapping[int, str], words: CommitmentWords) -> str | None:
    """Clause of the answering sentence that says it is not finished, at or right after the answering passage."""
    sentence_no, _, first, last = where_of(part)
    text = texts[sentence_no]
    if not words.partly.search(text):
        return None
    for start, end in clauses(text):
        if end <= first or start > last + CUE_REACH:
            continue
        if words.partly.search(text[start:end]):
            return text[start:end]
    return None
