"""Tables in parts: rows of some documents at a time, bounds as intervals, and tables built up from pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.comparisons.intervals import Interval
from pipeline.tables import store

Integers = npt.NDArray[np.int64]
_ROWS_AT_ONCE = 20_000
_Row = TypeVar("_Row")


def intervals_of(table: pd.DataFrame, low: str, high: str) -> list[Interval]:
    """The intervals between two columns of bounds; a missing bound is an open end."""
    bounds = []
    for name in (low, high):
        numbers = table[name].to_numpy(dtype=np.float64, na_value=np.nan)
        cells = numbers.astype(object)
        cells[~np.isfinite(numbers)] = None
        bounds.append(cells.tolist())
    return list(map(Interval, *bounds))


def build_table(name: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Table `name` in the order of its key; of very many rows only some are Python objects at a time."""
    return join_tables(name, [store.frame(name, part) for part in _in_parts(rows)])


def build_table_of_tuples(name: str, rows: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    """The same from tuples with all columns of the table in their order, which are made faster."""
    columns = store.schema_of(name).names
    return join_tables(name, [store.frame_of_tuples(name, columns, part) for part in _in_parts(rows)])


def _in_parts(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    rows = iter(rows)
    while part := list(islice(rows, _ROWS_AT_ONCE)):
        yield part


def join_tables(name: str, parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Table `name` from parts of it, in the order of its key."""
    if not parts:
        return store.frame(name)
    table = pd.concat(parts, ignore_index=True)
    ranks = []
    for key in reversed(store.schema_of(name).key):
        codes, distinct = pd.factorize(table[key])
        values = distinct.tolist()
        order = np.array(sorted(range(len(values)), key=values.__getitem__), dtype=np.int64)
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        ranks.append(rank[codes])
    return table.iloc[np.lexsort(ranks)].reset_index(drop=True)


def number_cells(column: pd.Series, number_of: Callable[[Any], int]) -> Integers:
    """A number for each cell, found once for each different one."""
    codes, distinct = pd.factorize(column, use_na_sentinel=False)
    return np.array([int(number_of(value)) for value in distinct.tolist()], dtype=np.int64)[codes]


def number_documents(ids: pd.Series, documents: Iterable[str]) -> Integers:
    """The place of each document of a column among `documents`; -1 for one that is none of them."""
    place = {document_id: number for number, document_id in enumerate(documents)}
    return number_cells(ids, lambda document_id: place.get(document_id, -1))


class RowsByDocument:
    """A table from which the rows of some documents are taken at a time, so that never all are Python objects at once.

    Rows of a document are in the order of column `by`, else in that of the table.
    """

    def __init__(self, table: pd.DataFrame, *names: str, by: str = "") -> None:
        self._table = table[list(dict.fromkeys(("document_id", *names)))]
        codes, documents = pd.factorize(table["document_id"].to_numpy(dtype=object))
        rank = table[by].to_numpy(dtype=np.float64, na_value=-1) if by else np.zeros(len(table))
        self._order = np.lexsort((rank, codes))
        self._bounds = np.searchsorted(codes[self._order], np.arange(len(documents) + 1))
        self._number = {document_id: number for number, document_id in enumerate(documents.tolist())}

    def of(self, documents: Iterable[str]) -> pd.DataFrame:
        """Rows of the documents, one document after the other."""
        pieces = [self.places(document_id) for document_id in documents]
        return self.at(np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int64))

    def at(self, places: Integers) -> pd.DataFrame:
        """The rows at these places of the table."""
        return self._table.iloc[places]

    def places(self, document_id: str) -> Integers:
        """Places of the rows of a document."""
        number = self._number.get(document_id)
        return self._order[:0] if number is None else self._order[self._bounds[number]:self._bounds[number + 1]]

    def count(self, document_id: str) -> int:
        """How many rows a document has."""
        return len(self.places(document_id))
