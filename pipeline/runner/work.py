"""What a worker does: take a batch of documents through the document stages, or run one corpus or output stage.

Everything here is called in a worker process with small, picklable arguments; rows travel as files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import PipelineError
from pipeline.profiles import load_part
from pipeline.runner.cache import read_part, write_part
from pipeline.runner.graph import ISSUES, ROOT_TABLE, input_tables, parameters
from pipeline.settings import Options
from pipeline.stages import Stage
from pipeline.tables import store
from pipeline.tables.schemas import BY_NAME


@dataclass(frozen=True)
class Source:
    """Where the rows of some documents of a batch lie: a part and the documents wanted from it."""

    part: Path
    document_ids: tuple[str, ...]
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Batch:
    """One batch of documents and the stages that they still need."""

    files: tuple[dict[str, Any], ...]
    stages: tuple[Stage, ...]
    sources: Mapping[str, tuple[Source, ...]]
    knowledge: Path
    part: Path


def pick_rows(arrow: pa.Table, source: Source) -> pa.Table:
    """Rows of the wanted documents; `path` tells byte-identical copies apart where a table has it."""
    arrow = arrow.filter(pc.is_in(arrow["document_id"], pa.array(source.document_ids, pa.string())))
    if "path" in arrow.column_names:
        path = arrow["path"]
        arrow = arrow.filter(pc.or_(pc.is_null(path), pc.is_in(path, pa.array(source.paths, pa.string()))))
    return arrow


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
            arguments.append(load_part(name, knowledge))
    result: dict[str, Any] = function(*arguments)
    return result


def _signed(issues: pd.DataFrame, stage: Stage) -> pd.DataFrame:
    """Issues with the name of the stage that raised them."""
    return issues.assign(stage=issues["stage"].fillna(stage.function))


def _empty_result(stage: Stage) -> dict[str, pd.DataFrame]:
    return {name: store.frame(name) for name in stage.makes}


def run_document_stage(stage: Stage, tables: Mapping[str, pd.DataFrame], knowledge: Path) -> dict[str, pd.DataFrame]:
    """Run one document stage; a document that the stage cannot bear becomes an issue, the others go on.

    PipelineError (wrong knowledge, wrong schema) concerns everything and is let through.
    """
    try:
        made = call_stage(stage, tables, knowledge, Options())
    except (PipelineError, ImportError, NameError, SyntaxError, MemoryError):
        raise  # wrong knowledge or wrong code concerns every document
    except Exception as error:  # noqa: BLE001 - a barrier: the failure is reported with its document, never swallowed
        root = tables["documents" if ROOT_TABLE not in tables else ROOT_TABLE]
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
        return {**_empty_result(stage), ISSUES: store.frame(ISSUES, [issue])}
    if ISSUES in made:
        made[ISSUES] = _signed(made[ISSUES], stage)
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
        inputs = {name: tables[name] for name in input_tables(stage)}
        made[stage.function] = run_document_stage(stage, inputs, knowledge)
        tables.update({name: data for name, data in made[stage.function].items() if name != ISSUES})
    return made


def run_batch(batch: Batch) -> str:
    """Run a batch and write its part; returns the part's name."""
    files = store.frame(ROOT_TABLE, batch.files)
    tables = {}
    for name, sources in batch.sources.items():
        pieces = [pick_rows(next(iter(read_part(s.part, [name]).values())), s) for s in sources]
        tables[name] = store.to_pandas(store.sort_arrow(pa.concat_tables(pieces), name), name)
    made = run_document_stages(files, batch.stages, batch.knowledge, tables)
    arrows = {}
    for function, results in made.items():
        for name, data in results.items():
            key = f"{ISSUES}:{function}" if name == ISSUES else name
            arrows[key] = store.to_arrow(name, data)
    write_part(batch.part, arrows)
    return batch.part.stem


def read_inputs(stage: Stage, processed: Path) -> dict[str, pd.DataFrame]:
    """The input tables of a corpus or output stage from disk, without the columns that the stage leaves out."""
    tables = {}
    for name in input_tables(stage):
        columns = [c for c in BY_NAME[name].names if f"{name}.{c}" not in stage.leaves_out]
        complete = len(columns) == len(BY_NAME[name].names)
        path = processed / f"{name}.parquet"
        if not path.is_file():
            path = processed / ".cache" / "internal" / f"{name}.parquet"
        tables[name] = store.read_table(path, name, None if complete else columns)
    return tables


def run_corpus_stage(stage: Stage, processed: Path, knowledge: Path, options: Options) -> dict[str, int]:
    """Run a corpus stage on the tables on disk and write what it makes; table → number of rows."""
    made = call_stage(stage, read_inputs(stage, processed), knowledge, options)
    rows = {}
    for name in stage.makes:
        store.write_arrow(processed / f"{name}.parquet", store.sort_arrow(store.to_arrow(name, made[name]), name))
        rows[name] = len(made[name])
    issues = store.to_arrow(ISSUES, _signed(made.get(ISSUES, store.frame(ISSUES)), stage))
    store.write_arrow(processed / ".cache" / "issues" / f"{stage.function}.parquet", issues)
    return rows


def run_output_stage(stage: Stage, processed: Path, reports: Path, knowledge: Path, options: Options) -> dict[str, str]:
    """Run an output stage and write its files; relative path → sha256."""
    files: dict[str, bytes] = call_stage(stage, read_inputs(stage, processed), knowledge, options)
    written = {}
    for relative, content in sorted(files.items()):
        target = (reports / relative).resolve()
        if not target.is_relative_to(reports.resolve()):
            raise PipelineError(f"{stage.function} 要写到输出文件夹之外：{relative}")
        store.write_bytes(target, content)
        written[relative] = hashlib.sha256(content).hexdigest()
    return written
