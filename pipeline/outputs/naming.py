"""What the compared reports and what they are compared by are called: words that belong to the genre.

A report of 法治政府建设 is written by a 部门, a 政府工作报告 by the government of a 地区; the genre file says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Naming:
    """Words of a genre: its report, what a row of a comparison is, and whether the theme catalogue fits it."""

    genre: str = ""
    report: str = "年度报告"
    subject: str = "部门"
    has_themes: bool = True

    @property
    def words(self) -> dict[str, object]:
        """The placeholders that every sentence of briefing.yml may use."""
        return {"report": self.report, "subject": self.subject}


def compared_genre(reports: pd.DataFrame) -> str:
    """The genre that most compared reports have; "" without any."""
    genres = reports[reports["is_compared"].fillna(False).astype(bool)]["genre"].dropna().mode()
    return "" if genres.empty else str(genres.iloc[0])


def find_naming(reports: pd.DataFrame, genres: Any = None) -> Naming:
    """The words of the compared genre; general ones where the genre is not known."""
    genre = next((item for item in getattr(genres, "all", ()) if item.name == compared_genre(reports)), None)
    return Naming() if genre is None else Naming(genre.name, genre.label, genre.subject, genre.has_themes)
