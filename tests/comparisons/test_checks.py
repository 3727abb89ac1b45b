"""The checks of a report as a whole: required contents, disclosed data, which checks apply."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.comparisons.checks import check_reports
from pipeline.profiles import load_part
from pipeline.profiles.checks import CHECKS
from pipeline.tables import store
from tests.comparisons.drafts import Draft, check

FULL = {
    "achievements": ["全年立案12件。"],
    "first_responsible": ["主要负责人主持党组会研究法治工作4次。"],
    "problems": ["执法力量不足，主要原因是编制没有增加。"],
    "next_plan": ["开展培训2期。"],
}
REQUIRED = ("achievements", "problems", "causes", "first_responsible", "next_plan")


def without(*roles: str) -> dict[str, list[str]]:
    return {role: said for role, said in FULL.items() if role not in roles}


@pytest.mark.parametrize(("parts", "failing"), [
    (FULL, set()),
    (without("first_responsible"), {"first_responsible"}),
    (without("problems"), {"problems", "causes"}),
    (without("next_plan"), {"next_plan"}),
    ({**FULL, "problems": ["执法力量不足，文书质量参差不齐。"]}, {"causes"}),
    # The head of the office is spoken of elsewhere, shortcomings are owned up to in passing.
    ({"achievements": ["局长作为法治建设第一责任人带头述法。"], **without("achievements", "first_responsible")}, set()),
    ({**without("problems"), "achievements": ["工作中还存在一些不足，主要是人手偏紧。"]}, set()),
])
def test_required_contents(parts: dict[str, list[str]], failing: set[str]) -> None:
    rows = check(Draft(parts))
    assert {name for name in REQUIRED if rows[name]["passed"] is False} == failing


def test_a_missing_part_is_shown_at_the_title_and_says_why_it_matters() -> None:
    title = "澜山区交通运输局2022年度法治政府建设情况报告"
    row = check(Draft(without("problems"), title=title))["problems"]
    assert (row["evidence_start"], row["evidence_end"]) == (0, len(title))
    assert row["level"] == "必"
    assert "厅字〔2019〕28号" in row["basis"]


@pytest.mark.parametrize(("state", "passed"), [
    ("value", True), ("zero", True), ("na", True), ("ambiguous", True), ("not_disclosed", False),
])
def test_an_answered_indicator_is_disclosure(state: str, passed: bool) -> None:
    span = {} if state == "not_disclosed" else {"evidence_start": 10, "evidence_end": 16}
    answer = {"document_id": "transport-2022", "indicator": "publicity_event_count", "state": state, **span}
    assert check(Draft(FULL), [answer])["publicity"]["passed"] is passed


@pytest.mark.parametrize(("name", "sentence"), [
    ("reconsideration_litigation", "全年未发生行政复议、行政诉讼案件。"),
    ("normative_docs", "本年度未制定规范性文件。"),
    ("enforcement_data", "因我局不具备行政处罚权，不涉及行政处罚案件。"),
    ("compared_with_last_year", "检查268家次，比上年的312家次有所减少。"),
])
def test_said_in_words_is_disclosure(name: str, sentence: str) -> None:
    assert check(Draft({"achievements": [sentence]}))[name]["passed"] is True
    assert check(Draft(FULL))[name]["passed"] is False


def test_only_the_checks_of_the_genre_apply() -> None:
    names = set(check(Draft(FULL, genre="work_report", department="临澜县人民政府", code="government")))
    assert "next_plan" in names
    assert not names & {"first_responsible", "on_time", "no_foreign_leftovers", "publicity"}
    assert check(Draft(FULL, genre="plan")) == {}


def test_every_check_has_a_message_and_evidence_where_it_fails() -> None:
    rows = check(Draft(FULL))
    assert set(rows) == set(CHECKS)
    assert all(row["message"] and "{" not in row["message"] for row in rows.values())


def test_failed_checks_of_weight_become_issues() -> None:
    draft = Draft({**FULL, "achievements": ["全年立案12件，其中普通程序9件、简易程序2件。"]})
    from tests.comparisons.drafts import tables_of

    tables = tables_of(draft)
    issues = check_reports(
        tables["documents"], tables["identities"], tables["sections"], tables["sentences"], tables["quantities"],
        store.frame("indicator_values"), store.frame("indicator_candidates"), load_part("check_rules"),
        load_part("departments"), load_part("era_terms"), load_part("genres"))["issues"]
    assert issues.message.str.contains("分项合计11").any()
    assert set(issues.stage) == {"checks"}
    assert not issues.message.str.contains("未披露普法").any()      # only in the table of checks


def test_empty_tables_give_empty_tables() -> None:
    names = ("documents", "identities", "sections", "sentences", "quantities", "indicator_values",
             "indicator_candidates")
    made = check_reports(*(store.frame(name) for name in names), load_part("check_rules"), load_part("departments"),
                         load_part("era_terms"), load_part("genres"))
    assert made["checks"].empty
    assert isinstance(made["issues"], pd.DataFrame)
