"""One A4 page a department: key figures, trend, themes, wording, reuse, evidence, checks, what is new and gone.

The latest report of each department gets a page. Small pictures are drawn in department_figures.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from pipeline.outputs import department_figures as figures
from pipeline.outputs.findings import compared_reports
from pipeline.outputs.frame import typeset
from pipeline.outputs.places import Places
from pipeline.outputs.values import OUTCOME_LABELS, write_change, write_percent, write_value, write_years
from pipeline.tables.store import records

_ANSWERED = ("value", "zero", "corrected", "ambiguous")
_FIGURES, _EVIDENCE, _CHECKS, _COMPARED = 4, 8, 6, 7
_QUOTE = 64
_NOT_IN_NAME = re.compile(r"[^\w一-鿿-]+")


def _cut(text: str, most: int = _QUOTE) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def _widest(values: pd.DataFrame, documents: list[str], indicators: Any) -> list[str]:
    """Indicators by how many of these documents answer them, rates after counts of the same width."""
    answered = values[values["document_id"].isin(documents) & values["state"].isin(_ANSWERED)]
    counts = answered.groupby("indicator")["document_id"].nunique()
    order = {key: number for number, key in enumerate(indicators.by_id)}
    return sorted((key for key in counts.index if key in order), key=lambda key: (-int(counts[key]), order[key]))


def _key_figures(report: Any, previous: Any, values: dict[tuple[str, str], Any], changes: dict[tuple[str, str], Any],
                 chosen: list[str], indicators: Any) -> list[dict[str, str]]:
    shown = []
    for key in chosen:
        indicator = indicators.by_id[key]
        value = values.get((report.document_id, key))
        words, unit = "未披露", ""
        if value is not None and value.state != "not_disclosed":
            words = write_value(value.low, value.high, value.approx, value.unit, indicator.kind, value.state)
            unit = indicator.unit if value.state in _ANSWERED and value.state != "ambiguous" else ""
        compared = "上年缺报告"
        if previous is not None:
            before = values.get((previous.document_id, key))
            compared = "上年未披露"
            if before is not None and before.state != "not_disclosed":
                compared = "上年" + write_value(before.low, before.high, before.approx, before.unit, indicator.kind, before.state,
                                              with_unit=True)
            change = changes.get((report.document_id, key))
            if change is not None and change.verdict in ("up", "down", "same", "undecided"):
                compared += "，" + write_change(change, indicator.unit)
        shown.append({"name": indicator.name, "value": words, "unit": unit, "compared": compared})
    return shown


def _evidence_rows(report: Any, values: dict[tuple[str, str], Any], order: list[str], indicators: Any, places: Places) -> list[list[str]]:
    rows = []
    for key in order:
        value = values.get((report.document_id, key))
        if value is None or value.state not in _ANSWERED or pd.isna(value.evidence_start):
            continue
        start, end = int(value.evidence_start), int(value.evidence_end)
        page, paragraph = places.page(report.document_id, start), places.paragraph(report.document_id, start)
        rows.append([indicators.by_id[key].name,
                     write_value(value.low, value.high, value.approx, value.unit, indicators.by_id[key].kind, value.state, with_unit=True),
                     f"“{_cut(places.passage(report.document_id, start, end))}”",
                     (f"第{page}页" if page else "") + (f"第{paragraph}段" if paragraph else "")])
        if len(rows) == _EVIDENCE:
            break
    return rows


def _compared_rows(report: Any, previous: Any, sentences: dict[str, list[Any]], reuse: dict[tuple[str, int], Any]) -> list[list[str]]:
    """Sentences that were rewritten, are new, or are gone since last year's report; the longest of each kind first."""
    if previous is None:
        return []
    own, earlier = sentences.get(report.document_id, []), sentences.get(previous.document_id, [])
    kept: set[int] = set()
    rewritten, new = [], []
    for sentence in own:
        source = reuse.get((report.document_id, sentence.sentence_no))
        if source is not None and source.source_document_id == previous.document_id:
            kept.add(int(source.source_sentence_no))
            if not bool(source.is_verbatim):
                rewritten.append((source.similarity, f"{_cut(sentence.text)}"))
        elif source is None and sentence.role in ("achievements", "first_responsible"):
            new.append(sentence.text)
    gone = [s.text for s in earlier if s.sentence_no not in kept and s.role in ("achievements", "first_responsible")]
    rows = [["换数改字", text] for _, text in sorted(rewritten)[:2]]
    rows += [["本年新写", _cut(text)] for text in sorted(new, key=lambda t: (-len(t), t))[:3]]
    rows += [["上年有而今年无", _cut(text)] for text in sorted(gone, key=lambda t: (-len(t), t))[:2]]
    return rows[:_COMPARED]


