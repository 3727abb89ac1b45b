"""Texts as characters and pairs of characters, and how much each of them tells.

Many texts are cut in one go, with arrays instead of loops: a corpus has some two words a character.
Single characters let 集中学法 meet 集体学法, and 监管办法 meet 监督管理办法.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pipeline.comparisons.word_places import read_codes

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# A key is a character, or the first of a pair above KEY_SIGN bits and the second below; long figures lie above all pairs.
KEY_SIGN = 21
_FIGURE = 1 << (2 * KEY_SIGN + 1)
KEY_BITS = 2 * KEY_SIGN + 2
_BASIC_PLANE = 0x10000

# Frequencies are counted on at most twice this many sentences, evenly spaced: enough to tell rare words from common ones.
MAX_COUNTED = 40_000
_COUNTED_AT_ONCE = 8_000
# Sentences that we pretend to have seen besides: in two short reports every word would else look common.
BACKGROUND = 500
# A single character tells less than a pair.
SINGLE_WEIGHT = 0.5
# Numbers are told apart by so many bits before they are looked for; the factor spreads them.
_PRINT_BITS = 18
_PRINT_FACTOR = np.int64(0x1E3779B97F4A7C15)
# Weights are multiples of this, a power of two: sums of them are exact, in whatever order they are added.
WEIGHT_UNIT = 2.0**-40


@dataclass(frozen=True)
class CutTexts:
    """The words of several texts in the order of the texts: which word, in which text, and where in the joined text.

    `begin` says where each text begins in the joined text.
    """

    key: Integers
    owner: Integers
    place: Integers
    begin: Integers


class Known:
    """Different numbers in order, none of them negative, and the place of each among them."""

    def __init__(self, numbers: Integers) -> None:
        self._numbers = numbers
        self._is_print = np.zeros(1 << _PRINT_BITS, dtype=bool)
        self._is_print[_print(numbers)] = True

    def __len__(self) -> int:
        return len(self._numbers)

    def find(self, wanted: Integers) -> Integers:
        """The place of each number; -1 for one that is not known. Most are not, and a small table tells of most of those."""
        places = np.full(len(wanted), -1)
        if len(self._numbers):
            likely = np.flatnonzero(self._is_print[_print(wanted)])
            numbers = wanted[likely]
            at = np.minimum(np.searchsorted(self._numbers, numbers), len(self._numbers) - 1)
            places[likely] = np.where(self._numbers[at] == numbers, at, -1)
        return places


def _print(numbers: Integers) -> Integers:
    return (numbers * _PRINT_FACTOR) >> (63 - _PRINT_BITS) & ((1 << _PRINT_BITS) - 1)


class Synonyms:
    """Words that say the same: the pairs of characters of each become those of the first of its line.

    Of longer words the first and the last pair: 危化品 becomes what 危险化学品 is, but for its middle.
    """

    def __init__(self, lines: Iterable[Sequence[str]] = ()) -> None:
        same: dict[int, int] = {}
        for first, *others in lines:
            for word in others:
                for at in (0, -2):
                    old, new = _pair(word, at), _pair(first, at)
                    if old != new:
                        same.setdefault(old, new)
        self._old = np.array(sorted(same), dtype=np.int64)
        self._words = Known(self._old)
        self._new = np.array([same[key] for key in sorted(same)], dtype=np.int64)

    def replace(self, keys: Integers) -> Integers:
        """The keys, those of synonyms replaced."""
        if not len(self._old):
            return keys
        at = self._words.find(keys)
        found = np.flatnonzero(at >= 0)
        keys = keys.copy()
        keys[found] = self._new[at[found]]
        return keys


def _pair(word: str, at: int) -> int:
    pair = word[at:at + 2] if at + 2 else word[at:]
    return (ord(pair[0]) << KEY_SIGN) | ord(pair[1])


_NO_SYNONYMS = Synonyms()


def cut_texts(texts: Sequence[str], weak: re.Pattern[str], synonyms: Synonyms = _NO_SYNONYMS) -> CutTexts:
    """Characters and pairs of them, not across marks or weak words; figures of three digits and more whole besides.

    Of a run of letters each character comes before the pair that it begins.
    """
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    begin = np.concatenate(([0], np.cumsum(lengths + 1)))[:-1]
    joined = weak.sub(lambda match: " " * len(match[0]), "\n".join(texts))
    codes = read_codes(joined)
    is_letter = (codes - np.uint32(0x4E00) <= 0x9FFF - 0x4E00) | ((codes | np.uint32(32)) - np.uint32(97) < 26)
    is_figure = _long_figures(codes)
    is_word = is_letter | is_figure
    # Of each character two words, that alone and that with the next one.
    is_kept = np.zeros(2 * len(codes), dtype=bool)
    is_kept[0::2] = is_word
    is_kept[1:-1:2] = is_word[:-1] & is_word[1:] & (is_letter[:-1] == is_letter[1:])
    kept = np.flatnonzero(is_kept)
    place = kept >> 1
    signs = codes.astype(np.int64)
    key = signs[place]
    is_pair = np.flatnonzero(kept & 1)
    key[is_pair] = (key[is_pair] << KEY_SIGN) | signs[place[is_pair] + 1]
    edges = np.flatnonzero(np.diff(is_figure, prepend=False, append=False))
    if len(edges):
        figures = [_FIGURE | zlib.crc32(joined[start:end].encode())
                   for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)]
        at = np.searchsorted(place, edges[::2])
        key, place = np.insert(key, at, figures), np.insert(place, at, edges[::2])
    return CutTexts(synonyms.replace(key), np.repeat(np.arange(len(texts)), lengths + 1)[place], place, begin)


def _long_figures(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Digits that stand three or more in a row."""
    is_digit = _digits()[np.minimum(codes, _BASIC_PLANE - 1)]
    begins_three = np.zeros(len(codes) + 2, dtype=bool)
    begins_three[2:-2] = is_digit[:-2] & is_digit[1:-1] & is_digit[2:]
    return begins_three[2:] | begins_three[1:-1] | begins_three[:-2]


