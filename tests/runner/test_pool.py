"""A process that dies or takes too long costs its own task, and no other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import wait
from dataclasses import dataclass

import pytest

from pipeline.runner.pool import Pool, WorkerDied, make_executor
from tests.runner.reports import ROOT


@dataclass(frozen=True)
class Task:
    what: str
    seconds: float = 60.0


def do(task: Task) -> str:
    if task.what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if task.what == "leave":
        os._exit(3)
    if task.what == "sleep":
        time.sleep(60)
    if task.what == "fail":
        raise ValueError("不对")
    return task.what


def test_a_dead_process_costs_one_task() -> None:
    with Pool(2) as pool:
        futures = {what: pool.submit(do, Task(what)) for what in ("one", "die", "two", "leave", "three", "fail", "four")}
        wait(futures.values())
        assert [what for what, future in futures.items() if not future.exception()] == ["one", "two", "three", "four"]
        assert isinstance(futures["die"].exception(), WorkerDied)
        assert isinstance(futures["leave"].exception(), WorkerDied)
        with pytest.raises(ValueError, match="不对"):
            futures["fail"].result()


def test_a_stuck_process_is_ended() -> None:
    with Pool(1) as pool:
        started = time.monotonic()
        stuck, next_one = pool.submit(do, Task("sleep", seconds=0.5)), pool.submit(do, Task("next"))
        error = stuck.exception()
        assert isinstance(error, WorkerDied)
        assert error.is_too_slow
        assert next_one.result() == "next"
        assert time.monotonic() - started < 40


def test_leaving_ends_what_is_running() -> None:
    started = time.monotonic()
    with Pool(1) as pool:
        futures = [pool.submit(do, Task("sleep")), pool.submit(do, Task("sleep"))]
    assert time.monotonic() - started < 40
    assert not any(future.done() and not future.cancelled() and not future.exception() for future in futures)


def test_no_worker_outlives_a_killed_runner() -> None:
    code = ("from pipeline.runner.pool import make_executor; from tests.runner.test_pool import Task, do; import os\n"
            "pool = make_executor(2); print(pool.submit(os.getpid).result(), flush=True)\n"
            "pool.submit(do, Task('sleep')).result()")
    runner = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert runner.stdout is not None
    worker = int(runner.stdout.readline())
    runner.kill()
    runner.wait()
    for _ in range(200):
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return
        with open(f"/proc/{worker}/stat", encoding="utf-8") as status:
            if status.read().rsplit(")", 1)[1].split()[0] == "Z":
                return  # dead, and waiting for the system to take it away
        time.sleep(0.1)
    pytest.fail("a worker goes on though its runner is gone")


def test_jobs_is_the_number_of_processes() -> None:
    with make_executor(3) as pool:
        assert pool.n_workers == 3
