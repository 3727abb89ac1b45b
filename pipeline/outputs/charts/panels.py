"""Small multiples: a grid of panels with common axes, years below, gaps never bridged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.outputs import fonts, look
from pipeline.outputs.look import Canvas
from pipeline.outputs.values import write_number

GUTTER_MM = 6.5
PANEL_MM = 26.0
_HEAD_MM = 6.0
_FOOT_MM = 0.5
_END_MM = 13.0


@dataclass(frozen=True)
class Panel:
    """One panel: its line by year (missing years absent), grey context lines, end words and whether it is the story."""

    title: str
    line: Mapping[int, float]
    context: Sequence[Mapping[int, float]]
    end: str
    change: str
    is_marked: bool = False


def round_up(value: float) -> float:
    """The next of 1, 2, 5 times a power of ten that a percentage axis can end at."""
    for edge in (2.0, 5.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 80.0, 100.0):
        if value <= edge:
            return edge
    return value


def choose_columns(n_panels: int) -> int:
    """Three or four columns, whichever leaves fewer places empty."""
    if n_panels < 3:
        return max(1, n_panels)
    return min((4, 3), key=lambda n_columns: -n_panels % n_columns)


def draw_panels(panels: Sequence[Panel], years: Sequence[int], most: float) -> Canvas:
    """The grid; every panel has the same axis from 0 to `most` (percent), named in the first panel of a row."""
    n_columns = choose_columns(len(panels))
    n_rows = -(-len(panels) // n_columns)
    width = min(80.0, (look.BODY_MM - GUTTER_MM * (n_columns - 1)) / n_columns)
    canvas = Canvas(n_rows * (PANEL_MM + GUTTER_MM) + _FOOT_MM)
    for number, panel in enumerate(panels):
        row, column = divmod(number, n_columns)
        left, top = column * (width + GUTTER_MM), row * (PANEL_MM + GUTTER_MM)
        _draw_panel(canvas, panel, years, most, left, top, width, column == 0)
    return canvas


def _draw_panel(canvas: Canvas, panel: Panel, years: Sequence[int], most: float, left: float, top: float, width: float,
                has_scale: bool) -> None:
    title = fonts.wrap_text(panel.title, width, look.LABEL_PT, 1, is_bold=True)
    canvas.text(left, top + 2.2, title, look.LABEL_PT, is_bold=True)
    base, ceiling = top + PANEL_MM, top + _HEAD_MM + 1.5
    start, end = left + 2.5, left + width - _END_MM

    def across(year: int) -> float:
        return start + (end - start) * (year - years[0]) / max(1, years[-1] - years[0])

    def up(value: float) -> float:
        return base - (base - ceiling) * value / most

    for tick in (most / 2, most):
        canvas.line([(left, up(tick)), (left + width, up(tick))], look.GRID)
    canvas.line([(left, base), (left + width, base)], look.RULE, 0.8)
    for line in panel.context:
        _draw_line(canvas, line, years, across, up, look.FAINT, 0.7)
    colour = look.ACCENT if panel.is_marked else look.MID_BLUE
    _draw_line(canvas, panel.line, years, across, up, colour, 2.3 if panel.is_marked else 1.5, has_ends=True)
    # The scale stands on a plate, over the context lines.
    if has_scale:
        for tick in (most / 2, most):
            canvas.text(
                left, up(tick) - 1.5, f"{write_number(tick)}%", look.NOTE_PT, look.QUIET, ground=look.WHITE, layer=4
            )
    # A gap is named below the axis, so that no line is covered.
    for year in years:
        is_end = year in (years[0], years[-1])
        words = (str(year) if is_end else "") + ("缺" if year not in panel.line else "")
        if words:
            canvas.text(across(year), base + 2.7, words, look.NOTE_PT, look.QUIET, "middle")
    if years[-1] in panel.line:
        y = min(up(panel.line[years[-1]]), base - 2.1)
        canvas.text(
            end + 2.0, y, panel.end, look.LABEL_PT, colour if panel.is_marked else look.INK, is_bold=panel.is_marked,
            ground=look.WHITE,
        )
        # The change stands below its value, or above where the axis is too near.
        below = y + 3.4 if y + 5.0 < base else y - 3.4
        canvas.text(end + 2.0, below, panel.change, look.NOTE_PT, look.QUIET, ground=look.WHITE)


def _draw_line(canvas: Canvas, line: Mapping[int, float], years: Sequence[int], across: Callable[[int], float],
               up: Callable[[float], float], colour: str, line_pt: float, has_ends: bool = False) -> None:
    run: list[tuple[float, float]] = []
    for year in [*years, None]:
        if year is not None and year in line:
            run.append((across(year), up(line[year])))
            continue
        if len(run) > 1:
            canvas.line(run, colour, line_pt, layer=3 if has_ends else 1.5)
        # A hollow dot beside a gap, or a year standing alone.
        if has_ends and run:
            for x, y in {run[0], run[-1]} if len(run) > 1 else {run[0]}:
                is_gap = (x > across(years[0]) and (x, y) == run[0]) or (x < across(years[-1]) and (x, y) == run[-1])
                if is_gap:
                    canvas.dot(x, y, 1.7, None, colour, 1.0, layer=3.5)
        elif run and len(run) == 1:
            canvas.dot(*run[0], 0.9, colour, layer=1.5)
        run = []
    if has_ends and years[-1] in line:
        canvas.dot(across(years[-1]), up(line[years[-1]]), 2.0, colour, layer=4)
