"""The second genre, 政府工作报告, from file to indicators: an invented report, then 48 real ones where they are laid out.

The values of the real reports were read from their sentences by a person, not taken from a run.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.profiles import load_part
from pipeline.runner.work import run_document_stages
from pipeline.settings import KNOWLEDGE
from pipeline.stages import STAGES
from pipeline.tables import store

GENRE = "work_report"
REPORT_YEAR = 2023

# Invented. Each sentence that must not answer says why in the test below.
REPORT = """政府工作报告
——2024年1月12日在云泽市第五届人民代表大会第三次会议上
云泽市人民政府市长 林一帆
各位代表：
现在，我代表市人民政府向大会报告工作，请予审议，并请市政协委员和列席人员提出意见。
一、2023年工作回顾
过去一年，面对复杂多变的形势，全市上下拼搏实干，较好完成各项任务。
——综合实力稳步提升。全市地区生产总值达到1240亿元、增长6.2%左右；规上工业增加值、固定资产投资、社会消费品零售总额分别增长8.1%、5.5%、9.4%，地方一般公共预算收入86亿元、同口径增长7.3%，其中税收收入增长12%。
（一）抓产业、强动能。武岭县经济持续壮大，武岭县地区生产总值突破300亿元、增长9.9%。新增专精特新“小巨人”企业6家、高新技术企业41家，全社会研发投入强度达到2.1%。近五年累计新增就业31万人，全省粮食产量再创新高。
（二）抓民生、增福祉。城镇新增就业2.6万人。城乡居民人均可支配收入分别达4.6万元、2.4万元，分别增长5.3%、7.6%。改造老旧小区118个，新增学位1.3万个、托位960个。
（三）抓生态、护绿水。PM2.5平均浓度29微克/立方米，空气质量优良天数比例92.4%，国省考断面水质优良比例100%。
（四）抓作风、优服务。办理人大代表建议152件、政协提案204件，办复率100%。
各位代表，在肯定成绩的同时，我们也清醒地看到，发展中还存在不少问题：产业结构不优，固定资产投资下降的压力较大。
二、2024年工作安排
今年的主要预期目标是：地区生产总值增长7%，一般公共预算收入增长6%，城镇新增就业3万人，粮食产量稳定在90万吨以上。
（一）建设现代产业体系。新增高新技术企业60家，社会消费品零售总额突破700亿元。
三、加强政府自身建设
办理好人大代表建议和政协提案。
"""

INVENTED = {
    "gdp_amount": (124_000_000_000, 124_000_000_000),
    "gdp_growth": (5.89, 6.51),
    "industrial_growth": (8.1, 8.1),
    "fixed_investment_growth": (5.5, 5.5),
    "retail_sales_growth": (9.4, 9.4),
    "budget_revenue_amount": (8_600_000_000, 8_600_000_000),
    "budget_revenue_growth": (7.3, 7.3),
    "new_little_giants": (6, 6),
    "new_high_tech_firms": (41, 41),
    "research_spending_ratio": (2.1, 2.1),
    "urban_new_jobs": (26_000, 26_000),
    "urban_income_amount": (46_000, 46_000),
    "rural_income_amount": (24_000, 24_000),
    "urban_income_growth": (5.3, 5.3),
    "rural_income_growth": (7.6, 7.6),
    "old_communities_renovated": (118, 118),
    "new_school_places": (13_000, 13_000),
    "new_nursery_places": (960, 960),
    "pm25_concentration": (29, 29),
    "good_air_ratio": (92.4, 92.4),
    "good_water_ratio": (100, 100),
    "npc_suggestions_handled": (152, 152),
    "cppcc_proposals_handled": (204, 204),
}

# Whose report it is. A file may be misnamed: 台州.txt holds the report of the State Council, 黄山.txt that of a district.
DEPARTMENTS = {
    "凉山": "凉山州人民政府", "甘孜": "甘孜州人民政府", "阿坝": "阿坝州人民政府", "锡林郭勒": "锡林郭勒盟行政公署",
    "黄山": "黄山区人民政府", "台州": None,
}

# Read from the reports: city, indicator, low, high (None: open).
KNOWN: list[tuple[str, str, float | None, float | None]] = [
    ("宜昌", "gdp_growth", 7.1, 7.1),
    ("宜昌", "industrial_growth", 7.8, 7.8),            # 四项分别增长7.8%、10%、8.8%、23.3%
    ("宜昌", "fixed_investment_growth", 10, 10),
    ("宜昌", "retail_sales_growth", 8.8, 8.8),
    ("宜昌", "budget_revenue_growth", 23.3, 23.3),
    ("宜昌", "high_tech_firms_total", 1400, None),      # 突破1400家
    ("杭州", "gdp_amount", 2_005_900_000_000, 2_005_900_000_000),
    ("杭州", "budget_revenue_amount", 261_680_000_000, 261_680_000_000),  # 不是财政总收入4916.5亿元
    ("杭州", "urban_income_amount", 80_587, 80_587),
    ("杭州", "rural_income_growth", 6.6, 6.6),
    ("上海", "fixed_investment_growth", 13.8, 13.8),    # 不是临港新片区的10.3%
    ("崇左", "gdp_growth", 6.2, 6.2),                   # 不是二十年年均8.2%
    ("重庆", "fixed_investment_growth", 4.3, 4.3),
    ("徐州", "urban_income_growth", 5.1, 5.1),          # 分别达到4.5万元、2.7万元，增长5.1%和7.4%
    ("镇江", "rural_income_growth", 7.1, 7.1),
    ("六安", "npc_suggestions_handled", 159, 159),      # 议案2件另计
    ("绵阳", "cppcc_proposals_handled", 261, 261),      # 183件人大代表建议、261件政协提案
    ("沈阳", "farmland_built", 500_000, 500_000),       # 实施50万亩高标准农田建设
    ("赣州", "fixed_investment_growth", -1.7, -1.7),     # 下降1.7%
    ("淮北", "trade_amount", 1_480_000_000, 1_480_000_000),
    ("马鞍山", "livelihood_spending_share", 84, 84),
]
# Said otherwise or not at all: a fall is no growth, a county's or a park's figure not the city's, a joint total neither's.
SILENT = [
    ("淮安", "tourist_visits"), ("泰州", "npc_suggestions_handled"),
    ("泰州", "cppcc_proposals_handled"), ("甘孜", "urban_new_jobs"), ("天津", "new_business_entities"),
    ("南宁", "trade_amount"),
]


def take_through(paths: list[Path]) -> dict[str, pd.DataFrame]:
    """The tables of some files up to the indicators, made in memory."""
    rows = []
    for path in paths:
        content = path.read_bytes()
        rows.append({"path": path.name, "document_id": hashlib.sha256(content).hexdigest()[:16], "bytes": len(content),
                     "location": str(path.absolute())})
    last = next(number for number, stage in enumerate(STAGES) if stage.function == "answer_indicators")
    made = run_document_stages(store.frame("raw_files", rows), STAGES[:last + 1], KNOWLEDGE)
    return {name: table for result in made.values() for name, table in result.items() if name != "issues"}


def answers_of(tables: dict[str, pd.DataFrame], name: str) -> dict[str, Any]:
    """Indicator → row of indicator_values of the file called `name`."""
    documents = tables["documents"]
    document_id = documents.loc[documents["path"] == name, "document_id"].iloc[0]
    values = tables["indicator_values"]
    return {row.indicator: row for row in values[values["document_id"] == document_id].itertuples()}


def bounds(row: Any) -> tuple[float | None, float | None]:
    """The rounded bounds of an answer; None where open or silent."""
    low, high = (None if pd.isna(bound) else round(float(bound), 2) for bound in (row.low, row.high))
    return low, high


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    path = tmp_path_factory.mktemp("work_report") / "云泽.txt"
    path.write_text(REPORT, encoding="utf-8")
    return take_through([path])


@pytest.fixture(scope="module")
def real(shared: Path) -> dict[str, pd.DataFrame]:
    paths = sorted((shared / "work_reports").glob("*.txt"))
    if not paths:
        pytest.skip("shared/work_reports holds no reports")
    return take_through(paths)


def test_the_genre_has_its_own_indicators_named_for_charts() -> None:
    indicators = load_part("indicators").of_genre(GENRE)
    assert len(indicators) >= 25
    assert [item.short_name for item in indicators if len(item.short_name) > 8] == []
    assert {role for item in indicators for role in item.roles} == {"achievements"}


def test_identity_and_roles_of_an_invented_report(invented: dict[str, pd.DataFrame]) -> None:
    identity = invented["identities"].iloc[0]
    assert (identity.genre, identity.department, identity.report_year) == (GENRE, "云泽市人民政府", REPORT_YEAR)
    sentences = invented["sentences"]
    role_of = {words: sentences.loc[sentences["text"].str.contains(words), "role"].iloc[0]
               for words in ("综合实力|地区生产总值达到", "清醒地看到", "主要预期目标", "办理好人大代表建议")}
    assert list(role_of.values()) == ["achievements", "problems", "next_plan", "next_plan"]


@pytest.mark.parametrize("indicator", sorted(INVENTED))
def test_answers_of_an_invented_report(invented: dict[str, pd.DataFrame], indicator: str) -> None:
    row = answers_of(invented, "云泽.txt")[indicator]
    assert bounds(row) == INVENTED[indicator], row.why


def test_what_is_not_the_citys_own_year_does_not_answer(invented: dict[str, pd.DataFrame]) -> None:
    """全省粮食, a plan for grain and for retail sales, five years' jobs: the report itself says nothing of them."""
    answers = answers_of(invented, "云泽.txt")
    said = {name for name, row in answers.items() if row.state != "not_disclosed"}
    assert said == set(INVENTED)


