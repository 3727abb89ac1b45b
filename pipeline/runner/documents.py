"""The document stages of a run: read what is new, then bring the tables of the documents up to date."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.runner import assembly, failures, graph, work
from pipeline.runner.batches import plan_batches, run_batches
from pipeline.runner.cache import Result, group_by_part
from pipeline.runner.parts import PartError, read_part
from pipeline.runner.state import Known, State, tables_of
from pipeline.stages import GROUPING, STAGES, Stage

SourcesOf = Callable[[Sequence[str], int], assembly.Sources]


class Assembly:
    """Tables of documents that are being put together in the background; `future` tells when they are done."""

    label = "合并各表"

    def __init__(self, state: State, executor: Executor, wanted: Sequence[assembly.Wanted], sources_of: SourcesOf, jobs: int) -> None:
        self._started = time.monotonic()
        state.index.doubt(item.name for item in wanted)
        self.future: Future[list[Result]] = state.background.submit(assembly.assemble, executor, 2 * jobs, wanted, sources_of)

    def settle(self, state: State) -> None:
        """Wait for the tables, and record them."""
        results: list[Result] = failures.result_of(self.future, self.label)
        state.index.set_results(results)
        state.content.update({name: detail["content"] for name, _, _, detail in results})
        state.summary.add_seconds("assembly", time.monotonic() - self._started)


def update_documents(state: State, executor: Executor, stages: Sequence[Stage], jobs: int, cluster: str = "") -> Assembly | None:
    """Take what is new through the document stages, and put their tables together.

    The tables from which the reports are settled come first; of the others, what is not up to date may still be under way
    when this returns. PartError where a part is damaged.
    """
    _run_stages(state, executor, stages, jobs, cluster)
    n_buckets = assembly.count_buckets(len(state.corpus.rows))
    members: list[list[str]] = [[] for _ in range(n_buckets)]
    for key, row in state.corpus.rows.items():
        members[assembly.bucket_of(row["document_id"], n_buckets)].append(key)
    makers = {name: stage for stage in stages for name in tables_of(stage)}
    known = state.index.results()
    wanted = _find_outdated(state, members, makers, known)
    outdated = {item.name for item in wanted}
    state.content.update({name: known[name][1]["content"] for name in makers if name not in outdated})
    if not wanted:
        return None
    sources_of = _sources_of(state, stages, members, makers)
    read_first = graph.input_tables(graph.producers(STAGES)[GROUPING.table])
    first = [item for item in wanted if item.name in read_first]
    others = [item for item in wanted if item.name not in read_first]
    if first:
        Assembly(state, executor, first, sources_of, jobs).settle(state)
    return Assembly(state, executor, others, sources_of, jobs) if others else None


def find_damaged(folder: Path) -> Iterator[str]:
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


def _sources_of(state: State, stages: Sequence[Stage], members: Sequence[Sequence[str]], makers: Mapping[str, Stage]) -> SourcesOf:
    """Tells where the rows of a bucket of some tables lie."""
    index = state.index
    parts = index.parts_of(state.hashes[stage.function] for stage in stages)

    def sources_of(names: Sequence[str], bucket: int) -> assembly.Sources:
        by_stage = {}
        for function in {makers[name].function for name in names}:
            groups = group_by_part(parts[state.hashes[function]], members[bucket])
            by_stage[function] = tuple(state.corpus.source(index.part_path(part), keys) for part, keys in groups.items())
        return {name: by_stage[makers[name].function] for name in names}

    return sources_of


def _find_outdated(state: State, members: Sequence[Sequence[str]], makers: Mapping[str, Stage], known: Known) -> list[assembly.Wanted]:
    """The tables of which some bucket holds other documents, or rows of other code, than the file on disk."""
    passing = state.index.passing()
    digests = [assembly.digest([f"{key}!" if key in passing else key for key in bucket]) for bucket in members]
    wanted = []
    for name, stage in makers.items():
        keys = tuple(assembly.digest([graph.table_hash(name), state.hashes[stage.function], bucket]) for bucket in digests)
        if not state.is_on_disk(name, assembly.digest(keys), known):
            wanted.append(assembly.Wanted(name, state.table_path(name), keys, state.old_file(name, known)))
    return wanted
