"""Lists and styles of a binary Word file: which number a paragraph carries. Names follow [MS-DOC]."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from pipeline.reading.doc_properties import Paragraph, parse_paragraph
from pipeline.reading.numbering import Level, ListCounter

# The number formats (MSONFC) by their names in Office Open XML; others count in digits.
NUMBER_STYLES = {
    0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter", 10: "ideographDigital",
    11: "japaneseCounting", 16: "japaneseLegal", 17: "japaneseDigitalTenThousand", 18: "decimalEnclosedCircle",
    22: "decimalZero", 23: "bullet", 26: "decimalEnclosedFullstop", 27: "decimalEnclosedParen",
    28: "decimalEnclosedCircleChinese", 29: "ideographEnclosedCircle", 30: "ideographTraditional",
    31: "ideographZodiac", 33: "taiwaneseCounting", 34: "ideographLegalTraditional",
    35: "taiwaneseCountingThousand", 36: "taiwaneseDigital", 37: "chineseCounting", 38: "chineseLegalSimplified",
    39: "chineseCountingThousand", 40: "chineseCounting", 255: "none",
}
_LIST_SIZE, _LEVEL_SIZE, _LEVELS = 28, 28, 9
_NO_STYLE = 0x0FFF


@dataclass
class _Override:
    """A list as paragraphs refer to it: the definition, and what it changes about some levels."""

    definition: int
    starts: dict[int, int] = field(default_factory=dict)
    levels: dict[int, Level] = field(default_factory=dict)


@dataclass
class Lists:
    """All lists and the styles that use them; `label` counts as paragraphs come."""

    definitions: dict[int, list[Level]] = field(default_factory=dict)
    overrides: list[_Override] = field(default_factory=list)
    styles: dict[int, Paragraph] = field(default_factory=dict)
    parents: dict[int, int] = field(default_factory=dict)
    counter: ListCounter = field(default_factory=ListCounter)
    _used: set[tuple[int, int]] = field(default_factory=set)

    def label(self, paragraph: Paragraph) -> str:
        """The number of the next paragraph; "" when it has none."""
        list_no, level = self._resolved(paragraph)
        if not 1 <= list_no <= len(self.overrides):
            return ""
        override = self.overrides[list_no - 1]
        levels = self.definitions.get(override.definition, [])
        if override.levels:
            levels = [override.levels.get(place, shared) for place, shared in enumerate(levels)]
        key = str(override.definition)
        if level in override.starts and (list_no, level) not in self._used:
            self.counter.restart(key, level, override.starts[level])
        self._used.add((list_no, level))
        return self.counter.label(key, level, levels)

    def _resolved(self, paragraph: Paragraph) -> tuple[int, int]:
        list_no, level = paragraph.list_no, paragraph.level
        style, seen = paragraph.style, set[int]()
        while (list_no is None or level is None) and style in self.styles and style not in seen:
            seen.add(style)
            own = self.styles[style]
            list_no = own.list_no if list_no is None else list_no
            level = own.level if level is None else level
            style = self.parents.get(style, _NO_STYLE)
        return list_no or 0, level or 0


def read_lists(table: bytes, lists_at: tuple[int, int], overrides_at: tuple[int, int], styles_at: tuple[int, int]) -> Lists:
    """Lists, their overrides and the styles; (offset, size) of each in the table stream, size 0 where there is none."""
    lists = Lists()
    if lists_at[1]:
        _read_definitions(table, lists_at, lists)
    if overrides_at[1]:
        _read_overrides(table, overrides_at[0], lists)
    if styles_at[1] and lists.overrides:
        _read_styles(table[styles_at[0]:styles_at[0] + styles_at[1]], lists)
    return lists


def _read_definitions(table: bytes, at: tuple[int, int], lists: Lists) -> None:
    start = at[0]
    count = struct.unpack_from("<h", table, start)[0]
    # The levels of all lists follow the list headers, outside the size that the header gives.
    place = start + 2 + count * _LIST_SIZE
    for number in range(max(count, 0)):
        header = start + 2 + number * _LIST_SIZE
        key = struct.unpack_from("<i", table, header)[0]
        is_simple = table[header + 26] & 1
        levels = []
        for _ in range(1 if is_simple else _LEVELS):
            level, place = _read_level(table, place)
            levels.append(level)
        lists.definitions[key] = levels


def _read_level(table: bytes, place: int) -> tuple[Level, int]:
    start, style, flags = struct.unpack_from("<iBB", table, place)
    n_character, n_paragraph = table[place + 24], table[place + 25]
    place += _LEVEL_SIZE + n_character + n_paragraph
    length = struct.unpack_from("<H", table, place)[0]
    raw = table[place + 2:place + 2 + 2 * length].decode("utf-16-le", "replace")
    # Characters 0 to 8 stand for the numbers of the levels.
    text = "".join(f"%{ord(character) + 1}" if ord(character) < _LEVELS else character for character in raw)
    name = NUMBER_STYLES.get(style, "decimal")
    return Level(text, name, start, not flags & 0x08, bool(flags & 0x04)), place + 2 + 2 * length


def _read_overrides(table: bytes, start: int, lists: Lists) -> None:
    count = struct.unpack_from("<i", table, start)[0]
    heads = []
    for number in range(max(count, 0)):
        key = struct.unpack_from("<i", table, start + 4 + 16 * number)[0]
        heads.append((key, table[start + 4 + 16 * number + 12]))
    place = start + 4 + 16 * len(heads)
    for key, n_levels in heads:
        override = _Override(key)
        place += 4
        for _ in range(n_levels):
            begin, flags = struct.unpack_from("<iI", table, place)
            place += 8
            level_no = flags & 0x0F
            if flags & 0x20:
                override.levels[level_no], place = _read_level(table, place)
                begin = override.levels[level_no].start
            if flags & 0x10:
                override.starts[level_no] = begin
        lists.overrides.append(override)


def _read_styles(sheet: bytes, lists: Lists) -> None:
    header_size = struct.unpack_from("<H", sheet)[0]
    count, base_size = struct.unpack_from("<HH", sheet, 2)
    place = 2 + header_size
    for style in range(count):
        size = struct.unpack_from("<H", sheet, place)[0]
        entry = sheet[place + 2:place + 2 + size]
        place += 2 + size
        if len(entry) < base_size + 2:
            continue
        kind, based_on = entry[2] & 0x0F, struct.unpack_from("<H", entry, 2)[0] >> 4
        if kind != 1:
            continue
        # The name, its length before and a null after it; then the paragraph properties.
        name_end = base_size + 2 + 2 * struct.unpack_from("<H", entry, base_size)[0] + 2
        if name_end + 4 > len(entry):
            continue
        length = struct.unpack_from("<H", entry, name_end)[0]
        lists.styles[style] = parse_paragraph(style, entry[name_end + 4:name_end + 2 + length])
        lists.parents[style] = based_on
