"""Read binary Word files (doc, and wps, which is the same format with additions).

The text lies in pieces; deleted and hidden runs, tables and list numbers come from its properties. Word 6 and 95
have no pieces: their text is read as plain text in an unknown encoding.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import olefile

from pipeline.errors import ReadingError
from pipeline.reading.doc_numbering import Lists, read_lists
from pipeline.reading.doc_properties import Character, Paragraph, read_characters, read_paragraphs
from pipeline.reading.encoding import decode
from pipeline.reading.numbering import with_label
from pipeline.reading.raw import FOOTNOTE, Piece, RawDocument, add_table
from pipeline.settings import Limits

_WORD_97, _WORD_95 = 0xA5EC, 0xA5DC
_ENCRYPTED, _WHICH_TABLE, _OBFUSCATED = 0x0100, 0x0200, 0x8000
# Places of (offset, size) pairs in the file information block, by their number.
_STYLES, _CHARACTERS, _PARAGRAPHS, _PIECES, _LISTS, _OVERRIDES = 1, 12, 13, 33, 73, 74
_DAMAGED = "文件已损坏或不完整；请用 Word 或 WPS 打开后另存为 docx，或重新下载"
_MARK, _CELL, _ANCHOR = "\r", "\x07", "\x08"
_CONTROL = {"\x0b": "\n", "\x0c": "\n", "\x0e": "\n", "\x1e": "-", "\xa0": " ", "\t": "\t"}
_FIELD_BEGIN, _FIELD_RESULT, _FIELD_END = "\x13", "\x14", "\x15"


def read_doc(content: bytes, limits: Limits) -> RawDocument:
    """Body, text boxes where the first is anchored, tables, foot- and endnotes last. ReadingError for encrypted files."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as ole:
            streams = {"/".join(entry).lower(): entry for entry in ole.listdir()}
            main = _stream(ole, streams, "worddocument")
            ident, flags = struct.unpack_from("<H", main)[0], struct.unpack_from("<H", main, 0x0A)[0]
            if flags & _ENCRYPTED:
                raise ReadingError("文件已加密；请用密码打开，取消密码后重新保存")
            if ident == _WORD_95:
                return _read_old(main)
            if ident != _WORD_97:
                raise ReadingError(f"不是可识别的 Word 正文；{_DAMAGED}")
            table = _stream(ole, streams, "1table" if flags & _WHICH_TABLE else "0table")
        reader = _Body(main, table)
        return RawDocument(pieces=reader.pieces(), n_numbered=reader.n_numbered)
    except (struct.error, IndexError, KeyError, OSError, ValueError, TypeError, AttributeError) as error:
        raise ReadingError(_DAMAGED) from error


def _stream(ole: olefile.OleFileIO, streams: dict[str, list[str]], name: str) -> bytes:
    if name not in streams:
        raise ReadingError(f"缺少数据流 {name}；{_DAMAGED}")
    data: bytes = ole.openstream(streams[name]).read()
    return data


def _read_old(main: bytes) -> RawDocument:
    start, end = struct.unpack_from("<II", main, 0x18)
    decoded = decode(main[start:end])
    text = decoded.text.replace(_CELL, "\t")
    document = RawDocument(encoding=decoded.encoding)
    document.pieces = [Piece(line) for part in text.split(_MARK) for line in part.replace("\x0b", "\n").split("\n")]
    document.notes.append(("全文", "是 Word 6/95 的旧格式，自动编号与修订痕迹读不出；请用 Word 打开后另存为 docx 更为可靠"))
    return document


@dataclass
class _Text:
    """One printed paragraph or cell text, and the properties of its mark."""

    text: str
    mark: str
    properties: Paragraph
    anchors: int = 0


