"""Parts and totals."""

from __future__ import annotations

import pytest

from tests.comparisons.drafts import check_sentence


@pytest.mark.parametrize("sentence", [
    "全年立案561件，办结538件，其中普通程序402件、简易程序126件，向公安机关移送7件。",
    "行政处罚案件办结22件（普通程序20件、简易程序5件）。",
    "全年受理行政复议案件20件，其中维持12件、撤销3件、驳回6件。",
    "办理行政复议案件6件，其中维持3件，撤销1件。",                                # commas between the parts
    "办理建议提案共29件，其中人大代表建议12件、政协提案15件。",
    "权责事项285项，其中行政许可14项、行政处罚229项、行政检查18项、其他34项。",   # 其他 closes the list
    "一般程序案件30件、简易程序案件12件，合计办结45件。",                          # the total stands behind
    "全年罚没款100万元，其中罚款80万元、没收违法所得30万元。",
    "对26件规范性文件集中清理，其中继续有效18件、修改2件、废止4件。",
    "检查企业50家，其中客运企业80家。",                                          # a part above the total
])
def test_parts_that_do_not_give_the_total_fail(sentence: str) -> None:
    assert check_sentence("sums_agree", sentence) is False


@pytest.mark.parametrize("sentence", [
    "权责事项285项，其中行政许可14项、行政处罚229项、行政检查18项、其他24项。",
    "全年作出行政处罚决定71件，罚没款42.1万元，其中医疗卫生25件、公共场所31件、学校及其他15件。",
    "完成抽查任务21个，其中跨部门联合抽查5个，抽取市场主体1,530户。",              # one part of several
    "排查隐患100处，其中重大隐患5处，已整改97处。",                               # 已整改 overlaps
    "现有执法人员50名，其中党员30名、本科以上学历45名。",
    "开展执法检查300余次，其中日常检查210次、专项检查95次。",                      # 300余 is 300 to 400
    "全面清理现行文件31件，废止4件，目前继续有效的规范性文件11件。",               # no 其中: the list is open
    "办理行政复议案件4件，维持3件，撤销1件。",
    "清理存量措施287件，其中废止4件、修订2件。",                                   # the rest was kept
    "全年受理行政复议案件20件，维持12件、撤销3件，其余5件正在审理。",
    "查处286件，办结271件，其中超限超载132件、非法营运58件、其他96件。",            # the parts of the first figure
    "办结行政许可53件，办理人大代表建议12件、政协提案15件。",
])
def test_lists_that_can_be_right_pass(sentence: str) -> None:
    assert check_sentence("sums_agree", sentence) is not False


def test_a_report_without_totals_cannot_be_judged() -> None:
    assert check_sentence("sums_agree", "办理人大代表建议12件、政协提案15件，办结率100%。") is None
