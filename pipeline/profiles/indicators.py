"""The catalogue of indicators: what is asked of every report, and how the answer is worded.

A file of knowledge/indicators holds the indicators of one theme; subjects.yml and language.yml hold the words that all
of them share. Frozen dataclasses for the stages; nothing here reads a report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import KnowledgeError
from pipeline.profiles.indicator_entries import Example, Indicator, read_indicator
from pipeline.profiles.language import Language, load_language
from pipeline.profiles.lookup import Lookup, make_lookup
from pipeline.profiles.reader import Entry, check_choice, check_entry, read_yaml

__all__ = ["GENRES", "Example", "Indicator", "Indicators", "load_indicators"]

GENRES = ("rule_of_law", "work_report")


@dataclass(frozen=True, eq=False)
class Indicators:
    """The catalogue, in the order of the files. Equal only to itself, so that what was read with it can be remembered."""

    all: tuple[Indicator, ...]
    language: Language
    by_id: Mapping[str, Indicator] = field(default_factory=dict)
    lookups: Mapping[str, Lookup] = field(default_factory=dict)

    def of_genre(self, genre: str) -> tuple[Indicator, ...]:
        """The indicators asked of reports of a genre; none for an unknown genre."""
        return tuple(indicator for indicator in self.all if indicator.genre == genre)


def load_indicators(folder: Path) -> Indicators:
    """The catalogue under `folder`/indicators. KnowledgeError names file, line and what is allowed."""
    language = load_language(folder / "indicators" / "language.yml", folder / "indicators" / "subjects.yml")
    found: list[Indicator] = []
    lines: dict[str, str] = {}
    for genre in GENRES:
        for path in sorted((folder / "indicators" / genre).glob("*.yml")):
            for indicator, line in _read_file(path, genre, language):
                if indicator.id in lines:
                    raise KnowledgeError(path, f"第{line}行", f"指标 {indicator.id} 重复，另见 {lines[indicator.id]}")
                lines[indicator.id] = f"{path.name} 第{line}行"
                found.append(indicator)
    by_id = {indicator.id: indicator for indicator in found}
    lookups = {genre: _lookup([item for item in found if item.genre == genre]) for genre in GENRES}
    return Indicators(tuple(found), language, by_id, lookups)


def _read_file(path: Path, genre: str, language: Language) -> list[tuple[Indicator, int]]:
    top = check_entry(path, read_yaml(path), {"theme": str, "genre": str, "indicators": list}, what="文件")
    check_choice(path, top, "genre", top["genre"], [genre])
    return [
        (read_indicator(path, top, entry, language), entry.line if isinstance(entry, Entry) else 0)
        for entry in top["indicators"]
    ]


def _lookup(indicators: list[Indicator]) -> Lookup:
    return make_lookup(
        [(item.patterns, item.units, item.zero, item.na, item.stated) for item in indicators],
        sorted({example.text for item in indicators for example in item.examples}),
    )
