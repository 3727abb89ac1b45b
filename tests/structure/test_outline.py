"""The outline in the five skeletons and with the faults of real reports; roles wherever they stand."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.profiles import load_part
from pipeline.structure.roles import role_of_passage, roles_of_heading
from tests.structure.reports import BODY, HEAD, TAIL, read, sections

A, F, P, N, X = "achievements", "first_responsible", "problems", "next_plan", "other"


@pytest.mark.parametrize(("heading", "roles"), [
    ("推进法治政府建设的主要举措和成效", [A]),
    ("2023年度推进法治政府建设的主要举措和成效", [A]),
    ("工作开展情况", [A]),
    ("主要做法", [A]),
    ("工作落实情况", [A]),
    ("总体成效", [A]),
    ("法治建设重点工作", [A]),
    ("上一年度推进法治政府建设的主要举措和成效", [A]),
    ("党政主要负责人履行推进法治建设第一责任人职责情况", [F]),
    ("主要负责同志履职情况", [F]),
    ("主要负责人牵头抓总情况", [F]),
    ("切实履行推进法治建设职责，加强法治政府建设的有关情况", [F]),
    ("坚持高位推动，压实第一责任人职责", [F]),
    ("党政主要负责人履行推进法治建设第一责任人职责工作落实情况", [F]),
    ("存在的不足和原因", [P]),
    ("存在的主要问题", [P]),
    ("短板弱项", [P]),
    ("存在问题及原因分析", [P]),
    ("工作中的困难", [P]),
    ("推进法治政府建设存在的不足", [P]),
    ("2024年推进法治政府建设的主要安排", [N]),
    ("下一步工作打算", [N]),
    ("下步措施", [N]),
    ("明年工作重点", [N]),
    ("改进方向", [N]),
    ("2024年主要举措", [N]),
    ("其他需要报告的情况", [X]),
    ("特色亮点工作", [X]),
    ("意见建议", [X]),
    # merged
    ("主要举措、成效和不足", [A, P]),
    ("存在问题和下一步打算", [P, N]),
    ("存在的不足、原因及下一步打算", [P, N]),
    ("履职情况及主要成效", [F, A]),
    # words of problems and plans in headings of achievements
    ("补齐短板弱项，提升应急能力", []),
    ("聚焦突出问题，规范行政执法", []),
    ("加强党的领导，完善工作机制", []),
])
def test_roles_of_heading(heading, roles):
    found = roles_of_heading(heading, load_part("genres").by_name["rule_of_law"], 2023)
    assert found == roles


@pytest.mark.parametrize(("opening", "role"), [
    ("下一步，我局将加强培训。", N),
    ("针对上述问题，下一步将强化监督。", N),
    ("2024年，我局将重点抓好以下工作。", N),
    ("2023年，我局将培训纳入考核。", None),  # the report year itself
    ("同时，我们也清醒认识到，工作中还存在执法力量不足等问题。", P),
    ("存在的主要问题：执法力量不足。", P),
    ("全年召开党组会3次。", None),
    ("今后一段时期仍将……", N),
])
def test_role_of_passage(opening, role):
    assert role_of_passage(opening, load_part("genres").by_name["rule_of_law"], 2023) == role


def test_skeleton_a_and_b():
    assert sections(HEAD + BODY + TAIL) == [
        (1, "主要举措和成效", A), (2, "加强组织领导", A), (1, "存在的不足和原因", P), (1, "下一年安排", N)]
    text = HEAD + "一、党政主要负责人履职情况\n带头学法。\n" + BODY.replace("三、", "四、").replace("二、", "三、").replace("一、", "二、", 1) + TAIL
    assert [role for level, _, role in sections(text) if level == 1] == [F, A, P, N]


def test_skeleton_c_has_no_heading_of_achievements():
    text = HEAD + """一、深入学习贯彻习近平法治思想
党组专题学习4次。
二、加强党的领导，压实工作责任
研究法治工作3次。
三、规范行政执法
行政处罚12件。
四、存在的问题
力量不足。
五、下一步工作计划
培训2期。
六、强化保障
落实经费。
""" + TAIL
    assert [role for _, _, role in sections(text)] == [A, A, A, P, N, X]


def test_skeleton_d_with_faulty_numbers():
    text = HEAD + """—、总体情况
