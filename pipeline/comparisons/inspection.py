"""One report laid out for checking: its identity, sections, sentences, quantities and answers in one place.

Only views of the tables of the document stages; the checks themselves are in contents, timing, agreement,
era and leftovers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from pipeline.comparisons.intervals import Interval, interval


@dataclass(frozen=True)
class Section:
    """`roles` holds every role of a section that has several."""

    section_no: int
    parent_no: int | None
    level: int
    heading: str
    role: str
    roles: tuple[str, ...]
    start: int
    end: int
    body_start: int


@dataclass(frozen=True)
class Quantity:
    """Offsets are into the document; `at` and `to` into the sentence."""

    quantity_no: int
    sentence_no: int
    start: int
    end: int
    text: str
    kind: str
    value: Interval
    approx: str
    unit: str
    object: str
    claim: str
    to_date: str


@dataclass(frozen=True)
class Sentence:
    """`quantities` in the order of the text."""

    sentence_no: int
    section_no: int | None
    role: str
    start: int
    end: int
    text: str
    quantities: tuple[Quantity, ...]

    def place(self, quantity: Quantity) -> tuple[int, int]:
        """Offsets of a quantity within the sentence."""
        return quantity.start - self.start, quantity.end - self.start


@dataclass(frozen=True)
class Answer:
    """One row of indicator_values."""

    indicator: str
    state: str
    value: Interval
    quantity_no: int | None
    start: int | None
    end: int | None
    has_previous: bool


@dataclass(frozen=True)
class Candidate:
    """One row of indicator_candidates."""

    indicator: str
    quantity_no: int | None
    value: Interval
    is_chosen: bool


@dataclass(frozen=True)
class Report:
    """What the checks may look at. `year` is None where the report year is unknown."""

    document_id: str
    path: str
    text: str
    genre: str
    title: str
    department: str
    department_code: str
    region: str
    year: int | None
    signed_date: str
    published_date: str
    sections: tuple[Section, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()

    def in_role(self, role: str) -> list[Sentence]:
        return [sentence for sentence in self.sentences if sentence.role == role]

    @cached_property
    def title_span(self) -> tuple[int, int] | None:
        """Where the title stands: what a missing section is shown at."""
        for wanted in (self.title, self.title[:12], self.title[-12:]):
            at = self.text.find(wanted) if wanted else -1
            if at >= 0:
                end = self.text.find("\n", at)
                return at, end if end > at else len(self.text)
        return None


@dataclass(frozen=True)
class Finding:
    """Result of one check; `passed` None where it cannot be judged. `fields` fill the wording of the rule."""

    passed: bool | None
    start: int | None = None
    end: int | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


def quote(text: str, limit: int = 40) -> str:
    """A passage for a message: one line, not too long."""
    line = "".join(text.split())
    return line if len(line) <= limit else line[:limit] + "…"


def read_reports(
    documents: pd.DataFrame, identities: pd.DataFrame, sections: pd.DataFrame, sentences: pd.DataFrame,
    quantities: pd.DataFrame, indicator_values: pd.DataFrame, indicator_candidates: pd.DataFrame,
) -> list[Report]:
    """Every document with an identity, with all that belongs to it, in order of document_id."""
    texts = {row["document_id"]: row for row in _rows(documents, "document_id", "path", "text", "status")
             if row["status"] == "ok"}
    sections_of = _group(_read_section(row) for row in _rows(
        sections, "document_id", "section_no", "parent_no", "level", "heading", "role", "roles", "start", "end",
        "body_start"))
    quantities_of: dict[tuple[str, int], list[Quantity]] = defaultdict(list)
    for document_id, quantity in (_read_quantity(row) for row in _rows(
            quantities, "document_id", "quantity_no", "sentence_no", "start", "end", "text", "kind", "low", "high",
            "approx", "unit", "object", "claim", "to_date") if row["sentence_no"] is not None):
        quantities_of[document_id, quantity.sentence_no].append(quantity)
    sentences_of = _group(_read_sentence(row, quantities_of) for row in _rows(
        sentences, "document_id", "sentence_no", "section_no", "role", "start", "end", "text"))
    answers_of = _group(_read_answer(row) for row in _rows(
        indicator_values, "document_id", "indicator", "state", "low", "high", "quantity_no", "evidence_start",
        "evidence_end", "previous_low", "previous_high"))
    candidates_of = _group(_read_candidate(row) for row in _rows(
        indicator_candidates, "document_id", "indicator", "quantity_no", "low", "high", "is_chosen"))
    reports = []
    for row in _rows(identities, "document_id", "genre", "title", "department", "department_code", "region",
                     "report_year", "signed_date", "published_date"):
        document_id = row["document_id"]
        if document_id not in texts:
            continue
        reports.append(Report(
            document_id, _text(texts[document_id]["path"]), _text(texts[document_id]["text"]), _text(row["genre"]),
            _text(row["title"]), _text(row["department"]), _text(row["department_code"]), _text(row["region"]),
            _whole(row["report_year"]), _text(row["signed_date"])[:10], _text(row["published_date"])[:10],
            tuple(sorted(sections_of[document_id], key=lambda section: section.section_no)),
            tuple(sorted(sentences_of[document_id], key=lambda sentence: sentence.sentence_no)),
            {answer.indicator: answer for answer in answers_of[document_id]},
            tuple(candidates_of[document_id])))
    return sorted(reports, key=lambda report: report.document_id)


def _rows(frame: pd.DataFrame, *columns: str) -> list[dict[str, Any]]:
    """Rows as dicts of Python values, missing as None."""
    lists = [[None if pd.isna(value) else value for value in frame[column].tolist()] for column in columns]
    return [dict(zip(columns, values, strict=True)) for values in zip(*lists, strict=True)]


def _group(pairs: Any) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = defaultdict(list)
    for document_id, item in pairs:
        groups[document_id].append(item)
    return groups


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def _read_section(row: dict[str, Any]) -> tuple[str, Section]:
    role = _text(row["role"])
    roles = tuple(filter(None, _text(row["roles"]).split(";"))) or (role,)
    return row["document_id"], Section(
        int(row["section_no"]), _whole(row["parent_no"]), int(row["level"] or 0), _text(row["heading"]), role,
        roles, int(row["start"] or 0), int(row["end"] or 0), int(row["body_start"] or 0))


def _read_quantity(row: dict[str, Any]) -> tuple[str, Quantity]:
    return row["document_id"], Quantity(
        int(row["quantity_no"]), int(row["sentence_no"]), int(row["start"]), int(row["end"]), _text(row["text"]),
        _text(row["kind"]), interval(row["low"], row["high"]), _text(row["approx"]), _text(row["unit"]),
        _text(row["object"]), _text(row["claim"]), _text(row["to_date"]))


def _read_sentence(
    row: dict[str, Any], quantities_of: dict[tuple[str, int], list[Quantity]]
) -> tuple[str, Sentence]:
    inside = quantities_of.get((row["document_id"], int(row["sentence_no"])), [])
    return row["document_id"], Sentence(
        int(row["sentence_no"]), _whole(row["section_no"]), _text(row["role"]), int(row["start"]), int(row["end"]),
        _text(row["text"]), tuple(sorted(inside, key=lambda quantity: quantity.start)))


def _read_answer(row: dict[str, Any]) -> tuple[str, Answer]:
    return row["document_id"], Answer(
        row["indicator"], _text(row["state"]), interval(row["low"], row["high"]), _whole(row["quantity_no"]),
        _whole(row["evidence_start"]), _whole(row["evidence_end"]),
        row["previous_low"] is not None or row["previous_high"] is not None)


def _read_candidate(row: dict[str, Any]) -> tuple[str, Candidate]:
    return row["document_id"], Candidate(
        row["indicator"], _whole(row["quantity_no"]), interval(row["low"], row["high"]), bool(row["is_chosen"]))
