"""A linear model of themes, taught by the corpus itself: a heading with one theme labels the sentences below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import SGDClassifier

from pipeline.comparisons.character_features import CharacterFeatures

_SEED = 20210811
# More lessons than this teach little new but take longer: of 20,000 instead, one sentence in a hundred gets another theme.
_MOST_LESSONS = 8_000
_N_ROUNDS = 15
# A theme with fewer lessons would be learnt from the wording of one or two sentences.
_FEWEST_LESSONS = 5
_N_FOLDS = 3
_NO_THEME = -1

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Lessons:
    """The sentences of a corpus: number of the document, and of the one theme of its heading (-1: none or several).

    `read` gives the texts of some of them.
    """

    document: Integers
    theme: Integers
    n_documents: int
    read: Callable[[Integers], Sequence[str]]


@dataclass(frozen=True)
class _Taught:
    """A model, and the columns of the features that it knows."""

    model: SGDClassifier
    columns: Integers


class ThemeModel:
    """Gives the probability of each theme.

    Each sentence is judged by a model that has not seen its report, so that the model adds to the heading
    instead of repeating it. Zeros where too little can be learnt: no two themes have enough lessons.
    """

    def __init__(self, lessons: Lessons, themes: Sequence[str]) -> None:
        self._themes = themes
        self._features = CharacterFeatures()
        folds = lessons.document % _N_FOLDS
        chosen = [
            _choose_lessons(lessons.theme, np.flatnonzero(folds != fold) if lessons.n_documents > 1 else np.arange(len(folds)))
            for fold in range(min(_N_FOLDS, lessons.n_documents))
        ]
        taught = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *chosen]))
        features = self._features.of(lessons.read(taught))
        self._models = [
            self._learn(features[np.searchsorted(taught, numbers)], lessons.theme[numbers]) for numbers in chosen]

    def _learn(self, features: sparse.csr_matrix, theme: Integers) -> _Taught | None:
        """A model taught by some of the lessons; None where they do not hold two themes."""
        labels = [self._themes[number] for number in theme.tolist()]
        if len(set(labels)) < 2:
            return None
        # Only the columns that occur: the same coefficients, in less memory and so in less time.
        columns = np.unique(features.indices)
        model = SGDClassifier(loss="log_loss", alpha=1e-4, max_iter=_N_ROUNDS, tol=None, random_state=_SEED,
                              class_weight="balanced")
        return _Taught(model.fit(features[:, columns], labels), columns)

    def judge(self, texts: Sequence[str], document: Integers) -> npt.NDArray[np.float64]:
        """Probability of each theme (columns, in the order of the themes) for each text (rows) of the documents."""
        probabilities = np.zeros((len(texts), len(self._themes)))
        features = self._features.of(texts)
        for fold, taught in enumerate(self._models):
            judged = np.flatnonzero(document % _N_FOLDS == fold)
            if taught is not None and len(judged):
                columns = np.array([self._themes.index(theme) for theme in taught.model.classes_.tolist()], dtype=np.int64)
                known = features[judged][:, taught.columns]
                probabilities[np.ix_(judged, columns)] = taught.model.predict_proba(known)
        return probabilities


def _choose_lessons(theme: Integers, numbers: Integers) -> Integers:
    """Those with a theme that has enough lessons; a fixed sample where there are very many."""
    labelled = numbers[theme[numbers] != _NO_THEME]
    counts = np.bincount(theme[labelled])
    usable = labelled[counts[theme[labelled]] >= _FEWEST_LESSONS]
    if len(usable) <= _MOST_LESSONS:
        return usable
    return np.sort(np.random.default_rng(_SEED).choice(usable, _MOST_LESSONS, replace=False))
