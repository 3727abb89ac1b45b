"""Terms bound to years: part `era_terms`. A term outside its years suggests an old draft."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import KnowledgeError
from pipeline.profiles.reader import Entry, compile_pattern, read_csv


@dataclass(frozen=True)
class EraTerm:
    """`first_year` and `last_year` are report years, None for no limit; `unless` marks a look back, which is fine."""

    pattern: re.Pattern[str]
    first_year: int | None
    last_year: int | None
    instead: str
    unless: re.Pattern[str] | None
    note: str

    def is_stale(self, report_year: int) -> bool:
        return self.last_year is not None and report_year > self.last_year

    def is_too_early(self, report_year: int) -> bool:
        """A report is written early in the next year, so a term one year ahead is still possible."""
        return self.first_year is not None and report_year + 1 < self.first_year


@dataclass(frozen=True)
class EraTerms:
    """All terms, in the order of the file."""

    all: tuple[EraTerm, ...]


def load_era_terms(folder: Path) -> EraTerms:
    """Read era_terms.csv. KnowledgeError names the line of a wrong year or pattern."""
    path = folder / "era_terms.csv"
    terms = []
    for row in read_csv(path, ("term", "first_year", "last_year"), ("instead", "unless", "note")):
        first, last = _year(path, row, "first_year"), _year(path, row, "last_year")
        if first is not None and last is not None and first > last:
            raise KnowledgeError(path, f"第{row.line}行", f"first_year {first} 晚于 last_year {last}")
        unless = compile_pattern(path, row, row["unless"]) if row["unless"] else None
        terms.append(EraTerm(compile_pattern(path, row, row["term"]), first, last, row["instead"], unless, row["note"]))
    return EraTerms(tuple(terms))


def _year(path: Path, row: Entry, key: str) -> int | None:
    value = row[key]
    if not value:
        return None
    if not (value.isdigit() and 1990 <= int(value) <= 2100):
        raise KnowledgeError(path, f"第{row.line}行", f"{key} 的值 {value!r} 不是年份", allowed="1990 至 2100 的整数，或留空")
    return int(value)
