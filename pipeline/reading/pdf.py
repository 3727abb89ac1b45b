"""Read pdf with a text layer through PDFium: lines with their places, which reflow.py makes into paragraphs.

Runs only in the reader process (worker.py): PDFium is not thread safe, and some hostile files make it abort.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from math import hypot
from typing import Any

import pypdfium2.raw as pdfium

from pipeline.errors import ReadingError
from pipeline.reading.grids import Box, find_grids
from pipeline.reading.layout import Line, Page, pages_without_text, split_by_rules, split_cells
from pipeline.reading.paragraphs import NUMBERED
from pipeline.reading.raw import RawDocument
from pipeline.reading.reflow import reflow
from pipeline.settings import Limits

Handle = Any

_REASONS = {
    pdfium.FPDF_ERR_PASSWORD: "打开需要密码；请用密码打开，去掉密码后另存再放入",
    pdfium.FPDF_ERR_SECURITY: "采用了不支持的加密方式；请打开后另存为不加密的 pdf 再放入",
}
_DAMAGED = "文件已损坏或不完整；请用 pdf 阅读器打开后另存或打印为 pdf，或重新下载"
_MOST_OBJECTS = 5000
# What may be the mark of a footnote: figures after anything but a letter or figure. They are one where they are printed small.
_MARK = re.compile(r"(?<![A-Za-z\d.])(?:\d+|[①-⑳]|[\[［]\d{1,2}[\]］])")
_LONGEST_MARK = 4
_SMALL = 0.8
# In points, the thickest rule above footnotes.
_THIN = 3.0
# Takes the place of a mark until the cells are cut, since boxes are found by position.
_GONE = "\ufdd0"


def read_pdf(content: bytes, limits: Limits) -> RawDocument:
    """Paragraphs and tables with their pages. Pages without a believable text layer are listed, not guessed."""
    document = RawDocument()
    with open_pdf(content) as pdf:
        document.pages = pdfium.FPDF_GetPageCount(pdf)
        if not document.pages:
            raise ReadingError(f"一页也读不出；{_DAMAGED}")
        if document.pages > limits.pages:
            raise ReadingError(f"有 {document.pages} 页，超过上限 {limits.pages} 页；请拆分后再放入")
        pages = []
        for number in range(1, document.pages + 1):
            with load_page(pdf, number) as handle:
                # The text is drawn upright whatever /Rotate says; turned coordinates would make columns of lines.
                pdfium.FPDFPage_SetRotation(handle, 0)
                pages.append(_read_page(handle, number))
    document.pages_without_text = pages_without_text(pages)
    if document.pages_without_text:
        document.layout = pages
    else:
        document.pieces = reflow(pages)
    return document


@contextmanager
def open_pdf(content: bytes) -> Iterator[Handle]:
    """The document in some bytes; ReadingError where it is damaged or locked."""
    pdfium.FPDF_InitLibrary()
    pdf = pdfium.FPDF_LoadMemDocument64(content, len(content), None)
    if not pdf:
        raise ReadingError(_REASONS.get(pdfium.FPDF_GetLastError(), _DAMAGED))
    try:
        yield pdf
    finally:
        pdfium.FPDF_CloseDocument(pdf)


@contextmanager
def load_page(pdf: Handle, number: int) -> Iterator[Handle]:
    """Page `number`, from 1."""
    page = pdfium.FPDF_LoadPage(pdf, number - 1)
    if not page:
        raise ReadingError(f"第 {number} 页读不出；{_DAMAGED}")
    try:
        yield page
    finally:
        pdfium.FPDF_ClosePage(page)


def _read_page(handle: Handle, number: int) -> Page:
    page = Page(number, pdfium.FPDF_GetPageWidthF(handle), pdfium.FPDF_GetPageHeightF(handle))
    _read_drawings(handle, page)
    text_page = pdfium.FPDFText_LoadPage(handle)
    if not text_page:
        return page
    try:
        boxes = _Boxes(text_page)
        for start, text in _raw_lines(text_page):
            if line := _line(boxes, start, text, page):
                page.lines.append(line)
    finally:
        pdfium.FPDFText_ClosePage(text_page)
    return page


def _raw_lines(text_page: Handle) -> Iterator[tuple[int, str]]:
    """Lines as PDFium breaks them, with the index of their first character."""
    count = pdfium.FPDFText_CountChars(text_page)
    if count <= 0:
        return
    buffer = (ctypes.c_ushort * (2 * count + 2))()
    written = pdfium.FPDFText_GetText(text_page, 0, count, buffer)
    text = bytes(buffer)[:max(written - 1, 0) * 2].decode("utf-16-le", "surrogatepass")
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if len(text) != count:
        # Some characters were left out of the text, so positions would shift: take them one by one.
        text = "".join(_character(pdfium.FPDFText_GetUnicode(text_page, place)) for place in range(count))
    start = 0
    for line in text.replace("\r\n", "\n\n").replace("\r", "\n").split("\n"):
        if line.strip():
            yield start, line
        start += len(line) + 1


def _character(code: int) -> str:
    return chr(code) if code and not 0xD800 <= code <= 0xDFFF and code < 0x110000 else "\ufffd"


class _Boxes:
    """Boxes of characters by index, as far as they are asked for: each costs a call into PDFium."""

    def __init__(self, text_page: Handle) -> None:
        self._page = text_page
        self._box = pdfium.FS_RECTF()
        self._matrix = pdfium.FS_MATRIX()

    def box(self, place: int) -> tuple[float, float, float, float]:
        """(left, right, top, bottom) with y upwards; all 0 for characters that PDFium made up."""
        if not pdfium.FPDFText_GetLooseCharBox(self._page, place, self._box):
            return 0.0, 0.0, 0.0, 0.0
        return self._box.left, self._box.right, self._box.top, self._box.bottom

    def size(self, place: int) -> float:
        """The printed font size: many writers set size 1 and scale by the text matrix."""
        size = float(pdfium.FPDFText_GetFontSize(self._page, place))
        if pdfium.FPDFText_GetMatrix(self._page, place, self._matrix):
            size *= hypot(self._matrix.c, self._matrix.d)
        return size


def _line(boxes: _Boxes, start: int, text: str, page: Page) -> Line | None:
    start += len(text) - len(text.lstrip())
    text = _without_marks(boxes, start, text.strip())
    first = len(text) - len(text.lstrip(_GONE + " "))
    if first == len(text):
        return None
    _, _, top, bottom = boxes.box(start + first)
    # An automatic number has the size of the paragraph mark, which nobody sees and often is another.
    label = NUMBERED.match(text)
    letter = label.end() if label and label.end() < len(text) and text[label.end()] != " " else first
    size = boxes.size(start + letter) or abs(top - bottom) or 1.0
    if letter != first:
        _, _, top, bottom = boxes.box(start + letter)

    def span(place: int) -> tuple[float, float]:
        left, right, _, _ = boxes.box(start + place)
        return left, right

    table_row = page.table_row_at(span(0)[0], page.height - (top + bottom) / 2)
    if table_row is None:
        cells = split_cells(text, span, size)
    else:
        cells = split_by_rules(text, span, page.grids[table_row[0]])
    for cell in cells:
        cell.text = cell.text.replace(_GONE, "").strip()
    return Line(cells, page.height - top, page.height - bottom, size, page.number, table_row=table_row, is_note=first > 0)


def _without_marks(boxes: _Boxes, start: int, text: str) -> str:
    """The line with its footnote marks blotted out: numbers that are printed smaller than the letter beside them."""
    for mark in _MARK.finditer(text):
        start_of_mark, end = mark.start(), mark.end()
        beside = start_of_mark - 1
        while beside > 0 and text[beside] == " ":
            beside -= 1
        if beside < 0:
            beside = next((place for place in range(end, len(text)) if text[place] != " "), start_of_mark)
        size = boxes.size(start + beside)
        # The figures of a mark may stand right before those of a number.
        end = next((place for place in range(start_of_mark, end) if boxes.size(start + place) >= _SMALL * size), end)
        if 0 < end - start_of_mark <= _LONGEST_MARK:
            text = text[:start_of_mark] + _GONE * (end - start_of_mark) + text[end:]
    return text


def _read_drawings(handle: Handle, page: Page) -> None:
    """Tables drawn on the page, its number of outlines and its largest picture."""
    boxes: list[Box] = []
    for place in range(min(pdfium.FPDFPage_CountObjects(handle), _MOST_OBJECTS)):
        item = pdfium.FPDFPage_GetObject(handle, place)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            continue
        left, bottom, right, top = _bounds(item)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            page.outlines += 1
            boxes.append((left, page.height - top, right, page.height - bottom))
            if abs(top - bottom) < _THIN:
                page.rules.append((left, page.height - top, right))
        elif kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            page.picture_area = max(page.picture_area, abs(right - left) * abs(top - bottom))
    page.grids = find_grids(boxes)


def _bounds(item: Handle) -> tuple[float, float, float, float]:
    sides = tuple(ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(item, *sides)
    left, bottom, right, top = (side.value for side in sides)
    return left, bottom, right, top
