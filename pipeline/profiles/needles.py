"""What a text must hold for a regular expression to match it: short strings that are looked for first.

Looking for a string costs a fiftieth of trying a pattern at every place of a text. Most patterns of the
knowledge name something that most reports do not mention, and need not be tried at all.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import product
from typing import Any

from pipeline.profiles.word_patterns import any_word

# More strings than this cost as much as the pattern itself.
_MOST_NEEDLES = 48
# Choices and repetitions are spelled out up to this length; longer needles are no rarer.
_LONGEST = 6

# The parser of the standard library: nobody else reads a pattern exactly as `re` does.
_parser: Any = importlib.import_module("re._parser")


@lru_cache(maxsize=4096)
def find_needles(pattern: re.Pattern[str]) -> tuple[str, ...]:
    """Strings of which each match of the pattern holds at least one; none where that cannot be said.

    (?:工商|质监)局 gives 工商局 and 质监局; [^。]*截至 gives 截至; .+ gives nothing.
    """
    if pattern.flags & re.IGNORECASE:
        return ()
    pieces, _ = _pieces(_parser.parse(pattern.pattern, pattern.flags))
    return tuple(sorted(_best(pieces)))


def may_match(pattern: re.Pattern[str], text: str) -> bool:
    """False only where the pattern certainly finds nothing in `text`, nor in any part of it."""
    needles = find_needles(pattern)
    for needle in needles:
        if needle in text:
            return True
    return not needles


class Sieve:
    """Says whether one of many patterns finds something in a text; those are tried of which a needle stands in it."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._always: list[re.Pattern[str]] = []
        by_needle: dict[str, list[str]] = {}
        for text in (choice for pattern in patterns for choice in _choices(pattern)):
            needles = find_needles(re.compile(text))
            if not needles:
                self._always.append(re.compile(text))
            for needle in needles:
                by_needle.setdefault(needle, []).append(text)
        self._any = any_word(by_needle)
        # The longest needle at a place is found; those that it begins with stand there too.
        self._at_once = {
            needle: tuple(re.compile("|".join(texts)) for other, texts in by_needle.items() if needle.startswith(other))
            for needle in by_needle
        }

    def finds(self, text: str) -> bool:
        """Whether one of the patterns finds something."""
        tried: set[str] = set()
        hit = self._any.search(text)
        while hit:
            needle = hit.group()
            if needle not in tried:
                tried.add(needle)
                for pattern in self._at_once[needle]:
                    if pattern.search(text):
                        return True
            hit = self._any.search(text, hit.start() + 1)
        return any(pattern.search(text) for pattern in self._always)


def _choices(pattern: str) -> list[str]:
    """The choices of a pattern at its outermost level: 上年|(?:比|较)去年 has two."""
    found, depth, is_class, start = [], 0, False, 0
    place = 0
    while place < len(pattern):
        sign = pattern[place]
        if sign == "\\":
            place += 1
        elif is_class:
            is_class = sign != "]"
        elif sign == "[":
            is_class = True
        elif sign in "()":
            depth += 1 if sign == "(" else -1
        elif sign == "|" and not depth:
            found.append(pattern[start:place])
            start = place + 1
        place += 1
    return [*found, pattern[start:]]


# What one item of a pattern spells: a set of strings, or None for anything.
_Spelling = frozenset[str] | None


def _pieces(items: Iterable[Any]) -> tuple[list[frozenset[str]], bool]:
    """Sets of strings of which one must stand in a match, and whether the last set spells all the items, in full."""
    found: list[frozenset[str]] = []
    run, is_full = frozenset({""}), True
    for item in items:
        spelling, inside = _read(item)
        joined = _join(run, spelling)
        if joined is None and spelling is not None:
            # 全国法制宣传日 or 法制宣传日: whatever follows stands behind 法制宣传日.
            run, is_full = _without_longer(run, str.endswith), False
            joined = _join(run, spelling)
        if joined is None:
            found.append(run)
            is_full = False
            joined = spelling if spelling is not None and len(spelling) <= _MOST_NEEDLES else frozenset({""})
        run = joined
        found += inside
    return [*found, run], is_full


def _join(run: frozenset[str], spelling: _Spelling) -> frozenset[str] | None:
    if spelling is None or len(run) * len(spelling) > _MOST_NEEDLES or min(map(len, run)) >= _LONGEST:
        return None
    return frozenset(map("".join, product(run, spelling)))


def _without_longer(strings: frozenset[str], holds: Callable[[str, str], bool]) -> frozenset[str]:
    """Without the strings that hold another one: finding that is enough."""
    kept: list[str] = []
    for string in sorted(strings, key=len):
        if not any(holds(string, shorter) for shorter in kept):
            kept.append(string)
    return frozenset(kept)


def _best(pieces: Iterable[frozenset[str]]) -> frozenset[str]:
    """The set that rules out most: two characters or more before one, then few strings before many."""
    usable = [_without_longer(piece, str.__contains__) for piece in pieces if "" not in piece]
    return min(usable, default=frozenset(), key=lambda piece: (
        -min(2, min(map(len, piece))), len(piece), -min(map(len, piece)), sorted(piece)))


def _read(item: Any) -> tuple[_Spelling, list[frozenset[str]]]:
    """What an item spells where that is known in full, and what else must stand in a match of it."""
    kind, value = str(item[0]), item[1]
    if kind == "LITERAL":
        return frozenset({chr(value)}), []
    if kind == "IN" and all(str(part[0]) == "LITERAL" for part in value):
        return frozenset(chr(part[1]) for part in value), []
    if kind in ("AT", "ASSERT", "ASSERT_NOT"):
        return frozenset({""}), []
    if kind == "SUBPATTERN":
        return _read_all(value[-1])
    if kind == "BRANCH":
        return _read_branches(value[1])
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _read_repeat(*value)
    return None, []


def _read_all(items: Any) -> tuple[_Spelling, list[frozenset[str]]]:
    pieces, is_full = _pieces(items)
    return (pieces[-1], []) if is_full else (None, pieces)


def _read_branches(branches: Any) -> tuple[_Spelling, list[frozenset[str]]]:
    read = [_read_all(branch) for branch in branches]
    if all(spelling is not None for spelling, _ in read):
        return frozenset().union(*(spelling for spelling, _ in read if spelling is not None)), []
    # Of each branch its own best; nothing at all where one branch has none.
    best = [spelling if spelling is not None else _best(inside) for spelling, inside in read]
    return None, [frozenset().union(*best)] if all(best) else []


def _read_repeat(least: int, most: Any, items: Any) -> tuple[_Spelling, list[frozenset[str]]]:
    spelling, inside = _read_all(items)
    if least == 0:
        return (spelling | {""}, []) if spelling is not None and most == 1 else (None, [])
    if spelling is None:
        return None, inside
    repeated: frozenset[str] = frozenset({""})
    for _ in range(min(least, _LONGEST)):
        repeated = _join(repeated, spelling) or repeated
    is_fixed = least == most and least <= _LONGEST and len(spelling) ** least <= _MOST_NEEDLES
    return (repeated, []) if is_fixed else (None, [repeated])
