"""A whole run on a few small reports: what is redone, what is not, and that nothing depends on how it was done."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import KnowledgeError, PipelineError
from pipeline.runner import assembly
from pipeline.runner.pool import WorkerDied
from pipeline.settings import KNOWLEDGE, Folders
from pipeline.tables import store
from tests.runner.reports import digests, folders_in, python, report_text, tables_of, write_reports


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    write_reports(tmp_path / "raw")
    return folders_in(tmp_path)


def read(folders: Folders, name: str) -> pd.DataFrame:
    return store.read_table(folders.processed / f"{name}.parquet", name)


def test_a_second_run_redoes_nothing(folders: Folders) -> None:
    assert "read_documents" in tables_of(folders).redone
    assert tables_of(folders).redone == []


def test_a_new_file_is_read_alone(folders: Folders) -> None:
    tables_of(folders)
    (folders.raw / "财政局2022.txt").write_text(report_text("财政局", 2022, 5), encoding="utf-8")
    assert tables_of(folders).n_read_anew == 1
    assert len(read(folders, "documents")) == 5


def test_a_removed_file_leaves_no_trace(folders: Folders) -> None:
    extra = folders.raw / "财政局2022.txt"
    tables_of(folders)
    before = digests(folders)
    extra.write_text(report_text("财政局", 2022, 5).replace("企业需求", "莲子汤"), encoding="utf-8")
    tables_of(folders)
    assert digests(folders) != before
    extra.unlink()
    tables_of(folders)
    assert digests(folders) == before
    assert not any("莲子汤".encode() in path.read_bytes() for path in folders.processed.rglob("*") if path.is_file())


def test_a_file_that_comes_back_is_as_it_was(folders: Folders) -> None:
    tables_of(folders)
    before = digests(folders)
    path = folders.raw / "水利局2021.txt"
    content = path.read_bytes()
    path.unlink()
    tables_of(folders)
    path.write_bytes(content)
    tables_of(folders)
    assert digests(folders) == before


def test_an_edited_file_gives_what_a_fresh_run_gives(folders: Folders, tmp_path: Path) -> None:
    tables_of(folders)
    (folders.raw / "水利局2021.txt").write_text(report_text("水利局", 2021, 99), encoding="utf-8")
    tables_of(folders)
    fresh = folders_in(tmp_path / "fresh", folders.raw)
    tables_of(fresh)
    assert digests(folders) == digests(fresh)


def test_redoing_everything_gives_the_same_bytes(folders: Folders) -> None:
    tables_of(folders)
    before = digests(folders)
    assert "find_quantities" in tables_of(folders, force=True).redone
    assert digests(folders) == before


def test_changed_knowledge_redoes_only_what_reads_it(folders: Folders, tmp_path: Path) -> None:
    knowledge = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, knowledge)
    tables_of(folders, knowledge=knowledge)
    file = next((knowledge / "indicators").rglob("*.yml"))
    file.write_text(file.read_text(encoding="utf-8") + "\n# 改动\n", encoding="utf-8")
    redone = tables_of(folders, knowledge=knowledge).redone
    assert "answer_indicators" in redone
    assert not {"read_documents", "find_quantities", "find_reuse"} & set(redone)


def test_knowledge_edited_between_two_runs_of_one_process_counts(folders: Folders, tmp_path: Path) -> None:
    knowledge = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, knowledge)
    tables_of(folders, knowledge=knowledge)
    with open(knowledge / "stopwords.txt", "a", encoding="utf-8") as handle:
        handle.write("主持\n")
    assert "主持" in set(read(folders, "term_counts")["term"])
    tables_of(folders, knowledge=knowledge)
    assert "主持" not in set(read(folders, "term_counts")["term"])


def test_a_wrong_knowledge_line_stops_the_run_naming_its_place(folders: Folders, tmp_path: Path) -> None:
    knowledge = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, knowledge)
    with open(knowledge / "lineage.csv", "a", encoding="utf-8") as handle:
        handle.write("science,no_such_office,2023,rename,\n")
    with pytest.raises(KnowledgeError, match=r"lineage\.csv 第\d+行.*no_such_office"):
        tables_of(folders, knowledge=knowledge)


def test_an_unknown_stage_is_named_with_those_there_are(folders: Folders) -> None:
    with pytest.raises(PipelineError, match="find_quantities"):
        tables_of(folders, only="find_quantity")


def test_bad_files_are_named_and_the_rest_is_done(folders: Folders) -> None:
    (folders.raw / "空.txt").write_bytes(b"")
    (folders.raw / "坏.docx").write_bytes(b"PK\x03\x04" + b"\0" * 40)
    (folders.raw / "副本.txt").write_bytes((folders.raw / "水利局2021.txt").read_bytes())
    (folders.raw / "断.txt").symlink_to(folders.raw / "没有")
    tables_of(folders)
    documents = read(folders, "documents").set_index("path")
    assert documents.loc["空.txt", "status"] == "empty"
    assert documents.loc["坏.docx", "status"] == "failed"
    copies = documents.loc[["水利局2021.txt", "副本.txt"], "status"]
    assert sorted(copies) == ["duplicate", "ok"]
    assert {"空.txt", "坏.docx", "断.txt"} <= set(read(folders, "issues")["path"])
    assert read(folders, "reports")["is_compared"].sum() == 4


def test_a_copy_takes_nothing_from_its_original(folders: Folders) -> None:
    tables_of(folders)
    before = len(read(folders, "quantities"))
    (folders.raw / "末.txt").write_bytes((folders.raw / "水利局2021.txt").read_bytes())
    tables_of(folders)
    assert len(read(folders, "quantities")) == before
    tables_of(folders, force=True)
    assert len(read(folders, "quantities")) == before


def test_the_listing_waits_for_no_library() -> None:
    """Workers begin to load theirs when the files are listed; what the runner loads before that delays them."""
    result = python("import sys, pipeline.runner.run; print(sorted({'numpy', 'pandas', 'pyarrow'} & set(sys.modules)))")
    assert result.stdout.strip() == "[]", result.stderr


def test_a_process_that_ends_while_tables_are_put_together_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> list[object]:
        raise WorkerDied

    folders = folders_in(tmp_path)
    write_reports(folders.raw)
    with monkeypatch.context() as patch:
        patch.setattr(assembly, "assemble", fail)
        with pytest.raises(PipelineError, match="合并各表时进程被终止"):
            tables_of(folders)
    tables_of(folders)
    fresh = folders_in(tmp_path / "fresh", folders.raw)
    tables_of(fresh)
    assert digests(fresh) == digests(folders)


def test_an_issue_that_two_stages_raise_alike_is_told_once(tmp_path: Path) -> None:
    issue = {"stage": "a", "document_id": "d", "severity": "note", "message": "同一件事"}
    for name, rows in (("one", [issue, {**issue, "place": "全文"}]), ("two", [issue, {**issue, "document_id": None}])):
        store.write_arrow(tmp_path / f"{name}.parquet", store.to_arrow("issues", store.frame("issues", rows)))
    sources = [tmp_path / "one.parquet", tmp_path / "two.parquet", tmp_path / "gone.parquet"]
    n_rows, _ = assembly.write_issues(tmp_path / "issues.parquet", sources, store.to_arrow("issues", store.frame("issues")), {"d": "a.txt"})
    made = store.read_table(tmp_path / "issues.parquet", "issues")
    assert n_rows == len(made) == 3
    assert sorted(made["path"].fillna("").tolist()) == ["", "a.txt", "a.txt"]
