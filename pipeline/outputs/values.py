"""How values, changes and states are written, the same everywhere: charts, briefing, workbook, explorer.

What belongs here: turning bounds, states and verdicts of the tables into short Chinese text. No statistic, no drawing.

    write_value(80, 90, "over")                                    80余
    write_value(80, 90, "over", "条", with_unit=True)              80余条
    write_value(7_423_000, 7_423_000, "exact", "元", "money", with_unit=True)    742.3万元
    write_value(None, None, state="not_disclosed")                 未披露
    write_change(row of indicator_changes)                         降48%～53%

A bound is never written as a point, and 未披露 never as 0. The bounds follow the interval table of the quantity
convention, so the literal number can be read back from them: 80余 is [80, 90), 近100 is [90, 100], 约80 is [76, 84].
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

STATE_LABELS: Mapping[str, str] = {
    "value": "有数值", "zero": "写明为0", "na": "不适用", "not_disclosed": "未披露", "ambiguous": "待核",
    "corrected": "已复核", "missing": "缺报告",
}
APPROX_LABELS: Mapping[str, str] = {
    "exact": "准确数", "over": "余数", "under": "接近", "about": "约数", "range": "区间", "vague": "概数",
}
VERDICT_LABELS: Mapping[str, str] = {
    "up": "升", "down": "降", "same": "持平", "undecided": "不能判定", "incomparable": "不可比",
}
OUTCOME_LABELS: Mapping[str, str] = {
    "done": "已见回应", "partly": "部分回应", "absent": "未找到回应", "not_measurable": "无法核对",
    "no_next_report": "尚无次年报告",
}
RELATION_LABELS: Mapping[str, str] = {"earlier_year": "本部门更早年度", "other_department": "其他部门"}
ROLE_LABELS: Mapping[str, str] = {
    "achievements": "成效", "first_responsible": "第一责任人", "problems": "不足", "next_plan": "下一年安排",
    "other": "其他",
}
CLAIM_LABELS: Mapping[str, str] = {
    "own": "本部门本年", "target": "目标", "previous": "上年数", "external": "外部", "cumulative": "累计",
    "rule": "规定要求",
}
PASSED_LABELS: Mapping[bool | None, str] = {True: "通过", False: "未通过", None: "无从判断"}

#: States of an indicator value that say something: the report answers the indicator.
ANSWERED = frozenset({"value", "zero", "corrected", "ambiguous"})

_VAGUE = {
    (10.0, 20.0): "十几", (20.0, 100.0): "数十", (200.0, 1000.0): "数百", (2000.0, 10_000.0): "数千",
    (20_000.0, 100_000.0): "数万", (100.0, None): "上百", (1000.0, None): "上千", (10_000.0, None): "上万",
}
_CURRENCIES = ("元", "美元", "欧元", "港元", "日元")


@dataclass(frozen=True)
class Scale:
    """A common divisor for a column of values and the unit it leads to (10000 and 万元)."""

    divisor: float = 1.0
    unit: str = ""


def number_or_none(value: Any) -> float | None:
    """A float; None for every kind of missing (None, NaN, pd.NA)."""
    return None if value is None or pd.isna(value) else float(value)


def write_approx(approx: Any, low: Any, high: Any, unit: Any = "") -> str:
    """How a value is stated: 80余 has both ends and is 余数, 200以上 has one and is 只知下限."""
    if approx is None or pd.isna(approx):
        return ""
    low, high = number_or_none(low), number_or_none(high)
    # 90%以上 is capped at 100 by nature, not by what the report says.
    if str(approx) == "over" and is_rate("" if unit is None or pd.isna(unit) else str(unit)) and high == 100:
        return "只知下限"
    if str(approx) != "exact" and (low is None) != (high is None):
        return "只知上限" if low is None else "只知下限"
    return APPROX_LABELS.get(str(approx), str(approx))


def in_myriads(words: Any) -> bool:
    """Whether the report itself counts in 万 or 亿: its 4.2万件 is not written 42,000件."""
    return isinstance(words, str) and ("万" in words or "亿" in words)


def is_money(unit: str, kind: str = "") -> bool:
    return kind == "money" or unit in _CURRENCIES


def is_rate(unit: str, kind: str = "") -> bool:
    """Whether the value is a share or rate on the 0–100 scale."""
    return kind in ("percent", "rate") or unit in ("%", "％", "百分点")


def round_half_up(value: float, decimals: int = 0) -> float:
    """Rounded as people do: 82.5 gives 83 (Python's round gives 82)."""
    return float(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def write_number(value: float, decimals: int = 2) -> str:
    """Thousands separators, no trailing zeros: 3587 → 3,587; 66.6667 → 66.67. Tiny values keep two digits."""
    rounded = round_half_up(value, decimals)
    if value and not rounded:
        return f"{value:.2g}".replace("-", "−")
    text = f"{rounded:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−")


def choose_scale(values: Iterable[float | None], unit: str, kind: str = "") -> Scale:
    """One scale for a column or axis: money in 元, 万元 or 亿元; counts in 万 only from a million."""
    sizes = sorted(abs(value) for value in values if value)
    if not sizes:
        return Scale(1.0, unit)
    middle, largest = sizes[len(sizes) // 2], sizes[-1]
    if is_money(unit, kind):
        currency = unit or "元"
        if middle >= 1e8:
            return Scale(1e8, "亿" + currency)
        return Scale(1e4, "万" + currency) if largest >= 1e4 else Scale(1.0, currency)
    if not is_rate(unit, kind) and middle >= 1e6 and largest >= 1e6:
        return Scale(1e4, "万" + unit)
    return Scale(1.0, unit)


def _own_scale(low: float | None, high: float | None, approx: str, unit: str, kind: str, words: Any) -> tuple[float, str]:
    """Divisor and 万/亿 for one value standing alone, as the report writes it where `words` are known."""
    size = max(abs(bound) for bound in (low, high) if bound is not None)
    if in_myriads(words) and size >= 1e4 and not is_rate(unit, kind):
        return (1e8, "亿") if "亿" in words and size >= 1e8 else (1e4, "万")
    if is_money(unit, kind):
        return (1e8, "亿") if size >= 1e8 else (1e4, "万") if size >= 1e4 else (1.0, "")
    # A round number that the report itself calls approximate: 3.5万余, never 35,000余.
    if not words and approx != "exact" and all(bound is None or (bound >= 1e4 and bound % 100 == 0) for bound in (low, high)):
        return (1e8, "亿") if size >= 1e8 else (1e4, "万")
    return 1.0, ""


def _near(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-9)


def _write_bounds(
    low: float | None, high: float | None, approx: str, unit: str, kind: str, divisor: float, myriad: str
) -> str:
    def number(value: float) -> str:
        return write_number(value / divisor) + myriad

    if low is None and high is None:
        return STATE_LABELS["ambiguous"]
    if approx == "vague":
        for (vague_low, vague_high), word in _VAGUE.items():
            same_high = high is None if vague_high is None else high is not None and _near(high, vague_high)
            if low is not None and _near(low, vague_low) and same_high:
                return word
    if low is None:
        assert high is not None
        return f"不足{number(high)}"
    if high is None:
        return f"{number(low)}以上"
    if _near(low, high):
        return number(low)
    if approx == "over":
        # 90以上 of a share is capped at 100; 90余 would say the same bounds but the cap is the commoner source.
        return f"{number(low)}以上" if is_rate(unit, kind) and _near(high, 100) else f"{number(low)}余"
    if approx == "under" and _near(low, 0.9 * high):
        return f"近{number(high)}"
    if approx == "about" and (_near(low, 0.95 * (low + high) / 2) or _near(high, 100)):
        return f"约{number(low / 0.95)}"
    return f"{number(low)}～{number(high)}"


def write_value(low: Any, high: Any, approx: Any = "exact", unit: Any = "", kind: str = "", state: Any = "value", *,
                with_unit: bool = False, scale: Scale | None = None, words: Any = "") -> str:
    """A value or state as short text; missing bounds may be None, NaN or pd.NA.

    With `scale` (see choose_scale) the number is divided by it and 万/亿 are left to the axis or table heading.
    Without it a value stands alone: money becomes 万 or 亿, other numbers where the report's own `words` do.
    `with_unit` appends the unit.
    """
    state = "value" if state is None or pd.isna(state) else str(state)
    if state in ("not_disclosed", "na", "ambiguous", "missing"):
        return STATE_LABELS[state]
    unit = "" if unit is None or pd.isna(unit) else str(unit)
    approx = "exact" if approx is None or pd.isna(approx) else str(approx)
    low, high = number_or_none(low), number_or_none(high)
    if state == "zero":
        low, high, approx = 0.0, 0.0, "exact"
    if low is None and high is None:
        return STATE_LABELS["not_disclosed" if state == "corrected" else "ambiguous"]
    divisor, myriad = (scale.divisor, "") if scale is not None else _own_scale(low, high, approx, unit, kind, words)
    text = _write_bounds(low, high, approx, unit, kind, divisor, myriad)
    if not with_unit:
        return text
    own_unit = unit or ("%" if is_rate(unit, kind) else "元" if is_money(unit, kind) else "")
    shown_unit = own_unit if scale is None else scale.unit
    # 90%以上, 近100%: the sign belongs to the number, not behind 以上 or 余.
    if shown_unit in ("%", "％"):
        if "～" in text:
            return f"{text.replace('～', '%～')}%"
        for tail in ("以上", "余"):
            if text.endswith(tail):
                return f"{text.removesuffix(tail)}%{'多' if tail == '余' else tail}"
    # 200件以上, but 80余件.
    if text.endswith("以上"):
        return f"{text.removesuffix('以上')}{shown_unit}以上"
    return text + shown_unit


def write_bounds(low: Any, high: Any) -> str:
    """Bounds for evidence tables: 80～90, ≥200, ≤10, 12, or 空."""
    low, high = number_or_none(low), number_or_none(high)
    if low is None and high is None:
        return ""
    if low is None:
        assert high is not None
        return f"≤{write_number(high)}"
    if high is None:
        return f"≥{write_number(low)}"
    return write_number(low) if _near(low, high) else f"{write_number(low)}～{write_number(high)}"


def write_percent(value: float) -> str:
    """A percentage without its sign: whole from 1 upwards, one decimal below, two significant digits when tiny."""
    size = abs(value)
    return write_number(size, 0) if size >= 9.95 or _near(size, round(size)) else write_number(size, 1)


def write_change(change: Any, unit: str = "") -> str:
    """The change against last year in one word and range: 升6%, 降48%～53%, 降至0, 持平, 不能判定, 不可比.

    `change` is a row of table indicator_changes (itertuples) or anything with its attributes: verdict, high,
    previous_high, change_low, change_high, change_pct_low, change_pct_high. Rates (unit %) are written in 个百分点.
    Open ends read 升20%以上. From 0 there is no percentage: 由0上升.
    """
    verdict = None if pd.isna(change.verdict) else str(change.verdict)
    if verdict in (None, "incomparable"):
        return VERDICT_LABELS["incomparable"]
    if verdict in ("same", "undecided"):
        return VERDICT_LABELS[verdict]
    word = VERDICT_LABELS[verdict]
    high, previous_high = number_or_none(change.high), number_or_none(change.previous_high)
    if verdict == "down" and high == 0:
        return "降至0"
    if verdict == "up" and previous_high == 0:
        return "由0上升"
    if is_rate(unit):
        return word + write_range(number_or_none(change.change_low), number_or_none(change.change_high), "个百分点")
    return word + write_range(number_or_none(change.change_pct_low), number_or_none(change.change_pct_high), "%")


def write_range(low: float | None, high: float | None, sign: str) -> str:
    """The size of a change without its sign: 6%, 48%～53%, 20%以上. The sign stands at both ends (GB/T 15835)."""
    ends = sorted(abs(end) for end in (low, high) if end is not None)
    if not ends:
        return ""
    first, last = write_percent(ends[0]), write_percent(ends[-1])
    if len(ends) == 1:
        return f"{first}{sign}以上"
    return f"{first}{sign}" if first == last else f"{first}{sign if sign == '%' else ''}～{last}{sign}"


def write_years(years: Sequence[int]) -> str:
    """2020—2023年, 2023年, or nothing."""
    if not years:
        return ""
    return f"{years[0]}年" if min(years) == max(years) else f"{min(years)}—{max(years)}年"
