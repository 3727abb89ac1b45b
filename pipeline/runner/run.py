"""One run: which documents and stages are out of date, doing those in parallel, and putting the tables together."""

from __future__ import annotations

import hashlib
import json
import math
import multiprocessing
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline import __version__
from pipeline.errors import UsageError
from pipeline.profiles import PARTS, part_hash
from pipeline.runner import graph, work
from pipeline.runner.cache import Index, group_by_part, read_part
from pipeline.runner.files import document_key, list_raw_files, lock
from pipeline.settings import KNOWLEDGE, Folders, Options
from pipeline.stages import STAGES, Stage
from pipeline.tables import store
from pipeline.tables.schemas import BY_NAME

Progress = Callable[[str, int, int], None]
_BATCH_LIMIT = 200  # documents; large enough to spread the cost of a frame, small enough to lose little when killed


@dataclass
class Summary:
    """What a run did: stage functions that did work, rows by table, files written, seconds by stage."""

    redone: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    n_files: int = 0
    n_read_anew: int = 0


class _Inline(Executor):
    """Runs at once in this process: `--jobs 1`."""

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(function(*args, **kwargs))
        return future


def make_executor(jobs: int) -> Executor:
    """The one seam for parallel work: anything with `submit` will do."""
    if jobs <= 1:
        return _Inline()
    method = "spawn" if sys.platform in {"win32", "darwin"} else "forkserver"
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(["pipeline.runner.work"])
    return ProcessPoolExecutor(jobs, mp_context=context)


def _ignore_progress(label: str, done: int, total: int) -> None:
    pass


