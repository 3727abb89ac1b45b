"""What earlier runs have done: an index from document to the part file that holds its rows, and of finished results.

The index is a SQLite database: a batch counts as done only when its part is on disk and its rows in the index are
committed, so a run can be killed at any moment.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Name, key, number of rows (None for what is no public table), and what else to know of it.
Result = tuple[str, str, int | None, dict[str, Any]]

_VERSION = "3"
_TABLES = {
    "about": "name TEXT PRIMARY KEY, value TEXT",
    "parts": "number INTEGER PRIMARY KEY, name TEXT UNIQUE, stages TEXT",
    "members": "part INTEGER, document TEXT, is_passing INTEGER, PRIMARY KEY(part, document)",
    "results": "name TEXT PRIMARY KEY, key TEXT, rows INTEGER, detail TEXT",
    "files": "path TEXT PRIMARY KEY, stage TEXT, sha256 TEXT",
    "hashes": "path TEXT PRIMARY KEY, signature TEXT, sha256 TEXT",
}


class Index:
    """Which part holds the rows of which document for which stage, and which results are up to date."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise  # no space, no permission: not the database's fault
            # Damaged from outside. It is only a memory: without it everything is done again.
            self._database.close()
            for name in ("index.sqlite", "index.sqlite-journal"):
                (folder / name).unlink(missing_ok=True)
            self._open()

    def _open(self) -> None:
        self._database = sqlite3.connect(self.folder / "index.sqlite", isolation_level=None)
        self._database.execute("PRAGMA journal_mode=DELETE")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.execute("CREATE TABLE IF NOT EXISTS about(name TEXT PRIMARY KEY, value TEXT)")
        row = self._database.execute("SELECT value FROM about WHERE name='version'").fetchone()
        with self._together():
            for name, columns in _TABLES.items():
                if row is None or row[0] != _VERSION:
                    self._database.execute(f"DROP TABLE IF EXISTS {name}")
                self._database.execute(f"CREATE TABLE IF NOT EXISTS {name}({columns})")
            self._database.execute("INSERT OR REPLACE INTO about VALUES('version', ?)", (_VERSION,))

    def close(self) -> None:
        self._database.close()

    @contextmanager
    def _together(self) -> Iterator[None]:
        """One transaction: all of it or, when the process dies, nothing."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    # Parts -------------------------------------------------------------------------------------------------------

    def part_path(self, part: str) -> Path:
        return self.folder / "parts" / f"{part}.arrow"

    def parts_of(self, stages: Iterable[str]) -> dict[str, dict[str, str]]:
        """stage hash → document key → part; what was added last counts, and a part no longer on disk does not."""
        found: dict[str, dict[str, str]] = {stage: {} for stage in stages}
        there = {path.stem for path in (self.folder / "parts").glob("*.arrow")}
        members = self._members()
        for number, name, held in self._database.execute("SELECT number, name, stages FROM parts ORDER BY number"):
            if name in there:
                for stage in json.loads(held):
                    if stage in found:
                        found[stage].update(dict.fromkeys(members[number], name))
        return found

    def _members(self) -> dict[int, list[str]]:
        members: dict[int, list[str]] = defaultdict(list)
        for number, document in self._database.execute("SELECT part, document FROM members ORDER BY part, document"):
            members[number].append(document)
        return members

    def add(self, part: str, stages: Iterable[str], documents: Iterable[str], passing: Iterable[str] = (),
            replaces: Iterable[str] = ()) -> None:
        """Record that `part` holds these stages of these documents; in one transaction.

        `passing` documents had a trouble that may be gone next time: they count as done in this run only. The parts
        that it `replaces` are forgotten.
        """
        passing = set(passing)
        with self._together():
            for name in (part, *replaces):
                self._drop(name)
            number = self._database.execute("INSERT INTO parts(name, stages) VALUES(?,?)",
                                            (part, json.dumps(list(stages)))).lastrowid
            self._database.executemany("INSERT INTO members VALUES(?,?,?)",
                                       [(number, document, document in passing) for document in documents])

    def _drop(self, part: str) -> None:
        self._database.execute("DELETE FROM members WHERE part=(SELECT number FROM parts WHERE name=?)", (part,))
        self._database.execute("DELETE FROM parts WHERE name=?", (part,))

    def forget_parts(self, parts: Iterable[str]) -> None:
        """These parts are damaged: their documents are done again."""
        with self._together():
            for part in parts:
                self._drop(part)

    def forget_stages(self, stages: set[str]) -> None:
        """Drop every document's result of these stage hashes, so that they are done again."""
        if not stages:
            return
        rows = self._database.execute("SELECT number, stages FROM parts").fetchall()
        kept = [(number, held, [stage for stage in held if stage not in stages])
                for number, held in ((number, json.loads(text)) for number, text in rows)]
        with self._together():
            self._database.executemany("UPDATE parts SET stages=? WHERE number=?",
                                       [(json.dumps(new), number) for number, old, new in kept if new != old])

    def forget_passing(self) -> None:
        """Documents whose trouble may be gone are done again."""
        self._database.execute("DELETE FROM members WHERE is_passing")

    def documents(self) -> set[str]:
        """Documents of which something is held, whatever it still counts for."""
        return {document for (document,) in self._database.execute("SELECT DISTINCT document FROM members")}

    def passing(self) -> set[str]:
        """Documents that count as done in this run only."""
        return {document for (document,) in self._database.execute("SELECT document FROM members WHERE is_passing")}

    def tidy(self, stages: set[str], documents: set[str]) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        """Drop what no current stage or document uses, and the part files that nothing points to.

        Returns the parts left: name → (stages, documents) for which it is the one that counts.
        """
        used: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
        for stage, parts in self.parts_of(stages).items():
            for document, part in parts.items():
                if document in documents:
                    held = used.setdefault(part, ({}, {}))
                    held[0][stage] = held[1][document] = None
        rows = self._database.execute("SELECT number, name FROM parts").fetchall()
        gone = [(number,) for number, name in rows if name not in used]
        with self._together():
            self._database.executemany("DELETE FROM parts WHERE number=?", gone)
            self._database.executemany("DELETE FROM members WHERE part=?", gone)
        for path in (self.folder / "parts").glob("*.arrow"):
            if path.stem not in used:
                path.unlink()
        return {name: (tuple(held[0]), tuple(held[1])) for name, held in sorted(used.items())}

    def n_members(self) -> dict[str, int]:
        """part → how many documents it was written for."""
        return dict(self._database.execute(
            "SELECT parts.name, COUNT(*) FROM parts JOIN members ON members.part=parts.number GROUP BY parts.number"))

    # Results -----------------------------------------------------------------------------------------------------

    def results(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """name → (key under which it was last written, what was noted of it then)."""
        rows = self._database.execute("SELECT name, key, detail FROM results")
        return {name: (key, json.loads(detail)) for name, key, detail in rows}

    def row_counts(self) -> dict[str, int]:
        return dict(self._database.execute("SELECT name, rows FROM results WHERE rows IS NOT NULL ORDER BY name"))

    def set_results(self, rows: Iterable[Result]) -> None:
        """Record finished results."""
        with self._together():
            self._database.executemany("INSERT OR REPLACE INTO results VALUES(?,?,?,?)",
                                       [(name, key, n_rows, json.dumps(detail)) for name, key, n_rows, detail in rows])

    def doubt(self, names: Iterable[str]) -> None:
        """These results are about to be replaced: until they are set again, what is on disk counts for nothing."""
        with self._together():
            self._database.executemany("UPDATE results SET key='' WHERE name=?", [(name,) for name in names])

    # Files of output stages, and raw files -------------------------------------------------------------------------

    def output_files(self, stage: str) -> dict[str, str]:
        """relative path → sha256 of the files that a stage wrote."""
        return dict(self._database.execute("SELECT path, sha256 FROM files WHERE stage=?", (stage,)))

    def set_output_files(self, stage: str, files: Mapping[str, str]) -> None:
        with self._together():
            self._database.execute("DELETE FROM files WHERE stage=?", (stage,))
            self._database.executemany("INSERT OR REPLACE INTO files VALUES(?,?,?)", [(p, stage, h) for p, h in files.items()])

    def known_hashes(self) -> dict[str, tuple[str, str]]:
        """path → (signature, sha256) of raw files seen before; the signature tells whether a file was touched since."""
        return {path: (signature, sha) for path, signature, sha in self._database.execute("SELECT * FROM hashes")}

    def set_hashes(self, known: Mapping[str, tuple[str, str]], fresh: Mapping[str, tuple[str, str]]) -> None:
        """Replace `known` by `fresh`, writing only what differs."""
        changed = [(path, *value) for path, value in fresh.items() if known.get(path) != value]
        gone = [(path,) for path in known if path not in fresh]
        if changed or gone:
            with self._together():
                self._database.executemany("DELETE FROM hashes WHERE path=?", gone)
                self._database.executemany("INSERT OR REPLACE INTO hashes VALUES(?,?,?)", changed)


def group_by_part(parts: Mapping[str, str], documents: Iterable[str]) -> dict[str, list[str]]:
    """part → its documents among `documents`, parts sorted."""
    groups: dict[str, list[str]] = defaultdict(list)
    for document in documents:
        groups[parts[document]].append(document)
    return dict(sorted(groups.items()))
