"""Charts of a corpus that covers one year: departments ranked, where several years would make a matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.outputs import caution, values
from pipeline.outputs.charts.ranking import ROWS_A_PAGE, Ranked, draw_ranking, order_rows, surely_highest
from pipeline.outputs.charts.scope import (
    Department,
    Scope,
    choose_rows,
    file_words,
    finish,
    measure_words,
    name_rows,
    number_pages,
)
from pipeline.outputs.frame import Chart

_SHOWN = ("value", "zero", "corrected")


def rank_shares(scope: Scope, sizes: Mapping[Department, float], *, decimals: int, sign: str, unit: str,
                **described: Any) -> list[Chart]:
    """One number for each department, ranked; `described` are the words that `finish` takes."""
    rows = order_rows([
        Ranked(department.label, size, size, f"{values.round_half_up(size, decimals):.{decimals}f}{sign}") for department, size in sizes.items()
    ])
    silent = [department.label for department in scope.departments if department not in sizes]
    return _draw(scope, rows, values.Scale(1.0, unit), sign, {"没有可比的数": silent} if silent else {}, described)


def rank_indicator(scope: Scope, answers: Mapping[Department, Any], indicator: Any, number: int) -> list[Chart]:
    """The values of one indicator, ranked, bounds drawn as bounds; who gives none is named below, by the reason."""
    sizes = [bound for row in answers.values() if row.state in _SHOWN for bound in _bounds(row) if bound is not None]
    scale = values.choose_scale(sizes, indicator.unit, indicator.kind)
    rows: list[Ranked] = []
    absent: dict[str, list[str]] = {}
    for department in scope.departments:
        row = answers.get(department)
        low, high = _bounds(row) if row is not None and row.state in _SHOWN else (None, None)
        if row is not None and (low is not None or high is not None):
            state = "zero" if row.state == "zero" else "value"
            words = values.write_value(row.low, row.high, row.approx, indicator.unit, indicator.kind, state, scale=scale)
            words += caution.PARTIAL_MARK if caution.is_partial(row) else ""
            rows.append(Ranked(department.label, low, high, words))
            continue
        state = "missing" if scope.absence(department, scope.latest) else "not_disclosed" if row is None else str(row.state)
        absent.setdefault(values.STATE_LABELS[state if state not in _SHOWN else "ambiguous"], []).append(department.label)
    rows = order_rows(rows)
    is_bounded = any(row.low != row.high for row in rows)
    note = "方框为约数的可能区间，箭头表示只知一端，按下限排列；" if is_bounded else ""
    note += caution.PARTIAL_NOTE if any(caution.is_partial(row) for row in answers.values()) else ""
    note += "“未披露”指报告没有写这一项，不作0处理；只列报告写明的本年数，目标数、多年累计与平均不计。"
    return _draw(
        scope, rows, scale, "%" if scale.unit == "%" else "", absent,
        {"name": f"01-{number}-指标值-{file_words(indicator.short_name)}", "kind": "indicator_heatmap", "subject": indicator.id,
         "title": _headline(scope, rows, absent, indicator, scale), "note": note, "n": scope.n_reports,
         "rows": name_rows(f"{scope.subject}年度", 指标=indicator.name),
         "subtitle": f"{measure_words(indicator.name, scale.unit)}，{scope.latest}年；{scope.subject}按数值从大到小排列"})


def _bounds(row: Any) -> tuple[float | None, float | None]:
    return (0.0, 0.0) if row.state == "zero" else (values.number_or_none(row.low), values.number_or_none(row.high))


def _headline(scope: Scope, rows: Sequence[Ranked], absent: Mapping[str, Sequence[str]], indicator: Any,
              scale: values.Scale) -> str:
    """How many reports give a value, and who is highest where no interval leaves that open."""
    n_asked = len(scope.departments) - len(absent.get("缺报告", ())) - len(absent.get("不适用", ()))
    name = indicator.short_name
    said = f"{n_asked}份报告都写明了“{name}”" if len(rows) == n_asked else f"{n_asked}份报告中{len(rows)}份写明了“{name}”"
    if len(rows) < 2:
        return said
    word = "最多" if indicator.kind == "count" else "最高"
    top = surely_highest(rows)
    if len(top) == len(rows):
        return f"{said}，都是{top[0].words}{scale.unit}"
    if len(top) in (1, 2):
        return f"{said}，{'和'.join(row.label for row in top)}{word}（{_with_unit(top[0].words, scale.unit)}）"
    if top:
        return f"{said}，{len(top)}个{scope.subject}同为{word}（{_with_unit(top[0].words, scale.unit)}）"
    first = [row for row in rows if row.size == rows[0].size]
    who = first[0].label if len(first) == 1 else f"{len(first)}个{scope.subject}"
    return f"{said}，按所写下限{who}{word}（{_with_unit(first[0].words, scale.unit)}）"


def _with_unit(words: str, unit: str) -> str:
    """200以上 and 件 make 200件以上, 80余 and 件 make 80余件."""
    return f"{words.removesuffix('以上')}{unit}以上" if words.endswith("以上") else f"{words}{unit}"


def _draw(scope: Scope, rows: Sequence[Ranked], scale: values.Scale, sign: str, absent: Mapping[str, Sequence[str]],
          described: Mapping[str, Any]) -> list[Chart]:
    sizes = [bound for row in rows for bound in row.bounds]
    chosen = choose_rows(rows, scope, ROWS_A_PAGE)
    charts = []
    for place, page in enumerate(chosen.pages, 1):
        canvas, is_log = draw_ranking(page, scale, sizes, sign, absent if place == len(chosen.pages) else None, chosen.gap)
        subtitle = described["subtitle"] + ("；横轴为对数刻度" if is_log else "")
        note = described["note"] + chosen.words
        charts.append(finish(canvas, scope, **{**described, "subtitle": subtitle, "note": note}))
    return number_pages(charts)
