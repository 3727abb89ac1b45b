"""What a Dask worker needs before it can do our tasks: the code and the knowledge, unpacked in its own folder.

Everything here is sent by value, so it may import nothing of the package that it brings.
"""

from __future__ import annotations

import importlib
import io
import shutil
import sys
import tempfile
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any

from distributed import WorkerPlugin

PACKAGE_NAME = "pipeline"


class ShipCode(WorkerPlugin):
    """Sent once to every worker, also to those that join later or are started anew."""

    def __init__(self, version: str, content: bytes) -> None:
        self.name = f"hengbao-{version}"
        self.content = content

    def setup(self, worker: Any) -> None:
        folder = Path(worker.local_directory) / self.name
        if not folder.is_dir():
            unfinished = Path(tempfile.mkdtemp(dir=worker.local_directory))
            with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
                archive.extractall(unfinished)
            try:
                unfinished.rename(folder)
            except OSError:  # another worker of this folder was faster
                shutil.rmtree(unfinished, ignore_errors=True)
        sys.path[:] = [str(folder), *(path for path in sys.path if path != str(folder))]
        # Code of an earlier run, or one that is installed there, must not be mixed with this one.
        for name in [name for name in sys.modules if name == PACKAGE_NAME or name.startswith(f"{PACKAGE_NAME}.")]:
            del sys.modules[name]
        importlib.invalidate_caches()


def find_versions(distributions: dict[str, str]) -> dict[str, str]:
    """Runs on a worker: the versions there of Python and these distributions; "" for one that is missing."""
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name, distribution in distributions.items():
        try:
            found[name] = metadata.version(distribution)
        except metadata.PackageNotFoundError:
            found[name] = ""
    return found


def do_parcel(parcel: bytes) -> tuple[bytes, Any]:
    """Runs on a worker, after ShipCode: take a batch through its stages."""
    from pipeline.runner.parcels import run_parcel

    return run_parcel(parcel)
