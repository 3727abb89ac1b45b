"""What a reader hands on: pieces of text in reading order, still uncleaned. Every format ends in this one form."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.reading.layout import Page

PARAGRAPH, TABLE_ROW, FOOTNOTE = "paragraph", "table_row", "footnote"


@dataclass(slots=True)
class Piece:
    """A paragraph, a row of a table or a footnote.

    An empty text is an empty line. `table_no` counts the tables of the file from 1; 0 is outside tables.
    `is_outside`: text of a web page around the article; it may give fields but never body text.
    """

    text: str
    kind: str = PARAGRAPH
    page: int | None = None
    cells: tuple[str, ...] = ()
    table_no: int = 0
    is_outside: bool = False


@dataclass(slots=True)
class Recognised:
    """Pages whose text comes from their picture: page → (letters, mean score of the recogniser, 0 to 1)."""

    pages: dict[int, tuple[int, float]] = field(default_factory=dict)

    @property
    def confidence(self) -> float:
        """The mean score, counted by letters; 1 where nothing was recognised."""
        letters = sum(count for count, _ in self.pages.values())
        return sum(count * score for count, score in self.pages.values()) / letters if letters else 1.0

    def describe(self, pieces: list[Piece]) -> dict[str, object]:
        """Columns of table documents: how many pages of this text were recognised, and its share in percent."""
        if not self.pages:
            return {"ocr_pages": 0, "ocr_share_pct": 0.0}
        letters = sum(len(piece.text) for piece in pieces)
        own = [piece for piece in pieces if piece.page in self.pages]
        share = 100 * sum(len(piece.text) for piece in own) / letters if letters else 0.0
        return {"ocr_pages": len({piece.page for piece in own}), "ocr_share_pct": round(share, 1)}


@dataclass(slots=True)
class RawDocument:
    """The content of one file. `notes` are doubts about it: (place, message in Chinese).

    `n_numbered`: paragraphs whose automatic number was worked out; None for formats that have none. `layout`: the lines
    of all pages, where some of them are still to be recognised.
    """

    pieces: list[Piece] = field(default_factory=list)
    pages: int | None = None
    encoding: str | None = None
    fields: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    pages_without_text: list[int] = field(default_factory=list)
    n_numbered: int | None = None
    layout: list[Page] = field(default_factory=list)
    recognised: Recognised = field(default_factory=Recognised)


def add_table(pieces: list[Piece], rows: list[list[str]], table_no: int, page: int | None = None) -> bool:
    """Append a table row by row; False (and plain paragraphs) where the table only serves the layout.

    A frame around a letterhead or a page body has one filled cell a row; its lines are paragraphs.
    """
    filled = [[cell for cell in row if cell.strip()] for row in rows]
    if all(len(row) <= 1 for row in filled):
        pieces.extend(Piece(line, page=page) for row in filled for cell in row for line in cell.split("\n"))
        return False
    for row in rows:
        cells = tuple(" ".join(cell.split("\n")).strip() for cell in row)
        pieces.append(Piece("\t".join(cells), TABLE_ROW, page, cells, table_no))
    return True
