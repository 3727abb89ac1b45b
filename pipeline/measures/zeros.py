"""Statements that something did not happen, without a digit: 未发生…, 无…案件, 零投诉, …降为零.

A digit (0件) makes an ordinary count. Shortcomings (未及时归档), attributes (无证经营), slogans (零跑腿) and
commitments (确保零事故) are not zero statements.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.profiles.units import Units

_STARTS = re.compile("[未没不尚暂无零]")
_TRIGGER = re.compile("未|没有|不涉及|不存在|[尚暂]?无|零")
_OPENERS = "，。；：！？\n|“”"
# The thing denied ends where its clause does; a bracket or the next number ends it too.
_SCOPE = re.compile(r"[^，。；：！？\n|（）0-9“”]{0,80}")
_WORD = re.compile("[^，。；：！？、\n|（）0-9“”零]{0,20}")
_LONGEST_QUOTE = 30
_LOOK_BACK = 60


@dataclass(slots=True)
class Zero:
    """One zero statement: the span of its negative and of what is denied."""

    start: int
    end: int
    object_start: int
    object_end: int


def find_zeros(text: str, units: Units) -> list[Zero]:
    """Zero statements of a normalised text, in order. `无行政复议、诉讼案件` is one."""
    found: list[Zero] = []
    done = 0
    for start in _STARTS.finditer(text):
        match = _TRIGGER.match(text, start.start()) if start.start() >= done else None
        zero = _read_zero(text, match, units) if match else None
        if zero:
            found.append(zero)
            done = zero.end
    return found


def _read_zero(text: str, match: re.Match[str], units: Units) -> Zero | None:
    zeros = units.zeros
    place = match.start()
    if match.group()[0] in "尚暂":
        place += 1
    if zeros["not"].match(text, place) or zeros["not"].match(text, match.start()):
        return None
    opening = max(text.rfind(mark, max(0, place - _LOOK_BACK), place) for mark in _OPENERS) + 1
    opening = max(opening, place - _LOOK_BACK)
    earlier = text[opening:place]
    if zeros["commitment"].search(earlier) or zeros["partial"].search(earlier):
        return None
    if _is_quoted_name(text, place, units):
        return None
    if "零" in match.group():
        return _read_zero_word(text, match, opening, units)
    negative = zeros["negative"].match(text, place) or zeros["negative"].match(text, match.start())
    if negative:
        end = negative.end()
        scope = _scope(text, end)
        is_strong = negative.group() in ("无一", "未被") or text.startswith(("一件", "一起", "一例"), end)
        denied = text[end:scope]
        if negative.group() == "无一" or (is_strong and zeros["thing"].search(denied)):
            stop = scope
        else:
            stop = _denied_end(denied, end, units)
        if stop:
            return Zero(negative.start(), end, end, stop)
        if not denied.strip("过 ") and zeros["thing"].search(earlier) and len(negative.group()) > 2:
            return Zero(negative.start(), end, opening, place)
        return None
    if text[place] != "无":
        # 未败诉, 没有败诉
        end = place + (1 if text[place] == "未" else 2)
        thing = zeros["thing"].match(text, end)
        if text[place] == "未" and thing and _scope(text, end) == thing.end():
            return Zero(place, end, end, thing.end())
        return None
    end, scope = place + 1, _scope(text, place + 1)
    stop = _denied_end(text[end:scope], end, units)
    return Zero(place, end, end, stop) if stop else None


def _denied_end(denied: str, start: int, units: Units) -> int:
    """Where the thing denied ends: with its clause, or with the first of a list (无伤亡、堤防未决口); 0 for nothing."""
    if units.zeros["thing_end"].search(denied):
        return start + len(denied)
    first = denied.partition("、")[0]
    return start + len(first) if len(first) < len(denied) and units.zeros["thing_end"].search(first) else 0


def _is_quoted_name(text: str, place: int, units: Units) -> bool:
    """“零事故、零案件”社区: a quotation that goes on as a noun is a name; “零败诉”、“零伤亡” are statements."""
    lowest = max(0, place - _LONGEST_QUOTE)
    if text.rfind("“", lowest, place) <= text.rfind("”", lowest, place):
        return False
    end = text.find("”", place, place + _LONGEST_QUOTE)
    return end >= 0 and units.zeros["goes_on"].match(text, end + 1) is not None


def _read_zero_word(text: str, match: re.Match[str], opening: int, units: Units) -> Zero | None:
    """零投诉 (what follows is denied), 零发生 and 降为零 (what stands before is denied)."""
    place = match.end() - 1
    zeros = units.zeros
    if zeros["not"].match(text, place):
        return None
    is_last = text[place + 1:place + 2] in _OPENERS or text[place + 1:place + 2] in "）、"
    before = zeros["tail_before"].search(text[max(0, place - 4):place]) if is_last else None
    if before or zeros["tail"].match(text, place):
        stop = place - (len(before.group()) if before else 0)
        if opening == stop and text[stop - 1:stop] == "“":
            # 行政复议、行政诉讼“零发生”
            stop -= 1
            opening = max(max(text.rfind(mark, max(0, stop - _LOOK_BACK), stop) for mark in _OPENERS) + 1, stop - _LOOK_BACK)
        return Zero(place, place + 1, opening, stop) if opening < stop else None
    thing = zeros["thing"].search(text, place + 1, place + 8)
    if thing is None or any(mark in text[place + 1:thing.start()] for mark in "，。；、：的一二三四五六七八九十百"):
        return None
    scope = _WORD.match(text, place + 1)
    return Zero(place, place + 1, place + 1, scope.end() if scope else thing.end())


def _scope(text: str, place: int) -> int:
    match = _SCOPE.match(text, place)
    return match.end() if match else place
