"""Which roles a heading or the opening of a passage announces, by the rules of the genre."""

from __future__ import annotations

import re

from pipeline.profiles.genres import Genre
from pipeline.structure.dates import find_years
from pipeline.structure.sections import Section

_SHORTCOMING = re.compile(
    r"不足|不够|不强|不高|不深|不到位|不平衡|不完善|不健全|不及时|有待|尚未|尚需|还需|亟待|薄弱|差距|滞后|欠缺|短板|偏[少低弱]|缺乏|较[弱低]"
)
_INTENTION = re.compile(
    r"(?:进一步|持续|继续|不断|加强|加大|加快|强化|深化|完善|提升|提高|推进|推动|健全|抓好|抓实|落实|严格|优化|规范|创新|开展|建立|着力|聚焦)"
)
_PLAN_WORDS = re.compile(r"下一?步|明年|今后|力争|将(?!来)|继续|进一步|努力")


def roles_of_heading(heading: str, genre: Genre | None, report_year: int | None) -> list[str]:
    """Roles of a top-level heading in the order in which it names them; 主要举措、成效和不足 gives two."""
    if genre is None:
        return []
    hits = []
    for rule in genre.roles:
        if rule.heading is None:
            continue
        match = rule.heading.search(heading)
        if match and not (rule.heading_not and rule.heading_not.search(heading)):
            hits.append((match.start(), rule.role))
    hits.sort(key=lambda hit: hit[0])
    roles = list(dict.fromkeys(role for _, role in hits))
    if "other" in roles and len(roles) > 1:
        # 其他需要报告的情况 is `other` although 情况 alone would be achievements; 特色亮点工作和成效 is not.
        roles = ["other"] if hits[0][1] == "other" else [role for role in roles if role != "other"]
    years = [found.year for found in find_years(heading)]
    if report_year and report_year + 1 in years and report_year not in years and roles in ([], ["achievements"]):
        roles = ["next_plan"]  # 2024年主要举措 in a report on 2023
    return roles


def role_of_child(heading: str, genre: Genre | None) -> str | None:
    """The role that a deeper heading has of its own, whatever its parent's; None for the parent's."""
    if genre is None:
        return None
    return next((rule.role for rule in genre.roles if rule.child and rule.child.search(heading)), None)


def role_of_passage(opening: str, genre: Genre | None, report_year: int | None) -> str | None:
    """The role that a paragraph or sentence without heading takes on by how it opens (下一步，我局将……)."""
    if genre is None:
        return None
    for rule in genre.roles:
        match = rule.passage.match(opening) if rule.passage else None
        if match is None:
            continue
        years = find_years(match.group())
        # A year names a plan only when it is still to come, a review only when it is the one reported on.
        if years and report_year:
            year = years[0].year
            if year != report_year if rule.role == "achievements" else year <= report_year:
                continue
        return rule.role
    return None


class Roles:
    """Gives roles to the sections of one document as they open."""

    def __init__(self, text: str, genre: Genre | None, report_year: int | None) -> None:
        self._text, self._genre, self._year = text, genre, report_year
        self._seen: set[str] = set()  # roles of the top-level sections so far

    def give(self, section: Section) -> None:
        """Set the roles of a section that has just opened."""
        if self._genre is None:
            section.roles = ["other"]
        elif section.parent is None:
            section.roles = self._of_top(section)
            self._seen.update(section.roles)
        else:
            section.roles = self._of_child(section, section.parent)

    def of_passage(self, opening: str, current: Section | None, is_first: bool = False) -> str | None:
        """The role that a sentence opening with these words takes on, where it differs from its section's.

        What stands first below a heading that tells its role keeps to it: a report read in December opens its review
        with 今年是…. In the preamble only a review begins without a heading.
        """
        if current is None:
            role = role_of_passage(opening, self._genre, self._year)
            return role if role == "achievements" else None
        if current.role == "next_plan":
            return None
        role = role_of_passage(opening, self._genre, self._year)
        if is_first and role not in current.roles and roles_of_heading(current.heading, self._genre, self._year):
            return None
        if (
            role in (None, "achievements", current.role)
            or (role == "problems" and current.role not in ("achievements", "first_responsible"))
        ):
            return None
        return role

    def _of_top(self, section: Section) -> list[str]:
        genre = self._genre
        assert genre is not None
        opening = self._text[section.body_start : section.body_start + 300]
        roles = roles_of_heading(section.heading, genre, self._year) if section.heading else []
        if roles:
            return roles
        passage = None if section.heading else role_of_passage(opening[:90], genre, self._year)
        if passage:
            return [passage]
        if "next_plan" in self._seen:
            return [genre.after_plan_role]
        if "problems" in self._seen and (len(_PLAN_WORDS.findall(opening)) >= 2 or _INTENTION.match(section.heading)):
            return ["next_plan"]
        return [genre.numbered_role]

    def _of_child(self, section: Section, parent: Section) -> list[str]:
        words = section.heading
        if not words:
            return list(parent.roles[:1])
        role = role_of_child(words, self._genre)
        if role is None and section.rank < 2:
            role = next(iter(roles_of_heading(words, self._genre, self._year)), None)
        if role is None and "problems" in parent.roles and len(parent.roles) > 1:
            others = [other for other in parent.roles if other != "problems"]
            if _SHORTCOMING.search(words):
                role = "problems"
            elif _INTENTION.match(words) or others == ["achievements"]:
                role = others[0]
        return [role or parent.role]
