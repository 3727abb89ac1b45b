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
    assert finding.text.index("2023年度") < finding.text.index("2020年度")      # the latest first
    assert any("43件，其中普通程序31件、简易程序14件" in item.quote for item in finding.evidence)


def test_commitments_add_up(tables) -> None:
    text = findings_of(tables)["commitments"].text
    pattern = (r"有(\d+)项：已见回应(\d+)项，部分回应(\d+)项，"
               r"程序未找到回应(\d+)项（其中\d+项写有数量），无法核对(\d+)项")
    total, *parts = map(int, re.search(pattern, text).groups())
    assert total == sum(parts)
    assert "不说明没有做" in text


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


def test_a_wrong_placeholder_is_named_with_its_line(tmp_path) -> None:
    text = (KNOWLEDGE / "briefing.yml").read_text(encoding="utf-8")
    (tmp_path / "briefing.yml").write_text(text.replace("{n_departments}个", "{n departments}个", 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"briefing\.yml 第\d+行"):
        load_briefing_rules(tmp_path)
