"""Key terms of departments, years and roles."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.comparisons.department_wording import weigh_departments
from pipeline.comparisons.new_words import offer_words
from pipeline.comparisons.term_sums import sum_terms
from pipeline.comparisons.weighing import false_discovery_rates, log_odds_z
from pipeline.comparisons.wording import weigh_terms
from pipeline.profiles.words import Words
from pipeline.tables import store
from pipeline.tables.store import Tables
from tests.comparisons.corpus import counts, report, reports

SCIENCE, HOUSING = "澜山区科学技术局", "澜山区住房和城乡建设局"
COMMON = {"普法宣传": 5, "政务公开": 5, "法治建设": 5}


def key_terms(rows: list[dict], term_counts: pd.DataFrame, sections: pd.DataFrame | None = None) -> pd.DataFrame:
    return weigh(rows, term_counts, sections)["key_terms"]


def weigh(rows: list[dict], term_counts: pd.DataFrame, sections: pd.DataFrame | None = None) -> Tables:
    sections = store.frame("sections") if sections is None else sections
    sums = sum_terms(reports(*rows), sections, term_counts)
    return weigh_terms(reports(*rows), **sums, **weigh_departments(reports(*rows), term_counts))


def listed(frame: pd.DataFrame, grouping: str, group: str) -> list[str]:
    chosen = frame[(frame["grouping"] == grouping) & (frame["group"] == group)]
    return chosen.sort_values("rank")["term"].tolist()


REPORTS = [report(SCIENCE, 2021), report(SCIENCE, 2022), report(HOUSING, 2021), report(HOUSING, 2022)]
COUNTS = counts(
    (f"{SCIENCE}-2021", 1, {**COMMON, "项目评审": 12, "科学技术": 20, "澜山区委": 9, "偶然": 12}),
    (f"{SCIENCE}-2022", 1, {**COMMON, "项目评审": 15, "科学技术": 20, "澜山区委": 9}),
    (f"{HOUSING}-2021", 1, {**COMMON, "施工许可": 14, "住房": 20, "澜山区委": 9}),
    (f"{HOUSING}-2022", 1, {**COMMON, "施工许可": 12, "住房": 20, "澜山区委": 9, "高效办成一件事": 2}),
)


def test_a_department_is_known_by_what_it_says_more_than_others() -> None:
    frame = key_terms(REPORTS, COUNTS)
    assert listed(frame, "department", SCIENCE) == ["项目评审"]
    assert listed(frame, "department", HOUSING) == ["施工许可"]


def test_counts_and_reports_stand_beside_the_score() -> None:
    row = key_terms(REPORTS, COUNTS).set_index("term").loc["项目评审"]
    assert (row["count"], row["n_documents"], row["rank"]) == (27, 2, 1)
    assert row["log_odds_z"] > 1.96
    assert 0 < row["tfidf"] <= 1


@pytest.mark.parametrize("term", [
    "科学技术",        # part of the department's own name
    "澜山区委",        # begins with the region
    "偶然",            # in one of its two reports only
    "高效办成一件事",  # twice in all
    "普法宣传",        # what all say alike
])
def test_terms_that_are_not_listed(term: str) -> None:
    assert term not in set(key_terms(REPORTS, COUNTS)["term"])


def test_roles_are_weighed_against_each_other() -> None:
    sections = store.frame("sections", [
        {"document_id": row["document_id"], "section_no": number, "role": role}
        for row in REPORTS for number, role in ((1, "achievements"), (2, "problems"))])
    problems = [(row["document_id"], 2, {"力量薄弱": 8, "法治建设": 2}) for row in REPORTS]
    achievements = [(row["document_id"], 1, {"普法宣传": 8, "法治建设": 2}) for row in REPORTS]
    frame = key_terms(REPORTS, counts(*problems, *achievements), sections)
    assert listed(frame, "role", "problems") == ["力量薄弱"]
    assert listed(frame, "role", "achievements") == ["普法宣传"]


def test_one_report_has_nothing_to_be_weighed_against() -> None:
    tables = weigh(REPORTS[:1], COUNTS)
    assert tables["key_terms"].empty
    assert any("部门只有一组" in message for message in tables["issues"]["message"])


def test_a_department_is_weighed_against_its_own_region() -> None:
    """What the departments of another region say changes nothing."""
    others = [report(f"青禾市{office}", 2021, region="青禾市", department_code=office) for office in ("水利局", "民政局")]
    more = counts(*((row["document_id"], 1, {"项目评审": 90, "施工许可": 1}) for row in others))
    alone = key_terms(REPORTS, COUNTS)
    together = key_terms([*REPORTS, *others], pd.concat([COUNTS, more], ignore_index=True))
    columns = ["group", "term", "log_odds_z", "tfidf"]
    of_region = [frame[(frame["grouping"] == "department") & frame["group"].str.startswith("澜山区")][columns].reset_index(drop=True)
                 for frame in (alone, together)]
    pd.testing.assert_frame_equal(*of_region)


def test_a_department_alone_in_its_region_is_weighed_against_all() -> None:
    """Government work reports: one of each region."""
    cities = [report(f"{city}人民政府", 2022, region=city, department_code="government") for city in ("甲市", "乙市", "丙市")]
    terms = [{"港口": 20, "发展": 30}, {"旅游": 20, "发展": 30}, {"发展": 45}]
    frame = key_terms(cities, counts(*((row["document_id"], 1, own) for row, own in zip(cities, terms, strict=True))))
    assert listed(frame, "department", "甲市人民政府") == ["港口"]
    assert listed(frame, "department", "乙市人民政府") == ["旅游"]


def test_words_that_the_segmenter_cuts_are_offered() -> None:
    told = ("推行{}方式", "对新业态实行{}", "{}清单已经公布", "坚持{}原则", "开展{}", "落实{}要求")
    texts = [sentence.format("包容审慎监管") for sentence in told]
    with Path(__file__).with_name("theme_sentences.csv").open(encoding="utf-8", newline="") as handle:
        texts += [row["text"] for row in csv.DictReader(handle)]
    sentences = store.frame("sentences", [
        {"document_id": REPORTS[number % len(REPORTS)]["document_id"], "sentence_no": number, "text": text}
        for number, text in enumerate(texts)])
    made = offer_words(reports(*REPORTS), sentences, COUNTS, Words(stop=frozenset({"开展"})))
    issues = made["issues"].set_index("place")["message"]
    assert "包容审慎监管（6次，4份）" in issues["words.txt"]


def test_one_year_has_no_key_terms_of_years() -> None:
    frame = key_terms([REPORTS[0], REPORTS[2]], COUNTS)
    assert set(frame["grouping"]) == {"department"}


def test_no_terms_give_no_rows() -> None:
    assert key_terms(REPORTS, counts()).empty
    assert key_terms([], counts()).empty


def test_log_odds_by_hand() -> None:
    """Two terms, 10 and 10 in the group, 5 and 15 outside, prior 1 and 1: log(11/11) - log(6/16), variance 1/11 + 1/6."""
    z = log_odds_z(np.array([10.0, 10.0]), np.array([5.0, 15.0]), np.array([1.0, 1.0]), (20.0, 20.0, 2.0))
    assert z[0] == pytest.approx((np.log(11 / 11) - np.log(6 / 16)) / np.sqrt(1 / 11 + 1 / 6))


def test_false_discoveries_are_controlled_as_benjamini_and_hochberg_do() -> None:
    p_values = np.array([0.001, 0.04, 0.011, 0.5])
    # limits for 4 tests at 0.05: 0.0125, 0.025, 0.0375, 0.05
    assert np.flatnonzero(false_discovery_rates(p_values) <= 0.05).tolist() == [0, 2]
    assert false_discovery_rates(np.array([0.3, 0.4])).tolist() == [0.4, 0.4]
    assert false_discovery_rates(np.array([])).tolist() == []
