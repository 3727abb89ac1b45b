"""Sources of recycled sentences among all reports, and how much of each report is recycled.

Within a region likeness is enough (`reuse`). Between regions a sentence counts as taken over only if it is the same
but for times, numbers, titles of documents and the names of the regions: sentences of the same duties are alike
everywhere, and with hundreds of thousands of reports only what is equal can be looked up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.comparisons.columns import number_documents
from pipeline.comparisons.reuse import EARLIER, OTHER, fewest_users, list_compared
from pipeline.tables import store
from pipeline.tables.store import Tables

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

# More than any report has, so that a report and a sentence make one number.
_MOST_SENTENCES = 1_000_000


@dataclass(frozen=True)
class _Found:
    """Recycled sentences and their sources, each a report (by its place in time) and the number of a sentence."""

    target: Integers
    source: Integers
    similarity: Floats
    is_earlier: Truths
    is_verbatim: Truths

    def only(self, kept: Any) -> _Found:
        return _Found(self.target[kept], self.source[kept], self.similarity[kept], self.is_earlier[kept], self.is_verbatim[kept])


def settle_reuse(
    reports: pd.DataFrame, region_reuse: pd.DataFrame, reuse_prints: pd.DataFrame, comparable_counts: pd.DataFrame
) -> Tables:
    """Tables `reuse` and `reuse_shares`.

    An own earlier report goes before another department as source. Among sources in other departments, of the region
    or not, the nearest year wins, then the higher similarity, then the earlier report.

    A share is missing, not 0, where there was nothing to compare with (first report of a department).
    """
    compared = list_compared(reports)
    documents = np.array([row["document_id"] for row in compared], dtype=object)
    year, region, department = (np.array([int(row[name]) for row in compared], dtype=np.int64)
                                for name in ("report_year", "region_no", "department_no"))
    within = _read_found(region_reuse, documents)
    beyond = _find_beyond(reuse_prints, documents, year, region, department)
    found = _choose(within, beyond, year)
    by_document = np.argsort(documents.astype(str), kind="stable")
    place = np.empty(len(by_document), dtype=np.int64)
    place[by_document] = np.arange(len(by_document))
    report, sentence = np.divmod(found.target, _MOST_SENTENCES)
    found = found.only(np.lexsort((sentence, place[report])))
    target, source = np.divmod(found.target, _MOST_SENTENCES), np.divmod(found.source, _MOST_SENTENCES)
    reuse = store.conform("reuse", pd.DataFrame({
        "document_id": store.pick_texts(documents.tolist(), target[0]), "sentence_no": target[1],
        "source_document_id": store.pick_texts(documents.tolist(), source[0]), "source_sentence_no": source[1],
        "similarity": found.similarity, "relation": store.pick_texts([OTHER, EARLIER], found.is_earlier.astype(np.int64)),
        "is_verbatim": found.is_verbatim,
    }))
    counts = dict(zip(comparable_counts["document_id"].tolist(), comparable_counts["n_sentences"].tolist(), strict=True))
    n_sentences = [int(counts.get(document_id, 0)) for document_id in documents.tolist()]
    return {"reuse": reuse, "reuse_shares": _share_rows(documents, n_sentences, year, department, found)}


def _read_found(table: pd.DataFrame, documents: npt.NDArray[np.object_]) -> _Found:
    """Rows of `region_reuse`."""
    target, source = (
        number_documents(table[f"{what}document_id"], documents) * _MOST_SENTENCES + table[f"{what}sentence_no"].to_numpy(dtype=np.int64)
        for what in ("", "source_"))
    return _Found(target, source, table["similarity"].to_numpy(dtype=np.float64),
                  (table["relation"] == EARLIER).to_numpy(dtype=bool), table["is_verbatim"].to_numpy(dtype=bool))


def _find_beyond(
    prints: pd.DataFrame, documents: npt.NDArray[np.object_], year: Integers, region: Integers, department: Integers
) -> _Found:
    """For each sentence the first report of the nearest year in another region that says the same."""
    number = number_documents(prints["document_id"], documents)
    sentence, masked, text = (prints[name].to_numpy(dtype=np.int64) for name in ("sentence_no", "masked_print", "text_print"))
    short = np.flatnonzero((number >= 0) & prints["is_short"].to_numpy(dtype=bool))
    formulas = _find_formulas(masked[short], department[number[short]], len(np.unique(department)))
    kept = np.flatnonzero((number >= 0) & ~np.isin(masked, formulas))
    kept = kept[np.lexsort((sentence[kept], number[kept], masked[kept]))]
    number, sentence, masked, text = number[kept], sentence[kept], masked[kept], text[kept]
    n = len(kept)
    of, when = region[number], year[number]
    # The same sentence in order of time, in runs of one region, and in blocks of one year.
    is_other = _differs(masked)
    group, run, block = (_starts(several) for several in (
        is_other, is_other | _differs(of), is_other | _differs(when)))
    nearest = run - 1  # the last one before, in another region
    has_source = nearest >= group
    first = block[np.maximum(nearest, 0)]
    # The first of that year, unless it is of the own region: then the one after its run.
    next_run = np.append(run[1:] != run[:-1], True)
    run_end = np.flatnonzero(next_run)[np.searchsorted(np.flatnonzero(next_run), first)] if n else first
    first = np.where(of[first] == of, run_end + 1, first) if n else first
    target = np.flatnonzero(has_source)
    source = first[target]
    place = number * _MOST_SENTENCES + sentence
    return _Found(place[target], place[source], np.ones(len(target)), np.zeros(len(target), dtype=bool),
                  text[target] == text[source])


def _differs(values: Integers) -> Truths:
    """Whether each value is another than the one before."""
    return np.append(True, values[1:] != values[:-1])[:len(values)]


def _starts(is_start: Truths) -> Integers:
    """Where the run of each place starts."""
    return np.maximum.accumulate(np.where(is_start, np.arange(len(is_start)), 0)) if len(is_start) else np.zeros(0, dtype=np.int64)


def _find_formulas(masked: Integers, department: Integers, n_departments: int) -> Integers:
    """Prints of short sentences that many departments share."""
    order = np.lexsort((department, masked))
    masked, department = masked[order], department[order]
    is_new = _differs(masked) | _differs(department)
    prints, users = np.unique(masked[is_new], return_counts=True)
    return prints[users >= fewest_users(n_departments)]


def _choose(within: _Found, beyond: _Found, year: Integers) -> _Found:
    """One source a sentence."""
    both = _Found(*(np.concatenate((getattr(within, name), getattr(beyond, name)))
                    for name in ("target", "source", "similarity", "is_earlier", "is_verbatim")))
    order = np.lexsort((both.source, -both.similarity, -year[both.source // _MOST_SENTENCES], ~both.is_earlier, both.target))
    return both.only(order[_differs(both.target[order])])


def _share_rows(
    documents: npt.NDArray[np.object_], n_sentences: Sequence[int], year: Integers, department: Integers, found: _Found
) -> pd.DataFrame:
    """One row a report and relation; counts are missing where no report could have been a source."""
    n = len(documents)
    first_year = np.full(int(department.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first_year, department, year)
    # The first report that is not of the first one's department, and all after it, have another department before them.
    others = np.flatnonzero(department != department[:1]) if n else department
    has_source = {EARLIER: year > first_year[department], OTHER: np.arange(n) >= (others[0] if len(others) else n)}
    counted = np.array(n_sentences, dtype=np.int64)
    rows = []
    for relation in (EARLIER, OTHER):
        chosen = found.only(found.is_earlier == (relation == EARLIER))
        target, source = chosen.target // _MOST_SENTENCES, chosen.source // _MOST_SENTENCES
        n_reused = np.bincount(target, minlength=n)
        is_known = has_source[relation] & (counted > 0)
        rows.append(pd.DataFrame({
            "document_id": documents, "relation": relation, "source_document_id": _main_sources(target, source, documents),
            "n_sentences": counted, "n_reused": pd.array(np.where(is_known, n_reused, -1), dtype="Int64"),
            "share_pct": np.where(is_known, 100 * n_reused / np.maximum(counted, 1), np.nan),
        }))
        rows[-1].loc[~is_known, "n_reused"] = pd.NA
    table = pd.concat(rows, ignore_index=True)
    return store.conform("reuse_shares", table.sort_values(["document_id", "relation"], kind="stable", ignore_index=True))


def _main_sources(target: Integers, source: Integers, documents: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """For each report the one that most of its sentences come from; of equals the smaller identifier."""
    n = len(documents)
    order = np.argsort(documents.astype(str), kind="stable")
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    pairs, counts = np.unique(target * n + place[source], return_counts=True)
    ranked = np.lexsort((pairs % max(n, 1), -counts, pairs // max(n, 1)))
    ranked = ranked[_differs(pairs[ranked] // max(n, 1))]
    main = np.full(n, None, dtype=object)
    main[pairs[ranked] // max(n, 1)] = documents[order[pairs[ranked] % max(n, 1)]]
    return main
