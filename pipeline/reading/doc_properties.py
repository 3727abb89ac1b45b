"""Character and paragraph properties of a binary Word file: which text is deleted or hidden, in a table or in a list.

Names and offsets follow [MS-DOC]; only the properties that change the text are read.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

_PAGE = 512
_OPERAND_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_LONG_OPERAND, _TABS = 0xD608, 0xC615
_DELETED, _HIDDEN, _SYMBOL = 0x0800, 0x083C, 0x6A09
_IN_TABLE, _ROW_END, _LEVEL, _LIST = 0x2416, 0x2417, 0x260A, 0x460B


Properties = TypeVar("Properties")


@dataclass(frozen=True, slots=True)
class Character:
    """What happens to a run of text; `symbol` replaces it by a character of a symbol font."""

    is_removed: bool = False
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`list_no` 0 is no list, None what the style says; likewise for the level."""

    style: int = 0
    list_no: int | None = None
    level: int | None = None
    in_table: bool = False
    is_row_end: bool = False


@dataclass
class Runs(Generic[Properties]):
    """Properties by file offset: `starts` sorted, the last run open to the end."""

    starts: list[int]
    values: list[Properties]

    def at(self, offset: int) -> Properties | None:
        place = bisect_right(self.starts, offset) - 1
        return self.values[place] if place >= 0 else None

    def next_change(self, offset: int) -> int | None:
        """The next offset at which another run begins."""
        place = bisect_right(self.starts, offset)
        return self.starts[place] if place < len(self.starts) else None


def sprms(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(code, operand) of each property modification; a cut list ends early."""
    place = 0
    while place + 2 <= len(data):
        code = data[place] | data[place + 1] << 8
        place += 2
        kind = code >> 13
        if kind != 6:
            size = _OPERAND_SIZES[kind]
        elif code == _LONG_OPERAND:
            size = 2 + max(int.from_bytes(data[place:place + 2], "little") - 1, 0)
        elif place < len(data):
            # A tab list longer than a byte can say is counted by its two parts.
            size = 1 + data[place] if not (code == _TABS and data[place] == 255) else _tabs_size(data, place)
        else:
            return
        yield code, data[place:place + size]
        place += size


def _tabs_size(data: bytes, place: int) -> int:
    deleted = data[place + 1] if place + 1 < len(data) else 0
    added_at = place + 2 + 4 * deleted
    added = data[added_at] if added_at < len(data) else 0
    return 3 + 4 * deleted + 3 * added


def read_characters(main: bytes, bins: bytes) -> Runs[Character]:
    """Character properties from the formatted pages (CHPX) that the bin table names."""
    starts: list[int] = []
    values: list[Character] = []
    for page in _pages(main, bins):
        count = page[_PAGE - 1]
        for number in range(count):
            starts.append(struct.unpack_from("<I", page, 4 * number)[0])
            offset = 2 * page[4 * (count + 1) + number]
            values.append(_character(page[offset + 1:offset + 1 + page[offset]]) if offset else Character())
    return Runs(starts, values)


def _character(data: bytes) -> Character:
    is_removed, symbol = False, ""
    for code, operand in sprms(data):
        if code in (_DELETED, _HIDDEN):
            # 0x80 and 0x81 refer to the style, whose text is visible in every report seen.
            is_removed = is_removed or operand[:1] == b"\x01"
        elif code == _SYMBOL and len(operand) == 4:
            symbol = chr(struct.unpack_from("<H", operand, 2)[0])
    return Character(is_removed, symbol)


def read_paragraphs(main: bytes, bins: bytes) -> Runs[Paragraph]:
    """Paragraph properties from the formatted pages (PAPX) that the bin table names."""
    starts: list[int] = []
    values: list[Paragraph] = []
    for page in _pages(main, bins):
        count = page[_PAGE - 1]
        for number in range(count):
            starts.append(struct.unpack_from("<I", page, 4 * number)[0])
            offset = 2 * page[4 * (count + 1) + 13 * number]
            values.append(_paragraph(page, offset) if offset else Paragraph())
    return Runs(starts, values)


def _paragraph(page: bytes, offset: int) -> Paragraph:
    size = page[offset]
    start, end = (offset + 1, offset + 2 * size) if size else (offset + 2, offset + 2 + 2 * page[offset + 1])
    data = page[start:end]
    if len(data) < 2:
        return Paragraph()
    return parse_paragraph(struct.unpack_from("<H", data)[0], data[2:])


def parse_paragraph(style: int, data: bytes) -> Paragraph:
    """A paragraph from its style and property modifications; styles keep theirs in the same form."""
    list_no: int | None = None
    level: int | None = None
    in_table = is_row_end = False
    for code, operand in sprms(data):
        if code == _LIST and len(operand) == 2:
            list_no = struct.unpack("<h", operand)[0]
        elif code == _LEVEL:
            level = operand[0]
        elif code == _IN_TABLE:
            in_table = operand[:1] == b"\x01"
        elif code == _ROW_END:
            is_row_end = operand[:1] == b"\x01"
    return Paragraph(style, list_no, level, in_table, is_row_end)


def _pages(main: bytes, bins: bytes) -> Iterator[bytes]:
    count = (len(bins) - 4) // 8
    numbers = struct.unpack_from(f"<{count}I", bins, 4 * (count + 1)) if count > 0 else ()
    for number in numbers:
        start = (number & 0x3FFFFF) * _PAGE
        page = main[start:start + _PAGE]
        if len(page) == _PAGE:
            yield page
