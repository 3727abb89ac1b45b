"""What is looked for and where it might stand, as words with weights; and how much of each question each place holds.

Questions and places come in groups (a report and the next one): a question is only held against the places of
its own group. All groups of a batch are held against each other in one go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.comparisons.character_words import KEY_BITS, CutTexts, Floats, Integers, Known, Weights, distinct

_NAMED = re.compile(r"[“《]([^”》]{2,30})[”》]")
# 建成监督管理中心并实体运行: the thing is named before 并.
_BESIDES = re.compile(r"(?<=.{6})并(?![购联])")
# The head of a phrase: its last pairs of characters.
HEAD_WORDS = 6
HEAD_FACTOR = 2.0


@dataclass(frozen=True)
class Questions:
    """Words of many phrases: `row` says whose word it is, `word` its number in `asked`; sorted by row and word.

    `asked` are all the words asked for, each with its group, in order. Numbers of words and rows stay where only some
    of the questions are put.

    The head of a phrase is its end, which names the thing itself, or what stands in quotes; its words count double.
    In 建设危险化学品企业在线监测预警系统 the thing is a 预警系统; a passage on 危险化学品企业 alone is no answer.
    `weight` and `total` are of all words of a phrase, `head_weight` and `head_total` of its head. `group` is that of
    each row; -1 for one that is not asked.
    """

    group: Integers
    row: Integers
    word: Integers
    weight: Floats
    head_weight: Floats
    total: Floats
    head_total: Floats
    is_named: tuple[bool, ...]
    asked: Known

    def only(self, rows: Iterable[int]) -> Questions:
        """Some of the questions."""
        is_asked = np.zeros(len(self.group), dtype=bool)
        is_asked[list(rows)] = True
        kept = is_asked[self.row]
        return replace(self, group=np.where(is_asked, self.group, -1), row=self.row[kept], word=self.word[kept],
                       weight=self.weight[kept], head_weight=self.head_weight[kept])


def ask(texts: Sequence[str], group: Sequence[int], weights: Weights) -> Questions:
    """One question a text, each for the places of its group."""
    names = ["，".join(_NAMED.findall(text)) if "“" in text or "《" in text else "" for text in texts]
    cut, named = weights.cut(texts), weights.cut(names)
    ends = cut.begin + np.array([_end_of_thing(text) for text in texts], dtype=np.int64)
    is_thing = cut.place < ends[cut.owner]
    counted = np.cumsum(is_thing)
    n_things = np.cumsum(np.bincount(cut.owner[is_thing], minlength=len(texts)))
    from_end = np.where(is_thing, n_things[cut.owner] - counted + 1, HEAD_WORDS + 1)
    has_name = np.bincount(named.owner, minlength=len(texts)) > 0
    is_last = (from_end <= HEAD_WORDS) & ~has_name[cut.owner]
    head = distinct(np.concatenate((_pack(cut.owner[is_last], cut.key[is_last]), _pack(named.owner, named.key))))
    packed = distinct(_pack(cut.owner, cut.key))
    row, key = packed >> KEY_BITS, packed & ((1 << KEY_BITS) - 1)
    is_head = np.isin(packed, head, assume_unique=True)
    weight = weights.of(key) * np.where(is_head, HEAD_FACTOR, 1.0)
    head_weight = np.where(is_head, weight, 0.0)
    total, head_total = (np.bincount(row, each, minlength=len(texts)).astype(np.float64) for each in (weight, head_weight))
    group_of_row = np.array(group, dtype=np.int64)
    of_group = _pack(group_of_row[row], key)
    asked = distinct(of_group)
    return Questions(group_of_row, row, np.searchsorted(asked, of_group), weight, head_weight, total, head_total,
                     tuple(map(bool, names)), Known(asked))


def _end_of_thing(text: str) -> int:
    besides = _BESIDES.search(text)
    return besides.start() if besides else len(text)


@dataclass(frozen=True)
class Places:
    """Which places hold which words. Places of group g are numbered from `first[g]` to `first[g + 1]`."""

    word: Integers
    place: Integers
    first: Integers


def find_words(questions: Questions, cut: CutTexts, group_of_text: Integers) -> Integers:
    """For each word of the texts its number among the words asked for in the group of its text; -1 where it is not."""
    return questions.asked.find(_pack(group_of_text[cut.owner], cut.key))


def hold_texts(
    questions: Questions, texts: Sequence[str], group_of_text: Integers, weights: Weights
) -> tuple[Integers, Integers]:
    """Which of the words asked for each whole text holds: words, each once a text, and the texts that hold them."""
    cut = weights.cut(texts)
    word = find_words(questions, cut, group_of_text)
    is_asked = np.flatnonzero(word >= 0)
    return distinct_pairs(word[is_asked], cut.owner[is_asked])


def distinct_pairs(one: Integers, other: Integers) -> tuple[Integers, Integers]:
    """The different pairs of small numbers, in order."""
    packed = distinct((one << 32) | other)
    return packed >> 32, packed & 0xFFFFFFFF


@dataclass(frozen=True)
class Shares:
    """Shares (0 to 1) of the weight of each question, and of its head, that each place of its group holds."""

    whole: Floats
    head: Floats
    begin: Integers
    first_place: Integers


def compare(questions: Questions, places: Places) -> Shares:
    """Hold every question against every place of its group; 0 where nothing is looked for."""
    widths = np.where(questions.group >= 0, np.diff(places.first)[questions.group], 0)
    begin = np.concatenate(([0], np.cumsum(widths)))
    first_place = places.first[questions.group]
    # Which places hold each word: those from starts[word] on, n_places[word] of them.
    place = np.sort((places.word << 32) | places.place) & 0xFFFFFFFF
    n_places = np.bincount(places.word, minlength=len(questions.asked))
    starts = np.cumsum(n_places) - n_places
    word = questions.word
    n_found = n_places[word]
    nth = np.arange(n_found.sum()) + np.repeat(starts[word] - np.cumsum(n_found) + n_found, n_found)
    cell = np.repeat((begin[:-1] - first_place)[questions.row], n_found) + place[nth]
    whole = np.bincount(cell, np.repeat(questions.weight, n_found), minlength=begin[-1])
    in_head = np.repeat(questions.head_weight > 0, n_found)
    head = np.bincount(cell[in_head], np.repeat(questions.head_weight, n_found)[in_head], minlength=begin[-1])
    return Shares(whole / _divisor(questions.total, widths), head / _divisor(questions.head_total, widths), begin,
                  first_place)


def _divisor(total: Floats, widths: Integers) -> Floats:
    return np.repeat(np.where(total > 0, total, 1.0), widths)


def _pack(high: Integers, key: Integers) -> Integers:
    return (high << KEY_BITS) | key
