"""Lines at places on pages, for pdf and ofd, which know positions but no paragraphs: cells, order, running heads.

Which lines make a paragraph or a table is in reflow.py.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.reading.grids import Grid
from pipeline.reading.quality import BELIEVABLE, measure_quality

_RUN = re.compile(r"\S+")
_DIGITS = re.compile(r"\d+|[一二三四五六七八九十]+(?=页)")
_PAGE_NUMBER = re.compile(
    r"^[\s\-—–―－·\[\]]*(?:第\s*)?(?:\d{1,4}|[ivxIVX]{1,5})(?:\s*页)?(?:\s*[/／，,]?\s*共?\s*\d{1,4}\s*页?)?[\s\-—–―－·\[\]]*$")
# Running heads stand near the edge, repeat on most pages and differ in digits only.
_EDGE_SHARE = 0.14
_EDGE_LINES = 2
_REPEATED_SHARE = 0.4
# A page with fewer letters that is mostly a picture, or drawn as outlines, has its text in the picture.
_FEW_LETTERS = 30
_PICTURE_SHARE = 0.3
_BELIEVABLE_BESIDE_BAD = 0.9
_MANY_OUTLINES = 200
# Columns of a page; 0 is its whole width.
LEFT, RIGHT = 1, 2
# In ems: a wider gap inside a line separates two columns of a table.
_COLUMN_GAP = 1.25


@dataclass(slots=True)
class Cell:
    """A run of text without a wide gap."""

    text: str
    left: float
    right: float
    column: int = 0


@dataclass(slots=True)
class Line:
    """One printed line; distances in points from the left and top of the page. `size` is the font size."""

    cells: list[Cell]
    top: float
    bottom: float
    size: float
    page: int
    column: int = 0
    # Number of the table and row on the page where printed rules surround the line; its cells know their columns.
    table_row: tuple[int, int] | None = None
    # It begins with the raised mark of a footnote.
    is_note: bool = False

    @property
    def block(self) -> tuple[int, int]:
        """Page and column: lines of one block share their margins."""
        return self.page, self.column

    @property
    def text(self) -> str:
        return self.cells[0].text if len(self.cells) == 1 else "　　".join([cell.text for cell in self.cells])

    @property
    def left(self) -> float:
        return self.cells[0].left

    @property
    def right(self) -> float:
        return self.cells[-1].right


@dataclass(slots=True)
class Page:
    number: int
    width: float
    height: float
    lines: list[Line] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    # Left end, height and right end of level strokes.
    rules: list[tuple[float, float, float]] = field(default_factory=list)
    outlines: int = 0
    picture_area: float = 0.0
    # The part of a package that holds the picture of the page; "" where the page is drawn from its file.
    picture: str = ""

    @property
    def letters(self) -> str:
        return "".join("".join(line.text.split()) for line in self.lines)

    @property
    def has_picture(self) -> bool:
        """Whether one picture covers much of the page, as in a scan."""
        return self.picture_area > _PICTURE_SHARE * self.width * self.height

    def table_row_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Number of the table and of its row at a place; None outside tables."""
        for number, grid in enumerate(self.grids):
            row = grid.row(y)
            if row is not None and grid.contains(x, y):
                return number, row
        return None


def pages_without_text(pages: list[Page]) -> list[int]:
    """Pages that are a picture, are drawn as outlines, or are in a font without character map."""
    # A picture behind the text of other pages is a letterhead or watermark; a short last page has it too.
    has_background = any(page.has_picture and len(page.letters) >= _FEW_LETTERS for page in pages)
    qualities = {page.number: measure_quality(page.letters) for page in pages if len(page.letters) >= _FEW_LETTERS}
    # A font without character map is used on all pages; by chance one of them may look a little better.
    enough = _BELIEVABLE_BESIDE_BAD if any(quality < BELIEVABLE for quality in qualities.values()) else BELIEVABLE
    found = []
    for page in pages:
        letters = page.letters
        if page.number in qualities:
            is_lacking = qualities[page.number] < enough
        else:
            is_lacking = page.outlines > _MANY_OUTLINES or (page.has_picture and not (letters and has_background))
        if is_lacking:
            found.append(page.number)
    return found


def split_by_rules(text: str, span: Callable[[int], tuple[float, float]], grid: Grid) -> list[Cell]:
    """The text of a line by the columns of its table."""
    cells: list[Cell] = []
    for place, character in enumerate(text):
        if character.isspace():
            continue
        left, right = span(place)
        column = grid.column((left + right) / 2)
        if cells and cells[-1].column == column:
            gap = " " if text[place - 1].isspace() else ""
            cells[-1] = Cell(cells[-1].text + gap + character, cells[-1].left, right, column)
        else:
            cells.append(Cell(character, left, right, column))
    return cells


