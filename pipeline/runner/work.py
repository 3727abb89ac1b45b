"""What a worker does: take a batch of documents through the document stages, or run one corpus or output stage.

Everything here is called in a worker process with small, picklable arguments; rows travel as files.
"""

from __future__ import annotations

import errno
import gc
import hashlib
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import PipelineError
from pipeline.profiles import PARTS, part_hash
from pipeline.runner import failures
from pipeline.runner.files import ID_LENGTH, hash_file
from pipeline.runner.graph import ISSUES, ROOT_TABLE, input_tables, parameters
from pipeline.runner.inputs import read_inputs, table_path
from pipeline.runner.parts import pack_part, read_part
from pipeline.settings import LIMITS, Options
from pipeline.stages import Stage
from pipeline.tables import store
from pipeline.tables.schemas import BY_NAME

# A batch that takes this long is stuck: 200 documents take some seconds. Reading has its own limit for each file.
_SECONDS_A_BATCH = 60.0
_SECONDS_A_DOCUMENT = 1.0
_SECONDS_A_SCAN = 1800.0
_MAY_BE_SCANS = (".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".zip")
# Wrong knowledge or wrong code, and a machine without space, memory or handles: trouble of every document, not of one.
_OF_ALL = (PipelineError, ImportError, NameError, SyntaxError)
_OF_THE_MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN}


@dataclass(frozen=True)
class Source:
    """Where the rows of some documents of a batch lie: a part and the documents wanted from it."""

    part: Path
    document_ids: tuple[str, ...]
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Batch:
    """One batch of documents and the stages that they still need.

    `files` are rows of `raw_files`, `keys` and `sha256` belong to them in the same order, `hashes` to the stages. Rows
    that earlier runs made come from `sources`, parts on disk.
    """

    files: tuple[dict[str, Any], ...]
    keys: tuple[str, ...]
    sha256: tuple[str, ...]
    stages: tuple[Stage, ...]
    hashes: tuple[str, ...]
    sources: Mapping[str, tuple[Source, ...]]
    knowledge: Path
    parts: Path

    @property
    def part(self) -> Path:
        """Where the result goes. The name says what it holds, so the same work never gives two files."""
        name = hashlib.sha256(repr((self.hashes, self.keys)).encode()).hexdigest()[:20]
        return self.parts / f"{name}.arrow"

    @property
    def reads_files(self) -> bool:
        return any(ROOT_TABLE in input_tables(stage) for stage in self.stages)

    @property
    def seconds(self) -> float:
        """Wall time after which the batch counts as stuck."""
        own = _SECONDS_A_BATCH + _SECONDS_A_DOCUMENT * len(self.files)
        if not self.reads_files:
            return own
        # The reader has limits of its own; pages of scans are recognised one after another.
        n_scans = sum(row["path"].lower().endswith(_MAY_BE_SCANS) for row in self.files) if find_spec("rapidocr") else 0
        return own + LIMITS.reader_seconds * len(self.files) + _SECONDS_A_SCAN * n_scans

    def pick(self, positions: range) -> Batch:
        """The batch of only some of the documents, with a part of its own."""
        keys = tuple(self.keys[at] for at in positions)
        files = tuple(self.files[at] for at in positions)
        ids, paths = {row["document_id"] for row in files}, {row["path"] for row in files}
        sources = {name: tuple(Source(s.part, tuple(i for i in s.document_ids if i in ids), tuple(p for p in s.paths if p in paths))
                               for s in wanted) for name, wanted in self.sources.items()}
        return replace(self, files=files, keys=keys, sha256=tuple(self.sha256[at] for at in positions), sources=sources)


@dataclass(frozen=True)
class Done:
    """What became of a batch: keys of documents to be read again next time, and seconds of work by stage."""

    passing: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)


def pick_rows(arrow: pa.Table, source: Source) -> pa.Table:
    """Rows of the wanted files; `path` tells byte-identical copies apart where a table has it.

    A file may hold several documents (an archive, a collection): their ids begin with the id of the file.
    """
    of_file = pc.utf8_slice_codeunits(arrow["document_id"], 0, ID_LENGTH)
    arrow = arrow.filter(pc.is_in(of_file, pa.array(source.document_ids, pa.string())))
    if "path" in arrow.column_names:
        path = arrow["path"]
        is_part = pc.greater(pc.utf8_length(arrow["document_id"]), ID_LENGTH)
        own = pc.or_(pc.is_null(path), pc.is_in(path, pa.array(source.paths, pa.string())))
        arrow = arrow.filter(pc.or_(is_part, own))
    return arrow