@dataclass
class _Body:
    """The streams of a file, and the pieces of its text."""

    main: bytes
    table: bytes
    spans: list[tuple[int, int, int, bool]] = field(default_factory=list)
    lists: Lists = field(default_factory=Lists)
    n_numbered: int = 0

    def pieces(self) -> list[Piece]:
        counts = struct.unpack_from("<8i", self.main, 0x4C)
        body, notes, heads, macros, comments, endnotes, boxes = counts[:7]
        self._read_spans()
        self.characters = read_characters(self.main, self._part(_CHARACTERS))
        self.paragraphs = read_paragraphs(self.main, self._part(_PARAGRAPHS))
        self.lists = read_lists(self.table, self._place(_LISTS), self._place(_OVERRIDES), self._place(_STYLES))
        boxes_start = body + notes + heads + macros + comments + endnotes
        in_boxes = [Piece(line) for text in self._texts(boxes_start, boxes_start + boxes)
                    for line in self._labelled(text).split("\n") if line.strip()]
        pieces = self._assembled(list(self._texts(0, body)), in_boxes)
        endnotes_start = body + notes + heads + macros + comments
        for start, size in ((body, notes), (endnotes_start, endnotes)):
            pieces.extend(Piece(text.text, FOOTNOTE) for text in self._texts(start, start + size) if text.text.strip())
        return pieces

    def _place(self, number: int) -> tuple[int, int]:
        offset, size = struct.unpack_from("<II", self.main, 0x9A + 8 * number)
        return offset, size

    def _part(self, number: int) -> bytes:
        offset, size = self._place(number)
        return self.table[offset:offset + size]

    def _read_spans(self) -> None:
        """The pieces: (first character, end, file offset, whether one byte a character)."""
        part = self._part(_PIECES)
        place = 0
        while place < len(part) and part[place] == 1:
            place += 3 + struct.unpack_from("<H", part, place + 1)[0]
        if place >= len(part) or part[place] != 2:
            raise ReadingError(f"找不到正文；{_DAMAGED}")
        size = struct.unpack_from("<I", part, place + 1)[0]
        count = (size - 4) // 12
        ends = struct.unpack_from(f"<{count + 1}i", part, place + 5)
        for number in range(count):
            offset = struct.unpack_from("<I", part, place + 5 + 4 * (count + 1) + 8 * number + 2)[0]
            is_narrow = bool(offset & 0x40000000)
            offset &= 0x3FFFFFFF
            self.spans.append((ends[number], ends[number + 1], offset // 2 if is_narrow else offset, is_narrow))

    def _runs(self, start: int, end: int) -> Iterator[tuple[str, int, int, Character]]:
        """(text, its file offset, bytes a character, properties) in order of the document."""
        for first, last, offset, is_narrow in self.spans:
            low, high = max(first, start), min(last, end)
            if low >= high:
                continue
            width = 1 if is_narrow else 2
            place, stop = offset + (low - first) * width, offset + (high - first) * width
            while place < stop:
                change = self.characters.next_change(place)
                until = stop if change is None or change >= stop else max(change, place + width)
                data = self.main[place:until]
                if not data:
                    raise ReadingError(f"正文不完整；{_DAMAGED}")
                text = data.decode("cp1252", "replace") if is_narrow else data.decode("utf-16-le", "replace")
                found = self.characters.at(place)
                yield text, place, width, found or Character()
                place = until

    def _texts(self, start: int, end: int) -> Iterator[_Text]:
        """Paragraphs and cells of a stretch; a deleted paragraph mark joins two paragraphs."""
        parts: list[str] = []
        anchors = 0
        # For every open field, whether its result has begun: the instruction before it is not printed.
        fields: list[bool] = []
        for text, offset, width, properties in self._runs(start, end):
            for number, character in enumerate(text):
                if character == _FIELD_BEGIN:
                    fields.append(False)
                elif character == _FIELD_RESULT and fields:
                    fields[-1] = True
                elif character == _FIELD_END and fields:
                    fields.pop()
                elif properties.is_removed or not all(fields):
                    continue
                elif character in (_MARK, _CELL):
                    found = self.paragraphs.at(offset + number * width) or Paragraph()
                    yield _Text("".join(parts), character, found, anchors)
                    parts, anchors = [], 0
                elif character == _ANCHOR:
                    anchors += 1
                elif character == "(" and properties.symbol:
                    parts.append(properties.symbol)
                elif character >= " " or character in _CONTROL:
                    parts.append(_CONTROL.get(character, character))
        if "".join(parts).strip():
            yield _Text("".join(parts), _MARK, Paragraph(), anchors)

    def _labelled(self, text: _Text) -> str:
        label = self.lists.label(text.properties)
        if not text.text.strip():
            return text.text
        self.n_numbered += bool(label)
        return with_label(label, text.text)

    def _assembled(self, texts: list[_Text], in_boxes: list[Piece]) -> list[Piece]:
        pieces: list[Piece] = []
        rows: list[list[str]] = []
        row: list[str] = []
        cell: list[str] = []
        table_no = 0
        for text in texts:
            if in_boxes and text.anchors:
                pieces.extend(in_boxes)
                in_boxes = []
            if text.properties.in_table:
                if text.properties.is_row_end:
                    rows.append(row)
                    row, cell = [], []
                    continue
                cell.append(self._labelled(text))
                if text.mark == _CELL:
                    row.append("\n".join(cell))
                    cell = []
                continue
            if rows:
                table_no += add_table(pieces, rows, table_no + 1)
                rows = []
            pieces.extend(Piece(line) for line in self._labelled(text).split("\n"))
        if rows:
            add_table(pieces, rows, table_no + 1)
        return pieces + in_boxes
