"""What a number in a text looks like, and what is kept of it.

`Plain` is a numeral with its magnitude and unit (read by `plain`); `Expression` adds bounds (read by `bounds`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.measures.numerals import Number
from pipeline.profiles.units import Unit

CHINESE = "零〇一二两三四五六七八九十百千万亿"
NUMERAL = re.compile(
    rf"""
    (?P<arabic>
        [0-9]{{1,3}}(?:[,，][0-9]{{3}}){{1,5}}(?![0-9])(?:\.[0-9]+)?  # 1,260  not 12,34
      | [0-9]{{1,3}}(?:[ ][0-9]{{3}}){{1,5}}(?=[ ]?[^\s0-9|.])        # 1 258 件  not the cells 12 300
      | (?:[0-9][ ]){{1,11}}[0-9](?=[ ]?[^\s0-9|.])                   # 1 2 件 (letter-spaced)
      | [0-9]{{1,9}}\n0[0-9]+                                         # 12 / 00 余份, broken by a line end
      | [0-9]+(?:[ ]?\.[ ]?[0-9]+)?
    )
    | (?P<chinese>(?:[数几](?=[十百千万亿]))?[{CHINESE}]+(?:几[十百千万亿]*)?)   # 三百 数十 十几万
    """,
    re.VERBOSE,
)


def _product(value: float, scale: float) -> float:
    """The product as it is written: 3.3 × 10 000 is 33 000, 2456.7 × 100 000 000 is 245 670 000 000."""
    return value if scale == 1.0 else float(f"{value * scale:.15g}")


@dataclass(slots=True)
class Expression:
    """A number as it stands in the text, with bounds in the base of its unit; `denied` is the object of a zero."""

    start: int
    end: int
    kind: str
    low: float | None
    high: float | None
    approx: str
    unit: str
    numeral: str = ""
    needs: str = ""
    is_bounded: bool = False
    has_magnitude: bool = False
    number_start: int = 0
    denied: str = ""

    @property
    def is_arabic(self) -> bool:
        return self.numeral[:1].isdigit()


@dataclass(slots=True)
class Plain:
    """A numeral with magnitude and unit, before bounds. `step_mark` stands for 余 多 来 几."""

    start: int
    end: int
    number: Number
    numeral: str
    factor: float = 1.0
    step_mark: bool = False
    unit: Unit | None = None
    written: str = ""
    extra: float = 0.0

    @property
    def scale(self) -> float:
        return self.factor * (self.unit.factor if self.unit else 1.0)

    @property
    def low(self) -> float:
        return _product(self.number.value + self.extra, self.scale)

    @property
    def high(self) -> float:
        return _product(self.number.high + self.extra, self.scale)

    @property
    def step(self) -> float:
        return _product(self.number.step, self.scale)

    @property
    def kind(self) -> str:
        return self.unit.kind if self.unit else "count"
