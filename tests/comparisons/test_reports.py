"""Which documents are compared, and which reports are missing."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from pipeline.comparisons.reports import settle_reports
from pipeline.profiles.departments import Departments, load_departments
from pipeline.settings import KNOWLEDGE, Options
from pipeline.tables import store
from pipeline.tables.store import Tables

DEPARTMENTS: Departments = load_departments(KNOWLEDGE)
CODES = {"科学技术局": "science", "财政局": "finance", "乡村振兴局": "rural_revive", "农业农村局": "agriculture"}


def settle(*files: dict[str, Any], genre: str = "") -> Tables:
    """Settle files given by office and year; everything else has a default."""
    documents, identities = [], []
    for number, given in enumerate(files):
        office, region = given.get("office", "科学技术局"), given.get("region", "澜山区")
        path = given.get("path", f"{number}.txt")
        documents.append({"document_id": path, "path": path, "status": given.get("status", "ok"),
                          "text_hash": given.get("text_hash", path)})
        identities.append({
            "document_id": path, "genre": given.get("genre", "rule_of_law"),
            "department": office and region + office, "department_code": given.get("code", CODES.get(office)),
            "region": region, "report_year": given.get("year", 2022), "signed_date": given.get("signed"),
            "published_date": given.get("published"), "level": given.get("level"),
        })
    return settle_reports(store.frame("documents", documents), store.frame("identities", identities),
                          Options(genre), DEPARTMENTS)


def compared(tables: Tables) -> list[str]:
    return tables["reports"].loc[tables["reports"]["is_compared"], "document_id"].tolist()


def row(tables: Tables, path: str) -> pd.Series:
    return tables["reports"].set_index("document_id").loc[path]


def test_identifier_is_readable_and_unique() -> None:
    tables = settle({"signed": "2023-01-10"}, {"signed": "2023-01-20"}, {"office": "财政局"})
    assert row(tables, "1.txt")["report_id"] == "澜山区科学技术局-2022"
    assert row(tables, "0.txt")["report_id"] == "澜山区科学技术局-2022-2"
    assert tables["reports"]["report_id"].is_unique


def test_the_report_signed_last_counts_and_the_other_is_an_issue() -> None:
    tables = settle({"signed": "2023-01-20"}, {"signed": "2023-01-10", "published": "2023-06-01"})
    assert compared(tables) == ["0.txt"]
    assert "更晚成文" in row(tables, "1.txt")["why_not"]
    assert tables["issues"]["document_id"].dropna().tolist() == ["1.txt"]


def test_without_signed_dates_the_published_date_decides() -> None:
    assert compared(settle({"published": "2023-01-20"}, {"published": "2023-03-10"})) == ["1.txt"]


def test_the_same_text_in_two_formats_is_one_report() -> None:
    tables = settle({"path": "a.docx", "text_hash": "x"}, {"path": "a.html", "text_hash": "x"})
    assert compared(tables) == ["a.docx"]
    assert row(tables, "a.html")["why_not"] == "正文与 a.docx 相同"


def test_most_frequent_genre_is_compared() -> None:
    tables = settle({}, {"office": "财政局"}, {"genre": "work_report", "office": "人民政府", "code": "government"})
    assert compared(tables) == ["0.txt", "1.txt"]
    assert row(tables, "2.txt")["why_not"] == "体裁不同：work_report"


def test_genre_can_be_chosen() -> None:
    tables = settle({}, {"office": "财政局"}, {"genre": "work_report", "office": "人民政府", "code": "government"},
                    genre="work_report")
    assert compared(tables) == ["2.txt"]
    assert row(tables, "2.txt")["department_short"] == "澜山区"


def test_a_genre_without_reports_is_an_issue() -> None:
    tables = settle({}, genre="work_report")
    assert compared(tables) == []
    assert any("没有体裁为 work_report 的报告；现有体裁：rule_of_law" in message for message in tables["issues"]["message"])


@pytest.mark.parametrize(("given", "lacking"), [({"year": None}, "年度"), ({"office": None, "region": None}, "部门")])
def test_incomplete_identity_is_not_compared(given: dict[str, Any], lacking: str) -> None:
    tables = settle(given)
    assert compared(tables) == []
    assert row(tables, "0.txt")["why_not"] == f"身份不全：缺{lacking}"
    assert row(tables, "0.txt")["report_id"]


def test_an_unknown_department_is_compared_under_its_own_name() -> None:
    tables = settle({"office": "供销合作社", "code": None})
    assert compared(tables) == ["0.txt"]
    assert row(tables, "0.txt")["department_code"] == "供销合作社"


def test_a_report_without_a_place_takes_that_of_the_others() -> None:
    tables = settle({"office": "财政局", "year": 2021}, {"office": "财政局", "year": 2022, "region": ""},
                    {"year": 2022, "region": "云泽区"})
    assert row(tables, "1.txt")["report_id"] == "澜山区财政局-2022"
    assert any("归入澜山区" in message for message in tables["issues"]["message"])


def test_a_branch_takes_the_rank_of_its_place_from_the_others() -> None:
    tables = settle({"office": "财政局", "region": "东屏区"}, {"region": "东屏"}, {"office": "财政局", "region": "云泽区"})
    assert row(tables, "1.txt")["region"] == "东屏区"


def test_the_report_of_the_nation_is_nobodys_peer() -> None:
    tables = settle({}, {"office": "国务院", "region": "", "level": "国家", "code": "government"})
    assert compared(tables) == ["0.txt"]
    assert "国家" in row(tables, "1.txt")["why_not"]


def test_of_several_places_none_is_guessed() -> None:
    tables = settle({"office": "财政局", "year": 2021}, {"office": "财政局", "year": 2021, "region": "云泽区"},
                    {"office": "财政局", "year": 2022, "region": ""})
    assert row(tables, "2.txt")["department"] == "财政局"


def test_a_missing_year_is_covered_as_missing() -> None:
    tables = settle({"year": 2020}, {"year": 2022}, {"office": "财政局", "year": 2021})
    coverage = tables["coverage"].set_index(["department_code", "report_year"])["state"]
    assert coverage.loc["science"].to_dict() == {2020: "reported", 2021: "missing", 2022: "reported"}
    assert coverage.loc["finance"].to_dict() == {2020: "missing", 2021: "reported", 2022: "missing"}
    assert any("没有澜山区科学技术局2021年度的报告" in message for message in tables["issues"]["message"])


def test_a_department_merged_into_another_is_not_missing_afterwards() -> None:
    tables = settle({"office": "乡村振兴局", "year": 2022}, {"office": "农业农村局", "year": 2022},
                    {"office": "农业农村局", "year": 2023}, {"office": "农业农村局", "year": 2024})
    years = tables["coverage"].groupby("department_code")["report_year"].apply(list)
    assert years["rural_revive"] == [2022]
    assert years["agriculture"] == [2022, 2023, 2024]


def test_short_names_keep_the_region_where_there_are_several() -> None:
    assert row(settle({}), "0.txt")["department_short"] == "科技局"
    two = settle({}, {"region": "云泽区"})
    assert two["reports"]["department_short"].tolist() == ["澜山区科技局", "云泽区科技局"]
    assert len(compared(two)) == 2


def test_demonstration_regions_are_marked() -> None:
    tables = settle({}, {"region": "云泽区"})
    assert tables["reports"]["is_demonstration"].tolist() == [True, False]


def test_files_that_could_not_be_read_are_no_reports() -> None:
    assert settle({"status": "needs_ocr"})["reports"].empty


def test_an_empty_folder_says_so() -> None:
    tables = settle()
    assert tables["reports"].empty
    assert tables["coverage"].empty
    assert "没有可比较的报告" in tables["issues"]["message"].iloc[0]


def test_one_year_only_says_so() -> None:
    assert "只有2022年度的报告，没有可作的年度比较" in "".join(settle({}, {"office": "财政局"})["issues"]["message"])
    assert "可作的年度比较" not in "".join(settle({}, {"year": 2021})["issues"]["message"])