@cache
def _load_version(name: str, folder: Path, version: str) -> Any:
    return PARTS[name].load(folder)


def load_knowledge(name: str, folder: Path) -> Any:
    """A knowledge part as it is on disk now: loaded once a process, and anew when a file of it was edited."""
    return _load_version(name, folder, part_hash(name, folder))


def call_stage(stage: Stage, tables: Mapping[str, pd.DataFrame], knowledge: Path, options: Options) -> dict[str, Any]:
    """Call the stage function with the tables and knowledge parts that its parameters name."""
    function = getattr(import_module(f"pipeline.{stage.module}"), stage.function)
    arguments: list[Any] = []
    for name in parameters(stage):
        if name in BY_NAME:
            arguments.append(tables[name])
        elif name == "options":
            arguments.append(options)
        else:
            arguments.append(load_knowledge(name, knowledge))
    result: dict[str, Any] = function(*arguments)
    return result


def signed(issues: pd.DataFrame, stage: Stage) -> pd.DataFrame:
    """Issues with the name of the stage that raised them."""
    return issues.assign(stage=issues["stage"].fillna(stage.function))


def run_document_stage(stage: Stage, tables: Mapping[str, pd.DataFrame], knowledge: Path) -> dict[str, pd.DataFrame]:
    """Run one document stage; a document that the stage cannot bear becomes an issue, the others go on.

    PipelineError (wrong knowledge, wrong schema) concerns everything and is let through.
    """
    try:
        made = call_stage(stage, tables, knowledge, Options())
    except Exception as error:  # a barrier: the failure is reported with its document, never swallowed
        if isinstance(error, _OF_ALL) or (isinstance(error, OSError) and error.errno in _OF_THE_MACHINE):
            raise
        root = tables[failures.DOCUMENTS if ROOT_TABLE not in tables else ROOT_TABLE]
        documents = sorted(set(root["document_id"].tolist()))
        if len(documents) > 1:
            halves = [documents[: len(documents) // 2], documents[len(documents) // 2:]]
            results = [run_document_stage(stage, {n: t[t["document_id"].isin(half)].reset_index(drop=True)
                                                  for n, t in tables.items()}, knowledge) for half in halves]
            return {name: pd.concat([r[name] for r in results if name in r], ignore_index=True)
                    for name in (*stage.makes, ISSUES) if any(name in r for r in results)}
        path = root["path"].iloc[0] if len(root) and "path" in root else None
        message = f"{stage.label}时出错，已跳过此环节：{type(error).__name__}: {error}"
        issue = {"stage": stage.function, "document_id": documents[0] if documents else None, "path": path,
                 "severity": "error", "message": message}
        return {**failures.nothing(stage), ISSUES: store.frame(ISSUES, [issue])}
    if ISSUES in made:
        made[ISSUES] = signed(made[ISSUES], stage)
    unexpected = set(made) - {*stage.makes, ISSUES}
    if unexpected or set(stage.makes) - set(made):
        raise PipelineError(f"{stage.function} 应返回 {'、'.join(stage.makes)}，实为 {'、'.join(made)}")
    return made


def run_document_stages(files: pd.DataFrame, stages: tuple[Stage, ...], knowledge: Path,
                        tables: dict[str, pd.DataFrame] | None = None) -> dict[str, dict[str, pd.DataFrame]]:
    """Take a batch through the stages in memory; stage function → the tables it made. `tables` holds earlier results."""
    tables = {**(tables or {}), ROOT_TABLE: files}
    made: dict[str, dict[str, pd.DataFrame]] = {}
    for stage in stages:
        made[stage.function] = run_document_stage(stage, {name: tables[name] for name in input_tables(stage)}, knowledge)
        tables.update({name: data for name, data in made[stage.function].items() if name != ISSUES})
    return made


def read_sources(sources: Mapping[str, tuple[Source, ...]]) -> dict[str, pa.Table]:
    """The wanted rows of each table, in key order; each part is opened once."""
    names_of: dict[Path, list[str]] = defaultdict(list)
    for name, wanted in sources.items():
        for source in wanted:
            names_of[source.part].append(name)
    pieces: dict[str, list[pa.Table]] = defaultdict(list)
    for part, names in names_of.items():
        tables = read_part(part, names)
        for name in names:
            if name in tables:
                pieces[name] += [pick_rows(tables[name], s) for s in sources[name] if s.part == part]
    return {name: sort_rows(pa.concat_tables(pieces[name]) if pieces[name] else _no_rows(name), name) for name in sources}


def _no_rows(name: str) -> pa.Table:
    return store.arrow_schema(name.split(":")[0]).empty_table()


def sort_rows(arrow: pa.Table, name: str) -> pa.Table:
    """Rows in an order that says nothing of how they came together."""
    if name.startswith(ISSUES):
        return arrow.sort_by([(column, "ascending") for column in arrow.column_names]).combine_chunks()
    return store.sort_arrow(arrow, name).combine_chunks()


@contextmanager
def without_collection() -> Iterator[None]:
    """Rows are many small objects that live to the end of their stage; looking among them for garbage took a fifth of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def run_batch(batch: Batch) -> Done:
    """Run a batch and write its part."""
    content, done = make_part(batch, read_sources(batch.sources))
    store.write_bytes(batch.part, content)
    return done


def make_part(batch: Batch, inputs: Mapping[str, pa.Table]) -> tuple[bytes, Done]:
    """Take a batch through its stages; the content of its part. `inputs` are the rows that earlier runs made."""
    tables = {name: store.to_pandas(arrow, name) for name, arrow in inputs.items()}
    tables[ROOT_TABLE] = store.frame(ROOT_TABLE, batch.files)
    arrows: dict[str, pa.Table] = {}
    seconds: dict[str, float] = {}
    changed: set[str] = set()
    for stage in batch.stages:
        started = time.thread_time()
        wanted = input_tables(stage)
        # Whole files are read piece by piece, with garbage of every kind; their rows are not.
        with nullcontext() if ROOT_TABLE in wanted else without_collection():
            made = run_document_stage(stage, {name: tables[name] for name in wanted}, batch.knowledge)
        if ROOT_TABLE in wanted:
            changed = {row["path"] for row, sha in zip(batch.files, batch.sha256, strict=True) if failures.has_changed(row, sha)}
            made = failures.without(made, stage, [row for row in batch.files if row["path"] in changed])
        tables.update({name: data for name, data in made.items() if name != ISSUES})
        arrows.update({f"{ISSUES}:{stage.function}" if name == ISSUES else name: store.to_arrow(name, data)
                       for name, data in made.items()})
        seconds[stage.function] = time.thread_time() - started
    passing = tuple(key for key, row in zip(batch.keys, batch.files, strict=True) if row["path"] in changed)
    return pack_part(arrows), Done(passing, seconds)


def run_corpus_stage(stage: Stage, processed: Path, knowledge: Path, options: Options,
                     documents: Sequence[str] | None = None) -> tuple[dict[str, tuple[int, int, str]], float]:
    """Run a corpus stage on the tables on disk, or a sample stage on the rows of `documents`, and write what it makes.

    Returns table → (number of rows, bytes, sha256), and the seconds of work.
    """
    started = time.process_time()
    with without_collection():
        made = call_stage(stage, read_inputs(stage, processed, documents), knowledge, options)
    written = {}
    for name in stage.makes:
        path = table_path(name, processed)
        store.write_arrow(path, store.sort_arrow(store.to_arrow(name, made[name]), name))
        written[name] = (len(made[name]), path.stat().st_size, hash_file(str(path)))
    issues = sort_rows(store.to_arrow(ISSUES, signed(made.get(ISSUES, store.frame(ISSUES)), stage)), ISSUES)
    path = processed / ".cache" / "issues" / f"{stage.function}.parquet"
    store.write_arrow(path, issues)
    written[f"{ISSUES}:{stage.function}"] = (len(issues), path.stat().st_size, hash_file(str(path)))
    return written, time.process_time() - started


def run_output_stage(stage: Stage, processed: Path, reports: Path, knowledge: Path, options: Options) -> tuple[dict[str, str], float]:
    """Run an output stage and write its files; relative path → sha256, and the seconds of work."""
    started = time.process_time()
    files: dict[str, bytes] = call_stage(stage, read_inputs(stage, processed), knowledge, options)
    written = {}
    for relative, content in sorted(files.items()):
        target = (reports / relative).resolve()
        if not target.is_relative_to(reports.resolve()):
            raise PipelineError(f"{stage.function} 要写到输出文件夹之外：{relative}")
        store.write_bytes(target, content)
        written[relative] = hashlib.sha256(content).hexdigest()
    return written, time.process_time() - started
