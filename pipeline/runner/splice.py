"""Put a Parquet file together from row groups that are already encoded, without decoding them.

A table is kept as one row group for each bucket of documents. When a document is added only its bucket is encoded
anew; the others are copied from the file of the run before. The footer of a Parquet file is a Thrift struct in the
compact protocol (parquet.thrift, thrift-compact-protocol.md); only the offsets in it change when a row group moves.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

MAGIC = b"PAR1"
_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _STRUCT = 1, 2, 3, 4, 5, 6, 7, 8, 9, 12
# Field numbers of parquet.thrift.
_FILE_ROWS, _FILE_GROUPS = 3, 4
_GROUP_COLUMNS, _GROUP_ROWS, _GROUP_OFFSET, _GROUP_SIZE, _GROUP_ORDINAL = 1, 3, 5, 6, 7
_COLUMN_OFFSET, _COLUMN_METADATA = 2, 3
_METADATA_OFFSETS = (9, 10, 11)  # data page, index page, dictionary page
# Places outside the row group (page index, bloom filter) are optional, and are dropped.
_COLUMN_DROPPED, _METADATA_DROPPED = (4, 5, 6, 7), (14, 15)

Struct = list[tuple[int, int, Any]]


@dataclass(frozen=True)
class RowGroup:
    """One encoded row group: its bytes, and its part of the footer with offsets as if it began at 0."""

    content: bytes
    footer: Struct
    n_rows: int


@dataclass(frozen=True)
class Footer:
    """What stands at the end of a Parquet file, taken apart: everything but the row groups, and each of those."""

    rest: Struct
    groups: tuple[Struct, ...]


def footer_size(content: bytes) -> int:
    """Bytes that the footer takes at the end of the file that `content` is the end of. ValueError where it is none."""
    if len(content) < 12 or content[-4:] != MAGIC:
        raise ValueError("not the end of a Parquet file")
    return int(struct.unpack("<I", content[-8:-4])[0]) + 8


def read_footer(content: bytes) -> Footer:
    """The footer in `content`, which ends where the file ends. ValueError where it is none."""
    size = footer_size(content)
    if size > len(content):
        raise ValueError("the footer is longer than the file")
    fields, _ = _read_struct(content[-size:-8], 0)
    _, groups = _field(fields, _FILE_GROUPS)
    return Footer(fields, tuple(groups))


def group_span(group: Struct) -> tuple[int, int]:
    """Where the bytes of a row group lie in its file: start and end."""
    starts, size = [], 0
    for column in _field(group, _GROUP_COLUMNS)[1]:
        metadata = _field(column, _COLUMN_METADATA)
        starts += [value for number, _, value in metadata if number in _METADATA_OFFSETS and value]
        size += _field(metadata, 7)
    return min(starts), min(starts) + size


def row_group(group: Struct, content: bytes, start: int) -> RowGroup:
    """The row group whose bytes `content` began at `start` in its file."""
    return RowGroup(content, _moved(group, -start, None), _field(group, _GROUP_ROWS))


def split_file(content: bytes) -> list[RowGroup]:
    """The row groups of a whole Parquet file in memory, without such as have no rows."""
    found = []
    for group in read_footer(content).groups:
        if not _field(group, _GROUP_ROWS):
            continue
        start, end = group_span(group)
        found.append(row_group(group, content[start:end], start))
    return found


class Splicer:
    """Writes a Parquet file row group by row group through `write`; `template` gives the schema."""

    def __init__(self, write: Callable[[bytes], Any], template: Footer) -> None:
        self._write = write
        self._template = template
        self._groups: list[Struct] = []
        self.offset = len(MAGIC)
        self.n_rows = 0
        write(MAGIC)

    def add(self, group: RowGroup) -> None:
        self._write(group.content)
        self._groups.append(_moved(group.footer, self.offset, len(self._groups)))
        self.offset += len(group.content)
        self.n_rows += group.n_rows

    def finish(self) -> None:
        """Write the footer; the file is complete."""
        fields = [(number, kind, self._new_value(number, value)) for number, kind, value in self._template.rest]
        footer = b"".join(_write_struct(fields))
        self._write(footer + struct.pack("<I", len(footer)) + MAGIC)

    def _new_value(self, number: int, value: Any) -> Any:
        if number == _FILE_ROWS:
            return self.n_rows
        return (_STRUCT, self._groups) if number == _FILE_GROUPS else value


def _field(fields: Struct, wanted: int) -> Any:
    return next(value for number, _, value in fields if number == wanted)


def _moved(group: Struct, by: int, ordinal: int | None) -> Struct:
    """The row group's footer with all offsets moved."""
    moved: Struct = []
    for number, kind, value in group:
        if number == _GROUP_COLUMNS:
            value = (_STRUCT, [_moved_column(column, by) for column in value[1]])
        elif number == _GROUP_OFFSET:
            value += by
        elif number == _GROUP_ORDINAL and ordinal is not None:
            value = ordinal
        moved.append((number, kind, value))
    return moved


