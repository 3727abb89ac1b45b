"""sources.csv goes before the text."""

from __future__ import annotations

import pandas as pd

from tests.structure.reports import BODY, documents_of, identity, read

TITLE = "云泽区水利局2022年度法治政府建设情况报告\n"


def test_what_a_person_wrote_wins():
    found = identity(TITLE + BODY, fields=(
        ("override_report_year", "2023"), ("override_department", "云泽区审计局"), ("override_doc_number", "云审〔2024〕1号"),
        ("override_signed_date", "2024-01-08"), ("override_published_date", "2024-02-01")))
    assert (found["department"], found["department_code"], found["report_year"]) == ("云泽区审计局", "audit", 2023)
    assert (found["doc_number"], found["signed_date"], found["published_date"]) == ("云审〔2024〕1号", "2024-01-08", "2024-02-01")
    assert found["identity_source"] == "sources.csv+sources.csv"


def test_a_note_names_both():
    tables = read(TITLE + BODY, fields=(("override_report_year", "2023"),))
    (message,) = tables["issues"]["message"]
    assert "2023" in message
    assert "2022" in message
    evidence = tables["identity_evidence"]
    chosen = evidence[(evidence["field"] == "report_year") & evidence["is_chosen"]]
    assert chosen["source"].tolist() == ["sources.csv"]


def test_a_region_completes_a_bare_name():
    found = identity("区水利局2022年度法治政府建设情况报告\n" + BODY, fields=(("override_region", "云泽区"),))
    assert (found["department"], found["region"], found["level"]) == ("云泽区水利局", "云泽区", "区县")


def test_a_genre_by_name_or_label():
    for name in ("work_report", "政府工作报告"):
        assert identity(TITLE + BODY, fields=(("override_genre", name),))["genre"] == "work_report"


def test_an_unknown_genre_is_an_issue():
    tables = read(TITLE + BODY, fields=(("override_genre", "年报"),))
    assert tables["identities"]["genre"].tolist() == ["rule_of_law"]
    assert any("没有体裁 年报" in message for message in tables["issues"]["message"])


def test_an_office_unknown_to_the_table_keeps_its_name():
    found = identity("2022年度法治政府建设情况报告\n" + BODY, fields=(("override_department", "云泽区海洋发展局"), ("override_region", "云泽区")))
    assert (found["department"], found["region"]) == ("云泽区海洋发展局", "云泽区")
    assert found["department_code"] is None


def test_nothing_is_overridden_without_a_line():
    assert not documents_of(TITLE)["document_fields"]["field"].str.startswith("override").any()
    assert pd.isna(read(TITLE + BODY)["identities"]["published_date"].iloc[0])
