"""Whose a figure is and when, decided for each figure."""

from __future__ import annotations

from functools import cache

import pytest

from pipeline.measures.quantities import find_quantities
from pipeline.profiles import load_part
from pipeline.profiles.units import Units
from pipeline.tables.store import frame

Claims = list[tuple[str, str]]


@cache
def units() -> Units:
    part = load_part("units")
    assert isinstance(part, Units)
    return part


def claims(text: str, role: str = "achievements", level: str = "区县", genre: str = "rule_of_law") -> list[tuple[str, str, str]]:
    tables = find_quantities(
        frame("documents", [{"document_id": "d", "path": "d.txt", "text": text, "status": "ok"}]),
        frame("sections"),
        frame("sentences", [{"document_id": "d", "sentence_no": 0, "section_no": 0, "role": role, "start": 0, "end": len(text), "text": text}]),
        frame("identities", [{"document_id": "d", "report_year": 2022, "level": level, "genre": genre}]), units())
    found = tables["quantities"]
    return list(zip(found["text"].tolist(), found["claim"].tolist(), found["to_date"].fillna("").tolist(), strict=True))


@pytest.mark.parametrize(("text", "expected"), [
    ("办结617件，罚款742万元；上年办结538件。", [("617件", "own"), ("742万元", "own"), ("538件", "previous")]),
    ("受理43件，上一年只有23件，均已答复，公开80条。", [("43件", "own"), ("23件", "previous"), ("80条", "own")]),
    ("立案108起（2021年同期96起）。", [("108起", "own"), ("96起", "previous")]),
    ("由78个减至49个。", [("78个", "previous"), ("49个", "own")]),
    ("检查项目由2021年的597个次减至541个次。", [("597个次", "previous"), ("541个次", "own")]),
    ("上一年度，我局败诉2件、被撤销1件。", [("2件", "previous"), ("1件", "previous")]),
    ("2022年办结12件，2021年办结9件。", [("12件", "own"), ("9件", "previous")]),
    ("较上年增长12.6%，比上年的60余条有所增加。", [("12.6%", "own"), ("60余条", "previous")]),
    ("清理上年出台的36份文件。", [("36份", "own")]),                              # 上年 says which files
    ("全市住建系统当年共办活动137场，我局约占一成。", [("137场", "external"), ("约占一成", "own")]),
    ("组织86人参加全市统一考试。", [("86人", "own")]),
    ("2020年以来累计败诉三件。", [("三件", "cumulative")]),
    ("“七五”普法实施以来，累计开展活动420余场；今年开展60场。", [("420余场", "cumulative"), ("60场", "own")]),
    ("对2017年以来印发的31件文件作了清理。", [("31件", "own")]),
    ("清理2016年以来文件42件，审查拟印发的31份政策。", [("42件", "own"), ("31份", "own")]),
    ("行政诉讼连续两年零发生。", [("两年", "cumulative"), ("零", "own")]),
    ("力争全年普法不少于20场。", [("不少于20场", "target")]),
    ("完成6万平方米的年度任务。", [("6万平方米", "target")]),
    ("每季度听取一次汇报，全年专题研究2次。", [("一次", "rule"), ("2次", "own")]),
    ("申请41件，均在法定的20个工作日内答复。", [("41件", "own"), ("20个工作日内", "rule")]),
])
def test_claims(text: str, expected: Claims) -> None:
    assert [(figure, claim) for figure, claim, _ in claims(text)] == expected


def test_every_figure_of_the_plan_is_a_target() -> None:
    assert [claim for _, claim, _ in claims("法制审核人员由2名增加到5名。", role="next_plan")] == ["target", "target"]


def test_the_whole_city_is_a_citys_own() -> None:
    text = "全市系统共办理案件12件。"
    assert claims(text, level="市", genre="work_report")[0][1] == "own"
    assert claims(text)[0][1] == "external"


@pytest.mark.parametrize(("text", "expected"), [
    ("截至11月底，共检查12家。", "11月底"),
    ("截至2022年10月31日办结9件。", "10月31日"),
    ("1—9月办结9件。", "9月"),
    ("截至12月底办结9件。", ""),           # a full year
    ("全年办结9件。", ""),
])
def test_to_date(text: str, expected: str) -> None:
    assert [to_date for _, _, to_date in claims(text)] == [expected]
