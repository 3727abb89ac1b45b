"""The data of the explorer: finished tables as columns of plain values, small enough to travel inside one page.

What belongs here: choosing and renaming columns. Rows point at each other by position (`d` is a document, `s` a
sentence), so that nothing is looked up by long ids in the browser.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.outputs.names import STATUS_LABELS, asked_of, plain_reason, short_names, theme_names
from pipeline.outputs.naming import Naming
from pipeline.outputs.places import quantity_texts, rows_of
from pipeline.outputs.values import (
    APPROX_LABELS,
    CLAIM_LABELS,
    OUTCOME_LABELS,
    RELATION_LABELS,
    ROLE_LABELS,
    STATE_LABELS,
    write_value,
)
from pipeline.profiles.checks import CheckRules
from pipeline.profiles.indicators import Indicators
from pipeline.profiles.themes import ThemeCatalogue

# A browser holds the whole text; beyond this the page names the documents that it leaves out.
MOST_CHARS = 40_000_000

Columns = dict[str, list[Any]]


@dataclass(frozen=True)
class Document:
    """A document in the explorer, and where each of its characters above U+FFFF stands.

    Tables count characters, a browser counts UTF-16 units: a rare hanzi takes two of them.
    """

    index: int
    wide: tuple[int, ...]

    def unit(self, position: int | None) -> int | None:
        """Position in UTF-16 units."""
        return None if position is None else position + bisect_left(self.wide, position)


def columns_of(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Columns:
    """Rows as one list a column."""
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def choose_documents(documents: pd.DataFrame, reports: pd.DataFrame) -> tuple[list[tuple[Any, ...]], int]:
    """Rows of `documents` that the page holds, and how many it leaves out. Compared reports come first, newest first."""
    compared = {document_id: year or 0 for document_id, year, is_compared in rows_of(
        reports, "document_id", "report_year", "is_compared") if is_compared}
    rows = rows_of(documents, "document_id", "path", "status", "reason", "text", "pages")
    rows.sort(key=lambda row: (row[0] not in compared, -compared.get(row[0], 0), row[1]))
    kept: list[tuple[Any, ...]] = []
    chars = 0
    for row in rows:
        chars += len(row[4] or "")
        if chars > MOST_CHARS and kept:
            break
        kept.append(row)
    return kept, len(rows) - len(kept)


def _document_columns(rows: Sequence[tuple[Any, ...]], reports: pd.DataFrame) -> tuple[Columns, dict[str, Document]]:
    names = short_names(reports)
    known = {row[0]: row[1:] for row in rows_of(
        reports, "document_id", "region", "department_code", "department", "report_year", "title", "is_compared", "why_not",
        "doc_number", "published_date")}
    unknown = (None,) * 9

    def order(row: tuple[Any, ...]) -> tuple[Any, ...]:
        region, code, department, year, *_ = known.get(row[0], unknown)
        return (row[0] not in known, region or "", department or "", code or "", year or 0, row[1])

    columns: Columns = columns_of(
        ("id", "path", "status", "reason", "text", "pages", "name", "department", "year", "title", "compared", "whyNot",
         "number", "published", "wide"), [])
    index: dict[str, Document] = {}
    for document_id, path, status, reason, text, pages in sorted(rows, key=order):
        # A duplicate carries the id of its first copy; only that copy is the report.
        region, code, department, year, title, is_compared, why_not, number, published = (
            known.get(document_id, unknown) if status == "ok" else unknown)
        wide = [place for place, char in enumerate(text or "") if char > "\uffff"]
        if status == "ok":
            index[document_id] = Document(len(columns["id"]), tuple(wide))
        name = names.get((region or "", code or ""), "") if title is not None or department else ""
        for key, value in zip(columns, (document_id, path, status, reason, text or "", pages, name, department, year, title,
                                        bool(is_compared), why_not, number, published, wide), strict=True):
            columns[key].append(value)
    return columns, index


def _sentences(sentences: pd.DataFrame, index: Mapping[str, Document]) -> tuple[Columns, dict[tuple[str, int], int]]:
    rows: list[tuple[Any, ...]] = []
    numbers: dict[tuple[str, int], int] = {}
    for document_id, number, section_no, role, start, end in sorted(
            (row for row in rows_of(sentences, "document_id", "sentence_no", "section_no", "role", "start", "end") if row[0] in index),
            key=lambda row: (index[row[0]].index, row[1])):
        document = index[document_id]
        numbers[document_id, number] = len(rows)
        rows.append((document.index, document.unit(start), document.unit(end), section_no, role))
    return columns_of(("d", "start", "end", "section", "role"), rows), numbers


def _spans(frame: pd.DataFrame, index: Mapping[str, Document], names: Mapping[str, str]) -> Columns:
    """Rows of a table with `start` and `end`; `names` maps its columns to the names in the page."""
    rows = []
    for document_id, start, end, *rest in rows_of(frame, "document_id", "start", "end", *names):
        document = index.get(document_id)
        if document is not None:
            rows.append((document.index, document.unit(start), document.unit(end), *rest))
    rows.sort(key=lambda row: (row[0], row[1], row[2]))
    return columns_of(("d", "start", "end", *names.values()), rows)


def _sections(sections: pd.DataFrame, index: Mapping[str, Document]) -> Columns:
    columns = _spans(sections, index, {"section_no": "no", "level": "level", "label": "label", "heading": "heading", "role": "role",
                                       "body_start": "body"})
    by_index = {document.index: document for document in index.values()}
    columns["body"] = [by_index[d].unit(body) for d, body in zip(columns["d"], columns["body"], strict=True)]
    return columns


def _values(indicator_values: pd.DataFrame, index: Mapping[str, Document], kinds: Mapping[str, str],
            order: Mapping[str, int], texts: Mapping[tuple[str, int], str]) -> Columns:
    names = ("document_id", "indicator", "state", "low", "high", "unit", "approx", "evidence_start", "evidence_end", "to_date", "why",
             "quantity_no")
    rows = []
    for document_id, indicator, state, low, high, unit, approx, start, end, to_date, why, number in rows_of(indicator_values, *names):
        document = index.get(document_id)
        if document is None or indicator not in order:
            continue
        shown = write_value(low, high, approx, unit, kinds.get(indicator, ""), state, with_unit=True,
                            words=texts.get((document_id, number), ""))
        rows.append((document.index, order[indicator], state, shown, low, high, approx if low is not None or high is not None else None,
                     document.unit(start), document.unit(end), to_date, plain_reason(why)))
    rows.sort(key=lambda row: (row[0], row[1]))
    return columns_of(("d", "i", "state", "shown", "low", "high", "approx", "start", "end", "toDate", "why"), rows)


def _pairs(frame: pd.DataFrame, numbers: Mapping[tuple[str, int], int], keys: Sequence[str], names: Mapping[str, str]) -> Columns:
    """Rows that join a sentence (keys 0, 1) with another (keys 2, 3), as positions in the sentence columns."""
    rows = []
    for first, first_no, second, second_no, *rest in rows_of(frame, *keys, *names):
        here = numbers.get((first, first_no))
        if here is not None:
            rows.append((here, numbers.get((second, second_no)), *rest))
    rows.sort(key=lambda row: (row[0], row[1] if row[1] is not None else -1))
    return columns_of(("s", "t", *names.values()), rows)


def _checks(checks: pd.DataFrame, index: Mapping[str, Document], order: Mapping[str, int]) -> Columns:
    rows = []
    for document_id, check, passed, start, end, message in rows_of(
            checks, "document_id", "check", "passed", "evidence_start", "evidence_end", "message"):
        document = index.get(document_id)
        if document is not None and check in order:
            rows.append((document.index, order[check], passed, document.unit(start), document.unit(end), message))
    rows.sort(key=lambda row: (row[0], row[1]))
    return columns_of(("d", "k", "passed", "start", "end", "message"), rows)


def _worded(labels: Mapping[str, str], naming: Naming) -> dict[str, str]:
    return {key: word.replace("部门", naming.subject) for key, word in labels.items()}


def build_payload(documents: pd.DataFrame, reports: pd.DataFrame, coverage: pd.DataFrame, sections: pd.DataFrame,
                  sentences: pd.DataFrame, blocks: pd.DataFrame, quantities: pd.DataFrame, indicator_values: pd.DataFrame,
                  sentence_themes: pd.DataFrame, reuse: pd.DataFrame, checks: pd.DataFrame, commitments: pd.DataFrame,
                  indicators: Indicators, theme_catalogue: ThemeCatalogue, check_rules: CheckRules,
                  naming: Naming) -> dict[str, Any]:
    """Everything that the page shows, ready for JSON."""
    kept, n_left_out = choose_documents(documents, reports)
    document_columns, index = _document_columns(kept, reports)
    compared = rows_of(reports, "genre", "is_compared", "is_demonstration")
    asked = asked_of(indicators, {genre for genre, is_compared, _ in compared if is_compared and genre}, theme_catalogue)
    rules = check_rules.all
    themes = theme_names(theme_catalogue) if naming.has_themes else {}
    names = short_names(reports)
    sentence_columns, numbers = _sentences(sentences, index)
    order = {theme: number for number, theme in enumerate(themes)}
    theme_rows = sorted(
        (numbers[document_id, number], order[theme])
        for document_id, number, theme in rows_of(sentence_themes, "document_id", "sentence_no", "theme")
        if (document_id, number) in numbers and theme in order)
    missing = sorted((names.get((region or "", code or ""), department or code), year) for region, code, department, year, state
                     in rows_of(coverage, "region", "department_code", "department", "report_year", "state") if state == "missing")
    # A check without a rule still has its name.
    present = sorted({check for (check,) in rows_of(checks, "check")} - {rule.id for rule in rules})
    check_ids = [rule.id for rule in rules] + present
    return {
        "demonstration": any(is_demonstration for _, _, is_demonstration in compared),
        "leftOut": n_left_out,
        "subject": naming.subject,
        "labels": {
            "state": dict(STATE_LABELS), "approx": dict(APPROX_LABELS), "role": dict(ROLE_LABELS), "outcome": dict(OUTCOME_LABELS),
            "claim": _worded(CLAIM_LABELS, naming), "relation": _worded(RELATION_LABELS, naming), "status": dict(STATUS_LABELS)},
        "indicators": [{"id": item.id, "name": item.name, "theme": order.get(item.theme, -1), "unit": item.unit,
                        "definition": item.definition} for item in asked],
        "themes": list(themes.values()),
        "checks": [{"id": rule.id, "name": rule.name, "basis": rule.basis} for rule in rules]
        + [{"id": check, "name": check, "basis": ""} for check in present],
        "documents": document_columns,
        "missing": columns_of(("name", "year"), missing),
        "sections": _sections(sections, index),
        "blocks": _spans(blocks, index, {"block_no": "no", "page": "page", "kind": "kind"}),
        "sentences": sentence_columns,
        "themesOf": columns_of(("s", "theme"), theme_rows),
        "quantities": _spans(quantities, index, {"unit": "unit", "object": "object", "claim": "claim", "approx": "approx", "low": "low",
                                                 "high": "high", "to_date": "toDate"}),
        "values": _values(indicator_values, index, {item.id: item.kind for item in asked},
                          {item.id: number for number, item in enumerate(asked)}, quantity_texts(quantities)),
        "reuse": _pairs(reuse, numbers, ("document_id", "sentence_no", "source_document_id", "source_sentence_no"),
                        {"relation": "relation", "similarity": "similarity", "is_verbatim": "verbatim"}),
        "commitments": _pairs(commitments, numbers, ("document_id", "sentence_no", "followed_by_document_id",
                                                     "followed_by_sentence_no"), {"outcome": "outcome", "why": "why"}),
        "checkRows": _checks(checks, index, {check: number for number, check in enumerate(check_ids)}),
    }
