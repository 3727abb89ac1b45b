"""Read plain text: lines with their indents and empty lines, which paragraphs.py needs to join what was wrapped."""

from __future__ import annotations

import re

from pipeline.errors import ReadingError
from pipeline.reading.encoding import Decoded, decode
from pipeline.reading.raw import TABLE_ROW, Piece, RawDocument
from pipeline.settings import Limits

_LINE_END = re.compile("\r\n|[\r\n\x0b\x85\u2028\u2029]")
_CELL_END = re.compile(r"\t+| *[│┃|｜] *")
_HAS_CELLS = re.compile(r"[\t│┃|｜]")
# Prose that breaks off; a signature, date or list of names at the end has no comma.
_UNFINISHED = re.compile(r"(?=.*[，。；]).{24,}[\u4e00-\u9fff，、\d]$")
_FRAME = re.compile(r"^[\s─━┄┈—\-+|│┃┌┐└┘├┤┬┴┼]*$")


def read_text(content: bytes, limits: Limits) -> RawDocument:
    """Lines of a text file. Two or more lines with the same number of tab-separated cells are a table."""
    decoded = decode(content)
    if len(decoded.text) > limits.text_chars:
        raise ReadingError(f"文字超过 {limits.text_chars} 字，不像一份报告；请拆分后再放入")
    document = RawDocument(encoding=decoded.encoding, notes=describe_damage(decoded))
    # A form feed is the page break of plain text: an empty line that may stand in mid-sentence.
    lines = _LINE_END.split(decoded.text.replace("\f", "\n\n"))
    document.pieces = _with_tables(lines) if _HAS_CELLS.search(decoded.text) else [Piece(line) for line in lines]
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    if _UNFINISHED.match(last):
        document.notes.append(("文末", f"最后一句没有写完（“……{last[-12:]}”），文件可能被截断；请核对原文是否完整"))
    return document


def describe_damage(decoded: Decoded) -> list[tuple[str, str]]:
    """Notes about bytes that could not be decoded and about a cut end."""
    notes = []
    if decoded.damaged:
        notes.append(("全文", f"有 {decoded.damaged} 处字节按 {decoded.encoding} 无法识别，以“\ufffd”代替；请核对原文"))
    if decoded.is_cut:
        notes.append(("文末", "最后一个字符不完整，文件可能被截断；请核对原文是否完整"))
    return notes


def _with_tables(lines: list[str]) -> list[Piece]:
    pieces: list[Piece] = []
    table_no = 0
    start = 0
    while start < len(lines):
        rows, end = _table_at(lines, start) if _HAS_CELLS.search(lines[start]) else ([], start + 1)
        if rows:
            table_no += 1
            pieces.extend(Piece("\t".join(row), TABLE_ROW, cells=row, table_no=table_no) for row in rows)
        else:
            pieces.append(Piece(lines[start].replace("\t", "　")))
            end = start + 1
        start = end
    return pieces


def _table_at(lines: list[str], start: int) -> tuple[list[tuple[str, ...]], int]:
    """The rows of a table that starts at this line, and the line after it; no rows where none starts."""
    rows: list[tuple[str, ...]] = []
    width = 0
    position = start
    while position < len(lines):
        line = lines[position]
        if rows and line.strip() and _FRAME.match(line):
            position += 1
            continue
        cells = tuple(cell.strip() for cell in _CELL_END.split(line.strip().strip("│┃|｜")))
        # Indents are tabs too, so one cell is no row; long cells are prose with a stray separator.
        if len(cells) < 2 or (width and len(cells) != width) or max(map(len, cells)) > 60:
            break
        width = len(cells)
        rows.append(cells)
        position += 1
    return (rows, position) if len(rows) >= 2 else ([], start + 1)
