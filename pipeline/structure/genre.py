"""Which genre a document has: by its title, else by the words of its text, else by its file name."""

from __future__ import annotations

import re

from pipeline.profiles.genres import Genre, Genres
from pipeline.structure.candidates import Candidate, Sources

BODY_CHARS = 6000
SAMPLE_CHARS = 20000


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


def genre_called(name: str, genres: Genres) -> Genre | None:
    """The genre of this name or Chinese label; None where there is none."""
    return next((genre for genre in genres.all if name in (genre.name, genre.label)), None)
