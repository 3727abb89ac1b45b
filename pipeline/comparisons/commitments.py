"""What a report announced for the next year, and what the next report says about it.

Each sentence of the plan is one item; `outcomes` judges it against the report of the next year. Shortcomings
that return from year to year (`recurrence`) come from the same chain of reports.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from pipeline.comparisons.character_words import MAX_COUNTED, Synonyms, Weights
from pipeline.comparisons.columns import RowsByDocument, intervals_of, join_tables
from pipeline.comparisons.figures import Counted
from pipeline.comparisons.outcomes import Verdict, judge_plans
from pipeline.comparisons.plans import Plan, Sentence, find_items, without_figures
from pipeline.comparisons.recurrence import Shortcoming, find_recurring, read_shortcomings
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
        self._sentences = RowsByDocument(sentences, "sentence_no", "section_no", "role", "start", "text", by="sentence_no")
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
        numbers, sections, roles, begins, texts = columns_of(
            self._sentences.of(documents), "sentence_no", "section_no", "role", "start", "text")
        ends = np.cumsum([0, *map(self._sentences.count, documents)]).tolist()
        bare = without_figures([text or "" for text in texts])
        quantities = self._read_quantities(documents, ends, numbers, begins)
        said: dict[str, list[Sentence]] = {}
        problems: dict[str, list[tuple[int, int | None, str]]] = {}
        for document_id, (first, end) in zip(documents, pairwise(ends), strict=True):
            kept = [at for at in range(first, end) if texts[at] is not None]
            said[document_id] = [
                Sentence(numbers[at], roles[at] or "", texts[at], bare[at], quantities[at]) for at in kept]
            owned = [(numbers[at], sections[at], texts[at]) for at in kept if roles[at] == "problems"]
            if owned:
                problems[document_id] = owned
        return said, read_shortcomings(self._sections.of(documents), problems)

    def _read_quantities(
        self, documents: list[str], ends: list[int], numbers: list[int], begins: list[int]
    ) -> list[list[Counted]]:
        """The quantities of each sentence, in the order of the text.

        `numbers` and `begins` are of the sentences, those of each document up to its end and in order.
        """
        rows = self._quantities.of(documents)
        own, start, end = (rows[name].to_numpy(dtype=np.int64, na_value=-1) for name in ("sentence_no", "start", "end"))
        of_document = np.repeat(np.arange(len(documents)), list(map(self._quantities.count, documents)))
        sentence = (np.repeat(np.arange(len(documents)), np.diff(ends)) << 32) | np.array(numbers, dtype=np.int64)
        wanted = (of_document << 32) | own
        place = np.searchsorted(sentence, wanted)
        is_inside = np.append(sentence, -1)[place] == wanted
        chosen = np.flatnonzero(is_inside & (own >= 0))
        chosen = chosen[np.lexsort((start[chosen], place[chosen]))]
        begin = np.array(begins, dtype=np.int64)[place[chosen]]
        rows = rows.iloc[chosen]
        counted = list(map(Counted._make, zip(
            (start[chosen] - begin).tolist(), (end[chosen] - begin).tolist(), intervals_of(rows, "low", "high"),
            *columns_of(rows, "unit", "kind", "claim", missing=""), strict=True)))
        bounds = np.searchsorted(place[chosen], np.arange(len(numbers) + 1)).tolist()
        return [counted[first:last] for first, last in pairwise(bounds)]


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
