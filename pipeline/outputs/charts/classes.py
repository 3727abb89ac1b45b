"""Five classes for colouring: breaks at round numbers, and what the legend says of them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence

from pipeline.outputs.look import STEPS
from pipeline.outputs.values import write_number

_ROUND = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0)


def round_number(value: float) -> float:
    """The nearest number that people count in (12, 15, 20, 25, 30, 35 …), by ratio."""
    if value <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    best = min(_ROUND, key=lambda step: abs(math.log(value / (step * power))))
    return float(f"{best * power:.6g}")


def choose_breaks(values: Iterable[float]) -> tuple[float, ...]:
    """Lower ends of the classes above the first, ascending, so that classes hold about equally many values.

    Few distinct values give few classes. Whole numbers give whole breaks.
    """
    ordered = sorted(value for value in values if value > 0)
    if not ordered:
        return ()
    are_whole = all(float(value).is_integer() for value in ordered)
    breaks: list[float] = []
    for share in (0.2, 0.4, 0.6, 0.8):
        candidate = round_number(ordered[min(len(ordered) - 1, int(share * len(ordered)))])
        if are_whole:
            candidate = float(math.ceil(candidate))
        if ordered[0] < candidate <= ordered[-1] and (not breaks or candidate > breaks[-1]):
            breaks.append(candidate)
    return tuple(breaks)


def class_of(value: float, breaks: Sequence[float]) -> int:
    """Number of the class of a value, 0 for the lowest."""
    return sum(value >= edge for edge in breaks)


def class_colour(number: int, breaks: Sequence[float]) -> str:
    """Colour of a class: the steps are spread over the classes there are, the highest always darkest."""
    n_classes = len(breaks) + 1
    if n_classes == 1:
        return STEPS[1]
    return STEPS[round(number * (len(STEPS) - 1) / (n_classes - 1))]


def class_labels(breaks: Sequence[float], are_whole: bool, sign: str = "") -> list[str]:
    """Legend of the classes: 1～29, 30～59, 60及以上 for whole numbers; 不足20, 20～35, 35及以上 otherwise."""
    if not breaks:
        return ["有数值"]
    words = [write_number(edge) for edge in breaks]
    if are_whole:
        ends = [write_number(edge - 1) for edge in breaks]
        first = "1" if breaks[0] <= 2 else f"1～{ends[0]}"
        middle = [a if a == b else f"{a}～{b}" for a, b in zip(words[:-1], ends[1:], strict=True)]
    else:
        first = f"不足{words[0]}{sign}"
        middle = [f"{a}{sign}～{b}{sign}" for a, b in itertools.pairwise(words)]
    return [first, *middle, f"{words[-1]}{sign}及以上"]
