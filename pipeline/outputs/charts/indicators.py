"""Indicator values: one heat map an indicator; with one year only, one ranking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipeline.outputs import caution, values
from pipeline.outputs.charts.classes import choose_breaks
from pipeline.outputs.charts.matrix import Cell, Matrix, draw_matrix
from pipeline.outputs.charts.one_year import rank_indicator
from pipeline.outputs.charts.scope import (
    Department,
    Scope,
    by_place,
    choose_rows,
    file_words,
    finish,
    measure_words,
    name_rows,
    number_pages,
)
from pipeline.outputs.frame import Chart, NoChart
from pipeline.outputs.totals import add_up

N_INDICATORS = 6
#: A preferred indicator is drawn when at least this share of the reports gives it.
LEAST_GIVEN = 0.2


def list_indicators(indicators: Any) -> list[Any]:
    """The indicators of the catalogue, in its order; takes the catalogue or any sequence of indicators."""
    return list(getattr(indicators, "all", indicators))


def choose_indicators(
    scope: Scope, indicator_values: pd.DataFrame, indicators: Any, n: int = N_INDICATORS,
    preferred: Sequence[str] = (),
) -> list[Any]:
    """The `n` indicators to draw: those of `preferred` that a fifth of the reports give, then the widest disclosure.

    Beyond `preferred`, rates are left out (a heat map of 100 % tells nothing), and so are indicators that hardly ever
    say more than 0. Ties keep the order of the catalogue.
    """
    shown = indicator_values[indicator_values["document_id"].isin(list(scope.places))]
    answered = shown[shown["state"].isin(list(values.ANSWERED))]
    counts = answered["indicator"].value_counts().to_dict()
    largest = answered[["low", "high"]].max(axis=1)
    n_positive = answered[largest > 0]["indicator"].value_counts().to_dict()
    candidates = [
        (-counts.get(indicator.id, 0), number, indicator)
        for number, indicator in enumerate(list_indicators(indicators))
        if not values.is_rate(indicator.unit, indicator.kind)
        and 2 * n_positive.get(indicator.id, 0) >= counts.get(indicator.id, 0) > 0
    ]
    by_id = {indicator.id: indicator for indicator in list_indicators(indicators)}
    first = [by_id[key] for key in preferred if key in by_id and counts.get(key, 0) >= LEAST_GIVEN * scope.n_reports]
    widest = [indicator for _, _, indicator in sorted(candidates, key=lambda candidate: candidate[:2])]
    return [*first, *(indicator for indicator in widest if indicator not in first)][:n]


def size_of(row: Any) -> float | None:
    """The bound that sorting and colouring use: the lower one, or the upper one where only that is known."""
    low, high = values.number_or_none(row.low), values.number_or_none(row.high)
    return high if low is None else low


def _cell(row: Any | None, unit: str, kind: str, scale: values.Scale) -> Cell:
    if row is None or row.state == "not_disclosed":
        return Cell("not_disclosed", values.STATE_LABELS["not_disclosed"])
    if row.state in ("na", "ambiguous"):
        return Cell(row.state, values.STATE_LABELS[row.state])
    size, mark = size_of(row), caution.PARTIAL_MARK if caution.is_partial(row) else ""
    if row.state == "zero" or (row.low == 0 and row.high == 0):
        return Cell("zero", "0" + mark)
    if size is None:
        return Cell("ambiguous", values.STATE_LABELS["ambiguous"])
    return Cell(
        "value", values.write_value(row.low, row.high, row.approx, unit, kind, scale=scale) + mark, size / scale.divisor
    )


def _headline(name: str, cells: dict[Department, list[Cell]], subject: str) -> str:
    """What the matrix says about disclosure, from the cells alone."""
    written = {"value", "zero", "ambiguous"}
    asked = {
        department: [cell for cell in row if cell.kind not in ("missing", "not_existing", "na")]
        for department, row in cells.items()
    }
    n_reports = sum(len(row) for row in asked.values())
    n_silent = sum(cell.kind == "not_disclosed" for row in asked.values() for cell in row)
    counted = [row for row in asked.values() if row]
    n_always = sum(all(cell.kind in written for cell in row) for row in counted)
    if not n_reports:
        return f"“{name}”的披露情况"
    if not n_silent:
        return f"{n_reports}份报告都写明了“{name}”" if n_reports > 1 else f"报告写明了“{name}”"
    if n_silent == n_reports:
        return f"{n_reports}份报告都未披露“{name}”"
    silent = f"{n_reports}份报告中{n_silent}份未披露"
    if len(counted) == 1:
        return f"{next(department.label for department, row in asked.items() if row)}{silent}“{name}”"
    if n_reports == len(counted):
        return f"{n_reports}份报告中{n_reports - n_silent}份写明了“{name}”，{n_silent}份未披露"
    if not n_always:
        return f"没有一个{subject}在每份报告里都写明“{name}”，{silent}"
    return f"{len(counted)}个{subject}中{n_always}个在每份报告里都写明了“{name}”，{silent}"


def _write_total(scope: Scope, answers: dict[tuple[Department, int], Any], indicator: Any, scale: values.Scale) -> str:
    """The sum of those that state exact figures of both latest years in one unit: 8个部门合计由2022年的46件降至2023年的24件.

    "" where fewer than three do.
    """
    if values.is_rate(indicator.unit, indicator.kind) or len(scope.years) < 2:
        return ""
    totals = add_up(((answers.get((department, scope.years[-2])), answers.get((department, scope.latest)))
                     for department in scope.departments), indicator.unit)
    if totals is None:
        return ""
    before, now = (values.write_value(total, total, "exact", indicator.unit, indicator.kind, with_unit=True, scale=scale)
                   for total in (totals.before, totals.now))
    if totals.before == totals.now:
        return f"{totals.n}个{scope.subject}合计两年都是{now}"
    return f"{totals.n}个{scope.subject}合计由{scope.years[-2]}年的{before}{totals.word}{scope.latest}年的{now}"


def indicator_heatmap(
    scope: Scope, indicator_values: pd.DataFrame, indicator: Any, number: int = 1
) -> list[Chart] | NoChart:
    """Departments × years for one indicator: the number in every cell, states told apart without colour.

    The headline says how many departments always disclose it and how many reports do not. Rows are ordered by the
    latest year's value. `number` enters the file name.
    """
    kind = "indicator_heatmap"
    rows = by_place(indicator_values[indicator_values["indicator"] == indicator.id], scope)
    answers = {place: found[0] for place, found in rows.items()}
    sizes = [size_of(row) for row in answers.values() if row.state in values.ANSWERED]
    if not any(size is not None for size in sizes):
        return NoChart(kind, f"没有报告写明{indicator.name}")
    if len(scope.years) == 1:
        return rank_indicator(scope, {department: row for (department, _), row in answers.items()}, indicator, number)
    scale = values.choose_scale(sizes, indicator.unit, indicator.kind)

    def cell(department: Department, year: int) -> Cell:
        return scope.absence(department, year) or _cell(
            answers.get((department, year)), indicator.unit, indicator.kind, scale)

    cells = {department: [cell(department, year) for year in scope.years] for department in scope.departments}

    def order(department: Department) -> tuple[float, ...]:
        # Latest year first; a department without a value there follows those with one.
        latest_first = [entry.size if entry.kind == "value" else 0.0 if entry.kind == "zero" else -1.0
                        for entry in reversed(cells[department])]
        return tuple(-size for size in latest_first)

    ordered = sorted(scope.departments, key=lambda department: (order(department), department))
    shown = [entry.size for row in cells.values() for entry in row if entry.kind == "value"]
    breaks, are_whole = choose_breaks(shown), all(float(size).is_integer() for size in shown)
    title = _headline(indicator.short_name, cells, scope.subject)
    total = _write_total(scope, answers, indicator, scale)
    if total:
        silent = sum(entry.kind == "not_disclosed" for row in cells.values() for entry in row)
        title = f"“{indicator.short_name}”：{total}" + (f"；{scope.n_reports}份报告中{silent}份未披露" if silent else "")
    has_approximate = any(row.approx not in ("exact", None) and not pd.isna(row.approx) for row in answers.values())
    subtitle = (
        f"{measure_words(indicator.name, scale.unit)}，{values.write_years(scope.years)}；"
        f"{scope.subject}按{scope.latest}年数值从大到小排列"
    )
    note = ("约数按区间写出，着色取下限；" if has_approximate else "") + (
        caution.PARTIAL_NOTE if any(caution.is_partial(row) for row in answers.values()) else "") + (
        "“未披露”指报告已公开但没有写这一项，“缺报告”指没有找到该年报告，都不作0处理。")
    note += "标题中的合计只计两年都写明全年准确数的。" if total else ""
    if not are_whole and breaks:
        note += "各档含下限、不含上限。"
    n_na = sum(entry.kind == "na" for row in cells.values() for entry in row)
    note += f"另有{n_na}份报告写明不适用，不计入标题中的份数。" if n_na else ""
    chosen = choose_rows(ordered, scope, has=lambda department: cells[department][-1].kind in ("value", "zero"))
    charts = []
    for page in chosen.pages:
        matrix = Matrix([department.label for department in page], [str(year) for year in scope.years],
                        [cells[department] for department in page], breaks, are_whole, gap=chosen.gap)
        charts.append(finish(
            draw_matrix(matrix), scope, name=f"01-{number}-指标值-{file_words(indicator.short_name)}", kind=kind,
            subject=indicator.id, title=title, subtitle=subtitle, note=note + chosen.words,
            n=scope.n_reports, rows=name_rows(f"{scope.subject}年度", 指标=indicator.name)))
    return number_pages(charts)
