"""Numerals with their magnitude and unit: 3.5万余份, 3个多月, 九成五, 三分之二, （万元）：41.7.

Reads what stands at one place of a normalised text. Bounds (近, 以上, 3—5) are added in `bounds`.
"""

from __future__ import annotations

import re

from pipeline.measures.expressions import CHINESE, Plain
from pipeline.measures.numerals import Number, chinese_digits, parse_arabic, parse_chinese, parse_magnitude
from pipeline.profiles.units import Unit, Units

_TAIL = re.compile(r"[ ]?(?P<mid>[余多几来])?[ ]?(?P<magnitude>[十百千万亿]+)?[ ]?(?P<post>[余多来几])?")
_FRACTION = re.compile(
    rf"分之(?P<over>[0-9]+(?:\.[0-9]+)?|[{CHINESE}]+(?:点(?P<decimals>[零〇一二三四五六七八九]+))?)")
_POINT = re.compile("点([零〇一二三四五六七八九]+)(?=[万亿个倍成%])")
_TENTHS = re.compile("([一二两三四五六七八九])(?![十百千万亿个次件条家名人])")
_SLASHED = re.compile("[1-9]/([2-9]|10)(?=的|以上|以下|左右|[，。；、]|$)")
_BRACKET = re.compile(r"[ ]?（[ ]?([^（）0-9 ]{1,3})[ ]?）|[·/](次)(?![一-龥])")
# 行政处罚（件）：12, 罚没金额（万元） | 41.7: the unit stands before the number. 231（件）: in brackets after it.
_UNIT_BEFORE = re.compile(r"（(?P<magnitude>[十百千万亿]*)(?P<unit>[^（）0-9]{0,4})）[ ]?[：| ][ ]?$")
_UNIT_BRACKETED = re.compile(r"[ ]?（(?P<magnitude>[十百千万亿]*)(?P<unit>[^（）0-9]{1,4})）")


