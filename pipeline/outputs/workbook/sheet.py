"""One sheet: title, notes, header, rows; widths, row heights, frozen panes, filter and print set-up.

What belongs here: laying out any table the same way. What the columns mean stands in the modules of each sheet.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from xlsxwriter.utility import xl_col_to_name

from pipeline.outputs.look import MID_BLUE, NAVY, RULE
from pipeline.outputs.workbook.cells import (
    LINKS_PER_SHEET,
    Cell,
    Styles,
    count_lines,
    number_format,
    row_height,
    text_width,
    write_cell,
)

Kind = Literal["text", "free", "code", "number", "middle", "share", "percent", "year", "input", "answer"]

# More rows than this open slowly and are better read from data/processed.
ROWS_PER_SHEET = 100_000
NARROWEST, WIDEST = 6.0, 58.0
_STYLE_OF: dict[Kind, str] = {
    "text": "text", "free": "free", "code": "code", "number": "number", "middle": "middle", "share": "number",
    "percent": "number", "year": "middle", "input": "input", "answer": "value",
}
_FORMAT_OF: dict[Kind, str] = {"share": "0.0%", "percent": "0.0", "year": "0"}
_WRAPPED = frozenset({"text", "free", "input"})
# Widths are taken from the first rows; a later longer text wraps.
_MEASURED_ROWS = 2_000
#: Where the header stands: after the title and the notes.
TITLE_ROW, NOTE_ROW, HEADER_ROW = 0, 1, 2


@dataclass(frozen=True)
class Column:
    """A column of a sheet. `free` holds words from reports; `width` fixes the width, else `widest` limits it.

    `prompt` shows when a cell of the column is chosen, to say what may be filled in.
    """

    header: str
    kind: Kind = "text"
    width: float | None = None
    widest: float = 24.0
    has_bar: bool = False
    format: str = ""
    prompt: str = ""


@dataclass
class Sheet:
    """A sheet before it is written; each row has one value or Cell a column.

    `n_found` says how many rows there are when `rows` has only the first of them, `whole_table` where all of them are;
    `printed_columns` leaves technical columns out of print; `sparklines` has the points of the last column, a row each;
    `bar_limit` is where the data bars of all columns end, so that they can be compared.
    """

    name: str
    about: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    notes: list[str] = field(default_factory=list)
    frozen_columns: int = 1
    whole_table: str = ""
    n_found: int | None = None
    printed_columns: int = 0
    has_filter: bool = True
    sparklines: list[list[float | None]] = field(default_factory=list)
    bar_limit: float | None = None

    @property
    def n_rows(self) -> int:
        """All the rows that there are, shown or not."""
        return len(self.rows) if self.n_found is None else self.n_found


def limit_rows(sheets: Sequence[Sheet], most_cells: int, kept_whole: Collection[str] = ()) -> list[Sheet]:
    """The sheets with so few rows that all cells together are at most `most_cells`: the long ones give way, older years first.

    Sheets named in `kept_whole` keep their rows (others link to them by number). What is cut is said by `write_sheet`.
    """
    def n_cells(cap: int) -> int:
        return sum(min(len(sheet.rows), ROWS_PER_SHEET if sheet.name in kept_whole else cap) * len(sheet.columns) for sheet in sheets)

    low, high = 1_000, ROWS_PER_SHEET
    if n_cells(high) <= most_cells:
        return list(sheets)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if n_cells(middle) <= most_cells else (low, middle - 1)
    return [sheet if sheet.name in kept_whole or len(sheet.rows) <= low else _latest(sheet, low) for sheet in sheets]


def _latest(sheet: Sheet, n_rows: int) -> Sheet:
    """The sheet with `n_rows` of its rows, those of the latest years, in their order."""
    year = next((place for place, column in enumerate(sheet.columns) if column.kind == "year"), None)
    order = list(range(len(sheet.rows)))
    if year is not None:
        years = [row[year] if isinstance(row[year], int | float) else 0 for row in sheet.rows]
        order.sort(key=lambda place: (-years[place], place))
    kept = sorted(order[:n_rows])
    lines = [sheet.sparklines[place] for place in kept] if sheet.sparklines else []
    return replace(sheet, rows=[sheet.rows[place] for place in kept], sparklines=lines, n_found=sheet.n_rows)


#: What the sheets call the compared subject in headings and notes.
_SUBJECT = "部门"


def name_subject(sheet: Sheet, subject: str) -> Sheet:
    """The sheet with its headings and notes worded for another subject (地区); rows hold words of reports and stay."""
    if subject == _SUBJECT:
        return sheet
    columns = [replace(column, header=column.header.replace(_SUBJECT, subject)) for column in sheet.columns]
    return replace(sheet, name=sheet.name.replace(_SUBJECT, subject), columns=columns, about=sheet.about.replace(_SUBJECT, subject),
                   notes=[note.replace(_SUBJECT, subject) for note in sheet.notes])


def row_number(index: int) -> int:
    """Number, as a spreadsheet counts, of the row that `rows[index]` of a sheet gets."""
    return HEADER_ROW + index + 2


def link_to(sheet_name: str, index: int | None = None, column: str = "A") -> str:
    """Link target: row `index` of the rows of a sheet, or its top."""
    quoted = sheet_name.replace("'", "''")
    return f"internal:'{quoted}'!{column}{row_number(index) if index is not None else 1}"


def _shown(value: Any) -> str:
    if isinstance(value, Cell):
        value = value.value
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:,.2f}".rstrip("0").rstrip(".")


def column_widths(sheet: Sheet) -> list[float]:
    """A width for each column, from its header and its first rows."""
    widths = []
    for index, column in enumerate(sheet.columns):
        if column.width is not None:
            widths.append(column.width)
            continue
        longest = max((text_width(line) for row in sheet.rows[:_MEASURED_ROWS] for line in _shown(row[index]).split("\n")), default=0.0)
        # A header may wrap to two lines, and the filter button needs room.
        header = min(text_width(column.header), max(text_width(column.header) / 2, 8.0)) + 2.5
        widest = WIDEST if column.kind == "free" and column.widest == 24.0 else column.widest
        widths.append(max(NARROWEST, header, min(longest + 1.8, widest)))
    return widths


def write_sheet(page: Any, sheet: Sheet, styles: Styles, *, demonstration: bool, points: Any, back: str = "目录") -> list[str]:
    """Fill `page`; what could not be shown is said on the page and returned."""
    widths = column_widths(sheet)
    kept = sheet.rows[:ROWS_PER_SHEET]
    limits = []
    if len(kept) < sheet.n_rows:
        rest = f"；全部在 data/processed/{sheet.whole_table}.parquet" if sheet.whole_table else ""
        limits.append(f"本表只列 {len(kept):,} 行（先列最近的年度），共 {sheet.n_rows:,} 行{rest}。" if len(kept) < ROWS_PER_SHEET
                      else f"本表只列前 {len(kept):,} 行，共 {sheet.n_rows:,} 行{rest}。")
    n_links = sum(1 for row in kept for value in row if isinstance(value, Cell) and value.target)
    if n_links > LINKS_PER_SHEET:
        limits.append(f"本表只有前 {LINKS_PER_SHEET:,} 个链接可点，共 {n_links:,} 个（Excel 每表的上限）。")
    for index, width in enumerate(widths):
        page.set_column(index, index, width)
    _write_head(page, sheet, styles, widths, [*limits, *sheet.notes], demonstration, back)
    links_left = LINKS_PER_SHEET
    columns = sheet.columns
    for index, row in enumerate(kept):
        at = HEADER_ROW + 1 + index
        lines = 1
        for column, (value, declared) in enumerate(zip(row, columns, strict=True)):
            cell = _as_cell(value, declared)
            if cell.target:
                links_left -= 1
                if links_left < 0:
                    cell = Cell(cell.value, cell.style, number_format=cell.number_format, marks=cell.marks)
            write_cell(page, at, column, cell, styles)
            if declared.kind in _WRAPPED and isinstance(cell.value, str) and len(cell.value) > 4:
                lines = max(lines, count_lines(cell.value, widths[column]))
        if index < len(sheet.sparklines):
            _add_sparkline(page, points, at, len(columns) - 1, sheet.sparklines[index])
        page.set_row(at, row_height(lines))
    _set_up(page, sheet, len(kept), demonstration)
    return limits


def _as_cell(value: Any, column: Column) -> Cell:
    style = _STYLE_OF[column.kind]
    if isinstance(value, Cell):
        return value if value.style else Cell(value.value, style, value.target, value.tip, value.number_format, value.marks)
    if value is None or isinstance(value, str):
        return Cell(value, style)
    number = float(value)
    return Cell(number, style, number_format=column.format or _FORMAT_OF.get(column.kind) or number_format(number))


def _write_head(page: Any, sheet: Sheet, styles: Styles, widths: Sequence[float], notes: list[str], demonstration: bool,
                back: str) -> None:
    page.set_row(TITLE_ROW, 26)
    name = f"{sheet.name}（示例数据）" if demonstration else sheet.name
    write_cell(page, TITLE_ROW, 0, Cell(name, "title"), styles)
    # Beside the title, but never under a frozen edge that is scrolled away.
    title_columns, used = 1, widths[0]
    while used < text_width(name) * 1.5 and title_columns < len(widths):
        used += widths[title_columns]
        title_columns += 1
    if title_columns < len(widths):
        page.write_url(TITLE_ROW, title_columns, f"internal:'{back}'!A1", styles.get("back"), "← 回目录")
    text = "".join(notes or [sheet.about])
    reach, span = 0.0, 0
    # Columns that are not printed carry no part of the note.
    while span < (sheet.printed_columns or len(widths)) and reach < 140:
        reach += widths[span]
        span += 1
    if span > 1:
        page.merge_range(NOTE_ROW, 0, NOTE_ROW, span - 1, None, styles.get("note"))
    write_cell(page, NOTE_ROW, 0, Cell(text, "note"), styles)
    page.set_row(NOTE_ROW, row_height(count_lines(text, reach)))
    header_lines = 1
    for index, column in enumerate(sheet.columns):
        write_cell(page, HEADER_ROW, index, Cell(column.header, "header"), styles)
        header_lines = max(header_lines, count_lines(column.header, widths[index]))
    page.set_row(HEADER_ROW, row_height(header_lines) + 6)


def _add_sparkline(page: Any, points: Any, row: int, column: int, line: Sequence[float | None]) -> None:
    """A sparkline whose points stand on the hidden sheet: text in its range would be drawn as 0."""
    if not line:
        return
    for offset, point in enumerate(line):
        if point is not None:
            points.write_number(row, offset, point)
    last = xl_col_to_name(len(line) - 1)
    page.add_sparkline(row, column, {
        # Room above the highest column, so that it does not touch the row above.
        "max": 1.25 * max((point for point in line if point is not None), default=1.0) or 1.0,
        "range": f"'{points.get_name()}'!A{row + 1}:{last}{row + 1}", "type": "column", "min": 0, "empty_cells": "gaps",
        "series_color": MID_BLUE})


def _set_up(page: Any, sheet: Sheet, n_rows: int, demonstration: bool) -> None:
    last = HEADER_ROW + max(n_rows, 1)
    page.freeze_panes(HEADER_ROW + 1, sheet.frozen_columns)
    if sheet.has_filter:
        page.autofilter(HEADER_ROW, 0, last, len(sheet.columns) - 1)
    for index, column in enumerate(sheet.columns):
        if column.has_bar and n_rows:
            bar = {"type": "data_bar", "bar_solid": True, "bar_color": "#BCD3E8", "min_type": "num", "min_value": 0}
            if sheet.bar_limit is not None or column.kind == "percent":
                bar |= {"max_type": "num", "max_value": 100 if sheet.bar_limit is None else sheet.bar_limit}
            page.conditional_format(HEADER_ROW + 1, index, last, index, bar)
        if column.prompt and n_rows:
            page.data_validation(HEADER_ROW + 1, index, last, index, {
                "validate": "any", "input_title": column.header, "input_message": column.prompt})
    page.hide_gridlines(2)
    page.set_tab_color(NAVY if sheet.frozen_columns > 1 else RULE)
    page.set_paper(9)
    page.set_landscape()
    if sheet.printed_columns:
        page.print_area(0, 0, last, sheet.printed_columns - 1)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.repeat_rows(HEADER_ROW)
    page.fit_to_pages(1, 0)
    page.set_header(f"&L&9{sheet.name}{'　示例数据' if demonstration else ''}")
    page.set_footer("&L&9衡报&R&9第 &P 页，共 &N 页")
