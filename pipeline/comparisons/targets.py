"""Target figures of a plan and the figures that answer them: which belongs to which, and was it reached.

Bounds are compared as intervals: a target 不少于12场 is reached by 12余场, missed by 9场. A figure counts as
an answer only where its unit fits and its clause names the same thing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from pipeline.comparisons.character_words import Weights
from pipeline.comparisons.figures import Figure
from pipeline.comparisons.questions import Places, Questions, compare, distinct_pairs, hold_texts
from pipeline.comparisons.unit_families import is_same_unit, unit_family
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
_RATE = re.compile(r"([一-鿿]{2}[率度])")
# The head of a target that another unit answers (个 and 件) must be named to this share.
MIN_HEAD = 0.6
# 答复期限届满前3个工作日, 第一 and 三倍 are no amounts that a year's work could reach.
TARGET_KINDS = ("count", "percent", "money", "measure")
_NOT_OWN = ("previous", "external", "rule")


@dataclass(frozen=True)
class TargetAnswer:
    """The figure that answers a target. `is_reached` is None where the bounds do not decide."""

    figure: Figure
    share: float
    is_reached: bool | None


def answer_beside(target: Figure, told: Sequence[Figure], share: float) -> TargetAnswer | None:
    """The figure in a passage that answers another clause of the same item, where it is the only one of its unit there."""
    possible = [figure for figure in told if may_answer(target, figure) and _is_alike(target.unit, figure.unit)]
    return TargetAnswer(possible[0], share, _is_reached(target, possible[0])) if len(possible) == 1 else None


class Target(NamedTuple):
    """A figure of a plan and the questions that it puts: its own clause, and the whole item that it stands in.

    满意率 alone does not tell the hotline from the proposals. `is_bare`: the clause does not say what is counted.
    """

    group: int
    figure: Figure
    clause: int
    item: int
    is_bare: bool


def find_target_answers(
    targets: Sequence[Target], figures: Sequence[Sequence[Figure]], questions: Questions, weights: Weights,
    words: CommitmentWords,
) -> list[TargetAnswer | None]:
    """The figure of next year's report that says most surely how far each target was reached; None where none does.

    `figures` are those of the next report, group by group.
    """
    asked = questions.only(row for target in targets for row in (target.clause, target.item))
    shares = compare(asked, _hold_figures(asked, figures, weights))
    whole, head = shares.whole.tolist(), shares.head.tolist()
    begin = shares.begin.tolist()
    possible = _Possible(figures)
    found = []
    for target in targets:
        numbers = possible.of(target)
        clause = target.item if target.is_bare else target.clause
        found.append(_find_target_answer(
            target, figures[target.group], numbers, _Held(whole, head, begin[clause], begin[target.item]),
            questions.is_named[clause], words) if numbers else None)
    return found


def _hold_figures(asked: Questions, figures: Sequence[Sequence[Figure]], weights: Weights) -> Places:
    """Which words the clause of each figure holds (place 3n), that with the clause before (3n + 1), its sentence (3n + 2)."""
    flat = [figure for several in figures for figure in several]
    sizes = np.array([len(several) for several in figures], dtype=np.int64)
    group = np.repeat(np.arange(len(figures)), sizes)
    words, at = hold_texts(asked, [figure.clause for figure in flat], group, weights)
    near_words, near_at = hold_texts(asked, [figure.near for figure in flat], group, weights)
    both_words, both_at = distinct_pairs(np.concatenate((words, near_words)), np.concatenate((at, near_at)))
    # Figures of one sentence follow each other: it is cut once.
    opens = np.array([number for number, figure in enumerate(flat)
                      if not number or figure.said is not flat[number - 1].said], dtype=np.int64)
    n_inside = np.diff(np.append(opens, len(flat)))
    said_words, said_no = hold_texts(asked, [flat[number].said for number in opens.tolist()], group[opens], weights)
    times = n_inside[said_no]
    said_at = np.arange(times.sum()) + np.repeat(opens[said_no] - np.cumsum(times) + times, times)
    return Places(np.concatenate((words, both_words, np.repeat(said_words, times))),
                  np.concatenate((3 * at, 3 * both_at + 1, 3 * said_at + 2)),
                  np.concatenate(([0], np.cumsum(3 * sizes))))


class _Possible:
    """The figures that could answer a target, whatever they count; the same for all targets of one kind and unit."""

    def __init__(self, figures: Sequence[Sequence[Figure]]) -> None:
        self._figures = figures
        self._alike: dict[int, list[tuple[Figure, list[int]]]] = {}
        self._found: dict[tuple[int, str, str, str], list[tuple[int, bool]]] = {}

    def of(self, target: Target) -> list[tuple[int, bool]]:
        """Their numbers in order, and whether their unit is the very same."""
        key = (target.group, target.figure.kind, target.figure.unit, target.figure.sense)
        if key not in self._found:
            self._found[key] = sorted(
                (number, _is_alike(target.figure.unit, figure.unit))
                for figure, numbers in self._group(target.group) if may_answer(target.figure, figure) for number in numbers)
        return self._found[key]

    def _group(self, number: int) -> list[tuple[Figure, list[int]]]:
        """Figures that may answer the same targets: one of them, and the numbers of all."""
        if number not in self._alike:
            figures = self._figures[number]
            groups: dict[tuple[str, str, str, str], list[int]] = defaultdict(list)
            for place, figure in enumerate(figures):
                groups[figure.kind, figure.unit, figure.claim, figure.sense].append(place)
            self._alike[number] = [(figures[places[0]], places) for places in groups.values()]
        return self._alike[number]


class _Held(NamedTuple):
    """How much each place holds of the questions of a target; those of its clause and its item begin at `own` and `item`."""

    whole: list[float]
    head: list[float]
    own: int
    item: int


def _find_target_answer(
    target: Target, figures: Sequence[Figure], possible: Sequence[tuple[int, bool]], held: _Held, is_named: bool,
    words: CommitmentWords,
) -> TargetAnswer | None:
    whole, head = held.whole, held.head
    n_alike = sum(is_alike for _, is_alike in possible)
    best: tuple[float, float, Figure] | None = None
    for number, is_alike in possible:
        figure = figures[number]
        place = held.own + 3 * number
        own, near = whole[place], whole[place + 1]
        share = own + NEIGHBOUR_WEIGHT * (near - own)
        if share < _needed(n_alike if is_alike else FEW + 1):
            continue
        is_general = unit_family(target.figure.unit) != unit_family(figure.unit)
        if is_general and not is_alike and head[place + 1] < MIN_HEAD:
            continue
        if not _is_same_rate(target.figure, figure, words):
            continue
        # A target of a named thing (“法律进医院”活动12场) is answered only where the thing is named.
        if is_named and head[place + 2] < MIN_NAME:
            continue
        fit = share + CONTEXT_WEIGHT * whole[held.item + 3 * number + 2]
        fit += SAME_SENSE * (figure.sense == target.figure.sense) + SAME_UNIT * is_alike
        fit -= SAME_SENSE * (target.figure.sense == "increase" and figure.sense == "level")
        if best is None or fit > best[0]:
            best = (fit, share, figure)
    return None if best is None else TargetAnswer(best[2], best[1], _is_reached(target.figure, best[2]))


def is_bare(total: float) -> bool:
    """Whether a clause (全年不少于40场) whose words weigh so much does not say what is counted."""
    return total < MIN_CLAUSE_WEIGHT


def may_answer(target: Figure, figure: Figure) -> bool:
    """Whether a figure could answer a target at all, whatever it counts."""
    if target.kind == "percent" and (target.sense == "change") != (figure.sense == "change"):
        return False
    if target.sense == "increase" and figure.sense == "stock":
        return False
    return may_be_meant(target.kind, target.unit, figure.kind, figure.unit, figure.claim)


def _is_same_rate(target: Figure, figure: Figure, words: CommitmentWords) -> bool:
    """Whether rates with names have the same: 败诉率 is not answered by 出庭应诉率."""
    wanted, found = (_RATE.findall(each.before) for each in (target, figure))
    if target.kind != "percent" or not wanted or not found:
        return True
    names = words.rate_names
    return any(names.get(one, one) == names.get(other, other) for one in wanted[-1:] for other in found)


@lru_cache(maxsize=8192)
def may_be_meant(target_kind: str, target_unit: str, kind: str, unit: str, claim: str) -> bool:
    """The same by kind, unit and claim alone."""
    if claim in _NOT_OWN or target_kind != kind:
        return False
    if kind == "percent":
        return (target_unit == "百分点") == (unit == "百分点")
    return is_same_unit(target_unit, unit) or _is_alike(target_unit, unit)


@lru_cache(maxsize=8192)
def _is_alike(one: str, other: str) -> bool:
    """The very same unit, or visits for things visited: 场 and 场次, 家 and 家次; not 场 and 次."""
    return one.removesuffix("次") == other.removesuffix("次") and bool(one.removesuffix("次"))


def _needed(n_alike: int) -> float:
    if n_alike == 1:
        return MIN_ONLY_FIGURE
    return MIN_OF_FEW if n_alike <= FEW else MIN_SAME_THING


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
