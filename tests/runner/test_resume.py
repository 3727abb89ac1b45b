"""Killed at any moment, out of space, or in a folder that cannot be written: nothing is lost and nothing half-written."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.errors import PipelineError
from pipeline.runner.cache import Index
from pipeline.settings import Folders
from tests.runner.reports import ROOT, digests, folders_in, python, tables_of, write_reports

# Counts every step at which the state on disk changes, and kills the runner just before step `fatal`.
KILLED_RUN = """
import os, signal, sys
from pathlib import Path
from pipeline.runner import cache
from pipeline.runner.run import run
from pipeline.settings import Folders, Options

fatal, steps = int(sys.argv[1]), 0

def watch(owner, name):
    original = getattr(owner, name)
    def counted(*args, **kwargs):
        global steps
        steps += 1
        if steps == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*args, **kwargs)
    setattr(owner, name, counted)

for name in ("replace", "fsync", "unlink"):
    watch(os, name)
for name in ("add", "doubt", "set_results", "set_hashes", "forget_passing", "tidy"):
    watch(cache.Index, name)
run(Folders(*map(Path, sys.argv[2:5])), Options(), 2, tables_only=True)
print(steps)
"""


def killed_run(fatal: int, folders: Folders) -> subprocess.CompletedProcess[str]:
    return python(KILLED_RUN, fatal, folders.raw, folders.processed, folders.reports)


def check_whole(folders: Folders) -> None:
    """Every table that is there can be read to its end, and nobody sees an unfinished one."""
    for path in folders.processed.glob("*.parquet"):
        pq.read_table(path)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    write_reports(tmp_path / "raw", ("水利局", "民政局", "财政局"), (2021, 2022, 2023))
    return folders_in(tmp_path)


@pytest.mark.slow
def test_killed_again_and_again_it_ends_with_the_same_bytes(folders: Folders, tmp_path: Path) -> None:
    plain = folders_in(tmp_path / "plain", folders.raw)
    n_steps = int(killed_run(0, plain).stdout)
    expected = digests(plain)
    # Early steps are batches coming in; the later ones are tables put in place and noted.
    for fatal in (1, 4, 7, 13, n_steps // 3, n_steps // 2, n_steps - 12):
        result = killed_run(fatal, folders)
        assert result.returncode in (0, -signal.SIGKILL), result.stderr
        check_whole(folders)
    assert killed_run(0, folders).returncode == 0
    assert digests(folders) == expected
    assert tables_of(folders).redone == []
    assert not list(folders.processed.rglob("*.tmp"))


@pytest.mark.slow
def test_what_was_read_before_the_kill_is_not_read_again(folders: Folders) -> None:
    code = "import sys; from tests.runner.reports import *; tables_of(Folders(*map(Path, sys.argv[1:])), 2)"
    child = subprocess.Popen([sys.executable, "-c", code, folders.raw, folders.processed, folders.reports], cwd=ROOT)
    parts = folders.cache / "parts"
    while child.poll() is None and len(list(parts.glob("*.arrow"))) < 3:
        pass
    child.kill()
    child.wait()
    n_members = sum(Index(folders.cache).n_members().values())
    assert tables_of(folders).n_read_anew == 9 - n_members


def test_a_run_killed_between_a_table_and_its_note_is_not_believed(folders: Folders) -> None:
    """The table of new knowledge lies there, the index still speaks of the old: going back must not keep the new one."""
    tables_of(folders)
    expected = digests(folders)
    index = Index(folders.cache)
    index.doubt(["themes"])
    index.close()
    (folders.processed / "themes.parquet").write_bytes((folders.processed / "topics.parquet").read_bytes())
    tables_of(folders)
    assert digests(folders) == expected


@pytest.mark.parametrize("damage", ["delete", "cut", "flip"])
@pytest.mark.parametrize("pattern", ["*.parquet", ".cache/parts/*.arrow", ".cache/internal/*.parquet"])
def test_damaged_files_are_made_again(folders: Folders, pattern: str, damage: str) -> None:
    tables_of(folders)
    expected = digests(folders)
    for path in sorted(folders.processed.glob(pattern))[:3]:
        content = path.read_bytes()
        if damage == "delete":
            path.unlink()
        else:
            path.write_bytes(content[: len(content) // 2] if damage == "cut" else content[:99] + b"\xff" * 9 + content[108:])
    (folders.raw / "新.txt").write_text("不是报告。", encoding="utf-8")  # so that there is something to do
    tables_of(folders)
    (folders.raw / "新.txt").unlink()
    tables_of(folders)
    changed = {name for name, digest in digests(folders).items() if digest != expected[name]}
    # A table whose size is right is believed until something in it changes.
    assert not changed or (damage == "flip" and pattern != ".cache/parts/*.arrow" and len(changed) <= 3)


@pytest.mark.parametrize(("number", "said"), [(errno.ENOSPC, "磁盘已满"), (errno.EROFS, "没有权限写"), (errno.EIO, "请检查磁盘")])
def test_disk_trouble_is_one_line_and_the_next_run_goes_on(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    def fail(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(PipelineError, match=said) as caught:
            tables_of(folders)
    assert "\n" not in str(caught.value)
    assert not list(folders.processed.rglob("*.tmp"))
    check_whole(folders)
    assert tables_of(folders).n_read_anew == 0  # what was read before the trouble is kept


def test_a_folder_that_cannot_be_made_gives_one_line_and_exit_status_2(folders: Folders, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    command = [sys.executable, "-m", "pipeline", "run", "--raw", folders.raw, "--processed", tmp_path / "file" / "processed"]
    result = subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd=ROOT, check=False)
    assert result.returncode == 2
    assert result.stderr.startswith("hengbao：")
    assert len(result.stderr.splitlines()) == 1
