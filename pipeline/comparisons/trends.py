"""How often each term is used from year to year, and which terms come, go, rise and fall."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from pipeline.comparisons.columns import Integers
from pipeline.comparisons.term_matrix import compared_documents
from pipeline.comparisons.term_sums import YEAR, Sums, list_terms, read_sums
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

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Years:
    """Sums by year (rows) and term (columns) over documents, and by year alone. All are whole numbers, so they are exact."""

    years: list[int]
    count: Integers
    squares: Integers
    by_length: Integers
    users: Integers
    n_documents: Integers
    length: Integers
    length_squares: Integers


def follow_terms(reports: pd.DataFrame, term_sums: pd.DataFrame, term_groups: pd.DataFrame) -> Tables:
    """Table `term_trends`: a row for each term used at least three times and each year with reports.

    `frequency` is per 10,000 counted terms of the year. `trend` needs three years: `new` is absent at first,
    present in the last year and used by so many reports that chance does not explain the absence; `gone` the
    reverse; `rising` and `falling` pass a test for a linear trend that allows for one report's saying a term
    often (p < 0.01); all others are `steady`. A year without any report is not counted as absence.

    `first_department` made the earliest report with the term. It is empty for terms that stand in the first
    year already: who brought those up lies before the corpus.
    """
    terms = list_terms(term_sums)
    if not terms:
        return {"term_trends": store.frame("term_trends")}
    compared = compared_documents(reports)
    by_year = read_sums(term_sums, term_groups, YEAR, terms)
    sums = _sum_years(by_year, len(terms), compared)
    kept = np.flatnonzero(sums.count.sum(axis=0) >= _FEWEST_HITS)
    n_years = len(sums.years)
    trends = np.array(_classify(sums), dtype=object)[kept]
    counts = sums.count[:, kept]
    frequency = _PER * counts / np.maximum(sums.length, 1)[:, np.newaxis]
    table = pd.DataFrame({
        "term": np.repeat(np.array(terms, dtype=object)[kept], n_years),
        "report_year": np.tile(np.array(sums.years, dtype=np.int64), len(kept)),
        "frequency": frequency.T.ravel(), "count": counts.T.ravel(), "n_documents": sums.users[:, kept].T.ravel(),
        "trend": np.repeat(trends, n_years),
        "first_department": np.repeat(_first_departments(by_year, len(terms), compared)[kept], n_years),
    })
    tables = {"term_trends": store.conform("term_trends", table)}
    if n_years < _FEWEST_YEARS:
        tables["issues"] = store.frame("issues", [{
            "place": "全部报告", "severity": "note",
            "message": f"只有{n_years}个年度有报告，不判断词语的年度趋势（至少{_FEWEST_YEARS}年）"}])
    return tables


def _sum_years(by_year: Sums, n_terms: int, compared: pd.DataFrame) -> _Years:
    years = [int(name) for name in by_year.names]
    of_year = compared["report_year"].value_counts()
    count, squares, by_length, users = (by_year.table(name, n_terms) for name in ("count", "squares", "by_length", "n_documents"))
    # Added up over all terms, counts times lengths are squared lengths.
    return _Years(years, count, squares, by_length, users, np.array([int(of_year[year]) for year in years], dtype=np.int64),
                  count.sum(axis=1), by_length.sum(axis=1))


def _classify(sums: _Years) -> list[str | None]:
    n_years, n_terms = sums.count.shape
    if n_years < _FEWEST_YEARS:
        return [None] * n_terms
    z = _trend_z(sums)
    limit = -float(ndtri(_LEVEL / 2))
    present = sums.count > 0
    first, last = present.argmax(axis=0), n_years - 1 - present[::-1].argmax(axis=0)
    users = sums.users.sum(axis=0)
    share_before = np.concatenate([[0.0], np.cumsum(sums.n_documents)]) / sums.n_documents.sum()
    chance_new = (1 - share_before[first]) ** users
    chance_gone = share_before[last + 1] ** users
    is_new = (first > 0) & (last == n_years - 1) & (chance_new < _ABSENCE_LEVEL)
    is_gone = (last < n_years - 1) & (first == 0) & (chance_gone < _ABSENCE_LEVEL)
    moving = np.where(z > 0, "rising", "falling")
    trends: list[str | None] = np.select(
        [is_new, is_gone, np.abs(z) > limit], ["new", "gone", moving], "steady").tolist()
    return trends


def _trend_z(sums: _Years) -> Floats:
    """Score test for a linear trend of each term's rate over the years.

    The variance is the larger of the Poisson one and that of the reports' own residuals, so that one report
    repeating a term does not make a trend.
    """
    total_length = sums.length.sum()
    rate = sums.count.sum(axis=0) / max(total_length, 1.0)
    year = np.array(sums.years, dtype=np.float64)
    centred = year - (year * sums.length).sum() / max(total_length, 1.0)
    score = centred @ sums.count - rate * (centred * sums.length).sum()
    squares = centred**2
    poisson = rate * (squares * sums.length).sum()
    # Sum over reports of (centred year × (count − expected count))², multiplied out.
    residual = squares @ sums.squares - 2 * rate * (squares @ sums.by_length)
    residual = residual + rate**2 * (squares * sums.length_squares).sum()
    return np.asarray(score / np.sqrt(np.maximum(np.maximum(poisson, residual), 1e-12)))


def _first_departments(by_year: Sums, n_terms: int, compared: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Department of the earliest report with each term; None where that is of the first year."""
    department = dict(zip(compared["document_id"].tolist(), compared["department"].tolist(), strict=True))
    first = np.full(n_terms, len(by_year.names), dtype=np.int64)
    np.minimum.at(first, by_year.term, by_year.number)
    is_told = (by_year.number == first[by_year.term]) & (by_year.number > 0)
    departments = np.full(n_terms, None, dtype=object)
    departments[by_year.term[is_told]] = [department[name] for name in by_year.rows["first_document_id"][is_told].tolist()]
    return departments
