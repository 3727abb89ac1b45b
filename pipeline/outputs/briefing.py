"""The briefing: findings in plain sentences, charts, method and evidence on A4 pages. Wording in knowledge/briefing.yml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.outputs.charts.scope import Room
from pipeline.outputs.charts.stage import build_charts
from pipeline.outputs.findings import Evidence, Finding, find_findings, gather
from pipeline.outputs.fonts import Faces
from pipeline.outputs.frame import Chart, NoChart, chart_data, count_pages, typeset
from pipeline.outputs.naming import Naming, find_naming
from pipeline.outputs.places import Places
from pipeline.outputs.quoting import nest_quotes, quote
from pipeline.outputs.values import write_years

# Rows of a finding and of the contradictions on the evidence pages, fewer where the pages are too many.
_ROWS = ((6, 14), (5, 12), (4, 10), (3, 8), (2, 6))
_MOST_PAGES = 10
#: Two charts fit one page whatever the number of departments.
_ROOM = Room(pages=1, ends=0.4)
_PARTS = 2  # a chart in more parts than this shows the first and says where the rest is
_QUOTE = 66  # characters of a quotation in print
_TITLE_LINE = 14  # characters of the cover title on one line
_CONTRADICTIONS = "contradictions"
_WORKBOOK, _EXPLORER = "tables.xlsx", "explorer.html"

Link = dict[str, str]  # text, and where it leads: `to` within the briefing, `url` to a file beside it


def _title_lines(title: str) -> list[str]:
    return [title[start:start + _TITLE_LINE] for start in range(0, len(title), _TITLE_LINE)]


def _scope(reports: Mapping[str, Any], naming: Naming) -> tuple[str, bool]:
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


def _cut_off(reports: Mapping[str, Any]) -> str:
    """The latest date that a report carries, and how many carry one: what is newer is not in here."""
    dates = [max(found) for row in reports.values()
             if (found := [date for date in (row.signed_date, row.published_date) if isinstance(date, str)])]
    if not dates:
        return ""
    year, month, day = (int(part) for part in max(dates).split("-"))
    return f"所收报告最晚成文或公开于{year}年{month}月{day}日（{len(reports)}份中{len(dates)}份写有日期）"


def _number_evidence(findings: list[Finding], figures: dict[str, list[int]], n_rows: int, n_contradictions: int
                     ) -> tuple[dict[str, list[tuple[int, Evidence]]], dict[str, list[Link]]]:
    """The rows that are printed for each finding with their running numbers, and the references each finding carries."""
    shown: dict[str, list[tuple[int, Evidence]]] = {}
    references: dict[str, list[Link]] = {}
    number = 0
    for finding in findings:
        most = n_contradictions if finding.id == _CONTRADICTIONS else n_rows
        rows = [(number + place, item) for place, item in enumerate(finding.evidence[:most], 1)]
        links: list[Link] = []
        if rows:
            shown[finding.id] = rows
            words = f"证{rows[0][0]}" if len(rows) == 1 else f"证{rows[0][0]}至证{rows[-1][0]}"
            links.append({"text": words, "to": f"evidence-{rows[0][0]}"})
        numbers = [figure for kind in finding.charts for figure in figures.get(kind, [])]
        links += [{"text": f"图{figure}", "to": f"figure-{figure}"} for figure in numbers]
        if finding.sheet:
            links.append({"text": f"{_WORKBOOK}“{finding.sheet}”", "url": _WORKBOOK})
        references[finding.id] = links
        number += len(rows)
    return shown, references


def _rest(finding: Finding, n_shown: int) -> str:
    left = len(finding.evidence) - n_shown
    sheet = f"“{finding.sheet}”" if finding.sheet else ""
    return f"另有{left}条未列，全部见 {_WORKBOOK}{sheet}。" if left > 0 else ""


def _passage(quotation: str, place: str, document_id: str, start: int | None) -> dict[str, str]:
    """A quotation with its place, which leads to the sentence in the explorer."""
    url = f"{_EXPLORER}#d={document_id}&s={start}" if document_id and start is not None else ""
    return {"text": quote(quotation, _QUOTE) or "—", "place": place, "url": url if place else ""}


def _evidence_groups(findings: list[Finding], shown: dict[str, list[tuple[int, Evidence]]]) -> list[dict[str, Any]]:
    return [
        {"title": finding.title, "rest": _rest(finding, len(shown[finding.id])),
         "rows": [[number, f"{item.department}{item.year}年", item.item, nest_quotes(item.says),
                   _passage(item.quote, item.place, item.document_id, item.start)]
                  for number, item in shown[finding.id]]}
        for finding in findings if finding.id in shown and finding.id != _CONTRADICTIONS
    ]


def _contradictions(findings: list[Finding], shown: dict[str, list[tuple[int, Evidence]]]) -> dict[str, Any]:
    """The page of contradictions: both sides with their places; empty where there are none."""
    finding = next((finding for finding in findings if finding.id == _CONTRADICTIONS and finding.id in shown), None)
    if finding is None:
        return {"title": "", "rows": [], "rest": ""}
    return {"title": finding.title, "rest": _rest(finding, len(shown[finding.id])), "rows": [
        [number, f"{item.department}{item.year}年", nest_quotes(item.says), _passage(item.quote, item.place, item.document_id, item.start),
         _passage(item.other_quote, item.other_place, item.document_id, item.other_start) if item.other_quote
         else {"text": "同一句内", "place": "", "url": ""}]
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


def _sections(pages: Any, charts: list[Chart], words: dict[str, object]) -> tuple[list[dict[str, Any]], dict[str, list[int]]]:
    """The sections with their numbered charts, and the numbers by kind of chart."""
    sections = [{"heading": page.heading.format_map(words), "charts": _choose_charts(page, charts)} for page in pages]
    figures: dict[str, list[int]] = {}
    number = 0
    for section in sections:
        for chart in section["charts"]:
            number += 1
            chart["number"] = number
            figures.setdefault(chart["kind"], []).append(number)
    return [section for section in sections if section["charts"]], figures


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
    scope, is_demonstration = _scope(material.reports, naming)
    drawn = build_charts(reports, coverage, indicator_values, indicator_changes, themes, key_terms, reuse_shares, checks,
                         text_stats, commitments, indicators, theme_catalogue, check_rules, genres, briefing_rules, _ROOM)
    shown_sections, figures = _sections(briefing_rules.pages, [item for item in drawn if isinstance(item, Chart)], naming.words)
    kinds = {kind for page in briefing_rules.pages for kind in page.charts}
    absent = list(dict.fromkeys(item.reason for item in drawn if isinstance(item, NoChart) and item.kind in kinds))
    faces = Faces(briefing_rules.fonts.body, briefing_rules.fonts.headings, briefing_rules.fonts.folders)
    numerals = "一二三四五六七八九十"
    notes = [f"由 hengbao（衡报）按各{naming.subject}{naming.report}原文生成；每个数都可在 {_WORKBOOK} 与 {_EXPLORER} 中回到原句。"]
    if is_demonstration:
        notes.insert(0, "示例数据：本件所涉地区、单位、数字与事件均为虚构，仅供演示。")
    title = briefing_rules.title.format_map(naming.words)
    data: dict[str, Any] = {
        "title": title, "title_lines": _title_lines(title), "scope": scope, "subject": naming.subject,
        "is_demonstration": is_demonstration, "cover_notes": notes,
        "cover_fields": [["编制单位", briefing_rules.issuer], ["编制日期", briefing_rules.issued], ["数据截止", _cut_off(material.reports)]],
        "sections": shown_sections,
        "method": [text.format_map(naming.words) for text in briefing_rules.method]
        + ([f"没有画的图：{'；'.join(absent)}。"] if absent else []),
        "evidence_note": f"位置为文件中的页码与段号，没有分页的文件只列段号；在电脑上点位置可在 {_EXPLORER} 中看到原句。"
                         "没有找到回应的、今年未披露的，列上年原文。",
    }
    for n_rows, n_contradictions in _ROWS:
        shown, references = _number_evidence(findings, figures, n_rows, n_contradictions)
        data |= {
            "findings": [{"number": f"{numerals[position]}、", "title": finding.title, "text": nest_quotes(finding.text),
                          "references": references.get(finding.id, [])} for position, finding in enumerate(findings)],
            "contradictions": _contradictions(findings, shown), "evidence": _evidence_groups(findings, shown),
        }
        pdf = typeset("briefing", data, faces=faces)
        if count_pages(pdf) <= _MOST_PAGES:
            break
    return {"briefing.pdf": pdf}