def split_cells(text: str, span: Callable[[int], tuple[float, float]], size: float) -> list[Cell]:
    """Runs of a line between gaps wider than a column gap. `span(place)` gives left and right of a character.

    A gap always shows as white space in the text, so only the neighbours of white space are measured.
    """
    runs = [(match.start(), match.end() - 1) for match in _RUN.finditer(text)]
    cells: list[Cell] = []
    for start, end in runs:
        left, right = span(start)[0], span(end)[1]
        if cells and left - cells[-1].right <= _COLUMN_GAP * size:
            cells[-1] = Cell(f"{cells[-1].text} {text[start:end + 1]}", cells[-1].left, right)
        else:
            cells.append(Cell(text[start:end + 1], left, right))
    return cells


def in_reading_order(page: Page) -> list[Line]:
    """Lines from top to bottom; between the lines that cross the middle, one column after the other where there are two."""
    middle = page.width / 2
    across = sorted((line for line in page.lines if line.left < middle - line.size and line.right > middle + line.size),
                    key=lambda line: line.top)
    tops = [line.top for line in across]
    bands: list[list[Line]] = [[] for _ in range(len(across) + 1)]
    crossing = set(map(id, across))
    for line in page.lines:
        if id(line) not in crossing:
            bands[bisect_left(tops, line.top)].append(line)
    has_columns = [_has_columns(band, page) for band in bands]
    if not any(has_columns):
        return _merged(page.lines)
    ordered: list[Line] = []
    for band, is_split, below in zip(bands, has_columns, [*across, None], strict=True):
        if is_split:
            for line in band:
                line.column = LEFT if line.left < middle - line.size else RIGHT
            ordered.extend(sorted(band, key=lambda line: (line.column, line.top, line.left)))
        else:
            ordered.extend(_merged(band))
        ordered.extend([below] if below else [])
    return ordered


def set_columns(pages: list[Page]) -> None:
    """In a document in columns a page that fills only the left one is in columns too."""
    if not any(line.column for page in pages for line in page.lines):
        return
    for page in pages:
        if not any(line.column or line.right > page.width / 2 + line.size for line in page.lines):
            for line in page.lines:
                line.column = LEFT


def _merged(lines: list[Line]) -> list[Line]:
    merged: list[Line] = []
    for line in sorted(lines, key=lambda line: (line.top, line.left)):
        before = merged[-1] if merged else None
        if before is not None and not (before.table_row or line.table_row) and _on_one_baseline(before, line):
            before.cells = sorted([*before.cells, *line.cells], key=lambda cell: cell.left)
        else:
            merged.append(line)
    return merged


def _has_columns(band: list[Line], page: Page) -> bool:
    """Whether these lines are two columns side by side: the file gives one after the other; the rows of a table take turns.

    Heads and feet of the page may stand anywhere.
    """
    inner = [line for line in band if line.bottom > _EDGE_SHARE * page.height and line.top < (1 - _EDGE_SHARE) * page.height]
    sides = [line.left > page.width / 2 - line.size for line in inner]
    turns = sum(side != other for side, other in pairwise(sides))
    if min(sum(sides), len(sides) - sum(sides)) < 2 or turns > 2:
        return False
    left, right = ([line.top for line, side in zip(inner, sides, strict=True) if side == wanted] for wanted in (False, True))
    return max(min(left), min(right)) < min(max(left), max(right))


def _on_one_baseline(first: Line, second: Line) -> bool:
    overlap = min(first.bottom, second.bottom) - max(first.top, second.top)
    apart = all(a.right <= b.left + 1 or b.right <= a.left + 1 for a in first.cells for b in second.cells)
    return apart and overlap > 0.7 * min(first.bottom - first.top, second.bottom - second.top)


def drop_running_heads(pages: list[Page]) -> None:
    """Take heads, feet and page numbers off the pages."""
    edges: dict[int, list[Line]] = {}
    for page in pages:
        lines = sorted(page.lines, key=lambda line: line.top)
        top = [line for line in lines[:_EDGE_LINES] if line.bottom < _EDGE_SHARE * page.height]
        bottom = [line for line in lines[-_EDGE_LINES:] if line.top > (1 - _EDGE_SHARE) * page.height]
        edges[page.number] = [*top, *(line for line in bottom if line not in top)]
    counts = Counter(mask for lines in edges.values() for mask in {mask for line in lines for mask in _masked(line)})
    enough = max(2, _REPEATED_SHARE * len(pages))
    for page in pages:
        dropped = [line for line in edges[page.number]
                   if all(counts[mask] >= enough for mask in _masked(line)) or _PAGE_NUMBER.match(line.text)]
        page.lines = [line for line in page.lines if not any(line is other for other in dropped)]


def _masked(line: Line) -> list[tuple[str, int]]:
    """What a running head has in common on all pages: the text of its parts but for digits, and its height on the page."""
    return [(_DIGITS.sub("0", "".join(cell.text.split())), round(line.top / 3)) for cell in line.cells]
