"""One report for its author, before it is handed in: what `hengbao check` finds, as plain data.

The report is read in memory. If the tables of earlier reports are there, its sentences and figures are held against
those of the same department's earlier years. How it is said stands in `draft_text` and `draft_page`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.api import Report, Row, read_report
from pipeline.comparisons.reports import settle_reports
from pipeline.comparisons.reuse import find_reuse
from pipeline.comparisons.reuse_sources import settle_reuse
from pipeline.evidence import place_of
from pipeline.outputs.values import write_value
from pipeline.profiles import load_part
from pipeline.settings import Options
from pipeline.tables import store
from pipeline.tables.schemas import BY_NAME
from pipeline.tables.store import records

_QUANTITY_COLUMNS = ("text", "kind", "low", "high", "approx", "unit", "object", "claim", "start", "end")
# In the order in which a drafter needs them; a check that stands in none asks for a content.
MISSING, CONTRADICTIONS, TIMES, WORDS = "missing", "contradictions", "times", "words"
_GROUP_OF: Mapping[str, str] = {
    "year_consistent": CONTRADICTIONS, "sums_agree": CONTRADICTIONS, "values_agree": CONTRADICTIONS, "rates_agree": CONTRADICTIONS,
    "on_time": TIMES, "full_year": TIMES, "no_stale_terms": WORDS, "no_foreign_leftovers": WORDS,
}
# What is needed of earlier reports; their whole text is not.
_EARLIER_COLUMNS: Mapping[str, list[str]] = {
    "documents": ["document_id", "path", "status", "text_hash"],
    "identities": BY_NAME["identities"].names,
    "sentences": ["document_id", "sentence_no", "text"],
    "indicator_values": ["document_id", "indicator", "state", "low", "high", "unit", "approx"],
}
_LEVEL_ORDER = {"必": 0, "应": 1, "警": 2, "可": 3}
# “七五”普法 in quotation marks is one passage, too.
_QUOTED = re.compile("“((?:[^“”]|“[^“”]*”){4,})”")
# What a message says to the analyst, not to the drafter.
_FOR_ANALYSTS = re.compile("；暂取先出现的.*$|，请核对原文$")
# What these stages have to say is shown among the checks and doubts.
_SHOWN_AS_CHECKS = frozenset({"checks", "check_reports", "answer_indicators"})


def check_draft(path: Path, processed: Path) -> dict[str, Any]:
    """Everything `hengbao check` says about one file, as plain data (keys in English, JSON-ready).

    `checks` have a `group` and the `places` that they are about; `doubts` are figures that contradict each other or are
    implausible; `recycled` are sentences of earlier years, `recycled_pct` their share of the comparable sentences.
    """
    report = read_report(path)
    earlier = _Earlier(report, processed) if report.status == "ok" else None
    recycled, recycled_pct = _find_recycled(report, earlier) if earlier else ([], None)
    checks = _list_checks(report)
    is_year_wrong = any(check["check"] == "year_consistent" and check["passed"] is False for check in checks)
    return {
        "path": report.path, "status": report.status,
        "identity": {key: _plain(value) for key, value in vars(report.identity).items()},
        "sections": [{"level": s.level, "label": s.label, "heading": s.heading, "role": s.role}
                     for s in report.sections if s.level and s.level <= 2],
        "quantities": [{name: _plain(getattr(q, name)) for name in _QUANTITY_COLUMNS} for q in report.quantities],
        "indicators": _list_indicators(report, earlier),
        "not_disclosed": sum(value.state == "not_disclosed" for value in report.indicators),
        "checks": checks, "doubts": _list_doubts(report, checks),
        "earlier_years": earlier.years if earlier else [], "recycled": recycled, "recycled_pct": recycled_pct,
        "issues": [{"severity": i.severity, "place": i.place, "message": i.message} for i in report.issues
                   if i.stage not in _SHOWN_AS_CHECKS and not (is_year_wrong and i.place == "报告年度")],
    }


def _plain(value: Any) -> Any:
    return None if value is None or pd.isna(value) else value.item() if hasattr(value, "item") else value


def _passage(report: Report, start: Any, end: Any) -> dict[str, Any]:
    """Words with their sentence and place, as people say it."""
    start, end = int(start), int(end)
    inside = [s.text for s in report.sentences if s.start < end and start < s.end]
    place = place_of(start, report.tables["sections"], report.tables["blocks"])
    # Outside all sections stand the title, the words before the first heading, and the signature.
    is_last = start >= max((s.end for s in report.sentences), default=start + 1)
    where = "导语" if inside else "落款" if is_last else "标题"
    return {"start": start, "end": end, "text": report.text[start:end], "sentence": "".join(inside),
            "place": f"{where}{place}" if place.startswith("（") else place}


# Checks and doubts ------------------------------------------------------------------------------------------------


def _list_checks(report: Report) -> list[dict[str, Any]]:
    rules = load_part("check_rules").by_id
    order = {name: number for number, name in enumerate(rules)}
    checks = []
    for row in report.checks:
        group = _GROUP_OF.get(row.check, MISSING)
        has_evidence = row.evidence_start is not None and row.evidence_end is not None
        evidence = _passage(report, row.evidence_start, row.evidence_end) if has_evidence else None
        places: list[dict[str, Any]] = []
        # A content that is missing has no passage: its evidence is the title.
        if row.passed is False and evidence and group != MISSING:
            spans = [(evidence["start"], evidence["end"])]
            # 一处为…，另一处为… names both figures; other messages quote their passages.
            spans += _other_values(report, row) if row.check == "values_agree" else _quoted_spans(report, row.message or "")
            if row.check == "year_consistent":
                spans += _find_words(report, report.identity.title or "")
            places = _passages(report, spans)
        checks.append({
            "check": row.check, "name": rules[row.check].name if row.check in rules else row.check, "group": group,
            "passed": None if row.passed is None else bool(row.passed), "level": row.level, "message": row.message,
            "basis": row.basis, "evidence": evidence["text"] if evidence else "", "place": evidence["place"] if evidence else "",
            "places": places,
        })
    checks.sort(key=lambda item: (_LEVEL_ORDER.get(item["level"] or "", 9), order.get(item["check"], 99), item["check"]))
    return checks


def _passages(report: Report, spans: Iterable[tuple[int, int]]) -> list[dict[str, Any]]:
    """Passages in the order of the text; a span within another one is the same place."""
    wide: list[tuple[int, int]] = []
    for start, end in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if not wide or end > wide[-1][1]:
            wide.append((start, end))
    return [_passage(report, start, end) for start, end in wide]


def _quoted_spans(report: Report, message: str) -> list[tuple[int, int]]:
    """Where the passages stand that a message quotes; one that was cut or joined for the message is not looked for."""
    return [span for quoted in _QUOTED.findall(message) for span in _find_words(report, quoted)]


def _find_words(report: Report, words: str) -> list[tuple[int, int]]:
    at = report.text.find(words) if words else -1
    return [(at, at + len(words))] if at >= 0 else []


def _other_values(report: Report, row: Row) -> list[tuple[int, int]]:
    """The other place of 一处为86件，另一处为89件: a figure that the message names, of the same unit and much the same thing."""
    own = next((q for q in report.quantities if (q.start, q.end) == (row.evidence_start, row.evidence_end)), None)
    if own is None:
        return []
    named = [q for q in report.quantities
             if q is not own and q.unit == own.unit and re.search(rf"为{re.escape(q.text)}(?![\d余多])", row.message or "")]
    return [(q.start, q.end) for q in named if set(q.object or "") & set(own.object or "")]


def _list_doubts(report: Report, checks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Figures with two values or out of all proportion, but for those that a failed check already shows."""
    shown = [(place["start"], place["end"]) for check in checks if check["passed"] is False for place in check["places"]]
    doubts = []
    for issue in report.issues:
        if issue.stage != "answer_indicators" or issue.severity == "note":
            continue
        places = _passages(report, _quoted_spans(report, issue.message or ""))
        is_shown = places and all(any(start < place["end"] and place["start"] < end for start, end in shown) for place in places)
        if not is_shown:
            doubts.append({"message": _FOR_ANALYSTS.sub("", issue.message or ""), "places": places})
    return doubts


