"""How every file was read, in lines for the terminal and as plain records: `hengbao issues --reading`."""

from __future__ import annotations

from typing import Any

import pandas as pd

_STATUS = {"ok": "已读", "duplicate": "重复", "needs_ocr": "需文字识别", "empty": "空文件", "failed": "不能读"}
_FIELDS = ("path", "document_id", "status", "format", "encoding", "pages", "chars", "n_numbered", "repairs", "ocr_pages",
           "ocr_share_pct", "quality", "reading_confidence", "reason")
# Below this a person should compare the text with the original.
_DOUBTFUL = 0.95


def plain_reading(documents: pd.DataFrame) -> list[dict[str, Any]]:
    """One record a document, unusable ones first, then doubtful ones, then the rest by path; missing values are None."""
    columns = [[None if pd.isna(value) else value for value in documents[name].tolist()] for name in _FIELDS]
    records = [dict(zip(_FIELDS, row, strict=True)) for row in zip(*columns, strict=True)]
    return sorted(records, key=lambda record: (record["status"] == "ok", not _is_doubtful(record), record["path"], record["document_id"]))


def _is_doubtful(record: dict[str, Any]) -> bool:
    return record["status"] == "ok" and (record["reading_confidence"] or 0) < _DOUBTFUL


def describe_reading(documents: pd.DataFrame) -> list[str]:
    """Two lines a document: what it is and how sure its text is; then what was done to it, or why it cannot be used."""
    records = plain_reading(documents)
    lines = []
    for record in records:
        mark = "把握低，请核对" if _is_doubtful(record) else _STATUS.get(record["status"], record["status"])
        lines.append(f"[{mark}] {record['path']}")
        detail = _detail(record) if record["status"] == "ok" else (record["reason"] or "").removeprefix(f"{record['path']}：")
        lines.append(f"    {detail}")
    counts = [(label, sum(record["status"] == status for record in records)) for status, label in _STATUS.items()]
    lines.append("共 {} 份：{}".format(len(records), "，".join(f"{label} {count}" for label, count in counts if count) or "无"))
    return lines


def _detail(record: dict[str, Any]) -> str:
    parts = [record["format"] or "格式不明", record["encoding"], f"{record['pages']} 页" if record["pages"] else None, f"{record['chars']} 字"]
    if record["n_numbered"]:
        parts.append(f"恢复编号 {record['n_numbered']} 处")
    if record["ocr_pages"]:
        parts.append(f"识别 {record['ocr_pages']} 页（占文字 {record['ocr_share_pct']:.0f}%）")
    parts.append(f"把握 {record['reading_confidence'] or 0:.2f}")
    if record["repairs"]:
        parts.append(f"修复：{record['repairs']}")
    return "，".join(part for part in parts if part)
