"""Which units count the same kind of thing, so that figures of two reports can be held against each other."""

from __future__ import annotations

from functools import lru_cache

# Classifiers of one thing vary by department and year: 条 and 件 of information, 场 and 次 of events.
# 人次 and 人, or 户次 and 户, do not: the first counts visits, the second people or firms.
_FAMILIES: dict[str, str] = {
    **dict.fromkeys("件条份项宗起篇部本张例卷册则幅", "item"),
    **dict.fromkeys("次场期批班轮堂节回届", "event"),
    **dict.fromkeys("人名位", "person"),
    **dict.fromkeys("家户所处间", "place"),
    **dict.fromkeys(("元", "块"), "yuan"),
    **dict.fromkeys(("天", "日", "自然日", "个自然日"), "day"),
    **dict.fromkeys(("工作日", "个工作日"), "working day"),
}
GENERAL_UNITS = frozenset({"", "个"})
_NOT_COUNTED = frozenset({"%", "百分点", "倍", "元", "yuan", "day", "working day"})


@lru_cache(maxsize=4096)
def is_same_unit(one: object, other: object) -> bool:
    """Whether values in the two units may be subtracted. A missing unit and 个 go with every counted thing."""
    first, second = unit_family(one), unit_family(other)
    if first == second:
        return True
    if first in GENERAL_UNITS or second in GENERAL_UNITS:
        rest = second if first in GENERAL_UNITS else first
        return first == "" or second == "" or rest not in _NOT_COUNTED
    return False


@lru_cache(maxsize=4096)
def unit_family(unit: object) -> str:
    """The family of a unit: 条 and 件 give "item"; a unit without family gives itself; none gives ""."""
    name = unit.strip() if isinstance(unit, str) else ""
    if len(name) > 1 and name.endswith("次"):
        counted = _FAMILIES.get(name[:-1], name[:-1])
        # 场次 and 件次 are mere longer words for 场 and 件.
        return counted if counted in ("item", "event") else f"visits to {counted}"
    return _FAMILIES.get(name, name)
