"""Briefing and department pages as files: read back with an independent reader."""

from __future__ import annotations

import inspect
import io
from collections.abc import Callable

import pikepdf
import pypdfium2
import pytest

import pipeline
from pipeline.outputs.briefing import write_briefing
from pipeline.outputs.department_pages import write_department_pages
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
