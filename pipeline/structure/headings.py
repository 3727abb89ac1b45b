"""Numbers and headings at the start of a paragraph: 一、 （一） 1. （1） 一是, and where the heading ends.

A heading stands alone, or runs into its paragraph: “（一）加强组织领导。为推进……”. An item that is a whole
sentence of its own (“（一）年内培训不少于2期。”) has a number but no heading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_HANZI = "一二三四五六七八九十"
_DIGIT = {character: value for value, character in enumerate(_HANZI, 1)}
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_BRACKETED = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
_BRACKETED_HANZI = "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"
_DOTTED = "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"

# Style 1 takes 一、 一. 一 、 第一部分 —、; style 2 （一） (一) 一） ㈠; style 3 1. 1、 1． but not 3.15 or 12.4;
# style 4 （1） 1） ① ⑴; style 5 一是 二要 其一 首先 第一， —— ★.
LABEL = re.compile(
    rf"(?P<s1>第(?P<p1>[{_HANZI}]{{1,3}})部分\s*[、：:．.]?|(?P<n1>[{_HANZI}]{{1,3}})\s*(?:、|[．.](?!\d))|(?P<d1>[—-])\s?、)"
    rf"|(?P<s2>[（(]\s*(?P<n2>[{_HANZI}]{{1,3}})\s*[）)]\s*、?|(?P<m2>[{_HANZI}]{{1,3}})[）)]\s*、?"
    rf"|[（(](?P<k2>[{_HANZI}]{{1,3}})(?=[^{_HANZI}）)、，。]{{2}})|(?P<c2>[{_BRACKETED_HANZI}]))"
    rf"|(?P<s3>(?P<n3>[1-9]\d?)\s*(?:[.．](?!\d)|、(?!\d+[月日年])|[,，](?=[一-鿿]))|(?P<c3>[{_DOTTED}]))"
    rf"|(?P<s4>[（(]\s*(?P<n4>[1-9]\d?)\s*[）)]|(?P<m4>[1-9]\d?)[）)]|(?P<c4>[{_CIRCLED}{_BRACKETED}]))"
    rf"|(?P<s5>(?P<n5>[{_HANZI}]{{1,2}})(?:是|要(?!素|点|件|求)(?=[^，。]))|其(?P<m5>[{_HANZI}])(?:是|[、，,：:])|第(?P<k5>[{_HANZI}]{{1,2}})[，,、：:]"
    rf"|(?:首先|其次|再次|最后)[，,]|一方面|另一方面|—{{1,2}}|[★●■◆▲•·])"
)
ENUMERATION = re.compile(rf"(?P<n>[{_HANZI}]{{1,2}})(?:是|要)|其[{_HANZI}](?:是|(?=[，、：]))|第[{_HANZI}]，")

MAX_HEADING = 42
MAX_ALONE = 60
MAX_COUNTING = 18
_OPENING, _CLOSING, _STOPS = "“‘（(《〔[", "”’）)》〕]", "。：:！!？?；;"
_SENTENCE_MARK = re.compile(r"[。；！？：:;!?]")
_MARK = re.compile(r"[“‘（(《〔\[”’）)》〕\]。：:！!？?；; 　\t]")
_SENTENCE_FOLLOWS = re.compile(r"(?:　+|[ \t]+(?![\d\w]*\d))[\w“《].{6,}[，。；]")
# A heading that has lost the break after it: 一、主要举措和成效2022年，我局……
GLUED = re.compile(
    r"[^，。；：]{2,36}?(?:成效|成绩|举措|做法|情况|原因|不足|问题|安排|打算|计划|措施|思路|职责|回顾|任务|方向|建议)"
    r"(?=20\d\d年(?!度?(?:工作|主要|的|推进|法治))|今年以来|一年来|我[局委办镇县区市院]|[（(]一[）)]|1[.．、][一-鿿]|一[是要]|为(?:深入|全面|进一步|切实|认真|贯彻)|刚刚过去)"
)
# Words of a statement about the year, which a heading does not contain: what follows 。 is then the next statement.
_STATEMENT = re.compile(
    r"\d[\d,，.]*\s*(?:余|多)?\s*(?:件|次|人|场|份|条|项|家|个|名|期|%|％|万|亿|元|户|起|处|批|台|宗|册|部|篇|卷|所|天|小时|分)(?!一)"
    r"|全年(?!度)|年内|截至|累计|力争|不少于|不低于|本年度|每年|每季度|每月|每半年|年底前|月底前|上半年|下半年"
    r"|^(?:我|本)(?:局|委|办|镇|街道|中心|单位|区|县|市)"
)
# Characters; longer paragraphs are not kept in memory.
_MOST_REMEMBERED = 400


@dataclass(frozen=True, slots=True)
class Heading:
    """A number (and heading) at the start of a paragraph. Offsets count from the paragraph's first character.

    `style` is 1 to 5 (0 without a number), `number` the place in its series (0 where there is none);
    `heading` is "" for an item without one; the body begins at `body`. `is_alone`: nothing follows in the paragraph.
    """

    style: int
    number: int
    label: str
    heading: str
    body: int
    is_alone: bool


def read_heading(text: str, may_count: bool = False) -> Heading | None:
    """The number and heading with which paragraph `text` begins; None where it begins with neither.

    `may_count`: a short heading may hold a count. Among shortcomings （二）1起案件被确认违法。系…… names one; elsewhere
    it states what was done.
    """
    return (_remember if len(text) <= _MOST_REMEMBERED else _read)(text, may_count)


def _read(text: str, may_count: bool) -> Heading | None:
    match = LABEL.match(text)
    if match is None:
        return None
    groups = match.groupdict()
    style = next(number for number in range(1, 6) if groups[f"s{number}"])
    label = match.group().strip()
    number = _value(groups)
    if groups["d1"]:
        label = "一、"  # OCR reads 一、 as —、
    begin = match.end()
    while begin < len(text) and text[begin] in " 　\t\n":
        begin += 1
    if style == 5:
        if number and not label.endswith(("是", "要")) and len(text) <= MAX_ALONE and not _SENTENCE_MARK.search(text):
            return Heading(3, number, label.rstrip("，,、：:"), text[begin:], len(text), True)  # 第五，加强生态保护
        return Heading(5, number, label.rstrip("，,、：:"), "", 0, False)
    heading, body, is_alone = _split(text, begin, style, may_count)
    if style in (3, 4) and not heading and begin == match.end() and groups.get("m4"):
        return None
    return Heading(style, number, label, heading, body, is_alone)


# Identity and outline read the same paragraphs, some thousands in a batch.
_remember = lru_cache(maxsize=16_384)(_read)


def is_statement(text: str) -> bool:
    """Whether `text` states something about the year (a count, 全年, 我局 …), as a heading does not."""
    return bool(_STATEMENT.search(text))


def _value(groups: dict[str, str | None]) -> int:
    for key in ("p1", "n1", "n2", "m2", "k2", "n5", "m5", "k5"):
        if groups[key]:
            return hanzi_value(groups[key] or "")
    for key in ("n3", "n4", "m4"):
        if groups[key]:
            return int(groups[key] or 0)
    for key, signs in (("c2", _BRACKETED_HANZI), ("c3", _DOTTED), ("c4", _CIRCLED + _BRACKETED)):
        if groups[key]:
            return signs.index(groups[key] or "") % 20 + 1
    return 1 if groups["d1"] else 0


def hanzi_value(text: str) -> int:
    """一 to 九十九; 0 for anything else."""
    if "十" in text:
        tens, _, ones = text.partition("十")
        return _DIGIT.get(tens, 1) * 10 + _DIGIT.get(ones, 0)
    return _DIGIT.get(text, 0)


def _split(text: str, begin: int, style: int, may_count: bool) -> tuple[str, int, bool]:
    """(heading, where the body begins, whether nothing follows) of a paragraph whose number ends at `begin`."""
    rest_length = len(text) - begin
    glued = GLUED.match(text, begin) if rest_length > MAX_HEADING or text.endswith("。") else None
    if glued:
        return glued.group(), glued.end(), False
    end = _heading_end(text, begin)
    if end is None:
        if rest_length <= MAX_ALONE and not text.endswith(("。", "；", ";", "！", "？", "，", "、")):
            return text[begin:].rstrip("：: 　"), len(text), True
        return "", begin, False
    after = end
    while after < len(text) and text[after] in "。：:！!？?；; 　\t”":
        after += 1
    heading = text[begin:end]
    if after >= len(text):  # one sentence and no more: a heading with a stray 。 only where it is short and plain
        is_heading = text[end] in "：:" or style == 1 or (len(heading) <= 14 and "，" not in heading)
        if is_heading and not _STATEMENT.search(heading):
            return heading, len(text), True
        return "", begin, False
    if not 2 <= len(heading) <= MAX_HEADING:
        return "", begin, False
    is_short = may_count and len(heading) <= MAX_COUNTING and "，" not in heading
    if _STATEMENT.search(heading) and not is_short:
        return "", begin, False
    if heading.count("，") > 2 or heading.count("《") != heading.count("》"):
        return "", begin, False
    return heading, after, False


def _heading_end(text: str, begin: int) -> int | None:
    """Where the first 。 or ： outside quotation marks and brackets stands, or a blank that ends a heading."""
    depth = 0
    for mark in _MARK.finditer(text, begin, begin + MAX_ALONE + 2):
        character, position = mark.group(), mark.start()
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth = max(0, depth - 1)
        elif depth == 0 and (character in _STOPS or _is_dividing_blank(text, begin, position)):
            return position
    return None


def _is_dividing_blank(text: str, begin: int, position: int) -> bool:
    """Whether the blank at `position` divides a heading of 4 to 30 characters from the sentence after it."""
    if not 4 <= position - begin <= 30 or not _SENTENCE_FOLLOWS.match(text, position):
        return False
    return not text[position - 1].isascii()
