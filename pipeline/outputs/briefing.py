"""The briefing: findings in plain sentences, charts, method and evidence on A4 pages. Wording in knowledge/briefing.yml."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline.outputs.charts.stage import build_charts
from pipeline.outputs.findings import Evidence, Finding, compared_reports, find_findings, gather
from pipeline.outputs.frame import Chart, NoChart, chart_data, typeset
from pipeline.outputs.naming import Naming, find_naming
from pipeline.outputs.places import Places
from pipeline.outputs.values import write_years

_EVIDENCE_ROWS = 6  # a finding's rows on the evidence pages; the workbook has all
_CONTRADICTION_ROWS = 14
_PARTS = 2  # a chart in more parts than this shows the first and says where the rest is
_QUOTE = 80  # characters of a quotation in print
_TITLE_LINE = 14  # characters of the cover title on one line
_CONTRADICTIONS = "contradictions"


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _QUOTE else text[: _QUOTE - 1] + "…"


def _title_lines(title: str) -> list[str]:
    return [title[start:start + _TITLE_LINE] for start in range(0, len(title), _TITLE_LINE)]


def _scope(reports: dict[str, Any], naming: Naming) -> tuple[str, bool]:
    """Place, years and number of reports, and whether any report is demonstration data."""
    rows = list(reports.values())
    if not rows:
        return "没有可比较的报告", False
    years = sorted({int(row.report_year) for row in rows})
    regions = sorted({str(row.region) for row in rows if isinstance(row.region, str)})
    departments = {(row.region, row.department_code) for row in rows}
    parts = ["、".join(regions)] if 1 <= len(regions) <= 3 else [f"{len(regions)}个地区"] if len(regions) < len(departments) else []
    parts += [f"{write_years(years)}度", f"{len(departments)}个{naming.subject}", f"{len(rows)}份报告"]
    return "　".join(parts), any(bool(row.is_demonstration) for row in rows if not pd.isna(row.is_demonstration))


def _quote(quote: str, place: str) -> str:
    return (f"“{_cut(quote)}”" if quote else "—") + (f"（{place}）" if place else "")


def _number_evidence(findings: list[Finding]) -> tuple[dict[str, list[tuple[str, Evidence]]], dict[str, str]]:
    """The rows that are printed for each finding with their running numbers, and the reference each finding carries."""
    shown: dict[str, list[tuple[str, Evidence]]] = {}
    references, number = {}, 0
    for finding in findings:
        most = _CONTRADICTION_ROWS if finding.id == _CONTRADICTIONS else _EVIDENCE_ROWS
        rows = [(f"证{number + place}", item) for place, item in enumerate(finding.evidence[:most], 1)]
        if rows:
            shown[finding.id] = rows
            ends = rows[0][0] if len(rows) == 1 else f"{rows[0][0]}至{rows[-1][0]}"
            references[finding.id] = f"（依据：{ends}）"
        elif finding.sheet:
            references[finding.id] = f"（依据：tables.xlsx“{finding.sheet}”）"
        number += len(rows)
    return shown, references


def _rest(finding: Finding, n_shown: int) -> str:
    left = len(finding.evidence) - n_shown
    return f"另有{left}条未列，全部见 tables.xlsx。" if left > 0 else ""


def _evidence_groups(findings: list[Finding], shown: dict[str, list[tuple[str, Evidence]]]) -> list[dict[str, Any]]:
    return [
        {"title": finding.title, "rest": _rest(finding, len(shown[finding.id])),
         "rows": [[number, f"{item.department}{item.year}年", item.item, item.says, _quote(item.quote, item.place)]
                  for number, item in shown[finding.id]]}
        for finding in findings if finding.id in shown and finding.id != _CONTRADICTIONS
    ]


def _contradictions(findings: list[Finding], shown: dict[str, list[tuple[str, Evidence]]]) -> dict[str, Any]:
    """The page of contradictions: both sides with their places; empty where there are none."""
    finding = next((finding for finding in findings if finding.id == _CONTRADICTIONS and finding.id in shown), None)
    if finding is None:
        return {"title": "", "rows": [], "rest": ""}
    return {"title": finding.title, "rest": _rest(finding, len(shown[finding.id])), "rows": [
        [number, f"{item.department}{item.year}年", item.says, _quote(item.quote, item.place),
         _quote(item.other_quote, item.other_place) if item.other_quote else "同一句内"]
        for number, item in shown[finding.id]]}


def _choose_charts(page: Any, charts: list[Chart]) -> list[dict[str, Any]]:
    """The charts of a section; where the first part stands for more than _PARTS, the note says where the rest is."""
    chosen = []
    drawn = {chart.kind for chart in charts}
    for kind in page.charts if drawn & set(page.charts) else page.instead:
        own = [chart for chart in charts if chart.kind == kind]
        subjects = list(dict.fromkeys(chart.subject for chart in own))[: page.most]
        for chart in own:
            if chart.subject not in subjects or (chart.n_pages > _PARTS and chart.page > 1):
                continue
            # The running head says 示例数据 on every page.
            data = {**chart_data(chart), "is_demonstration": False}
            if chart.n_pages > _PARTS:
                data["note"] += f"本图分{chart.n_pages}幅，这里只印第1幅，其余见 charts/ 文件夹。"
            chosen.append(data)
    return chosen


def _sections(pages: Any, charts: list[Chart], words: dict[str, object]) -> list[dict[str, Any]]:
    sections = [{"heading": page.heading.format_map(words), "charts": _choose_charts(page, charts)} for page in pages]
    return [section for section in sections if section["charts"]]


def write_briefing(
    documents: pd.DataFrame, reports: pd.DataFrame, coverage: pd.DataFrame, sections: pd.DataFrame, sentences: pd.DataFrame,
    blocks: pd.DataFrame, quantities: pd.DataFrame, indicator_values: pd.DataFrame, indicator_changes: pd.DataFrame,
    themes: pd.DataFrame, key_terms: pd.DataFrame, reuse: pd.DataFrame, reuse_shares: pd.DataFrame, commitments: pd.DataFrame, checks: pd.DataFrame,
    text_stats: pd.DataFrame, indicators: Any, theme_catalogue: Any, check_rules: Any, briefing_rules: Any, genres: Any,
) -> dict[str, bytes]:
    """briefing.pdf. Findings that the data do not bear are left out; without any report the briefing says so."""
    naming = find_naming(reports, genres)
    places = Places(documents, sections, sentences, blocks)
    material = gather(reports, coverage, indicator_values, indicator_changes, reuse_shares, reuse, commitments, checks, places,
                      check_rules, indicators, quantities, naming)
    findings = find_findings(material, briefing_rules)
    shown, references = _number_evidence(findings)
    scope, is_demonstration = _scope(compared_reports(reports), naming)
    drawn = build_charts(reports, coverage, indicator_values, indicator_changes, themes, key_terms, reuse_shares, checks,
                         text_stats, commitments, indicators, theme_catalogue, check_rules, genres, briefing_rules)
    kinds = {kind for page in briefing_rules.pages for kind in page.charts}
    absent = list(dict.fromkeys(item.reason for item in drawn if isinstance(item, NoChart) and item.kind in kinds))
    numerals = "一二三四五六七八九十"
    notes = [f"由 hengbao（衡报）按各{naming.subject}{naming.report}原文生成；每个数都可在 tables.xlsx 与 explorer.html 中回到原句。"]
    if is_demonstration:
        notes.insert(0, "示例数据：本件所涉地区、单位、数字与事件均为虚构，仅供演示。")
    title = briefing_rules.title.format_map(naming.words)
    data = {
        "title": title, "title_lines": _title_lines(title), "scope": scope, "subject": naming.subject,
        "is_demonstration": is_demonstration, "cover_notes": notes,
        "findings": [{"number": f"{numerals[position]}、", "title": finding.title, "text": finding.text,
                      "reference": references.get(finding.id, "")} for position, finding in enumerate(findings)],
        "contradictions": _contradictions(findings, shown),
        "sections": _sections(briefing_rules.pages, [item for item in drawn if isinstance(item, Chart)], naming.words),
        "method": [text.format_map(naming.words) for text in briefing_rules.method]
        + ([f"没有画的图：{'；'.join(absent)}。"] if absent else []),
        "evidence": _evidence_groups(findings, shown),
        "evidence_note": "括号内为文件中的页码与段号；没有分页的文件只列段号。没有找到回应的、今年未披露的，列上年原文。",
    }
    return {"briefing.pdf": typeset("briefing", data)}
