"""Figures as of a date before the year's end: what they say of the whole year.

A count or an amount still grows until December, so a figure of 截至11月底 is a lower bound of the year. Rates, ranks and
multiples may move either way and are kept as stated, with the note that the tables carry.
"""

from __future__ import annotations

import re

from pipeline.comparisons.intervals import Interval

GROWING = frozenset({"count", "money", "measure", "duration"})
_MONTH = re.compile(r"(\d{1,2}|十[一二]?|[一二三四五六七八九])\s*月")
_QUARTERS = re.compile(r"[一二三1-3]季度|上半年|半年")
_MONTH_NUMBERS = {word: number for number, word in enumerate(["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"], 1)}


def is_part_year(to_date: object) -> bool:
    """Whether a stated date lies before December: 截至11月底 and 前三季度 do, 年底 and 12月31日 do not."""
    if not isinstance(to_date, str):
        return False
    month = _MONTH.search(to_date)
    if month:
        word = month.group(1)
        return _MONTH_NUMBERS.get(word, int(word) if word.isdigit() else 12) < 12
    return bool(_QUARTERS.search(to_date))


def of_whole_year(value: Interval, to_date: object, kind: str) -> Interval:
    """The values that the whole year can have: [185, open] for 185 as of 11月底, the value itself for a full year."""
    if kind in GROWING and value.low is not None and is_part_year(to_date):
        return Interval(value.low, None)
    return value
