"""The matrix that several charts share: a row for each department, a column for each year or check.

States are told apart without colour: a value by its number on a fill, 0 by a thick frame, 未披露 by hatching and
the word, 缺报告 by a blank with a dash, 不适用 and 上年缺 by the word on plain ground, 待核 by a dashed frame, 未通过
by × on dark, 未见 by × in a frame, 通过 by ✓ on light. Years before a department existed stay blank.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.outputs import fonts, look
from pipeline.outputs.charts.classes import class_colour, class_labels, class_of
from pipeline.outputs.look import Canvas

CellKind = Literal["value", "zero", "not_disclosed", "missing", "not_existing", "na", "ambiguous", "no_basis", "passed",
                   "failed", "lacking", "unknown"]

ROW_MM = 6.3
GAP_MM = 0.5
HEAD_MM = 5.4
BREAK_MM = 4.6
LEGEND_MM = 6.0
LABEL_MOST_MM = 40.0
_SWATCH_MM = 5.0

_LEGEND_ORDER: tuple[CellKind, ...] = (
    "passed",
    "failed",
    "lacking",
    "unknown",
    "zero", "ambiguous", "not_disclosed", "na", "no_basis", "missing",
)

STATE_WORDS = {
    "zero": "写明为0",
    "not_disclosed": "未披露",
    "missing": "缺报告",
    "na": "不适用",
    "ambiguous": "待核（文中不一致）",
    "no_basis": "上年缺",
    "passed": "通过",
    "failed": "未通过",
    "lacking": "未见（应有或惯例）",
    "unknown": "无从判断",
}


@dataclass(frozen=True)
class Cell:
    """What stands in one place. `size` decides the class of a value; `is_marked` frames it with the accent."""

    kind: CellKind
    text: str = ""
    size: float = 0.0
    is_marked: bool = False


@dataclass(frozen=True)
class Bars:
    """A column of bars right of the matrix; None leaves the place blank."""

    heading: str
    sizes: Sequence[float | None]
    texts: Sequence[str]


@dataclass(frozen=True)
class Matrix:
    """Rows, columns and cells; `notes` is a column of words at the right, with its heading.

    `gap` is the number of rows before a break, where many rows are left out; 0 for none.
    """

    rows: Sequence[str]
    columns: Sequence[str]
    cells: Sequence[Sequence[Cell]]
    breaks: Sequence[float] = ()
    are_whole: bool = True
    sign: str = ""
    bars: Bars | None = None
    notes: tuple[str, Sequence[str]] | None = None
    footer: tuple[str, Sequence[str]] | None = None
    no_basis_words: str = "上年缺"
    gap: int = 0
    column_most_mm: float = 33.0


def label_width(labels: Sequence[str], most_mm: float = LABEL_MOST_MM) -> float:
    """Width of the label column: that of the longest label, up to `most_mm`."""
    return min(most_mm, max((fonts.text_width(label, look.LABEL_PT) for label in labels), default=0.0)) + 3.0


def row_offset(number: int, gap: int, row_mm: float = ROW_MM) -> float:
    """Where a row begins below the first; behind a break there is room for its mark."""
    return number * row_mm + (BREAK_MM if gap and number >= gap else 0.0)


def draw_break(canvas: Canvas, y: float, right: float = look.BODY_MM) -> None:
    """The mark where rows are left out: a dashed line with dots."""
    canvas.line([(0.0, y), (right, y)], look.RULE, 0.6, is_dashed=True)
    canvas.text(right / 2, y, "……", look.SMALL_PT, look.QUIET, "middle", ground=look.WHITE)


def draw_label(canvas: Canvas, right: float, y: float, label: str, width: float) -> None:
    """A department's name, right-aligned, on one line or, if long, two smaller ones."""
    if fonts.text_width(label, look.LABEL_PT) <= width:
        canvas.text(right, y, label, look.LABEL_PT, anchor="end")
    else:
        lines = fonts.balance_text(label, width, look.NOTE_PT, most_lines=2)
        canvas.text(right, y, lines, look.NOTE_PT, anchor="end")


