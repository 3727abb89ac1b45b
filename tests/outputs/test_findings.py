"""Findings say what the tables say: counted here by other means, and absent where the tables do not bear them."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import pipeline
from pipeline.errors import KnowledgeError
from pipeline.outputs.findings import FACTS, Finding, find_findings, gather, list_names
from pipeline.outputs.naming import find_naming
from pipeline.outputs.places import Places
from pipeline.profiles import load_part
from pipeline.profiles.briefing import load_briefing_rules
from pipeline.settings import KNOWLEDGE, Folders


def findings_of(tables, **replaced: pd.DataFrame) -> dict[str, Finding]:
    table = {name: replaced.get(name, tables[name]) for name in
             ("reports", "coverage", "indicator_values", "indicator_changes", "reuse_shares", "reuse", "commitments", "checks")}
    places = Places(tables.documents, tables.sections, tables.sentences, tables.blocks)
    material = gather(*table.values(), places, load_part("check_rules"), load_part("indicators"),
                      replaced.get("quantities", tables["quantities"]), find_naming(table["reports"], load_part("genres")))
    rules = load_part("briefing_rules")
    return {finding.id: finding for finding in find_findings(material, rules)}


@pytest.fixture(scope="module")
def tables(demo_run: Folders) -> pipeline.api.TableSet:
    return pipeline.load(demo_run.processed)


def test_every_rule_has_a_fact_and_every_fact_a_rule() -> None:
    assert {rule.id for rule in load_part("briefing_rules").findings} == set(FACTS)


def test_missing_reports_are_counted_and_named(tables) -> None:
    text = findings_of(tables)["coverage"].text
    assert "9个部门应有36份" in text
    assert "收到35份，缺1份：财政局2021年度" in text


def test_contradictions_lead_to_their_words(tables) -> None:
    finding = findings_of(tables)["contradictions"]
    checks = tables.checks
    failed = checks[checks["check"].isin(["sums_agree", "values_agree", "rates_agree"]) & (checks["passed"] == False)]  # noqa: E712
    assert f"有{len(failed)}项数字核对不符" in finding.text
    assert len(finding.evidence) == len(failed)
    both = {(item.quote.count("2,215"), item.other_quote.count("2,251")) for item in finding.evidence}
    assert (1, 1) in both                     # both sides of a contradiction are quoted, each where it stands
    years = [int(year) for year in re.findall(r"(\d{4})年度", finding.text)]
    assert years == sorted(years, reverse=True)      # the latest first
    assert any("43件，其中普通程序31件、简易程序14件" in item.quote for item in finding.evidence)


def test_commitments_add_up(tables) -> None:
    text = findings_of(tables)["commitments"].text
    pattern = (r"有(\d+)项：已见回应(\d+)项，部分回应(\d+)项，"
               r"程序未找到回应(\d+)项（其中\d+项写有数量），无法核对(\d+)项")
    total, *parts = map(int, re.search(pattern, text).groups())
    assert total == sum(parts)
    assert "不说明没有做" in text


def test_disputes_say_who_states_0_and_what_both_years_sum_up_to(tables) -> None:
    text = findings_of(tables)["disputes"].text
    values = tables.indicator_values.merge(tables.reports[["document_id", "department_short", "report_year"]], on="document_id")
    own = values[values["indicator"] == "reconsideration_respondent_count"]
    whole = own[own["state"].isin(["value", "zero", "corrected"]) & own["to_date"].isna() & (own["low"] == own["high"])]
    both = whole.pivot(index="department_short", columns="report_year", values="low")[[2022, 2023]].dropna()
    assert f"的{len(both)}个部门合计由2022年度的{both[2022].sum():.0f}件降至{both[2023].sum():.0f}件" in text
    zeros = own[(own["report_year"] == 2023) & (own["state"] == "zero")]["department_short"]
    assert all(name in text for name in zeros)
    assert "财政局〔截至11月底〕" in text            # a 0 of eleven months is not one of twelve
    lost = values[(values["indicator"] == "litigation_lost_count") & (values["report_year"] == 2023)]
    silent = set(lost[lost["state"] == "not_disclosed"]["department_short"])
    sued = values[(values["indicator"] == "litigation_case_count") & (values["report_year"] == 2023) & (values["low"] > 0)]
    named = text[text.index("而未写明败诉件数的"):].split("。")[0]
    assert {name for name in silent if name in named} == silent & set(sued["department_short"])


def test_every_finding_leads_to_evidence_or_a_sheet(tables) -> None:
    for finding in findings_of(tables).values():
        assert finding.evidence or finding.sheet, finding.id
    reuse = findings_of(tables)["reuse"]
    assert reuse.evidence[0].document_id
    assert "逐字相同" in reuse.evidence[0].place + reuse.evidence[0].says


def test_without_earlier_years_nothing_is_compared(tables) -> None:
    reports = tables.reports
    reports.loc[reports["report_year"] != 2023, "is_compared"] = False
    found = findings_of(tables, reports=reports)
    assert not {"vanished", "commitments"} & set(found)


def test_nothing_failed_gives_no_sentence_of_failure(tables) -> None:
    checks = tables.checks
    checks["passed"] = pd.array([True] * len(checks), dtype="boolean")
    found = findings_of(tables, checks=checks)
    assert not {"doubts", "contradictions", "required"} & set(found)
    assert found["coverage"].text.endswith("规定内容均已具备。")


def test_no_report_gives_no_finding(tables) -> None:
    reports = tables.reports
    reports["is_compared"] = pd.array([False] * len(reports), dtype="boolean")
    assert findings_of(tables, reports=reports) == {}


def test_long_lists_are_counted() -> None:
    assert list_names("甲乙丙") == "甲、乙、丙"
    assert list_names("甲乙丙丁戊己庚") == "甲、乙、丙、丁、戊、己、庚"        # one more is named, not counted
    assert list_names("甲乙丙丁戊己庚辛") == "甲、乙、丙、丁、戊、己等8个"
    assert list_names(["某市某区人力资源和社会保障局"] * 9).count("保障局") == 3      # of long names fewer


def test_a_wrong_placeholder_is_named_with_its_line(tmp_path) -> None:
    text = (KNOWLEDGE / "briefing.yml").read_text(encoding="utf-8")
    (tmp_path / "briefing.yml").write_text(text.replace("{n_departments}个", "{n departments}个", 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"briefing\.yml 第\d+行"):
        load_briefing_rules(tmp_path)
