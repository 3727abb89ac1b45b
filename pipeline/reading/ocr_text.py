"""What recognised text needs before it can be treated like any layout: marks, sizes, running heads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from statistics import median

from pipeline.reading.layout import Line, Page


@dataclass(frozen=True)
class Run:
    """Letters found side by side; places in pixels of the upright, straightened page."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    score: float


@dataclass(frozen=True)
class Recognition:
    """A page as recognised. `turned` is by how many degrees it had to be turned."""

    runs: tuple[Run, ...]
    width: int
    height: int
    n_pages: int
    turned: int = 0


_HANZI = r"〇㐀-鿿"
_WIDE_OF = {"(": "（", ")": "）", ":": "：", ";": "；", ",": "，", "?": "？", "!": "！"}
_NEXT_TO_HANZI = re.compile(rf"(?<=[{_HANZI}》”）])[():;,?!]|[():;,?!](?=[{_HANZI}《“])|(?<=[（(]\d)\)(?=[{_HANZI}])")
_NARROW_PAIR = re.compile(rf"[（(]([^（()）]*[{_HANZI}][^（()）]*)[）)]")
_MIXED_PAIR = re.compile(r"（([^（()）]{1,30})\)|\(([^（()）]{1,30})）")
# A lone 一 comes out as a dash: （-） —、
_ONE_IN_BRACKETS = re.compile(r"[（(]\s*[-—–一]\s*[）)]")
_ONE_AT_START = re.compile(r"^\s*[-—–]\s*、")
# 二） at the start of a line has lost its first bracket at the margin.
_LOST_BRACKET = re.compile(r"^(?=[一二三四五六七八九十]{1,3}[）)])")
_POINT_FOR_COMMA = re.compile(rf"(?<=[{_HANZI}》”）])[.．](?=[{_HANZI}《“（])")
_POINT_AT_END = re.compile(rf"(?<=[{_HANZI}》”）])[.．]$")
_CLOSED = re.compile(r"[。！？；：][”’」』）)》]*$")
_DIGITS = re.compile(r"\d+")
_SAME_SIZE, _SAME_STEP = 0.12, 0.1
_LONG_LINE = 10
_EDGE_SHARE, _EDGE_LINES, _ALIKE, _NEAR_SHARE = 0.14, 2, 0.7, 0.02


def repair_recognised(text: str) -> str:
    """Brackets and colons beside hanzi in full width, and 一 where the recogniser saw a dash."""
    text = _ONE_IN_BRACKETS.sub("（一）", _ONE_AT_START.sub("一、", text.strip()))
    text = _NARROW_PAIR.sub(lambda match: f"（{match[1]}）", text)
    text = _NEXT_TO_HANZI.sub(lambda match: _WIDE_OF[match[0]], text)
    text = _MIXED_PAIR.sub(lambda match: f"（{match[1] or match[2]}）", text)
    return text


def repair_paragraph(text: str) -> str:
    """A paragraph of recognised lines: a point between hanzi was a comma, one at the very end a full stop."""
    text = _POINT_AT_END.sub("。", _POINT_FOR_COMMA.sub("，", text))
    return _LOST_BRACKET.sub("（", text)


def width_in_ems(text: str) -> float:
    """The width of a line in letters of full width; Latin letters and digits take half of one."""
    return sum(0.5 if character < "\u1100" else 1.0 for character in text)


def level_sizes(pages: list[Page]) -> None:
    """Sizes measured from a picture vary a little from line to line; lines of nearly one size get the same."""
    lines = [line for page in pages for line in page.lines]
    long_lines = [line.size for line in lines if len(line.text) >= _LONG_LINE]
    if not long_lines:
        return
    body = median(long_lines)
    others: list[Line] = []
    for line in lines:
        # The pitch of a justified line and the height of a short one are less sure than those of many.
        slack = _SAME_SIZE if len(line.text) >= _LONG_LINE else 2 * _SAME_SIZE
        if abs(line.size - body) <= slack * body:
            line.size = body
        else:
            others.append(line)
    group: list[Line] = []
    for line in sorted(others, key=lambda line: line.size):
        if group and line.size > group[-1].size * (1 + _SAME_STEP):
            _level(group)
            group = []
        group.append(line)
    _level(group)


def _level(group: list[Line]) -> None:
    if group:
        size = median(line.size for line in group)
        for line in group:
            line.size = size


def count_lost_lines(page: Page) -> int:
    """Lines that the detector has most likely missed: a gap of two lines in the middle of a sentence."""
    lines = sorted((line for line in page.lines if len(line.text) >= _LONG_LINE), key=lambda line: line.top)
    steps = [after.top - before.top for before, after in pairwise(lines)]
    if len(steps) < 4:
        return 0
    leading = median(steps)
    left, right = median(line.left for line in lines), max(line.right for line in lines)
    return sum(
        1.7 * leading < after.top - before.top < 3.3 * leading and before.right > right - 2 * before.size
        and after.left < left + before.size and not _CLOSED.search(before.text)
        for before, after in pairwise(lines))


def unify_running_heads(pages: list[Page]) -> None:
    """Running heads are read a little differently on each page (张店<科技局); give them one text and one place.

    layout.drop_running_heads then finds them as in any other file.
    """
    seen: list[tuple[str, float, Line]] = []
    for page in pages:
        lines = sorted(page.lines, key=lambda line: line.top)
        top = [line for line in lines[:_EDGE_LINES] if line.bottom < _EDGE_SHARE * page.height]
        bottom = [line for line in lines[-_EDGE_LINES:] if line.top > (1 - _EDGE_SHARE) * page.height]
        for line in [*top, *(line for line in bottom if line not in top)]:
            mask = _DIGITS.sub("0", "".join(line.text.split()))
            for other_mask, height, other in seen:
                is_near = abs(line.top / page.height - height) < _NEAR_SHARE
                if is_near and len(mask) > 3 and SequenceMatcher(None, mask, other_mask).ratio() >= _ALIKE:
                    line.cells = list(other.cells)
                    line.bottom += other.top - line.top
                    line.top = other.top
                    break
            else:
                seen.append((mask, line.top / page.height, line))
