"""Documents -> table `sections`: the outline of each report and the role of every section.

Headings are found by their numbers in every style and with their faults, and by their words where they
have no number. Roles come from the genre: top-level headings by what they say, deeper ones from their
parent unless they say otherwise, and passages such as 下一步，我局将…… from how they open, wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipeline.profiles.genres import Genre, Genres
from pipeline.structure.headings import ENUMERATION, Heading, read_heading
from pipeline.structure.layout import lay_out
from pipeline.structure.lines import Line, blocks_by_document
from pipeline.structure.roles import Roles
from pipeline.structure.sections import Section
from pipeline.structure.tree import RANK_ENUMERATION, RANK_PASSAGE, Ranks, Tree, find_headings
from pipeline.tables import store
from pipeline.tables.store import Tables

_SENTENCE_START = re.compile(r"[。！？!?][”’」』）)》]*")

_PREAMBLE_END = re.compile(r"(?:报告|汇报|公布|总结)[^。]{0,6}如下[。：:]|(?:请予审议|提出意见)[^。]{0,20}。")
PREAMBLE_CHARS = 700
# In a paragraph this long the whole report stands in one: a change of role then lasts until the next one.
LONG_PARAGRAPH = 3000


def outline_sections(documents: pd.DataFrame, blocks: pd.DataFrame, identities: pd.DataFrame, genres: Genres) -> Tables:
    """Sections of every readable document.

    Section 0 is the preamble and always there. `role` is the first of `roles` (several in 成效和不足).
    `start` to `end` takes in the heading and the sections below; the body begins at `body_start`.

    Returns tables `sections` and `issues` (a report without any heading, a report year that headings contradict).
    """
    paragraphs = blocks_by_document(blocks)
    identity = {
        document_id: (genre if isinstance(genre, str) else None, int(year) if pd.notna(year) else None)
        for document_id, genre, year in zip(
            identities["document_id"].tolist(),
            identities["genre"].tolist(),
            identities["report_year"].tolist(),
            strict=True,
        )
    }
    rows: list[dict[str, Any]] = []
    issues: list[dict[str, Any]] = []
    for document_id, path, status, text in zip(
        *(documents[column].tolist() for column in ("document_id", "path", "status", "text")), strict=True
    ):
        if status != "ok" or not isinstance(text, str):
            continue
        genre_name, year = identity.get(document_id, (None, None))
        genre = genres.by_name.get(genre_name or "")
        sections = outline(text, lay_out(text, paragraphs.get(document_id, ())), genre, year)
        rows.extend(_row(document_id, section) for section in sections)
        if genre is not None and genre.is_report and len(sections) == 1:
            issues.append(
                {
                    "stage": "outline_sections",
                    "document_id": document_id,
                    "path": path,
                    "place": "正文",
                    "severity": "warning",
                    "message": "没有找到任何小标题，无法区分成效、不足与安排；请核对正文是否完整",
                }
            )
    order = sorted(range(len(rows)), key=lambda number: (rows[number]["document_id"], rows[number]["section_no"]))
    return {
        "sections": store.frame("sections", [rows[number] for number in order]),
        "issues": store.frame("issues", issues),
    }


def _row(document_id: str, section: Section) -> dict[str, Any]:
    return {
        "document_id": document_id,
        "section_no": section.number,
        "parent_no": section.parent.number if section.parent else None,
        "level": section.level,
        "label": section.label,
        "heading": section.heading,
        "role": section.role,
        "roles": ";".join(section.roles or ["other"]),
        "start": section.start,
        "end": section.end,
        "body_start": section.body_start,
    }


def outline(text: str, lines: Sequence[Line], genre: Genre | None, year: int | None) -> list[Section]:
    """The sections of one document, in order."""
    body = [line for line in lines if line.kind in ("body", "table_row", "closing")]
    start = body[0].start if body else len(text)
    headings = dict(find_headings(body, genre, year))
    ranks = Ranks(list(headings.values()), genre, year)
    roles = Roles(text, genre, year)
    tree = Tree(start)
    styles = [heading.style for heading in headings.values()]
    if body and not {0, 1, 2}.intersection(styles) and styles[:1] in ([], [5]):
        # A report without headings: all but the preamble is one passage.
        after = _end_of_preamble(text, body)
        roles.give(tree.open(1.0, 0, "", "", after, after))
    for number, line in enumerate(body):
        heading = headings.get(number)
        begin = 0
        if heading and not heading.heading and heading.style in (2, 3) and tree.current and tree.current.role == "problems":
            heading = read_heading(line.text, may_count=True) or heading
        if heading is None:
            tree.close(RANK_ENUMERATION, line.start)
        elif _is_repeated(tree.sections[-1], heading, text, line.start):
            begin = heading.body
            tree.sections[-1].body_start = line.start + begin
        else:
            begin = heading.body
            rank = ranks.rank_of(tree, heading, line.start)
            roles.give(tree.open(rank, heading.number, heading.label, heading.heading, line.start, line.start + begin))
        if line.kind == "body":
            _open_passages(tree, line, begin, heading, roles)
    return tree.finish(body[-1].end if body else len(text))


def _end_of_preamble(text: str, body: list[Line]) -> int:
    """Where the body of a report without headings begins: after 报告如下 or 请予审议, else after the first paragraph."""
    first = body[0]
    match = _PREAMBLE_END.search(text, first.start, min(first.end, first.start + PREAMBLE_CHARS))
    if match and match.end() < first.end:
        return match.end()
    return body[1].start if len(body) > 1 and first.end - first.start < PREAMBLE_CHARS else first.start


def _is_repeated(section: Section, heading: Heading, text: str, start: int) -> bool:
    """Whether the heading that opened `section` is printed a second time right after itself."""
    return bool(heading.heading) and section.heading == heading.heading and not text[section.body_start : start].strip()


def _open_passages(tree: Tree, line: Line, begin: int, heading: Heading | None, roles: Roles) -> None:
    """Open the enumerations (一是) and the passages with a role of their own that begin a sentence of `line`."""
    text = line.text
    starts = [begin, *(match.end() for match in _SENTENCE_START.finditer(text, begin))]
    for position in starts:
        while position < len(text) and text[position] in " 　":
            position += 1
        if position >= len(text) or (heading and heading.style == 5 and position == 0):
            continue
        at = line.start + position
        enumeration = ENUMERATION.match(text, position)
        if enumeration:
            roles.give(tree.open(RANK_ENUMERATION, 0, enumeration.group().rstrip("，"), "", at, at))
            continue
        current = tree.current
        is_first = current is not None and at <= current.body_start + 2
        role = roles.of_passage(text[position : position + 90], current, is_first)
        if role is None:
            continue
        if position and len(text) < LONG_PARAGRAPH:
            rank = RANK_ENUMERATION
        else:
            rank = RANK_PASSAGE if tree.top and tree.top.heading else 1.0
        section = tree.open(rank, 0, "", "", at, at)
        section.roles = [role]
