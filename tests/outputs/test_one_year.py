"""A corpus of one year and another genre: ranked charts, words of the genre, no themes that were made for another."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from pipeline.outputs.briefing import _choose_charts
from pipeline.outputs.charts.disclosure import disclosure_rates
from pipeline.outputs.charts.indicators import choose_indicators, indicator_heatmap
from pipeline.outputs.charts.ranking import Ranked, order_rows, surely_highest
from pipeline.outputs.charts.scope import lay_out
from pipeline.outputs.charts.stage import build_charts
from pipeline.outputs.frame import Chart, NoChart
from pipeline.outputs.naming import Naming, find_naming
from pipeline.outputs.workbook.sheet import Column, Sheet, name_subject
from pipeline.profiles import load_part
from tests.outputs.chart_tables import (
    BRIEFING,
    DEPARTMENTS,
    DISCLOSURE,
    GENRES,
    INDICATORS,
    RATE,
    document,
    keep,
    make_tables,
)
from tests.outputs.test_charts import only, words

TABLES = keep(make_tables(is_demonstration=False), {document(department, 2023) for department in DEPARTMENTS})
WORK = {**TABLES, "reports": TABLES["reports"].assign(genre="work_report")}
SCOPE = lay_out(WORK["reports"], WORK["coverage"], GENRES)


def row(label: str, low: float | None, high: float | None) -> Ranked:
    return Ranked(label, low, high, "")


class TestRanking:
    chart = only(indicator_heatmap(SCOPE, WORK["indicator_values"], DISCLOSURE))

    def test_headline_says_who_gives_it_and_names_no_highest_that_an_open_bound_forbids(self):
        # 甲局 writes 200以上, which may be more than the 300 of 丙局; 丁局 writes nothing.
        assert self.chart.title == "4份报告中3份写明了“公开条数”，按所写下限丙局最多（300条）"

    def test_rows_are_ranked_and_the_silent_are_named_below(self):
        shown = words(self.chart)
        assert [text for text in shown if text in DEPARTMENTS] == ["丙局", "甲局", "乙局"]
        assert "未披露（1个）：丁局" in shown
        assert "200以上" in shown

    def test_a_certain_highest_is_named(self):
        answers = WORK["indicator_values"].query("document_id != '甲局2023'")
        assert only(indicator_heatmap(SCOPE, answers, DISCLOSURE)).title.endswith("，丙局最多（300条）")

    def test_equal_values_are_no_ranking(self):
        chart = only(indicator_heatmap(SCOPE, WORK["indicator_values"], RATE))
        assert chart.title == "4份报告都写明了“办结率”，都是100%"

    @pytest.mark.parametrize(("rows", "highest"), [
        ([row("甲", 5, 5), row("乙", 3, 3)], ["甲"]),
        ([row("甲", 5, 5), row("乙", 5, 5)], ["甲", "乙"]),
        ([row("甲", 5, 5), row("乙", 4, 6)], []),           # 乙 may be 6
        ([row("甲", 5, 5), row("乙", 3, None)], []),         # nobody knows how much 3以上 is
        ([row("甲", None, 5), row("乙", None, 3)], []),
    ])
    def test_surely_highest(self, rows, highest):
        assert [item.label for item in surely_highest(rows)] == highest

    def test_open_ends_are_ordered_by_what_is_known(self):
        assert [item.label for item in order_rows([row("甲", None, 5), row("乙", 3, None), row("丙", 4, 4)])] == ["甲", "丙", "乙"]


def test_partial_years_are_marked():
    answers = WORK["indicator_values"].copy()
    answers["to_date"] = [None if key != "乙局2023" else "11月底" for key in answers["document_id"]]
    chart = only(indicator_heatmap(SCOPE, answers, DISCLOSURE))
    assert "12*" in words(chart)
    assert "带*的是截至某日的数" in chart.note


def test_words_come_from_the_genre():
    assert find_naming(WORK["reports"], GENRES) == Naming("work_report", "政府工作报告", "地区", False)
    assert SCOPE.source() == "某区4个地区2023年政府工作报告，共4份。"
    chart = only(disclosure_rates(SCOPE, WORK["indicator_values"], INDICATORS))
    assert "每个地区" in chart.note
    assert "部门" not in chart.title + chart.subtitle + chart.note + chart.source


def test_genres_say_how_their_reports_are_compared():
    genres = load_part("genres").by_name
    assert (genres["rule_of_law"].subject, genres["rule_of_law"].has_themes) == ("部门", True)
    assert (genres["work_report"].subject, genres["work_report"].has_themes) == ("地区", False)


def test_themes_made_for_another_genre_are_not_drawn():
    drawn = build_charts(**WORK)
    assert not any(isinstance(chart, Chart) and chart.kind.startswith("theme") for chart in drawn)
    assert "主题目录不是为政府工作报告编的" in next(c.reason for c in drawn if isinstance(c, NoChart) and c.kind == "theme_shares")
    assert any(isinstance(chart, Chart) and chart.kind == "theme_shares" for chart in build_charts(**TABLES))


def test_headline_indicators_come_first_and_rates_may_be_among_them():
    preferred = BRIEFING.headline_indicators["work_report"]
    assert choose_indicators(SCOPE, WORK["indicator_values"], INDICATORS, preferred=preferred) == [RATE, DISCLOSURE]
    assert choose_indicators(SCOPE, WORK["indicator_values"], INDICATORS) == [DISCLOSURE]
    silent = WORK["indicator_values"].query("indicator != 'rate'")
    assert choose_indicators(SCOPE, silent, INDICATORS, preferred=preferred) == [DISCLOSURE]


def test_headline_indicators_exist_in_the_catalogue():
    catalogue = load_part("indicators").by_id
    for genre, keys in load_part("briefing_rules").headline_indicators.items():
        assert all(catalogue[key].genre == genre for key in keys), genre


@pytest.mark.parametrize(("n_pages", "printed"), [(1, 1), (2, 2), (4, 1)])
def test_parts_of_a_chart_are_all_printed_or_said(n_pages, printed):
    def part(page: int) -> Chart:
        return Chart("a", "checklist_matrix", "题", "", "<svg/>", "", "", 1, "", 10.0, page=page, n_pages=n_pages)

    page = SimpleNamespace(charts=("checklist_matrix",), instead=(), most=1)
    found = _choose_charts(page, [part(number) for number in range(1, n_pages + 1)])
    assert len(found) == printed
    assert ("只印第1幅" in found[0]["note"]) == (n_pages > 2)


def test_headings_of_sheets_are_worded_but_not_their_rows():
    sheet = name_subject(Sheet("检查", "每个部门", [Column("部门")], [["部门预算公开"]], ["各部门。"]), "地区")
    assert (sheet.about, sheet.columns[0].header, sheet.notes, sheet.rows) == ("每个地区", "地区", ["各地区。"], [["部门预算公开"]])


def test_no_year_is_lost_when_one_department_has_no_value():
    answers = pd.concat([WORK["indicator_values"].query("document_id != '丁局2023'")])
    assert "未披露（1个）：丁局" in words(only(indicator_heatmap(SCOPE, answers, DISCLOSURE)))
