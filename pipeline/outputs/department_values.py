"""The words of a department page: key figures, values with ranks, evidence, failed checks, what changed since last year."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline.outputs.caution import PARTIAL_MARK, is_partial, settle_verdict, write_plain_change
from pipeline.outputs.places import Places
from pipeline.outputs.values import write_value
from pipeline.tables.store import records

ANSWERED = ("value", "zero", "corrected", "ambiguous")
_EVIDENCE, _CHECKS = 8, 5
_QUOTE = 64
_TOLD = ("achievements", "first_responsible")

Values = dict[tuple[str, str], Any]


def cut(text: str, most: int = _QUOTE) -> str:
    """At most `most` characters, cut with a mark."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def widest_first(values: pd.DataFrame, documents: list[str], indicators: Any) -> list[str]:
    """Indicators by how many of these documents answer them; ties in the order of the catalogue."""
    answered = values[values["document_id"].isin(documents) & values["state"].isin(ANSWERED)]
    counts = answered.groupby("indicator")["document_id"].nunique()
    order = {key: number for number, key in enumerate(indicators.by_id)}
    return sorted((key for key in counts.index if key in order), key=lambda key: (-int(counts[key]), order[key]))


def key_figures(report: Any, previous: Any, values: Values, changes: Values, chosen: list[str], indicators: Any) -> list[dict[str, str]]:
    """The large figures at the head, each with last year's value and what may be said of the change."""
    shown = []
    for key in chosen:
        indicator = indicators.by_id[key]
        value = values.get((report.document_id, key))
        words, unit = "未披露", ""
        if value is not None and value.state != "not_disclosed":
            words = write_value(value.low, value.high, value.approx, value.unit, indicator.kind, value.state)
            unit = indicator.unit if value.state in ANSWERED and value.state != "ambiguous" else ""
        compared = "无上年报告可比"
        if previous is not None:
            before = values.get((previous.document_id, key))
            compared = "上年未披露"
            if before is not None and before.state != "not_disclosed":
                compared = "上年" + write_value(before.low, before.high, before.approx, before.unit, indicator.kind, before.state,
                                              with_unit=True)
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


def write_rank(rank: Any) -> str:
    """第2位/8, 第2–3位/8 where intervals leave it open, or nothing."""
    if rank is None:
        return ""
    low, high = int(rank.rank_low), int(rank.rank_high)
    return f"第{low}{'' if low == high else f'–{high}'}位/{int(rank.n_peers)}"


def value_rows(report: Any, values: Values, ranks: Values, order: list[str], indicators: Any) -> list[list[str]]:
    """Name, value and rank band of the indicators that the report answers."""
    rows = []
    for key in order:
        value, indicator = values[report.document_id, key], indicators.by_id[key]
        words = write_value(value.low, value.high, value.approx, value.unit, indicator.kind, value.state, with_unit=True)
        rows.append([indicator.short_name or indicator.name, words + (PARTIAL_MARK if is_partial(value) else ""),
                     write_rank(ranks.get((report.document_id, key)))])
    return rows


def evidence_rows(report: Any, values: Values, order: list[str], indicators: Any, places: Places) -> list[list[str]]:
    """The words that the first values come from, with page and paragraph."""
    rows = []
    for key in order:
        value = values.get((report.document_id, key))
        if value is None or value.state not in ANSWERED or pd.isna(value.evidence_start):
            continue
        start, end = int(value.evidence_start), int(value.evidence_end)
        page, paragraph = places.page(report.document_id, start), places.paragraph(report.document_id, start)
        rows.append([indicators.by_id[key].name,
                     write_value(value.low, value.high, value.approx, value.unit, indicators.by_id[key].kind, value.state, with_unit=True),
                     f"“{cut(places.passage(report.document_id, start, end))}”",
                     (f"第{page}页" if page else "") + (f"第{paragraph}段" if paragraph else "")])
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
        quote = places.passage(report.document_id, int(row.evidence_start), int(row.evidence_end)) if in_sentence else ""
        if quote and cut(quote) not in message:
            message += f"　“{cut(quote)}”"
        name = (getattr(rule, "fault", "") or rule.name) if rule else row.check
        rows.append(({"必": 0, "警": 1}.get(row.level, 2), [name, message]))
    n_all = sum(counts.values())
    words = f"{n_all}项检查：{counts['passed']}项通过，{counts['failed']}项未通过"
    words += f"，{counts['unknown']}项无从判断" if counts["unknown"] else ""
    return [row for _, row in sorted(rows, key=lambda item: item[0])][:_CHECKS], words if n_all else ""


def compared_rows(report: Any, previous: Any, sentences: dict[str, list[Any]], reuse: dict[tuple[str, int], Any], values: Values,
                  indicators: Any) -> list[list[str]]:
    """Sentences taken over with new numbers, new ones, and those of last year without a like one now.

    Only what the reports tell of the year is compared, not plans. A sentence of last year whose indicators are
    answered again this year is not gone, however it is worded; indicators that are silent now come first.
    """
    if previous is None:
        return []
    own, earlier = sentences.get(report.document_id, []), sentences.get(previous.document_id, [])
    kept: set[int] = set()
    rewritten, new = [], []
    for sentence in own:
        source = reuse.get((report.document_id, sentence.sentence_no))
        if source is not None and source.source_document_id == previous.document_id:
            kept.add(int(source.source_sentence_no))
            if not bool(source.is_verbatim) and sentence.role in _TOLD:
                rewritten.append((source.similarity, sentence.text))
        elif source is None and sentence.role in _TOLD:
            new.append(sentence.text)
    answered: dict[int, list[bool]] = {}
    for key in indicators.by_id:
        before, now = values.get((previous.document_id, key)), values.get((report.document_id, key))
        if before is not None and before.state in ANSWERED and not pd.isna(before.sentence_no):
            answered.setdefault(int(before.sentence_no), []).append(now is not None and now.state in (*ANSWERED, "na"))
    gone = [(bool(answered.get(s.sentence_no)), s.text) for s in earlier
            if s.sentence_no not in kept and s.role in _TOLD and not any(answered.get(s.sentence_no, []))]
    rows = [["沿用改数", cut(text)] for _, text in sorted(rewritten)[:2]]
    rows += [["本年新写", cut(text)] for text in sorted(new, key=lambda t: (-len(t), t))[:2]]
    rows += [["上年有，本年未找到", cut(text)] for _, text in sorted(gone, key=lambda item: (not item[0], -len(item[1]), item[1]))[:2]]
    return rows
