"""Length, shares of roles, and density of figures."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.measures.text_stats import measure_texts
from pipeline.tables import store

DOCUMENTS = store.frame("documents", [{"document_id": "d", "path": "d.txt", "status": "ok"},
                                      {"document_id": "s", "path": "s.pdf", "status": "needs_ocr"}])
SECTIONS = store.frame("sections", [{"document_id": "d", "section_no": 0, "heading": ""},
                                    {"document_id": "d", "section_no": 1, "heading": "主要成效"}])


def sentences(*rows: tuple[str, str]) -> pd.DataFrame:
    return store.frame("sentences", [{"document_id": "d", "sentence_no": number, "section_no": 1, "role": role, "text": text}
                                     for number, (role, text) in enumerate(rows)])


def quantities(*claims: str) -> pd.DataFrame:
    return store.frame("quantities", [{"document_id": "d", "quantity_no": number, "claim": claim}
                                      for number, claim in enumerate(claims)])


def measure(sentence_frame: pd.DataFrame, quantity_frame: pd.DataFrame) -> dict:
    made = measure_texts(DOCUMENTS, SECTIONS, sentence_frame, quantity_frame)["text_stats"]
    assert made["document_id"].tolist() == ["d"]  # a file that was not read has no length
    return made.iloc[0].to_dict()


def test_length_counts_headings_and_sentences_without_blanks() -> None:
    row = measure(sentences(("achievements", "公开信息 80 条。")), quantities())
    assert row["chars"] == len("主要成效") + len("公开信息80条。")
    assert row["n_sentences"] == 1


def test_shares_are_of_the_sentences() -> None:
    row = measure(sentences(("achievements", "六个字的成效"), ("problems", "不足"), ("next_plan", "安排")), quantities())
    assert (row["achievements_pct"], row["problems_pct"], row["next_plan_pct"]) == (60, 20, 20)
    assert row["first_responsible_pct"] == 0


def test_targets_and_figures_of_others_are_not_disclosed() -> None:
    row = measure(sentences(("achievements", "字" * 996)), quantities("own", "cumulative", "target", "previous", "external"))
    assert row["n_quantities"] == 2
    assert row["quantities_per_1000"] == pytest.approx(2)


def test_law_titles() -> None:
    row = measure(sentences(("achievements", "学习《宪法》《民法典》和《行政处罚法》。")), quantities())
    assert row["law_titles"] == 3


def test_a_document_without_sentences_has_no_shares() -> None:
    made = measure_texts(DOCUMENTS, store.frame("sections"), sentences(), quantities())["text_stats"]
    assert made["chars"].tolist() == [0]
    assert made["achievements_pct"].isna().all()
    assert made["quantities_per_1000"].isna().all()
