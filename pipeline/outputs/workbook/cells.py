"""What a cell holds and how it looks: clean text, widths for Chinese, styles, and the one function that writes a cell.

What belongs here: the safety of the workbook. Text from reports is only ever written as a string, never as a formula,
number or link; nothing that is too long disappears without a mark.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.outputs.look import ACCENT, HATCH, INK, NAVY, QUIET, RULE

# A file only names its font; 微软雅黑 comes with Windows and with Office for Mac, elsewhere a like one takes its place.
FONT = "微软雅黑"
LINE, LINK = "#D5DAE0", "#1A5FA8"

CELL_CHARS = 32_767  # what Excel holds in one cell, counted in UTF-16 units
LINE_POINTS, PADDING_POINTS, MOST_POINTS = 15.0, 4.0, 409.0
LINKS_PER_SHEET = 65_000  # Excel refuses a sheet with more than 65,530

# Characters that XML cannot hold, and those that would turn the reading direction of a neighbour.
_UNWRITABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_LINE_BREAKS = re.compile("\r\n?|[\x0b\x0c\u2028\u2029]")
# Everything from CJK radicals upward, and the punctuation that Chinese fonts draw in a full square.
_WIDE = re.compile("[\u1100-\u115f\u2e80-\uffdc\U00010000-\U0010ffff—…“”‘’·①-⓿■-◿‰℃]")

_BASE: Mapping[str, Any] = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "top"}
_GRID: Mapping[str, Any] = {"border": 1, "border_color": LINE}
_RIGHT: Mapping[str, Any] = {"align": "right", "indent": 1}
_MIDDLE: Mapping[str, Any] = {"align": "center"}

# The states of an answer differ by word and by fill or frame, so a grey print tells them apart.
STYLES: Mapping[str, Mapping[str, Any]] = {
    "title": {**_BASE, "font_size": 15, "bold": True, "font_color": NAVY, "valign": "vcenter"},
    "back": {**_BASE, "font_color": LINK, "underline": 1, "valign": "vcenter"},
    "note": {**_BASE, "font_color": QUIET, "text_wrap": True},
    "demonstration": {**_BASE, "bold": True, "font_color": ACCENT, "bg_color": "#FBE9E7", "text_wrap": True},
    "header": {**_BASE, "bold": True, "font_color": "#FFFFFF", "bg_color": NAVY, "border": 1, "border_color": "#FFFFFF",
               "text_wrap": True, "valign": "vcenter", "align": "center"},
    "text": {**_BASE, **_GRID, "text_wrap": True},
    "free": {**_BASE, **_GRID, "text_wrap": True, "quote_prefix": True},
    "code": {**_BASE, **_GRID, "font_color": QUIET, "font_size": 8},
    "number": {**_BASE, **_GRID, **_RIGHT},
    "middle": {**_BASE, **_GRID, **_MIDDLE},
    "link": {**_BASE, **_GRID, **_MIDDLE, "font_color": LINK, "underline": 1},
    "go": {**_BASE, **_GRID, "font_color": LINK, "underline": 1},
    "value": {**_BASE, **_GRID, **_RIGHT},
    "approximate": {**_BASE, **_GRID, **_RIGHT, "italic": True, "bg_color": "#EAF2FA", "quote_prefix": True},
    "zero": {**_BASE, **_RIGHT, "bold": True, "border": 2, "border_color": NAVY},
    "not_disclosed": {**_BASE, **_GRID, **_MIDDLE, "font_color": QUIET, "font_size": 9,
                      "pattern": 14, "fg_color": HATCH, "bg_color": "#FFFFFF"},
    "missing": {**_BASE, **_MIDDLE, "font_color": QUIET, "font_size": 9, "border": 4, "border_color": RULE},
    "na": {**_BASE, **_GRID, **_MIDDLE, "font_size": 9, "bg_color": "#F1EDE4"},
    "ambiguous": {**_BASE, **_GRID, **_MIDDLE, "bold": True, "bg_color": "#FFF1C2"},
    "corrected": {**_BASE, **_RIGHT, "underline": 1, "border": 1, "border_color": LINE, "bg_color": "#DDEFE3"},
    "passed": {**_BASE, **_GRID, **_MIDDLE, "font_color": "#2C5E3F"},
    "failed": {**_BASE, **_GRID, **_MIDDLE, "bold": True, "font_color": ACCENT, "bg_color": "#FBE3DF"},
    "unknown": {**_BASE, **_GRID, **_MIDDLE, "font_color": QUIET},
    "input": {**_BASE, "border": 1, "border_color": "#B8860B", "bg_color": "#FFFBEA", "text_wrap": True, "locked": False},
    "changed": {"font_name": FONT, "font_size": 10, "bold": True, "font_color": ACCENT, "underline": 1},
    "same": {"font_name": FONT, "font_size": 10, "font_color": INK},
}


@dataclass(frozen=True)
class Cell:
    """One cell that is more than a plain value of its column.

    `target` is an internal: or external: link, `tip` what shows under the pointer, `marks` the spans of `value`
    that differ from the passage beside it.
    """

    value: str | float | None
    style: str = ""
    target: str = ""
    tip: str = ""
    number_format: str = ""
    marks: tuple[tuple[int, int], ...] = ()


def clean_text(text: str) -> str:
    """Text that every spreadsheet program can hold: no control characters, one kind of line break."""
    # Printable text, nearly all of it, holds none of them.
    return text if text.isprintable() else _UNWRITABLE.sub("", _LINE_BREAKS.sub("\n", text))


def _utf16_length(text: str) -> int:
    return len(text) + sum(1 for character in text if character > "\uffff")


def cut_text(text: str, most: int = CELL_CHARS) -> str:
    """The text itself when a cell holds it; else its beginning and a mark that says how much is left out."""
    if len(text) * 2 <= most or _utf16_length(text) <= most:
        return text
    room = most - 60
    kept = text[:room]
    while _utf16_length(kept) > room:
        kept = kept[: len(kept) - max(1, (_utf16_length(kept) - room) // 2)]
    return f"{kept}……〔本格装不下，其余 {len(text) - len(kept)} 字未列出，请看原文〕"


def text_width(text: str) -> float:
    """Width in Excel column units: a Chinese character takes about two digits."""
    return len(text) * 1.05 + len(_WIDE.findall(text)) * 0.9


def count_lines(text: str, width: float) -> int:
    """Lines that `text` takes in a column of `width`."""
    room = max(width - 1.5, 1.0)
    if len(text) * 2 <= room and "\n" not in text:
        return 1
    return sum(max(1, math.ceil(text_width(line) / room)) for line in text.split("\n"))


def row_height(lines: int) -> float:
    return min(lines * LINE_POINTS + PADDING_POINTS, MOST_POINTS)


def number_format(value: float, unit: str = "") -> str:
    """Thousands separators, decimals only where there are some, % kept on the 0–100 scale."""
    whole = float(value).is_integer()
    if unit in ("%", "％"):
        return '0"%"' if whole else '0.0#"%"'
    return "#,##0" if whole else "#,##0.0#"


class Styles:
    """The formats of one workbook; each is made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, str], Any] = {}

    def get(self, name: str, number: str = "") -> Any:
        """Format `name` of STYLES, with a number format."""
        key = (name, number)
        if key not in self._made:
            properties = dict(STYLES[name])
            if number:
                properties["num_format"] = number
            self._made[key] = self._book.add_format(properties)
        return self._made[key]


