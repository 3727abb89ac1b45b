"""Stage answer_indicators: for every report and every indicator of its genre one answer, its evidence, and why."""

from __future__ import annotations

import re
from functools import lru_cache
from operator import itemgetter
from typing import Any

import pandas as pd

from pipeline.measures.answers import ReportReader
from pipeline.measures.matching import Matcher
from pipeline.measures.readings import Readings
from pipeline.measures.settling import NOTHING, Answer, Candidate, settle
from pipeline.measures.sources import headings_by_section, quantities_by_sentence, sentences_by_document
from pipeline.profiles.corrections import Correction, Corrections
from pipeline.profiles.indicators import Indicator, Indicators
from pipeline.tables.store import Tables, columns_of, frame, frame_of_tuples

_STAGE = "answer_indicators"
# A table of every report and indicator has many rows: tuples, whose fields stand in this order.
Row = tuple[Any, ...]
_VALUE_COLUMNS = ("document_id", "indicator", "state", "why", "low", "high", "unit", "approx", "quantity_no", "sentence_no",
                  "evidence_start", "evidence_end", "to_date", "previous_low", "previous_high")
_CANDIDATE_COLUMNS = ("document_id", "indicator", "candidate_no", "quantity_no", "low", "high", "evidence_start",
                      "evidence_end", "is_chosen", "is_rival", "why")
_NO_VALUE = (None,) * 9
_NO_BOUNDS = (None, None)
_NOT_SAID = (NOTHING.state, NOTHING.why, *_NO_VALUE, *_NO_BOUNDS)
_EXCERPT = 60
_MOST_SHOWN = 5
_NAMED_YEAR = re.compile(r"(20\d\d)年")
_SENTENCE_END = re.compile("[。；\n]")
_YEAR_REACH = 24
_SPAN_REACH = 60
_YEAR_SPAN = re.compile(
    "(?P<first>(?:19|20)[0-9]{2})年?(?:到|至|-|—|~|～)(?:19|20)?[0-9]{2}年"
    "|[两二三四五六七八九十0-9]+年(?:来|间)|(?<!20[0-9]{2}年)以来")


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
    sentences_of, headings_of = sentences_by_document(sentences), headings_by_section(sections)
    quantities_of = quantities_by_sentence(quantities)
    identity_of = {
        document_id: (genre or "", f"{department or ''}-{'' if year is None else year}", year, bool(region))
        for document_id, genre, department, year, region in zip(
            *columns_of(identities, "document_id", "genre", "department", "report_year", "region"), strict=True
        )
    }
    values: list[Row] = []
    candidates: list[Row] = []
    issues: list[dict[str, Any]] = []
    rows = zip(*columns_of(documents, "document_id", "path", "text", "status"), strict=True)
    for document_id, path, text, status in sorted(rows, key=lambda row: (row[0], row[1])):
        genre, report_id, report_year, has_region = identity_of.get(document_id, ("", "", None, False))
        readings = _readings_of(indicators, genre) if status == "ok" else None
        if readings is None:
            continue
        reader = ReportReader(readings, headings_of.get(document_id, {}))
        found = reader.read(sentences_of.get(document_id, []), quantities_of.get(document_id, {}))
        for indicator, fitting in zip(readings.matcher.indicators, found, strict=True):
            if not fitting and not corrections.by_key:
                values.append((document_id, indicator.id, *_NOT_SAID))
                continue
            answer = settle(indicator, fitting) if fitting else NOTHING
            previous = answer.previous
            if previous is not None and not _is_of_last_year(previous, text, report_year):
                previous = None
            row = _value_row(document_id, indicator, answer, previous)
            correction = corrections.of(report_id, indicator.id, has_region) if corrections.by_key else None
            if correction is not None:
                row, notes = _correct(row, correction, path)
                issues += notes
            elif answer.chosen is not None:
                issues += _doubts(document_id, indicator, answer, path, text)
            values.append(row)
            candidates += _candidate_rows(document_id, indicator, answer, fitting)
    by_key = itemgetter(0, 1)
    return {
        "indicator_values": frame_of_tuples("indicator_values", _VALUE_COLUMNS, sorted(values, key=by_key)),
        "indicator_candidates": frame_of_tuples("indicator_candidates", _CANDIDATE_COLUMNS, sorted(candidates, key=by_key)),
        "issues": frame("issues", issues),
    }