class Run:
    """The state of one run; `execute` is its story."""

    def __init__(self, folders: Folders, options: Options, jobs: int, knowledge: Path, progress: Progress | None) -> None:
        self.folders, self.options, self.jobs, self.knowledge = folders, options, jobs or os.cpu_count() or 1, knowledge
        self.progress = progress or _ignore_progress
        self.summary = Summary()

    def execute(self, only: str = "", start: str = "", tables_only: bool = False, force: bool = False) -> Summary:
        graph.check_graph(STAGES)
        stages = _selection(only, tables_only)
        with lock(self.folders.cache):
            self.index = Index(self.folders.cache)
            try:
                self.hashes = graph.stage_hashes(STAGES, self.knowledge, self.options)
                self.rows = list_raw_files(self.folders.raw, self.index)
                self.keys = {document_key(row): row for row in self.rows}
                self.summary.n_files = len(self.rows)
                self._check_knowledge()
                again = _again(only, start, force)
                self._begin(again)
                with make_executor(self.jobs) as executor:
                    self._document_stages(executor, [s for s in stages if s.scope == "document"], again)
                    self._assemble([s for s in stages if s.scope == "document"], again)
                    self._later_stages(executor, [s for s in stages if s.scope != "document"], again)
                self.summary.rows = self.index.row_counts()
                if self.summary.redone and not only:
                    self._write_manifest()
                self.index.forget_all_but(set(self.hashes.values()), set(self.keys))
            finally:
                self.index.close()
        return self.summary

    def _check_knowledge(self) -> None:
        """Load changed knowledge before any work, so that a wrong line stops the run at once."""
        for name in PARTS:
            key = part_hash(name, self.knowledge)
            if self.index.result_key(f"knowledge:{name}") != key:
                PARTS[name].load(self.knowledge)
                self.index.set_result(f"knowledge:{name}", key)

    def _begin(self, again: set[str]) -> None:
        digest = hashlib.sha256("".join(sorted(self.keys)).encode()).hexdigest()[:16]
        self.corpus_key = digest
        for stage in STAGES:
            if stage.function in again and stage.scope == "document":
                self.index.forget_stage(self.hashes[stage.function])

    def _key(self, stage: Stage) -> str:
        return f"{self.hashes[stage.function]}-{self.corpus_key}"

    # Document stages -------------------------------------------------------------------------------------------

    def _batches(self, stages: list[Stage]) -> Iterable[tuple[work.Batch, list[tuple[str, str]]]]:
        """Batches of documents that lack the same stages, and the index rows that each will settle."""
        parts = {stage.function: self.index.parts_of(self.hashes[stage.function]) for stage in stages}
        lacking: dict[tuple[Stage, ...], list[str]] = defaultdict(list)
        for key in self.keys:
            missing = tuple(stage for stage in stages if key not in parts[stage.function])
            if missing:
                lacking[missing].append(key)
        makers = graph.producers(stages)
        for missing, keys in lacking.items():
            made = {name for stage in missing for name in stage.makes}
            needed = sorted({n for s in missing for n in graph.input_tables(s)} - made - {graph.ROOT_TABLE})
            size = max(1, min(_BATCH_LIMIT, math.ceil(len(keys) / (4 * self.jobs))))
            for first in range(0, len(keys), size):
                some = keys[first:first + size]
                sources = {name: tuple(self._source(part, members) for part, members in
                                       group_by_part(parts[makers[name].function], some).items()) for name in needed}
                settled = [(self.hashes[stage.function], key) for stage in missing for key in some]
                name = hashlib.sha256(repr(settled).encode()).hexdigest()[:20]
                yield work.Batch(tuple(self.keys[key] for key in some), missing, sources, self.knowledge,
                                 self.index.part_path(name)), settled

    def _source(self, part: str, keys: list[str]) -> work.Source:
        rows = [self.keys[key] for key in keys]
        return work.Source(self.index.part_path(part), tuple(sorted({r["document_id"] for r in rows})),
                           tuple(sorted(r["path"] for r in rows)))

    def _document_stages(self, executor: Executor, stages: list[Stage], again: set[str]) -> None:
        started = time.monotonic()
        waiting = {executor.submit(work.run_batch, batch): (batch, settled) for batch, settled in self._batches(stages)}
        total, done = sum(len(batch.files) for batch, _ in waiting.values()), 0
        self.summary.n_read_anew = total
        while waiting:
            finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                batch, settled = waiting.pop(future)
                self.index.add(future.result(), settled)
                done += len(batch.files)
                self.progress("阅读报告", done, total)
                for stage in batch.stages:
                    if stage.function not in self.summary.redone:
                        self.summary.redone.append(stage.function)
        if total:
            self.summary.seconds["documents"] = round(time.monotonic() - started, 3)

    def _assemble(self, stages: list[Stage], again: set[str]) -> None:
        """Put each document table together from the parts, where anything changed."""
        for stage in stages:
            groups: dict[str, list[str]] | None = None
            for name in (*stage.makes, f"{graph.ISSUES}:{stage.function}"):
                path = self._table_path(name)
                key = self._key(stage)
                if self.index.result_key(name) == key and path.is_file():
                    continue
                if groups is None:
                    groups = group_by_part(self.index.parts_of(self.hashes[stage.function]), self.keys)
                schema = name.split(":")[0]
                pieces = [graph_table for part, members in groups.items()
                          for table in read_part(self.index.part_path(part), [name]).values()
                          for graph_table in [work.pick_rows(table, self._source(part, members))]]
                whole = pa.concat_tables(pieces) if pieces else store.to_arrow(schema, store.frame(schema))
                store.write_arrow(path, store.sort_arrow(whole, schema))
                self.index.set_result(name, key, None if ":" in name else whole.num_rows)

    def _table_path(self, name: str) -> Path:
        if name.startswith(f"{graph.ISSUES}:"):
            return self.folders.cache / "issues" / f"{name.split(':')[1]}.parquet"
        if BY_NAME[name].is_internal:
            return self.folders.cache / "internal" / f"{name}.parquet"
        return self.folders.processed / f"{name}.parquet"

    # Corpus and output stages ------------------------------------------------------------------------------------

    def _is_current(self, stage: Stage) -> bool:
        if self.index.result_key(stage.function) != self._key(stage):
            return False
        if stage.scope == "corpus":
            return all(self._table_path(name).is_file() for name in stage.makes)
        files = self.index.output_files(stage.function)
        return bool(files) and all((self.folders.reports / name).is_file() for name in files)

    def _later_stages(self, executor: Executor, stages: list[Stage], again: set[str]) -> None:
        """Corpus stages as their inputs become ready, then the table of issues, then the outputs."""
        corpus = [stage for stage in stages if stage.scope == "corpus"]
        outputs = [stage for stage in stages if stage.scope == "output"]
        self._run_ready(executor, corpus, again, work.run_corpus_stage, (self.folders.processed,))
        self._write_issues()
        self._run_ready(executor, outputs, again, work.run_output_stage, (self.folders.processed, self.folders.reports))

    def _run_ready(self, executor: Executor, stages: list[Stage], again: set[str],
                   function: Callable[..., dict[str, Any]], places: tuple[Path, ...]) -> None:
        todo = [s for s in stages if s.function in again or not self._is_current(s)]
        unmade = {table for s in todo if s.scope == "corpus" for table in s.makes}
        running: dict[Future[Any], tuple[Stage, float]] = {}
        total = len(todo)
        while todo or running:
            for stage in [s for s in todo if not unmade.intersection(graph.input_tables(s))]:
                todo.remove(stage)
                future = executor.submit(function, stage, *places, self.knowledge, self.options)
                running[future] = (stage, time.monotonic())
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                stage, started = running.pop(future)
                self._settle(stage, future.result())
                self.summary.seconds[stage.function] = round(time.monotonic() - started, 3)
                unmade.difference_update(stage.makes)
                self.progress(stage.label, total - len(todo) - len(running), total)

    def _settle(self, stage: Stage, made: dict[str, Any]) -> None:
        self.summary.redone.append(stage.function)
        if stage.scope == "corpus":
            for name, rows in made.items():
                self.index.set_result(name, self._key(stage), rows)
        else:
            for stale in set(self.index.output_files(stage.function)) - set(made):
                (self.folders.reports / stale).unlink(missing_ok=True)
            self.index.set_output_files(stage.function, made)
            self.summary.files.extend(made)
        self.index.set_result(stage.function, self._key(stage))

    def _write_issues(self) -> None:
        """Table `issues`: what every stage had to say, in one place; each row with its file's path."""
        key = hashlib.sha256((self.corpus_key + "".join(sorted(self.hashes.values()))).encode()).hexdigest()[:16]
        path = self.folders.processed / f"{graph.ISSUES}.parquet"
        if self.index.result_key(graph.ISSUES) == key and path.is_file():
            return
        sources = [self.folders.cache / "issues" / f"{stage.function}.parquet" for stage in STAGES if stage.scope != "output"]
        frames = [store.read_table(source, graph.ISSUES) for source in sources if source.is_file()]
        rows = [row._asdict() for data in frames for row in store.records(data)]
        path_of = {row["document_id"]: row["path"] for row in reversed(self.rows)}
        for row in rows:
            if not isinstance(row["path"], str):
                row["path"] = path_of.get(row["document_id"])
        unique = {tuple(str(v) for v in row.values()): row for row in rows}
        arrow = store.to_arrow(graph.ISSUES, store.frame(graph.ISSUES, unique.values()))
        store.write_arrow(path, store.sort_arrow(arrow, graph.ISSUES))
        self.index.set_result(graph.ISSUES, key, len(unique))

    def _write_manifest(self) -> None:
        """reports/run.json: what was run on what."""
        manifest = {
            "program": {"name": "hengbao", "version": __version__},
            "options": {"genre": self.options.genre},
            "inputs": [{"path": row["path"], "document_id": row["document_id"], "bytes": row["bytes"]} for row in self.rows],
            "knowledge": {name: part_hash(name, self.knowledge) for name in sorted(PARTS)},
            "stages": self.hashes,
            "rows": self.summary.rows,
            "outputs": {name: sha for stage in STAGES if stage.scope == "output"
                        for name, sha in sorted(self.index.output_files(stage.function).items())},
            "versions": graph.library_versions(STAGES),
            "seconds": self.summary.seconds,
        }
        content = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        store.write_bytes(self.folders.reports / "run.json", content.encode())


