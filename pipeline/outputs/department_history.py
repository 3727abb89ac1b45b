"""What a department page says of the year before: plans one by one, and sentences kept with new words, new, or gone."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline.outputs.department_values import ANSWERED, Values, write_place
from pipeline.outputs.places import Places
from pipeline.outputs.quoting import cut, nest_quotes
from pipeline.outputs.values import OUTCOME_LABELS
from pipeline.outputs.workbook.passages import changed_spans
from pipeline.tables.store import records

_TOLD = ("achievements", "first_responsible")
_EACH = 2  # sentences of each kind
_PLAN, _SIDE = 44, 46  # characters of a sentence in a narrow column
# What a reader looks for first: plans without a trace, then those met in part.
_ORDER = ("absent", "partly", "not_measurable", "done", "no_next_report")


def plan_rows(previous: Any, commitments: pd.DataFrame, places: Places) -> list[list[str]]:
    """Each item of last year's plan: outcome, words, what this year's report says, and where both stand."""
    if previous is None:
        return []
    rows = []
    for row in records(commitments[commitments["document_id"] == previous.document_id]):
        sentence = places.sentence(row.document_id, int(row.sentence_no))
        if sentence is None:
            continue
        # Of an item without an answer the nearest sentence is shown, for a person to judge.
        found = row.followed_by_sentence_no if row.outcome != "absent" else row.nearest_sentence_no
        number = None if pd.isna(found) else int(found)
        answer = places.sentence(row.followed_by_document_id, number) if isinstance(row.followed_by_document_id, str) else None
        where = write_place(places, row.followed_by_document_id, answer.start) if answer else ""
        said = f"{'最接近：' if row.outcome == 'absent' else ''}{nest_quotes(cut(answer.text, _PLAN))}" if answer else "—"
        rows.append((_ORDER.index(row.outcome), sentence.start, [
            OUTCOME_LABELS[row.outcome], nest_quotes(cut(sentence.text, _PLAN)), said,
            f"{write_place(places, row.document_id, sentence.start)}{f'→{where}' if where else ''}"]))
    return [row for _, _, row in sorted(rows)]


def _pieces(text: str, other: str) -> list[dict[str, Any]]:
    """A sentence in pieces, those that the other one has not in bold; cut around the first change."""
    spans = changed_spans(text, other)
    first = max(0, spans[0][0] - _SIDE // 2) if spans and len(text) > _SIDE and spans[0][0] > _SIDE // 2 else 0
    last = min(len(text), first + _SIDE)
    pieces: list[dict[str, Any]] = [{"text": "…", "bold": False}] if first else []
    at = first
    for start, end in (span for span in spans if span[1] > first and span[0] < last):
        start, end = max(start, first), min(end, last)
        pieces += [{"text": text[at:start], "bold": False}, {"text": text[start:end], "bold": True}]
        at = end
    pieces += [{"text": text[at:last], "bold": False}, {"text": "…" if last < len(text) else "", "bold": False}]
    return [piece for piece in pieces if piece["text"]]


def _plain(text: str) -> list[dict[str, Any]]:
    return [{"text": nest_quotes(cut(text, _SIDE)), "bold": False}]


def compared_rows(report: Any, previous: Any, sentences: dict[str, list[Any]], reuse: dict[tuple[str, int], Any], values: Values,
                  indicators: Any, places: Places) -> list[list[Any]]:
    """Sentences kept with other words or numbers (old beside new), new ones, and those of last year without a like one now.

    Only what the reports tell of the year is compared, not plans. A sentence of last year whose indicators are
    answered again this year is not gone, however it is worded; indicators that are silent now come first.
    """
    if previous is None:
        return []
    own, earlier = sentences.get(report.document_id, []), sentences.get(previous.document_id, [])
    by_number = {int(sentence.sentence_no): sentence for sentence in earlier}
    kept: set[int] = set()
    rewritten, new = [], []
    for sentence in own:
        source = reuse.get((report.document_id, sentence.sentence_no))
        if source is not None and source.source_document_id == previous.document_id:
            number = int(source.source_sentence_no)
            kept.add(number)
            if not bool(source.is_verbatim) and sentence.role in _TOLD and number in by_number:
                rewritten.append((source.similarity, sentence.start, sentence, by_number[number]))
        elif source is None and sentence.role in _TOLD:
            new.append(sentence)
    answered: dict[int, list[bool]] = {}
    for key in indicators.by_id:
        before, now = values.get((previous.document_id, key)), values.get((report.document_id, key))
        if before is not None and before.state in ANSWERED and not pd.isna(before.sentence_no):
            answered.setdefault(int(before.sentence_no), []).append(now is not None and now.state in (*ANSWERED, "na"))
    gone = [sentence for sentence in earlier if sentence.sentence_no not in kept and sentence.role in _TOLD
            and not any(answered.get(sentence.sentence_no, []))]
    gone.sort(key=lambda s: (not answered.get(s.sentence_no), -len(s.text), s.text))
    rows: list[list[Any]] = []
    for _, _, now, before in sorted(rewritten, key=lambda item: item[:2])[:_EACH]:
        rows.append(["沿用改写", _pieces(before.text, now.text), _pieces(now.text, before.text),
                     f"{write_place(places, previous.document_id, before.start)}→{write_place(places, report.document_id, now.start)}"])
    for sentence in sorted(new, key=lambda s: (-len(s.text), s.text))[:_EACH]:
        rows.append(["本年新写", _plain("—"), _plain(sentence.text), write_place(places, report.document_id, sentence.start)])
    for sentence in gone[:_EACH]:
        rows.append(["本年未找到", _plain(sentence.text), _plain("—"), f"上年{write_place(places, previous.document_id, sentence.start)}"])
    return rows
