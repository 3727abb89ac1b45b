"""Where the fonts are, which characters they have and how wide text is.

Fonts come from two pip packages and none is copied into this one:

* `zhplot`: Noto Sans SC Regular, a static TrueType file. Matplotlib measures text with it, and regular words inside
  chart bodies are set in it. The package is never imported (that would rewrite rcParams); only its file is used.
* `manimgx-fonts-cjk`: Noto Sans CJK, one variable collection with all weights. typst sets everything else with it.
  It has every character that the first font has.

Body text is Sans as well: the only pip package with a Serif (17 MB, one weight, no bold) costs more than it gives.
An office with 方正小标宋 or 仿宋_GB2312 names them with `Faces(body=("仿宋_GB2312",), folders=("/…",))`; Noto stays
behind as the fallback.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    import typst
    from matplotlib.ft2font import FT2Font

FAMILY = "Noto Sans CJK SC"
#: Inside SVG the variable collection is drawn Thin at weight 400 (typst 0.15.2), so regular words name the static file.
REGULAR_FAMILY = "Noto Sans SC"
REPLACEMENT = "〓"

# Invisible characters that change nothing when dropped. The bidirectional controls (U+202A–202E, U+2066–2069) would
# reorder the text around them.
_DROPPED = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF,
                          *range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xFE00, 0xFE10)])
_BOLD_LATIN_FACTOR = 1.07
_MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True)
class Faces:
    """Font families in order of preference, and folders beyond the two packages where typst may look for them."""

    body: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()

    @property
    def body_families(self) -> list[str]:
        return [*self.body, FAMILY]

    @property
    def heading_families(self) -> list[str]:
        return [*self.headings, FAMILY]


def _package_folder(package: str, distribution: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise PipelineError(f"缺少字体包 {distribution}；请运行 pip install {distribution}")
    return Path(next(iter(spec.submodule_search_locations)))


@cache
def measured_font() -> Path:
    """The static TrueType file that matplotlib measures with."""
    path = _package_folder("zhplot", "zhplot") / "fonts" / "NotoSansSC-Regular.ttf"
    if not path.is_file():
        raise PipelineError(f"字体包 zhplot 中没有 {path.name}；请重新安装 zhplot==1.0.0")
    return path


@cache
def typst_fonts(folders: tuple[str, ...] = ()) -> typst.Fonts:
    """The fonts typst may use: the two packages, then `folders`. No system fonts: every machine gives the same bytes."""
    import typst

    paths = [str(_package_folder("manimgx_fonts_cjk", "manimgx-fonts-cjk")), str(measured_font().parent), *folders]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths)
    if FAMILY not in fonts.families():
        raise PipelineError(f"字体包 manimgx-fonts-cjk 中没有 {FAMILY}；请重新安装 manimgx-fonts-cjk")
    return fonts


@cache
def _measuring_font() -> FT2Font:
    from matplotlib.ft2font import FT2Font

    font = FT2Font(str(measured_font()))
    font.set_size(100, 72)
    return font


@cache
def known_characters() -> frozenset[int]:
    """Code points that both fonts can draw."""
    return frozenset(_measuring_font().get_charmap())


def replace_unknown(text: str) -> tuple[str, list[str]]:
    """`text` with 〓 for each character that no font has, and those characters, each once, in order.

    Line feeds stay, tabs become spaces, invisible format characters are dropped without a mention. Control
    characters and lone surrogates count as unknown: they would break XML and JSON.
    """
    if text.isascii() and text.isprintable():
        return text, []
    text = text.translate(_DROPPED).replace("\r\n", "\n").replace("\t", " ").replace("\u2028", "\n")
    known = known_characters()
    unknown = list(dict.fromkeys(char for char in text if char != "\n" and (ord(char) not in known or ord(char) < 32)))
    if unknown:
        text = text.translate({ord(char): REPLACEMENT for char in unknown})
    return text, unknown


def describe_characters(characters: list[str]) -> str:
    """Readable names for characters that cannot be shown: U+E001、U+0000; of many, the first eight and how many there are."""
    named = "、".join(f"U+{ord(char):04X}" for char in characters[:8])
    return named + (f"等{len(characters)}个" if len(characters) > 8 else "")


@cache
def _advance(char: str) -> float:
    """Width of one character in em."""
    from matplotlib.ft2font import LoadFlags

    if 0x2E80 <= ord(char) <= 0x9FFF or 0xFF01 <= ord(char) <= 0xFF60:
        return 1.0
    if ord(char) not in known_characters():
        return 1.0  # drawn as 〓
    return float(_measuring_font().load_char(ord(char), flags=LoadFlags.NO_HINTING).linearHoriAdvance) / 65536 / 100


def text_width(text: str, size_pt: float, is_bold: bool = False) -> float:
    """Width in mm of the longest line of `text`."""
    longest = 0.0
    for line in text.split("\n"):
        em = sum(_advance(char) * (_BOLD_LATIN_FACTOR if is_bold and char.isascii() else 1.0) for char in line)
        longest = max(longest, em)
    return longest * size_pt * _MM_PER_POINT


_NOT_AT_START = frozenset("，。、；：？！）》〉”’】〕％%…—·")
_NOT_AT_END = frozenset("（《〈“‘【〔")


def wrap_text(text: str, width_mm: float, size_pt: float, most_lines: int = 2, is_bold: bool = False) -> str:
    """`text` in at most `most_lines` lines that fit `width_mm`; the last line ends in … where something is cut.

    No line starts with closing or ends with opening punctuation. Matplotlib itself breaks at spaces only.
    """
    lines: list[str] = []
    line = ""
    for char in text.replace("\n", ""):
        if line and text_width(line + char, size_pt, is_bold) > width_mm and char not in _NOT_AT_START:
            carried = ""
            while line and line[-1] in _NOT_AT_END:
                line, carried = line[:-1], line[-1] + carried
            lines.append(line)
            line = carried
        line += char
    lines = [part for part in [*lines, line] if part]
    if len(lines) > most_lines:
        last = lines[most_lines - 1]
        while last and text_width(last + "…", size_pt, is_bold) > width_mm:
            last = last[:-1]
        lines = [*lines[: most_lines - 1], last + "…"]
    return "\n".join(lines)


def balance_text(text: str, width_mm: float, size_pt: float, most_lines: int = 3, is_bold: bool = False) -> str:
    """`wrap_text` with lines of about equal length."""
    needed = wrap_text(text, width_mm, size_pt, most_lines, is_bold).count("\n") + 1
    if needed == 1:
        return wrap_text(text, width_mm, size_pt, 1, is_bold)
    narrow = text_width(text, size_pt, is_bold) / needed
    while narrow < width_mm:
        lines = wrap_text(text, narrow, size_pt, most_lines, is_bold)
        if lines.count("\n") + 1 <= needed and not lines.endswith("…"):
            return lines
        narrow += size_pt * _MM_PER_POINT / 4
    return wrap_text(text, width_mm, size_pt, most_lines, is_bold)


def break_headline(text: str, width_mm: float, size_pt: float) -> list[str]:
    """Lines of a bold headline, broken after punctuation near the middle where that fits, else by balanced wrapping.

    typst breaks a heading wherever the line is full, which leaves two characters of a name on the next line.
    """
    if text_width(text, size_pt, True) <= width_mm:
        return [text]
    places = [
        place for place in range(1, len(text)) if text[place - 1] in "，；：。、）" and text[place] not in _NOT_AT_START
    ]
    places += [place for place in range(1, len(text)) if text[place] == "（"]
    fitting = []
    for place in places:
        first, second = text_width(text[:place], size_pt, True), text_width(text[place:], size_pt, True)
        if max(first, second) <= width_mm:
            # A break inside a list or before a bracket parts what belongs together: only where nothing better is near.
            is_clause_end = text[place - 1] in "，；：。"
            fitting.append((max(first, second) * (1.0 if is_clause_end else 1.3), place))
    if fitting:
        place = min(fitting)[1]
        return [text[:place], text[place:]]
    return balance_text(text, width_mm, size_pt, most_lines=4, is_bold=True).split("\n")
