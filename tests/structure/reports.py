"""Invented reports as frames: what the structure tests share."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pipeline.profiles import load_part
from pipeline.reading.documents import read_documents
from pipeline.structure.identity import identify_reports
from pipeline.structure.outline import outline_sections
from pipeline.structure.sentences import split_sentences
from pipeline.tables import store
from pipeline.tables.store import Tables

BODY = """一、主要举措和成效
（一）加强组织领导。全年召开党组会3次研究法治工作。机关干部带头学法。
二、存在的不足和原因
执法力量不足，原因是编制少。
三、下一年安排
全年开展普法不少于5场。
"""
HEAD = """云泽区水利局关于2023年度法治政府建设情况的报告
区委、区政府：
2023年，我局认真履职。现将有关情况报告如下：
"""
TAIL = """特此报告。
云泽区水利局
2024年1月8日"""


def documents_of(*texts: str, path: str = "某文件.txt", fields: tuple[tuple[str, str], ...] = ()) -> Tables:
    """Tables documents, blocks and document_fields of texts whose paragraphs are lines."""
    documents, blocks, document_fields = [], [], []
    for number, text in enumerate(texts):
        document_id = f"{number:016d}"
        lines = [line.strip(" 　") for line in text.split("\n") if line.strip(" 　")]
        position = 0
        for block_no, line in enumerate(lines, 1):
            kind = "table_row" if " | " in line else "paragraph"
            blocks.append({"document_id": document_id, "block_no": block_no, "kind": kind,
                           "start": position, "end": position + len(line)})
            position += len(line) + 1
        documents.append({"document_id": document_id, "path": path, "status": "ok", "text": "\n".join(lines)})
        for field_no, (name, value) in enumerate(fields):
            document_fields.append({"document_id": document_id, "field_no": field_no, "field": name,
                                    "value": value, "evidence": value})
    return {"documents": store.frame("documents", documents), "blocks": store.frame("blocks", blocks),
            "document_fields": store.frame("document_fields", document_fields)}


def read(text: str, path: str = "某文件.txt", fields: tuple[tuple[str, str], ...] = ()) -> Tables:
    """All tables of the structure package for one text."""
    tables = documents_of(text, path=path, fields=fields)
    genres, departments = load_part("genres"), load_part("departments")
    tables |= identify_reports(tables["documents"], tables["document_fields"], tables["blocks"], genres, departments)
    outlined = outline_sections(tables["documents"], tables["blocks"], tables["identities"], genres)
    tables["sections"] = outlined["sections"]
    tables |= split_sentences(tables["documents"], tables["blocks"], tables["sections"])
    return tables


def identity(text: str, path: str = "某文件.txt", fields: tuple[tuple[str, str], ...] = ()) -> dict[str, object]:
    """The identity of one text; missing values are None."""
    row = read(text, path, fields)["identities"].iloc[0]
    return {name: None if pd.isna(value) else value for name, value in row.items()}


def read_file(folder: Path, name: str, text: str) -> dict[str, object]:
    """The identity of a file with this text, its furniture taken out as the readers do; missing values are None."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    files = store.frame("raw_files", [{"path": name, "document_id": "0" * 16, "bytes": path.stat().st_size, "location": str(path)}])
    tables = read_documents(files, load_part("furniture"))
    found = identify_reports(tables["documents"], tables["document_fields"], tables["blocks"], load_part("genres"),
                             load_part("departments"))
    return {field: None if pd.isna(value) else value for field, value in found["identities"].iloc[0].items()}


def sections(text: str) -> list[tuple[int, str, str]]:
    """(level, heading, role) of the sections after the preamble."""
    table = read(text)["sections"]
    return [(int(row.level), row.heading, row.role) for row in table.itertuples() if row.section_no]
