"""A linear model of themes, taught by the corpus itself: a heading with one theme labels the sentences below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import SGDClassifier

_SEED = 20210811
# More lessons than this teach nothing new but take longer.
_MOST_LESSONS = 20_000
# A theme with fewer lessons would be learnt from the wording of one or two sentences.
_FEWEST_LESSONS = 5
_N_FOLDS = 3


@dataclass(frozen=True)
class Lesson:
    """A sentence of the corpus; `theme` is the one theme of its heading, None where there is none or several."""

    document_id: str
    text: str
    theme: str | None


def learn_and_predict(lessons: Sequence[Lesson], themes: Sequence[str]) -> np.ndarray:
    """Probability of each theme (columns, in the order of `themes`) for each lesson (rows).

    Each sentence is judged by a model that has not seen its report, so that the model adds to the heading
    instead of repeating it. Zeros where too little can be learnt: no two themes have enough lessons.
    """
    probabilities = np.zeros((len(lessons), len(themes)))
    if not lessons:
        return probabilities
    documents = sorted({lesson.document_id for lesson in lessons})
    fold_of = {document_id: number % _N_FOLDS for number, document_id in enumerate(documents)}
    folds = np.array([fold_of[lesson.document_id] for lesson in lessons])
    features = HashingVectorizer(analyzer="char", ngram_range=(2, 3), n_features=2**17, alternate_sign=False,
                                 dtype=np.float32).transform([lesson.text for lesson in lessons])
    column_of = {theme: number for number, theme in enumerate(themes)}
    for fold in range(min(_N_FOLDS, len(documents))):
        others = np.flatnonzero(folds != fold) if len(documents) > 1 else np.arange(len(lessons))
        taught = _choose_lessons(lessons, others.tolist())
        labels = [lessons[number].theme for number in taught]
        if len(set(labels)) < 2:
            continue
        model = SGDClassifier(loss="log_loss", alpha=1e-4, max_iter=15, tol=None, random_state=_SEED,
                              class_weight="balanced")
        model.fit(features[taught], labels)
        judged = np.flatnonzero(folds == fold)
        columns = np.array([column_of[theme] for theme in model.classes_])
        probabilities[np.ix_(judged, columns)] = model.predict_proba(features[judged])
    return probabilities


def _choose_lessons(lessons: Sequence[Lesson], numbers: Sequence[int]) -> list[int]:
    """Those with a theme that has enough lessons; a fixed sample where there are very many."""
    counts = Counter(lessons[number].theme for number in numbers)
    usable = [number for number in numbers
              if lessons[number].theme is not None and counts[lessons[number].theme] >= _FEWEST_LESSONS]
    if len(usable) <= _MOST_LESSONS:
        return usable
    return sorted(np.random.default_rng(_SEED).choice(usable, _MOST_LESSONS, replace=False).tolist())