全年平稳。
二、主要举措及成效
（一）政府机构职能体系更加健全。
保留事项96项。
(二)依法行政制度体系更加完善
制定文件2件。
（四）行政决策制度体系
审查合同12份。
三、短板弱项
队伍老化。
四、下步措施
（1）加强培训。举办2期。提高能力。
""" + TAIL
    assert sections(text) == [
        (1, "总体情况", A), (1, "主要举措及成效", A), (2, "政府机构职能体系更加健全", A), (2, "依法行政制度体系更加完善", A),
        (2, "行政决策制度体系", A), (1, "短板弱项", P), (1, "下步措施", N), (2, "加强培训", N)]


def test_skeleton_e_without_numbers():
    text = HEAD + """工作开展情况
加强组织领导
局党组全年研究法治工作3次，主要负责人带头学法，落实“三重一大”集体决策制度，各科室分头落实，年底考核逐项检查。
存在问题
执法力量不足，业务能力有待提高，主要原因是人员编制少。
下步打算
加强培训，全年不少于2期。
""" + TAIL
    assert sections(text) == [(1, "工作开展情况", A), (2, "加强组织领导", A), (1, "存在问题", P), (1, "下步打算", N)]


def test_flat_headings_without_numbers():
    body = "局党组全年研究法治工作3次，主要负责人带头学法，落实集体决策制度，各科室分头落实，年底考核逐项检查，压实责任。\n"
    text = HEAD + "".join(f"{heading}\n{body}" for heading in (
        "坚持高位推动，压实第一责任人职责", "健全制度体系，提高依法决策水平", "规范执法行为，维护市场秩序", "存在的不足", "2024年工作安排"))
    assert sections(text + TAIL) == [
        (1, "坚持高位推动，压实第一责任人职责", F), (1, "健全制度体系，提高依法决策水平", A),
        (1, "规范执法行为，维护市场秩序", A), (1, "存在的不足", P), (1, "2024年工作安排", N)]


def test_lost_break_between_heading_and_first_child():
    text = HEAD + "一、主要举措和成效（一）加强领导。开会3次。学习4次。\n（二）规范执法。处罚2件。案卷合格。\n" + TAIL
    assert sections(text) == [(1, "主要举措和成效", A), (2, "加强领导", A), (2, "规范执法", A)]


def test_report_of_paragraphs_alone():
    text = HEAD + """2023年，我局召开党组会3次研究法治工作。全年行政处罚12件。
同时，我们也清醒认识到，工作中还存在执法力量不足等问题。
下一步，我局将加强培训，全年不少于2期。
""" + TAIL
    assert [role for _, _, role in sections(text)] == [A, P, N]


def test_plan_inside_the_problems():
    text = HEAD + """一、工作开展情况
处罚12件。
二、存在问题
一是力量不足。原因是编制少。
下一步，我局将做好以下工作：
（一）加强培训。举办2期。组织考试。
（二）加强普法。开展10场。力争全覆盖。
""" + TAIL
    assert [role for _, _, role in sections(text)] == [A, P, P, N, N, N]


def test_last_sentence_of_an_item_may_be_a_plan():
    tables = read(HEAD + "一、主要成效\n（一）加强普法。全年12场。下一步，我局将继续加强普法。\n（二）规范执法。处罚2件。案卷合格。\n" + TAIL)
    roles = dict(zip(tables["sentences"]["text"], tables["sentences"]["role"], strict=True))
    assert roles["全年12场。"] == A
    assert roles["下一步，我局将继续加强普法。"] == N
    assert roles["处罚2件。"] == A


def test_merged_sections_give_their_children_their_roles():
    text = HEAD + """一、主要举措、成效和不足
