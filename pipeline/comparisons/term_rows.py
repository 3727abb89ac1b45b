"""Term counts of the whole corpus, some documents at a time: what adds up terms over very many reports works on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Integers = npt.NDArray[np.int64]
_ROWS_AT_ONCE = 200_000  # few enough that their sums stay in the processor's cache


@dataclass(frozen=True)
class Rows:
    """Rows of `term_counts` of some whole documents: numbers of documents and terms, sections, counts."""

    document: Integers
    section_no: Integers
    term: Integers
    count: Integers


class TermRows:
    """The term counts of some documents. `terms` are sorted; documents are numbered in the order in which they are given."""

    def __init__(self, term_counts: pd.DataFrame, documents: Sequence[str]) -> None:
        place = {document_id: number for number, document_id in enumerate(documents)}
        self._document, ids = pd.factorize(term_counts["document_id"])
        self._place = np.array([place.get(document_id, -1) for document_id in ids.tolist()], dtype=np.int64)
        self._term, distinct = pd.factorize(term_counts["term"])
        names: list[str] = distinct.tolist()
        is_used = np.zeros(len(names), dtype=bool)
        for rows in self._cut():
            is_used[self._term[rows]] = True
        order = np.array(sorted(np.flatnonzero(is_used).tolist(), key=names.__getitem__), dtype=np.int64)
        self.terms: list[str] = [names[number] for number in order.tolist()]
        self._number = np.zeros(len(names), dtype=np.int64)
        self._number[order] = np.arange(len(order))
        self._table = term_counts

    def __iter__(self) -> Iterator[Rows]:
        section_no, count = self._table["section_no"], self._table["count"]
        for rows in self._cut():
            yield Rows(self._place[self._document[rows]], section_no.iloc[rows].to_numpy(dtype=np.int64),
                       self._number[self._term[rows]], count.iloc[rows].to_numpy(dtype=np.int64, na_value=0))

    def _cut(self) -> Iterator[Integers]:
        """Places of the rows of wanted documents, whole documents together: the table is in their order."""
        first = 0
        while first < len(self._document):
            last = min(first + _ROWS_AT_ONCE, len(self._document))
            while last < len(self._document) and self._document[last] == self._document[last - 1]:
                last += 1
            wanted = np.flatnonzero(self._place[self._document[first:last]] >= 0)
            if len(wanted):
                yield first + wanted
            first = last


class CellSums:
    """How often, and in how many documents, each group uses each term; cells are groups times the number of terms plus terms."""

    def __init__(self) -> None:
        self._found: list[tuple[Integers, Integers]] = [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))]

    def add(self, cells: Integers, counts: Integers) -> None:
        """Uses by different documents, or in different cells: how often each uses the term."""
        self._found.append((cells, counts))

    def finish(self) -> tuple[Integers, Integers, Integers]:
        """Cells in order, counts, documents."""
        cells, counts = (np.concatenate(several) for several in zip(*self._found, strict=True))
        distinct, sums = sum_by(cells, counts)
        _, users = sum_by(cells, np.ones(len(cells), dtype=np.int64))
        order = np.argsort(distinct)
        return distinct[order], sums[order], users[order]


def sum_by(numbers: Integers, values: Integers) -> tuple[Integers, Integers]:
    """The different numbers, as they first come, and the sum of the values of each."""
    # By a table of hashes: three times faster than sorting. Sums of whole numbers are exact up to 2**53.
    codes, distinct = pd.factorize(numbers)
    return distinct, np.bincount(codes, values, minlength=len(distinct)).astype(np.int64)
