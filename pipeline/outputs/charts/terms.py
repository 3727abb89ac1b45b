"""The words that a department or a year uses more than the rest: ranked dots, with z and count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.outputs import fonts, look, values
from pipeline.outputs.charts.scope import Scope, choose_rows, finish, name_rows, number_pages
from pipeline.outputs.frame import Chart, NoChart
from pipeline.outputs.look import Canvas

TERMS_A_PANEL = 5
PANELS_A_PAGE = 9
#: z from which a word is more frequent than chance explains (95 %).
SIGNIFICANT = 1.96
_ROW_MM = 5.4
_HEAD_MM = 10.0
_GUTTER_MM = 5.0

Groups = Mapping[str, Sequence[Any]]


def _groups(key_terms: pd.DataFrame, grouping: str, labels: Mapping[str, str]) -> dict[str, list[Any]]:
    """The leading terms of each group by its label, in the order of `labels`."""
    rows = key_terms[key_terms["grouping"] == grouping].sort_values(["group", "rank", "term"])
    found: dict[str, list[Any]] = {label: [] for label in labels.values()}
    for row in rows.itertuples(index=False):
        label = labels.get(str(row.group))
        z = values.number_or_none(row.log_odds_z)
        if label is not None and z is not None and z > 0 and len(found[label]) < TERMS_A_PANEL:
            found[label].append(row)
    return {label: terms for label, terms in found.items() if terms}


def _strongest(groups: Groups) -> tuple[str, Any]:
    return max(((label, terms[0]) for label, terms in groups.items()),
               key=lambda pair: (pair[1].log_odds_z, pair[0]))


def department_terms(scope: Scope, key_terms: pd.DataFrame) -> list[Chart] | NoChart:
    """The five leading words of each department against all others."""
    kind = "department_terms"
    groups = _groups(key_terms, "department", {department.name: department.label for department in scope.departments})
    if not groups:
        return NoChart(kind, f"不足两个{scope.subject}，或没有明显偏多的词，无从比较各{scope.subject}用词")
    label, term = _strongest(groups)
    title = f"各{scope.subject}用词情况"
    if term.log_odds_z >= SIGNIFICANT:
        leading = sorted(((entries[0], name) for name, entries in groups.items() if entries[0].log_odds_z >= SIGNIFICANT),
                         key=lambda pair: (-pair[0].log_odds_z, pair[1]))[:3]
        named = "、".join(f"{name}“{entry.term}”（{int(entry.count)}次）" for entry, name in leading)
        title = f"比其他{scope.subject}用得最突出的词：{named}"
    who = f"各{scope.subject}{values.write_years(scope.years)}报告"
    return _draw(groups, scope, f"04-{scope.subject}特征词", kind, title, f"{who}相对其他{scope.subject}偏多的词", label)


def year_terms(scope: Scope, key_terms: pd.DataFrame) -> list[Chart] | NoChart:
    """The five leading words of each year against all other years."""
    kind = "year_terms"
    groups = _groups(key_terms, "year", {str(year): f"{year}年" for year in scope.years})
    if not groups:
        return NoChart(kind, "不足两个年度，或没有明显偏多的词，无从比较各年用词")
    label, term = _strongest(groups)
    latest = f"{scope.latest}年"
    title = "各年用词情况"
    if latest in groups and groups[latest][0].log_odds_z >= SIGNIFICANT:
        label, term = latest, groups[latest][0]
        words = "、".join(_write_term(entry) for entry in groups[latest][:3] if entry.log_odds_z >= SIGNIFICANT)
        title = f"{latest}报告比其他年度多用的词：{words}"
    elif term.log_odds_z >= SIGNIFICANT:
        title = f"{label}报告比其他年度多用的词：{_write_term(term)}"
    return _draw(groups, scope, "05-年度特征词", kind, title, "各年报告相对其他年度偏多的词", label)


def _write_term(term: Any) -> str:
    """“复议”（5份16次）: how often, and in how many reports of the year."""
    reports = "" if pd.isna(term.n_documents) else f"{int(term.n_documents)}份"
    return f"“{term.term}”（{reports}{int(term.count)}次）"


def _draw(groups: Groups, scope: Scope, name: str, kind: str, title: str, subtitle: str, marked: str) -> list[Chart]:
    most = max(term.log_odds_z for terms in groups.values() for term in terms)
    # Of very many groups those with the most outstanding words are shown.
    ordered = list(groups)
    if len(groups) > scope.room.pages * PANELS_A_PAGE:
        ordered.sort(key=lambda label: (-groups[label][0].log_odds_z, label))
    chosen = choose_rows(ordered, scope, PANELS_A_PAGE, from_both_ends=False)
    charts = []
    for page in chosen.pages:
        charts.append(
            finish(
                _draw_page({label: groups[label] for label in page}, most, marked),
                scope,
                name=name,
                kind=kind,
                title=title,
                subtitle=f"{subtitle}；圆点为z值，右列为出现次数",
                note=f"z值越大，该词越是这一组特有（对数优势比，狄利克雷先验）；竖虚线为{SIGNIFICANT}，右侧为显著偏多。词多不等于工作多；"
                "单个词离开上下文含义有限，可在 explorer.html 中搜索该词看原句。"
                + chosen.words,
                n=scope.n_reports,
                rows=name_rows("特征词", 分组方式="按年度" if kind == "year_terms" else f"按{scope.subject}"),
            )
        )
    return number_pages(charts)


def _draw_page(groups: Groups, most: float, marked: str) -> Canvas:
    n_columns = 2 if len(groups) == 4 else min(3, len(groups))
    width = min(82.0, (look.BODY_MM - _GUTTER_MM * (n_columns - 1)) / n_columns)
    n_rows = -(-len(groups) // n_columns)
    n_terms = [
        max(len(groups[label]) for label in list(groups)[row * n_columns : (row + 1) * n_columns])
        for row in range(n_rows)
    ]
    tops = [sum(_HEAD_MM + n * _ROW_MM + 2.5 for n in n_terms[:row]) for row in range(n_rows)]
    canvas = Canvas(tops[-1] + _HEAD_MM + n_terms[-1] * _ROW_MM + 1.0)
    for number, (label, terms) in enumerate(groups.items()):
        row, column = divmod(number, n_columns)
        _draw_group(canvas, label, terms, column * (width + _GUTTER_MM), tops[row], width, most, label == marked)
    return canvas


def _draw_group(canvas: Canvas, label: str, terms: Sequence[Any], left: float, top: float, width: float, most: float,
                is_marked: bool) -> None:
    canvas.text(left, top + 2.2, fonts.wrap_text(label, width - 8, look.LABEL_PT, 1, is_bold=True), is_bold=True)
    canvas.text(left + width, top + 7.4, "次数", look.NOTE_PT, look.QUIET, "end")
    start, end = left + 23.0, left + width - 15.0
    bottom = top + _HEAD_MM + len(terms) * _ROW_MM

    def across(z: float) -> float:
        return start + (end - start) * z / most

    canvas.line([(start, top + 6.2), (start, bottom)], look.GRID, 0.8)
    if most >= SIGNIFICANT:
        canvas.text(across(SIGNIFICANT), top + 7.4, f"{SIGNIFICANT}", look.NOTE_PT, look.QUIET, "middle")
        canvas.line(
            [(across(SIGNIFICANT), top + 9.4), (across(SIGNIFICANT), bottom)], look.RULE, 0.7, is_dashed=True, layer=2
        )
    for number, term in enumerate(terms):
        y = top + _HEAD_MM + (number + 0.5) * _ROW_MM
        colour = look.ACCENT if is_marked and number == 0 else look.NAVY
        canvas.text(start - 1.5, y, fonts.wrap_text(str(term.term), 21.0, look.LABEL_PT, 1), anchor="end")
        x = across(float(term.log_odds_z))
        canvas.line([(start, y), (x, y)], look.STEPS[1], 1.8)
        canvas.dot(x, y, 2.1, colour)
        canvas.text(x + 1.7, y, f"{term.log_odds_z:.1f}", look.SMALL_PT, colour, is_bold=True)
        canvas.text(left + width, y, values.write_number(float(term.count)), look.SMALL_PT, look.QUIET, "end")
