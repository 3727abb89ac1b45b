"""Years, dates, and reports that stop before the year does."""

from __future__ import annotations

import pytest

from tests.comparisons.drafts import Draft, check


def year_check(headings: dict[str, str], opening: str = "", title: str = "", year: int | None = 2023) -> bool | None:
    parts = {"other": [opening] if opening else [], "achievements": ["全年立案12件。"], "next_plan": ["开展培训2期。"]}
    draft = Draft(parts, year=year, headings=headings, title=title)
    return check(draft)["year_consistent"]["passed"]


@pytest.mark.parametrize(("headings", "opening", "title"), [
    ({"next_plan": "2023年工作安排"}, "", ""),                                     # a plan for the year reported
    ({"achievements": "2022年推进法治政府建设的主要举措和成效"}, "", ""),
    ({}, "现将我局2022年度法治政府建设工作情况报告如下：", ""),
    ({}, "", "澜山区交通运输局2022年度法治政府建设情况报告"),
])
def test_another_year_in_a_place_that_names_it_fails(headings: dict[str, str], opening: str, title: str) -> None:
    assert year_check(headings, opening, title) is False


@pytest.mark.parametrize(("headings", "opening", "title"), [
    ({"next_plan": "2024年工作安排", "achievements": "2023年度主要举措和成效"}, "", ""),
    ({"achievements": "落实《实施纲要（2021—2025年）》情况"}, "", ""),               # a plan period names no year
    ({"achievements": "2019年以来的主要做法"}, "", ""),
    ({}, "根据督察工作规定（厅字〔2019〕28号），现将2023年度法治政府建设情况报告如下：", ""),
    ({}, "", "澜山区交通运输局2023年工作总结和2024年工作计划"),
    ({}, "", ""),
])
def test_years_that_belong_pass(headings: dict[str, str], opening: str, title: str) -> None:
    assert year_check(headings, opening, title) is True


def test_without_a_report_year_nothing_is_judged() -> None:
    assert year_check({"next_plan": "2023年工作安排"}, year=None) is None


@pytest.mark.parametrize(("signed", "published", "passed"), [
    ("2023-03-20", None, True),
    ("2023-03-20", "2023-04-19", False),       # the day it became public counts
    (None, "2023-04-01", True),
    ("2023-04-02", None, False),
    (None, None, None),
])
def test_public_by_the_first_of_april(signed: str | None, published: str | None, passed: bool | None) -> None:
    draft = Draft({"achievements": ["全年立案12件。"]}, signed_date=signed, published_date=published)
    assert check(draft)["on_time"]["passed"] is passed


@pytest.mark.parametrize(("sentences", "signed", "passed"), [
    (["全年立案12件。"], "2022-12-28", False),                                    # signed before the year was over
    (["截至11月底立案12件。", "截至11月底检查30家次。"], "2023-01-12", False),
    (["有关数据统计至11月底。", "立案12件。"], "2023-01-12", False),
    (["全年立案12件。"], "2023-01-12", True),
    (["截至6月底完成备案3件。", "全年立案12件。"], "2023-01-12", True),             # one detail, not the report
    (["全年立案12件。"], None, None),
])
def test_a_report_that_cannot_cover_the_year(sentences: list[str], signed: str | None, passed: bool | None) -> None:
    assert check(Draft({"achievements": sentences}, signed_date=signed))["full_year"]["passed"] is passed


def test_the_date_is_shown_where_the_text_writes_it() -> None:
    draft = Draft({"achievements": ["全年立案12件。"]}, signed_date="2021-01-25", year=2020, tail="二〇二一年一月二十五日")
    row = check(draft)["on_time"]
    assert row["evidence_end"] - row["evidence_start"] == len("二〇二一年一月二十五日")
