"""The cache stays small, and holds nothing of documents that are gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.runner import tidying
from tests.runner.reports import digests, folders_in, report_text, tables_of, write_reports


def test_many_small_parts_become_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tidying, "_MOST_SMALL_PARTS", 2)
    folders = folders_in(tmp_path)
    write_reports(folders.raw)
    for office in ("审计局", "统计局", "司法局"):
        (folders.raw / f"{office}2022.txt").write_text(report_text(office, 2022), encoding="utf-8")
        tables_of(folders)
    assert len(list((folders.cache / "parts").glob("*.arrow"))) <= 3
    assert tables_of(folders).redone == []
    fresh = folders_in(tmp_path / "fresh", folders.raw)
    tables_of(fresh)
    assert digests(fresh) == digests(folders)


def test_a_document_that_is_gone_is_taken_out_of_its_part(tmp_path: Path) -> None:
    folders = folders_in(tmp_path)
    write_reports(folders.raw, years=tuple(range(2010, 2022)))
    (folders.raw / "机密.txt").write_text(report_text("审计局", 2022).replace("企业需求", "莲子汤"), encoding="utf-8")
    tables_of(folders)
    parts = folders.cache / "parts"
    assert any("莲子汤".encode() in path.read_bytes() for path in parts.iterdir())
    (folders.raw / "机密.txt").unlink()
    assert tables_of(folders).n_read_anew == 0
    assert not any("莲子汤".encode() in path.read_bytes() for path in parts.iterdir())
    assert tables_of(folders).redone == []
