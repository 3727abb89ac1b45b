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


def claims(text: str, role: str = "achievements", level: str = "区县", genre: str = "rule_of_law", region: str = "",
           department: str = "") -> list[tuple[str, str, str]]:
    tables = find_quantities(
        frame("documents", [{"document_id": "d", "path": "d.txt", "text": text, "status": "ok"}]),
        frame("sections"),
        frame("sentences", [{"document_id": "d", "sentence_no": 0, "section_no": 0, "role": role, "start": 0, "end": len(text), "text": text}]),
        frame("identities", [{"document_id": "d", "report_year": 2022, "level": level, "genre": genre, "region": region or None,
                              "department": department or None}]), units())
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


@pytest.mark.parametrize(("text", "expected"), [
    ("全市法院全年受理一审行政案件1236件，行政机关败诉率9.4%。", ["external", "external"]),
    ("全市系统共办案120件，我局办结30件。", ["external", "own"]),
    ("上年度我局立案47件，结案45件。", ["previous", "previous"]),
    ("2021年立案9件，结案8件，2022年立案12件，结案11件。", ["previous", "previous", "own", "own"]),
    ("上年结转5件，新收30件。", ["previous", "own"]),
    ("2018年至2022年，五年共办结案件612件。", ["cumulative", "cumulative"]),
    ("落实三年行动计划（2020—2022年），检查在建项目541个次。", ["own"]),
    ("许可时限在原有5个工作日的基础上压减八成。", ["previous", "own"]),
    ("清理历年文件9件，历年累计清理320件。", ["own", "cumulative"]),
    ("市局下达我局抽检任务800批次，完成812批次。", ["target", "own"]),
    ("通过平台下达抽查任务19个。", ["own"]),
    ("由3名律师组成团队，为28份合同把关。", ["own", "own"]),
    ("对个人可处200元以上2000元以下罚款。", ["rule", "rule"]),
])
def test_claims_across_clauses(text: str, expected: list[str]) -> None:
    assert [claim for _, claim, _ in claims(text)] == expected


@pytest.mark.parametrize(("text", "department", "expected"), [
    ("区市场监督管理局全年作出处罚决定88件。", "澜山区水利局", "external"),
    ("区水利局全年作出处罚决定88件。", "澜山区水利局", "own"),
    ("区住建局全年作出处罚决定88件。", "澜山区住房和城乡建设局", "own"),     # short for its own name
    ("区政府负责人出庭应诉3件。", "澜山区司法局", "external"),
    ("区政府负责人出庭应诉3件。", "澜山区人民政府", "own"),
    ("县农村土地承包仲裁委员会受理案件15件。", "岫川县农业农村局", "own"),   # a commission of the department
    ("区市场监督管理局全年作出处罚决定88件。", "", "own"),                  # nothing to compare with
])
def test_another_office_as_the_subject(text: str, department: str, expected: str) -> None:
    assert [claim for _, claim, _ in claims(text, department=department)] == [expected]


@pytest.mark.parametrize(("text", "expected"), [
    ("成功争取到中央预算内资金95亿元，争取各类债券资金120亿元。", ["own", "own"]),
    ("力争完成投资30亿元，争取建成学校3所。", ["target", "target"]),
    ("培育人才计划161人，完成年度投资计划的116%，计划开工项目12个。", ["own", "own", "target"]),
    ("去年，地区生产总值增长6.1%，比去年同期提高0.3个百分点。", ["own", "own"]),
    ("藤县新材料、陶瓷产业发展，地区生产总值突破300亿元；全市固定资产投资增长5%。", ["external", "own"]),
    ("天全县获评示范县，全市进出口总额增长33%。", ["own"]),
])
def test_claims_of_a_citys_work_report(text: str, expected: list[str]) -> None:
    assert [claim for _, claim, _ in claims(text, level="市", genre="work_report")] == expected


def test_the_whole_city_is_a_municipalitys_own() -> None:
    text = "全市地区生产总值增长5.2%，全市受理案件12件。"
    assert [claim for _, claim, _ in claims(text, level="省", genre="work_report", region="天津市")] == ["own", "own"]


@pytest.mark.parametrize(("text", "genre", "expected"), [
    ("前三季度，全市实现地区生产总值1230亿元，增长5%。", "work_report", ["9月", "9月"]),
    ("上半年，地区生产总值增长5%；全年增长6%。", "work_report", ["6月", ""]),
    ("上半年召开部署会1次。", "rule_of_law", [""]),              # says when, not up to when
])
def test_part_of_a_year_is_a_date(text: str, genre: str, expected: list[str]) -> None:
    assert [to_date for _, _, to_date in claims(text, level="市", genre=genre)] == expected
