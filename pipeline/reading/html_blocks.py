"""What a browser shows of a web page by rule: the line ends of preformatted text, cells over several rows and columns."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

Element = Any

_PREFORMATTED = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_LINE_END = re.compile(r"\r\n|\r|\n")
_MOST_SPANNED = 64


def break_lines(root: Element) -> None:
    """Put a <br> wherever a line of preformatted text ends."""
    inside: set[Element] = set()
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        is_within = element.getparent() in inside
        if is_within or element.tag == "pre" or _PREFORMATTED.search(element.get("style") or ""):
            inside.add(element)
            element.text, ends = _broken(element.text)
            for end in ends:
                element.insert(0, end)
            if is_within:
                first, ends = _broken(element.tail)
                element.tail = None
                for end in ends:
                    element.addnext(end)
                element.tail = first


def _broken(text: str | None) -> tuple[str | None, list[Element]]:
    """The first line of a text, and the others behind line ends, last first."""
    first, *others = _LINE_END.split(text) if text else [None]
    ends = []
    for line in reversed(others):
        ends.append(etree.Element("br"))
        ends[-1].tail = line
    return first, ends


def table_texts(table: Element) -> list[list[str]] | None:
    """The cells of a table row by row, blanks for the further rows and columns that one spans; None where most rows have one cell."""
    rows: list[list[str]] = []
    # Column → how many more rows a cell from above reaches down.
    reaching: dict[int, int] = {}
    n_wide = 0
    for row in table.iter("tr"):
        texts: list[str] = []
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        n_wide += len(cells) >= 2
        for cell in cells:
            _fill(texts, reaching)
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            for number in range(across):
                if down > 1:
                    reaching[len(texts)] = down - 1
                texts.append("" if number else _SPACE.sub(" ", "".join(cell.itertext())).strip())
        _fill(texts, reaching)
        if cells:
            rows.append(texts)
    return rows if rows and n_wide * 2 >= len(rows) else None


def _fill(texts: list[str], reaching: dict[int, int]) -> None:
    """Blanks where cells from above reach into the row."""
    while reaching.get(len(texts), 0):
        reaching[len(texts)] -= 1
        texts.append("")


def _span(cell: Element, name: str) -> int:
    span = cell.get(name) or "1"
    return min(max(int(span), 1), _MOST_SPANNED) if span.isdigit() else 1
