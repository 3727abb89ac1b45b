"""Read docx: body text in order, with automatic numbers, accepted revisions, text boxes once, tables and notes."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any, Protocol

from pipeline.errors import ReadingError
from pipeline.reading.archive import Package, Parts, parse_xml
from pipeline.reading.docx_numbering import Numbering, first_child, paragraph_styles
from pipeline.reading.docx_pictures import picture_pages
from pipeline.reading.numbering import with_label
from pipeline.reading.raw import FOOTNOTE, Piece, RawDocument, add_table
from pipeline.settings import Limits

Element = Any

_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_PACKAGE_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# Containers that change nothing about the text inside; ins and moveTo are accepted revisions.
_TRANSPARENT = frozenset({"ins", "moveTo", "hyperlink", "smartTag", "sdtContent", "customXml", "bdo", "dir",
                          "fldSimple", "rubyBase", "object", "pict", "drawing"})
_REMOVED = frozenset({"del", "moveFrom", "delText", "instrText", "delInstrText", "rt", "rPr", "pPr", "sdtPr",
                      "sdtEndPr", "tblPr", "trPr", "tcPr", "tblGrid", "smartTagPr", "customXmlPr", "softHyphen"})
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_ALTERNATIVES = "alternatives"
_OFF = ("0", "false", "off")


class Labels(Protocol):
    """Gives each paragraph its automatic number, in order, by its properties (w:pPr)."""

    def label(self, properties: Element | None) -> str: ...


def read_docx(content: bytes, limits: Limits) -> RawDocument:
    """Body, then foot- and endnotes. Headers and footers are left out. ReadingError for damaged or hostile packages."""
    return read_parts(Package(content, limits))


def read_parts(package: Parts) -> RawDocument:
    """The same for parts that are already unpacked."""
    main = _targets(package, "_rels/.rels", "").get("officeDocument", "word/document.xml")
    folder, name = posixpath.split(main)
    related = _targets(package, f"{folder}/_rels/{name}.rels", folder)
    root = package.xml(main)
    namespace = root.tag[:root.tag.index("}") + 1] if "}" in root.tag else ""
    body = root.find(f"{namespace}body")
    if body is None:
        raise ReadingError("文件里没有 Word 正文；请用 Word 或 WPS 打开后重新保存")
    numbering = Numbering(namespace)
    # Styles matter only for numbers, and parsing them costs more than all the rest.
    if "numbering" in related and related["numbering"] in package:
        numbering.read_lists(package.xml(related["numbering"]))
        styles = package.read(related["styles"]) if related.get("styles", "") in package else b""
        if b"numPr" in styles:
            numbering.read_styles(parse_xml(paragraph_styles(styles), related["styles"]))
    walker = BodyReader(namespace, numbering)
    walker.read_blocks(body)
    document = RawDocument(pieces=walker.pieces, n_numbered=walker.n_numbered)
    for kind in ("footnote", "endnote"):
        part = related.get(f"{kind}s")
        if walker.notes[kind] and part is not None and part in package:
            document.pieces.extend(walker.read_notes(package.xml(part), kind))
    if not any(piece.text.strip() for piece in document.pieces):
        document.layout = picture_pages(package, root, main)
        document.pages_without_text = [page.number for page in document.layout]
        document.pages = len(document.layout) or None
    if walker.has_embedded:
        document.notes.append(("正文", "文中嵌有另一份文档（altChunk），其文字未读取；请在 Word 中打开并另存一次"))
    return document


def _targets(package: Parts, part: str, folder: str) -> dict[str, str]:
    """Parts that a part refers to, by the last word of the relation type; external ones are left out."""
    if part not in package:
        return {}
    found: dict[str, str] = {}
    for relation in package.xml(part).iter(_PACKAGE_RELATION):
        target = relation.get("Target") or ""
        if relation.get("TargetMode") != "External" and target:
            path = target if target.startswith("/") else posixpath.join(folder, target)
            found.setdefault((relation.get("Type") or "").rpartition("/")[2], posixpath.normpath(path).lstrip("/"))
    return found


class BodyReader:
    """Walks the body in order and gathers pieces. Works on any namespace, so Strict files read alike."""

    def __init__(self, namespace: str, numbering: Labels) -> None:
        self.namespace = namespace
        self.numbering = numbering
        self._names: dict[object, str] = {f"{_COMPATIBILITY}AlternateContent": _ALTERNATIVES}
        self.pieces: list[Piece] = []
        self.notes: dict[str, list[str]] = {"footnote": [], "endnote": []}
        self.inline_notes: list[str] = []
        self.has_embedded = False
        self.n_numbered = 0
        self._table_no = 0
        # Text of a paragraph whose mark was deleted: it goes on in the next one.
        self._carried = ""

    def read_blocks(self, container: Element) -> None:
        for name, child in self._children(container):
            if name == "p":
                self._add_paragraph(child)
            elif name == "tbl":
                rows = list(self._rows(child))
                if add_table(self.pieces, rows, self._table_no + 1):
                    self._table_no += 1
            elif name == "sdt":
                if not self._is_contents(child):
                    self.read_blocks(child)
            elif name == "altChunk":
                self.has_embedded = True
            elif name in _TRANSPARENT:
                self.read_blocks(child)

    def _children(self, element: Element) -> Iterator[tuple[str, Element]]:
        """Children by local name. Of alternatives only the first counts: the fallback repeats it."""
        names = self._names
        for child in element:
            tag = child.tag
            name = names[tag] if tag in names else names.setdefault(tag, self._name_of(tag))
            if name == _ALTERNATIVES:
                choice = child.find(f"{_COMPATIBILITY}Choice")
                chosen = choice if choice is not None else child.find(f"{_COMPATIBILITY}Fallback")
                if chosen is not None:
                    yield from self._children(chosen)
            elif name:
                yield name, child

    def _name_of(self, tag: object) -> str:
        """The local name of a tag; "" for what is left out."""
        name = tag[tag.rfind("}") + 1:] if isinstance(tag, str) else ""
        if not isinstance(tag, str) or name in _REMOVED:
            return ""
        # Names of other namespaces (a:t, wp:inline) mean other things; only what can hold a text box is entered.
        return name if tag.startswith(self.namespace) else "foreign"

    def _add_paragraph(self, paragraph: Element) -> None:
        properties = first_child(paragraph, f"{self.namespace}pPr")
        style = self._value(properties, "pStyle")
        if style is not None and style.upper().startswith("TOC"):
            return
        parts: list[str] = []
        self._collect(paragraph, parts)
        text = self._carried + "".join(parts)
        self._carried = ""
        if self._mark_is_removed(properties):
            self._carried = text
            return
        # An empty numbered paragraph shows no text but still uses up its number.
        label = self.numbering.label(properties)
        if text.strip():
            self.n_numbered += bool(label)
            text = with_label(label, text)
        for line in text.split("\n"):
            self.pieces.append(Piece(line))

    def _mark_is_removed(self, properties: Element | None) -> bool:
        mark = None if properties is None else first_child(properties, f"{self.namespace}rPr")
        return mark is not None and any(first_child(mark, self.namespace + name) is not None for name in ("del", "moveFrom"))

    def _collect(self, element: Element, parts: list[str]) -> None:
        """Text of a paragraph or run; text boxes on the way become pieces before the paragraph."""
        for name, child in self._children(element):
            if name == "t":
                parts.append(child.text or "")
            elif name == "r":
                if not self._is_hidden(child):
                    self._collect(child, parts)
            elif name in _CHARACTERS:
                # A page break inside a paragraph is no line break of the text.
                parts.append("" if child.get(f"{self.namespace}type") in ("page", "column") else _CHARACTERS[name])
            elif name == "sym":
                parts.append(self._symbol(child))
            elif name in ("footnoteReference", "endnoteReference"):
                self.notes[name.removesuffix("Reference")].append(child.get(f"{self.namespace}id") or "")
            elif name == "txbxContent":
                self._add_box(child)
            elif name in self.notes:  # Word 2003 XML has a note where it is referred to
                self.inline_notes.append(self._inner_text(child).replace("\n", " "))
            elif name in _TRANSPARENT or name in ("foreign", "ruby", "sdt"):
                self._collect(child, parts)

    def _add_box(self, box: Element) -> None:
        carried, self._carried = self._carried, ""
        self.read_blocks(box)
        self._carried = carried

    def _symbol(self, element: Element) -> str:
        code = element.get(f"{self.namespace}char") or ""
        try:
            return chr(int(code, 16))
        except (ValueError, OverflowError):
            return ""

    def _is_hidden(self, run: Element) -> bool:
        properties = first_child(run, f"{self.namespace}rPr")
        hidden = None if properties is None else first_child(properties, f"{self.namespace}vanish")
        return hidden is not None and hidden.get(f"{self.namespace}val") not in _OFF

    def _is_contents(self, control: Element) -> bool:
        """A generated table of contents repeats every heading."""
        gallery = control.find(f"{self.namespace}sdtPr/{self.namespace}docPartObj/{self.namespace}docPartGallery")
        return gallery is not None and gallery.get(f"{self.namespace}val") == "Table of Contents"

    def _rows(self, table: Element) -> Iterator[list[str]]:
        for name, row in self._children(table):
            if name in _TRANSPARENT or name == "sdt":
                yield from self._rows(row)
            if name != "tr" or row.find(f"{self.namespace}trPr/{self.namespace}del") is not None:
                continue
            yield list(self._cells(row))

    def _cells(self, row: Element) -> Iterator[str]:
        for name, cell in self._children(row):
            if name in _TRANSPARENT or name == "sdt":
                yield from self._cells(cell)
            if name != "tc":
                continue
            properties = cell.find(f"{self.namespace}tcPr")
            merge = None if properties is None else properties.find(f"{self.namespace}vMerge")
            continues = merge is not None and merge.get(f"{self.namespace}val") != "restart"
            yield "" if continues else self._inner_text(cell)
            span = self._value(properties, "gridSpan") or "1"
            # A cell over several columns keeps the columns after it in their places.
            yield from [""] * (min(int(span), 64) - 1 if span.isdigit() else 0)

    def _inner_text(self, container: Element) -> str:
        """Lines of a cell or note, including tables inside it."""
        outer, self.pieces = self.pieces, []
        self.read_blocks(container)
        outer, self.pieces = self.pieces, outer
        return "\n".join(piece.text.replace("\t", " ") for piece in outer if piece.text.strip())

    def _value(self, properties: Element | None, name: str) -> str | None:
        element = None if properties is None else first_child(properties, f"{self.namespace}{name}")
        return None if element is None else element.get(f"{self.namespace}val")

    def read_notes(self, root: Element, kind: str) -> Iterator[Piece]:
        """The notes that the body refers to, in its order."""
        by_id = {note.get(f"{self.namespace}id"): note for note in root.iter(f"{self.namespace}{kind}")}
        for identifier in self.notes[kind]:
            if identifier in by_id and (text := self._inner_text(by_id[identifier])):
                yield Piece(text.replace("\n", " "), FOOTNOTE)
