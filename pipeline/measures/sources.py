"""The rows that answering needs, by document: sentences, headings, quantities, as plain Python values."""

from __future__ import annotations

from functools import lru_cache
from operator import attrgetter

import pandas as pd

from pipeline.measures.answers import Sentence
from pipeline.measures.matching import Quantity
from pipeline.profiles.lookup import plain_unit
from pipeline.tables.store import columns_of

_START = attrgetter("start")


def sentences_by_document(sentences: pd.DataFrame) -> dict[str, list[Sentence]]:
    columns = columns_of(sentences, "document_id", "sentence_no", "section_no", "role", "start", "text")
    found: dict[str, list[Sentence]] = {}
    for document_id, sentence_no, section_no, role, start, text in zip(*columns, strict=True):
        found.setdefault(document_id, []).append((sentence_no, section_no or 0, role or "", start, text))
    for rows in found.values():
        rows.sort()
    return found


def headings_by_section(sections: pd.DataFrame) -> dict[str, dict[int, tuple[str, ...]]]:
    """For each section its heading and those above it, innermost first."""
    columns = columns_of(sections, "document_id", "section_no", "parent_no", "heading")
    found: dict[str, dict[int, tuple[str, ...]]] = {}
    for document_id, section_no, parent_no, heading in sorted(
        zip(*columns, strict=True), key=lambda row: (row[0], row[1])
    ):
        headings = found.setdefault(document_id, {})
        above = () if parent_no is None else headings.get(parent_no, ())
        headings[section_no] = (heading or "", *above)
    return found


def quantities_by_sentence(quantities: pd.DataFrame) -> dict[str, dict[int, list[Quantity]]]:
    """The quantities of each sentence in the order of the text."""
    names = ("document_id", "sentence_no", "quantity_no", "start", "end", "kind", "low", "high", "approx", "unit", "claim", "to_date")
    found: dict[str, dict[int, list[Quantity]]] = {}
    for document_id, sentence_no, number, start, end, kind, low, high, approx, unit, claim, to_date in zip(
        *columns_of(quantities, *names), strict=True
    ):
        if sentence_no is not None:
            found.setdefault(document_id, {}).setdefault(sentence_no, []).append(
                Quantity(number, start, end, kind, low, high, approx or "exact", unit or "", unit_key(kind, unit or ""), claim or "own",
                         to_date)
            )
    for sentences in found.values():
        for rows in sentences.values():
            if len(rows) > 1:
                rows.sort(key=_START)
    return found


@lru_cache(maxsize=4096)
def unit_key(kind: str, unit: str) -> str:
    """The unit under which indicators accept a quantity: 家（次） as 家次, 六成 as %, 38.6万 of money as 元."""
    if kind == "percent":
        return unit if unit == "百分点" else "%"
    if kind == "money" and not unit:
        return "元"
    return plain_unit(unit)
