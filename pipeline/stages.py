"""THE ORDER. Read this file first: one line a stage, from raw files to what people receive.

A stage is a pure function. Its parameters are the tables (tables/schemas.py) and the knowledge parts
(profiles) that it reads; what it makes is named here. What a stage sees of its tables is its scope:

- document  a batch of documents at a time; each result depends on its document alone
- sample    a fixed sample of the compared reports, from which it learns what the stages after it apply
- group     a few whole regions at a time; each result depends on its region alone
- corpus    everything, but only the columns that its module names
- output    finished tables, which it turns into files
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scope = Literal["document", "sample", "group", "corpus", "output"]


@dataclass(frozen=True)
class Stage:
    """`makes`: tables, or the files of an output stage. `as_categories`: columns (table.column) that come as categories."""

    module: str
    function: str
    label: str
    makes: tuple[str, ...]
    scope: Scope
    as_categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grouping:
    """Which documents are in groups: rows of `table` where column `members` is true; `column` names the group of each."""

    table: str
    column: str
    members: str


GROUPING = Grouping("reports", "region", "is_compared")
# Reports of the sample: enough that more teach little new, few enough that one more report seldom belongs there.
SAMPLED_DOCUMENTS = 500

# Long columns of few different strings, which stages turn into numbers anyway.
_REPEATED = ("term_counts.document_id", "term_counts.term", "reuse_prints.document_id",
             *(f"term_sums.{column}" for column in ("grouping", "group", "term", "first_document_id")),
             *(f"indicator_values.{column}" for column in ("document_id", "indicator", "state", "unit", "to_date")))


def _document(module: str, function: str, label: str, *makes: str) -> Stage:
    return Stage(module, function, label, makes, "document")


def _sample(module: str, function: str, label: str, *makes: str) -> Stage:
    return Stage(module, function, label, makes, "sample")


def _region(module: str, function: str, label: str, *makes: str) -> Stage:
    return Stage(module, function, label, makes, "group", as_categories=_REPEATED[:2])


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
    _corpus("comparisons.reports", "settle_reports", "确定报告", "reports", "coverage"),
    _corpus("comparisons.corrections", "check_corrections", "核对更正"),
    # What the corpus teaches.
    _sample("comparisons.theme_model", "learn_themes", "学习主题", "theme_model"),
    _sample("comparisons.topics", "find_topics", "归纳话题", "topics", "topic_terms"),
    _sample("comparisons.new_words", "offer_words", "发现新词"),
    # Each region by itself: its departments beside each other, and beside their own earlier years.
    _region("comparisons.themes", "assign_themes", "归类主题", "sentence_themes", "themes"),
    _region("comparisons.changes", "compare_years", "比较年度", "indicator_changes"),
    _region("comparisons.department_wording", "weigh_departments", "比较部门用词", "department_terms"),
    _region("comparisons.reuse", "find_reuse", "查找沿用", "region_reuse", "reuse_prints", "comparable_counts"),
    _region("comparisons.commitments", "follow_commitments", "追踪承诺", "commitments", "recurring_problems"),
    # All of them beside each other.
    _corpus("comparisons.term_sums", "sum_terms", "合计用词", "term_sums", "term_groups"),
    _corpus("comparisons.wording", "weigh_terms", "比较用词", "key_terms"),
    _corpus("comparisons.trends", "follow_terms", "追踪用词", "term_trends"),
    _corpus("comparisons.peers", "rank_peers", "比较同类", "peer_ranks"),
    _corpus("comparisons.reuse_sources", "settle_reuse", "核定沿用来源", "reuse", "reuse_shares"),
    # What people receive.
    _output("outputs.charts.stage", "draw_charts", "绘制图表", "charts/*.pdf", "charts/*.png", "charts/图表目录.txt"),
    _output("outputs.briefing", "write_briefing", "编写简报", "briefing.pdf"),
    _output("outputs.department_pages", "write_department_pages", "编写部门页", "departments/*.pdf"),
    _output("outputs.workbook", "write_workbook", "编写工作簿", "tables.xlsx"),
    _output("outputs.explorer", "write_explorer", "编写原文浏览", "explorer.html"),
)
