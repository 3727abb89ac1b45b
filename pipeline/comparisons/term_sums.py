"""How often each year, each role of sections, and each department that is alone in its region uses each term.

What compares words over all reports (`wording`, `trends`) works on these sums: the counts of single sections, millions
of them, are gone through once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from pipeline.comparisons.columns import Integers, join_tables, number_documents
from pipeline.comparisons.term_matrix import MOST_SECTIONS, compared_documents
from pipeline.comparisons.term_rows import CellSums, Rows, TermRows, sum_by
from pipeline.tables import store
from pipeline.tables.store import Tables

YEAR, ROLE, DEPARTMENT = "year", "role", "department"
_OTHER_ROLE = "other"


def sum_terms(reports: pd.DataFrame, sections: pd.DataFrame, term_counts: pd.DataFrame) -> Tables:
    """Tables `term_sums` (a row for each group and each term that it uses) and `term_groups` (one for each group).

    What a report says in several sections of a group counts as one document. `squares` is the sum of the squared counts
    of its reports, `by_length` that of their counts times their lengths in terms; these two and the first report with the
    term (by year, signed date, department) are told for years alone.
    """
    compared = compared_documents(reports)
    counted = TermRows(term_counts, compared["document_id"].tolist())
    if not counted.terms:
        return {"term_sums": store.frame("term_sums"), "term_groups": store.frame("term_groups")}
    years, roles = _Years(compared, len(counted.terms)), _Roles(compared, sections, len(counted.terms))
    departments = _Departments(compared, len(counted.terms))
    for rows in counted:
        pairs, counts = sum_by(rows.document * len(counted.terms) + rows.term, rows.count)
        documents = pairs // len(counted.terms)
        for by_document in (years, departments):
            by_document.add(documents, pairs % len(counted.terms), counts)
        roles.add(rows)
    groupings = (years, roles, departments)
    return {
        "term_sums": join_tables("term_sums", [grouping.sums(counted.terms) for grouping in groupings]),
        "term_groups": join_tables("term_groups", [
            store.frame("term_groups", [{"grouping": grouping.name, "group": name, "n_documents": number} for name, number
                                        in zip(grouping.names, grouping.n_documents.tolist(), strict=True)])
            for grouping in groupings])}


class _Years:
    """Sums by year and term."""

    name = YEAR

    def __init__(self, compared: pd.DataFrame, n_terms: int) -> None:
        self._codes, years = pd.factorize(compared["report_year"].astype("int64"), sort=True)
        self.names = [str(year) for year in years.tolist()]
        self.n_documents = np.zeros(len(years), dtype=np.int64)
        self._ids: list[str] = compared["document_id"].tolist()
        self._order = _first_order(compared)
        self._rank = np.empty(len(self._order), dtype=np.int64)
        self._rank[self._order] = np.arange(len(self._order))
        self._n_terms = n_terms
        self._count, self._squares, self._by_length, self._users = (np.zeros(len(years) * n_terms, dtype=np.int64) for _ in range(4))
        self._first = np.full(len(years) * n_terms, len(self._order) - 1, dtype=np.int64)

    def add(self, documents: Integers, terms: Integers, counts: Integers) -> None:
        """Whole documents: how often each uses each term."""
        cells = self._codes[documents] * self._n_terms + terms
        length = np.bincount(documents, counts, minlength=len(self._codes)).astype(np.int64)
        self.n_documents += np.bincount(self._codes[np.flatnonzero(length)], minlength=len(self.names))
        for sums, values in ((self._count, counts), (self._squares, counts**2), (self._by_length, counts * length[documents])):
            sums += np.bincount(cells, values, minlength=len(sums)).astype(np.int64)
        self._users += np.bincount(cells, minlength=len(self._users))
        np.minimum.at(self._first, cells, self._rank[documents])

    def sums(self, terms: Sequence[str]) -> pd.DataFrame:
        """Rows of `term_sums`."""
        used = np.flatnonzero(self._users)
        return _rows(self, terms, used, self._count[used], self._users[used], squares=self._squares[used],
                     by_length=self._by_length[used], first_document_id=store.pick_texts(self._ids, self._order[self._first[used]]))


class _Roles:
    """Sums by role of section and term; a section that is not in the table has the role other."""

    name = ROLE

    def __init__(self, compared: pd.DataFrame, sections: pd.DataFrame, n_terms: int) -> None:
        number = number_documents(sections["document_id"], compared["document_id"].tolist())
        codes, found = pd.factorize(sections["role"].fillna(_OTHER_ROLE))
        self.names: list[str] = sorted({*found.tolist(), _OTHER_ROLE})
        renumber = np.array([self.names.index(name) for name in found.tolist()], dtype=np.int64)
        kept = np.flatnonzero(number >= 0)
        key = number[kept] * MOST_SECTIONS + sections["section_no"].to_numpy(dtype=np.int64)[kept]
        order = np.argsort(key, kind="stable")
        self._key, self._role = key[order], renumber[codes[kept]][order]
        self._n_terms = n_terms
        self.n_documents = np.zeros(len(self.names), dtype=np.int64)
        self._count, self._users = (np.zeros(len(self.names) * n_terms, dtype=np.int64) for _ in range(2))

    def add(self, rows: Rows) -> None:
        """Whole documents."""
        n_cells = len(self._count)
        cells = self._find(rows) * self._n_terms + rows.term
        self._count += np.bincount(cells, rows.count, minlength=n_cells).astype(np.int64)
        said = pd.unique(rows.document * n_cells + cells)
        self._users += np.bincount(said % n_cells, minlength=n_cells)
        self.n_documents += np.bincount(pd.unique(said // self._n_terms) % len(self.names), minlength=len(self.names))

    def _find(self, rows: Rows) -> Integers:
        """Numbers of the roles of rows."""
        key = rows.document * MOST_SECTIONS + rows.section_no
        # Rows of one section stand together.
        starts = np.flatnonzero(np.diff(key, prepend=-1))
        roles = np.full(len(starts), self.names.index(_OTHER_ROLE))
        if len(self._key):
            at = np.minimum(np.searchsorted(self._key, key[starts]), len(self._key) - 1)
            roles = np.where(self._key[at] == key[starts], self._role[at], roles)
        return np.repeat(roles, np.diff(starts, append=len(key)))

    def sums(self, terms: Sequence[str]) -> pd.DataFrame:
        """Rows of `term_sums`."""
        used = np.flatnonzero(self._users)
        return _rows(self, terms, used, self._count[used], self._users[used])


class _Departments:
    """Sums by department and term, of those that no other stands beside in their region."""

    name = DEPARTMENT

    def __init__(self, compared: pd.DataFrame, n_terms: int) -> None:
        by_region = compared.groupby("region", dropna=False)["department"]
        is_alone = (by_region.transform("nunique") == 1).to_numpy(dtype=bool)
        self.names: list[str] = sorted(compared.loc[is_alone, "department"].unique().tolist())
        number = {name: place for place, name in enumerate(self.names)}
        self._number = np.array([number.get(name, -1) for name in compared["department"].tolist()], dtype=np.int64)
        self._n_terms = n_terms
        self.n_documents = np.zeros(len(self.names), dtype=np.int64)
        self._sums = CellSums()

    def add(self, documents: Integers, terms: Integers, counts: Integers) -> None:
        """Whole documents: how often each uses each term."""
        kept = np.flatnonzero(self._number[documents] >= 0)
        if len(kept):
            self._sums.add(self._number[documents[kept]] * self._n_terms + terms[kept], counts[kept])
            self.n_documents += np.bincount(self._number[pd.unique(documents[kept])], minlength=len(self.names))

    def sums(self, terms: Sequence[str]) -> pd.DataFrame:
        """Rows of `term_sums`."""
        return _rows(self, terms, *self._sums.finish())


def _rows(grouping: _Years | _Roles | _Departments, terms: Sequence[str], cells: Integers, counts: Integers,
          users: Integers, **further: Any) -> pd.DataFrame:
    """Rows of `term_sums` for some cells, which are numbers of groups times that of all terms and numbers of terms."""
    return store.conform("term_sums", pd.DataFrame({
        "grouping": grouping.name, "group": store.pick_texts(grouping.names, cells // len(terms)),
        "term": store.pick_texts(terms, cells % len(terms)), "count": counts, "n_documents": users,
        "squares": None, "by_length": None, "first_document_id": None, **further}))


def _first_order(compared: pd.DataFrame) -> Integers:
    """Places of the reports by year, then signed date, then name."""
    return compared.assign(signed=compared["signed_date"].fillna("9999")).sort_values(
        ["report_year", "signed", "department", "document_id"], kind="stable").index.to_numpy(dtype=np.int64)


@dataclass(frozen=True)
class Sums:
    """Rows of `term_sums` of one grouping. `number` is that of each row's group in `names`, `term` that of its term in `terms`."""

    names: Sequence[str]
    n_documents: Sequence[int]
    number: Integers
    term: Integers
    rows: pd.DataFrame

    def column(self, name: str) -> Integers:
        """A column of whole numbers."""
        return self.rows[name].to_numpy(dtype=np.int64)

    def table(self, name: str, n_terms: int) -> Integers:
        """A column as a table of all groups and all terms."""
        cells = np.zeros((len(self.names), n_terms), dtype=np.int64)
        cells[self.number, self.term] = self.column(name)
        return cells

    def each(self) -> Iterator[tuple[str, int, Integers, Integers, Integers]]:
        """Each group that uses any terms: its name, number of reports, and which terms, how often, in how many reports."""
        count, users = self.column("count"), self.column("n_documents")
        bounds = np.searchsorted(self.number, np.arange(len(self.names) + 1)).tolist()
        for place, (first, last) in enumerate(pairwise(bounds)):
            if first < last:
                rows = slice(first, last)
                yield self.names[place], self.n_documents[place], self.term[rows], count[rows], users[rows]


def list_terms(term_sums: pd.DataFrame) -> list[str]:
    """All terms, sorted."""
    return sorted(term_sums["term"].unique().tolist())


def read_sums(term_sums: pd.DataFrame, term_groups: pd.DataFrame, grouping: str, terms: Sequence[str]) -> Sums:
    """The sums of one grouping: groups and, within them, terms in order."""
    groups = term_groups[term_groups["grouping"] == grouping].sort_values("group", kind="stable")
    names = groups["group"].tolist()
    rows = term_sums[term_sums["grouping"] == grouping]
    number, term = _numbers(rows["group"], names), _numbers(rows["term"], terms)
    order = np.lexsort((term, number))
    return Sums(names, groups["n_documents"].tolist(), number[order], term[order], rows.iloc[order])


def _numbers(values: pd.Series, names: Sequence[str]) -> Integers:
    codes, distinct = pd.factorize(values)
    number = {name: place for place, name in enumerate(names)}
    return np.array([number[name] for name in distinct.tolist()], dtype=np.int64)[codes]
