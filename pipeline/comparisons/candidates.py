"""Find pairs of similar texts among very many, without comparing all pairs.

A text becomes its set of character pairs. MinHash signatures cut into bands bring texts with much in
common into the same bucket; only neighbours in a bucket are compared, exactly, by the Dice share of
common pairs (order of clauses does not matter). Time grows with the number of texts, not its square.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pipeline.comparisons.word_places import read_codes

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Hashes = npt.NDArray[np.uint32]

# Pairs of characters are hashed into this many columns; two different pairs share one about once in a million.
N_COLUMNS = 1 << 20
N_HASHES = 32
SEED = 20190415
# Odd 64-bit constants that spread bits (as in splitmix64).
MIXERS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9))
# Neighbours looked at in a bucket. Buckets are ordered by time, so the nearest earlier texts come first.
BUCKET_WINDOW = 10
# Exact comparison handles this many pairs at once, to bound memory.
CHUNK_PAIRS = 200_000

# 截至11月底, 2022年度, 3月5日, 全年: the time said, in any wording, is not what makes two sentences alike.
_TIME = re.compile(
    r"截[至止](?:目前|[年底末]+|(?:\d{4}年)?\d{1,2}月(?:底|末|\d{1,2}日)?)|(?:\d{4}|二〇[〇一二三四五六七八九]{2})年(?:度|来|以来)?"
    r"|\d{1,2}月\d{1,2}日(?:起)?|\d{1,2}月(?:底|份|初|末|起)?|(?:本|上|今|去)?年度|全年(?:共)?|一年来|今年以来|年内|年底前?|上年|去年|本年"
)
# 1,208件, 近6000, 3.5万余, 二十三件, 九成以上: any number with its approximation.
_NUMBER = re.compile(
    r"(?:不少于|不低于|不超过|超过|将近|[近约超逾达])?(?:\d[\d,，]*(?:[.．]\d+)?|[一二两三四五六七八九十百千]+(?=[件次场期名人份条项家起批个户卷成处台遍轮位万亿余多]))"
    r"[万亿]?(?:余|多)?(?:%|％)?(?:以上|左右)?|百分之[一二三四五六七八九十百]+"
)
_NUMERAL = re.compile(r"[\d一二两三四五六七八九十百千]")
_TITLE = re.compile(r"《[^》]{1,60}》")
_MARK_SIGNS = "，。；：、！？,.;:!?“”\"'‘’（）()〔〕【】《》—…·－-"
_MARKS = re.compile(rf"[\s{re.escape(_MARK_SIGNS)}]+")
# What a number may begin with, besides a digit.
_NUMBER_SIGNS = "一二两三四五六七八九十百千不超将近约逾达"
# Sentences are joined by this to be masked in one go.
_BETWEEN = "\0"
_BASIC_PLANE = 0x10000
_FULL_WIDTH = {ord("０") + digit: ord("0") + digit for digit in range(10)}
_FULL_WIDTH_DIGIT = re.compile("[０-９]")
_LIST_LABEL = re.compile(r"^(?:[（(]?[一二三四五六七八九十\d]+[）)、.．]|[一二三四五六七八九十]+(?:是|要))")


def mask(sentence: str) -> str:
    """The sentence as it is compared: times, numbers and titles of documents masked, marks and list labels gone."""
    sentence = _mask_times(sentence)
    if _NUMERAL.search(sentence):
        sentence = _NUMBER.sub("N", sentence)
    return _MARKS.sub("", sentence)


def mask_all(sentences: Sequence[str]) -> list[str]:
    """Each sentence as `mask` gives it, in a third of the time."""
    joined = _BETWEEN.join(map(_mask_times, sentences))
    if joined.count(_BETWEEN) != len(sentences) - 1:
        return list(map(mask, sentences))
    codes = read_codes(joined)
    begins_number, is_mark = _signs()
    basic = np.minimum(codes, _BASIC_PLANE - 1)
    kept, codes = ~is_mark[basic], codes.copy()
    last = 0
    for place in np.flatnonzero(begins_number[basic]).tolist():
        if place >= last and (number := _NUMBER.match(joined, place)):
            last = number.end()
            codes[place] = ord("N")
            kept[place], kept[place + 1:last] = True, False
    return codes[kept].tobytes().decode("utf-32-le", "surrogatepass").split(_BETWEEN)


@lru_cache(maxsize=1)
def _signs() -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which characters a number may begin with, and which are marks; characters beyond the basic plane may be digits."""
    signs = [chr(code) for code in range(_BASIC_PLANE)]
    begins_number = np.array([sign.isdecimal() for sign in signs])
    is_mark = np.array([sign.isspace() for sign in signs])
    begins_number[[ord(sign) for sign in _NUMBER_SIGNS] + [_BASIC_PLANE - 1]] = True
    is_mark[[ord(sign) for sign in _MARK_SIGNS]] = True
    return begins_number, is_mark


