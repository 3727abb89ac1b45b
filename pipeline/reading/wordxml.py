"""Read Word documents written as one XML file: Word 2003 XML, and the later form that holds the parts of a docx."""

from __future__ import annotations

from typing import Any

from lxml import etree

from pipeline.errors import ReadingError
from pipeline.reading.archive import parse_xml
from pipeline.reading.docx import BodyReader, read_parts
from pipeline.reading.raw import FOOTNOTE, Piece, RawDocument
from pipeline.settings import Limits

Element = Any

_WORD_2003 = "{http://schemas.microsoft.com/office/word/2003/wordml}"
_HINTS = "{http://schemas.microsoft.com/office/word/2003/auxHint}"
_ANNOTATION = "{http://schemas.microsoft.com/aml/2001/core}"
_PARTS = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_REMOVED = ("Word.Deletion", "Word.Comment")


def read_wordxml(content: bytes, limits: Limits) -> RawDocument:
    """Body with the numbers that Word printed, insertions kept, deletions dropped. ReadingError for damaged files."""
    if len(content) > limits.archive_part_bytes:
        raise ReadingError(f"文件超过 {limits.archive_part_bytes // 2**20} MB；请另存为 docx 后再放入")
    root = parse_xml(content, "Word XML")
    if root.tag == f"{_PARTS}package":
        return read_parts(_FlatParts(root))
    body = root.find(f"{_WORD_2003}body")
    if body is None:
        raise ReadingError("文件里没有 Word 正文；请用 Word 或 WPS 打开后重新保存")
    _unwrap(body)
    reader = BodyReader(_WORD_2003, _PrintedNumbers())
    reader.read_blocks(body)
    notes = [Piece(text.strip(), FOOTNOTE) for text in reader.inline_notes if text.strip()]
    return RawDocument(pieces=reader.pieces + notes, n_numbered=reader.n_numbered)


def _unwrap(body: Element) -> None:
    """Take out sections and revisions, so that paragraphs and runs stand where a reader sees them."""
    for wrapper in list(body.iter(f"{_ANNOTATION}annotation")):
        if wrapper.get(f"{_WORD_2003}type") in _REMOVED:
            wrapper.clear(keep_tail=True)
    wrappers = (f"{_HINTS}sect", f"{_HINTS}sub-section", f"{_HINTS}pBdrGroup", f"{_ANNOTATION}annotation", f"{_ANNOTATION}content")
    for wrapper in list(body.iter(*wrappers)):
        parent = wrapper.getparent()
        place = parent.index(wrapper)
        parent[place:place + 1] = list(wrapper)


class _PrintedNumbers:
    """Word 2003 writes the number of a paragraph, as it is printed, beside its list."""

    def label(self, properties: Element | None) -> str:
        printed = None if properties is None else properties.find(f"{_WORD_2003}listPr/{_HINTS}t")
        label = "" if printed is None else printed.get(f"{_HINTS}val") or ""
        # A bullet is a private character of a symbol font.
        return "" if any("\ue000" <= character <= "\uf8ff" or character == "·" for character in label) else label


class _FlatParts:
    """The parts inside one XML file, by name."""

    def __init__(self, root: Element) -> None:
        self._parts: dict[str, Element] = {}
        for part in root.iter(f"{_PARTS}part"):
            data = part.find(f"{_PARTS}xmlData")
            if data is not None and len(data):
                self._parts[(part.get(f"{_PARTS}name") or "").lstrip("/").lower()] = data[0]

    def __contains__(self, name: str) -> bool:
        return name.lstrip("/").lower() in self._parts

    @property
    def names(self) -> list[str]:
        return list(self._parts)

    def read(self, name: str) -> bytes:
        content: bytes = etree.tostring(self.xml(name))
        return content

    def xml(self, name: str) -> Element:
        if name not in self:
            raise ReadingError(f"文件内缺少部件 {name}；请用 Word 或 WPS 打开后重新保存")
        return self._parts[name.lstrip("/").lower()]
