"""What is asked of a run, and what it tells of itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.settings import Folders, Options
from pipeline.stages import Stage

# Called with what is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Request:
    """`again` are the functions of stages to be redone in any case; `is_partial` says that stages were left out by name."""

    folders: Folders
    options: Options
    knowledge: Path
    stages: tuple[Stage, ...]
    again: frozenset[str]
    is_partial: bool
    jobs: int
    cluster: str
    progress: Progress | None


@dataclass
class Summary:
    """What a run did: stage functions that did work, rows by table, files written, seconds.

    `seconds` of a stage are those that its workers computed; `documents` and `assembly` are what passed meanwhile.
    """

    redone: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    n_files: int = 0
    n_read_anew: int = 0

    def redo(self, functions: Iterable[str]) -> None:
        self.redone += [name for name in dict.fromkeys(functions) if name not in self.redone]

    def add_seconds(self, name: str, seconds: float) -> None:
        self.seconds[name] = round(self.seconds.get(name, 0.0) + seconds, 3)
