"""Numbers of list items on web pages: a browser prints them, the text does not have them."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from pipeline.reading.numbering import format_number
from pipeline.reading.paragraphs import HEADING
from pipeline.reading.raw import Piece

Element = Any

_LIST_STYLES = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
                "decimal": "decimal", "cjk-ideographic": "chineseCounting", "simp-chinese-informal": "chineseCounting",
                "lower-alpha": "lowerLetter", "upper-alpha": "upperLetter", "lower-roman": "lowerRoman",
                "upper-roman": "upperRoman"}


class Item(NamedTuple):
    """An item of a list that says nothing of its numbers: its paragraph, its label, the depth of the list, its number."""

    piece: Piece
    label: str
    depth: int
    number: int


def item_label(ordered: Element, number: int) -> str:
    """The number that a browser prints before an item of an ordered list."""
    style = re.search(r"list-style(?:-type)?\s*:\s*([a-z-]+)", ordered.get("style") or "")
    name = _LIST_STYLES.get(style[1] if style else ordered.get("type") or "1")
    if name is None:
        return ""
    return format_number(number, name) + ("、" if name == "chineseCounting" else ".")


def is_plain(ordered: Element) -> bool:
    """Whether the list says nothing of how its numbers look."""
    return not ordered.get("type") and "list-style" not in (ordered.get("style") or "")


def number_as_reports_do(pieces: list[Piece], items: list[Item]) -> None:
    """Lists in lists that say nothing of their numbers were 一、 and （一） before a word processor wrote the page.

    Only where the article has no such numbers of its own; a browser would show 1. on every level.
    """
    depths = [item.depth for item in items if not item.piece.is_outside]
    own = [piece.text for piece in pieces if not piece.is_outside] + [item.piece.text.removeprefix(item.label) for item in items]
    if depths.count(1) < 2 or 2 not in depths or any(HEADING.match(text) for text in own):
        return
    # A writer that ends the list at every heading begins each anew: 一、一、一、 is never meant.
    are_alone = all(item.number == 1 for item in items if item.depth == 1)
    n_first = 0
    for item in items:
        n_first += item.depth == 1
        hanzi = format_number(n_first if item.depth == 1 and are_alone else item.number, "chineseCounting")
        written = f"{hanzi}、" if item.depth == 1 else f"（{hanzi}）" if item.depth == 2 else item.label
        item.piece.text = written + item.piece.text.removeprefix(item.label)
