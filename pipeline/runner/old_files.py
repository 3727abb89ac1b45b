"""The files of the run before, of which everything that has not changed is copied."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import IO

from pipeline.runner import splice

_TAIL_BYTES = 1 << 16

# Of each bucket of a file: its key, the number of its row groups, the digest of their bytes.
Buckets = Sequence[tuple[str, int, str]]


class OldFile:
    """A table's file from the run before; only row groups whose bytes are what was written then are used."""

    def __init__(self, path: Path, buckets: Buckets) -> None:
        self._groups: dict[str, tuple[list[splice.Group], str]] = {}
        self._handle: IO[bytes] | None = None
        try:
            self._handle = open(path, "rb")  # noqa: SIM115 - closed by close()
            groups = list(self._read_footer().groups)
        except (OSError, ValueError, IndexError):
            return  # gone or damaged: everything is encoded anew
        for key, n_groups, sha in buckets:
            own, groups = groups[:n_groups], groups[n_groups:]
            if digest_of(self._read(group).content for group in own) == sha:
                self._groups[key] = own, sha

    def _read_footer(self) -> splice.Footer:
        assert self._handle is not None
        size = self._handle.seek(0, os.SEEK_END)
        for wanted in (_TAIL_BYTES, size):
            self._handle.seek(max(0, size - wanted))
            content = self._handle.read()
            if splice.footer_size(content) <= len(content):
                break
        return splice.read_footer(content)

    def _read(self, group: splice.Group) -> splice.RowGroup:
        assert self._handle is not None
        self._handle.seek(group.start)
        return splice.RowGroup(self._handle.read(group.end - group.start), group)

    def __contains__(self, key: str) -> bool:
        return key in self._groups

    def row_groups(self, key: str) -> tuple[list[splice.RowGroup], str]:
        """The row groups of a bucket, and the digest of their bytes."""
        groups, sha = self._groups[key]
        return [self._read(group) for group in groups], sha

    def close(self) -> None:
        if self._handle is not None:
            self._handle.close()


class OldFiles:
    """Old files, which can be checked ahead while the workers have the documents: that takes a second of ten thousand."""

    def __init__(self, background: Executor) -> None:
        self._background = background
        self._ahead: dict[str, Future[OldFile]] = {}

    def look_ahead(self, files: Mapping[str, tuple[Path, Buckets]]) -> None:
        """Begin to check these, in their order."""
        self._ahead.update({name: self._background.submit(OldFile, *file) for name, file in files.items()})

    def take(self, name: str, path: Path, buckets: Buckets) -> OldFile:
        """The file of a table, checked; the caller closes it."""
        future = self._ahead.pop(name, None)
        return future.result() if future else OldFile(path, buckets)

    def close(self) -> None:
        """Give back what nobody has taken; the background must have ended."""
        for future in self._ahead.values():
            if not future.cancelled():
                future.result().close()


def digest_of(contents: Iterable[bytes]) -> str:
    """Of several contents as one."""
    whole = hashlib.sha256()
    for content in contents:
        whole.update(content)
    return whole.hexdigest()[:20]
