"""Term counts as a matrix: one row a compared document (or section), one column a term."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from pipeline.comparisons.columns import number_documents

# More than any document has, so that a document and a section make one number.
MOST_SECTIONS = 1_000_000


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


def count_by_section(term_counts: pd.DataFrame, document_ids: list[str]) -> TermMatrix:
    """Counts of single sections, one row for each (document_id, section_no) that has terms, in order."""
    ordered = sorted(document_ids)
    documents, chosen = _choose(term_counts, ordered)
    sections = chosen["section_no"].to_numpy(dtype=np.int64)
    codes, distinct = pd.factorize(documents * MOST_SECTIONS + sections)
    order = np.argsort(distinct, kind="stable")
    keys = tuple(zip((ordered[number] for number in (distinct[order] // MOST_SECTIONS).tolist()),
                     (distinct[order] % MOST_SECTIONS).tolist(), strict=True))
    return _matrix(keys, _inverse(order)[codes], chosen)


def _choose(term_counts: pd.DataFrame, document_ids: list[str]) -> tuple[np.ndarray, pd.DataFrame]:
    """The rows of some documents, and the place in `document_ids` of each."""
    places = number_documents(term_counts["document_id"], document_ids)
    if len(places) and places.min() < 0:
        kept = np.flatnonzero(places >= 0)
        return places[kept], term_counts.iloc[kept]
    return places, term_counts


def _matrix(keys: tuple[Any, ...], rows: np.ndarray, chosen: pd.DataFrame) -> TermMatrix:
    codes, distinct = pd.factorize(chosen["term"])
    terms = distinct.tolist()
    order = np.array(sorted(range(len(terms)), key=terms.__getitem__), dtype=np.int64)
    counts = chosen["count"].to_numpy(dtype=np.float64, na_value=0.0)
    matrix = sparse.coo_array((counts, (rows, _inverse(order)[codes])), shape=(len(keys), len(terms)))
    return TermMatrix(keys, tuple(terms[number] for number in order.tolist()), matrix.tocsr())


def _inverse(order: np.ndarray) -> np.ndarray:
    """Where each number stands in an order."""
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(len(order))
    return places
