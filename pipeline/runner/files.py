"""The raw folder as table `raw_files`, and the lock that keeps two runs out of one folder.

Nothing in a folder may stop the run: names in other encodings, links in circles, files without permission and things
that are no files are listed or noted, each with its reason.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import socket
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import PipelineError, UsageError
from pipeline.profiles.overrides import FILE, Overrides, read_overrides
from pipeline.runner.cache import Index

_SKIPPED_NAMES = {"readme.md", "sources.csv", "thumbs.db", "desktop.ini"}
ID_LENGTH = 16  # characters of the sha256 that are a document's identifier
# A file touched so shortly before it was hashed may be touched again without its times showing it.
_TOO_FRESH_NS = 2 * 10**9


@dataclass
class Listing:
    """What is in the raw folder: rows of `raw_files`, sorted by path; full hashes; and (path, message) of what is odd."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    sha256: dict[str, str] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)


def list_raw_files(raw: Path, index: Index | None = None) -> Listing:
    """Everything below `raw`. Hidden files, README.md and sources.csv are not reports.

    A file whose size and times are as last seen is not read again. One that cannot be opened gets an identifier of its
    own, so that the reader names it among the failures. UsageError where the folder is absent or holds nothing.
    """
    if not raw.is_dir():
        raise UsageError(f"没有文件夹 {_shown(str(raw))}；请把报告放入其中，或用 --raw 指定所在文件夹")
    listing = Listing()
    known = index.known_hashes() if index else {}
    fresh: dict[str, tuple[str, str]] = {}
    found = sorted(_walk(str(raw), listing), key=lambda item: item[0])
    first_with: dict[str, str] = {}
    taken: set[str] = set()
    overrides = _read_overrides(raw, listing)
    for path, location, status in found:
        while path in taken:
            path += "（同名）"
        taken.add(path)
        sha = _sha256_of(path, location, status, known, fresh)
        listing.sha256[path] = sha
        listing.rows.append({
            "path": path, "document_id": sha[:ID_LENGTH], "bytes": status.st_size, "duplicate_of": first_with.get(sha),
            "location": _plain_location(location, index), "override": overrides.of_file(path)})
        first_with.setdefault(sha, path)
    if not listing.rows:
        raise UsageError(f"文件夹 {_shown(str(raw))} 中没有可读的文件；请放入报告（txt、docx、pdf、html 等）后再运行")
    listing.notes += [(FILE, f"{place}：{message}") for place, message in [*overrides.problems, *overrides.unused(taken)]]
    if index:
        index.set_hashes(known, fresh)
    return listing


def _read_overrides(raw: Path, listing: Listing) -> Overrides:
    """What a person wrote in sources.csv at the top of the folder."""
    try:
        return read_overrides((raw / FILE).read_bytes())
    except FileNotFoundError:
        return Overrides()
    except OSError as error:
        listing.notes.append((FILE, f"打不开（{error.strerror}），其中各行未采用；请检查权限"))
        return Overrides()


def _walk(root: str, listing: Listing) -> Iterator[tuple[str, str, os.stat_result]]:
    """(path to show, path to open, status) of every file; a folder reached twice is read once, links last.

    Real folders come before linked ones, so that what a link repeats keeps its own path whatever the order on disk.
    """
    visited: set[tuple[int, int]] = set()
    linked: list[tuple[str, str]] = []
    waiting = [("", root)]
    while waiting or linked:
        if not waiting:
            linked.sort(reverse=True)
            waiting.append(linked.pop())
        shown, folder = waiting.pop()
        try:
            identity = os.stat(folder)
            if (identity.st_dev, identity.st_ino) in visited:
                continue
            visited.add((identity.st_dev, identity.st_ino))
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            listing.notes.append((shown or ".", f"文件夹打不开（{error.strerror}），其中的文件都未读取；请检查权限"))
            continue
        for entry in entries:
            name = _shown(entry.name)
            path = f"{shown}/{name}" if shown else name
            if name.startswith((".", "~$")) or name.lower() in _SKIPPED_NAMES:
                continue
            try:
                is_link = entry.is_symlink()
                status = entry.stat()
            except OSError as error:
                listing.notes.append((path, f"链接无效或成环（{error.strerror}），未读取；请放入文件本身"))
                continue
            if stat.S_ISDIR(status.st_mode):
                (linked if is_link else waiting).append((path, entry.path))
            elif stat.S_ISREG(status.st_mode):
                yield path, entry.path, status
            else:
                listing.notes.append((path, "不是普通文件（管道、设备等），未读取"))


def _shown(name: str) -> str:
    """A name that can stand in a table. One that is not UTF-8 mostly comes out of an archive made on Windows."""
    try:
        name.encode()
        return name
    except UnicodeEncodeError:
        raw = os.fsencode(name)
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "backslashreplace")


def _plain_location(location: str, index: Index | None) -> str:
    """Where to open the file. Tables cannot hold names that are not UTF-8, so such a file gets a link in the cache."""
    location = os.path.abspath(location)
    if _shown(location) == location or index is None:
        return location
    name = hashlib.sha256(os.fsencode(location)).hexdigest()[:16] + Path(_shown(location)).suffix
    link = index.folder / "aliases" / name
    link.parent.mkdir(exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(location)
    return str(link.absolute())


def _signature(status: os.stat_result) -> str:
    return f"{status.st_size}-{status.st_mtime_ns}-{status.st_ctime_ns}-{status.st_ino}"


def _sha256_of(path: str, location: str, status: os.stat_result, known: dict[str, tuple[str, str]],
               fresh: dict[str, tuple[str, str]]) -> str:
    seen = known.get(path)
    if seen and seen[0] == _signature(status):
        fresh[path] = seen
        return seen[1]
    try:
        sha = hash_file(location)
    except OSError as error:
        return hash_of_unreadable(path, error)
    if time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) > _TOO_FRESH_NS:
        fresh[path] = (_signature(status), sha)
    return sha


def hash_file(location: str) -> str:
    """sha256 of the bytes of a file."""
    digest = hashlib.sha256()
    with open(location, "rb") as handle:
        while chunk := handle.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def hash_of_unreadable(path: str, error: OSError) -> str:
    """Stands for the content of a file that cannot be opened; the reader will say why."""
    return hashlib.sha256(f"unreadable\0{path}\0{error.errno}".encode()).hexdigest()


def document_key(row: dict[str, Any]) -> str:
    """What a document's results depend on besides code and knowledge: its bytes, its path, whether it is a copy, sources.csv."""
    text = "\0".join([row["document_id"], row["path"], row["duplicate_of"] or "", row.get("override") or ""])
    return hashlib.sha256(text.encode()).hexdigest()[:20]


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Hold the folder for this process. The system frees the lock when its owner dies, so none is ever left behind."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.seek(0)
            raise PipelineError(f"另一次运行正在使用 {folder.parent}（{handle.read().strip() or '进程未知'}）；请等它结束") from error
        handle.seek(0)
        handle.truncate()
        handle.write(f"进程 {os.getpid()}，主机 {socket.gethostname()}")
        handle.flush()
        yield
