"""Briefing and department pages as files: read back with an independent reader."""

from __future__ import annotations

import inspect
import io
import re
from collections.abc import Callable

import pikepdf
import pypdfium2
import pytest

import pipeline
from pipeline.outputs.briefing import write_briefing
from pipeline.outputs.department_pages import write_department_pages
from pipeline.outputs.frame import count_pages
from pipeline.profiles import PARTS, load_part
from pipeline.settings import Folders


def call(stage: Callable[..., dict[str, bytes]], tables) -> dict[str, bytes]:
    names = inspect.signature(stage).parameters
    return stage(*(load_part(name) if name in PARTS else tables[name] for name in names))


def text_of(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return [page.get_textpage().get_text_bounded().replace("\r\n", "") for page in document]


@pytest.fixture(scope="module")
def tables(demo_run: Folders):
    return pipeline.load(demo_run.processed)


@pytest.fixture(scope="module")
def briefing(tables) -> bytes:
    return call(write_briefing, tables)["briefing.pdf"]


def test_briefing_is_six_to_ten_pages_and_says_what_it_is(briefing: bytes) -> None:
    pages = text_of(briefing)
    assert 6 <= len(pages) <= 10
    assert count_pages(briefing) == len(pages)
    assert "示例数据" in pages[0]
    assert "要点" in pages[1]
    assert any("口径与局限" in page for page in pages)


def test_briefing_has_bookmarks_language_and_tags(briefing: bytes) -> None:
    with pikepdf.open(io.BytesIO(briefing)) as pdf:
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
        assert titles[0] == "要点"
        assert "口径与局限" in titles
        assert str(pdf.Root.Lang) == "zh-CN"
        assert "/StructTreeRoot" in pdf.Root
        assert pdf.open_metadata().pdfa_status == "2A"


def test_briefing_leads_to_its_evidence(briefing: bytes) -> None:
    pages = text_of(briefing)
    numbers = [int(number) for number in re.findall(r"证(\d+)", "".join(pages[2:]))]
    assert sorted(set(numbers)) == list(range(1, max(numbers) + 1))       # every row that is referred to is printed
    referred = {int(number) for number in re.findall(r"证\s*(\d+)", pages[1])}
    assert referred <= set(numbers)
    assert "编制单位" in pages[0]
    assert "所收报告最晚成文或公开于2024年" in pages[0].replace(" ", "")
    with pikepdf.open(io.BytesIO(briefing)) as pdf:
        links = [link.A.URI for page in pdf.pages for link in page.get("/Annots", []) if "/A" in link and "/URI" in link.A]
        inner = [link for page in pdf.pages for link in page.get("/Annots", []) if "/Dest" in link or "/D" in link.get("/A", {})]
    assert {str(link).split("#")[0] for link in links} == {"tables.xlsx", "explorer.html"}
    assert len(inner) > 10


def test_the_same_tables_give_the_same_bytes(tables, briefing: bytes) -> None:
    assert call(write_briefing, tables)["briefing.pdf"] == briefing


def test_each_department_has_one_page_of_its_latest_year(tables) -> None:
    pages = call(write_department_pages, tables)
    reports = tables.reports
    latest = reports[reports["report_year"] == reports["report_year"].max()]
    assert set(pages) == {f"departments/{row.department}-{row.report_year}.pdf" for row in latest.itertuples()}
    for name, content in pages.items():
        assert len(text_of(content)) == 1, name
        assert "示例数据" in text_of(content)[0]


def test_a_department_page_says_who_its_peers_are_and_what_became_of_each_plan(tables) -> None:
    pages = call(write_department_pages, tables)
    page = text_of(next(content for name, content in pages.items() if "综合行政执法局" in name))[0].replace(" ", "")
    assert "同组4个部门中位" in page
    assert "同组指执法密集型" in page
    commitments, reports = tables.commitments, tables.reports.set_index("report_id")
    plans = commitments[commitments["document_id"] == reports.loc["澜山区综合行政执法局-2022", "document_id"]]
    shown = page[page.index("上年安排逐项"):page.index("与上年报告相比")]
    assert f"2022年报告所列{len(plans)}项" in shown
    assert shown.count("已见回应") == 1 + (plans["outcome"] == "done").sum()
    compared = page[page.index("与上年报告相比"):]
    assert re.search(r"沿用改写.+→", compared)
    assert "上年第" in compared                          # where a sentence stood that is not found any more


def test_many_departments_get_the_pages_that_need_a_look(tables, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.outputs.department_pages.MOST_PAGES", 2)
    pages = call(write_department_pages, tables)
    rest = pages.pop("departments/未出单页的.txt").decode()
    assert len(pages) == 2
    assert any("财政局" in name for name in pages)       # most failed checks
    assert rest.startswith("共9个部门，只为2个出了一页纸")
    assert len(rest.splitlines()) == 1 + 7


def test_a_character_without_glyph_is_replaced_and_named(tables) -> None:
    class Changed:
        def __getitem__(self, name: str):
            changed = tables.reports.assign(department=tables.reports["department"] + "\ue123\u202e")
            return changed if name == "reports" else tables[name]

    page = text_of(next(iter(call(write_department_pages, Changed()).values())))[0]
    assert "局〓" in page
    assert "“〓”代替字库没有的字（U+E123）。" in page.replace(" ", "")
    assert "\u202e" not in page


def test_a_report_without_region_stops_nothing(tables) -> None:
    class Changed:
        def __getitem__(self, name: str):
            return tables.reports.assign(region=None) if name == "reports" else tables[name]

    assert call(write_briefing, Changed())["briefing.pdf"]
    assert call(write_department_pages, Changed())


def test_names_of_departments_never_become_paths(tables) -> None:
    reports = tables.reports
    reports["department"] = "../../外面/#read(\"/etc/passwd\") *某局* $x$"

    class Changed:
        def __getitem__(self, name: str):
            return reports if name == "reports" else tables[name]

    pages = call(write_department_pages, Changed())
    for name, content in pages.items():
        assert ".." not in name
        assert name.count("/") == 1
        assert "#read(" in text_of(content)[0]
