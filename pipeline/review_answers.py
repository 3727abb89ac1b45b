"""What a person wrote in the column 应为: a number, bounds, or a state. Read as the reports themselves are read.

What belongs here: one cell and one indicator. Where the words leave a doubt they are refused with advice, never guessed.

    128、1,280、80—90、200—、—90、80余、近百、约3.5万、95%以上      bounds
    0                                                           zero
    未披露、不适用                                                 the report does not say; does not apply
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from pipeline.errors import PipelineError
from pipeline.measures.numerals import normalise
from pipeline.measures.quantities import read_quantities
from pipeline.outputs.values import STATE_LABELS
from pipeline.profiles.indicators import Indicator
from pipeline.profiles.units import Units
from pipeline.reading.workbook import Cell

_STATES = {STATE_LABELS[state]: state for state in ("not_disclosed", "na", "zero")} | {
    state: state for state in ("not_disclosed", "na", "zero")}
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# 80-90, 80至90, 200- and -90, after normalise: every dash is -, every wave ~.
_BOUNDS = re.compile(rf"(?P<low>{_NUMBER.pattern})?(?:[-~至到])+(?P<high>{_NUMBER.pattern})?")
# The unit stands before these: 95以上 is 95%以上.
_TAIL = re.compile("(?:及?以[上下内]|左右|上下)$")
_UNIT_SIGNS = dict.fromkeys(map(ord, "（）()、/· "))
ALLOWED = "128、80—90、200—（无上限）、—90（无下限）、80余、0、未披露、不适用"


class UnclearAnswer(PipelineError):
    """What stands in 应为 cannot be read; the message says why and what may stand there."""


@dataclass(frozen=True)
class Reviewed:
    """The right answer: a state of corrections.csv with its bounds."""

    state: str
    low: float | None = None
    high: float | None = None

    def written(self) -> str:
        """The column `now` of corrections.csv: 128, 80—90, 200—, —90; empty without bounds."""
        if self.low is not None and self.low == self.high:
            return write_plain(self.low)
        low, high = ("" if bound is None else write_plain(bound) for bound in (self.low, self.high))
        return f"{low}—{high}" if low or high else ""


def write_plain(number: float) -> str:
    """All digits of a number and never an exponent: 12000000000."""
    return format(Decimal(repr(round(number, 10))).normalize(), "f")


def read_reviewed(cell: Cell, indicator: Indicator, units: Units) -> Reviewed:
    """The answer that stands in a cell. UnclearAnswer where there is a doubt."""
    if cell.is_formula:
        raise UnclearAnswer("“应为”是公式；请直接填结果")
    if cell.is_date:
        raise UnclearAnswer("“应为”被表格软件当成了日期；请先把单元格设为文本，区间写作 3—5")
    if isinstance(cell.value, float):
        if cell.is_percent and indicator.kind != "percent":
            raise UnclearAnswer(f"“应为”是百分数，而该指标的单位是{indicator.unit or '个数'}")
        number = cell.value * 100 if cell.is_percent else cell.value
        if number < 0:
            raise UnclearAnswer(f"“应为” {write_plain(number)} 小于 0；允许：{ALLOWED}")
        return _of_bounds(number, number)
    text = cell.value.strip()
    compact = normalise(text).replace(" ", "")
    if compact in _STATES:
        state = _STATES[compact]
        return Reviewed(state, 0.0, 0.0) if state == "zero" else Reviewed(state)
    if compact in ("无", "没有", "-", "空"):
        raise UnclearAnswer(f"“应为”写的是“{text}”，分不清是 0 还是未披露；报告写明没有的填 0，没有写的填 未披露")
    # A comma in a number only groups its digits.
    bare = re.sub(r"(?<=\d)，(?=\d{3}(?!\d))", "", compact)
    if _NUMBER.fullmatch(bare):
        return _of_bounds(float(bare), float(bare))
    bounds = _BOUNDS.fullmatch(bare)
    if bounds is not None and any(bounds.groups()):
        if bounds["low"] is None and text[0] in "-－−":
            raise UnclearAnswer(f"“应为” {text} 像是负数；没有下限请写 —{bounds['high']}")
        return _of_bounds(*(float(bound) if bound else None for bound in bounds.groups()))
    return _read_words(text, compact, indicator, units)


def _of_bounds(low: float | None, high: float | None) -> Reviewed:
    if low is not None and high is not None and low > high:
        raise UnclearAnswer(f"“应为”的下限 {write_plain(low)} 大于上限 {write_plain(high)}")
    return Reviewed("zero" if low == 0 and high == 0 else "value", low, high)


def _read_words(text: str, compact: str, indicator: Indicator, units: Units) -> Reviewed:
    """80余, 近百场, 3.5万: read as it would be in a report, with the unit of the indicator where none is written."""
    tail = _TAIL.search(compact)
    head = compact[:tail.start()] if tail else compact
    # With its unit first: 95以上 of a rate is capped at 100, 38.6万 of money is 386 000 元.
    for words in (f"{head}{indicator.unit}{tail.group() if tail else ''}", compact):
        found = read_quantities(words, units)
        if len(found) != 1 or (found[0].start, found[0].end) != (0, len(words)):
            continue
        quantity = found[0]
        if not _is_unit_of(indicator, quantity.kind, quantity.unit):
            raise UnclearAnswer(f"“应为” {text} 的单位 {quantity.unit} 不是该指标的单位 {indicator.unit}")
        if quantity.low is None and quantity.high is None:
            break
        return _of_bounds(quantity.low, quantity.high)
    raise UnclearAnswer(f"“应为” {text[:40]} 读不出数；允许：{ALLOWED}")


def _is_unit_of(indicator: Indicator, kind: str, unit: str) -> bool:
    """Whether an indicator may be answered in a unit: 家（次） as 家次, 九成 for a rate; a bare number fits everywhere."""
    if not unit or (kind == "percent" == indicator.kind):
        return True
    return unit.translate(_UNIT_SIGNS) in {accepted.translate(_UNIT_SIGNS) for accepted in (indicator.unit, *indicator.units)}
