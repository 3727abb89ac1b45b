"""Lines of pages to paragraphs and tables: where a line ends, where the next begins, and what stands side by side."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from statistics import median, median_high, median_low

from pipeline.reading.layout import Cell, Line, Page, drop_running_heads, in_reading_order, set_columns
from pipeline.reading.page_notes import take_notes
from pipeline.reading.paragraphs import HEADING, NUMBERED, SIGNATURE, glue
from pipeline.reading.raw import Piece, add_table

# In ems: what still counts as reaching the margin (marks may not start a line, so lines end early), as an indent.
_RAGGED = 2.2
_INDENT = 1.2
# A block of few characters a line is a list of names or a signature, not wrapped text.
_NARROWEST = 12
# In ems, the widest space between two rows of a table without rules.
_ROW_GAP = 1.5
# Share of the width that a title line fills when the next one goes on with it.
_FULL_TITLE = 0.8
_WORD = re.compile(r"[!-~]+")
# A sentence is over, or the whole line stands in brackets: （联系人：……）.
_CLOSED = re.compile(r"[。！？；：!?;:…][”’」』）)》]*$|^[（(][^（()）]*[）)]$")
_LATER_ITEM = re.compile(r"[二三四五六七八九十]{1,2}[是要]")
# 当前位置：首页 > 政务公开 > …
_STEP = re.compile(r"[>＞»]")
_PATH = re.compile(r"[^：:。]{0,8}位置[：:]|[^。]*[>＞»][^。]*[>＞»]")
# An unfinished line that was broken early has at least this share of the width; a shorter one is a button or a name.
_BROKEN_EARLY = 0.5

# Left and right edge of the text of each page and column.
Margins = dict[tuple[int, int], tuple[float, float]]


def reflow(pages: list[Page]) -> list[Piece]:
    """Paragraphs and tables of a document in reading order, without running heads and page numbers."""
    for page in pages:
        page.lines = in_reading_order(page)
    set_columns(pages)
    drop_running_heads(pages)
    notes = [note for page in pages for note in take_notes(page)]
    lines = [line for page in pages for line in page.lines]
    if not lines:
        return notes
    body_size = _body_size(lines)
    pieces: list[Piece] = []
    table_no = 0
    paragraph: list[Line] = []
    margins = _margins(lines, body_size)
    has_indents = _has_indents(lines, margins, body_size)
    leading = _leading(pages)
    for group in _groups(lines):
        if len(group) > 1 or group[0].table_row:
            pieces.extend(_paragraph(paragraph))
            paragraph = []
            rows = _ruled_table(group) if group[0].table_row else _table(group)
            if add_table(pieces, rows, table_no + 1, group[0].page):
                table_no += 1
            continue
        line = group[0]
        if paragraph and not _is_next_item(paragraph, line) and _continues(paragraph[-1], line, margins, body_size, leading, has_indents):
            paragraph.append(line)
        else:
            pieces.extend(_paragraph(paragraph))
            paragraph = [line]
    pieces.extend(_paragraph(paragraph))
    return pieces + notes


def _paragraph(lines: list[Line]) -> Iterator[Piece]:
    if not lines:
        return
    text = lines[0].text
    for line in lines[1:]:
        text = glue(text, line.text)
    yield Piece(text, page=lines[0].page)


def _body_size(lines: list[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return min(sizes, key=lambda size: (-sizes[size], size)) or 1.0


def _margins(lines: list[Line], body_size: float) -> Margins:
    """Left and right edge of each text block: where lines of body size begin and end.

    A last page of short lines says little about its right edge, so the usual edge of its column counts at least.
    """
    blocks: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        blocks.setdefault(line.block, []).append(line)
    edges: Margins = {}
    for block, members in blocks.items():
        body = [line for line in members if _is_body(line, body_size) and len(line.text) > 4] or members
        lefts, rights = sorted(line.left for line in body), sorted(line.right for line in body)
        edges[block] = lefts[len(lefts) // 10], rights[min(len(rights) - 1, len(rights) * 9 // 10)]
    usual: dict[int, tuple[float, float]] = {}
    for column in {block[1] for block in edges}:
        alike = [edges[block] for block in edges if block[1] == column]
        usual[column] = median_low(left for left, _ in alike), median_high(right for _, right in alike)
    return {block: (min(left, usual[block[1]][0]), max(right, usual[block[1]][1]))
            for block, (left, right) in edges.items()}


def _is_body(line: Line, body_size: float) -> bool:
    return abs(line.size - body_size) < 0.1 * body_size


def _has_indents(lines: list[Line], margins: Margins, body_size: float) -> bool:
    body = [line for line in lines if _is_body(line, body_size)]
    indented = sum(1.2 * body_size < line.left - margins[line.block][0] < 3 * body_size for line in body)
    return indented >= max(2, 0.08 * len(body))


def _leading(pages: list[Page]) -> float:
    """The usual distance between the tops of two lines."""
    steps = [after.top - before.top for page in pages for before, after in pairwise(page.lines)
             if 0 < after.top - before.top < 5 * before.size]
    return median(steps) if steps else 0.0


def _is_next_item(paragraph: list[Line], line: Line) -> bool:
    """Whether 三是… follows a whole paragraph that began with 二是…: then each has one of its own; or the path of a page ended."""
    if _LATER_ITEM.match(paragraph[0].text) and _LATER_ITEM.match(line.text):
        return bool(_CLOSED.search(paragraph[-1].text))
    return bool(_PATH.match(paragraph[0].text)) and not _STEP.search(line.text)


def _continues(before: Line, line: Line, margins: Margins, body_size: float,
               leading: float, has_indents: bool) -> bool:
    """Whether a line goes on with the paragraph whose last line is `before`."""
    if len(before.cells) > 1 or len(line.cells) > 1:
        return False
    if abs(before.size - line.size) > 0.06 * max(before.size, line.size):
        return False
    left, right = margins[line.block]
    # A number or word that did not fit leaves a longer gap.
    word = _WORD.match(line.text)
    missing = max(_RAGGED, 0.6 * len(word[0]) + 1 if word else 0.0)
    reaches = before.right >= margins[before.block][1] - missing * before.size
    is_centred = abs(line.left - left - (right - line.right)) < line.size and line.left - left > _INDENT * line.size
    if before.size > 1.15 * body_size or is_centred:
        # A title is centred, so its second line is "indented"; a short first line was broken on purpose.
        is_broken = before.right - before.left >= _FULL_TITLE * (right - left)
        return is_broken and before.page == line.page and not _CLOSED.search(before.text)
    # Where paragraphs are indented, a line at the margin goes on with an unfinished one even if that was broken early.
    is_unfinished = (has_indents and not _CLOSED.search(before.text) and line.left - left < 0.5 * line.size
                     and before.left - margins[before.block][0] < 3 * line.size and not line.text.endswith("：")
                     and before.right - left >= _BROKEN_EARLY * (right - left))
    if not reaches and (not is_unfinished or NUMBERED.match(line.text)):
        return False
    if right - left < _NARROWEST * line.size or line.left - left > _INDENT * line.size:
        return False
    is_closed = bool(_CLOSED.search(before.text))
    step = line.top - before.top
    is_spaced = before.block == line.block and leading > 0 and not 0 < step < 1.5 * leading
    if is_spaced and (is_closed or step > 2.5 * leading):
        return False
    if HEADING.match(line.text) or (is_closed and (NUMBERED.match(line.text) or SIGNATURE.match(line.text))):
        return False
    # Without indents only a line that ends short of the margin tells where a paragraph ends.
    return has_indents or not is_closed or before.right >= margins[before.block][1] - before.size


def _groups(lines: list[Line]) -> Iterator[list[Line]]:
    """Lines of one ruled table, runs of lines that stand in columns (two or more), and single lines."""
    place = 0
    while place < len(lines):
        end = place
        if lines[place].table_row:
            while end < len(lines) and _is_same_table(lines[place], lines[end]):
                end += 1
            yield lines[place:end]
            place = end
            continue
        while end < len(lines) and lines[end].page == lines[place].page and _is_row(lines, place, end):
            end += 1
        while end > place and len(lines[end - 1].cells) < 2:
            end -= 1
        if sum(len(line.cells) >= 2 for line in lines[place:end]) >= 2:
            yield lines[place:end]
            place = end
        else:
            yield [lines[place]]
            place += 1


def _is_same_table(first: Line, line: Line) -> bool:
    return (line.page == first.page and first.table_row is not None and line.table_row is not None
            and line.table_row[0] == first.table_row[0])


def _is_row(lines: list[Line], start: int, place: int) -> bool:
    line = lines[place]
    if line.table_row or place == start:
        return not line.table_row and len(line.cells) >= 2
    if line.top - lines[place - 1].bottom > _ROW_GAP * line.size:
        return False
    rows = [row for row in lines[start:place] if len(row.cells) >= 2]
    columns = [cell for row in rows for cell in row.cells]
    aligned = [any(_overlaps(cell, column) for column in columns) for cell in line.cells]
    if len(line.cells) >= 2:
        return sum(aligned) >= 2
    # One cell alone belongs to the table where it stands within one of its inner columns.
    return any(line.left > min(cell.left for cell in columns) + line.size and line.left >= column.left - line.size
               and line.right <= column.right + line.size for column in columns)


def _overlaps(first: Cell, second: Cell) -> bool:
    return min(first.right, second.right) > max(first.left, second.left)


def _table(group: list[Line]) -> list[list[str]]:
    """Rows of cells; cells of one column overlap sideways, a cell over several columns goes to the nearest."""
    cells = sorted((cell for line in group if len(line.cells) > 1 for cell in line.cells), key=lambda cell: cell.left)
    columns: list[Cell] = []
    for cell in sorted(cells, key=lambda cell: cell.right - cell.left):
        # Narrow cells first: they tell the columns apart that a heading over both of them would merge.
        near = [column for column in columns if _overlaps(cell, column)]
        if not near:
            columns.append(Cell("", cell.left, cell.right))
        elif len(near) == 1:
            near[0].left, near[0].right = min(near[0].left, cell.left), max(near[0].right, cell.right)
    columns.sort(key=lambda column: column.left)
    rows = []
    for line in group:
        row = [""] * len(columns)
        for cell in line.cells:
            distances = [_distance(column, cell) for column in columns]
            place = distances.index(min(distances))
            row[place] = f"{row[place]} {cell.text}".strip()
        rows.append(row)
    return rows


def _ruled_table(group: list[Line]) -> list[list[str]]:
    """Rows and columns as the rules draw them; the lines of a cell are one text."""
    width = max(cell.column for line in group for cell in line.cells) + 1
    rows: dict[int, list[str]] = {}
    for line in group:
        row = rows.setdefault(line.table_row[1] if line.table_row else 0, [""] * width)
        for cell in line.cells:
            row[cell.column] = glue(row[cell.column], cell.text)
    return [rows[number] for number in sorted(rows)]


def _distance(column: Cell, cell: Cell) -> float:
    return abs(column.left + column.right - cell.left - cell.right)
