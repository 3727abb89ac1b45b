"""The document stages of a run: read what is new, then bring the tables of the documents up to date."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from pathlib import Path

from pipeline.errors import PipelineError, UsageError
from pipeline.runner import assembly, work
from pipeline.runner.batches import plan_batches, run_batches
from pipeline.runner.cache import group_by_part
from pipeline.runner.graph import table_hash
from pipeline.runner.parts import PartError, read_part
from pipeline.runner.state import State, tables_of
from pipeline.stages import Stage

# Damaged parts are forgotten and their documents done again; more rounds than this mean a failing disk.
_MOST_ROUNDS = 3


def update_documents(state: State, executor: Executor, stages: Sequence[Stage], jobs: int, cluster: str = "") -> None:
    """Take what is new through the document stages, and put their tables together."""
    for _ in range(_MOST_ROUNDS):
        try:
            _run_stages(state, executor, stages, jobs, cluster)
            _assemble(state, executor, stages, jobs)
            return
        except PartError:
            state.index.forget_parts(_find_damaged(state.folders.cache / "parts"))
    raise PipelineError(f"缓存 {state.folders.cache} 反复读出损坏的文件；请检查磁盘，或删除该文件夹后重新运行")


def _find_damaged(folder: Path) -> Iterator[str]:
    """The parts that cannot be read to their end."""
    for path in folder.glob("*.arrow"):
        try:
            read_part(path)
        except PartError as error:
            yield error.part


def _run_stages(state: State, executor: Executor, stages: Sequence[Stage], jobs: int, cluster: str) -> None:
    batches = plan_batches(state.corpus, stages, state.hashes, state.knowledge, state.index, jobs)
    if not batches:
        return
    total, done = sum(len(batch.keys) for batch in batches), 0
    state.summary.n_read_anew = max(state.summary.n_read_anew, total)
    state.look_ahead()
    state.summary.redo(stage.function for stage in stages if any(stage in batch.stages for batch in batches))
    started = time.monotonic()

    def report(batch: work.Batch, result: work.Done) -> None:
        nonlocal done
        done += len(batch.keys)
        for name, seconds in result.seconds.items():
            state.summary.add_seconds(name, seconds)
        state.progress("阅读报告", done, total)

    if cluster:
        try:
            from pipeline.runner.cluster import ClusterExecutor, run_remotely
        except ImportError as error:
            raise UsageError('--cluster 需要 Dask distributed；请先运行 pip install "hengbao[cluster]"') from error
        with ClusterExecutor(cluster, state.knowledge) as workers:
            run_batches(workers, batches, state.index, report, run_remotely, 2 * workers.n_workers)
    else:
        run_batches(executor, batches, state.index, report, work.run_batch, 2 * jobs)
    state.summary.add_seconds("documents", time.monotonic() - started)


def _assemble(state: State, executor: Executor, stages: Sequence[Stage], jobs: int) -> None:
    """Put each document table together from the parts, where anything changed."""
    index, corpus = state.index, state.corpus
    n_buckets = assembly.count_buckets(len(corpus.rows))
    members: list[list[str]] = [[] for _ in range(n_buckets)]
    for key, row in corpus.rows.items():
        members[assembly.bucket_of(row["document_id"], n_buckets)].append(key)
    makers = {name: stage for stage in stages for name in tables_of(stage)}
    wanted = _find_outdated(state, members, makers)
    if wanted:
        parts = index.parts_of(state.hashes[stage.function] for stage in stages)

        def sources_of(names: Sequence[str], bucket: int) -> assembly.Sources:
            by_stage = {}
            for function in {makers[name].function for name in names}:
                groups = group_by_part(parts[state.hashes[function]], members[bucket])
                by_stage[function] = tuple(corpus.source(index.part_path(part), keys) for part, keys in groups.items())
            return {name: by_stage[makers[name].function] for name in names}

        started = time.monotonic()
        index.doubt(item.name for item in wanted)
        index.set_results(assembly.assemble(executor, 2 * jobs, wanted, sources_of))
        state.summary.add_seconds("assembly", time.monotonic() - started)
    known = index.results()
    state.content.update({name: known[name][1]["content"] for name in makers})


def _find_outdated(state: State, members: list[list[str]], makers: dict[str, Stage]) -> list[assembly.Wanted]:
    """The tables of which some bucket holds other documents, or rows of other code, than the file on disk."""
    passing = state.index.passing()
    digests = [assembly.digest([f"{key}!" if key in passing else key for key in bucket]) for bucket in members]
    known = state.index.results()
    wanted = []
    for name, stage in makers.items():
        keys = tuple(assembly.digest([table_hash(name), state.hashes[stage.function], bucket]) for bucket in digests)
        if not state.is_on_disk(name, assembly.digest(keys), known):
            wanted.append(assembly.Wanted(name, state.table_path(name), keys, state.old_file(name, known)))
    return wanted
