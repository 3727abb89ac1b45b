"""Key terms of years and of roles of sections: what the reports of one year, or sections of one kind, say more than the rest.

Departments have been weighed within their regions (`department_wording`); here they are put beside the others, and
those that are alone in their region are weighed against all reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.comparisons.columns import Integers, join_tables, number_documents
from pipeline.comparisons.department_wording import department_names, group_departments
from pipeline.comparisons.term_matrix import MOST_SECTIONS, compared_documents
from pipeline.comparisons.term_rows import Rows, TermRows
from pipeline.comparisons.weighing import Group, Names, Weighing
from pipeline.tables import store
from pipeline.tables.store import Tables

_GROUPINGS = {"department": "部门", "year": "年度", "role": "章节角色"}
_OTHER_ROLE = "other"


def weigh_terms(
    reports: pd.DataFrame, sections: pd.DataFrame, term_counts: pd.DataFrame, department_terms: pd.DataFrame
) -> Tables:
    """Table `key_terms`: up to 30 terms a group.

    Groupings: `department` (full name), `year`, `role`. Parts of the names of regions, and of the department's own
    name, are left out. A grouping with only one group gives no rows: there is no rest to weigh it against; an issue
    says so.
    """
    compared = compared_documents(reports)
    counted = TermRows(term_counts, compared["document_id"].tolist())
    issues: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    if counted.terms:
        places = Names({region for region in compared["region"].tolist() if isinstance(region, str)})
        alone = _departments_alone(compared)
        years, roles = _Years(compared), _Roles(compared, sections)
        by_year, by_role = _sum(counted, years), _sum(counted, roles)
        weighing = Weighing(counted.terms, by_year.counts.sum(axis=0), by_year.users.sum(axis=0), int(by_year.n_reports.sum()))
        names_of = department_names(compared)
        groups: dict[str, list[Group]] = {
            "department": group_departments(counted, compared, alone, places)[1] if alone else [],
            "year": by_year.groups(years.names, places), "role": by_role.groups(roles.names, places),
        }
        for grouping, several in groups.items():
            found = [group.name for group in several] if grouping != "department" else sorted(names_of)
            if len(found) > 1:
                rows += ({"grouping": grouping, **row} for group in several for row in weighing.list_terms(group))
            elif found:
                issues.append({"place": "全部报告", "severity": "note",
                               "message": f"{_GROUPINGS[grouping]}只有一组（{found[0]}），无从比较用词"})
    departments = store.conform("key_terms", department_terms.assign(grouping="department"))
    return {"key_terms": join_tables("key_terms", [departments, store.frame("key_terms", rows)]),
            "issues": store.frame("issues", issues)}


def _departments_alone(compared: pd.DataFrame) -> list[str]:
    """Departments that no other one stands beside in their region."""
    by_region = compared.groupby("region", dropna=False)["department"]
    return sorted(compared.loc[(by_region.transform("nunique") == 1).to_numpy(dtype=bool), "department"].unique().tolist())


class _Years:
    """The year of each report."""

    def __init__(self, compared: pd.DataFrame) -> None:
        self._codes, years = pd.factorize(compared["report_year"], sort=True)
        self.names = [str(year) for year in years.tolist()]

    def find(self, rows: Rows) -> Integers:
        """Numbers of the years of rows."""
        return np.asarray(self._codes[rows.document])


class _Roles:
    """The role of each section; of one that is not in the table, other."""

    def __init__(self, compared: pd.DataFrame, sections: pd.DataFrame) -> None:
        number = number_documents(sections["document_id"], compared["document_id"].tolist())
        roles, names = pd.factorize(sections["role"].fillna(_OTHER_ROLE))
        self.names: list[str] = sorted({*names.tolist(), _OTHER_ROLE})
        renumber = np.array([self.names.index(name) for name in names.tolist()], dtype=np.int64)
        kept = np.flatnonzero(number >= 0)
        key = number[kept] * MOST_SECTIONS + sections["section_no"].to_numpy(dtype=np.int64)[kept]
        order = np.argsort(key, kind="stable")
        self._key, self._role = key[order], renumber[roles[kept]][order]

    def find(self, rows: Rows) -> Integers:
        """Numbers of the roles of rows."""
        other = self.names.index(_OTHER_ROLE)
        if not len(self._key):
            return np.full(len(rows.document), other)
        key = rows.document * MOST_SECTIONS + rows.section_no
        at = np.minimum(np.searchsorted(self._key, key), len(self._key) - 1)
        return np.where(self._key[at] == key, self._role[at], other)


@dataclass(frozen=True)
class _Sums:
    """How often, and in how many reports, each group (rows) uses each term (columns); and how many reports it has."""

    counts: Integers
    users: Integers
    n_reports: Integers

    def groups(self, names: Sequence[str], places: Names) -> list[Group]:
        """The groups that use any terms."""
        used = [np.flatnonzero(counts) for counts in self.counts]
        return [Group(name, terms, self.counts[at, terms], self.users[at, terms], int(self.n_reports[at]), places.hold)
                for at, (name, terms) in enumerate(zip(names, used, strict=True)) if len(terms)]


def _sum(counted: TermRows, grouping: _Years | _Roles) -> _Sums:
    """The sums of few groups. What a report says in several sections of a group counts as one user."""
    n_terms, n_groups = len(counted.terms), len(grouping.names)
    n_cells = n_groups * n_terms
    counts, users = np.zeros(n_cells, dtype=np.int64), np.zeros(n_cells, dtype=np.int64)
    n_reports = np.zeros(n_groups, dtype=np.int64)
    for rows in counted:
        cells = grouping.find(rows) * n_terms + rows.term
        counts += np.bincount(cells, rows.count, minlength=n_cells).astype(np.int64)
        said = pd.unique(rows.document * n_cells + cells)
        users += np.bincount(said % n_cells, minlength=n_cells)
        n_reports += np.bincount(pd.unique(said // n_terms) % n_groups, minlength=n_groups)
    return _Sums(counts.reshape(n_groups, n_terms), users.reshape(n_groups, n_terms), n_reports)
