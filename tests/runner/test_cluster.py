"""The demonstration corpus on a Dask scheduler with two workers, one of which is killed half-way: the same bytes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.runner import batches
from pipeline.settings import Folders
from tests.runner.reports import ROOT, digests, folders_in, tables_of

distributed = pytest.importorskip("distributed", reason='the extra "cluster" is not installed')


class Cluster:
    """A scheduler and workers as separate processes on this machine, started as Dask's documentation says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file",
                                     str(self.file))
        while not self.file.exists() or not self.file.read_text(encoding="utf-8").strip():
            assert self.scheduler.poll() is None, "the scheduler did not start"
            time.sleep(0.1)
        client = distributed.Client(scheduler_file=str(self.file), timeout=60, set_as_default=False)
        self.address = client.scheduler.address
        self.workers = [self._start("worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
                                    "--local-directory", str(folder)) for _ in range(2)]
        client.wait_for_workers(2, timeout=120)
        client.close()

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        # Away from the checkout, so that only what is shipped is there.
        with open(self.folder / "log.txt", "ab") as log:
            return subprocess.Popen([sys.executable, "-m", "dask", *arguments], cwd=self.folder, stdout=log, stderr=log)

    def stop(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    (tmp_path / "cluster").mkdir()
    started = Cluster(tmp_path / "cluster")
    yield started
    started.stop()


@pytest.mark.slow
def test_a_worker_killed_half_way_changes_no_byte(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "_MOST_DOCUMENTS", 4)
    raw = ROOT / "data" / "raw"
    local = folders_in(tmp_path / "local", raw)
    tables_of(local, jobs=2)
    killed = []

    def kill_one(label: str, done: int, total: int) -> None:
        if label == "阅读报告" and done >= total / 3 and not killed:
            os.kill(cluster.workers[0].pid, signal.SIGKILL)
            killed.append(done)

    remote = folders_in(tmp_path / "remote", raw)
    done = tables_of(remote, jobs=1, cluster=cluster.address, progress=kill_one)
    assert killed
    assert "find_quantities" in done.redone
    assert digests(remote) == digests(local)
    # The parts that came over the wire are the ones a local run goes on with.
    assert tables_of(remote, jobs=2).redone == []


@pytest.mark.slow
def test_edited_knowledge_reaches_the_workers(cluster: Cluster, tmp_path: Path) -> None:
    import shutil

    from pipeline.settings import KNOWLEDGE
    from tests.runner.reports import write_reports

    write_reports(tmp_path / "raw")
    knowledge = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, knowledge)
    local, remote = folders_in(tmp_path / "local", tmp_path / "raw"), folders_in(tmp_path / "remote", tmp_path / "raw")
    for _ in range(2):  # the second time only some stages are redone, on rows that the first made
        tables_of(local, knowledge=knowledge)
        done = tables_of(remote, knowledge=knowledge, cluster=cluster.address)
        assert digests(remote) == digests(local)
        with open(knowledge / "stopwords.txt", "a", encoding="utf-8") as handle:
            handle.write("主持\n")
    assert "read_documents" not in done.redone
    assert "count_terms" in done.redone


def test_no_scheduler_there_is_said_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.runner import cluster as module
    from tests.runner.reports import write_reports

    monkeypatch.setattr(module, "_SECONDS_TO_CONNECT", 2)
    write_reports(tmp_path / "raw")
    folders: Folders = folders_in(tmp_path)
    with pytest.raises(UsageError, match="连不上调度程序"):
        tables_of(folders, cluster="tcp://127.0.0.1:9")
