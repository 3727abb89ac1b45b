"""The objects of one OFD page: characters at places, pictures, and the rules of tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot
from typing import Any

from pipeline.errors import ReadingError
from pipeline.reading.grids import Box
from pipeline.reading.layout import Line, Page, split_by_rules, split_cells

Element = Any
# a b c d e f of a transformation: x' = ax + cy + e, y' = bx + dy + f.
Matrix = tuple[float, float, float, float, float, float]

_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
# OFD measures in millimetres, the layout in points.
IN_POINTS: Matrix = (72 / 25.4, 0.0, 0.0, 72 / 25.4, 0.0, 0.0)
_DEEPEST = 40
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
        for child in element:
            name = _name(child)
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

    def _add_text(self, element: Element, matrix: Matrix) -> None:
        if element.get("Visible") == "false":
            return
        placed = _placed(element, matrix)
        size = _number(element.get("Size"), 3.5)
        x = y = 0.0
        for code in children(element, "TextCode"):
            text = (code.text or "").strip("\r\n")
            x, y = _number(code.get("X"), x), _number(code.get("Y"), y)
            steps_x, steps_y = _deltas(code.get("DeltaX")), _deltas(code.get("DeltaY"))
            for place, character in enumerate(text):
                # Without steps a hanzi is as wide as high, other characters half of it.
                natural = size if character > "\u2000" else size / 2
                step = steps_x[place] if place < len(steps_x) else (0.0 if steps_y else natural)
                self._add_character(character, x, y, min(natural, step) if step > 0 else natural, size, placed)
                x += step
                y += steps_y[place] if place < len(steps_y) else 0.0

    def _add_character(self, character: str, x: float, y: float, width: float, size: float, matrix: Matrix) -> None:
        a, b, c, d, e, f = matrix
        left, baseline = a * x + c * y + e, b * x + d * y + f
        scale = hypot(c, d) or 1.0
        self.characters.append(Character(character, left, left + width * (hypot(a, b) or 1.0), baseline, size * scale))


def _placed(element: Element, outer: Matrix) -> Matrix:
    """The transformation inside an object: its own matrix, moved to its boundary, inside the outer one."""
    own = numbers(element.get("CTM"))
    a, b, c, d, e, f = own if len(own) == 6 else _IDENTITY
    box = numbers(element.get("Boundary"))
    if len(box) == 4:
        e, f = e + box[0], f + box[1]
    oa, ob, oc, od, oe, of = outer
    return (oa * a + oc * b, ob * a + od * b, oa * c + oc * d, ob * c + od * d, oa * e + oc * f + oe,
            ob * e + od * f + of)


def _extent(element: Element, matrix: Matrix) -> Box:
    """The boundary of an object on the page."""
    x, y, width, height = [*numbers(element.get("Boundary")), 0.0, 0.0, 0.0, 0.0][:4]
    left, top = matrix[4] + matrix[0] * x, matrix[5] + matrix[3] * y
    return left, top, left + matrix[0] * width, top + matrix[3] * height


def _deltas(text: str | None) -> list[float]:
    """Steps between characters; "g 11 5.64" stands for eleven steps of 5.64."""
    words = (text or "").split()
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


def make_lines(characters: list[Character], page: Page) -> list[Line]:
    """Characters of one baseline from left to right; bold that is printed twice counts once."""
    rows: list[list[Character]] = []
    for character in sorted(characters, key=lambda entry: (entry.baseline, entry.left)):
        near = rows[-1] if rows and character.baseline - rows[-1][0].baseline < 0.4 * character.size else None
        if near is None:
            rows.append([character])
        else:
            near.append(character)
    lines = []
    for row in rows:
        row.sort(key=lambda entry: entry.left)
        kept: list[Character] = []
        for character in row:
            if not (kept and kept[-1].text == character.text and character.left - kept[-1].left < 0.2 * character.size):
                kept.append(character)
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


def _name(element: Element) -> str:
    return element.tag[element.tag.rfind("}") + 1:] if isinstance(element.tag, str) else ""


def children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if _name(child) == name)


def all_named(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element.iter() if _name(child) == name)


def numbers(text: str | None) -> list[float]:
    return [_number(word, 0.0) for word in (text or "").split()]


def _number(text: str | None, default: float) -> float:
    try:
        return float(text) if text is not None else default
    except ValueError:
        return default
