"""Traces of other texts: terms of another time, words of another office."""

from __future__ import annotations

import pytest

from tests.comparisons.drafts import check_sentence


@pytest.mark.parametrize(("sentence", "year"), [
    ("“12·4”全国法制宣传日当天，以线上问答形式宣传宪法。", 2022),
    ("围绕“职能科学、权责法定、执法严明、公开公正、廉洁高效、守法诚信”的目标推进工作。", 2022),
    ("落实“七五”普法规划，组织干部下沉社区宣传。", 2022),
    ("严格落实《法治政府建设实施纲要（2015—2020年）》各项要求。", 2022),
    ("统筹疫情防控和经济社会发展，依法保障民生。", 2023),
    ("会同区环保局、区工商局开展检查。", 2022),
    ("深入学习贯彻党的十九大精神。", 2023),
    ("深入学习贯彻党的二十大精神。", 2019),             # not yet
    ("贯彻《法治政府建设实施纲要（2015—2020年）》和省市部署，各项任务基本完成。", 2022),   # 完成 is said of something else
    ("制定“七五”普法年度计划，圆满完成考试任务。", 2022),
    ("宣传《技术合同法》和《科学技术进步法》。", 2022),
    ("组织学习《合同法》《物权法》。", 2022),
    ("依据《信访条例》办理信访事项63件。", 2024),
])
def test_terms_outside_their_years_fail(sentence: str, year: int) -> None:
    assert check_sentence("no_stale_terms", sentence, year=year) is False


@pytest.mark.parametrize(("sentence", "year"), [
    ("围绕“七五”普法总结验收，结合“12·4”国家宪法日开展宣传。", 2021),     # a look back
    ("落实“七五”普法规划。", 2020),
    ("“七五”普法规划，圆满收官。", 2022),                  # the short clause is said of the term
    ("学习《民法典》《劳动合同法》。", 2022),
    ("清理原安监局名义印发的文件9件。", 2021),
    ("《合同法》等九部法律同时废止，组织《民法典》轮训2期。", 2021),
    ("对照《法治政府建设实施纲要（2015—2020年）》收官任务推进工作。", 2020),
    ("统筹疫情防控和稳就业、保民生。", 2020),
    ("落实生态环境保护督察整改，会同生态环境局开展环保检查。", 2022),
    ("全面贯彻《法治政府建设实施纲要（2021—2025年）》。", 2022),
    ("统筹疫情防控和经济社会发展。", None),
])
def test_terms_in_their_years_and_looks_back_pass(sentence: str, year: int | None) -> None:
    assert check_sentence("no_stale_terms", sentence, year=year) is not False


SCIENCE = {"department": "澜山区科学技术局", "code": "science"}


@pytest.mark.parametrize(("sentence", "office"), [
    ("督促各学校、各科室及时更新公开栏内容。", SCIENCE),
    ("各学校要把防溺水教育与课后服务结合起来。", {"department": "澜山区自然资源局", "code": "natural_res"}),
    ("严格执行局党组议事规则，大额支出先上会。", {"department": "芦原县松塘镇人民政府", "code": "town_gov", "region": "芦原县"}),
    ("涉及住建领域民生事项的，还要征求街道意见。", {"department": "澜山区卫生健康局", "code": "health"}),
    ("把案例讲成道理，引导劳动者理性表达诉求。", {"department": "澜山区财政局", "code": "finance"}),
    ("我镇高度重视法治建设工作。", SCIENCE),
    ("我局高度重视法治建设工作。", {"department": "石桥湾镇人民政府", "code": "town_gov", "region": "石桥湾镇"}),
    ("区教育局高度重视，成立工作专班。", SCIENCE),
    ("××局党组认真研究部署。", SCIENCE),
    ("各市场监管所配齐法制员，案件先由所里初审。", SCIENCE),
    ("在云泽区委、区政府的坚强领导下，各项工作有序推进。", SCIENCE),
])
def test_what_another_office_wrote_fails(sentence: str, office: dict[str, str]) -> None:
    assert check_sentence("no_foreign_leftovers", sentence, **office) is False


@pytest.mark.parametrize(("sentence", "office"), [
    ("会同教育局开展校车安全检查，走进学校宣讲。", {}),
    ("检查医疗机构、公共场所、学校和疫苗接种点3140户次。", {"department": "澜山区卫生健康局", "code": "health"}),
    ("经区司法局备案后印发。", SCIENCE),
    ("区司法局认真审核我局起草的文件。", SCIENCE),
    ("督促运输企业落实主体责任。", {}),                            # its own subjects
    ("督促各学校落实食品安全责任。", {"department": "澜山区市场监督管理局", "code": "market_reg"}),
    ("我镇高度重视法治建设工作。", {"department": "石桥湾镇人民政府", "code": "town_gov", "region": "石桥湾镇"}),
    ("在青禾市委、市政府的坚强领导下，各项工作有序推进。", SCIENCE),   # the superior
    ("我区财政安排资金，校企合作项目落地。", SCIENCE),
])
def test_working_with_others_passes(sentence: str, office: dict[str, str]) -> None:
    assert check_sentence("no_foreign_leftovers", sentence, **office) is True


def test_without_a_department_only_blanks_are_judged() -> None:
    assert check_sentence("no_foreign_leftovers", "我镇高度重视。", department="", code="") is None
    assert check_sentence("no_foreign_leftovers", "××局高度重视。", department="", code="") is False
