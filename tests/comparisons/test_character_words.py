"""Texts as characters and pairs of them."""

from __future__ import annotations

import re

import numpy as np
import pytest

from pipeline.comparisons.character_words import KEY_SIGN, Synonyms, Weights, cut_texts

WEAK = re.compile("开展|不少于")


def words_of(*texts: str) -> list[list[str]]:
    cut = cut_texts(texts, WEAK)
    spelled: list[list[str]] = [[] for _ in texts]
    for key, owner in zip(cut.key.tolist(), cut.owner.tolist(), strict=True):
        high, low = key >> KEY_SIGN, key & ((1 << KEY_SIGN) - 1)
        spelled[owner].append("figure" if key >> (2 * KEY_SIGN + 1) else (chr(high) if high else "") + chr(low))
    return spelled


@pytest.mark.parametrize(("text", "words"), [
    ("普法", ["普", "普法", "法"]),
    ("普、法", ["普", "法"]),                     # not across marks
    ("普开展法", ["普", "法"]),                   # nor across weak words
    ("执法12场", ["执", "执法", "法", "场"]),      # short figures say nothing
    ("123", ["figure", "1", "12", "2", "23", "3"]),
    ("", []),
])
def test_words(text: str, words: list[str]) -> None:
    assert words_of(text) == [words]


def test_words_do_not_run_from_one_text_into_the_next() -> None:
    assert words_of("普", "", "法") == [["普"], [], ["法"]]


def test_synonyms_are_the_same_word() -> None:
    synonyms = Synonyms([("培训", "轮训"), ("危险化学品", "危化品")])
    one, other = (cut_texts([text], WEAK, synonyms).key for text in ("执法轮训", "执法培训"))
    assert np.isin(one, other).tolist() == [True, True, True, False, False, True, True]      # all but 法轮 and 轮
    assert len(np.intersect1d(*(cut_texts([text], WEAK, synonyms).key for text in ("危化品", "危险化学品")))) == 5


def test_rare_words_weigh_more_and_sums_do_not_depend_on_the_order() -> None:
    weights = Weights(["执法检查"] * 30 + ["普法宣传"], WEAK)
    keys = cut_texts(["执法检查普法宣传"], WEAK).key
    found = weights.of(keys)
    assert weights.of(cut_texts(["宣传"], WEAK).key)[1] > weights.of(cut_texts(["检查"], WEAK).key)[1]
    assert sum(found.tolist()) == sum(found.tolist()[::-1]) == found[np.random.default_rng(1).permutation(len(found))].sum()
