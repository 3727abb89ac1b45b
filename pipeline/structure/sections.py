"""One section of a report while the outline is read."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Section:
    """One section under construction; `end` is set when it closes."""

    number: int
    parent: Section | None
    level: int
    rank: float
    ordinal: int
    label: str
    heading: str
    start: int
    body_start: int
    end: int = -1
    roles: list[str] = field(default_factory=list)

    @property
    def role(self) -> str:
        return self.roles[0] if self.roles else "other"
