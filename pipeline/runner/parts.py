"""Part files: several tables, or other contents, in one file with a directory at its end.

A part holds the tables which one batch of documents gave, as Arrow streams. Each content has a checksum.
"""

from __future__ import annotations

import errno
import io
import json
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyarrow as pa

from pipeline.tables.store import write_bytes

_MAGIC = b"HBPART2\n"
_DAMAGED = {errno.ENOENT, errno.EINVAL, errno.EIO}


class PartError(Exception):
    """A part file cannot be read; its documents have to be done again."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


def pack_part(tables: Mapping[str, pa.Table]) -> bytes:
    """Several Arrow tables as the content of one file."""
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    contents = {}
    for name, arrow in tables.items():
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, arrow.schema, options=options) as writer:
            writer.write_table(arrow)
        contents[name] = sink.getvalue().to_pybytes()
    return pack(contents)


def pack(contents: Mapping[str, bytes]) -> bytes:
    """Several named contents as that of one file, with a directory at its end."""
    chunks = [_MAGIC]
    offset = len(_MAGIC)
    directory: dict[str, tuple[int, int, int]] = {}
    for name in sorted(contents):
        content = contents[name]
        directory[name] = (offset, len(content), zlib.crc32(content))
        chunks.append(content)
        offset += len(content)
    footer = json.dumps(directory, sort_keys=True).encode()
    return b"".join([*chunks, footer, struct.pack("<Q", len(footer)), _MAGIC])


def write_part(path: Path, tables: Mapping[str, pa.Table]) -> None:
    """Write several Arrow tables to one file, in one step."""
    write_bytes(path, pack_part(tables))


def unpack_part(content: bytes) -> dict[str, pa.Table]:
    """All tables of a part that is held in memory."""
    return _read_tables(io.BytesIO(content), None, "")


def read_part(path: Path, names: Iterable[str] | None = None) -> dict[str, pa.Table]:
    """The named tables of a part, or all; a name it lacks is absent. PartError where the file is gone or damaged."""
    with _opened(path) as handle:
        return _read_tables(handle, names, path.stem)


def read_names(path: Path) -> list[str]:
    """What a packed file holds."""
    with _opened(path) as handle:
        return list(_read_directory(handle, path.stem))


def read_content(path: Path, name: str) -> bytes:
    """One content of a packed file."""
    with _opened(path) as handle:
        return _read_content(handle, _read_directory(handle, path.stem)[name], path.stem)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        with open(path, "rb") as handle:
            yield handle
    except (ValueError, struct.error, OSError) as error:
        if isinstance(error, OSError) and error.errno not in _DAMAGED:
            raise  # too many open files, no permission: not the part's fault
        raise PartError(path.stem) from error


def _read_directory(handle: IO[bytes], part: str) -> dict[str, tuple[int, int, int]]:
    handle.seek(-8 - len(_MAGIC), 2)
    size, magic = struct.unpack("<Q8s", handle.read())
    handle.seek(-8 - len(_MAGIC) - size, 2)
    directory: dict[str, tuple[int, int, int]] = json.loads(handle.read(size))
    if magic != _MAGIC:
        raise PartError(part)
    return directory


def _read_content(handle: IO[bytes], place: tuple[int, int, int], part: str) -> bytes:
    start, length, checksum = place
    handle.seek(start)
    content = handle.read(length)
    if zlib.crc32(content) != checksum:
        raise PartError(part)
    return content


def _read_tables(handle: IO[bytes], names: Iterable[str] | None, part: str) -> dict[str, pa.Table]:
    directory = _read_directory(handle, part)
    return {name: pa.ipc.open_stream(_read_content(handle, directory[name], part)).read_all()
            for name in (directory if names is None else names) if name in directory}
