"""Corpora too small or too uneven to compare: every stage says what it could not do, and none fails."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import pandas as pd
import pytest

from pipeline.comparisons.changes import compare_years
from pipeline.comparisons.commitments import follow_commitments
from pipeline.comparisons.department_wording import weigh_departments
from pipeline.comparisons.new_words import offer_words
from pipeline.comparisons.peers import rank_peers
from pipeline.comparisons.reports import settle_reports
from pipeline.comparisons.reuse import find_reuse
from pipeline.comparisons.reuse_sources import settle_reuse
from pipeline.comparisons.term_sums import sum_terms
from pipeline.comparisons.theme_model import learn_themes
from pipeline.comparisons.themes import assign_themes
from pipeline.comparisons.topics import find_topics
from pipeline.comparisons.trends import follow_terms
from pipeline.comparisons.wording import weigh_terms
from pipeline.measures.indicators import answer_indicators
from pipeline.measures.terms import count_terms
from pipeline.profiles import load_part
from pipeline.settings import Options
from pipeline.tables.store import Tables
from tests.comparisons.drafts import Draft, tables_of

STAGES = (count_terms, answer_indicators, settle_reports, learn_themes, find_topics, offer_words, assign_themes, compare_years,
          weigh_departments, find_reuse, follow_commitments, sum_terms, weigh_terms, follow_terms, rank_peers, settle_reuse)
SAID = {
    "achievements": ["全年作出行政处罚决定86件。", "举办普法活动12场，发放资料3000份。", "审查合同21份。"],
    "problems": ["执法力量不足，主要原因是编制少。"],
    "next_plan": ["开展普法活动不少于15场。"],
}


def compare(*drafts: Draft) -> tuple[dict[str, pd.DataFrame], str]:
    """All tables of the comparisons, and what the issues say."""
    tables: Tables = tables_of(*drafts)
    told: list[str] = []
    for stage in STAGES:
        made = stage(**_arguments(stage, tables))
        told += made.pop("issues")["message"].tolist() if "issues" in made else []
        tables |= made
    return tables, "\n".join(told)


def _arguments(stage: Callable[..., Tables], tables: Tables) -> dict[str, object]:
    named: dict[str, object] = {"options": Options()}
    return {name: named[name] if name in named else tables[name] if name in tables else load_part(name)
            for name in inspect.signature(stage).parameters}


def test_one_report_alone() -> None:
    tables, told = compare(Draft(SAID))
    assert tables["indicator_changes"].empty
    assert tables["peer_ranks"].empty
    assert tables["reuse"].empty
    assert set(tables["commitments"].outcome) == {"no_next_report"}
    assert "2022年度的报告，没有可作的年度比较" in told
    assert "只有一组" in told


def test_one_year_of_two_departments() -> None:
    tables, told = compare(Draft(SAID), Draft(SAID, department="澜山区水务局", code="water"))
    assert tables["indicator_changes"].empty
    assert set(tables["commitments"].outcome) == {"no_next_report"}
    assert "没有可作的年度比较" in told


def test_a_year_is_missing_in_between() -> None:
    tables, _ = compare(Draft(SAID, year=2020), Draft(SAID, year=2022))
    changes = tables["indicator_changes"]
    assert set(changes.why_not) == {"上年缺报告"}
    assert not changes.comparable.any()
    assert set(tables["commitments"].outcome) == {"no_next_report"}


def test_two_reports_of_one_department_and_year() -> None:
    first = Draft(SAID, signed_date="2023-01-10")
    second = Draft({**SAID, "achievements": ["全年作出行政处罚决定88件。"]}, signed_date="2023-02-10", code="transport",
                   title="关于2022年度法治政府建设情况的报告")
    tables = tables_of(first)
    later = tables_of(second)
    for name, frame in later.items():
        frame = frame.assign(document_id="later") if "document_id" in frame else frame
        tables[name] = pd.concat([tables[name], frame], ignore_index=True)
    made = settle_reports(**_arguments(settle_reports, tables))
    compared = made["reports"][made["reports"].is_compared.fillna(False).astype(bool)]
    assert compared.document_id.tolist() == ["later"]
    assert made["issues"].message.str.contains("另有一份报告").any()


def test_no_shortcomings_anywhere() -> None:
    silent = {role: said for role, said in SAID.items() if role != "problems"}
    tables, _ = compare(Draft(silent, year=2021), Draft(silent, year=2022))
    assert tables["recurring_problems"].empty
    assert len(tables["commitments"]) == 2


@pytest.mark.parametrize("drafts", [(), (Draft({}),)])
def test_nothing_said_at_all(drafts: tuple[Draft, ...]) -> None:
    tables, _ = compare(*drafts)
    assert tables["reuse"].empty
    assert tables["commitments"].empty
