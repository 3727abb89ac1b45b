"""What a report announced for the next year, and what the next report says about it.

Each sentence of the plan is one item; `outcomes` judges it against the report of the next year. Shortcomings
that return from year to year (`recurrence`) come from the same chain of reports.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline.comparisons.character_words import MAX_COUNTED, Synonyms, Weights
from pipeline.comparisons.columns import RowsByDocument, intervals_of, join_tables
from pipeline.comparisons.outcomes import Verdict, judge_plans
from pipeline.comparisons.plans import Plan, Sentence, find_items, without_figures
from pipeline.comparisons.recurrence import Shortcoming, find_recurring, read_shortcomings
from pipeline.comparisons.targets import Counted
from pipeline.profiles.checks import CheckRules, CommitmentWords
from pipeline.tables import store
from pipeline.tables.store import columns_of

# The documents of one department by year.
Chain = dict[int, str]


# Departments are followed in batches of about this many sentences, to bound memory.
_SENTENCES_AT_ONCE = 6_000


def follow_commitments(
    reports: pd.DataFrame, sections: pd.DataFrame, sentences: pd.DataFrame, quantities: pd.DataFrame,
    check_rules: CheckRules,
) -> store.Tables:
    """Tables `commitments` and `recurring_problems`.

    An item is followed into the report of the next year of the same region and department. Outcomes: done
    (answered, target reached), partly (answered, but less, later or only in part), absent (nothing found),
    no_next_report, not_measurable (an intention without figure or product, and nothing found). `similarity`
    is the share of the item's words, weighted by rarity, that the answer holds (0 to 1).
    """
    words = check_rules.commitments
    synonyms = Synonyms(words.synonyms)
    source = _Source(sections, sentences, quantities)
    commitments: list[pd.DataFrame] = []
    problems: list[pd.DataFrame] = []
    for chains in _compared_reports(reports):
        # What is rare in a region tells much there; another region's reports must not change what is found.
        weights = Weights(source.read_texts(chains), words.weak, synonyms)
        for batch in source.batches(chains):
            said, shortcomings = source.read([document_id for chain in batch for document_id in chain.values()])
            commitments.append(store.frame("commitments", _follow(batch, said, weights, words)))
            problems.append(store.frame("recurring_problems", find_recurring(batch, shortcomings, weights)))
    return {
        "commitments": join_tables("commitments", commitments),
        "recurring_problems": join_tables("recurring_problems", problems),
    }


def _compared_reports(reports: pd.DataFrame) -> list[list[Chain]]:
    """For each region its departments, and for each of those the document of each year that takes part in the comparison."""
    regions: dict[str, dict[str, Chain]] = defaultdict(lambda: defaultdict(dict))
    names = ("document_id", "region", "department_code", "report_year", "is_compared")
    for document_id, region, code, year, is_compared in zip(*columns_of(reports, *names), strict=True):
        if year is not None and code is not None and is_compared is not False:
            regions[region or ""][code][year] = document_id
    return [[dict(sorted(chain.items())) for _, chain in sorted(chains.items())] for _, chains in sorted(regions.items())]


class _Source:
    """The tables by document."""

    def __init__(self, sections: pd.DataFrame, sentences: pd.DataFrame, quantities: pd.DataFrame) -> None:
        self._sections = RowsByDocument(sections, "section_no", "level", "heading")
        self._sentences = RowsByDocument(sentences, "sentence_no", "section_no", "role", "start", "text")
        self._quantities = RowsByDocument(
            quantities, "sentence_no", "start", "end", "low", "high", "unit", "kind", "claim")

    def read_texts(self, chains: Sequence[Chain]) -> list[str]:
        """Sentences of the chains, enough to count words in."""
        places = np.sort(np.concatenate([self._sentences.places(document) for chain in chains for document in chain.values()]))
        (texts,) = columns_of(self._sentences.at(places[::max(1, len(places) // MAX_COUNTED)]), "text")
        return [text for text in texts if text is not None]

    def batches(self, chains: Sequence[Chain]) -> Iterator[list[Chain]]:
        """The chains, some at a time."""
        batch: list[Chain] = []
        size = 0
        for chain in chains:
            batch.append(chain)
            size += sum(map(self._sentences.count, chain.values()))
            if size >= _SENTENCES_AT_ONCE:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def read(self, documents: list[str]) -> tuple[dict[str, list[Sentence]], dict[str, list[Shortcoming]]]:
        """Sentences and shortcomings of the documents."""
        said: dict[str, list[Sentence]] = {document_id: [] for document_id in documents}
        problems: dict[str, list[tuple[int, int | None, str]]] = defaultdict(list)
        inside: dict[tuple[str, int], tuple[int, list[Counted]]] = {}
        names = ("document_id", "sentence_no", "section_no", "role", "start", "text")
        for document_id, sentence_no, section_no, role, begin, text in zip(
            *columns_of(self._sentences.of(documents), *names), strict=True
        ):
            if text is None:
                continue
            counted: list[Counted] = []
            inside[document_id, sentence_no] = (begin, counted)
            said[document_id].append(Sentence(sentence_no, role or "", text, without_figures(text), counted))
            if role == "problems":
                problems[document_id].append((sentence_no, section_no, text))
        self._add_quantities(documents, inside)
        for rows in said.values():
            rows.sort(key=lambda sentence: sentence.sentence_no)
        return said, read_shortcomings(self._sections.of(documents), problems)

    def _add_quantities(self, documents: list[str], inside: Mapping[tuple[str, int], tuple[int, list[Counted]]]) -> None:
        """Put each quantity into its sentence, in the order of the text."""
        rows = self._quantities.of(documents)
        names = ("document_id", "sentence_no", "start", "end", "unit", "kind", "claim")
        for value, document_id, sentence_no, start, end, unit, kind, claim in zip(
            intervals_of(rows, "low", "high"), *columns_of(rows, *names), strict=True
        ):
            begin, counted = inside.get((document_id, sentence_no), (None, None))
            if begin is not None and counted is not None:
                counted.append(Counted(start - begin, end - begin, value, unit or "", kind or "", claim or ""))
        for _, counted in inside.values():
            if len(counted) > 1:
                counted.sort(key=lambda quantity: quantity.start)


def _follow(
    chains: Sequence[Chain], said: Mapping[str, list[Sentence]], weights: Weights, words: CommitmentWords
) -> list[dict[str, Any]]:
    """Rows of `commitments` for some departments."""
    announced = [(chain, year, find_items(said[document_id], words))
                 for chain in chains for year, document_id in chain.items()]
    plans = [Plan(items, said[chain[year]], said[chain[year + 1]])
             for chain, year, items in announced if year + 1 in chain]
    judged = iter(judge_plans(plans, weights, words))
    rows = []
    for chain, year, items in announced:
        follower = chain.get(year + 1)
        verdicts = (
            next(judged) if follower is not None
            else [Verdict("no_next_report", f"未收集到{year + 1}年度报告，无从核对")] * len(items))
        for item, verdict in zip(items, verdicts, strict=True):
            rows.append({
                "document_id": chain[year], "sentence_no": item.sentence_no,
                "followed_by_document_id": follower, "followed_by_sentence_no": verdict.sentence_no,
                "nearest_sentence_no": verdict.nearest_no,
                "outcome": verdict.outcome, "why": verdict.why,
                "similarity": None if verdict.similarity is None else round(verdict.similarity, 4),
            })
    return rows
