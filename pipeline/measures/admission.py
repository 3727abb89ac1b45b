"""Which numbers count: an article (一个新台阶), a bare code (2023行动) or a bare magnitude (万亩) is not a quantity.

The words that decide stand in knowledge/qualifiers.csv (position context).
"""

from __future__ import annotations

import re

from pipeline.measures.expressions import Expression
from pipeline.profiles.units import Units

_BARE_MAGNITUDES = "百千万亿"
_CLAUSE_END = re.compile(r"[ ]?(?:[，。；：、！？（）\n|]|$|[和与及并](?=[^，。；]{2,})|以上|以下|左右|其中)")
_BARE_AFTER = re.compile(r"[ ]?(?:[，。；、）|\n]|$|其中|的|大关|台阶|目标)")
_BARE_BEFORE = re.compile(r"(?:[一-龥”》）：|]|[^0-9A-Za-z.][ ])$")
_CLASS = re.compile("的[^，。；、：！？（）\n]{1,15}$")
_OF_THINGS = re.compile("的(?![。，；、])[一-龥“《]")
_JOINTS = frozenset("-./+#_")
_CODE_BEFORE = re.compile(r"[0-9A-Za-z][-./+#_]$")
_YEAR_LIKE = re.compile(r"(?:19|20)[0-9]{2}$")
# 收到申请0，… or 0投诉: a zero may stand before its noun.
_ZERO = "0"
_EVENT_UNITS = frozenset({"次", "场", "期", "轮", "批次", "场次", "件", "起"})
_CONTEXT_LENGTH = 16
# What can only describe the things that the next number counts.
SIZES = frozenset({"money", "measure", "duration"})


def is_counted(text: str, found: Expression, units: Units) -> bool:
    """Whether an expression of a normalised text is a disclosed quantity. Sets kind money where 元 was left out."""
    before = text[max(0, found.number_start - _CONTEXT_LENGTH):found.number_start]
    if found.is_arabic:
        if before[-1:] in _JOINTS and _CODE_BEFORE.search(before):
            return False
        if not found.unit:
            return _is_bare_count(text, found, before, units)
    elif not _is_chinese_count(text, found, before, units):
        return False
    return found.needs != "bound" or found.is_bounded or bool(units.contexts["extent"].search(before))


def is_threshold(text: str, found: Expression, following: Expression | None) -> bool:
    """路程超过30公里的服务18次: a bounded size that only says which things the next number counts; 三年以上的文件: or which things at all."""
    if found.kind not in SIZES or found.approx not in ("over", "under"):
        return False
    is_class = text.endswith(("以上", "以下"), found.start, found.end) and not text.endswith("达", 0, found.start)
    if is_class and _OF_THINGS.match(text, found.end):
        return True
    if following is None or following.kind != "count" or following.start - found.end > _CONTEXT_LENGTH:
        return False
    return _CLASS.match(text, found.end, following.start) is not None


def _is_chinese_count(text: str, found: Expression, before: str, units: Units) -> bool:
    numeral = found.numeral
    if numeral[0] in _BARE_MAGNITUDES and not found.is_bounded and found.unit != "%":
        return False
    if not found.unit:
        # 突破千万, 数十万群众
        _mark_money(text, found, before, units)
        return found.is_bounded and numeral[-1] in _BARE_MAGNITUDES
    if found.is_bounded:
        return True
    if found.needs == "arabic" and len(numeral) == 1:
        return False
    return numeral != "一" or _is_real_one(text, found, before, units)


def _is_real_one(text: str, found: Expression, before: str, units: Units) -> bool:
    """一 as a count, not as an article: 文件一件, 每月一个, 召开一次, 缩短至一天."""
    contexts = units.contexts
    if found.kind in ("percent", "multiple"):
        return True
    if found.kind in ("duration", "measure", "money"):
        return bool(contexts["extent"].search(before))
    if contexts["frequency"].search(before) or contexts["total"].search(before):
        return True
    if _CLAUSE_END.match(text, found.end):
        return bool(contexts["noun"].search(before)) and not contexts["article"].search(before)
    # 一起 for together is a name (names.csv); what is left stands before a case.
    return found.unit == "起" or (found.unit in _EVENT_UNITS and bool(contexts["event"].search(before)))


def _mark_money(text: str, found: Expression, before: str, units: Units) -> None:
    """罚款38.6万: money whose 元 was left out."""
    has_magnitude = found.has_magnitude or found.numeral[-1] in "万亿"
    if has_magnitude and units.contexts["money"].search(before) and _BARE_AFTER.match(text, found.end):
        found.kind = "money"


def _is_bare_count(text: str, found: Expression, before: str, units: Units) -> bool:
    """公开信息1200。: an Arabic number without a unit closes its clause after a noun."""
    if found.is_bounded or found.has_magnitude:
        _mark_money(text, found, before, units)
        return True
    if found.numeral == _ZERO and units.zeros["thing"].match(text, found.end):
        return True
    if _YEAR_LIKE.match(found.numeral) or ("." in found.numeral and not before.endswith(("：", "|"))):
        return False
    is_last = _BARE_AFTER.match(text, found.end) is not None
    return is_last and bool(_BARE_BEFORE.search(before) and units.contexts["bare"].search(before))