@lru_cache(maxsize=4)
def _readings_of(indicators: Indicators, genre: str) -> Readings | None:
    """The readings of a genre, kept from batch to batch: reports repeat each other. None for a genre that is asked nothing."""
    lookup, asked = indicators.lookups.get(genre), indicators.of_genre(genre)
    return Readings(Matcher(asked, lookup, indicators.language)) if lookup is not None and asked else None


def _value_row(document_id: str, indicator: Indicator, answer: Answer, previous: Candidate | None) -> Row:
    """A row of _VALUE_COLUMNS."""
    chosen = answer.chosen
    found = _NO_VALUE if chosen is None else (
        chosen.low, chosen.high, chosen.unit, chosen.approx, chosen.quantity_no, chosen.sentence_no, chosen.start, chosen.end,
        chosen.to_date)
    before = _NO_BOUNDS if previous is None else (previous.low, previous.high)
    return document_id, indicator.id, answer.state, answer.why, *found, *before


def _is_of_last_year(previous: Candidate, text: str, report_year: int | None) -> bool:
    """Whether a past figure is last year's: 由2020年的6218件降至3906件 in a report on 2022 tells of another year."""
    if report_year is None:
        return True
    named = _NAMED_YEAR.findall(_SENTENCE_END.split(text[max(0, previous.order - _YEAR_REACH) : previous.order])[-1])
    opening = _SENTENCE_END.split(text[max(0, previous.order - _SPAN_REACH) : previous.order])[-1]
    span = _YEAR_SPAN.search(opening)
    if span is not None:
        # 2003年到2023年，……由甲增加到乙; 五年来，……
        return span["first"] is not None and int(span["first"]) == report_year - 1
    return not named or int(named[-1]) == report_year - 1


def _candidate_rows(document_id: str, indicator: Indicator, answer: Answer, fitting: list[Candidate]) -> list[Row]:
    """Rows of _CANDIDATE_COLUMNS, in their order."""
    return [
        (document_id, indicator.id, number, candidate.quantity_no, candidate.low, candidate.high, candidate.start,
         candidate.end, candidate is answer.chosen, bool(answer.others) and any(candidate is other for other in answer.others),
         candidate.lost or answer.why)
        for number, candidate in enumerate(fitting)
    ]


def _doubts(document_id: str, indicator: Indicator, answer: Answer, path: str, text: str) -> list[dict[str, Any]]:
    """Issues of an answer: several values, or a value out of the plausible range."""
    chosen = answer.chosen
    if chosen is None:
        return []
    place = f"正文第{chosen.start + 1}字"
    issues = []
    if answer.others:
        others = "、".join(
            dict.fromkeys(f"{_shown(other)}（{_excerpt(text, other)}）" for other in answer.others[:_MOST_SHOWN])
        )
        issues.append(
            (
                place,
                f"指标“{indicator.name}”有不同的值：{_shown(chosen)}（{_excerpt(text, chosen)}）与 {others}；"
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
                f"（{_excerpt(text, chosen)}），请核对原文的数字与单位",
            )
        )
    return [
        {
            "stage": _STAGE,
            "document_id": document_id,
            "path": path,
            "place": where,
            "severity": "warning",
            "message": message,
        }
        for where, message in issues
    ]


def _correct(known: Row, correction: Correction, path: str) -> tuple[Row, list[dict[str, Any]]]:
    """The row with the reviewed value; a note where the value it replaced is no longer the one that was reviewed.

    不适用 and 未披露 keep their own state, whoever found it, so that nothing takes them for a value.
    """
    row = dict(zip(_VALUE_COLUMNS, known, strict=True))
    found = "" if row["state"] == "not_disclosed" else _interval(row["low"], row["high"]) or row["state"]
    has_value = correction.state in ("value", "zero")
    row |= {
        "state": "corrected" if has_value else correction.state,
        "low": correction.low,
        "high": correction.high,
        "approx": "exact" if has_value else None,
        "why": f"{correction.by}于{correction.date}更正：{correction.reason}（原为{correction.was or '未披露'}）",
    }
    corrected = tuple(row.values())
    if found == correction.was:
        return corrected, []
    return corrected, [
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
    return f"“{piece}”" if len(piece) <= _EXCERPT else f"“{piece[:_EXCERPT]}”……"
