"""Indicators are answered from sentences: every example of the catalogue, then the rules of choosing."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from pipeline.measures.carrying import read_line
from pipeline.measures.indicators import answer_indicators
from pipeline.measures.quantities import find_quantities
from pipeline.measures.simplified import simplify, trace
from pipeline.profiles import load_part
from pipeline.profiles.corrections import Correction, Corrections
from pipeline.tables import store

INDICATORS = load_part("indicators")
EXAMPLES = [(indicator, example) for indicator in INDICATORS.all for example in indicator.examples]
YEAR = 2022


def answer(texts, genre="rule_of_law", corrections=None, indicators=INDICATORS):
    """Tables of small reports; a text is a list of (heading, role, sentences)."""
    documents, identities, sections, sentences = [], [], [], []
    for number, (text_genre, parts) in enumerate(texts):
        document_id = f"{number:06d}"
        text = ""
        for section_no, (heading, role, body) in enumerate(parts):
            sections.append(
                {
                    "document_id": document_id,
                    "section_no": section_no,
                    "level": 1,
                    "heading": heading,
                    "role": role,
                    "start": len(text),
                    "end": len(text) + len(body),
                    "body_start": len(text),
                }
            )
            for match in re.finditer(r"[^。]+。?", body):
                sentences.append(
                    {
                        "document_id": document_id,
                        "sentence_no": len(sentences),
                        "section_no": section_no,
                        "role": role,
                        "start": len(text) + match.start(),
                        "end": len(text) + match.end(),
                        "text": match.group(),
                    }
                )
            text += body + "\n"
        documents.append({"document_id": document_id, "path": f"{document_id}.txt", "status": "ok", "text": text})
        identities.append(
            {
                "document_id": document_id,
                "genre": text_genre or genre,
                "department": "云泽区水利局",
                "report_year": YEAR,
            }
        )
    tables = {"documents": documents, "identities": identities, "sections": sections, "sentences": sentences}
    frames = {name: store.frame(name, rows) for name, rows in tables.items()}
    quantities = find_quantities(
        frames["documents"], frames["sections"], frames["sentences"], frames["identities"], load_part("units")
    )["quantities"]
    return frames, answer_indicators(
        frames["documents"],
        frames["identities"],
        frames["sections"],
        frames["sentences"],
        quantities,
        indicators,
        corrections or Corrections(),
    )


def answer_one(*parts, corrections=None):
    """Answers and issues of one report: {indicator: row}."""
    frames, tables = answer(
        [(None, [part if isinstance(part, tuple) else ("", "achievements", part) for part in parts])],
        corrections=corrections,
    )
    rows = {row.indicator: row for row in tables["indicator_values"].itertuples()}
    return frames, rows, tables


@pytest.fixture(scope="module")
def example_answers():
    texts = [
        (indicator.genre, [(example.heading, example.role, example.before + example.text)])
        for indicator, example in EXAMPLES
    ]
    _, tables = answer(texts)
    return {(row.document_id, row.indicator): row for row in tables["indicator_values"].itertuples()}


@pytest.mark.parametrize("number", range(len(EXAMPLES)), ids=lambda number: f"{EXAMPLES[number][0].id}-{number}")
def test_examples_of_the_catalogue(number, example_answers):
    indicator, example = EXAMPLES[number]
    row = example_answers[f"{number:06d}", indicator.id]
    state = "zero" if example.state == "value" and example.low == example.high == 0 else example.state
    assert row.state == state, f"{example.text}：{row.why}"
    if state in ("value", "ambiguous"):
        assert (plain(row.low), plain(row.high)) == (plain(example.low), plain(example.high)), example.text
        assert example.unit in (None, row.unit), example.text


def plain(value):
    return None if value is None or pd.isna(value) else float(value)


def bounds(rows, indicator):
    row = rows[indicator]
    return row.state, plain(row.low), plain(row.high)


def test_one_number_answers_two_indicators():
    _, rows, _ = answer_one("目前有法律顾问和公职律师各2名。")
    assert bounds(rows, "legal_advisor_count") == bounds(rows, "public_lawyer_count") == ("value", 2, 2)


def test_total_is_preferred_to_its_parts_and_parts_are_not_added():
    _, rows, _ = answer_one("其中中心组学法2次。全年党组中心组集体学法6次，其中会前学法4次。")
    assert bounds(rows, "leadership_law_study_count") == ("value", 6, 6)


def test_sum_answers_for_its_parts_wherever_it_stands():
    _, rows, _ = answer_one("开展进企普法9场、校园普法5场，共14场。")
    assert bounds(rows, "publicity_event_count") == ("value", 14, 14)
    _, rows, _ = answer_one("办结简易程序案件9件、普通程序案件5件，共14件。")
    assert bounds(rows, "summary_procedure_count") == ("value", 9, 9)


def test_number_of_another_unit_behind_parts_is_no_part():
    _, rows, _ = answer_one("办结处罚案件43件，其中普通程序31件，罚款48.6万元。又对一起积案罚款2万元。")
    assert plain(rows["penalty_amount"].low) == 486000


def test_generic_verb_takes_its_topic_from_the_clause_before():
    _, rows, _ = answer_one("坚持会前学法，全年组织12次。")
    assert bounds(rows, "leadership_law_study_count") == ("value", 12, 12)


def test_reason_of_not_applicable_outweighs_the_none_beside_it():
    _, rows, _ = answer_one("我局不具备行政处罚权，本年度不涉及行政处罚案件。")
    assert rows["penalty_closed_count"].state == "na"


def test_repeated_equal_statements_are_not_added():
    _, rows, tables = answer_one("全年审查合同26份。", "审查合同26份，出具法律意见书14份。")
    assert bounds(rows, "contract_review_count") == ("value", 26, 26)
    assert tables["issues"].empty


def test_exact_value_within_an_interval_said_before_is_no_contradiction():
    _, rows, tables = answer_one("主动公开政府信息80余条。", "全年主动公开政府信息83条。")
    assert bounds(rows, "disclosure_count") == ("value", 80, 90)
    assert tables["issues"].empty


def test_two_values_are_ambiguous_and_the_first_stands():
    _, rows, tables = answer_one("主动公开政府信息126条。", "全年主动公开政府信息162条。")
    assert bounds(rows, "disclosure_count") == ("ambiguous", 126, 126)
    (issue,) = tables["issues"].itertuples()
    assert issue.severity == "warning"
    assert all(value in issue.message for value in ("126条", "162条"))
    candidates = tables["indicator_candidates"].query("indicator == 'disclosure_count'")
    assert candidates["is_chosen"].tolist() == [True, False]
    assert candidates["is_rival"].tolist() == [False, True]


def test_facets_of_a_rate_are_no_contradiction():
    _, rows, _ = answer_one("组织干部参加学法考试，参考率100%，合格率98%，优秀率81%。")
    assert bounds(rows, "law_exam_pass_rate") == ("value", 100, 100)


def test_respective_lists_are_aligned_with_their_names():
    _, rows, _ = answer_one("全年聘请法律顾问、公职律师分别为3名、5名。")
    assert bounds(rows, "legal_advisor_count") == ("value", 3, 3)
    assert bounds(rows, "public_lawyer_count") == ("value", 5, 5)


def test_verb_of_a_respective_list_counts_for_each():
    _, rows, _ = answer_one("聘请法律顾问、公职律师分别增加1名、2名。")
    assert rows["legal_advisor_count"].state == rows["public_lawyer_count"].state == "not_disclosed"


def test_new_value_answers_and_old_value_is_kept_as_previous():
    _, rows, _ = answer_one("权责清单由131项调整为126项。")
    assert bounds(rows, "power_list_item_count") == ("value", 126, 126)
    assert plain(rows["power_list_item_count"].previous_low) == 131


@pytest.mark.parametrize("age", [1, 2])
def test_the_old_value_of_another_year_is_not_last_years(age):
    _, rows, _ = answer_one(f"办理12345热线工单由{YEAR - age}年的6218件降至3906件。")
    row = rows["hotline_case_count"]
    assert bounds(rows, "hotline_case_count") == ("value", 3906, 3906)
    assert pd.isna(row.previous_low) if age == 2 else plain(row.previous_low) == 6218


def test_last_year_figure_without_words_of_its_own_is_previous():
    _, rows, _ = answer_one("全年审查合同44份，比上年的38份有所增加。")
    assert bounds(rows, "contract_review_count") == ("value", 44, 44)
    assert plain(rows["contract_review_count"].previous_high) == 38


@pytest.mark.parametrize(
    "text",
    [
        "全年审查合同26份。",
        "全年审查合同共计26份。",  # fillers before the number
        "审查合同（份）：26。",  # a table that became a line
        "审查 “合同” 26 份。",
        "法规科审查合同，共26份。",  # the clause before lends its words
        "对26份合同进行审查。",
    ],
)
def test_usual_wordings_of_one_statement(text):
    _, rows, _ = answer_one(text)
    assert bounds(rows, "contract_review_count") == ("value", 26, 26)


def test_change_is_no_level():
    _, rows, _ = answer_one("主动公开政府信息较上年增加12条。")
    assert rows["disclosure_count"].state == "not_disclosed"


@pytest.mark.parametrize("role", ["next_plan", "problems"])
def test_plans_and_problems_do_not_answer(role):
    _, rows, tables = answer_one(("", role, "全年审查合同26份。"))
    assert rows["contract_review_count"].state == "not_disclosed"
    why = tables["indicator_candidates"].query("indicator == 'contract_review_count'").why.tolist()
    assert [bool(reason) for reason in why] == [True]


def test_subject_is_taken_from_the_sentence_before_then_from_the_heading():
    _, rows, _ = answer_one(("", "achievements", "全年办理行政许可238件。按期办结率99%。"))
    assert bounds(rows, "on_time_completion_rate") == ("value", 99, 99)
    _, rows, _ = answer_one(("规范行政许可", "achievements", "办结率98%。"))
    assert bounds(rows, "on_time_completion_rate") == ("value", 98, 98)


def test_stated_zero_is_not_missing():
    _, rows, _ = answer_one("本年度未制定行政规范性文件。")
    assert bounds(rows, "normative_doc_issued_count") == ("zero", 0, 0)
    assert bounds(rows, "disclosure_count") == ("not_disclosed", None, None)


@pytest.mark.parametrize("text", ["力争不发生越权执法现象。", "查处无证经营、滥用职权案件的线索已移交。"])
def test_wishes_and_attributes_are_no_zero(text):
    _, rows, _ = answer_one(text)
    assert rows["misconduct_count"].state == "not_disclosed"


def test_evidence_is_the_clause_in_document_offsets():
    frames, rows, _ = answer_one("一年来，工作扎实。", "坚持依法决策，全年审查“合同”（含协议） 26 份，把好关口。")
    row = rows["contract_review_count"]
    assert frames["documents"].text[0][row.evidence_start : row.evidence_end] == "全年审查“合同”（含协议） 26 份"


def test_implausible_value_is_kept_and_reported():
    _, rows, tables = answer_one("全年聘请法律顾问38000名。")
    assert bounds(rows, "legal_advisor_count") == ("value", 38000, 38000)
    assert "合理范围" in tables["issues"].message[0]


def test_other_genres_have_no_rows():
    _, tables = answer([("shufa", [("", "achievements", "全年审查合同26份。")])])
    assert tables["indicator_values"].empty
    assert tables["indicator_candidates"].empty


def test_every_indicator_of_the_genre_has_one_row():
    _, tables = answer([(None, [("", "achievements", "全年审查合同26份。")])] * 2)
    expected = sorted(item.id for item in INDICATORS.of_genre("rule_of_law"))
    for _, rows in tables["indicator_values"].groupby("document_id"):
        assert rows.indicator.tolist() == expected


def test_correction_overrides_and_says_who():
    correction = Correction(
        "云泽区水利局-2022", "contract_review_count", "26", 28.0, 28.0, "value", "附表为28份", "李某", "2023-03-31", 4
    )
    corrections = Corrections({("云泽区水利局-2022", "contract_review_count"): correction})
    _, rows, tables = answer_one("全年审查合同26份。", corrections=corrections)
    assert bounds(rows, "contract_review_count") == ("corrected", 28, 28)
    assert all(word in rows["contract_review_count"].why for word in ("李某", "2023-03-31", "附表为28份"))
    assert tables["issues"].empty
    _, rows, tables = answer_one("全年审查合同27份。", corrections=corrections)
    assert bounds(rows, "contract_review_count") == ("corrected", 28, 28)
    assert "27" in tables["issues"].message[0]


@pytest.mark.parametrize(
    ("text", "number", "simple"),
    [
        ("全年“双随机”抽查 12 批次（含联合抽查）。", "12 批次", "全年双随机抽查#。"),
        ("全年抽查 12 批次（含联合抽查3批次）。", "3批次", "全年抽查12批次（含联合抽查#）。"),
        ("修订《行政处罚案件审理规则》等3项", "3项", "修订《》等#"),
        ("检查(不含复查)@#5家", "5家", "检查#"),
        ("制发《责令限期改正通知书》5份", "5份", "制发责令限期改正通知书#"),
        ("处罚5件（我局不具备其他处罚权）", "5件", "处罚#（我局不具备其他处罚权）"),
    ],
)
def test_simplified_sentences_keep_their_offsets(text, number, simple):
    spans = [(text.index(number), text.index(number) + len(number))]
    assert simplify(text, spans) == simple
    offsets = trace(text, spans)
    assert len(offsets) == len(simple)
    for sign, offset in zip(simple, offsets, strict=True):
        assert sign == text[offset] or sign in "#（）"


@pytest.mark.parametrize(
    "text", ["", "1" * 20_000, "立案3件、" * 4_000, "（" * 5_000, "由3件增至" * 3_000, "未发生" * 3_000]
)
def test_any_sentence_is_read_in_linear_time(text):
    spans = [(match.start(), match.end()) for match in re.finditer(r"3件", text)]
    line = read_line(simplify(text, spans), INDICATORS.language)
    assert len(line.slots) == len(spans)
    answer_one(text + "。")


@pytest.mark.parametrize(
    ("text", "low", "high", "approx"),
    [
        ("固定资产投资下降1.7%。", -1.7, -1.7, "exact"),
        ("固定资产投资同比下降近2%。", -2, -1.8, "over"),
        ("固定资产投资增长1.7%。", 1.7, 1.7, "exact"),
    ],
)
def test_a_fall_is_a_negative_growth(text, low, high, approx):
    _, tables = answer([("work_report", [("", "achievements", text)])])
    rows = {row.indicator: row for row in tables["indicator_values"].itertuples()}
    assert bounds(rows, "fixed_investment_growth") == ("value", low, high)
    assert rows["fixed_investment_growth"].approx == approx


def test_a_weak_subject_word_yields_to_another_in_its_clause():
    _, rows, _ = answer_one("劳动人事争议仲裁院立案受理案件752件，审结739件。")
    assert bounds(rows, "arbitration_case_count") == ("value", 752, 752)
    assert rows["penalty_closed_count"].state == "not_disclosed"
    _, rows, _ = answer_one("水事违法案件立案12件，结案10件。")
    assert bounds(rows, "penalty_closed_count") == ("value", 10, 10)


def test_the_total_of_a_stock_answers_before_what_is_new():
    _, rows, _ = answer_one("新增执法记录仪60台，总量达到214台。")
    assert bounds(rows, "recorder_count") == ("value", 214, 214)
    _, rows, _ = answer_one("新增执法记录仪60台。")
    assert bounds(rows, "recorder_count") == ("value", 60, 60)


def test_the_whole_year_answers_before_an_occasion():
    _, rows, _ = answer_one("春节前后举办普法宣讲6场，全年普法活动31场次。")
    assert bounds(rows, "publicity_event_count") == ("value", 31, 31)
    _, rows, _ = answer_one("春节前后举办普法宣讲6场。")
    assert bounds(rows, "publicity_event_count") == ("value", 6, 6)


def test_aspects_of_a_matter_are_not_counted():
    _, rows, tables = answer_one("重大执法决定法制审核严格执行调查、审核、决定三个环节。")
    assert rows["major_enforcement_review_count"].state == "not_disclosed"
    assert tables["indicator_candidates"].empty


@pytest.mark.parametrize(
    ("text", "indicator", "why"),
    [
        ("窗口办件1480件，好评率93.5%。", "service_satisfaction_rate", "原文“好评率93.5%”紧邻指标词“好评率”"),
        ("对44家养老机构开展检查。", "inspected_entity_count", "原文“44家养老机构开展检查”紧邻指标词“养老机构开展检查”"),
        ("进社区普法6场、进校园普法9场，共15场。", "publicity_event_count", "“15场”是前面几个数的合计"),
        ("全年未制发规范性文件。", "normative_doc_issued_count", "原文写“全年未制发规范性文件”，即没有"),
        ("本局不具备行政处罚权，不涉及行政处罚案件。", "penalty_closed_count", "原文写明“不具备行政处罚权”，即不适用"),
        ("受理许可申请96件，全部按时办结。", "on_time_completion_rate", "原文写“全部按时办结”，折为100%；这里说的是许可、服务"),
    ],
)
def test_the_reason_is_said_in_plain_words(text, indicator, why):
    _, rows, _ = answer_one(text)
    assert rows[indicator].why == why


def test_no_reason_shows_the_signs_of_the_pattern_language():
    _, tables = answer([(indicator.genre, [("", "achievements", example.text)]) for indicator, example in EXAMPLES])
    reasons = [*tables["indicator_values"].why, *tables["indicator_candidates"].why]
    assert [why for why in reasons if re.search("[@#|^?]|句式", why)] == []


def test_losers_name_the_winner():
    _, _, tables = answer_one("办结行政处罚案件43件，其中行政处罚案件普通程序31件。累计办结行政处罚案件45件。")
    reasons = {row.low: row.why for row in tables["indicator_candidates"].itertuples()
               if row.indicator == "penalty_closed_count" and not row.is_chosen}
    assert reasons[45] == "与先写的“43件”不同，请核对"
    _, _, tables = answer_one("调解纠纷96件，其中调解物业纠纷31件。")
    reasons = {row.low: row.why for row in tables["indicator_candidates"].itertuples()
               if row.indicator == "mediation_case_count" and not row.is_chosen}
    assert reasons[31].startswith("是总数“96件”的一部分")


@pytest.mark.parametrize("state", ["na", "not_disclosed"])
def test_a_correction_may_say_that_there_is_no_value(state):
    key = ("云泽区水利局-2022", "contract_review_count")
    corrections = Corrections({key: Correction(*key, "26", None, None, state, "是外单位的数", "李某", "2023-03-31", 4)})
    _, rows, _ = answer_one("全年审查合同26份。", corrections=corrections)
    assert bounds(rows, "contract_review_count") == (state, None, None)
    assert "李某" in rows["contract_review_count"].why


def test_a_report_without_its_place_goes_by_the_completed_name():
    key = ("澜山区财政局-2022", "contract_review_count")
    corrections = Corrections({key: Correction(*key, "", 3.0, 3.0, "value", "核对台账", "李某", "2023-03-31", 4)})
    assert corrections.of("财政局-2022", "contract_review_count", has_region=False) is not None
    assert corrections.of("财政局-2022", "contract_review_count") is None
    assert corrections.of("-2022", "contract_review_count", has_region=False) is None
