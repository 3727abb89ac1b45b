"""Keep the cache small: few part files however often documents are added, and nothing of documents that are gone."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from pipeline.runner import work
from pipeline.runner.batches import Corpus
from pipeline.runner.cache import Index
from pipeline.runner.graph import ISSUES
from pipeline.runner.parts import PartError, write_part
from pipeline.runner.pool import WorkerDied
from pipeline.stages import Stage

_FEW_DOCUMENTS = 50
_MOST_SMALL_PARTS = 32
_MOST_DOCUMENTS = 400


@dataclass(frozen=True)
class Merge:
    """Parts whose rows go into one new part."""

    names: tuple[str, ...]
    sources: tuple[work.Source, ...]
    part: Path


def merge(task: Merge) -> None:
    """Runs in a worker: write the new part."""
    tables = work.read_sources(dict.fromkeys(task.names, task.sources))
    write_part(task.part, tables)


def tidy_parts(executor: Executor, index: Index, used: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]],
               corpus: Corpus, stages: Mapping[str, Stage]) -> None:
    """Write anew the parts that hold rows of documents that are gone, and put many small ones together.

    `used` says for which stage hashes and documents each part counts, `stages` which stage has which hash.
    """
    for hashes, documents, parts in _find_merges(index, used):
        made = [stages[found] for found in hashes]
        names = tuple(name for stage in made for name in (*stage.makes, f"{ISSUES}:{stage.function}"))
        name = hashlib.sha256(repr(("merged", hashes, documents)).encode()).hexdigest()[:20]
        sources = tuple(corpus.source(index.part_path(part), list(used[part][1])) for part in parts)
        try:
            executor.submit(merge, Merge(names, sources, index.part_path(name))).result()
        except (PartError, WorkerDied):
            continue  # the next run notices what is damaged; tidying can wait
        index.add(name, hashes, documents, replaces=parts)
        for part in parts:
            if part != name:
                index.part_path(part).unlink(missing_ok=True)


def _find_merges(index: Index, used: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
                 ) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], list[str]]]:
    """(stage hashes, documents, parts) of parts to be written as one."""
    n_members = index.n_members()
    small: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for part, (hashes, documents) in used.items():
        if len(documents) <= _FEW_DOCUMENTS:
            small[hashes].append(part)
        elif len(documents) < n_members[part]:
            yield hashes, tuple(sorted(documents)), [part]
    for hashes, parts in small.items():
        wasted = [part for part in parts if len(used[part][1]) < n_members[part]]
        if len(parts) > _MOST_SMALL_PARTS or wasted:
            chosen = parts if len(parts) > _MOST_SMALL_PARTS else wasted
            for group in _cut(chosen, used):
                yield hashes, tuple(sorted(document for part in group for document in used[part][1])), group


def _cut(parts: list[str], used: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]) -> Iterator[list[str]]:
    group: list[str] = []
    size = 0
    for part in parts:
        if group and size + len(used[part][1]) > _MOST_DOCUMENTS:
            yield group
            group, size = [], 0
        group.append(part)
        size += len(used[part][1])
    if group:
        yield group
