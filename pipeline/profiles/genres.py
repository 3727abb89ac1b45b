"""Kinds of document (体裁): how each is recognised, and what its sections are for.

`is_report` genres may be compared with their own kind; the others are known by name so that they can be
kept out with a reason. Section roles are patterns over headings and over the openings of passages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.profiles.reader import Entry, check_choice, check_entry, compile_pattern, read_yaml

ROLES = ("achievements", "first_responsible", "problems", "next_plan", "other")
YEAR_RULES = ("covered", "reviewed")
# In a passage pattern, NEXT_YEAR stands for the year after the report year, and REPORT_YEAR for the report year.
NEXT_YEAR, REPORT_YEAR = "NEXT_YEAR", "REPORT_YEAR"
_ANY_YEAR = r"20\d\d"

Pattern = re.Pattern[str]


@dataclass(frozen=True)
class RoleRule:
    """What makes a section belong to `role`.

    `heading` is searched in top-level headings (unless `heading_not` is found there too), `child` in
    deeper ones, `passage` at the opening of a paragraph or sentence that has no heading of its own.
    """

    role: str
    heading: Pattern | None
    heading_not: Pattern | None
    child: Pattern | None
    passage: Pattern | None


@dataclass(frozen=True)
class Genre:
    """One kind of document.

    A title that `title` finds and `title_not` does not decides the genre; where no title decides,
    `body_needed` of the `body` cues do. `year` says how a year in the title is meant: `covered` is the
    report year itself, `reviewed` is one above the year reviewed. `subject` is what its reports are compared by
    (部门, 地区); `has_themes` says whether the theme catalogue was written for it. `carries_reports`: such a document
    may hold a whole report of another genre, which its title names in 《》.
    """

    name: str
    label: str
    is_report: bool
    why_excluded: str
    order: int
    title: Pattern | None
    title_not: Pattern | None
    body: tuple[Pattern, ...]
    body_needed: int
    year: str
    numbered_role: str
    after_plan_role: str
    roles: tuple[RoleRule, ...]
    subject: str = "部门"
    has_themes: bool = False
    carries_reports: bool = False

    def fits_title(self, title: str) -> bool:
        if self.title is None or not self.title.search(title):
            return False
        return self.title_not is None or not self.title_not.search(title)

    def body_hits(self, text: str) -> int:
        return sum(1 for cue in self.body if cue.search(text))


@dataclass(frozen=True)
class Genres:
    """All genres in the order in which they are tried."""

    all: tuple[Genre, ...]

    @cached_property
    def by_name(self) -> dict[str, Genre]:
        return {genre.name: genre for genre in self.all}

    def label(self, name: str) -> str:
        """The Chinese label of a genre; the name itself where it is not known."""
        return self.by_name[name].label if name in self.by_name else name


def load_genres(folder: Path) -> Genres:
    """Genres from `genres/*.yml` under the knowledge folder; KnowledgeError names file and line of a mistake."""
    genres = [_read_genre(path) for path in sorted((folder / "genres").glob("*.yml"))]
    return Genres(tuple(sorted(genres, key=lambda genre: (genre.order, genre.name))))


def _read_genre(path: Path) -> Genre:
    entry = check_entry(
        path,
        read_yaml(path),
        {"name": str, "label": str, "is_report": bool, "order": int},
        {
            "why_excluded": str,
            "title": list,
            "title_not": list,
            "body": list,
            "body_needed": int,
            "year": str,
            "numbered_role": str,
            "after_plan_role": str,
            "roles": list,
            "subject": str,
            "has_themes": bool,
            "carries_reports": bool,
        },
        what="体裁",
    )
    check_choice(path, entry, "name", entry["name"], [path.stem])
    if not entry["is_report"]:
        check_choice(path, entry, "why_excluded", "有" if entry.get("why_excluded") else "空", ["有"])
    return Genre(
        name=entry["name"],
        label=entry["label"],
        is_report=entry["is_report"],
        why_excluded=entry.get("why_excluded", ""),
        order=entry["order"],
        title=_any_of(path, entry, "title"),
        title_not=_any_of(path, entry, "title_not"),
        body=tuple(compile_pattern(path, entry, cue) for cue in entry.get("body", [])),
        body_needed=entry.get("body_needed", 1),
        year=check_choice(path, entry, "year", entry.get("year", "covered"), YEAR_RULES),
        numbered_role=check_choice(path, entry, "numbered_role", entry.get("numbered_role", "other"), ROLES),
        after_plan_role=check_choice(path, entry, "after_plan_role", entry.get("after_plan_role", "other"), ROLES),
        roles=tuple(_read_role(path, item) for item in entry.get("roles", [])),
        subject=entry.get("subject", "部门"),
        has_themes=entry.get("has_themes", False),
        carries_reports=entry.get("carries_reports", False),
    )


def _read_role(path: Path, item: Any) -> RoleRule:
    entry = check_entry(
        path, item, {"role": str}, {"heading": list, "heading_not": list, "child": list, "passage": list}, what="角色"
    )
    return RoleRule(
        role=check_choice(path, entry, "role", entry["role"], ROLES),
        heading=_any_of(path, entry, "heading"),
        heading_not=_any_of(path, entry, "heading_not"),
        child=_any_of(path, entry, "child"),
        passage=_any_of(path, entry, "passage"),
    )


def _any_of(path: Path, entry: Entry, key: str) -> Pattern | None:
    """One pattern that finds any of the listed ones; each is compiled alone first, so that a mistake shows itself."""
    patterns = entry.get(key) or []
    for pattern in patterns:
        compile_pattern(path, entry, _with_years(str(pattern)))
    if not patterns:
        return None
    return re.compile("|".join(f"(?:{_with_years(str(pattern))})" for pattern in patterns))


def _with_years(pattern: str) -> str:
    """Which of the two years it is shows only in a report; until then any year fits."""
    return pattern.replace(NEXT_YEAR, _ANY_YEAR).replace(REPORT_YEAR, _ANY_YEAR)
