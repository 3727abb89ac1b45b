"""The raw folder as table `raw_files`, and the lock that keeps two runs out of one folder."""

from __future__ import annotations

import fcntl
import hashlib
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.errors import PipelineError, UsageError
from pipeline.runner.cache import Index

_SKIPPED_NAMES = {"readme.md", "sources.csv", "thumbs.db", "desktop.ini"}


def _is_raw(path: Path, root: Path) -> bool:
    parts = path.relative_to(root).parts
    hidden = any(part.startswith((".", "~$")) for part in parts)
    return not hidden and path.name.lower() not in _SKIPPED_NAMES and path.is_file()


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as handle:
        while chunk := handle.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def list_raw_files(raw: Path, index: Index | None = None) -> list[dict[str, Any]]:
    """Rows of table `raw_files`, sorted by path. Hidden files, README.md and sources.csv are not reports.

    A file whose size and time are as last seen is not read again. UsageError where the folder is absent or empty.
    """
    if not raw.is_dir():
        raise UsageError(f"没有文件夹 {raw}；请把报告放入其中，或用 --raw 指定所在文件夹")
    known = index.known_hashes() if index else {}
    fresh: dict[str, tuple[int, int, str]] = {}
    rows: list[dict[str, Any]] = []
    first_with: dict[str, str] = {}
    for path in sorted((p for p in raw.rglob("*") if _is_raw(p, raw)), key=lambda p: p.relative_to(raw).as_posix()):
        relative = path.relative_to(raw).as_posix()
        stat = path.stat()
        seen = known.get(relative)
        sha = seen[2] if seen and seen[:2] == (stat.st_size, stat.st_mtime_ns) else _sha256(path)
        fresh[relative] = (stat.st_size, stat.st_mtime_ns, sha)
        rows.append({"path": relative, "document_id": sha[:16], "bytes": stat.st_size,
                     "duplicate_of": first_with.get(sha), "location": str(path.absolute())})
        first_with.setdefault(sha, relative)
    if not rows:
        raise UsageError(f"文件夹 {raw} 中没有可读的文件；请放入报告（txt、docx、pdf、html 等）后再运行")
    if index and fresh != known:
        index.set_hashes(fresh)
    return rows


def document_key(row: dict[str, Any]) -> str:
    """What a document's results depend on besides code and knowledge: its bytes, its path, and whether it is a copy."""
    text = "\0".join([row["document_id"], row["path"], row["duplicate_of"] or ""])
    return hashlib.sha256(text.encode()).hexdigest()[:20]


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Hold the folder for this process. The system frees the lock when its owner dies, so none is ever left behind."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            handle.seek(0)
            raise PipelineError(f"另一次运行正在使用 {folder.parent}（{handle.read().strip() or '进程未知'}）；请等它结束") from error
        handle.seek(0)
        handle.truncate()
        handle.write(f"进程 {os.getpid()}，主机 {socket.gethostname()}")
        handle.flush()
        yield
