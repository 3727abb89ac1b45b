"""Zero statements, and the negatives that are none."""

from __future__ import annotations

from functools import cache

import pytest

from pipeline.measures.quantities import read_quantities
from pipeline.profiles import load_part
from pipeline.profiles.units import Units


@cache
def units() -> Units:
    part = load_part("units")
    assert isinstance(part, Units)
    return part


def zeros(text: str) -> list[tuple[str, str]]:
    return [(q.text, q.object) for q in read_quantities(text, units()) if q.kind == "zero"]


@pytest.mark.parametrize(("text", "expected"), [
    ("未发生滥用职权、越权执法的现象。", [("未发生", "滥用职权、越权执法的现象")]),
    ("无行政复议、行政诉讼案件。", [("无", "行政复议、行政诉讼案件")]),          # one trigger, one zero
    ("复议零纠错、诉讼零败诉。", [("零", "复议纠错"), ("零", "诉讼败诉")]),
    ("行政诉讼案件5件，无一败诉。", [("无一", "败诉")]),
    ("涉我局行政复议案件降为零。", [("零", "涉我局行政复议案件")]),
    ("生产安全事故零发生。", [("零", "生产安全事故")]),
    ("没有接到针对执法人员的投诉。", [("没有接到", "针对执法人员的投诉")]),
    ("没有以我局名义制发行政规范性文件。", [("没有", "以我局名义制发行政规范性文件")]),
    ("暂未发现统计违法行为。", [("未发现", "统计违法行为")]),
    ("本单位不涉及重大行政决策事项。", [("不涉及", "重大行政决策事项")]),
    ("目前尚无公职律师。", [("无", "公职律师")]),
    ("全年未新制定规范性文件。", [("未新制定", "规范性文件")]),
    ("行政诉讼1件，未败诉。", [("未", "败诉")]),
    ("社区矫正对象207名，无一脱管漏管。", [("无一", "脱管漏管")]),
    ("“零伤亡”，", [("零", "伤亡")]),
])
def test_zero_statements(text: str, expected: list[tuple[str, str]]) -> None:
    assert zeros(text) == expected


@pytest.mark.parametrize("text", [
    "案卷未及时归档。", "个别单位未制定规范性文件。", "没有形成工作合力。", "打击无证照经营案件。", "建设无障碍设施。", "启用无人机巡查。",
    "毫无保留公开信息。", "服务零距离、违法零容忍、群众零跑腿。", "实现公职律师零的突破。", "隐患动态清零。", "守牢不发生规模性返贫底线。",
    "确保全年零事故。", "力争全年零败诉。", "推动17个无物业小区成立业主大会。", "推进“零事故、零案件”社区建设。", "不得违法执法。",
    "结果公示无异议后方可生效。", "没有专门的法制机构。", "未经合法性审核的文件不上会。", "零售商品抽检。", "确保万无一失。",
])
def test_shortcomings_attributes_slogans_and_promises_are_no_zeros(text: str) -> None:
    assert zeros(text) == []


def test_a_written_nought_is_a_count() -> None:
    (quantity,) = read_quantities("收到依申请公开0件。", units())
    assert (quantity.kind, quantity.low, quantity.high) == ("count", 0, 0)


def test_an_article_beside_the_negative_is_not_counted() -> None:
    assert [q.text for q in read_quantities("未发生一起执法过错案件。", units())] == ["未发生"]
