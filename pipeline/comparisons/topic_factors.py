"""Topics as factors of a matrix: NMF on TF-IDF of the sections' terms, and how stable each of them is.

How many topics there are is not set by hand: of a few numbers the one whose topics come out most alike from
other starting points and other samples of the sections is taken (Greene, O'Callaghan, Cunningham, "How Many Topics?",
ECML PKDD 2014).
"""

from __future__ import annotations

import warnings

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfTransformer
from threadpoolctl import threadpool_limits

_SEEDS = (11, 23, 47)
_SHARE_SAMPLED = 0.8
# Beyond this many sections the topics no longer change; the rest is only assigned.
_MOST_SECTIONS = 3000
_MOST_ROUNDS = 100


def find_factors(
    counts: sparse.csr_array, candidates: list[int], n_leading: int
) -> tuple[sparse.csr_matrix, np.ndarray, np.ndarray]:
    """TF-IDF weights (sections × terms), the most stable topics (topics × terms), and the stability of each topic.

    `candidates` are the numbers of topics to choose among; topics are held against each other by their `n_leading` terms.
    """
    weights = sparse.csr_matrix(TfidfTransformer(sublinear_tf=True).fit_transform(counts))
    sample = weights
    if weights.shape[0] > _MOST_SECTIONS:
        chosen = np.random.default_rng(_SEEDS[0]).choice(weights.shape[0], _MOST_SECTIONS, replace=False)
        sample = weights[np.sort(chosen)]
    # One thread: sums in another order would give other last digits, and other bytes, on another machine.
    with threadpool_limits(limits=1):
        return weights, *_choose_topics(sample, candidates, n_leading)


def _choose_topics(weights: sparse.csr_matrix, candidates: list[int], n_leading: int) -> tuple[np.ndarray, np.ndarray]:
    """The most stable set of topics (topics × terms), and the stability of each."""
    best: tuple[float, np.ndarray, np.ndarray] | None = None
    for number in candidates:
        topics = _factorise(weights, number, seed=None)
        tops = _leading_terms(topics, n_leading)
        overlaps = []
        for seed in _SEEDS:
            # Another start and another four fifths of the sections, in another order.
            random = np.random.default_rng(seed)
            rows = random.permutation(weights.shape[0])[: max(number, int(_SHARE_SAMPLED * weights.shape[0]))]
            overlaps.append(_match(tops, _leading_terms(_factorise(weights[rows], number, seed), n_leading)))
        stability = np.mean(overlaps, axis=0)
        score = float(stability.mean())
        if best is None or score > best[0]:
            best = (score, topics, stability)
    assert best is not None
    return best[1], best[2]


def _factorise(weights: sparse.csr_matrix, number: int, seed: int | None) -> np.ndarray:
    # A start from the leading directions of the data; the seeded ones are disturbed.
    start = "nndsvda" if seed is None else "nndsvdar"
    model = NMF(number, init=start, random_state=seed or 0, max_iter=_MOST_ROUNDS, tol=1e-3)
    with warnings.catch_warnings():
        # The topics' leading terms stand long before the factors converge.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(weights)
    return np.asarray(model.components_)


def _leading_terms(topics: np.ndarray, n_leading: int) -> list[frozenset[int]]:
    return [frozenset(np.argsort(-row, kind="stable")[:n_leading].tolist()) for row in topics]


def _match(tops: list[frozenset[int]], others: list[frozenset[int]]) -> np.ndarray:
    """Overlap of each topic with its counterpart in the best one-to-one matching."""
    overlap = np.array([[len(one & other) / len(one | other) for other in others] for one in tops])
    rows, columns = linear_sum_assignment(-overlap)
    return overlap[rows, columns]
