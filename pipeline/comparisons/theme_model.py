"""A linear model of themes, taught by the corpus itself: a heading with one theme labels the sentences below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy import sparse
from sklearn.linear_model import SGDClassifier

from pipeline.comparisons.theme_features import count_characters

_SEED = 20210811
# More lessons than this teach little new but take longer: of 20,000 instead, one sentence in a hundred gets another theme.
_MOST_LESSONS = 8_000
# A theme with fewer lessons would be learnt from the wording of one or two sentences.
_FEWEST_LESSONS = 5
_N_FOLDS = 3


class ThemeModel:
    """Probabilities of themes for sentences, each judged by a model that has not seen its report.

    So the model adds to the heading instead of repeating it. Zeros where too little can be learnt: no two themes have
    enough lessons.
    """

    def __init__(self, documents: np.ndarray, labels: np.ndarray, texts_at: Callable[[list[int]], list[str]],
                 themes: Sequence[str]) -> None:
        """`documents` are numbers of the sentences' documents, from 0 on, `labels` the theme of the one heading or -1.

        `texts_at` gives the sentences at some positions: only those that teach are ever asked for.
        """
        self._themes = list(themes)
        n_documents = int(documents.max()) + 1 if len(documents) else 0
        taught = [
            _choose_lessons(labels, np.flatnonzero(documents % _N_FOLDS != fold) if n_documents > 1 else np.arange(len(documents)))
            for fold in range(min(_N_FOLDS, n_documents))]
        needed = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *taught]))
        features = count_characters(texts_at(needed.tolist()))
        self._models = [self._teach(labels[lessons], features[np.searchsorted(needed, lessons)]) for lessons in taught]

    def _teach(self, labels: np.ndarray, features: sparse.csr_matrix) -> SGDClassifier | None:
        named = [self._themes[label] for label in labels.tolist()]
        if len(set(named)) < 2:
            return None
        model = SGDClassifier(loss="log_loss", alpha=1e-4, max_iter=15, tol=None, random_state=_SEED,
                              class_weight="balanced")
        return model.fit(features, named)

    def judge(self, documents: np.ndarray, texts: list[str]) -> np.ndarray:
        """Probability of each theme (columns, in the order of `themes`) for each sentence (rows)."""
        probabilities = np.zeros((len(texts), len(self._themes)))
        if not texts or not any(self._models):
            return probabilities
        column_of = {theme: number for number, theme in enumerate(self._themes)}
        features = count_characters(texts)
        for fold, model in enumerate(self._models):
            judged = np.flatnonzero(documents % _N_FOLDS == fold)
            if model is not None and len(judged):
                columns = np.array([column_of[theme] for theme in model.classes_])
                probabilities[np.ix_(judged, columns)] = model.predict_proba(features[judged])
        return probabilities


def _choose_lessons(labels: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Positions with a theme that has enough lessons; a fixed sample where there are very many."""
    with_theme = positions[labels[positions] >= 0]
    counts = np.bincount(labels[with_theme])
    usable = with_theme[counts[labels[with_theme]] >= _FEWEST_LESSONS]
    if len(usable) <= _MOST_LESSONS:
        return usable
    return np.sort(np.random.default_rng(_SEED).choice(usable, _MOST_LESSONS, replace=False))
