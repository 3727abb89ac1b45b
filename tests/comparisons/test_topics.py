"""Topics of the corpus."""

from __future__ import annotations

import pandas as pd

from pipeline.comparisons.topics import find_topics
from pipeline.tables import store
from pipeline.tables.store import Tables
from tests.comparisons.corpus import counts, report, reports

SUBJECTS = [
    ["普法", "宣传", "资料", "讲座", "展板", "横幅", "宪法", "宣讲", "短视频", "公众号"],
    ["执法", "处罚", "立案", "案卷", "检查", "裁量", "证据", "文书", "送达", "罚没"],
    ["公开", "信息", "网站", "申请", "答复", "解读", "目录", "指南", "公示", "预算"],
    ["调解", "复议", "信访", "纠纷", "热线", "工单", "仲裁", "争议", "化解", "诉求"],
    ["决策", "合同", "顾问", "律师", "论证", "听证", "集体", "讨论", "风险", "评估"],
    ["学法", "领导", "党组", "会议", "学习", "部署", "述法", "考核", "责任", "汇报"],
]


def find(n_reports: int) -> Tables:
    """Reports with one section a subject."""
    documents = [f"d{number}" for number in range(n_reports)]
    cells, sentences = [], []
    for place, document_id in enumerate(documents):
        for section_no, terms in enumerate(SUBJECTS):
            # Each report uses nine of the ten terms, some of them more often.
            cells.append((document_id, section_no, {
                term: 1 + (place + number) % 3 for number, term in enumerate(terms) if number != place % 10}))
            for text in ("".join(terms[:5]) + "。", "没有特征的一句。"):
                sentences.append({"document_id": document_id, "sentence_no": len(sentences), "section_no": section_no,
                                  "role": "achievements", "text": text})
    return find_topics(reports(*(report(document_id=document_id) for document_id in documents)),
                       store.frame("sentences", sentences), counts(*cells))


def test_the_subjects_of_the_sections_are_found() -> None:
    tables = find(8)
    terms = tables["topic_terms"].groupby("topic_no")["term"].apply(set)
    assert sorted(map(sorted, terms)) == sorted(sorted(subject) for subject in SUBJECTS)
    topics = tables["topics"]
    assert topics["n_sentences"].sum() == 8 * 6 * 2
    assert (topics["stability"] > 0.9).all()


def test_the_representative_sentence_holds_the_terms() -> None:
    tables = find(8)
    first_terms = tables["topic_terms"].groupby("topic_no")["term"].apply(set)
    for row in tables["topics"].itertuples():
        # Even numbers are the sentences with terms.
        assert row.sentence_no % 2 == 0
        assert set(row.label.split("、")) <= first_terms[row.topic_no]


def test_the_same_input_gives_the_same_topics() -> None:
    first, second = find(8), find(8)
    for name in ("topics", "topic_terms"):
        pd.testing.assert_frame_equal(first[name], second[name])


def test_too_few_sections_show_no_topics() -> None:
    tables = find(1)
    assert tables["topics"].empty
    assert tables["topic_terms"].empty


def test_no_reports_show_no_topics() -> None:
    assert find(0)["topics"].empty