def _stage_named(name: str) -> int:
    for position, stage in enumerate(STAGES):
        if name == stage.function:
            return position
    raise UsageError(f"没有名为 {name} 的环节；现有：{'、'.join(stage.function for stage in STAGES)}")


def _selection(only: str, tables_only: bool) -> list[Stage]:
    """The stages of this run: all, all up to the tables, or those up to `only`."""
    stages = [stage for stage in STAGES if not (tables_only and stage.scope == "output")]
    if only:
        last = STAGES[_stage_named(only)]
        stages = [s for s in STAGES[: STAGES.index(last) + 1] if s is last or s.scope != "output"]
    return stages


def _again(only: str, start: str, force: bool) -> set[str]:
    """Stage functions to redo even if they are up to date."""
    if force:
        return {stage.function for stage in STAGES}
    if start:
        return {stage.function for stage in STAGES[_stage_named(start):]}
    return {only} if only else set()


def run(folders: Folders, options: Options | None = None, jobs: int = 0, *, only: str = "", start: str = "",
        tables_only: bool = False, force: bool = False, knowledge: Path = KNOWLEDGE,
        progress: Progress | None = None) -> Summary:
    """Bring all tables and outputs up to date with data/raw. `jobs` 0 means one a core.

    Raises UsageError (nothing to read, unknown stage) and PipelineError (wrong knowledge, folder in use).
    """
    return Run(folders, options or Options(), jobs, knowledge, progress).execute(only, start, tables_only, force)