（一）加强组织领导。开会4次。健全制度。
（二）执法力量不足。人员偏少。业务不精。
二、存在问题和下一步打算
（一）普法方式不够新颖。形式单一。对象有限。
（二）进一步加强队伍建设。新增3名。培训2期。
""" + TAIL
    tables = read(text)["sections"]
    assert tables["roles"].tolist()[1:] == [f"{A};{P}", A, P, f"{P};{N}", P, N]


def test_enumerations_are_children():
    text = HEAD + "一、主要成效\n（一）加强普法工作。一是深入企业。送法12次。二是利用节点。开展3场。\n" + TAIL
    tables = read(text)
    assert tables["sections"]["label"].tolist() == ["", "一、", "（一）", "一是", "二是"]
    assert tables["sections"]["level"].tolist() == [0, 1, 2, 5, 5]
    assert tables["sentences"]["section_no"].tolist()[-4:] == [3, 3, 4, 4]


def test_numbers_inside_an_enumeration():
    text = HEAD + "一是规范执法。处罚12件。\n1.健全制度。制定3项。抓好落实。\n2.加强监督。评查20卷。\n二是加强普法。开展12场。\n" + TAIL
    tables = read(text)["sections"]
    enumerated = dict(zip(tables["label"], tables["section_no"], strict=True))
    parents = dict(zip(tables["label"], tables["parent_no"], strict=True))
    assert parents["1."] == parents["2."] == enumerated["一是"]
    assert parents["二是"] == parents["一是"] == 1


def test_contents_and_headings_printed_twice():
    text = """云泽区水利局2023年度法治政府建设情况报告
目　录
一、主要举措和成效……1
二、存在的不足和原因……3
一、主要举措和成效
一、主要举措和成效
（一）加强领导
（一）加强领导。全年开会3次。学习4次。
二、存在的不足和原因
力量不足。
""" + TAIL
    assert sections(text) == [(1, "主要举措和成效", A), (2, "加强领导", A), (1, "存在的不足和原因", P)]
    assert read(text)["sentences"]["text"].tolist() == ["全年开会3次。", "学习4次。", "力量不足。"]


def test_first_numbers_used_again_one_level_down():
    inner = "一、加强领导\n开会3次。\n二、规范执法\n处罚2件。\n"
    text = HEAD + f"一、主要举措和成效\n{inner}二、存在的问题\n力量不足。\n三、下一步打算\n培训2期。\n" + TAIL
    assert [(level, role) for level, _, role in sections(text)] == [(1, A), (2, A), (2, A), (1, P), (1, N)]


def test_number_and_heading_in_two_paragraphs():
    text = HEAD + "1.\n主要举措和成效\n1.\n加强领导。开会3次。学习4次。\n1.\n存在的问题\n力量不足。\n" + TAIL
    assert sections(text) == [(1, "主要举措和成效", A), (2, "加强领导", A), (1, "存在的问题", P)]


def test_spans_hold_heading_and_children():
    tables = read(HEAD + BODY + TAIL)
    text = tables["documents"]["text"].iloc[0]
    rows = list(tables["sections"].itertuples())
    assert text[rows[1].start:rows[1].end].startswith("一、主要举措和成效\n（一）")
    assert text[rows[2].body_start:rows[2].end].startswith("全年召开党组会3次")
    for row in rows:
        assert row.start <= row.body_start <= max(row.end, row.body_start)
        if pd.notna(row.parent_no):
            parent = rows[int(row.parent_no)]
            assert parent.start <= row.start
            assert row.end <= parent.end


def test_work_report_roles():
    text = """各位代表：
