"""The change of one indicator between the two latest years, bounds drawn as bounds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipeline.outputs import caution, values
from pipeline.outputs.charts.dumbbell import Pair, bounds_of, draw_dumbbell, is_bounded, middle_of, write_answer
from pipeline.outputs.charts.indicators import list_indicators
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

N_CHANGES = 3


def choose_changes(scope: Scope, indicator_changes: pd.DataFrame, indicators: Any, n: int = N_CHANGES) -> list[Any]:
    """The `n` indicators for which most departments can be compared between the two latest years.

    An indicator that never moves (mostly 0 in both years) is passed over; ties keep the order of the catalogue.
    """
    latest = indicator_changes[(indicator_changes["report_year"] == scope.latest) & (len(scope.years) > 1)]
    moved = latest[latest["verdict"].isin(["up", "down"])]["indicator"].value_counts().to_dict()
    counts = latest[latest["comparable"].fillna(False).astype(bool)]["indicator"].value_counts().to_dict()
    candidates = [
        (-counts.get(indicator.id, 0), number, indicator)
        for number, indicator in enumerate(list_indicators(indicators))
        if 2 * moved.get(indicator.id, 0) >= counts.get(indicator.id, 0) > 0
        and not values.is_rate(indicator.unit, indicator.kind)
    ]
    return [indicator for _, _, indicator in sorted(candidates, key=lambda candidate: candidate[:2])[:n]]


def indicator_change(scope: Scope, indicator_values: pd.DataFrame, indicator_changes: pd.DataFrame, indicator: Any,
                    number: int = 1) -> list[Chart] | NoChart:
    """Last year (hollow) and this year (solid) of one indicator, a row for each department, with the verdict in words.

    A bounded value is a box over its interval, an open one a bar with an arrow. The verdict comes from table
    indicator_changes; departments without a value in both years are counted in the note, not drawn.
    """
    kind = "indicator_change"
    if len(scope.years) < 2:
        return NoChart(kind, f"只有{values.write_years(scope.years)}的报告，没有上年可比")
    year, previous = scope.latest, scope.years[-2]
    pairs = _pairs(scope, indicator_values, indicator_changes, indicator, year, previous)
    shown = [pair for pair in pairs if bounds_of(pair.now) or bounds_of(pair.before)]
    if not shown:
        return NoChart(kind, f"{previous}、{year}两年都没有报告写明{indicator.name}")
    sizes = [bound for pair in shown for row in (pair.before, pair.now) for bound in bounds_of(row)]
    scale = values.choose_scale(sizes, indicator.unit, indicator.kind)
    shown.sort(key=lambda pair: (-middle_of(pair.now, -1.0), -middle_of(pair.before, -1.0), pair.department))
    title = _headline(indicator, shown, scale, scope.subject)
    n_silent = len(pairs) - len(shown)
    note = "两年区间不重叠才判升降，幅度按区间端点给出上下限；"
    note += "方框为约数的可能区间，箭头表示只知一端；" if any(is_bounded(row) for pair in shown for row in
                                                    (pair.before, pair.now)) else ""
    has_small = any(0 < middle_of(pair.before, 0) < caution.LEAST_BASE for pair in shown)
    note += f"上年不足{caution.LEAST_BASE:.0f}的只比件数，不比幅度；" if has_small else ""
    if any(row is not None and caution.is_partial(row) for pair in shown for row in (pair.before, pair.now)):
        note += caution.PARTIAL_NOTE
    note += "升降只是数量变化，不等于好坏。"
    note += f"另有{n_silent}个{scope.subject}两年都没有写明，未列。" if n_silent else ""
    chosen = choose_rows(shown, scope, has=lambda pair: pair.verdict in ("up", "down", "same"))
    note += chosen.words
    charts = []
    for page in chosen.pages:
        canvas, is_log = draw_dumbbell(page, indicator, scale, year, previous, sizes, chosen.gap)
        logarithmic = "；横轴为对数刻度" if is_log else ""
        charts.append(
            finish(
                canvas,
                scope,
                name=f"02-{number}-年度变化-{file_words(indicator.short_name)}",
                kind=kind,
                subject=indicator.id,
                title=title,
                subtitle=f"{measure_words(indicator.name, scale.unit)}，{previous}年（空心）与{year}年（实心）；"
                f"{scope.subject}按{year}年数值从大到小排列{logarithmic}",
                note=note,
                source=scope.source([previous, year]),
                rows=name_rows("年度变化", 指标=indicator.name, 年度=year),
                n=sum((pair.department, y) in scope.documents for pair in pairs for y in (previous, year)),
            )
        )
    return number_pages(charts)


def _pairs(scope: Scope, indicator_values: pd.DataFrame, indicator_changes: pd.DataFrame, indicator: Any, year: int,
           previous: int) -> list[Pair]:
    answers = by_place(indicator_values[indicator_values["indicator"] == indicator.id], scope)
    wanted = (indicator_changes["indicator"] == indicator.id) & (indicator_changes["report_year"] == year)
    changes = {(row.region, row.department_code): row for row in indicator_changes[wanted].itertuples(index=False)}
    pairs = []
    for department in scope.departments:
        before, now = ((answers.get((department, y)) or [None])[0] for y in (previous, year))
        change = changes.get((department.region, department.code))
        verdict = "incomparable" if change is None or pd.isna(change.verdict) else str(change.verdict)
        words = values.VERDICT_LABELS["incomparable"] if change is None else caution.write_plain_change(change, indicator.unit)
        settled = caution.settle_verdict(verdict, before, now)
        if settled != verdict:
            verdict, words = settled, "数未满年，不判"
        absence = ""
        for row, at in ((before, previous), (now, year)):
            if not bounds_of(row):
                absence = f"{at}年{_absence(scope, department, at, row)}"
        pairs.append(Pair(department, before, now, change, verdict, words, absence))
    return pairs


def _absence(scope: Scope, department: Department, year: int, row: Any | None) -> str:
    if row is not None:
        return values.STATE_LABELS.get(str(row.state), values.STATE_LABELS["ambiguous"])
    cell = scope.absence(department, year)
    if cell is None:
        return values.STATE_LABELS["not_disclosed"]
    return values.STATE_LABELS["missing"] if cell.kind == "missing" else f"无此{scope.subject}"


def _size_range(pair: Pair, indicator: Any) -> tuple[float, float] | None:
    """Least and greatest size of the change in percent (rates: in percentage points); None from 0, which has none."""
    change = pair.change
    if change is None:
        return None
    is_rate = values.is_rate(indicator.unit, indicator.kind)
    low, high = (change.change_low, change.change_high) if is_rate else (change.change_pct_low, change.change_pct_high)
    ends = sorted(abs(end) for end in (values.number_or_none(low), values.number_or_none(high)) if end is not None)
    if not ends:
        return None
    return ends[0], ends[1] if len(ends) == 2 else math.inf


def _has_base(pair: Pair, indicator: Any) -> bool:
    """Whether last year's value is large enough for a percentage to mean something; rates are compared by points."""
    return values.is_rate(indicator.unit, indicator.kind) or max(bounds_of(pair.before), default=0.0) >= caution.LEAST_BASE


