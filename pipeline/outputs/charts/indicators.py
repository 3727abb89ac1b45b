"""Indicator values: one heat map an indicator, and how much of what is asked the reports answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipeline.outputs import values
from pipeline.outputs.charts.classes import choose_breaks
from pipeline.outputs.charts.matrix import Bars, Cell, Matrix, draw_matrix
from pipeline.outputs.charts.scope import (
    Department,
    Scope,
    by_place,
    file_words,
    finish,
    leaders,
    left_out_note,
    measure_words,
    number_pages,
    split_pages,
    write_leaders,
)
from pipeline.outputs.frame import Chart, NoChart

N_INDICATORS = 6


def list_indicators(indicators: Any) -> list[Any]:
    """The indicators of the catalogue, in its order; takes the catalogue or any sequence of indicators."""
    return list(getattr(indicators, "all", indicators))


def choose_indicators(
    scope: Scope, indicator_values: pd.DataFrame, indicators: Any, n: int = N_INDICATORS
) -> list[Any]:
    """The `n` indicators with the widest disclosure: most reports answer them.

    Rates are left out (a heat map of 100 % tells nothing), and so are indicators that hardly ever say more than 0.
    Ties keep the order of the catalogue.
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
    return [indicator for _, _, indicator in sorted(candidates, key=lambda candidate: candidate[:2])[:n]]


def size_of(row: Any) -> float | None:
    """The bound that sorting and colouring use: the lower one, or the upper one where only that is known."""
    low, high = values.number_or_none(row.low), values.number_or_none(row.high)
    return high if low is None else low


def _cell(row: Any | None, unit: str, kind: str, scale: values.Scale) -> Cell:
    if row is None or row.state == "not_disclosed":
        return Cell("not_disclosed", values.STATE_LABELS["not_disclosed"])
    if row.state in ("na", "ambiguous"):
        return Cell(row.state, values.STATE_LABELS[row.state])
    size = size_of(row)
    if row.state == "zero" or (row.low == 0 and row.high == 0):
        return Cell("zero", "0")
    if size is None:
        return Cell("ambiguous", values.STATE_LABELS["ambiguous"])
    return Cell(
        "value", values.write_value(row.low, row.high, row.approx, unit, kind, scale=scale), size / scale.divisor
    )


def _headline(name: str, cells: dict[Department, list[Cell]]) -> str:
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
        return f"没有一个部门在每份报告里都写明“{name}”，{silent}"
    return f"{len(counted)}个部门中{n_always}个在每份报告里都写明了“{name}”，{silent}"


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
    title = _headline(indicator.short_name, cells)
    has_approximate = any(row.approx not in ("exact", None) and not pd.isna(row.approx) for row in answers.values())
    subtitle = (
        f"{measure_words(indicator.name, scale.unit)}，{values.write_years(scope.years)}；"
        f"部门按{scope.latest}年数值从大到小排列"
    )
    note = ("约数按区间写出，着色取下限；" if has_approximate else "") + (
        "“未披露”指报告已公开但没有写这一项，“缺报告”指没有找到该年报告，都不作0处理。")
    if not are_whole and breaks:
        note += "各档含下限、不含上限。"
    n_na = sum(entry.kind == "na" for row in cells.values() for entry in row)
    note += f"另有{n_na}份报告写明不适用，不计入标题中的份数。" if n_na else ""
    pages, n_left_out = split_pages(ordered)
    charts = []
    for page in pages:
        matrix = Matrix([department.label for department in page], [str(year) for year in scope.years],
                        [cells[department] for department in page], breaks, are_whole)
        charts.append(finish(
            draw_matrix(matrix), scope, name=f"01-{number}-指标值-{file_words(indicator.short_name)}", kind=kind,
            subject=indicator.id, title=title, subtitle=subtitle, note=note + left_out_note(n_left_out),
            n=scope.n_reports))
    return number_pages(charts)


