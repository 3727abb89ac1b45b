"""The drawing of a dumbbell chart: two years of a value, a row for each department, bounds drawn as bounds.

An exact value is a dot, hollow for last year and solid for this one; a bounded value is a box over its interval, an
open one a bar with an arrow. What is compared and what the headline says stands in `changes`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.outputs import caution, fonts, look, values
from pipeline.outputs.charts.matrix import BREAK_MM, draw_break, draw_label, label_width, row_offset
from pipeline.outputs.charts.scope import Department
from pipeline.outputs.look import Canvas

ROW_MM = 6.1
#: Beyond this ratio of largest to smallest value the axis is logarithmic.
LINEAR_RATIO = 100.0
_VERDICT_MM = 27.0
ARROW_MM = 9.0


@dataclass(frozen=True)
class Pair:
    """One department's two years: answers (rows of indicator_values or None), the change and its verdict in words.

    `absence` says why one of the two has no value to draw: 2022年未披露.
    """

    department: Department
    before: Any | None
    now: Any | None
    change: Any | None
    verdict: str
    words: str
    absence: str = ""


def bounds_of(row: Any | None) -> list[float]:
    if row is None or row.state not in values.ANSWERED:
        return []
    if row.state == "zero":
        return [0.0]
    return [bound for bound in (values.number_or_none(row.low), values.number_or_none(row.high)) if bound is not None]


def is_bounded(row: Any | None) -> bool:
    bounds = bounds_of(row)
    return bool(bounds) and row is not None and row.state != "zero" and (len(bounds) == 1 or bounds[0] != bounds[1])


def middle_of(row: Any | None, otherwise: float) -> float:
    bounds = bounds_of(row)
    return sum(bounds) / len(bounds) if bounds else otherwise


def write_answer(row: Any, indicator: Any, scale: values.Scale, with_unit: bool = False) -> str:
    state = "zero" if row.state == "zero" else "value"
    words = values.write_value(
        row.low, row.high, row.approx, indicator.unit, indicator.kind, state, with_unit=with_unit, scale=scale
    )
    words += caution.PARTIAL_MARK if caution.is_partial(row) else ""
    return f"{words}（待核）" if row.state == "ambiguous" else words


def draw_dumbbell(pairs: Sequence[Pair], indicator: Any, scale: values.Scale, year: int, previous: int,
          sizes: Sequence[float], gap: int = 0) -> tuple[Canvas, bool]:
    labels = label_width([pair.department.label for pair in pairs])
    top = 13.0
    canvas = Canvas(top + row_offset(len(pairs), gap, ROW_MM) + 1.5)
    bottom = top + row_offset(len(pairs), gap, ROW_MM)
    if gap:
        draw_break(canvas, top + gap * ROW_MM + BREAK_MM / 2)
    left, right = labels + 15.0, look.BODY_MM - _VERDICT_MM - 15.0
    position, ticks, is_log = choose_axis(sizes, scale, left, right)
    for tick in ticks:
        x = position(tick * scale.divisor)
        canvas.line([(x, top - 1.5), (x, bottom)], look.GRID)
        canvas.text(x, top - 4.2, values.write_number(tick), look.SMALL_PT, look.QUIET, "middle")
    canvas.text(look.BODY_MM - _VERDICT_MM + 2, top - 4.2, "与上年相比", look.SMALL_PT, look.QUIET)
    for number, pair in enumerate(pairs):
        y = top + row_offset(number, gap, ROW_MM) + ROW_MM / 2
        draw_label(canvas, labels - 2.0, y, pair.department.label, labels - 3.0)
        _draw_pair(canvas, pair, y, position, indicator, scale, labels + 1.0)
        is_clear = pair.verdict not in ("undecided", "incomparable")
        canvas.text(look.BODY_MM - _VERDICT_MM + 2, y, pair.words, look.LABEL_PT, look.INK if is_clear else look.QUIET)
    _draw_legend(canvas, labels, 2.2, pairs, year, previous)
    return canvas, is_log


def choose_axis(
    sizes: Sequence[float], scale: values.Scale, left: float, right: float
) -> tuple[Callable[[float], float], list[float], bool]:
    """Position of a value in mm, ticks in the units of `scale`, and whether the axis is logarithmic."""
    positive = sorted(size / scale.divisor for size in sizes if size > 0)
    lowest = min((size / scale.divisor for size in sizes), default=0.0)
    if lowest < 0:
        return _axis_with_negative(lowest, max([0.0, *positive]), scale, left, right)
    if not positive:
        return (lambda value: left), [0.0], False
    largest = positive[-1]
    if largest / positive[0] <= LINEAR_RATIO:
        are_whole = all((size / scale.divisor).is_integer() for size in sizes)
        step = max(_tick_step(largest), 1.0 if are_whole else 0.0)
        ticks = [step * number for number in range(math.ceil(largest / step) + 1)]
        end = ticks[-1] if ticks[-1] <= largest * 1.15 else largest * 1.05
        shown = [tick for tick in ticks if tick <= end]
        return (lambda value: left + (right - left) * value / scale.divisor / end), shown, False
    low, high = math.floor(math.log10(positive[0])), math.log10(largest)
    has_zero = any(size == 0 for size in sizes)
    start = left + (9.0 if has_zero else 0.0)

    def position(value: float) -> float:
        return (
            left if value <= 0 else start + (right - start) * (math.log10(value / scale.divisor) - low) / (high - low)
        )

    ticks = [10.0**power for power in range(low, math.floor(high) + 1)]
    return position, [0.0, *ticks] if has_zero else ticks, True


def _axis_with_negative(
    lowest: float, largest: float, scale: values.Scale, left: float, right: float
) -> tuple[Callable[[float], float], list[float], bool]:
    step = _tick_step(largest - lowest)
    first, last = math.floor(lowest / step), math.ceil(largest / step)
    ticks = [step * number for number in range(first, last + 1)]
    return (lambda value: left + (right - left) * (value / scale.divisor - ticks[0]) / (ticks[-1] - ticks[0])), ticks, False


def _tick_step(largest: float) -> float:
    power = 10.0 ** math.floor(math.log10(largest))
    return next(step * power for step in (0.1, 0.2, 0.5, 1.0, 2.0) if largest / (step * power) <= 5.5)


def _draw_pair(canvas: Canvas, pair: Pair, y: float, position: Callable[[float], float], indicator: Any,
               scale: values.Scale, start: float) -> None:
    has_before, has_now = bool(bounds_of(pair.before)), bool(bounds_of(pair.now))
    if has_before and has_now:
        canvas.line(
            [(position(middle_of(pair.before, 0)), y), (position(middle_of(pair.now, 0)), y)], "#AEB4BA", 1.4, layer=2
        )
    spans = []
    for row, is_now, has in ((pair.before, False, has_before), (pair.now, True, has_now)):
        if has:
            left, right = _draw_value(canvas, row, y, position, is_now)
            spans.append((left, right, row, is_now))
    if is_twice(pair):
        # The same value twice: a ring around the dot, written once.
        canvas.dot((spans[0][0] + spans[0][1]) / 2, y, 3.5, None, look.MID_BLUE, 1.2, layer=2.5)
        spans = [(spans[1][0] - 0.6, spans[1][1] + 0.6, pair.now, True)]
    spans.sort(key=lambda span: (span[0] + span[1], not span[3]))
    first, last = min((span[0] for span in spans), default=0.0), max((span[1] for span in spans), default=0.0)
    for number, (_, _, row, is_now) in enumerate(spans):
        words, colour = write_answer(row, indicator, scale), look.NAVY if is_now else look.QUIET
        width = fonts.text_width(words, look.LABEL_PT, is_now)
        # Left of both marks, where there is room before the department's name; else behind what stands at the right.
        on_left = number == 0 and len(spans) == 2 and first - 0.9 - width > start
        x = first - 0.9 if on_left else last + 0.9
        canvas.text(
            x, y, words, look.LABEL_PT, colour, "end" if on_left else "start", is_bold=is_now, ground=look.WHITE
        )
        last = last if on_left else last + width + 2.2
    if not (has_before and has_now):
        canvas.text(last + 1.7, y, pair.absence, look.SMALL_PT, look.QUIET, ground=look.WHITE)


def _draw_value(
    canvas: Canvas, row: Any, y: float, position: Callable[[float], float], is_now: bool
) -> tuple[float, float]:
    """Draw one value; its left and right ends on the canvas."""
    low, high = values.number_or_none(row.low), values.number_or_none(row.high)
    colour = look.NAVY if is_now else look.MID_BLUE
    if row.state == "zero":
        low = high = 0.0
    if low is None or high is None:
        known = high if low is None else low
        x, length = position(known or 0.0), -ARROW_MM if low is None else ARROW_MM
        canvas.arrow(x, y, length, colour)
        return min(x, x + length), max(x, x + length)
    first, last = position(low), position(high)
    if low == high:
        canvas.dot(first, y, 2.3, look.NAVY if is_now else None, None if is_now else look.MID_BLUE, 1.3)
        return first - 1.15, first + 1.15
    width = max(last - first, 2.0)
    canvas.box(first, y - 1.15, width, 2.3, look.NAVY if is_now else look.WHITE, None if is_now else look.MID_BLUE,
               0.0 if is_now else 1.2, layer=3)
    return first, first + width


def _draw_legend(canvas: Canvas, left: float, y: float, pairs: Sequence[Pair], year: int, previous: int) -> None:
    x = left
    rows = [
        (row, is_now) for pair in pairs for row, is_now in ((pair.before, False), (pair.now, True)) if bounds_of(row)
    ]
    has_bounds = any(is_bounded(row) for row, _ in rows)
    for is_now in (False, True):
        which = year if is_now else previous
        own: list[Any] = [row for row, row_is_now in rows if row_is_now == is_now]
        colour = look.NAVY if is_now else look.MID_BLUE
        if any(not is_bounded(row) for row in own):
            canvas.dot(x + 1.2, y, 2.3, look.NAVY if is_now else None, None if is_now else colour, 1.3)
            x = _legend_words(canvas, x + 3.4, y, f"{which}年{'准确数' if has_bounds else ''}")
        if any(is_bounded(row) and len(bounds_of(row)) == 2 for row in own):
            canvas.box(
                x, y - 1.15, 4.0, 2.3, look.NAVY if is_now else look.WHITE, None if is_now else colour, 1.2, layer=3
            )
            x = _legend_words(canvas, x + 5.0, y, f"{which}年约数区间")
        if any(len(bounds_of(row)) == 1 and row.state != "zero" for row in own):
            canvas.arrow(x, y, 5.5, colour)
            x = _legend_words(canvas, x + 6.5, y, f"{which}年只知一端")


    if any(is_twice(pair) for pair in pairs):
        canvas.dot(x + 1.75, y, 3.5, None, look.MID_BLUE, 1.2, layer=2.5)
        canvas.dot(x + 1.75, y, 2.3, look.NAVY)
        _legend_words(canvas, x + 4.5, y, "两年相同")


def is_twice(pair: Pair) -> bool:
    """Whether both years have the same exact value, drawn as a ring around the dot."""
    return bool(bounds_of(pair.before)) and bounds_of(pair.before) == bounds_of(pair.now) and not is_bounded(pair.now)


def _legend_words(canvas: Canvas, x: float, y: float, words: str) -> float:
    canvas.text(x, y, words, look.SMALL_PT, look.QUIET)
    return x + fonts.text_width(words, look.SMALL_PT) + 5.0
