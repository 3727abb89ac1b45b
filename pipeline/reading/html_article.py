"""Which element of a web page holds the article, and what its title is: sites share habits, not templates."""

from __future__ import annotations

import re
from typing import Any

from pipeline.reading.paragraphs import NUMBERED
from pipeline.reading.raw import Piece

Element = Any

# Names that the common content systems give the body: TRS, 拓尔思 UCAP, 博达 vsb, 大汉, 开普.
_BODY_NAME = re.compile(
    r"""^(?: zoom | zoomcon | ucap-?content | vsb_content\w* | trs_editor | trs_uedit\w* | custom_unionstyle | view
    | (?:article|news|main|detail|info|text|pages?|xxgk|gk|wz|xl|con|zw) [-_]?
      (?:content|conts?|con|txt|text|body|main|detail)
    | contentbody | contenttext | textcontent | bt_content | j-content | content | nr | zhengwen | zw )$""",
    re.IGNORECASE | re.VERBOSE)
_TITLE_NAME = re.compile(
    r"(?:^|[-_ ])(?:title|tit|bt|biaoti|headline|xl_tit\w*|articletitle|wz_?title|arti_title)(?:$|[-_ 0-9])",
    re.IGNORECASE)
_AROUND_NAME = re.compile(
    r"^(?:nav|navbar|menu|footer|foot|copyright|sidebar|side|crumbs?|breadcrumbs?|share|bdsharebuttonbox|related|relevant|"
    r"recommend|friendlinks?|links|prev|next|prevnext|pagination)$", re.IGNORECASE)
# Only these are entered in search of the article: a paragraph is never the article.
_CONTAINERS = frozenset({"body", "div", "td", "table", "tbody", "tr", "section", "article", "main", "form", "center",
                         "ul", "dl", "dd", "blockquote", "font", "span"})
_BLOCKS = frozenset({"p", "div", "td", "th", "tr", "table", "tbody", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5",
                     "h6", "br", "hr", "section", "article", "center", "blockquote", "dl", "dt", "dd", "pre"})
_PROSE_MARK = re.compile("[，。；]")
# A title above the article, the letterhead above that, and in how many lines they are looked for.
_TITLE_END = re.compile(r"(?:报告|总结|汇报|年报|情况|要点|通知|意见|方案|计划|解读)(?:[（(][^（()）]{1,16}[）)])?$")
_LETTERHEAD = re.compile(r"(?:文件|关于|签发人?[：:]?.{0,6}|[〕\]］】）)]第?\d{1,4}号"
                         r"|(?:局|委|办|厅|府|处|中心|党组|党委|大队|支队|委员会|街道))$|^关于")
_PATH = re.compile(r"[>＞»]|位置[：:]")
_ABOVE_LINES, _LETTERHEAD_LINES = 8, 6
_DOMINANT = 0.7
_HALF = 0.5
_LONG_LINE = 60
_SHORTEST_BODY = 30
_MANY_LINKS = 10


def find_article(body: Element) -> Element | None:
    """The element with the article; None where there is no running text (a list of links, an empty frame)."""
    weights = _weights(body)
    named = _named_body(body, weights)
    if named is not None:
        return named
    if weights[body] <= _LONG_LINE and _is_list_of_links(body):
        return None
    current = body
    while True:
        heaviest = max((child for child in current if child in weights and child.tag in _CONTAINERS),
                       key=weights.__getitem__, default=None)
        if heaviest is None or not _has_blocks(heaviest):
            return current
        # Beside a side bar with texts of its own the article may hold little more than half.
        needed = _HALF if _links(current) >= _MANY_LINKS > _links(heaviest) else _DOMINANT
        if weights[heaviest] < needed * weights[current]:
            return current
        current = heaviest


def _named_body(body: Element, weights: dict[Element, int]) -> Element | None:
    """The innermost element with a well-known name that holds most of the prose of the page."""
    best = None
    for element in body.iter():
        if element not in weights or element.tag not in _CONTAINERS:
            continue
        names = [element.get("id") or "", *(element.get("class") or "").split()]
        if not any(map(_BODY_NAME.match, names)):
            continue
        if weights[element] >= _DOMINANT * weights[body] and len(_squeezed(element)) >= _SHORTEST_BODY:
            best = element
    return best


def _is_list_of_links(body: Element) -> bool:
    """Whether the page is a menu: many links or half of the text in links, or hardly any text at all."""
    text = _squeezed(body)
    links = [_squeezed(link) for link in body.iter("a")]
    return len(text) < _SHORTEST_BODY or len(links) >= _MANY_LINKS or sum(map(len, links)) * 2 >= len(text)


def _weights(body: Element) -> dict[Element, int]:
    """Characters of prose of every element; text of links and text without marks is no prose."""
    weights: dict[Element, int] = {}
    for element in reversed(list(body.iter())):
        if not isinstance(element.tag, str):
            continue
        is_link = element.tag == "a"
        weight = 0 if is_link else _prose(element.text)
        for child in element:
            weight += weights.get(child, 0) + (0 if is_link else _prose(child.tail))
        weights[element] = weight
    return weights


def _prose(text: str | None) -> int:
    return len(text.strip()) if text and _PROSE_MARK.search(text) else 0


def _links(element: Element) -> int:
    return sum(1 for _ in element.iter("a"))


def is_around(element: Element) -> bool:
    """Whether an element is navigation, footer or the like by its tag or name, even inside the article."""
    if element.tag in ("nav", "footer", "aside") or (element.tag == "div" and element.get("title") in ("header", "footer")):
        return True  # LibreOffice writes running heads into such a div
    return any(map(_AROUND_NAME.match, [element.get("id") or "", *(element.get("class") or "").split()]))


def _has_blocks(element: Element) -> bool:
    return any(child.tag in _BLOCKS for child in element.iter() if child is not element)


def find_title(document: Element, article: Element, metas: dict[str, str]) -> str | None:
    """The title that stands outside the article: the meta tag or the nearest heading before it."""
    if title := metas.get("articletitle"):
        return title
    before: list[Element] = []
    for element in document.iter():
        if element is article:
            break
        if isinstance(element.tag, str):
            before.append(element)
    for element in reversed(before):
        names = " ".join((element.get("id") or "", element.get("class") or ""))
        is_title = element.tag in ("h1", "h2") or (element.tag in _CONTAINERS and _TITLE_NAME.search(names))
        text = _squeezed(element) if is_title else ""
        if 8 <= len(text) <= 100 and not any(link is not element for link in element.iter("a")):
            return text
    return None


def take_printed_title(pieces: list[Piece], body: Element) -> bool:
    """Move a title that old pages print above the article in plain bold type, and the letterhead above it, into the article."""
    start = next((place for place, piece in enumerate(pieces) if not piece.is_outside), 0)
    if any(_TITLE_END.search(piece.text) and not NUMBERED.match(piece.text)
           for piece in pieces[start:start + _LETTERHEAD_LINES] if len(piece.text) <= _LONG_LINE):
        return False
    links = {_squeezed(link) for link in body.iter("a")}
    for place in range(start - 1, max(start - _ABOVE_LINES, 0) - 1, -1):
        text = pieces[place].text
        if not (8 <= len(text) <= 2 * _LONG_LINE and _TITLE_END.search(text)) or text in links or _PATH.search(text):
            continue
        first = place
        while first and place - first < _LETTERHEAD_LINES and _LETTERHEAD.search(pieces[first - 1].text) and pieces[first - 1].text not in links:
            first -= 1
        for piece in pieces[first:place + 1]:
            piece.is_outside = False
        return True
    return False


def _squeezed(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
