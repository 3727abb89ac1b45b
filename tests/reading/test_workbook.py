"""A sheet of a workbook: what Excel, WPS and LibreOffice write, and what must be refused."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.errors import ReadingError
from pipeline.reading.workbook import Cell, has_sheet, read_sheet
from pipeline.settings import Limits


def save(folder: Path, rows: list[list[Any]], **formats: str) -> Path:
    """A workbook with a sheet 复核; `formats` are number formats by cell."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "复核"
    for row in rows:
        sheet.append(row)
    for place, code in formats.items():
        sheet[place].number_format = code
    path = folder / "表.xlsx"
    book.save(path)
    return path


def package(folder: Path, **parts: str) -> Path:
    """A workbook by hand: sheet1 with the given XML of sheetData; further parts by name."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    files = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relation}"><sheets><sheet name="复核" sheetId="1" r:id="r1"/>'
                           "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                                      '<Relationship Id="r1" Target="/xl/worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{parts.pop("data", "")}</sheetData></worksheet>',
        **{name.replace("__", "/") + ".xml": text for name, text in parts.items()}}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    path = folder / "表.xlsx"
    path.write_bytes(buffer.getvalue())
    return path


def cells(path: Path) -> dict[tuple[int, int], Cell]:
    rows = read_sheet(path, "复核")
    assert rows is not None
    return {(row.number, column): cell for row in rows for column, cell in row.cells.items()}


def test_text_and_numbers_stand_where_they_stood(tmp_path: Path) -> None:
    assert cells(save(tmp_path, [["应为", None, "理由"], [], [80, 3.5, "80余"]])) == {
        (1, 0): Cell("应为"), (1, 2): Cell("理由"), (3, 0): Cell(80.0), (3, 1): Cell(3.5), (3, 2): Cell("80余")}


def test_percentages_and_dates_are_told_by_their_format(tmp_path: Path) -> None:
    found = cells(save(tmp_path, [[0.95, date(2024, 3, 5), 12, 7, 7]], A1="0%", C1='0.00"亩"', D1='yyyy"年"m"月"', E1="[红色]0"))
    assert [(cell.is_percent, cell.is_date) for cell in found.values()] == [
        (True, False), (False, True), (False, False), (False, True), (False, False)]


def test_a_formula_is_told_and_not_worked_out(tmp_path: Path) -> None:
    assert cells(save(tmp_path, [["=1+1"]]))[1, 0].is_formula


def test_rich_text_is_joined_without_its_pronunciation(tmp_path: Path) -> None:
    path = package(tmp_path, data='<row><c t="s"><v>0</v></c><c t="inlineStr"><is><t>内</t></is></c><c t="s"><v>9</v></c></row>',
                   xl__sharedStrings="<sst><si><r><t>更</t></r><r><t>正</t></r><rPh><t>geng</t></rPh></si></sst>")
    assert cells(path) == {(1, 0): Cell("更正"), (1, 1): Cell("内")}


@pytest.mark.parametrize("data", [
    '<row r="x"><c r="1" s="y"><v>nan</v></c></row>',
    '<row r="-3"><c s="99"><v>1e999</v></c></row>',
    '<row><c t="s"><v>²</v></c></row>',
    '<row><c t="zz"/></row>',
])
def test_nonsense_in_a_cell_is_text_or_nothing(tmp_path: Path, data: str) -> None:
    assert all(isinstance(cell.value, str) for cell in cells(package(tmp_path, data=data)).values())


def test_a_workbook_without_the_sheet_gives_none(tmp_path: Path) -> None:
    path = save(tmp_path, [])
    assert read_sheet(path, "待复核") is None
    assert has_sheet(path, "复核")
    assert not has_sheet(path, "待复核")


@pytest.mark.parametrize(("parts", "words"), [
    ({"xl__sharedStrings": '<!DOCTYPE x [<!ENTITY a "b">]><sst/>'}, "DTD"),
    ({"data": "<row>"}, "XML 有误"),
    ({"data": '<row r="200001"><c><v>1</v></c></row>'}, "超过 200000 行"),
])
def test_hostile_and_broken_parts_are_refused(tmp_path: Path, parts: dict[str, str], words: str) -> None:
    with pytest.raises(ReadingError, match=words):
        read_sheet(package(tmp_path, **parts), "复核")


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_text("不是压缩包")
    with pytest.raises(ReadingError):
        read_sheet(path, "复核")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(ReadingError, match="不是 xlsx"):
        read_sheet(path, "复核")
    with pytest.raises(ReadingError, match="超过上限"):
        read_sheet(path, "复核", Limits(file_bytes=10))
    with pytest.raises(ReadingError, match="打不开"):
        has_sheet(tmp_path / "没有.xlsx", "复核")
