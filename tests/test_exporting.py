"""Tables as CSV: Chinese opens right in a spreadsheet, and nothing in it is worked out as a formula."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import pipeline
from pipeline.errors import UsageError
from pipeline.exporting import column_labels, export_tables, guard
from pipeline.settings import Folders
from pipeline.tables import store
from pipeline.tables.schemas import TABLES


@pytest.mark.parametrize(("words", "written"), [
    ("=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")"),
    ("+1", "'+1"), ("-1+2", "'-1+2"), ("@SUM(A1)", "'@SUM(A1)"),
    ("＝1+1", "'＝1+1"),                 # Chinese versions take the full-width signs too
    (" \t=1", "' \t=1"),
    ("\r=1", "'\r=1"),
    ("依法行政=好", "依法行政=好"),
    ("80余条", "80余条"), ("", ""),
])
def test_words_never_become_a_formula(words: str, written: str) -> None:
    assert guard(words) == written


def rows_of(path: Path) -> list[list[str]]:
    with open(path, encoding="utf-8-sig", newline="") as handle:
        return list(csv.reader(handle))


def make(folder: Path) -> pipeline.api.TableSet:
    rows = [{"document_id": "d1", "sentence_no": 0, "section_no": None, "text": "=1+1，\n“80余条”"}]
    store.write_arrow(folder / "sentences.parquet", store.to_arrow("sentences", store.frame("sentences", rows)))
    return pipeline.load(folder)


def test_missing_is_empty_and_text_keeps_its_line_breaks(tmp_path: Path) -> None:
    written = export_tables(make(tmp_path / "表"), tmp_path / "导出 文件夹")
    (path,) = written
    assert written == {path: 1}
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    head, row = rows_of(path)
    assert dict(zip(head, row, strict=True)) == {
        "document_id": "d1", "sentence_no": "0", "section_no": "", "role": "", "start": "", "end": "", "text": "'=1+1，\n“80余条”"}


def test_headers_can_be_chinese(tmp_path: Path) -> None:
    (path,) = export_tables(make(tmp_path / "表"), tmp_path / "csv", ["sentences"], with_labels=True)
    assert rows_of(path)[0][:2] == ["文件编号", "句号"]


@pytest.mark.parametrize("name", [table.name for table in TABLES])
def test_no_two_columns_of_a_table_have_one_header(name: str) -> None:
    assert len(set(column_labels(name))) == len(column_labels(name))


def test_an_unknown_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有名为 quantity 的表；现有：sentences"):
        export_tables(make(tmp_path / "表"), tmp_path / "csv", ["quantity"])
    assert not (tmp_path / "csv").exists()


def test_every_table_of_a_run_can_be_written(demo_run: Folders, tmp_path: Path) -> None:
    tables = pipeline.load(demo_run.processed)
    written = export_tables(tables, tmp_path / "csv")
    assert [path.stem for path in written] == tables.names()
    values = rows_of(tmp_path / "csv" / "indicator_values.csv")
    assert len(values) == len(tables.indicator_values) + 1
    assert {row[2] for row in values[1:]} >= {"value", "not_disclosed"}
