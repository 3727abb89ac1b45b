"""The four small pictures of a department page, each with title, note and description."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline.outputs import look
from pipeline.outputs.caution import PARTIAL_MARK, is_partial
from pipeline.outputs.look import Canvas
from pipeline.outputs.values import choose_scale, number_or_none, write_percent, write_value
from pipeline.tables.store import records

_WIDTH = 83.0
_HEIGHT = 36.0
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
    top = max(ends) or 1.0
    first, last = int(history[0].report_year), int(history[-1].report_year)
    canvas = Canvas(_HEIGHT, _WIDTH)
    left, right, base, ceiling = 8.0, _WIDTH - 8.0, _HEIGHT - 6.0, 8.0

    def across(year: int) -> float:
        return (left + right) / 2 if first == last else left + (right - left) * (year - first) / (last - first)

    def up(value: float) -> float:
        return base - (base - ceiling) * value / top

    canvas.line([(left - 6, base), (right + 6, base)], look.RULE, 0.6)
    canvas.text(left - 6, base - 1.6, "0", look.NOTE_PT, look.QUIET)
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
        canvas.text(across(year), up(middle) - 3.2, words, look.SMALL_PT, anchor="middle", is_bold=year == last, ground=look.WHITE)
    alt = f"{indicator.name}（{scale.unit or indicator.unit}）" + "，".join(
        f"{year}年{write_value(v.low, v.high, v.approx, v.unit, indicator.kind, v.state, with_unit=True)}" for year, v in shown)
    return _picture(indicator.name, f"{scale.unit or indicator.unit}；方块为约数区间", alt, canvas)


def draw_themes(report: Any, previous: Any, themes: pd.DataFrame, theme_catalogue: Any) -> dict[str, Any]:
    """Theme shares of this year (solid) and last year (hollow), largest first."""
    def shares(document_id: str) -> dict[str, float]:
        rows = themes[themes["document_id"] == document_id]
        return dict(zip(rows["theme"], rows["share"], strict=True))

    now = {key: value for key, value in shares(report.document_id).items() if key != "unassigned" and not pd.isna(value)}
    if not now:
        return _picture("各主题篇幅", "", "没有可归类的句子。")
    before = shares(previous.document_id) if previous is not None else {}
    chosen = sorted(now, key=lambda key: (-now[key], key))[:7]
    names = {item.id: item.short or item.name for item in theme_catalogue.themes}
    step = 4.9
    canvas = Canvas(5 + step * len(chosen), _WIDTH)
    left, right = 27.0, _WIDTH - 12.0
    top = max([*(now[key] for key in chosen), *(before.get(key, 0) for key in chosen)]) or 1.0
    for position, key in enumerate(chosen):
        y = 4 + position * step

        def across(share: float) -> float:
            return left + (right - left) * share / top

        canvas.text(left - 3, y, names.get(key, key), look.SMALL_PT, anchor="end")
        canvas.line([(left, y), (right, y)], look.GRID, 0.5)
        if key in before:
            canvas.line([(across(before[key]), y), (across(now[key]), y)], look.RULE, 1.2, layer=2)
            canvas.dot(across(before[key]), y, 2.1, None, look.NAVY, 1.0)
        canvas.dot(across(now[key]), y, 2.1, look.NAVY, layer=4)
        canvas.text(_WIDTH, y, f"{write_percent(100 * now[key])}%", look.SMALL_PT, anchor="end", is_bold=True)
    alt = "主题句占比：" + "，".join(f"{names.get(key, key)}{write_percent(100 * now[key])}%" for key in chosen)
    note = f"%，空心{int(previous.report_year)}年，实心{int(report.report_year)}年" if before else "%"
    return _picture("各主题篇幅", note, alt, canvas)


def draw_terms(report: Any, key_terms: pd.DataFrame, subject: str) -> dict[str, Any]:
    """Words that this department uses more than the others, over all its years."""
    rows = key_terms[(key_terms["grouping"] == "department") & (key_terms["group"] == report.department)]
    rows = rows[rows["log_odds_z"] > 0].sort_values(["log_odds_z", "term"], ascending=[False, True]).head(6)
    if not len(rows):
        return _picture("特色用词", "", f"没有可比较的{subject}，或没有明显偏多的词。")
    step = 4.9
    canvas = Canvas(3 + step * len(rows), _WIDTH)
    left, right = 27.0, _WIDTH - 24.0
    top = float(rows["log_odds_z"].max())
    for position, row in enumerate(records(rows)):
        y = 2.5 + position * step
        end = left + (right - left) * float(row.log_odds_z) / top
        canvas.text(left - 3, y, str(row.term), look.SMALL_PT, anchor="end")
        canvas.line([(left, y), (end, y)], look.STEPS[2], 1.8)
        canvas.dot(end, y, 2.1, look.NAVY)
        canvas.text(end + 3, y, f"{row.log_odds_z:.1f}", look.SMALL_PT)
        canvas.text(_WIDTH, y, f"{int(row.count)}次", look.SMALL_PT, look.QUIET, anchor="end")
    alt = "特色用词：" + "，".join(f"{row.term}（z {row.log_odds_z:.1f}，{int(row.count)}次）" for row in records(rows))
    return _picture("特色用词", "z 值越大越为本单位所特有；后为次数", alt, canvas)


def draw_reuse(history: list[Any], shares: dict[str, Any], compared: dict[str, Any]) -> dict[str, Any]:
    """Share of sentences taken over from earlier reports of this department, year by year."""
    known = [(row, shares[row.document_id]) for row in history if row.document_id in shares and not pd.isna(shares[row.document_id].share_pct)]
    if not known:
        return _picture("沿用往年文字的比例", "", "没有更早年度的报告可比。")
    canvas = Canvas(_HEIGHT - 4, _WIDTH)
    base, ceiling = canvas.height - 6.0, 7.0
    top = max(20.0, *(float(share.share_pct) for _, share in known))
    width = min(16.0, _WIDTH / (len(history) + 1))
    canvas.line([(2, base), (_WIDTH - 2, base)], look.RULE, 0.6)
    share_of = {row.document_id: share for row, share in known}
    for position, row in enumerate(history):
        x = (position + 0.5) * _WIDTH / len(history)
        canvas.text(x, base + 3, str(int(row.report_year)), look.NOTE_PT, look.QUIET, "middle")
        share = share_of.get(row.document_id)
        if share is None:
            canvas.text(x, base - 3, "无往年", look.NOTE_PT, look.QUIET, "middle")
            continue
        height = (base - ceiling) * float(share.share_pct) / top
        is_last = position == len(history) - 1
        canvas.box(x - width / 2, base - height, width, max(height, 0.3), fill=look.NAVY if is_last else look.STEPS[2])
        canvas.text(x, base - height - 2.6, f"{write_percent(float(share.share_pct))}%（{int(share.n_reused)}/{int(share.n_sentences)}句）",
                    look.NOTE_PT, anchor="middle", is_bold=is_last)
    alt = "沿用往年文字的比例：" + "，".join(f"{int(row.report_year)}年{write_percent(float(share.share_pct))}%" for row, share in known)
    return _picture("沿用往年文字的比例", "%，固定套语不计", alt, canvas)
