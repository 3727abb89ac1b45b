"""Where any of many words stands in long texts, and which of them each text holds.

Pairs of characters are looked up first, with arrays instead of a loop; words are only tried where one may begin.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from pipeline.profiles.word_patterns import any_word

Codes = npt.NDArray[np.uint32]

# Pairs of characters are told apart by so many bits; the factors spread them.
_BITS = 16
_SIGNS_AT_ONCE = 1_000_000
_FACTORS = np.uint32(0x9E3779B1), np.uint32(0x85EBCA77)


class WordPlaces:
    """Finds the words one after the other, the longest that stands at a place, as a pattern of all of them would."""

    def __init__(self, words: Iterable[str]) -> None:
        spelled = [word for word in words if word]
        self._pattern = any_word(spelled)
        # A single character begins no pair: then only the pattern itself can tell.
        self._begins = None if any(len(word) < 2 for word in spelled) else _beginnings(spelled)

    def find(self, text: str, codes: Codes) -> list[tuple[int, int]]:
        """Where words stand in a text, whose codes are given."""
        if self._begins is None:
            return [match.span() for match in self._pattern.finditer(text)]
        match_at = self._pattern.match
        found = []
        last = 0
        for place in _places(self._begins, codes).tolist():
            if place >= last:
                match = match_at(text, place)
                if match:
                    last = match.end()
                    found.append((place, last))
        return found


class HeldWords:
    """Which of many words each of several texts holds, also within or across others."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(filter(None, words))
        self._signs = sorted(word for word in self.words if len(word) == 1)
        spelled = sorted(self.words.difference(self._signs))
        self._pattern = any_word(spelled)
        self._begins = _beginnings(spelled)
        # The longest word at a place is found; those that it begins with stand there too.
        self._at_once = {word: tuple(word[:size] for size in range(2, len(word) + 1) if word[:size] in self.words)
                         for word in spelled}

    def find(self, texts: Sequence[str]) -> list[set[str]]:
        """The words that each text holds."""
        found: list[set[str]] = [{sign for sign in self._signs if sign in text} for text in texts]
        first = size = 0
        for number, text in enumerate(texts, 1):
            size += len(text)
            if size >= _SIGNS_AT_ONCE or number == len(texts):
                self._add(texts[first:number], found[first:number])
                first, size = number, 0
        return found

    def _add(self, texts: Sequence[str], found: Sequence[set[str]]) -> None:
        joined = "\n".join(texts)
        places = _places(self._begins, read_codes(joined))
        ends = np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1)
        match_at, at_once = self._pattern.match, self._at_once
        for place, owner in zip(places.tolist(), np.searchsorted(ends, places, side="right").tolist(), strict=True):
            match = match_at(joined, place)
            if match:
                found[owner].update(at_once[match.group()])


def _beginnings(words: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which prints are those of the first two characters of a word."""
    begins = np.zeros(1 << _BITS, dtype=bool)
    codes = read_codes("".join(word[:2] for word in words))
    begins[_print(codes[0::2], codes[1::2])] = True
    return begins


def _places(begins: npt.NDArray[np.bool_], codes: Codes) -> npt.NDArray[np.int64]:
    """Where a word may begin."""
    return np.flatnonzero(begins[_print(codes[:-1], codes[1:])])


def read_codes(text: str) -> Codes:
    """The number of each character."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _print(first: Codes, second: Codes) -> Codes:
    return (first * _FACTORS[0] + second * _FACTORS[1]) >> np.uint32(32 - _BITS)
