"""The same batches on many machines: workers of a Dask scheduler instead of processes of this one.

The workers need Python and the libraries in the same versions, and nothing of ours: code and knowledge are shipped.
Scheduler and workers are started as Dask says: `dask scheduler`, then `dask worker ADDRESS --nthreads 1` on each machine.
"""

from __future__ import annotations

import hashlib
import io
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import cloudpickle
import distributed

from pipeline.errors import PipelineError, UsageError
from pipeline.runner import graph, parcels, shipping
from pipeline.runner.pool import WorkerDied
from pipeline.settings import KNOWLEDGE, PACKAGE
from pipeline.stages import STAGES

_SECONDS_TO_CONNECT = 20
_SECONDS_BETWEEN_LOOKS = 5
_SECONDS_WITHOUT_WORKERS = 60
_LOST = "与调度程序的连接中断；请检查后重新运行，已完成的部分不会重做"
_NO_WORKERS = "调度程序已没有计算节点；请重新启动 dask worker 后再运行，已完成的部分不会重做"
_NOT_SHIPPED = ("__pycache__", ".mypy_cache")


class ClusterExecutor(Executor):
    """Batches on the workers of the scheduler at `address`. A batch that kills several workers has WorkerDied as its exception."""

    def __init__(self, address: str, knowledge: Path = KNOWLEDGE) -> None:
        try:
            self._client = distributed.Client(address, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise UsageError(f"连不上调度程序 {address}：{error}；请先运行 dask scheduler，并用它给出的地址") from error
        try:
            self._prepare(address, knowledge)
        except BaseException:
            self._client.close()
            raise
        self._executor = self._client.get_executor(pure=False)
        self._open: set[Future[Any]] = set()
        self._is_closed = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def _prepare(self, address: str, knowledge: Path) -> None:
        cloudpickle.register_pickle_by_value(shipping)
        self.n_workers = sum(self._client.nthreads().values())
        if not self.n_workers:
            raise UsageError(f"调度程序 {address} 没有计算节点；请在各机器上运行 dask worker {address} --nthreads 1")
        _check_versions(self._client.run(shipping.find_versions, _distributions()))
        content = _zip_code(knowledge)
        self._client.register_plugin(shipping.ShipCode(hashlib.sha256(content).hexdigest()[:16], content))

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Only `run_remotely` with a batch is sent: everything else belongs to the runner's machine."""
        assert function is run_remotely
        outer: Future[Any] = Future()
        self._open.add(outer)
        outer.add_done_callback(self._open.discard)
        inner = self._executor.submit(shipping.do_parcel, parcels.pack_parcel(*args, **kwargs))
        inner.add_done_callback(lambda done: _pass_on(done, outer))
        return outer

    def _watch(self) -> None:
        """Dask waits for workers for ever; without any the run ends after a while."""
        last_seen = time.monotonic()
        while not self._is_closed.wait(_SECONDS_BETWEEN_LOOKS):
            try:
                n_workers = len(self._client.nthreads())
            except (OSError, ValueError, TypeError, TimeoutError):
                n_workers = 0
            if n_workers:
                last_seen = time.monotonic()
            elif time.monotonic() - last_seen > _SECONDS_WITHOUT_WORKERS:
                for outer in list(self._open):
                    _fail(outer, PipelineError(_NO_WORKERS))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._is_closed.set()
        self._executor.shutdown(wait=False)  # cancels what is still to be done
        self._client.close()


def run_remotely(batch: Any) -> Any:
    """Stands for work.run_batch on a cluster; what it gives is the content of the part, and Done."""
    return parcels.run_parcel(parcels.pack_parcel(batch))


def _pass_on(inner: Future[Any], outer: Future[Any]) -> None:
    if inner.cancelled():
        _fail(outer, PipelineError(_LOST))
        return
    error = inner.exception()
    if error is not None:
        _fail(outer, WorkerDied() if isinstance(error, distributed.KilledWorker) else error)
    elif not outer.done():
        outer.set_result(inner.result())


def _fail(outer: Future[Any], error: BaseException) -> None:
    if not outer.done():
        outer.set_exception(error)


def _zip_code(knowledge: Path) -> bytes:
    """The package with this knowledge, as bytes that depend on nothing but their content."""
    files = {path.relative_to(PACKAGE.parent): path for path in PACKAGE.rglob("*")
             if path.is_file() and not set(_NOT_SHIPPED) & set(path.parts)}
    if knowledge != KNOWLEDGE:
        place = KNOWLEDGE.relative_to(PACKAGE.parent)
        files = {name: path for name, path in files.items() if not name.is_relative_to(place)}
        files |= {place / path.relative_to(knowledge): path for path in knowledge.rglob("*") if path.is_file()}
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name.as_posix()), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def _distributions() -> dict[str, str]:
    """Module → distribution of the libraries that the document stages use."""
    stages = [stage for stage in STAGES if stage.scope == "document"]
    return {name: graph.distribution_of(name) for name in graph.library_versions(stages) if name != "python"}


def _check_versions(found: dict[str, dict[str, str]]) -> None:
    """Other versions may give other results; the tables would not say which machine made them."""
    own = {"python": ".".join(map(str, sys.version_info[:3])), **shipping.find_versions(_distributions())}
    for worker, versions in sorted(found.items()):
        different = [f"{name} {versions.get(name) or '未安装'}（本机 {version}）" for name, version in own.items()
                     if versions.get(name) != version]
        if different:
            raise UsageError(f"计算节点 {worker} 的版本与本机不同：{'、'.join(different)}；请按 constraints.txt 安装相同的版本")
