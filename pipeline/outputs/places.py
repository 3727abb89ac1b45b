"""Where a passage stands: its words, sentence, section path, page and paragraph.

What belongs here: looking places up in finished tables. Nothing is searched in the text and nothing is guessed;
a place that the tables do not give is None or "".
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.tables.store import columns_of


@dataclass(frozen=True)
class Sentence:
    """One row of table `sentences`."""

    sentence_no: int
    section_no: int | None
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Block:
    """One row of table `blocks`."""

    block_no: int
    page: int | None
    start: int
    end: int


def rows_of(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """The named columns as plain tuples, every kind of missing as None."""
    return list(zip(*columns_of(frame, *columns), strict=True))


def quantity_texts(quantities: pd.DataFrame) -> dict[tuple[str, int], str]:
    """(document, quantity number) → the words of the quantity."""
    return {(document_id, number): text or ""
            for document_id, number, text in rows_of(quantities, "document_id", "quantity_no", "text")}


class Places:
    """Look-ups for every document. Built once per output stage."""

    def __init__(self, documents: pd.DataFrame, sections: pd.DataFrame, sentences: pd.DataFrame,
                 blocks: pd.DataFrame) -> None:
        self._texts: dict[str, str] = {}
        for document_id, text in rows_of(documents, "document_id", "text"):
            # A duplicate file has the id of its first copy; whichever row carries the text wins.
            if text or document_id not in self._texts:
                self._texts[document_id] = text or ""
        self._sections: dict[str, dict[int, tuple[int | None, str]]] = {}
        for document_id, number, parent, label, heading in rows_of(
                sections, "document_id", "section_no", "parent_no", "label", "heading"):
            title = f"{label or ''}{heading or ''}"
            self._sections.setdefault(document_id, {})[number] = (parent, title)
        self._sentences: dict[str, list[Sentence]] = {}
        for document_id, number, section_no, start, end, text in rows_of(
                sentences, "document_id", "sentence_no", "section_no", "start", "end", "text"):
            self._sentences.setdefault(document_id, []).append(Sentence(number, section_no, start, end, text or ""))
        self._blocks: dict[str, list[Block]] = {}
        for document_id, number, page, start, end in rows_of(
                blocks, "document_id", "block_no", "page", "start", "end"):
            self._blocks.setdefault(document_id, []).append(Block(number, page, start, end))
        for sentence_list in self._sentences.values():
            sentence_list.sort(key=lambda sentence: sentence.start)
        for block_list in self._blocks.values():
            block_list.sort(key=lambda block: block.start)
        self._sentence_starts = {key: [item.start for item in value] for key, value in self._sentences.items()}
        self._block_starts = {key: [item.start for item in value] for key, value in self._blocks.items()}
        self._by_number = {key: {item.sentence_no: item for item in value} for key, value in self._sentences.items()}

    def text(self, document_id: str) -> str:
        """The whole text of a document; "" where there is none."""
        return self._texts.get(document_id, "")

    def passage(self, document_id: str, start: int | None, end: int | None) -> str:
        """The words from `start` to `end`; "" for a missing place."""
        return "" if start is None or end is None else self.text(document_id)[start:end]

    def sentence(self, document_id: str | None, number: int | None) -> Sentence | None:
        """Sentence `number` of a document."""
        return None if document_id is None or number is None else self._by_number.get(document_id, {}).get(number)

    def sentence_at(self, document_id: str, position: int | None) -> Sentence | None:
        """The sentence that holds `position`; None in headings and signatures."""
        if position is None:
            return None
        index = bisect_right(self._sentence_starts.get(document_id, []), position) - 1
        if index < 0:
            return None
        found = self._sentences[document_id][index]
        return found if position < found.end else None

    def block_at(self, document_id: str, position: int | None) -> Block | None:
        """The paragraph, table row or footnote that holds `position`."""
        if position is None:
            return None
        index = bisect_right(self._block_starts.get(document_id, []), position) - 1
        return self._blocks[document_id][index] if index >= 0 else None

    def page(self, document_id: str, position: int | None) -> int | None:
        """Page of `position`, from 1; None in formats without pages."""
        block = self.block_at(document_id, position)
        return block.page if block else None

    def paragraph(self, document_id: str, position: int | None) -> int | None:
        """Number of the paragraph of `position`, from 1."""
        block = self.block_at(document_id, position)
        return block.block_no if block else None

    def section(self, document_id: str, section_no: int | None) -> str:
        """Path of headings to a section, outermost first: 一、主要举措和成效 › （二）依法履职."""
        titles: list[str] = []
        known = self._sections.get(document_id, {})
        seen: set[int] = set()
        while section_no is not None and section_no in known and section_no not in seen:
            seen.add(section_no)
            section_no, title = known[section_no]
            if title:
                titles.append(title)
        return " › ".join(reversed(titles))
