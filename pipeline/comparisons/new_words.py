"""Find multi-word terms that the corpus uses as one word but the segmenter cuts: 行政执法三项制度, 包容审慎监管.

A string is a word when its parts keep together (cohesion: it is far more frequent than its parts would give by
chance, at every cut) and its surroundings vary (freedom: many different characters stand before and after).
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.comparisons.term_matrix import compared_documents
from pipeline.profiles.words import Words
from pipeline.tables import store
from pipeline.tables.store import Tables

_MOST_OFFERED = 20
_LONGEST = 8
_SHORTEST = 4
_FEWEST_HITS = 5
_FEWEST_DOCUMENTS = 3
# Natural logarithm: the word is at least e^4, some 50 times, as frequent as chance makes it.
_LEAST_COHESION = 4.0
# Bits; 1.5 is the variety of three equally frequent neighbours.
_LEAST_FREEDOM = 1.5
_MOST_SENTENCES = 8000
_HANZI = re.compile(r"[\u4e00-\u9fd5]+")
# A word of our kind neither begins nor ends with one of these.
_LOOSE_ENDS = frozenset("的了和与及在对把被将由以为是有等各其之并也都就又不未无而或到从向于一二三四五六七八九十两年月日次件个项条名人份场家")
# Numbers from here on stand for a neighbour like no other.
_OTHER_CHARACTERS = 1 << 21

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class NewWord:
    """A term that could be added to words.txt. Higher cohesion and freedom: more surely a word."""

    word: str
    count: int
    n_documents: int
    cohesion: float
    freedom: float


def offer_words(reports: pd.DataFrame, sentences: pd.DataFrame, term_counts: pd.DataFrame, words: Words) -> Tables:
    """An issue that offers the analyst terms for words.txt: those that the segmenter cuts although the reports use them as one word."""
    compared = compared_documents(reports)["document_id"]
    own = sentences[sentences["document_id"].isin(compared) & sentences["text"].notna()]
    terms = term_counts.loc[term_counts["document_id"].isin(compared), "term"].unique().tolist()
    texts = zip(own["document_id"].tolist(), own["text"].tolist(), strict=True)
    found = find_new_words(texts, known={*terms, *words.added}, stop=words.stop)[:_MOST_OFFERED] if terms else []
    if not found:
        return {}
    listed = "、".join(f"{word.word}（{word.count}次，{word.n_documents}份）" for word in found)
    return {"issues": store.frame("issues", [{
        "place": "words.txt", "severity": "note",
        "message": f"以下词语在多份报告中作为整词使用，分词时却被切开；如需单独统计，请加入 words.txt：{listed}"}])}


def find_new_words(
    texts: Iterable[tuple[str, str]], known: Collection[str], stop: Collection[str] = ()
) -> list[NewWord]:
    """New words of (document_id, sentence) pairs, most frequent first.

    Left out are strings in `known`, and those that begin or end with a stop word (全年立案, 开展检查).
    A sentence that many reports repeat counts once: a copied sentence does not make its parts words. Of very
    many sentences a fixed part is read.
    """
    first_document: dict[str, str] = {}
    for document_id, text in texts:
        first_document.setdefault(text, document_id)
    step = max(1, math.ceil(len(first_document) / _MOST_SENTENCES))
    read = sorted(first_document.items())[::step]
    runs = [(run, document_id) for text, document_id in read for run in _HANZI.findall(text)]
    numbers = {document_id: number for number, document_id in enumerate(sorted({each for _, each in runs}))}
    strings = _Strings([run for run, _ in runs], [numbers[document_id] for _, document_id in runs])
    ends = tuple(sorted(stop))
    found = [
        word for length in range(_SHORTEST, _LONGEST + 1) for word in strings.find_words(length)
        if word.word not in known and not word.word.startswith(ends) and not word.word.endswith(ends)
    ]
    return sorted(_without_parts(found), key=lambda word: (-word.count, word.word))


class _Strings:
    """All strings of up to _LONGEST characters in the runs, each told by where it begins in the joined `text`.

    A string is only counted where its beginning is frequent enough.
    """

    def __init__(self, runs: Sequence[str], documents: Sequence[int]) -> None:
        self.text = "".join(runs)
        lengths = np.fromiter(map(len, runs), dtype=np.int64, count=len(runs))
        self._document = np.repeat(np.array(documents, dtype=np.int64), lengths)
        self._codes = np.frombuffer(self.text.encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
        # Characters from each place to the end of its run, and from the beginning of the run.
        self._left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(self.text))
        self._gone = np.repeat(lengths, lengths) - self._left
        # By length and place: which string begins there (-1 for none), and how often it stands anywhere.
        self._number: dict[int, Integers] = {}
        self._count: dict[int, Integers] = {}
        number, count = self._codes, np.full(len(self.text), _FEWEST_HITS)
        for length in range(1, _LONGEST + 1):
            is_counted = self._left >= length
            if length > 2:
                is_counted &= count >= _FEWEST_HITS
            places = np.flatnonzero(is_counted)
            longer = number[places] if length == 1 else (number[places] << 21) | self._codes[places + length - 1]
            codes, _ = pd.factorize(longer)
            number, count = np.full(len(self.text), -1), np.zeros(len(self.text), dtype=np.int64)
            number[places], count[places] = codes, np.bincount(codes)[codes] if len(codes) else 0
            self._number[length], self._count[length] = number, count

    def find_words(self, length: int) -> list[NewWord]:
        """Strings of this length that are frequent, hold together, have no loose ends and stand in many surroundings."""
        is_loose = np.isin(self._codes, np.array([ord(character) for character in sorted(_LOOSE_ENDS)], dtype=np.int64))
        places = np.flatnonzero((self._count[length] >= _FEWEST_HITS) & ~is_loose)
        places = places[~is_loose[places + length - 1]]
        cohesion = self._cohesion(places, length)
        holds = np.flatnonzero(cohesion >= _LEAST_COHESION)
        places, cohesion = places[holds], cohesion[holds]
        word, first = _number(self._number[length][places])
        n_hits = np.bincount(word)
        n_documents = np.bincount(_distinct(word, self._document[places])[0])
        # The end of a run is as free as can be: each counts as another character.
        other = _OTHER_CHARACTERS + places
        before = np.where(self._gone[places] > 0, self._codes[places - 1], other)
        after = np.where(self._left[places] > length, self._codes[np.minimum(places + length, len(self.text) - 1)], other)
        freedom = np.minimum(_entropy(word, before, n_hits), _entropy(word, after, n_hits))
        kept = np.flatnonzero((n_documents >= _FEWEST_DOCUMENTS) & (freedom >= _LEAST_FREEDOM))
        return [
            NewWord(self.text[place:place + length], *numbers)
            for place, *numbers in zip(places[first[kept]].tolist(), n_hits[kept].tolist(), n_documents[kept].tolist(),
                                       cohesion[first[kept]].tolist(), freedom[kept].tolist(), strict=True)
        ]

    def _cohesion(self, places: Integers, length: int) -> Floats:
        """Logarithm of how much more frequent each string is than its parts make it, at its weakest cut."""
        weakest = np.full(len(places), np.inf)
        for cut in range(1, length):
            parts = self._count[cut][places] * self._count[length - cut][places + cut]
            weakest = np.minimum(weakest, np.log(self._count[length][places] * len(self.text) / np.maximum(parts, 1)))
        return weakest


def _number(values: Integers) -> tuple[Integers, Integers]:
    """A number from 0 on for each different value, and where each stands first."""
    codes, distinct = pd.factorize(values)
    first = np.zeros(len(distinct), dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    return codes, first


def _distinct(word: Integers, value: Integers) -> tuple[Integers, Integers]:
    """The words of the different pairs of a word and a value, and how often each pair stands."""
    pairs, counts = np.unique((word << 32) | value, return_counts=True)
    return pairs >> 32, counts


def _entropy(word: Integers, neighbour: Integers, n_hits: Integers) -> Floats:
    """Bits of the variety of each word's neighbours."""
    of_word, counts = _distinct(word, neighbour)
    shares = counts / n_hits[of_word]
    return np.bincount(of_word, -shares * np.log2(shares), minlength=len(n_hits)).astype(np.float64)


def _without_parts(words: Iterable[NewWord]) -> list[NewWord]:
    """Leave out a word that mostly stands inside a longer one."""
    kept: list[NewWord] = []
    for word in sorted(words, key=lambda word: (-len(word.word), word.word)):
        if not any(word.word in longer.word and longer.count >= 0.6 * word.count for longer in kept):
            kept.append(word)
    return kept
