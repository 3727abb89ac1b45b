"""The four small pictures of a department page, each with title, note and description."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from pipeline.outputs import look
from pipeline.outputs.caution import PARTIAL_MARK, is_partial
from pipeline.outputs.department_peers import Peers
from pipeline.outputs.look import Canvas
from pipeline.outputs.values import choose_scale, number_or_none, write_percent, write_value
from pipeline.tables.store import records

_WIDTH = 83.0
_HEIGHT = 31.0
_SHOWN = ("value", "zero", "corrected")


def _picture(title: str, note: str, alt: str, canvas: Canvas | None = None) -> dict[str, Any]:
    return {"title": title, "note": note, "alt": alt, "svg": canvas.to_svg() if canvas else "", "width_mm": _WIDTH,
            "height_mm": canvas.height if canvas else 0}


def _middle(low: float | None, high: float | None) -> float | None:
    if low is None or high is None:
        return low if high is None else high
    return (low + high) / 2


def draw_trend(history: list[Any], values: dict[tuple[str, str], Any], order: list[str], indicators: Any) -> dict[str, Any]:
    """The most widely disclosed count that this department gives in at least two years; a missing year leaves a gap."""
    def points(key: str) -> list[tuple[int, Any]]:
        found = [(int(row.report_year), values.get((row.document_id, key))) for row in history]
        return [(year, value) for year, value in found if value is not None and value.state in _SHOWN]

    chosen = next((key for key in order if indicators.by_id[key].kind != "percent" and len(points(key)) >= 2
                   and any(number_or_none(value.high) != 0 for _, value in points(key))), None)
    if chosen is None:
        return _picture("指标走势", "", "没有两年以上都写明数值的件数类指标。")
    indicator = indicators.by_id[chosen]
    shown = points(chosen)
    ends = [end for _, value in shown for end in (number_or_none(value.low), number_or_none(value.high)) if end is not None]
    scale = choose_scale(ends, indicator.unit, indicator.kind)
    has_bounds = any(number_or_none(value.low) != number_or_none(value.high) for _, value in shown)
    top = max(ends) or 1.0
    first, last = int(history[0].report_year), int(history[-1].report_year)
    canvas = Canvas(_HEIGHT, _WIDTH)
    left, right, base, ceiling = 8.0, _WIDTH - 8.0, _HEIGHT - 6.0, 8.0

    def across(year: int) -> float:
        return (left + right) / 2 if first == last else left + (right - left) * (year - first) / (last - first)

    def up(value: float) -> float:
        return base - (base - ceiling) * value / top

    canvas.line([(left - 6, base), (right + 6, base)], look.RULE, 0.6)
    by_year = dict(shown)
    for year in range(first, last + 1):
        canvas.text(across(year), base + 3, str(year), look.NOTE_PT, look.QUIET, "middle")
        value = by_year.get(year)
        if value is None:
            canvas.text(across(year), base - 3, "未披露" if any(int(row.report_year) == year for row in history) else "缺报告",
                        look.NOTE_PT, look.QUIET, "middle", ground=look.WHITE)
            continue
        low, high = number_or_none(value.low), number_or_none(value.high)
        middle = _middle(low, high)
        assert middle is not None
        before = by_year.get(year - 1)
        if before is not None:
            start = _middle(number_or_none(before.low), number_or_none(before.high))
            assert start is not None
            canvas.line([(across(year - 1), up(start)), (across(year), up(middle))], look.NAVY, 1.4, layer=2)
        if low is not None and high is not None and low != high:
            canvas.box(across(year) - 1.2, up(high), 2.4, max(up(low) - up(high), 1.2), fill=look.NAVY, layer=3)
        else:
            canvas.dot(across(year), up(middle), 2.0, look.NAVY)
        mark = PARTIAL_MARK if is_partial(value) else ""
        words = write_value(value.low, value.high, value.approx, value.unit, indicator.kind, value.state, scale=scale) + mark
        canvas.text(across(year), min(up(middle), up(high if high is not None else middle)) - 3.2, words, look.SMALL_PT, anchor="middle",
                    is_bold=year == last, ground=look.WHITE)
    alt = f"{indicator.name}（{scale.unit or indicator.unit}）" + "，".join(
        f"{year}年{write_value(v.low, v.high, v.approx, v.unit, indicator.kind, v.state, with_unit=True)}" for year, v in shown)
    return _picture(indicator.name, f"{scale.unit or indicator.unit}，纵轴自0起" + ("；方块为约数区间" if has_bounds else ""), alt, canvas)


def draw_themes(report: Any, previous: Any, peers: Peers, theme_catalogue: Any) -> dict[str, Any]:
    """Theme shares of this year (solid), last year (hollow) and the median of the peers (bar), largest first, on one axis."""
    now = {key: value for key, value in peers.themes_of(report.document_id).items() if value > 0}
    if not now:
        return _picture("各主题篇幅", "", "没有可归类的句子。")
    before = peers.themes_of(previous.document_id) if previous is not None else {}
    middles, who = peers.theme_medians(report)
    chosen = sorted(now, key=lambda key: (-now[key], key))[:6]
    names = {item.id: item.short or item.name for item in theme_catalogue.themes}
    step, head = 4.7, 4.5
    canvas = Canvas(head + 1.0 + step * len(chosen), _WIDTH)
    left, right = 22.0, _WIDTH - 12.0
    top = max([0.3, *(found.get(key, 0) for key in chosen for found in (now, before, middles))])
    top = math.ceil(top * 10) / 10

    def across(share: float) -> float:
        return left + (right - left) * share / top

    for tick in range(0, round(top * 100) + 1, 10 if top <= 0.5 else 20):
        canvas.line([(across(tick / 100), head - 1.2), (across(tick / 100), canvas.height - 1.0)], look.GRID, 0.5)
        canvas.text(across(tick / 100), 1.4, f"{tick}%", look.NOTE_PT, look.QUIET, "middle")
    for position, key in enumerate(chosen):
        y = head + (position + 0.4) * step
        canvas.text(left - 2.5, y, names.get(key, key), look.SMALL_PT, anchor="end")
        if key in middles:
            canvas.line([(across(middles[key]), y - 1.9), (across(middles[key]), y + 1.9)], look.INK, 1.3, layer=3)
        if key in before:
            canvas.line([(across(before[key]), y), (across(now[key]), y)], look.RULE, 1.2, layer=2)
            canvas.dot(across(before[key]), y, 2.1, None, look.NAVY, 1.0)
        canvas.dot(across(now[key]), y, 2.1, look.NAVY, layer=4)
        canvas.text(_WIDTH, y, f"{write_percent(100 * now[key])}%", look.SMALL_PT, anchor="end", is_bold=True)
    alt = "主题句占比：" + "，".join(
        f"{names.get(key, key)}{write_percent(100 * now[key])}%" + (f"（同类中位{write_percent(100 * middles[key])}%）" if key in middles else "")
        for key in chosen)
    note = f"空心{int(previous.report_year)}年，实心{int(report.report_year)}年" if before else "实心为本年"
    return _picture("各主题篇幅", note + (f"，竖线{who}" if middles else ""), alt, canvas)


def draw_terms(report: Any, key_terms: pd.DataFrame, subject: str) -> dict[str, Any]:
    """Words that this department uses more than the others, over all its years."""
    rows = key_terms[key_terms["log_odds_z"] > 0].sort_values(["log_odds_z", "term"], ascending=[False, True]).head(6)
    if not len(rows):
        return _picture("特色用词", "", f"没有可比较的{subject}，或没有明显偏多的词。")
    step = 4.7
    canvas = Canvas(3 + step * len(rows), _WIDTH)
    left, right = 22.0, _WIDTH - 24.0
    top = float(rows["log_odds_z"].max())
    for position, row in enumerate(records(rows)):
        y = 2.5 + position * step
        end = left + (right - left) * float(row.log_odds_z) / top
        canvas.text(left - 2.5, y, str(row.term), look.SMALL_PT, anchor="end")
        canvas.line([(left, y), (end, y)], look.STEPS[2], 1.8)
        canvas.dot(end, y, 2.1, look.NAVY)
        canvas.text(end + 3, y, f"{row.log_odds_z:.1f}", look.SMALL_PT)
        canvas.text(_WIDTH, y, f"{int(row.count)}次", look.SMALL_PT, look.QUIET, anchor="end")
    alt = "特色用词：" + "，".join(f"{row.term}（z {row.log_odds_z:.1f}，{int(row.count)}次）" for row in records(rows))
    return _picture("特色用词", f"比其他{subject}多用的词；z值越大越突出，后为次数", alt, canvas)


def draw_reuse(history: list[Any], shares: dict[str, Any], peers: Peers) -> dict[str, Any]:
    """Share of sentences taken over from earlier reports of this department, year by year, with the median of the peers."""
    known = [(row, shares[row.document_id]) for row in history if row.document_id in shares and not pd.isna(shares[row.document_id].share_pct)]
    if not known:
        return _picture("沿用往年文字的比例", "", "没有更早年度的报告可比。")
    canvas = Canvas(_HEIGHT, _WIDTH)
    base, ceiling = canvas.height - 7.8, 5.0
    middles = {row.document_id: peers.reuse_median(row) for row, _ in known}
    sizes = {row.document_id: 100 * float(share.n_reused) / float(share.n_sentences) if share.n_sentences else 0.0 for row, share in known}
    top = max([20.0, *sizes.values(), *(middle.value for middle in middles.values() if middle)])
    width = min(13.0, _WIDTH / (len(history) + 1))
    canvas.line([(2, base), (_WIDTH - 2, base)], look.RULE, 0.6)
    share_of = {row.document_id: share for row, share in known}
    for position, row in enumerate(history):
        x = (position + 0.5) * _WIDTH / len(history)
        middle = middles.get(row.document_id)
        canvas.text(x, base + 2.8, str(int(row.report_year)), look.NOTE_PT, look.QUIET, "middle")
        if middle:
            canvas.text(x, base + 6.0, f"中位{write_percent(middle.value)}%", look.NOTE_PT, look.QUIET, "middle")
        share = share_of.get(row.document_id)
        if share is None:
            canvas.text(x, base - 3, "无往年", look.NOTE_PT, look.QUIET, "middle")
            continue
        height = (base - ceiling) * sizes[row.document_id] / top
        is_last = position == len(history) - 1
        canvas.box(x - width / 2, base - height, width, max(height, 0.3), fill=look.NAVY if is_last else look.STEPS[2])
        level = base - (base - ceiling) * middle.value / top if middle else base
        # Words clear of the bar's top and of the median's line.
        y = min(base - height, level if middle and abs(base - height - 2.6 - level) < 2.4 else base - height) - 2.6
        canvas.text(x, y, f"{write_percent(sizes[row.document_id])}%（{int(share.n_reused)}/{int(share.n_sentences)}句）",
                    look.NOTE_PT, anchor="middle", is_bold=is_last)
        if middle:
            canvas.line([(x - width / 2 - 2.5, level), (x + width / 2 + 2.5, level)], look.WHITE, 2.6, layer=3)
            canvas.line([(x - width / 2 - 2.5, level), (x + width / 2 + 2.5, level)], look.INK, 1.3, layer=4)
    said = []
    for row, _ in known:
        middle = middles[row.document_id]
        said.append(f"{int(row.report_year)}年{write_percent(sizes[row.document_id])}%"
                    + (f"（中位{write_percent(middle.value)}%）" if middle else ""))
    alt = "沿用往年文字的比例：" + "，".join(said)
    last = middles[known[-1][0].document_id]
    return _picture("沿用往年文字的比例", f"横线为{last.who}" if last else "%", alt, canvas)
