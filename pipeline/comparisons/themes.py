"""Assign sentences to themes, and say how much of each report every theme takes.

Three kinds of evidence are added up: the nearest heading that names a theme, seed terms in the sentence, and
a model taught by the corpus's own headings. A heading outweighs single words, several strong words outweigh
a heading; a sentence with too little evidence stays unassigned.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.comparisons.groups import cut_groups, cut_tables
from pipeline.comparisons.theme_evidence import find_section_themes, weigh_seed_terms
from pipeline.comparisons.theme_model import ThemeModel
from pipeline.profiles.themes import UNASSIGNED, ThemeCatalogue
from pipeline.tables import store
from pipeline.tables.store import Tables

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


@dataclass(frozen=True)
class _Sentences:
    """Sentences of some documents, in order of document and number; `documents` count through the whole corpus."""

    document_ids: list[str]
    documents: np.ndarray
    numbers: list[int]
    roles: list[str]
    texts: list[str]
    headings: list[tuple[str, ...]]


@dataclass(frozen=True)
class _Assigned:
    """Up to three themes a sentence, best first: their columns, weights that add up to 1, and the strongest evidence."""

    columns: np.ndarray
    weights: np.ndarray
    sources: np.ndarray


def assign_themes(
    reports: pd.DataFrame, sections: pd.DataFrame, sentences: pd.DataFrame, theme_catalogue: ThemeCatalogue
) -> Tables:
    """Tables `sentence_themes` and `themes` of the compared reports.

    The weights of a sentence's themes add up to 1; a sentence without any has one row `unassigned`. `themes`
    holds every theme for each report with sentences in the roles of COUNTED_ROLES, also those with share 0;
    shares of a report add up to 1. Intervals are of resampled sentences with fixed seeds.
    """
    compared = set(reports.loc[reports["is_compared"].fillna(False).astype(bool), "document_id"].tolist())
    documents = sorted(compared.intersection(sentences["document_id"].unique().tolist()))
    number_of = {document_id: number for number, document_id in enumerate(documents)}
    groups = cut_groups([[document_id] for document_id in documents])
    group_of = {documents[place]: number for number, group in enumerate(groups) for place in group}

    def read_groups() -> Iterator[_Sentences]:
        for own_sections, own_sentences in cut_tables(group_of, len(groups), sections, sentences):
            yield _read_sentences(own_sections, own_sentences, number_of, theme_catalogue)

    model = _learn(read_groups, theme_catalogue)
    theme_tables, share_tables = [store.frame("sentence_themes")], [store.frame("themes")]
    resamples: dict[int, np.ndarray] = {}
    for group in read_groups():
        assigned = _assign(group, model, theme_catalogue)
        theme_tables.append(store.frame("sentence_themes", _theme_rows(group, assigned, theme_catalogue)))
        share_tables.append(store.frame("themes", _share_rows(group, assigned, theme_catalogue, resamples)))
    return {
        "sentence_themes": pd.concat(theme_tables, ignore_index=True),
        "themes": pd.concat(share_tables, ignore_index=True),
    }


def _read_sentences(
    sections: pd.DataFrame, sentences: pd.DataFrame, number_of: Mapping[str, int], catalogue: ThemeCatalogue
) -> _Sentences:
    section_themes = find_section_themes(sections, catalogue)
    columns = ("document_id", "sentence_no", "section_no", "role", "text")
    rows = sorted(zip(*(sentences[name].tolist() for name in columns), strict=True), key=lambda row: row[:2])
    return _Sentences(
        [row[0] for row in rows], np.array([number_of[row[0]] for row in rows], dtype=np.int64), [row[1] for row in rows],
        [row[3] if isinstance(row[3], str) else "other" for row in rows], [row[4] for row in rows],
        [section_themes.get((row[0], row[2]), ()) for row in rows])


def _learn(read_groups: Callable[[], Iterator[_Sentences]], catalogue: ThemeCatalogue) -> ThemeModel:
    """The model of the whole corpus; of its texts only those that teach are kept."""
    column_of = {theme: number for number, theme in enumerate(catalogue.ids)}
    documents, labels = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for group in read_groups():
        documents.append(group.documents)
        labels.append(np.array([column_of[headings[0]] if len(headings) == 1 else -1 for headings in group.headings],
                               dtype=np.int64))

    def texts_at(positions: list[int]) -> list[str]:
        texts: list[str] = []
        first, wanted = 0, iter(positions)
        position = next(wanted, -1)
        for group in read_groups():
            while first <= position < first + len(group.texts):
                texts.append(group.texts[position - first])
                position = next(wanted, -1)
            first += len(group.texts)
        return texts

    return ThemeModel(np.concatenate(documents), np.concatenate(labels), texts_at, catalogue.ids)


def _assign(sentences: _Sentences, model: ThemeModel, catalogue: ThemeCatalogue) -> _Assigned:
    """Themes, weights and the strongest evidence of each sentence; column len(ids) is `unassigned`."""
    column_of = {theme: number for number, theme in enumerate(catalogue.ids)}
    evidence = np.zeros((len(_SOURCES), len(sentences.texts), len(catalogue.ids)))
    headings, terms, from_model = evidence
    from_model[:] = _MODEL_WEIGHT * model.judge(sentences.documents, sentences.texts)
    terms_of: dict[str, dict[str, float]] = {}
    for row, (text, themes) in enumerate(zip(sentences.texts, sentences.headings, strict=True)):
        if text not in terms_of:
            terms_of[text] = weigh_seed_terms(text, catalogue)
        for theme, weight in terms_of[text].items():
            terms[row, column_of[theme]] = min(weight, _MOST_TERM_WEIGHT)
        for theme in themes:
            # A heading with several themes says less of each sentence below it.
            headings[row, column_of[theme]] = _HEADING_WEIGHT / math.sqrt(len(themes))
    totals = headings + terms + from_model
    ranked = np.argsort(-totals, axis=1, kind="stable")[:, :_MOST_THEMES]
    best = np.take_along_axis(totals, ranked, axis=1)
    most = best[:, :1]
    kept = np.where(best >= np.maximum(_LEAST_EVIDENCE, _FURTHER_THEME * most), best, 0.0)
    whole = np.zeros(len(kept))
    for place in range(kept.shape[1]):  # one after another, as the shares are defined to the last digit
        whole += kept[:, place]
    is_unassigned = most[:, 0] < _LEAST_EVIDENCE
    weights = kept / np.where(is_unassigned, 1.0, whole)[:, np.newaxis]
    weights[is_unassigned] = [1.0] + [0.0] * (kept.shape[1] - 1)
    ranked[is_unassigned, 0] = len(catalogue.ids)
    sources = np.take_along_axis(evidence.argmax(axis=0), np.minimum(ranked, len(catalogue.ids) - 1), axis=1)
    return _Assigned(ranked, weights, sources)


def _theme_rows(sentences: _Sentences, assigned: _Assigned, catalogue: ThemeCatalogue) -> list[dict[str, object]]:
    names = [*catalogue.ids, UNASSIGNED]
    rows: list[dict[str, object]] = []
    for document_id, number, columns, weights, sources in zip(
        sentences.document_ids, sentences.numbers, assigned.columns.tolist(), assigned.weights.tolist(),
        assigned.sources.tolist(), strict=True,
    ):
        rows += [
            {"document_id": document_id, "sentence_no": number, "theme": theme, "weight": weight,
             "source": None if theme == UNASSIGNED else _SOURCES[source]}
            for theme, weight, source in sorted(
                (names[column], weight, source) for column, weight, source in zip(columns, weights, sources, strict=True) if weight)
        ]
    return rows


def _share_rows(
    sentences: _Sentences, assigned: _Assigned, catalogue: ThemeCatalogue, resamples: dict[int, np.ndarray]
) -> list[dict[str, object]]:
    columns = [*catalogue.ids, UNASSIGNED]
    weights = np.zeros((len(sentences.texts), len(columns)))
    for place in range(assigned.columns.shape[1]):
        has_theme = np.flatnonzero(assigned.weights[:, place])
        weights[has_theme, assigned.columns[has_theme, place]] = assigned.weights[has_theme, place]
    counted = np.flatnonzero([role in COUNTED_ROLES for role in sentences.roles])
    rows: list[dict[str, object]] = []
    for own in np.split(counted, np.flatnonzero(np.diff(sentences.documents[counted])) + 1) if len(counted) else ():
        n = len(own)
        if n not in resamples:
            resamples[n] = np.random.default_rng(n).multinomial(n, np.full(n, 1 / n), size=_N_RESAMPLES)
        low, high = np.quantile(resamples[n] @ weights[own] / n, (0.025, 0.975), axis=0)
        shares, counts = weights[own].mean(axis=0), (weights[own] > 0).sum(axis=0)
        rows += sorted([
            # Rounded, so that the last digits do not depend on the machine's way of adding up.
            {"document_id": sentences.document_ids[own[0]], "theme": theme, "share": round(float(shares[number]), 6),
             "share_low": round(float(min(low[number], shares[number])), 6),
             "share_high": round(float(max(high[number], shares[number])), 6), "n_sentences": int(counts[number])}
            for number, theme in enumerate(columns)
        ], key=lambda row: str(row["theme"]))
    return rows