def _find_leader(pairs: Sequence[Pair], indicator: Any) -> tuple[Pair, bool] | None:
    """The department that certainly moved most, and whether 最大 may be said of it within its direction.

    It may when its least possible change exceeds the greatest possible one of every other that moved the same way.
    Departments below caution.LEAST_BASE last year take no part: from 1 to 0 is 100 % and says little.
    """
    compared = [pair for pair in pairs if pair.verdict in ("up", "down") and _has_base(pair, indicator)]
    sizes = {pair.department: _size_range(pair, indicator) for pair in compared}
    moved = [(found[0], pair) for pair in compared if (found := sizes[pair.department]) is not None]
    if not moved:
        return None
    least, leader = max(moved, key=lambda entry: (entry[0], entry[1].department))
    others = [sizes[pair.department] for pair in compared if pair.verdict == leader.verdict and pair is not leader]
    return leader, all(other is not None and other[1] < least for other in others)


def _headline(indicator: Any, pairs: Sequence[Pair], scale: values.Scale, subject: str) -> str:
    n_up = sum(pair.verdict == "up" for pair in pairs)
    n_down = sum(pair.verdict == "down" for pair in pairs)
    n_same = sum(pair.verdict == "same" for pair in pairs)
    if not n_up and not n_down:
        return f"“{indicator.short_name}”{'与上年持平' if n_same and n_same == len(pairs) else '的年度变化情况'}"
    parts = [f"{count}个{subject}{word}" for count, word in ((n_up, "上升"), (n_down, "下降"), (n_same, "持平")) if count]
    if len(pairs) == 1:
        pair = pairs[0]
        return f"{pair.department.label}“{indicator.short_name}”{_path(pair, indicator, scale)}"
    title = f"“{indicator.short_name}”：{'、'.join(parts)}"
    found = _find_leader(pairs, indicator)
    if found is None:
        return title
    leader, is_certain = found
    path = _path(leader, indicator, scale)
    if not is_certain:
        return f"{title}，其中{leader.department.label}{path}"
    return f"{title}，{leader.department.label}{'升幅' if leader.verdict == 'up' else '降幅'}最大（{path}）"


def _path(pair: Pair, indicator: Any, scale: values.Scale) -> str:
    word = "升至" if pair.verdict == "up" else "降至"
    return (
        f"由{write_answer(pair.before, indicator, scale, True)}{word}{write_answer(pair.now, indicator, scale, True)}"
    )
