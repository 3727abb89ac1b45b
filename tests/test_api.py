"""The face for notebooks, on the report that started the project and on a run."""

from __future__ import annotations

from pathlib import Path

import pytest

import pipeline
from pipeline.errors import UsageError
from pipeline.settings import Folders


def test_find_quantities_gives_the_promised_fields() -> None:
    (quantity,) = pipeline.find_quantities("新增公开发布信息数达 80 余条。")
    assert (quantity.text, quantity.start, quantity.end) == ("80 余条", 11, 16)
    assert (quantity.kind, quantity.low, quantity.high, quantity.approx, quantity.unit) == ("count", 80, 90, "over", "条")
    assert quantity.object == "公开发布信息"


@pytest.fixture(scope="module")
def seed(shared: Path) -> pipeline.api.Report:
    return pipeline.read_report(next((shared / "seed").glob("*.txt")))


def test_the_seed_is_known_from_its_text(seed: pipeline.api.Report) -> None:
    identity = seed.identity
    assert (identity.department, identity.report_year, identity.doc_number, identity.signed_date) == (
        "张店区科学技术局", 2022, "张科党组〔2022〕25号", "2022-12-30")


def test_the_seed_has_four_parts_and_its_run_in_headings(seed: pipeline.api.Report) -> None:
    first = [section for section in seed.sections if section.level == 1]
    assert [section.role for section in first] == ["achievements", "first_responsible", "problems", "next_plan"]
    second = [section.heading for section in seed.sections if section.level == 2]
    assert second[:4] == ["持续健全组织领导", "持续强化执法队伍建设", "进一步加强普法宣传工作", "进一步推进依法行政工作"]
    assert len(second) == 13


def test_lines_of_the_seed_broken_in_mid_sentence_are_joined(seed: pipeline.api.Report) -> None:
    for words in ("多次听取法治建设工作汇报，研究部署依法行政相关工作", "合法性审查制度，在对外合同", "进一步完善行政执法案件的办案规程"):
        assert words in seed.text


def test_the_seed_discloses_one_count_and_one_zero(seed: pipeline.api.Report) -> None:
    assert [(q.text, q.low, q.high, q.unit) for q in seed.quantities if q.kind == "count"] == [("80余条", 80, 90, "条")]
    assert {q.kind for q in seed.quantities} == {"count", "zero"}
    answered = {v.indicator: (v.state, v.low, v.high) for v in seed.indicators if v.state != "not_disclosed"}
    assert answered == {"disclosure_count": ("value", 80, 90), "misconduct_count": ("zero", 0, 0)}


def test_every_value_leads_to_its_words(demo_run: Folders) -> None:
    tables = pipeline.load(demo_run.processed)
    texts = tables.documents.set_index("document_id")["text"]
    for q in tables.quantities.itertuples():
        assert texts[q.document_id][q.start:q.end] == q.text
    for s in tables.sentences.itertuples():
        assert texts[s.document_id][s.start:s.end] == s.text
    values = tables.indicator_values
    shown = values[values["state"].isin(["value", "zero", "na", "ambiguous"])]
    assert shown["evidence_start"].notna().all()
    assert (values[values["state"] == "not_disclosed"][["low", "high"]].isna().all()).all()


def test_frames_from_load_are_copies(demo_run: Folders) -> None:
    tables = pipeline.load(demo_run.processed)
    changed = tables.reports
    changed["department"] = "改了"
    assert "改了" not in set(tables.reports["department"])


def test_explain_gives_sentence_place_and_losers(demo_run: Folders) -> None:
    tables = pipeline.load(demo_run.processed)
    (item,) = pipeline.explain(tables, "澜山区市场监督管理局-2022", "penalty_closed_count")
    assert item.value == "617件"
    assert "办结617件" in item.sentence
    assert "健全行政执法工作体系" in item.place


def test_no_tables_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="make pipeline"):
        pipeline.load(tmp_path)
