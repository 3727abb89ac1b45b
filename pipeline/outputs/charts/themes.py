"""How much of the reports each theme takes: all themes, and each department on the theme that moved most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from pipeline.outputs import look, values
from pipeline.outputs.charts.panels import Panel, draw_panels, round_up
from pipeline.outputs.charts.scope import Department, Scope, choose_rows, file_words, finish, name_rows, number_pages
from pipeline.outputs.frame import Chart, NoChart
from pipeline.outputs.look import Canvas
from pipeline.profiles.themes import UNASSIGNED

#: A move of less than this many percentage points is no finding.
LEAST_MOVE = 1.0
PANELS_A_PAGE = 16

Shares = Mapping[str, Mapping[tuple[Department, int], float]]


def theme_names(theme_catalogue: Any) -> dict[str, str]:
    """Short names of the themes in the order of the catalogue."""
    return {theme.id: theme.short for theme in getattr(theme_catalogue, "themes", theme_catalogue)}


def read_shares(scope: Scope, themes: pd.DataFrame, names: Mapping[str, str]) -> Shares:
    """Percent of sentences by theme and place; a report counts 0 for a theme only when it has any theme at all."""
    places = scope.places
    found: dict[str, dict[tuple[Department, int], float]] = {theme: {} for theme in names}
    described: set[tuple[Department, int]] = set()
    for document, theme, share in themes[["document_id", "theme", "share"]].itertuples(index=False, name=None):
        place = places.get(document)
        if place is None or pd.isna(share):
            continue
        described.add(place)
        if theme in found:
            found[theme][place] = 100 * float(share)
    for theme in found:
        for place in described:
            found[theme].setdefault(place, 0.0)
    return found


def _lines(shares: Mapping[tuple[Department, int], float]) -> dict[Department, dict[int, float]]:
    """Share by year of each department."""
    lines: dict[Department, dict[int, float]] = {}
    for (department, year), share in sorted(shares.items(), key=lambda item: item[0][1]):
        lines.setdefault(department, {})[year] = share
    return lines


def _mean_line(
    shares: Mapping[tuple[Department, int], float], departments: list[Department], years: tuple[int, ...]
) -> dict[int, float]:
    line = {}
    for year in years:
        found = [shares[department, year] for department in departments if (department, year) in shares]
        if found:
            line[year] = sum(found) / len(found)
    return line


def _signed(points: float) -> str:
    return f"{'+' if points >= 0.05 else '−' if points <= -0.05 else '±'}{abs(points):.1f}"


def theme_shares(scope: Scope, themes: pd.DataFrame, theme_catalogue: Any) -> list[Chart] | NoChart:
    """A panel for each theme: mean share over the years, other themes in grey; with one year, ranked means and spreads.

    The mean covers the departments that reported in both the first and the last year, so that its change is not one
    of membership. The theme that moved most is marked when it moved by a percentage point or more.
    """
    kind = "theme_shares"
    names = theme_names(theme_catalogue)
    shares = read_shares(scope, themes, names)
    years = tuple(year for year in scope.years if any(year == place[1] for found in shares.values() for place in found))
    if not years:
        return NoChart(kind, "没有主题占比")
    if len(years) == 1:
        return [_with_unassigned(_one_year(scope, shares, names, years[0]), scope, themes, years[0])]
    some = next(iter(shares.values()))
    matched = [department for department in scope.departments
               if (department, years[0]) in some and (department, years[-1]) in some]
    if not matched:
        return [_with_unassigned(_one_year(scope, shares, names, years[-1]), scope, themes, years[-1])]
    lines = {theme: _mean_line(found, matched, years) for theme, found in shares.items()}
    moves = {theme: line[years[-1]] - line[years[0]] for theme, line in lines.items()}
    n_with = {year: sum((department, year) in some for department in matched) for year in years}
    most_moved = max(moves, key=lambda theme: (abs(moves[theme]), theme))
    is_finding = abs(moves[most_moved]) >= LEAST_MOVE
    top = round_up(max(share for line in lines.values() for share in line.values()))
    ordered = sorted(names, key=lambda theme: (-lines[theme][years[-1]], theme))
    panels = [
        Panel(names[theme], lines[theme], [lines[other] for other in ordered if other != theme],
              f"{lines[theme][years[-1]]:.1f}%", _signed(moves[theme]), is_finding and theme == most_moved)
        for theme in ordered
    ]
    if is_finding:
        word = "升幅" if moves[most_moved] > 0 else "降幅"
        line = lines[most_moved]
        mean = "平均占比" if len(matched) > 1 else "占比"
        counts = _count_sentences(scope, themes, most_moved, matched)
        first, last = (f"{year}年的{line[year]:.1f}%" + (f"（{counts[year]}句）" if counts else "") for year in (years[0], years[-1]))
        title = (f"“{names[most_moved]}”的篇幅{word}最大：{mean}由{first}"
                 f"{'升至' if moves[most_moved] > 0 else '降至'}{last}")
    else:
        title = f"各主题篇幅的变化都不到{LEAST_MOVE:.0f}个百分点"
    return [finish(
        draw_panels(panels, years, top), scope, name="03-1-主题占比", kind=kind, subject=most_moved, title=title,
        subtitle=f"涉及各主题的句子占全文句子的比重（%），{values.write_years(years)}；灰线为其余主题，"
                 f"按{years[-1]}年占比从大到小排列",
        note=f"{years[0]}、{years[-1]}两年都有报告的{len(matched)}个{scope.subject}的平均；右端为{years[-1]}年占比及较{years[0]}年的变化"
             f"（百分点）；一句涉及多个主题的按份计入{_write_unassigned(scope, themes, years[-1])}。"
             + "".join(f"{year}年为其中有报告的{n}个。" for year, n in n_with.items() if n < len(matched)) + "纵轴自0起，各图同一刻度。",
        n=len(some), rows=name_rows("主题占比"))]


def _count_sentences(scope: Scope, themes: pd.DataFrame, theme: str, departments: list[Department]) -> dict[int, int]:
    """Sentences that touch a theme in the reports of these departments, by year; nothing where they were not counted."""
    found: dict[int, int] = {}
    rows = themes[themes["theme"] == theme]
    for document, n_sentences in rows[["document_id", "n_sentences"]].itertuples(index=False, name=None):
        place = scope.places.get(document)
        if place is not None and place[0] in departments and not pd.isna(n_sentences):
            found[place[1]] = found.get(place[1], 0) + int(n_sentences)
    return {year: found.get(year, 0) for year in scope.years} if found else {}


def _write_unassigned(scope: Scope, themes: pd.DataFrame, year: int) -> str:
    """The mean share of sentences of no theme, which the shares of the themes leave over."""
    rows = themes[themes["theme"] == UNASSIGNED]
    shares = [100 * float(share) for document, share in rows[["document_id", "share"]].itertuples(index=False, name=None)
              if scope.places.get(document, (None, None))[1] == year and not pd.isna(share)]
    return f"，{year}年另有平均{values.write_percent(sum(shares) / len(shares))}%的句子未归入任何主题" if shares else ""


def _with_unassigned(chart: Chart, scope: Scope, themes: pd.DataFrame, year: int) -> Chart:
    return replace(chart, note=f"一句涉及多个主题的按份计入{_write_unassigned(scope, themes, year)}。")


def _one_year(scope: Scope, shares: Shares, names: Mapping[str, str], year: int) -> Chart:
    """Ranked themes of one year: mean as a dot, lowest to highest department as a bar."""
    found = {
        theme: sorted(share for (_, at), share in places.items() if at == year) for theme, places in shares.items()
    }
    means = {theme: sum(sizes) / len(sizes) for theme, sizes in found.items() if sizes}
    ordered = sorted(means, key=lambda theme: (-means[theme], theme))
    top, row_mm, left, right = round_up(max(found[theme][-1] for theme in ordered)), 6.0, 30.0, look.BODY_MM - 22.0
    canvas = Canvas(7.0 + row_mm * len(ordered))
    bottom = canvas.height - 1.0

    def across(value: float) -> float:
        return left + (right - left) * value / top

    for tick in (0.0, top / 4, top / 2, 3 * top / 4, top):
        canvas.line([(across(tick), 5.0), (across(tick), bottom)], look.GRID)
        canvas.text(across(tick), 2.4, f"{values.write_number(tick)}%", look.SMALL_PT, look.QUIET, "middle")
    for number, theme in enumerate(ordered):
        y = 7.0 + (number + 0.4) * row_mm
        canvas.text(left - 3, y, names[theme], anchor="end")
        canvas.line([(across(found[theme][0]), y), (across(found[theme][-1]), y)], look.STEPS[1], 4.0)
        canvas.dot(across(means[theme]), y, 2.3)
        canvas.text(across(found[theme][-1]) + 1.8, y, f"{means[theme]:.1f}%", is_bold=number == 0, colour=look.NAVY)
    n = len(found[ordered[0]])
    first = names[ordered[0]]
    title = (f"“{first}”的篇幅最大，平均占{means[ordered[0]]:.1f}%" if n > 1
             else f"“{first}”的篇幅最大，占{means[ordered[0]]:.1f}%")
    return finish(
        canvas,
        scope,
        name="03-1-主题占比",
        kind="theme_shares",
        subject=ordered[0],
        title=title,
        subtitle=f"涉及各主题的句子占全文句子的比重（%），{year}年"
        + (f"；圆点和数字为{n}份报告的平均，浅色条为最低至最高" if n > 1 else ""),
        note="一句涉及多个主题的按份计入。",
        source=scope.source([year]),
        rows=name_rows("主题占比", 年度=year),
        n=n,
    )


def theme_departments(scope: Scope, themes: pd.DataFrame, theme_catalogue: Any) -> list[Chart] | NoChart:
    """A panel for each department on the theme whose share changed most among departments, the others in grey.

    Departments are ordered by change from their first to their last report; the largest move is marked.
    """
    kind = "theme_departments"
    names = theme_names(theme_catalogue)
    shares = read_shares(scope, themes, names)
    moves = {theme: _moves(found, scope) for theme, found in shares.items()}
    moves = {theme: found for theme, found in moves.items() if found}
    if not moves:
        return NoChart(kind, f"没有{scope.subject}有两年以上的报告，看不出篇幅变化")

    def spread(theme: str) -> tuple[float, str]:
        return sum(abs(move) for move in moves[theme].values()) / len(moves[theme]), theme

    theme = max(moves, key=spread)
    full_names = {item.id: item.name for item in getattr(theme_catalogue, "themes", theme_catalogue)}
    ordered = sorted(moves[theme], key=lambda department: (-moves[theme][department], department))
    every_line = _lines(shares[theme])
    lines = {department: every_line[department] for department in ordered}
    sure = _sure_moves(scope, themes, theme, moves[theme])
    largest = max(sure or moves[theme], key=lambda department: (abs(moves[theme][department]), department))
    is_finding = bool(sure)
    top = round_up(max(share for line in lines.values() for share in line.values()))
    n_up, n_down = sum(move > 0 for move in sure.values()), sum(move < 0 for move in sure.values())
    years = scope.years
    ends = list(lines[largest].items())
    if is_finding:
        counts = "、".join(f"{count}个{scope.subject}{word}" for count, word in ((n_up, "上升"), (n_down, "下降")) if count)
        is_up = moves[theme][largest] > 0
        title = (f"“{names[theme]}”的篇幅：{counts}，{largest.label}{'升幅' if is_up else '降幅'}最大"
                 f"（{ends[0][1]:.1f}%→{ends[-1][1]:.1f}%）")
        if len(ordered) == 1:
            title = (f"{largest.label}“{names[theme]}”的篇幅由{ends[0][1]:.1f}%{'升至' if is_up else '降至'}"
                     f"{ends[-1][1]:.1f}%")
    else:
        title = f"各{scope.subject}“{names[theme]}”的篇幅变化都在抽样波动之内"
    chosen = choose_rows(ordered, scope, PANELS_A_PAGE, has=lambda department: scope.latest in lines[department])

    def context(page: list[Department]) -> list[Department]:
        # Too many grey lines make a grey area: beyond thirty departments those of the page stand for all.
        return ordered if len(ordered) <= 30 else page

    charts = []
    for page in chosen.pages:
        panels = [
            Panel(department.label, lines[department], [lines[other] for other in context(page) if other != department],
                  f"{lines[department][max(lines[department])]:.1f}%", _signed(moves[theme][department]),
                  is_finding and department == largest)
            for department in page
        ]
        charts.append(
            finish(
                draw_panels(panels, years, top),
                scope,
                name=f"03-2-主题占比-{file_words(names[theme])}",
                kind=kind,
                subject=theme,
                title=title,
                subtitle=f"涉及“{names[theme]}”的句子占全文句子的比重（%），{values.write_years(years)}；灰线为其余{scope.subject}，"
                f"{scope.subject}按变化从升到降排列",
                note=f"取各{scope.subject}篇幅变动最大的主题；右端为最近一份报告的占比及较首份的变化（百分点），首末两年按句抽样的"
                "95%区间不相交才计升降。纵轴自0起，各图同一刻度。" + chosen.words,
                n=sum(len(line) for line in lines.values()),
                rows=name_rows("主题区间", 主题=full_names[theme]),
            )
        )
    return number_pages(charts)


def _sure_moves(scope: Scope, themes: pd.DataFrame, theme: str, moves: Mapping[Department, float]) -> dict[Department, float]:
    """The moves of at least LEAST_MOVE points whose first and last shares have intervals that do not meet."""
    rows = themes[themes["theme"] == theme]
    ranges: dict[tuple[Department, int], tuple[float, float]] = {}
    for document, share, low, high in rows[["document_id", "share", "share_low", "share_high"]].itertuples(index=False, name=None):
        place = scope.places.get(document)
        if place is not None and not pd.isna(share):
            ranges[place] = (float(share if pd.isna(low) else low), float(share if pd.isna(high) else high))
    years_of: dict[Department, list[int]] = {}
    for department, year in sorted(ranges, key=lambda place: place[1]):
        years_of.setdefault(department, []).append(year)
    sure = {}
    for department, move in moves.items():
        years = years_of.get(department, [])
        if len(years) < 2 or abs(move) < LEAST_MOVE:
            continue
        first, last = ranges[department, years[0]], ranges[department, years[-1]]
        if last[0] > first[1] or last[1] < first[0]:
            sure[department] = move
    return sure


def _moves(shares: Mapping[tuple[Department, int], float], scope: Scope) -> dict[Department, float]:
    """Change in percentage points from the first to the last report of each department with two or more."""
    lines = _lines(shares)
    return {department: lines[department][max(lines[department])] - lines[department][min(lines[department])]
            for department in scope.departments if len(lines.get(department, {})) > 1}
