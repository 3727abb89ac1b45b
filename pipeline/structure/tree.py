"""The section tree while it grows: which headings there are, what they close, and at which level a new one stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.profiles.genres import Genre
from pipeline.structure.headings import GLUED, Heading, is_statement, read_heading
from pipeline.structure.lines import Line
from pipeline.structure.roles import roles_of_heading
from pipeline.structure.sections import Section

# Ranks order the kinds of heading from outside in. A heading closes every open section of its own rank or a deeper one.
RANK_UNNUMBERED_ABOVE = 0.5  # an unnumbered 2023年工作回顾 over 一、二、三、
RANK_INNER_SERIES = 1.5  # a second series 一、二、 inside 一、
RANK_UNNUMBERED_INSIDE = 1.3  # an unnumbered 下一步打算 inside 二、存在问题和下一步打算
RANK_PASSAGE = 1.7  # a paragraph that opens with 下一步，… inside a section with another role
RANK_ENUMERATION = 5.0
RANK_INSIDE_ENUMERATION = 5.5
LEVEL_ENUMERATION = 5


class Tree:
    """Sections in the order in which they open; section 0 is the preamble."""

    def __init__(self, start: int) -> None:
        self.sections = [Section(0, None, 0, 0.0, 0, "", "", start, start)]
        self._open: list[Section] = []

    @property
    def current(self) -> Section | None:
        """The innermost open section; None in the preamble."""
        return self._open[-1] if self._open else None

    @property
    def top(self) -> Section | None:
        """The open top-level section."""
        return self._open[0] if self._open else None

    def nearest(self, rank: float) -> Section | None:
        """The open section of exactly this rank."""
        return next((section for section in reversed(self._open) if section.rank == rank), None)

    def close(self, rank: float, at: int) -> None:
        """Close the open sections of `rank` and deeper ones; the text before `at` is their last."""
        while self._open and self._open[-1].rank >= rank:
            self._open.pop().end = at
        if len(self.sections) == 1 or self.sections[0].end < 0:
            self.sections[0].end = at

    def open(self, rank: float, ordinal: int, label: str, heading: str, start: int, body_start: int) -> Section:
        """A new section below the innermost open one of a lower rank."""
        self.close(rank, start)
        parent = self.current
        level = (
            LEVEL_ENUMERATION
            if rank == RANK_ENUMERATION
            else min(LEVEL_ENUMERATION, (parent.level if parent else 0) + 1)
        )
        section = Section(len(self.sections), parent, level, rank, ordinal, label, heading, start, body_start)
        self.sections.append(section)
        self._open.append(section)
        return section

    def finish(self, end: int) -> list[Section]:
        self.close(0.0, end)
        return self.sections


_ALONE = re.compile(r"[^，。；：！？,;:!?…]{4,30}[：:]?$|[^。；：！？;:!?…]{8,36}$")
_OPEN_END = re.compile(r"[的和与及、了在对，]$")
_FULL_STOP = re.compile(r"[。！？；：:!?;][”’）)》]*$")


def find_headings(body: list[Line], genre: Genre | None, year: int | None) -> Iterator[tuple[int, Heading]]:
    """(index of the line, heading) for every line that begins with a number or is a heading without one.

    A heading without a number stands alone between paragraphs; `ordinal` 1 marks one whose words tell its role.
    """
    previous_ends = True
    for index, line in enumerate(body):
        if line.kind != "body":
            previous_ends = True
            continue
        text = line.text
        heading = read_heading(text) or _glued(text, genre, year)
        if heading is None and previous_ends and len(text) <= 37 and _ALONE.match(text) and not _OPEN_END.search(text):
            heading = _unnumbered(text, body[index + 1].text if index + 1 < len(body) else "", genre, year)
        previous_ends = bool(_FULL_STOP.search(text)) or (heading is not None and heading.is_alone)
        if heading:
            yield index, heading


def _glued(text: str, genre: Genre | None, year: int | None) -> Heading | None:
    """A telling heading without number and break before its paragraph: 2023年工作回顾2023年是……"""
    match = GLUED.match(text) if len(text) > 200 else None
    if match and match.end() <= 30 and not is_statement(match.group()) and roles_of_heading(match.group(), genre, year):
        return Heading(0, 1, "", match.group(), match.end(), False)
    return None


def _may_follow(following: str) -> bool:
    """Whether this paragraph may stand below a heading without number: text, or an enumeration, but no heading."""
    heading = read_heading(following)
    return heading is None or heading.style == 5


def _unnumbered(text: str, following: str, genre: Genre | None, year: int | None) -> Heading | None:
    if is_statement(text) or "如下" in text or "以下" in text or (text.endswith(("：", ":")) and len(text) > 20):
        return None
    words = text.rstrip("：:")
    if roles_of_heading(words, genre, year):
        return Heading(0, 1, "", words, len(text), True)
    if (
        len(following) > 40
        and len(following) > 1.5 * len(text)
        and not text.endswith(("：", ":"))
        and _may_follow(following)
    ):
        return Heading(0, 0, "", words, len(text), True)
    return None


class Ranks:
    """The rank of each heading of one document, from its style and from how the document uses the styles."""

    def __init__(self, headings: list[Heading], genre: Genre | None, year: int | None) -> None:
        telling = [heading for heading in headings if heading.style == 0 and heading.number]
        self._genre, self._year = genre, year
        self._has_first = any(heading.style == 1 for heading in headings)
        self._has_parts = sum(heading.label.startswith("第") for heading in headings if heading.style == 1) > 1
        self._has_second = any(heading.style == 2 for heading in headings)
        self._has_top = self._has_first or bool(telling)
        unnumbered = [heading for heading in headings if heading.style == 0]
        # 逐条平铺: where the first heading tells no role, or none tells of achievements, all stand at one level.
        tells_achievements = any("achievements" in roles_of_heading(item.heading, genre, year) for item in telling)
        self._is_flat = (
            not self._has_first and not self._has_second and (unnumbered[:1] != telling[:1] or not tells_achievements)
        )
        self._unnumbered_above = (
            self._has_first and len(telling) >= 2 and headings[0].style == 0 and bool(headings[0].number)
        )

    def rank_of(self, tree: Tree, heading: Heading, at: int) -> float:
        """The rank of `heading`, which begins at `at`; a passage that a continued numbering ends is closed there."""
        if heading.style == 0:
            return self._unnumbered(heading)
        if heading.style == 1:
            return self._first(tree, heading)
        if not self._has_top and heading.is_alone and roles_of_heading(heading.heading, self._genre, self._year):
            return 1.0
        passage = tree.nearest(RANK_PASSAGE)
        sibling = tree.nearest(float(heading.style))
        continues_inside = sibling is not None and passage is not None and sibling.number > passage.number
        if passage and heading.style < 5 and heading.number != 1 and not continues_inside:
            tree.close(RANK_PASSAGE, at)
        if (
            heading.style in (3, 4)
            and tree.current
            and tree.current.rank >= RANK_ENUMERATION
            and (heading.number == 1 or tree.current.rank > RANK_ENUMERATION)
            and not tree.nearest(float(heading.style))
        ):
            return RANK_INSIDE_ENUMERATION
        return float(heading.style)

    def _unnumbered(self, heading: Heading) -> float:
        if not heading.number:
            if self._is_flat:
                return 1.0
            return 4.5 if self._has_second else 2.0
        if self._unnumbered_above:
            return RANK_UNNUMBERED_ABOVE
        return RANK_UNNUMBERED_INSIDE if self._has_first else 1.0

    def _first(self, tree: Tree, heading: Heading) -> float:
        """一、 again below an open 一、 begins an inner series; where a number fits both series, the words decide."""
        outer, inner = tree.nearest(1.0), tree.nearest(RANK_INNER_SERIES)
        if outer is None:
            return 1.0
        if self._has_parts:
            return 1.0 if heading.label.startswith("第") else RANK_INNER_SERIES  # 第一部分 stands over 一、
        if inner is None:
            is_restart = (
                heading.number == 1
                and outer.ordinal >= 1
                and not roles_of_heading(heading.heading, self._genre, self._year)
            )
            return RANK_INNER_SERIES if is_restart else 1.0
        fits_inner, fits_outer = heading.number == inner.ordinal + 1, heading.number == outer.ordinal + 1
        if fits_inner != fits_outer:
            return RANK_INNER_SERIES if fits_inner else 1.0
        return 1.0 if roles_of_heading(heading.heading, self._genre, self._year) else RANK_INNER_SERIES
