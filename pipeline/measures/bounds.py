"""What a wording allows: 近百场 is 90 to 100, 80余条 80 to 90, 不少于20场 at least 20, 3—5天 a range.

The table of quantities.md. A bound is never a point, and an end that the wording leaves open stays open.
"""

from __future__ import annotations

import re

from pipeline.measures.expressions import NUMERAL, Expression, Plain
from pipeline.measures.plain import PlainReader
from pipeline.profiles.units import Units

HALF = re.compile(r"(?P<half>半数|一半|过半数?)|半(?P<half_unit>天|个月|个小时|小时|个工作日)")
_SEPARATOR = re.compile(r"[ ]?(?:-{1,2}|~|至|到)[ ]?")
# What may follow a unit and belong to the number: 个（件）, 微克/立方米, 3天-5天, 3个多月, 一倍半. Words are in units.after_first.
_GOES_ON = frozenset("（ ·/-~至到半多余来")
_JOINTS = frozenset("-./+#_")
_DOUBLING = re.compile("翻了?[ ]?$")
_CLAUSE_MARKS = "，。；：！？\n"
_CLAUSE_LENGTH = 40


class BoundReader:
    """Reads bounded expressions of one normalised text."""

    def __init__(self, text: str, units: Units) -> None:
        self.text = text
        self.units = units
        self.plain_reader = PlainReader(text, units)

    def read(self, match: re.Match[str]) -> Expression | None:
        """The expression whose numeral is `match` (of NUMERAL); None where it is no number."""
        first = self.plain_reader.read(match)
        if first is None:
            return None
        found = self._range(first) or self._bound(first)
        if found and found.kind == "percent":
            self._cap(found)
        return found

    def read_common(self, start: int, place: int) -> Expression | None:
        """12件，: the form of most numbers, read in one step; `place` is where the digits end.

        Gives what the general way would give; None for what needs it, or a closer look whether it counts at all.
        """
        text, units = self.text, self.units
        before = text[start - 1] if start else "，"
        if before in _JOINTS or (before in units.before_last and self._rule_before(start)):
            return None
        pattern = units.units_at.get(text[place:place + 1])
        found = pattern.match(text, place) if pattern else None
        if found is None:
            return None
        end = found.end()
        unit = units.units[text[place:end]]
        after = text[end:end + 1]
        if after in _GOES_ON or after in units.after_first or unit.factor != 1 or unit.needs == "bound" or unit.text == "番":
            return None
        value, written = float(text[start:place]), text[start:place]
        return Expression(start, end, unit.kind, value, value, "exact", unit.base, written, unit.needs, False, False, start)

    def half(self, match: re.Match[str]) -> Expression:
        """半数, 一半, 过半, 半天."""
        start, end = match.span()
        if match["half_unit"]:
            after = self._rule_after(end, "duration")
            if after and after[1] == "under":
                return Expression(start, after[0], "duration", None, 0.5, "under", match["half_unit"], "半",
                                  is_bounded=True, number_start=start)
            return Expression(start, end, "duration", 0.5, 0.5, "exact", match["half_unit"], "半",
                              is_bounded=True, number_start=start)
        before, after = self._rule_before(start), self._rule_after(end, "percent")
        rule = "over" if match.group().startswith("过") else before[1] if before else after[1] if after else ""
        low, high, approx = _apply(rule, 50.0, 50.0)
        if rule == "over":
            high = 100.0
        return Expression(before[0] if before else start, after[0] if after else end, "percent", low, high, approx,
                          "%", "半", is_bounded=True, number_start=start)

    # -- the words around ----------------------------------------------------------------------

    def _rule_before(self, place: int) -> tuple[int, str] | None:
        """The qualifier that ends at `place`: its start and its rule."""
        text, at = self.text, place
        while at and text[at - 1] in " \n" and place - at < 2:
            at -= 1
        if not at or text[at - 1] not in self.units.before_last:
            return None
        offset = max(0, at - 8)
        match = self.units.before_pattern.search(text[offset:at])
        return (offset + match.start(), self.units.before[match["word"]]) if match else None

    def _rule_after(self, place: int, kind: str) -> tuple[int, str] | None:
        match = self.units.after_pattern.match(self.text, place)
        if match is None or (match["word"] == "内" and kind != "duration"):
            return None
        return match.end(), self.units.after[match["word"]]

    # -- bounds --------------------------------------------------------------------------------

    def _range(self, first: Plain) -> Expression | None:
        """3—5个工作日, 3%—5%, 3至5家. 由A至B is a change: two quantities."""
        text = self.text
        separator = _SEPARATOR.match(text, first.end)
        if separator is None or first.step_mark:
            return None
        second_match = NUMERAL.match(text, separator.end())
        second = self.plain_reader.read(second_match) if second_match else None
        if second is None or second.unit is None or second.step_mark:
            return None
        if first.unit is not None and first.written != second.written:
            return None
        if separator.group().strip() in ("至", "到") and text[first.start - 1:first.start] in ("由", "从"):
            return None
        if first.unit is None and first.factor == 1.0 and first.number.value < 1000 <= second.factor:
            first.factor = second.factor
        first.unit, first.written = second.unit, second.written
        if first.low >= second.high:
            return None
        after = self._rule_after(second.end, second.kind)
        return Expression(first.start, after[0] if after else second.end, second.kind, first.low, second.high, "range",
                          second.written, first.numeral, second.unit.needs, True, True, first.start)

    def _bound(self, plain: Plain) -> Expression | None:
        start, end, number = plain.start, plain.end, plain.number
        before, after = self._rule_before(start), self._rule_after(end, plain.kind)
        if before is None and self._has_vague_prefix(plain):
            return self._expression(plain, start - 1, end, plain.low, None, "vague")
        rule = before[1] if before else after[1] if after else ""
        if plain.unit and plain.unit.text == "番":
            return self._doubling(plain)
        low, high, approx = self._allowed(plain, rule)
        return self._expression(plain, before[0] if before else start, after[0] if after else end, low, high, approx,
                                bool(before or after or plain.step_mark or number.is_vague))

    @staticmethod
    def _allowed(plain: Plain, rule: str) -> tuple[float | None, float | None, str]:
        if plain.number.is_vague:
            return plain.low, plain.high, "vague"
        if plain.step_mark:
            # 超80余件 and 近2600余人次 leave the upper end open.
            return plain.low, None if rule in ("over", "near") else round(plain.low + plain.step, 6), "over"
        if plain.number.is_range:
            return plain.low, plain.high, "range"
        return _apply(rule, plain.low, plain.high)

    def _expression(self, plain: Plain, start: int, end: int, low: float | None, high: float | None, approx: str,
                    is_bounded: bool = True) -> Expression:
        return Expression(start, end, plain.kind, low, high, approx, plain.written, plain.numeral,
                          plain.unit.needs if plain.unit else "", is_bounded, plain.factor > 1, plain.start)

    def _has_vague_prefix(self, plain: Plain) -> bool:
        """上百, 上千万, 成百, 过万 before a bare magnitude."""
        guard = self.units.vague.get(self.text[plain.start - 1:plain.start])
        if guard is None or plain.numeral[0] not in "百千万亿":
            return False
        earlier = self.text[max(0, plain.start - 2):plain.start - 1]
        return not earlier or earlier not in guard

    def _doubling(self, plain: Plain) -> Expression | None:
        """翻一番 is twice the old value, 翻两番 four times."""
        found = _DOUBLING.search(self.text[max(0, plain.start - 3):plain.start])
        if found is None or not 0 < plain.number.value <= 5:
            return None
        factor = 2.0 ** plain.number.value
        return self._expression(plain, plain.start - len(found.group()), plain.end, factor, factor, "exact")

    def _cap(self, found: Expression) -> None:
        """A share with 以上 or 超 ends at 100; a growth rate or a difference of shares does not."""
        if found.unit == "百分点" or found.high is not None or found.low is None or found.low > 100:
            return
        lowest = max(0, found.start - _CLAUSE_LENGTH)
        clause = max(self.text.rfind(mark, lowest, found.start) for mark in _CLAUSE_MARKS)
        if not self.units.contexts["growth"].search(self.text, max(clause + 1, lowest), found.start):
            found.high = 100.0


def _apply(rule: str, low: float, high: float) -> tuple[float | None, float | None, str]:
    """Bounds and approx of an exact number under a qualifier's rule."""
    if rule == "over":
        return low, None, "over"
    if rule == "under":
        return None, high, "under"
    if rule == "near":
        return round(low * 0.9, 6), high, "under"
    if rule == "about":
        return round(low * 0.95, 6), round(high * 1.05, 6), "about"
    return low, high, "exact"
