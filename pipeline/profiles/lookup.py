"""Which patterns are worth trying on a number: an index by pairs of characters, made once when the catalogue is loaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.profiles.patterns import Pattern, pairs_of

PatternsByPair = Mapping[str, tuple[tuple[int, Pattern], ...]]
# Patterns that are looked up right before, somewhere before, or after a number.
Indexes = tuple[PatternsByPair, PatternsByPair, PatternsByPair]
Patterns = tuple[Pattern, ...]
# Of one indicator: patterns with a number, accepted units, zero statements, not applicable, stated values.
Sought = tuple[Patterns, tuple[str, ...], Patterns, Patterns, Patterns]


_UNIT_SIGNS = dict.fromkeys(map(ord, "（）()、/· "))


@dataclass(frozen=True)
class Lookup:
    """Which patterns to try: for numbers by unit and a pair of characters right before, before or after them; else by pair alone."""

    numbers: Mapping[str, Indexes]
    zeros: PatternsByPair
    words: Mapping[str, tuple[tuple[int, Pattern, str], ...]]


def plain_unit(unit: str) -> str:
    """A unit without the signs that are written or left out at will: 家（次） and 家次 are one."""
    return unit.translate(_UNIT_SIGNS)


def _keys(wordings: Sequence[frozenset[str]], often: Counter[str]) -> list[str]:
    """Few and rare pairs that together hit every wording, so that a pattern is seldom tried in vain.

    How often a pair stands in the examples says how often it will in reports. Greedy: the cheapest pair for each wording
    that it hits.
    """
    left = list(wordings)
    chosen = []
    while left:
        hits = Counter(pair for wording in left for pair in wording)
        best = min(hits, key=lambda pair: ((1 + often[pair]) / hits[pair], pair))
        chosen.append(best)
        left = [wording for wording in left if best not in wording]
    return sorted(chosen)


def make_lookup(indicators: Sequence[Sought], texts: Sequence[str]) -> Lookup:
    """Index of the patterns by pairs of characters of which every wording holds one; `texts` show how common a pair is."""
    often = Counter(pair for text in texts for pair in pairs_of(text))

    def keys(pattern: Pattern, has_end: bool = False) -> tuple[str, list[str]]:
        """The cheapest place and its pairs. A pair stands at the end of a clause in about one of four cases."""
        options = [(place, _keys(wordings, often)) for place, wordings in pattern.wordings if has_end or place != "end"]
        return min(
            options,
            key=lambda option: (sum(1 + often[pair] for pair in option[1]) / (4 if option[0] == "end" else 1), option),
        )

    numbers: dict[str, tuple[dict[str, list[tuple[int, Pattern]]], ...]] = {}
    zeros: dict[str, list[tuple[int, Pattern]]] = {}
    words: dict[str, list[tuple[int, Pattern, str]]] = {}
    shared = _keys(
        [wording for *_, na, stated in indicators for pattern in (*na, *stated) for wording in _all_wordings(pattern)],
        Counter(),
    )
    for place, (patterns, units, zero, na, stated) in enumerate(indicators):
        for pattern in patterns:
            where, found = keys(pattern, has_end=True)
            for unit in map(plain_unit, pattern.units or units):
                for side, index in zip(("end", "left", "right"), numbers.setdefault(unit, ({}, {}, {})), strict=True):
                    for key in found if where == side or (where == "both" and side != "end") else ():
                        index.setdefault(key, []).append((place, pattern))
        for pattern in zero:
            for key in keys(pattern)[1]:
                zeros.setdefault(key, []).append((place, pattern))
        for state, without_number in (("na", na), ("stated", stated)):
            for pattern in without_number:
                for key in (pair for pair in shared if any(pair in wording for wording in _all_wordings(pattern))):
                    words.setdefault(key, []).append((place, pattern, state))
    return Lookup(
        {unit: (_frozen(end), _frozen(before), _frozen(after)) for unit, (end, before, after) in numbers.items()},
        _frozen(zeros),
        {key: tuple(items) for key, items in words.items()},
    )


def _frozen(index: dict[str, list[tuple[int, Pattern]]]) -> PatternsByPair:
    return {key: tuple(items) for key, items in index.items()}


def _all_wordings(pattern: Pattern) -> list[frozenset[str]]:
    return [wording for _, wordings in pattern.wordings for wording in wordings]