def test_every_real_report_has_its_identity(real: dict[str, pd.DataFrame]) -> None:
    found = real["documents"].merge(real["identities"], on="document_id", validate="1:1", suffixes=("", "_identity"))
    assert len(found) == 48
    for row in found.itertuples():
        city = row.path.removesuffix(".txt")
        expected = DEPARTMENTS.get(city, f"{city}市人民政府")
        department = None if pd.isna(row.department) else row.department
        assert (row.genre, row.report_year) == (GENRE, REPORT_YEAR), city
        assert department == expected or (expected is None and department != f"{city}市人民政府"), city


@pytest.mark.parametrize(("city", "indicator", "low", "high"), KNOWN)
def test_known_values_of_real_reports(real: dict[str, pd.DataFrame], city: str, indicator: str, low: float | None,
                                      high: float | None) -> None:
    row = answers_of(real, f"{city}.txt")[indicator]
    assert row.state == "value", row.why
    assert bounds(row) == (low, high), row.why


@pytest.mark.parametrize(("city", "indicator"), SILENT)
def test_figures_of_others_do_not_answer(real: dict[str, pd.DataFrame], city: str, indicator: str) -> None:
    row = answers_of(real, f"{city}.txt")[indicator]
    assert row.state == "not_disclosed", f"{row.low} {row.why}"


def test_few_answers_of_real_reports_are_ambiguous(real: dict[str, pd.DataFrame]) -> None:
    states = real["indicator_values"]["state"]
    assert (states == "ambiguous").sum() <= 0.01 * (states != "not_disclosed").sum()
