"""The head of a document: masthead, number, title, addressee, index cards, a table of contents."""

from __future__ import annotations

import re
from itertools import islice

from pipeline.structure.dates import DATE
from pipeline.structure.furniture import FIELD, FIELD_KEYS, FIELD_START, FURNITURE
from pipeline.structure.headings import LABEL
from pipeline.structure.lines import DATE_LINE, GREETING, ORGANISATION, STARTS_BODY, Line

HEAD_LINES = 60
_PAGE_NUMBER = re.compile(r"[.．…·\s　]*\d*$")
_REVIEW_HEADING = re.compile(r"(?:20\d\d年|过去.{1,3}年)?.{0,6}工作回顾$|过去.{1,3}年(?:的)?工作$")
_SPEAKER = re.compile(r".{2,24}(?:长|主席|主任|书记|局长|代表)\s+[一-鿿]{1,2}\s?[一-鿿]{1,3}$")
# 现在，我代表市人民政府向大会报告工作 opens a speech, even where its full stop is missing.
SPEAKS_FOR = re.compile(r"(?:现在|下面|今天|受[^，。]{1,30}委托)?，?我(?:谨)?(?:受[^，。]{1,30}委托，?)?(?:谨)?代表")
_SENTENCE = re.compile(r"[。！；]")
_NUMBER = re.compile(
    r"[（(]?(?P<number>[一-鿿]{1,14}\s*[〔\[［【（(﹝〖]\s*20\d\d\s*年?\s*[〕\]］】）)﹞〗]\s*第?\s*\d{1,4}\s*号?)"
    rf"(?:\s*(?:签发人?[：:]?.*|(?:{DATE.pattern})?\s*[）)]?)?)?$"
)
_MEETING = re.compile(r"[（(—-]*\s*(?:20\d\d\s*年|二).{4,40}(?:会议|大会)(?:上|通过)?\s*[）)]?$")
_ADDRESSEE = re.compile(r"(?:委|府|局|办|会|厅|部|院|组|署|室|中心|代表|委员|主任|同志|领导|单位)[^一-鿿]{0,3}[：:]$")
TITLE_END = re.compile(
    r"(?:报\s*告|总结|汇报|情况|年报|要点|方案|计划|意见|通知|白皮书|解读|清单|统计表|情况表|答记者问|公报|安排|通报|述法|公告|函|说明|办法|规定|公示)\s*(?:[（(].{1,20}[）)])?$"
)
_TITLE_NEXT = re.compile(r"(?:关于|20\d\d|二[〇○零]|法治|推进|贯彻|落实|年度|依法|建设|工作|情况|的|—{1,2}|[（(])")
_TITLE_OPEN = re.compile(r"(?:关于|年度?|的|和|与|及|、|法治|政府|建设|推进|工作|开展)$")
_MAX_TITLE = 90
# A table of contents has no more entries, and stands before no more headings.
_MOST_ENTRIES, _MOST_HEADINGS = 150, 1500
# In how many lines below the head its title may stand, after an introduction.
_EARLY_LINES = 8
_CONTENTS = re.compile(r"[【\[]?目[\s　]*[录次][】\]]?$")
_PLAIN_HEADING = re.compile(r"[一-鿿，、\d]{4,30}$")
_TITLE_REST = re.compile(r"(?:报告|总结|汇报|年报|述法)$|^(?:关于|的)")


def name_head(lines: list[Line]) -> int:
    """Name the lines before the body; the index of the first body line."""
    end = 0
    has_title = False
    for end, line in enumerate(lines[:HEAD_LINES]):
        kind = _head_kind(line)
        if kind == "body" or (kind == "text" and has_title and _is_first_heading(lines, end)):
            break
        has_title = has_title or (kind == "text" and bool(TITLE_END.search(line.text)))
        line.kind = kind
    else:
        end = min(len(lines), HEAD_LINES)
    _find_title(lines[:end])
    for line in lines[:end]:
        if line.kind == "text":
            line.kind = "masthead"
    return end


