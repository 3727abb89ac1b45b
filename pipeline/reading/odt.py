"""Read OpenDocument text, packed (odt) or as one XML file (fodt): body in order, list numbers, tables, notes last."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipeline.errors import ReadingError
from pipeline.reading.archive import Package, parse_xml
from pipeline.reading.numbering import Level, ListCounter, with_label
from pipeline.reading.raw import FOOTNOTE, Piece, RawDocument, add_table
from pipeline.settings import Limits

Element = Any

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_MANIFEST = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_REMOVED = frozenset({
    f"{_TEXT}tracked-changes", f"{_TEXT}sequence-decls", f"{_TEXT}table-of-content", f"{_TEXT}ruby-text",
    f"{_TEXT}note-citation", f"{_TEXT}bibliography-mark", f"{_OFFICE}annotation", f"{_OFFICE}forms", f"{_TEXT}hidden-text",
    "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}title",
    "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}desc"})
_FORMATS = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "": "none",
    "一, 二, 三, ...": "chineseCounting", "壹, 贰, 叁, ...": "chineseLegalSimplified",
    "①, ②, ③, ...": "decimalEnclosedCircle", "甲, 乙, 丙, ...": "ideographTraditional",
    "子, 丑, 寅, ...": "ideographZodiac"}
_SPACE = re.compile(r"[ \t\r\n]+")
_DEEPEST = 200


def read_odt(content: bytes, limits: Limits) -> RawDocument:
    """Text of an odt package. ReadingError where it is encrypted or damaged."""
    package = Package(content, limits)
    if "META-INF/manifest.xml" in package:
        manifest = package.xml("META-INF/manifest.xml")
        if next(manifest.iter(f"{_MANIFEST}encryption-data"), None) is not None:
            raise ReadingError("文件已加密；请用密码打开，取消密码后重新保存")
    roots = [package.xml("content.xml")]
    if "styles.xml" in package:
        roots.append(package.xml("styles.xml"))
    return _read(roots)


def read_fodt(content: bytes, limits: Limits) -> RawDocument:
    """Text of a flat OpenDocument file."""
    if len(content) > limits.archive_part_bytes:
        raise ReadingError(f"文件超过 {limits.archive_part_bytes // 2**20} MB；请另存为 docx 后再放入")
    return _read([parse_xml(content, "fodt")])


def _read(roots: list[Element]) -> RawDocument:
    body = roots[0].find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise ReadingError("文件里没有 OpenDocument 正文；请用 WPS 或 LibreOffice 打开后另存为 docx")
    walker = _Walker(roots)
    walker.read_blocks(body, 0)
    return RawDocument(pieces=[*walker.pieces, *walker.notes], n_numbered=walker.n_numbered)


class _Walker:
    def __init__(self, roots: list[Element]) -> None:
        self.pieces: list[Piece] = []
        self.notes: list[Piece] = []
        self._levels: dict[str, list[Level]] = {}
        self._outline: list[Level] = []
        self._hidden: set[str] = set()
        self._list_of_style: dict[str, str] = {}
        for root in roots:
            self._read_styles(root)
        self._counter = ListCounter()
        self._lists = 0
        self._key_of_list: dict[str, str] = {}
        self._last_key: dict[str, str] = {}
        self._table_no = 0
        self._depth = 0
        # Deletions are listed ahead; some writers leave their text in its place, between two marks.
        ends = {mark.get(f"{_TEXT}change-id") for mark in roots[0].iter(f"{_TEXT}change-end")}
        self._deletions = ends & {change.get(f"{_TEXT}id") or change.get(_XML_ID) for change in roots[0].iter(f"{_TEXT}changed-region")
                                  if change.find(f"{_TEXT}deletion") is not None}
        self._deleting: set[str | None] = set()
        # Text of a paragraph whose end was deleted: it goes on in the next one.
        self._carried = ""
        self.n_numbered = 0

    def _read_styles(self, root: Element) -> None:
        for style in root.iter(f"{_TEXT}list-style", f"{_TEXT}outline-style"):
            levels = [_level(entry) for entry in style if entry.get(f"{_TEXT}level")]
            if style.tag == f"{_TEXT}outline-style":
                self._outline = levels
            else:
                self._levels[style.get(f"{_STYLE}name") or ""] = levels
        for style in root.iter(f"{_STYLE}style"):
            name = style.get(f"{_STYLE}name") or ""
            properties = style.find(f"{_STYLE}text-properties")
            if properties is not None and properties.get(f"{_TEXT}display") == "none":
                self._hidden.add(name)
            if list_style := style.get(f"{_STYLE}list-style-name"):
                self._list_of_style[name] = list_style

    def read_blocks(self, container: Element, level: int, list_key: str = "", style: str = "", label: str = "") -> None:
        """Blocks of a body, list item, cell or box; `label` is the number of the first paragraph of an item."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ReadingError(f"嵌套超过 {_DEEPEST} 层；疑似恶意文件，未读取")
        for child in container:
            tag = child.tag
            if not isinstance(tag, str) or tag in _REMOVED:
                continue
            if tag in (f"{_TEXT}p", f"{_TEXT}h"):
                self._add_paragraph(child, label)
                label = ""
            elif tag == f"{_TEXT}list":
                self._read_list(child, level, list_key, style)
            elif tag == f"{_TABLE}table":
                self._table_no += add_table(self.pieces, list(self._rows(child)), self._table_no + 1)
            else:
                self.read_blocks(child, level, list_key, style)
        self._depth -= 1

    def _read_list(self, element: Element, level: int, key: str, style: str) -> None:
        style = element.get(f"{_TEXT}style-name") or style
        if level == 0:
            key = self._key(element, style)
        levels = self._levels.get(style, [])
        for item in element:
            if item.tag == f"{_TEXT}list-header":
                self.read_blocks(item, level + 1, key, style)
            elif item.tag == f"{_TEXT}list-item":
                start = item.get(f"{_TEXT}start-value")
                if start is not None and start.isdigit():
                    self._counter.restart(key, level, int(start))
                # An item that begins with a list of its own shows no number of this level.
                has_text = len(item) > 0 and item[0].tag in (f"{_TEXT}p", f"{_TEXT}h")
                label = self._counter.label(key, level, levels) if has_text else ""
                self.read_blocks(item, level + 1, key, style, label)

    def _key(self, element: Element, style: str) -> str:
        """Which count the list goes on with: the last of its style, the one it names, or a new one."""
        continued = element.get(f"{_TEXT}continue-list")
        if element.get(f"{_TEXT}continue-numbering") == "true" and style in self._last_key:
            key = self._last_key[style]
        elif continued in self._key_of_list:
            key = self._key_of_list[continued]
        else:
            self._lists += 1
            key = str(self._lists)
        self._last_key[style] = key
        if identifier := element.get(_XML_ID):
            self._key_of_list[identifier] = key
        return key

    def _add_paragraph(self, element: Element, label: str) -> None:
        parts: list[str] = []
        self._collect(element, parts)
        text, self._carried = self._carried + "".join(parts), ""
        if self._deleting:
            self._carried = text
            return
        outline = element.get(f"{_TEXT}outline-level") if element.tag == f"{_TEXT}h" else None
        if not label and outline and outline.isdigit() and text.strip():
            label = self._counter.label("outline", int(outline) - 1, self._outline)
        self.n_numbered += bool(label and text.strip())
        for line in with_label(label, text).split("\n") if text.strip() else [text]:
            self.pieces.append(Piece(line))

    def _collect(self, element: Element, parts: list[str]) -> None:
        """Text of a paragraph; boxes on the way become pieces before it, notes go to the end."""
        if element.text and not self._deleting:
            parts.append(_SPACE.sub(" ", element.text))
        for child in element:
            self._collect_child(child, parts)
            if child.tail and not self._deleting:
                parts.append(_SPACE.sub(" ", child.tail))

    def _collect_child(self, child: Element, parts: list[str]) -> None:
        tag = child.tag
        if not isinstance(tag, str) or tag in _REMOVED:
            return
        if tag in (f"{_TEXT}change-start", f"{_TEXT}change-end"):
            identifier = child.get(f"{_TEXT}change-id")
            if tag.endswith("end"):
                self._deleting.discard(identifier)
            elif identifier in self._deletions:
                self._deleting.add(identifier)
        elif self._deleting:
            self._collect(child, [])
        elif tag == f"{_TEXT}s":
            count = child.get(f"{_TEXT}c") or "1"
            parts.append(" " * min(int(count), 1000) if count.isdigit() else " ")
        elif tag == f"{_TEXT}tab":
            parts.append("\t")
        elif tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif tag == f"{_TEXT}note":
            note = child.find(f"{_TEXT}note-body")
            if note is not None and (text := self._inner_text(note).replace("\n", " ")):
                self.notes.append(Piece(text, FOOTNOTE))
        elif any(inner.tag in (f"{_TEXT}p", f"{_TABLE}table") for inner in child):
            self.read_blocks(child, 0)
        elif child.get(f"{_TEXT}style-name") not in self._hidden:
            self._collect(child, parts)

    def _inner_text(self, container: Element) -> str:
        outer, self.pieces = self.pieces, []
        self.read_blocks(container, 0)
        inner, self.pieces = self.pieces, outer
        return "\n".join(piece.text.replace("\t", " ") for piece in inner if piece.text.strip())

    def _rows(self, table: Element) -> Iterator[list[str]]:
        for row in table.iter(f"{_TABLE}table-row"):
            # Rows of a table inside a cell belong to that cell.
            owner = next(row.iterancestors(f"{_TABLE}table"))
            if owner is not table:
                continue
            cells = []
            for cell in row:
                repeated = cell.get(f"{_TABLE}number-columns-repeated") or "1"
                text = self._inner_text(cell) if cell.tag == f"{_TABLE}table-cell" else ""
                cells.extend([text] * (min(int(repeated), 64) if repeated.isdigit() else 1))
            yield cells


def _level(entry: Element) -> Level:
    """One level of a list style. LibreOffice writes the whole label; else prefix and suffix surround the numbers."""
    number = int(entry.get(f"{_TEXT}level") or 1)
    style = entry.get(f"{_STYLE}num-format")
    if style is None:
        return Level("", "bullet")
    shown = entry.get(f"{_TEXT}display-levels") or "1"
    whole = next((value for name, value in entry.items() if name.endswith("}num-list-format")), None)
    if whole is not None:
        text = re.sub(r"%(\d)%", r"%\1", whole)
    else:
        count = int(shown) if shown.isdigit() else 1
        places = ".".join(f"%{place}" for place in range(max(1, number - count + 1), number + 1))
        text = (entry.get(f"{_STYLE}num-prefix") or "") + places + (entry.get(f"{_STYLE}num-suffix") or "")
    start = entry.get(f"{_TEXT}start-value") or "1"
    return Level(text if style else "", _FORMATS.get(style, "decimal"), int(start) if start.isdigit() else 1)
