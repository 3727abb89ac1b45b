"""Pairs and triples of characters as features of a linear model.

The same rows as scikit-learn's HashingVectorizer(analyzer="char", ngram_range=(2, 3), alternate_sign=False) gives, made
for all texts at once instead of one string after another: each pair and triple is hashed by MurmurHash3 (32 bits) of
its UTF-8 form, which for Chinese characters has three bytes a character.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.preprocessing import normalize
from sklearn.utils.murmurhash import murmurhash3_32

N_FEATURES = 2**17
_SIZES = (2, 3)
_CHARACTER_BITS = 21
_WHITE = re.compile(r"\s\s+")
Words = npt.NDArray[np.uint32]


def count_characters(texts: Sequence[str]) -> sparse.csr_matrix:
    """One row of unit length a text; a text of one character is an empty row."""
    prepared = [_WHITE.sub(" ", text.lower()) for text in texts]
    lengths = np.fromiter(map(len, prepared), dtype=np.int64, count=len(prepared))
    points = np.frombuffer("".join(prepared).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    owner = np.repeat(np.arange(len(prepared), dtype=np.int32), lengths)
    rows, columns = [np.zeros(0, dtype=np.int32)], [np.zeros(0, dtype=np.int32)]
    for size in _SIZES:
        n_places = max(0, len(points) - size + 1)
        starts = np.flatnonzero(owner[:n_places] == owner[size - 1:size - 1 + n_places])
        rows.append(owner[starts])
        columns.append(_hash_runs(points, starts, size))
    row, column = np.concatenate(rows), np.concatenate(columns)
    counted = sparse.coo_matrix((np.ones(len(row), dtype=np.float32), (row, column)), shape=(len(prepared), N_FEATURES)).tocsr()
    counted.sum_duplicates()
    return sparse.csr_matrix(normalize(counted, norm="l2", copy=False) if len(texts) else counted)


def _hash_runs(points: Words, starts: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int32]:
    """The column of the run of `size` characters at each start."""
    runs = [points[starts + place] for place in range(size)]
    hashed = _murmur([_three_bytes(run) for run in runs])
    is_odd = np.zeros(len(starts), dtype=bool)
    for run in runs:
        is_odd |= (run < 0x800) | (run > 0xFFFF)
    # With digits and letters there are fewer bytes; such runs are few, and the same ones again and again.
    key = np.zeros(int(is_odd.sum()), dtype=np.int64)
    for run in runs:
        key = key << _CHARACTER_BITS | run[is_odd].astype(np.int64)
    distinct, position = np.unique(key, return_inverse=True)
    hashed[is_odd] = np.array([_hash_one(number, size) for number in distinct.tolist()], dtype=np.uint32)[position]
    signed = hashed.astype(np.int32).astype(np.int64)
    return (np.abs(signed) % N_FEATURES).astype(np.int32)


def _hash_one(key: int, size: int) -> int:
    text = "".join(chr(key >> _CHARACTER_BITS * place & (1 << _CHARACTER_BITS) - 1) for place in reversed(range(size)))
    return int(murmurhash3_32(text.encode("utf-8", "surrogatepass"), 0, positive=True))


def _three_bytes(points: Words) -> list[Words]:
    """The UTF-8 bytes of characters from U+0800 to U+FFFF."""
    return [points >> np.uint32(12) | np.uint32(0xE0), points >> np.uint32(6) & np.uint32(0x3F) | np.uint32(0x80),
            points & np.uint32(0x3F) | np.uint32(0x80)]


def _murmur(characters: list[list[Words]]) -> Words:
    """MurmurHash3_x86_32 with seed 0 of byte strings of equal length, given byte by byte."""
    content = [byte for character in characters for byte in character]
    state = np.zeros(len(content[0]), dtype=np.uint32)
    n_blocks = len(content) // 4
    for block in range(n_blocks):
        state = _rotate(state ^ _mix(_join(content[4 * block:4 * block + 4])), 13) * np.uint32(5) + np.uint32(0xE6546B64)
    rest = content[4 * n_blocks:]
    if rest:
        state = state ^ _mix(_join(rest))
    state = state ^ np.uint32(len(content))
    state = (state ^ state >> np.uint32(16)) * np.uint32(0x85EBCA6B)
    state = (state ^ state >> np.uint32(13)) * np.uint32(0xC2B2AE35)
    return state ^ state >> np.uint32(16)


def _join(content: list[Words]) -> Words:
    word = content[0].copy()
    for place, byte in enumerate(content[1:], 1):
        word |= byte << np.uint32(8 * place)
    return word


def _mix(block: Words) -> Words:
    return _rotate(block * np.uint32(0xCC9E2D51), 15) * np.uint32(0x1B873593)


def _rotate(words: Words, by: int) -> Words:
    return words << np.uint32(by) | words >> np.uint32(32 - by)
