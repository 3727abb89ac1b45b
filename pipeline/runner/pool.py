"""Where tasks run: the one seam for parallel work is an Executor, here one of processes of this machine.

Every slot has a process of its own, so that a process which dies or takes too long costs exactly the task it was
doing, and the runner knows which one that was.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any


class WorkerDied(Exception):
    """The process doing a task crashed, was killed, or was stopped because it took too long."""

    def __init__(self, is_too_slow: bool = False) -> None:
        super().__init__("too slow" if is_too_slow else "crashed")
        self.is_too_slow = is_too_slow


class Pool(Executor):
    """`jobs` worker processes. A task whose first argument has an attribute `seconds` may take no longer than that.

    A task whose process ends before its result has WorkerDied as its exception; the next task gets a new process.
    """

    def __init__(self, jobs: int) -> None:
        self.n_workers = jobs
        self._context = _process_context()
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="slot")
        self._own = threading.local()
        self._workers: set[_Worker] = set()
        self._is_closed = False

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return self._threads.submit(self._run, function, args, kwargs, True)

    def submit_alone(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The same, in a process that ends with the task, so that none holds the memory that another needed."""
        return self._threads.submit(self._run, function, args, kwargs, False)

    def prepare(self) -> None:
        """Start loading the libraries, which takes seconds, while there is nothing for the workers to do yet."""
        self.submit(os.getpid)

    def _run(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], is_kept: bool) -> Any:
        worker: _Worker | None = getattr(self._own, "worker", None)
        if worker is None:
            worker = self._own.worker = _Worker(self._context)
            self._workers.add(worker)
        if self._is_closed:  # perhaps while the process was starting
            worker.stop()
            raise WorkerDied
        try:
            return worker.run(function, args, kwargs, getattr(args[0], "seconds", None) if args else None)
        except WorkerDied:
            is_kept = False
            raise
        finally:
            if not is_kept:
                worker.stop()
                self._own.worker = None
                self._workers.discard(worker)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers. Nothing is lost by ending one in the middle of a task: results count when they are whole."""
        self._is_closed = True
        for worker in list(self._workers):
            worker.stop()
        self._threads.shutdown(wait=wait, cancel_futures=True)


class _Worker:
    """One process, started at once and used for one task after another."""

    def __init__(self, context: BaseContext) -> None:
        self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_begin_worker)
        try:
            self._process_id: int = self._pool.submit(os.getpid).result()
        except BrokenProcessPool as error:
            raise WorkerDied from error

    def run(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], seconds: float | None) -> Any:
        try:
            future = self._pool.submit(function, *args, **kwargs)
            try:
                return future.result(seconds)
            except TimeoutError:
                if future.done():
                    return future.result()  # the task itself raised TimeoutError, or has just finished
                self.stop()
                raise WorkerDied(is_too_slow=True) from None
        except BrokenProcessPool as error:
            self.stop()
            raise WorkerDied from error

    def stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process_id, signal.SIGKILL)
        self._pool.shutdown(wait=False, cancel_futures=True)


def _process_context() -> BaseContext:
    """Processes forked from a small server that has the libraries loaded; new interpreters where that is not to be had."""
    if sys.platform in {"win32", "darwin"}:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pipeline.runner.preload"])
    return context


def _begin_worker() -> None:
    """Ctrl-C is the runner's to answer, and a worker must not outlive a runner that was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def make_executor(jobs: int) -> Pool:
    return Pool(max(1, jobs))
