"""Footnotes of printed pages: they stand in the way of a paragraph that goes on over the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.reading.layout import Line, Page
from pipeline.reading.paragraphs import glue
from pipeline.reading.raw import FOOTNOTE, Piece

# The number with which a footnote begins.
_NOTE = re.compile(r"(?:[\[［]?\d{1,2}[\]］]?|[①-⑳])\s*(?=[\u4e00-\u9fff“《（])")
# The longest rule above footnotes, as a share of the page.
_SHORT_RULE = 0.5


def take_notes(page: Page) -> Iterator[Piece]:
    """The footnotes of a page, taken off its lines: from the first one to the end of its column."""
    for column in sorted({line.column for line in page.lines}):
        lines = [line for line in page.lines if line.column == column]
        start = next((place for place, line in enumerate(lines) if line.is_note or _is_below_rule(lines, place, page)), len(lines))
        notes = lines[start:]
        if not notes or any(line.size > 1.05 * notes[0].size or line.table_row for line in notes):
            continue
        texts: list[str] = []
        for line in notes:
            numbered = _NOTE.match(line.text)
            if not texts or line.is_note or numbered:
                texts.append(line.text[numbered.end():] if numbered else line.text)
            else:
                texts[-1] = glue(texts[-1], line.text)
        yield from (Piece(text, FOOTNOTE, page.number) for text in texts)
        page.lines = [line for line in page.lines if not any(line is note for note in notes)]


def _is_below_rule(lines: list[Line], place: int, page: Page) -> bool:
    """Whether a numbered line stands right below the short rule that sets footnotes apart."""
    line = lines[place]
    if not place or not _NOTE.match(line.text):
        return False
    return any(abs(left - line.left) < 3 * line.size and right - left < _SHORT_RULE * page.width
               and lines[place - 1].bottom - 0.5 * line.size <= height <= line.top + 0.5 * line.size
               for left, height, right in page.rules)
