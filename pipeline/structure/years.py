"""Which year a report covers: title, opening, headings; dates and the file name only where the text is silent.

Years in document numbers, in titles of laws and plans (《……（2021—2025年）》), in 自2019年以来 or 较2022年
and on the clock of a web page never count.
"""

from __future__ import annotations

import re

from pipeline.profiles.genres import Genre
from pipeline.structure.candidates import Candidate, Sources
from pipeline.structure.dates import find_years, year_reported_on
from pipeline.structure.roles import roles_of_heading

# What stands in 《》 or brackets is quoted; a span of years is a plan's.
_QUOTED = re.compile(
    r"《[^》]{0,60}》|〔[^〕]{0,12}〕|[（(][^）)]{0,40}[）)]|20\d\d\s*年?\s*[—–－~～至-]{1,2}\s*20\d\d\s*年?"
)
_NOT_THE_YEAR = re.compile(r"(?:自|从|较|比|同|于|至|到|截至|截止|早在|对比|相比|与)$")
_AFTER_NOT_THE_YEAR = re.compile(r"(?:\s*\d{1,2}月|以来|起|前|之前|以前|底|末|同期|相比|的\d)")
_REPORTED = re.compile(r"(?:将|就|把|对)?[^。，]{0,24}(?:报告|汇报|公布|总结|公开)[^。，]{0,6}(?:如下|。|：|:)")
_FIRST = re.compile(r"20\d\d|二")
EARLIEST = 2004  # 全面推进依法行政实施纲要 began the yearly reports


def year_candidates(
    sources: Sources, genre: Genre | None, signed: str | None, published: str | None
) -> list[Candidate]:
    """Candidates for the report year, the most trusted first."""
    found = _of_title(sources, genre)
    found.extend(_of_opening(sources, genre))
    found.extend(_of_headings(sources, genre))
    offset = genre is not None and genre.year == "reviewed"
    if signed:
        year = int(signed[:4]) - 1 if offset else year_reported_on(signed)
        found.append(Candidate(str(year), "signed_date", 0.7, signed))
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", sources.path.replace("\\", "/").rsplit("/", 1)[-1])
    for name in [stem, *reversed(sources.path.replace("\\", "/").split("/")[:-1])]:
        years = sorted({int(year) for year in re.findall(r"(?<!\d)(20\d\d)(?!\d)", _without_numbers(name))})
        if len(years) == 1:
            found.append(Candidate(str(years[0]), "filename", 0.5, name))
            break
    if published:
        year = int(published[:4]) - 1 if offset else year_reported_on(published)
        found.append(Candidate(str(year), "published_date", 0.4, published))
    latest = max((int(date[:4]) for date in (signed, published) if date), default=2100)
    return [candidate for candidate in found if EARLIEST <= int(candidate.value) <= latest or candidate.trust >= 0.9]


def choose_year(candidates: list[Candidate], signed: str | None) -> Candidate | None:
    """The most trusted candidate; a title year that had not passed when the report was signed yields to the text's."""
    if not candidates:
        return None
    best = max(candidates, key=lambda candidate: candidate.trust)
    if best.source == "title" and signed and _impossible(int(best.value), signed):
        for other in candidates:
            if (
                other.source in ("opening", "heading")
                and other.value != best.value
                and not _impossible(int(other.value), signed)
            ):
                return other
    return best


def _impossible(year: int, signed: str) -> bool:
    """A year cannot be reported on before its November."""
    return int(signed[:4]) < year or (int(signed[:4]) == year and int(signed[5:7]) < 10)


def _without_numbers(name: str) -> str:
    """A file name without document numbers and dates, whose years are not the report's."""
    name = re.sub(r"[〔\[（(【]\s*20\d\d\s*[〕\]）)】]\s*\d+\s*号?", "", name)
    return re.sub(r"20\d\d[-_.年]?(?:0?[1-9]|1[0-2])[-_.月]?(?:3[01]|[12]\d|0[1-9])日?(?!\d)", "", name)


def _of_title(sources: Sources, genre: Genre | None) -> list[Candidate]:
    titles = [(sources.title, "title", 1.0)] if sources.title else []
    titles.extend((value, "document_fields", 0.97) for name, value, _ in sources.fields if name == "title")
    found = []
    for title, source, trust in titles:
        blank = _QUOTED.sub(
            lambda match: "　" * len(match.group()) if match.group()[0] in "《〔" else match.group(), title
        )
        years = [year for year in find_years(blank) if not _AFTER_NOT_THE_YEAR.match(blank, year.end)]
        if not years:
            bare = re.search(r"(?<!\d)20\d\d(?!\d)", blank)
            years_found = [int(bare.group())] if bare else []
        else:
            years_found = [years[0].year]
        for year in years_found:
            if genre is not None and genre.year == "reviewed":
                year -= 1
            span = sources.title_span if source == "title" else None
            found.append(Candidate(str(year), source, trust, title, *(span or (None, None))))
    return found


def _of_opening(sources: Sources, genre: Genre | None) -> list[Candidate]:
    """现将2022年度…情况报告如下 says it outright; else the first year with which a sentence of the opening begins."""
    opening = _QUOTED.sub(lambda match: "　" * len(match.group()), sources.opening)
    found, best = [], 0.0
    for year in find_years(opening):
        if _NOT_THE_YEAR.search(opening[max(0, year.start - 3) : year.start]) or _AFTER_NOT_THE_YEAR.match(
            opening, year.end
        ):
            continue
        trust = (
            0.95
            if _REPORTED.match(opening, year.end)
            else 0.9
            if year.start == 0 or opening[year.start - 1] in "。，；：\n "
            else 0.6
        )
        if genre is not None and genre.year == "reviewed":
            trust = min(trust, 0.8)
        if trust > best:
            best = trust
            start = sources.opening_start + year.start
            end = sources.opening_start + year.end
            found.append(
                Candidate(str(year.year), "opening", trust, sources.text[start : end + 20].split("\n")[0], start, end)
            )
    return sorted(found, key=lambda candidate: -candidate.trust)


def _of_headings(sources: Sources, genre: Genre | None) -> list[Candidate]:
    """A year in the heading of the achievements is the report year, one in the heading of the plan the year after."""
    found = []
    reviewed = genre is not None and genre.year == "reviewed"
    for heading, start in sources.headings:
        years = find_years(heading)
        if not years:
            continue
        roles = roles_of_heading(heading, genre, None)
        year, trust = years[0].year, 0.0
        if "achievements" in roles and "next_plan" not in roles:
            trust = 0.97 if reviewed else 0.9
        elif roles[:1] == ["next_plan"]:
            year, trust = year - 1, 0.75
        if trust:
            found.append(Candidate(str(year), "heading", trust, heading, start, start + len(heading)))
    return found
