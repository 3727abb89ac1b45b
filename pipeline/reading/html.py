"""Read web pages: the article's paragraphs and tables; what stands around it is kept only as a source of fields."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from pipeline.errors import ReadingError
from pipeline.reading.encoding import decode
from pipeline.reading.html_article import find_article, find_title, is_around, take_printed_title
from pipeline.reading.html_blocks import break_lines, table_texts
from pipeline.reading.html_lists import Item, is_plain, item_label, number_as_reports_do
from pipeline.reading.raw import Piece, RawDocument, add_table
from pipeline.reading.text import describe_damage
from pipeline.settings import Limits

Element = Any

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{3,20})", re.IGNORECASE)
_DROPPED = frozenset({"script", "style", "noscript", "iframe", "frame", "select", "button", "textarea", "svg",
                      "object", "template", "title", "del", "xml", "audio", "video"})
_BLOCKS = frozenset({"p", "div", "td", "th", "tr", "table", "tbody", "thead", "tfoot", "li", "ul", "ol", "h1", "h2",
                     "h3", "h4", "h5", "h6", "section", "article", "center", "blockquote", "dl", "dt", "dd", "pre",
                     "header", "footer", "nav", "aside", "form", "body", "main", "hr", "address", "figure",
                     "figcaption"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_META_FIELDS = {"articletitle": "title", "pubdate": "published_date", "contentsource": "source",
                "columnname": "breadcrumb"}
_BEGINS, _ENDS = re.compile(r"<html[\s>]", re.IGNORECASE), re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BROKEN_LINE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s*\n\s*(?=[\u3000-\u9fff\uff00-\uffef])")
_NOTE_MARK = re.compile(r"\s*(?:[\[［(（]?\d{1,2}[\]］)）]?|[①-⑳]|[*＊†])\s*")
_SITE = re.compile(r"(?:网|网站|门户|平台|首页|频道|专栏)$")
_EARLY_LINES = 12


def read_html(content: bytes, limits: Limits) -> RawDocument:
    """The article of a page, its title first, and the fields of its meta tags. ReadingError for a page without text."""
    return read_page_bytes(content, None)


def read_page_bytes(content: bytes, charset: str | None) -> RawDocument:
    """The same for a page whose charset something else declares, as a web archive does."""
    decoded = decode(content, _declared_charset(content) or charset)
    document = RawDocument(encoding=decoded.encoding, notes=describe_damage(decoded))
    _read_page(decoded.text, document)
    if not decoded.is_cut and _BEGINS.search(decoded.text) and not _ENDS.search(decoded.text):
        document.notes.append(("文末", "网页没有正常结束，可能被截断；请核对原文是否完整"))
    return document


def _read_page(text: str, document: RawDocument) -> None:
    parser = lxml_html.HTMLParser(encoding="utf-8")
    try:
        root = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ReadingError(f"网页解析失败（{error}）；请在浏览器中打开，把正文另存为 docx 或 txt 后再放入") from error
    metas = {(meta.get("name") or "").lower(): " ".join((meta.get("content") or "").split())
             for meta in root.iter("meta")}
    frames = [frame.get("src") or "" for frame in root.iter("iframe", "frame") if frame.get("src")]
    page_title = _page_title(root.findtext(".//title") or "")
    _drop_invisible(root)
    break_lines(root)
    body = root.find("body")
    article = find_article(body) if body is not None else None
    if article is None:
        raise ReadingError(_no_article(root, frames))
    title = find_title(root, article, metas)
    walker = _Walker(article)
    walker.walk(body)
    walker.flush()
    if title is None and not take_printed_title(walker.pieces, body):
        title = page_title
    if not any(piece.text.strip() and not piece.is_outside for piece in walker.pieces):
        raise ReadingError(_no_article(root, frames))
    number_as_reports_do(walker.pieces, walker.plain_items)
    document.pieces = _with_title(walker.pieces, title)
    document.n_numbered = walker.n_numbered
    document.fields = [(field, _date(value) if field == "published_date" else value, f"{name}: {value}")
                       for name, field in _META_FIELDS.items() if (value := metas.get(name))]


def _declared_charset(content: bytes) -> str | None:
    """The charset that the page claims, as a hint; every gb… is meant as GB18030."""
    found = _CHARSET.search(content[:4096])
    if found is None:
        return None
    name = found[1].decode("ascii").lower()
    return "gb18030" if name.startswith("gb") else name


def _date(value: str) -> str:
    found = re.match(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})", value)
    return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}" if found else value


def _drop_invisible(root: Element) -> None:
    """Take out scripts, comments and hidden elements; what follows them stays."""
    for element in list(root.iter()):
        is_node = isinstance(element.tag, str)
        is_shown = (is_node and element.tag not in _DROPPED and not _HIDDEN.search(element.get("style") or "")
                    and not _is_note_mark(element))
        if not is_shown and element.getparent() is not None:
            element.drop_tree()


def _is_note_mark(element: Element) -> bool:
    """Whether an element is the number that leads to a footnote or back from it: <a href="#_ftn1">[1]</a>."""
    if element.tag != "a" or not (element.get("href") or "").startswith("#"):
        return False
    return bool(_NOTE_MARK.fullmatch("".join(element.itertext())))


def _page_title(title: str) -> str | None:
    """The longest part of the window title, but for the name of the site."""
    parts = [" ".join(part.split()) for part in re.split(r"[-_|–—]{1,2}", title)]
    longest = max((part for part in parts if not _SITE.search(part)), key=len, default="")
    return longest if len(longest) >= 8 and not longest.isascii() else None


def _no_article(root: Element, frames: list[str]) -> str:
    attachments = [link.get("href") or "" for link in root.iter("a")
                   if re.search(r"\.(?:pdf|docx?|wps|ofd)$", link.get("href") or "", re.IGNORECASE)]
    if frames:
        return f"网页里没有正文，正文在内嵌页 {frames[0]} 中；请打开该页另存后再放入"
    if attachments:
        return f"网页里没有正文，正文可能在附件 {attachments[0]} 中；请下载附件后放入"
    return "网页里没有成段的正文（像是栏目列表页，或正文由脚本显示）；请打开报告本身的页面另存后再放入"


def _with_title(pieces: list[Piece], title: str | None) -> list[Piece]:
    """The pieces with the title before the article, unless the article itself starts with it."""
    start = next(place for place, piece in enumerate(pieces) if not piece.is_outside)
    if not title:
        return pieces
    bare = "".join(title.split())
    early = ["".join(piece.text.split()) for piece in pieces[start:] if not piece.is_outside and piece.text.strip()]
    for line in early[:_EARLY_LINES]:
        if bare in line or (len(line) >= 10 and line in bare):
            return pieces
    return [*pieces[:start], Piece(title), *pieces[start:]]


class _Walker:
    """Walks the page in order; text inside the article becomes body, all other text is marked as outside."""

    def __init__(self, article: Element) -> None:
        self.pieces: list[Piece] = []
        self._article = article
        self._inside = False
        self._line: list[str] = []
        # The number of a list item, until the item's first text comes.
        self._label = ""
        # Depth and number of that item, where its list says nothing of its numbers.
        self._item: tuple[int, int] | None = None
        self.plain_items: list[Item] = []
        self._depth = 0
        self.n_numbered = 0
        self._table_no = 0

    def walk(self, element: Element) -> None:
        is_article = element is self._article
        was_inside = self._inside
        if is_article or (was_inside and is_around(element)):
            self.flush()
            self._inside = is_article
        if element.tag == "br":
            self.flush()
        elif element.tag in _BLOCKS:
            self.flush()
            if not (element.tag == "table" and self._add_data_table(element)):
                self._add_children(element)
            self.flush()
        else:
            self._add_children(element)
        if self._inside != was_inside:
            self.flush()
            self._inside = was_inside

    def _add_children(self, element: Element) -> None:
        self._line.append(element.text or "")
        is_list = element.tag == "ol"
        self._depth += is_list
        item = int(element.get("start") or 1) if is_list and (element.get("start") or "1").isdigit() else 1
        for child in element:
            if is_list and child.tag == "li":
                self.flush()
                self._label = item_label(element, item)
                self._item = (self._depth, item) if is_plain(element) else None
                item += 1
            self.walk(child)
            self._line.append(child.tail or "")
        self._depth -= is_list

    def flush(self) -> None:
        """End the line: source line breaks between hanzi mean nothing, other white space is one space."""
        text = _SPACE.sub(" ", _BROKEN_LINE.sub("", "".join(self._line))).strip(" ")
        self._line = []
        if text:
            self.n_numbered += bool(self._label and self._inside)
            self.pieces.append(Piece(self._label + text, is_outside=not self._inside))
            if self._label and self._item:
                self.plain_items.append(Item(self.pieces[-1], self._label, *self._item))
            self._label = ""

    def _add_data_table(self, table: Element) -> bool:
        """True where the table holds data; the tables that old pages are laid out with are walked like any block."""
        if table is self._article or any(inner is not table for inner in table.iter("table")):
            return False
        if any(element is self._article for element in table.iter()):
            return False
        texts = table_texts(table)
        if texts is None or max(len(text) for row in texts for text in row) > 400:
            return False
        before = len(self.pieces)
        if add_table(self.pieces, texts, self._table_no + 1):
            self._table_no += 1
        for piece in self.pieces[before:]:
            piece.is_outside = not self._inside
        return True
