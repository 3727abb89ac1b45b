"""Text files that are no prose: data, programs, settings, logs. A report among them would be counted as one without figures.

Only their shape is looked at, on the first bytes and before the encoding is known; reports in any encoding have another.
"""

from __future__ import annotations

import re
from collections import Counter

_JSON = re.compile(r"\s*(?:\{\s*(?:\"|\}\s*$)|\[\s*(?:[{\"\[]|\]\s*$))")
_XML = re.compile(r"\s*<(?!<)[A-Za-z_][\w:.-]*(?:\s[^<>]*)?/?>")
_END_TAG = re.compile(r"</[A-Za-z_][\w:.-]*>")
# A line of a program: import os, def f(x):, }, SELECT * FROM, #include <x>, return x; and of settings: key: value, [part].
_CODE = re.compile(
    r"\s*(?:(?:import|from|def|class|function|public|private|static|const|let|var|return|package|using|namespace|#include|@\w+)\b"
    r"|(?:SELECT|INSERT|CREATE|UPDATE|DELETE|DROP|ALTER)\s|(?:if|for|while|else|elif|try|except|switch|case)\b.*[:{(]\s*$|[\])}]+[,;)]*\s*$"
    r"|[\[({]*\s*[furbFURB]{0,2}[\"'].*[,)\]}](?:\s*#.*)?\s*$|[\w.]+\s*[-+*|]?=[^=]|#!|//|/\*|\$\w+\s*=|(?:echo|export|sudo|cd)\s)")
_SETTING = re.compile(r"\s*(?:-\s+)?[\"']?[A-Za-z_][\w.-]*[\"']?\s*:(?:\s|$)|\s*\[[\w.:-]+\]\s*$")
_ITEM = re.compile(r"\s*-\s+\S")
_LOG = re.compile(r"\s*\[?\d{4}-\d\d-\d\d[ T]\d\d:\d\d")
# 。 at the end of a line, in GB 18030 and UTF-8 as bytes, in UTF-16 decoded; prose has it often, even where commas abound.
_FULL_STOPS = ("\xa1\xa3", "\xe3\x80\x82", "。")
_PROSE = 0.3
_FEWEST_LINES = 3
_MOST = 0.8
# A hanzi is two or three such bytes; text in Chinese has hardly any others.
_CHINESE_BYTES = 0.25
_SMALLEST = 120


def data_kind(head: str, is_whole: bool) -> str | None:
    """json, xml, csv or code for a file that begins with `head` (a character a byte); None for anything else."""
    if _JSON.match(head):
        return "json"
    if _XML.match(head) and len(_END_TAG.findall(head)) >= 2:
        return "xml"
    lines = [line for line in head.replace("\r", "\n").split("\n") if line.strip() and not line.startswith("#")]
    if not is_whole:
        lines = lines[:-1]
    if _is_table(lines):
        return "csv"
    if sum(line.rstrip(" \t").endswith(_FULL_STOPS) for line in lines) >= _PROSE * max(1, len(lines)):
        return None
    settings = _share(_SETTING, lines)
    if _share(_CODE, lines) > 0.3 or (settings > 0.15 and settings + _share(_ITEM, lines) > 0.6) or _share(_LOG, lines) > 0.6:
        return "code"
    letters = "".join(head.split())
    n_ascii = len(letters.encode("ascii", "ignore"))
    if len(letters) >= _SMALLEST and len(letters) - n_ascii < _CHINESE_BYTES * len(letters):
        return "code"
    return None


def _share(pattern: re.Pattern[str], lines: list[str]) -> float:
    return sum(bool(pattern.match(line)) for line in lines) / len(lines) if len(lines) >= _FEWEST_LINES else 0.0


def _is_table(lines: list[str]) -> bool:
    """Whether nearly all lines have the same number of commas, tabs or semicolons: the rows of a sheet."""
    if len(lines) < _FEWEST_LINES:
        return False
    for mark in (",", "\t", ";"):
        if sum(mark in line for line in lines) < _MOST * len(lines):
            continue
        counts = Counter(line.strip(" \t\xa1").count(mark) for line in lines)
        number, times = counts.most_common(1)[0]
        if number >= 2 and times >= _MOST * len(lines):
            return True
        if number == 1 and times >= _MOST * len(lines) and len(lines) >= 5 and _has_numbers(lines, mark):
            return True
    return False


def _has_numbers(lines: list[str], mark: str) -> bool:
    """Whether one of two columns holds figures in most rows."""
    cells = [line.split(mark, 1) for line in lines if mark in line]
    for column in zip(*(pair for pair in cells if len(pair) == 2), strict=True):
        if sum(bool(re.fullmatch(r"\s*\"?-?[\d.,]+%?\"?\s*", cell)) for cell in column) >= 0.6 * len(lines):
            return True
    return False
