"""Cut sentences into terms and count them. The only module that uses the segmenter.

The cut is that of jieba's accurate mode with our words added; rjieba gives the same terms at a
fraction of the time. Numbers are cut differently in places, and never counted.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

import numpy as np
import pandas as pd
import rjieba

from pipeline.profiles.words import Words
from pipeline.tables import store
from pipeline.tables.store import Tables

# 十余, 两三百, 二〇二三年: amounts and dates in hanzi. 万户 or 三项制度 hold another character and stay.
_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千万亿余多第几半数年月日号]+")


def count_terms(sentences: pd.DataFrame, words: Words) -> Tables:
    """Table `term_counts`: how often each term stands in the sentences of each section, headings left out.

    Counted are terms of two or more letters that are neither number nor stop word, and every word of
    words.txt, digits or not.
    """
    texts: dict[tuple[str, int], list[str]] = {}
    for document_id, section_no, text in zip(
        sentences["document_id"].tolist(), sentences["section_no"].tolist(), sentences["text"].tolist(), strict=True
    ):
        texts.setdefault((document_id, section_no), []).append(text)
    is_counted = _Judge(words)
    keys = sorted(texts)
    n_terms: list[int] = []
    terms: list[str] = []
    numbers: list[int] = []
    for key in keys:
        # A line break ends a term, so that no term runs from one sentence into the next.
        counts = Counter(cut("\n".join(texts[key]), words.added))
        counted = sorted([term for term in counts if is_counted[term]])
        n_terms.append(len(counted))
        terms += counted
        numbers += map(counts.__getitem__, counted)
    times = np.repeat(np.arange(len(keys)), n_terms)
    return {"term_counts": store.conform("term_counts", pd.DataFrame({
        "document_id": store.pick_texts([document_id for document_id, _ in keys], times),
        "section_no": np.array([section_no for _, section_no in keys], dtype=np.int64)[times],
        "term": store.texts(terms), "count": numbers,
    }))}


def cut(text: str, added: tuple[str, ...]) -> list[str]:
    """The terms of a text in order, nothing left out: "".join(cut(text, …)) == text."""
    return _segmenter(added).cut(text)


def find_ineffective(added: tuple[str, ...]) -> list[str]:
    """Words that the segmenter does not keep whole even when they stand alone."""
    return [word for word in added if cut(word, added) != [word]]


@lru_cache(maxsize=4)
def _segmenter(added: tuple[str, ...]) -> rjieba.Jieba:
    segmenter = rjieba.Jieba()
    for word in added:
        segmenter.add_word(word, None, None)
    return segmenter


class _Judge(dict[str, bool]):
    """Whether a term is counted, each distinct term judged once."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._added = frozenset(words.added)
        self._stop = words.stop

    def __missing__(self, term: str) -> bool:
        counted = term in self._added or (
            len(term) > 1 and term.isalpha() and term not in self._stop and not _NUMBER.fullmatch(term)
        )
        self[term] = counted
        return counted
