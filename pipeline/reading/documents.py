"""The stage: raw files to documents, fields, blocks and table cells.

A file holds one document, the files of an archive, or the reports of a collection. A bad file is a row of issues,
never an exception.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from pipeline.errors import ReadingError
from pipeline.profiles.furniture import Furniture
from pipeline.profiles.overrides import FILE, Override, lines_of
from pipeline.reading.clean import UNKNOWN_PRIVATE, clean_text
from pipeline.reading.formats import IMAGE, IN_PROCESS, IN_PROCESS_BYTES, READERS, find_reader
from pipeline.reading.furniture import take_furniture
from pipeline.reading.paragraphs import join_paragraphs
from pipeline.reading.quality import BELIEVABLE, measure_quality
from pipeline.reading.raw import TABLE_ROW, Piece, RawDocument
from pipeline.reading.recognition import ADVICE, can_recognise, recognise
from pipeline.reading.rows import Field, Row, Rows
from pipeline.reading.sniff import sniff_format
from pipeline.reading.splitting import split_collection
from pipeline.reading.unpack import unpack_all
from pipeline.reading.worker import Source, shared_process
from pipeline.settings import LIMITS, Limits
from pipeline.tables import store

# What an index card says of a collection holds for each of its reports; its title and number hold for none.
_SHARED_FIELDS = ("published_date", "source", "publisher", "breadcrumb")


class _Work(NamedTuple):
    """What reading any file needs."""

    rows: Rows
    furniture: Furniture
    limits: Limits


@dataclass(frozen=True)
class _File:
    """One raw file, and the lines of sources.csv about it."""

    document_id: str
    path: str
    location: str
    overrides: Sequence[Override]

    def document(self, number: int | None, path: str, size: int | None) -> Row:
        """The row of a document in this file; `number` tells the documents of one file apart."""
        document_id = self.document_id if number is None else f"{self.document_id}-{number}"
        return {"document_id": document_id, "path": path, "file_path": self.path, "bytes": size, "chars": 0, "text": ""}

    def overrides_of(self, *names: str) -> list[Override]:
        """The line about the document called one of `names`; else the one about the whole file."""
        own = [override for override in self.overrides if override.path in names]
        return own[:1] or [override for override in self.overrides if override.path == self.path]


def read_documents(raw_files: pd.DataFrame, furniture: Furniture) -> store.Tables:
    """Read every raw file into clean, frozen text.

    Returns tables documents, document_fields, blocks, table_cells, issues. A file that cannot be used has status
    duplicate, needs_ocr, empty or failed, an empty text and a row of issues that says why and what to do.
    """
    work = _Work(Rows(), furniture, LIMITS)
    columns = [raw_files[name].tolist() for name in ("path", "document_id", "bytes", "duplicate_of", "location", "override")]
    for path, document_id, size, duplicate_of, location, override in sorted(zip(*columns, strict=True), key=lambda row: row[:2]):
        file = _File(document_id, path, "" if pd.isna(location) else str(location),
                     () if pd.isna(override) else lines_of(override))
        document = file.document(None, path, None if pd.isna(size) else int(size))
        if not pd.isna(duplicate_of):
            work.rows.fail(document, "duplicate", f"与 {duplicate_of} 逐字节相同，只读后者；确属重复可删去其一")
        else:
            _read_file(work, file, document)
    return work.rows.frames()


def _read_file(work: _Work, file: _File, document: Row) -> None:
    """Rows of all documents in a file."""
    names: set[str] = {file.path}
    try:
        content = _bytes_of(file.location, work.limits)
        document["format"] = sniff_format(content, Path(file.path).suffix)
        if document["format"] == "zip":
            names |= _read_archive(work, file, content)
        else:
            source = Source(content, file.location)
            names |= _read_source(work, file, document, source)
    except ReadingError as error:
        work.rows.fail(document, error.status, str(error))
    for override in file.overrides:
        if override.path not in names:
            work.rows.issue(document, f"{FILE} 第{override.line}行", "warning", f"{FILE} 第{override.line}行：{file.path} 中没有 {override.path}")


def _bytes_of(location: str, limits: Limits) -> bytes:
    file = Path(location)
    try:
        size = file.stat().st_size
        if size > limits.file_bytes:
            raise ReadingError(f"文件有 {size // 2**20} MB，超过上限 {limits.file_bytes // 2**20} MB；请拆分或压缩图片后再放入")
        return file.read_bytes()
    except OSError as error:
        raise ReadingError(f"文件打不开（{error.strerror}）；请检查文件是否存在、是否有读取权限") from error


def _read_archive(work: _Work, file: _File, content: bytes) -> set[str]:
    """Rows of every file in an archive; their paths. ReadingError where the archive as a whole cannot be used."""
    first_with: dict[str, str] = {}
    names: set[str] = set()
    for number, member in enumerate(unpack_all(content, work.limits), 1):
        path = f"{file.path}/{member.name}"
        names.add(path)
        document = file.document(number, path, len(member.content))
        try:
            if member.error is not None:
                raise member.error
            original = first_with.setdefault(hashlib.sha256(member.content).hexdigest(), path)
            if original != path:
                raise ReadingError(f"与 {original} 逐字节相同，只读后者", status="duplicate")
            document["format"] = sniff_format(member.content, Path(member.name).suffix)
            if document["format"] == "zip":
                raise ReadingError("压缩包套了三层，未读取；请解压后把其中的报告放入")
            names |= _read_source(work, file, document, Source(member.content))
        except ReadingError as error:
            work.rows.fail(document, error.status, str(error))
    return names


def _read_source(work: _Work, file: _File, document: Row, source: Source) -> set[str]:
    """Rows of the one document, or of the reports of a collection, in some bytes; their paths."""
    raw = _read_raw(document["format"], source, work.limits)
    document |= {"pages": raw.pages, "encoding": raw.encoding, "n_numbered": raw.n_numbered}
    if len(raw.pieces) > work.limits.paragraphs:
        raise ReadingError(f"有 {len(raw.pieces)} 个段落，超过上限 {work.limits.paragraphs} 个，不像一份报告；请拆分后再放入")
    repairs: Counter[str] = Counter()
    pieces, found = take_furniture(_cleaned(raw.pieces, repairs), work.furniture)
    pieces = join_paragraphs(pieces, repairs)
    text = "\n".join(piece.text for piece in pieces)
    quality = _check_text(raw, text, work.limits)
    fields = [(name, clean_text(value), clean_text(evidence)) for name, value, evidence in raw.fields] + found
    document["repairs"] = "；".join(f"{name} {count}" for name, count in sorted(repairs.items()))
    front, reports = split_collection(pieces)
    if len(reports) == 1:
        _add(work, file, document, text, quality, pieces, fields, raw, (document["path"],))
        names = {document["path"]}
    else:
        names = _add_reports(work, file, document, reports, fields, raw)
        skipped = f"，封面与目录 {len(front)} 行不计入正文" if front else ""
        work.rows.issue(document, "全文", "note", f"是 {len(reports)} 份报告的汇编，已拆成 {len(reports)} 份{skipped}；如拆分有误，请分成单独文件")
    for place, message in raw.notes:
        work.rows.issue(document, place, "warning", message)
    if repairs[UNKNOWN_PRIVATE]:
        work.rows.issue(document, "全文", "warning", f"有 {repairs[UNKNOWN_PRIVATE]} 个私用区字符无法识别（多为生僻字或符号）；请核对原文")
    return names


def _add_reports(work: _Work, file: _File, document: Row, reports: list[list[Piece]], fields: list[Field], raw: RawDocument) -> set[str]:
    """The reports of a collection; the first keeps the number and path of the whole."""
    shared = [item for item in fields if item[0] in _SHARED_FIELDS]
    names = {document["path"]}
    for number, pieces in enumerate(reports, 1):
        path = f"{document['path']}#{number}"
        names.add(path)
        part = document if number == 1 else document | {"document_id": f"{document['document_id']}-{number}", "path": path}
        pages = {piece.page for piece in pieces if piece.page is not None}
        part = part | {"pages": max(pages) - min(pages) + 1 if pages else None}
        text = "\n".join(piece.text for piece in pieces)
        _add(work, file, part, text, measure_quality(text), pieces, shared, raw, (path,))
    return names


def _add(work: _Work, file: _File, document: Row, text: str, quality: float, pieces: list[Piece], fields: list[Field], raw: RawDocument,
         names: tuple[str, ...]) -> None:
    document = document | {"quality": round(quality, 4), **raw.recognised.describe(pieces),
                           "reading_confidence": round(quality * raw.recognised.confidence * 0.9 ** min(len(raw.notes), 5), 3)}
    work.rows.add(document, text, pieces, fields, file.overrides_of(*names))


def _read_raw(name: str, source: Source, limits: Limits) -> RawDocument:
    if name == IMAGE and can_recognise():
        raw = RawDocument()
    elif name not in READERS or (name in IN_PROCESS and len(source.content) <= IN_PROCESS_BYTES):
        return find_reader(name)(source.content, limits)
    else:
        raw = shared_process(limits).read(name, source)
    if (name == IMAGE or raw.pages_without_text) and can_recognise():
        recognise(raw, name, source, limits)
    return raw


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


def _check_text(raw: RawDocument, text: str, limits: Limits) -> float:
    """The quality of the text; ReadingError where it cannot be that of a report."""
    if raw.pages_without_text:
        listed = "、".join(str(page) for page in raw.pages_without_text[:10])
        count = len(raw.pages_without_text)
        raise ReadingError(f"共 {raw.pages} 页，其中 {count} 页没有可信的文字层（第 {listed} 页）；{ADVICE}", status="needs_ocr")
    if not text.strip():
        raise ReadingError("文件里没有读到文字；请用原软件打开核对，另存为 docx 或 txt 后再放入")
    if len(text) > limits.text_chars:
        raise ReadingError(f"文字超过 {limits.text_chars} 字，不像一份报告；请拆分后再放入")
    if (quality := measure_quality(text)) < BELIEVABLE:
        raise ReadingError(f"读出的文字像乱码（常用字只占 {quality:.0%}）；"
                           "请用原软件打开核对，另存为 docx 或 UTF-8 文本后再放入")
    return quality
