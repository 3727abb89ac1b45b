"""Find where one report answers what another one said, by words in common weighted by rarity.

Works on short passages (a clause and its neighbours): a long sentence must not answer everything just
because it says much. Which outcome an answer means is decided in `commitments` and `targets`.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from operator import add

import pandas as pd

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
# Bounds are plain sums; this much (a part) they may be off by rounding.
_MARGIN = 1e-9
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

    def __init__(self, texts: pd.Series[str], weak: re.Pattern[str]) -> None:
        self.weak = weak
        step = max(1, len(texts) // MAX_COUNTED)
        counted = texts.iloc[::step].tolist()
        self._counts: Counter[str] = Counter()
        for text in counted:
            self._counts.update(self.words(text))
        self._total = len(counted)
        self._known: dict[str, float] = {}

    def words(self, text: str) -> frozenset[str]:
        """Characters and pairs of them, not across marks or weak words; long figures such as 12345 whole.

        Single characters let 集中学法 meet 集体学法, and 监管办法 meet 监督管理办法.
        """
        return self._words_of(self.weak.sub(" ", text))

    def clauses(self, text: str) -> list[tuple[int, int, frozenset[str]]]:
        """Start, end and words of each clause of a sentence."""
        strong = self.weak.sub(lambda weak: " " * len(weak[0]), text)
        return [(start, end, self._words_of(strong[start:end])) for start, end in clauses(text)]

    @staticmethod
    def _words_of(strong: str) -> frozenset[str]:
        found: set[str] = set()
        for run in _RUN.findall(strong):
            if run.isdigit():
                found.add(run)
            found.update(run)
            found.update(map(add, run, run[1:]))
        return frozenset(found)

    def of(self, word: str) -> float:
        known = self._known.get(word)
        if known is None:
            rarity = math.log((BACKGROUND + self._total) / (self._counts[word] + 1)) + 0.1
            known = self._known[word] = rarity * SINGLE_WEIGHT if len(word) == 1 else rarity
        return known

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
            # Each character, and after it the pair that it begins.
            both = [""] * (2 * len(run) - 1)
            both[::2] = run
            both[1::2] = map(add, run, run[1:])
            found += both
        return found


def clauses(text: str) -> list[tuple[int, int]]:
    """Spans of the clauses of a sentence, without marks."""
    return [(match.start(), match.end()) for match in _CLAUSE.finditer(text)]


class Passages:
    """Every run of one to PASSAGE_CLAUSES neighbouring clauses of a report's sentences, laid out for finding answers.

    A run holds no more of a question than its clauses do together, so that most runs need no look at their words.
    """

    def __init__(self, sentences: Iterable[tuple[int, str, str]], weights: Weights) -> None:
        self._sentences = list(sentences)
        self._clauses: list[tuple[int, int, int]] = []  # number of the sentence in the list, start, end
        self._words: list[frozenset[str]] = []
        self._holders: defaultdict[str, list[int]] = defaultdict(list)
        for number, (_, _, text) in enumerate(self._sentences):
            for start, end, words in weights.clauses(text):
                for word in words:
                    self._holders[word].append(len(self._clauses))
                self._clauses.append((number, start, end))
                self._words.append(words)

    def find_answer(self, question: Question, least: float) -> Answer | None:
        """The passage with the greatest share of the question; of equals the shortest, then the first.

        A passage without enough of the head must hold the more of the rest. None where no share reaches `least`.
        """
        best: tuple[float, int, tuple[int, int]] | None = None
        for bound, first, last in self._promising(question, least):
            if best is not None and bound < best[0]:
                break
            words = frozenset().union(*self._words[first:last + 1])
            share = question.share(words)
            if share < least or (share < MIN_WITHOUT_HEAD and question.head_share(words) < MIN_HEAD):
                continue
            candidate = (share, self._clauses[first][1] - self._clauses[last][2], (-first, -last))
            if best is None or candidate > best:
                best = candidate
        if best is None:
            return None
        return Answer(self._passage(-best[2][0], -best[2][1]), best[0])

    def _promising(self, question: Question, least: float) -> list[tuple[float, int, int]]:
        """(most that the run can hold, first clause, last clause) of runs that may reach `least`, greatest first."""
        held: defaultdict[int, float] = defaultdict(float)
        for word, weight in question.weights.items():
            for clause in self._holders.get(word, ()):
                held[clause] += weight
        limit = least * question.total * (1 - _MARGIN)
        found = []
        for first in {first for clause in held for first in range(clause - PASSAGE_CLAUSES + 1, clause + 1) if first >= 0}:
            bound = 0.0
            for last in range(first, min(first + PASSAGE_CLAUSES, len(self._clauses))):
                if self._clauses[last][0] != self._clauses[first][0]:
                    break
                bound += held.get(last, 0.0)
                if bound >= limit and bound > 0.0:
                    found.append((bound / question.total * (1 + _MARGIN), first, last))
        return sorted(found, key=lambda run: (-run[0], run[1:]))

    def _passage(self, first: int, last: int) -> Passage:
        number, start, _ = self._clauses[first]
        end = self._clauses[last][2]
        sentence_no, role, text = self._sentences[number]
        return Passage(sentence_no, role, start, end, text[start:end])
