"""Themes of sentences, and their shares."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from pipeline.comparisons.theme_model import learn_themes
from pipeline.comparisons.themes import assign_themes
from pipeline.profiles.themes import load_themes
from pipeline.settings import KNOWLEDGE
from pipeline.tables import store
from pipeline.tables.store import Tables
from tests.comparisons.corpus import report, reports

CATALOGUE = load_themes(KNOWLEDGE)
Section = tuple[int | None, str, str, list[str]]


def learn_and_assign(rows: pd.DataFrame, sections: pd.DataFrame, sentences: pd.DataFrame) -> Tables:
    """Themes by a model that the same reports taught."""
    model = learn_themes(rows, sections, sentences, CATALOGUE)["theme_model"]
    return assign_themes(rows, sections, sentences, model, CATALOGUE)


def assign(*sections: Section, document_id: str = "d") -> Tables:
    """Themes of one report, given as (parent_no, heading, role, sentences) from section 1 on."""
    section_rows, sentence_rows = [], []
    for section_no, (parent_no, heading, role, texts) in enumerate(sections, 1):
        section_rows.append({"document_id": document_id, "section_no": section_no, "parent_no": parent_no,
                             "heading": heading, "role": role})
        sentence_rows += [{"section_no": section_no, "role": role, "text": text} for text in texts]
    sentence_rows = [{"document_id": document_id, "sentence_no": number, **row} for number, row in enumerate(sentence_rows)]
    return learn_and_assign(reports(report(document_id=document_id)), store.frame("sections", section_rows),
                            store.frame("sentences", sentence_rows))


def main_theme(*sections: Section) -> str:
    frame = assign(*sections)["sentence_themes"].sort_values("weight", kind="stable")
    return frame[frame["sentence_no"] == frame["sentence_no"].max()]["theme"].iloc[-1]


@pytest.mark.parametrize(("heading", "role", "text", "theme"), [
    # the heading decides where the words do not
    ("推进政务公开", "achievements", "评审公示格式作了统一规范。", "openness"),
    ("加强制度建设", "achievements", "全年对46件文件进行合法性审核。", "institutions"),
    ("规范行政决策", "achievements", "合法性审核率100%。", "decision"),
    ("健全矛盾纠纷化解机制", "achievements", "办理12345热线工单312件。", "dispute"),
    # strong words decide against the heading
    ("公开普法成常态", "achievements", "承办人大代表建议17件、政协提案28件，答复率100%。", "supervision"),
    # the role decides where no heading does
    ("有关情况", "first_responsible", "遇到难题，登门请教。", "leadership"),
    # nothing says anything
    ("主要举措和成效", "achievements", "现将有关情况报告如下。", "unassigned"),
    # problems and plans are assigned too
    ("存在的不足", "problems", "少数执法人员案卷制作不规范。", "enforcement"),
])
def test_main_theme(heading: str, role: str, text: str, theme: str) -> None:
    assert main_theme((None, heading, role, [text])) == theme


def test_the_nearest_heading_counts_first() -> None:
    assert main_theme((None, "强化执法和普法", "achievements", []), (1, "推进政务公开", "achievements", ["格式统一。"])) == "openness"


def test_a_heading_reaches_down_to_sections_without_a_theme() -> None:
    assert main_theme((None, "推进政务公开", "achievements", []), (1, "主要做法", "achievements", ["格式统一。"])) == "openness"


def test_one_sentence_may_have_several_themes() -> None:
    frame = assign((None, "主要成效", "achievements", ["全年发生行政复议案件1件、行政诉讼案件2件。"]))["sentence_themes"]
    assert set(frame["theme"]) == {"dispute", "supervision"}
    assert frame["weight"].sum() == pytest.approx(1)


def test_shares_add_up_and_leave_plans_out() -> None:
    tables = assign(
        (None, "推进政务公开", "achievements", ["主动公开政府信息80条。", "公开指南已更新。"]),
        (None, "做好普法", "achievements", ["发放宣传资料1000份。"]),
        (None, "有关说明", "other", ["现将有关情况报告如下。"]),
        (None, "下一年安排", "next_plan", ["开展执法检查、行政处罚案卷评查。"]),
    )
    themes = tables["themes"].set_index("theme")
    assert len(themes) == 12
    assert themes["share"].sum() == pytest.approx(1)
    assert themes.loc["openness", "share"] == pytest.approx(0.5)
    assert themes.loc["openness", "n_sentences"] == 2
    assert themes.loc["unassigned", "share"] == pytest.approx(0.25)
    assert themes.loc["enforcement", "share"] == 0
    assert ((themes["share_low"] <= themes["share"]) & (themes["share"] <= themes["share_high"])).all()
    # the plan's sentence has its theme all the same
    assert "enforcement" in set(tables["sentence_themes"]["theme"])


def test_the_same_input_gives_the_same_shares() -> None:
    section: Section = (None, "推进政务公开", "achievements", ["主动公开80条。", "普法宣传5场。", "立案12件。"])
    pd.testing.assert_frame_equal(assign(section)["themes"], assign(section)["themes"])


def test_reports_out_of_the_comparison_are_left_out() -> None:
    sentences = store.frame("sentences", [{"document_id": "d", "sentence_no": 0, "section_no": 0, "role": "other", "text": "普法"}])
    tables = learn_and_assign(reports(report(document_id="d", is_compared=False)), store.frame("sections"), sentences)
    assert tables["sentence_themes"].empty
    assert tables["themes"].empty


def test_a_report_without_sections_or_sentences() -> None:
    tables = learn_and_assign(reports(report()), store.frame("sections"), store.frame("sentences"))
    assert tables["themes"].empty


def test_hand_labelled_sentences() -> None:
    """202 sentences with their headings, labelled before the catalogue was tuned; any label of a sentence is right."""
    path = Path(__file__).with_name("theme_sentences.csv")
    with path.open(encoding="utf-8", newline="") as handle:
        labelled = list(csv.DictReader(handle))
    numbers: dict[tuple[str, str, str], int] = {}
    section_rows, sentence_rows = [], []

    def number_of(row: dict[str, str], parent: str, heading: str, parent_no: int | None) -> int:
        key = (row["report"], parent, heading)
        if key not in numbers:
            numbers[key] = len(numbers) + 1
            section_rows.append({"document_id": row["report"], "section_no": numbers[key], "parent_no": parent_no,
                                 "heading": heading, "role": row["role"]})
        return numbers[key]

    for sentence_no, row in enumerate(labelled):
        parent = row["parent_heading"]
        parent_no = number_of(row, "", parent, None) if parent else None
        section_no = number_of(row, parent, row["heading"], parent_no)
        sentence_rows.append({"document_id": row["report"], "sentence_no": sentence_no, "section_no": section_no,
                              "role": row["role"], "text": row["text"]})
    documents = sorted({row["report"] for row in labelled})
    frame = learn_and_assign(reports(*(report(document_id=document_id) for document_id in documents)),
                             store.frame("sections", section_rows), store.frame("sentences", sentence_rows))
    assigned = frame["sentence_themes"].sort_values(["weight", "theme"]).groupby("sentence_no")["theme"].last()
    right = sum(assigned[number] in row["theme"].split(";") for number, row in enumerate(labelled))
    assert len(labelled) >= 200
    assert right / len(labelled) >= 0.9
