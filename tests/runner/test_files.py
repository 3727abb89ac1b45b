"""The raw folder as a table."""

from __future__ import annotations

import hashlib
import multiprocessing
from pathlib import Path

import pytest

from pipeline.errors import PipelineError, UsageError
from pipeline.runner.cache import Index
from pipeline.runner.files import document_key, list_raw_files, lock


def test_files_in_subfolders_are_listed_in_path_order(tmp_path: Path) -> None:
    (tmp_path / "乙").mkdir()
    (tmp_path / "乙" / "报告 2.txt").write_text("二", encoding="utf-8")
    (tmp_path / "丙.txt").write_text("三", encoding="utf-8")
    rows = list_raw_files(tmp_path)
    assert [row["path"] for row in rows] == sorted(["乙/报告 2.txt", "丙.txt"])
    assert rows[0]["document_id"] == hashlib.sha256(Path(rows[0]["location"]).read_bytes()).hexdigest()[:16]


def test_a_copy_names_its_original(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("同一份", encoding="utf-8")
    first, second = list_raw_files(tmp_path)
    assert (first["duplicate_of"], second["duplicate_of"]) == (None, "a.txt")
    assert document_key(first) != document_key(second)


@pytest.mark.parametrize("name", ["README.md", "sources.csv", ".hidden.txt", "~$打开着.docx", "Thumbs.db"])
def test_what_is_no_report_is_left_out(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match="没有可读的文件"):
        list_raw_files(tmp_path)


def test_no_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--raw"):
        list_raw_files(tmp_path / "没有")


def test_an_unchanged_file_is_not_hashed_again(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.txt").write_text("一", encoding="utf-8")
    index = Index(tmp_path / "cache")
    before = list_raw_files(raw, index)
    size, mtime, _ = index.known_hashes()["a.txt"]
    index.set_hashes({"a.txt": (size, mtime, "f" * 64)})
    assert list_raw_files(raw, index)[0]["document_id"] == "f" * 16
    (raw / "a.txt").write_text("一二", encoding="utf-8")
    assert list_raw_files(raw, index)[0]["document_id"] != before[0]["document_id"]


def _hold(folder: Path, ready: multiprocessing.synchronize.Event, go: multiprocessing.synchronize.Event) -> None:
    with lock(folder):
        ready.set()
        go.wait(20)


def test_a_second_run_is_refused_and_a_dead_owner_is_not(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready, go = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(tmp_path / "c", ready, go))
    other.start()
    try:
        assert ready.wait(20)
        with pytest.raises(PipelineError, match="另一次运行"), lock(tmp_path / "c"):
            pass
    finally:
        other.kill()
        other.join()
    with lock(tmp_path / "c"):
        pass
