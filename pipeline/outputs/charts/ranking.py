"""Ranked marks: what a chart becomes where there is one year only, for a matrix of one column wastes its page.

A row for each department, largest first: an exact value is a dot, a bounded one a box over its interval, an open one
a bar with an arrow. Who has no value is not drawn at 0 but named below, by the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.outputs import fonts, look, values
from pipeline.outputs.charts.dumbbell import ARROW_MM, choose_axis
from pipeline.outputs.charts.matrix import BREAK_MM, draw_break, draw_label, label_width, row_offset
from pipeline.outputs.look import Canvas

ROWS_A_PAGE = 48
_ROW_MM, _TIGHT_MM = 6.0, 3.6
#: More rows than this stand closer and in smaller type, so that a page of ROWS_A_PAGE fits A4 with its words.
_TIGHT_FROM = 26
_BAND = 5
_HEAD_MM = 6.0
_LINE_MM = 4.0


@dataclass(frozen=True)
class Ranked:
    """One row: bounds as stated (None: open), the words that stand for them, and whether it is the story."""

    label: str
    low: float | None
    high: float | None
    words: str
    is_marked: bool = False

    @property
    def bounds(self) -> list[float]:
        return [bound for bound in (self.low, self.high) if bound is not None]

    @property
    def size(self) -> float:
        """The bound that the order goes by: the lower one, or the upper one where only that is known."""
        return self.bounds[0]


def order_rows(rows: Sequence[Ranked]) -> list[Ranked]:
    return sorted(rows, key=lambda row: (-row.size, -max(row.bounds), row.label))


def surely_highest(rows: Sequence[Ranked]) -> list[Ranked]:
    """The rows that hold the largest value whatever the open and bounded ones really are; none where that is unsure."""
    if not rows:
        return []
    best = max(row.size for row in rows if row.low is not None) if any(row.low is not None for row in rows) else None
    if best is None:
        return []
    able = [row for row in rows if row.high is None or row.high >= best]
    return able if all(row.low == row.high == best for row in able) or len(able) == 1 else []


def draw_ranking(rows: Sequence[Ranked], scale: values.Scale, sizes: Sequence[float], sign: str = "",
                 absent: Mapping[str, Sequence[str]] | None = None, gap: int = 0) -> tuple[Canvas, bool]:
    """The body, and whether its axis is logarithmic; `sizes` are all values, so that the pages share one axis.

    `absent` gives, by reason, the names of those without a value; `gap` rows stand before a break.
    """
    labels = label_width([row.label for row in rows])
    is_tight = len(rows) >= _TIGHT_FROM
    row_mm, size_pt = (_TIGHT_MM, look.SMALL_PT) if is_tight else (_ROW_MM, look.LABEL_PT)
    lines = _absent_lines(absent or {})
    bottom = _HEAD_MM + row_offset(len(rows), gap, row_mm)
    canvas = Canvas(bottom + 1.5 + (2.0 + _LINE_MM * len(lines) if lines else 0.0))
    widest = max((fonts.text_width(row.words, size_pt, True) for row in rows), default=0.0)
    left, right = labels + 3.0, look.BODY_MM - widest - 4.0 - (ARROW_MM if any(row.high is None for row in rows) else 0.0)
    position, ticks, is_log = choose_axis(sizes, scale, left, right)
    if gap:
        draw_break(canvas, _HEAD_MM + gap * row_mm + BREAK_MM / 2)
    for number in range(0, gap or len(rows), 2 * _BAND):
        height = min(_BAND, (gap or len(rows)) - number) * row_mm
        canvas.box(0.0, _HEAD_MM + number * row_mm, look.BODY_MM, height, fill=look.EMPTY, layer=0.2)
    for tick in ticks:
        x = position(tick * scale.divisor)
        canvas.line([(x, _HEAD_MM - 1.2), (x, bottom)], look.GRID, layer=0.6)
        canvas.text(x, 2.2, f"{values.write_number(tick)}{sign}", look.SMALL_PT, look.QUIET, "middle")
    for number, row in enumerate(rows):
        y = _HEAD_MM + row_offset(number, gap, row_mm) + row_mm / 2
        if is_tight:
            canvas.text(labels - 2.0, y, fonts.wrap_text(row.label, labels - 3.0, size_pt, 1), size_pt, anchor="end")
        else:
            draw_label(canvas, labels - 2.0, y, row.label, labels - 3.0)
        end = _draw_mark(canvas, row, y, left, position, is_log)
        canvas.text(end + 1.2, y, row.words, size_pt, look.ACCENT if row.is_marked else look.INK, is_bold=row.is_marked)
    for number, line in enumerate(lines):
        canvas.text(0.0, bottom + 3.5 + number * _LINE_MM, line, look.SMALL_PT, look.QUIET)
    return canvas, is_log


def _draw_mark(canvas: Canvas, row: Ranked, y: float, left: float, position: Callable[[float], float],
               is_log: bool) -> float:
    """Draw one value; the right end of its mark."""
    colour = look.ACCENT if row.is_marked else look.NAVY
    first, last = position(min(row.bounds)), position(max(row.bounds))
    # A logarithmic axis has no zero, so nothing there may look like a bar.
    canvas.line([(max(left, position(0.0)), y), (first, y)], look.GRID if is_log else look.STEPS[1], 0.6 if is_log else 1.6, layer=1)
    if row.low is None:
        canvas.arrow(first, y, -min(ARROW_MM, max(first - left, 2.5)), colour)
        return first + 0.4
    if row.high is None:
        canvas.arrow(first, y, ARROW_MM, colour)
        return first + ARROW_MM
    if row.low == row.high:
        canvas.dot(first, y, 2.2, colour)
        return first + 1.1
    width = max(last - first, 1.6)
    canvas.box(first, y - 1.1, width, 2.2, colour, layer=3)
    return first + width


def _absent_lines(absent: Mapping[str, Sequence[str]]) -> list[str]:
    lines: list[str] = []
    for reason, names in absent.items():
        if names:
            words = f"{reason}（{len(names)}个）：{'、'.join(sorted(names))}"
            lines += fonts.wrap_text(words, look.BODY_MM, look.SMALL_PT, 6).split("\n")
    return lines
