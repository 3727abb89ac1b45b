"""Shortcomings that a department names year after year.

A shortcoming is a heading such as （二）执法力量薄弱 with the sentences below it, or one item of 一是…二是….
It recurs when an earlier report has one that says the same in its heading, or a sentence of it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.comparisons.outcomes import LABEL
from pipeline.comparisons.responses import Question, Weights, clauses

# Share (0 to 1) of the word weight of a heading, or of a whole sentence, that an earlier shortcoming must hold.
MIN_SAME_NAME = 0.5
MIN_SAME_SENTENCE = 0.6
# A shortcoming without heading is named by its first clause, and the next ones while this is short.
NAME_CHARS = 8
# A name shorter than this (重大) says too little to recognise it by.
MIN_NAME_CHARS = 5


@dataclass(frozen=True)
class Shortcoming:
    """`sentence_no` is its first sentence; `name` what it is called; `words` all that it says."""

    sentence_no: int
    name: Question
    has_name: bool
    sentences: tuple[Question, ...]
    words: frozenset[str]


def read_shortcomings(
    sections: pd.DataFrame, sentences: pd.DataFrame, wanted: set[str], weights: Weights
) -> dict[str, list[Shortcoming]]:
    """Shortcomings of the wanted documents in the order of the text."""
    headings: dict[tuple[str, int], tuple[int, str]] = {
        (document_id, int(section_no)): (int(level) if pd.notna(level) else 0, heading if pd.notna(heading) else "")
        for document_id, section_no, level, heading in zip(
            *(sections[name].tolist() for name in ("document_id", "section_no", "level", "heading")), strict=True)
        if document_id in wanted
    }
    grouped: dict[str, list[tuple[str, list[tuple[int, str]]]]] = defaultdict(list)
    last: dict[str, int | None] = {}
    columns = ("document_id", "sentence_no", "section_no", "role", "text")
    rows = sorted(
        (row for row in zip(*(sentences[name].tolist() for name in columns), strict=True)
         if row[0] in wanted and pd.notna(row[3]) and row[3] == "problems" and pd.notna(row[4])),
        key=lambda row: (row[0], row[1]))
    for document_id, sentence_no, section_no, _, text in rows:
        level, heading = headings.get((document_id, section_no), (0, ""))
        is_new_section = last.get(document_id) != section_no or not grouped[document_id]
        if is_new_section or (level <= 1 and LABEL.match(text)):
            # The heading of the whole part (存在的不足和原因) names no shortcoming.
            grouped[document_id].append((heading if level > 1 else "", []))
        grouped[document_id][-1][1].append((int(sentence_no), text))
        last[document_id] = section_no
    return {
        document_id: [_read_one(heading, said, weights) for heading, said in groups]
        for document_id, groups in grouped.items()
    }


def find_recurring(
    chain: Mapping[int, str], shortcomings: Mapping[str, list[Shortcoming]], weights: Weights
) -> list[dict[str, Any]]:
    """Rows of `recurring_problems` for one department; of several earlier reports the nearest year counts."""
    rows = []
    for year, document_id in sorted(chain.items()):
        for each in shortcomings.get(document_id, []):
            for other_year in sorted((other for other in chain if other < year), reverse=True):
                earlier = shortcomings.get(chain[other_year], [])
                scored = [(_likeness(each, old), -old.sentence_no, old) for old in earlier]
                best = max(scored, default=None, key=lambda item: item[:2])
                if best is not None and best[0] > 0:
                    rows.append({
                        "document_id": document_id, "sentence_no": each.sentence_no,
                        "previous_document_id": chain[other_year], "previous_sentence_no": best[2].sentence_no,
                        "similarity": round(best[0], 4)})
                    break
    return rows


def _read_one(heading: str, said: list[tuple[int, str]], weights: Weights) -> Shortcoming:
    texts = [LABEL.sub("", text) for _, text in said]
    name = heading
    for start, end in clauses(texts[0]) if not heading else []:
        if len(name) >= NAME_CHARS:
            break
        name += texts[0][start:end]
    return Shortcoming(
        said[0][0], weights.question(name), len(name) >= MIN_NAME_CHARS,
        tuple(weights.question(text) for text in texts), weights.words("，".join([heading, *texts])))


def _likeness(one: Shortcoming, old: Shortcoming) -> float:
    """Share of the name, or of a sentence, that the earlier shortcoming holds; 0 where neither is enough."""
    name = one.name.share(old.words) if one.has_name else 0.0
    sentence = max(each.share(old.words) for each in one.sentences)
    found = max(name if name >= MIN_SAME_NAME else 0.0, sentence if sentence >= MIN_SAME_SENTENCE else 0.0)
    return min(found, 1.0)
