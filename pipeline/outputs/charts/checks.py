"""What the latest reports contain and where they contradict themselves: checks × departments."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline.outputs import fonts, look
from pipeline.outputs.charts.matrix import Bars, Cell, Matrix, draw_matrix
from pipeline.outputs.charts.scope import Department, Scope, by_place, choose_rows, finish, name_rows, number_pages
from pipeline.outputs.frame import Chart, NoChart

DEPARTMENTS_A_PAGE = 15
_LEVELS = {"必": "规定必备", "应": "纲要要求", "可": "惯例", "警": "质量疑点"}
_DOUBTS = frozenset({"on_time", "full_year", "year_consistent", "no_stale_terms", "no_foreign_leftovers"})
_SERIOUS = frozenset({"必", "警"})


def list_rules(check_rules: Any) -> list[Any]:
    """The check rules in the order of the file; takes the catalogue or any sequence of rules."""
    for attribute in ("checks", "rules", "all"):
        found = getattr(check_rules, attribute, None)
        if found is not None:
            return list(found.values() if hasattr(found, "values") else found)
    return list(check_rules)


def checklist_matrix(scope: Scope, checks: pd.DataFrame, check_rules: Any) -> list[Chart] | NoChart:
    """Every check of every department's report of the latest year; bars count the reports that fail a check.

    A failed 必 or 警 is × on dark, a missing 应 or 可 is × in a frame: the second is expected, not required.
    Departments stand in order of failed 必 and 警 checks. An unknown result is 无从判断, never a failure.
    """
    kind = "checklist_matrix"
    year = scope.latest
    results = {
        department: {row.check: row for row in rows}
        for (department, at), rows in by_place(checks, scope).items() if at == year
    }
    if not results:
        return NoChart(kind, f"{year}年没有可检查的报告")
    rules = [rule for rule in list_rules(check_rules) if any(rule.id in found for found in results.values())]
    if not rules:
        return NoChart(kind, "没有检查结果")
    n_failed = {
        rule.id: sum(_failed(found.get(rule.id)) for found in results.values()) for rule in rules
    }

    def serious(department: Department) -> int:
        return sum(_failed(results.get(department, {}).get(rule.id)) for rule in rules if rule.level in _SERIOUS)

    def cell(department: Department, rule: Any) -> Cell:
        if department not in results:
            return scope.absence(department, year) or Cell("unknown", "?")
        row = results[department].get(rule.id)
        if row is None or pd.isna(row.passed):
            return Cell("unknown", "?")
        if row.passed:
            return Cell("passed", "✓")
        return Cell("failed" if rule.level in _SERIOUS else "lacking", "×")

    ordered = sorted(
        scope.departments, key=lambda department: (department not in results, -serious(department), department)
    )
    # Long corpora: only departments with a report of that year are shown, and only those with doubts beyond the pages.
    chosen = choose_rows(ordered, scope, DEPARTMENTS_A_PAGE, has=lambda department: department in results, from_both_ends=False,
                         among="有本年报告的")
    title = _headline(rules, results, n_failed, year)
    levels = [level for level in _LEVELS if any(rule.level == level for rule in rules)]
    legend = "，".join(f"“{level}”为{_LEVELS[level]}" for level in levels)
    charts = []
    for page in chosen.pages:
        width = (look.BODY_MM - 30.0 - 42.0) / max(len(page), 5) - 0.8
        matrix = Matrix(
            [f"{rule.name}　{rule.level}" for rule in rules],
            [_stack(department.label, width) for department in page],
            [[cell(department, rule) for department in page] for rule in rules], column_most_mm=16.0,
            bars=Bars("未通过", [float(n_failed[rule.id]) for rule in rules],
                      [f"{n_failed[rule.id]}份" for rule in rules]))
        charts.append(finish(
            draw_matrix(matrix), scope, name="07-检查清单", kind=kind, title=title,
            subtitle=f"{year}年度各{scope.subject}报告逐项检查的结果；{scope.subject}按必备项、疑点两类未通过的项数从多到少排列",
            note=f"{legend}。“无从判断”指报告没有给出判断所需的内容，不算未通过；“未通过”只说报告的写法，不说工作有没有做。"
                 + chosen.words,
            source=scope.source([year]), n=len(results), rows=name_rows("检查一览", 年度=year)))
    return number_pages(charts)


def _stack(label: str, width: float) -> str:
    """A name above a narrow column, in up to three lines that are cut from its end: 市场／监管局, never 市场监／管局."""
    n_lines = min(3, -(-int(fonts.text_width(label, look.SMALL_PT) * 100) // int(width * 100)))
    size = -(-len(label) // n_lines)
    lines = [label[max(0, end - size):end] for end in range(len(label), 0, -size)]
    fits = len(lines) <= 3 and fonts.text_width("国" * size, look.SMALL_PT) <= width + 1
    return "\n".join(reversed(lines)) if fits else fonts.balance_text(label, width, look.SMALL_PT, 3)


def _failed(row: Any | None) -> bool:
    return row is not None and not pd.isna(row.passed) and not row.passed


def _headline(rules: list[Any], results: dict[Department, dict[str, Any]], n_failed: dict[str, int], year: int) -> str:
    serious = [rule for rule in rules if rule.level in _SERIOUS]
    # Dates, years and figures are doubts about what stands there, not contents that lack.
    contents = [rule for rule in serious if rule.level == "必" and rule.id not in _DOUBTS]
    n_lacking, n_reports = (
        sum(any(_failed(found.get(rule.id)) for rule in chosen) for found in results.values())
        for chosen in (contents, [rule for rule in serious if rule not in contents])
    )
    if not n_reports and not n_lacking:
        return f"{year}年度{len(results)}份报告的必备内容和质量检查没有发现问题"
    counts = {rule.name: float(n_failed[rule.id]) for rule in serious}
    worst = [rule.name for rule in serious if counts[rule.name] == max(counts.values())]
    named = "".join(f"“{name}”" for name in worst[:2]) + (f"等{len(worst)}项" if len(worst) > 2 else "")
    each = "各" if len(worst) > 1 else ""
    lacking = f"中{n_lacking}份必备内容不全" if n_lacking else "的必备内容都已具备" if contents else ""
    doubts = f"{n_reports}份有时间、年份、数字或用语上的疑点" if n_reports else ""
    joint = "，" if lacking and doubts else "" if lacking else "中"
    return (f"{year}年度{len(results)}份报告{lacking}{joint}{doubts}，"
            f"{named}未通过最多（{each}{max(counts.values()):.0f}份）")
