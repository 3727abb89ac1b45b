"""Assign sentences to themes, and say how much of each report every theme takes.

Three kinds of evidence are added up: the nearest heading that names a theme, seed terms in the sentence, and
a model taught by the corpus's own headings (`theme_model`). A heading outweighs single words, several strong words outweigh
a heading; a sentence with too little evidence stays unassigned.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.comparisons.columns import RowsByDocument
from pipeline.comparisons.theme_evidence import find_section_themes
from pipeline.comparisons.theme_model import ThemeModel, fold_of
from pipeline.comparisons.word_places import WordPlaces, read_codes
from pipeline.profiles.themes import UNASSIGNED, ThemeCatalogue
from pipeline.tables import store
from pipeline.tables.store import Tables, columns_of

# Evidence is measured in the weights of seed terms: one strong term is 3.
_HEADING_WEIGHT = 3.5
_MODEL_WEIGHT = 2.0
_MOST_TERM_WEIGHT = 6.0
# Less than one normal term together with some agreement of the model says nothing.
_LEAST_EVIDENCE = 2.0
# A further theme must have at least this part of the evidence of the first.
_FURTHER_THEME = 0.7
_MOST_THEMES = 3
_SOURCES = ("heading", "terms", "model")

# Shares describe what was done; what is planned or missing is assigned too, but would count it twice.
COUNTED_ROLES = ("achievements", "first_responsible", "other")
_N_RESAMPLES = 400
# Resamples of documents with at most so many sentences are kept, because they are the same for all with as many.
_MOST_REMEMBERED = 250
_DOCUMENTS_AT_ONCE = 64
# Documents are assigned in batches of about this many sentences, to bound memory.
_SENTENCES_AT_ONCE = 10_000

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def assign_themes(
    reports: pd.DataFrame, sections: pd.DataFrame, sentences: pd.DataFrame, theme_model: pd.DataFrame,
    theme_catalogue: ThemeCatalogue,
) -> Tables:
    """Tables `sentence_themes` and `themes` of the compared reports.

    The weights of a sentence's themes add up to 1; a sentence without any has one row `unassigned`. `themes`
    holds every theme for each report with sentences in the roles of COUNTED_ROLES, also those with share 0;
    shares of a report add up to 1. Intervals are of resampled sentences with fixed seeds.
    """
    corpus = _Corpus(reports, sections, sentences, theme_catalogue)
    model = ThemeModel(theme_model, theme_catalogue.ids)
    shares = _Shares(theme_catalogue)
    assigned: list[pd.DataFrame] = [store.frame("sentence_themes")]
    measured: list[pd.DataFrame] = [store.frame("themes")]
    terms = _Terms(theme_catalogue)
    for batch in corpus.batches():
        weights, source = _weigh(batch, model.judge(batch.text, batch.fold), terms, theme_catalogue)
        assigned.append(_sentence_rows(batch, weights, source, shares.columns))
        measured.append(shares.measure(batch, weights))
    return {"sentence_themes": pd.concat(assigned, ignore_index=True), "themes": pd.concat(measured, ignore_index=True)}


@dataclass(frozen=True)
class _Batch:
    """Sentences of some documents in order; `document` is a number among all documents, `fold` that of the model to ask."""

    document_id: list[str]
    document: Integers
    fold: Integers
    sentence_no: list[int]
    role: list[str]
    text: list[str]
    headings: list[tuple[str, ...]]


class _Corpus:
    """The compared reports, read a batch at a time."""

    def __init__(
        self, reports: pd.DataFrame, sections: pd.DataFrame, sentences: pd.DataFrame, catalogue: ThemeCatalogue
    ) -> None:
        compared = reports.loc[reports["is_compared"].fillna(False).astype(bool), "document_id"].tolist()
        self._catalogue = catalogue
        self._sections = RowsByDocument(sections, "section_no", "parent_no", "heading", "role")
        self._sentences = RowsByDocument(sentences, "sentence_no", "section_no", "role", "text", by="sentence_no")
        self._documents = sorted(document_id for document_id in set(compared) if self._sentences.count(document_id))
        self._places = [self._sentences.places(document_id) for document_id in self._documents]

    def batches(self) -> Iterator[_Batch]:
        """The sentences of all documents, by document and sentence."""
        for first, last in self._bounds():
            section_themes = self._section_themes(first, last)
            places = self._places[first:last]
            ids, sentence_no, section_no, role, text = columns_of(
                self._sentences.at(np.concatenate(places)), "document_id", "sentence_no", "section_no", "role", "text")
            sizes = [len(several) for several in places]
            folds = [fold_of(document_id) for document_id in self._documents[first:last]]
            yield _Batch(
                ids, np.repeat(np.arange(first, last), sizes), np.repeat(folds, sizes), sentence_no,
                [each or "other" for each in role], text,
                [section_themes.get(key, ()) for key in zip(ids, section_no, strict=True)])

    def _bounds(self) -> Iterator[tuple[int, int]]:
        first = size = 0
        for number, places in enumerate(self._places, 1):
            size += len(places)
            if size >= _SENTENCES_AT_ONCE or number == len(self._places):
                yield first, number
                first, size = number, 0

    def _section_themes(self, first: int, last: int) -> dict[tuple[str, int], tuple[str, ...]]:
        return find_section_themes(self._sections.of(self._documents[first:last]), self._catalogue)


def _weigh(
    batch: _Batch, probabilities: Floats, terms: _Terms, catalogue: ThemeCatalogue
) -> tuple[Floats, Integers]:
    """Weights of the themes of each sentence, the last column for none, and which source says most for each theme."""
    evidence = np.stack([
        _heading_weights(batch.headings, catalogue),
        np.minimum(terms.weigh(batch.text), _MOST_TERM_WEIGHT),
        _MODEL_WEIGHT * probabilities,
    ])
    total = evidence.sum(axis=0)
    most = total.max(axis=1, initial=0.0)
    ranked = np.argsort(-total, axis=1, kind="stable")[:, :_MOST_THEMES]
    of_ranked = np.take_along_axis(total, ranked, axis=1)
    is_kept = of_ranked >= np.maximum(_LEAST_EVIDENCE, _FURTHER_THEME * most)[:, np.newaxis]
    kept = np.where(is_kept, of_ranked, 0.0)
    whole = kept.sum(axis=1, keepdims=True)
    weights = np.zeros((len(total), total.shape[1] + 1))
    np.put_along_axis(weights, ranked, kept / np.where(whole > 0, whole, 1.0), axis=1)
    weights[:, -1] = whole[:, 0] == 0
    return weights, evidence.argmax(axis=0)


def _heading_weights(headings: Sequence[tuple[str, ...]], catalogue: ThemeCatalogue) -> Floats:
    """A heading with several themes says less of each sentence below it."""
    distinct = {themes: number for number, themes in enumerate(dict.fromkeys(headings))}
    ids = catalogue.ids
    weights = np.zeros((len(distinct), len(ids)))
    for themes, number in distinct.items():
        for theme in themes:
            weights[number, ids.index(theme)] = _HEADING_WEIGHT / math.sqrt(len(themes))
    return weights[[distinct[themes] for themes in headings]]


class _Terms:
    """Seed terms and what they weigh for each theme."""

    def __init__(self, catalogue: ThemeCatalogue) -> None:
        self._n_themes = len(catalogue.ids)
        self._words = WordPlaces(catalogue.known_terms)
        column = {theme: number for number, theme in enumerate(catalogue.ids)}
        weights = catalogue.term_weights
        self._number = {term: number for number, term in enumerate(catalogue.known_terms)}
        pairs = [weights.get(term, ()) for term in self._number]
        self._n_pairs = np.array([len(several) for several in pairs], dtype=np.int64)
        self._column = np.array([column[theme] for several in pairs for theme, _ in several], dtype=np.int64)
        self._weight = np.array([weight for several in pairs for _, weight in several], dtype=np.float64)

    def weigh(self, texts: Sequence[str]) -> Floats:
        """Sums of the weights of the seed terms in each text, by theme; a term said twice counts once."""
        joined = "\n".join(texts)
        spans = self._words.find(joined, read_codes(joined))
        ends = np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1)
        owner = np.searchsorted(ends, np.array([start for start, _ in spans], dtype=np.int64), side="right")
        number = self._number
        term = np.array([number[joined[start:end]] for start, end in spans], dtype=np.int64)
        once = np.sort(np.unique(owner * len(number) + term, return_index=True)[1])
        owner, term = owner[once], term[once]
        times = self._n_pairs[term]
        first = (np.cumsum(self._n_pairs) - self._n_pairs)[term]
        pair = np.arange(times.sum()) + np.repeat(first - np.cumsum(times) + times, times)
        cells = np.repeat(owner, times) * self._n_themes + self._column[pair]
        sums = np.bincount(cells, self._weight[pair], minlength=len(texts) * self._n_themes).astype(np.float64)
        return sums.reshape(len(texts), self._n_themes)


def _sentence_rows(batch: _Batch, weights: Floats, source: Integers, columns: Sequence[str]) -> pd.DataFrame:
    """Rows of `sentence_themes`, by document, sentence and name of the theme."""
    by_name = np.argsort(columns)
    row, place = np.nonzero(weights[:, by_name])
    column = by_name[place]
    sources = np.array([*_SOURCES, None], dtype=object)
    number = np.where(column < len(columns) - 1, source[row, np.minimum(column, source.shape[1] - 1)], len(_SOURCES))
    return store.conform("sentence_themes", pd.DataFrame({
        "document_id": np.array(batch.document_id, dtype=object)[row],
        "sentence_no": np.array(batch.sentence_no, dtype=np.int64)[row],
        "theme": np.array(columns, dtype=object)[column],
        "weight": weights[row, column],
        "source": sources[number],
    }))


class _Shares:
    """Shares of themes of each document, with intervals."""

    def __init__(self, catalogue: ThemeCatalogue) -> None:
        self.columns = [*catalogue.ids, UNASSIGNED]

    def measure(self, batch: _Batch, weights: Floats) -> pd.DataFrame:
        """Rows of `themes` for the documents of a batch."""
        counted = np.flatnonzero(np.isin(np.array(batch.role, dtype=object), COUNTED_ROLES))
        if not len(counted):
            return store.frame("themes")
        edges = np.flatnonzero(np.diff(batch.document[counted])) + 1
        several = np.split(counted, edges)
        by_name = np.argsort(self.columns)
        shares, low, high = np.empty((3, len(several), len(self.columns)))
        counts = np.empty((len(several), len(self.columns)), dtype=np.int64)
        drawn = np.empty((_DOCUMENTS_AT_ONCE, _N_RESAMPLES, len(self.columns)))
        for first in range(0, len(several), _DOCUMENTS_AT_ONCE):
            part = several[first:first + _DOCUMENTS_AT_ONCE]
            for place, numbers in enumerate(part):
                own = weights[numbers]
                np.divide(_draw(len(numbers)) @ own, len(numbers), out=drawn[place])
                shares[first + place], counts[first + place] = own.mean(axis=0), (own > 0).sum(axis=0)
            end = first + len(part)
            low[first:end], high[first:end] = np.quantile(drawn[:len(part)], (0.025, 0.975), axis=1)
        # Rounded, so that the last digits do not depend on the machine's way of adding up.
        share, least, greatest = ([round(number, 6) for number in bound[:, by_name].ravel().tolist()]
                                  for bound in (shares, np.minimum(low, shares), np.maximum(high, shares)))
        return store.conform("themes", pd.DataFrame({
            "document_id": np.repeat(np.array([batch.document_id[numbers[0]] for numbers in several], dtype=object), len(by_name)),
            "theme": np.tile(np.array(self.columns, dtype=object)[by_name], len(several)),
            "share": share, "share_low": least, "share_high": greatest, "n_sentences": counts[:, by_name].ravel(),
        }))


def _draw(n: int) -> Floats:
    """How often each of `n` sentences is drawn in each resample."""
    if n > _MOST_REMEMBERED:
        return np.random.default_rng(n).multinomial(n, np.full(n, 1 / n), size=_N_RESAMPLES).astype(np.float64)
    return _remember_drawn(n).astype(np.float64)


@lru_cache(maxsize=_MOST_REMEMBERED)
def _remember_drawn(n: int) -> npt.NDArray[np.uint8]:
    """The same in small: no sentence is drawn a hundred times."""
    return np.random.default_rng(n).multinomial(n, np.full(n, 1 / n), size=_N_RESAMPLES).astype(np.uint8)
