"""What each paragraph of a document is: title, addressee, body, signature, colophon, web furniture …

A gongwen has a head (masthead, number, title, addressee), a body and a tail (signature, date, notes,
colophon). Readers have removed what they recognised as web furniture; what is left of it is named here,
so that it is never counted as body. Identity, outline and sentences share this one view.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from pipeline.structure.head import name_contents, name_head
from pipeline.structure.lines import CLOSING, GREETING, Line, read_lines
from pipeline.structure.tail import name_tail

# Characters; longer documents are rare, and not kept in memory.
_MOST_REMEMBERED = 40_000


def lay_out(text: str, blocks: Iterable[tuple[str, int, int]]) -> tuple[Line, ...]:
    """The paragraphs of a document in order, each with its kind; without `blocks` (kind, start, end) its lines.

    Kinds: title masthead number addressee date field furniture body table_row footnote closing signature
    colophon note attachment contents.
    """
    return (_remember if len(text) <= _MOST_REMEMBERED else _lay_out)(text, tuple(blocks))


def _lay_out(text: str, blocks: tuple[tuple[str, int, int], ...]) -> tuple[Line, ...]:
    lines = read_lines(text, blocks)
    head_end = name_head(lines)
    name_contents(lines, head_end)
    name_tail(lines, head_end)
    for line in lines[head_end:]:
        if line.kind == "body" and len(line.text) < 40:
            if CLOSING.match(line.text):
                line.kind = "closing"
            elif GREETING.match(line.text):
                line.kind = "addressee"
    return tuple(lines)


# Identity, outline and sentences go through a batch one after the other, and each asks for the view of every document.
_remember = lru_cache(maxsize=256)(_lay_out)


def title_of(lines: Sequence[Line]) -> str:
    """The title, its lines joined; "" where there is none."""
    parts: list[str] = []
    for line in lines:
        if line.kind == "title" and line.text not in parts:
            parts.append(line.text)
    return "".join(parts)
