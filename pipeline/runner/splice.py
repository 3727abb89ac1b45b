"""Put a Parquet file together from row groups that are already encoded, without decoding them.

A table is kept as one row group for each bucket of documents. When a document is added only its bucket is encoded
anew; the others are copied from the file of the run before. The footer of a Parquet file is a Thrift struct in the
compact protocol (parquet.thrift, thrift-compact-protocol.md); only the offsets in it change when a row group moves.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pipeline.runner import thrift

MAGIC = b"PAR1"
# Field numbers of parquet.thrift.
_FILE_ROWS, _FILE_GROUPS = 3, 4
_GROUP_COLUMNS, _GROUP_ROWS, _GROUP_OFFSET, _GROUP_ORDINAL = 1, 3, 5, 7
_COLUMN_OFFSET, _COLUMN_METADATA = 2, 3
_METADATA_SIZE, _METADATA_OFFSETS = 7, (9, 10, 11)  # data page, index page, dictionary page
# Places outside the row group: page index, bloom filter. We write none.
_COLUMN_ELSEWHERE, _METADATA_ELSEWHERE = (4, 5, 6, 7), (14, 15)


@dataclass(frozen=True)
class Group:
    """What the footer says of one row group: its bytes, cut where offsets stand, and these; None stands for its ordinal.

    Only offsets change when a row group moves. `start` and `end` say where its own bytes lie in the file.
    """

    literals: tuple[bytes, ...]
    offsets: tuple[int | None, ...]
    n_rows: int
    start: int
    end: int

    def encode(self, start: int, ordinal: int) -> bytes:
        """The same for a row group that begins at `start`."""
        by = start - self.start
        pieces = [self.literals[0]]
        for offset, literal in zip(self.offsets, self.literals[1:], strict=True):
            pieces.append(thrift.zigzag(ordinal if offset is None else offset + by))
            pieces.append(literal)
        return b"".join(pieces)


@dataclass(frozen=True)
class RowGroup:
    """One encoded row group: its bytes, and what the footer says of it."""

    content: bytes
    group: Group

    @property
    def n_rows(self) -> int:
        return self.group.n_rows


@dataclass(frozen=True)
class Footer:
    """What stands at the end of a Parquet file, taken apart: everything but the row groups, and each of those."""

    rest: thrift.Struct
    groups: tuple[Group, ...]


def footer_size(content: bytes) -> int:
    """Bytes that the footer takes at the end of the file that `content` is the end of. ValueError where it is none."""
    if len(content) < 12 or content[-4:] != MAGIC:
        raise ValueError("not the end of a Parquet file")
    return int(struct.unpack("<I", content[-8:-4])[0]) + 8


def read_footer(content: bytes) -> Footer:
    """The footer in `content`, which ends where the file ends. ValueError where it is none, or none of ours."""
    size = footer_size(content)
    if size > len(content):
        raise ValueError("the footer is longer than the file")
    footer = content[-size:-8]
    fields: thrift.Struct = []
    groups: list[Group] = []
    number = at = 0
    while True:
        number, kind, at = thrift.read_head(number, footer, at)
        if not kind:
            return Footer(fields, tuple(groups))
        if number == _FILE_GROUPS:
            n_groups, _, at = thrift.read_list_head(footer, at)
            for _ in range(n_groups):
                group, at = _scan_group(footer, at)
                groups.append(group)
            fields.append((number, kind, None))
        else:
            value, at = thrift.read_value(kind, footer, at)
            fields.append((number, kind, value))


def split_file(content: bytes) -> list[RowGroup]:
    """The row groups of a whole Parquet file in memory, without such as have no rows."""
    return [RowGroup(content[group.start:group.end], group) for group in read_footer(content).groups if group.n_rows]


class Splicer:
    """Writes a Parquet file row group by row group through `write`; `template` gives the schema."""

    def __init__(self, write: Callable[[bytes], Any], template: Footer) -> None:
        self._write = write
        self._template = template
        self._groups: list[bytes] = []
        self.offset = len(MAGIC)
        self.n_rows = 0
        write(MAGIC)

    def add(self, group: RowGroup) -> None:
        self._write(group.content)
        self._groups.append(group.group.encode(self.offset, len(self._groups)))
        self.offset += len(group.content)
        self.n_rows += group.n_rows

    def finish(self) -> None:
        """Write the footer; the file is complete."""
        footer = b""
        last = 0
        for number, kind, value in self._template.rest:
            if number == _FILE_GROUPS:
                encoded = b"".join([thrift.list_head(thrift.STRUCT, len(self._groups)), *self._groups])
            else:
                encoded = b"".join(thrift.write_value(kind, self.n_rows if number == _FILE_ROWS else value))
            footer += thrift.head(number - last, number, kind) + encoded
            last = number
        footer += b"\0"
        self._write(footer + struct.pack("<I", len(footer)) + MAGIC)


def _scan_group(content: bytes, at: int) -> tuple[Group, int]:
    """The row group described from `at` on, and where the next one begins."""
    first = at
    found: list[tuple[int, int, int | None]] = []  # start and end of what stands there, and the offset
    starts: list[int] = []
    number = n_rows = size = 0
    while True:
        number, kind, at = thrift.read_head(number, content, at)
        if not kind:
            break
        if number == _GROUP_COLUMNS:
            n_columns, _, at = thrift.read_list_head(content, at)
            for _ in range(n_columns):
                own, at = _scan_column(content, at, found, starts)
                size += own
        elif number in (_GROUP_ROWS, _GROUP_OFFSET, _GROUP_ORDINAL):
            begin = at
            value, at = thrift.read_number(content, at)
            if number == _GROUP_ROWS:
                n_rows = value
            else:
                found.append((begin, at, value if number == _GROUP_OFFSET else None))
        else:
            at = thrift.skip(kind, content, at)
    literals, last = [], first
    for begin, end, _ in found:
        literals.append(content[last:begin])
        last = end
    literals.append(content[last:at])
    start = min(starts, default=0)
    return Group(tuple(literals), tuple(offset for _, _, offset in found), n_rows, start, start + size), at


def _scan_column(content: bytes, at: int, found: list[tuple[int, int, int | None]], starts: list[int]) -> tuple[int, int]:
    """Note the offsets of one column; how many bytes it has, and where the next one begins."""
    number = 0
    size = 0
    while True:
        number, kind, at = thrift.read_head(number, content, at)
        if not kind:
            return size, at
        if number in _COLUMN_ELSEWHERE:
            raise ValueError("a page index is not copied")
        if number == _COLUMN_METADATA:
            inner = 0
            while True:
                inner, kind, at = thrift.read_head(inner, content, at)
                if not kind:
                    break
                if inner in _METADATA_ELSEWHERE:
                    raise ValueError("a bloom filter is not copied")
                if inner in _METADATA_OFFSETS or inner == _METADATA_SIZE:
                    begin = at
                    value, at = thrift.read_number(content, at)
                    if inner == _METADATA_SIZE:
                        size = value
                    elif value:
                        found.append((begin, at, value))
                        starts.append(value)
                else:
                    at = thrift.skip(kind, content, at)
        elif number == _COLUMN_OFFSET:
            begin = at
            value, at = thrift.read_number(content, at)
            if value:
                # 0 where the writer keeps no copy of the metadata beside the column, as it should.
                found.append((begin, at, value))
        else:
            at = thrift.skip(kind, content, at)
