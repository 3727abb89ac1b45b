"""The objects of one OFD page: characters at places, pictures, and the rules of tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from math import hypot
from operator import attrgetter
from typing import Any

from pipeline.errors import ReadingError
from pipeline.reading.grids import Box
from pipeline.reading.layout import Line, Page, split_by_rules, split_cells
from pipeline.reading.ofd_single import Numbers, Single, single_characters

Element = Any
# a b c d e f of a transformation: x' = ax + cy + e, y' = bx + dy + f.
Matrix = tuple[float, float, float, float, float, float]

# OFD measures in millimetres, the layout in points.
IN_POINTS: Matrix = (72 / 25.4, 0.0, 0.0, 72 / 25.4, 0.0, 0.0)
_DEEPEST = 40
_SIZE = 3.5
_LONGEST_RUN = 100_000


@dataclass(slots=True)
class Character:
    text: str
    left: float
    right: float
    baseline: float
    size: float


class PageReader:
    """Walks the objects of a page; `characters` and `boxes` in the unit of the outer matrix."""

    def __init__(self, units: dict[str, Element]) -> None:
        self.characters: list[Character] = []
        self.picture_area = 0.0
        self.picture_id = ""
        self.outlines = 0
        self.boxes: list[Box] = []
        self._units = units

    def read(self, element: Element, matrix: Matrix, depth: int) -> None:
        if depth > _DEEPEST:
            raise ReadingError(f"页面对象嵌套超过 {_DEEPEST} 层；疑似恶意文件，未读取")
        singles = single_characters(element)
        if singles is not None:
            self._add_singles(singles, element, matrix)
            return
        for child in element:
            name = _local(child.tag)
            if name == "TextObject":
                self._add_text(child, matrix)
            elif name == "ImageObject":
                left, top, right, bottom = _extent(child, matrix)
                area = abs(right - left) * abs(bottom - top)
                if area > self.picture_area:
                    self.picture_area, self.picture_id = area, child.get("ResourceID") or ""
            elif name == "PathObject":
                self.outlines += 1
                self.boxes.append(_extent(child, matrix))
            elif name == "CompositeObject":
                unit = self._units.get(child.get("ResourceID") or "")
                if unit is not None:
                    self.read(unit, _placed(child, matrix), depth + 1)
            elif name in ("Layer", "PageBlock", "Content"):
                self.read(child, matrix, depth + 1)

    def _add_singles(self, singles: list[Single], layer: Element, matrix: Matrix) -> None:
        a, b, c, d, e, f = matrix
        stretch, scale = hypot(a, b) or 1.0, hypot(c, d) or 1.0
        add = self.characters.append
        places, sizes = Numbers(0.0), Numbers(_SIZE)
        for place, (boundary, height, x, y, text) in enumerate(singles):
            if len(text) != 1 or text in "\r\n":
                self._add_text(layer[place], matrix)
                continue
            words = boundary.split()
            own_x, own_y = places[x], places[y]
            if len(words) == 4:
                own_x, own_y = own_x + places[words[0]], own_y + places[words[1]]
            size = sizes[height]
            left = a * own_x + c * own_y + e
            add(Character(text, left, left + (size if text > "\u2000" else size / 2) * stretch, b * own_x + d * own_y + f, size * scale))

    def _add_text(self, element: Element, matrix: Matrix) -> None:
        if element.get("Visible") == "false":
            return
        # Some writers make an object of every character: one without a matrix of its own is only moved to its boundary.
        is_moved = element.get("CTM") is None
        corner_x, corner_y = _corner(element.get("Boundary")) if is_moved else (0.0, 0.0)
        a, b, c, d, e, f = matrix if is_moved else _placed(element, matrix)
        e, f = e + a * corner_x + c * corner_y, f + b * corner_x + d * corner_y
        size = _number(element.get("Size"), _SIZE)
        stretch, printed = hypot(a, b) or 1.0, size * (hypot(c, d) or 1.0)
        x = y = 0.0
        add = self.characters.append
        for code in element:
            if _local(code.tag) != "TextCode":
                continue
            text = (code.text or "").strip("\r\n")
            x, y = _number(code.get("X"), x), _number(code.get("Y"), y)
            if len(text) == 1:
                left, width = a * x + c * y + e, size if text > "\u2000" else size / 2
                add(Character(text, left, left + width * stretch, b * x + d * y + f, printed))
                continue
            steps_x, steps_y = _deltas(code.get("DeltaX")), _deltas(code.get("DeltaY"))
            for place, character in enumerate(text):
                # Without steps a hanzi is as wide as high, other characters half of it.
                natural = size if character > "\u2000" else size / 2
                step = steps_x[place] if place < len(steps_x) else (0.0 if steps_y else natural)
                width = min(natural, step) if step > 0 else natural
                left = a * x + c * y + e
                add(Character(character, left, left + width * stretch, b * x + d * y + f, printed))
                x += step
                y += steps_y[place] if place < len(steps_y) else 0.0


def _placed(element: Element, outer: Matrix) -> Matrix:
    """The transformation inside an object: its own matrix, moved to its boundary, inside the outer one."""
    x, y = _corner(element.get("Boundary"))
    oa, ob, oc, od, oe, of = outer
    own = numbers(element.get("CTM"))
    if len(own) != 6:
        return oa, ob, oc, od, oa * x + oc * y + oe, ob * x + od * y + of
    a, b, c, d, e, f = own
    e, f = e + x, f + y
    return (oa * a + oc * b, ob * a + od * b, oa * c + oc * d, ob * c + od * d, oa * e + oc * f + oe,
            ob * e + od * f + of)


def _corner(boundary: str | None) -> tuple[float, float]:
    """Left and top of a boundary; the origin where it is missing or wrong."""
    words = boundary.split() if boundary else ()
    if len(words) != 4:
        return 0.0, 0.0
    return _number(words[0], 0.0), _number(words[1], 0.0)


def _extent(element: Element, matrix: Matrix) -> Box:
    """The boundary of an object on the page."""
    x, y, width, height = [*numbers(element.get("Boundary")), 0.0, 0.0, 0.0, 0.0][:4]
    left, top = matrix[4] + matrix[0] * x, matrix[5] + matrix[3] * y
    return left, top, left + matrix[0] * width, top + matrix[3] * height


def _deltas(text: str | None) -> list[float]:
    """Steps between characters; "g 11 5.64" stands for eleven steps of 5.64."""
    if not text:
        return []
    words = text.split()
    steps: list[float] = []
    place = 0
    while place < len(words):
        if words[place] == "g" and place + 2 < len(words):
            count = int(_number(words[place + 1], 0.0))
            if count > _LONGEST_RUN:
                raise ReadingError(f"字距重复 {count} 次；疑似恶意文件，未读取")
            steps.extend([_number(words[place + 2], 0.0)] * count)
            place += 3
        else:
            steps.append(_number(words[place], 0.0))
            place += 1
    return steps


_FROM_LEFT = attrgetter("left")
_BY_PLACE = attrgetter("baseline", "left")


def make_lines(characters: list[Character], page: Page) -> list[Line]:
    """Characters of one baseline from left to right; bold that is printed twice counts once."""
    rows: list[list[Character]] = []
    row: list[Character] = []
    start = 0.0
    for character in sorted(characters, key=_BY_PLACE):
        if row and character.baseline - start < 0.4 * character.size:
            row.append(character)
        else:
            row, start = [character], character.baseline
            rows.append(row)
    lines = []
    for row in rows:
        row.sort(key=_FROM_LEFT)
        kept = row[:1]
        last = row[0]
        for character in islice(row, 1, None):
            if last.text != character.text or character.left - last.left >= 0.2 * character.size:
                kept.append(character)
                last = character
        if line := _line(kept, page):
            lines.append(line)
    return lines


def _line(row: list[Character], page: Page) -> Line | None:
    """A line; a gap of half a character without a space gets one, so that columns of a table stay apart."""
    text, spans = "", []
    for place, character in enumerate(row):
        if place and character.left - row[place - 1].right > 0.5 * character.size:
            text += " "
            spans.append((row[place - 1].right, character.left))
        text += character.text
        spans.append((character.left, character.right))
    size = max(character.size for character in row)
    baseline = row[0].baseline
    table_row = page.table_row_at(row[0].left, baseline - 0.4 * size)
    if table_row is None:
        cells = split_cells(text, spans.__getitem__, size)
    else:
        cells = split_by_rules(text, spans.__getitem__, page.grids[table_row[0]])
    line = Line(cells, baseline - 0.88 * size, baseline + 0.12 * size, size, page.number, table_row=table_row)
    return line if cells else None


@lru_cache(maxsize=512)
def _local(tag: object) -> str:
    """The name in a tag without its namespace; "" for comments and the like, whose tag is a function."""
    return tag[tag.rfind("}") + 1:] if isinstance(tag, str) else ""


def children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if _local(child.tag) == name)


def all_named(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element.iter() if _local(child.tag) == name)


def numbers(text: str | None) -> list[float]:
    if not text:
        return []
    try:
        return list(map(float, text.split()))
    except ValueError:
        return [_number(word, 0.0) for word in text.split()]


@lru_cache(maxsize=4096)
def _number(text: str | None, default: float) -> float:
    try:
        return float(text) if text is not None else default
    except ValueError:
        return default
