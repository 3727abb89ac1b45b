"""How believable a text is as Chinese writing: wrong encodings and broken fonts show at once."""

from __future__ import annotations

import re
from functools import cache

# Normal reports measure 0.99 to 1.00, traditional characters about 0.76, twice-garbled text (锟斤拷) 0.13,
# a pdf font without character map 0.37 to 0.57.
BELIEVABLE = 0.6
_SAMPLE = 20_000
REPLACEMENT = "\ufffd"
# What U+FFFD becomes when its UTF-8 bytes are read as GBK.
_GARBLED = "锟斤拷"


@cache
def common_characters() -> frozenset[str]:
    """The 3,755 hanzi of GB2312 level 1, its symbols and punctuation, and printable ASCII; computed from the codec."""
    rows = [*range(0xA1, 0xAA), *range(0xB0, 0xD8)]
    symbols = {bytes((row, cell)).decode("gb2312", errors="ignore") for row in rows for cell in range(0xA1, 0xFF)}
    ascii_printable = {chr(code) for code in range(0x20, 0x7F)}
    return frozenset((symbols | ascii_printable | set("〇•·—…“”‘’％\t\n\r")) - {""})


def measure_quality(text: str) -> float:
    """Share of common characters among those that are not white space, 0 to 1; 0 for an empty text."""
    letters = "".join(text[:_SAMPLE].replace(_GARBLED, REPLACEMENT * 3).split())
    if not letters:
        return 0.0
    return 1 - len("".join(_uncommon().findall(letters))) / len(letters)


@cache
def _uncommon() -> re.Pattern[str]:
    """Runs of other characters; in a normal text there are few, so that one search is quicker than a look at each."""
    return re.compile(f"[^{re.escape(''.join(sorted(common_characters())))}]+")
