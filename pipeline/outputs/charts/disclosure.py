"""How much of what is asked the reports answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipeline.outputs import values
from pipeline.outputs.charts.classes import choose_breaks
from pipeline.outputs.charts.indicators import list_indicators
from pipeline.outputs.charts.matrix import Bars, Cell, Matrix, draw_matrix
from pipeline.outputs.charts.one_year import rank_shares
from pipeline.outputs.charts.scope import (
    Department,
    Scope,
    by_place,
    choose_rows,
    finish,
    leaders,
    name_rows,
    number_pages,
    write_leaders,
)
from pipeline.outputs.frame import Chart, NoChart


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

    if len(scope.years) == 1:
        return rank_shares(
            scope, {department: share for (department, _), share in shares.items()}, decimals=0, sign="%", unit="%",
            name="09-披露完整度", kind=kind, title=_rates_headline(scope, shares), n=len(shares), rows=name_rows(f"{scope.subject}年度"),
            subtitle=f"写明数值或写明为0的指标占所问指标的比重（%），{scope.latest}年；{scope.subject}按比重从大到小排列",
            note=f"所问指标共{len(asked)}项，并非每项都与每个{scope.subject}有关；报告写明不适用的不计入分母。")

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
    title = _turn_headline(scope, shares)
    chosen = choose_rows(ordered, scope, has=lambda department: (department, scope.latest) in shares)
    years = values.write_years(scope.years)
    charts = []
    for page in chosen.pages:
        changes = [_write_turnover(answered, department, scope.years) for department in page]
        matrix = Matrix(
            [department.label for department in page], [str(year) for year in scope.years],
            [[cell(department, year) for year in scope.years] for department in page], breaks, False, "%",
            gap=chosen.gap,
            bars=Bars("各年平均", [means[department] for department in page],
                      ["—" if means[department] is None else f"{means[department]:.0f}%" for department in page])
            if len(scope.years) > 1 else None,
            notes=(f"{scope.latest}年比上年", changes) if len(scope.years) > 1 else None)
        charts.append(finish(
            draw_matrix(matrix), scope, name="09-披露完整度", kind=kind, title=title,
            subtitle=f"写明数值或写明为0的指标占所问指标的比重（%），{years}；{scope.subject}按平均比重从大到小排列",
            note=f"所问指标共{len(asked)}项，并非每项都与每个{scope.subject}有关，宜看本{scope.subject}各年的变化；报告写明不适用的不计入分母；"
                 "平均只计有报告的年度。" + chosen.words,
            n=len(shares), rows=name_rows(f"{scope.subject}年度")))
    return number_pages(charts)


def _turn_headline(scope: Scope, shares: dict[tuple[Department, int], float]) -> str:
    """Who discloses more and less than the year before: departments differ in what concerns them, years less so."""
    moves = {
        department: shares[department, scope.latest] - shares[department, scope.years[-2]]
        for department in scope.departments
        if (department, scope.latest) in shares and (department, scope.years[-2]) in shares
    }
    if len(moves) < 2:
        return _rates_headline(scope, shares)
    rounded = {department: values.round_half_up(move) for department, move in moves.items()}
    parts = []
    for is_up, word in ((True, "增加最多"), (False, "减少最多")):
        found = leaders(rounded, is_up)
        if (rounded[found[0]] > 0) == is_up and rounded[found[0]]:
            detail = ""
            if len(found) == 1:
                before, now = (shares[found[0], year] for year in (scope.years[-2], scope.latest))
                detail = f"（{values.write_number(before, 0)}%→{values.write_number(now, 0)}%）"
            parts.append(f"{write_leaders(found, scope.subject)}{word}{detail}")
    if not parts:
        return f"{scope.latest}年各{scope.subject}写明的指标与上年持平"
    return f"{scope.latest}年写明的指标比上年，{'，'.join(parts)}"


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
        return f"各{scope.subject}报告的指标披露情况"
    return (f"{scope.latest}年{write_leaders(leaders(latest), scope.subject)}写明的指标最多，占{max(latest.values()):.0f}%；"
            f"{write_leaders(leaders(latest, False), scope.subject)}最少，占{min(latest.values()):.0f}%")


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
    return f"新披露{len(now - before)}项，不再披露{len(before - now)}项"
