"""Shared fixtures: where the project and the shared material are, and one run on the demonstration corpus."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.settings import Folders, Options

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared material; tests that need it are skipped where it is not laid out."""
    if not SHARED.is_dir():
        pytest.skip("shared material is not beside the checkout")
    return SHARED


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Folders:
    """Tables of data/raw, made once a test session (workers of pytest-xdist share them by a lock file)."""
    from pipeline.runner.run import run

    base = tmp_path_factory.getbasetemp()
    shared_base = base if worker_id == "master" else base.parent
    folders = Folders(ROOT / "data" / "raw", shared_base / "demo" / "processed", shared_base / "demo" / "reports")
    run(folders, Options(), jobs=1, tables_only=True) if worker_id == "master" else _run_once(folders)
    return folders


def _run_once(folders: Folders) -> None:
    """Wait for the worker that is already running it; the second run then redoes nothing."""
    import time

    from pipeline.errors import PipelineError
    from pipeline.runner.run import run

    for _ in range(600):
        try:
            run(folders, Options(), jobs=1, tables_only=True)
            return
        except PipelineError as error:
            if "另一次运行" not in str(error):
                raise
            time.sleep(0.5)
    pytest.fail("the other test worker did not finish its run")


@pytest.fixture
def copy_of_demo(tmp_path: Path) -> Path:
    """A private copy of data/raw that a test may change."""
    target = tmp_path / "raw"
    shutil.copytree(ROOT / "data" / "raw", target)
    return target
