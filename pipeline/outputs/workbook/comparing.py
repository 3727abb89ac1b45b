"""Sheets that lay figures side by side: 年度变化, 同类位次, 主题占比, 主题区间, 特征词, 篇幅."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.outputs.names import DIRECTION_LABELS, GROUPING_LABELS, PEER_LABELS, label, yes_no
from pipeline.outputs.places import rows_of
from pipeline.outputs.values import VERDICT_LABELS, write_bounds, write_change
from pipeline.outputs.workbook.answers import ANSWERS, Answer, Answers, answer_cell
from pipeline.outputs.workbook.cells import Cell
from pipeline.outputs.workbook.context import Context
from pipeline.outputs.workbook.sheet import ROWS_PER_SHEET, Column, Sheet, link_to


def _linked(context: Context, answers: Answers, document_id: str | None, indicator: str) -> tuple[Cell, Answer | None]:
    """The answer of a document, linked to its evidence."""
    if document_id is None:
        return answer_cell(None), None
    answer = answers.get((document_id, indicator))
    row = context.answer_rows.get((document_id, indicator))
    has_passage = row is not None and answer is not None and answer.is_answered
    return answer_cell(answer, link_to(ANSWERS, row) if has_passage else ""), answer


def _difference(low: float | None, high: float | None) -> Cell:
    """A change as a number where it is one, else as a range."""
    if low is None and high is None:
        return Cell(None, "number")
    if low is not None and low == high:
        shown = "+#,##0;-#,##0;0" if float(low).is_integer() else "+#,##0.0#;-#,##0.0#;0"
        return Cell(low, "number", number_format=shown)
    return Cell(write_bounds(low, high), "approximate")


def build_changes(context: Context, indicator_changes: pd.DataFrame, answers: Answers) -> Sheet:
    """Sheet 年度变化: every indicator of every department against the year before."""
    columns = [
        Column("部门", widest=24), Column("年度", "year"), Column("主题", widest=23), Column("指标", widest=32),
        Column("单位", "middle"), Column("上年", "answer", width=11), Column("本年", "answer", width=11),
        Column("增减", "number", width=11), Column("变化", "middle", width=16), Column("判断", "middle"),
        Column("可比", "middle"), Column("不可比的原因", "free", widest=30), Column("附注", "free", widest=36),
        Column("上年下限", "number"), Column("上年上限", "number"), Column("本年下限", "number"), Column("本年上限", "number"),
        Column("增减下限", "number"), Column("增减上限", "number"), Column("增幅下限%", "percent"), Column("增幅上限%", "percent"),
        Column("文件编号", "code", width=15), Column("指标编号", "code", width=22)]
    names = ("document_id", "previous_document_id", "indicator", "report_year", "department", "previous_low", "previous_high",
             "low", "high", "change_low", "change_high", "change_pct_low", "change_pct_high", "verdict", "comparable",
             "why_not", "note")
    found = list(zip(rows_of(indicator_changes, *names), indicator_changes.itertuples(index=False), strict=True))
    last = len(context.indicators)
    found.sort(key=lambda pair: (context.report_order(pair[0][0])[:1], context.indicator_order.get(pair[0][2], last), pair[0][3]))
    rows = []
    for row, change in found[:ROWS_PER_SHEET]:
        (document_id, previous_id, indicator, year, department, previous_low, previous_high, low, high, change_low,
         change_high, pct_low, pct_high, verdict, comparable, why_not, note) = row
        now, answer = _linked(context, answers, document_id, indicator)
        before, previous = _linked(context, answers, previous_id, indicator)
        unit = (answer.unit if answer else None) or (previous.unit if previous else None) or ""
        name = context.named(document_id)[0] if document_id in context.reports else department
        rows.append([
            name, year, context.indicator_theme(indicator), context.indicator_name(indicator), unit, before, now,
            _difference(change_low, change_high), write_change(change, unit) if comparable else None,
            label(VERDICT_LABELS, verdict), yes_no(comparable), why_not, note, previous_low, previous_high, low, high,
            change_low, change_high, pct_low, pct_high, document_id, indicator])
    notes = ["同一部门同一指标本年与上年相比，按区间运算：约数相减得一个范围；两个区间相交时写“不能判定”；一年未披露、缺报告或口径变化时写"
             "“不可比”，不算增减。点数值到“指标明细”。"]
    return Sheet("年度变化", "与上年相比升、降、持平、不能判定或不可比，附原因", columns, rows, notes, frozen_columns=4,
                 n_found=len(found), whole_table="indicator_changes", printed_columns=13)


def build_ranks(context: Context, peer_ranks: pd.DataFrame, answers: Answers) -> Sheet:
    """Sheet 同类位次: the range of ranks that each department can have."""
    columns = [
        Column("年度", "year"), Column("主题", widest=23), Column("指标", widest=32), Column("比较范围", "middle", widest=16),
        Column("部门", widest=24), Column("数值", "answer", width=11), Column("单位", "middle"), Column("位次", "middle", width=9),
        Column("参比数", "number", width=9), Column("方向", "middle", width=10), Column("最好位次", "number"),
        Column("最差位次", "number"), Column("下限", "number"), Column("上限", "number"), Column("文件编号", "code", width=15),
        Column("指标编号", "code", width=22)]
    names = ("report_year", "indicator", "peer_group", "department", "document_id", "rank_low", "rank_high", "n_peers", "low", "high")
    last = len(context.indicators)
    directions = {indicator.id: indicator.direction for indicator in context.indicators}
    n_at = Counter((row[0], row[1], row[2], row[5]) for row in rows_of(peer_ranks, *names) if row[5] == row[6])
    found = sorted(rows_of(peer_ranks, *names), key=lambda row: (
        -row[0], context.indicator_order.get(row[1], last), row[2] or "", row[5] or 0, row[6] or 0, context.report_order(row[4])))
    rows = []
    for year, indicator, group, department, document_id, best, worst, n_peers, low, high in found[:ROWS_PER_SHEET]:
        value, answer = _linked(context, answers, document_id, indicator)
        rank: Any = best if best == worst else f"{best}～{worst}"
        if best == worst and n_at[year, indicator, group, best] > 1:
            rank = f"并列{best}"
        rows.append([
            year, context.indicator_theme(indicator), context.indicator_name(indicator), label(PEER_LABELS, group),
            context.named(document_id)[0] if document_id in context.reports else department, value,
            answer.unit if answer else "", rank, n_peers, label(DIRECTION_LABELS, directions.get(indicator)), best, worst, low,
            high, document_id, indicator])
    notes = ["同体裁同年度内按数值从大到小排，并列取好名次；区间相交时给出位次的范围。位次只说数值大小，不等于好坏：“方向”为中性的指标"
             "（如处罚件数、检查次数）受职能与体量影响，不宜据此评优劣。未披露的不参加排位，也不排在末位。"]
    return Sheet("同类位次", "同年同类部门之间的位次范围", columns, rows, notes, frozen_columns=3, n_found=len(found), whole_table="peer_ranks",
                 printed_columns=10)


def build_theme_matrix(context: Context, themes: pd.DataFrame) -> Sheet:
    """Sheet 主题占比: what each report spends its sentences on."""
    shares: dict[tuple[str, str], float | None] = {
        (document_id, theme): share for document_id, theme, share in rows_of(themes, "document_id", "theme", "share")}
    present = {theme for _, theme in shares}
    ids = [theme for theme in context.themes if theme in present] + sorted(present - set(context.themes))
    columns = [Column("部门", widest=24), Column("年度", "year"),
               *(Column(context.theme_name(theme), "share", width=11, has_bar=True)
                 for theme in ids)]
    rows = [[report.name, report.year, *(shares.get((report.document_id, theme)) for theme in ids)] for report in context.compared]
    largest = max((share for share in shares.values() if share is not None), default=1.0)
    return Sheet("主题占比", "每份报告各主题占多少句子", columns, rows,
                 ["每个主题的句数占全部正文句数的比例；一句属几个主题时按份计。横条在各列用同一刻度。95% 区间见“主题区间”。"],
                 frozen_columns=2, bar_limit=largest)


def build_themes(context: Context, themes: pd.DataFrame) -> Sheet:
    """Sheet 主题区间: the same shares with their intervals."""
    columns = [Column("部门", widest=24), Column("年度", "year"), Column("主题", widest=23), Column("占比", "share", width=12, has_bar=True),
               Column("95%下限", "share"), Column("95%上限", "share"), Column("句数", "number"), Column("文件编号", "code", width=15)]
    order = {theme: number for number, theme in enumerate(context.themes)}
    names = ("document_id", "theme", "share", "share_low", "share_high", "n_sentences")
    found = sorted((row for row in rows_of(themes, *names) if context.is_compared(row[0])),
                   key=lambda row: (context.report_order(row[0]), order.get(row[1], len(order)), row[1]))
    rows = [[*context.named(document_id), context.theme_name(theme), share, low, high, count,
             document_id] for document_id, theme, share, low, high, count in found[:ROWS_PER_SHEET]]
    return Sheet("主题区间", "主题占比及其 95% 区间", columns, rows, ["区间由按句重抽样得出；两份报告的区间相交时，差别可能只是偶然。"],
                 frozen_columns=3, n_found=len(found), whole_table="themes")


def build_terms(context: Context, key_terms: pd.DataFrame) -> Sheet:
    """Sheet 特征词: words that a group of reports uses more than the others."""
    columns = [Column("分组方式", "middle"), Column("组", "free", widest=26), Column("次序", "number"), Column("词", "free", widest=20),
               Column("z 值", "number", width=10, has_bar=True, format="0.0"), Column("次数", "number"), Column("篇数", "number"),
               Column("TF-IDF", "number", width=10, format="0.000")]
    names = ("grouping", "group", "rank", "term", "log_odds_z", "count", "n_documents", "tfidf")
    found = sorted(rows_of(key_terms, *names), key=lambda row: (row[0], row[1], row[2] is None, row[2] or 0, row[3]))
    full_names: Mapping[str, str] = {department.department: department.name for department in context.departments}
    rows = [[label(GROUPING_LABELS, grouping), full_names.get(group, group), rank, term, z,
             count, n_documents, tfidf]
            for grouping, group, rank, term, z, count, n_documents, tfidf in found[:ROWS_PER_SHEET]]
    return Sheet("特征词", "各部门、各年度、各角色说得比别处多的词", columns, rows,
                 ["z 值：该词在本组的用量比其余报告高出多少个标准误；1.96 以上为显著偏多。次数少的词不必当真。"],
                 frozen_columns=2, n_found=len(found), whole_table="key_terms")


def build_lengths(context: Context, text_stats: pd.DataFrame) -> Sheet:
    """Sheet 篇幅: length, density of figures and weight of each part."""
    columns = [
        Column("部门", widest=24), Column("年度", "year"), Column("正文字数", "number", width=12, has_bar=True),
        Column("句数", "number"), Column("数量个数", "number"), Column("每千字数量", "number", width=12, has_bar=True, format="0.0"),
        Column("成效占比%", "percent", width=11, has_bar=True), Column("第一责任人占比%", "percent", width=11, has_bar=True),
        Column("不足占比%", "percent", width=11, has_bar=True), Column("安排占比%", "percent", width=11, has_bar=True),
        Column("引用文件次数", "number"), Column("文件编号", "code", width=15)]
    names = ("document_id", "chars", "n_sentences", "n_quantities", "quantities_per_1000", "achievements_pct",
             "first_responsible_pct", "problems_pct", "next_plan_pct", "law_titles")
    found = sorted((row for row in rows_of(text_stats, *names) if context.is_compared(row[0])),
                   key=lambda row: context.report_order(row[0]))
    rows = [[*context.named(row[0]), *row[1:4], row[4], *row[5:], row[0]] for row in found[:ROWS_PER_SHEET]]
    return Sheet("篇幅", "字数、句数、数量密度与各部分占比", columns, rows,
                 ["字数不计空白；数量只计本部门的本年数与累计数；占比按字数。"], frozen_columns=2, n_found=len(found), whole_table="text_stats")
