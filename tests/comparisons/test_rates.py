"""Rates against counts."""

from __future__ import annotations

import pytest

from tests.comparisons.drafts import Draft, check, check_sentence


@pytest.mark.parametrize("sentence", [
    "排查事故隐患2460处，整改2254处，整改率96.1%。",
    "共办理行政诉讼案件11件，均已审结，败诉3件，败诉率18.2%。",
    "行政诉讼案件4件，负责人出庭应诉3件，出庭应诉率100%。",
    "全部开庭，负责人出庭6件、因故缺席2件，出庭应诉率80%。",        # 6 of 6 + 2
    "抽检食品2215批次，合格2101批次，合格率97.1%。",
    "被申请行政复议10件，被纠错3件，纠错率20%。",
    "应参加学法考试人员80人，实际参考76人，参考率100%。",
    "审结复议案件97件，其中维持80件、撤销5件、确认违法3件，直接纠错率12%。",
    "收到申请120件，答复110件，答复率100%。",                       # no rule of its own: by the word before 率
])
def test_rates_that_the_counts_refute_fail(sentence: str) -> None:
    assert check_sentence("rates_agree", sentence) is False


@pytest.mark.parametrize("sentence", [
    "排查事故隐患3412处，整改3364处，整改率98.6%。",
    "行政诉讼案件9件，败诉2件；9件均开庭审理，负责人出庭4件，负责人出庭应诉率44.4%。",
    "3件行政诉讼案件开庭，主要负责人出庭1件，分管负责人出庭2件，负责人出庭应诉率100%。",
    "全年有2起行政诉讼，其中1起败诉；开庭时只有1起由局负责人到庭，出庭应诉率50%。",
    "发现问题34个，已整改30个，整改率达88%。",                      # rounded
    "现有执法人员50名，持证48名，持证率96%。",
    "审结复议案件97件，其中维持80件、撤销5件、确认违法3件，直接纠错率8.2%。",          # 5 + 3
    "收到行政复议申请74件，受理69件，审结63件，其中撤销4件、确认违法2件，直接纠错率9.5%。",
    "审结行政诉讼案件18件，其中败诉2件；应出庭15件，负责人出庭15件，出庭应诉率100%。",   # not of all 18
    "行政复议案件12件，已审结10件，被撤销1件，纠错率10%。",
])
def test_rates_that_the_counts_give_pass(sentence: str) -> None:
    assert check_sentence("rates_agree", sentence) is True


@pytest.mark.parametrize("sentence", [
    "承办热线工单5433件，办结率95.6%，满意率88.9%。",
    "抽查单位120家，合格率96%，发现问题34个，已整改30个。",
    "满意率由88%提高到92%。",
])
def test_rates_without_their_counts_are_not_judged(sentence: str) -> None:
    assert check_sentence("rates_agree", sentence) is None


def test_the_whole_may_stand_in_the_sentence_before() -> None:
    draft = Draft({"achievements": ["行政诉讼3件，败诉1件，已作复盘。", "负责人出庭2件，出庭应诉率66.7%。"]})
    assert check(draft)["rates_agree"]["passed"] is True
