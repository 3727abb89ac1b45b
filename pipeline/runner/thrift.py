"""The compact protocol of Thrift, in which the footers of Parquet files are written (thrift-compact-protocol.md).

A struct is a list of fields: number, kind, value. Only what occurs in footers is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, STRUCT = 1, 2, 3, 4, 5, 6, 7, 8, 9, 12

Struct = list[tuple[int, int, Any]]


def read_head(number: int, content: bytes, at: int) -> tuple[int, int, int]:
    """Number and kind of the field after field `number`, and where its value begins; kind 0 at the end of a struct."""
    head = content[at]
    at += 1
    if head >> 4 or not head:
        return number + (head >> 4), head & 0x0F, at
    number, at = read_number(content, at)
    return number, head & 0x0F, at


def read_list_head(content: bytes, at: int) -> tuple[int, int, int]:
    """Length and kind of a list, and where its values begin."""
    size, kind = content[at] >> 4, content[at] & 0x0F
    at += 1
    if size == 15:
        size, at = read_varint(content, at)
    return size, kind, at


def read_number(content: bytes, at: int) -> tuple[int, int]:
    number, at = read_varint(content, at)
    return (number >> 1) ^ -(number & 1), at


def read_varint(content: bytes, at: int) -> tuple[int, int]:
    result = shift = 0
    while True:
        byte = content[at]
        at += 1
        result |= (byte & 0x7F) << shift
        if byte < 0x80:
            return result, at
        shift += 7


def read_value(kind: int, content: bytes, at: int) -> tuple[Any, int]:
    if kind in (I16, I32, I64):
        return read_number(content, at)
    if kind == BINARY:
        size, at = read_varint(content, at)
        return content[at:at + size], at + size
    if kind == STRUCT:
        return _read_struct(content, at)
    if kind == LIST:
        return _read_list(content, at)
    if kind in (TRUE, FALSE):
        return kind == TRUE, at
    if kind == BYTE:
        return content[at], at + 1
    if kind == DOUBLE:
        return content[at:at + 8], at + 8
    raise ValueError(f"Thrift type {kind} does not occur in Parquet footers")


def _read_list(content: bytes, at: int) -> tuple[tuple[int, list[Any]], int]:
    size, kind, at = read_list_head(content, at)
    values = []
    for _ in range(size):
        if kind in (TRUE, FALSE):
            value, at = content[at] == TRUE, at + 1
        else:
            value, at = read_value(kind, content, at)
        values.append(value)
    return (kind, values), at


def _read_struct(content: bytes, at: int) -> tuple[Struct, int]:
    fields: Struct = []
    number = 0
    while True:
        number, kind, at = read_head(number, content, at)
        if not kind:
            return fields, at
        value, at = read_value(kind, content, at)
        fields.append((number, kind, value))


def skip(kind: int, content: bytes, at: int) -> int:
    """Where the value that begins at `at` ends."""
    if kind in (I16, I32, I64):
        while content[at] > 0x7F:
            at += 1
        return at + 1
    return read_value(kind, content, at)[1]


def _write_varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def zigzag(number: int) -> bytes:
    return _write_varint(number << 1 if number >= 0 else (-number << 1) - 1)


def write_value(kind: int, value: Any) -> Sequence[bytes]:
    if kind in (I16, I32, I64):
        return [zigzag(value)]
    if kind == BINARY:
        return [_write_varint(len(value)), value]
    if kind == STRUCT:
        return _write_struct(value)
    if kind == LIST:
        return _write_list(*value)
    if kind == BYTE:
        return [bytes([value])]
    return [value]  # a double is kept as its bytes


def list_head(kind: int, size: int) -> bytes:
    return bytes([size << 4 | kind]) if size < 15 else bytes([0xF0 | kind]) + _write_varint(size)


def _write_list(kind: int, values: list[Any]) -> list[bytes]:
    out = [list_head(kind, len(values))]
    for value in values:
        if kind in (TRUE, FALSE):
            out.append(bytes([TRUE if value else FALSE]))
        else:
            out.extend(write_value(kind, value))
    return out


def head(step: int, number: int, kind: int) -> bytes:
    return bytes([step << 4 | kind]) if 0 < step < 16 else bytes([kind]) + zigzag(number)


def _write_struct(fields: Struct) -> list[bytes]:
    out: list[bytes] = []
    last = 0
    for number, kind, value in fields:
        if kind in (TRUE, FALSE):
            kind = TRUE if value else FALSE
        out.append(head(number - last, number, kind))
        if kind not in (TRUE, FALSE):
            out.extend(write_value(kind, value))
        last = number
    out.append(b"\0")
    return out
