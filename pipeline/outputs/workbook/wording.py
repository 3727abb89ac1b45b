"""Sheets about words over the years and topics found in the corpus: 用词变化, 数据主题."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipeline.outputs.names import TREND_LABELS, label
from pipeline.outputs.places import rows_of
from pipeline.outputs.workbook.context import Context
from pipeline.outputs.workbook.sheet import ROWS_PER_SHEET, Column, Sheet

# A topic whose words change with the seed in half of the cases says little.
LEAST_STABILITY = 0.5
_TREND_ORDER = ("new", "rising", "falling", "gone", "steady", None)


def build_trends(context: Context, term_trends: pd.DataFrame) -> Sheet:
    """Sheet 用词变化: one row a term, its frequency and count year by year; words that moved come first."""
    names = ("term", "report_year", "frequency", "count", "n_documents", "trend", "first_department")
    found: dict[str, dict[int, Sequence[object]]] = {}
    trends: dict[str, tuple[str | None, str | None]] = {}
    for term, year, frequency, count, n_documents, trend, first in rows_of(term_trends, *names):
        found.setdefault(term, {})[year] = (frequency, count, n_documents)
        trends[term] = (trend, first)
    years = sorted({year for by_year in found.values() for year in by_year})
    columns = [Column("词", "free", widest=20), Column("趋势", "middle", width=9), Column("最先使用", "free", widest=24),
               *(Column(f"{year}年（次/万词）", "number", width=11, format="0.0") for year in years),
               *(Column(f"{year}年次数", "number", width=9) for year in years),
               *(Column(f"{year}年份数", "number", width=9) for year in years)]

    def total(term: str) -> int:
        return sum(int(values[1] or 0) for values in found[term].values())  # type: ignore[call-overload]

    ordered = sorted(found, key=lambda term: (_TREND_ORDER.index(trends[term][0]) if trends[term][0] in _TREND_ORDER else 9, -total(term), term))
    full_names = {department.department: department.name for department in context.departments}
    rows: list[list[object]] = []
    for term in ordered[:ROWS_PER_SHEET]:
        trend, first = trends[term]
        cells = [found[term].get(year, (None, None, None)) for year in years]
        rows.append([term, label(TREND_LABELS, trend), full_names.get(first or "", first),
                     *(cell[0] for cell in cells), *(cell[1] for cell in cells), *(cell[2] for cell in cells)])
    return Sheet("用词变化", "每个词在各年度的频率、次数与份数，及其趋势", columns, rows,
                 ["频率为每万词次数，份数为用到该词的报告数。趋势：新出现、增多、减少、不再说、平稳；不足三年不判，空着。"
                  "报告少的年份频率起伏大，请同看次数与份数。"],
                 frozen_columns=2, n_found=len(ordered), whole_table="term_trends", printed_columns=3 + len(years))


def build_topics(context: Context, topics: pd.DataFrame, topic_terms: pd.DataFrame) -> Sheet:
    """Sheet 数据主题: topics that the corpus itself suggests, with their words, size, stability and a sentence."""
    words: dict[int, list[str]] = {}
    for number, _, term in sorted(rows_of(topic_terms, "topic_no", "rank", "term"), key=lambda row: (row[0], row[1] or 0)):
        words.setdefault(number, []).append(term)
    columns = [Column("主题号", "middle"), Column("标签", "free", widest=26), Column("特征词", "free", width=56),
               Column("句数", "number", width=10, has_bar=True), Column("稳定度", "number", width=9, format="0.00"),
               Column("把握", "middle", width=10), Column("代表句", "free", width=56), Column("部门", widest=24), Column("年度", "year"),
               Column("打开原文", "middle", width=9), Column("文件编号", "code", width=15)]
    rows: list[list[object]] = []
    for number, topic, n_sentences, stability, document_id, sentence_no in sorted(
            rows_of(topics, "topic_no", "label", "n_sentences", "stability", "document_id", "sentence_no"), key=lambda row: row[0]):
        sentence = context.places.sentence(document_id, sentence_no)
        rows.append([
            number, topic, "、".join(words.get(number, [])), n_sentences, stability,
            "" if stability is None else "只供参考" if stability < LEAST_STABILITY else "较稳定", sentence.text if sentence else "",
            *context.named(document_id), context.open_cell(document_id, sentence.start if sentence else None), document_id])
    return Sheet("数据主题", "由语料归纳的主题、特征词与稳定度，仅供探索", columns, rows,
                 [f"由词的共现归纳，没有事先规定主题，共 {len(rows)} 个，取自 {len(context.compared)} 份报告。稳定度＝换种子重做后特征词的平均重合，"
                  f"0 至 1；{LEAST_STABILITY} 以下只供参考。与“主题占比”的十一个主题无关。"],
                 frozen_columns=2, whole_table="topics", printed_columns=9)
