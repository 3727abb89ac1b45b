"""Where things are and which limits hold. No domain knowledge here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
KNOWLEDGE = PACKAGE / "knowledge"


@dataclass(frozen=True)
class Folders:
    """The three folders of a run; `cache` lies inside `processed`."""

    raw: Path = Path("data/raw")
    processed: Path = Path("data/processed")
    reports: Path = Path("reports")

    @property
    def cache(self) -> Path:
        return self.processed / ".cache"


@dataclass(frozen=True)
class Limits:
    """What one file may cost. Sizes in bytes, times in seconds."""

    file_bytes: int = 256 * 2**20
    archive_part_bytes: int = 64 * 2**20
    archive_total_bytes: int = 256 * 2**20
    archive_ratio: int = 200
    archive_members: int = 5000
    text_chars: int = 5_000_000
    paragraphs: int = 100_000
    pages: int = 1000
    ocr_pages: int = 200
    reader_seconds: int = 60
    reader_memory_bytes: int = 3 * 2**30


@dataclass(frozen=True)
class Options:
    """Choices of a run that change its results. `genre` "" means the genre that most reports have."""

    genre: str = ""


LIMITS = Limits()
