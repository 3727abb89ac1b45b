"""Term counts as a matrix: one row a compared document (or section), one column a term."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse


@dataclass(frozen=True)
class TermMatrix:
    """`counts[i, j]`: how often term j stands in row i. Terms are sorted.

    `keys` are document_ids in the order asked for, or (document_id, section_no).
    """

    keys: tuple[Any, ...]
    terms: tuple[str, ...]
    counts: sparse.csr_array


def compared_documents(reports: pd.DataFrame) -> pd.DataFrame:
    """The compared reports with year and department known, by year, department and document."""
    chosen = reports[reports["is_compared"].fillna(False).astype(bool)]
    return chosen.sort_values(["report_year", "department", "document_id"], kind="stable").reset_index(drop=True)


def count_by_document(term_counts: pd.DataFrame, document_ids: list[str]) -> TermMatrix:
    """Counts of whole documents, one row for each of `document_ids`, also for those without terms."""
    documents, distinct = pd.factorize(term_counts["document_id"])
    row_of = {document_id: number for number, document_id in enumerate(document_ids)}
    rows = np.array([row_of.get(document_id, -1) for document_id in distinct.tolist()], dtype=np.int64)[documents]
    return _matrix(tuple(document_ids), rows, term_counts)


def count_by_section(term_counts: pd.DataFrame, document_ids: list[str]) -> TermMatrix:
    """Counts of single sections, one row for each (document_id, section_no) that has terms."""
    documents, distinct = pd.factorize(term_counts["document_id"])
    ordered = sorted(document_ids)
    place_of = {document_id: number for number, document_id in enumerate(ordered)}
    places = np.array([place_of.get(document_id, -1) for document_id in distinct.tolist()], dtype=np.int64)[documents]
    sections = term_counts["section_no"].to_numpy(dtype=np.int64)
    n_sections = int(sections.max(initial=0)) + 1
    found, rows = np.unique(places * n_sections + sections, return_inverse=True)
    n_others = int(np.searchsorted(found, 0))  # sections of documents that were not asked for
    keys = tuple((ordered[code // n_sections], code % n_sections) for code in found[n_others:].tolist())
    return _matrix(keys, np.where(places < 0, -1, rows - n_others), term_counts)


def _matrix(keys: tuple[Any, ...], rows: np.ndarray, term_counts: pd.DataFrame) -> TermMatrix:
    """Rows of the matrix for rows of the table; -1 where the table's row is left out."""
    chosen = np.flatnonzero(rows >= 0)
    columns, distinct = pd.factorize(term_counts["term"].iloc[chosen])
    names = distinct.tolist()
    order = sorted(range(len(names)), key=names.__getitem__)
    place = np.empty(len(names), dtype=np.int64)
    place[order] = np.arange(len(names))
    counts = term_counts["count"].to_numpy(dtype=np.float64, na_value=0.0)[chosen]
    matrix = sparse.coo_array((counts, (rows[chosen], place[columns])), shape=(len(keys), len(names)))
    return TermMatrix(keys, tuple(names[number] for number in order), matrix.tocsr())
