"""Find multi-word terms that the corpus uses as one word but the segmenter cuts: 行政执法三项制度, 包容审慎监管.

A string is a word when its parts keep together (cohesion: it is far more frequent than its parts would give by
chance, at every cut) and its surroundings vary (freedom: many different characters stand before and after).
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True)
class NewWord:
    """A term that could be added to words.txt. Higher cohesion and freedom: more surely a word."""

    word: str
    count: int
    n_documents: int
    cohesion: float
    freedom: float


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
    runs = [(run, document_id) for text, document_id in sorted(first_document.items())[::step]
            for run in _HANZI.findall(text)]
    counts = _count_strings([run for run, _ in runs])
    n_characters = sum(len(run) for run, _ in runs)
    candidates = {
        string for string, count in counts.items()
        if len(string) >= _SHORTEST and count >= _FEWEST_HITS and string not in known
        and string[0] not in _LOOSE_ENDS and string[-1] not in _LOOSE_ENDS
        and _cohesion(string, counts, n_characters) >= _LEAST_COHESION
    }
    surroundings = _Surroundings(runs, candidates)
    found = [
        NewWord(string, counts[string], surroundings.n_documents(string),
                _cohesion(string, counts, n_characters), surroundings.freedom(string))
        for string in candidates
    ]
    ends = tuple(sorted(stop))
    words = [word for word in found if word.n_documents >= _FEWEST_DOCUMENTS and word.freedom >= _LEAST_FREEDOM
             and not word.word.startswith(ends) and not word.word.endswith(ends)]
    return sorted(_without_parts(words), key=lambda word: (-word.count, word.word))


def _count_strings(runs: Sequence[str]) -> Counter[str]:
    """Frequencies of all strings up to the longest; a string is only counted where its beginning is frequent enough."""
    counts = Counter(character for run in runs for character in run)
    for length in range(2, _LONGEST + 1):
        fewest = _FEWEST_HITS if length > 2 else 1
        level = Counter(
            run[start:start + length]
            for run in runs for start in range(len(run) - length + 1)
            if length == 2 or counts.get(run[start:start + length - 1], 0) >= _FEWEST_HITS
        )
        counts.update({string: count for string, count in level.items() if count >= fewest})
    return counts


def _cohesion(string: str, counts: Counter[str], n_characters: int) -> float:
    """Logarithm of how much more frequent the string is than its parts make it, at its weakest cut."""
    return min(
        math.log(counts[string] * n_characters / (counts[string[:cut]] * counts[string[cut:]]))
        if counts[string[:cut]] and counts[string[cut:]] else 0.0
        for cut in range(1, len(string))
    )


class _Surroundings:
    """Which characters stand before and after each candidate, and in which documents it stands."""

    def __init__(self, runs: Sequence[tuple[str, str]], candidates: Collection[str]) -> None:
        self._before: dict[str, Counter[str]] = defaultdict(Counter)
        self._after: dict[str, Counter[str]] = defaultdict(Counter)
        self._documents: dict[str, set[str]] = defaultdict(set)
        for run_no, (run, document_id) in enumerate(runs):
            for length in range(_SHORTEST, min(_LONGEST, len(run)) + 1):
                for start in range(len(run) - length + 1):
                    string = run[start:start + length]
                    if string in candidates:
                        end = start + length
                        # The end of a run is as free as can be: each counts as another character.
                        self._before[string][run[start - 1] if start else f"^{run_no}"] += 1
                        self._after[string][run[end] if end < len(run) else f"${run_no}"] += 1
                        self._documents[string].add(document_id)

    def freedom(self, string: str) -> float:
        return min(_entropy(self._before[string]), _entropy(self._after[string]))

    def n_documents(self, string: str) -> int:
        return len(self._documents[string])


def _entropy(counts: Counter[str]) -> float:
    total = sum(counts.values())
    return -sum(count / total * math.log2(count / total) for count in counts.values()) if total else 0.0


def _without_parts(words: Iterable[NewWord]) -> list[NewWord]:
    """Leave out a word that mostly stands inside a longer one."""
    kept: list[NewWord] = []
    for word in sorted(words, key=lambda word: (-len(word.word), word.word)):
        if not any(word.word in longer.word and longer.count >= 0.6 * word.count for longer in kept):
            kept.append(word)
    return kept
