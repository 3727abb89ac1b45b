"""How many figures a report gives for its length: departments × years."""

from __future__ import annotations

import pandas as pd

from pipeline.outputs import values
from pipeline.outputs.charts.classes import choose_breaks
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


def quantity_density(scope: Scope, text_stats: pd.DataFrame) -> list[Chart] | NoChart:
    """Quantities of the department's own per 1,000 characters; bars give the mean of the years with a report."""
    kind = "quantity_density"
    rows = by_place(text_stats, scope)
    sizes = {place: float(found[0].quantities_per_1000) for place, found in rows.items()
             if not pd.isna(found[0].quantities_per_1000)}
    if not sizes:
        return NoChart(kind, "没有篇幅统计")

    note = (f"数量指本{scope.subject}的件、场、人次、金额、比率等，不计年份、文号、目标和上年数；分母为全文字数，含下一年安排。"
            "数字多不等于工作多。")
    if len(scope.years) == 1:
        return rank_shares(
            scope, {department: size for (department, _), size in sizes.items()}, decimals=1, sign="", unit="个",
            name="08-每千字数量", kind=kind, title=_headline(scope, sizes), n=len(sizes), note=note, rows=name_rows("篇幅"),
            subtitle=f"每千字全文写明的本{scope.subject}数量（个），{scope.latest}年；{scope.subject}按数量从多到少排列")

    def cell(department: Department, year: int) -> Cell:
        size = sizes.get((department, year))
        if size is None:
            return scope.absence(department, year) or Cell("na", "—")
        return Cell("value", f"{size:.1f}", size)

    means: dict[Department, float | None] = {}
    for department in scope.departments:
        own = [size for (owner, _), size in sizes.items() if owner == department]
        means[department] = sum(own) / len(own) if own else None
    ordered = sorted(scope.departments, key=lambda department: (-(means[department] or 0.0), department))
    chosen = choose_rows(ordered, scope, has=lambda department: (department, scope.latest) in sizes)
    charts = []
    for page in chosen.pages:
        matrix = Matrix(
            [department.label for department in page],
            [str(year) for year in scope.years],
            [[cell(department, year) for year in scope.years] for department in page],
            choose_breaks(sizes.values()),
            False,
            gap=chosen.gap,
            bars=Bars(
                "各年平均",
                [means[department] for department in page],
                ["—" if means[department] is None else f"{means[department]:.1f}" for department in page],
            ) if len(scope.years) > 1 else None,
        )
        charts.append(finish(
            draw_matrix(matrix), scope, name="08-每千字数量", kind=kind, title=_headline(scope, sizes),
            subtitle=f"每千字全文写明的本{scope.subject}数量（个），{values.write_years(scope.years)}；{scope.subject}按各年平均从多到少排列",
            note=note + "各档含下限、不含上限。" + chosen.words,
            n=len(sizes), rows=name_rows("篇幅")))
    return number_pages(charts)


def _headline(scope: Scope, sizes: dict[tuple[Department, int], float]) -> str:
    if len(scope.departments) == 1:
        years = sorted(year for _, year in sizes)
        first, last = (sizes[scope.departments[0], year] for year in (years[0], years[-1]))
        label = scope.departments[0].label
        if f"{first:.1f}" == f"{last:.1f}":
            return f"{label}{years[-1]}年报告每千字写明{last:.1f}个数量"
        return (f"{label}每千字写明的数量由{years[0]}年的{first:.1f}个{'升至' if last > first else '降至'}"
                f"{years[-1]}年的{last:.1f}个")
    latest = {department: round(size, 1) for (department, year), size in sizes.items() if year == scope.latest}
    if len(latest) < 2:
        return f"各{scope.subject}报告每千字写明的数量情况"
    most, least = max(latest.values()), min(latest.values())
    if most == least:
        return f"{scope.latest}年各{scope.subject}报告每千字写明的数量都是{most:.1f}个"
    return (f"{scope.latest}年报告每千字写明的量化数据，{write_leaders(leaders(latest), scope.subject)}最多（{most:.1f}个），"
            f"{write_leaders(leaders(latest, False), scope.subject)}最少（{least:.1f}个）")
