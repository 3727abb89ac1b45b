"""Recycled sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipeline.comparisons.candidates import build_text_set, compare_pairs, find_pairs, mask, sign
from pipeline.comparisons.reuse import find_reuse
from pipeline.comparisons.reuse_sources import settle_reuse
from pipeline.profiles import load_part
from pipeline.tables import store
from tests.comparisons.corpus import report, reports

SCIENCE, FINANCE = "澜山区科学技术局", "澜山区财政局"
LEADER = "将依法行政纳入科室年度考核，与业务工作一并部署、一并检查，对进展缓慢的事项当面提醒、限期整改。"
OPENNESS = "公开内容实行科室初审、办公室复审、分管领导终审，未经审核的信息一律不得发布。"


def sentences(**said: list[str]) -> pd.DataFrame:
    """Table `sentences` from document_id (with _ for -) and its sentences."""
    return store.frame("sentences", [
        {"document_id": document_id.replace("_", "-"), "sentence_no": number, "text": text}
        for document_id, texts in said.items() for number, text in enumerate(texts)])


def reuse(table: pd.DataFrame, said: pd.DataFrame) -> store.Tables:
    return settle_reuse(table, **find_reuse(table, said, load_part("boilerplate")))


def found(table: pd.DataFrame, said: pd.DataFrame) -> list[tuple[str, int, str, str]]:
    made = reuse(table, said)["reuse"]
    return list(zip(made.document_id, made.sentence_no, made.source_document_id, made.relation, strict=True))


def one_department(*years: int) -> pd.DataFrame:
    return reports(*(report(SCIENCE, year, document_id=f"s-{year}") for year in years))


@pytest.mark.parametrize(("earlier", "later"), [
    (LEADER, LEADER),
    ("全年局党组3次专题研究依法行政工作，听取权责清单调整、普法责任落实等情况汇报。",
     "全年局党组两次专题研究依法行政工作，听取权责清单调整、普法责任落实等情况汇报。"),           # a new figure
    ("承办人大代表建议19件、政协提案31件，办结率100%。", "承办人大代表建议17件、政协提案28件，答复率100%。"),
    ("坚持会前学法，全年组织领导班子集体学法5次，重点学习《宪法》《民法典》等法律。",
     "坚持会前学法，截至11月底组织领导班子集体学法6次，重点学习《行政处罚法》等法律。"),
    ("对进展缓慢的事项当面提醒、限期整改，将依法行政纳入科室年度考核，与业务工作一并部署、一并检查。", LEADER),   # reordered
])
def test_the_same_frame_is_recycled(earlier: str, later: str) -> None:
    assert found(one_department(2021, 2022), sentences(s_2021=[earlier], s_2022=[later])) == [
        ("s-2022", 0, "s-2021", "earlier_year")]


@pytest.mark.parametrize(("earlier", "later"), [
    ("现将有关情况报告如下：", "现将有关情况报告如下："),                                   # a formula
    ("立案12件。", "立案15件。"),                                                          # too short
    ("审结589件，调解成功率58.3%。", "全年立案受理劳动人事争议688件，审结667件，调解成功率63.7%。"),
    ("渣土运输智能监管平台年内投入使用。", "渣土运输智能监管平台6月正式投入使用，自动识别、抓拍涉嫌违法车辆线索。"),
])
def test_formulas_short_and_merely_related_sentences_are_not(earlier: str, later: str) -> None:
    assert found(one_department(2021, 2022), sentences(s_2021=[earlier], s_2022=[later])) == []


def test_the_nearest_year_is_the_source() -> None:
    said = sentences(s_2019=[LEADER], s_2020=[LEADER], s_2022=[LEADER])
    assert found(one_department(2019, 2020, 2022), said) == [
        ("s-2020", 0, "s-2019", "earlier_year"), ("s-2022", 0, "s-2020", "earlier_year")]


def test_figures_are_shown_unmasked_only_as_verbatim() -> None:
    said = sentences(s_2021=["聘请律师事务所担任常年法律顾问，全年审查合同26份。"], s_2022=["聘请律师事务所担任常年法律顾问，全年审查合同33份。"])
    made = reuse(one_department(2021, 2022), said)["reuse"]
    assert made.is_verbatim.tolist() == [False]
    assert made.similarity.iloc[0] > 0.95


def test_a_sentence_of_another_department_needs_to_be_its_own_words() -> None:
    table = reports(report(FINANCE, 2021, document_id="f"), report(SCIENCE, 2022, document_id="s"))
    slogan = "坚持重要工作亲自部署、重大问题亲自过问、重点环节亲自协调、重要任务亲自督办，带头学法。"
    said = sentences(f=[OPENNESS, slogan], s=[OPENNESS, slogan])
    assert found(table, said) == [("s", 0, "f", "other_department")]


def test_in_the_same_year_the_report_signed_first_is_the_source() -> None:
    table = reports(report(FINANCE, 2022, document_id="f", signed_date="2023-03-01"),
                    report(SCIENCE, 2022, document_id="s", signed_date="2023-01-10"))
    assert found(table, sentences(f=[OPENNESS], s=[OPENNESS])) == [("f", 0, "s", "other_department")]


def test_the_own_earlier_report_goes_before_another_department() -> None:
    table = reports(report(SCIENCE, 2020, document_id="s-2020"), report(FINANCE, 2021, document_id="f"),
                    report(SCIENCE, 2022, document_id="s-2022"))
    said = sentences(s_2020=[OPENNESS], f=[OPENNESS], s_2022=[OPENNESS])
    assert ("s-2022", 0, "s-2020", "earlier_year") in found(table, said)


def elsewhere(year: int, **differing: object) -> dict:
    return report("青禾市水利局", year, **{"region": "青禾市", "department_code": "水利局", "document_id": f"q-{year}", **differing})


def test_a_sentence_of_another_region_counts_where_it_is_the_same_but_for_names_and_figures() -> None:
    table = reports(elsewhere(2021), report(SCIENCE, 2022, document_id="s"))
    said = sentences(
        q_2021=["青禾市建立重大行政决策目录制度，全年审查合同26份，青禾经验在全省推广。", LEADER],
        s=["澜山区建立重大行政决策目录制度，全年审查合同33份，澜山经验在全省推广。", LEADER.replace("当面提醒、", "")])
    made = reuse(table, said)["reuse"]
    assert list(zip(made.document_id, made.sentence_no, made.source_document_id, made.relation, strict=True)) == [
        ("s", 0, "q-2021", "other_department")]
    assert made.is_verbatim.tolist() == [False]


def test_of_other_regions_the_nearest_year_and_its_first_report_is_the_source() -> None:
    rows = [elsewhere(2020), elsewhere(2021, document_id="later", department_code="民政局", signed_date="2022-03-01"),
            elsewhere(2021, signed_date="2022-01-01"), report(SCIENCE, 2021, document_id="own", signed_date="2022-01-02"),
            report(FINANCE, 2022, document_id="f")]
    said = sentences(q_2020=[OPENNESS], later=[OPENNESS], q_2021=[OPENNESS], own=[OPENNESS], f=[OPENNESS])
    sources = {row[0]: row[2] for row in found(reports(*rows), said)}
    # of 2021 the one signed first goes before the later one of its own region
    assert sources["f"] == "q-2021"
    assert sources["own"] == "q-2021"
    assert "q-2020" not in sources


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows = [elsewhere(2020), elsewhere(2021), report(SCIENCE, 2021, document_id="s-2021"), report(SCIENCE, 2022, document_id="s-2022")]
    said = sentences(q_2020=[OPENNESS, LEADER], q_2021=[LEADER], s_2021=[OPENNESS], s_2022=[LEADER, OPENNESS])
    made, other = reuse(reports(*rows), said), reuse(reports(*rows[::-1]), said.iloc[::-1].reset_index(drop=True))
    for name in ("reuse", "reuse_shares"):
        pd.testing.assert_frame_equal(made[name], other[name])


def test_a_short_sentence_of_many_departments_is_a_formula() -> None:
    names = [f"澜山区第{number}局" for number in "一二三四五六"]
    table = reports(*(report(name, 2022, document_id=name) for name in names))
    short = "组织全体干部参加年度学法用法考试。"
    said = store.frame("sentences", [{"document_id": name, "sentence_no": 0, "text": short} for name in names])
    assert found(table, said) == []


def test_shares_are_missing_where_there_was_nothing_to_compare_with() -> None:
    made = reuse(one_department(2021, 2022), sentences(s_2021=[LEADER], s_2022=[LEADER, OPENNESS]))
    made = made["reuse_shares"].set_index(["document_id", "relation"])
    assert pd.isna(made.share_pct["s-2021", "earlier_year"])
    assert made.share_pct["s-2022", "earlier_year"] == 50.0
    assert made.source_document_id["s-2022", "earlier_year"] == "s-2021"
    assert pd.isna(made.n_reused["s-2022", "other_department"])


@pytest.mark.parametrize("years", [(), (2022,)])
def test_nothing_to_compare_gives_no_reuse(years: tuple[int, ...]) -> None:
    assert found(one_department(*years), sentences(s_2022=[LEADER])) == []


@pytest.mark.parametrize(("sentence", "masked"), [
    ("一是全年开展普法活动26场次。", "T开展普法活动N场次"),
    ("截至11月底，评查案卷52卷", "T评查案卷N卷"),
    ("学习《宪法》《民法典》", "学习LL"),
    ("接受群众咨询近７000人次", "接受群众咨询N人次"),
])
def test_times_numbers_and_titles_are_masked(sentence: str, masked: str) -> None:
    assert mask(sentence) == masked


def test_similar_texts_are_found_among_many() -> None:
    generator = np.random.default_rng(7)
    texts = ["".join(chr(0x4E00 + number) for number in generator.integers(0, 3000, 40)) for _ in range(2000)]
    texts += [text[:30] + text[32:] + "新增" for text in texts[:200]]
    made = build_text_set(texts)
    order = np.arange(len(texts))
    later, earlier = find_pairs(made, sign(made), np.zeros(len(texts), dtype=np.int64), order, rows_a_band=2)
    likeness = compare_pairs(made, later, earlier)
    pairs = {(int(one), int(other)) for one, other, share in zip(later, earlier, likeness, strict=True) if share > 0.6}
    assert sum((2000 + number, number) in pairs for number in range(200)) >= 195
    assert len(later) < 50_000                                 # near-linear: far from two million pairs
