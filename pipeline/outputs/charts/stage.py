"""The stage that draws all charts, and the list of them for briefing and notebooks."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline.outputs.charts.changes import choose_changes, indicator_change
from pipeline.outputs.charts.checks import checklist_matrix
from pipeline.outputs.charts.commitments import commitment_outcomes
from pipeline.outputs.charts.density import quantity_density
from pipeline.outputs.charts.disclosure import disclosure_rates
from pipeline.outputs.charts.indicators import choose_indicators, indicator_heatmap
from pipeline.outputs.charts.reuse import reuse_matrix
from pipeline.outputs.charts.scope import Room, lay_out
from pipeline.outputs.charts.terms import department_terms, year_terms
from pipeline.outputs.charts.themes import theme_departments, theme_shares
from pipeline.outputs.frame import Chart, NoChart, render_chart


def build_charts(
    reports: pd.DataFrame, coverage: pd.DataFrame, indicator_values: pd.DataFrame, indicator_changes: pd.DataFrame,
    themes: pd.DataFrame, key_terms: pd.DataFrame, reuse_shares: pd.DataFrame, checks: pd.DataFrame,
    text_stats: pd.DataFrame, commitments: pd.DataFrame, indicators: Any, theme_catalogue: Any, check_rules: Any,
    genres: Any, briefing_rules: Any, room: Room | None = None,
) -> list[Chart | NoChart]:
    """All charts in the order of their names; a `NoChart` says why one cannot be drawn from these data.

    `room` limits what charts of very many departments show.
    """
    scope = lay_out(reports, coverage, genres, room)
    if scope is None:
        return [NoChart("all", "没有可比较的报告")]
    drawn: list[list[Chart] | NoChart] = []
    chosen = choose_indicators(
        scope, indicator_values, indicators, preferred=briefing_rules.headline_indicators.get(scope.genre, ()))
    if not chosen:
        drawn.append(NoChart("indicator_heatmap", "没有写明数值的指标"))
    for number, indicator in enumerate(chosen, 1):
        drawn.append(indicator_heatmap(scope, indicator_values, indicator, number))
    changed = choose_changes(scope, indicator_changes, indicators)
    if not changed:
        drawn.append(NoChart("indicator_change", f"没有可与上年比较、且多数{scope.subject}有升降的指标"))
    for number, indicator in enumerate(changed, 1):
        drawn.append(indicator_change(scope, indicator_values, indicator_changes, indicator, number))
    if scope.naming.has_themes:
        drawn += [theme_shares(scope, themes, theme_catalogue), theme_departments(scope, themes, theme_catalogue)]
    else:
        drawn.append(NoChart("theme_shares", f"主题目录不是为{scope.naming.report}编的，不比较主题"))
    drawn += [
        department_terms(scope, key_terms),
        year_terms(scope, key_terms),
        reuse_matrix(scope, reuse_shares, "earlier_year"),
        reuse_matrix(scope, reuse_shares, "other_department"),
        checklist_matrix(scope, checks, check_rules),
        quantity_density(scope, text_stats),
        disclosure_rates(scope, indicator_values, indicators),
        commitment_outcomes(scope, commitments),
    ]
    charts: list[Chart | NoChart] = []
    for result in drawn:
        charts.extend([result] if isinstance(result, NoChart) else result)
    return charts


def draw_charts(
    reports: pd.DataFrame, coverage: pd.DataFrame, indicator_values: pd.DataFrame, indicator_changes: pd.DataFrame,
    themes: pd.DataFrame, key_terms: pd.DataFrame, reuse_shares: pd.DataFrame, checks: pd.DataFrame,
    text_stats: pd.DataFrame, commitments: pd.DataFrame, indicators: Any, theme_catalogue: Any, check_rules: Any,
    genres: Any, briefing_rules: Any,
) -> dict[str, bytes]:
    """charts/<name>.pdf and .png for every chart; charts/图表目录.txt has the headlines, and what was not drawn and why."""
    files: dict[str, bytes] = {}
    lines: list[str] = []
    for chart in build_charts(reports, coverage, indicator_values, indicator_changes, themes, key_terms, reuse_shares,
                              checks, text_stats, commitments, indicators, theme_catalogue, check_rules, genres,
                              briefing_rules):
        if isinstance(chart, NoChart):
            lines.append(f"未画（{chart.kind}）\t{chart.reason}")
            continue
        files[f"charts/{chart.name}.pdf"], files[f"charts/{chart.name}.png"] = render_chart(chart)
        lines.append(f"{chart.name}\t{chart.title}")
    files["charts/图表目录.txt"] = ("\n".join(lines) + "\n").encode()
    return files
