"""Repair characters, never meaning: （ stays （, ① stays ①, ㎡ stays ㎡. Blanket NFKC would change all of them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

# Radicals that look like hanzi but are other characters, as pdf fonts give them. NFKC maps only two of this block;
# the pairs follow Unicode's EquivalentUnifiedIdeograph, simplified to the character a reader sees.
_RADICALS = (
    "⺁厂⺅亻⺆冂⺇几⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺗㣺⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫"
    "⺦丬⺧牛⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯糹⺰纟⺱罓⺲罒⺶羊⺷羊⺹耂⺺肀⺻聿⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠"
    "⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑長⻒镸⻓长⻔门⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦"
    "⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
# Where Python's GB18030 codec still gives private characters for code points that Unicode has since named,
# and the Wingdings boxes and bullets that Word keeps at F0xx.
_PRIVATE = {
    0xE5E5: " ", 0xE7C7: "ḿ", 0xE78D: "︐", 0xE78E: "︒", 0xE78F: "︑", 0xE790: "︓", 0xE791: "︔", 0xE792: "︕",
    0xE793: "︖", 0xE794: "︗", 0xE795: "︘", 0xE796: "︙", 0xE81E: "龴", 0xE826: "龵", 0xE82B: "龶", 0xE82C: "龷",
    0xE832: "龸", 0xE843: "龹", 0xE854: "龺", 0xE864: "龻",
    0xF0FE: "☑", 0xF0FD: "☒", 0xF0A8: "□", 0xF06F: "□", 0xF0A3: "□", 0xF052: "☑", 0xF0FC: "✓", 0xF0FB: "✗",
    0xF06C: "●", 0xF06E: "■", 0xF0B2: "◇", 0xF075: "◆", 0xF0D8: "➢", 0xF0B7: "•", 0xF076: "❖", 0xF0A7: "▪",
}
# 全角 digits, letters, ％; 部首 and compatibility forms; ligatures; spaces; invisible, private and control characters.
_ODD = re.compile(
    "[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff05\u2e80-\u2fd5\uf900-\ufaff\U0002f800-\U0002fa1f\ufb00-\ufb06"
    "\u00a0\u1680\u2000-\u200a\u202f\u205f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffc\ufe00-\ufe0f"
    "\ue000-\uf8ff\ud800-\udfff\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")


def _odd_characters() -> dict[str, tuple[str, str]]:
    """Each odd character -> (what replaces it, name of the repair)."""
    repairs: dict[str, tuple[str, str]] = {}
    for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF05):
        repairs[chr(code)] = (chr(code - 0xFEE0), "全角数字字母")
    for code in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20)):
        character = chr(code)
        if (plain := unicodedata.normalize("NFKC", character)) != character:
            repairs[character] = (plain, "部首与兼容字")
    for position in range(0, len(_RADICALS), 2):
        repairs[_RADICALS[position]] = (_RADICALS[position + 1], "部首与兼容字")
    for code in range(0xFB00, 0xFB07):
        repairs[chr(code)] = (unicodedata.normalize("NFKC", chr(code)), "连字")
    for code, plain in _PRIVATE.items():
        repairs[chr(code)] = (plain, "私用区字符")
    return repairs


_REPAIRS = _odd_characters()
_SPACES = "\u00a0\u1680\u202f\u205f" + "".join(map(chr, range(0x2000, 0x200B)))

_HANZI = r"〇\u3400-\u9fff\U00020000-\U0003ffff"
_MARK = "，。、；：？！“”‘’（）《》〈〉【】〔〕—…％"
_SPACED_LETTERS = re.compile(rf"(?<![^\s])(?:[{_HANZI}] ){{2,}}[{_HANZI}](?![^\s：:])")
_SPACED_DIGITS = re.compile(r"(?<![\d.])\d(?: \d){3,}(?![\d.])")
_SPACED_THOUSANDS = re.compile(rf"(?<![\d.] )(?<![\d.])\d{{1,3}}(?: \d{{3}})+(?= ?[{_HANZI}])")
# Every match of the three has one of these; it begins with a fixed letter and is found at once.
_MAY_BE_SPACED = re.compile(r" (?:\S(?= )|\d{3})")
# The white space that is left once odd characters are repaired.
_GAP = re.compile(r"([ \t　\u2028\u2029]+)(?=(\S))")
_TIGHT = re.compile(rf"[{_HANZI}\dA-Za-z%]")
_IS_HANZI = re.compile(rf"[{_HANZI}]")
# 二○二三年, 二OO九年, 二０二三年: a circle, letter or digit for 〇.
_YEAR_ZERO = re.compile(r"[一二三四五六七八九][一二三四五六七八九〇零○◯OoＯ0]{3}(?=年)")
# It begins with a fixed letter too.
_MAY_BE_YEAR = re.compile("年(?<=[〇零○◯OoＯ0一二三四五六七八九]年)")
_WIDE_POINT = re.compile(r"(?<=\d)．(?=\d)")


def clean_text(text: str, repairs: Counter[str] | None = None) -> str:
    """The text with repaired characters and spaces; line breaks and indents stay. Counts go into `repairs`.

    Between hanzi and digits or letters, and beside Chinese punctuation, one narrow space is an artefact of typing or
    of a pdf and goes; a wider gap separates two things (落款　日期) and stays as one ideographic space.
    """
    repairs = Counter() if repairs is None else repairs
    text = _ODD.sub(lambda match: _repair(match[0], repairs), text)
    if _MAY_BE_YEAR.search(text):
        text = _counted(_YEAR_ZERO, lambda match: re.sub("[○◯OoＯ0]", "〇", match[0]), text, repairs, "年份中的〇")
    if "．" in text:
        text = _counted(_WIDE_POINT, lambda match: ".", text, repairs, "全角数字字母")
    text = _close_spaced(text, repairs)
    return _GAP.sub(lambda match: _close_gap(text[match.start() - 1:match.start()], match[1], match[2], repairs), text)


def _close_spaced(text: str, repairs: Counter[str]) -> str:
    """报 告, 1 9 9 8 and 12 000 without their spaces; only lines that may have some are searched."""
    parts: list[str] = []
    done = 0
    for match in _MAY_BE_SPACED.finditer(text):
        if match.start() < done:
            continue
        start, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.start())
        line = text[start:end] if end >= 0 else text[start:]
        parts.append(text[done:start])
        done = start + len(line)
        for pattern in (_SPACED_LETTERS, _SPACED_DIGITS, _SPACED_THOUSANDS):
            line = _counted(pattern, lambda match: match[0].replace(" ", ""), line, repairs, "字间空格")
        parts.append(line)
    return "".join(parts) + text[done:]


def _counted(pattern: re.Pattern[str], replace: object, text: str, repairs: Counter[str], name: str) -> str:
    text, count = pattern.subn(replace, text)  # type: ignore[call-overload]
    if count:
        repairs[name] += count
    return text


def _repair(character: str, repairs: Counter[str]) -> str:
    if character in _REPAIRS:
        plain, name = _REPAIRS[character]
        repairs[name] += 1
        return plain
    if character in _SPACES:
        repairs["特殊空格"] += 1
        return " "
    if "\ue000" <= character <= "\uf8ff":
        repairs[UNKNOWN_PRIVATE] += 1
        return character
    if "\ud800" <= character <= "\udfff":
        repairs["残缺字符"] += 1
        return "\ufffd"
    if "\u2e80" <= character <= "\u2fd5" or "\uf900" <= character <= "\ufaff":
        return character
    repairs["不可见字符"] += 1
    return ""


UNKNOWN_PRIVATE = "未识别的私用区字符"


def _close_gap(left: str, gap: str, right: str, repairs: Counter[str]) -> str:
    if left in ("", "\n"):
        return gap  # an indent
    if left.isascii() and right.isascii():
        return " "
    if (left.isdigit() and right in "年月日号时分") or (left in "年月" and right.isdigit()):
        repairs["汉字与数字间空格"] += 1
        return ""
    if len(gap) > 1 or gap in "　\t":
        return "　"
    if left in _MARK or right in _MARK:
        repairs["标点旁空格"] += 1
        return ""
    if _IS_HANZI.match(left) and _IS_HANZI.match(right):
        return " "
    if _TIGHT.match(left) and _TIGHT.match(right):
        repairs["汉字与数字间空格"] += 1
        return ""
    return " "
