"""Numerals: what they are worth and what their last written digit is worth."""

from __future__ import annotations

import pytest

from pipeline.measures.numerals import normalise, parse_arabic, parse_chinese


@pytest.mark.parametrize(("numeral", "value", "step"), [
    ("一千二百三十四", 1234, 1),
    ("三百一十二", 312, 1),
    ("十八", 18, 1),
    ("十", 10, 10),
    ("百", 100, 100),
    ("三万五", 35_000, 1000),            # the last digit counts thousands
    ("一百二", 120, 10),
    ("一百零二", 102, 1),
    ("两千零五", 2005, 1),
    ("两万零三十", 20_030, 10),
    ("一万四千", 14_000, 1000),
    ("一亿二千万", 120_000_000, 10_000_000),
    ("万亿", 1e12, 1e12),
    ("二〇二二", 2022, 1),
])
def test_chinese_numerals(numeral: str, value: float, step: float) -> None:
    number = parse_chinese(numeral)
    assert number is not None
    assert (number.value, number.high, number.step) == (value, value, step)


@pytest.mark.parametrize(("numeral", "low", "high", "is_vague"), [
    ("数十", 20, 100, True),
    ("几百", 200, 1000, True),
    ("数万", 20_000, 100_000, True),
    ("几十万", 200_000, 1_000_000, True),
    ("十几", 10, 20, True),
    ("二十几", 20, 30, True),
    ("十几万", 100_000, 200_000, True),
    ("五六", 5, 6, False),
    ("十五六", 15, 16, False),
    ("五六十", 50, 60, False),
    ("三五", 3, 5, False),
])
def test_numerals_with_two_bounds(numeral: str, low: float, high: float, is_vague: bool) -> None:
    number = parse_chinese(numeral)
    assert number is not None
    assert (number.value, number.high, number.is_vague) == (low, high, is_vague)


@pytest.mark.parametrize("numeral", ["", "几", "数", "一二三", "百千", "二八", "十十", "几十几"])
def test_what_is_no_number(numeral: str) -> None:
    assert parse_chinese(numeral) is None


@pytest.mark.parametrize(("digits", "value", "step"), [
    ("80", 80, 10), ("120", 120, 10), ("100", 100, 100), ("25", 25, 1), ("3.5", 3.5, 0.1), ("1,260", 1260, 10),
    ("1 258", 1258, 1), ("0", 0, 1), ("99.0", 99, 1), ("12\n00", 1200, 100),
])
def test_arabic_numerals(digits: str, value: float, step: float) -> None:
    number = parse_arabic(digits)
    assert number is not None
    assert (number.value, number.step) == (value, step)


def test_a_long_digit_string_is_a_code() -> None:
    assert parse_arabic("370302199001011234") is None


def test_normalising_moves_no_character() -> None:
    text = "共受理１，２６０件（含结转）～Ａ类\t占％，〇○—"
    assert len(normalise(text)) == len(text)
    assert normalise("１２．５％") == "12.5%"