# Figures and earlier years ----------------------------------------------------------------------------------------


class _Earlier:
    """Tables of the same department's earlier reports, as the last run left them; empty frames where there are none."""

    def __init__(self, report: Report, processed: Path) -> None:
        self.own_id = str(report.tables["documents"]["document_id"].iloc[0])
        paths = {name: processed / (f".cache/internal/{name}.parquet" if BY_NAME[name].is_internal else f"{name}.parquet")
                 for name in _EARLIER_COLUMNS}
        is_there = all(path.is_file() for path in paths.values())
        tables = {name: store.read_table(path, name, columns) if is_there else store.frame(name)[columns]
                  for (name, columns), path in zip(_EARLIER_COLUMNS.items(), paths.values(), strict=True)}
        own, same = report.identity, tables["identities"]
        same = same[(same["department_code"] == own.department_code) & (same["genre"] == own.genre)
                    & (same["report_year"] < (own.report_year or 0)) & (same["document_id"] != self.own_id)]
        # A draft that does not name its region is held against the only one there is.
        regions = same["region"].dropna().unique().tolist()
        region = own.region or (regions[0] if len(regions) == 1 else None)
        same = same[same["region"] == region]
        self.year_of: dict[str, int] = {row.document_id: int(row.report_year) for row in records(same)}
        self.years = sorted(set(self.year_of.values()))
        self.tables = {name: data[data["document_id"].isin(set(self.year_of))] for name, data in tables.items()}

    def values_of(self, year: int | None) -> dict[str, str]:
        """indicator → the value that the report of a year states."""
        catalogue = load_part("indicators").by_id
        wanted = {document for document, its_year in self.year_of.items() if its_year == year}
        values = self.tables["indicator_values"]
        return {value.indicator: _written(value, catalogue[value.indicator]) for value in records(values)
                if value.document_id in wanted and value.state != "not_disclosed" and value.indicator in catalogue}


