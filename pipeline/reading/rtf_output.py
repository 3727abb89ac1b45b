"""What an rtf reader gathers: open paragraphs, cells and rows, text boxes before their paragraph, notes at the end."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.errors import ReadingError
from pipeline.reading.numbering import with_label
from pipeline.reading.raw import FOOTNOTE, Piece, add_table

PARTS = ("body", "footnote", "box", "number")


class Output:
    """Text by the part it belongs to: body, footnote, box or the number of a list item."""

    def __init__(self, most: int) -> None:
        self.in_table = False
        self.n_numbered = 0
        self._most = most
        self._open: dict[str, list[str]] = {part: [] for part in PARTS}
        self._pieces: list[Piece] = []
        self._notes: list[Piece] = []
        self._rows: list[list[str]] = []
        self._row: list[str] = []
        self._cell: list[str] = []
        self._table_no = 0

    def add(self, part: str, text: str) -> None:
        """More text of the open paragraph. ReadingError beyond the limit of characters."""
        self._open[part].append(text)
        self._most -= len(text)
        if self._most < 0:
            raise ReadingError("文字过多，不像一份报告；请拆分后再放入")

    def end_paragraph(self, part: str) -> None:
        if part == "footnote":
            if text := self._take("footnote").strip():
                self._notes.append(Piece(text, FOOTNOTE))
        elif part == "box":
            if not self.in_table:
                self._end_table()
            self._pieces.extend(_lines(self._take("box")))
        elif part == "body" and self.in_table:
            self._cell.append(self._take("body"))
        elif part == "body":
            self._end_table()
            self._pieces.extend(_lines(self._take("body")))

    def end_inner_cell(self) -> None:
        """A table inside a cell is text of that cell."""
        self._cell.append(self._take("body"))

    def end_cell(self) -> None:
        self._cell.append(self._take("body"))
        self._row.append("\n".join(filter(None, self._cell)))
        self._cell = []

    def end_row(self) -> None:
        if self._row:
            self._rows.append(self._row)
        self._row = []

    def finish(self) -> list[Piece]:
        """All pieces, the notes last; what was still open counts as a paragraph."""
        for part in ("box", "footnote"):
            self.end_paragraph(part)
        self.end_row()
        self._end_table()
        text = "\n".join([*self._cell, self._take("body")])
        return [*self._pieces, *(_lines(text) if text.strip() else ()), *self._notes]

    def _take(self, part: str) -> str:
        text = "".join(self._open[part])
        self._open[part].clear()
        if part == "body":
            number = self._take("number")
            self.n_numbered += bool(number.strip() and text.strip())
            text = with_label(number, text) if text.strip() else text
        # Characters beyond the first plane come as two escapes.
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _end_table(self) -> None:
        if self._rows and add_table(self._pieces, self._rows, self._table_no + 1):
            self._table_no += 1
        self._rows = []


def _lines(text: str) -> Iterator[Piece]:
    for line in text.split("\n"):
        yield Piece(line)
