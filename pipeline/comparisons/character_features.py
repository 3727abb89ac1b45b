"""Texts as rows of a sparse matrix, one column a pair or triple of characters: what a linear model learns from."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from scipy import sparse

from pipeline.comparisons.character_words import Integers, Known
from pipeline.comparisons.word_places import read_codes

# A pair or triple is one number: its characters, 21 bits each.
_SIGN = 21
_SPACES = re.compile(r"\s\s+")


def common_features(texts: Sequence[str], most: int) -> Integers:
    """The pairs and triples that stand in most texts, at most so many; in order."""
    keys, owner = _cut(texts)
    order = np.lexsort((owner, keys))
    keys, owner = keys[order], owner[order]
    is_new = np.append(True, (keys[1:] != keys[:-1]) | (owner[1:] != owner[:-1]))[:len(keys)]
    features, users = np.unique(keys[is_new], return_counts=True)
    return np.sort(features[np.argsort(-users, kind="stable")[:most]])


def count_features(texts: Sequence[str], features: Integers) -> sparse.csr_matrix:
    """One row a text: how often each feature stands in it, scaled to length 1 (0 for a text without any)."""
    keys, owner = _cut(texts)
    at = Known(features).find(keys)
    known = np.flatnonzero(at >= 0)
    rows = sparse.coo_matrix((np.ones(len(known)), (owner[known], at[known])), shape=(len(texts), len(features))).tocsr()
    row = np.repeat(np.arange(len(texts)), np.diff(rows.indptr))
    rows.data /= np.sqrt(np.bincount(row, rows.data**2, minlength=len(texts)))[row]
    return rows


def _cut(texts: Sequence[str]) -> tuple[Integers, Integers]:
    """Every pair and triple of characters, and the number of the text that it stands in."""
    texts = [_SPACES.sub(" ", text.lower()) for text in texts]
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    # One more than the code, so that no triple looks like a pair.
    signs = read_codes("".join(texts)).astype(np.int64) + 1
    left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(signs))
    owner = np.repeat(np.arange(len(texts)), lengths)
    pairs, triples = np.flatnonzero(left > 1), np.flatnonzero(left > 2)
    pair = (signs[:-1] << _SIGN) | signs[1:] if len(signs) else signs
    return (np.concatenate((pair[pairs], (pair[triples] << _SIGN) | signs[triples + 2])),
            np.concatenate((owner[pairs], owner[triples])))
