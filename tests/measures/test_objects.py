"""What a quantity counts."""

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


@pytest.mark.parametrize(("text", "expected"), [
    ("完成12个废弃矿山治理项目。", ["废弃矿山治理项目"]),                       # after the unit
    ("完成老旧小区改造106个。", ["老旧小区改造"]),                             # before the number
    ("审查合同86份、协议12份。", ["合同", "协议"]),
    ("按时办结率100%。", ["按时办结率"]),                                    # 办结 belongs to the noun
    ("检查频次压减近四成。", ["检查频次"]),
    ("2023年全区新增规上工业企业15家。", ["规上工业企业"]),                      # neither when nor whose
    ("上年度区水利局办理行政许可46件。", ["行政许可"]),
    ("截至2023年底我镇人民调解委员会31个。", ["人民调解委员会"]),
    ("保持行政诉讼零败诉。", ["行政诉讼败诉"]),
    ("查处违法行为18起。", ["违法行为"]),                                     # 为 belongs to the noun
    ("区级以上文明单位12家。", ["区级以上文明单位"]),
    ("召开党组会5次专题研究法治工作。", ["党组会"]),                            # an event counts what stands before
    ("局党组先后3次听取汇报。", ["听取汇报"]),                                 # or, without one, what follows
    ("办结案件86件，其中简易程序52件。", ["案件", "简易程序"]),
    ("实现销售收入9.5亿元、增长7%。", ["销售收入", "销售收入"]),                  # carried over
    ("参学率、合格率分别为100%、98%。", ["参学率", "合格率"]),                   # 分别 aligns
    ("城镇和农村居民收入分别增长4%、7%。", ["城镇居民收入", "农村居民收入"]),        # and shares the head
    ("证明事项由78个减至49个。", ["证明事项", "证明事项"]),
    ("基金35支、规模近300亿元。", ["基金", "基金规模"]),
    ("行政处罚（件）：12", ["行政处罚"]),
    ("27个总投资94亿元的项目。", ["项目", "总投资"]),
])
def test_objects(text: str, expected: list[str]) -> None:
    assert [q.object for q in read_quantities(text, units())] == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("对三年以上的文件进行清理，失效13件。", ["13件"]),                 # which things, not how long
    ("18个长达5年以上的项目交房。", ["18个", "5年以上"]),               # how long these particular ones took
    ("总规模超50亿元的基金。", ["超50亿元"]),
    ("裁量基准细化为4档120项。", ["4档", "120项"]),
])
def test_a_class_of_things_is_no_quantity(text: str, expected: list[str]) -> None:
    assert [found.text for found in read_quantities(text, units())] == expected
