"""Pairs and triples of characters as features."""

from __future__ import annotations

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from pipeline.comparisons.character_features import common_features, count_features

TEXTS = ["推进政务公开，公开信息80条。", "ABC  def\n\n普法", "法", "", "普法", "政务公开"]


def test_features_are_those_of_a_count_vectorizer() -> None:
    expected = normalize(CountVectorizer(analyzer="char", ngram_range=(2, 3)).fit_transform(TEXTS).astype(float)).toarray()
    features = common_features(TEXTS, 1000)
    found = count_features(TEXTS, features).toarray()
    # The columns are the same, in another order.
    assert found.shape == expected.shape
    assert np.allclose(found @ found.T, expected @ expected.T)
    assert sorted(found.sum(axis=0).round(9)) == sorted(expected.sum(axis=0).round(9))


def test_what_stands_in_most_texts_comes_first() -> None:
    (feature,) = common_features(["公开", "公开公开", "普法普法普法"], 1).tolist()
    assert count_features(["公开", "普法"], np.array([feature])).toarray().tolist() == [[1.0], [0.0]]


def test_without_texts_or_features_there_is_nothing() -> None:
    assert common_features([], 10).tolist() == []
    assert count_features(["公开"], np.zeros(0, dtype=np.int64)).shape == (1, 0)
    assert count_features([], np.array([1])).shape == (0, 1)
