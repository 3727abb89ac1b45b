"""One run, from the raw folder to finished tables and files: `run` is what everything else calls."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import PipelineError, UsageError
from pipeline.profiles import PARTS, part_hash
from pipeline.runner import graph
from pipeline.runner.cache import Index
from pipeline.runner.files import document_key, list_raw_files, lock
from pipeline.runner.pool import make_executor
from pipeline.runner.request import Progress, Request, Summary
from pipeline.settings import KNOWLEDGE, Folders, Options
from pipeline.stages import STAGES, Stage

__all__ = ["Progress", "Summary", "run"]

# A damaged table or part of the cache is made again; more rounds than this mean a failing disk.
_MOST_ROUNDS = 3
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT}
_NO_PERMISSION = {errno.EROFS, errno.EACCES, errno.EPERM}


def run(folders: Folders, options: Options | None = None, jobs: int = 0, *, only: str = "", start: str = "",
        tables_only: bool = False, force: bool = False, knowledge: Path = KNOWLEDGE,
        progress: Progress | None = None, cluster: str = "") -> Summary:
    """Bring all tables and outputs up to date with data/raw. `jobs` 0 means one a core.

    With `cluster`, the address of a Dask scheduler, its workers take the documents; the rest is done here.
    Raises UsageError (nothing to read, unknown stage) and PipelineError (wrong knowledge, folder in use, disk trouble).
    """
    graph.check_graph(STAGES)
    jobs = jobs or _usable_cores()
    request = Request(folders, options or Options(), knowledge, _selection(only, tables_only), _again(only, start, force),
                      bool(only), jobs, cluster, progress)
    with _plain_errors(folders), lock(folders.cache):
        _sweep(folders)
        index = Index(folders.cache)
        try:
            _check_knowledge(index, knowledge)
            index.forget_passing()
            for _ in range(_MOST_ROUNDS):
                listing = list_raw_files(folders.raw, index)
                with make_executor(jobs) as executor:
                    if not index.documents().issuperset(map(document_key, listing.rows)):
                        executor.prepare()
                    # While the workers load their libraries: these take half a second, too.
                    from pipeline.runner.update import update

                    if summary := update(request, index, listing, executor):
                        return summary
        finally:
            index.close()
        raise PipelineError(f"{folders.processed} 中的表或缓存反复读不出来；请检查磁盘，或删除该文件夹后重新运行")


def _usable_cores() -> int:
    """Cores that this process may use; containers often allow fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _check_knowledge(index: Index, knowledge: Path) -> None:
    """Load changed knowledge before any work, so that a wrong line stops the run at once."""
    known = index.results()
    hashes = {f"knowledge:{name}": part_hash(name, knowledge) for name in PARTS}
    changed = [name for name, key in hashes.items() if name not in known or known[name][0] != key]
    for name in changed:
        PARTS[name.removeprefix("knowledge:")].load(knowledge)
    if changed:
        index.set_results((name, hashes[name], None, {}) for name in changed)


def _sweep(folders: Folders) -> None:
    """Remove what a killed run was writing."""
    written = {folders.reports / Path(name).parent for stage in STAGES if stage.scope == "output" for name in stage.makes}
    for folder in (folders.processed, *(folders.cache / name for name in ("parts", "groups", "issues", "internal")), *sorted(written)):
        for path in folder.glob(".*.[0-9]*.tmp"):
            path.unlink()
    shutil.rmtree(folders.cache / "dealt", ignore_errors=True)


@contextmanager
def _plain_errors(folders: Folders) -> Iterator[None]:
    """Trouble with the disk as one line that says what to do; what was finished stays and is not done again."""
    try:
        yield
    except sqlite3.Error as error:
        raise PipelineError(f"缓存 {folders.cache} 写不进去（{error}）；请检查磁盘空间与写权限后重新运行，已完成的部分不会重做") from error
    except OSError as error:
        place = error.filename or folders.processed
        if error.errno in _NO_SPACE:
            raise PipelineError(f"磁盘已满，写不了 {place}；请腾出空间后重新运行，已完成的部分不会重做") from error
        if error.errno in _NO_PERMISSION:
            raise PipelineError(f"没有权限写 {place}，或所在磁盘只读；请改用可写的文件夹（--processed、--reports）") from error
        raise PipelineError(f"读写 {place} 时出错：{error.strerror or error}；请检查磁盘后重新运行，已完成的部分不会重做") from error


def _stage_named(name: str) -> int:
    for position, stage in enumerate(STAGES):
        if name == stage.function:
            return position
    raise UsageError(f"没有名为 {name} 的环节；现有：{'、'.join(stage.function for stage in STAGES)}")


def _selection(only: str, tables_only: bool) -> tuple[Stage, ...]:
    """The stages of this run: all, all up to the tables, or those up to `only`."""
    stages = [stage for stage in STAGES if not (tables_only and stage.scope == "output")]
    if only:
        last = STAGES[_stage_named(only)]
        stages = [s for s in STAGES[: STAGES.index(last) + 1] if s is last or s.scope != "output"]
    return tuple(stages)


def _again(only: str, start: str, force: bool) -> frozenset[str]:
    """Stage functions to redo even if they are up to date."""
    if force:
        return frozenset(stage.function for stage in STAGES)
    if start:
        return frozenset(stage.function for stage in STAGES[_stage_named(start):])
    return frozenset([only] if only else [])
