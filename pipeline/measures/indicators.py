"""Stage answer_indicators: for every report and every indicator of its genre one answer, its evidence, and why."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline.measures.answers import ReportReader
from pipeline.measures.matching import Matcher
from pipeline.measures.settling import NOTHING, Answer, Candidate, settle
from pipeline.measures.sources import columns_of, headings_by_section, quantities_by_sentence, sentences_by_document
from pipeline.profiles.corrections import Correction, Corrections
from pipeline.profiles.indicators import Indicator, Indicators
from pipeline.tables.store import Tables, frame

_STAGE = "answer_indicators"
_EXCERPT = 60
_MOST_SHOWN = 5


def answer_indicators(
    documents: pd.DataFrame,
    identities: pd.DataFrame,
    sections: pd.DataFrame,
    sentences: pd.DataFrame,
    quantities: pd.DataFrame,
    indicators: Indicators,
    corrections: Corrections,
) -> Tables:
    """Answer every indicator of each report's genre, as tables indicator_values, indicator_candidates and issues.

    A state "not_disclosed" means that the report does not say; it is never 0. Reports of other genres have no rows.
    """
    matchers = {
        genre: Matcher(indicators.of_genre(genre), lookup, indicators.language)
        for genre, lookup in indicators.lookups.items()
    }
    sentences_of, headings_of = sentences_by_document(sentences), headings_by_section(sections)
    quantities_of = quantities_by_sentence(quantities)
    identity_of = {
        document_id: (genre or "", f"{department or ''}-{'' if year is None else year}")
        for document_id, genre, department, year in zip(
            *columns_of(identities, ("document_id", "genre", "department", "report_year")), strict=True
        )
    }
    values: list[dict[str, Any]] = []
    candidates: list[dict[str, Any]] = []
    issues: list[dict[str, Any]] = []
    rows = zip(*columns_of(documents, ("document_id", "path", "text", "status")), strict=True)
    for document_id, path, text, status in sorted(rows, key=lambda row: (row[0], row[1])):
        genre, report_id = identity_of.get(document_id, ("", ""))
        matcher = matchers.get(genre) if status == "ok" else None
        if matcher is None or not matcher.indicators:
            continue
        reader = ReportReader(matcher, headings_of.get(document_id, {}))
        found = reader.read(sentences_of.get(document_id, []), quantities_of.get(document_id, {}))
        for place, indicator in enumerate(matcher.indicators):
            answer = settle(indicator, found[place]) if found[place] else NOTHING
            row = _value_row(document_id, indicator, answer)
            correction = corrections.of(report_id, indicator.id)
            if correction is not None:
                issues.extend(_correct(row, correction, path))
            elif answer.chosen is not None:
                issues.extend(_doubts(row, indicator, answer, path, text))
            values.append(row)
            if found[place]:
                candidates.extend(_candidate_rows(document_id, indicator, answer, found[place]))
    values.sort(key=lambda row: (row["document_id"], row["indicator"]))
    candidates.sort(key=lambda row: (row["document_id"], row["indicator"], row["candidate_no"]))
    return {
        "indicator_values": frame("indicator_values", values),
        "indicator_candidates": frame("indicator_candidates", candidates),
        "issues": frame("issues", issues),
    }


def _value_row(document_id: str, indicator: Indicator, answer: Answer) -> dict[str, Any]:
    row: dict[str, Any] = {
        "document_id": document_id,
        "indicator": indicator.id,
        "state": answer.state,
        "why": answer.why,
    }
    if answer.previous is not None:
        row |= {"previous_low": answer.previous.low, "previous_high": answer.previous.high}
    chosen = answer.chosen
    if chosen is not None:
        row |= {
            "low": chosen.low,
            "high": chosen.high,
            "unit": chosen.unit,
            "approx": chosen.approx,
            "quantity_no": chosen.quantity_no,
            "sentence_no": chosen.sentence_no,
            "evidence_start": chosen.start,
            "evidence_end": chosen.end,
            "to_date": chosen.to_date,
        }
    return row


def _candidate_rows(
    document_id: str, indicator: Indicator, answer: Answer, found: list[Candidate]
) -> list[dict[str, Any]]:
    return [
        {
            "document_id": document_id,
            "indicator": indicator.id,
            "candidate_no": number,
            "quantity_no": candidate.quantity_no,
            "low": candidate.low,
            "high": candidate.high,
            "evidence_start": candidate.start,
            "evidence_end": candidate.end,
            "is_chosen": candidate is answer.chosen,
            "why": candidate.lost or candidate.why,
        }
        for number, candidate in enumerate(found)
    ]


def _doubts(row: dict[str, Any], indicator: Indicator, answer: Answer, path: str, text: str) -> list[dict[str, Any]]:
    """Issues of an answer: several values, or a value out of the plausible range."""
    chosen = answer.chosen
    if chosen is None:
        return []
    place = f"正文第{chosen.start + 1}字"
    issues = []
    if answer.others:
        others = "、".join(
            dict.fromkeys(f"{_shown(other)}（“{_excerpt(text, other)}”）" for other in answer.others[:_MOST_SHOWN])
        )
        issues.append(
            (
                place,
                f"指标“{indicator.name}”有不同的值：{_shown(chosen)}（“{_excerpt(text, chosen)}”）与 {others}；"
                "暂取先出现的，请核对原文，必要时在 corrections.csv 中更正",
            )
        )
    low, high = indicator.low_plausible, indicator.high_plausible
    if (low is not None and chosen.high is not None and chosen.high < low) or (
        high is not None and chosen.low is not None and chosen.low > high
    ):
        issues.append(
            (
                place,
                f"指标“{indicator.name}”的值 {_shown(chosen)} 超出合理范围 {_number(low)}—{_number(high)}"
                f"（“{_excerpt(text, chosen)}”），请核对原文的数字与单位",
            )
        )
    return [
        {
            "stage": _STAGE,
            "document_id": row["document_id"],
            "path": path,
            "place": where,
            "severity": "warning",
            "message": message,
        }
        for where, message in issues
    ]


def _correct(row: dict[str, Any], correction: Correction, path: str) -> list[dict[str, Any]]:
    """Put the reviewed value into the row; a note where the value it replaced is no longer the one that was reviewed."""
    found = "" if row["state"] == "not_disclosed" else _interval(row.get("low"), row.get("high")) or row["state"]
    row |= {
        "state": "corrected",
        "low": correction.low,
        "high": correction.high,
        "approx": "exact",
        "why": f"{correction.by}于{correction.date}更正：{correction.reason}（原为{correction.was or '未披露'}）",
    }
    if found == correction.was:
        return []
    return [
        {
            "stage": _STAGE,
            "document_id": row["document_id"],
            "path": path,
            "place": f"指标 {row['indicator']}",
            "severity": "note",
            "message": f"corrections.csv 第{correction.line}行更正时的原值为“{correction.was or '未披露'}”，"
            f"现在读出的是“{found or '未披露'}”；更正仍然有效，请确认是否还需要",
        }
    ]


def _shown(candidate: Candidate) -> str:
    return (_interval(candidate.low, candidate.high) or "不适用") + candidate.unit


def _interval(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return ""
    return _number(low) if low == high else f"{_number(low)}—{_number(high)}"


def _number(value: float | None) -> str:
    return "不限" if value is None else f"{value:.10g}"


def _excerpt(text: str, candidate: Candidate) -> str:
    piece = text[candidate.start : candidate.end].replace("\n", "")
    return piece if len(piece) <= _EXCERPT else piece[:_EXCERPT] + "……"
