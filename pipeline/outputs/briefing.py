"""The briefing: findings in plain sentences, charts, method and evidence on A4 pages. Wording in knowledge/briefing.yml."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline.outputs.charts.stage import build_charts
from pipeline.outputs.findings import Finding, compared_reports, find_findings, gather
from pipeline.outputs.frame import Chart, NoChart, chart_data, typeset
from pipeline.outputs.places import Places
from pipeline.outputs.values import write_years

_EVIDENCE_ROWS = 14  # a finding's rows on the evidence pages; the workbook has all
_QUOTE = 90  # characters of a quotation in print
_TITLE_LINE = 14  # characters of the cover title on one line


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _QUOTE else text[: _QUOTE - 1] + "…"


def _title_lines(title: str) -> list[str]:
    return [title[start:start + _TITLE_LINE] for start in range(0, len(title), _TITLE_LINE)]


def _scope(reports: dict[str, Any]) -> tuple[str, bool]:
    """Place, years and number of reports, and whether any report is demonstration data."""
    rows = list(reports.values())
    years = sorted({int(row.report_year) for row in rows})
    regions = sorted({str(row.region) for row in rows if isinstance(row.region, str)})
    place = "、".join(regions) if len(regions) <= 3 else f"{len(regions)}个地区"
    departments = {(row.region, row.department_code) for row in rows}
    scope = f"{place}　{write_years(years)}度　{len(departments)}个部门　{len(rows)}份报告" if rows else "没有可比较的报告"
    return scope, any(bool(row.is_demonstration) for row in rows if not pd.isna(row.is_demonstration))


def _evidence_groups(findings: list[Finding]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Evidence tables with running numbers, and the reference that each finding carries."""
    groups, references, number = [], {}, 0
    for finding in findings:
        shown = finding.evidence[:_EVIDENCE_ROWS]
        if not shown:
            continue
        first = number + 1
        rows = []
        for item in shown:
            number += 1
            rows.append([f"证{number}", f"{item.department}{item.year}年", item.item, item.says,
                         f"“{_cut(item.quote)}”" if item.quote else "—", item.place or "—"])
        left = len(finding.evidence) - len(shown)
        groups.append({"title": finding.title, "rows": rows, "rest": f"另有{left}条，见 tables.xlsx。" if left else ""})
        references[finding.id] = f"（依据：证{first}）" if first == number else f"（依据：证{first}至证{number}）"
    return groups, references


def _sections(pages: Any, charts: list[Chart], absent: list[NoChart]) -> list[dict[str, Any]]:
    sections = []
    for page in pages:
        chosen = [chart for kind in page.charts for chart in charts if chart.kind == kind and chart.page == 1][:2]
        reasons = [item.reason for kind in page.charts for item in absent if item.kind == kind]
        if chosen or reasons:
            sections.append({"heading": page.heading, "charts": [chart_data(chart) for chart in chosen], "absent": reasons})
    return sections


def write_briefing(
    documents: pd.DataFrame, reports: pd.DataFrame, coverage: pd.DataFrame, sections: pd.DataFrame, sentences: pd.DataFrame,
    blocks: pd.DataFrame, indicator_values: pd.DataFrame, indicator_changes: pd.DataFrame, themes: pd.DataFrame,
    key_terms: pd.DataFrame, reuse_shares: pd.DataFrame, commitments: pd.DataFrame, checks: pd.DataFrame, text_stats: pd.DataFrame,
    indicators: Any, theme_catalogue: Any, check_rules: Any, briefing_rules: Any,
) -> dict[str, bytes]:
    """briefing.pdf. Findings that the data do not bear are left out; without any report the briefing says so."""
    places = Places(documents, sections, sentences, blocks)
    material = gather(reports, coverage, indicator_values, indicator_changes, reuse_shares, commitments, checks, places,
                      check_rules, indicators)
    findings = find_findings(material, briefing_rules)
    groups, references = _evidence_groups(findings)
    scope, is_demonstration = _scope(compared_reports(reports))
    drawn = build_charts(reports, coverage, indicator_values, indicator_changes, themes, key_terms, reuse_shares, checks,
                         text_stats, commitments, indicators, theme_catalogue, check_rules)
    charts = [item for item in drawn if isinstance(item, Chart)]
    absent = [item for item in drawn if isinstance(item, NoChart)]
    numerals = "一二三四五六七八九十"
    notes = ["由 hengbao（衡报）按各部门年度报告原文生成；每个数都可在 tables.xlsx 与 explorer.html 中回到原句。"]
    if is_demonstration:
        notes.insert(0, "示例数据：本件所涉地区、部门数字与事件均为虚构，仅供演示。")
    data = {
        "title": briefing_rules.title, "title_lines": _title_lines(briefing_rules.title), "scope": scope,
        "is_demonstration": is_demonstration, "cover_notes": notes,
        "findings": [{"number": f"{numerals[position]}、", "title": finding.title, "text": finding.text,
                      "reference": references.get(finding.id, "")} for position, finding in enumerate(findings)],
        "sections": _sections(briefing_rules.pages, charts, absent),
        "method": list(briefing_rules.method),
        "evidence": groups,
        "evidence_note": "“位置”为文件中的页码与段号；没有分页的文件只列段号。未见回应、未披露的，列上年原文。",
    }
    return {"briefing.pdf": typeset("briefing", data)}
