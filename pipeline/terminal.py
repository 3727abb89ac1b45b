"""Text laid out for a terminal: the width of Chinese, columns that line up, lines that break with an indent.

What belongs here: laying out finished words. What is said stands with those who say it.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterator, Sequence

# Wide enough for a sentence, narrow enough to read; also the width where the output is a file.
MOST_COLUMNS, LEAST_COLUMNS = 100, 40
# A line never begins with these.
_NO_START = "，。；：！？、）》〉」』】〕”’…—%％"
# A line never ends with these.
_NO_END = "（《〈「『【〔“‘"
# A number with its sign, or a word of letters, is not broken; a very long one is.
_PIECES = re.compile(r"[0-9A-Za-z.,%_/-]{1,30}|.", re.DOTALL)
# Signs that a Chinese console may lack, and what says the same.
_SUBSTITUTES = str.maketrans({"›": ">", "−": "-", "–": "-", "✗": "×", "✓": "√", "\u00a0": " "})


def text_width(text: str) -> int:
    """Columns that a text takes: hanzi and full-width signs two, combining marks none."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fit_encoding(text: str, encoding: str) -> str:
    """The text as far as an encoding can write it: a like sign first, a question mark where there is none."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_SUBSTITUTES).encode(encoding, "replace").decode(encoding)
    return text


def clean_line(text: str) -> str:
    """The text on one line without control or direction characters: a report can never move the cursor."""
    return "".join(" " if character.isspace() and character != "\u3000" else character for character in text
                   if character.isspace() or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co"))


def pad(text: str, width: int, right: bool = False) -> str:
    """The text filled with blanks to `width` columns; a longer one stays whole."""
    blanks = " " * max(width - text_width(text), 0)
    return blanks + text if right else text + blanks


def terminal_columns() -> int:
    """Columns to fill: those of the terminal, between 40 and 100."""
    return max(LEAST_COLUMNS, min(MOST_COLUMNS, shutil.get_terminal_size((MOST_COLUMNS, 24)).columns))


def wrap(text: str, first: str = "", rest: str | None = None, columns: int | None = None) -> Iterator[str]:
    """Lines of at most `columns`: `first` before the first line, `rest` (default: as many blanks) before the others.

    Numbers and words of letters stay whole; no line begins with a closing sign or ends with an opening one.
    """
    rest = " " * text_width(first) if rest is None else rest
    limit = terminal_columns() if columns is None else columns
    line, used, is_empty = first, text_width(first), True
    for piece in _PIECES.findall(clean_line(text)):
        width = text_width(piece)
        if used + width > limit and not is_empty and piece not in _NO_START:
            carried = line[-1] if line[-1] in _NO_END else ""
            yield line.removesuffix(carried).rstrip()
            line, used = rest + carried, text_width(rest + carried)
            if piece.isspace():
                continue
        line += piece
        used += width
        is_empty = False
    yield line.rstrip()


def columns(rows: Sequence[Sequence[str]], right: Sequence[int] = (), gap: int = 2, indent: str = "") -> list[str]:
    """Rows with their cells below each other; the columns numbered in `right` end flush, the others begin flush."""
    if not rows:
        return []
    widths = [max(text_width(row[number]) for row in rows) for number in range(len(rows[0]))]
    return [(indent + (" " * gap).join(
        pad(cell, width, number in right) for number, (cell, width) in enumerate(zip(row, widths, strict=True)))).rstrip()
        for row in rows]
