"""Put the document tables together from the parts, a bucket of documents at a time.

A bucket is a range of document_ids and becomes one row group of each table's file. Only buckets in which something
changed are encoded anew; the others are copied from the file of the run before. So no table is ever held whole, one
more document costs one bucket, and the bytes say nothing of how the documents came in.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.runner import splice, work
from pipeline.runner.cache import Result
from pipeline.runner.graph import ISSUES
from pipeline.runner.old_files import OldFile, digest_of
from pipeline.tables import store

# Documents; enough for columns to compress well, few enough that one more document stays cheap. From a hundred thousand
# documents on buckets grow instead of becoming more: each costs some places in the file's footer.
_MOST_IN_A_BUCKET = 256
_MOST_BUCKETS = 256
_ID_DIGITS = 4

Sources = Mapping[str, tuple[work.Source, ...]]


def count_buckets(n_documents: int) -> int:
    """A power of two, so that the buckets of a growing corpus seldom change."""
    n_buckets = 1
    while n_documents > n_buckets * _MOST_IN_A_BUCKET and n_buckets < _MOST_BUCKETS:
        n_buckets *= 2
    return n_buckets


def bucket_of(document_id: str, n_buckets: int) -> int:
    """Buckets are ranges of document_ids, so rows in order within buckets are in order altogether."""
    return int(document_id[:_ID_DIGITS], 16) * n_buckets // 16**_ID_DIGITS


def encode(arrow: pa.Table) -> bytes:
    """A Parquet file with one row group."""
    sink = pa.BufferOutputStream()
    pq.write_table(arrow, sink, compression="zstd", store_schema=False, write_statistics=False,
                   row_group_size=max(1, arrow.num_rows))
    return sink.getvalue().to_pybytes()


def encode_bucket(sources: Sources) -> dict[str, bytes]:
    """Runs in a worker: each table of one bucket, encoded."""
    return {name: encode(arrow) for name, arrow in work.read_sources(sources).items()}


class TableFile:
    """The new file of one table. `keys` say for each bucket what its rows depend on."""

    def __init__(self, name: str, path: Path, keys: Sequence[str], old: OldFile, stack: ExitStack) -> None:
        self.name, self.path, self.keys, self.old = name, path, keys, old
        self._temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        path.parent.mkdir(parents=True, exist_ok=True)
        stack.callback(self._temporary.unlink, missing_ok=True)
        stack.callback(old.close)
        self._handle = stack.enter_context(open(self._temporary, "wb"))  # noqa: SIM115 - closed by the stack
        template = encode(store.arrow_schema(name.split(":")[0]).empty_table())
        self._splicer = splice.Splicer(self._handle.write, splice.read_footer(template))
        self._buckets: list[tuple[str, int, str]] = []

    def lacks(self, bucket: int) -> bool:
        """Whether the bucket does not stand in the old file as it should be."""
        return self.keys[bucket] not in self.old

    def add(self, bucket: int, encoded: bytes | None) -> None:
        """Append the next bucket: as encoded, or as it stands in the old file."""
        key = self.keys[bucket]
        if encoded is None:
            groups, sha = self.old.row_groups(key)
        else:
            groups = splice.split_file(encoded)
            sha = digest_of(group.content for group in groups)
        for group in groups:
            self._splicer.add(group)
        self._buckets.append((key, len(groups), sha))

    def finish(self) -> Result:
        """Replace the old file in one step; what the index has to know of the new one."""
        self._splicer.finish()
        self._handle.flush()
        os.fsync(self._handle.fileno())
        size = self._handle.tell()
        self._handle.close()
        os.replace(self._temporary, self.path)
        content = digest([sha for _, n_groups, sha in self._buckets if n_groups])
        n_rows = None if self.name.startswith(ISSUES) else self._splicer.n_rows
        return self.name, digest(self.keys), n_rows, {"size": size, "content": content, "buckets": self._buckets}


@dataclass(frozen=True)
class Wanted:
    """A table to be put together: where it goes, what each bucket depends on, and its file of the run before."""

    name: str
    path: Path
    keys: tuple[str, ...]
    old: OldFile


def assemble(executor: Executor, window: int, wanted: Sequence[Wanted], sources_of: Callable[[Sequence[str], int], Sources]
             ) -> list[Result]:
    """Write the wanted tables; rows for the index. `sources_of` tells where the rows of a bucket of some tables lie.

    All tables advance bucket by bucket together, so each part is opened once, and at most `window` buckets are held.
    """
    with ExitStack() as stack:
        files = [TableFile(item.name, item.path, item.keys, item.old, stack) for item in wanted]
        n_buckets = len(wanted[0].keys) if wanted else 0
        coming: deque[Future[dict[str, bytes]] | None] = deque()
        for bucket in range(n_buckets):
            for ahead in range(bucket + len(coming), min(bucket + window, n_buckets)):
                names = [file.name for file in files if file.lacks(ahead)]
                coming.append(executor.submit(encode_bucket, sources_of(names, ahead)) if names else None)
            future = coming.popleft()
            encoded = future.result() if future else {}
            for file in files:
                file.add(bucket, encoded.get(file.name))
        return [file.finish() for file in files]


def write_issues(path: Path, sources: Sequence[Path], notes: pa.Table, paths: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    """Table `issues`: what every stage had to say, in one place, once; each row with its file's path.

    Returns the number of rows, and what the index has to know of the file.
    """
    pieces = [pq.ParquetFile(source).read() for source in sources if source.is_file()]
    arrow = pa.concat_tables([*pieces, notes.cast(store.arrow_schema(ISSUES))])
    place = pc.index_in(pc.utf8_slice_codeunits(arrow["document_id"], 0, 16), value_set=pa.array(list(paths), pa.string()))
    known = pa.chunked_array([pa.array(list(paths.values()), pa.string()).take(place.combine_chunks())])
    arrow = arrow.set_column(arrow.column_names.index("path"), "path", pc.coalesce(arrow["path"], known))
    key = store.schema_of(ISSUES).key
    columns = [*key, *(name for name in arrow.column_names if name not in key)]
    arrow = _without_repeats(arrow.select(store.schema_of(ISSUES).names).sort_by([(name, "ascending") for name in columns]))
    content = encode(arrow)
    store.write_bytes(path, content)
    return arrow.num_rows, {"size": len(content), "content": hashlib.sha256(content).hexdigest()[:20]}


def _without_repeats(arrow: pa.Table) -> pa.Table:
    """Sorted rows, each once."""
    if arrow.num_rows < 2:
        return arrow.combine_chunks()
    arrow = arrow.combine_chunks()
    is_repeated: Any = True
    for name in arrow.column_names:
        later, earlier = arrow[name].slice(1), arrow[name].slice(0, arrow.num_rows - 1)
        is_same = pc.or_(pc.fill_null(pc.equal(later, earlier), False), pc.and_(pc.is_null(later), pc.is_null(earlier)))
        is_repeated = pc.and_(is_repeated, is_same)
    return arrow.filter(pa.chunked_array([pa.array([True]), *pc.invert(is_repeated).chunks])).combine_chunks()


def digest(items: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(items).encode()).hexdigest()[:20]
