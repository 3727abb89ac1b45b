"""The rows of the five tables that reading makes, gathered document by document."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import pandas as pd

from pipeline.profiles.overrides import FILE, Override
from pipeline.reading.raw import TABLE_ROW, Piece
from pipeline.tables import store

Row = dict[str, Any]
Field = tuple[str, str, str]

TABLES = ("documents", "document_fields", "blocks", "table_cells", "issues")


@dataclass
class Rows:
    """Rows of the five tables."""

    documents: list[Row] = field(default_factory=list)
    document_fields: list[Row] = field(default_factory=list)
    blocks: list[Row] = field(default_factory=list)
    table_cells: list[Row] = field(default_factory=list)
    issues: list[Row] = field(default_factory=list)

    def issue(self, document: Row, place: str, severity: str, message: str) -> None:
        self.issues.append({"stage": "read_documents", "document_id": document["document_id"], "path": document["path"],
                            "place": place, "severity": severity, "message": f"{document['path']}：{message}"})

    def fail(self, document: Row, status: str, message: str) -> None:
        """A document that cannot be used: its row without text, and the reason as an issue."""
        severity = "note" if status == "duplicate" else "error"
        self.documents.append(document | {"status": status, "reason": f"{document['path']}：{message}", "chars": 0, "text": ""})
        self.issue(document, "文件", severity, message)

    def add(self, document: Row, text: str, pieces: list[Piece], fields: Iterable[Field], overrides: Sequence[Override]) -> None:
        """A document with its text, the lines that make it up, and the fields around it."""
        document_id = document["document_id"]
        text_hash = hashlib.sha256("".join(text.split()).encode()).hexdigest()[:16]
        self.documents.append(document | {"status": "ok", "chars": len(text), "text": text, "text_hash": text_hash})
        named = [*fields, *(told for override in overrides for told in _override_fields(override))]
        self.document_fields.extend(
            {"document_id": document_id, "field_no": number, "field": name, "value": value, "evidence": evidence}
            for number, (name, value, evidence) in enumerate(named, 1))
        for block, cells in _blocks(document_id, pieces):
            self.blocks.append(block)
            self.table_cells.extend(cells)

    def frames(self) -> dict[str, pd.DataFrame]:
        return {name: _sorted(name, getattr(self, name)) for name in TABLES}


def _override_fields(override: Override) -> Iterator[Field]:
    for name, value in override.values:
        yield f"override_{name}", value, f"{FILE} 第{override.line}行"


def _sorted(name: str, rows: list[Row]) -> pd.DataFrame:
    return store.frame(name, sorted(rows, key=itemgetter(*store.schema_of(name).key)))


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
