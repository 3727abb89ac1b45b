"""One report laid out for checking: its identity, sections, sentences, quantities and answers in one place.

Only views of the tables of the document stages; the checks themselves are in contents, timing, agreement,
era and leftovers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache, cached_property
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple

import pandas as pd

from pipeline.comparisons.columns import intervals_of
from pipeline.comparisons.intervals import Interval
from pipeline.comparisons.word_places import HeldWords
from pipeline.tables.store import columns_of


# Tuples, because a batch holds tens of thousands of rows and a tuple is made in a quarter of a dataclass's time.
class Section(NamedTuple):
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


class Quantity(NamedTuple):
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


class Sentence(NamedTuple):
    """`quantities` in the order of the text."""

    sentence_no: int
    section_no: int | None
    role: str
    start: int
    end: int
    text: str
    quantities: Sequence[Quantity]

    def place(self, quantity: Quantity) -> tuple[int, int]:
        """Offsets of a quantity within the sentence."""
        return quantity.start - self.start, quantity.end - self.start


class Answer(NamedTuple):
    """One row of indicator_values that has a place in the text."""

    indicator: str
    state: str
    start: int
    end: int
    has_previous: bool


@dataclass(frozen=True)
class Report:
    """What the checks may look at. `year` is None where the report year is unknown; `answers` those that stand somewhere.

    `rivals` are the numbers of the quantities that gave one indicator different values, an indicator each. `held` are
    those of the `known` words that stand in the text.
    """

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
    sections: Sequence[Section] = ()
    sentences: Sequence[Sentence] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    rivals: Sequence[frozenset[int]] = ()
    known: frozenset[str] = frozenset()
    held: Set[str] = frozenset()

    def may_hold(self, needles: Sequence[str]) -> bool:
        """False only where a pattern with these needles (`find_needles`) certainly finds nothing, in all of the text."""
        if not needles or not self.held.isdisjoint(needles):
            return True
        return not self.known.issuperset(needles) and any(needle in self.text for needle in needles)

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


class Finding(NamedTuple):
    """Result of one check; `passed` None where it cannot be judged. `fields` fill the wording of the rule."""

    passed: bool | None
    start: int | None = None
    end: int | None = None
    fields: Mapping[str, Any] = MappingProxyType({})


def quote(text: str, limit: int = 40) -> str:
    """A passage for a message: one line, not too long."""
    line = "".join(text.split())
    return line if len(line) <= limit else line[:limit] + "…"


def words_before(text: str, end: int, marks: str, reach: int = 10_000) -> str:
    """What stands before `end`, back to the nearest of the marks; at most `reach` characters of it."""
    start = max(0, end - reach)
    marked = _up_to_mark(marks).match(text, start, end)
    return text[marked.end() if marked else start:end]


@cache
def _up_to_mark(marks: str) -> re.Pattern[str]:
    return re.compile(f".*[{re.escape(marks)}]", re.DOTALL)


def read_reports(
    documents: pd.DataFrame, identities: pd.DataFrame, sections: pd.DataFrame, sentences: pd.DataFrame,
    quantities: pd.DataFrame, indicator_values: pd.DataFrame, indicator_candidates: pd.DataFrame, words: HeldWords,
) -> list[Report]:
    """Every document with an identity, with all that belongs to it, in order of document_id; `words` are looked for."""
    texts = {document_id: (path, text) for document_id, path, text, status in zip(
        *columns_of(documents, "document_id", "path", "text", "status"), strict=True) if status == "ok"}
    sections_of = _read_sections(sections)
    sentences_of = _read_sentences(sentences, _read_quantities(quantities))
    answers_of = _read_answers(indicator_values)
    rivals_of = _read_rivals(indicator_values, indicator_candidates)
    names = ("document_id", "genre", "title", "department", "department_code", "region", "report_year", "signed_date",
             "published_date")
    held_in = dict(zip(texts, words.find([text or "" for _, text in texts.values()]), strict=True))
    reports = []
    for document_id, genre, title, department, code, region, year, signed, published in zip(
        *columns_of(identities, *names), strict=True
    ):
        if document_id not in texts:
            continue
        path, text = texts[document_id]
        reports.append(Report(
            document_id, path or "", text or "", genre or "", title or "", department or "", code or "", region or "",
            None if year is None else int(year), (signed or "")[:10], (published or "")[:10],
            _in_order(sections_of.get(document_id, ())), _in_order(sentences_of.get(document_id, ())),
            {answer.indicator: answer for answer in answers_of.get(document_id, ())}, rivals_of.get(document_id, ()),
            words.words, held_in[document_id]))
    return sorted(reports, key=lambda report: report.document_id)


def _in_order(rows: Iterable[Any]) -> Sequence[Any]:
    """Sections or sentences by their number, which comes first."""
    return sorted(rows, key=lambda row: row[0])


def _read_sections(sections: pd.DataFrame) -> Mapping[str, list[Section]]:
    found: dict[str, list[Section]] = defaultdict(list)
    names = ("document_id", "section_no", "parent_no", "level", "heading", "role", "roles", "start", "end", "body_start")
    for document_id, number, parent_no, level, heading, role, roles, start, end, body_start in zip(
        *columns_of(sections, *names), strict=True
    ):
        several = tuple(filter(None, (roles or "").split(";"))) or (role or "",)
        found[document_id].append(Section(
            number, parent_no, level or 0, heading or "", role or "", several, start or 0, end or 0, body_start or 0))
    return found


def _read_quantities(quantities: pd.DataFrame) -> Mapping[tuple[str, int], list[Quantity]]:
    """Quantities that stand in a sentence, by document and sentence, in the order of the text."""
    found: dict[tuple[str, int], list[Quantity]] = defaultdict(list)
    is_inside = quantities["sentence_no"].notna()
    quantities = quantities if is_inside.all() else quantities[is_inside]
    columns = (
        *columns_of(quantities, "quantity_no", "sentence_no", "start", "end"),
        *columns_of(quantities, "text", "kind", missing=""), intervals_of(quantities, "low", "high"),
        *columns_of(quantities, "approx", "unit", "object", "claim", "to_date", missing=""))
    documents = columns_of(quantities, "document_id")[0]
    for document_id, quantity in zip(documents, map(Quantity._make, zip(*columns, strict=True)), strict=True):
        found[document_id, quantity.sentence_no].append(quantity)
    by_start = attrgetter("start")
    for inside in found.values():
        if len(inside) > 1:
            inside.sort(key=by_start)
    return found


def _read_sentences(
    sentences: pd.DataFrame, quantities_of: Mapping[tuple[str, int], list[Quantity]]
) -> Mapping[str, list[Sentence]]:
    found: dict[str, list[Sentence]] = defaultdict(list)
    names = ("document_id", "sentence_no", "section_no", "role", "start", "end", "text")
    for document_id, number, section_no, role, start, end, text in zip(*columns_of(sentences, *names), strict=True):
        found[document_id].append(Sentence(
            number, section_no, role or "", start, end, text or "", quantities_of.get((document_id, number), ())))
    return found


def _read_answers(indicator_values: pd.DataFrame) -> Mapping[str, list[Answer]]:
    """Answers by document; what is not disclosed stands nowhere and is left out."""
    found: dict[str, list[Answer]] = defaultdict(list)
    names = ["document_id", "indicator", "state", "evidence_start", "evidence_end", "previous_low", "previous_high"]
    is_placed = indicator_values["evidence_start"].notna() & indicator_values["evidence_end"].notna()
    for document_id, indicator, state, start, end, low, high in zip(
        *columns_of(indicator_values[names][is_placed], *names), strict=True
    ):
        found[document_id].append(Answer(indicator, state or "", start, end, low is not None or high is not None))
    return found


def _read_rivals(
    indicator_values: pd.DataFrame, indicator_candidates: pd.DataFrame
) -> Mapping[str, list[frozenset[int]]]:
    """By document the quantities behind each ambiguous answer: the chosen one, and its rivals."""
    unclear = indicator_values[["document_id", "indicator"]][indicator_values["state"] == "ambiguous"]
    wanted = set(zip(*columns_of(unclear, "document_id", "indicator"), strict=True))
    if not wanted:
        return {}
    names = ["document_id", "indicator", "quantity_no", "is_chosen", "is_rival"]
    is_wanted = indicator_candidates["document_id"].isin({document_id for document_id, _ in wanted})
    of_document = indicator_candidates[names][is_wanted]
    numbers: dict[tuple[str, str], set[int]] = defaultdict(set)
    for document_id, indicator, number, is_chosen, is_rival in zip(*columns_of(of_document, *names), strict=True):
        if (document_id, indicator) in wanted and number is not None and (is_chosen or is_rival):
            numbers[document_id, indicator].add(int(number))
    found: dict[str, list[frozenset[int]]] = defaultdict(list)
    for (document_id, _), rivals in sorted(numbers.items()):
        found[document_id].append(frozenset(rivals))
    return found
