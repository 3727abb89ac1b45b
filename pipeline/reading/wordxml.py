"""Read Word documents written as one XML file: Word 2003 XML, and the later form that holds the parts of a docx."""

from __future__ import annotations

from typing import Any

from lxml import etree

from pipeline.errors import ReadingError
from pipeline.reading.archive import parse_xml
from pipeline.reading.doc_numbering import NUMBER_STYLES
from pipeline.reading.docx import BodyReader, read_parts
from pipeline.reading.numbering import Level, ListCounter
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
    reader = BodyReader(_WORD_2003, _Numbers(root))
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


class _Numbers:
    """Word 2003 writes the number of a paragraph, as it is printed, beside its list; other programs only the list."""

    def __init__(self, root: Element) -> None:
        self._counter = ListCounter()
        defined = {entry.get(f"{_WORD_2003}listDefId"): [_level(level) for level in entry.iter(f"{_WORD_2003}lvl")]
                   for entry in root.iter(f"{_WORD_2003}listDef")}
        self._list_of = {entry.get(f"{_WORD_2003}ilfo"): _value(entry, "ilst") for entry in root.iter(f"{_WORD_2003}list")}
        self._levels = {key: defined.get(key, []) for key in self._list_of.values()}

    def label(self, properties: Element | None) -> str:
        entry = None if properties is None else properties.find(f"{_WORD_2003}listPr")
        if entry is None:
            return ""
        printed = entry.find(f"{_HINTS}t")
        if printed is None:
            key, level = self._list_of.get(_value(entry, "ilfo"), ""), _value(entry, "ilvl")
            return self._counter.label(key, int(level) if level.isdigit() else 0, self._levels.get(key, []))
        label = printed.get(f"{_HINTS}val") or ""
        # A bullet is a private character of a symbol font.
        return "" if any("\ue000" <= character <= "\uf8ff" or character == "·" for character in label) else label


def _level(element: Element) -> Level:
    start, style = _value(element, "start"), _value(element, "nfc")
    return Level(_value(element, "lvlText"), NUMBER_STYLES.get(int(style), "decimal") if style.isdigit() else "decimal",
                 int(start) if start.isdigit() else 1)


def _value(element: Element, name: str) -> str:
    child = element.find(f"{_WORD_2003}{name}")
    return "" if child is None else child.get(f"{_WORD_2003}val") or ""


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
