"""Take a collection apart into its reports: one after another in one file, each with a title and a count of its own.

Only the general shape is looked at, and with care: a file is split where two titles of the same kind of report each
stand alone, differ, and are each followed by a body whose numbers begin anew. A list of attachments, a table of
contents or a title that is printed twice never splits a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.reading.raw import PARAGRAPH, Piece

# Takes 澜山区水利局关于2023年度法治政府建设情况的报告, refuses “一、2023年工作总结” and 见《……报告》.
_YEAR = r"(?:20\d\d\s*年?度?|[二2][〇零○O0][一二三四五六七八九〇零\d]{2}\s*年度?)"
_TITLE = re.compile(rf"(?=.*(?:{_YEAR}|法治政府建设|依法行政))(?=.*(?:法治|依法行政|工作|履职|述法))"
                    r".*(?:报\s*告|总\s*结|汇报|年报|情况)(?:[（(].{1,16}[）)])?$")
_LONGEST_TITLE, _SHORTEST_TITLE = 60, 10
_MOST_TITLE_LINES, _LONGEST_PART = 3, 30
_NO_TITLE = re.compile(r"[。；：:，,！？!?]"
                       r"|^\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]|第.{1,3}[章节部]|附\s*[件表]|关于.*的通知|[《“])|\d\s*$|[.…·]{3,}")
_KINDS = ("法治政府建设", "法治建设", "依法行政", "述法", "政府工作", "工作")
_ATTACHMENT = re.compile(r"\s*附\s*[件表]")
_FIRST, _SECOND = re.compile(r"\s*(?:一、|第一部分|[（(]一[）)])"), re.compile(r"\s*(?:二、|第二部分|[（(]二[）)])")
_NUMBERED = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}部分|[（(][一二三四五六七八九十]{1,3}[）)])")
# What stands above a title and belongs to it; a date there is the end of the report before.
_MASTHEAD = re.compile(r"\s*(?:.{2,30}文件|[一-鿿]{1,14}\s*[〔\[（(﹝]\s*20\d\d\s*[〕\]）)﹞]\s*\d{1,4}\s*号|中共.{2,30}"
                       r"|[一-鿿]{2,24}(?:局|委|办|厅|院|政府|党组|党委|党工委|委员会|办公室|办事处|中心|支队|大队)(?:关于)?)\s*$")
_MOST_MASTHEAD = 3
_SMALLEST_BODY = 200
_ENDS_A_REPORT = re.compile(r"[。！）)》”]\s*$|日\s*$|(?:局|委|办|厅|院|政府|党组|党委|党工委|委员会|办公室|办事处|中心|支队|大队|印发|号|份)\s*$")


def split_collection(pieces: list[Piece]) -> tuple[list[Piece], list[list[Piece]]]:
    """(what stands before the first report, the reports); a file with one report gives ([], [all of it])."""
    titles = _titles(pieces)
    while True:
        # A title without a body of its own is a line of the contents, or printed twice: it starts no report.
        bounds = [*titles, len(pieces)]
        weak = next((place for place in range(len(titles)) if not _is_report(pieces[bounds[place]:bounds[place + 1]])), None)
        if weak is None:
            break
        del titles[weak]
    titles = [place for number, place in enumerate(titles) if number == 0 or _ends_before(pieces, titles[number - 1], place)]
    names = [_bare("".join(_title_lines(pieces, place))) for place in titles]
    above = _above(pieces, titles[0]) if titles else 0
    if above:
        names = ["".join(_bare(piece.text) for piece in pieces[place - _above(pieces, place):place]) + name
                 for place, name in zip(titles, names, strict=True)]
    if len(titles) < 2 or len(set(names)) < len(names):
        return [], [pieces]
    # What stands above the first title stands above the others too; else it is the signature of the report before.
    starts = [place - (_above(pieces, place) if above else 0) for place in titles]
    ends = [*starts[1:], len(pieces)]
    return pieces[:starts[0]], [pieces[start:end] for start, end in zip(starts, ends, strict=True)]


def _titles(pieces: list[Piece]) -> list[int]:
    """Places of lines that could be the title of a report, all of the kind of the first."""
    found: dict[int, str] = {}
    after = 0
    for place in range(len(pieces)):
        lines = _title_lines(pieces, place) if place >= after else []
        if lines and not _follows_attachment(pieces, place):
            found[place] = "".join(lines)
            after = place + len(lines)
    if not found:
        return []
    kind = _kind(next(iter(found.values())))
    return [place for place, title in found.items() if _kind(title) == kind]


def _title_lines(pieces: list[Piece], place: int) -> list[str]:
    """The lines of the title that begins at a place, most often one; none where no title begins.

    关于2023年度法治政府 / 建设情况的报告 is a title in two lines, neither of which is one alone.
    """
    lines: list[str] = []
    for piece in pieces[place:place + _MOST_TITLE_LINES]:
        line = piece.text.strip()
        if piece.kind != PARAGRAPH or not line or (lines and (_is_title(line) or len(line) > _LONGEST_PART)) or _NO_TITLE.search(line):
            break
        lines.append(line)
        if _is_title("".join(lines)):
            return lines
        if len(line) > _LONGEST_PART or _MASTHEAD.match(line) or line.endswith("日"):  # a signature is no part of a title
            break
    return []


def _is_title(text: str) -> bool:
    return _SHORTEST_TITLE <= len(text) <= _LONGEST_TITLE and not _NO_TITLE.search(text) and bool(_TITLE.match(text))


def _kind(title: str) -> str:
    return next(kind for kind in (*_KINDS, "") if kind in title)


def _bare(text: str) -> str:
    return "".join(text.split())


def _follows_attachment(pieces: list[Piece], place: int) -> bool:
    before = (pieces[number].text for number in range(place - 1, max(place - 3, -1), -1))
    return any(_ATTACHMENT.match(text) for text in before)


def _is_report(pieces: list[Piece]) -> bool:
    """Whether a title is followed by a body: enough text, whose first number is 一、 and goes on with 二、."""
    numbers = [piece.text for piece in pieces[1:] if _NUMBERED.match(piece.text)]
    if not numbers or not _FIRST.match(numbers[0]) or not any(_SECOND.match(text) for text in numbers):
        return False
    return sum(len(piece.text) for piece in pieces[1:]) >= _SMALLEST_BODY


def _ends_before(pieces: list[Piece], start: int, place: int) -> bool:
    """Whether the report that starts at `start` is over before `place`: its last line is no open sentence."""
    lines = (pieces[number].text for number in range(place - 1, start, -1))
    last = next((text for text in lines if text.strip() and not _MASTHEAD.match(text)), "")
    return bool(_ENDS_A_REPORT.search(last))


def _above(pieces: list[Piece], place: int) -> int:
    """How many lines of a masthead stand right above a title."""
    def lines() -> Iterator[bool]:
        for number in range(place - 1, max(place - 1 - _MOST_MASTHEAD, -1), -1):
            yield bool(_MASTHEAD.match(pieces[number].text))

    count = 0
    for is_masthead in lines():
        if not is_masthead:
            break
        count += 1
    return count
