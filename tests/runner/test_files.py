"""The raw folder as a table, and what may lie in it without stopping a run."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from pathlib import Path

import pytest

from pipeline.errors import PipelineError, UsageError
from pipeline.runner import files
from pipeline.runner.cache import Index
from pipeline.runner.files import document_key, list_raw_files, lock


def paths(raw: Path, index: Index | None = None) -> list[str]:
    return [row["path"] for row in list_raw_files(raw, index).rows]


def test_files_in_subfolders_are_listed_in_path_order(tmp_path: Path) -> None:
    (tmp_path / "乙").mkdir()
    (tmp_path / "乙" / "报告 2.txt").write_text("二", encoding="utf-8")
    (tmp_path / "丙.txt").write_text("三", encoding="utf-8")
    listing = list_raw_files(tmp_path)
    assert [row["path"] for row in listing.rows] == sorted(["乙/报告 2.txt", "丙.txt"])
    sha = hashlib.sha256(Path(listing.rows[0]["location"]).read_bytes()).hexdigest()
    assert (listing.rows[0]["document_id"], listing.sha256[listing.rows[0]["path"]]) == (sha[:16], sha)


def test_a_copy_names_its_original(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("同一份", encoding="utf-8")
    first, second = list_raw_files(tmp_path).rows
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


def test_an_unchanged_file_is_not_hashed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_TOO_FRESH_NS", 0)
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.txt").write_text("一", encoding="utf-8")
    index = Index(tmp_path / "cache")
    before = list_raw_files(raw, index).rows
    signature, _ = index.known_hashes()["a.txt"]
    index.set_hashes({}, {"a.txt": (signature, "f" * 64)})
    assert list_raw_files(raw, index).rows[0]["document_id"] == "f" * 16
    (raw / "a.txt").write_text("二", encoding="utf-8")
    assert list_raw_files(raw, index).rows[0]["document_id"] not in ("f" * 16, before[0]["document_id"])


def test_new_content_under_the_old_time_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_TOO_FRESH_NS", 0)
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.txt").write_text("一", encoding="utf-8")
    times = (raw / "a.txt").stat()
    index = Index(tmp_path / "cache")
    before = list_raw_files(raw, index).rows
    (raw / "a.txt").write_text("二", encoding="utf-8")
    os.utime(raw / "a.txt", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert list_raw_files(raw, index).rows[0]["document_id"] != before[0]["document_id"]


def test_a_file_just_written_is_hashed_again(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.txt").write_text("一", encoding="utf-8")
    index = Index(tmp_path / "cache")
    list_raw_files(raw, index)
    assert index.known_hashes() == {}


@pytest.mark.parametrize(("name", "shown"), [
    ("法治报告.txt".encode("gb18030"), "法治报告.txt"),       # out of an archive made on Windows
    (b"\xff\xfe report.txt", r"\xff\xfe report.txt"),
])
def test_a_name_that_is_not_utf8_can_be_shown_and_opened(tmp_path: Path, name: bytes, shown: str) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    try:
        Path(os.fsdecode(os.path.join(os.fsencode(raw), name))).write_text("一", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    (row,) = list_raw_files(raw, Index(tmp_path / "cache")).rows
    row["location"].encode()
    assert row["path"] == shown
    assert Path(row["location"]).read_text(encoding="utf-8") == "一"


def test_two_names_that_look_the_same_are_both_listed(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    try:
        for name, text in (("报告.txt".encode(), "一"), ("报告.txt".encode("gb18030"), "二")):
            Path(os.fsdecode(os.path.join(os.fsencode(raw), name))).write_text(text, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    assert paths(raw, Index(tmp_path / "cache")) == ["报告.txt", "报告.txt（同名）"]


def test_links_in_circles_end_and_linked_folders_are_read_once(tmp_path: Path) -> None:
    raw, elsewhere = tmp_path / "raw", tmp_path / "elsewhere"
    (raw / "甲").mkdir(parents=True)
    elsewhere.mkdir()
    (raw / "甲" / "a.txt").write_text("一", encoding="utf-8")
    (elsewhere / "b.txt").write_text("二", encoding="utf-8")
    (raw / "甲" / "回").symlink_to(raw)
    (raw / "外").symlink_to(elsewhere)
    (raw / "外2").symlink_to(elsewhere)
    (elsewhere / "再回").symlink_to(raw / "甲")
    assert paths(raw) == ["外/b.txt", "甲/a.txt"]


def test_what_cannot_be_read_is_noted_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("一", encoding="utf-8")
    (tmp_path / "断.txt").symlink_to(tmp_path / "没有")
    (tmp_path / "环.txt").symlink_to(tmp_path / "环.txt")
    os.mkfifo(tmp_path / "管道.txt")
    listing = list_raw_files(tmp_path)
    assert [row["path"] for row in listing.rows] == ["a.txt"]
    assert {path: message[:5] for path, message in listing.notes} == {
        "断.txt": "链接无效或", "环.txt": "链接无效或", "管道.txt": "不是普通文"}


def test_a_file_without_permission_stays_in_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("一", encoding="utf-8")
    (tmp_path / "b.txt").write_text("二", encoding="utf-8")

    def refuse(location: str, **kind) -> str:
        if location.endswith("b.txt"):
            raise PermissionError(13, "Permission denied", location)
        return "e" * 64

    monkeypatch.setattr(files, "hash_file", refuse)
    rows = list_raw_files(tmp_path).rows
    assert [row["path"] for row in rows] == ["a.txt", "b.txt"]
    assert rows[0]["document_id"] != rows[1]["document_id"]


def _hold(folder: Path, ready: multiprocessing.synchronize.Event, go: multiprocessing.synchronize.Event) -> None:
    with lock(folder):
        ready.set()
        go.wait(60)


def test_a_second_run_is_refused_and_a_dead_owner_is_not(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready, go = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(tmp_path / "c", ready, go))
    other.start()
    try:
        assert ready.wait(60)
        with pytest.raises(PipelineError, match=f"另一次运行.*进程 {other.pid}，主机"), lock(tmp_path / "c"):
            pass
    finally:
        other.kill()
        other.join()
    with lock(tmp_path / "c"):
        pass
