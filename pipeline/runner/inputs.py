"""The tables that later stages read, as frames, with no more memory than they need in the end.

A table comes off the disk one row group at a time into its final columns, so that it is never held twice. Of row groups
without any of the wanted documents only the column of documents is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.runner.graph import columns_read, input_tables
from pipeline.stages import Stage
from pipeline.tables.schemas import BY_NAME

_DOCUMENT = "document_id"


class Wanted(NamedTuple):
    """What is read of a table."""

    columns: tuple[str, ...]
    as_categories: frozenset[str]


class DamagedTable(Exception):
    """A finished table is gone or cannot be read; it has to be made again."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def read_inputs(stage: Stage, processed: Path, documents: Sequence[str] | None = None) -> dict[str, pd.DataFrame]:
    """The input tables of a later stage, without the columns that it never names; with `documents`, only their rows."""
    return read_tables(list_wanted([stage]), processed, documents)


def read_tables(wanted: Mapping[str, Wanted], processed: Path, documents: Sequence[str] | None = None) -> dict[str, pd.DataFrame]:
    """What is wanted of some tables; with `documents`, only their rows where rows belong to documents."""
    return {name: read_columns(table_path(name, processed), name, *read, documents if has_documents(name) else None)
            for name, read in wanted.items()}


def list_wanted(stages: Iterable[Stage]) -> dict[str, Wanted]:
    """Of each table that some stages read the columns that any of them names, and which of those come as categories."""
    named: dict[str, dict[str, None]] = {}
    as_categories: set[str] = set()
    for stage in stages:
        as_categories.update(stage.as_categories)
        for name in input_tables(stage):
            named.setdefault(name, {}).update(dict.fromkeys(columns_read(stage, name)))
    wanted = {}
    for name, read in named.items():
        columns = tuple(column for column in BY_NAME[name].names if column in read)
        wanted[name] = Wanted(columns, frozenset(column for column in columns if f"{name}.{column}" in as_categories))
    return wanted


def has_documents(name: str) -> bool:
    """Whether the rows of a table belong to single documents."""
    return _DOCUMENT in BY_NAME[name].names


def table_path(name: str, processed: Path) -> Path:
    """Where a finished table lies."""
    return processed / ".cache" / "internal" / f"{name}.parquet" if BY_NAME[name].is_internal else processed / f"{name}.parquet"


def read_columns(path: Path, name: str, columns: tuple[str, ...], as_categories: AbstractSet[str] = frozenset(),
                 documents: Sequence[str] | None = None) -> pd.DataFrame:
    """Columns of table `name` with the dtypes that store.read_table gives; those of `as_categories` as categories.

    With `documents`, which the columns must tell, only their rows.
    """
    try:
        return _read_columns(path, name, columns, as_categories, documents)
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None and not isinstance(error, FileNotFoundError):
            raise  # no permission, too many open files: not the table's fault
        raise DamagedTable(name) from error


def _read_columns(path: Path, name: str, columns: tuple[str, ...], as_categories: AbstractSet[str],
                  documents: Sequence[str] | None) -> pd.DataFrame:
    with pq.ParquetFile(path, read_dictionary=[column for column in columns if column in as_categories]) as file:
        groups: Iterable[pa.Table] = _read_groups(file, columns, documents)
        n_rows = file.metadata.num_rows
        if documents is not None:
            groups = list(groups)
            n_rows = sum(group.num_rows for group in groups)
        return fill_frame(name, columns, as_categories, groups, n_rows)


def fill_frame(name: str, columns: Sequence[str], as_categories: AbstractSet[str], groups: Iterable[pa.Table], n_rows: int
               ) -> pd.DataFrame:
    """Columns of a table from pieces of it, one after the other."""
    types = {column.name: column.type for column in BY_NAME[name].columns}
    filled = {column: _Categories(n_rows) if column in as_categories else _KINDS[types[column]](n_rows) for column in columns}
    for group in groups:
        for column in columns:
            for chunk in group[column].chunks:
                filled[column].add(chunk)
    return pd.DataFrame({column: filled[column].finish() for column in columns}, copy=False)


def _read_groups(file: pq.ParquetFile, columns: Sequence[str], documents: Sequence[str] | None) -> Iterator[pa.Table]:
    wanted = None if documents is None else pa.array(documents, pa.string())
    for number in range(file.num_row_groups):
        if wanted is None:
            yield file.read_row_group(number, list(columns), use_threads=False)
            continue
        owners = file.read_row_group(number, [_DOCUMENT], use_threads=False)[_DOCUMENT]
        is_wanted = pc.is_in(owners.cast(pa.string()), wanted)
        if pc.any(is_wanted).as_py():
            yield file.read_row_group(number, list(columns), use_threads=False).filter(is_wanted)


class _Numbers:
    """A column of whole numbers or truth values, with a mask of what is missing."""

    dtype: Any = np.int64

    def __init__(self, n_rows: int) -> None:
        self._values = np.zeros(n_rows, dtype=self.dtype)
        self._mask = np.zeros(n_rows, dtype=bool)
        self._at = 0

    def add(self, chunk: pa.Array) -> None:
        place = slice(self._at, self._at + len(chunk))
        self._at += len(chunk)
        if chunk.null_count:
            self._mask[place] = chunk.is_null().to_numpy(zero_copy_only=False)
            chunk = pc.fill_null(chunk, pa.scalar(0).cast(chunk.type))
        self._values[place] = chunk.to_numpy(zero_copy_only=False)

    def finish(self) -> Any:
        return pd.arrays.IntegerArray(self._values, self._mask, copy=False)


class _Truths(_Numbers):
    dtype = np.bool_

    def finish(self) -> Any:
        return pd.arrays.BooleanArray(self._values, self._mask, copy=False)


class _Floats:
    def __init__(self, n_rows: int) -> None:
        self._values = np.zeros(n_rows)
        self._at = 0

    def add(self, chunk: pa.Array) -> None:
        self._values[self._at:self._at + len(chunk)] = chunk.to_numpy(zero_copy_only=False)
        self._at += len(chunk)

    def finish(self) -> Any:
        return self._values


class _Texts:
    def __init__(self, n_rows: int) -> None:
        self._chunks: list[pa.Array] = []

    def add(self, chunk: pa.Array) -> None:
        self._chunks.append(chunk.cast(pa.large_string()))

    def finish(self) -> Any:
        dtype: Any = pd.StringDtype(na_value=np.nan)
        return dtype.__from_arrow__(pa.chunked_array(self._chunks, pa.large_string()))


class _Categories:
    """A column of few different strings: each once, and a number a row."""

    def __init__(self, n_rows: int) -> None:
        self._codes = np.full(n_rows, -1, dtype=np.int32)
        self._number: dict[str, int] = {}
        self._at = 0

    def add(self, chunk: pa.DictionaryArray) -> None:
        numbers = [self._number.setdefault(value, len(self._number)) for value in chunk.dictionary.to_pylist()]
        indices = pc.fill_null(chunk.indices, -1).to_numpy(zero_copy_only=False)
        # The last place stands for what is missing.
        self._codes[self._at:self._at + len(chunk)] = np.array([*numbers, -1], dtype=np.int32)[indices]
        self._at += len(chunk)

    def finish(self) -> Any:
        return pd.Categorical.from_codes(self._codes, categories=pd.Index(list(self._number), dtype="str"), validate=False)


_KINDS: dict[str, Any] = {"int": _Numbers, "bool": _Truths, "float": _Floats, "str": _Texts}
