"""What sources.csv says about a report goes before what its text says; where they differ, a note names both."""

from __future__ import annotations

from dataclasses import replace

from pipeline.profiles.departments import Departments
from pipeline.profiles.genres import Genres
from pipeline.profiles.places import level_of
from pipeline.structure.candidates import Candidate, Chosen, Sources
from pipeline.structure.conflicts import Problem
from pipeline.structure.genre import genre_called

SOURCE = "sources.csv"
_PREFIX = "override_"


def overridden_fields(sources: Sources) -> dict[str, list[Candidate]]:
    """Field → the one candidate that a person wrote down; `evidence` names the line."""
    return {
        name.removeprefix(_PREFIX): [Candidate(value, SOURCE, 1.0, evidence)]
        for name, value, evidence in sources.fields
        if name.startswith(_PREFIX)
    }


def overridden_department(
    told: dict[str, list[Candidate]], found: Chosen | None, departments: Departments
) -> Chosen | None:
    """The department as found, with what a person wrote about it: 部门, 地区 or both."""
    name = told["department"][0].value if "department" in told else ""
    region = told["region"][0].value if "region" in told else None
    if name:
        office = departments.resolve(name)
        if office is None:
            # An office that departments.csv does not know keeps the name that was written.
            place = region or (found.region if found else None)
            bare = name.removeprefix(place or "")
            return Chosen(None, bare, place, level_of(place), (place or "") + bare, SOURCE, 1.0)
        place = region or office.region or (found.region if found and office.code == found.code else None)
        own = (place or "") + office.office
        return Chosen(office.code, office.office, place, level_of(place, office.bare), own, SOURCE, 1.0)
    if region and found:
        return replace(found, region=region, level=level_of(region), full_name=region + found.office, trust=max(found.trust, 0.9))
    return found


def override_problems(
    told: dict[str, list[Candidate]], genres: Genres, author: Chosen | None, year: Candidate | None
) -> list[Problem]:
    """A genre that does not exist, and a note wherever the text says something else."""
    problems = []
    for candidate in told.get("genre", ()):
        if genre_called(candidate.value, genres) is None:
            known = "、".join(genre.name for genre in genres.all)
            problems.append(
                Problem("体裁", "warning", f"{candidate.evidence}：没有体裁 {candidate.value}，未采用；现有：{known}")
            )
    for candidate in told.get("report_year", ()):
        if year is not None and year.value != candidate.value:
            problems.append(
                Problem(
                    "报告年度",
                    "note",
                    f"按 {candidate.evidence}定为 {candidate.value} 年；文中为 {year.value} 年（“{year.evidence}”）",
                )
            )
    for candidate in told.get("department", ()):
        if author is not None and candidate.value not in author.full_name and author.full_name not in candidate.value:
            problems.append(
                Problem("部门", "note", f"按 {candidate.evidence}定为{candidate.value}；文中为{author.full_name}")
            )
    return problems
