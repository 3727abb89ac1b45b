"""Which number a paragraph of a docx file carries: numbering.xml, styles.xml and the paragraph's own properties."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from pipeline.reading.numbering import Level, ListCounter

Element = Any

_END_LATENT = b"</w:latentStyles>"
_PARENT = re.compile(rb"<w:basedOn\b[^<>]*(?:/>|></w:basedOn>)")


@dataclass
class Numbering:
    """The lists of a document and which style belongs to which list; `label` counts as paragraphs come."""

    namespace: str
    abstract_of: dict[str, str] = field(default_factory=dict)
    levels_of: dict[str, list[Level]] = field(default_factory=dict)
    overrides: dict[tuple[str, int], int] = field(default_factory=dict)
    own_levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    style_numbers: dict[str, tuple[str | None, int | None]] = field(default_factory=dict)
    style_parents: dict[str, str] = field(default_factory=dict)
    style_levels: dict[tuple[str, str], int] = field(default_factory=dict)
    style_links: dict[str, str] = field(default_factory=dict)
    default_style: str | None = None
    counter: ListCounter = field(default_factory=ListCounter)
    _used: set[tuple[str, int]] = field(default_factory=set)

    def label(self, properties: Element | None) -> str:
        """The number of the next paragraph with these properties (w:pPr); "" when it has none."""
        number, level = self._number_of(properties)
        # numId 0 switches off what a style would give.
        if number in (None, "0") or number not in self.abstract_of:
            return ""
        abstract = self._followed(self.abstract_of[number])
        levels = self.levels_of.get(abstract, [])
        if own := self.own_levels.get(number):
            levels = [own.get(place, shared) for place, shared in enumerate(levels)]
        for (owner, place), start in self.overrides.items():
            # A start override counts once, when its list is first used at that level.
            if owner == number and place == level and (number, place) not in self._used:
                self.counter.restart(abstract, place, start)
        self._used.add((number, level))
        return self.counter.label(abstract, level, levels)

    def _number_of(self, properties: Element | None) -> tuple[str | None, int]:
        own: tuple[str | None, int | None] = (None, None)
        style: str | None = None
        if properties is not None:
            own = self._read_number(properties)
            style = self._value(first_child(properties, f"{self.namespace}pStyle"))
        style = style or self.default_style
        if own[0] is not None:
            return own[0], own[1] or 0
        inherited, level = self._inherited(style)
        if own[1] is not None:
            level = own[1]
        return inherited, level

    def _inherited(self, style: str | None) -> tuple[str | None, int]:
        level: int | None = None
        seen: set[str] = set()
        while style and style not in seen:
            seen.add(style)
            number, own_level = self.style_numbers.get(style, (None, None))
            level = own_level if level is None else level
            if number is not None:
                if level is None:
                    # The list itself may say which of its levels the style is.
                    abstract = self._followed(self.abstract_of.get(number, ""))
                    level = next((self.style_levels[abstract, name] for name in seen
                                  if (abstract, name) in self.style_levels), 0)
                return number, level
            style = self.style_parents.get(style)
        return None, 0

    def _followed(self, abstract: str) -> str:
        """An abstract list may only name a numbering style; the list of that style counts."""
        link = self.style_links.get(abstract)
        number = self.style_numbers.get(link, (None, None))[0] if link else None
        return self.abstract_of.get(number, abstract) if number else abstract

    def _read_number(self, properties: Element) -> tuple[str | None, int | None]:
        entry = first_child(properties, f"{self.namespace}numPr")
        if entry is None:
            return None, None
        level = self._value(first_child(entry, f"{self.namespace}ilvl"))
        return self._value(first_child(entry, f"{self.namespace}numId")), _integer(level)

    def _value(self, element: Element | None) -> str | None:
        return None if element is None else element.get(f"{self.namespace}val")

    def read_lists(self, root: Element) -> None:
        """Take in numbering.xml."""
        name = self.namespace
        for abstract in root.iter(f"{name}abstractNum"):
            key = abstract.get(f"{name}abstractNumId")
            levels = {}
            for element in abstract.iter(f"{name}lvl"):
                place = _integer(element.get(f"{name}ilvl")) or 0
                levels[place] = self._level(element)
                if style := self._value(first_child(element, f"{name}pStyle")):
                    self.style_levels[key, style] = place
            self.levels_of[key] = [levels.get(place, Level("")) for place in range(max(levels, default=-1) + 1)]
            if link := self._value(first_child(abstract, f"{name}numStyleLink")):
                self.style_links[key] = link
        for number in root.iter(f"{name}num"):
            key = number.get(f"{name}numId")
            self.abstract_of[key] = self._value(first_child(number, f"{name}abstractNumId")) or ""
            for override in number.iter(f"{name}lvlOverride"):
                place = _integer(override.get(f"{name}ilvl")) or 0
                start = _integer(self._value(first_child(override, f"{name}startOverride")))
                if start is not None:
                    self.overrides[key, place] = start
                if (own := first_child(override, f"{name}lvl")) is not None:
                    self.own_levels.setdefault(key, {})[place] = self._level(own)

    def _level(self, element: Element) -> Level:
        name = self.namespace
        start = _integer(self._value(first_child(element, f"{name}start")))
        legal = first_child(element, f"{name}isLgl")
        return Level(
            text=self._value(first_child(element, f"{name}lvlText")) or "",
            style=self._value(first_child(element, f"{name}numFmt")) or "decimal",
            # Word counts from 0 where no start is given.
            start=0 if start is None else start,
            restarts=self._value(first_child(element, f"{name}lvlRestart")) != "0",
            is_legal=legal is not None and self._value(legal) not in ("0", "false"),
        )

    def read_styles(self, root: Element) -> None:
        """Take in styles.xml: which styles carry a number and on which style each is based."""
        name = self.namespace
        for style in root.iter(f"{name}style"):
            key = style.get(f"{name}styleId")
            properties = first_child(style, f"{name}pPr")
            if properties is not None:
                self.style_numbers[key] = self._read_number(properties)
            if parent := self._value(first_child(style, f"{name}basedOn")):
                self.style_parents[key] = parent
            if style.get(f"{name}type") == "paragraph" and style.get(f"{name}default") in ("1", "true"):
                self.default_style = key


def first_child(element: Element, tag: str) -> Element | None:
    """The first child with a tag; find() would take it for a path and cost several times as much."""
    return next(element.iterchildren(tag), None)


def _integer(text: str | None) -> int | None:
    return int(text) if text is not None and text.lstrip("-").isdigit() else None


def paragraph_styles(content: bytes) -> bytes:
    """styles.xml with what matters for numbers: all of the styles that have one, the name and parent of the others.

    Parsing all of it would cost more than reading the body. A file with another prefix than w: stays whole.
    """
    *styles, rest = content.split(b"</w:style>")
    kept: list[bytes] = []
    for place, style in enumerate(styles):
        start = style.find(b"<w:style ")
        end = style.find(b">", start) + 1
        tag = style[start:end]
        if start < 0 or not end:
            kept.append(style + b"</w:style>")
            continue
        kept.append(style[:start] if place else _without_latent(style[:start]))
        # Styles of tables and characters carry no numbers, and no paragraph is based on one.
        if b'w:type="table"' in tag or b'w:type="character"' in tag:
            continue
        if b"numPr" in style:
            kept.append(style[start:] + b"</w:style>")
        else:
            parent = _PARENT.search(style, end)
            kept.append(tag + (parent[0] if parent else b"") + b"</w:style>")
    return b"".join(kept) + rest


def _without_latent(head: bytes) -> bytes:
    """Without the list of the styles that the program knows but the document does not use."""
    start = head.find(b"<w:latentStyles")
    end = head.find(_END_LATENT, start)
    return head[:start] + head[end + len(_END_LATENT):] if 0 <= start < end else head
