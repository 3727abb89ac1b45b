"""The same input gives the same bytes: whatever the number of processes, the order of the folder, and the way there."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from pipeline.runner import assembly, batches
from pipeline.settings import Folders
from tests.runner.reports import digests, folders_in, python, report_text, tables_of, write_reports

OFFICES = ("水利局", "民政局", "财政局")
YEARS = (2020, 2021, 2022, 2023)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """Twelve reports and a copy, done at once by one process."""
    base = tmp_path_factory.mktemp("plain")
    write_reports(base / "raw", OFFICES, YEARS)
    shutil.copy(base / "raw" / "水利局2021.txt", base / "raw" / "抄件.txt")
    folders = folders_in(base)
    tables_of(folders)
    return folders


def test_two_processes(plain: Folders, tmp_path: Path) -> None:
    other = folders_in(tmp_path, plain.raw)
    tables_of(other, jobs=2)
    assert digests(other) == digests(plain)


def test_another_order_of_the_folder(plain: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = os.scandir

    class Shuffled(list[os.DirEntry[str]]):
        def __init__(self, folder: str) -> None:
            super().__init__(scan(folder))
            random.Random(7).shuffle(self)

        def __enter__(self) -> Shuffled:
            return self

        def __exit__(self, *error: object) -> None:
            pass

    other = folders_in(tmp_path, plain.raw)
    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", Shuffled)
        tables_of(other)
    assert digests(other) == digests(plain)


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_order_of_sets(plain: Folders, tmp_path: Path, seed: str) -> None:
    other = folders_in(tmp_path, plain.raw)
    code = "import sys; from tests.runner.reports import *; tables_of(Folders(*map(Path, sys.argv[1:])))"
    result = python(code, other.raw, other.processed, other.reports, PYTHONHASHSEED=seed)
    assert result.returncode == 0, result.stderr
    assert digests(other) == digests(plain)


def test_one_file_after_another(plain: Folders, tmp_path: Path) -> None:
    other = folders_in(tmp_path)
    other.raw.mkdir()
    names = sorted(path.name for path in plain.raw.iterdir())
    random.Random(3).shuffle(names)
    for some in (names[:5], names[5:6], names[6:]):
        for name in some:
            shutil.copy(plain.raw / name, other.raw / name)
        tables_of(other)
    assert digests(other) == digests(plain)


def test_many_buckets_and_small_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With several buckets: one file more, one file less, one edited, against runs from nothing."""
    monkeypatch.setattr(assembly, "_MOST_IN_A_BUCKET", 2)
    monkeypatch.setattr(batches, "_MOST_DOCUMENTS", 3)
    folders = folders_in(tmp_path)
    write_reports(folders.raw, OFFICES, YEARS)
    tables_of(folders)

    def is_as_from_nothing(name: str) -> bool:
        fresh = folders_in(tmp_path / name, folders.raw)
        tables_of(fresh)
        return digests(fresh) == digests(folders)

    assert is_as_from_nothing("first")
    (folders.raw / "水利局2021.txt").write_text(report_text("水利局", 2021, 77), encoding="utf-8")
    (folders.raw / "审计局2021.txt").write_text(report_text("审计局", 2021, 8), encoding="utf-8")
    (folders.raw / "民政局2023.txt").unlink()
    tables_of(folders)
    assert is_as_from_nothing("second")
