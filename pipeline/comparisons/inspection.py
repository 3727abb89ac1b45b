"""One report laid out for checking: its identity, sections, sentences, quantities and answers in one place.

Only views of the tables of the document stages; the checks themselves are in contents, timing, agreement,
era and leftovers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd

from pipeline.comparisons.intervals import Interval, interval

_END = re.compile(r"(?<!\[)\^|\$|\\[AbBZ]")
# What may not follow or precede, with up to two levels of brackets inside; and what a line break would be among that.
_UNLIKE = re.compile(r"\(\?<?!((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)")
_ANY = re.compile(r"\[\^|\\[SDWs]")


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
    """One row of indicator_values for which the text gives evidence."""

    indicator: str
    state: str
    start: int
    end: int
    has_previous: bool


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

    def in_role(self, role: str) -> list[Sentence]:
        return [sentence for sentence in self.sentences if sentence.role == role]

    @cached_property
    def said(self) -> str:
        """All sentences, to see at once what comes up in none of them."""
        return "\n".join(sentence.text for sentence in self.sentences)

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


def may_occur(pattern: re.Pattern[str], lines: str) -> bool:
    """False where the pattern is found in no line: one search instead of one for each."""
    return _sees_ends(pattern) or pattern.search(lines) is not None


@lru_cache(maxsize=1024)
def _sees_ends(pattern: re.Pattern[str]) -> bool:
    """Whether the end of a line may count as something else than a line break: ^, $, word boundaries, (?!.) and the like."""
    unlike = _UNLIKE.findall(pattern.pattern)
    is_plain = len(unlike) == pattern.pattern.count("(?!") + pattern.pattern.count("(?<!")
    return not is_plain or bool(_END.search(pattern.pattern)) or any(_ANY.search(inside) for inside in unlike)


def quote(text: str, limit: int = 40) -> str:
    """A passage for a message: one line, not too long."""
    line = "".join(text.split())
    return line if len(line) <= limit else line[:limit] + "…"


def read_reports(
    documents: pd.DataFrame, identities: pd.DataFrame, sections: pd.DataFrame, sentences: pd.DataFrame,
    quantities: pd.DataFrame, indicator_values: pd.DataFrame,
) -> list[Report]:
    """Every document with an identity, with all that belongs to it, in order of document_id."""
    texts = {document_id: (path, text) for document_id, path, text, status in
             _rows(documents, "document_id", "path", "text", "status") if status == "ok"}
    sections_of: defaultdict[str, list[Section]] = defaultdict(list)
    for document_id, *section in _rows(sections, "document_id", "section_no", "parent_no", "level", "heading", "role", "roles",
                                       "start", "end", "body_start"):
        sections_of[document_id].append(_read_section(*section))
    quantities_of: defaultdict[tuple[str, int], list[Quantity]] = defaultdict(list)
    for document_id, number, sentence_no, *quantity in _rows(
            quantities, "document_id", "quantity_no", "sentence_no", "start", "end", "text", "kind", "low", "high", "approx",
            "unit", "object", "claim", "to_date"):
        if sentence_no is not None:
            quantities_of[document_id, int(sentence_no)].append(_read_quantity(int(number), int(sentence_no), *quantity))
    sentences_of: defaultdict[str, list[Sentence]] = defaultdict(list)
    for document_id, number, section_no, role, start, end, text in _rows(
            sentences, "document_id", "sentence_no", "section_no", "role", "start", "end", "text"):
        inside = sorted(quantities_of.get((document_id, int(number)), ()), key=lambda quantity: quantity.start)
        sentences_of[document_id].append(Sentence(
            int(number), _whole(section_no), role or "", int(start), int(end), text or "", tuple(inside)))
    # Most indicators are answered by few reports: rows without evidence say nothing here.
    answered = indicator_values[indicator_values["evidence_start"].notna() & indicator_values["evidence_end"].notna()]
    answers_of: defaultdict[str, dict[str, Answer]] = defaultdict(dict)
    for document_id, indicator, state, start, end, low, high in _rows(
            answered, "document_id", "indicator", "state", "evidence_start", "evidence_end", "previous_low", "previous_high"):
        answers_of[document_id][indicator] = Answer(
            indicator, state or "", int(start), int(end), low is not None or high is not None)
    reports = []
    for document_id, genre, title, department, code, region, year, signed, published in _rows(
            identities, "document_id", "genre", "title", "department", "department_code", "region", "report_year",
            "signed_date", "published_date"):
        if document_id in texts:
            path, text = texts[document_id]
            reports.append(Report(
                document_id, path or "", text or "", genre or "", title or "", department or "", code or "", region or "",
                _whole(year), (signed or "")[:10], (published or "")[:10],
                tuple(sorted(sections_of[document_id], key=lambda section: section.section_no)),
                tuple(sorted(sentences_of[document_id], key=lambda sentence: sentence.sentence_no)),
                answers_of[document_id]))
    return sorted(reports, key=lambda report: report.document_id)


def _rows(frame: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Rows as tuples of Python values, missing as None."""
    return zip(*(_cells(frame[column]) for column in columns), strict=True)


def _cells(column: pd.Series[Any]) -> list[Any]:
    cells = column.tolist()
    for at in np.flatnonzero(column.isna().to_numpy()).tolist():
        cells[at] = None
    return cells


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def _read_section(
    number: int, parent_no: int | None, level: int | None, heading: str | None, role: str | None, roles: str | None,
    start: int | None, end: int | None, body_start: int | None,
) -> Section:
    role = role or ""
    return Section(int(number), _whole(parent_no), int(level or 0), heading or "", role,
                   tuple(filter(None, (roles or "").split(";"))) or (role,), int(start or 0), int(end or 0), int(body_start or 0))


def _read_quantity(
    number: int, sentence_no: int, start: int, end: int, text: str | None, kind: str | None, low: float | None,
    high: float | None, approx: str | None, unit: str | None, counted: str | None, claim: str | None, to_date: str | None,
) -> Quantity:
    return Quantity(number, sentence_no, int(start), int(end), text or "", kind or "", interval(low, high), approx or "",
                    unit or "", counted or "", claim or "", to_date or "")
