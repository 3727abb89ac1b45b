"""THE ORDER. Read this file first: one line a stage, from raw files to what people receive.

A stage is a pure function. Its parameters are the tables (tables/schemas.py) and the knowledge parts
(profiles) that it reads; what it makes is named here. Document stages see one batch of documents at a
time, corpus stages all of them, output stages turn finished tables into files. Of the tables it reads, a corpus
stage gets only the columns that its module names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scope = Literal["document", "corpus", "output"]


@dataclass(frozen=True)
class Stage:
    """`makes`: tables, or the files of an output stage. `as_categories`: columns (table.column) that come as categories."""

    module: str
    function: str
    label: str
    makes: tuple[str, ...]
    scope: Scope
    as_categories: tuple[str, ...] = ()


# Long tables of few different strings, which stages turn into numbers anyway.
_REPEATED = ("term_counts.document_id", "term_counts.term")


def _document(module: str, function: str, label: str, *makes: str) -> Stage:
    return Stage(module, function, label, makes, "document")


def _corpus(module: str, function: str, label: str, *makes: str) -> Stage:
    return Stage(module, function, label, makes, "corpus", as_categories=_REPEATED)


def _output(module: str, function: str, label: str, *makes: str) -> Stage:
    return Stage(module, function, label, makes, "output")


STAGES: tuple[Stage, ...] = (
    # Each document by itself.
    _document("reading.documents", "read_documents", "读取文件", "documents", "document_fields", "blocks", "table_cells"),
    _document("structure.identity", "identify_reports", "辨认身份", "identities", "identity_evidence"),
    _document("structure.outline", "outline_sections", "划分章节", "sections"),
    _document("structure.sentences", "split_sentences", "切分句子", "sentences"),
    _document("measures.terms", "count_terms", "分词计数", "term_counts"),
    _document("measures.quantities", "find_quantities", "识别数量", "quantities"),
    _document("measures.indicators", "answer_indicators", "回答指标", "indicator_values", "indicator_candidates"),
    _document("measures.text_stats", "measure_texts", "统计篇幅", "text_stats"),
    _document("comparisons.checks", "check_reports", "逐项检查", "checks"),
    # All documents beside each other.
    _corpus("comparisons.reports", "settle_reports", "确定报告", "reports", "coverage"),
    _corpus("comparisons.corrections", "check_corrections", "核对更正"),
    _corpus("comparisons.themes", "assign_themes", "归类主题", "sentence_themes", "themes"),
    _corpus("comparisons.topics", "find_topics", "归纳话题", "topics", "topic_terms"),
    _corpus("comparisons.wording", "weigh_terms", "比较用词", "key_terms"),
    _corpus("comparisons.trends", "follow_terms", "追踪用词", "term_trends"),
    _corpus("comparisons.changes", "compare_years", "比较年度", "indicator_changes"),
    _corpus("comparisons.peers", "rank_peers", "比较同类", "peer_ranks"),
    _corpus("comparisons.reuse", "find_reuse", "查找沿用", "reuse", "reuse_shares"),
    _corpus("comparisons.commitments", "follow_commitments", "追踪承诺", "commitments", "recurring_problems"),
    # What people receive.
    _output("outputs.charts.stage", "draw_charts", "绘制图表", "charts/*.pdf", "charts/*.png", "charts/图表目录.txt"),
    _output("outputs.briefing", "write_briefing", "编写简报", "briefing.pdf"),
    _output("outputs.department_pages", "write_department_pages", "编写部门页", "departments/*.pdf"),
    _output("outputs.workbook", "write_workbook", "编写工作簿", "tables.xlsx"),
    _output("outputs.explorer", "write_explorer", "编写原文浏览", "explorer.html"),
)
