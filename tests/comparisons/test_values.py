"""The same thing with two figures."""

from __future__ import annotations

import pytest

from tests.comparisons.drafts import Draft, check


@pytest.mark.parametrize(("one", "other"), [
    ("全年作出行政处罚决定86件，罚没款57.3万元。", "全年作出的89件行政处罚决定中，当事人申请复议的1件。"),
    ("完成食品监督抽检2,215批次，合格率97.1%。", "全年食品抽检2,251批次，覆盖大型商超。"),
    ("全年受理12345热线工单1.2万余件。", "全年11846件热线工单按期办结率96.4%。"),
    ("开展普法活动43场，悬挂横幅210条。", "在全年48场普法活动中，群众最关心的是宅基地。"),
    ("各类纠纷进中心调解268件，成功率97%。", "在全年调解的286件纠纷中，由班子成员包案19件。"),   # other words, much the same figure
    ("办理人大建议12件、政协提案9件。", "14件人大建议全部按期答复。"),
    ("作为被申请人的行政复议8件，维持7件。", "全年被提起行政复议9件。"),
    ("现有持证执法人员34名。", "全局34名持证执法人员按期参训，43名持证执法人员全部通过考试。"),
])
def test_two_values_of_one_thing_fail(one: str, other: str) -> None:
    row = check(Draft({"achievements": [one, other]}))["values_agree"]
    assert row["passed"] is False
    assert "另一处为" in row["message"]


@pytest.mark.parametrize(("one", "other"), [
    ("全年制定行政规范性文件2件。", "开展清理，共梳理行政规范性文件23件，废止6件。"),     # made, reviewed
    ("出动行政执法人员1.2万余人次。", "举办业务培训5期，培训行政执法人员640余人次。"),
    ("全年受理12345热线工单1.2万余件。", "全年12300件热线工单全部回访。"),               # within 1.2万余
    ("全年开展普法宣传活动41场，其中进企业活动12场。", "其中普法宣传活动进校园9场。"),
    ("现有持证执法人员103名。", "103名持证执法人员参加考试。"),
    ("全年行政许可3128件，新登记市场主体8415户。", "跨部门联合抽查3个，抽取市场主体1245户。"),
    ("一审开庭9件，负责人出庭8件。", "带队接访，主要负责人本人出庭4件。"),                # a facet
    ("作出行政处罚决定64件。", "全市生态环境系统全年作出处罚决定531件。"),             # another's
    ("全年开展应急演练16场。", "安全生产月期间开展应急演练5场。"),                     # part of the year
    ("全年收到行政复议申请112件。", "受理行政复议申请104件。"),
    ("2名干部取得公职律师证书。", "133名干部参加年度学法用法考试。"),                   # some of them
    ("全年办结行政处罚案件108件。", "全年立案行政处罚案件121件。"),
])
def test_different_things_and_equal_values_pass(one: str, other: str) -> None:
    assert check(Draft({"achievements": [one, other]}))["values_agree"]["passed"] is not False


def test_a_target_is_no_second_value() -> None:
    draft = Draft({"achievements": ["全年作出行政处罚决定86件。"], "next_plan": ["全年作出行政处罚决定不少于90件。"]})
    assert check(draft)["values_agree"]["passed"] is None


def test_both_places_are_quoted_as_they_are_written() -> None:
    message = check(Draft({"achievements": ["全年作出行政处罚决定86件，罚没款57.3万元。", "全年作出的89件行政处罚决定中，1件被申请复议。"]})
                    )["values_agree"]["message"]
    assert "“全年作出行政处罚决定86件”与“全年作出的89件行政处罚决定中”" in message


def test_shortcomings_count_only_where_they_speak_of_the_year() -> None:
    told = ["办结行政处罚案件802件。"]
    assert check(Draft({"achievements": told, "problems": ["全年办结行政处罚820件，人均办案少。"]}))["values_agree"]["passed"] is False
    assert check(Draft({"achievements": told, "problems": ["办结行政处罚20件的中队只有1个。"]}))["values_agree"]["passed"] is None


def test_rival_answers_to_one_indicator_fail_only_where_they_are_of_one_scope() -> None:
    def judged(one: str, other: str) -> bool | None:
        draft = Draft({"achievements": [one, other]})
        candidates = [{"document_id": draft.document_id, "indicator": "x", "candidate_no": number, "quantity_no": number,
                       "is_chosen": not number, "is_rival": bool(number)} for number in (0, 1)]
        values = [{"document_id": draft.document_id, "indicator": "x", "state": "ambiguous"}]
        return check(draft, values, candidates)["values_agree"]["passed"]

    assert judged("调处邻里、土地、婚姻家庭等纠纷246件。", "全年共调处矛盾纠纷264件。") is False
    assert judged("举办执法业务培训班6期。", "镇街执法人员轮训完成4期。") is not False
