"""Automatic numbers as a reader sees them: 一、 （一） 1.1 ①; for every format that keeps numbers out of the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_DIGITS = "零一二三四五六七八九"
_LEGAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_COUNTING = frozenset({"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
                       "taiwaneseCountingThousand", "koreanCounting", "ideographCounting"})
_LEGAL_COUNTING = frozenset({"chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"})
_CIRCLED = frozenset({"decimalEnclosedCircle", "decimalEnclosedCircleChinese"})
NO_NUMBER = frozenset({"bullet", "none"})
_PLACE = re.compile(r"%(\d)")


@dataclass(frozen=True)
class Level:
    """One level of a list. `text` shows the number of level n as %n; `style` is named as in Office Open XML."""

    text: str
    style: str = "decimal"
    start: int = 1
    restarts: bool = True
    is_legal: bool = False


@dataclass
class ListCounter:
    """The running numbers of all lists of a document, by list key."""

    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def restart(self, key: str, level: int, start: int) -> None:
        """The next item of this level gets the number `start`."""
        self._counts.setdefault(key, {})[level] = start - 1

    def label(self, key: str, level: int, levels: Sequence[Level]) -> str:
        """The number of the next item as it is printed; "" for bullets and for levels without a number."""
        if not 0 <= level < len(levels):
            return ""
        counts = self._counts.setdefault(key, {})
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [other for other in counts if other > level and (other >= len(levels) or levels[other].restarts)]:
            del counts[deeper]
        if levels[level].style in NO_NUMBER:
            return ""

        def number(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            if not 0 <= place < len(levels):
                return ""
            value = counts.get(place, levels[place].start)
            return format_number(value, "decimal" if levels[level].is_legal else levels[place].style)

        return _PLACE.sub(number, levels[level].text)


_LOST_MARK = re.compile(r"(?<=[一二三四五六七八九十])\?$")
_ARTICLE = re.compile(r"第.{1,4}(?:[编章节条]|部分)$")


def with_label(label: str, text: str) -> str:
    """The paragraph with its number in front. A number that ends in a digit or in 条 or 章 needs a gap: 1.1　加强领导."""
    # A program that knew no 、 wrote a question mark.
    label = _LOST_MARK.sub("、", label.strip())
    if not label:
        return text
    gap = "　" if (label[-1].isascii() and label[-1].isalnum()) or _ARTICLE.match(label) else ""
    return label + gap + text.lstrip()


def format_number(value: int, style: str) -> str:
    """A number in a style of Office Open XML (numFmt); unknown styles give digits."""
    if style in NO_NUMBER or value < 0:
        return ""
    if style in _COUNTING:
        return chinese_number(value)
    if style in _LEGAL_COUNTING:
        return chinese_number(value).translate(_LEGAL)
    if style in ("ideographDigital", "japaneseDigitalTenThousand", "koreanDigital", "taiwaneseDigital"):
        return "".join(_DIGITS[int(digit)] for digit in str(value)).replace("零", "〇")
    if style in _CIRCLED and 1 <= value <= 20:
        return chr(0x245F + value)
    if style == "decimalEnclosedParen" and 1 <= value <= 20:
        return chr(0x2473 + value)
    if style == "decimalEnclosedFullstop" and 1 <= value <= 20:
        return chr(0x2487 + value)
    if style == "ideographEnclosedCircle" and 1 <= value <= 10:
        return chr(0x327F + value)
    if style == "ideographTraditional" and 1 <= value <= 10:
        return _STEMS[value - 1]
    if style == "ideographZodiac" and 1 <= value <= 12:
        return _BRANCHES[value - 1]
    if style in ("upperRoman", "lowerRoman") and 0 < value < 4000:
        return roman_number(value).upper() if style == "upperRoman" else roman_number(value)
    if style in ("upperLetter", "lowerLetter") and value > 0:
        letters = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letters.upper() if style == "upperLetter" else letters
    if style == "decimalZero":
        return f"{value:02d}"
    return str(value)


def chinese_number(value: int) -> str:
    """十一 for 11, 二十 for 20, 一百零三 for 103; up to 9999, then digits."""
    if value == 0 or value > 9999:
        return "零" if value == 0 else str(value)
    words = ""
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // power % 10
        if digit:
            words += _DIGITS[digit] + unit
        elif words and not words.endswith("零") and value % power:
            words += "零"
    return words[1:] if words.startswith("一十") else words


def roman_number(value: int) -> str:
    words = ""
    for amount, letters in _ROMAN:
        words += letters * (value // amount)
        value %= amount
    return words
