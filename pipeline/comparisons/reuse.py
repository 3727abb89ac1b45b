"""Sentences that a report took from an earlier report of its department, or from another department.

Times, numbers and titles of documents are masked, so that last year's sentence with new figures counts
as recycled; stock formulas are set apart. What a sentence says next to its source is for the outputs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.comparisons.candidates import (
    Floats,
    Integers,
    build_text_set,
    compare_pairs,
    count_words_left,
    find_pairs,
    mask,
    sign,
)
from pipeline.profiles.boilerplate import Boilerplate
from pipeline.tables import store

EARLIER, OTHER = "earlier_year", "other_department"
# Dice share of common character pairs from which a sentence counts as the same frame. Within a department two
# thirds: new figures, a reordered or added clause. Between departments more, because all write on the same duties.
MIN_SIMILARITY = {EARLIER: 0.68, OTHER: 0.8}
# Characters beside masks that a sentence needs to be compared at all, and to be compared with less than equality.
MIN_CHARS_EQUAL = 8
MIN_CHARS = {EARLIER: 12, OTHER: 20}
EQUAL = 0.95
# A short sentence that this many departments share word for word is a formula of the genre, copied from nobody.
FORMULA_MAX_CHARS = 30
FORMULA_MIN_DEPARTMENTS = 5
FORMULA_MIN_SHARE = 0.02


@dataclass(frozen=True)
class _Corpus:
    """Comparable sentences in parallel arrays, in order of report and sentence."""

    document: list[str]
    sentence_no: list[int]
    text: list[str]
    masked: list[str]
    chars: Integers
    department: Integers
    year: Integers
    rank: Integers


def find_reuse(reports: pd.DataFrame, sentences: pd.DataFrame, boilerplate: Boilerplate) -> store.Tables:
    """Tables `reuse` and `reuse_shares`.

    An own earlier report goes before another department as source; among several the nearest year wins,
    then the higher similarity. Another department's report is a source when its year is earlier, or the
    same and it was signed (else published) earlier; with equal or no dates the smaller report_id is taken
    as the source, so that a pair is never counted twice. Similarity 0 to 1, numbers and dates masked.

    A share is missing, not 0, where there was nothing to compare with (first report of a department).
    """
    compared = _compared_reports(reports)
    corpus = _comparable_sentences(compared, sentences, boilerplate)
    texts = build_text_set(corpus.masked)
    signatures = sign(texts)
    best: dict[int, tuple[float, int, str]] = {}
    for relation, groups, order, rows_a_band in (
        (OTHER, np.zeros_like(corpus.department), corpus.rank, 3),
        (EARLIER, corpus.department, corpus.year, 2),
    ):
        later, earlier = find_pairs(texts, signatures, groups, order, rows_a_band)
        is_own = corpus.department[later] == corpus.department[earlier]
        keep = is_own if relation == EARLIER else ~is_own
        later, earlier = later[keep], earlier[keep]
        similarity = compare_pairs(texts, later, earlier)
        best.update(_best_sources(corpus, boilerplate, relation, later, earlier, similarity))
    rows = [
        {
            "document_id": corpus.document[target], "sentence_no": corpus.sentence_no[target],
            "source_document_id": corpus.document[source], "source_sentence_no": corpus.sentence_no[source],
            "similarity": round(similarity, 4), "relation": relation,
            "is_verbatim": _bare(corpus.text[target]) == _bare(corpus.text[source]),
        }
        for target, (similarity, source, relation) in sorted(best.items())
    ]
    rows.sort(key=lambda row: (row["document_id"], row["sentence_no"]))
    shares = _share_rows(compared, corpus, rows)
    return {"reuse": store.frame("reuse", rows), "reuse_shares": store.frame("reuse_shares", shares)}


def _compared_reports(reports: pd.DataFrame) -> list[dict[str, Any]]:
    """Reports that take part, oldest first, with `rank` and a number for their department."""
    columns = ["document_id", "report_id", "region", "department_code", "report_year", "signed_date", "published_date",
               "is_compared"]
    found: list[dict[str, Any]] = []
    for values in zip(*(reports[column].tolist() for column in columns), strict=True):
        row = dict(zip(columns, values, strict=True))
        is_left_out = pd.notna(row["is_compared"]) and not row["is_compared"]
        if is_left_out or pd.isna(row["report_year"]) or pd.isna(row["department_code"]):
            continue
        dates = [str(row[name]) for name in ("signed_date", "published_date") if pd.notna(row[name])]
        row["date"] = dates[0] if dates else "9999"
        found.append(row)
    found.sort(key=lambda row: (int(row["report_year"]), row["date"], str(row["report_id"]), row["document_id"]))
    departments = sorted({(str(row["region"]), str(row["department_code"])) for row in found})
    number = {department: index for index, department in enumerate(departments)}
    for rank, row in enumerate(found):
        row["rank"] = rank
        row["department_no"] = number[str(row["region"]), str(row["department_code"])]
    return found


def _comparable_sentences(compared: list[dict[str, Any]], sentences: pd.DataFrame, boilerplate: Boilerplate) -> _Corpus:
    """Sentences of the compared reports that are long enough and no formula."""
    report_of = {row["document_id"]: row for row in compared}
    kept: list[tuple[str, int, str, str]] = []
    for document_id, sentence_no, text in zip(
        sentences["document_id"].tolist(), sentences["sentence_no"].tolist(), sentences["text"].tolist(), strict=True
    ):
        if document_id not in report_of or pd.isna(text) or boilerplate.is_stock(text):
            continue
        masked = mask(text)
        if count_words_left(masked) >= MIN_CHARS_EQUAL:
            kept.append((document_id, int(sentence_no), text, masked))
    kept.sort(key=lambda item: (report_of[item[0]]["rank"], item[1]))
    formulas = _frequent_formulas(kept, report_of)
    kept = [item for item in kept if item[3] not in formulas]

    def column(values: list[int]) -> Integers:
        return np.array(values, dtype=np.int64)

    return _Corpus(
        document=[item[0] for item in kept],
        sentence_no=[item[1] for item in kept],
        text=[item[2] for item in kept],
        masked=[item[3] for item in kept],
        chars=column([count_words_left(item[3]) for item in kept]),
        department=column([report_of[item[0]]["department_no"] for item in kept]),
        year=column([int(report_of[item[0]]["report_year"]) for item in kept]),
        rank=column([report_of[item[0]]["rank"] for item in kept]),
    )


def _frequent_formulas(kept: list[tuple[str, int, str, str]], report_of: dict[str, dict[str, Any]]) -> set[str]:
    """Masked short sentences that many departments use word for word."""
    users: dict[str, set[int]] = defaultdict(set)
    for document_id, _, _, masked in kept:
        if len(masked) <= FORMULA_MAX_CHARS:
            users[masked].add(report_of[document_id]["department_no"])
    n_departments = len({row["department_no"] for row in report_of.values()})
    enough = max(FORMULA_MIN_DEPARTMENTS, FORMULA_MIN_SHARE * n_departments)
    return {masked for masked, departments in users.items() if len(departments) >= enough}


def _best_sources(
    corpus: _Corpus, boilerplate: Boilerplate, relation: str, later: Integers, earlier: Integers, similarity: Floats
) -> dict[int, tuple[float, int, str]]:
    """For each sentence its source under one relation: nearest year, then highest similarity, then first place.

    Stock phrases do not count towards the length that a copy from another department needs: all departments
    may write them, and rightly.
    """
    chars = np.minimum(corpus.chars[later], corpus.chars[earlier])
    is_enough = (similarity >= MIN_SIMILARITY[relation]) & (chars >= MIN_CHARS[relation])
    if relation == EARLIER:
        is_enough |= similarity >= EQUAL
    else:
        without_own_words = [target for target in np.unique(later[is_enough]).tolist()
                             if _count_own_words(corpus, boilerplate, target) < MIN_CHARS[OTHER]]
        is_enough &= ~np.isin(later, without_own_words)
    later, earlier, similarity = later[is_enough], earlier[is_enough], similarity[is_enough]
    place = np.lexsort((earlier, -similarity, -corpus.year[earlier], later))
    first = np.unique(later[place], return_index=True)[1]
    return {int(later[at]): (float(similarity[at]), int(earlier[at]), relation) for at in place[first]}


def _count_own_words(corpus: _Corpus, boilerplate: Boilerplate, target: int) -> int:
    """Characters of a sentence that say something, stock phrases left out."""
    text = corpus.text[target]
    own = boilerplate.without_phrases(text)
    return int(corpus.chars[target]) if own == text else count_words_left(mask(own))


def _bare(text: str) -> str:
    return "".join(text.split())


def _share_rows(compared: list[dict[str, Any]], corpus: _Corpus, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row a report and relation; counts are missing where no report could have been a source."""
    comparable = Counter(corpus.document)
    reused: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in rows:
        reused[row["document_id"], row["relation"]][row["source_document_id"]] += 1
    first_year: dict[int, int] = {}
    first_other: dict[str, bool] = {}
    seen: set[int] = set()
    for report in compared:
        department = report["department_no"]
        first_year.setdefault(department, int(report["report_year"]))
        first_other[report["document_id"]] = bool(seen - {department})
        seen.add(department)
    shares = []
    for report in compared:
        document_id = report["document_id"]
        is_later = int(report["report_year"]) > first_year[report["department_no"]]
        has_source = {EARLIER: is_later, OTHER: first_other[document_id]}
        for relation in (EARLIER, OTHER):
            sources = reused[document_id, relation]
            n_sentences, n_reused = comparable[document_id], sum(sources.values())
            is_known = has_source[relation] and n_sentences > 0
            shares.append({
                "document_id": document_id, "relation": relation,
                "source_document_id": min(sources, key=lambda source: (-sources[source], source)) if sources else None,
                "n_sentences": n_sentences, "n_reused": n_reused if is_known else None,
                "share_pct": 100 * n_reused / n_sentences if is_known else None,
            })
    return sorted(shares, key=lambda row: (row["document_id"], row["relation"]))
