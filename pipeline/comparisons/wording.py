"""Key terms of years and of roles of sections: what the reports of one year, or sections of one kind, say more than the rest.

Departments have been weighed within their regions (`department_wording`); here they are put beside the others, and
those that are alone in their region are weighed against all reports.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline.comparisons.columns import join_tables
from pipeline.comparisons.department_wording import department_names, hold_either
from pipeline.comparisons.term_matrix import compared_documents
from pipeline.comparisons.term_sums import DEPARTMENT, ROLE, YEAR, list_terms, read_sums
from pipeline.comparisons.weighing import Group, Names, Weighing
from pipeline.tables import store
from pipeline.tables.store import Tables

_GROUPINGS = {DEPARTMENT: "部门", YEAR: "年度", ROLE: "章节角色"}


def weigh_terms(
    reports: pd.DataFrame, term_sums: pd.DataFrame, term_groups: pd.DataFrame, department_terms: pd.DataFrame
) -> Tables:
    """Table `key_terms`: up to 30 terms a group.

    Groupings: `department` (full name), `year`, `role`. Parts of the names of regions, and of the department's own
    name, are left out. A grouping with only one group gives no rows: there is no rest to weigh it against; an issue
    says so.
    """
    compared = compared_documents(reports)
    terms = list_terms(term_sums)
    issues: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    if terms:
        places = Names({region for region in compared["region"].tolist() if isinstance(region, str)})
        names_of = department_names(compared)
        years, roles, alone = (read_sums(term_sums, term_groups, grouping, terms) for grouping in (YEAR, ROLE, DEPARTMENT))
        weighing = Weighing(terms, years.table("count", len(terms)).sum(axis=0),
                            years.table("n_documents", len(terms)).sum(axis=0), sum(years.n_documents))
        groups = {
            DEPARTMENT: [Group(name, term, count, users, number, hold_either(places, names_of[name]))
                         for name, number, term, count, users in alone.each()],
            **{grouping: [Group(name, term, count, users, number, places.hold) for name, number, term, count, users in sums.each()]
               for grouping, sums in ((YEAR, years), (ROLE, roles))},
        }
        for grouping, several in groups.items():
            found = [group.name for group in several] if grouping != DEPARTMENT else sorted(names_of)
            if len(found) > 1:
                rows += ({"grouping": grouping, **row} for group in several for row in weighing.list_terms(group))
            elif found:
                issues.append({"place": "全部报告", "severity": "note",
                               "message": f"{_GROUPINGS[grouping]}只有一组（{found[0]}），无从比较用词"})
    departments = store.conform("key_terms", department_terms.assign(grouping=DEPARTMENT))
    return {"key_terms": join_tables("key_terms", [departments, store.frame("key_terms", rows)]),
            "issues": store.frame("issues", issues)}
