"""Sums of term counts by year, role of sections, and departments that are alone in their region."""

from __future__ import annotations

import pandas as pd

from pipeline.comparisons.term_sums import DEPARTMENT, ROLE, YEAR, list_terms, read_sums, sum_terms
from pipeline.tables import store
from tests.comparisons.corpus import counts, report, reports

SCIENCE, HOUSING, FAR = "澜山区科学技术局", "澜山区住房和城乡建设局", "东屏区水利局"
REPORTS = reports(
    report(SCIENCE, 2021, signed_date="2022-02-01"), report(HOUSING, 2021, signed_date="2022-01-10"), report(SCIENCE, 2022),
    report(FAR, 2022, region="东屏区"), report(HOUSING, 2022, is_compared=False))
COUNTS = counts(
    (f"{SCIENCE}-2021", 1, {"普法": 2, "审批": 1}), (f"{SCIENCE}-2021", 2, {"普法": 3}), (f"{HOUSING}-2021", 1, {"普法": 1}),
    (f"{SCIENCE}-2022", 1, {"审批": 4}), (f"{FAR}-2022", 1, {"审批": 5, "河长": 2}), (f"{HOUSING}-2022", 1, {"普法": 99}))
SECTIONS = store.frame("sections", [
    {"document_id": f"{SCIENCE}-2021", "section_no": 1, "role": "achievements"},
    {"document_id": f"{SCIENCE}-2021", "section_no": 2, "role": "achievements"},
    {"document_id": f"{FAR}-2022", "section_no": 1, "role": "problems"}])
SUMS = sum_terms(REPORTS, SECTIONS, COUNTS)


def rows(grouping: str, group: str) -> dict[str, tuple[int, int]]:
    chosen = SUMS["term_sums"].query("grouping == @grouping and group == @group")
    return {row.term: (row.count_, row.n_documents) for row in chosen.rename(columns={"count": "count_"}).itertuples()}


def test_years_count_each_report_once() -> None:
    assert rows(YEAR, "2021") == {"普法": (6, 2), "审批": (1, 1)}
    assert rows(YEAR, "2022") == {"审批": (9, 2), "河长": (2, 1)}


def test_what_trends_need_is_told_for_years_alone() -> None:
    told = SUMS["term_sums"].set_index(["grouping", "group", "term"])
    row = told.loc[YEAR, "2021", "普法"]
    # 5 times in a report of 6 terms, once in a report of one.
    assert (row["squares"], row["by_length"], row["first_document_id"]) == (26, 31, f"{HOUSING}-2021")
    others = SUMS["term_sums"].query("grouping != 'year'")
    assert others[["squares", "by_length", "first_document_id"]].isna().all(axis=None)


def test_sections_of_one_role_are_one_use_and_unknown_ones_are_other() -> None:
    assert rows(ROLE, "achievements") == {"普法": (5, 1), "审批": (1, 1)}
    assert rows(ROLE, "problems") == {"审批": (5, 1), "河长": (2, 1)}
    assert rows(ROLE, "other") == {"普法": (1, 1), "审批": (4, 1)}


def test_only_departments_without_neighbours_are_summed_up() -> None:
    assert set(SUMS["term_sums"].query("grouping == 'department'")["group"]) == {FAR}
    assert rows(DEPARTMENT, FAR) == {"审批": (5, 1), "河长": (2, 1)}


def test_groups_tell_how_many_reports_have_terms() -> None:
    groups = SUMS["term_groups"].set_index(["grouping", "group"])["n_documents"].to_dict()
    assert groups == {(YEAR, "2021"): 2, (YEAR, "2022"): 2, (ROLE, "achievements"): 1, (ROLE, "problems"): 1, (ROLE, "other"): 2,
                      (DEPARTMENT, FAR): 1}


def test_sums_read_again_stand_in_tables_of_groups_and_terms() -> None:
    terms = list_terms(SUMS["term_sums"])
    assert terms == ["审批", "普法", "河长"]
    years = read_sums(SUMS["term_sums"].sample(frac=1, random_state=1), SUMS["term_groups"], YEAR, terms)
    assert years.names == ["2021", "2022"]
    assert years.table("count", 3).tolist() == [[1, 6, 0], [9, 0, 2]]
    assert [(name, n, term.tolist(), count.tolist()) for name, n, term, count, _ in years.each()] == [
        ("2021", 2, [0, 1], [1, 6]), ("2022", 2, [0, 2], [9, 2])]


def test_nothing_to_add_up() -> None:
    empty = sum_terms(reports(), store.frame("sections"), counts())
    assert all(isinstance(table, pd.DataFrame) and table.empty for table in empty.values())
    assert list_terms(empty["term_sums"]) == []
