"""Small tables with every state of an answer, hostile text and a rare character, for workbook and explorer tests.

Two departments, 2021 and 2022; 财政局 handed in nothing for 2021. The offsets are found in the text, so a change of a
sentence needs no counting.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pandas as pd

from pipeline.tables import store

SCIENCE_2021, SCIENCE_2022, FINANCE_2022, SCAN = "a" * 16, "b" * 16, "c" * 16, "d" * 16
NAMES = {SCIENCE_2021: ("澜山区科学技术局", 2021), SCIENCE_2022: ("澜山区科学技术局", 2022), FINANCE_2022: ("澜山区财政局", 2022)}
#: What a report may hold and a spreadsheet or browser must not obey.
HOSTILE = ('=HYPERLINK("http://x","点我")', "<img src=x onerror=alert(1)></script>", "+1+1", "{=1+1}", "@SUM(A1)")
TEXTS = {
    SCIENCE_2021: "关于2021年度法治政府建设情况的报告\n一、主要举措和成效\n全年开展普法活动5场。新增公开信息80余条。未收到公开申请。\n"
                  "二、下一年安排\n开展普法活动不少于8场。",
    SCIENCE_2022: "关于2022年度法治政府建设情况的报告\n一、主要举措和成效\n𬭩城开展普法活动6场。截至11月底公开信息95条。未收到公开申请。\n"
                  + "\n".join(HOSTILE),
    FINANCE_2022: "关于2022年度法治政府建设情况的报告\n一、主要举措和成效\n全年开展普法活动12场，另称14场。本局不具备行政处罚权。",
}


@dataclass(frozen=True)
class Indicator:
    """What the outputs read of an indicator."""

    id: str
    name: str
    theme: str
    unit: str
    kind: str = "count"
    direction: str = "up"
    definition: str = ""
    genre: str = "rule_of_law"
    low_plausible: float | None = None
    high_plausible: float | None = None


@dataclass(frozen=True)
class Named:
    """A theme, check rule or genre."""

    id: str
    name: str
    label: str = ""
    level: str = "必"
    basis: str = "规定"
    subject: str = "部门"
    has_themes: bool = True


INDICATORS = (
    Indicator("publicity", "普法活动场次", "publicity", "场"), Indicator("published", "公开信息条数", "openness", "条"),
    Indicator("requests", "依申请公开件数", "openness", "件", direction="neutral"),
    Indicator("penalties", "行政处罚件数", "enforcement", "件", direction="neutral"),
    Indicator("silent", "无人作答的指标", "enforcement", "件"),
    Indicator("gdp", "别的体裁的指标", "enforcement", "元", genre="work_report"),
)
THEMES = (Named("publicity", "普法宣传"), Named("openness", "政务公开"), Named("enforcement", "行政执法"))
CHECKS = (Named("problems", "存在的不足"), Named("values_agree", "前后数值相符", level="警"))
GENRES = (Named("", "rule_of_law", label="法治政府建设年度报告"), Named("", "work_report", label="政府工作报告", subject="地区", has_themes=False))


def _span(document_id: str, words: str) -> tuple[int, int]:
    start = TEXTS[document_id].index(words)
    return start, start + len(words)


def _answer(document_id: str, indicator: str, state: str, words: str = "", **more: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"document_id": document_id, "indicator": indicator, "state": state, **more}
    if words:
        row["evidence_start"], row["evidence_end"] = _span(document_id, words)
    return row


def _value(document_id: str, indicator: str, words: str, low: float, high: float, unit: str, approx: str = "exact",
           state: str = "value", **more: Any) -> dict[str, Any]:
    return _answer(document_id, indicator, state, words, low=low, high=high, unit=unit, approx=approx, **more)


ANSWERS = [
    _value(SCIENCE_2021, "publicity", "5场", 5, 5, "场"),
    _value(SCIENCE_2021, "published", "80余条", 80, 90, "条", "over"),
    _value(SCIENCE_2021, "requests", "未收到", 0, 0, "", state="zero"),
    _answer(SCIENCE_2021, "penalties", "not_disclosed", why="全文没有说到"),
    _value(SCIENCE_2022, "publicity", "6场", 6, 6, "场", previous_low=9, previous_high=9),
    _value(SCIENCE_2022, "published", "95条", 95, 95, "条", to_date="11月底"),
    _value(SCIENCE_2022, "requests", "未收到", 0, 0, "", state="corrected"),
    _answer(SCIENCE_2022, "penalties", "not_disclosed", why="全文没有说到"),
    _value(FINANCE_2022, "publicity", "12场", 12, 12, "场", state="ambiguous"),
    _answer(FINANCE_2022, "published", "not_disclosed"),
    _answer(FINANCE_2022, "requests", "not_disclosed"),
    _answer(FINANCE_2022, "penalties", "na", "不具备行政处罚权"),
    *(_answer(document_id, "silent", "not_disclosed") for document_id in TEXTS),
]


def _sentences() -> list[dict[str, Any]]:
    rows = []
    for document_id, text in TEXTS.items():
        number = 0
        at = text.index("成效\n") + 3
        for piece in text[at:].replace("\n", "\n。").split("。"):
            words = piece.strip("\n")
            if not words or words.startswith("二、"):
                continue
            start = text.index(words, at)
            at = start + len(words)
            end = at + (text[at:at + 1] == "。")
            rows.append({"document_id": document_id, "sentence_no": number, "section_no": 1, "role": "achievements",
                         "start": start, "end": end, "text": text[start:end]})
            number += 1
    return rows


def _blocks() -> list[dict[str, Any]]:
    rows = []
    for document_id, text in TEXTS.items():
        at = 0
        for number, line in enumerate(text.split("\n"), 1):
            rows.append({"document_id": document_id, "block_no": number, "kind": "paragraph", "page": 1, "start": at, "end": at + len(line)})
            at += len(line) + 1
    return rows


def _reports() -> list[dict[str, Any]]:
    return [{"document_id": document_id, "report_id": f"{name}-{year}", "genre": "rule_of_law", "title": TEXTS[document_id].split("\n")[0],
             "department": name, "department_code": name[-3:], "region": "澜山区", "report_year": year, "path": f"{name}{year}.txt",
             "confidence": 0.5 if document_id == FINANCE_2022 else 1.0, "identity_source": "title+title", "is_compared": True,
             "is_demonstration": True, "department_short": name.replace("澜山区", "").replace("科学技术", "科技"), "department_group": "综合"}
            for document_id, (name, year) in NAMES.items()]


def _coverage() -> list[dict[str, Any]]:
    found = {names: document_id for document_id, names in NAMES.items()}
    return [{"department_code": name[-3:], "region": "澜山区", "department": name, "report_year": year,
             "department_short": name.replace("澜山区", "").replace("科学技术", "科技"), "document_id": found.get((name, year)),
             "state": "reported" if (name, year) in found else "missing"}
            for name in ("澜山区科学技术局", "澜山区财政局") for year in (2021, 2022)]


def make_tables() -> dict[str, Any]:
    """All tables and knowledge parts that the two stages take."""
    documents = [{"document_id": document_id, "path": f"{name}{year}.txt", "format": "txt", "bytes": 900, "status": "ok",
                  "chars": len(TEXTS[document_id]), "quality": 1.0, "text": TEXTS[document_id]} for document_id, (name, year) in NAMES.items()]
    documents[0] |= {"path": "汇编.zip/科技局.docx", "file_path": "汇编.zip", "n_numbered": 12, "ocr_share_pct": 30.5, "reading_confidence": 0.87}
    documents.append({"document_id": SCAN, "path": "=cmd|扫描.pdf", "format": "pdf", "bytes": 9, "status": "needs_ocr",
                      "reason": "扫描件，没有文字层", "text": ""})
    sections = [{"document_id": document_id, "section_no": 1, "level": 1, "label": "一、", "heading": "主要举措和成效", "role": "achievements",
                 "start": text.index("一、"), "end": len(text), "body_start": text.index("成效\n") + 2} for document_id, text in TEXTS.items()]
    quantities = [{"document_id": row["document_id"], "quantity_no": number, "start": row["evidence_start"], "end": row["evidence_end"],
                   "text": TEXTS[row["document_id"]][row["evidence_start"]:row["evidence_end"]], "kind": "count", "low": row["low"],
                   "high": row["high"], "approx": row["approx"], "unit": row["unit"], "object": HOSTILE[0], "claim": "own"}
                  for number, row in enumerate(ANSWERS) if row.get("unit")]
    change = {"region": "澜山区", "report_year": 2022, "document_id": SCIENCE_2022, "previous_document_id": SCIENCE_2021,
              "department": "澜山区科学技术局", "department_code": "技术局"}
    rows: dict[str, list[dict[str, Any]]] = {
        "documents": documents, "reports": _reports(), "coverage": _coverage(), "sections": sections, "sentences": _sentences(),
        "blocks": _blocks(), "quantities": quantities, "indicator_values": ANSWERS,
        "indicator_candidates": [
            {"document_id": FINANCE_2022, "indicator": "publicity", "candidate_no": 0, "low": 12, "high": 12, "is_chosen": True},
            {"document_id": FINANCE_2022, "indicator": "publicity", "candidate_no": 1, "low": 14, "high": 14, "is_chosen": False}],
        "indicator_changes": [
            {**change, "indicator": "publicity", "low": 6, "high": 6, "previous_low": 5, "previous_high": 5, "change_low": 1,
             "change_high": 1, "change_pct_low": 20, "change_pct_high": 20, "verdict": "up", "comparable": True},
            {**change, "indicator": "published", "low": 95, "high": 95, "previous_low": 80, "previous_high": 90, "change_low": 5,
             "change_high": 15, "change_pct_low": 5.6, "change_pct_high": 18.8, "verdict": "up", "comparable": True},
            {**change, "indicator": "penalties", "verdict": "incomparable", "comparable": False, "why_not": "上年未披露"}],
        "peer_ranks": [
            {"genre": "rule_of_law", "report_year": 2022, "indicator": "publicity", "region": "澜山区", "department_code": "技术局",
             "department": "澜山区科学技术局", "document_id": SCIENCE_2022, "peer_group": "all", "low": 6, "high": 6, "rank_low": 2,
             "rank_high": 3, "n_peers": 3}],
        "themes": [{"document_id": SCIENCE_2022, "theme": "openness", "share": 0.4, "share_low": 0.2, "share_high": 0.6, "n_sentences": 2},
                   {"document_id": SCIENCE_2022, "theme": "unassigned", "share": 0.6, "share_low": 0.4, "share_high": 0.8, "n_sentences": 3}],
        "sentence_themes": [{"document_id": SCIENCE_2022, "sentence_no": 1, "theme": "openness", "weight": 1.0, "source": "terms"}],
        "key_terms": [{"grouping": "department", "group": "澜山区财政局", "term": HOSTILE[0], "count": 3, "n_documents": 1, "tfidf": 0.2,
                       "log_odds_z": 2.5, "rank": 1}],
        "term_trends": [
            {"term": term, "report_year": year, "frequency": frequency, "count": 3, "n_documents": 2, "trend": trend,
             "first_department": "澜山区科学技术局"}
            for term, trend, by_year in ((HOSTILE[0], "steady", (9.0, 8.0)), ("新词", "new", (0.0, 12.5)))
            for year, frequency in zip((2021, 2022), by_year, strict=True)],
        "topics": [{"topic_no": 1, "label": "普法", "n_sentences": 9, "stability": 0.4, "document_id": SCIENCE_2022, "sentence_no": 0}],
        "topic_terms": [{"topic_no": 1, "rank": 2, "term": "活动"}, {"topic_no": 1, "rank": 1, "term": "普法"}],
        "reuse": [{"document_id": SCIENCE_2022, "sentence_no": 0, "source_document_id": SCIENCE_2021, "source_sentence_no": 0,
                   "similarity": 0.9, "relation": "earlier_year", "is_verbatim": False},
                  {"document_id": SCIENCE_2022, "sentence_no": 2, "source_document_id": SCIENCE_2021, "source_sentence_no": 2,
                   "similarity": 1.0, "relation": "earlier_year", "is_verbatim": True}],
        "reuse_shares": [{"document_id": SCIENCE_2022, "relation": "earlier_year", "source_document_id": SCIENCE_2021, "n_sentences": 8,
                          "n_reused": 2, "share_pct": 25.0}],
        "commitments": [{"document_id": SCIENCE_2021, "sentence_no": 3, "followed_by_document_id": SCIENCE_2022,
                         "followed_by_sentence_no": 0, "outcome": "partly", "similarity": 0.8, "why": "6 场，少于 8 场"}],
        "recurring_problems": [],
        "checks": [{"document_id": FINANCE_2022, "check": "values_agree", "passed": False, "message": "12 场与 14 场不一致", "level": "警",
                    "evidence_start": _span(FINANCE_2022, "12场，另称14场")[0], "evidence_end": _span(FINANCE_2022, "12场，另称14场")[1]},
                   {"document_id": SCIENCE_2022, "check": "problems", "passed": None, "message": "无从判断", "level": "必"}],
        "issues": [{"stage": "read_documents", "document_id": SCAN, "path": "=cmd|扫描.pdf", "place": "", "severity": "error",
                    "message": "=1+1 不是公式"}],
        "text_stats": [{"document_id": SCIENCE_2022, "chars": 80, "n_sentences": 8, "n_quantities": 2, "quantities_per_1000": 25.0,
                        "achievements_pct": 100.0}],
    }
    return {**{name: store.frame(name, table) for name, table in rows.items()},
            "indicators": SimpleNamespace(all=INDICATORS), "theme_catalogue": SimpleNamespace(themes=THEMES),
            "check_rules": SimpleNamespace(all=CHECKS), "genres": SimpleNamespace(all=GENRES)}


def call(stage: Callable[..., dict[str, bytes]], tables: dict[str, Any] | None = None, **changed: pd.DataFrame) -> dict[str, bytes]:
    """Call an output stage with the parameters that it names."""
    found = {**(tables or make_tables()), **changed}
    return stage(**{name: found[name] for name in inspect.signature(stage).parameters})