def write_cell(sheet: Any, row: int, column: int, cell: Cell, styles: Styles) -> bool:
    """Write one cell; whether a link of it was refused (too long, or too many on the sheet)."""
    made = styles.get(cell.style or "text", cell.number_format)
    value = cell.value
    shown = cut_text(clean_text(value)) if isinstance(value, str) else value
    refused = False
    if cell.target:
        word = shown if isinstance(shown, str) else ""
        # The number is written over the link's word: the link stays, and the cell still counts as a number.
        refused = sheet.write_url(row, column, cell.target, made, word or "打开", clean_text(cell.tip)[:250] or None) != 0
    if shown is None or shown == "":
        if not cell.target:
            sheet.write_blank(row, column, None, made)
    elif not isinstance(shown, str):
        if math.isfinite(shown):
            sheet.write_number(row, column, shown, made)
        else:
            sheet.write_string(row, column, "", made)
    elif cell.marks and shown == value:
        _write_marked(sheet, row, column, shown, cell.marks, made, styles)
    elif not cell.target or refused:
        sheet.write_string(row, column, shown, made)
    return refused


def _write_marked(sheet: Any, row: int, column: int, text: str, marks: tuple[tuple[int, int], ...], made: Any,
                  styles: Styles) -> None:
    """A string of which the marked spans are set off."""
    pieces: list[Any] = []
    at = 0
    for start, end in marks:
        if text[at:start]:
            pieces += [styles.get("same"), text[at:start]]
        if text[start:end]:
            pieces += [styles.get("changed"), text[start:end]]
        at = end
    if text[at:]:
        pieces += [styles.get("same"), text[at:]]
    # A rich string needs two pieces; a passage that differs from end to end is plain.
    if len(pieces) < 4:
        sheet.write_string(row, column, text, made)
    else:
        sheet.write_rich_string(row, column, *pieces, made)
