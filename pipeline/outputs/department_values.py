"""The words of a department page: key figures, values with ranks, evidence, failed checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.outputs.caution import PARTIAL_MARK, is_partial, settle_verdict, write_plain_change
from pipeline.outputs.places import Places
from pipeline.outputs.quoting import nest_quotes, quote
from pipeline.outputs.values import write_value
from pipeline.tables.store import records

ANSWERED = ("value", "zero", "corrected", "ambiguous")
_EVIDENCE, _CHECKS = 8, 5
_QUOTE = 60

Values = dict[tuple[str, str], Any]
Texts = Mapping[tuple[str, int], str]


def write_place(places: Places, document_id: str, start: Any) -> str:
    """第3页第12段, 第12段 in formats without pages."""
    start = None if pd.isna(start) else int(start)
    page, paragraph = places.page(document_id, start), places.paragraph(document_id, start)
    return (f"第{page}页" if page else "") + (f"第{paragraph}段" if paragraph else "")


def write_answer(value: Any, kind: str, texts: Texts, with_unit: bool = True) -> str:
    """A value as the report writes it: in 万 where the report counts in 万."""
    words = "" if pd.isna(value.quantity_no) else texts.get((value.document_id, int(value.quantity_no)), "")
    return write_value(value.low, value.high, value.approx, value.unit, kind, value.state, with_unit=with_unit, words=words)


def widest_first(values: pd.DataFrame, documents: list[str], indicators: Any) -> list[str]:
    """Indicators by how many of these documents answer them; ties in the order of the catalogue."""
    answered = values[values["document_id"].isin(documents) & values["state"].isin(ANSWERED)]
    counts = answered.groupby("indicator")["document_id"].nunique()
    order = {key: number for number, key in enumerate(indicators.by_id)}
    return sorted((key for key in counts.index if key in order), key=lambda key: (-int(counts[key]), order[key]))


def key_figures(report: Any, previous: Any, values: Values, changes: Values, chosen: list[str], indicators: Any,
                texts: Texts) -> list[dict[str, str]]:
    """The large figures at the head, each with last year's value and what may be said of the change."""
    shown = []
    for key in chosen:
        indicator = indicators.by_id[key]
        value = values.get((report.document_id, key))
        words, unit = "未披露", ""
        if value is not None and value.state != "not_disclosed":
            words = write_answer(value, indicator.kind, texts, with_unit=False)
            own_unit = value.unit if isinstance(value.unit, str) and value.unit else indicator.unit
            unit = own_unit if value.state in ANSWERED and value.state != "ambiguous" else ""
        compared = "无上年报告可比"
        if previous is not None:
            before = values.get((previous.document_id, key))
            compared = "上年未披露"
            if before is not None and before.state != "not_disclosed":
                compared = "上年" + write_answer(before, indicator.kind, texts)
            compared += _change_words(changes.get((report.document_id, key)), before, value, indicator.unit)
        if value is not None and is_partial(value):
            compared = f"{PARTIAL_MARK}截至{str(value.to_date).removeprefix('截至')}；{compared}"
            words += PARTIAL_MARK
        shown.append({"name": indicator.name, "value": words, "unit": unit, "compared": compared})
    return shown


def _change_words(change: Any, before: Any, now: Any, unit: str) -> str:
    if change is None or change.verdict not in ("up", "down", "same", "undecided"):
        return ""
    return "，" + ("数未满年，不判" if settle_verdict(change.verdict, before, now) != change.verdict else write_plain_change(change, unit))


def find_ties(peer_ranks: pd.DataFrame) -> set[tuple[str, str]]:
    """(document, indicator) of ranks that several departments share for certain."""
    sure = peer_ranks[peer_ranks["rank_low"] == peer_ranks["rank_high"]]
    keys = ["genre", "report_year", "indicator", "peer_group", "rank_low"]
    shared = sure[sure.duplicated(keys, keep=False)]
    return set(zip(shared["document_id"].tolist(), shared["indicator"].tolist(), strict=True))


def write_rank(rank: Any, is_tied: bool = False) -> str:
    """第2位/8, 并列第2位/8, 第2～3位/8 where intervals leave it open, or nothing."""
    if rank is None:
        return ""
    low, high = int(rank.rank_low), int(rank.rank_high)
    return f"{'并列' if is_tied else ''}第{low}{'' if low == high else f'～{high}'}位/{int(rank.n_peers)}"


def value_rows(report: Any, values: Values, ranks: Values, ties: set[tuple[str, str]], order: list[str], indicators: Any,
               texts: Texts) -> list[list[str]]:
    """Name, value and rank band of the indicators that the report answers."""
    rows = []
    for key in order:
        value, indicator = values[report.document_id, key], indicators.by_id[key]
        words = write_answer(value, indicator.kind, texts)
        rows.append([indicator.short_name or indicator.name, words + (PARTIAL_MARK if is_partial(value) else ""),
                     write_rank(ranks.get((report.document_id, key)), (report.document_id, key) in ties)])
    return rows


def evidence_rows(report: Any, values: Values, order: list[str], indicators: Any, places: Places, texts: Texts) -> list[list[str]]:
    """The words that the first values come from, with page and paragraph."""
    rows = []
    for key in order:
        value = values.get((report.document_id, key))
        if value is None or value.state not in ANSWERED or pd.isna(value.evidence_start):
            continue
        start, end = int(value.evidence_start), int(value.evidence_end)
        indicator = indicators.by_id[key]
        rows.append([indicator.short_name or indicator.name, write_answer(value, indicator.kind, texts),
                     quote(places.passage(report.document_id, start, end), _QUOTE), write_place(places, report.document_id, start)])
        if len(rows) == _EVIDENCE:
            break
    return rows


def check_rows(report: Any, checks: pd.DataFrame, check_rules: Any, places: Places) -> tuple[list[list[str]], str]:
    """Failed checks under the name of their fault, the serious first, and the count of all results in words."""
    rows, counts = [], {"passed": 0, "failed": 0, "unknown": 0}
    for row in records(checks[checks["document_id"] == report.document_id]):
        counts["unknown" if pd.isna(row.passed) else "passed" if bool(row.passed) else "failed"] += 1
        if pd.isna(row.passed) or bool(row.passed):
            continue
        rule = check_rules.by_id.get(row.check)
        message = row.message if isinstance(row.message, str) else ""
        # What lacks has no words to quote; a title is no evidence for it.
        in_sentence = not pd.isna(row.evidence_start) and places.sentence_at(report.document_id, int(row.evidence_start))
        words = places.passage(report.document_id, int(row.evidence_start), int(row.evidence_end)) if in_sentence else ""
        if words and words not in message:
            message += f"　{quote(words, _QUOTE)}"
        name = (getattr(rule, "fault", "") or rule.name) if rule else row.check
        place = write_place(places, report.document_id, row.evidence_start) if row.level in ("必", "警") or in_sentence else ""
        rows.append(({"必": 0, "警": 1}.get(row.level, 2), [name, nest_quotes(message.removeprefix(f"{name}：")), place]))
    n_all = sum(counts.values())
    said = f"{n_all}项检查：{counts['passed']}项通过，{counts['failed']}项未通过"
    said += f"，{counts['unknown']}项无从判断" if counts["unknown"] else ""
    return [row for _, row in sorted(rows, key=lambda item: item[0])][:_CHECKS], said if n_all else ""