def draw_matrix(matrix: Matrix) -> Canvas:
    """The body of the chart: legend, column heads, cells, bars and notes."""
    labels = label_width(matrix.rows)
    notes_width = max((fonts.text_width(words, look.SMALL_PT) for words in matrix.notes[1]), default=0.0) + 5.0 if matrix.notes else 0.0
    side = (30.0 if matrix.bars else 0.0) + notes_width
    n_columns = len(matrix.columns)
    cell_width = min(matrix.column_most_mm, (look.BODY_MM - labels - side) / max(1, n_columns))
    head_lines = max((heading.count("\n") + 1 for heading in matrix.columns), default=1)
    head = HEAD_MM + (head_lines - 1) * 3.2
    legend = _legend_items(matrix)
    legend_rows = arrange_legend(legend, look.BODY_MM - labels)
    top = LEGEND_MM * len(legend_rows) + head
    foot = ROW_MM if matrix.footer else 0.0
    canvas = Canvas(top + row_offset(len(matrix.rows), matrix.gap) + foot + 0.8)
    if matrix.gap:
        draw_break(canvas, top + matrix.gap * ROW_MM + BREAK_MM / 2 - GAP_MM / 2)
    draw_legend(canvas, labels, 2.2, legend_rows, matrix)
    for number, heading in enumerate(matrix.columns):
        middle = labels + (number + 0.5) * cell_width - GAP_MM / 2
        canvas.text(
            middle,
            top - head / 2 - 0.2,
            heading,
            look.SMALL_PT if head_lines > 1 else look.LABEL_PT,
            look.QUIET,
            "middle",
        )
    for row_number, (label, cells) in enumerate(zip(matrix.rows, matrix.cells, strict=True)):
        y = top + row_offset(row_number, matrix.gap)
        draw_label(canvas, labels - 2.0, y + (ROW_MM - GAP_MM) / 2, label, labels - 3.0)
        for number, cell in enumerate(cells):
            draw_cell(canvas, labels + number * cell_width, y, cell_width - GAP_MM, ROW_MM - GAP_MM, cell, matrix)
    right = labels + n_columns * cell_width
    if matrix.bars:
        _draw_bars(canvas, right + 5.0, top, head, matrix.bars, matrix.gap)
        right += 30.0
    if matrix.notes:
        canvas.text(right + 4.0, top - head / 2 - 0.2, matrix.notes[0], look.LABEL_PT, look.QUIET)
        for row_number, words in enumerate(matrix.notes[1]):
            canvas.text(right + 4.0, top + row_offset(row_number, matrix.gap) + (ROW_MM - GAP_MM) / 2, words, look.SMALL_PT)
    if matrix.footer:
        y = top + row_offset(len(matrix.rows), matrix.gap) + (ROW_MM - GAP_MM) / 2
        canvas.text(labels - 2.0, y, matrix.footer[0], look.LABEL_PT, look.QUIET, "end")
        for number, words in enumerate(matrix.footer[1]):
            canvas.text(
                labels + (number + 0.5) * cell_width - GAP_MM / 2, y, words, look.LABEL_PT, look.QUIET, "middle"
            )
    return canvas


def draw_cell(canvas: Canvas, x: float, y: float, width: float, height: float, cell: Cell, matrix: Matrix) -> None:
    """One cell in the grammar of this module."""
    middle, centre = x + width / 2, y + height / 2
    size = _fitting(cell.text, width)
    if cell.kind == "value":
        colour = class_colour(class_of(cell.size, matrix.breaks), matrix.breaks)
        canvas.box(x, y, width, height, fill=colour)
        canvas.text(middle, centre, cell.text, size, look.ink_on(colour), "middle", is_bold=cell.is_marked)
    elif cell.kind == "zero":
        canvas.box(x, y, width, height, fill=look.WHITE, edge=look.NAVY, line_pt=1.3)
        canvas.text(middle, centre, cell.text, size, look.NAVY, "middle", is_bold=True)
    elif cell.kind in ("not_disclosed", "unknown"):
        canvas.box(x, y, width, height, is_hatched=True)
        small = min(look.SMALL_PT, size) if cell.kind == "not_disclosed" else look.LABEL_PT
        if cell.text:
            canvas.text(middle, centre, cell.text, small, look.QUIET, "middle", ground=look.EMPTY)
    elif cell.kind == "missing":
        canvas.line([(middle - min(2, width / 4), centre), (middle + min(2, width / 4), centre)], look.RULE, 1.0)
    elif cell.kind == "ambiguous":
        canvas.box(x, y, width, height, fill=look.WHITE, edge=look.MID_BLUE, line_pt=0.9, is_dashed=True)
        canvas.text(middle, centre, cell.text, min(look.SMALL_PT, size), look.INK, "middle")
    elif cell.kind == "passed":
        canvas.box(x, y, width, height, fill=look.STEPS[0])
        canvas.text(middle, centre, cell.text, look.LABEL_PT, look.MID_BLUE, "middle")
    elif cell.kind == "failed":
        canvas.box(x, y, width, height, fill=look.ACCENT)
        canvas.text(middle, centre, cell.text, look.LABEL_PT, look.WHITE, "middle", is_bold=True)
    elif cell.kind == "lacking":
        canvas.box(x, y, width, height, fill=look.WHITE, edge=look.ACCENT, line_pt=1.1)
        canvas.text(middle, centre, cell.text, look.LABEL_PT, look.ACCENT, "middle", is_bold=True)
    elif cell.kind != "not_existing":
        canvas.box(x, y, width, height, fill=look.EMPTY)
        canvas.text(middle, centre, cell.text, min(look.SMALL_PT, size), look.QUIET, "middle")
    if cell.is_marked:
        # A white line inside the frame keeps it visible on a dark cell in black and white.
        canvas.box(x - GAP_MM / 2, y - GAP_MM / 2, width + GAP_MM, height + GAP_MM, edge=look.ACCENT, line_pt=1.8, layer=4)
        canvas.box(x + 0.35, y + 0.35, width - 0.7, height - 0.7, edge=look.WHITE, line_pt=0.9, layer=4)


