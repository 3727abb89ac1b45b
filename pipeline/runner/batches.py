"""Cut what is left to do into batches, and see every batch through, also one that kills the process doing it."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.runner import failures, graph, work
from pipeline.runner.cache import Index, group_by_part
from pipeline.runner.parts import PartError
from pipeline.runner.pool import WorkerDied
from pipeline.stages import Stage
from pipeline.tables import store

# Documents; large enough to spread the cost of a frame, small enough to lose little when killed.
_MOST_DOCUMENTS = 200
_MOST_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Corpus:
    """The documents of this run by key: rows of `raw_files` and full hashes, in order of document_id."""

    rows: Mapping[str, dict[str, Any]]
    sha256: Mapping[str, str]

    def source(self, part: Path, keys: list[str]) -> work.Source:
        """Where the rows of these documents are found in a part."""
        rows = [self.rows[key] for key in keys]
        return work.Source(part, tuple(sorted({row["document_id"] for row in rows})), tuple(sorted(row["path"] for row in rows)))


def plan_batches(corpus: Corpus, stages: Sequence[Stage], hashes: Mapping[str, str], knowledge: Path, index: Index,
                 jobs: int) -> list[work.Batch]:
    """Batches of documents that lack the same stages, neighbours by document_id together.

    A copy has the document_id of its original, so it never shares a batch with it.
    """
    found = index.parts_of(hashes[stage.function] for stage in stages)
    parts = {stage.function: found[hashes[stage.function]] for stage in stages}
    lacking: dict[tuple[tuple[Stage, ...], bool], list[str]] = defaultdict(list)
    for key, row in corpus.rows.items():
        missing = tuple(stage for stage in stages if key not in parts[stage.function])
        if missing:
            lacking[missing, row["duplicate_of"] is not None].append(key)
    makers = graph.producers(stages)
    batches = []
    for (missing, _), keys in lacking.items():
        made = {name for stage in missing for name in stage.makes}
        needed = sorted({n for s in missing for n in graph.input_tables(s)} - made - {graph.ROOT_TABLE})
        for some in _cut(keys, corpus, jobs):
            sources = {name: tuple(corpus.source(index.part_path(part), members) for part, members in
                                   group_by_part(parts[makers[name].function], some).items()) for name in needed}
            batches.append(work.Batch(
                tuple(corpus.rows[key] for key in some), tuple(some), tuple(corpus.sha256[key] for key in some), missing,
                tuple(hashes[stage.function] for stage in missing), sources, knowledge, index.part_path("").parent))
    return batches


def _cut(keys: list[str], corpus: Corpus, jobs: int) -> Iterator[list[str]]:
    most = max(1, min(_MOST_DOCUMENTS, math.ceil(len(keys) / (4 * jobs))))
    some: list[str] = []
    size = 0
    for key in keys:
        size_of_one = corpus.rows[key]["bytes"]
        if some and (len(some) == most or size + size_of_one > _MOST_BYTES):
            yield some
            some, size = [], 0
        some.append(key)
        size += size_of_one
    if some:
        yield some


def run_batches(executor: Executor, batches: list[work.Batch], index: Index, report: Callable[[work.Batch, work.Done], None],
                function: Callable[[work.Batch], Any], window: int) -> None:
    """See all batches through; each is in the index before the next is handed out in its place.

    A batch whose process dies is halved, down to the single document that kills; that one becomes an issue, the rest
    goes on. `function` runs in a worker and returns Done, or the part's content and Done where it cannot write it.
    PartError tells of an earlier part that is damaged, after everything else is done.
    """
    waiting = deque(batches)
    running: dict[Future[Any], work.Batch] = {}
    damaged: PartError | None = None
    while waiting or running:
        while waiting and len(running) < window:
            batch = waiting.popleft()
            running[executor.submit(function, batch)] = batch
        finished, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in finished:
            batch = running.pop(future)
            try:
                result = future.result()
            except WorkerDied as error:
                if len(batch.keys) > 1:
                    middle = len(batch.keys) // 2
                    waiting.extendleft([batch.pick(range(middle, len(batch.keys))), batch.pick(range(middle))])
                    continue
                result = failures.give_up(batch.stages, batch.files, error.is_too_slow), work.Done()
            except PartError as error:
                damaged = error
                continue
            if isinstance(result, tuple):
                content, result = result
                store.write_bytes(batch.part, content)
            index.add(batch.part.stem, batch.hashes, batch.keys, result.passing)
            report(batch, result)
    if damaged is not None:
        raise damaged
