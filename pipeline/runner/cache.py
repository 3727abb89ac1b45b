"""What earlier runs have done: part files with the rows of many documents, and an index from document to part.

A part is one file that holds the tables which one batch of documents gave, as Arrow streams with a
directory at the end. The index is a SQLite database: a batch counts as done only when its part is on
disk and its rows in the index are committed, so a run can be killed at any moment.
"""

from __future__ import annotations

import json
import sqlite3
import struct
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa

from pipeline.tables.store import write_bytes

_MAGIC = b"HBPART1\n"
_VERSION = "1"


def write_part(path: Path, tables: Mapping[str, pa.Table]) -> None:
    """Write several Arrow tables to one file, in one step."""
    chunks = [_MAGIC]
    offset = len(_MAGIC)
    directory: dict[str, tuple[int, int]] = {}
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    for name in sorted(tables):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, tables[name].schema, options=options) as writer:
            writer.write_table(tables[name])
        content = sink.getvalue().to_pybytes()
        directory[name] = (offset, len(content))
        chunks.append(content)
        offset += len(content)
    footer = json.dumps(directory, sort_keys=True).encode()
    write_bytes(path, b"".join([*chunks, footer, struct.pack("<Q", len(footer)), _MAGIC]))


def read_part(path: Path, names: Iterable[str]) -> dict[str, pa.Table]:
    """The named tables of a part; a name it lacks is absent from the result."""
    with open(path, "rb") as handle:
        handle.seek(-8 - len(_MAGIC), 2)
        (length,) = struct.unpack("<Q", handle.read(8))
        handle.seek(-8 - len(_MAGIC) - length, 2)
        directory = json.loads(handle.read(length))
        tables = {}
        for name in names:
            if name in directory:
                start, size = directory[name]
                handle.seek(start)
                tables[name] = pa.ipc.open_stream(handle.read(size)).read_all()
    return tables


class Index:
    """Which part holds the rows of which document for which stage, and which outputs are up to date."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._database = sqlite3.connect(folder / "index.sqlite", isolation_level=None)
        self._database.execute("PRAGMA journal_mode=DELETE")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.executescript(
            "CREATE TABLE IF NOT EXISTS about(name TEXT PRIMARY KEY, value TEXT);"
            "CREATE TABLE IF NOT EXISTS done(stage TEXT, document TEXT, part TEXT, PRIMARY KEY(stage, document));"
            "CREATE TABLE IF NOT EXISTS results(name TEXT PRIMARY KEY, key TEXT, rows INTEGER);"
            "CREATE TABLE IF NOT EXISTS files(path TEXT PRIMARY KEY, stage TEXT, sha256 TEXT);"
            "CREATE TABLE IF NOT EXISTS hashes(path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, sha256 TEXT);"
        )
        row = self._database.execute("SELECT value FROM about WHERE name='version'").fetchone()
        if row is None or row[0] != _VERSION:
            for table in ("done", "results", "files", "hashes"):
                self._database.execute(f"DELETE FROM {table}")  # noqa: S608 - names are the literals above
            self._database.execute("INSERT OR REPLACE INTO about VALUES('version', ?)", (_VERSION,))

    def close(self) -> None:
        self._database.close()

    def part_path(self, part: str) -> Path:
        return self.folder / "parts" / f"{part}.arrow"

    def parts_of(self, stage: str) -> dict[str, str]:
        """document key → part, for one stage hash; a part that is no longer on disk counts as not done."""
        there = {path.stem for path in (self.folder / "parts").glob("*.arrow")}
        rows = self._database.execute("SELECT document, part FROM done WHERE stage=?", (stage,))
        return {document: part for document, part in rows if part in there}

    def add(self, part: str, rows: Iterable[tuple[str, str]]) -> None:
        """Record that `part` holds these (stage hash, document key) pairs; one transaction."""
        with self._database:
            self._database.execute("BEGIN")
            self._database.executemany("INSERT OR REPLACE INTO done VALUES(?,?,?)", [(s, d, part) for s, d in rows])

    def forget_stage(self, stage: str) -> None:
        """Drop every document's result of one stage hash, so that it is done again."""
        self._database.execute("DELETE FROM done WHERE stage=?", (stage,))

    def forget_all_but(self, stages: set[str], documents: set[str]) -> None:
        """Drop what no current stage or document uses, and the part files that nothing points to."""
        gone = [
            (stage, document)
            for stage, document in self._database.execute("SELECT stage, document FROM done")
            if stage not in stages or document not in documents
        ]
        if gone:
            with self._database:
                self._database.execute("BEGIN")
                self._database.executemany("DELETE FROM done WHERE stage=? AND document=?", gone)
        live = {row[0] for row in self._database.execute("SELECT DISTINCT part FROM done")}
        for path in (self.folder / "parts").glob("*.arrow"):
            if path.stem not in live:
                path.unlink()

    def result_key(self, name: str) -> str | None:
        row = self._database.execute("SELECT key FROM results WHERE name=?", (name,)).fetchone()
        return row[0] if row else None

    def row_counts(self) -> dict[str, int]:
        return dict(self._database.execute("SELECT name, rows FROM results WHERE rows IS NOT NULL ORDER BY name"))

    def set_result(self, name: str, key: str, rows: int | None = None) -> None:
        self._database.execute("INSERT OR REPLACE INTO results VALUES(?,?,?)", (name, key, rows))

    def output_files(self, stage: str) -> dict[str, str]:
        """relative path → sha256 of the files that a stage wrote."""
        return dict(self._database.execute("SELECT path, sha256 FROM files WHERE stage=?", (stage,)))

    def set_output_files(self, stage: str, files: Mapping[str, str]) -> None:
        with self._database:
            self._database.execute("BEGIN")
            self._database.execute("DELETE FROM files WHERE stage=?", (stage,))
            self._database.executemany("INSERT OR REPLACE INTO files VALUES(?,?,?)", [(p, stage, h) for p, h in files.items()])

    def known_hashes(self) -> dict[str, tuple[int, int, str]]:
        """path → (size, mtime_ns, sha256) of raw files seen before."""
        return {p: (s, m, h) for p, s, m, h in self._database.execute("SELECT * FROM hashes")}

    def set_hashes(self, rows: Mapping[str, tuple[int, int, str]]) -> None:
        with self._database:
            self._database.execute("BEGIN")
            self._database.execute("DELETE FROM hashes")
            self._database.executemany("INSERT INTO hashes VALUES(?,?,?,?)", [(p, *v) for p, v in rows.items()])


def group_by_part(parts: Mapping[str, str], documents: Iterable[str]) -> dict[str, list[str]]:
    """part → its documents among `documents`, parts sorted."""
    groups: dict[str, list[str]] = defaultdict(list)
    for document in documents:
        groups[parts[document]].append(document)
    return dict(sorted(groups.items()))
