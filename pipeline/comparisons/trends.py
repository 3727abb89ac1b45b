"""How often each term is used from year to year, and which terms come, go, rise and fall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.stats import norm

from pipeline.comparisons.term_matrix import compared_documents, count_by_document
from pipeline.tables import store
from pipeline.tables.store import Tables

# A term said once or twice in the whole corpus shows no course.
_FEWEST_HITS = 3
_FEWEST_YEARS = 3
_PER = 10_000
# Level of the test of one term; a list of all rising terms still holds some by chance.
_LEVEL = 0.01
# Chance that a term of this many reports would by luck miss all years before its first (or after its last).
_ABSENCE_LEVEL = 0.05


@dataclass(frozen=True)
class _Years:
    """Reports by year: membership matrix (years × reports), and what each year holds in all."""

    years: list[int]
    members: sparse.csr_array
    n_documents: np.ndarray
    n_terms: np.ndarray


def follow_terms(reports: pd.DataFrame, term_counts: pd.DataFrame) -> Tables:
    """Table `term_trends`: a row for each term used at least three times and each year with reports.

    `frequency` is per 10,000 counted terms of the year. `trend` needs three years: `new` is absent at first,
    present in the last year and used by so many reports that chance does not explain the absence; `gone` the
    reverse; `rising` and `falling` pass a test for a linear trend that allows for one report's saying a term
    often (p < 0.01); all others are `steady`. A year without any report is not counted as absence.

    `first_department` made the earliest report with the term. It is empty for terms that stand in the first
    year already: who brought those up lies before the corpus.
    """
    compared = compared_documents(reports)
    matrix = count_by_document(term_counts, compared["document_id"].tolist())
    if not matrix.terms:
        return {"term_trends": store.frame("term_trends")}
    total = np.asarray(matrix.counts.sum(axis=0)).ravel()
    kept = np.flatnonzero(total >= _FEWEST_HITS)
    counts = sparse.csr_array(matrix.counts[:, kept])
    terms = [matrix.terms[number] for number in kept.tolist()]
    # Terms below the threshold still count as text.
    length = np.asarray(matrix.counts.sum(axis=1)).ravel()
    years = _by_year(compared["report_year"].astype(int).tolist(), length)
    by_year = (years.members @ counts).toarray()
    documents_by_year = (years.members @ (counts > 0).astype(np.float64)).toarray()
    trends = _classify(counts, length, years, by_year, documents_by_year)
    first = _first_departments(counts, compared, years.years)
    frequency = _PER * by_year / np.maximum(years.n_terms, 1)[:, np.newaxis]
    rows: list[dict[str, Any]] = [
        {"term": term, "report_year": year, "frequency": float(frequency[row, column]),
         "count": int(by_year[row, column]), "n_documents": int(documents_by_year[row, column]),
         "trend": trends[column], "first_department": first[column]}
        for column, term in enumerate(terms)
        for row, year in enumerate(years.years)
    ]
    tables = {"term_trends": store.frame("term_trends", rows)}
    if len(years.years) < _FEWEST_YEARS:
        tables["issues"] = store.frame("issues", [{
            "place": "全部报告", "severity": "note",
            "message": f"只有{len(years.years)}个年度有报告，不判断词语的年度趋势（至少{_FEWEST_YEARS}年）"}])
    return tables


def _by_year(year_of: list[int], length: np.ndarray) -> _Years:
    years = sorted(set(year_of))
    positions = np.array([years.index(year) for year in year_of])
    members = sparse.csr_array(
        (np.ones(len(year_of)), (positions, np.arange(len(year_of)))), shape=(len(years), len(year_of)))
    return _Years(years, members, np.bincount(positions, minlength=len(years)).astype(float), members @ length)


def _classify(
    counts: sparse.csr_array, length: np.ndarray, years: _Years, by_year: np.ndarray, documents_by_year: np.ndarray
) -> list[str | None]:
    n_years, n_terms = by_year.shape
    if n_years < _FEWEST_YEARS:
        return [None] * n_terms
    z = _trend_z(counts, length, years)
    limit = float(norm.isf(_LEVEL / 2))
    present = by_year > 0
    first, last = present.argmax(axis=0), n_years - 1 - present[::-1].argmax(axis=0)
    users = documents_by_year.sum(axis=0)
    share_before = np.concatenate([[0.0], np.cumsum(years.n_documents)]) / years.n_documents.sum()
    chance_new = (1 - share_before[first]) ** users
    chance_gone = share_before[last + 1] ** users
    trends: list[str | None] = []
    for column in range(n_terms):
        if first[column] > 0 and last[column] == n_years - 1 and chance_new[column] < _ABSENCE_LEVEL:
            trends.append("new")
        elif last[column] < n_years - 1 and first[column] == 0 and chance_gone[column] < _ABSENCE_LEVEL:
            trends.append("gone")
        elif abs(z[column]) > limit:
            trends.append("rising" if z[column] > 0 else "falling")
        else:
            trends.append("steady")
    return trends


def _trend_z(counts: sparse.csr_array, length: np.ndarray, years: _Years) -> np.ndarray:
    """Score test for a linear trend of each term's rate over the years.

    The variance is the larger of the Poisson one and that of the reports' own residuals, so that one report
    repeating a term does not make a trend.
    """
    total_length = length.sum()
    rate = np.asarray(counts.sum(axis=0)).ravel() / max(total_length, 1.0)
    year = years.members.T @ np.array(years.years, dtype=float)
    centred = year - (year * length).sum() / max(total_length, 1.0)
    score = counts.T @ centred - rate * (centred * length).sum()
    squares = centred**2
    poisson = rate * (squares * length).sum()
    # Sum over reports of (centred year × (count − expected count))², multiplied out to keep the matrix sparse.
    residual = counts.power(2).T @ squares - 2 * rate * (counts.T @ (squares * length))
    residual = residual + rate**2 * (squares * length**2).sum()
    return score / np.sqrt(np.maximum(np.maximum(poisson, residual), 1e-12))


def _first_departments(counts: sparse.csr_array, compared: pd.DataFrame, years: list[int]) -> list[str | None]:
    """Department of the earliest report with each term: by year, then signed date, then name."""
    order = compared.assign(signed=compared["signed_date"].fillna("9999")).sort_values(
        ["report_year", "signed", "department", "document_id"], kind="stable").index.to_numpy()
    ordered = sparse.csc_array(counts[order])
    department_of, year_of = compared["department"].tolist(), compared["report_year"].tolist()
    first: list[str | None] = []
    for column in range(ordered.shape[1]):
        row = int(order[ordered.indices[ordered.indptr[column]:ordered.indptr[column + 1]].min()])
        first.append(None if year_of[row] == years[0] else department_of[row])
    return first
