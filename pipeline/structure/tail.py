"""The tail of a document: closing formula, signature and date, notes, colophon, links of the page."""

from __future__ import annotations

import re

from pipeline.structure.dates import DATE
from pipeline.structure.furniture import FIELD_START, FURNITURE
from pipeline.structure.lines import CLOSING, DATE_LINE, ORGANISATION, SPACE, STARTS_BODY, Line

TAIL_LINES = 30
_SIGNED_LINE = re.compile(rf"(?P<who>[^。；]{{2,44}}?)\s*(?:{DATE.pattern})$")
_COLOPHON = re.compile(
    r"(?:抄\s*送|抄\s*报|主\s*送|印\s*发|分\s*送)\s*[：:]|.{2,44}(?:印发|印制)$|.{0,30}共印\s*\d+\s*份"
)
_NOTE = re.compile(
    r"[（(]?\s*(?:此件|本件|主动公开|依申请公开|不予公开|联\s*系\s*人|联系电话|公开属性|信息公开(?:选项|属性))"
)
_ATTACHMENT = re.compile(r"附\s*(?:件|表|注)\s*\d*\s*[：:.]|附\s*件\s*\d*$")
_LINKS = re.compile(
    r"(?:相关(?:文档|链接|阅读|新闻|信息|附件|文件|解读|稿件)|[【\[]?(?:打印|关闭)|上一篇|分享到|推荐阅读)"
)
_PRINTED = re.compile(rf"(?:{DATE.pattern})\s*印\s*发")
_CLAUSE = re.compile(r"[，。；：！]")


def name_tail(lines: list[Line], head_end: int) -> None:
    """Name the lines after the body, from the end upwards until a body line stops it."""
    bottom = max(head_end, len(lines) - TAIL_LINES)
    for number in range(bottom, len(lines)):  # a list of links is furniture to the end
        if _LINKS.match(lines[number].text):
            if all(len(line.text) < 60 and not line.text.endswith("。") for line in lines[number:]):
                for line in lines[number:]:
                    line.kind = "furniture"
            break
    for line in reversed(lines[bottom:]):
        kind = line.kind if line.kind in ("furniture", "footnote") else _tail_kind(line.text)
        if kind == "body":
            break
        if line.kind != "footnote":
            line.kind = kind


def _tail_kind(text: str) -> str:
    if len(text) > 90:
        return "body"
    if FURNITURE.match(text) or (FIELD_START.match(text) and not text.endswith("。")):
        return "furniture"
    if DATE_LINE.match(text):
        return "date"
    if _COLOPHON.match(text) or (len(text) < 60 and _PRINTED.search(text)):
        return "colophon"
    if _NOTE.match(text):
        return "note"
    if _ATTACHMENT.match(text):
        return "attachment"
    if CLOSING.match(text):
        return "closing"
    signed = _SIGNED_LINE.match(text) if len(text) <= 50 else None
    if signed and ORGANISATION.search(signed["who"].rstrip(SPACE)):
        return "signature"
    if len(text) <= 44 and ORGANISATION.search(text.strip("（）() ")) and not _CLAUSE.search(text) and not STARTS_BODY.match(text):
        return "signature"
    return "body"
