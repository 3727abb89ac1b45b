"""Dates and years in all their spellings."""

from __future__ import annotations

import pytest

from pipeline.structure.dates import find_dates, find_years, year_reported_on


@pytest.mark.parametrize(("text", "iso"), [
    ("2022年12月30日", "2022-12-30"),
    ("2022 年 12 月 30 日", "2022-12-30"),
    ("二〇二三年一月五日", "2023-01-05"),
    ("二○二三年十二月三十一日", "2023-12-31"),
    ("二零二三年二月十日", "2023-02-10"),
    ("二O二四年十月二十日", "2024-10-20"),
    ("二〇二三年元月十日", "2023-01-10"),
    ("2024年元月18日", "2024-01-18"),
    ("2024年一月十八日", "2024-01-18"),
    ("2023-03-28 10:05", "2023-03-28"),
    ("2023.3.28", "2023-03-28"),
    ("2023/03/28", "2023-03-28"),
    ("2022年13月1日", None),
    ("2022年12月", None),
    ("2021—2025年", None),
])
def test_find_dates(text, iso):
    assert [date.iso for date in find_dates(text)] == ([iso] if iso else [])


@pytest.mark.parametrize(("text", "years"), [
    ("2022年度", [2022]), ("二〇二二年度", [2022]), ("较2021年的2022年", [2021, 2022]), ("〔2022〕25号", [])])
def test_find_years(text, years):
    assert [year.year for year in find_years(text)] == years


@pytest.mark.parametrize(("iso", "year"), [
    ("2022-12-08", 2022), ("2023-01-12", 2022), ("2023-06-30", 2022), ("2022-11-30", 2022)])
def test_year_reported_on(iso, year):
    assert year_reported_on(iso) == year
