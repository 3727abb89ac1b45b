"""A linear model of themes, taught by the corpus itself: a heading with one theme labels the sentences below it.

It is learnt from a sample of the reports and kept as a table, so that every report can be judged by itself.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from pipeline.comparisons.character_features import common_features, count_features
from pipeline.comparisons.theme_evidence import find_section_themes
from pipeline.profiles.themes import ThemeCatalogue
from pipeline.tables import store
from pipeline.tables.store import Tables, columns_of

_SEED = 20210811
# More lessons than this teach little new but take longer: of 20,000 instead, one sentence in a hundred gets another theme.
_MOST_LESSONS = 8_000
_N_ROUNDS = 15
# A theme with fewer lessons would be learnt from the wording of one or two sentences.
_FEWEST_LESSONS = 5
_N_FOLDS = 3
# The features that stand in most lessons; the others together tell hardly anything.
_MOST_FEATURES = 4_000
_DECIMALS = 3
_CONSTANT = -1

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def fold_of(document_id: str) -> int:
    """Which of the models judges a report: the one that has not seen it."""
    return zlib.crc32(document_id.encode()) % _N_FOLDS


def learn_themes(
    reports: pd.DataFrame, sections: pd.DataFrame, sentences: pd.DataFrame, theme_catalogue: ThemeCatalogue
) -> Tables:
    """Table `theme_model`, from the reports at hand.

    There is one model for each fold, taught by the reports of the others, so that it adds to the headings of a report
    instead of repeating them; by all reports where there are no others. Empty where too little can be learnt: no two
    themes have enough lessons.
    """
    compared = set(reports.loc[reports["is_compared"].fillna(False).astype(bool), "document_id"].tolist())
    of_section = find_section_themes(sections, theme_catalogue)
    lessons = sorted(
        (document_id, sentence_no, of_section[document_id, section_no][0], text)
        for document_id, sentence_no, section_no, text in zip(
            *columns_of(sentences, "document_id", "sentence_no", "section_no", "text"), strict=True)
        if document_id in compared and text is not None and len(of_section.get((document_id, section_no), ())) == 1)
    themes = theme_catalogue.ids
    number = {theme: place for place, theme in enumerate(themes)}
    fold = np.array([fold_of(document_id) for document_id, *_ in lessons], dtype=np.int64)
    theme = np.array([number[theme] for _, _, theme, _ in lessons], dtype=np.int64)
    chosen = [_choose_lessons(theme, numbers) for numbers in _teachers(fold)]
    rows = [
        _learn(each, [lessons[place][3] for place in numbers.tolist()], [themes[place] for place in theme[numbers].tolist()])
        for each, numbers in enumerate(chosen)]
    return {"theme_model": pd.concat([store.frame("theme_model"), *rows], ignore_index=True)}


def _teachers(fold: Integers) -> list[Integers]:
    """For each fold the lessons of the others; all where there are no others."""
    others = [np.flatnonzero(fold != each) for each in range(_N_FOLDS)]
    return [several if len(several) else np.arange(len(fold)) for several in others]


def _choose_lessons(theme: Integers, numbers: Integers) -> Integers:
    """Those whose theme has enough lessons; a fixed sample where there are very many."""
    counts = np.bincount(theme[numbers])
    usable = numbers[counts[theme[numbers]] >= _FEWEST_LESSONS]
    if len(usable) <= _MOST_LESSONS:
        return usable
    return np.sort(np.random.default_rng(_SEED).choice(usable, _MOST_LESSONS, replace=False))


def _learn(fold: int, texts: Sequence[str], labels: Sequence[str]) -> pd.DataFrame:
    """Rows of one model; none where the lessons do not hold two themes."""
    if len(set(labels)) < 2:
        return store.frame("theme_model")
    # Loaded here: most workers never learn.
    from sklearn.linear_model import SGDClassifier

    features = common_features(texts, _MOST_FEATURES)
    model = SGDClassifier(loss="log_loss", alpha=1e-4, max_iter=_N_ROUNDS, tol=None, random_state=_SEED,
                          class_weight="balanced")
    model.fit(count_features(texts, features), labels)
    # Of two themes there is one row of weights, which speaks for the second.
    of_theme = model.coef_ if len(model.classes_) > 2 else np.vstack((-model.coef_, model.coef_))
    constant = model.intercept_ if len(model.classes_) > 2 else np.array([-model.intercept_[0], model.intercept_[0]])
    weights = np.round(np.column_stack((constant, of_theme)), _DECIMALS)
    row, place = np.nonzero(weights)
    return store.conform("theme_model", pd.DataFrame({
        "fold": fold,
        "theme": model.classes_[row].astype(object),
        "feature": np.concatenate(([_CONSTANT], features))[place],
        "weight": weights[row, place],
    }))


@dataclass(frozen=True)
class _Model:
    """What reports other than those of a fold teach: features, their weights (rows) for the themes (columns), constants."""

    features: Integers
    weights: Floats
    constant: Floats
    is_known: npt.NDArray[np.bool_]


class ThemeModel:
    """Gives the probability of each theme; zeros where nothing was learnt."""

    def __init__(self, table: pd.DataFrame, themes: Sequence[str]) -> None:
        self._n_themes = len(themes)
        codes, names = pd.factorize(table["theme"])
        theme = np.array([themes.index(name) for name in names.tolist()], dtype=np.int64)[codes]
        fold, feature = (table[name].to_numpy(dtype=np.int64) for name in ("fold", "feature"))
        weight = table["weight"].to_numpy(dtype=np.float64)
        self._models = [self._read(theme[own], feature[own], weight[own])
                        for own in (np.flatnonzero(fold == each) for each in range(_N_FOLDS))]

    def _read(self, theme: Integers, feature: Integers, weight: Floats) -> _Model:
        is_feature = feature != _CONSTANT
        features = np.sort(pd.unique(feature[is_feature]))
        weights = sparse.coo_array((weight[is_feature], (np.searchsorted(features, feature[is_feature]), theme[is_feature])),
                                   shape=(len(features), self._n_themes)).toarray()
        constant = np.zeros(self._n_themes)
        constant[theme[~is_feature]] = weight[~is_feature]
        return _Model(features, weights, constant, np.isin(np.arange(self._n_themes), theme))

    def judge(self, texts: Sequence[str], fold: Integers) -> Floats:
        """Probability of each theme (columns, in the order of the themes) for each text (rows) of a report's fold."""
        probabilities = np.zeros((len(texts), self._n_themes))
        for each, model in enumerate(self._models):
            judged = np.flatnonzero(fold == each)
            if model.is_known.any() and len(judged):
                counts = count_features([texts[number] for number in judged.tolist()], model.features)
                # One against the rest, as the model was taught.
                odds = 1 / (1 + np.exp(-(counts @ model.weights + model.constant)))
                odds[:, ~model.is_known] = 0.0
                probabilities[judged] = odds / odds.sum(axis=1, keepdims=True)
        return probabilities
