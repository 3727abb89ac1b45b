"""Lines of corrections.csv that correct nothing: no such report among those read, or no such indicator for it."""

from __future__ import annotations

import pandas as pd

from pipeline.profiles.corrections import Correction, Corrections
from pipeline.profiles.indicators import Indicators
from pipeline.profiles.reader import did_you_mean
from pipeline.tables.store import Tables, columns_of, frame

_MOST_NAMED = 8


def check_corrections(
    documents: pd.DataFrame,
    identities: pd.DataFrame,
    reports: pd.DataFrame,
    corrections: Corrections,
    indicators: Indicators,
) -> Tables:
    """Table `issues`: a row for each correction that no report takes up, with what is known instead.

    A report goes by its own department and year, or by the name that the comparison completed (区财政局 as 澜山区财政局).
    """
    if not corrections.by_key:
        return {"issues": frame("issues")}
    genres = _genre_by_report(documents, identities)
    genres |= {report_id: genre for report_id, genre in zip(*columns_of(reports, "report_id", "genre"), strict=True) if genre}
    known = {genre: {item.id for item in indicators.of_genre(genre)} for genre in set(genres.values())}
    rows = []
    for correction in sorted(corrections.by_key.values(), key=lambda item: item.line):
        problem = _problem(correction, genres, known, indicators)
        if problem:
            rows.append({
                "path": "corrections.csv", "place": f"第{correction.line}行", "severity": "warning",
                "message": f"更正 {correction.report_id}　{correction.indicator} 没有用上：{problem}",
            })
    return {"issues": frame("issues", rows)}


def _problem(correction: Correction, genres: dict[str, str], known: dict[str, set[str]],
             indicators: Indicators) -> str:
    """Why a correction is not taken up; empty where it is."""
    wanted, indicator = correction.report_id, correction.indicator
    if indicator not in indicators.by_id:
        names = {item.name: item.id for item in indicators.all}
        advice = f"（应写编号 {names[indicator]}）" if indicator in names else did_you_mean(indicator, indicators.by_id)
        return f"没有指标 {indicator}{advice}；编号见 tables.xlsx 或 knowledge/indicators"
    if wanted not in genres:
        return f"本次没有报告 {wanted}{did_you_mean(wanted, genres)}；{_names(genres)}"
    if indicator not in known[genres[wanted]]:
        return f"“{indicators.by_id[indicator].name}”不是这一体裁的报告要回答的指标"
    return ""


def _names(genres: dict[str, str]) -> str:
    names = sorted(genres)
    shown = "、".join(names[:_MOST_NAMED]) or "无"
    return f"本次读到的有：{shown}" + (f" 等{len(names)}份" if len(names) > _MOST_NAMED else "")


def _genre_by_report(documents: pd.DataFrame, identities: pd.DataFrame) -> dict[str, str]:
    read = {document_id for document_id, status in zip(*columns_of(documents, "document_id", "status"), strict=True)
            if status == "ok"}
    names = ("document_id", "department", "report_year", "genre")
    return {
        f"{department}-{year}": genre
        for document_id, department, year, genre in zip(*columns_of(identities, *names, missing=""), strict=True)
        if document_id in read and genre
    }
