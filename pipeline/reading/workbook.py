"""One sheet of an xlsx workbook as rows of cells, without trusting the file. Formulas are told, never worked out.

What belongs here: the format. What the sheet means stands with who asks for it.
"""

from __future__ import annotations

import math
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from pipeline.errors import ReadingError
from pipeline.reading.archive import Package
from pipeline.settings import LIMITS, Limits

Element = etree._Element

MOST_ROWS, MOST_CELLS = 200_000, 2_000_000
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
# Number formats that every program knows by number.
_PERCENT_FORMATS = frozenset({9, 10})
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
# yyyy"年"m"月" is a date, 0.00"亩" is not; [红色] and \d say nothing.
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_DATE_SIGNS = re.compile("[ymdhs]", re.IGNORECASE)


@dataclass(frozen=True)
class Cell:
    """A filled cell. A percentage is stored as a share (95% as 0.95) and a date as a number of days."""

    value: str | float
    is_percent: bool = False
    is_date: bool = False
    is_formula: bool = False


@dataclass(frozen=True)
class Row:
    """Filled cells by column, from 0. `number` is what the program shows at the left."""

    number: int
    cells: dict[int, Cell]


def has_sheet(path: Path, name: str, limits: Limits = LIMITS) -> bool:
    """Whether the workbook has a sheet called `name`; no sheet is read. ReadingError where it is no workbook."""
    return _part_of(_open(path, limits), name) is not None


def read_sheet(path: Path, name: str, limits: Limits = LIMITS) -> list[Row] | None:
    """Rows with something in them of the sheet called `name`; None where the workbook has no such sheet.

    ReadingError where the file is not a workbook that can be read.
    """
    package = _open(path, limits)
    part = _part_of(package, name)
    if part is None:
        return None
    strings = [_text_of(item) for item in _named(package.xml("xl/sharedStrings.xml"), "si")] \
        if "xl/sharedStrings.xml" in package else []
    formats = _formats(package)
    return list(_rows(package.xml(part), strings, formats))


def _open(path: Path, limits: Limits) -> Package:
    try:
        size = path.stat().st_size
        if size > limits.file_bytes:
            raise ReadingError(f"文件有 {size // 2**20} MB，超过上限 {limits.file_bytes // 2**20} MB")
        package = Package(path.read_bytes(), limits)
    except OSError as error:
        raise ReadingError(f"打不开（{error.strerror}）") from error
    if "xl/workbook.xml" not in package:
        raise ReadingError("不是 xlsx 工作簿；请在 Excel 或 WPS 中另存为 .xlsx")
    return package


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _named(parent: Element, name: str) -> Iterator[Element]:
    return (child for child in parent if _local(child) == name)


def _part_of(package: Package, name: str) -> str | None:
    """The part that holds a sheet, by way of the relations of the workbook."""
    for sheets in _named(package.xml("xl/workbook.xml"), "sheets"):
        for sheet in _named(sheets, "sheet"):
            if sheet.get("name") == name:
                wanted = sheet.get(_RELATION) or sheet.get(_STRICT_RELATION)
                for relation in package.xml("xl/_rels/workbook.xml.rels"):
                    if relation.get("Id") == wanted:
                        return posixpath.normpath(posixpath.join("/xl", relation.get("Target") or "")).lstrip("/")
    return None


def _text_of(item: Element) -> str:
    """The words of a string; its pronunciation hints (rPh) are not part of it."""
    pieces = []
    for child in item:
        if _local(child) == "t":
            pieces.append(child.text or "")
        elif _local(child) == "r":
            pieces.extend(text.text or "" for text in _named(child, "t"))
    return "".join(pieces)


def _formats(package: Package) -> list[tuple[bool, bool]]:
    """(is percent, is date) of each cell style."""
    if "xl/styles.xml" not in package:
        return []
    styles = package.xml("xl/styles.xml")
    own: dict[int, str] = {}
    for formats in _named(styles, "numFmts"):
        for item in _named(formats, "numFmt"):
            own[_whole(item.get("numFmtId"))] = _QUOTED.sub("", item.get("formatCode") or "")
    found = []
    for group in _named(styles, "cellXfs"):
        for style in _named(group, "xf"):
            number = _whole(style.get("numFmtId"))
            code = own.get(number, "")
            found.append((number in _PERCENT_FORMATS or "%" in code,
                          number in _DATE_FORMATS or (number in own and bool(_DATE_SIGNS.search(code)))))
    return found


def _rows(sheet: Element, strings: list[str], formats: list[tuple[bool, bool]]) -> Iterator[Row]:
    n_cells = 0
    number = 0
    for data in _named(sheet, "sheetData"):
        for row in _named(data, "row"):
            number = _whole(row.get("r")) or number + 1
            cells: dict[int, Cell] = {}
            column = -1
            for cell in _named(row, "c"):
                column = _column_of(cell.get("r"), column + 1)
                found = _cell(cell, strings, formats)
                if found is not None:
                    cells[column] = found
                    n_cells += 1
            if number > MOST_ROWS or n_cells > MOST_CELLS:
                raise ReadingError(f"工作表超过 {MOST_ROWS} 行或 {MOST_CELLS} 格；请只留需要的行")
            if cells:
                yield Row(number, cells)


def _column_of(reference: str | None, otherwise: int) -> int:
    """A1 → 0, AB12 → 27; a cell may leave its place out and then follows the one before."""
    letters = re.match("[A-Z]{1,3}", reference or "")
    if letters is None:
        return otherwise
    column = 0
    for letter in letters.group():
        column = 26 * column + ord(letter) - 64
    return column - 1


def _cell(cell: Element, strings: list[str], formats: list[tuple[bool, bool]]) -> Cell | None:
    kind = cell.get("t") or "n"
    parts = {_local(child): child for child in cell}
    is_formula = "f" in parts
    if kind == "inlineStr":
        value: str | float = _text_of(parts["is"]) if "is" in parts else ""
    else:
        written = (parts["v"].text or "") if "v" in parts else ""
        if kind == "s":
            at = _whole(written) if written.isdigit() else -1
            value = strings[at] if 0 <= at < len(strings) else ""
        elif kind == "b":
            value = {"1": "TRUE", "0": "FALSE"}.get(written, "")
        elif kind == "n" and written:
            value = _number(written)
        else:
            value = written
    if value == "" and not is_formula:
        return None
    style = _whole(cell.get("s"))
    is_percent, is_date = formats[style] if style < len(formats) else (False, False)
    is_number = isinstance(value, float)
    return Cell(value, is_percent and is_number, (is_date and is_number) or kind == "d", is_formula)


def _number(written: str) -> str | float:
    try:
        number = float(written)
    except ValueError:
        return written
    return number if math.isfinite(number) else written


def _whole(written: str | None) -> int:
    return int(written) if written and written.isascii() and written.isdigit() else 0
