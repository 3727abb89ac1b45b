"""Documents and sections -> table `sentences`: the sentences of the body with exact offsets.

A sentence ends at 。！？ outside quotation marks and brackets, or where its paragraph or section ends;
；stays inside. Headings, title, addressee, signature and colophon belong to none; a table row is one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd

from pipeline.structure.layout import lay_out
from pipeline.structure.lines import Line, blocks_by_document
from pipeline.tables import store
from pipeline.tables.store import Tables

_MARK = re.compile(r"[“”‘’「」『』（）()《》【】〔〕。！？!?]")
_OPENING, _CLOSING = "“‘「『（(《【〔", "”’」』）)》】〕"
_AFTER_STOP = "。！？!?" + _CLOSING
_GOES_ON = "，、；：,;:的等和与及之"
_CONTENT = re.compile(r"[一-鿿\w]")
# A quotation not closed within so many characters was opened by mistake; sentences end inside it again.
MAX_QUOTED = 160
# A quotation shorter than this that ends in ！ or ？ is a name or a slogan.
SHORT_QUOTED = 20


class Outlined(NamedTuple):
    """What the sentences need of a section."""

    number: int
    start: int
    body_start: int
    end: int
    role: str


def split_sentences(documents: pd.DataFrame, blocks: pd.DataFrame, sections: pd.DataFrame) -> Tables:
    """Sentences of every readable document: text[start:end] is the sentence. `section_no` is the innermost section.

    Returns table `sentences`, numbered from 0 in each document.
    """
    paragraphs = blocks_by_document(blocks)
    outlines: dict[str, list[Outlined]] = {}
    columns = (
        sections[column].tolist() for column in ("document_id", "section_no", "start", "body_start", "end", "role")
    )
    for document_id, *section in zip(*columns, strict=True):
        outlines.setdefault(document_id, []).append(Outlined(*section))
    rows: list[dict[str, Any]] = []
    for document_id, status, text in zip(
        *(documents[column].tolist() for column in ("document_id", "status", "text")), strict=True
    ):
        if status != "ok" or not isinstance(text, str) or document_id not in outlines:
            continue
        lines = lay_out(text, paragraphs.get(document_id, ()))
        outline = sorted(outlines[document_id], key=lambda section: section.number)
        for number, (start, end, section_no, role) in enumerate(_sentences(text, lines, outline)):
            rows.append(
                {
                    "document_id": document_id,
                    "sentence_no": number,
                    "section_no": section_no,
                    "role": role,
                    "start": start,
                    "end": end,
                    "text": text[start:end],
                }
            )
    rows.sort(key=lambda row: row["document_id"])
    return {"sentences": store.frame("sentences", rows)}


def _sentences(text: str, lines: Sequence[Line], outline: list[Outlined]) -> list[tuple[int, int, int, str]]:
    """(start, end, section_no, role) of each sentence of one document; `outline` is in order of start."""
    found: list[tuple[int, int, int, str]] = []
    opened: list[Outlined] = []
    following = body_from = 0
    for line in lines:
        if line.kind not in ("body", "table_row"):
            continue
        position = max(line.start, body_from)
        while position < line.end:
            while following < len(outline) and outline[following].start <= position:
                opened.append(outline[following])
                position = body_from = max(position, outline[following].body_start)
                following += 1
            stop = min(line.end, outline[following].start) if following < len(outline) else line.end
            if stop <= position:
                break
            while len(opened) > 1 and opened[-1].end <= position:
                opened.pop()
            section = opened[-1]
            spans = [(position, stop)] if line.kind == "table_row" else cut_sentences(text, position, stop)
            found.extend(
                (start, end, section.number, section.role) for start, end in spans if _CONTENT.search(text, start, end)
            )
            position = stop
    return found


def cut_sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the sentences in text[start:end], without the blanks around them."""
    spans: list[tuple[int, int]] = []
    opened: list[int] = []
    begin = done = start
    for mark in _MARK.finditer(text, start, end):
        character, position = mark.group(), mark.start()
        if position < done:
            continue
        if character in _OPENING:
            opened.append(position)
        elif character in _CLOSING:
            if opened:
                opened.pop()
        else:
            quoted = position - opened[0] if opened else 0
            depth = 0 if quoted > MAX_QUOTED else len(opened)
            after = position + 1
            while after < end and text[after] in _AFTER_STOP:
                if text[after] in _CLOSING and depth:
                    depth -= 1
                after += 1
            # “加油！”活动 and “……。”的要求 go on after the quotation.
            goes_on = (
                quoted and after < end and (text[after] in _GOES_ON or (character != "。" and quoted < SHORT_QUOTED))
            )
            if depth or goes_on:
                continue
            spans.append((begin, after))
            begin = done = after
            opened.clear()
    if begin < end:
        spans.append((begin, end))
    return [(left, right) for left, right in (_trim(text, *span) for span in spans) if left < right]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
