"""Sentences that a report took from an earlier report of its department, or from another department of its region.

Times, numbers and titles of documents are masked, so that last year's sentence with new figures counts
as recycled; stock formulas are set apart. What a sentence says next to its source is for the outputs. Sources in
other regions are found by `reuse_sources`, from what this module notes of each sentence.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
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
    mask_all,
    sign,
)
from pipeline.profiles.boilerplate import Boilerplate
from pipeline.tables import store
from pipeline.tables.store import columns_of

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
    place: list[str]
    chars: Integers
    region: Integers
    department: Integers
    year: Integers
    rank: Integers


def find_reuse(reports: pd.DataFrame, sentences: pd.DataFrame, boilerplate: Boilerplate) -> store.Tables:
    """Tables `region_reuse`, and for `settle_reuse` the tables `reuse_prints` and `comparable_counts`.

    An own earlier report goes before another department as source; among several the nearest year wins,
    then the higher similarity. Another department's report is a source when its year is earlier, or the
    same and it was signed (else published) earlier; with equal or no dates the smaller report_id is taken
    as the source, so that a pair is never counted twice. Similarity 0 to 1, numbers and dates masked.
    """
    compared = list_compared(reports)
    corpus = _comparable_sentences(compared, sentences, boilerplate)
    texts = build_text_set(corpus.masked)
    signatures = sign(texts)
    best: dict[int, tuple[float, int, str]] = {}
    for relation, groups, order, rows_a_band in (
        (OTHER, corpus.region, corpus.rank, 3),
        (EARLIER, corpus.department, corpus.year, 2),
    ):
        later, earlier = find_pairs(texts, signatures, groups, order, rows_a_band)
        is_own = corpus.department[later] == corpus.department[earlier]
        keep = is_own if relation == EARLIER else ~is_own & (corpus.region[later] == corpus.region[earlier])
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
    n_sentences = Counter(corpus.document)
    return {
        "region_reuse": store.frame("region_reuse", rows),
        "reuse_prints": _print_sentences(corpus, boilerplate),
        "comparable_counts": store.frame("comparable_counts", [
            {"document_id": row["document_id"], "n_sentences": n_sentences[row["document_id"]]} for row in compared]),
    }


def _print_sentences(corpus: _Corpus, boilerplate: Boilerplate) -> pd.DataFrame:
    """What there is to recognise each sentence by that is long enough to have been copied from another region."""
    kept = [at for at in np.flatnonzero(corpus.chars >= MIN_CHARS[OTHER]).tolist()
            if _count_own_words(corpus, boilerplate, at) >= MIN_CHARS[OTHER]]
    return store.conform("reuse_prints", pd.DataFrame({
        "document_id": [corpus.document[at] for at in kept],
        "sentence_no": np.array([corpus.sentence_no[at] for at in kept], dtype=np.int64),
        "masked_print": _prints(_without_place(corpus.masked[at], corpus.place[at]) for at in kept),
        "text_print": _prints(_bare(corpus.text[at]) for at in kept),
        "is_short": np.array([len(corpus.masked[at]) <= FORMULA_MAX_CHARS for at in kept], dtype=bool),
    }))


def _prints(texts: Iterable[str]) -> Integers:
    """A number for each text, the same for the same text; 64 bits, so that different texts do not meet."""
    digests = b"".join([blake2b(text.encode(), digest_size=8).digest() for text in texts])
    return np.frombuffer(digests, dtype=">i8").astype(np.int64)


def _without_place(masked: str, region: str) -> str:
    """The sentence with the name of its region masked, also where it stands without 区, 县 or 市."""
    if len(region) > 1:
        masked = masked.replace(region, "P")
    if len(region) > 2:
        masked = masked.replace(region[:-1], "P")
    return masked


def list_compared(reports: pd.DataFrame) -> list[dict[str, Any]]:
    """Reports that take part, oldest first, with `rank` and numbers for their region and department."""
    columns = ["document_id", "report_id", "region", "department_code", "report_year", "signed_date", "published_date",
               "is_compared"]
    found: list[dict[str, Any]] = []
    for values in zip(*columns_of(reports, *columns), strict=True):
        row = dict(zip(columns, values, strict=True))
        if row["is_compared"] is False or row["report_year"] is None or row["department_code"] is None:
            continue
        row["date"] = next((date for date in (row["signed_date"], row["published_date"]) if date is not None), "9999")
        found.append(row)
    found.sort(key=lambda row: (int(row["report_year"]), row["date"], str(row["report_id"]), row["document_id"]))
    departments = sorted({(str(row["region"]), str(row["department_code"])) for row in found})
    number = {department: index for index, department in enumerate(departments)}
    regions = {region: index for index, region in enumerate(sorted({region for region, _ in departments}))}
    for rank, row in enumerate(found):
        row["rank"] = rank
        row["region_no"] = regions[str(row["region"])]
        row["department_no"] = number[str(row["region"]), str(row["department_code"])]
    return found


def _comparable_sentences(compared: list[dict[str, Any]], sentences: pd.DataFrame, boilerplate: Boilerplate) -> _Corpus:
    """Sentences of the compared reports that are long enough and no formula."""
    report_of = {row["document_id"]: row for row in compared}
    rows = [(document_id, sentence_no, text) for document_id, sentence_no, text in zip(
        *columns_of(sentences, "document_id", "sentence_no", "text"), strict=True)
        if document_id in report_of and text is not None]
    masked_of, n_chars = _mask_sentences({text: None for _, _, text in rows}, boilerplate)
    kept = [(document_id, sentence_no, text, masked_of[text]) for document_id, sentence_no, text in rows if text in masked_of]
    kept.sort(key=lambda item: (report_of[item[0]]["rank"], item[1]))
    formulas = _frequent_formulas(kept, report_of)
    kept = [item for item in kept if (report_of[item[0]]["region_no"], item[3]) not in formulas]

    def column(values: list[int]) -> Integers:
        return np.array(values, dtype=np.int64)

    return _Corpus(
        document=[item[0] for item in kept],
        sentence_no=[item[1] for item in kept],
        text=[item[2] for item in kept],
        masked=[item[3] for item in kept],
        place=[report_of[item[0]]["region"] if isinstance(report_of[item[0]]["region"], str) else "" for item in kept],
        chars=column([n_chars[item[3]] for item in kept]),
        region=column([report_of[item[0]]["region_no"] for item in kept]),
        department=column([report_of[item[0]]["department_no"] for item in kept]),
        year=column([int(report_of[item[0]]["report_year"]) for item in kept]),
        rank=column([report_of[item[0]]["rank"] for item in kept]),
    )


def _mask_sentences(texts: Iterable[str], boilerplate: Boilerplate) -> tuple[dict[str, str], dict[str, int]]:
    """Different sentences with what they are compared as, and how many characters of that say something."""
    own = [text for text in texts if not boilerplate.is_stock(text)]
    masked_of = dict(zip(own, mask_all(own), strict=True))
    n_chars = {masked: count_words_left(masked) for masked in masked_of.values()}
    return {text: masked for text, masked in masked_of.items() if n_chars[masked] >= MIN_CHARS_EQUAL}, n_chars


def _frequent_formulas(
    kept: list[tuple[str, int, str, str]], report_of: dict[str, dict[str, Any]]
) -> set[tuple[int, str]]:
    """Masked short sentences that many departments of a region use word for word."""
    users: dict[tuple[int, str], set[int]] = defaultdict(set)
    for document_id, _, _, masked in kept:
        if len(masked) <= FORMULA_MAX_CHARS:
            report = report_of[document_id]
            users[report["region_no"], masked].add(report["department_no"])
    n_departments = Counter(region for region, _ in {(row["region_no"], row["department_no"]) for row in report_of.values()})
    return {key for key, departments in users.items() if len(departments) >= fewest_users(n_departments[key[0]])}


def fewest_users(n_departments: int) -> float:
    """So many departments say a short sentence that nobody copied it."""
    return max(FORMULA_MIN_DEPARTMENTS, FORMULA_MIN_SHARE * n_departments)


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
