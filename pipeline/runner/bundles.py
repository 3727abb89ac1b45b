"""Group stages: bundles of whole groups are done in tasks, and the tables put together from the bundles.

A bundle becomes one row group of each table's file, and that file is also the memory of earlier runs: what a bundle
depends on is noted in the index, and bundles of which nothing changed are copied. Results lie in files of their own only
from when they are made until the tables are whole, so that a run that was killed goes on from there.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.runner.assembly import TableFile, digest, encode
from pipeline.runner.cache import Result
from pipeline.runner.dealing import Share, deal, of_documents, read_dealt
from pipeline.runner.graph import ISSUES, input_tables
from pipeline.runner.inputs import list_wanted, read_tables
from pipeline.runner.old_files import OldFile
from pipeline.runner.parts import PartError, pack, read_content, read_names
from pipeline.runner.state import State, tables_of
from pipeline.runner.work import call_stage, signed, sort_rows, without_collection
from pipeline.settings import Options
from pipeline.stages import Stage
from pipeline.tables import store

# Documents of a task, whose rows are held at once.
_MOST_IN_A_TASK = 4000
# Documents of a share of the tables that is dealt out at once; fewer tasks than the second go through the tables themselves.
_MOST_IN_A_SHARE = 8000
_MANY_TASKS = 3
# Documents after which a task writes what it has made, so that little is lost when it is killed.
_DOCUMENTS_A_FILE = 500


@dataclass(frozen=True)
class Bundle:
    """Documents of whole groups, and the stages to be run on them, each with the key of its result."""

    documents: tuple[str, ...]
    stages: tuple[tuple[Stage, str], ...]


@dataclass(frozen=True)
class Task:
    """Some bundles; the tables that they read lie in `processed`, what they make goes to `folder`.

    `dealt` has the rows of tables that were dealt out to the task; it is removed when they are read.
    """

    bundles: tuple[Bundle, ...]
    processed: Path
    knowledge: Path
    options: Options
    folder: Path
    dealt: Path | None = None

    @property
    def documents(self) -> tuple[str, ...]:
        """Of all bundles, sorted."""
        return tuple(sorted(document for bundle in self.bundles for document in bundle.documents))


def _stages_of(bundles: Iterable[Bundle]) -> list[Stage]:
    """The stages to be run on any of them, each once."""
    return list(dict.fromkeys(stage for bundle in bundles for stage, _ in bundle.stages))


def run_task(task: Task) -> dict[str, float]:
    """Runs in a worker: do all bundles; seconds of work by stage."""
    seconds: dict[str, float] = {}
    with without_collection():
        tables = _read(task)
        contents: dict[str, bytes] = {}
        n_documents = 0
        for bundle, rows in zip(task.bundles, _split(tables, task.bundles), strict=True):
            for stage, key in bundle.stages:
                started = time.thread_time()
                made = call_stage(stage, rows, task.knowledge, task.options)
                contents.update(_encode(stage, key, made))
                seconds[stage.function] = seconds.get(stage.function, 0.0) + time.thread_time() - started
            n_documents += len(bundle.documents)
            if n_documents >= _DOCUMENTS_A_FILE or bundle is task.bundles[-1]:
                store.write_bytes(task.folder / f"{digest(sorted(contents))}.part", pack(contents))
                contents, n_documents = {}, 0
    return seconds


def _read(task: Task) -> dict[str, pd.DataFrame]:
    """What the stages of a task read, of its documents."""
    wanted = list_wanted(_stages_of(task.bundles))
    dealt = of_documents(wanted) if task.dealt else {}
    tables = read_tables({name: read for name, read in wanted.items() if name not in dealt}, task.processed, task.documents)
    if task.dealt:
        tables |= read_dealt(task.dealt, dealt)
        shutil.rmtree(task.dealt, ignore_errors=True)
    return tables


def _split(tables: Mapping[str, pd.DataFrame], bundles: Sequence[Bundle]) -> Iterator[dict[str, pd.DataFrame]]:
    """The rows of each bundle; tables whose rows belong to no document whole."""
    number = {document: place for place, bundle in enumerate(bundles) for document in bundle.documents}
    places = {}
    for name, table in tables.items():
        if "document_id" in table:
            codes, documents = pd.factorize(table["document_id"])
            of_row = np.array([number[document] for document in documents.tolist()], dtype=np.int64)[codes]
            order = np.argsort(of_row, kind="stable")
            places[name] = np.split(order, np.searchsorted(of_row[order], np.arange(1, len(bundles))))
    for place in range(len(bundles)):
        yield {name: table.iloc[places[name][place]].reset_index(drop=True) if name in places else table
               for name, table in tables.items()}


def _encode(stage: Stage, key: str, made: Mapping[str, pd.DataFrame]) -> dict[str, bytes]:
    tables = {name: store.to_arrow(name, made[name]) for name in stage.makes}
    tables[f"{ISSUES}:{stage.function}"] = store.to_arrow(ISSUES, signed(made.get(ISSUES, store.frame(ISSUES)), stage))
    return {f"{key}/{name}": encode(sort_rows(arrow, name)) for name, arrow in tables.items()}


class Wave:
    """Group stages that are ready at the same time: they share their tasks, so that what they read is read once."""

    def __init__(self, state: State, stages: Sequence[Stage], known: Mapping[str, tuple[str, dict[str, Any]]], jobs: int) -> None:
        self.stages = stages
        self.seconds: dict[str, float] = {stage.function: 0.0 for stage in stages}
        self._state = state
        self._folder = state.folders.cache / "groups"
        self.keys = {stage.function: state.group_keys(stage) for stage in stages}
        self._old: dict[str, OldFile] = {}
        for stage in stages:
            for name in tables_of(stage):
                self._old[name] = state.old_file(name, known if stage.function not in state.again else {})
        self._made = self._find_made()
        self._dealt = state.folders.cache / "dealt" / stages[0].function
        self._tasks = list(self._cut(jobs))
        self._shares: list[Share] = []
        if len(self._tasks) >= _MANY_TASKS:
            self._shares = list(self._share_tables(jobs))
            self._tasks = [replace(task, dealt=self._dealt / str(number)) for number, task in enumerate(self._tasks)]
        self.n_open = len(self._tasks) + len(self._shares)

    def _find_made(self) -> dict[str, Path]:
        """Results that a killed run left behind, and those of this one: where each lies."""
        made = {}
        for path in sorted(self._folder.glob("*.part")):
            try:
                made.update(dict.fromkeys(read_names(path), path))
            except PartError:
                path.unlink()
        return made

    def _has(self, stage: Stage, key: str) -> bool:
        return all(key in self._old[name] or f"{key}/{name}" in self._made for name in tables_of(stage))

    def _cut(self, jobs: int) -> Iterator[Task]:
        """The bundles of which something is to be done, in tasks."""
        bundles = []
        for number, documents in enumerate(self._state.groups.bundles):
            lacking = tuple((stage, self.keys[stage.function][number]) for stage in self.stages
                            if not self._has(stage, self.keys[stage.function][number]))
            if lacking:
                bundles.append(Bundle(documents, lacking))
        if len(bundles) < jobs:
            yield from self._share_stages(bundles, jobs)
            return
        most = min(_MOST_IN_A_TASK, -(-sum(len(bundle.documents) for bundle in bundles) // (2 * jobs)))
        some: list[Bundle] = []
        n_documents = 0
        for place, bundle in enumerate(bundles, 1):
            some.append(bundle)
            n_documents += len(bundle.documents)
            if n_documents >= most or place == len(bundles):
                yield self._task(some)
                some, n_documents = [], 0

    def _share_stages(self, bundles: Sequence[Bundle], jobs: int) -> Iterator[Task]:
        """Few bundles, as after one more file: the stages are shared out, so that no process is idle.

        Reading costs the most then, as rows of a bundle lie in every part of a table: stages that read the same go together.
        """
        wanted = _stages_of(bundles)
        sizes = {name: self._state.table_path(name).stat().st_size for stage in wanted for name in input_tables(stage)}

        def size_of(stages: Iterable[Stage]) -> int:
            return sum(sizes[name] for name in {name for stage in stages for name in input_tables(stage)})

        shares: list[list[Stage]] = [[] for _ in range(jobs)]
        for stage in sorted(wanted, key=lambda stage: -size_of([stage])):
            min(shares, key=lambda share: size_of([*share, stage])).append(stage)
        for share in shares:
            own = [Bundle(bundle.documents, tuple((stage, key) for stage, key in bundle.stages if stage in share))
                   for bundle in bundles]
            if own := [bundle for bundle in own if bundle.stages]:
                yield self._task(own)

    def _share_tables(self, jobs: int) -> Iterator[Share]:
        """The tables of documents in shares."""
        documents = tuple(task.documents for task in self._tasks)
        n_shares = max(jobs, -(-sum(map(len, documents)) // _MOST_IN_A_SHARE))
        wanted = of_documents(list_wanted(_stages_of(bundle for task in self._tasks for bundle in task.bundles)))
        for number in range(n_shares):
            yield Share(wanted, self._state.folders.processed, number, n_shares, documents, self._dealt)

    def _task(self, bundles: Sequence[Bundle]) -> Task:
        return Task(tuple(bundles), self._state.folders.processed, self._state.knowledge, self._state.options, self._folder)

    @property
    def label(self) -> str:
        """What is being done, for people."""
        return "、".join(stage.label for stage in self.stages)

    def begin(self) -> list[tuple[Callable[..., Any], Task | Share]]:
        """What can be done at once, as functions for workers and what they are called with."""
        return [(deal, share) for share in self._shares] or [(run_task, task) for task in self._tasks]

    def take(self, seconds: Mapping[str, float] | None) -> list[tuple[Callable[..., Any], Task | Share]]:
        """A task is done, or (None) a share of the tables is dealt out; what can be done now."""
        self.n_open -= 1
        for name, value in (seconds or {}).items():
            self.seconds[name] += value
        return [(run_task, task) for task in self._tasks] if seconds is None and self.n_open == len(self._tasks) else []

    def finish(self) -> dict[str, list[Result]]:
        """Put the tables together; by stage what the index has to know of them."""
        self._made = self._find_made()
        results = {}
        for stage in self.stages:
            keys = self.keys[stage.function]
            with ExitStack() as stack:
                files = [TableFile(name, self._state.table_path(name), keys, self._old[name], stack) for name in tables_of(stage)]
                for number, key in enumerate(keys):
                    for file in files:
                        place = f"{key}/{file.name}"
                        file.add(number, read_content(self._made[place], place) if file.lacks(number) else None)
                results[stage.function] = [file.finish() for file in files]
        return results

    def clear(self) -> None:
        """Remove the results that are now in the tables, and what was dealt out."""
        shutil.rmtree(self._dealt, ignore_errors=True)
        with suppress(OSError):  # absent, or of use to others
            self._dealt.parent.rmdir()
        settled = {key for keys in self.keys.values() for key in keys}
        for path in self._folder.glob("*.part"):
            if all(name.split("/")[0] in settled for name in read_names(path)):
                path.unlink()
