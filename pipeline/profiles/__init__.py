"""Turn pipeline/knowledge/ into frozen dataclasses. Only this package reads knowledge files.

A stage names the part it needs as a parameter (`units`, `indicators`, …). Each part says which files
it reads, so that a change of one file redoes only the stages that read it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from pipeline.settings import KNOWLEDGE


@dataclass(frozen=True)
class Part:
    """One part of the knowledge: its files (glob patterns under the knowledge folder) and `module:function` that loads them."""

    files: tuple[str, ...]
    loader: str

    def load(self, folder: Path) -> Any:
        module, function = self.loader.split(":")
        load: Callable[[Path], Any] = getattr(import_module(f"pipeline.profiles.{module}"), function)
        return load(folder)


PARTS: dict[str, Part] = {
    "furniture": Part(("furniture.csv",), "furniture:load_furniture"),
    "genres": Part(("genres/*.yml",), "genres:load_genres"),
    "departments": Part(("departments.csv", "lineage.csv", "regions.csv"), "departments:load_departments"),
    "units": Part(("units.csv", "qualifiers.csv", "names.csv", "zeros.csv", "claims.csv"), "units:load_units"),
    "indicators": Part(("indicators/**/*.yml",), "indicators:load_indicators"),
    "corrections": Part(("corrections.csv",), "corrections:load_corrections"),
    "theme_catalogue": Part(("themes.yml",), "themes:load_themes"),
    "words": Part(("words.txt", "stopwords.txt"), "words:load_words"),
    "era_terms": Part(("era_terms.csv",), "era_terms:load_era_terms"),
    "boilerplate": Part(("boilerplate.csv",), "boilerplate:load_boilerplate"),
    "check_rules": Part(("checks.yml",), "checks:load_check_rules"),
    "briefing_rules": Part(("briefing.yml",), "briefing:load_briefing_rules"),
}


def part_files(name: str, folder: Path = KNOWLEDGE) -> list[Path]:
    """The files that part `name` reads, sorted."""
    return sorted({path for pattern in PARTS[name].files for path in folder.glob(pattern) if path.is_file()})


def part_hash(name: str, folder: Path = KNOWLEDGE) -> str:
    """Hash of the files of a part: names and bytes."""
    digest = hashlib.sha256()
    for path in part_files(name, folder):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


@cache
def load_part(name: str, folder: Path = KNOWLEDGE) -> Any:
    """Part `name`, loaded once a process. KnowledgeError where a file is wrong."""
    return PARTS[name].load(folder)
