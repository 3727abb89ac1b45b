"""Collections are taken apart; everything else stays whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.reading.raw import Piece
from pipeline.reading.splitting import split_collection
from tests.reading.files import read_bytes, read_paths

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
SENTENCE = "全年召开党组会议三次研究法治政府建设工作，机关干部带头学法，持证执法人员二十人，办结行政许可若干件。"
BODY = f"""区委、区政府：
现将有关情况报告如下：
一、主要举措和成效
（一）加强组织领导。{SENTENCE}
（二）规范行政执法。{SENTENCE}
二、存在的不足和原因
执法力量不足，原因是编制少。{SENTENCE}
三、下一年安排
加强培训，{SENTENCE}
"""
WATER, AUDIT = "云泽区水利局关于2023年度法治政府建设情况的报告\n", "云泽区审计局关于2023年度法治政府建设情况的报告\n"


def parts_of(text: str) -> tuple[int, list[str]]:
    """(lines before the first report, the first line of each report)."""
    front, reports = split_collection([Piece(line) for line in text.split("\n") if line])
    return len(front), [report[0].text for report in reports]


def test_two_departments():
    text = WATER + BODY + "云泽区水利局\n2024年1月8日\n" + AUDIT + BODY + "云泽区审计局\n2024年1月9日\n"
    assert parts_of(text) == (0, [WATER.strip(), AUDIT.strip()])


def test_two_years_of_one_department():
    text = WATER + BODY + WATER.replace("2023", "2022") + BODY
    assert parts_of(text)[1] == [WATER.strip(), WATER.strip().replace("2023", "2022")]


def test_cover_and_contents_stand_before():
    text = "2023年度法治政府建设情况报告汇编\n目录\n" + WATER.strip() + "……1\n" + AUDIT.strip() + "……9\n" + WATER + BODY + AUDIT + BODY
    assert parts_of(text) == (4, [WATER.strip(), AUDIT.strip()])


def test_contents_without_page_numbers():
    assert parts_of("目录\n" + WATER + AUDIT + WATER + BODY + AUDIT + BODY) == (3, [WATER.strip(), AUDIT.strip()])


@pytest.mark.parametrize("title", [
    "云泽区{}关于2023年度法治政府\n建设情况的报告\n",
    "云泽区{}关于\n2023年度法治政府建设情况的报告\n",
    "云泽区{}2023年度\n推进法治政府建设\n工作情况报告\n",
])
def test_titles_in_two_or_three_lines(title):
    first, second = title.format("水利局"), title.format("审计局")
    text = first + BODY + "云泽区水利局\n2024年1月8日\n" + second + BODY + "云泽区审计局\n2024年1月9日\n"
    assert parts_of(text) == (0, [first.split("\n")[0], second.split("\n")[0]])


def test_a_masthead_goes_with_its_title():
    title = "关于2023年度法治政府建设情况的报告\n"
    first, second = "云泽区水利局文件\n云水〔2024〕1号\n", "云泽区审计局文件\n云审〔2024〕2号\n"
    text = first + title + BODY + "云泽区水利局\n2024年1月8日\n" + second + title + BODY
    assert parts_of(text)[1] == ["云泽区水利局文件", "云泽区审计局文件"]


def test_a_signature_stays_with_its_report():
    text = WATER + BODY + "云泽区水利局\n" + AUDIT + BODY
    _, reports = split_collection([Piece(line) for line in text.split("\n") if line])
    assert reports[0][-1].text == "云泽区水利局"


@pytest.mark.parametrize("text", [
    WATER + BODY,
    WATER + WATER + BODY,  # printed twice by a web page
    WATER + BODY + WATER + BODY,  # the same report twice is not two reports
    WATER + BODY + "附件：\n" + AUDIT + BODY,  # an attachment
    WATER + BODY + "附件1\n" + AUDIT + "水利局\n",
    WATER + BODY + "附件：1. " + AUDIT + "2. " + AUDIT,
    WATER + BODY + AUDIT,  # a link to another page
    WATER + BODY + AUDIT + "审计局全年依法审计。\n" * 30,  # no numbers of its own
    WATER + BODY.replace("三、下一年安排\n", "2023年工作总结报告\n三、下一年安排\n"),  # a line inside
    WATER + BODY + "云泽区2023年度信息公开工作年度报告\n" + BODY,  # another kind of report
])
def test_one_report_stays_whole(text):
    front, reports = split_collection([Piece(line) for line in text.split("\n") if line])
    assert front == []
    assert len(reports) == 1
    assert len(reports[0]) == text.count("\n")


def test_parts_are_documents_of_their_own(tmp_path):
    text = "发布时间：2024-02-01　来源：云泽区司法局\n" + WATER + BODY + AUDIT + BODY
    tables = read_bytes(tmp_path, "汇编.txt", text.encode(), sources="path,report_year\n汇编.txt#2,2022\n")
    documents = tables["documents"]
    assert documents["path"].tolist() == ["汇编.txt", "汇编.txt#2"]
    first, second = documents["document_id"]
    assert second == f"{first}-2"
    assert documents["file_path"].tolist() == ["汇编.txt"] * 2
    for document_id, body in zip(documents["document_id"], documents["text"], strict=True):
        blocks = tables["blocks"][tables["blocks"]["document_id"] == document_id]
        assert [body[start:end] for start, end in zip(blocks["start"], blocks["end"], strict=True)] == body.split("\n")
    fields = tables["document_fields"]
    assert fields["field"].value_counts().to_dict() == {"published_date": 2, "source": 2, "override_report_year": 1}
    assert fields[fields["field"] == "override_report_year"]["document_id"].tolist() == [second]
    assert ["已拆成 2 份" in message for message in tables["issues"]["message"]] == [True]


def test_no_single_report_is_taken_apart():
    paths = [path for folder in ("demo", "seed", "work_reports") for path in sorted((SHARED / folder).glob("*.txt"))]
    if not paths:
        pytest.skip("the shared reports are not beside the checkout")
    documents = read_paths(*paths)["documents"]
    assert len(documents) == len(paths)
    assert not documents["path"].str.contains("#").any()