def _is_first_heading(lines: list[Line], place: int) -> bool:
    """Whether a line below the title, without a number, is the first heading: a paragraph or another such line follows.

    A title of several lines goes on with 的报告 or 关于…, and a paragraph of the head is an address.
    """
    text = lines[place].text
    before = lines[place - 1].text
    if not _PLAIN_HEADING.match(text) or _TITLE_OPEN.search(before) or text in before or _TITLE_REST.search(text):
        return False
    after = [line.text for line in lines[place + 1:place + 3]]
    if not after or _ADDRESSEE.search(after[0]) or GREETING.match(after[0]):
        return False
    is_paragraph = [len(line) > 40 and bool(_SENTENCE.search(line)) for line in after]
    return is_paragraph[0] or (is_paragraph[-1] and bool(_PLAIN_HEADING.match(after[0])) and not _TITLE_REST.search(after[0]))


def _head_kind(line: Line) -> str:
    text = line.text
    if line.kind == "footnote":
        return "footnote"
    if FURNITURE.match(text) or FIELD_START.match(text):
        return "field" if FIELD.search(text) else "furniture"
    if line.kind == "table_row":
        return "field" if re.match(FIELD_KEYS, text) else "body"
    if len(text) <= 60 and _NUMBER.match(text):
        return "number"
    if len(text) <= 80 and (DATE_LINE.match(text) or _MEETING.match(text)):
        return "date"
    if SPEAKS_FOR.match(text):
        return "body"
    if STARTS_BODY.match(text) or (len(text) < 30 and _REVIEW_HEADING.match(text)):
        return "body"
    if len(text) < 40 and _SPEAKER.match(text):
        return "masthead"
    if len(text) <= 100 and (_ADDRESSEE.search(text) or GREETING.match(text)) and "如下" not in text:
        return "addressee"
    if len(text) > _MAX_TITLE or _SENTENCE.search(text) or "如下" in text or text.endswith(("：", ":", "，")):
        return "body"
    if text.endswith("文件") or (ORGANISATION.search(text) and not TITLE_END.search(text) and "关于" not in text):
        return "masthead"
    return "text"


def _find_title(head: list[Line]) -> None:
    """Mark the title: the first line that ends like one, with the lines that belong to it before and after."""
    last = next(
        (number for number, line in enumerate(head) if line.kind == "text" and TITLE_END.search(line.text)), None
    )
    if last is None:
        last = next((number for number, line in enumerate(head) if line.kind == "text" and len(line.text) >= 6), None)
        if last is None:
            return
    first = last
    while first and head[first - 1].kind in ("text", "masthead") and not head[first - 1].text.endswith("文件"):
        before, here = head[first - 1].text, head[first].text
        if before in here or not (_TITLE_NEXT.match(here) or _TITLE_OPEN.search(before)):
            break
        first -= 1
    while (
        last + 1 < len(head)
        and head[last + 1].kind == "text"
        and (head[last + 1].text == head[last].text or re.match(r"[（(—]", head[last + 1].text))
    ):
        last += 1
    for line in head[first : last + 1]:
        line.kind = "title"
    title = "".join(line.text for line in head[first : last + 1])
    for line in head:  # the title printed once more, above or below
        if line.kind in ("text", "masthead") and len(line.text) > 8 and (line.text == title or line.text in title):
            line.kind = "title" if line.kind == "text" else line.kind


def name_contents(lines: list[Line], head_end: int) -> None:
    """Name a table of contents at the beginning of the body, or below its title: headings in a row that all come again later."""
    early = range(head_end, min(len(lines), head_end + _EARLY_LINES))
    title = next((place for place in early if _CONTENTS.match(lines[place].text)), None)
    head_end = head_end if title is None else title + 1
    stop = head_end
    while (
        stop < min(len(lines), head_end + _MOST_ENTRIES)
        and len(lines[stop].text) <= 60
        and LABEL.match(lines[stop].text)
        and not _SENTENCE.search(lines[stop].text)
    ):
        stop += 1
    if stop - head_end < 2:
        return
    entries = [_PAGE_NUMBER.sub("", line.text) for line in lines[head_end:stop]]
    labelled = (place for place in range(head_end, len(lines)) if LABEL.match(lines[place].text))
    places = list(islice(labelled, _MOST_HEADINGS))
    while stop - head_end >= 2:
        later = [lines[place].text for place in places if place >= stop]
        listed = entries[: stop - head_end]
        if len(set(listed)) > 1 and all(any(text.startswith(entry) for text in later) for entry in listed):
            for line in lines[head_end if title is None else title : stop]:
                line.kind = "contents"
            return
        stop -= 1  # the last of the row may be the first real heading
