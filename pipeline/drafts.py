"""One report for its author, before it is handed in: what `hengbao check` shows.

The report is read in memory. If the tables of earlier reports are there, its sentences are held against
those of the same department's earlier years.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.api import Report, read_report
from pipeline.comparisons.reports import settle_reports
from pipeline.comparisons.reuse import find_reuse
from pipeline.evidence import place_of
from pipeline.outputs.values import ROLE_LABELS, write_value
from pipeline.profiles import load_part
from pipeline.settings import Options
from pipeline.tables import store
from pipeline.tables.store import records

_STATUS = {"duplicate": "重复文件", "needs_ocr": "扫描件，需文字识别", "empty": "空文件", "failed": "不能读取"}
_QUANTITY_COLUMNS = ("text", "kind", "low", "high", "approx", "unit", "object", "claim", "start", "end")


def _plain(value: Any) -> Any:
    return None if value is None or pd.isna(value) else value.item() if hasattr(value, "item") else value


def _find_recycled(report: Report, processed: Path) -> list[dict[str, Any]]:
    """Sentences that stand in an earlier report of the same department, with the passage they repeat."""
    names = ("documents", "identities", "sentences")
    paths = {name: processed / (f".cache/internal/{name}.parquet" if name == "identities" else f"{name}.parquet") for name in names}
    if not all(path.is_file() for path in paths.values()):
        return []
    own_id = report.tables["documents"]["document_id"].iloc[0]
    earlier = {name: store.read_table(path, name) for name, path in paths.items()}
    same = earlier["identities"]
    same = same[(same["department_code"] == report.identity.department_code) & (same["region"] == report.identity.region)
                & (same["report_year"] < (report.identity.report_year or 0)) & (same["document_id"] != own_id)]
    wanted = set(same["document_id"])
    if not wanted:
        return []
    joined = {name: pd.concat([report.tables[name], data[data["document_id"].isin(wanted)]], ignore_index=True)
              for name, data in earlier.items()}
    reports = settle_reports(joined["documents"], joined["identities"], Options(report.identity.genre or ""),
                             load_part("departments"))["reports"]
    reuse = find_reuse(reports, joined["sentences"], load_part("boilerplate"))["reuse"]
    texts = {(s.document_id, s.sentence_no): s.text for s in records(joined["sentences"])}
    year_of = dict(zip(joined["identities"]["document_id"], joined["identities"]["report_year"], strict=True))
    return [{"sentence": texts[row.document_id, row.sentence_no], "year": _plain(year_of[row.source_document_id]),
             "source": texts[row.source_document_id, row.source_sentence_no], "similarity": round(row.similarity, 2)}
            for row in records(reuse[reuse["document_id"] == own_id])]


def check_draft(path: Path, processed: Path) -> dict[str, Any]:
    """Everything `hengbao check` says about one file, as plain data (keys in English, JSON-ready)."""
    report = read_report(path)
    identity = vars(report.identity)
    sections, blocks = report.tables["sections"], report.tables["blocks"]
    catalogue = load_part("indicators").by_id
    rules = load_part("check_rules").by_id
    indicators = []
    for value in report.indicators:
        if value.state == "not_disclosed":
            continue
        item = catalogue[value.indicator]
        start, end = value.evidence_start, value.evidence_end
        indicators.append({
            "indicator": value.indicator, "name": item.name, "state": value.state, "low": _plain(value.low), "high": _plain(value.high),
            "unit": value.unit, "written": write_value(value.low, value.high, value.approx, value.unit, item.kind, value.state,
                                                       with_unit=True),
            "evidence": report.text[int(start):int(end)] if start is not None else "", "place": place_of(start, sections, blocks),
        })
    checks = []
    for row in report.checks:
        start, end = row.evidence_start, row.evidence_end
        checks.append({
            "check": row.check, "name": rules[row.check].name if row.check in rules else row.check,
            "passed": None if row.passed is None else bool(row.passed), "level": row.level, "message": row.message, "basis": row.basis,
            "evidence": report.text[int(start):int(end)] if start is not None and end is not None else "",
            "place": place_of(start, sections, blocks),
        })
    recycled = _find_recycled(report, processed) if report.status == "ok" else []
    n_sentences = len(report.sentences)
    return {
        "path": report.path, "status": report.status, "identity": {key: _plain(value) for key, value in identity.items()},
        "sections": [{"level": s.level, "label": s.label, "heading": s.heading, "role": s.role}
                     for s in report.sections if s.level and s.level <= 2],
        "quantities": [{name: _plain(getattr(q, name)) for name in _QUANTITY_COLUMNS} for q in report.quantities],
        "indicators": indicators, "not_disclosed": sum(value.state == "not_disclosed" for value in report.indicators),
        "checks": checks, "recycled": recycled,
        "recycled_pct": round(100 * len(recycled) / n_sentences, 1) if n_sentences and recycled else None,
        "issues": [{"severity": i.severity, "place": i.place, "message": i.message} for i in report.issues],
    }


def describe_draft(draft: dict[str, Any]) -> Iterator[str]:
    """The lines of `hengbao check` for a terminal."""
    yield f"== {draft['path']}"
    if draft["status"] != "ok":
        yield f"未能检查：{_STATUS.get(draft['status'], draft['status'])}"
        yield from (f"  {issue['message']}" for issue in draft["issues"])
        return
    identity = draft["identity"]
    yield f"部门　{identity['department'] or '未能辨认'}　年度　{identity['report_year'] or '未能辨认'}　" \
          f"文号　{identity['doc_number'] or '无'}　成文　{identity['signed_date'] or '未写'}"
    yield "章节"
    for section in draft["sections"]:
        indent, role = "  " * section["level"], ROLE_LABELS.get(section["role"], section["role"])
        yield f"{indent}{section['label'] or ''}{section['heading'] or ''}　[{role}]"
    failed = [check for check in draft["checks"] if check["passed"] is False]
    unknown = [check for check in draft["checks"] if check["passed"] is None]
    n_passed = len(draft["checks"]) - len(failed) - len(unknown)
    yield f"检查　通过 {n_passed} 项，未通过 {len(failed)} 项，无从判断 {len(unknown)} 项"
    for check in failed:
        yield f"  [{check['level'] or '警'}] {check['name']}：{check['message']}"
        if check["evidence"]:
            yield f"      原文：{check['evidence']}"
        if check["basis"]:
            yield f"      依据：{check['basis']}"
    for check in unknown:
        yield f"  [？] {check['name']}：{check['message']}"
    yield f"指标　作答 {len(draft['indicators'])} 项，未披露 {draft['not_disclosed']} 项；全文数量 {len(draft['quantities'])} 个"
    for item in draft["indicators"]:
        yield f"  {item['name']}　{item['written']}　“{item['evidence']}”"
    if draft["recycled"]:
        yield f"与本部门往年相同或仅换数字的句子　{len(draft['recycled'])} 句，占 {draft['recycled_pct']}%"
        for row in draft["recycled"]:
            yield f"  本年：{row['sentence']}"
            yield f"  {row['year']}年：{row['source']}"
    else:
        yield "与本部门往年相同的句子　未发现，或没有往年报告可比"
    shown = [issue for issue in draft["issues"] if issue["severity"] != "note"]
    if shown:
        yield "其他提醒"
        yield from (f"  {issue['place'] + '：' if issue['place'] else ''}{issue['message']}" for issue in shown)

