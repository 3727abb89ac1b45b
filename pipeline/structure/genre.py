"""Which genre a document has: by its title, else by the words of its text, else by its file name."""

from __future__ import annotations

import re

from pipeline.profiles.genres import Genre, Genres
from pipeline.structure.candidates import Candidate, Sources
from pipeline.structure.roles import roles_of_heading

BODY_CHARS = 6000
SAMPLE_CHARS = 20000
_NAMED = re.compile(r"《([^》]{6,60})》")
# A report tells of what was done and of one thing more at least: shortcomings, plans.
_FEWEST_ROLES = 2


def find_genre(
    sources: Sources, genres: Genres, told: list[Candidate] | None = None
) -> tuple[Genre | None, Candidate | None]:
    """The genre that a person `told`, else by title, else by the cues of the text, else by the file name.

    A sample text shows in the text first.
    """
    for candidate in told or ():
        genre = genre_called(candidate.value, genres)
        if genre is not None:
            return genre, candidate
    opening = sources.text[:BODY_CHARS]
    for genre in genres.all:
        if genre.order < 10 and genre.body and genre.body_hits(sources.text[:SAMPLE_CHARS]) >= genre.body_needed:
            return genre, Candidate(genre.name, "text", 0.9, sources.title)
    for genre in genres.all:
        if sources.title and genre.fits_title(re.sub(r"\s+", "", sources.title)):
            genre = _carried(sources, genre, genres) or genre
            return genre, Candidate(genre.name, "title", 1.0, sources.title, *(sources.title_span or (None, None)))
    for genre in genres.all:
        hits = genre.body_hits(opening) if genre.body else 0
        if genre.body and hits >= genre.body_needed:
            return genre, Candidate(genre.name, "text", 0.8, opening[:40])
    stem = sources.path.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    for genre in genres.all:
        if genre.fits_title(stem):
            return genre, Candidate(genre.name, "filename", 0.5, stem)
    return None, None


def _carried(sources: Sources, genre: Genre, genres: Genres) -> Genre | None:
    """The genre of the report that follows in full below 关于印发《……年度报告》的通知; None where no report follows."""
    if not genre.carries_reports:
        return None
    for name in _NAMED.findall(re.sub(r"\s+", "", sources.title)):
        carried = next((other for other in genres.all if other.fits_title(name)), None)
        if carried is not None and carried.is_report:
            roles = {role for heading, _ in sources.headings for role in roles_of_heading(heading, carried, None)}
            return carried if len(roles) >= _FEWEST_ROLES else None
    return None


def genre_called(name: str, genres: Genres) -> Genre | None:
    """The genre of this name or Chinese label; None where there is none."""
    return next((genre for genre in genres.all if name in (genre.name, genre.label)), None)
