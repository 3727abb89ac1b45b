"""The paragraphs of a document, and the patterns by which its head, body and tail are told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from pipeline.structure.dates import DATE
from pipeline.structure.headings import LABEL

SPACE = " \t　\u00a0\u3000\r"
# 一、 （一） 第一部分 : the first of these ends the head.
STARTS_BODY = re.compile(
    r"(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+\s*[、．.]|[—-]\s?、|[（(]\s*[一二三四五六七八九十]+\s*[）)])"
)
DATE_LINE = re.compile(rf"[（(]?\s*(?:{DATE.pattern})\s*[）)]?(?:.{{0,40}}(?:会议上|通过)\s*[）)]?)?$")
CLOSING = re.compile(
    r"(?:特此(?:报告|汇报|说明|公告|公布|上报)|以上(?:报告|汇报|情况)?，?(?:请|妥否|当否|专此).{0,16}|专此(?:报告|汇报)|以上报告)[。！]?$"
)
GREETING = re.compile(r"各位(?:代表|委员|主任|领导|同志)[^。]{0,16}[：:！!，]?$")
ORGANISATION = re.compile(
    r"(?:局|委|厅|办|院|处|署|社|委员会|协会|联合会|常委会|部|组|中心|政府|办事处|大队|支队|总队|党委|党组|党工委|党总支|支部|分局|委员会|办公室|街道|镇|乡|所|馆|站|行署|公司|队)"
    r"(?:[（(].{2,16}[）)])?$"
)
# Only in a paragraph this long are headings looked for after a full stop: there a page has lost its line breaks.
LOST_BREAK_CHARS = 1200
_GLUED_CHILD = re.compile(r"[一二三四五六七八九十]{1,3}、[^，。；：（(]{2,40}(?=[（(]一[）)])")
_LOST_BREAK = re.compile(
    r"(?<=[。！？；：:!?”）)])\s*(?=[一二三四五六七八九十]{1,2}、[^，。]{4,40}|[（(][一二三四五六七八九十]{1,2}[）)]"
    r"|20\d\d年[^，。0-9]{0,12}(?:回顾|安排|任务|打算)(?:建议)?(?=20|[一二三四五六七八九十刚今一]))"
)


@dataclass(slots=True)
class Line:
    """One paragraph without the blanks around it; `kind` says what it is for."""

    start: int
    end: int
    text: str
    kind: str


def read_lines(text: str, blocks: Iterable[tuple[str, int, int]]) -> list[Line]:
    """The paragraphs in order, of kind body, table_row or footnote; lost breaks restored, lone numbers joined on."""
    lines: list[Line] = []
    for block_kind, start, end in blocks or _paragraphs(text):
        raw = text[start:end]
        content = raw.strip(SPACE)
        if content:
            offset = start + raw.index(content[0]) if raw[0] in SPACE else start
            kind = block_kind if block_kind in ("table_row", "footnote") else "body"
            cuts = [0, *(_lost_breaks(content) if kind == "body" else ()), len(content)]
            lines.extend(
                Line(offset + begin, offset + stop, content[begin:stop], kind) for begin, stop in pairwise(cuts)
            )
    return _join_labels(text, lines)


def _join_labels(text: str, lines: list[Line]) -> list[Line]:
    """A number that stands alone in its paragraph goes with the next one: 1.⏎主要举措和成效."""
    joined: list[Line] = []
    for line in lines:
        before = joined[-1] if joined else None
        if before and len(before.text) <= 6 and before.kind == line.kind == "body" and LABEL.fullmatch(before.text):
            joined[-1] = Line(before.start, line.end, text[before.start : line.end], "body")
        else:
            joined.append(line)
    return joined


def _lost_breaks(text: str) -> list[int]:
    """Where a line break was lost: between 一、主要成效 and （一）, and before the headings inside one long paragraph."""
    if len(text) > LOST_BREAK_CHARS:
        found = [match.start() for match in _LOST_BREAK.finditer(text) if match.start()]
        return found if len(found) > 1 else []
    glued = _GLUED_CHILD.match(text)
    return [glued.end()] if glued else []


def _paragraphs(text: str) -> list[tuple[str, int, int]]:
    spans, start = [], 0
    for piece in text.split("\n"):
        spans.append(("paragraph", start, start + len(piece)))
        start += len(piece) + 1
    return spans


def blocks_by_document(blocks: pd.DataFrame) -> dict[str, list[tuple[str, int, int]]]:
    """(kind, start, end) of the paragraphs of each document, in order."""
    paragraphs: dict[str, list[tuple[str, int, int]]] = {}
    columns = (blocks[column].tolist() for column in ("document_id", "kind", "start", "end"))
    for document_id, kind, start, end in zip(*columns, strict=True):
        paragraphs.setdefault(document_id, []).append((kind, int(start), int(end)))
    for spans in paragraphs.values():
        spans.sort(key=lambda span: (span[1], span[2]))
    return paragraphs
