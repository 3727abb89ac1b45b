"""Build, check, write and read tables. A table is never half-written: write, fsync, rename."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import TableError
from pipeline.tables.schemas import BY_NAME, Table

Tables = dict[str, pd.DataFrame]

_ARROW = {"str": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_()}
_PANDAS: dict[str, Any] = {"str": "str", "int": "Int64", "float": "float64", "bool": "boolean"}
_FROM_ARROW = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}


def records(data: pd.DataFrame) -> Iterator[Any]:
    """Rows as named tuples, attributes by column name; typed Any because a column's type is declared in schemas."""
    return data.itertuples(index=False)


def columns_of(data: pd.DataFrame, *names: str, missing: object = None) -> list[list[Any]]:
    """Columns as lists of plain Python values, with `missing` for missing cells: what loops over many rows work on."""
    # The stubs do not know that None may stand for a missing cell.
    return [data[name].to_numpy(dtype=object, na_value=missing).tolist() for name in names]  # type: ignore[call-overload]


def schema_of(name: str) -> Table:
    """The declaration of table `name`; TableError names the tables there are."""
    if name not in BY_NAME:
        raise TableError(f"没有名为 {name} 的表；现有：{'、'.join(BY_NAME)}")
    return BY_NAME[name]


def arrow_schema(name: str) -> pa.Schema:
    return pa.schema([(column.name, _ARROW[column.type]) for column in schema_of(name).columns])


def frame(name: str, rows: Iterable[Mapping[str, Any]] = ()) -> pd.DataFrame:
    """Table `name` from dict rows; absent columns are missing, unknown ones an error. Empty rows still give all columns."""
    table = schema_of(name)
    rows = list(rows)
    unknown = set().union(*rows).difference(table.names)
    if unknown:
        raise TableError(f"表 {name} 没有列 {sorted(unknown)}；现有：{'、'.join(table.names)}")
    return _from_columns(table, {column: [row.get(column) for row in rows] for column in table.names}, len(rows))


def texts(values: Sequence[str | None]) -> Any:
    """A column of texts; many times faster than pandas makes it from Python strings."""
    return pd.array(pa.array(values, pa.string()), dtype="str")


def pick_texts(values: Sequence[str | None], places: Any) -> Any:
    """A column of texts of which each row has the one at its place, an array of whole numbers."""
    return pd.array(pa.array(values, pa.string()).take(pa.array(places)), dtype="str")


def frame_of_tuples(name: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    """Table `name` from tuples whose fields are `columns`, for tables of very many rows; other columns are missing."""
    table = schema_of(name)
    unknown = set(columns).difference(table.names)
    if unknown:
        raise TableError(f"表 {name} 没有列 {sorted(unknown)}；现有：{'、'.join(table.names)}")
    return _from_columns(table, dict(zip(columns, zip(*rows, strict=True), strict=True)) if rows else {}, len(rows))


def _from_columns(table: Table, columns: Mapping[str, Sequence[Any]], length: int) -> pd.DataFrame:
    """Arrow reads lists of Python objects several times faster than pandas does, and gives the same columns."""
    arrays = [_array(columns[column.name], column.type) if column.name in columns else pa.nulls(length, _ARROW[column.type])
              for column in table.columns]
    return pa.Table.from_arrays(arrays, names=table.names).to_pandas(types_mapper=_FROM_ARROW.get)


def _array(values: Sequence[Any], kind: str) -> pa.Array:
    try:
        return pa.array(values, _ARROW[kind], from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        # Another type than declared, which pandas may know how to turn into it (a number in a column of words).
        return pa.array(pd.Series(values, dtype=_PANDAS[kind]), _ARROW[kind])


@cache
def _dtypes(name: str) -> pd.Series:
    return frame(name).dtypes


def conform(name: str, data: pd.DataFrame) -> pd.DataFrame:
    """The same rows with exactly the declared columns, order and dtypes; TableError where they cannot fit."""
    table = schema_of(name)
    absent = [column for column in table.names if column not in data.columns]
    unknown = [column for column in data.columns if column not in table.names]
    if absent or unknown:
        raise TableError(f"表 {name}：缺列 {absent}，多列 {unknown}")
    if data.dtypes.equals(_dtypes(name)):
        return data.copy(deep=False)
    try:
        return data[table.names].astype({column.name: _PANDAS[column.type] for column in table.columns})
    except (TypeError, ValueError) as error:
        raise TableError(f"表 {name}：类型不符：{error}") from error


def to_arrow(name: str, data: pd.DataFrame) -> pa.Table:
    """Arrow form with the declared types; keys must be present."""
    table = schema_of(name)
    arrow = pa.Table.from_pandas(conform(name, data), schema=arrow_schema(name), preserve_index=False, safe=True)
    arrow = arrow.replace_schema_metadata(None)
    for column in table.columns:
        if not column.may_be_missing and arrow.column(column.name).null_count:
            raise TableError(f"表 {name}：列 {column.name} 不得为空")
    return arrow


def to_pandas(arrow: pa.Table, name: str) -> pd.DataFrame:
    return conform(name, arrow.to_pandas(types_mapper=_FROM_ARROW.get))


def sort_arrow(arrow: pa.Table, name: str) -> pa.Table:
    """Rows in key order, so that the same rows always give the same bytes."""
    return arrow.sort_by([(key, "ascending") for key in schema_of(name).key])


def write_bytes(path: Path, content: bytes) -> None:
    """Replace `path` by `content` in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_arrow(path: Path, arrow: pa.Table) -> None:
    sink = pa.BufferOutputStream()
    pq.write_table(arrow, sink, compression="zstd", store_schema=False, write_statistics=True)
    write_bytes(path, sink.getvalue().to_pybytes())


def read_table(path: Path, name: str, columns: list[str] | None = None) -> pd.DataFrame:
    """Table `name` from a parquet file; with `columns`, only those, in that order."""
    arrow = pq.read_table(path, columns=columns)
    if columns is not None:
        return arrow.to_pandas(types_mapper=_FROM_ARROW.get)
    return to_pandas(arrow, name)
