"""Lines to paragraphs: join what a page break, an empty line or a fixed width cut in mid-sentence; nothing else.

A heading, list item, table row, title line, addressee or signature is never joined to its neighbour.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from pipeline.reading.raw import PARAGRAPH, Piece

# 一、 （一） 第三章 1. 1、 (1) ①: a line that starts so is never the continuation of another.
NUMBERED = re.compile(
    r"\s*(?:[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}[、.．]|[一二三四五六七八九十]{1,3}[）)]"
    r"|第[一二三四五六七八九十]{1,3}[章节条篇、，]|[（(]\d{1,2}[）)]|\d{1,2}[、．]|\d{1,2}[.](?!\d)|\d{1,2}[）)]"
    r"|[①-⑳㈠-㈩⑴-⒇]|——|[●■◆★▲◇□☑•➢▪])")
# A tab or space between number and heading is layout: 一、　推进…
_LABEL_GAP = re.compile(r"^((?:[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)]|[一二三四五六七八九十]{1,3}、|\d{1,2}[、.．]))[\s　]+")
# The two upper levels, which no wrapped line starts with by chance.
HEADING = re.compile(r"\s*(?:[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}、)")
# 一是 其二 continue a sentence only where a full line was wrapped before them.
_ENUMERATED = re.compile(r"\s*(?:[一二三四五六七八九十]{1,2}[是要]|其[一二三四五六]|第[一二三四五六七八九十][，,])")
_OPENING, _CLOSING, _AFTER_CLOSING = tuple("，、,—（(《〈“‘「『〔"), tuple("。！？!?：:；;…"), "”’」』）)》"
SIGNATURE = re.compile(
    r"\s*(?:(?:19|20)\d\d年\d{1,2}月\d{1,2}日.{0,4}|[二一][〇零一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月.{2,6}"
    r"|特此(?:报告|说明|汇报).{0,2}|[（(](?:此件|联系人|盖章|公章).*|(?:附件|附|抄送|抄报|主送|报送|签发人|联系人|联系电话|主题词)\s*[：:].*"
    r"|.{2,40}(?:印发|印制)(?:\s*\d{4}年.*)?)$")
_OFFICE = re.compile(
    r"\s*[\u4e00-\u9fff（）()·]{2,30}(?:局|委|办|院|厅|部|处|中心|政府|党组|党委|党工委|委员会|办公室|街道|办事处|大队|支队|总队|管委会|分局|站|所)\s*$")
_ADDRESSEE = re.compile(r"[^。；]{2,60}[：:]$")
_PAGE_NUMBER = re.compile(
    r"\s*(?:[-—–―－·]\s*\d{1,3}\s*[-—–―－·]|第\s*\d{1,3}\s*页(?:[\s，,/]*共\s*\d{1,3}\s*页)?|\d{1,3}\s*/\s*\d{1,3}"
    r"|Page\s+\d{1,3}(?: of \d{1,3})?)\s*$", re.IGNORECASE)
_LATIN_END, _LATIN_START = re.compile(r"[A-Za-z,;]$"), re.compile(r"[A-Za-z]")
_INDENT = re.compile(r"[\s　]{2,}|　")
# Shorter unfinished lines without a full stop may be titles or headings; longer ones are prose.
_SURELY_PROSE = 45
_LAST_LINES = 10
_WIDEST = 160
# Half characters.
_RAGGED = 6
# Characters at the end of a paragraph that tell whether it is finished.
_TAIL = 200


def join_paragraphs(pieces: list[Piece], repairs: Counter[str]) -> list[Piece]:
    """Whole paragraphs in place of lines; empty lines and page numbers go. Page = where a paragraph starts."""
    lines = [piece.text for piece in pieces if piece.kind == PARAGRAPH and piece.text.strip()]
    wrap = find_wrap(lines)
    is_indented = sum(bool(_INDENT.match(line)) for line in lines) > 0.1 * len(lines)
    joined: list[Piece] = []
    gap = is_page_end = False
    last_line = ""
    remaining = sum(bool(piece.text.strip()) for piece in pieces)
    in_head = True
    for piece in pieces:
        if not piece.text.strip():
            gap = True
            continue
        remaining -= 1
        if piece.kind == PARAGRAPH and _PAGE_NUMBER.match(piece.text):
            repairs["页码行"] += 1
            gap = is_page_end = True
            continue
        before = joined[-1] if joined else None
        if (before is not None and before.kind == PARAGRAPH == piece.kind and not NUMBERED.match(piece.text) and not SIGNATURE.match(piece.text)
                and _continues(before.text, piece.text, _Seam(gap, wrap is not None and wrap.is_full(last_line), wrap is not None, is_indented,
                                                              in_head, remaining < _LAST_LINES, is_page_end))):
            before.text = glue(before.text, piece.text)
            repairs["断行接续"] += 1
        else:
            # Blank cells at the ends of a row are part of it: cells are found by their offsets.
            joined.append(Piece(piece.text.strip(), PARAGRAPH, piece.page, piece.cells, piece.table_no, piece.is_outside)
                          if piece.kind == PARAGRAPH else piece)
        in_head = in_head and not _starts_body(joined[-1].text)
        last_line = piece.text
        gap = is_page_end = False
    for piece in joined:
        if piece.kind == PARAGRAPH:
            piece.text = _LABEL_GAP.sub(r"\1", piece.text)
    return joined


class Wrap(NamedTuple):
    """At which width a file was hard-wrapped: in half characters, or in characters as some programs count."""

    width: int
    in_characters: bool

    def is_full(self, line: str) -> bool:
        """Whether a line reaches the margin: a word or mark that did not fit may leave a little room."""
        return _size(line, self.in_characters) >= self.width - (1 if self.in_characters else _RAGGED)


def find_wrap(lines: list[str]) -> Wrap | None:
    """How a file was hard-wrapped; None for one paragraph a line.

    Many lines end close to the longest one, and most of these in mid-sentence; paragraphs have lengths of their own
    and end with a full stop.
    """
    filled = [line for line in lines if line.strip()]
    if len(filled) < 12:
        return None
    found = [fit for in_characters in (False, True) if (fit := _fit(filled, in_characters))]
    # More lines of exactly one width tell which of both was counted; they differ where lines hold figures.
    return max(found, key=lambda fit: fit[1])[0] if found else None


def _fit(filled: list[str], in_characters: bool) -> tuple[Wrap, int] | None:
    """The width by one way of counting, and how many lines have exactly it."""
    sizes = [_size(line, in_characters) for line in filled]
    longest = sorted(sizes)[int(len(sizes) * 0.95)]
    ragged, unit = (1, 2) if in_characters else (_RAGGED, 1)
    if not 24 <= longest * unit <= _WIDEST:
        return None
    full = [line for line, size in zip(filled, sizes, strict=True) if longest - ragged <= size <= longest + 4]
    cut = sum(not _is_closed(line) for line in full)
    if len(full) < 0.4 * len(filled) or cut < 0.5 * len(full):
        return None
    return Wrap(longest, in_characters), sum(longest - 1 <= size <= longest for size in sizes)


def _size(line: str, in_characters: bool) -> int:
    if in_characters or len(line) > 2 * _WIDEST:
        return len(line.rstrip())
    # Two bytes a hanzi and one a letter: the width in half characters, without a loop.
    return len(line.rstrip().encode("gbk", "replace"))


def _starts_body(text: str) -> bool:
    return "。" in text or bool(NUMBERED.match(text)) or bool(_ADDRESSEE.match(text))


class _Seam(NamedTuple):
    """What lies between a paragraph and the next line, and in what kind of file."""

    gap: bool
    is_full: bool
    is_wrapped: bool
    is_indented: bool
    in_head: bool
    in_tail: bool
    is_page_end: bool


def _continues(paragraph: str, line: str, seam: _Seam) -> bool:
    """Whether a line that is neither numbered nor a signature goes on with the paragraph before it."""
    tail = paragraph[-_TAIL:]
    if tail.endswith(_OPENING):
        return not _ENUMERATED.match(line) or (seam.is_wrapped and not seam.gap)
    if _is_closed(tail):
        if not seam.is_full or seam.in_head:
            return False
        # A sentence that ends exactly at the margin: only the missing indent shows that the paragraph goes on.
        may_go_on = not _INDENT.match(line) and (seam.is_indented or not _ENUMERATED.match(line))
        is_signature = seam.in_tail and _OFFICE.match(line)
        is_apart = seam.gap and not (seam.is_indented and seam.is_page_end)
        return not is_apart and may_go_on and not is_signature
    # Titles have no comma; an unnumbered first paragraph has.
    is_long = len(paragraph) >= _SURELY_PROSE and "，" in paragraph
    is_title = seam.in_head and not is_long and not (seam.is_full and "，" in paragraph)
    if is_title or (seam.in_tail and _OFFICE.match(line)):
        return False
    if seam.is_full and not (seam.gap and HEADING.match(paragraph)):
        return not _INDENT.match(line)
    if _ENUMERATED.match(line):
        return False
    # In mid-sentence: a full stop inside and none at the end, or too long for a title without one.
    return "。" in paragraph or "；" in paragraph or is_long or _has_open_bracket(tail)


def _is_closed(text: str) -> bool:
    """Whether a sentence ends here. The same as a pattern would need a look at every character."""
    return text.rstrip(_AFTER_CLOSING).endswith(_CLOSING)


def _has_open_bracket(text: str) -> bool:
    return any(text.count(opening) > text.count(closing) for opening, closing in ("《》", "（）", "“”"))


def glue(before: str, after: str) -> str:
    """Two lines of a paragraph as one: words need a space between them, hanzi and digits none."""
    after = after.strip()
    is_latin = bool(_LATIN_END.search(before) and _LATIN_START.match(after))
    return f"{before} {after}" if is_latin else before + after
