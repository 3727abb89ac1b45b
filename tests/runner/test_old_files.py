"""Files of the run before, checked ahead: only row groups whose bytes are what was written count."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline.runner.assembly import encode
from pipeline.runner.old_files import Buckets, OldFile, OldFiles, digest_of
from pipeline.runner.splice import split_file
from pipeline.tables import store


@pytest.fixture
def written(tmp_path: Path) -> tuple[Path, Buckets]:
    rows = [{"document_id": "d", "sentence_no": number, "text": "全年办理案件31件。"} for number in range(5)]
    content = encode(store.to_arrow("sentences", store.frame("sentences", rows)))
    path = tmp_path / "sentences.parquet"
    path.write_bytes(content)
    return path, [("key", 1, digest_of(group.content for group in split_file(content)))]


def take(path: Path, buckets: Buckets, ahead: bool) -> OldFile:
    with ThreadPoolExecutor(1) as background:
        files = OldFiles(background)
        if ahead:
            files.look_ahead({"sentences": (path, buckets)})
        return files.take("sentences", path, buckets)


@pytest.mark.parametrize("ahead", [True, False])
def test_what_is_as_it_was_written_is_used(written: tuple[Path, Buckets], ahead: bool) -> None:
    path, buckets = written
    old = take(path, buckets, ahead)
    assert "key" in old
    groups, sha = old.row_groups("key")
    assert sha == buckets[0][2] == digest_of(group.content for group in groups)
    old.close()


@pytest.mark.parametrize("ahead", [True, False])
def test_what_is_damaged_is_not(written: tuple[Path, Buckets], ahead: bool) -> None:
    path, buckets = written
    content = path.read_bytes()
    path.write_bytes(content[:20] + b"\xff" + content[21:])
    assert "key" not in take(path, buckets, ahead)
    path.unlink()
    assert "key" not in take(path, buckets, ahead)


def test_what_nobody_takes_is_closed(written: tuple[Path, Buckets], monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[bool] = []
    monkeypatch.setattr(OldFile, "close", lambda self: closed.append("key" in self))
    background = ThreadPoolExecutor(1)
    files = OldFiles(background)
    files.look_ahead({"sentences": written})
    background.shutdown()
    files.close()
    assert closed == [True]
