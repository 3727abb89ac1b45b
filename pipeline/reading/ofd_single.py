"""OFD layers in which every character is an object of its own: what they say, read in bulk.

Such a page has some five hundred objects; asking each for its attributes takes longer than all the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from lxml import etree

Element = Any
# Boundary, Size, X, Y and text of one object.
Single = tuple[str, str, str, str, str]

_FEWEST = 20
_IS_ONE = (1).__eq__
# As many of each as objects: every object is a text with one child, a code, that has one text.
_COUNTS = ("count(*)", "count(o:TextObject)", "count(*/*)", "count(*/*[1])", "count(*/o:TextCode)", "count(*/*/node())", "count(*/*/node()[1])")
_VALUES = ("*/*/text()", "*/@Boundary", "*/@Size", "*/*/@X", "*/*/@Y")


def single_characters(layer: Element) -> list[Single] | None:
    """The texts of a layer of which most are one character; None where any object is no text or has its own matrix."""
    if len(layer) < _FEWEST or not isinstance(layer.tag, str) or not layer.tag.startswith("{"):
        return None
    counts, values, is_special = _paths(layer.tag[1:layer.tag.index("}")])
    if any(count(layer) != len(layer) for count in counts) or is_special(layer):
        return None
    texts, *others = (value(layer) for value in values)
    if any(len(column) != len(layer) for column in (texts, *others)) or sum(map(_IS_ONE, map(len, texts))) < 0.9 * len(layer):
        return None
    return list(zip(*others, texts, strict=True))


@lru_cache(maxsize=16)
def _paths(namespace: str) -> tuple[list[Callable[[Element], Any]], list[Callable[[Element], Any]], Callable[[Element], Any]]:
    def path(text: str) -> Callable[[Element], Any]:
        compiled: Callable[[Element], Any] = etree.XPath(text, namespaces={"o": namespace}, smart_strings=False)
        return compiled

    return [path(text) for text in _COUNTS], [path(text) for text in _VALUES], path("boolean(*/@CTM | */@Visible)")


class Numbers(dict[str, float]):
    """Numbers by how they are written, of which few on a page differ; `default` for what is none."""

    def __init__(self, default: float) -> None:
        super().__init__()
        self._default = default

    def __missing__(self, text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = self._default
        self[text] = number
        return number
