"""From one year to the next."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from pipeline.comparisons.changes import compare_years
from pipeline.profiles.departments import Departments, Lineage
from tests.comparisons.corpus import report, reports, values

SCIENCE, FINANCE = "澜山区科学技术局", "澜山区财政局"
INDICATORS: Any = SimpleNamespace(by_id={
    "disclosure_count": SimpleNamespace(kind="count", name="主动公开数"), "appearance_rate": SimpleNamespace(kind="percent")})
LINEAGE = (Lineage("乡村振兴局", "农业农村局", 2023, "merge", ""),)


def changes(report_rows: list[dict[str, Any]], value_frame: pd.DataFrame) -> pd.DataFrame:
    departments = Departments((), LINEAGE, frozenset())
    return compare_years(reports(*report_rows), value_frame, INDICATORS, departments)["indicator_changes"]


def one(frame: pd.DataFrame) -> dict[str, Any]:
    assert len(frame) == 1
    return frame.astype(object).where(frame.notna(), None).iloc[0].to_dict()


TWO_YEARS = [report(SCIENCE, 2021), report(SCIENCE, 2022)]


def test_a_rise_from_an_approximate_number_is_a_range() -> None:
    row = one(changes(TWO_YEARS, values((SCIENCE, 2021, "disclosure_count", 80, 90),
                                        (SCIENCE, 2022, "disclosure_count", 120, 120))))
    assert (row["verdict"], row["comparable"], row["why_not"]) == ("up", True, None)
    assert (row["change_low"], row["change_high"]) == (30, 40)
    assert (round(row["change_pct_low"]), round(row["change_pct_high"])) == (33, 50)


@pytest.mark.parametrize(("earlier", "own", "verdict"), [
    ((80, 90), (85, 85), "undecided"),
    ((12, 12), (12, 12), "same"),
    ((12, 12), (10, 10), "down"),
])
def test_verdicts(earlier: tuple, own: tuple, verdict: str) -> None:
    row = one(changes(TWO_YEARS, values((SCIENCE, 2021, "disclosure_count", *earlier),
                                        (SCIENCE, 2022, "disclosure_count", *own))))
    assert row["verdict"] == verdict


def test_zero_is_a_value_and_has_no_percentage() -> None:
    row = one(changes(TWO_YEARS, values((SCIENCE, 2021, "disclosure_count", 0, 0, {"state": "zero", "unit": None}),
                                        (SCIENCE, 2022, "disclosure_count", 3, 3))))
    assert (row["verdict"], row["change_low"], row["change_pct_low"]) == ("up", 3, None)


def test_rates_have_no_percentage_of_change() -> None:
    row = one(changes(TWO_YEARS, values((SCIENCE, 2021, "appearance_rate", 50, 50, {"unit": "%"}),
                                        (SCIENCE, 2022, "appearance_rate", 100, 100, {"unit": "%"}))))
    assert (row["change_low"], row["change_pct_low"]) == (50, None)


NOT_DISCLOSED = {"state": "not_disclosed", "unit": None}


@pytest.mark.parametrize(("earlier", "own", "why_not"), [
    ((12, 12), (None, None, NOT_DISCLOSED), "本年未披露"),
    ((None, None, NOT_DISCLOSED), (12, 12), "上年未披露"),
    ((12, 12), (None, None, {"state": "na"}), "本年不适用"),
    ((12, 12), (12, 15, {"state": "ambiguous"}), "本年数值不一"),
    ((12, 12, {"unit": "家次"}), (12, 12, {"unit": "次"}), "单位不同：本年次，上年家次"),
])
def test_what_cannot_be_compared_says_why(earlier: tuple, own: tuple, why_not: str) -> None:
    row = one(changes(TWO_YEARS, values((SCIENCE, 2021, "disclosure_count", *earlier),
                                        (SCIENCE, 2022, "disclosure_count", *own))))
    assert (row["verdict"], row["comparable"], row["why_not"]) == ("incomparable", False, why_not)
    assert row["change_low"] is None


def test_an_indicator_that_neither_year_discloses_gives_no_row() -> None:
    frame = values((SCIENCE, 2021, "disclosure_count", None, None, NOT_DISCLOSED),
                   (SCIENCE, 2022, "disclosure_count", None, None, NOT_DISCLOSED))
    assert changes(TWO_YEARS, frame).empty


def test_a_gap_year_gives_no_change() -> None:
    rows = [report(FINANCE, 2020), report(FINANCE, 2022)]
    row = one(changes(rows, values((FINANCE, 2020, "disclosure_count", 12, 12),
                                   (FINANCE, 2022, "disclosure_count", 15, 15))))
    assert (row["report_year"], row["why_not"], row["previous_low"]) == (2022, "上年缺报告", None)


def test_departments_are_not_compared_with_each_other() -> None:
    frame = values((SCIENCE, 2021, "disclosure_count", 12, 12), (FINANCE, 2022, "disclosure_count", 15, 15))
    assert changes([report(SCIENCE, 2021), report(FINANCE, 2022)], frame)["why_not"].tolist() == ["上年缺报告"]


def test_stated_last_year_is_held_against_last_years_report() -> None:
    stated = {"previous_low": 60, "previous_high": 70}
    row = one(changes(TWO_YEARS, values((SCIENCE, 2021, "disclosure_count", 80, 80),
                                        (SCIENCE, 2022, "disclosure_count", 120, 120, stated))))
    assert row["note"] == "本年报告称上年为60至70，上年报告为80，二者不符"


def test_part_of_a_year_is_noted() -> None:
    row = one(changes(TWO_YEARS, values((SCIENCE, 2021, "disclosure_count", 80, 80),
                                        (SCIENCE, 2022, "disclosure_count", 120, 120, {"to_date": "11月底"}))))
    assert row["note"] == "本年为截至11月底的数"


def test_a_renamed_department_is_followed_and_marked() -> None:
    rows = [report("澜山区教育局", 2021, department_code="education"),
            report("澜山区教育和体育局", 2022, department_code="education")]
    row = one(changes(rows, values(("澜山区教育局", 2021, "disclosure_count", 80, 80),
                                   ("澜山区教育和体育局", 2022, "disclosure_count", 120, 120))))
    assert row["verdict"] == "up"
    assert row["note"] == "部门名称由澜山区教育局改为澜山区教育和体育局"


def test_a_merged_department_is_marked() -> None:
    rows = [report("澜山区乡村振兴局", 2022), report("澜山区农业农村局", 2022), report("澜山区农业农村局", 2023)]
    row = one(changes(rows, values(("澜山区农业农村局", 2022, "disclosure_count", 80, 80),
                                   ("澜山区农业农村局", 2023, "disclosure_count", 120, 120))))
    assert "澜山区乡村振兴局" in row["note"]


def test_a_new_department_is_compared_with_the_one_it_took_over() -> None:
    rows = [report("澜山区乡村振兴局", 2022), report("澜山区农业农村局", 2023)]
    row = one(changes(rows, values(("澜山区乡村振兴局", 2022, "disclosure_count", 80, 80),
                                   ("澜山区农业农村局", 2023, "disclosure_count", 120, 120))))
    assert (row["verdict"], row["previous_document_id"]) == ("up", "澜山区乡村振兴局-2022")
    assert "并入" in row["note"]


def test_the_first_year_is_that_of_the_region() -> None:
    """A region whose reports begin later lacks nothing before."""
    elsewhere = report("青禾市水利局", 2020, region="青禾市", department_code="水利局")
    rows = [elsewhere, report(SCIENCE, 2022), report(SCIENCE, 2023)]
    made = changes(rows, values((SCIENCE, 2022, "disclosure_count", 1, 1), (SCIENCE, 2023, "disclosure_count", 2, 2)))
    assert made["report_year"].tolist() == [2023]


def test_no_reports_give_no_changes() -> None:
    assert changes([], values()).empty


def test_a_tenfold_change_of_unit_is_doubted_and_not_compared() -> None:
    made = compare_years(
        reports(*TWO_YEARS), values((SCIENCE, 2021, "disclosure_count", 24, 24, {"unit": "个"}),
                                    (SCIENCE, 2022, "disclosure_count", 1480, 1480, {"unit": "户"})),
        INDICATORS, Departments((), (), frozenset()))
    row = one(made["indicator_changes"])
    assert (row["comparable"], row["verdict"], row["change_pct_low"]) == (False, "incomparable", None)
    assert "变化超过10倍而单位不同" in row["why_not"]
    assert made["issues"].message.str.contains("多半口径不同").tolist() == [True]
