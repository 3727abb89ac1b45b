"""Key terms of departments: what a department says more than the others of its region."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.comparisons.columns import build_table, number_cells
from pipeline.comparisons.term_matrix import compared_documents
from pipeline.comparisons.term_rows import CellSums, Integers, TermRows, sum_by
from pipeline.comparisons.weighing import Group, Names, Weighing
from pipeline.tables.store import Tables


def weigh_departments(reports: pd.DataFrame, term_counts: pd.DataFrame) -> Tables:
    """Table `department_terms`: up to 30 terms a department.

    Parts of the names of the region and of the department are left out. A department that is alone in its region
    has nobody to be weighed against there; `weigh_terms` weighs it against all others.
    """
    compared = compared_documents(reports)
    regions, names = pd.factorize(compared["region"], sort=True, use_na_sentinel=False)
    number = dict(zip(compared["document_id"].tolist(), regions.tolist(), strict=True))
    region_of_row = number_cells(term_counts["document_id"], lambda document_id: number.get(document_id, -1))
    order = np.argsort(region_of_row, kind="stable")
    bounds = np.searchsorted(region_of_row[order], np.arange(len(names) + 1))
    rows = (row for at in range(len(names)) for region in [compared[regions == at]] if region["department"].nunique() > 1
            for row in _weigh_region(region, term_counts.iloc[order[bounds[at]:bounds[at + 1]]]))
    return {"department_terms": build_table("department_terms", rows)}


def _weigh_region(compared: pd.DataFrame, term_counts: pd.DataFrame) -> list[dict[str, Any]]:
    counted = TermRows(term_counts, compared["document_id"].tolist())
    places = Names(region for region in compared["region"].tolist() if isinstance(region, str))
    sums, groups = _group_departments(counted, compared, places)
    weighing = Weighing(counted.terms, sums.total, sums.all_users, sums.n_documents)
    return [row for group in groups for row in weighing.list_terms(group)]


def _group_departments(counted: TermRows, compared: pd.DataFrame, places: Names) -> tuple[Sums, list[Group]]:
    """The sums over the reports of each department, and those departments that use any terms."""
    number, departments = pd.factorize(compared["department"], sort=True)
    sums = sum_documents(counted, np.asarray(number, dtype=np.int64))
    names_of = department_names(compared)
    return sums, [Group(departments[place], *terms, int(sums.n_reports[place]), hold_either(places, names_of[departments[place]]))
                  for place, terms in sums.groups(len(counted.terms))]


def department_names(compared: pd.DataFrame) -> dict[str, Names]:
    """The full and short names of each department."""
    spellings: dict[str, set[str]] = {}
    for department, short in zip(compared["department"].tolist(), compared["department_short"].tolist(), strict=True):
        spellings.setdefault(department, {department}).update([short] if isinstance(short, str) else [])
    return {department: Names(names) for department, names in spellings.items()}


def hold_either(places: Names, own: Names) -> Callable[[str], bool]:
    """Whether a term is part of the name of a region, or of the department's own."""
    return lambda term: places.hold(term) or own.hold(term)


@dataclass(frozen=True)
class Sums:
    """Sums over the documents of each group, in cells (group × number of terms + term) in order; and over all documents."""

    cells: Integers
    counts: Integers
    users: Integers
    n_reports: Integers
    total: Integers
    all_users: Integers
    n_documents: int

    def groups(self, n_terms: int) -> Iterator[tuple[int, tuple[Integers, Integers, Integers]]]:
        """Each group that uses any terms: its number, and which terms, how often, in how many documents."""
        group = self.cells // max(n_terms, 1)
        starts = np.flatnonzero(np.diff(group, prepend=-1))
        for first, last in zip(starts.tolist(), np.append(starts[1:], len(group)).tolist(), strict=False):
            number = int(group[first])
            yield number, (self.cells[first:last] - number * n_terms, self.counts[first:last], self.users[first:last])


def sum_documents(counted: TermRows, group_of: Integers) -> Sums:
    """`group_of` tells the group of each document."""
    n_terms = len(counted.terms)
    total, all_users = np.zeros(n_terms, dtype=np.int64), np.zeros(n_terms, dtype=np.int64)
    n_reports = np.zeros(int(group_of.max(initial=0)) + 1, dtype=np.int64)
    n_documents = 0
    cells = CellSums()
    for rows in counted:
        pairs, counts = sum_by(rows.document * n_terms + rows.term, rows.count)
        document, term = pairs // n_terms, pairs % n_terms
        total += np.bincount(term, counts, minlength=n_terms).astype(np.int64)
        all_users += np.bincount(term, minlength=n_terms)
        with_terms = pd.unique(document)
        n_documents += len(with_terms)
        n_reports += np.bincount(group_of[with_terms], minlength=len(n_reports))
        cells.add(group_of[document] * n_terms + term, counts)
    return Sums(*cells.finish(), n_reports, total, all_users, n_documents)
