"""Assign sentences to themes, and say how much of each report every theme takes.

Three kinds of evidence are added up: the nearest heading that names a theme, seed terms in the sentence, and
a model taught by the corpus's own headings. A heading outweighs single words, several strong words outweigh
a heading; a sentence with too little evidence stays unassigned.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.comparisons.theme_evidence import find_section_themes, weigh_seed_terms
from pipeline.comparisons.theme_model import Lesson, learn_and_predict
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

# Shares describe what was done; what is planned or missing is assigned too, but would count it twice.
COUNTED_ROLES = ("achievements", "first_responsible", "other")
_N_RESAMPLES = 400


@dataclass(frozen=True)
class _Sentence:
    document_id: str
    sentence_no: int
    role: str
    text: str
    headings: tuple[str, ...]


def assign_themes(
    reports: pd.DataFrame, sections: pd.DataFrame, sentences: pd.DataFrame, theme_catalogue: ThemeCatalogue
) -> Tables:
    """Tables `sentence_themes` and `themes` of the compared reports.

    The weights of a sentence's themes add up to 1; a sentence without any has one row `unassigned`. `themes`
    holds every theme for each report with sentences in the roles of COUNTED_ROLES, also those with share 0;
    shares of a report add up to 1. Intervals are of resampled sentences with fixed seeds.
    """
    chosen = _select(reports, sections, sentences, theme_catalogue)
    assigned = _assign(chosen, theme_catalogue)
    sentence_rows = [
        {"document_id": sentence.document_id, "sentence_no": sentence.sentence_no,
         "theme": theme, "weight": weight, "source": source}
        for sentence, themes in zip(chosen, assigned, strict=True)
        for theme, weight, source in sorted(themes)
    ]
    return {
        "sentence_themes": store.frame("sentence_themes", sentence_rows),
        "themes": store.frame("themes", _share_rows(chosen, assigned, theme_catalogue)),
    }


def _select(
    reports: pd.DataFrame, sections: pd.DataFrame, sentences: pd.DataFrame, catalogue: ThemeCatalogue
) -> list[_Sentence]:
    compared = set(reports.loc[reports["is_compared"].fillna(False).astype(bool), "document_id"].tolist())
    section_themes = find_section_themes(sections, catalogue)
    rows = zip(sentences["document_id"].tolist(), sentences["sentence_no"].tolist(), sentences["section_no"].tolist(),
               sentences["role"].tolist(), sentences["text"].tolist(), strict=True)
    chosen = [
        _Sentence(document_id, sentence_no, role if isinstance(role, str) else "other", text,
                  section_themes.get((document_id, section_no), ()))
        for document_id, sentence_no, section_no, role, text in rows
        if document_id in compared
    ]
    return sorted(chosen, key=lambda sentence: (sentence.document_id, sentence.sentence_no))


def _assign(
    sentences: list[_Sentence], catalogue: ThemeCatalogue
) -> list[list[tuple[str, float, str | None]]]:
    """Themes, weights and the strongest evidence of each sentence."""
    lessons = [
        Lesson(sentence.document_id, sentence.text, sentence.headings[0] if len(sentence.headings) == 1 else None)
        for sentence in sentences
    ]
    probabilities = learn_and_predict(lessons, catalogue.ids)
    terms_of: dict[str, dict[str, float]] = {}
    assigned = []
    for sentence, row in zip(sentences, probabilities.tolist(), strict=True):
        if sentence.text not in terms_of:
            terms_of[sentence.text] = weigh_seed_terms(sentence.text, catalogue)
        assigned.append(_decide(sentence.headings, terms_of[sentence.text], dict(zip(catalogue.ids, row, strict=True))))
    return assigned


def _decide(
    headings: tuple[str, ...], terms: dict[str, float], model: dict[str, float]
) -> list[tuple[str, float, str | None]]:
    # A heading with several themes says less of each sentence below it.
    heading_weight = _HEADING_WEIGHT / math.sqrt(len(headings)) if headings else 0.0
    evidence = {
        theme: {
            "heading": heading_weight if theme in headings else 0.0,
            "terms": min(terms.get(theme, 0.0), _MOST_TERM_WEIGHT),
            "model": _MODEL_WEIGHT * probability,
        }
        for theme, probability in model.items()
    }
    totals = {theme: sum(parts.values()) for theme, parts in evidence.items()}
    most = max(totals.values(), default=0.0)
    if most < _LEAST_EVIDENCE:
        return [(UNASSIGNED, 1.0, None)]
    ranked = sorted(totals, key=lambda theme: -totals[theme])
    kept = [theme for theme in ranked if totals[theme] >= max(_LEAST_EVIDENCE, _FURTHER_THEME * most)][:_MOST_THEMES]
    whole = sum(totals[theme] for theme in kept)
    return [
        (theme, totals[theme] / whole, max(("heading", "terms", "model"), key=lambda kind: evidence[theme][kind]))
        for theme in kept
    ]


def _share_rows(
    sentences: list[_Sentence], assigned: list[list[tuple[str, float, str | None]]], catalogue: ThemeCatalogue
) -> list[dict[str, object]]:
    columns = [*catalogue.ids, UNASSIGNED]
    position = {theme: number for number, theme in enumerate(columns)}
    weights_of: dict[str, list[np.ndarray]] = defaultdict(list)
    for sentence, themes in zip(sentences, assigned, strict=True):
        if sentence.role in COUNTED_ROLES:
            weights = np.zeros(len(columns))
            for theme, weight, _ in themes:
                weights[position[theme]] = weight
            weights_of[sentence.document_id].append(weights)
    resamples: dict[int, np.ndarray] = {}
    rows: list[dict[str, object]] = []
    for document_id in sorted(weights_of):
        weights = np.array(weights_of[document_id])
        n = len(weights)
        if n not in resamples:
            resamples[n] = np.random.default_rng(n).multinomial(n, np.full(n, 1 / n), size=_N_RESAMPLES)
        low, high = np.quantile(resamples[n] @ weights / n, (0.025, 0.975), axis=0)
        shares, counts = weights.mean(axis=0), (weights > 0).sum(axis=0)
        rows += [
            # Rounded, so that the last digits do not depend on the machine's way of adding up.
            {"document_id": document_id, "theme": theme, "share": round(float(shares[number]), 6),
             "share_low": round(float(min(low[number], shares[number])), 6),
             "share_high": round(float(max(high[number], shares[number])), 6), "n_sentences": int(counts[number])}
            for number, theme in enumerate(columns)
        ]
    return sorted(rows, key=lambda row: (str(row["document_id"]), str(row["theme"])))
