"""Find where one report answers what another one said, by words in common weighted by rarity.

Works on short passages (a clause and its neighbours): a long sentence must not answer everything just
because it says much. Which outcome an answer means is decided in `outcomes` and `targets`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pipeline.comparisons.character_words import Integers, Weights
from pipeline.comparisons.questions import Places, Questions, Shares, compare, distinct_pairs, find_words

# A comma inside 5,980 ends no clause.
_CLAUSE = re.compile(r"[^，,；;：:。！？!?]+(?:(?<=\d),(?=\d{3})[^，,；;：:。！？!?]+)*")
# A passage is this many neighbouring clauses of one sentence.
PASSAGE_CLAUSES = 3
# Share of the head's weight that an answer must hold.
MIN_HEAD = 0.3
# An answer without the head must hold this much of all the rest; one without the name in quotes cannot do.
MIN_WITHOUT_HEAD = 0.45
MIN_WITHOUT_NAME = 0.75
_NO_ANSWER = np.iinfo(np.int64).max


class Answer(NamedTuple):
    """The passage that answers best, as offsets into its text, and the share (0 to 1) of the question's weight in it."""

    text_no: int
    start: int
    end: int
    share: float


def clauses(text: str) -> list[tuple[int, int]]:
    """Spans of the clauses of a sentence, without marks."""
    return [match.span() for match in _CLAUSE.finditer(text)]


class Passages:
    """Every run of one to PASSAGE_CLAUSES neighbouring clauses of each text; `start` and `end` are offsets into it.

    They are gone through once for all questions. Texts come in the order of their groups.
    """

    def __init__(
        self, questions: Questions, texts: Sequence[str], group_of_text: Integers, n_groups: int, weights: Weights
    ) -> None:
        self._read(texts)
        n_passages = np.bincount(group_of_text[self.text_no], minlength=n_groups)
        self._places = self._hold(questions, texts, group_of_text, np.concatenate(([0], np.cumsum(n_passages))), weights)

    def find_answers(self, questions: Questions, is_sure: bool = True) -> list[Answer | None]:
        """For some of the questions the passage of their group's texts with the greatest share; None where none will do.

        Unless `is_sure`, any passage with a word in common will. Of equals the shortest, then the first. A passage
        without enough of the head must hold the more of the rest.
        """
        best = _pick_best(compare(questions, self._places), self.end - self.start,
                          questions.is_named if is_sure else None)
        return [
            None if found is None else Answer(
                int(self.text_no[found[0]]), int(self.start[found[0]]), int(self.end[found[0]]), found[1])
            for found in best
        ]

    def _read(self, texts: Sequence[str]) -> None:
        spans = [clauses(text) for text in texts]
        self._n_clauses = np.fromiter(map(len, spans), dtype=np.int64, count=len(texts))
        flat = np.array([span for several in spans for span in several], dtype=np.int64).reshape(-1, 2)
        self._clause_text = np.repeat(np.arange(len(texts)), self._n_clauses)
        self._clause_start, self._clause_end = flat[:, 0], flat[:, 1]
        last = np.cumsum(self._n_clauses)
        self._left = last[self._clause_text] - np.arange(len(flat))
        widths = np.minimum(self._left, PASSAGE_CLAUSES)
        self._begin = np.cumsum(widths) - widths
        first_clause = np.repeat(np.arange(len(flat)), widths)
        last_clause = first_clause + np.arange(len(first_clause)) - np.repeat(self._begin, widths)
        self.text_no = self._clause_text[first_clause]
        self.start, self.end = self._clause_start[first_clause], self._clause_end[last_clause]

    def _hold(
        self, questions: Questions, texts: Sequence[str], group_of_text: Integers, first: Integers, weights: Weights
    ) -> Places:
        """Which of the words asked for each passage holds, each once."""
        cut = weights.cut(texts)
        word = find_words(questions, cut, group_of_text)
        is_asked = np.flatnonzero(word >= 0)
        clause_place = cut.begin[self._clause_text] + self._clause_start
        clause = np.searchsorted(clause_place, cut.place[is_asked], side="right") - 1
        word, clause = distinct_pairs(word[is_asked], clause)
        text = self._clause_text[clause]
        # How many clauses back the same word stands in the same text: a passage that holds that one has it already.
        back = np.full(len(word), PASSAGE_CLAUSES)
        is_again = (word[1:] == word[:-1]) & (text[1:] == text[:-1])
        back[1:][is_again] = np.diff(clause)[is_again]
        nth = clause - (np.cumsum(self._n_clauses) - self._n_clauses)[text]
        words, found = [], []
        for before in range(PASSAGE_CLAUSES):
            for after in range(PASSAGE_CLAUSES - before):
                holds = (before < back) & (before <= nth) & (after < self._left[clause])
                words.append(word[holds])
                found.append(self._begin[clause[holds] - before] + before + after)
        return Places(np.concatenate(words), np.concatenate(found), first)


def _pick_best(shares: Shares, lengths: Integers, is_named: Sequence[bool] | None) -> list[tuple[int, float] | None]:
    """For each question the number of its best passage and the share that it holds."""
    widths = np.diff(shares.begin)
    if is_named is None:
        is_answer = shares.whole > 0
    else:
        least = np.repeat(np.where(np.array(is_named, dtype=bool), MIN_WITHOUT_NAME, MIN_WITHOUT_HEAD), widths)
        is_answer = (shares.head >= MIN_HEAD) | (shares.whole >= least)
    rows = np.flatnonzero(widths)
    best: list[tuple[int, float] | None] = [None] * len(widths)
    if not len(rows):
        return best
    begin = shares.begin[rows]
    usable = np.where(is_answer, shares.whole, -1.0)
    most = np.maximum.reduceat(usable, begin)
    passage = np.arange(len(usable)) - np.repeat(shares.begin[:-1] - shares.first_place, widths)
    is_best = is_answer & (usable == np.repeat(most, widths[rows]))
    rank = np.where(is_best, (lengths[passage] << 40) | passage, _NO_ANSWER)
    chosen = np.minimum.reduceat(rank, begin)
    for row, share, rank_of_best in zip(rows.tolist(), most.tolist(), chosen.tolist(), strict=True):
        if rank_of_best != _NO_ANSWER:
            best[row] = (rank_of_best & ((1 << 40) - 1), share)
    return best
