"""Where a text names things with numerals (三重一大, 12345热线, 〔2022〕25号, dates): no number is read there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.profiles.units import Units


class Spans:
    """Sorted spans that do not overlap; asks whether a place lies in one. Places must be asked in rising order."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self.spans = spans
        self._next = 0

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self.spans)

    def covers(self, start: int, end: int) -> bool:
        """True when [start, end) touches a span. Linear over a whole text, since places rise."""
        spans, index = self.spans, self._next
        while index < len(spans) and spans[index][1] <= start:
            index += 1
        self._next = index
        return index < len(spans) and spans[index][0] < end


# 12件, 1,260人次: an Arabic number before one of these classifiers is never part of a name; nothing is tried there.
_PLAIN_COUNT = re.compile("[0-9][0-9,.]{0,9}[件次份名户场起家项条批宗部期台卷篇册张处所辆%余]")
_DIGITS = frozenset("0123456789")
_IN_NUMBER = frozenset("0123456789.")


def find_names(text: str, units: Units) -> list[tuple[int, int]]:
    """Spans of names in a normalised text, in order."""
    spans: list[tuple[int, int]] = []
    names, done = units.names, 0
    for run in units.name_starts.finditer(text):
        start, end = run.span()
        for place in range(max(start, done), end):
            if place < done:
                continue
            if text[place] in _DIGITS and (
                    (place and text[place - 1] in _IN_NUMBER) or _PLAIN_COUNT.match(text, place)):
                continue
            match = names[text[place]].match(text, place)
            if match:
                done = match.end()
                spans.append((place, done))
    return spans
