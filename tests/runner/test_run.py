"""A whole run on a few small reports: what is redone, what is not, and that nothing depends on how it was done."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from pipeline.errors import KnowledgeError, PipelineError
from pipeline.runner.run import run
from pipeline.settings import KNOWLEDGE, Folders, Options
from pipeline.tables import store

REPORT = """青禾市{office}关于{year}年度法治政府建设情况的报告

市委、市政府：

现将{year}年度法治政府建设情况报告如下：

一、{year}年度推进法治政府建设的主要举措和成效

（一）深化政务公开。全年主动公开政府信息{n}条，收到政府信息公开申请2件，均按期答复。

（二）规范行政执法。全年作出行政处罚决定{n}件，未发生行政复议、行政诉讼案件。

二、党政主要负责人履行推进法治建设第一责任人职责情况

局主要负责人主持党组会专题研究法治工作3次，组织集体学法4次。

三、存在的不足和原因

普法针对性不强，主要原因是对企业需求了解不够。

四、{next}年推进法治政府建设的主要安排

开展普法宣传活动不少于6场。

青禾市{office}

{next}年1月20日
"""


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    raw = tmp_path / "raw"
    raw.mkdir()
    for office, n in (("水利局", 31), ("民政局", 47)):
        for year in (2021, 2022):
            text = REPORT.format(office=office, year=year, next=year + 1, n=n + year - 2021)
            (raw / f"{office}{year}.txt").write_text(text, encoding="utf-8")
    return Folders(raw, tmp_path / "processed", tmp_path / "reports")


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.parquet"))}


def tables_of(folders: Folders, jobs: int = 1, **choices):
    return run(folders, Options(), jobs, tables_only=True, **choices)


def test_a_second_run_redoes_nothing(folders: Folders) -> None:
    assert "read_documents" in tables_of(folders).redone
    assert tables_of(folders).redone == []


def test_a_new_file_is_read_alone(folders: Folders) -> None:
    tables_of(folders)
    text = REPORT.format(office="财政局", year=2022, next=2023, n=5)
    (folders.raw / "财政局2022.txt").write_text(text, encoding="utf-8")
    assert tables_of(folders).n_read_anew == 1
    assert len(store.read_table(folders.processed / "documents.parquet", "documents")) == 5


def test_a_removed_file_leaves_no_trace(folders: Folders, tmp_path: Path) -> None:
    extra = folders.raw / "财政局2022.txt"
    tables_of(folders)
    before = digests(folders.processed)
    extra.write_text(REPORT.format(office="财政局", year=2022, next=2023, n=5), encoding="utf-8")
    tables_of(folders)
    assert digests(folders.processed) != before
    extra.unlink()
    tables_of(folders)
    assert digests(folders.processed) == before


def test_tables_are_the_same_however_they_were_made(folders: Folders, tmp_path: Path) -> None:
    tables_of(folders, jobs=1)
    other = Folders(folders.raw, tmp_path / "other", tmp_path / "out")
    tables_of(other, jobs=2)
    assert digests(folders.processed) == digests(other.processed)


def test_redoing_everything_gives_the_same_bytes(folders: Folders) -> None:
    tables_of(folders)
    before = digests(folders.processed)
    assert "find_quantities" in tables_of(folders, force=True).redone
    assert digests(folders.processed) == before


def test_changed_knowledge_redoes_only_what_reads_it(folders: Folders, tmp_path: Path) -> None:
    knowledge = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, knowledge)
    tables_of(folders, knowledge=knowledge)
    file = next((knowledge / "indicators").rglob("*.yml"))
    file.write_text(file.read_text(encoding="utf-8") + "\n# 改动\n", encoding="utf-8")
    redone = tables_of(folders, knowledge=knowledge).redone
    assert "answer_indicators" in redone
    assert not {"read_documents", "find_quantities", "find_reuse"} & set(redone)


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
    tables_of(folders)
    documents = store.read_table(folders.processed / "documents.parquet", "documents").set_index("path")
    assert documents.loc["空.txt", "status"] == "empty"
    assert documents.loc["坏.docx", "status"] == "failed"
    copies = documents.loc[["水利局2021.txt", "副本.txt"], "status"]
    assert sorted(copies) == ["duplicate", "ok"]
    issues = store.read_table(folders.processed / "issues.parquet", "issues")
    assert {"空.txt", "坏.docx"} <= set(issues["path"])
    reports = store.read_table(folders.processed / "reports.parquet", "reports")
    assert reports["is_compared"].sum() == 4
