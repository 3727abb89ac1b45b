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
    chosen = term_counts[term_counts["document_id"].isin(document_ids)]
    row_of = {document_id: number for number, document_id in enumerate(document_ids)}
    rows = chosen["document_id"].map(row_of).to_numpy(dtype=np.int64, na_value=0)
    return _matrix(tuple(document_ids), rows, chosen)


def count_by_section(term_counts: pd.DataFrame, document_ids: list[str]) -> TermMatrix:
    """Counts of single sections, one row for each (document_id, section_no) that has terms."""
    chosen = term_counts[term_counts["document_id"].isin(document_ids)]
    pairs = list(zip(chosen["document_id"].tolist(), chosen["section_no"].tolist(), strict=True))
    keys = tuple(sorted(set(pairs)))
    row_of = {key: number for number, key in enumerate(keys)}
    rows = np.fromiter((row_of[pair] for pair in pairs), dtype=np.int64, count=len(pairs))
    return _matrix(keys, rows, chosen)


def _matrix(keys: tuple[Any, ...], rows: np.ndarray, chosen: pd.DataFrame) -> TermMatrix:
    terms, columns = np.unique(chosen["term"].to_numpy(dtype=object).astype(str), return_inverse=True)
    counts = chosen["count"].to_numpy(dtype=np.float64, na_value=0.0)
    shape = (len(keys), len(terms))
    return TermMatrix(keys, tuple(terms.tolist()), sparse.coo_array((counts, (rows, columns)), shape=shape).tocsr())
