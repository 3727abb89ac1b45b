"""Which report a document is: rules of genre, department, year, number and dates."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.structure.reports import BODY, identity, read


@pytest.mark.parametrize(("title", "department", "region", "level"), [
    ("临澜县水务局关于2023年度法治政府建设情况的报告", "临澜县水务局", "临澜县", "区县"),
    ("中共张店区科技局党组 关于2022年度法治政府建设工作的报告", "张店区科学技术局", "张店区", "区县"),
    ("重庆市南堰区教育委员会2023年度法治政府建设情况报告", "南堰区教育委员会", "南堰区", "区县"),
    ("云泽区2023年法治政府建设年度报告", "云泽区人民政府", "云泽区", "区县"),
    ("中共云泽区委 云泽区人民政府\n关于2023年度法治政府建设情况的报告", "云泽区人民政府", "云泽区", "区县"),
    ("云泽区石桥湾镇人民政府2023年法治政府建设年度报告", "云泽区石桥湾镇人民政府", "石桥湾镇", "乡镇街道"),
    ("望津街道2023年度法治政府建设工作报告", "望津街道办事处", "望津街道", "乡镇街道"),
    ("安渚经济技术开发区管委会2023年法治政府建设报告", "安渚经济技术开发区管理委员会", "安渚经济技术开发区", "区县"),
    ("东屏区市场监管局（知识产权局）2023年度法治政府建设情况报告", "东屏区市场监督管理局", "东屏区", "区县"),
    ("东屏区教体局2023年度法治政府建设情况报告", "东屏区教育和体育局", "东屏区", "区县"),
    ("青禾市生态环境局东屏分局2023年法治政府建设报告", "青禾市生态环境局东屏分局", "东屏", "区县"),
    ("东屏区综合执法局2023年法治政府建设年度报告", "东屏区综合行政执法局", "东屏区", "区县"),
    ("青禾市科技局2023年法治政府建设年度报告", "青禾市科学技术局", "青禾市", "市"),
    ("松阳省科技厅2023年法治政府建设年度报告", "松阳省科学技术厅", "松阳省", "省"),
])
def test_department_from_title(title, department, region, level):
    found = identity(f"{title}\n{BODY}")
    assert (found["department"], found["region"], found["level"]) == (department, region, level)


@pytest.mark.parametrize(("text", "department"), [
    ("关于2023年度法治政府建设情况的报告\n" + BODY + "青禾市东屏区交通运输局\n2024年1月8日", "东屏区交通运输局"),  # signature
    ("中共柳汀区民政局党组文件\n柳民党组〔2024〕2号\n关于2023年度法治政府建设情况的报告\n" + BODY, "柳汀区民政局"),  # masthead
    ("2023年度法治政府建设情况报告\n2023年，柳汀区审计局在区委、区政府领导下……。\n" + BODY, "柳汀区审计局"),  # opening
    ("2023年度区司法局法治政府建设情况报告\n来源：柳汀区司法局 发布时间：2024-02-02\n" + BODY, "柳汀区司法局"),  # place from the source
    ("区统计局2023年法治政府建设报告\n2023年，制定《柳汀区统计管理办法》。\n" + BODY, "柳汀区统计局"),  # place from the text
])
def test_department_from_elsewhere(text, department):
    assert identity(text)["department"] == department


def test_place_from_the_file_name():
    text = "区财政局2022年度法治政府建设工作情况报告\n" + BODY
    assert identity(text, path="柳汀区财政局2022年.docx")["department"] == "柳汀区财政局"


def test_verb_before_a_bare_rank_is_no_place():
    text = "区财政局2022年度法治政府建设工作情况报告\n2022年，区财政局认真履职，收到区委通知，出台区级办法。\n" + BODY
    assert identity(text)["region"] is None


def test_several_reports_in_one_file_are_an_issue():
    second = "柳汀区审计局2023年度法治政府建设情况报告\n"
    messages = read("柳汀区水利局2023年度法治政府建设情况报告\n" + BODY + second + BODY)["issues"]["message"].tolist()
    assert any("多份报告" in message for message in messages)


def test_office_unknown_to_the_table_is_an_issue():
    tables = read("柳汀区海洋发展局2023年度法治政府建设情况报告\n" + BODY)
    assert tables["identities"]["department"].tolist() == ["柳汀区海洋发展局"]
    assert tables["identities"]["department_code"].isna().all()
    assert "departments.csv" in tables["issues"]["message"].iloc[0]


def test_place_that_nobody_names_stays_empty():
    tables = read("区财政局2022年度法治政府建设工作情况报告\n" + BODY)
    assert tables["identities"]["region"].isna().all()
    assert tables["identities"]["department"].tolist() == ["财政局"]
    assert any("何地" in message for message in tables["issues"]["message"])


def test_title_and_signature_that_differ_are_both_named():
    messages = read("柳汀区水利局2023年度法治政府建设情况报告\n" + BODY + "柳汀区交通运输局\n2024年1月8日")["issues"]["message"].tolist()
    assert any("水利局" in message and "交通运输局" in message for message in messages)


@pytest.mark.parametrize(("text", "year"), [
    ("柳汀区水利局2022年度法治政府建设情况报告\n柳水〔2023〕6号\n" + BODY + "柳汀区水利局\n2023年1月12日", 2022),
    ("柳汀区水利局法治政府建设情况报告\n现将2021年度法治政府建设情况报告如下：\n" + BODY, 2021),
    ("柳汀区水利局法治政府建设情况报告\n2020年，区水利局……。\n" + BODY, 2020),
    ("柳汀区水利局法治政府建设情况报告\n对照《法治政府建设实施纲要（2021—2025年）》，自2019年以来……。\n"
     + BODY.replace("一、", "一、2022年").replace("下一年", "2023年"), 2022),
    ("柳汀区水利局法治政府建设情况报告\n" + BODY.replace("下一年", "2024年"), 2023),  # the year before the plan's
    ("柳汀区水利局法治政府建设情况报告\n今年以来，我局……。\n" + BODY + "柳汀区水利局\n2022年12月6日", 2022),  # signed in December
    ("柳汀区水利局法治政府建设情况报告\n" + BODY + "柳汀区水利局\n二〇二三年三月一日", 2022),  # signed in March
    ("柳汀区水利局二〇二二年度法治政府建设情况报告\n" + BODY, 2022),
    ("今天是：2019年11月2日 星期六\n柳汀区水利局法治政府建设情况报告\n2018年，我局……。\n" + BODY, 2018),
    ("2022年工作总结和2023年工作计划\n区司法局：\n2022年，柳汀区水利局依法行政工作……。\n" + BODY, 2022),
    # A year that had hardly begun when the report was signed is a slip of the title.
    ("柳汀区水利局2023年度法治政府建设情况报告\n现将2022年度法治政府建设情况报告如下：\n" + BODY + "柳汀区水利局\n2023年1月12日", 2022),
])
def test_report_year(text, year):
    assert identity(text)["report_year"] == year


def test_heading_copied_from_last_year_is_an_issue_not_the_year():
    tables = read("柳汀区水利局2023年度法治政府建设情况报告\n2023年，我局……。\n" + BODY.replace("一、", "一、2022年"))
    assert tables["identities"]["report_year"].tolist() == [2023]
    assert any("2022" in message and "2023" in message for message in tables["issues"]["message"])


def test_file_name_counts_only_where_the_text_is_silent():
    text = "柳汀区水利局法治政府建设情况报告\n" + BODY
    assert identity(text, path="水利局2021年报告.docx")["report_year"] == 2021
    assert identity("柳汀区水利局2022年法治政府建设情况报告\n" + BODY, path="水利局2021年报告.docx")["report_year"] == 2022
    silent, told = identity(text, path="水利局2021年报告.docx"), identity("柳汀区水利局2021年法治政府建设情况报告\n" + BODY)
    assert silent["confidence"] < told["confidence"]


@pytest.mark.parametrize(("line", "number"), [
    ("柳水党组〔2024〕6号", "柳水党组〔2024〕6号"),
    ("柳水[2024] 31号", "柳水[2024]31号"),
    ("柳水办发﹝2024﹞9号", "柳水办发﹝2024﹞9号"),
    ("柳水 (2024) 12 号", "柳水(2024)12号"),
    ("柳水〔2024〕6号　　　　签发人：张三", "柳水〔2024〕6号"),
    ("发文字号：柳水〔2024〕6号　成文日期：2024-01-08", "柳水〔2024〕6号"),
])
def test_doc_number(line, number):
    assert identity(f"{line}\n柳汀区水利局2023年度法治政府建设情况报告\n{BODY}")["doc_number"] == number


def test_quoted_number_is_not_the_document_s_own():
    text = "柳汀区水利局2023年度法治政府建设情况报告\n根据《督察工作规定》（厅字〔2019〕28号）要求，现报告如下：\n" + BODY
    assert identity(text)["doc_number"] is None


@pytest.mark.parametrize(("tail", "date"), [
    ("柳汀区水利局\n2024年1月8日", "2024-01-08"),
    ("柳汀区水利局\n2024 年 1 月 8 日\n（此件公开发布）\n柳汀区水利局办公室　　2024年1月9日印发", "2024-01-08"),
    ("柳汀区水利局　2024年1月8日", "2024-01-08"),
    ("中共柳汀区水利局党组\n二〇二四年一月八日\n抄送：区司法局。", "2024-01-08"),
    ("柳汀区水利局\n2024.1.8", "2024-01-08"),
    ("", None),
])
def test_signed_date(tail, date):
    assert identity(f"柳汀区水利局2023年度法治政府建设情况报告\n{BODY}{tail}")["signed_date"] == date


def test_page_fields_give_the_published_date():
    text = "柳汀区水利局2023年度法治政府建设情况报告\n{}" + BODY
    assert identity(text.format("发布时间：2024-03-18 10:05　　来源：区水利局　　浏览：97次\n"))["published_date"] == "2024-03-18"
    assert identity(text.format(""), fields=(("published_date", "2024-03-18"),))["published_date"] == "2024-03-18"


def test_addressee_keeps_its_words():
    assert identity(f"柳汀区水利局2023年度法治政府建设情况报告\n区委、区政府：\n{BODY}")["addressee"] == "区委、区政府"


def test_every_candidate_has_its_evidence():
    head = "柳汀区水利局2023年度法治政府建设情况报告\n柳水〔2024〕6号\n区委、区政府：\n2023年，我局……。\n"
    tables = read(head + BODY + "柳汀区水利局\n2024年1月8日")
    text = tables["documents"]["text"].iloc[0]
    evidence = tables["identity_evidence"]
    for row in evidence.itertuples():
        if pd.notna(row.start):
            assert 0 <= row.start < row.end <= len(text)
    assert (evidence[evidence["is_chosen"]].groupby("field").size() == 1).all()
    signed = evidence[(evidence["field"] == "signed_date") & evidence["is_chosen"]].iloc[0]
    assert text[signed["start"]:signed["end"]] == "2024年1月8日"


@pytest.mark.parametrize(("title", "department"), [
    ("岫川县枕石镇人民政府2022年度法治政府建设工作报告", "岫川县枕石镇人民政府"),
    ("砺湖区望笙街道办事处2023年法治政府建设工作情况报告", "砺湖区望笙街道办事处"),
    ("枕石镇人民政府2022年度法治政府建设工作报告", "枕石镇人民政府"),
    ("关于岫川县枕石镇2022年度法治政府建设情况的报告", "岫川县枕石镇人民政府"),
])
def test_a_town_has_its_county_in_its_full_name(title: str, department: str) -> None:
    row = identity(title + "\n\n2022年，我镇推进法治政府建设，现将有关情况报告如下：\n\n一、主要举措和成效\n\n召开专题会议2次。\n")
    assert row["department"] == department


SPEECH = """各位代表：
现在，我代表{author}向大会报告工作，请予审议，并请政协委员提出意见
一、2023年工作回顾
2023年，全市地区生产总值增长4.8%，一般公共预算收入增长3%，规上工业增加值增长7%，固定资产投资增长2%。{more}
二、2024年工作安排
加强政府自身建设。
"""


def test_a_speaker_is_no_title_and_his_government_no_place():
    found = identity(SPEECH.format(author="市人民政府", more="梧桐市、梧桐市、梧桐市。"), path="梧桐.txt")
    assert (found["department"], found["region"], found["title"]) == ("梧桐市人民政府", "梧桐市", None)


def test_the_report_of_the_state_council_is_named_as_such():
    tables = read(SPEECH.format(author="国务院，", more=""), path="台州.txt")
    row = tables["identities"].iloc[0]
    assert (row["department"], row["level"]) == ("国务院", "国家")
    assert any("国务院" in message and "台州.txt" in message for message in tables["issues"]["message"])


def test_a_city_below_a_prefecture_is_of_the_rank_of_a_county():
    more = "恩川市三项指标居全州首位，全州第一家园区建成，州委、州政府给予表扬，恩川市、恩川市。"
    assert identity(SPEECH.format(author="市人民政府", more=more), path="恩川市.txt")["level"] == "区县"
    assert identity(SPEECH.format(author="市人民政府", more="恩川市、恩川市、恩川市。"), path="恩川市.txt")["level"] == "市"