@lru_cache(maxsize=1)
def _digits() -> npt.NDArray[np.bool_]:
    """Which characters a pattern takes for digits."""
    return np.array([chr(code).isdecimal() for code in range(_BASIC_PLANE)])


def distinct(numbers: Integers) -> Integers:
    """The different numbers, none of them negative, in order. Sorting integers is faster than numpy's hashing of them."""
    ordered = np.sort(numbers)
    return ordered[np.flatnonzero(np.diff(ordered, prepend=-1))]


class Weights:
    """How much a word tells: the rarer in the corpus, the more."""

    def __init__(self, texts: Sequence[str], weak: re.Pattern[str], synonyms: Synonyms = _NO_SYNONYMS) -> None:
        self._weak, self._synonyms = weak, synonyms
        counted = texts[::max(1, len(texts) // MAX_COUNTED)]
        self._n_texts = len(counted)
        keys, counts = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for first in range(0, len(counted), _COUNTED_AT_ONCE):
            cut = self.cut(counted[first:first + _COUNTED_AT_ONCE])
            # A word counts once a text, however often it stands there.
            found = distinct((cut.key << (63 - KEY_BITS)) | cut.owner) >> (63 - KEY_BITS)
            starts = np.flatnonzero(np.diff(found, prepend=-1))
            keys.append(found[starts])
            counts.append(np.diff(np.append(starts, len(found))))
        self._keys, inverse = np.unique(np.concatenate(keys), return_inverse=True)
        self._counts = np.bincount(inverse, np.concatenate(counts), minlength=len(self._keys))

    def cut(self, texts: Sequence[str]) -> CutTexts:
        """The words of texts, as the weights know them."""
        return cut_texts(texts, self._weak, self._synonyms)

    def of(self, keys: Integers) -> Floats:
        """Weights of words, also of those that the corpus does not know."""
        counts = np.zeros(len(keys))
        if len(self._keys):
            at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
            counts = np.where(self._keys[at] == keys, self._counts[at], 0.0)
        rarity = np.log((BACKGROUND + self._n_texts) / (counts + 1)) + 0.1
        rarity = np.where(keys < 1 << KEY_SIGN, rarity * SINGLE_WEIGHT, rarity)
        return np.round(rarity / WEIGHT_UNIT) * WEIGHT_UNIT
