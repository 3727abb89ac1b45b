"""What a run found in each document, in the form in which it can be held against the truth.

What belongs here: gathering rows of the tables by document, and comparing words and bounds without regard to blanks and
the width of brackets. Nothing is counted here.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.api import TableSet
from pipeline.tables.store import records

_BRACKETS = str.maketrans("()[]﹝﹞", "（）〔〕〔〕")
_ANSWERED = frozenset({"value", "zero", "na", "corrected", "ambiguous"})
_SHOWS_VALUE = frozenset({"value", "corrected", "ambiguous"})


def plain(words: Any) -> str:
    """Words without blanks, brackets in one form; "" for a missing value."""
    if words is None or (not isinstance(words, str) and pd.isna(words)):
        return ""
    return "".join(str(words).split()).translate(_BRACKETS)


def near_number(one: float | None, other: float | None) -> bool:
    """Equal but for rounding; an open end only equals an open end."""
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-6)


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


@dataclass(frozen=True)
class Answer:
    """The answer to one indicator: `state` is value, zero or na; `span` is where its number stands."""

    state: str
    low: float | None
    high: float | None
    evidence: str
    span: tuple[int, int] | None = None

    @classmethod
    def of(cls, state: str, low: Any, high: Any, evidence: str, span: tuple[int, int] | None = None) -> Answer:
        """An answer whose state is what its value says: a stated 0 is a zero, a reviewed value a value."""
        low, high = _number(low), _number(high)
        if state in _SHOWS_VALUE:
            state = "zero" if low == 0 and high == 0 else "value"
        return cls(state, low, high, evidence, span)

    def agrees(self, other: Answer) -> bool:
        """Same state, and for a value the same bounds."""
        if self.state != other.state:
            return False
        return self.state != "value" or (near_number(self.low, other.low) and near_number(self.high, other.high))

    def __str__(self) -> str:
        bounds = "" if self.state != "value" else f"{_written(self.low)}—{_written(self.high)}"
        return f"{self.state} {bounds}".rstrip() + (f"“{self.evidence}”" if self.evidence else "")


def _written(bound: float | None) -> str:
    return "" if bound is None else f"{bound:.10g}"


@dataclass
class Found:
    """What the tables hold about one document; an empty one stands for a document that was not read."""

    report: Mapping[str, Any] | None = None
    text: str = ""
    sections: list[tuple[str, str]] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    reused: set[str] = field(default_factory=set)
    commitments: list[tuple[str, str]] = field(default_factory=list)
    checks: dict[str, bool | None] = field(default_factory=dict)
    messages: str = ""
    _flat: tuple[str, list[int]] | None = field(default=None, repr=False)

    def find(self, words: str) -> tuple[int, int] | None:
        """Where words stand in the text, blanks and brackets aside; None where they do not."""
        if self._flat is None:
            places = [place for place, character in enumerate(self.text) if not character.isspace()]
            self._flat = "".join(self.text[place] for place in places).translate(_BRACKETS), places
        flat, places = self._flat
        wanted = plain(words)
        at = flat.find(wanted) if wanted else -1
        return None if at < 0 else (places[at], places[at + len(wanted) - 1] + 1)


def gather_found(tables: TableSet) -> dict[str, Found]:
    """Every document that was read, by the stem of its file name."""
    found: dict[str, Found] = {}
    by_id: dict[str, Found] = {}
    for row in records(tables.documents):
        document = by_id.setdefault(row.document_id, Found(text="" if pd.isna(row.text) else row.text))
        found[Path(row.path).stem] = document
    # A table may name a document that is gone; its rows then belong to nobody.
    nobody: dict[str, Found] = defaultdict(Found)

    def of(document_id: Any) -> Found:
        return by_id.get(document_id) or nobody[str(document_id)]

    for row in records(tables.reports):
        of(row.document_id).report = row._asdict()
    for row in records(tables.sections):
        of(row.document_id).sections.append((plain(row.heading), row.role))
    _add_answers(tables, of)
    sentences = {(row.document_id, row.sentence_no): plain(row.text) for row in records(tables.sentences)}
    for row in records(tables.reuse):
        of(row.document_id).reused.add(sentences.get((row.document_id, row.sentence_no), ""))
    for row in records(tables.commitments):
        of(row.document_id).commitments.append((sentences.get((row.document_id, row.sentence_no), ""), row.outcome))
    for row in records(tables.checks):
        of(row.document_id).checks[row.check] = None if pd.isna(row.passed) else bool(row.passed)
    messages: dict[str, list[str]] = defaultdict(list)
    for row in records(tables.issues):
        if isinstance(row.document_id, str):
            messages[row.document_id].append(plain(row.message))
    for document_id, lines in messages.items():
        of(document_id).messages = " ".join(lines)
    return found


def _add_answers(tables: TableSet, of: Any) -> None:
    spans = {(row.document_id, row.quantity_no): (int(row.start), int(row.end)) for row in records(tables.quantities)}
    for row in records(tables.indicator_values):
        if row.state not in _ANSWERED:
            continue
        document = of(row.document_id)
        span = None if pd.isna(row.evidence_start) else (int(row.evidence_start), int(row.evidence_end))
        evidence = "" if span is None else document.text[span[0]:span[1]]
        number = None if pd.isna(row.quantity_no) else spans.get((row.document_id, row.quantity_no))
        document.answers[row.indicator] = Answer.of(row.state, row.low, row.high, evidence, number or span)
