"""Dealing out the rows of the tables of documents to many tasks.

The documents of a task are spread over all row groups of a table. So that not every task has to go through every table,
each table is gone through once, and what belongs to each task is put into files for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.runner import graph
from pipeline.runner.inputs import DamagedTable, Wanted, fill_frame, table_path
from pipeline.stages import STAGES

_DOCUMENT = "document_id"
_LZ4 = pa.ipc.IpcWriteOptions(compression="lz4")


@dataclass(frozen=True)
class Share:
    """One of `n_shares` equal parts of the row groups of some tables. `documents` are those of each task."""

    tables: Mapping[str, Wanted]
    processed: Path
    number: int
    n_shares: int
    documents: tuple[tuple[str, ...], ...]
    folder: Path


def deal(share: Share) -> None:
    """Runs in a worker: deal out the rows of a share. No file is needed after the run, so none is forced to the disk."""
    task_of = {document: task for task, documents in enumerate(share.documents) for document in documents}
    for name, wanted in share.tables.items():
        pieces: list[list[pa.Table]] = [[] for _ in share.documents]
        for group in _read(share, name, wanted):
            documents = group[_DOCUMENT].unify_dictionaries().combine_chunks()
            known = np.array([task_of.get(document, -1) for document in documents.dictionary.to_pylist()], dtype=np.int64)
            task = known[documents.indices.to_numpy(zero_copy_only=False)]
            order = np.argsort(task, kind="stable")
            bounds = np.searchsorted(task[order], np.arange(len(pieces) + 1))
            dealt = group.take(pa.array(order))
            for number in np.flatnonzero(np.diff(bounds)).tolist():
                pieces[number].append(dealt.slice(bounds[number], bounds[number + 1] - bounds[number]))
        for number, several in enumerate(pieces):
            if several:
                _write(share.folder / str(number) / name / f"{share.number:05}.arrow", several)


def _read(share: Share, name: str, wanted: Wanted) -> Iterable[pa.Table]:
    """The row groups of a share, documents and categories as dictionaries."""
    try:
        with pq.ParquetFile(table_path(name, share.processed), read_dictionary=[_DOCUMENT, *wanted.as_categories]) as file:
            first, last = (file.num_row_groups * place // share.n_shares for place in (share.number, share.number + 1))
            for number in range(first, last):
                yield file.read_row_group(number, list(wanted.columns), use_threads=False)
    except (pa.ArrowException, FileNotFoundError) as error:
        raise DamagedTable(name) from error


def _write(path: Path, pieces: list[pa.Table]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pa.concat_tables(pieces).unify_dictionaries()
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, table.schema, options=_LZ4) as writer:
        writer.write_table(table)


def of_documents(wanted: Mapping[str, Wanted]) -> dict[str, Wanted]:
    """Those tables that have many rows of each document."""
    makers = graph.producers(STAGES)
    return {name: read for name, read in wanted.items() if makers[name].scope == "document"}


def read_dealt(folder: Path, wanted: Mapping[str, Wanted]) -> dict[str, pd.DataFrame]:
    """The rows that were dealt to one task, in the order of the tables; of a table that it has nothing of, no rows."""
    tables = {}
    for name, (columns, as_categories) in wanted.items():
        pieces = [_read_piece(path, columns, as_categories) for path in sorted((folder / name).glob("*.arrow"))]
        tables[name] = fill_frame(name, columns, as_categories, pieces, sum(piece.num_rows for piece in pieces))
    return tables


def _read_piece(path: Path, columns: tuple[str, ...], as_categories: frozenset[str]) -> pa.Table:
    with pa.OSFile(str(path)) as source, pa.ipc.open_stream(source) as reader:
        table = reader.read_all().select(list(columns))
    if _DOCUMENT in as_categories:
        return table
    return table.set_column(columns.index(_DOCUMENT), _DOCUMENT, table[_DOCUMENT].cast(pa.string()))
