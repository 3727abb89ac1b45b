"""Shortcomings that a department names year after year.

A shortcoming is a heading such as （二）执法力量薄弱 with the sentences below it, or one item of 一是…二是….
It recurs when an earlier report has one that says the same in its heading, or a sentence of it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.comparisons.character_words import Weights
from pipeline.comparisons.plans import LABEL
from pipeline.comparisons.questions import Places, ask, compare, hold_texts
from pipeline.comparisons.responses import clauses
from pipeline.tables.store import columns_of

# Share (0 to 1) of the word weight of a heading, or of a whole sentence, that an earlier shortcoming must hold.
MIN_SAME_NAME = 0.5
MIN_SAME_SENTENCE = 0.6
# A shortcoming without heading is named by its first clause, and the next ones while this is short.
NAME_CHARS = 8
# A name shorter than this (重大) says too little to recognise it by.
MIN_NAME_CHARS = 5


@dataclass(frozen=True)
class Shortcoming:
    """`sentence_no` is its first sentence; `name` what it is called; `said` its sentences; `heading` may be empty."""

    sentence_no: int
    name: str
    heading: str
    said: tuple[str, ...]


def read_shortcomings(
    sections: pd.DataFrame, sentences: Mapping[str, Sequence[tuple[int, int | None, str]]]
) -> dict[str, list[Shortcoming]]:
    """Shortcomings of each document in the order of the text.

    `sentences` are those on shortcomings as (number, section, text); `sections` holds those of the same documents.
    """
    headings: dict[tuple[str, int], tuple[int, str]] = {
        (document_id, section_no): (level or 0, heading or "")
        for document_id, section_no, level, heading in zip(
            *columns_of(sections, "document_id", "section_no", "level", "heading"), strict=True)
    }
    found = {}
    for document_id, rows in sentences.items():
        grouped: list[tuple[str, list[tuple[int, str]]]] = []
        last: int | None = None
        for sentence_no, section_no, text in sorted(rows, key=lambda row: row[0]):
            level, heading = headings.get((document_id, section_no), (0, "")) if section_no is not None else (0, "")
            if not grouped or last != section_no or (level <= 1 and LABEL.match(text)):
                # The heading of the whole part (存在的不足和原因) names no shortcoming.
                grouped.append((heading if level > 1 else "", []))
            grouped[-1][1].append((sentence_no, text))
            last = section_no
        found[document_id] = [_read_one(heading, said) for heading, said in grouped]
    return found


def _read_one(heading: str, said: list[tuple[int, str]]) -> Shortcoming:
    texts = tuple(LABEL.sub("", text) for _, text in said)
    name = heading
    for start, end in clauses(texts[0]) if not heading else []:
        if len(name) >= NAME_CHARS:
            break
        name += texts[0][start:end]
    return Shortcoming(said[0][0], name, heading, texts)


def find_recurring(
    chains: Sequence[Mapping[int, str]], shortcomings: Mapping[str, Sequence[Shortcoming]], weights: Weights
) -> list[dict[str, Any]]:
    """Rows of `recurring_problems` for some departments; of several earlier reports the nearest year counts.

    A chain gives the document of each year of one department.
    """
    ordered = [[(year, document_id) for year, document_id in sorted(chain.items()) if shortcomings.get(document_id)]
               for chain in chains]
    likeness = _Likeness([chain for chain in ordered if len(chain) > 1], shortcomings, weights)
    rows = []
    for chain in likeness.chains:
        for at, (_, document_id) in enumerate(chain):
            for number, each in enumerate(shortcomings[document_id]):
                for _, earlier in reversed(chain[:at]):
                    old = shortcomings[earlier]
                    scored = [(likeness.of((document_id, number), (earlier, other)), -old[other].sentence_no)
                              for other in range(len(old))]
                    best, previous_no = max(scored)
                    if best > 0:
                        rows.append({
                            "document_id": document_id, "sentence_no": each.sentence_no,
                            "previous_document_id": earlier, "previous_sentence_no": -previous_no,
                            "similarity": round(best, 4)})
                        break
    return rows


class _Likeness:
    """How much the shortcomings of each department's reports are alike."""

    def __init__(
        self, chains: Sequence[Sequence[tuple[int, str]]], shortcomings: Mapping[str, Sequence[Shortcoming]],
        weights: Weights,
    ) -> None:
        self.chains = chains
        self._place: dict[tuple[str, int], int] = {}
        self._name: dict[tuple[str, int], int | None] = {}
        self._sentences: dict[tuple[str, int], range] = {}
        asked: list[str] = []
        chain_of_row: list[int] = []
        held: list[str] = []
        n_places = []
        for chain_no, chain in enumerate(chains):
            for _, document_id in chain:
                for number, each in enumerate(shortcomings[document_id]):
                    has_name = len(each.name) >= MIN_NAME_CHARS
                    texts = [each.name, *each.said] if has_name else each.said
                    key = (document_id, number)
                    self._place[key] = len(held)
                    self._name[key] = len(asked) if has_name else None
                    self._sentences[key] = range(len(asked) + has_name, len(asked) + len(texts))
                    held.append("，".join([each.heading, *each.said]))
                    asked += texts
                    chain_of_row += [chain_no] * len(texts)
            n_places.append(len(held))
        questions = ask(asked, chain_of_row, weights)
        chain_of_place = np.searchsorted(n_places, np.arange(len(held)), side="right")
        words, places = hold_texts(questions, held, chain_of_place, weights)
        shares = compare(questions, Places(words, places, np.array([0, *n_places], dtype=np.int64)))
        self._begin, self._shares = (shares.begin[:-1] - shares.first_place).tolist(), shares.whole.tolist()

    def of(self, one: tuple[str, int], old: tuple[str, int]) -> float:
        """Share of the name, or of a sentence, that the earlier shortcoming holds; 0 where neither is enough."""
        place, row = self._place[old], self._name[one]
        name = 0.0 if row is None else self._shares[self._begin[row] + place]
        sentence = max([self._shares[self._begin[row] + place] for row in self._sentences[one]])
        found = max(name if name >= MIN_SAME_NAME else 0.0, sentence if sentence >= MIN_SAME_SENTENCE else 0.0)
        return min(found, 1.0)