def _written(value: Any, indicator: Any) -> str:
    state = "value" if value.state == "ambiguous" else value.state
    return write_value(value.low, value.high, value.approx, value.unit, indicator.kind, state, with_unit=True)


def _list_indicators(report: Report, earlier: _Earlier | None) -> list[dict[str, Any]]:
    catalogue = load_part("indicators").by_id
    year = report.identity.report_year
    before = earlier.values_of(year - 1) if earlier and year else {}
    indicators = []
    for value in sorted(report.indicators, key=lambda value: value.evidence_start or 0):
        if value.state == "not_disclosed":
            continue
        item = catalogue[value.indicator]
        start, end = value.evidence_start, value.evidence_end
        indicators.append({
            "indicator": value.indicator, "name": item.name, "state": value.state, "low": _plain(value.low), "high": _plain(value.high),
            "unit": value.unit, "written": _written(value, item), "last_year": before.get(value.indicator, ""),
            "evidence": report.text[int(start):int(end)] if start is not None else "",
            "place": place_of(start, report.tables["sections"], report.tables["blocks"]),
        })
    return indicators


def _find_recycled(report: Report, earlier: _Earlier) -> tuple[list[dict[str, Any]], float | None]:
    """Sentences that stand in an earlier report of the same department, with the passage they repeat, and their share."""
    if not earlier.year_of:
        return [], None
    joined = {name: pd.concat([report.tables[name][_EARLIER_COLUMNS[name]], earlier.tables[name]], ignore_index=True)
              for name in ("documents", "identities", "sentences")}
    reports = settle_reports(joined["documents"], joined["identities"], Options(report.identity.genre or ""),
                             load_part("departments"))["reports"]
    made = settle_reuse(reports, **find_reuse(reports, joined["sentences"], load_part("boilerplate")))
    own = {s.sentence_no: s for s in report.sentences}
    sources = {(s.document_id, s.sentence_no): s.text for s in records(earlier.tables["sentences"])}
    recycled = []
    for row in records(made["reuse"][made["reuse"]["document_id"] == earlier.own_id]):
        sentence = own[row.sentence_no]
        recycled.append({
            "sentence": sentence.text, "place": place_of(sentence.start, report.tables["sections"], report.tables["blocks"]),
            "year": earlier.year_of[row.source_document_id], "source": sources[row.source_document_id, row.source_sentence_no],
            "similarity": round(row.similarity, 2), "is_verbatim": bool(row.is_verbatim)})
    shares = made["reuse_shares"]
    share = shares[(shares["document_id"] == earlier.own_id) & (shares["relation"] == "earlier_year")]["share_pct"]
    return recycled, round(float(share.iloc[0]), 1) if len(share) and not pd.isna(share.iloc[0]) else None
