"""Genres are told apart by title, else by the text."""

from __future__ import annotations

import pytest

from pipeline.errors import KnowledgeError
from pipeline.profiles import load_part
from pipeline.profiles.genres import load_genres
from tests.structure.reports import BODY, identity, read


@pytest.mark.parametrize(("title", "genre"), [
    ("云泽区科技局关于2023年度法治政府建设情况的报告", "rule_of_law"),
    ("云泽区科技局2018年依法行政工作总结", "rule_of_law"),
    ("云泽区科技局2023年度法治建设年度报告", "rule_of_law"),
    ("云泽区科技局2023年法治科技建设工作总结", "rule_of_law"),
    ("云泽区科技局2023年法治政府建设工作总结及2024年工作计划", "rule_of_law"),
    ("云泽区2024年政府工作报告", "work_report"),
    ("云泽区科技局主要负责人2023年度述职述廉述法报告", "shufa"),
    ("区科技局2023年政府信息公开工作年度报告", "disclosure_annual"),
    ("云泽区司法局2023年行政执法数据公开报告", "enforcement_annual"),
    ("云泽区市场监督管理局2023年度行政执法统计年报", "enforcement_annual"),
    ("云泽区2024年法治政府建设工作要点", "plan"),
    ("关于印发《云泽区2024年法治政府建设工作计划》的通知", "plan"),
    ("法治政府建设实施方案（2021—2025年）", "plan"),
    ("《云泽区2023年法治政府建设年度报告》解读", "interpretation"),
    ("云泽区召开2023年法治政府建设推进会", "interpretation"),
    ("关于云泽区2023年法治政府建设情况报告的审议意见", "people_congress"),
    ("2023年云泽区行政复议应诉工作情况分析报告", "litigation_statistics"),
    ("云泽区2023年行政审判白皮书", "litigation_statistics"),
    ("云泽区科技局2023年上半年法治政府建设工作总结", "period_summary"),
    ("云泽区科技局法治政府建设五年工作总结", "period_summary"),
    ("区教体局2023年“谁执法谁普法”履职报告", "law_publicity"),
    ("2023年法治政府建设工作总结范文（精选5篇）", "sample_text"),
    ("关于开展2023年法治政府建设年度报告报送工作的通知", "notice"),
])
def test_genre_of_title(title, genre):
    assert identity(f"{title}\n{BODY}")["genre"] == genre


def test_work_report_without_title_is_known_by_its_words():
    text = """各位代表：
现在，我代表云泽区人民政府向大会报告工作，请予审议，并请区政协委员提出意见。
一、2023年工作回顾
一年来，地区生产总值增长6%，一般公共预算收入增长5%。
二、2024年工作安排
加强政府自身建设。"""
    found = identity(text)
    assert (found["genre"], found["department"], found["report_year"]) == ("work_report", "云泽区人民政府", 2023)


def test_year_of_a_work_report_is_the_year_reviewed():
    head = "2024年政府工作报告\n——2024年1月13日在云泽区第三届人民代表大会第四次会议上\n各位代表：\n"
    assert identity(head + "一、工作回顾\n很好。")["report_year"] == 2023


def test_report_that_speaks_as_a_shufa_stays_a_report():
    assert identity("云泽区科技局2023年法治政府建设年度报告\n本人始终带头学法，现述法报告如下：\n" + BODY)["genre"] == "rule_of_law"


def test_other_kinds_are_left_out_with_a_reason():
    messages = read("云泽区2024年法治政府建设工作要点\n" + BODY)["issues"]["message"].tolist()
    assert any("不参与比较" in message for message in messages)


def test_every_excluded_genre_says_why():
    genres = load_part("genres")
    assert {genre.name for genre in genres.all if genre.is_report} == {"rule_of_law", "work_report"}
    assert all(genre.why_excluded for genre in genres.all if not genre.is_report)
    assert genres.by_name["work_report"].label == "政府工作报告"


def test_mistake_names_file_and_allowed_values(tmp_path):
    folder = tmp_path / "genres"
    folder.mkdir()
    content = "name: odd\nlabel: 怪\nis_report: true\norder: 1\nnumbered_role: achievement\n"
    (folder / "odd.yml").write_text(content, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"odd\.yml.*numbered_role.*achievements"):
        load_genres(tmp_path)
