"""What a report announced for the next year, and what the next report says about it.

Each sentence of the plan is one item; `outcomes` judges it against the report of the next year. Shortcomings
that return from year to year (`recurrence`) come from the same chain of reports.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import partial
from typing import Any

import pandas as pd

from pipeline.comparisons.groups import cut_groups, cut_tables
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
    chains = list(_compared_reports(reports).values())
    wanted = {document_id for chain in chains for document_id in chain.values()}
    weights = Weights(sentences.loc[sentences["document_id"].isin(wanted) & sentences["text"].notna(), "text"], words.weak)
    groups = cut_groups([list(chain.values()) for chain in chains])
    group_of = {document_id: number for number, group in enumerate(groups)
                for place in group for document_id in chains[place].values()}
    commitments, problems = [store.frame("commitments")], [store.frame("recurring_problems")]
    cut = cut_tables(group_of, len(groups), sections, sentences, quantities)
    for group, (own_sections, own_sentences, own_quantities) in zip(groups, cut, strict=True):
        followed, recurring = _follow_chains(
            [chains[place] for place in group], own_sections, own_sentences, own_quantities, weights, words)
        commitments.append(store.frame("commitments", followed))
        problems.append(store.frame("recurring_problems", recurring))
    return {
        "commitments": _together(commitments),
        "recurring_problems": _together(problems),
    }


def _together(frames: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True).sort_values(["document_id", "sentence_no"], kind="stable", ignore_index=True)


def _follow_chains(
    chains: list[dict[int, str]], sections: pd.DataFrame, sentences: pd.DataFrame, quantities: pd.DataFrame,
    weights: Weights, words: CommitmentWords,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of both tables for some departments; the tables hold the rows of their reports only."""
    said = _read_sentences(sentences, quantities, weights, words)
    shortcomings = read_shortcomings(sections, sentences, set(said), weights)
    commitments: list[dict[str, Any]] = []
    problems: list[dict[str, Any]] = []
    for chain in chains:
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
    return commitments, problems


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
    sentences: pd.DataFrame, quantities: pd.DataFrame, weights: Weights, words: CommitmentWords
) -> defaultdict[str, list[Sentence]]:
    """Sentences with their figures, by document."""
    counted: dict[tuple[str, int], list[tuple[int, int, Interval, str, str, str]]] = defaultdict(list)
    columns = ("document_id", "sentence_no", "start", "end", "low", "high", "unit", "kind", "claim")
    for document_id, sentence_no, start, end, low, high, unit, kind, claim in zip(
        *(quantities[name].tolist() for name in columns), strict=True
    ):
        if pd.notna(sentence_no):
            counted[document_id, int(sentence_no)].append(
                (int(start), int(end), interval(low, high), _text(unit), _text(kind), _text(claim)))
    said: defaultdict[str, list[Sentence]] = defaultdict(list)
    wording = ("document_id", "sentence_no", "role", "start", "text")
    for document_id, sentence_no, role, begin, text in zip(*(sentences[name].tolist() for name in wording), strict=True):
        if pd.isna(text):
            continue
        inside = [(start - begin, end - begin, *rest) for start, end, *rest in counted[document_id, sentence_no]]
        inside.sort(key=lambda row: row[0])
        read = partial(read_figures, int(sentence_no), _text(role), _blank_label(text), inside, weights, words)
        said[document_id].append(Sentence(int(sentence_no), _text(role), text, read))
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
