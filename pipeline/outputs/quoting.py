"""Words of a report as they are quoted: inner quotation marks, and cuts that break no number.

What belongs here: how a passage stands between “ and ”. Nothing is reworded.
"""

from __future__ import annotations

import re

_CLAUSE_ENDS = "，。；：！？、"
_IN_NUMBER = re.compile(r"[\d.,，%％〇一二三四五六七八九十百千万亿余多]")


def nest_quotes(text: str) -> str:
    """Quotation marks inside others become ‘ ’ (GB/T 15834): “开展‘城管进社区’活动”. Unpaired marks stay as they are."""
    if text.count("“") != text.count("”") or "“" not in text:
        return text
    depth, out = 0, []
    for char in text:
        if char == "“":
            depth += 1
        if char in "“”":
            out.append(char if depth % 2 else ("‘" if char == "“" else "’"))
        else:
            out.append(char)
        if char == "”":
            depth = max(0, depth - 1)
    return "".join(out)


def cut(text: str, most: int) -> str:
    """At most `most` characters, the last of them … where something is left out: cut behind a clause where one ends
    near, and never inside a number."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    ends = [place for place, char in enumerate(kept, 1) if char in _CLAUSE_ENDS and not text[place:place + 1].isdigit()]
    if ends and ends[-1] > 0.7 * most:
        return kept[: ends[-1]].rstrip(_CLAUSE_ENDS) + "…"
    # The rest of a number that the cut would tear apart goes, too.
    if _IN_NUMBER.match(text[len(kept)]):
        bare = kept
        while bare and _IN_NUMBER.match(bare[-1]):
            bare = bare[:-1]
        kept = bare or kept
    return kept + "…"


def quote(text: str, most: int = 0) -> str:
    """A passage between quotation marks, its own ones nested; nothing for nothing."""
    text = cut(text, most) if most else " ".join(text.split())
    return nest_quotes(f"“{text}”") if text else ""
