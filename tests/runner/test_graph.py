"""Stages declare what they read by their signature."""

from __future__ import annotations

import pytest

from pipeline.errors import PipelineError
from pipeline.profiles import PARTS
from pipeline.runner import graph
from pipeline.settings import KNOWLEDGE, Options
from pipeline.stages import STAGES, Stage
from pipeline.tables.schemas import BY_NAME


def test_every_stage_is_fed_by_earlier_ones() -> None:
    graph.check_graph(STAGES)


def test_every_public_table_is_made_by_exactly_one_stage() -> None:
    made = [table for stage in STAGES if stage.scope != "output" for table in stage.makes]
    assert sorted(made) == sorted(set(made))
    assert set(made) | {"issues", "raw_files"} == set(BY_NAME)


def test_every_knowledge_part_is_read_by_some_stage() -> None:
    assert {name for stage in STAGES for name in graph.input_parts(stage)} == set(PARTS)


def test_a_stage_without_source_of_its_input_is_refused() -> None:
    late = next(stage for stage in STAGES if stage.function == "split_sentences")
    with pytest.raises(PipelineError, match="split_sentences 需要表"):
        graph.check_graph((late,))


def test_an_unknown_function_is_named() -> None:
    with pytest.raises(PipelineError, match="没有函数 read_everything"):
        graph.parameters(Stage("reading.documents", "read_everything", "", (), "document"))


def test_options_reach_only_the_stages_that_read_them() -> None:
    plain = graph.stage_hashes(STAGES, KNOWLEDGE, Options())
    other = graph.stage_hashes(STAGES, KNOWLEDGE, Options(genre="work_report"))
    changed = {name for name in plain if plain[name] != other[name]}
    assert "settle_reports" in changed
    assert not changed & {stage.function for stage in STAGES if stage.scope == "document"}


def test_an_indicator_file_changes_only_what_reads_indicators(tmp_path) -> None:
    import shutil

    folder = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, folder)
    before = graph.stage_hashes(STAGES, folder, Options())
    file = next((folder / "indicators").rglob("*.yml"))
    file.write_text(file.read_text(encoding="utf-8") + "\n# 改动\n", encoding="utf-8")
    after = graph.stage_hashes(STAGES, folder, Options())
    changed = {name for name in before if before[name] != after[name]}
    assert "answer_indicators" in changed
    assert not changed & {"read_documents", "identify_reports", "outline_sections", "find_quantities", "count_terms", "find_reuse"}
