"""The words around numbers that all indicators share: subjects.yml and language.yml of knowledge/indicators."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import KnowledgeError
from pipeline.profiles.patterns import PatternError, expression_of, last_characters
from pipeline.profiles.reader import Entry, check_entry, read_yaml
from pipeline.profiles.word_patterns import any_word

_LISTS = (
    "fillers",
    "light_verbs",
    "deltas",
    "bridges",
    "bridge_starts",
    "previous_words",
    "last_year",
    "parts",
    "occasions",
    "increments",
    "aspects",
    "event_words",
    "falls",
    "negatives",
    "not_negative",
    "goals",
)
# Lists that a knowledge folder of an earlier version does not have.
_LATER = ("occasions", "increments", "aspects", "event_words", "falls")
_NEVER = "(?!)"


@dataclass(frozen=True)
class Language:
    """Shared words, compiled. `subject_word` finds a subject word, `subjects` says what each of them is about.

    A weak word (立案) only counts where its clause names no other subject before: 仲裁院立案受理 is about 仲裁.
    `classes` are words that patterns name together: <办理> is (办理|受理|办结…).
    """

    names: tuple[str, ...]
    classes: Mapping[str, str]
    subjects: Mapping[str, str]
    subject_word: re.Pattern[str]
    weak: frozenset[str]
    filler_ends: frozenset[str]
    filler: re.Pattern[str]
    light: re.Pattern[str]
    delta: re.Pattern[str]
    bridge: re.Pattern[str]
    bridge_start: re.Pattern[str]
    previous: re.Pattern[str]
    last_year: re.Pattern[str]
    part: re.Pattern[str]
    occasion: re.Pattern[str]
    increment: re.Pattern[str]
    aspect: re.Pattern[str]
    event: re.Pattern[str]
    fall: re.Pattern[str]
    negative: re.Pattern[str]
    goal: re.Pattern[str]
    twins: tuple[tuple[str, tuple[str, ...]], ...]


def load_language(path: Path, subjects_path: Path) -> Language:
    """The words of language.yml and subjects.yml. KnowledgeError names the file and line of a mistake."""
    needed = {**dict.fromkeys((key for key in _LISTS if key not in _LATER), list), "twins": Entry}
    entry = check_entry(path, read_yaml(path), needed, {**dict.fromkeys(_LATER, list), "classes": Entry})
    words = {key: _join(path, entry, key) for key in _LISTS}
    filler = words["fillers"]
    names, subjects, weak = _subjects(subjects_path)
    first_signs = re.escape("".join(sorted({str(text)[0] for text in entry["negatives"]})))
    return Language(
        names=names,
        classes={name: f"({'|'.join(map(str, members))})" for name, members in (entry.get("classes") or {}).items()},
        subjects=subjects,
        subject_word=any_word(subjects),
        weak=weak,
        filler_ends=frozenset().union(*(last_characters(str(text)) for text in entry["fillers"])),
        filler=re.compile(f"(?:{filler})*$"),
        light=re.compile(f"(?:{filler}|{words['light_verbs']})*$"),
        delta=re.compile(f"(?:{words['deltas']})$"),
        bridge=re.compile(f"^(?:{filler})*(?:{words['bridges']})$"),
        bridge_start=re.compile(f"(?:{words['bridge_starts']})(?!于)[^，。；：]{{0,12}}$"),
        previous=re.compile(f"^(?:{words['previous_words']})"),
        last_year=re.compile(words["last_year"]),
        part=re.compile(words["parts"]),
        occasion=re.compile(words["occasions"]),
        increment=re.compile(words["increments"]),
        aspect=re.compile(words["aspects"]),
        event=re.compile(f"(?:{words['event_words']})$"),
        fall=re.compile(f"(?:{words['falls']})(?=(?:了|约|近|幅度|比例)*$)"),
        negative=re.compile(f"(?=[{first_signs}])(?!{words['not_negative']})(?:{words['negatives']})"),
        goal=re.compile(words["goals"]),
        twins=tuple((str(both), tuple(map(str, single))) for both, single in entry["twins"].items()),
    )


def _join(path: Path, entry: Entry, key: str) -> str:
    try:
        return "|".join(
            expression_of(str(text)) for text in sorted(map(str, entry.get(key) or ()), key=lambda text: (-len(text), text))
        ) or _NEVER
    except PatternError as error:
        raise KnowledgeError(path, f"第{entry.line}行", f"{key} 有误：{error}") from error


def _subjects(path: Path) -> tuple[tuple[str, ...], Mapping[str, str], frozenset[str]]:
    content = read_yaml(path)
    entry = check_entry(path, content, dict.fromkeys(content if isinstance(content, dict) else (), list))
    subjects: dict[str, str] = {}
    weak: set[str] = set()
    for subject, names in entry.items():
        for written in map(str, names):
            name = written.removesuffix("?")
            if len(name) < 2:
                raise KnowledgeError(path, f"第{entry.line}行", f"事项词 {name!r} 不足两个字")
            if name != written:
                weak.add(name)
            subjects[name] = min(subject, subjects.get(name, subject))
    return tuple(entry), subjects, frozenset(weak)
