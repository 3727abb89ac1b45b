"""From a value back to its sentence: the rows behind `hengbao explain`."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.errors import UsageError
from pipeline.outputs.values import write_value
from pipeline.profiles import load_part
from pipeline.profiles.indicators import Indicator
from pipeline.profiles.patterns import describe
from pipeline.tables.store import records

# Of the wordings that were looked for, so many are shown.
_MOST_SOUGHT = 6


def _nearest(word: str, names: list[str]) -> str:
    near = difflib.get_close_matches(word, names, 3, 0.4)
    return f"；是否想查 {'、'.join(near)}" if near else ""


def find_document(tables: Any, report_id: str) -> str:
    """document_id of a report; the report_id or document_id may be given. UsageError names near ones."""
    reports = tables.reports
    for column in ("report_id", "document_id"):
        found = reports.loc[reports[column] == report_id, "document_id"]
        if len(found):
            return str(found.iloc[0])
    raise UsageError(f"没有报告 {report_id}{_nearest(report_id, reports['report_id'].tolist())}")


def place_of(position: Any, sections: pd.DataFrame, blocks: pd.DataFrame) -> str:
    """Heading path, paragraph and page of a position in one document's text, as people say it."""
    if pd.isna(position):
        return ""
    position = int(position)
    parts = []
    for section in records(sections[(sections["start"] <= position) & (position < sections["end"])].sort_values("level")):
        if section.heading:
            parts.append(f"{section.label if isinstance(section.label, str) else ''}{section.heading}")
    inside = blocks[(blocks["start"] <= position) & (position < blocks["end"])]
    words = " › ".join(parts)
    if len(inside):
        block = inside.iloc[0]
        page = f"第{int(block['page'])}页" if not pd.isna(block["page"]) else ""
        words += f"（{page}第{int(block['block_no'])}段）"
    return words


def _why(value: Any, item: Indicator | None) -> str:
    """Why a value answers; for one that is not disclosed also the words that were looked for."""
    why = value.why if isinstance(value.why, str) else ""
    if value.state != "not_disclosed" or item is None:
        return why
    sought = [describe(pattern.text) for pattern in item.patterns[:_MOST_SOUGHT]]
    more = f"等{len(item.patterns)}种" if len(item.patterns) > _MOST_SOUGHT else ""
    zero = f"；没有的：{describe(item.zero[0].text).replace('〔数〕', '无／未／没有')}" if item.zero else ""
    return f"{why}。找过的说法：{'；'.join(sought)}{more}{zero}"


def explain_report(tables: Any, report_id: str, indicator: str = "") -> list[Mapping[str, Any]]:
    """Fields of `pipeline.api.Explanation` for one indicator of a report, or for all that it answers."""
    document_id = find_document(tables, report_id)
    catalogue = load_part("indicators").by_id
    if indicator and indicator not in catalogue:
        by_name = {item.name: key for key, item in catalogue.items()}
        if indicator not in by_name:
            raise UsageError(f"没有指标 {indicator}{_nearest(indicator, [*catalogue, *by_name])}")
        indicator = by_name[indicator]

    def of_document(name: str) -> pd.DataFrame:
        table: pd.DataFrame = tables[name]
        return table[table["document_id"] == document_id]

    documents = of_document("documents")
    document = documents[documents["status"] == "ok"].iloc[0]
    readable_id = tables.reports.set_index("document_id").loc[document_id, "report_id"]
    sentences = of_document("sentences").set_index("sentence_no")
    sections, blocks = of_document("sections"), of_document("blocks")
    candidates = of_document("indicator_candidates")
    values = of_document("indicator_values")
    if indicator:
        values = values[values["indicator"] == indicator]
    else:
        values = values[values["state"] != "not_disclosed"]
    explanations: list[Mapping[str, Any]] = []
    for value in records(values):
        text = document["text"]
        lost = candidates[(candidates["indicator"] == value.indicator) & ~candidates["is_chosen"].fillna(False).astype(bool)]
        start, end = value.evidence_start, value.evidence_end
        sentence = ""
        if not pd.isna(value.sentence_no) and value.sentence_no in sentences.index:
            sentence = sentences.loc[value.sentence_no, "text"]
        elif not pd.isna(start):
            sentence = text[int(start):int(end)]
        item = catalogue.get(value.indicator)
        explanations.append({
            "report_id": readable_id, "indicator": value.indicator, "name": item.name if item else value.indicator,
            "state": value.state, "sentence": sentence, "place": place_of(start, sections, blocks), "path": document["path"],
            "value": write_value(value.low, value.high, value.approx, value.unit, state=value.state, with_unit=True),
            "why": _why(value, item),
            "candidates": tuple((text[int(row.evidence_start):int(row.evidence_end)], row.why if isinstance(row.why, str) else "")
                                for row in records(lost) if not pd.isna(row.evidence_start)),
        })
    return explanations
