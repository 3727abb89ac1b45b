"""Dates and years as reports write them: 2022 年 12 月 30 日, 二〇二三年一月五日, 2023-03-28, 2023.3.28."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

_CHINESE_DIGITS = dict(zip("〇零○OＯoО一二三四五六七八九", [0] * 7 + list(range(1, 10)), strict=True))
_ZERO = "〇零○OＯoО0０"
_YEAR_HANZI = rf"二\s*[{_ZERO}]\s*[{_ZERO}一二三四五六七八九]\s*[{_ZERO}一二三四五六七八九]"
_MONTH_HANZI = r"十[一二]?|[一二三四五六七八九元]"
_DAY_HANZI = r"三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九]"

DATE = re.compile(
    rf"(?P<y>20\d\d)\s*(?:年\s*(?P<m>\d{{1,2}}|{_MONTH_HANZI})\s*月\s*(?P<d>\d{{1,2}}|{_DAY_HANZI})\s*日"
    r"|(?P<sep>[-/.．])\s*(?P<m2>\d{1,2})(?P=sep)\s*(?P<d2>\d{1,2})(?!\d))"
    rf"|(?P<yh>{_YEAR_HANZI})\s*年\s*(?P<mh>{_MONTH_HANZI})\s*月\s*(?P<dh>{_DAY_HANZI})\s*日"
)
YEAR = re.compile(rf"(?P<y>20\s?\d\s?\d)\s*年|(?P<yh>{_YEAR_HANZI})\s*年")


class Dated(NamedTuple):
    """A date (`iso` is year-month-day) or a year with its place in the text searched."""

    iso: str
    year: int
    start: int
    end: int


def find_dates(text: str) -> list[Dated]:
    """Every complete and possible date in `text`; 2022年13月1日 is none."""
    found = []
    for match in DATE.finditer(text):
        if match["y"]:
            year, month, day = int(match["y"]), _number(match["m"] or match["m2"]), _number(match["d"] or match["d2"])
        else:
            year, month, day = _hanzi_year(match["yh"]), _hanzi_number(match["mh"]), _hanzi_number(match["dh"])
        try:
            iso = date(year, month, day).isoformat()
        except ValueError:
            continue
        found.append(Dated(iso, year, match.start(), match.end()))
    return found


def find_years(text: str) -> list[Dated]:
    """Every year written with 年 in `text`; `iso` is the year alone."""
    found = []
    for match in YEAR.finditer(text):
        year = int(match["y"].replace(" ", "")) if match["y"] else _hanzi_year(match["yh"])
        found.append(Dated(str(year), year, match.start(), match.end()))
    return found


def year_reported_on(iso: str) -> int:
    """The year that a report of this date most likely covers: from November on the same year, before it the last."""
    year, month = int(iso[:4]), int(iso[5:7])
    return year if month >= 11 else year - 1


def _hanzi_year(text: str) -> int:
    digits = [_CHINESE_DIGITS.get(character, 0) for character in text if not character.isspace()]
    digits[0] = 2
    return int("".join(map(str, digits)))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else _hanzi_number(text)


def _hanzi_number(text: str) -> int:
    """一 to 三十一; the first month is also called 元."""
    if "十" not in text:
        return 1 if text == "元" else _CHINESE_DIGITS[text]
    tens, _, ones = text.partition("十")
    return (_CHINESE_DIGITS[tens] if tens else 1) * 10 + (_CHINESE_DIGITS[ones] if ones else 0)
