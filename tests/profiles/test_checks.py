"""checks.yml, era_terms.csv and boilerplate.csv: what they hold, and mistakes named by line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.errors import KnowledgeError
from pipeline.profiles.boilerplate import load_boilerplate
from pipeline.profiles.checks import CHECKS, load_check_rules
from pipeline.profiles.departments import load_departments
from pipeline.profiles.era_terms import load_era_terms
from pipeline.profiles.indicators import load_indicators
from pipeline.settings import KNOWLEDGE


def test_every_check_is_described_once_with_its_basis() -> None:
    rules = load_check_rules(KNOWLEDGE).all
    assert sorted(rule.id for rule in rules) == sorted(CHECKS)
    assert all(rule.basis and rule.applies_to for rule in rules)


def test_departments_and_indicators_named_in_the_rules_exist() -> None:
    rules = load_check_rules(KNOWLEDGE)
    codes = set(load_departments(KNOWLEDGE).by_code)
    assert {code for topic in rules.leftovers.topics for code in (topic.code, *topic.near)} <= codes
    assert {name for rule in rules.all for name in rule.indicators} <= set(load_indicators(KNOWLEDGE).by_id)


@pytest.mark.parametrize(("was", "now", "problem"), [
    ("  - id: achievements", "  - id: achievement", "achievements"),             # did you mean
    ("    level: 必", "    level: 必须", "必、应、可、警"),
    ("（{year}年度）", "（{years}年度）", "year"),
    ("'(?:未|没有|无)[^，。；]{0,10}规范性文件'", "'(?:未|没有|无[^，。；]{0,10}规范性文件'", "正则表达式"),
    ("cause_words:", "cause_word:", "cause_words"),
])
def test_a_mistake_in_the_rules_is_named(tmp_path: Path, was: str, now: str, problem: str) -> None:
    text = (KNOWLEDGE / "checks.yml").read_text(encoding="utf-8")
    assert was in text
    (tmp_path / "checks.yml").write_text(text.replace(was, now, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=re.escape(problem)) as error:
        load_check_rules(tmp_path)
    assert "checks.yml" in str(error.value)


@pytest.mark.parametrize(("row", "problem"), [
    ("七五普法,二〇一六,2020,,,", "first_year"),
    ("七五普法,2021,2020,,,", "晚于"),
    ("(七五普法,2016,2020,,,", "正则表达式"),
])
def test_a_mistake_in_the_terms_is_named(tmp_path: Path, row: str, problem: str) -> None:
    (tmp_path / "era_terms.csv").write_text(f"term,first_year,last_year,instead,unless,note\n{row}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=problem) as error:
        load_era_terms(tmp_path)
    assert "第2行" in str(error.value)


def test_terms_are_stale_after_their_last_year() -> None:
    terms = load_era_terms(KNOWLEDGE).all
    publicity = next(term for term in terms if term.pattern.search("“七五”普法规划"))
    assert publicity.is_stale(2021)
    assert not publicity.is_stale(2020)


@pytest.mark.parametrize(("sentence", "is_stock"), [
    ("现将我局2022年度法治政府建设工作情况报告如下：", True),
    ("特此报告。", True),
    ("围绕目标，重点抓好以下工作：", True),
    ("将依法行政纳入科室年度考核，对进展缓慢的事项限期整改。", False),
])
def test_formulas(sentence: str, is_stock: bool) -> None:
    assert load_boilerplate(KNOWLEDGE).is_stock(sentence) is is_stock


def test_a_kind_of_boilerplate_that_does_not_exist_is_named(tmp_path: Path) -> None:
    (tmp_path / "boilerplate.csv").write_text("kind,pattern\nsentense,特此报告\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="sentence"):
        load_boilerplate(tmp_path)
