"""The tables that a corpus or output stage reads, as frames, with no more memory than they need in the end.

A table comes off the disk one row group at a time into its final columns, so that it is never held twice.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.runner.graph import columns_read, input_tables
from pipeline.stages import Stage
from pipeline.tables.schemas import BY_NAME


def read_inputs(stage: Stage, processed: Path) -> dict[str, pd.DataFrame]:
    """The input tables of a corpus or output stage, without the columns that it never names."""
    tables = {}
    for name in input_tables(stage):
        path = processed / f"{name}.parquet"
        if not path.is_file():
            path = processed / ".cache" / "internal" / f"{name}.parquet"
        as_categories = {column for column in BY_NAME[name].names if f"{name}.{column}" in stage.as_categories}
        tables[name] = read_columns(path, name, columns_read(stage, name), as_categories)
    return tables


def read_columns(path: Path, name: str, columns: tuple[str, ...], as_categories: AbstractSet[str] = frozenset()) -> pd.DataFrame:
    """Columns of table `name` with the dtypes that store.read_table gives; those of `as_categories` as categories."""
    types = {column.name: column.type for column in BY_NAME[name].columns}
    with pq.ParquetFile(path, read_dictionary=[column for column in columns if column in as_categories]) as file:
        n_rows = file.metadata.num_rows
        filled = {column: _Categories(n_rows) if column in as_categories else _KINDS[types[column]](n_rows) for column in columns}
        for number in range(file.num_row_groups):
            group = file.read_row_group(number, list(columns), use_threads=False)
            for column in columns:
                for chunk in group[column].chunks:
                    filled[column].add(chunk)
    return pd.DataFrame({column: filled[column].finish() for column in columns}, copy=False)


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
