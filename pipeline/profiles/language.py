"""The words around numbers that all indicators share: subjects.yml and language.yml of knowledge/indicators."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import KnowledgeError
from pipeline.profiles.patterns import PatternError, expression_of, last_characters
from pipeline.profiles.reader import Entry, check_entry, read_yaml

_LISTS = (
    "fillers",
    "light_verbs",
    "deltas",
    "bridges",
    "bridge_starts",
    "previous_words",
    "last_year",
    "parts",
    "negatives",
    "not_negative",
    "goals",
)


@dataclass(frozen=True)
class Language:
    """Shared words, compiled. `subjects` gives, by its first two characters, each subject word and what it is about."""

    names: tuple[str, ...]
    subjects: Mapping[str, tuple[tuple[str, str], ...]]
    filler_ends: frozenset[str]
    filler: re.Pattern[str]
    light: re.Pattern[str]
    delta: re.Pattern[str]
    bridge: re.Pattern[str]
    bridge_start: re.Pattern[str]
    previous: re.Pattern[str]
    last_year: re.Pattern[str]
    part: re.Pattern[str]
    negative: re.Pattern[str]
    goal: re.Pattern[str]
    twins: tuple[tuple[str, tuple[str, ...]], ...]


def load_language(path: Path, subjects_path: Path) -> Language:
    """The words of language.yml and subjects.yml. KnowledgeError names the file and line of a mistake."""
    entry = check_entry(path, read_yaml(path), {**dict.fromkeys(_LISTS, list), "twins": Entry})
    words = {key: _join(path, entry, key) for key in _LISTS}
    filler = words["fillers"]
    names, subjects = _subjects(subjects_path)
    first_signs = re.escape("".join(sorted({str(text)[0] for text in entry["negatives"]})))
    return Language(
        names=names,
        subjects=subjects,
        filler_ends=frozenset().union(*(last_characters(str(text)) for text in entry["fillers"])),
        filler=re.compile(f"(?:{filler})*$"),
        light=re.compile(f"(?:{filler}|{words['light_verbs']})*$"),
        delta=re.compile(f"(?:{words['deltas']})$"),
        bridge=re.compile(f"^(?:{filler})*(?:{words['bridges']})$"),
        bridge_start=re.compile(f"(?:{words['bridge_starts']})(?!于)[^，。；：]{{0,12}}$"),
        previous=re.compile(f"^(?:{words['previous_words']})"),
        last_year=re.compile(words["last_year"]),
        part=re.compile(words["parts"]),
        negative=re.compile(f"(?=[{first_signs}])(?!{words['not_negative']})(?:{words['negatives']})"),
        goal=re.compile(words["goals"]),
        twins=tuple((str(both), tuple(map(str, single))) for both, single in entry["twins"].items()),
    )


def _join(path: Path, entry: Entry, key: str) -> str:
    try:
        return "|".join(
            expression_of(str(text)) for text in sorted(map(str, entry[key]), key=lambda text: (-len(text), text))
        )
    except PatternError as error:
        raise KnowledgeError(path, f"第{entry.line}行", f"{key} 有误：{error}") from error


def _subjects(path: Path) -> tuple[tuple[str, ...], Mapping[str, tuple[tuple[str, str], ...]]]:
    content = read_yaml(path)
    entry = check_entry(path, content, dict.fromkeys(content if isinstance(content, dict) else (), list))
    by_pair: dict[str, list[tuple[str, str]]] = {}
    for subject, names in entry.items():
        for name in map(str, names):
            if len(name) < 2:
                raise KnowledgeError(path, f"第{entry.line}行", f"事项词 {name!r} 不足两个字")
            by_pair.setdefault(name[:2], []).append((name, subject))
    longest_first = {
        pair: tuple(sorted(items, key=lambda item: (-len(item[0]), item))) for pair, items in by_pair.items()
    }
    return tuple(entry), longest_first
