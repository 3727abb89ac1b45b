"""Sentences: whole, with exact offsets, and nothing of the head and tail among them."""

from __future__ import annotations

import pytest

from pipeline.structure.sentences import cut_sentences
from tests.structure.reports import BODY, HEAD, TAIL, read


@pytest.mark.parametrize(("text", "sentences"), [
    ("全年办案12件。罚款3万元！", ["全年办案12件。", "罚款3万元！"]),
    ("受理4件，其中维持3件；败诉1件。", ["受理4件，其中维持3件；败诉1件。"]),  # ； stays inside
    ("开展“学宪法！讲宪法！”活动3场。覆盖全区。", ["开展“学宪法！讲宪法！”活动3场。", "覆盖全区。"]),
    ("会议强调：“要依法行政。要严格执法。”各单位认真落实。", ["会议强调：“要依法行政。要严格执法。”", "各单位认真落实。"]),
    ("落实“先告知。再处罚。”的要求。", ["落实“先告知。再处罚。”的要求。"]),
    ("办结12件（均在期限内办结。无超期）。全部归档。", ["办结12件（均在期限内办结。无超期）。", "全部归档。"]),
    ("提高3.5%。增长1.2倍。", ["提高3.5%。", "增长1.2倍。"]),
    ("没有句号的一段", ["没有句号的一段"]),
    ("引号没有收住“的一段" + "文字" * 90 + "。下一句。", ["引号没有收住“的一段" + "文字" * 90 + "。", "下一句。"]),
    ("真的吗？！是的。", ["真的吗？！", "是的。"]),
])
def test_cut_sentences(text, sentences):
    assert [text[start:end] for start, end in cut_sentences(text, 0, len(text))] == sentences


def test_offsets_are_exact():
    tables = read(HEAD + BODY + TAIL)
    text = tables["documents"]["text"].iloc[0]
    for row in tables["sentences"].itertuples():
        assert text[row.start:row.end] == row.text


def test_head_tail_and_headings_belong_to_no_sentence():
    text = """当前位置：首页 > 政务公开 > 法治政府建设
柳汀区水利局文件
柳水〔2024〕6号
柳汀区水利局关于2023年度
法治政府建设情况的报告
发布时间：2024-03-18 10:05　　来源：区水利局　　浏览次数：97
区委、区政府：
2023年，我局认真履职。
一、主要成效
（一）规范执法。处罚12件。案卷合格。
行政许可 | 231
特此报告。
柳汀区水利局
2024年1月8日
（此件公开发布）
抄送：区司法局。
柳汀区水利局办公室　　2024年1月9日印发
上一篇：柳汀区水利局2023年政府信息公开工作年度报告
【打印本页】【关闭窗口】"""
    assert read(text)["sentences"]["text"].tolist() == ["2023年，我局认真履职。", "处罚12件。", "案卷合格。", "行政许可 | 231"]


def test_item_without_heading_is_a_whole_sentence():
    tables = read(HEAD + "四、2024年主要安排\n（一）对企业实行“红黄牌”管理，每季度公布一次。\n二是培训2期以上。\n" + TAIL)
    assert tables["sentences"]["text"].tolist()[-2:] == ["对企业实行“红黄牌”管理，每季度公布一次。", "二是培训2期以上。"]
    assert tables["sentences"]["role"].tolist()[-2:] == ["next_plan", "next_plan"]


def test_sentences_know_their_innermost_section():
    tables = read(HEAD + BODY + TAIL)
    headings = dict(zip(tables["sections"]["section_no"], tables["sections"]["heading"], strict=True))
    places = {row.text: headings[row.section_no] for row in tables["sentences"].itertuples()}
    assert places["机关干部带头学法。"] == "加强组织领导"
    assert places["全年开展普法不少于5场。"] == "下一年安排"
    assert places["2023年，我局认真履职。"] == ""


def test_no_document_no_rows():
    assert len(read("")["sentences"]) == 0
