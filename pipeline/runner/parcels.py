"""A batch packed for a worker that shares no memory and perhaps no disk with the runner, and what is done with it there."""

from __future__ import annotations

import pickle
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.runner import work
from pipeline.runner.parts import pack_part, unpack_part
from pipeline.settings import KNOWLEDGE

# Larger files are not sent along; the worker opens them under the same path as the runner does.
_MOST_BYTES_SENT = 8 * 2**20


@dataclass(frozen=True)
class _Parcel:
    """The batch, the rows of earlier stages that it needs as a part, and the content of its small files."""

    batch: work.Batch
    inputs: bytes
    contents: dict[str, bytes]


def pack_parcel(batch: work.Batch) -> bytes:
    """Runs in the runner. A file that is gone is left out: the worker does not find it either, and says so."""
    contents = {}
    for row in batch.files if batch.reads_files else ():
        if row["duplicate_of"] is None and row["bytes"] <= _MOST_BYTES_SENT:
            try:
                contents[row["path"]] = Path(row["location"]).read_bytes()
            except OSError:
                continue
    inputs = pack_part(work.read_sources(batch.sources))
    return pickle.dumps(_Parcel(replace(batch, sources={}), inputs, contents))


def run_parcel(parcel: bytes) -> tuple[bytes, work.Done]:
    """Runs on a worker: the content of the part, and what became of the batch. The knowledge is the one shipped."""
    received: Any = pickle.loads(parcel)  # noqa: S301 - from our own runner
    assert isinstance(received, _Parcel)
    with tempfile.TemporaryDirectory(prefix="hengbao-") as folder:
        files = []
        for number, row in enumerate(received.batch.files):
            if row["path"] in received.contents:
                location = Path(folder) / f"{number}{Path(row['path']).suffix}"
                location.write_bytes(received.contents[row["path"]])
                row = {**row, "location": str(location)}
            files.append(row)
        batch = replace(received.batch, files=tuple(files), knowledge=KNOWLEDGE)
        return work.make_part(batch, unpack_part(received.inputs))
