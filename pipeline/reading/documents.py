"""The stage: raw files to documents, fields, blocks and table cells.

A bad file is a row of issues, never an exception.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.errors import ReadingError
from pipeline.profiles.furniture import Furniture
from pipeline.reading.clean import UNKNOWN_PRIVATE, clean_text
from pipeline.reading.formats import IMAGE_ADVICE, IN_PROCESS, IN_PROCESS_BYTES, READERS, find_reader
from pipeline.reading.furniture import take_furniture
from pipeline.reading.paragraphs import join_paragraphs
from pipeline.reading.quality import BELIEVABLE, measure_quality
from pipeline.reading.raw import TABLE_ROW, Piece, RawDocument
from pipeline.reading.sniff import sniff_format
from pipeline.reading.worker import shared_process
from pipeline.settings import LIMITS, Limits
from pipeline.tables import store

Row = dict[str, Any]


@dataclass
class _Rows:
    """Rows of the five tables, gathered file by file."""

    documents: list[Row] = field(default_factory=list)
    document_fields: list[Row] = field(default_factory=list)
    blocks: list[Row] = field(default_factory=list)
    table_cells: list[Row] = field(default_factory=list)
    issues: list[Row] = field(default_factory=list)

    def issue(self, document_id: str, path: str, place: str, severity: str, message: str) -> None:
        self.issues.append({"stage": "read_documents", "document_id": document_id, "path": path, "place": place,
                            "severity": severity, "message": message})


def read_documents(raw_files: pd.DataFrame, furniture: Furniture) -> store.Tables:
    """Read every raw file into clean, frozen text.

    Returns tables documents, document_fields, blocks, table_cells, issues. A file that cannot be used has status
    duplicate, needs_ocr, empty or failed, an empty text and a row of issues that says why and what to do.
    """
    rows = _Rows()
    columns = [raw_files[name].tolist() for name in ("path", "document_id", "bytes", "duplicate_of", "location")]
    for path, document_id, size, duplicate_of, location in sorted(zip(*columns, strict=True), key=lambda row: row[:2]):
        document: Row = {"document_id": document_id, "path": path, "bytes": None if pd.isna(size) else int(size),
                         "chars": 0, "text": ""}
        if not pd.isna(duplicate_of):
            reason = f"{path} 与 {duplicate_of} 逐字节相同，只读后者；确属重复可删去其一"
            document |= {"status": "duplicate", "reason": reason}
            rows.issue(document_id, path, "文件", "note", reason)
        else:
            try:
                _read_into(rows, document, "" if pd.isna(location) else str(location), furniture, LIMITS)
            except ReadingError as error:
                reason = f"{path}：{error}"
                document |= {"status": error.status, "reason": reason}
                rows.issue(document_id, path, "文件", "error", reason)
        rows.documents.append(document)
    return {name: _sorted(name, getattr(rows, name))
            for name in ("documents", "document_fields", "blocks", "table_cells", "issues")}


def _sorted(name: str, rows: list[Row]) -> pd.DataFrame:
    key = store.schema_of(name).key
    return store.frame(name, sorted(rows, key=lambda row: tuple(row[column] for column in key)))


def _read_into(rows: _Rows, document: Row, location: str, furniture: Furniture, limits: Limits) -> None:
    """Fill the row of one document and the rows that belong to it. ReadingError when it cannot be used."""
    raw = _read_raw(document, location, limits)
    repairs: Counter[str] = Counter()
    document |= {"pages": raw.pages, "encoding": raw.encoding}
    pieces, found = take_furniture(_cleaned(raw.pieces, repairs), furniture)
    pieces = join_paragraphs(pieces, repairs)
    text = "\n".join(piece.text for piece in pieces)
    _check_text(raw, text, limits)
    quality = measure_quality(text)
    if quality < BELIEVABLE:
        raise ReadingError(f"读出的文字像乱码（常用字只占 {quality:.0%}）；"
                           "请用原软件打开核对，另存为 docx 或 UTF-8 文本后再放入")
    document_id, path = document["document_id"], document["path"]
    document |= {
        "status": "ok", "chars": len(text), "quality": round(quality, 4), "text": text,
        "repairs": "；".join(f"{name} {count}" for name, count in sorted(repairs.items())),
        "text_hash": hashlib.sha256("".join(text.split()).encode()).hexdigest()[:16],
    }
    fields = [(name, clean_text(value), clean_text(evidence)) for name, value, evidence in raw.fields] + found
    rows.document_fields.extend(
        {"document_id": document_id, "field_no": number, "field": name, "value": value, "evidence": evidence}
        for number, (name, value, evidence) in enumerate(fields, 1))
    for block, cells in _blocks(document_id, pieces):
        rows.blocks.append(block)
        rows.table_cells.extend(cells)
    for place, message in raw.notes:
        rows.issue(document_id, path, place, "warning", f"{path}：{message}")
    if repairs[UNKNOWN_PRIVATE]:
        rows.issue(document_id, path, "全文", "warning",
                   f"{path}：有 {repairs[UNKNOWN_PRIVATE]} 个私用区字符无法识别（多为生僻字或符号）；请核对原文")


def _read_raw(document: Row, location: str, limits: Limits) -> RawDocument:
    file = Path(location)
    try:
        size = file.stat().st_size
        if size > limits.file_bytes:
            raise ReadingError(f"文件有 {size // 2**20} MB，超过上限 {limits.file_bytes // 2**20} MB；"
                               "请拆分或压缩图片后再放入")
        content = file.read_bytes()
    except OSError as error:
        raise ReadingError(f"文件打不开（{error.strerror}）；请检查文件是否存在、是否有读取权限") from error
    name = sniff_format(content, Path(document["path"]).suffix)
    document["format"] = name
    if name not in READERS or (name in IN_PROCESS and size <= IN_PROCESS_BYTES):
        return find_reader(name)(content, limits)
    return shared_process(limits).read(name, location)


def _cleaned(pieces: list[Piece], repairs: Counter[str]) -> list[Piece]:
    """The pieces with repaired characters. One pass over all lines: a call for each would cost more than the work."""
    lines = clean_text("\n".join(piece.text.replace("\n", " ") for piece in pieces if piece.kind != TABLE_ROW), repairs)
    cleaned = iter(lines.split("\n"))
    result = []
    for piece in pieces:
        if piece.kind == TABLE_ROW:
            cells = tuple(clean_text(cell, repairs).strip() for cell in piece.cells)
            result.append(Piece("\t".join(cells), TABLE_ROW, piece.page, cells, piece.table_no, piece.is_outside))
        else:
            result.append(Piece(next(cleaned), piece.kind, piece.page, is_outside=piece.is_outside))
    return result


def _check_text(raw: RawDocument, text: str, limits: Limits) -> None:
    if raw.pages_without_text:
        listed = "、".join(str(page) for page in raw.pages_without_text[:10])
        count = len(raw.pages_without_text)
        raise ReadingError(f"共 {raw.pages} 页，其中 {count} 页没有可信的文字层（第 {listed} 页）；{IMAGE_ADVICE}",
                           status="needs_ocr")
    if not text.strip():
        raise ReadingError("文件里没有读到文字；请用原软件打开核对，另存为 docx 或 txt 后再放入")
    if len(text) > limits.text_chars:
        raise ReadingError(f"文字超过 {limits.text_chars} 字，不像一份报告；请拆分后再放入")


def _blocks(document_id: str, pieces: list[Piece]) -> Iterator[tuple[Row, list[Row]]]:
    """Block rows with their offsets into the text, and the cells of table rows."""
    start = 0
    rows_of_table: Counter[int] = Counter()
    for number, piece in enumerate(pieces, 1):
        end = start + len(piece.text)
        cells: list[Row] = []
        if piece.kind == TABLE_ROW:
            rows_of_table[piece.table_no] += 1
            place = start
            for column, cell in enumerate(piece.cells, 1):
                cells.append({"document_id": document_id, "table_no": piece.table_no,
                              "row_no": rows_of_table[piece.table_no], "column_no": column, "text": cell,
                              "start": place, "end": place + len(cell)})
                place += len(cell) + 1
        yield {"document_id": document_id, "block_no": number, "kind": piece.kind, "page": piece.page,
               "start": start, "end": end}, cells
        start = end + 1