现在，我代表云泽区人民政府向大会报告工作，请予审议，并请区政协委员提出意见。
一、2023年工作回顾
地区生产总值增长6%，一般公共预算收入增长5%。
在肯定成绩的同时，我们也清醒认识到，经济总量还不大。
二、2024年工作安排
完成投资10亿元。
三、加强政府自身建设
坚持依法行政。"""
    assert [role for _, _, role in sections(text)] == [A, P, N, N]


def test_seed(shared):
    text = next((shared / "seed").glob("*.txt")).read_text(encoding="utf-8")
    found = sections(text)
    assert [role for level, _, role in found if level == 1] == [A, F, P, N]
    assert [heading for level, heading, _ in found if level == 2][:3] == [
        "持续健全组织领导", "持续强化执法队伍建设", "进一步加强普法宣传工作"]
    assert sum(level == 2 for level, _, _ in found) == 13


WORK_HEAD = """各位代表：
现在，我代表市人民政府，向大会报告政府工作，请予审议，并请市政协委员提出意见。
"""
REVIEW = "全市地区生产总值增长4.8%，一般公共预算收入增长3.2%，规上工业增加值增长7.5%，固定资产投资增长2.1%。"


def test_a_speech_in_december_opens_its_review_with_this_year():
    text = (WORK_HEAD + "一、2023年工作回顾\n今年是全面贯彻党的二十大精神的开局之年。" + REVIEW
            + "\n二、2024年工作安排\n今年是关键之年。地区生产总值增长5%。\n")
    assert sections(text) == [(1, "2023年工作回顾", A), (1, "2024年工作安排", N)]


def test_a_review_without_a_heading_begins_where_it_speaks_of_the_year():
    text = (WORK_HEAD + "2023年，在市委的坚强领导下，我们扎实推进各项工作。" + REVIEW + "\n（一）抓工业促转型。" + REVIEW
            + "\n2024年是关键一年。\n（一）推进工业。地区生产总值增长5%。\n")
    tables = read(text, path="梧桐市.txt")
    roles = dict(zip(tables["sentences"]["text"], tables["sentences"]["role"], strict=True))
    assert roles["2023年，在市委的坚强领导下，我们扎实推进各项工作。"] == A
    assert roles["现在，我代表市人民政府，向大会报告政府工作，请予审议，并请市政协委员提出意见。"] == X
    assert roles["地区生产总值增长5%。"] == N


def test_a_plan_right_below_a_merged_heading_is_a_plan():
    found = sections(HEAD + "一、主要做法\n加强领导。\n二、存在的问题和打算\n下一步，我局将加强培训，严格执法，健全制度。\n")
    assert N in [role for _, _, role in found]


def test_a_shortcoming_may_be_named_with_a_count():
    text = (HEAD + "一、主要举措和成效\n（一）12场培训全部完成。全年参训300人次。\n二、存在的不足和原因\n"
            "（一）执法力量不足。原因是编制少。\n（二）1起案件被确认违法。系送达程序不规范所致，反映出法制审核把关不严。\n")
    assert (2, "1起案件被确认违法", P) in sections(text)
    assert not any("12场" in heading for _, heading, _ in sections(text))


def test_parts_stand_over_numbered_headings():
    text = HEAD + "第一部分 主要举措和成效\n一、依法履职\n全年办案3件。\n第二部分 不足和原因\n一、人员不足\n编制少。\n二、装备落后\n经费少。\n"
    assert sections(text)[2:] == [(1, "不足和原因", P), (2, "人员不足", P), (2, "装备落后", P)]


def test_a_heading_without_number_right_below_the_title():
    prose = "全年召开党组会议三次研究法治政府建设工作，机关干部带头学法，组织培训两期，办结行政许可若干件，未发生行政复议案件。"
    text = (f"云泽区审计局2023年法治政府建设工作报告\n工作开展情况\n强化组织领导\n{prose}\n推进依法审计\n{prose}\n"
            f"存在的主要问题和不足\n{prose}\n下一年度工作计划\n{prose}\n")
    found = sections(text)
    assert [(heading, role) for level, heading, role in found if level == 1] == [
        ("工作开展情况", A), ("存在的主要问题和不足", P), ("下一年度工作计划", N)]
    assert (2, "强化组织领导", A) in found


def test_endless_headings_take_no_endless_time():
    # Every line may be an entry of a table of contents; looking for each among all others would take minutes.
    assert len(sections("区水利局2023年法治政府建设报告\n" + "一、加强组织领导\n" * 20_000)) == 1


def test_table_of_contents_after_the_introduction():
    contents = "目　录\n一、主要举措和成效……1\n二、存在的不足和原因……3\n三、下一年安排……4\n"
    assert sections(HEAD + contents + BODY + TAIL) == sections(HEAD + BODY + TAIL)