def _moved_column(column: Struct, by: int) -> Struct:
    moved: Struct = []
    for number, kind, value in column:
        if number in _COLUMN_DROPPED:
            continue
        if number == _COLUMN_METADATA:
            value = [(n, k, v + by if n in _METADATA_OFFSETS else v) for n, k, v in value if n not in _METADATA_DROPPED]
        elif number == _COLUMN_OFFSET and value:
            # 0 where the writer keeps no copy of the metadata beside the column, as it should.
            value += by
        moved.append((number, kind, value))
    return moved


# The compact protocol ----------------------------------------------------------------------------------------------

def _read_varint(content: bytes, at: int) -> tuple[int, int]:
    result = shift = 0
    while True:
        byte = content[at]
        at += 1
        result |= (byte & 0x7F) << shift
        if byte < 0x80:
            return result, at
        shift += 7


def _read_value(kind: int, content: bytes, at: int) -> tuple[Any, int]:
    if kind in (_I16, _I32, _I64):
        number, at = _read_varint(content, at)
        return (number >> 1) ^ -(number & 1), at
    if kind == _BINARY:
        size, at = _read_varint(content, at)
        return content[at:at + size], at + size
    if kind == _STRUCT:
        return _read_struct(content, at)
    if kind == _LIST:
        return _read_list(content, at)
    if kind in (_TRUE, _FALSE):
        return kind == _TRUE, at
    if kind == _BYTE:
        return content[at], at + 1
    if kind == _DOUBLE:
        return content[at:at + 8], at + 8
    raise ValueError(f"Thrift type {kind} does not occur in Parquet footers")


def _read_list(content: bytes, at: int) -> tuple[tuple[int, list[Any]], int]:
    size, kind = content[at] >> 4, content[at] & 0x0F
    at += 1
    if size == 15:
        size, at = _read_varint(content, at)
    values = []
    for _ in range(size):
        if kind in (_TRUE, _FALSE):
            value, at = content[at] == _TRUE, at + 1
        else:
            value, at = _read_value(kind, content, at)
        values.append(value)
    return (kind, values), at


def _read_struct(content: bytes, at: int) -> tuple[Struct, int]:
    fields: Struct = []
    number = 0
    while True:
        head = content[at]
        at += 1
        if head == 0:
            return fields, at
        kind = head & 0x0F
        if head >> 4:
            number += head >> 4
        else:
            raw, at = _read_varint(content, at)
            number = (raw >> 1) ^ -(raw & 1)
        value, at = _read_value(kind, content, at)
        fields.append((number, kind, value))


def _write_varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _zigzag(number: int) -> bytes:
    return _write_varint(number << 1 if number >= 0 else (-number << 1) - 1)


def _write_value(kind: int, value: Any) -> Sequence[bytes]:
    if kind in (_I16, _I32, _I64):
        return [_zigzag(value)]
    if kind == _BINARY:
        return [_write_varint(len(value)), value]
    if kind == _STRUCT:
        return _write_struct(value)
    if kind == _LIST:
        return _write_list(*value)
    if kind == _BYTE:
        return [bytes([value])]
    return [value]  # a double is kept as its bytes


def _write_list(kind: int, values: list[Any]) -> list[bytes]:
    size = len(values)
    out = [bytes([size << 4 | kind])] if size < 15 else [bytes([0xF0 | kind]), _write_varint(size)]
    for value in values:
        if kind in (_TRUE, _FALSE):
            out.append(bytes([_TRUE if value else _FALSE]))
        else:
            out.extend(_write_value(kind, value))
    return out


def _write_struct(fields: Struct) -> list[bytes]:
    out: list[bytes] = []
    last = 0
    for number, kind, value in fields:
        if kind in (_TRUE, _FALSE):
            kind = _TRUE if value else _FALSE
        step = number - last
        out.append(bytes([step << 4 | kind]) if 0 < step < 16 else bytes([kind]) + _zigzag(number))
        if kind not in (_TRUE, _FALSE):
            out.extend(_write_value(kind, value))
        last = number
    out.append(b"\0")
    return out
