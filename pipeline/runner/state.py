"""What is known in the course of one run, shared by its steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.runner import graph, inputs
from pipeline.runner.assembly import digest
from pipeline.runner.batches import Corpus
from pipeline.runner.cache import Index
from pipeline.runner.files import Listing, document_key
from pipeline.runner.groups import Groups, Keys, read_groups
from pipeline.runner.old_files import Buckets, OldFile, OldFiles
from pipeline.runner.request import Request, Summary
from pipeline.stages import STAGES, Stage

Known = Mapping[str, tuple[str, dict[str, Any]]]


class State:
    """What there is to read, what code and knowledge say, what of earlier work still counts, and what is settled so far.

    `content` has the hash of each table that is up to date in this run; `again` the stages to be redone in any case;
    `background` is a thread beside the runner.
    """

    def __init__(self, request: Request, index: Index, listing: Listing) -> None:
        self.folders, self.options, self.knowledge, self.again = request.folders, request.options, request.knowledge, request.again
        self.progress = request.progress or (lambda label, done, total: None)
        self.index = index
        self.hashes = graph.stage_hashes(STAGES, self.knowledge, self.options)
        self.own_hashes = graph.own_hashes(STAGES, self.knowledge, self.options)
        self.listing = listing
        rows = sorted(listing.rows, key=lambda row: (row["document_id"], row["path"]))
        keyed = {document_key(row): row for row in rows}
        self.corpus = Corpus(keyed, {key: listing.sha256[row["path"]] for key, row in keyed.items()})
        self.content: dict[str, str] = {}
        self.background = ThreadPoolExecutor(1, thread_name_prefix="background")
        self._old_files = OldFiles(self.background)
        self._group_keys: dict[str, tuple[str, ...]] = {}
        self.summary = Summary(n_files=len(rows))

    def look_ahead(self) -> None:
        """Begin to check the files of the run before, which will be wanted when the documents are done."""
        known = self.index.results()
        names = [name for stage in STAGES if stage.function not in self.again for name in tables_of(stage)]
        self._old_files.look_ahead({name: (self.table_path(name), _buckets(name, known)) for name in names if _buckets(name, known)})

    def old_file(self, name: str, known: Known) -> OldFile:
        """A table's file of the run before, checked against what is known of it; to be closed by the caller."""
        return self._old_files.take(name, self.table_path(name), _buckets(name, known))

    def close(self) -> None:
        """End what goes on in the background, and give back what is open."""
        self.background.shutdown(cancel_futures=True)
        self._old_files.close()

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


def _buckets(name: str, known: Known) -> Buckets:
    return [tuple(bucket) for bucket in known[name][1].get("buckets", ())] if name in known else []
