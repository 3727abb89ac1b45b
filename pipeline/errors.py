"""Expected failures. Each message says where, what, what is allowed and what to do.

Doubt about one record is a row in table `issues`; only doubt about everything raises.
"""

from __future__ import annotations

from pathlib import Path


class PipelineError(Exception):
    """Base of every failure that a person can mend; the command line prints it without a traceback."""


class KnowledgeError(PipelineError):
    """A knowledge file holds something that cannot be used."""

    def __init__(self, file: Path | str, place: str, problem: str, allowed: str = "", advice: str = "") -> None:
        parts = [f"{Path(file).name} {place}：{problem}"]
        if allowed:
            parts.append(f"允许：{allowed}")
        if advice:
            parts.append(f"请{advice}")
        super().__init__("；".join(parts))
        self.file = Path(file)
        self.place = place


class TableError(PipelineError):
    """A frame does not fit the schema of its table."""


class ReadingError(PipelineError):
    """One file cannot be read. `status` is the documents.status it leads to; the message goes to `issues`."""

    def __init__(self, message: str, status: str = "failed") -> None:
        super().__init__(message)
        self.status = status


class UsageError(PipelineError):
    """The command was called with something that does not exist or does not fit (exit status 2)."""
