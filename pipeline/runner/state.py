"""What is known in the course of one run, shared by its steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.runner import graph, inputs
from pipeline.runner.assembly import digest
from pipeline.runner.batches import Corpus
from pipeline.runner.cache import Index
from pipeline.runner.files import Listing, document_key
from pipeline.runner.groups import Groups, Keys, read_groups
from pipeline.settings import Folders, Options
from pipeline.stages import STAGES, Stage

Progress = Callable[[str, int, int], None]
Known = dict[str, tuple[str, dict[str, Any]]]


@dataclass
class Summary:
    """What a run did: stage functions that did work, rows by table, files written, seconds.

    `seconds` of a stage are those that its workers computed; `documents` and `assembly` are what passed meanwhile.
    """

    redone: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    n_files: int = 0
    n_read_anew: int = 0

    def redo(self, functions: Iterable[str]) -> None:
        self.redone += [name for name in dict.fromkeys(functions) if name not in self.redone]

    def add_seconds(self, name: str, seconds: float) -> None:
        self.seconds[name] = round(self.seconds.get(name, 0.0) + seconds, 3)


class State:
    """What there is to read, what code and knowledge say, what of earlier work still counts, and what is settled so far.

    `content` has the hash of each table that is up to date in this run; `again` the stages to be redone in any case.
    """

    def __init__(self, folders: Folders, options: Options, knowledge: Path, index: Index, listing: Listing, again: set[str],
                 progress: Progress | None) -> None:
        self.folders, self.options, self.knowledge, self.index, self.again = folders, options, knowledge, index, again
        self.progress = progress or (lambda label, done, total: None)
        self.hashes = graph.stage_hashes(STAGES, knowledge, options)
        self.own_hashes = graph.own_hashes(STAGES, knowledge, options)
        self.listing = listing
        rows = sorted(listing.rows, key=lambda row: (row["document_id"], row["path"]))
        keyed = {document_key(row): row for row in rows}
        self.corpus = Corpus(keyed, {key: listing.sha256[row["path"]] for key, row in keyed.items()})
        self.content: dict[str, str] = {}
        self._group_keys: dict[str, tuple[str, ...]] = {}
        self.summary = Summary(n_files=len(rows))

    @cached_property
    def groups(self) -> Groups:
        """The groups of documents, once the table that tells them is settled."""
        return read_groups(self.folders.processed)

    @cached_property
    def _keys(self) -> Keys:
        passing = self.index.passing()
        of_file: dict[str, list[str]] = defaultdict(list)
        for key, row in self.corpus.rows.items():
            of_file[row["document_id"]].append(f"{key}!" if key in passing else key)
        return Keys(self.own_hashes, self.hashes, STAGES, of_file, self.folders.processed, self.content)

    def key_of(self, stage: Stage) -> str:
        """What a later stage depends on: its code and knowledge, and the content of what it reads of the tables."""
        if stage.scope == "sample":
            return self._keys.of(stage, self.groups.sample)
        if stage.scope == "group":
            return digest(self.group_keys(stage))
        return digest([self.own_hashes[stage.function], *(self.content[name] for name in graph.input_tables(stage))])

    def group_keys(self, stage: Stage) -> tuple[str, ...]:
        """What a group stage depends on, for each bundle; to be asked when the tables that it reads are settled."""
        if stage.function not in self._group_keys:
            self._group_keys[stage.function] = tuple(self._keys.of(stage, documents) for documents in self.groups.bundles)
        return self._group_keys[stage.function]

    def table_path(self, name: str) -> Path:
        if name.startswith(f"{graph.ISSUES}:"):
            return self.folders.cache / "issues" / f"{name.split(':')[1]}.parquet"
        return inputs.table_path(name, self.folders.processed)

    def is_on_disk(self, name: str, key: str, known: Known) -> bool:
        """Whether the table was last written under this key, and lies there still as it was written."""
        if known.get(name, ("",))[0] != key:
            return False
        path = self.table_path(name)
        return path.is_file() and path.stat().st_size == known[name][1]["size"]


def tables_of(stage: Stage) -> tuple[str, ...]:
    """Names under which the index knows the tables that a stage writes, its share of the issues among them."""
    return (*stage.makes, f"{graph.ISSUES}:{stage.function}") if stage.scope != "output" else ()
