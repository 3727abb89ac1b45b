"""Documents that kill or block the process reading them, change under its hands, or come by the thousand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from pipeline.runner import run as runner
from pipeline.settings import PACKAGE, Folders
from pipeline.stages import STAGES
from pipeline.tables import store
from tests.runner.reports import digests, folders_in, python, report_text, tables_of, write_reports

# Put at the end of a stage's module: the stage as it was, but fatal to documents that say so.
SABOTAGE = '''
_as_it_was = split_sentences


def split_sentences(documents, blocks, sections):
    import os
    import signal

    texts = "".join(documents["text"].tolist())
    if "要命" in texts:
        os.kill(os.getpid(), signal.SIGSEGV)
    while "没完没了" in texts:
        pass
    return _as_it_was(documents, blocks, sections)
'''
RUN = """
import sys
from pathlib import Path
from pipeline.runner import work
from pipeline.runner.run import run
from pipeline.settings import Folders, Options

work.Batch.seconds = 8.0
run(Folders(*map(Path, sys.argv[1:4])), Options(), 2, tables_only=True)
"""


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    write_reports(tmp_path / "raw", ("水利局", "民政局", "财政局"))
    return folders_in(tmp_path)


def read(folders: Folders, name: str) -> pd.DataFrame:
    return store.read_table(folders.processed / f"{name}.parquet", name)


def status_of(folders: Folders) -> dict[str, str]:
    documents = read(folders, "documents")
    return dict(zip(documents["path"], documents["status"], strict=True))


@pytest.mark.slow
def test_a_document_that_kills_its_process_is_found_and_the_rest_is_done(folders: Folders, tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "package" / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
    with open(tmp_path / "package" / "pipeline" / "structure" / "sentences.py", "a", encoding="utf-8") as module:
        module.write(SABOTAGE)
    tables_of(folders_in(tmp_path / "plain", folders.raw))
    for name, word in (("崩.txt", "要命"), ("卡.txt", "没完没了")):
        (folders.raw / name).write_text(report_text("审计局", 2022).replace("主要举措", word), encoding="utf-8")
    result = python(RUN, folders.raw, folders.processed, folders.reports, PYTHONPATH=str(tmp_path / "package"))
    assert result.returncode == 0, result.stderr
    status = status_of(folders)
    assert {path for path, word in status.items() if word != "ok"} == {"崩.txt", "卡.txt"}
    assert status["崩.txt"] == status["卡.txt"] == "failed"
    issues = read(folders, "issues").set_index("path")["message"]
    assert "进程崩溃" in issues["崩.txt"]
    assert "超过时限" in issues["卡.txt"]
    assert read(folders, "sentences")["document_id"].nunique() == 6


@pytest.mark.parametrize("is_gone", [False, True])
def test_a_file_that_changes_while_it_is_read_is_read_next_time(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, is_gone: bool
) -> None:
    path = folders.raw / "水利局2021.txt"
    original = path.read_text(encoding="utf-8")
    list_files = runner.list_raw_files

    def list_then_change(*arguments):
        listing = list_files(*arguments)
        path.unlink() if is_gone else path.write_text(report_text("水利局", 2021, 999), encoding="utf-8")
        return listing

    with monkeypatch.context() as patch:
        patch.setattr(runner, "list_raw_files", list_then_change)
        tables_of(folders)
    assert status_of(folders)["水利局2021.txt"] == "failed"
    issues = read(folders, "issues")
    assert issues.loc[issues["path"] == "水利局2021.txt", "message"].str.contains("被替换、改动或移走").any()
    path.write_text(original, encoding="utf-8")
    assert tables_of(folders).n_read_anew == 1
    fresh = folders_in(folders.processed.parent / "fresh", folders.raw)
    tables_of(fresh)
    assert digests(folders) == digests(fresh)


def test_thousands_of_empty_files_are_named(tmp_path: Path) -> None:
    folders = folders_in(tmp_path)
    write_reports(folders.raw)
    for number in range(2000):
        (folders.raw / f"空{number:04}.txt").touch()
    tables_of(folders, jobs=2)
    status = pd.Series(status_of(folders)).value_counts().to_dict()
    assert status == {"duplicate": 1999, "ok": 4, "empty": 1}
    assert len(read(folders, "issues")) >= 2000


def test_names_that_are_not_utf8_go_through(tmp_path: Path) -> None:
    folders = folders_in(tmp_path)
    write_reports(folders.raw)
    try:
        with open(bytes(folders.raw) + b"/" + "财政局2022.txt".encode("gb18030"), "w", encoding="utf-8") as handle:
            handle.write(report_text("财政局", 2022))
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    tables_of(folders)
    assert status_of(folders)["财政局2022.txt"] == "ok"


def test_every_document_stage_bears_a_document_that_failed() -> None:
    """What give_up writes fits the tables that the later stages expect."""
    from pipeline.runner import failures, work
    from pipeline.settings import KNOWLEDGE

    stages = tuple(stage for stage in STAGES if stage.scope == "document")
    row = {"path": "坏.txt", "document_id": "0" * 16, "bytes": 1, "duplicate_of": None, "location": "/nowhere"}
    batch = work.Batch((row,), ("key",), ("0" * 64,), stages, ("hash",) * len(stages), {}, KNOWLEDGE, Path())
    content, done = work.make_part(batch, {})
    assert done.passing == ("key",)
    assert len(content) > 0
    assert len(failures.give_up(stages, [row], is_too_slow=False)) > 0