def _check_rows(report: Any, checks: pd.DataFrame, check_rules: Any, places: Places) -> tuple[list[list[str]], int, int]:
    rows, n_failed, n_judged = [], 0, 0
    for row in records(checks[checks["document_id"] == report.document_id]):
        if pd.isna(row.passed):
            continue
        n_judged += 1
        if bool(row.passed):
            continue
        n_failed += 1
        rule = check_rules.by_id.get(row.check)
        quote = places.passage(report.document_id, int(row.evidence_start), int(row.evidence_end)) if not pd.isna(row.evidence_start) else ""
        message = row.message if isinstance(row.message, str) else ""
        if quote and _cut(quote) not in message:
            message += f"　“{_cut(quote)}”"
        order = {"必": 0, "警": 1}.get(row.level, 2)
        rows.append((order, [rule.name if rule else row.check, message]))
    return [row for _, row in sorted(rows, key=lambda item: item[0])][:_CHECKS], n_failed, n_judged


def _headline(answered: int, answered_before: int | None, reused: Any, n_failed: int, n_judged: int) -> str:
    parts = [f"作答指标{answered}项" + (f"（上年{answered_before}项）" if answered_before is not None else "")]
    if reused is not None and not pd.isna(reused.share_pct):
        parts.append(f"{write_percent(reused.share_pct)}%的句子沿用往年" if reused.n_reused else "未发现沿用往年的句子")
    if n_judged:
        parts.append(f"{n_judged}项检查中{n_failed}项未通过" if n_failed else f"{n_judged}项检查全部通过")
    return "，".join(parts)


def write_department_pages(
    documents: pd.DataFrame, reports: pd.DataFrame, sections: pd.DataFrame, sentences: pd.DataFrame, blocks: pd.DataFrame,
    indicator_values: pd.DataFrame, indicator_changes: pd.DataFrame, themes: pd.DataFrame, key_terms: pd.DataFrame,
    reuse: pd.DataFrame, reuse_shares: pd.DataFrame, commitments: pd.DataFrame, checks: pd.DataFrame, indicators: Any,
    theme_catalogue: Any, check_rules: Any,
) -> dict[str, bytes]:
    """departments/<name>-<year>.pdf for the latest compared report of each department."""
    compared = compared_reports(reports)
    places = Places(documents, sections, sentences, blocks)
    by_department: dict[tuple[str, str], list[Any]] = {}
    for report in compared.values():
        by_department.setdefault((str(report.region), str(report.department_code)), []).append(report)
    values = {(row.document_id, row.indicator): row for row in records(indicator_values)}
    changes = {(row.document_id, row.indicator): row for row in records(indicator_changes) if isinstance(row.document_id, str)}
    shares = {row.document_id: row for row in records(reuse_shares[reuse_shares["relation"] == "earlier_year"])}
    reused = {(row.document_id, int(row.sentence_no)): row for row in records(reuse)}
    sentences_of: dict[str, list[Any]] = {}
    for row in records(sentences):
        if row.document_id in compared:
            sentences_of.setdefault(row.document_id, []).append(row)
    order = _widest(indicator_values, list(compared), indicators)
    pages: dict[str, bytes] = {}
    for history in by_department.values():
        history.sort(key=lambda row: int(row.report_year))
        report = history[-1]
        year = int(report.report_year)
        previous = next((row for row in history if int(row.report_year) == year - 1), None)
        counts = {row.document_id: sum((row.document_id, key) in values and values[row.document_id, key].state in _ANSWERED
                                       for key in indicators.by_id) for row in history}
        check_rows, n_failed, n_judged = _check_rows(report, checks, check_rules, places)
        outcomes = commitments[commitments["document_id"] == previous.document_id]["outcome"].value_counts() if previous is not None else {}
        promised = "、".join(f"{OUTCOME_LABELS[key]}{int(outcomes[key])}项" for key in OUTCOME_LABELS if key in outcomes)
        own_order = [key for key in order if (report.document_id, key) in values and values[report.document_id, key].state in _ANSWERED]
        data = {
            "title": f"{report.department}{year}年度", "department": str(report.department_short),
            "edition": f"部门一页纸 · {year}年度报告", "is_demonstration": bool(report.is_demonstration),
            "headline": _headline(counts[report.document_id], counts[previous.document_id] if previous is not None else None,
                                  shares.get(report.document_id), n_failed, n_judged),
            "figures": _key_figures(report, previous, values, changes, order[:_FIGURES], indicators),
            "trend": figures.draw_trend(history, values, own_order, indicators),
            "themes": figures.draw_themes(report, previous, themes, theme_catalogue),
            "terms": figures.draw_terms(report, key_terms),
            "reuse": figures.draw_reuse(history, shares, compared),
            "evidence": _evidence_rows(report, values, own_order, indicators, places),
            "checks": check_rows, "checks_title": f"检查提示（{n_judged}项中{n_failed}项未通过）" if n_judged else "检查提示",
            "checks_note": f"上年安排：{promised}" if promised else "",
            "compared": _compared_rows(report, previous, sentences_of, reused),
            "compared_note": "按句对照，仅列部分" if previous is not None else "上年缺报告，不能比较",
            "source": f"资料来源：{report.department}{write_years([int(row.report_year) for row in history])}"
                      f"法治政府建设年度报告（{len(history)}份）。约数按区间处理，“未披露”不计为0。",
            "footer": "示例数据" if bool(report.is_demonstration) else "",
        }
        name = _NOT_IN_NAME.sub("", f"{report.department}-{year}")
        pages[f"departments/{name}.pdf"] = typeset("department", data)
    return pages