class PlainReader:
    """Reads numerals of one normalised text. Holds the text and the knowledge, changes neither."""

    def __init__(self, text: str, units: Units) -> None:
        self.text = text
        self.units = units

    def has_unit(self, place: int) -> bool:
        """Whether a unit begins right at `place`."""
        pattern = self.units.units_at.get(self.text[place:place + 1])
        return pattern is not None and pattern.match(self.text, place) is not None

    def unit_at(self, place: int) -> tuple[int, Unit, str] | None:
        """The unit at `place`: its end, the unit, and how it is written; 家（次） is 家次, 微克/立方米 is kept."""
        text = self.text
        if text[place:place + 1] in (" ", "\n"):
            place += 1
        pattern = self.units.units_at.get(text[place:place + 1])
        match = pattern.match(text, place) if pattern else None
        if match is None:
            return None
        unit, end = self.units.units[match.group()], match.end()
        following = text[end:end + 1]
        if following in ("（", " ", "·", "/"):
            return self._compound(unit, end)
        return end, unit, unit.base

    def _compound(self, unit: Unit, end: int) -> tuple[int, Unit, str]:
        known = self.units.units
        if unit.kind == "count":
            bracket = _BRACKET.match(self.text, end)
            inner = (bracket.group(1) or bracket.group(2)) if bracket else None
            if bracket and inner and inner in known and known[inner].kind == "count":
                # 430余台（艘）次
                times = inner != "次" and self.text[bracket.end():bracket.end() + 1] == "次"
                return bracket.end() + times, unit, unit.base + inner + "次" * times
        elif unit.kind in ("measure", "money") and self.text[end] == "/":
            other = self.units.units_at.get(self.text[end + 1:end + 2])
            match = other.match(self.text, end + 1) if other else None
            if match:
                return match.end(), unit, f"{unit.base}/{match.group()}"
        return end, unit, unit.base

    def read(self, match: re.Match[str]) -> Plain | None:
        """The numeral `match` (of NUMERAL) with its unit; None where it is no number."""
        written, start, place = match.group(), match.start(), match.end()
        if match["arabic"] is not None:
            fraction = _FRACTION.match(self.text, place) if self.text.startswith("分之", place) else None
            if fraction:
                return self._fraction(start, parse_arabic(written), fraction)
            slashed = _SLASHED.match(self.text, start) if self.text.startswith("/", place) else None
            if slashed and int(written) < int(slashed.group(1)):
                # 1/3的村; the numerator stands first.
                return self._share(start, slashed.end(), float(written), float(slashed.group(1)), slashed.group())
            number = parse_arabic(written)
            return self._with_unit(Plain(start, place, number, written), is_arabic=True) if number else None
        if written in ("零", "〇"):
            return None
        if written[0] == "数" and (self.text[place:place + 1] in ("余", "多") or parse_chinese(written) is None):
            # 信息数百余条, 人数十五人: 数 is the end of the noun before.
            written, start = written[1:], start + 1
        if written[-1] in "千百" and len(written) > 1 and self._is_measure(place - 1):
            written, place = written[:-1], place - 1
        fraction = _FRACTION.match(self.text, place) if self.text.startswith("分之", place) else None
        if fraction:
            return self._fraction(start, parse_chinese(written), fraction)
        number = parse_chinese(written)
        point = _POINT.match(self.text, place) if number else None
        if number and point:
            number, place = parse_arabic(f"{int(number.value)}.{chinese_digits(point.group(1))}"), point.end()
        return self._with_unit(Plain(start, place, number, written), is_arabic=False) if number else None

    def _is_measure(self, place: int) -> bool:
        """Whether 千瓦, 百帕 … begins at `place`, so that its 千 is no magnitude."""
        found = self.unit_at(place)
        return found is not None and found[1].kind == "measure"

    def _is_marker(self, mark: str | None, place: int) -> bool:
        """Whether 余 多 来 几 before `place` belongs to the number."""
        if mark is None:
            return False
        guard = self.units.inside.get(mark)
        return guard is None or not guard.match(self.text, place)

    def _with_unit(self, plain: Plain, is_arabic: bool) -> Plain | None:
        text, place = self.text, plain.end
        tail = _TAIL.match(text, place)
        if tail and tail.end() > place:
            self._read_tail(plain, tail, is_arabic)
        if text[plain.end:plain.end + 2] in ("个多", "个余", "个半", "个来") and self._split_unit(plain):
            return plain
        found = self.unit_at(plain.end)
        if found:
            plain.end, plain.unit, plain.written = found
            self._after_unit(plain)
        elif is_arabic:
            self._unit_elsewhere(plain)
        return plain

    def _read_tail(self, plain: Plain, tail: re.Match[str], is_arabic: bool) -> None:
        """余, 万, 万余, 余万 after the digits."""
        if tail["mid"]:
            if not self._is_marker(tail["mid"], tail.end("mid")):
                return
            plain.step_mark, plain.end = True, tail.end("mid")
        magnitude, stop = tail["magnitude"] or "", tail.end("magnitude")
        if magnitude and magnitude[-1] in "千百" and self._is_measure(stop - 1):
            magnitude, stop = magnitude[:-1], stop - 1
        if magnitude and (is_arabic or plain.step_mark):
            plain.factor, plain.end = parse_magnitude(magnitude), stop
            if tail["post"] and stop == tail.end("magnitude") and self._is_marker(tail["post"], tail.end("post")):
                plain.step_mark, plain.end = True, tail.end("post")

    def _split_unit(self, plain: Plain) -> bool:
        """3个多月, 一个半小时: the unit is split by its marker."""
        units, place = self.units.units, plain.end + 2
        found = self.unit_at(place)
        if self.text.startswith("月", place):
            unit, end = units.get("个月"), place + 1
        elif found:
            unit, end = units.get("个" + found[1].text, found[1]), found[0]
        else:
            return False
        if unit is None or unit.kind == "count":
            return False
        if self.text[plain.end + 1] == "半":
            plain.extra = 0.5
        else:
            plain.step_mark = True
        plain.end, plain.unit, plain.written = end, unit, unit.base
        return True

    def _after_unit(self, plain: Plain) -> None:
        """九成五, 2年多, 一倍半."""
        text, unit = self.text, plain.unit
        if unit is None or unit.kind == "count":
            return
        tenths = _TENTHS.match(text, plain.end) if unit.text == "成" else None
        if tenths:
            plain.extra, plain.end = int(chinese_digits(tenths.group(1))) / 10, tenths.end()
        mark = text[plain.end:plain.end + 1]
        if mark == "半" and (unit.kind in ("duration", "multiple") or unit.text == "成"):
            plain.extra, plain.end = 0.5, plain.end + 1
        elif mark in ("多", "余") and mark and self._is_marker(mark, plain.end + 1):
            plain.step_mark, plain.end = True, plain.end + 1

    def _unit_elsewhere(self, plain: Plain) -> None:
        """The unit of a table or list: before the number in brackets, or after it in brackets."""
        text = self.text
        header = None
        if text[plain.start - 1:plain.start] in ("：", "|", " "):
            header = _UNIT_BEFORE.search(text[max(0, plain.start - 14):plain.start])
        if header is None and text[plain.end:plain.end + 1] in ("（", " "):
            header = _UNIT_BRACKETED.match(text, plain.end)
            if header and header["unit"] in self.units.units:
                plain.end = header.end()
        unit = self.units.units.get(header["unit"]) if header else None
        if header and unit:
            plain.unit, plain.written = unit, unit.base
            plain.factor *= parse_magnitude(header["magnitude"])

    def _fraction(self, start: int, under: Number | None, fraction: re.Match[str]) -> Plain | None:
        """百分之十五 → 15 %, 三分之二 → 66.67 %, 百分之百 → 100 %."""
        over = fraction["over"]
        above = parse_arabic(over) if over[0].isdigit() else parse_chinese(over.partition("点")[0])
        if above is None or under is None or not under.value:
            return None
        decimals = fraction["decimals"]
        value = float(f"{int(above.value)}.{chinese_digits(decimals)}") if decimals else above.value
        return self._share(start, fraction.end(), value, under.value, fraction.group())

    def _share(self, start: int, end: int, over: float, under: float, written: str) -> Plain:
        value = round(over * 100 / under, 2)
        number = Number(value, 100 / under, value)
        plain = Plain(start, end, number, written, 1.0, False, self.units.units.get("%"), "%")
        if self.text[plain.end:plain.end + 1] in ("多", "余"):
            plain.step_mark, plain.end = True, plain.end + 1
        return plain
