"""Which terms a group of reports uses more than the rest.

z is the log-odds ratio with an informative Dirichlet prior of Monroe, Colaresi and Quinn, "Fightin' Words",
Political Analysis 16 (2008): a term must be both more frequent and frequent enough. TF-IDF stands beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_MOST_TERMS = 30
_FEWEST_HITS = 3
# Benjamini-Hochberg over all terms tested in a group: about one in five listed terms may be there by chance.
# Key terms point to passages to read; a stricter level leaves years of a small corpus without any.
_FALSE_DISCOVERIES = 0.2


@dataclass(frozen=True)
class Group:
    """A group of reports: which terms it uses, how often, in how many of its reports; and what it may not list."""

    name: str
    term: Integers
    count: Integers
    users: Integers
    n_reports: int
    is_name: Callable[[str], bool]


class Weighing:
    """Log-odds of groups against the rest of a corpus: how often it uses each term, and in how many of its reports."""

    def __init__(self, terms: Sequence[str], count: Integers, users: Integers, n_reports: int) -> None:
        self._terms = terms
        self._total = count.astype(np.float64)
        # The prior weighs as much as one report, in the proportions of the whole corpus.
        self._prior = self._total / n_reports
        self._rarity = np.log((1 + n_reports) / (1 + users)) + 1

    def list_terms(self, group: Group) -> list[dict[str, Any]]:
        """Rows of the key terms of a group, best first: up to 30, by z, among those that pass the control of false discoveries.

        Tested are terms that stand at least three times in the group, and in at least two of its reports where it has
        several: one report's habit is no habit of the group.
        """
        count = group.count.astype(np.float64)
        tfidf = (1 + np.log(count)) * self._rarity[group.term]
        tfidf /= np.sqrt((tfidf**2).sum())
        common = np.flatnonzero((count >= _FEWEST_HITS) & (group.users >= min(2, group.n_reports)))
        tested = np.array([place for place, term in zip(common.tolist(), group.term[common].tolist(), strict=True)
                           if not group.is_name(self._terms[term])], dtype=np.int64)
        chosen = group.term[tested]
        terms = [self._terms[number] for number in chosen.tolist()]
        whole = count.sum()
        z = log_odds_z(count[tested], self._total[chosen] - count[tested], self._prior[chosen],
                       (whole, self._total.sum() - whole, self._prior.sum()))
        q_values = false_discovery_rates(ndtr(-z))
        listed = sorted((place for place in np.flatnonzero(q_values <= _FALSE_DISCOVERIES).tolist() if z[place] > 0),
                        key=lambda place: (-z[place], terms[place]))[:_MOST_TERMS]
        return [
            {"group": group.name, "term": terms[place], "count": int(count[tested[place]]),
             "n_documents": int(group.users[tested[place]]), "tfidf": float(tfidf[tested[place]]),
             "log_odds_z": float(z[place]), "q_value": float(q_values[place]), "rank": rank}
            for rank, place in enumerate(listed, 1)
        ]


def log_odds_z(count: Floats, rest: Floats, prior: Floats, sums: tuple[float, float, float]) -> Floats:
    """z of each term in the group against the rest; positive where the group uses it more.

    `sums` are those of the three over all terms.
    """
    n_count, n_rest, whole = sums
    in_group, elsewhere = count + prior, rest + prior
    delta = np.log(in_group / (n_count + whole - in_group)) - np.log(elsewhere / (n_rest + whole - elsewhere))
    return np.asarray(delta / np.sqrt(1 / in_group + 1 / elsewhere))


def false_discovery_rates(p_values: Floats) -> Floats:
    """q of each test: the least rate of false discoveries at which it passes (Benjamini and Hochberg 1995)."""
    order = np.argsort(p_values, kind="stable")
    n_tests = len(order)
    scaled = p_values[order] * n_tests / np.arange(1, n_tests + 1)
    q_values = np.empty(n_tests)
    q_values[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q_values


class Names:
    """Names that a term may be part of: 科技 and 科技局 of 科学技术局, 澜山 and 澜山区 of 澜山区."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = sorted(name for name in names if name)
        # 澜山 without its 区 begins further terms such as 澜山区委.
        self._stems = {name[:-1] for name in self._names if len(name) > 2 and name.endswith(tuple("省市州盟区县旗镇乡"))}
        self._lengths = sorted({len(stem) for stem in self._stems})
        self._holding: dict[str, set[int]] = defaultdict(set)
        for number, name in enumerate(self._names):
            for character in name:
                self._holding[character].add(number)
        self._characters = frozenset(self._holding)
        self._known: dict[str, bool] = {}

    def hold(self, term: str) -> bool:
        """Whether the term is part of one of the names."""
        if term not in self._known:
            self._known[term] = any(term[:length] in self._stems for length in self._lengths) or self._runs_in_one(term)
        return self._known[term]

    def _runs_in_one(self, term: str) -> bool:
        """Whether the characters of `term` stand in a name in this order, others between them allowed."""
        if not self._characters.issuperset(term):
            return False
        holding = sorted((self._holding[character] for character in term), key=len)
        for number in set.intersection(*holding):
            rest = iter(self._names[number])
            if all(character in rest for character in term):
                return True
        return False