def disclosure_rates(scope: Scope, indicator_values: pd.DataFrame, indicators: Any) -> list[Chart] | NoChart:
    """Share of the indicators that each report answers (a value or a stated zero), departments × years.

    不适用 leaves the denominator. The column at the right counts what the latest report answers anew and what it no
    longer answers compared with the year before: 不再写 is a signal, not a fault.
    """
    kind = "disclosure_rates"
    catalogue = [indicator.id for indicator in list_indicators(indicators)]
    shown = indicator_values[indicator_values["document_id"].isin(list(scope.places))]
    asked = set(shown["indicator"]) & set(catalogue)
    places = by_place(shown[shown["indicator"].isin(list(asked))], scope)
    if not places:
        return NoChart(kind, "没有指标值")
    answered = {
        place: {row.indicator for row in rows if row.state in values.ANSWERED} for place, rows in places.items()
    }
    n_asked = {place: sum(row.state != "na" for row in rows) for place, rows in places.items()}
    shares = {place: 100 * len(answered[place]) / n_asked[place] for place in places if n_asked[place]}
    if not shares:
        return NoChart(kind, "没有可计算披露比例的报告")

    def cell(department: Department, year: int) -> Cell:
        share = shares.get((department, year))
        if share is not None:
            return Cell("value", values.write_number(share, 0), share)
        return scope.absence(department, year) or Cell("na", values.STATE_LABELS["na"])

    def mean(department: Department) -> float | None:
        found = [shares[department, year] for year in scope.years if (department, year) in shares]
        return sum(found) / len(found) if found else None

    means = {department: mean(department) for department in scope.departments}
    ordered = sorted(scope.departments, key=lambda department: (-(means[department] or -1.0), department))
    breaks = choose_breaks(shares.values())
    title = _rates_headline(scope, shares)
    pages, n_left_out = split_pages(ordered)
    years = values.write_years(scope.years)
    charts = []
    for page in pages:
        changes = [_write_turnover(answered, department, scope.years) for department in page]
        matrix = Matrix(
            [department.label for department in page], [str(year) for year in scope.years],
            [[cell(department, year) for year in scope.years] for department in page], breaks, False, "%",
            bars=Bars("各年平均", [means[department] for department in page],
                      ["—" if means[department] is None else f"{means[department]:.0f}%" for department in page])
            if len(scope.years) > 1 else None,
            notes=(f"{scope.latest}年比上年", changes) if len(scope.years) > 1 else None)
        charts.append(finish(
            draw_matrix(matrix), scope, name="09-披露完整度", kind=kind, title=title,
            subtitle=f"写明数值或写明为0的指标占所问指标的比重（%），{years}；部门按平均比重从大到小排列",
            note=f"所问指标共{len(asked)}项，并非每项都与每个部门有关，宜看本部门各年的变化；报告写明不适用的不计入分母；"
                 "平均只计有报告的年度。" + left_out_note(n_left_out),
            n=len(shares)))
    return number_pages(charts)


def _rates_headline(scope: Scope, shares: dict[tuple[Department, int], float]) -> str:
    if len(scope.departments) == 1:
        years = sorted(year for _, year in shares)
        first, last = (shares[scope.departments[0], year] for year in (years[0], years[-1]))
        label = scope.departments[0].label
        if len(years) == 1 or round(first) == round(last):
            return f"{label}{years[-1]}年报告写明{last:.0f}%的指标"
        word = "升至" if last > first else "降至"
        return f"{label}写明的指标由{years[0]}年的{first:.0f}%{word}{years[-1]}年的{last:.0f}%"
    latest = {department: float(round(share)) for (department, year), share in shares.items() if year == scope.latest}
    if len(latest) < 2 or max(latest.values()) == min(latest.values()):
        return "各部门年度报告的指标披露情况"
    return (f"{scope.latest}年{write_leaders(leaders(latest))}写明的指标最多，占{max(latest.values()):.0f}%；"
            f"{write_leaders(leaders(latest, False))}最少，占{min(latest.values()):.0f}%")


def _write_turnover(
    answered: dict[tuple[Department, int], set[str]], department: Department, years: Sequence[int]
) -> str:
    now, before = (
        answered.get((department, years[-1])),
        answered.get((department, years[-2])) if len(years) > 1 else None,
    )
    if now is None:
        return "本年缺报告"
    if before is None:
        return "上年缺报告"
    return f"新写{len(now - before)}项，不再写{len(before - now)}项"
