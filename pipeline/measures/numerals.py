"""Characters to numbers: one width and one kind of punctuation, Arabic and Chinese numerals to values.

What a numeral counts, and the words that widen or bound it, belong to `expressions` and `bounds`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# One character for one character, so that offsets stay those of the text.
_SAME_LENGTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_SPACES = "\u3000\u00a0\u2002\u2003\u2009\u200a\u202f\u205f\u200b\u200c\u200d\u2060\ufeff\r"
for _marks, _becomes in (
    (_SPACES, " "), ("—–―－﹣−‑‐﹘", "-"), ("～∼〜˜", "~"), ("•・‧∙⋅●▪", "·"),
    ("「『＂〝", "“"), ("」』〞", "”"), ("[［﹝【", "〔"), ("]］﹞】", "〕"), ("○Ｏ◯", "〇"), ("\t", "|"), ("﹪", "%"),
):
    _SAME_LENGTH |= {ord(mark): _becomes for mark in _marks}
# Full-width punctuation is kept as the house form, so that patterns in knowledge files need no escapes.
_SAME_LENGTH |= {ord(half): full for half, full in zip("(),;:!?", "（），；：！？", strict=True)}
for _mark in "（），；：！？":
    del _SAME_LENGTH[ord(_mark)]


_ODD = re.compile("[" + "".join(map(re.escape, map(chr, sorted(_SAME_LENGTH)))) + "]")


def normalise(text: str) -> str:
    """The text with half-width digits and letters, full-width punctuation and one kind of dash, quote and bracket.

    Every character stands where it stood, so a span found here is a span of `text`.
    """
    return text.translate(_SAME_LENGTH) if _ODD.search(text) else text


@dataclass(frozen=True, slots=True)
class Number:
    """A numeral's value; 五六 and 数十 have two bounds. `step` is what its last written non-zero digit is worth (80: 10)."""

    value: float
    step: float
    high: float
    is_vague: bool = False

    @property
    def is_range(self) -> bool:
        """True for 五六 (5 to 6)."""
        return not self.is_vague and self.high != self.value


_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_TENS = {"十": 10, "百": 100, "千": 1000}
_HUNDRED_MILLION = 100_000_000
_MYRIADS = {"万": 10_000, "亿": _HUNDRED_MILLION}
MAGNITUDES = _TENS | _MYRIADS
# Longer digit strings are codes, not counts.
_LONGEST_ARABIC = 15
_LONGEST_CHINESE = 24


@lru_cache(maxsize=65536)
def parse_arabic(digits: str) -> Number | None:
    """Value of an Arabic numeral; spaces, line breaks and thousands separators are ignored. None for a code."""
    kept = digits.replace(",", "").replace("，", "").replace(" ", "").replace("\n", "")
    if len(kept) > _LONGEST_ARABIC:
        return None
    whole, _, fraction = kept.partition(".")
    joined, scale = int(whole + fraction), 10 ** len(fraction)
    value = joined / scale
    return Number(value, _last_place(joined) / scale if joined else 1.0, value)


@lru_cache(maxsize=4096)
def parse_magnitude(characters: str) -> float:
    """The factor of 万, 百万, 万亿 …: the product of its characters; 1 for none."""
    factor = 1
    for character in characters:
        factor *= MAGNITUDES[character]
    return float(factor)


def chinese_digits(characters: str) -> str:
    """五六 → 56, for the places after 点; other characters are left out."""
    return "".join(str(_DIGITS[character]) for character in characters if character in _DIGITS)


@lru_cache(maxsize=65536)
def parse_chinese(numeral: str) -> Number | None:
    """Value of a Chinese numeral: 一千二百三十四, 三万五, 两百二, 十几, 数百, 五六. None where it is not one number."""
    if not numeral or len(numeral) > _LONGEST_CHINESE:
        return None
    if "几" in numeral or "数" in numeral:
        return _parse_vague(numeral)
    if all(character in _DIGITS for character in numeral):
        return _parse_digit_string(numeral)
    pair = _adjacent_pair(numeral)
    if pair:
        low, high = _parse_places(pair[0]), _parse_places(pair[1])
        return Number(low.value, low.step, high.value) if low and high else None
    return _parse_places(numeral)


def _parse_digit_string(numeral: str) -> Number | None:
    digits = [_DIGITS[character] for character in numeral]
    if len(digits) == 1:
        return Number(float(digits[0]), 1.0, float(digits[0]))
    if len(digits) == 2:
        # 五六次 is five to six, 三五个 three to five; 一三 and 二〇 are pieces of something else.
        is_range = digits[0] > 0 and digits[1] - digits[0] in (1, 2) and digits != [1, 3]
        return Number(float(digits[0]), 1.0, float(digits[1])) if is_range else None
    if 0 in digits and len(digits) <= _LONGEST_ARABIC:
        value = float(chinese_digits(numeral))
        return Number(value, 1.0, value)
    return None


def _adjacent_pair(numeral: str) -> tuple[str, str] | None:
    """十五六 → (十五, 十六); 五六十 → (五十, 六十)."""
    for index in range(len(numeral) - 1):
        first, second = _DIGITS.get(numeral[index], 0), _DIGITS.get(numeral[index + 1], 0)
        if first and second:
            if second - first != 1:
                return None
            return numeral[:index + 1] + numeral[index + 2:], numeral[:index] + numeral[index + 1:]
    return None


def _parse_places(numeral: str) -> Number | None:
    """A numeral with 十 百 千 万 亿. `section` stands below the next 万 or 亿; `place` is what a bare last digit is worth."""
    total = section = 0
    digit: int | None = None
    place = 1
    for character in numeral:
        if character in _DIGITS:
            if digit is not None:
                return None
            digit = _DIGITS[character] or None
            # 三万五 is 35 000, but 三万零五 is 30 005.
            place = place if digit else 1
        elif character in _TENS:
            unit = _TENS[character]
            if section and unit >= _last_place(section):
                return None
            section += (1 if digit is None else digit) * unit
            digit, place = None, unit // 10
        elif character not in _MYRIADS:
            return None
        else:
            unit = _MYRIADS[character]
            section += digit or 0
            if unit == _HUNDRED_MILLION:
                total = (total + section or 1) * unit
            elif total and unit >= _last_place(total):
                return None
            else:
                total += (section or 1) * unit
            section, digit, place = 0, None, unit // 10
    section += (digit or 0) * place
    value = total + section
    return Number(float(value), float(_last_place(value)), float(value))


def _last_place(value: int) -> int:
    """The value of the last non-zero digit's place: 120 → 10."""
    place = 1
    while value and value % (place * 10) == 0:
        place *= 10
    return place


def _parse_vague(numeral: str) -> Number | None:
    """数十 20–100, 几百 200–1 000, 几十万 200 000–1 000 000, 十几 10–20, 十几万 100 000–200 000."""
    index = max(numeral.find("几"), numeral.find("数"))
    before, after = numeral[:index], numeral[index + 1:]
    if any(character not in MAGNITUDES for character in after):
        return None
    factor = parse_magnitude(after)
    if not before:
        return Number(2 * factor, factor, 10 * factor, True) if after else None
    base = _parse_places(before)
    if base is None or base.step < 10:
        return None
    return Number(base.value * factor, factor, (base.value + base.step) * factor, True)
