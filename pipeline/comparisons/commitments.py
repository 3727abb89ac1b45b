"""What a report announced for the next year, and what the next report says about it.

Each sentence of the plan is one item; `outcomes` judges it against the report of the next year. Shortcomings
that return from year to year (`recurrence`) come from the same chain of reports.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import pandas as pd

from pipeline.comparisons.intervals import Interval, interval
from pipeline.comparisons.outcomes import LABEL, Sentence, Verdict, judge_items
from pipeline.comparisons.recurrence import find_recurring, read_shortcomings
from pipeline.comparisons.responses import Weights
from pipeline.comparisons.targets import read_figures
from pipeline.profiles.checks import CheckRules, CommitmentWords
from pipeline.tables import store

# 围绕以下几个方面开展工作：introduces a list and promises nothing itself.
_INTRO = re.compile(
    r"(?:以下|如下)[^。；\d]{0,6}(?:工作|方面|任务|事项|举措|措施|内容)?[：:]$"
    r"|(?:以下|如下)(?:几|[一二三四五六七八九十])?[个项件]?(?:方面|工作|事)[^，]{0,4}[。：:]?$"
    r"|(?:几件事|几个方面|几项工作|[一二三四五六七八九十][个项件](?:事|方面|工作))[：:。]?$")
MIN_ITEM_CHARS = 6


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
    compared = _compared_reports(reports)
    wanted = {document_id for chain in compared.values() for document_id in chain.values()}
    weights = Weights(
        [text for document_id, text in zip(sentences["document_id"].tolist(), sentences["text"].tolist(), strict=True)
         if document_id in wanted and pd.notna(text)], words.weak)
    said = _read_sentences(sentences, quantities, wanted, weights, words)
    shortcomings = read_shortcomings(sections, sentences, wanted, weights)
    commitments: list[dict[str, Any]] = []
    problems: list[dict[str, Any]] = []
    for chain in compared.values():
        for year, document_id in sorted(chain.items()):
            items = [sentence for sentence in said[document_id] if sentence.role == "next_plan" and _is_item(sentence)]
            follower = chain.get(year + 1)
            verdicts = (
                [Verdict("no_next_report", f"未收集到{year + 1}年度报告，无从核对")] * len(items) if follower is None
                else judge_items(items, said[document_id], said[follower], weights, words))
            for item, verdict in zip(items, verdicts, strict=True):
                commitments.append({
                    "document_id": document_id, "sentence_no": item.sentence_no,
                    "followed_by_document_id": follower, "followed_by_sentence_no": verdict.sentence_no,
                    "outcome": verdict.outcome, "why": verdict.why,
                    "similarity": None if verdict.similarity is None else round(verdict.similarity, 4),
                })
        problems.extend(find_recurring(chain, shortcomings, weights))
    commitments.sort(key=lambda row: (row["document_id"], row["sentence_no"]))
    problems.sort(key=lambda row: (row["document_id"], row["sentence_no"]))
    return {
        "commitments": store.frame("commitments", commitments),
        "recurring_problems": store.frame("recurring_problems", problems),
    }


def _compared_reports(reports: pd.DataFrame) -> dict[tuple[str, str], dict[int, str]]:
    """Document of each (region, department) and year that takes part in the comparison."""
    chains: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    columns = ("document_id", "region", "department_code", "report_year", "is_compared")
    for document_id, region, code, year, is_compared in zip(*(reports[name].tolist() for name in columns), strict=True):
        if pd.isna(year) or pd.isna(code) or (pd.notna(is_compared) and not is_compared):
            continue
        chains["" if pd.isna(region) else region, code][int(year)] = document_id
    return dict(sorted(chains.items()))


def _read_sentences(
    sentences: pd.DataFrame, quantities: pd.DataFrame, wanted: set[str], weights: Weights, words: CommitmentWords
) -> dict[str, list[Sentence]]:
    """Sentences with their figures, by document."""
    counted: dict[tuple[str, int], list[tuple[int, int, Interval, str, str, str]]] = defaultdict(list)
    columns = ("document_id", "sentence_no", "start", "end", "low", "high", "unit", "kind", "claim")
    for document_id, sentence_no, start, end, low, high, unit, kind, claim in zip(
        *(quantities[name].tolist() for name in columns), strict=True
    ):
        if document_id in wanted and pd.notna(sentence_no):
            counted[document_id, int(sentence_no)].append(
                (int(start), int(end), interval(low, high), _text(unit), _text(kind), _text(claim)))
    said: dict[str, list[Sentence]] = defaultdict(list)
    wording = ("document_id", "sentence_no", "role", "start", "text")
    for document_id, sentence_no, role, begin, text in zip(*(sentences[name].tolist() for name in wording), strict=True):
        if document_id not in wanted or pd.isna(text):
            continue
        inside = [(start - begin, end - begin, *rest) for start, end, *rest in counted[document_id, sentence_no]]
        inside.sort(key=lambda row: row[0])
        figures = read_figures(int(sentence_no), _text(role), _blank_label(text), inside, weights, words)
        said[document_id].append(Sentence(int(sentence_no), _text(role), text, tuple(figures)))
    for rows in said.values():
        rows.sort(key=lambda sentence: sentence.sentence_no)
    return said


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _blank_label(text: str) -> str:
    """The sentence with its list label (五是) blanked, at the same length."""
    label = LABEL.match(text)
    return " " * label.end() + text[label.end():] if label else text


def _is_item(sentence: Sentence) -> bool:
    """A sentence that announces something, not the introduction of a list."""
    bare = LABEL.sub("", sentence.text).strip()
    return len(bare) >= MIN_ITEM_CHARS and not _INTRO.search(bare)
