"""Features made for all texts at once are those that scikit-learn makes one by one."""

from __future__ import annotations

import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer

from pipeline.comparisons.theme_features import N_FEATURES, count_characters

TEXTS = [
    "全年作出行政处罚决定31件，未发生行政复议案件。", "“双随机、一公开”抽查率100%；ＡＢC 类企业 12 家", "行政行政行政", "局", "",
    "a", "ab", "Ab  cD\t\nE", "😀的é", "12345热线办结率99.2%",
]


def test_the_same_rows_as_the_vectorizer() -> None:
    vectorizer = HashingVectorizer(analyzer="char", ngram_range=(2, 3), n_features=N_FEATURES, alternate_sign=False, dtype=np.float32)
    expected, found = vectorizer.transform(TEXTS), count_characters(TEXTS)
    assert np.array_equal(expected.indptr, found.indptr)
    assert np.array_equal(expected.indices, found.indices)
    assert np.array_equal(expected.data, found.data)


def test_no_texts_give_no_rows() -> None:
    assert count_characters([]).shape == (0, N_FEATURES)
