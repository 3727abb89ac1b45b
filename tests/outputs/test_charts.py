"""Headlines, states and robustness of every chart, on tables small enough to reckon by hand (chart_tables)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

import pandas as pd
import pytest

from pipeline.outputs.charts.changes import indicator_change
from pipeline.outputs.charts.checks import checklist_matrix
from pipeline.outputs.charts.classes import choose_breaks, class_labels
from pipeline.outputs.charts.commitments import commitment_outcomes
from pipeline.outputs.charts.density import quantity_density
from pipeline.outputs.charts.disclosure import disclosure_rates
from pipeline.outputs.charts.indicators import choose_indicators, indicator_heatmap
from pipeline.outputs.charts.reuse import reuse_matrix
from pipeline.outputs.charts.scope import Room, choose_rows, lay_out, split_pages
from pipeline.outputs.charts.stage import build_charts, draw_charts
from pipeline.outputs.charts.terms import department_terms, year_terms
from pipeline.outputs.charts.themes import theme_departments, theme_shares
from pipeline.outputs.frame import Chart, NoChart, render_pdf
from tests.outputs.chart_tables import (
    DISCLOSURE,
    FINES,
    INDICATORS,
    RATE,
    RULES,
    THEMES,
    YEARS,
    document,
    keep,
    make_tables,
)
from tests.outputs.test_frame import read_text

TABLES = make_tables()
SCOPE = lay_out(TABLES["reports"], TABLES["coverage"])


def words(chart: Chart) -> list[str]:
    """The texts in the body of a chart, in drawing order."""
    return re.findall(r">([^<>\n]+)</text>", chart.body_svg)


def only(result: list[Chart] | NoChart) -> Chart:
    assert isinstance(result, list), result
    assert len(result) == 1
    return result[0]


class TestIndicatorHeatmap:
    chart = only(indicator_heatmap(SCOPE, TABLES["indicator_values"], DISCLOSURE))

    def test_headline_counts_disclosure(self):
        values = TABLES["indicator_values"].query("indicator == 'disclosure' and state != 'na'")
        n_silent = int((values["state"] == "not_disclosed").sum())
        silent = {document_id[:2] for document_id in values.query("state == 'not_disclosed'")["document_id"]}
        assert (len(values), n_silent, 4 - len(silent)) == (10, 2, 2)
        assert self.chart.title == "4个部门中2个在每份报告里都写明了“公开条数”，10份报告中2份未披露"

    def test_every_state_stands_in_the_body(self):
        shown = words(self.chart)
        for text in ("120", "80余", "200以上", "0", "未披露", "不适用", "待核"):
            assert text in shown
        assert shown.count("未披露") == 3        # two cells and the legend
        assert "缺报告" in shown                  # legend of the dash

    def test_hatching_and_frames_tell_states_apart_without_colour(self):
        assert "<pattern" in self.chart.body_svg
        assert "stroke-dasharray" in self.chart.body_svg

    def test_rows_follow_the_latest_value(self):
        shown = [text for text in words(self.chart) if text in ("甲局", "乙局", "丙局", "丁局")]
        assert shown == ["丙局", "甲局", "乙局", "丁局"]

    def test_frame_says_measure_unit_period_order_source_and_number(self):
        assert self.chart.subtitle == "主动公开条数（条），2021—2023年；部门按2023年数值从大到小排列"
        assert "共11份，缺1份" in self.chart.source
        assert self.chart.n == 11
        assert self.chart.rows == "“部门年度”表，“指标”＝“主动公开条数”。"      # where its figures stand in the workbook

    def test_nothing_written_gives_no_chart(self):
        result = indicator_heatmap(SCOPE, TABLES["indicator_values"], FINES)
        assert result == NoChart("indicator_heatmap", "没有报告写明罚没金额")

    def test_rates_and_silent_indicators_are_not_chosen(self):
        assert choose_indicators(SCOPE, TABLES["indicator_values"], INDICATORS) == [DISCLOSURE]


class TestIndicatorChange:
    chart = only(indicator_change(SCOPE, TABLES["indicator_values"], TABLES["indicator_changes"], DISCLOSURE))

    def test_headline_names_no_largest_where_an_open_bound_forbids_it(self):
        # 丙局 moved by 500 %, but 甲局's 200以上 has no upper end: nobody is certainly first.
        assert self.chart.title == "“公开条数”：2个部门上升，其中丙局由50条（待核）升至300条"

    def test_verdicts_and_intervals(self):
        shown = words(self.chart)
        for text in ("升122%以上", "升500%", "不可比", "80余", "200以上", "2022年未披露"):
            assert text in shown
        assert "另有1个部门两年都没有写明" in self.chart.note      # 丁局

    def test_a_certain_largest_change_is_named(self):
        changes = TABLES["indicator_changes"].query("department_code != '甲局'")
        chart = only(indicator_change(SCOPE, TABLES["indicator_values"], changes, DISCLOSURE))
        assert chart.title == "“公开条数”：1个部门上升，丙局升幅最大（由50条（待核）升至300条）"

    def test_percentages_of_a_handful_name_no_leader(self):
        answers = TABLES["indicator_values"].replace({"low": {50.0: 2.0}, "high": {50.0: 2.0}})
        changes = TABLES["indicator_changes"].query("department_code == '丙局'")
        chart = only(indicator_change(SCOPE, answers, changes, DISCLOSURE))
        assert chart.title == "“公开条数”：1个部门上升"
        assert "上年不足10的只比件数，不比幅度" in chart.note
        assert "升298件" not in words(chart)     # the change of the table still says 500 %: its base is 50 there

    def test_one_year_gives_a_reason(self):
        tables = keep(TABLES, {document("甲局", 2023)})
        scope = lay_out(tables["reports"], tables["coverage"])
        result = indicator_change(scope, tables["indicator_values"], tables["indicator_changes"], DISCLOSURE)
        assert isinstance(result, NoChart)
        assert "没有上年可比" in result.reason

    def test_rates_change_by_points(self):
        changes = TABLES["indicator_changes"].iloc[[1]].assign(
            indicator="rate", change_low=1.5, change_high=1.5, change_pct_low=float("nan"), change_pct_high=float("nan"))
        chart = only(indicator_change(SCOPE, TABLES["indicator_values"], changes, RATE))
        assert "升1.5个百分点" in words(chart)


class TestThemes:
    def test_headline_names_the_theme_that_moved_most(self):
        # Departments with reports in 2021 and 2023: all four; mean 执法 (20+20+20+20)/4 → (30+20+20+20)/4.
        chart = only(theme_shares(SCOPE, TABLES["themes"], THEMES))
        assert chart.title == "“执法”的篇幅升幅最大：平均占比由2021年的20.0%升至2023年的22.5%"
        assert "+2.5" in words(chart)

    def test_no_move_is_no_finding(self):
        steady = TABLES["themes"].assign(share=0.2)
        chart = only(theme_shares(SCOPE, steady, THEMES))
        assert chart.title == "各主题篇幅的变化都不到1个百分点"

    def test_departments_on_the_theme_that_moved_most(self):
        chart = only(theme_departments(SCOPE, TABLES["themes"], THEMES))
        assert chart.title == "“执法”的篇幅：1个部门上升，甲局升幅最大（20.0%→30.0%）"
        assert "缺" in words(chart)               # 丁局 2022: a gap, not a bridge

    def test_one_year_is_ranked(self):
        tables = keep(TABLES, {document(d, 2023) for d in ("甲局", "乙局")})
        scope = lay_out(tables["reports"], tables["coverage"])
        chart = only(theme_shares(scope, tables["themes"], THEMES))
        assert chart.title == "“执法”的篇幅最大，平均占25.0%"
        assert isinstance(theme_departments(scope, tables["themes"], THEMES), NoChart)


class TestTerms:
    def test_departments(self):
        # z of rank 1 is 5.0 + 0.1 × place of the department: 丁局 is first.
        chart = only(department_terms(SCOPE, TABLES["key_terms"]))
        assert chart.title == "比其他部门用得最突出的词：丁局“词丁1”（19次）、丙局“词丙1”（19次）、乙局“词乙1”（19次）"
        assert {"5.3", "19", "次数"} <= set(words(chart))

    def test_years(self):
        assert only(year_terms(SCOPE, TABLES["key_terms"])).title == "2023年报告比其他年度多用的词：“年词2023”（7次）"

    def test_insignificant_words_make_no_finding(self):
        weak = TABLES["key_terms"].assign(log_odds_z=1.2)
        assert only(department_terms(SCOPE, weak)).title == "各部门用词情况"

    def test_no_words_give_a_reason(self):
        assert isinstance(department_terms(SCOPE, TABLES["key_terms"].iloc[:0]), NoChart)


class TestReuse:
    chart = only(reuse_matrix(SCOPE, TABLES["reuse_shares"]))

    def test_headline_is_the_highest_share(self):
        highest = TABLES["reuse_shares"].sort_values("share_pct").iloc[-1]
        assert (highest["document_id"], highest["share_pct"]) == ("丙局2023", 66.0)
        assert self.chart.title == "丙局2023年报告可比的50句中33句（66%）与本部门更早的报告相同或相近，在7份报告中比重最高"
        assert "“可比句子”" in self.chart.note or "可比句子为" in self.chart.note      # said once what is comparable
        assert self.chart.rows == "“沿用比例”表，“来自”＝“本部门更早年度”。"

    def test_a_handful_of_sentences_is_counted_not_shared(self):
        few = TABLES["reuse_shares"].assign(n_reused=[3, 0, 1, 0, 3, 0, 0], share_pct=[6.0, 0, 2.0, 0, 6.0, 0, 0])
        assert only(reuse_matrix(SCOPE, few)).title == "7份报告中3份有句子与本部门更早的报告相同或相近，最多的一份3句"

    def test_nothing_to_compare_with_is_not_zero_percent(self):
        shares = TABLES["reuse_shares"].query("document_id != '丁局2023'")
        shown = words(only(reuse_matrix(SCOPE, shares)))
        assert shown.count("上年缺") == 2          # 丁局 2023 and the legend
        assert "0" in shown                        # 甲局 2023 really repeats nothing

    def test_years_without_any_comparison_are_left_out(self):
        assert "2021" not in words(self.chart)

    def test_ties_are_not_called_the_highest_of_one(self):
        tied = TABLES["reuse_shares"].assign(share_pct=30.0, n_reused=15)
        assert only(reuse_matrix(SCOPE, tied)).title == "7份报告中7份有30%的可比句子与本部门更早的报告相同或相近，同为最高"

    def test_no_earlier_report_gives_a_reason(self):
        assert isinstance(reuse_matrix(SCOPE, TABLES["reuse_shares"].iloc[:0]), NoChart)


class TestChecks:
    chart = only(checklist_matrix(SCOPE, TABLES["checks"], RULES))

    def test_headline_counts_failed_required_checks(self):
        serious = TABLES["checks"][TABLES["checks"]["level"] == "必"]
        failed = serious[serious["passed"].eq(False).fillna(False)]
        assert (failed["document_id"].nunique(), failed["check"].value_counts().to_dict()) == (
            2, {"on_time": 2, "problems": 1})
        assert self.chart.title == "2023年度4份报告中1份必备内容不全，2份有时间、年份、数字或用语上的疑点，“按时公开”未通过最多（2份）"

    def test_four_results_differ_without_colour(self):
        shown = words(self.chart)
        assert shown.count("×") == 4 + 2            # cells, and legend of failed and lacking
        assert shown.count("?") == 1 + 1
        assert "未见（应有或惯例）" in shown

    def test_ties_are_named_together(self):
        table = TABLES["checks"].query("document_id != '乙局2023'")
        assert "“存在的不足”“按时公开”未通过最多（各1份）" in only(checklist_matrix(SCOPE, table, RULES)).title


def test_density_headline():
    # 10 + 2 × place of the department + years since 2021
    chart = only(quantity_density(SCOPE, TABLES["text_stats"]))
    assert chart.title == "2023年报告每千字写明的量化数据，丁局最多（18.0个），甲局最少（12.0个）"


def test_disclosure_rates():
    chart = only(disclosure_rates(SCOPE, TABLES["indicator_values"], INDICATORS))
    # 2023: of three indicators 甲乙丙 answer two, 丁 one.
    # 2022: 甲 two, 乙 one, 丙 two; so only 乙 moved.
    assert chart.title == "2023年写明的指标比上年，乙局增加最多（33%→67%）"
    assert "新披露1项，不再披露0项" in words(chart)      # 乙局
    assert "上年缺报告" in words(chart)              # 丁局


def test_commitments():
    chart = only(commitment_outcomes(SCOPE, TABLES["commitments"]))
    assert chart.title == "2021—2022年报告安排的7项工作中，2项程序未在次年报告里找到回应"
    assert "不等于没有做" in chart.note
    assert "共6项" in words(chart)
    assert "待次年1项" in words(chart)             # 甲局 2023: there is no 2024 yet
    gap = TABLES["commitments"].query("document_id == '乙局2022'").assign(document_id="丁局2021", outcome="no_next_report")
    assert "次年缺报告1项" in words(only(commitment_outcomes(SCOPE, pd.concat([TABLES["commitments"], gap]))))
    waiting = TABLES["commitments"].query("outcome == 'no_next_report'")
    assert isinstance(commitment_outcomes(SCOPE, waiting), NoChart)


def test_classes_hold_round_breaks():
    breaks = choose_breaks([3, 8, 12, 25, 40, 60, 75, 130, 300, 900])
    assert breaks == (12, 40, 80, 300)
    assert class_labels(breaks, True) == ["1～11", "12～39", "40～79", "80～299", "300及以上"]
    assert class_labels((20.0, 35.0), False, "%") == ["不足20%", "20%～35%", "35%及以上"]
    assert class_labels((0.5,), False, "%") == ["不足0.5%", "0.5%及以上"]
    assert choose_breaks([5, 5, 5]) == ()


def test_of_very_many_departments_the_ends_are_shown_and_the_rest_is_counted():
    scope = replace(SCOPE, room=Room(pages=1, ends=0.4))
    few = choose_rows(list(range(25)), scope)
    assert (few.pages, few.gap, few.words) == ([list(range(25))], 0, "")
    many = choose_rows(list(range(300)), scope, has=lambda number: number % 2 == 0)      # 150 have something to show
    assert many.pages == [[0, 2, 4, 6, 8, 10, 292, 294, 296, 298]]
    assert many.gap == 6
    assert many.words == "共300个部门，有本年数的有150个，图中只列按上述次序最前的6个和最后的4个，其余见工作簿。"
    assert choose_rows(list(range(300)), scope, from_both_ends=False).pages == [list(range(10))]


def test_a_chart_of_many_departments_stays_one_page():
    scope = lay_out(TABLES["reports"], TABLES["coverage"], room=Room(pages=0, ends=0.08))       # room for two of four
    charts = [only(indicator_heatmap(scope, TABLES["indicator_values"], DISCLOSURE)), only(quantity_density(scope, TABLES["text_stats"])),
              only(reuse_matrix(scope, TABLES["reuse_shares"])), only(commitment_outcomes(scope, TABLES["commitments"])),
              only(indicator_change(scope, TABLES["indicator_values"], TABLES["indicator_changes"], DISCLOSURE))]
    for chart in charts:
        assert "其余见工作簿" in chart.note, chart.kind
        assert len({word for word in words(chart) if word in ("甲局", "乙局", "丙局", "丁局")}) <= 2
    # The headline still speaks of all of them.
    assert charts[0].title == TestIndicatorHeatmap.chart.title


def test_pages_are_even_and_bounded():
    pages, n_left_out = split_pages(list(range(60)))
    assert [len(page) for page in pages] == [20, 20, 20]
    assert split_pages(list(range(130)))[1] == 30
    assert n_left_out == 0


def test_a_department_is_not_missing_before_it_existed():
    coverage = TABLES["coverage"].query("not (department_code == '丁局' and report_year == 2022)")
    scope = lay_out(TABLES["reports"], coverage)
    assert "缺" not in scope.source()
    chart = only(indicator_heatmap(scope, TABLES["indicator_values"], DISCLOSURE))
    assert "缺报告" not in words(chart)


def test_equal_short_names_are_told_apart_by_region():
    reports = TABLES["reports"].assign(department_short="教育局", region=TABLES["reports"]["department_code"].str[0] + "市")
    coverage = TABLES["coverage"].assign(department_short="教育局", region=TABLES["coverage"]["department_code"].str[0] + "市")
    assert {department.label for department in lay_out(reports, coverage).departments} == {"甲市", "乙市", "丙市", "丁市"}


def test_only_compared_reports_count():
    reports = TABLES["reports"].assign(is_compared=TABLES["reports"]["department_code"] != "甲局")
    assert [department.label for department in lay_out(reports, TABLES["coverage"]).departments] == ["丁局", "丙局", "乙局"]
    assert lay_out(TABLES["reports"].assign(is_compared=False), TABLES["coverage"]) is None


def test_all_charts_are_drawn_and_listed():
    charts = [chart for chart in build_charts(**TABLES) if isinstance(chart, Chart)]
    kinds = {chart.kind for chart in charts}
    assert {"indicator_heatmap", "indicator_change", "theme_shares", "theme_departments", "department_terms", "year_terms",
            "reuse_matrix", "checklist_matrix", "quantity_density", "disclosure_rates", "commitment_outcomes"} <= kinds
    assert len({chart.name for chart in charts}) == len(charts)
    assert all(chart.alt and chart.source and chart.is_demonstration for chart in charts)


def test_same_tables_same_bytes_whatever_the_row_order():
    first = draw_charts(**TABLES)
    shuffled = {name: table.iloc[::-1] if isinstance(table, pd.DataFrame) else table for name, table in TABLES.items()}
    second = draw_charts(**shuffled)
    assert {name: hashlib.md5(content).hexdigest() for name, content in first.items()} == {
        name: hashlib.md5(content).hexdigest() for name, content in second.items()}
    assert "未画（reuse_other_matrix）" in first["charts/图表目录.txt"].decode()


@pytest.mark.parametrize("documents", [
    {document("甲局", 2023)},
    {document("甲局", year) for year in YEARS},
    {document(department, 2023) for department in ("甲局", "乙局", "丙局", "丁局")},
])
def test_one_report_one_department_one_year_still_draw(documents):
    drawn = build_charts(**keep(TABLES, documents))
    assert any(isinstance(chart, Chart) for chart in drawn)
    assert all(chart.reason for chart in drawn if isinstance(chart, NoChart))


def test_no_report_gives_a_reason():
    empty = {name: table.iloc[:0] if isinstance(table, pd.DataFrame) else table for name, table in TABLES.items()}
    assert build_charts(**empty) == [NoChart("all", "没有可比较的报告")]
    assert list(draw_charts(**empty)) == ["charts/图表目录.txt"]


def test_hostile_names_are_shown_literally():
    names = {"甲局": "$x_1$ *局* #read(1)", "乙局": "<b>&局\x00\ue001", "丙局": "超长名称" * 12, "丁局": "局\n换行"}
    charts = [chart for chart in build_charts(**make_tables(names)) if isinstance(chart, Chart)]
    heatmap = next(chart for chart in charts if chart.kind == "indicator_heatmap")
    text = read_text(render_pdf(heatmap))
    assert "$x_1$ *局* #read(1)" in text
    assert "<b>&局〓〓" in text
    assert "“〓”代替字库没有的字（U+0000、U+E001）" in text
    for chart in charts:
        render_pdf(chart)
