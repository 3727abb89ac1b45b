"""Find where one report answers what another one said, by words in common weighted by rarity.

Works on short passages (a clause and its neighbours): a long sentence must not answer everything just
because it says much. Which outcome an answer means is decided in `commitments` and `targets`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

# A comma inside 5,980 ends no clause.
_CLAUSE = re.compile(r"(?:[^，,；;：:。！？!?]|(?<=\d),(?=\d{3}))+")
_NAMED = re.compile(r"[“《]([^”》]{2,30})[”》]")
_RUN = re.compile(r"[一-鿿A-Za-z]+|\d{3,}")
# Frequencies are counted on at most this many sentences, evenly spaced: enough to tell rare words from common ones.
MAX_COUNTED = 40_000
# Sentences that we pretend to have seen besides: in two short reports every word would else look common.
BACKGROUND = 500
# A passage is this many neighbouring clauses of one sentence.
PASSAGE_CLAUSES = 3
# A single character tells less than a pair.
SINGLE_WEIGHT = 0.5
# The head of a phrase: its last pairs of characters, and the share of their weight that an answer must hold.
HEAD_WORDS = 6
MIN_HEAD = 0.34
# An answer without the head must hold this much of all the rest.
MIN_WITHOUT_HEAD = 0.45


@dataclass(frozen=True)
class Passage:
    """Part of a sentence; `start` and `end` are offsets into the sentence."""

    sentence_no: int
    role: str
    start: int
    end: int
    text: str
    words: frozenset[str]


@dataclass(frozen=True)
class Question:
    """What is looked for: words with their weights. The head is the end of the phrase, which names the thing itself.

    In 建设危险化学品企业在线监测预警系统 the thing is a 预警系统; a passage on 危险化学品企业 alone is no answer.
    """

    weights: dict[str, float]
    head: frozenset[str]
    is_named: bool
    total: float
    head_total: float

    def share(self, present: frozenset[str]) -> float:
        """Share (0 to 1) of the weight that is present; 0 where nothing is looked for."""
        # fsum, because the order of a set is not the same run after run and plain sums depend on it.
        found = math.fsum(self.weights[word] for word in self.weights.keys() & present)
        return found / self.total if self.total else 0.0

    def head_share(self, present: frozenset[str]) -> float:
        """The same for the head alone."""
        found = math.fsum(self.weights[word] for word in self.head & present)
        return found / self.head_total if self.head_total else 0.0


@dataclass(frozen=True)
class Answer:
    """The passage that answers best, and the share (0 to 1) of the question's word weight that it holds."""

    passage: Passage
    share: float


class Weights:
    """How much a pair of characters tells: the rarer in the corpus, the more."""

    def __init__(self, texts: Sequence[str], weak: re.Pattern[str]) -> None:
        self.weak = weak
        step = max(1, len(texts) // MAX_COUNTED)
        counted = texts[::step]
        self._counts: Counter[str] = Counter()
        for text in counted:
            self._counts.update(self.words(text))
        self._total = len(counted)

    def words(self, text: str) -> frozenset[str]:
        """Characters and pairs of them, not across marks or weak words; long figures such as 12345 whole.

        Single characters let 集中学法 meet 集体学法, and 监管办法 meet 监督管理办法.
        """
        return frozenset(self._word_list(text))

    def of(self, word: str) -> float:
        rarity = math.log((BACKGROUND + self._total) / (self._counts[word] + 1)) + 0.1
        return rarity * SINGLE_WEIGHT if len(word) == 1 else rarity

    def question(self, text: str) -> Question:
        """Words of a clause as a question; those of its head count double. What stands in quotes is the head."""
        listed = self._word_list(text)
        named = "，".join(_NAMED.findall(text))
        head = frozenset(self._word_list(named)) or frozenset(listed[-HEAD_WORDS:])
        weights = {word: self.of(word) * (2.0 if word in head else 1.0) for word in listed}
        return Question(weights, head, bool(named), math.fsum(weights.values()),
                        math.fsum(weights[word] for word in head))

    def _word_list(self, text: str) -> list[str]:
        found: list[str] = []
        for run in _RUN.findall(self.weak.sub(" ", text)):
            if run.isdigit():
                found.append(run)
            found.extend(run[at:at + size] for at in range(len(run)) for size in (1, 2) if at + size <= len(run))
        return found


def clauses(text: str) -> list[tuple[int, int]]:
    """Spans of the clauses of a sentence, without marks."""
    return [(match.start(), match.end()) for match in _CLAUSE.finditer(text)]


def cut_passages(sentence_no: int, role: str, text: str, weights: Weights) -> list[Passage]:
    """Every run of one to PASSAGE_CLAUSES neighbouring clauses of a sentence."""
    spans = clauses(text)
    words = [weights.words(text[start:end]) for start, end in spans]
    passages = []
    for first in range(len(spans)):
        for last in range(first, min(first + PASSAGE_CLAUSES, len(spans))):
            start, end = spans[first][0], spans[last][1]
            joined = frozenset().union(*words[first:last + 1])
            passages.append(Passage(sentence_no, role, start, end, text[start:end], joined))
    return passages


def find_answer(question: Question, passages: Sequence[Passage]) -> Answer | None:
    """The passage with the greatest share of the question; of equals the shortest, then the first.

    A passage without enough of the head must hold the more of the rest.
    """
    best: Answer | None = None
    for passage in passages:
        if passage.words.isdisjoint(question.weights):
            continue
        share = question.share(passage.words)
        if share < MIN_WITHOUT_HEAD and question.head_share(passage.words) < MIN_HEAD:
            continue
        if best is None or (share, -len(passage.text)) > (best.share, -len(best.passage.text)):
            best = Answer(passage, share)
    return best
