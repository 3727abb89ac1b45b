"""Read rtf: groups, code pages and Unicode escapes; deleted and hidden text out, list numbers as they are printed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipeline.errors import ReadingError
from pipeline.reading.raw import RawDocument
from pipeline.reading.rtf_output import Output
from pipeline.settings import Limits

# Raw bytes of GBK may look like \ { or }, so a lead byte takes the next byte with it.
_TOKEN = re.compile(
    rb"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9A-Fa-f]{2})|\\(?P<symbol>[^A-Za-z])"
    rb"|(?P<brace>[{}])|[\r\n]+|(?P<text>(?:[\x81-\xfe][\x40-\xfe]|[^\\{}\r\n])+)", re.DOTALL)
# What matters inside a group that is skipped: braces, escaped ones, raw GBK and binary data that may look like them.
_SKIPPABLE = re.compile(rb"\\bin(\d{1,10}) ?|\\[^A-Za-z]|[\x81-\xfe][\x40-\xfe]|([{}])", re.DOTALL)
_CHARSETS = {0: "cp1252", 77: "mac-roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5", 161: "cp1253",
             162: "cp1254", 204: "cp1251", 238: "cp1250"}
_PAGES = {936: "gb18030", 950: "big5", 932: "cp932", 949: "cp949", 54936: "gb18030", 65001: "utf-8"}
_SKIPPED = frozenset({
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "header", "headerl", "headerr", "headerf", "footer", "footerl",
    "footerr", "footerf", "listtable", "listoverridetable", "revtbl", "rsidtbl", "fldinst", "objdata", "objclass",
    "shprslt", "nonshppict", "annotation", "atnid", "atnauthor", "xe", "tc", "filetbl", "ftnsep", "ftnsepc", "ftncn",
    "aftnsep", "aftnsepc", "aftncn", "bkmkstart", "bkmkend", "themedata", "colorschememapping", "datastore",
    "latentstyles", "generator", "userprops", "xmlnstbl", "mmath", "sp", "upr", "background", "template", "pntxta",
    "pntxtb"})
# Starred groups are for programs that know them; of these the text counts.
_KNOWN_STARRED = frozenset({"shpinst", "ud", "footnote", "shptxt"})
_CHARACTERS = {"emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
               "bullet": "•", "tab": "\t", "line": "\n", "lbr": "\n", "emspace": " ", "enspace": " ", "qmspace": " "}
_FORMATS = frozenset({"ansicpg", "uc", "v", "deleted", "plain", "loch", "hich", "dbch", "f", "af", "par", "sect", "page",
                      "pard", "intbl", "cell", "nestcell", "row"})
_WORDS = {word.encode(): word for word in (*("bin", "u", "ud", "footnote", "shptxt", "listtext", "pntext"), *_SKIPPED, *_FORMATS, *_CHARACTERS)}
_UNICODE = re.compile(rb"(?:\\u-?\d{1,6} ?(?:\?|\\'[0-9a-fA-F]{2}))+")
_CODE = re.compile(rb"u(-?\d+)")
_SYMBOLS = {b"~": "\u00a0", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\"}
_DEEPEST = 500


@dataclass(frozen=True, slots=True)
class _State:
    """What a group sets and its end takes back. `part` is body, footnote, box, list number or nothing."""

    part: str = "body"
    is_removed: bool = False
    fonts: tuple[int, int] = (0, 0)
    is_wide: bool = False
    skip_after_unicode: int = 1


def read_rtf(content: bytes, limits: Limits) -> RawDocument:
    """Body with tables and text boxes, footnotes last. A file whose last brace is missing is read as far as it goes."""
    reader = _Reader(content, limits.text_chars)
    reader.run()
    document = RawDocument(pieces=reader.output.finish(), n_numbered=reader.output.n_numbered)
    if not content.rstrip(b"\x00 \r\n\t").endswith(b"}") or reader.is_open:
        document.notes.append(("文末", "文件没有正常结束，可能被截断；请核对原文是否完整"))
    return document


class _Reader:
    def __init__(self, content: bytes, most: int) -> None:
        self._content = content
        self.output = Output(most)
        self._state = _State()
        self._stack: list[_State] = []
        self._page = "cp1252"
        self._charsets: dict[int, str] = {}
        self._bytes = bytearray()
        self._to_skip = 0

    @property
    def is_open(self) -> bool:
        return bool(self._stack)

    def run(self) -> None:
        position = 0
        content = self._content
        while position < len(content):
            match = _TOKEN.match(content, position)
            if match is None:
                position += 1
                continue
            position = match.end()
            kind = match.lastgroup
            if kind == "number" or kind == "word":
                # Most control words only format; they do not end the run of bytes before them.
                word = _WORDS.get(match["word"])
                if word == "u" and self._state.skip_after_unicode == 1 and (run := _UNICODE.match(content, match.start())):
                    # Most writers give every hanzi so, each with one letter or byte for programs that do not know it.
                    self._flush()
                    self._characters("".join(chr(int(code) & 0xFFFF) for code in _CODE.findall(run[0])))
                    self._to_skip, position = 0, run.end()
                elif word is not None:
                    number = match["number"]
                    position = self._control(word, None if number is None else int(number), position)
            elif kind == "hex":
                self._byte_text(bytes((int(match["hex"], 16),)))
            elif kind == "text":
                self._byte_text(match["text"])
            elif kind == "symbol":
                position = self._symbol(match["symbol"], position)
            elif kind == "brace":
                self._flush()
                self._begin() if match["brace"] == b"{" else self._end()
        self._flush()

    def _begin(self) -> None:
        if len(self._stack) >= _DEEPEST:
            raise ReadingError(f"括号嵌套超过 {_DEEPEST} 层；疑似恶意文件，未读取")
        self._stack.append(self._state)
        self._to_skip = 0

    def _end(self) -> None:
        if not self._stack:
            return
        ended, self._state = self._state, self._stack.pop()
        self._to_skip = 0
        if ended.part != self._state.part and ended.part in ("footnote", "box"):
            self.output.end_paragraph(ended.part)

    def _symbol(self, symbol: bytes, position: int) -> int:
        self._flush()
        if symbol == b"*":
            following = _TOKEN.match(self._content, position)
            if following is None or following["word"] is None or following["word"].decode() not in _KNOWN_STARRED:
                self._state = replace(self._state, part="")
                return self._end_of_group(position)
        elif symbol in (b"\r", b"\n"):
            self.output.end_paragraph(self._state.part)
        elif symbol in _SYMBOLS:
            self._characters(_SYMBOLS[symbol])
        return position

    def _control(self, word: str, value: int | None, position: int) -> int:
        self._flush()
        state = self._state
        if word == "bin":
            return position + max(value or 0, 0)
        if word == "u" and value is not None:
            self._characters(chr(value & 0xFFFF))
            self._to_skip = state.skip_after_unicode
        elif word == "fonttbl":
            position = self._read_fonts(position)
        elif word in _SKIPPED:
            self._state = replace(state, part="")
            # Of {\upr …{\*\ud …}} the inner group counts.
            position = position if word == "upr" else self._end_of_group(position)
        elif word in ("footnote", "shptxt", "listtext", "pntext"):
            parts = {"footnote": "footnote", "shptxt": "box"}
            self._state = replace(state, part=parts.get(word, "number") if state.part else "")
        elif word == "ud":
            self._state = replace(state, part=self._stack[-2].part if len(self._stack) > 1 else "body")
        elif word in _CHARACTERS:
            self._characters(_CHARACTERS[word])
        else:
            self._format(word, value)
        return position

    def _format(self, word: str, value: int | None) -> None:
        state = self._state
        if word == "ansicpg":
            self._page = _PAGES.get(value or 0, self._page)
        elif word == "uc":
            self._state = replace(state, skip_after_unicode=max(value or 0, 0))
        elif word in ("v", "deleted", "plain"):
            is_removed = word != "plain" and value != 0
            if is_removed != state.is_removed:
                self._state = replace(state, is_removed=is_removed)
        elif word in ("loch", "hich", "dbch"):
            if state.is_wide != (word == "dbch"):
                self._state = replace(state, is_wide=not state.is_wide)
        elif word in ("f", "af"):
            place = int(state.is_wide)
            fonts = (value or 0, state.fonts[1]) if place == 0 else (state.fonts[0], value or 0)
            if fonts != state.fonts:
                self._state = replace(state, fonts=fonts)
        elif word in ("par", "sect", "page"):
            # A deleted paragraph mark joins two paragraphs.
            if not state.is_removed:
                self.output.end_paragraph(state.part)
        elif word == "pard":
            self.output.in_table = False
        elif word == "intbl":
            self.output.in_table = True
        elif word == "nestcell" and state.part:
            self.output.end_inner_cell()
        elif word == "cell" and state.part:
            self.output.end_cell()
        elif word == "row" and state.part:
            self.output.end_row()

    def _end_of_group(self, position: int) -> int:
        """The place of the brace that ends the open group; nothing inside it counts."""
        depth = 1
        while match := _SKIPPABLE.search(self._content, position):
            position = match.end() + int(match[1] or 0)
            if match[2]:
                depth += 1 if match[2] == b"{" else -1
                if depth == 0:
                    return match.start()
        return len(self._content)

    def _read_fonts(self, position: int) -> int:
        """Charsets of the font table; gives the place of the brace that ends it."""
        depth, font = 1, 0
        for match in _TOKEN.finditer(self._content, position):
            if match["brace"]:
                depth += 1 if match["brace"] == b"{" else -1
                if depth == 0:
                    return match.start()
            elif match["word"] == b"f" and match["number"]:
                font = int(match["number"])
            elif match["word"] == b"fcharset" and match["number"] and int(match["number"]) in _CHARSETS:
                self._charsets[font] = _CHARSETS[int(match["number"])]
        return len(self._content)

    def _byte_text(self, data: bytes) -> None:
        if self._to_skip:
            skipped = min(self._to_skip, len(data))
            self._to_skip -= skipped
            data = data[skipped:]
        self._bytes += data

    def _flush(self) -> None:
        """Decode the bytes gathered so far: only together do they make characters of two bytes."""
        if not self._bytes:
            return
        data = bytes(self._bytes)
        self._bytes.clear()
        if self._state.part and not self._state.is_removed:
            self._characters(data.decode("ascii") if data.isascii() else self._decoded(data))

    def _decoded(self, data: bytes) -> str:
        narrow, wide = (self._charsets.get(font, self._page) for font in self._state.fonts)
        names = [name for name in (narrow, wide, self._page) if name not in ("cp1252", "mac-roman")]
        for name in [*names, "gb18030", "cp1252"]:
            try:
                return data.decode(name)
            except UnicodeDecodeError:
                continue
        return data.decode(names[0] if names else "gb18030", "replace")

    def _characters(self, text: str) -> None:
        if self._state.part and not self._state.is_removed:
            self.output.add(self._state.part, text)
