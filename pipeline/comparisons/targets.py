"""Target figures of a plan and the figures that answer them: which belongs to which, and was it reached.

Bounds are compared as intervals: a target 不少于12场 is reached by 12余场, missed by 9场. A figure counts as
an answer only where its unit fits and its clause names the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.comparisons.intervals import Interval
from pipeline.comparisons.responses import Question, Weights, clauses
from pipeline.comparisons.unit_families import is_same_unit
from pipeline.profiles.checks import CommitmentWords

# Share of a target's word weight that the clause of a figure must hold to be about the same thing.
MIN_SAME_THING = 0.3
# The only figure of its unit in the whole report (41场) needs less, one of a few (2 or 3) somewhat less.
MIN_ONLY_FIGURE = 0.12
MIN_OF_FEW = 0.2
FEW = 3
# Words of the clause before help to say what a figure counts, but less than its own clause.
NEIGHBOUR_WEIGHT = 0.6
# How much the rest of the item, a like turn of phrase (新增 – 新增) and the very same unit decide between figures.
CONTEXT_WEIGHT = 0.4
SAME_SENSE = 0.2
SAME_UNIT = 0.2
# A clause of less weight (全年不少于40场) says nothing of what is counted; then the whole item does.
MIN_CLAUSE_WEIGHT = 3.0
MIN_NAME = 0.5
_CEILING = re.compile(r"(?:不超过|控制在|不高于|(?<!不)低于|降[到至]|减[到至为]|压减[到至]|缩短[到至为])[^，。；]{0,10}$")
_FROM = re.compile(r"由[^，。；]{0,8}$")
# 答复期限届满前3个工作日, 第一 and 三倍 are no amounts that a year's work could reach.
TARGET_KINDS = ("count", "percent", "money", "measure")
_NOT_OWN = ("previous", "external", "rule")


@dataclass(frozen=True)
class Figure:
    """A quantity in its sentence; `before` is its clause up to it, `after` the rest, `clause_before` the clause before.

    What the words around it say is only looked at when asked for: most figures are told apart by their unit.
    """

    sentence_no: int
    role: str
    start: int
    end: int
    text: str
    value: Interval
    unit: str
    kind: str
    claim: str
    before: str
    after: str
    clause_before: str
    sentence: str
    weighing: Weights
    wording: CommitmentWords

    @cached_property
    def sense(self) -> str:
        """increase (新增4名), level (达到15名), stock (现有15名), change (压减20%) or "": the nearest word decides."""
        patterns = (("increase", self.wording.increase), ("level", self.wording.level), ("stock", self.wording.stock),
                    ("change", self.wording.change))
        found = [(match.end(), sense) for sense, pattern in patterns for match in pattern.finditer(self.before)]
        return max(found)[1] if found else ""

    @cached_property
    def is_ceiling(self) -> bool:
        """Whether the value is a limit not to be exceeded: 控制在5%以内."""
        return bool(_CEILING.search(self.before)) or (self.value.low is None and self.value.high is not None)

    @cached_property
    def clause(self) -> str:
        """What stands around the figure, without words of change."""
        return self.wording.change.sub(" ", f"{self.before} {self.after}")

    @cached_property
    def own_words(self) -> frozenset[str]:
        return self.weighing.words(self.clause)

    @cached_property
    def near_words(self) -> frozenset[str]:
        return self.weighing.words(self.clause_before)

    @cached_property
    def sentence_words(self) -> frozenset[str]:
        return self.weighing.words(self.sentence)


@dataclass(frozen=True)
class TargetAnswer:
    """The figure that answers a target. `is_reached` is None where the bounds do not decide."""

    figure: Figure
    share: float
    is_reached: bool | None


def read_figures(
    sentence_no: int, role: str, text: str, quantities: Sequence[tuple[int, int, Interval, str, str, str]],
    weights: Weights, words: CommitmentWords,
) -> list[Figure]:
    """Figures of one sentence; `quantities` are (start, end, value, unit, kind, claim) with offsets in the sentence.

    The first of 由2名增加到5名 says where things stood, not what was aimed at or reached, and is left out.
    """
    if not quantities:
        return []
    spans = clauses(text)
    figures = []
    for at, (start, end, value, unit, kind, claim) in enumerate(quantities):
        following = quantities[at + 1] if at + 1 < len(quantities) else None
        if following and _FROM.search(text[:start]) and re.fullmatch(r"[^，。；]{0,8}[到至为]", text[end:following[0]]):
            continue
        number = next((index for index, span in enumerate(spans) if span[0] <= start < span[1]), None)
        if number is None:
            continue
        first, last = spans[number]
        clause_before = text[spans[number - 1][0]:spans[number - 1][1]] if number else ""
        figures.append(Figure(
            sentence_no, role, start, end, text[start:end], value, unit, kind, claim, text[first:start], text[end:last],
            clause_before, text, weights, words))
    return figures


def find_target_answer(
    target: Figure, context: Question, figures: Iterable[Figure], weights: Weights
) -> TargetAnswer | None:
    """The figure of next year's report that says most surely how far the target was reached; None where none does.

    `context` is the whole item: 满意率 alone does not tell the hotline from the proposals.
    """
    wanted = weights.question(target.clause)
    if is_bare(wanted):
        wanted = context
    possible = [figure for figure in figures if _may_answer(target, figure)]
    n_alike = sum(_is_alike(target, figure) for figure in possible)
    best: tuple[float, float, Figure] | None = None
    for figure in possible:
        own = wanted.share(figure.own_words)
        share = own + NEIGHBOUR_WEIGHT * (wanted.share(figure.own_words | figure.near_words) - own)
        if share < _needed(n_alike if _is_alike(target, figure) else FEW + 1) or not _names_agree(wanted, figure):
            continue
        fit = share + CONTEXT_WEIGHT * context.share(figure.sentence_words)
        fit += SAME_SENSE * (figure.sense == target.sense) + SAME_UNIT * _is_alike(target, figure)
        if best is None or fit > best[0]:
            best = (fit, share, figure)
    if best is None:
        return None
    return TargetAnswer(best[2], best[1], _is_reached(target, best[2]))


def is_bare(question: Question) -> bool:
    """Whether a clause (全年不少于40场) does not say what is counted."""
    return question.total < MIN_CLAUSE_WEIGHT


def _is_alike(target: Figure, figure: Figure) -> bool:
    """The very same unit, or visits for things visited: 场 and 场次, 家 and 家次; not 场 and 次."""
    return target.unit.removesuffix("次") == figure.unit.removesuffix("次") and bool(target.unit.removesuffix("次"))


def _needed(n_alike: int) -> float:
    if n_alike == 1:
        return MIN_ONLY_FIGURE
    return MIN_OF_FEW if n_alike <= FEW else MIN_SAME_THING


def _names_agree(wanted: Question, figure: Figure) -> bool:
    """A target of a named thing (“法律进医院”活动12场) is answered only where the thing is named."""
    return not wanted.is_named or wanted.head_share(figure.sentence_words) >= MIN_NAME


def _may_answer(target: Figure, figure: Figure) -> bool:
    if figure.claim in _NOT_OWN or not _same_unit(target, figure):
        return False
    return not (target.sense == "increase" and figure.sense == "stock")


def _same_unit(target: Figure, figure: Figure) -> bool:
    if target.kind == "percent" or figure.kind == "percent":
        same_kind = target.kind == figure.kind and (target.unit == "百分点") == (figure.unit == "百分点")
        return same_kind and (target.sense == "change") == (figure.sense == "change")
    return target.kind == figure.kind and (is_same_unit(target.unit, figure.unit) or _is_alike(target, figure))


def _is_reached(target: Figure, figure: Figure) -> bool | None:
    """Whether the figure reaches the target: at most the ceiling, or at least the floor."""
    if target.is_ceiling:
        limit = target.value.most
        if figure.value.most <= limit:
            return True
        return False if figure.value.least > limit else None
    floor = target.value.least
    if figure.value.least >= floor:
        return True
    return False if figure.value.most < floor else None