def _fitting(text: str, width: float) -> float:
    """The largest type size, down to the note size, at which `text` fits a cell."""
    for size in (look.VALUE_PT, 8.0, look.SMALL_PT):
        if fonts.text_width(text, size) <= width - 0.8:
            return size
    return look.NOTE_PT


def _legend_items(matrix: Matrix) -> list[tuple[Cell, str]]:
    kinds = {cell.kind for row in matrix.cells for cell in row}
    items: list[tuple[Cell, str]] = []
    if "value" in kinds:
        labels = class_labels(matrix.breaks, matrix.are_whole, matrix.sign)
        edges = [0.0, *matrix.breaks]
        items += [(Cell("value", "", edge), label) for edge, label in zip(edges, labels, strict=True)]
    samples: dict[CellKind, str] = {"zero": "0", "passed": "✓", "failed": "×", "lacking": "×", "unknown": "?"}
    for kind in _LEGEND_ORDER:
        if kind in kinds:
            words = matrix.no_basis_words if kind == "no_basis" else STATE_WORDS[kind]
            items.append((Cell(kind, samples.get(kind, "")), words))
    return items


def _item_width(words: str) -> float:
    return _SWATCH_MM + 1.0 + fonts.text_width(words, look.SMALL_PT) + 3.2


def arrange_legend(items: Sequence[tuple[Cell, str]], width: float) -> list[list[tuple[Cell, str]]]:
    """Legend items in rows that fit `width`."""
    rows: list[list[tuple[Cell, str]]] = []
    used = 0.0
    for item in items:
        needed = _item_width(item[1])
        if not rows or used + needed > width + 3.2:
            rows.append([])
            used = 0.0
        rows[-1].append(item)
        used += needed
    return rows


def draw_legend(
    canvas: Canvas, left: float, y: float, rows: Sequence[Sequence[tuple[Cell, str]]], matrix: Matrix
) -> None:
    for number, row in enumerate(rows):
        x = left
        centre = y + number * LEGEND_MM
        for cell, words in row:
            draw_cell(canvas, x, centre - 1.8, _SWATCH_MM, 3.6, cell, matrix)
            canvas.text(x + _SWATCH_MM + 1.0, centre, words, look.SMALL_PT, look.QUIET)
            x += _item_width(words)


def _draw_bars(canvas: Canvas, left: float, top: float, head: float, bars: Bars, gap: int) -> None:
    canvas.text(left, top - head / 2 - 0.2, bars.heading, look.LABEL_PT, look.QUIET)
    longest = max((size for size in bars.sizes if size is not None), default=0.0)
    for number, (size, words) in enumerate(zip(bars.sizes, bars.texts, strict=True)):
        centre = top + row_offset(number, gap) + (ROW_MM - GAP_MM) / 2
        length = 0.0 if size is None or not longest else 14.0 * size / longest
        if length:
            canvas.box(left, centre - 1.3, length, 2.6, fill=look.NAVY)
        canvas.text(left + length + (1.2 if length else 0.0), centre, words, look.LABEL_PT,
                    look.QUIET if size is None else look.INK)