def _mask_times(sentence: str) -> str:
    """The sentence with times and titles masked and without its list label."""
    if _FULL_WIDTH_DIGIT.search(sentence):
        sentence = sentence.translate(_FULL_WIDTH)
    sentence = _LIST_LABEL.sub("", sentence.strip())
    if "《" in sentence:
        sentence = _TITLE.sub("L", sentence)
    # Each pattern below is tried at every character, so it pays to look first for what it cannot do without.
    if "年" in sentence or "月" in sentence or "截" in sentence:
        sentence = _TIME.sub("T", sentence)
    return sentence


def count_words_left(masked: str) -> int:
    """Characters of a masked sentence that say something: not the masks."""
    return len(masked) - masked.count("N") - masked.count("T") - masked.count("L")


@dataclass(frozen=True)
class TextSet:
    """Texts as sets of hashed character pairs: one sparse row a text, and the same pairs as a flat array."""

    rows: sparse.csr_matrix
    sizes: Integers

    def __len__(self) -> int:
        return len(self.sizes)


def build_text_set(texts: Sequence[str]) -> TextSet:
    """Character pairs of every text. A text of fewer than two characters is an empty set, like nothing."""
    lengths = np.fromiter((len(text) for text in texts), dtype=np.int64, count=len(texts))
    points = read_codes("".join(texts)).astype(np.uint64)
    owner = np.repeat(np.arange(len(texts), dtype=np.int32), lengths)
    is_pair = owner[:-1] == owner[1:] if len(owner) else np.zeros(0, dtype=bool)
    mixed = (points[:-1] * np.uint64(0x9E3779B1) + points[1:] * np.uint64(0x85EBCA77)) if len(points) else points
    column = ((mixed ^ (mixed >> np.uint64(17))) % np.uint64(N_COLUMNS)).astype(np.int32)
    rows = sparse.csr_matrix(
        (np.ones(int(is_pair.sum()), dtype=np.float32), (owner[:-1][is_pair], column[: len(is_pair)][is_pair])),
        shape=(len(texts), N_COLUMNS),
    )
    rows.sum_duplicates()
    rows.data[:] = 1.0
    return TextSet(rows, np.diff(rows.indptr).astype(np.int64))


def sign(texts: TextSet) -> Hashes:
    """MinHash signatures, one row of N_HASHES numbers a text; the same for the same set, run after run."""
    pairs = texts.rows.indices.astype(np.uint64)
    signatures = np.zeros((N_HASHES, len(texts)), dtype=np.uint32)
    filled = np.flatnonzero(texts.sizes)
    starts = texts.rows.indptr[filled]
    factors = np.random.default_rng(SEED).integers(1, 1 << 31, size=(N_HASHES, 2), dtype=np.int64)
    for number, (factor, addend) in enumerate(factors.tolist()):
        hashed = (pairs * np.uint64(factor | 1) + np.uint64(addend)) * MIXERS[0] >> np.uint64(32)
        if len(filled):
            signatures[number, filled] = np.minimum.reduceat(hashed.astype(np.uint32), starts)
    return signatures


def find_pairs(
    texts: TextSet, signatures: Hashes, groups: Integers, order: Integers, rows_a_band: int
) -> tuple[Integers, Integers]:
    """Pairs (later, earlier) that share a bucket: same group, same band of the signature, `order` earlier.

    Few rows a band find weaker likeness and more pairs. Text of equal order are never paired.
    """
    filled = np.flatnonzero(texts.sizes)
    by_order = filled[np.argsort(order[filled], kind="stable")]
    found: list[Integers] = []
    for band in range(N_HASHES // rows_a_band):
        key = groups[by_order].astype(np.uint64) * MIXERS[0]
        for row in signatures[band * rows_a_band:(band + 1) * rows_a_band]:
            key = (key ^ row[by_order]) * MIXERS[1]
            key ^= key >> np.uint64(29)
        place = np.argsort(key, kind="stable")
        key, member = key[place], by_order[place]
        for shift in range(1, BUCKET_WINDOW + 1):
            same = np.flatnonzero(key[shift:] == key[:-shift])
            if not len(same):
                break
            later, earlier = member[same + shift], member[same]
            keep = order[earlier] < order[later]
            found.append(later[keep] * len(texts) + earlier[keep])
    codes = np.sort(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)
    codes = codes[np.concatenate(([True], codes[1:] != codes[:-1]))] if len(codes) else codes
    return codes // max(len(texts), 1), codes % max(len(texts), 1)


def compare_pairs(texts: TextSet, left: Integers, right: Integers) -> Floats:
    """Dice share of common character pairs, 0 to 1, for each pair of row numbers."""
    shares = np.zeros(len(left))
    for begin in range(0, len(left), CHUNK_PAIRS):
        part = slice(begin, begin + CHUNK_PAIRS)
        common = texts.rows[left[part]].multiply(texts.rows[right[part]]).sum(axis=1)
        total = texts.sizes[left[part]] + texts.sizes[right[part]]
        shares[part] = 2 * np.asarray(common).ravel() / np.maximum(total, 1)
    return shares
