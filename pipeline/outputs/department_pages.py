"""One A4 page a department: key figures, trend, themes, wording, reuse, values with ranks, evidence, checks, what changed.

The latest report of each department gets a page. Small pictures are drawn in department_figures; the words come from
department_values.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from pipeline.outputs import department_figures as figures
from pipeline.outputs import department_values as words
from pipeline.outputs.department_values import ANSWERED
from pipeline.outputs.frame import typeset
from pipeline.outputs.material import compared_reports
from pipeline.outputs.naming import find_naming
from pipeline.outputs.places import Places
from pipeline.outputs.values import OUTCOME_LABELS, write_percent, write_years
from pipeline.tables.store import records

_FIGURES = 4
#: The most values a page shows; the template drops those that do not fit.
_VALUES = 48
_NOT_IN_NAME = re.compile(r"[^\w一-鿿-]+")


def _headline(answered: int, n_asked: int, before: int | None, reused: Any, checked: str) -> str:
    parts = [f"写明{answered}项指标（所问{n_asked}项" + (f"；上年{before}项）" if before is not None else "）")]
    if reused is not None and not pd.isna(reused.share_pct) and reused.n_sentences:
        share = write_percent(100 * float(reused.n_reused) / float(reused.n_sentences))
        parts.append(f"可比的{int(reused.n_sentences)}句中{share}%与往年相同或相近" if reused.n_reused else "未发现沿用往年的句子")
    return "；".join([*parts, checked] if checked else parts)


def _choose_figures(report: Any, values: words.Values, order: list[str], preferred: tuple[str, ...]) -> list[str]:
    """The four headline indicators: those that briefing.yml prefers and this report answers, then the widest disclosed."""
    def is_answered(key: str) -> bool:
        value = values.get((report.document_id, key))
        return value is not None and value.state in ANSWERED

    first = [key for key in preferred if key in order and is_answered(key)]
    return [*first, *(key for key in order if key not in first)][:_FIGURES]


def write_department_pages(
    documents: pd.DataFrame, reports: pd.DataFrame, sections: pd.DataFrame, sentences: pd.DataFrame, blocks: pd.DataFrame,
    indicator_values: pd.DataFrame, indicator_changes: pd.DataFrame, peer_ranks: pd.DataFrame, themes: pd.DataFrame,
    key_terms: pd.DataFrame, reuse: pd.DataFrame, reuse_shares: pd.DataFrame, commitments: pd.DataFrame, checks: pd.DataFrame,
    indicators: Any, theme_catalogue: Any, check_rules: Any, briefing_rules: Any, genres: Any,
) -> dict[str, bytes]:
    """departments/<name>-<year>.pdf for the latest compared report of each department."""
    compared, naming = compared_reports(reports), find_naming(reports, genres)
    places = Places(documents, sections, sentences, blocks)
    by_department: dict[tuple[str, str], list[Any]] = {}
    for report in compared.values():
        by_department.setdefault((str(report.region), str(report.department_code)), []).append(report)
    values = {(row.document_id, row.indicator): row for row in records(indicator_values)}
    changes = {(row.document_id, row.indicator): row for row in records(indicator_changes) if isinstance(row.document_id, str)}
    ranks = {(row.document_id, row.indicator): row for row in records(peer_ranks) if isinstance(row.document_id, str)}
    shares = {row.document_id: row for row in records(reuse_shares[reuse_shares["relation"] == "earlier_year"])}
    reused = {(row.document_id, int(row.sentence_no)): row for row in records(reuse)}
    sentences_of: dict[str, list[Any]] = {}
    for row in records(sentences):
        if row.document_id in compared:
            sentences_of.setdefault(row.document_id, []).append(row)
    order = words.widest_first(indicator_values, list(compared), indicators)
    preferred = briefing_rules.headline_indicators.get(naming.genre, ())
    n_asked = indicator_values[indicator_values["document_id"].isin(list(compared))]["indicator"].nunique()
    pages: dict[str, bytes] = {}
    for history in by_department.values():
        history.sort(key=lambda row: int(row.report_year))
        report = history[-1]
        year = int(report.report_year)
        previous = next((row for row in history if int(row.report_year) == year - 1), None)
        counts = {row.document_id: sum((row.document_id, key) in values and values[row.document_id, key].state in ANSWERED
                                       for key in indicators.by_id) for row in history}
        failed, checked = words.check_rows(report, checks, check_rules, places)
        outcomes = commitments[commitments["document_id"] == previous.document_id]["outcome"].value_counts() if previous is not None else {}
        promised = "、".join(f"{OUTCOME_LABELS[key]}{int(outcomes[key])}项" for key in OUTCOME_LABELS if key in outcomes)
        own_order = [key for key in order if (report.document_id, key) in values and values[report.document_id, key].state in ANSWERED]
        pictures = [figures.draw_trend(history, values, own_order, indicators),
                    figures.draw_themes(report, previous, themes, theme_catalogue) if naming.has_themes else None,
                    figures.draw_terms(report, key_terms, naming.subject), figures.draw_reuse(history, shares, compared)]
        drawn = [picture for picture in pictures if picture is not None and picture["svg"]]
        rows = words.value_rows(report, values, ranks, own_order[:_VALUES], indicators)
        data = {
            "title": f"{report.department}{year}年度", "department": str(report.department),
            "edition": f"{naming.subject}一页纸 · {year}年度{naming.report.removesuffix('年度报告').removesuffix('报告')}报告",
            "is_demonstration": bool(report.is_demonstration),
            "headline": _headline(counts[report.document_id], n_asked, counts[previous.document_id] if previous is not None else None,
                                  shares.get(report.document_id), checked),
            "figures": words.key_figures(report, previous, values, changes, _choose_figures(report, values, order, preferred), indicators),
            "pictures": drawn,
            "values": rows,
            "values_note": "位次：优者为先，区间重叠时给出范围；“/”后为参比数"
                           "；*为截至某日的数",
            "n_values": len(own_order),
            "evidence": words.evidence_rows(report, values, own_order, indicators, places),
            "checks": failed, "checks_title": "检查提示", "checks_note": checked,
            "compared": words.compared_rows(report, previous, sentences_of, reused, values, indicators),
            "compared_note": f"按句对照，仅列部分；上年安排：{promised or '无'}" if previous is not None else "没有上年报告，不能比较",
            "source": f"资料来源：{report.department}{write_years([int(row.report_year) for row in history])}"
                      f"{naming.report}（{len(history)}份）。约数按区间处理，“未披露”不计为0。",
            "footer": "示例数据" if bool(report.is_demonstration) else "",
        }
        name = _NOT_IN_NAME.sub("", f"{report.department}-{year}")
        pages[f"departments/{name}.pdf"] = typeset("department", data)
    return pages
