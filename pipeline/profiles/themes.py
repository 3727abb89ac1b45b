"""The theme catalogue: what a sentence can be about, and which headings and terms say so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.errors import KnowledgeError
from pipeline.profiles.reader import Entry, check_choice, check_entry, compile_pattern, read_yaml

UNASSIGNED = "unassigned"
_STRENGTHS = ("strong", "normal", "weak")
_ROLES = ("achievements", "first_responsible", "problems", "next_plan", "other")


@dataclass(frozen=True)
class Theme:
    """One theme. `headings` matches headings about it; `terms` gives each seed term its weight."""

    id: str
    name: str
    short: str
    official: str
    headings: tuple[re.Pattern[str], ...]
    terms: Mapping[str, float]


@dataclass(frozen=True)
class ThemeCatalogue:
    """All themes in the order of the file, which is the order in which people read them."""

    themes: tuple[Theme, ...]
    neutral: tuple[str, ...]
    role_themes: Mapping[str, str]
    outline_2015: Mapping[str, tuple[str, ...]]

    @property
    def ids(self) -> list[str]:
        return [theme.id for theme in self.themes]

    @cached_property
    def known_terms(self) -> tuple[str, ...]:
        """Every seed or neutral term: of those that begin at one place the longest counts, not a short one inside it."""
        return tuple(sorted({term for theme in self.themes for term in theme.terms} | set(self.neutral)))

    @cached_property
    def term_weights(self) -> Mapping[str, tuple[tuple[str, float], ...]]:
        """Themes and weights of each seed term; one term may stand under several themes."""
        weights: dict[str, list[tuple[str, float]]] = {}
        for theme in self.themes:
            for term, weight in theme.terms.items():
                weights.setdefault(term, []).append((theme.id, weight))
        return {term: tuple(pairs) for term, pairs in weights.items()}

    def heading_themes(self, heading: str) -> tuple[str, ...]:
        """Themes that a heading names, in the order of the catalogue; none for 主要举措和成效 and the like."""
        for task, themes in self.outline_2015.items():
            if task in heading:
                return themes
        return tuple(theme.id for theme in self.themes if any(pattern.search(heading) for pattern in theme.headings))


def load_themes(folder: Path) -> ThemeCatalogue:
    """The catalogue of themes.yml. KnowledgeError names the line of anything that cannot be used."""
    path = folder / "themes.yml"
    top = check_entry(path, read_yaml(path), {"weights": dict, "themes": list},
                      {"neutral": list, "role_themes": dict, "outline_2015": list}, "themes.yml")
    number = (int, float)
    weights = check_entry(path, top["weights"], dict.fromkeys(_STRENGTHS, number), what="weights")
    themes = tuple(_theme(path, entry, weights) for entry in top["themes"])
    ids = [theme.id for theme in themes]
    for entry in top["themes"]:
        if ids.count(entry["id"]) > 1 or entry["id"] == UNASSIGNED:
            raise KnowledgeError(path, f"第{entry.line}行", f"主题编号 {entry['id']} 重复或不可用", advice="换一个编号")
    role_themes = top.get("role_themes") or Entry()
    for role, theme in role_themes.items():
        check_choice(path, role_themes, "role_themes", role, _ROLES)
        check_choice(path, role_themes, role, theme, ids)
    outline = {}
    for entry in top.get("outline_2015") or []:
        check_entry(path, entry, {"task": str, "themes": list}, what="outline_2015 的条目")
        outline[entry["task"]] = tuple(check_choice(path, entry, "themes", theme, ids) for theme in entry["themes"])
    return ThemeCatalogue(themes, tuple(map(str, top.get("neutral") or [])), dict(role_themes), outline)


def _theme(path: Path, entry: Any, weights: Entry) -> Theme:
    check_entry(path, entry, {"id": str, "name": str, "short": str, "headings": list, "terms": dict},
                {"official": str}, "主题")
    terms_entry = check_entry(path, entry["terms"], {}, dict.fromkeys(_STRENGTHS, list), f"主题 {entry['id']} 的 terms")
    terms: dict[str, float] = {}
    for strength in _STRENGTHS:
        for term in map(str, terms_entry.get(strength) or []):
            if term in terms:
                raise KnowledgeError(path, f"第{terms_entry.line}行", f"主题 {entry['id']} 的种子词 {term} 重复",
                                     advice="只保留一档")
            terms[term] = float(weights[strength])
    headings = tuple(compile_pattern(path, entry, str(pattern)) for pattern in entry["headings"])
    return Theme(entry["id"], entry["name"], entry["short"], entry.get("official") or "", headings, terms)
