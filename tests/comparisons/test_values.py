"""The same thing with two figures."""

from __future__ import annotations

import pytest

from tests.comparisons.drafts import Draft, check


@pytest.mark.parametrize(("one", "other"), [
    ("全年作出行政处罚决定86件，罚没款57.3万元。", "全年作出的89件行政处罚决定中，当事人申请复议的1件。"),
    ("完成食品监督抽检2,215批次，合格率97.1%。", "全年食品抽检2,251批次，覆盖大型商超。"),
    ("全年受理12345热线工单1.2万余件。", "全年11846件热线工单按期办结率96.4%。"),
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
])
def test_different_things_and_equal_values_pass(one: str, other: str) -> None:
    assert check(Draft({"achievements": [one, other]}))["values_agree"]["passed"] is not False


def test_a_target_is_no_second_value() -> None:
    draft = Draft({"achievements": ["全年作出行政处罚决定86件。"], "next_plan": ["全年作出行政处罚决定不少于90件。"]})
    assert check(draft)["values_agree"]["passed"] is None
