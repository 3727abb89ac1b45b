"""Reasons of answers: what stands in quotation marks stands in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from pipeline.measures.reasons import quote, trim
from pipeline.settings import Folders, Options
from pipeline.tables.store import read_table
from tests.measures.test_indicators import answer_one

TRUTH = Path(__file__).parents[1] / "truth"
# Reasons that name the winner quote another sentence.
_OF_ANOTHER = re.compile("先写的|另有|是总数")


def quoted(why: str) -> Iterator[str]:
    """What stands in quotation marks, with the quotation marks inside it."""
    depth = start = 0
    for place, sign in enumerate(why):
        if sign == "“":
            start = start if depth else place + 1
            depth += 1
        elif sign == "”":
            depth -= 1
            if not depth:
                yield why[start:place]
    assert depth == 0, why


def check_quotations(processed: Path) -> int:
    """How many quotations there are in the reasons of a run; each must stand in the sentence, or in the text."""
    texts = dict(read_table(processed / "documents.parquet", "documents", ["document_id", "text"]).itertuples(index=False))
    sentences: dict[str, list[str]] = {}
    columns = ["document_id", "start", "end"]
    for document_id, start, end in read_table(processed / "sentences.parquet", "sentences", columns).itertuples(index=False):
        sentences.setdefault(document_id, []).append((start, end))
    number = 0
    for name in ("indicator_values", "indicator_candidates"):
        data = read_table(processed / f"{name}.parquet", name)
        for row in data[data["evidence_start"].notna()].itertuples():
            text = texts[row.document_id]
            start, end = next((start, end) for start, end in sentences[row.document_id] if start <= row.evidence_start < end)
            for words in quoted(row.why):
                assert words in (text if _OF_ANOTHER.search(row.why) else text[start:end]), row.why
                number += 1
        for row in data[data["evidence_start"].isna() & data["why"].notna()].itertuples():
            assert all(words in texts[row.document_id] for words in quoted(row.why)), row.why
    return number


def test_every_quotation_stands_in_the_demonstration_reports(demo_run: Folders) -> None:
    assert check_quotations(demo_run.processed) > 500


def test_every_quotation_stands_in_held_out_reports(tmp_path: Path) -> None:
    from pipeline.runner.run import run

    folders = Folders(TRUTH, tmp_path / "processed", tmp_path / "reports")
    run(folders, Options(), jobs=1, tables_only=True)
    assert check_quotations(folders.processed) > 500


@pytest.mark.parametrize(("text", "indicator", "why"), [
    ("配备执法记录仪，共24台。", "recorder_count", "原文“共24台”，承前文“执法记录仪”"),
    ("共立案查处行政处罚案件共计43件。", "penalty_filed_count",
     "原文“立案查处行政处罚案件共计43件”紧邻指标词“立案查处行政处罚案件”"),
    ("开展“法律进社区、进商户”普法活动40场。", "publicity_event_count",
     "原文““法律进社区、进商户”普法活动40场”紧邻指标词““法律进社区、进商户”普法活动”"),
    ("规范性文件1件，已按规定向区司法局备案。", "normative_doc_filed_count",
     "原文“规范性文件1件，已按规定向区司法局备案”紧邻指标词“规范性文件”"),
])
def test_words_that_are_lent_are_quoted_where_they_stand(text: str, indicator: str, why: str) -> None:
    _, rows, _ = answer_one(text)
    assert rows[indicator].why == why


def test_what_belongs_to_another_matter_is_quoted() -> None:
    _, _, tables = answer_one("调解成功率98%，成功调解纠纷31件。")
    assert isinstance(tables["indicator_candidates"], pd.DataFrame)
    for why in tables["indicator_candidates"].why:
        assert all(words in "调解成功率98%，成功调解纠纷31件。" for words in quoted(why))


def test_long_quotations_show_both_ends() -> None:
    words = "甲乙丙丁戊己庚辛壬癸" * 4
    assert quote(words) == "“甲乙丙丁戊己庚辛壬癸甲乙丙丁”……“庚辛壬癸甲乙丙丁戊己庚辛壬癸”"
    assert quote("甲乙") == "“甲乙”"


def test_both_quotation_marks_belong_to_a_quotation() -> None:
    text = "，“双随机”，"
    assert trim(text, 0, len(text)) == (1, 6)
    assert trim(text, 2, 5) == (2, 5)
    assert trim(text, 1, 5) == (1, 6)


def test_a_sum_of_listed_things_says_so() -> None:
    _, rows, _ = answer_one("举办防汛、消防应急演练各一次。")
    assert (rows["drill_count"].low, rows["drill_count"].high) == (2, 2)
    assert rows["drill_count"].why.endswith("，列出的2项合计")


@pytest.mark.parametrize(("text", "low"), [
    ("组织防汛、消防等演练各1次。", 1),          # an open list
    ("开展安全培训、消防演练各2次。", 2),        # a training is no drill
    ("开展防汛演练和消防演练活动各2次。", 4),
    ("火灾、地震、防汛演练各一次，共三次。", 3),
    ("联合开展演练各3次。", 3),
])
def test_listed_drills_count_each(text: str, low: float) -> None:
    _, rows, _ = answer_one(text)
    assert rows["drill_count"].low == low
