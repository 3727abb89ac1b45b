"""Where a text names things with numerals (三重一大, 12345热线, 〔2022〕25号, dates): no number is read there."""

from __future__ import annotations

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


def find_names(text: str, units: Units) -> list[tuple[int, int]]:
    """Spans of names in a normalised text, in order."""
    spans: list[tuple[int, int]] = []
    names, done = units.names, 0
    for start in units.name_starts.finditer(text):
        place = start.start()
        if place < done:
            continue
        for pattern in names[start.group()]:
            if match := pattern.match(text, place):
                done = match.end()
                spans.append((place, done))
                break
    return spans
