"""What a run says at its end, and when it has no result at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.runner.run import Summary
from pipeline.settings import Folders
from pipeline.summary import Closing, summarise
from pipeline.tables import store


def close(folder: Path, documents: list[dict[str, Any]], reports: list[dict[str, Any]] | None, genre: str = "") -> Closing:
    """The summary of a run that left these rows."""
    rows: dict[str, list[dict[str, Any]] | None] = {
        "documents": [{"status": "ok", **row} for row in documents], "reports": reports,
        "indicator_values": [{"document_id": "d1", "indicator": name, "state": state}
                             for name, state in (("a", "value"), ("b", "zero"), ("c", "not_disclosed"))]}
    for name, some in rows.items():
        if some is not None:
            store.write_arrow(folder / "p" / f"{name}.parquet", store.to_arrow(name, store.frame(name, some)))
    done = Summary()
    done.rows = {"quantities": 12, "issues": 3}
    return summarise(Folders(folder / "raw", folder / "p", folder / "r"), done, genre=genre)


REPORT = {"document_id": "d1", "report_id": "澜山区财政局-2022", "path": "a.txt", "genre": "rule_of_law", "is_compared": True}


def test_everything_usable(tmp_path: Path) -> None:
    closing = close(tmp_path, [{"document_id": "d1", "path": "a.txt"}], [REPORT])
    assert closing.is_complete
    assert closing.nothing_usable == ""
    text = "\n".join(closing.lines())
    for words in ("文件 1 个：已读 1", "参与比较的报告 1 份，体裁：法治政府建设年度报告", "作答的指标 2 个", "没有变化，无需重做"):
        assert words in text


def test_what_could_not_be_used_is_named_with_its_reason(tmp_path: Path) -> None:
    documents = [{"document_id": "d1", "path": "a.txt"},
                 {"document_id": "d2", "path": "扫描.pdf", "status": "needs_ocr", "reason": "扫描.pdf：无文字层"},
                 {"document_id": "d3", "path": "b.txt"}, {"document_id": "d4", "path": "c.txt"}]
    reports = [REPORT, {**REPORT, "document_id": "d3", "report_id": "b", "path": "b.txt", "is_compared": False, "why_not": "部门未能辨认"},
               {**REPORT, "document_id": "d4", "report_id": "c", "path": "c.txt", "genre": "work_report", "is_compared": False}]
    closing = close(tmp_path, documents, reports)
    assert not closing.is_complete
    # A report of another genre is no loss: it was not asked for.
    assert closing.unused == [{"path": "扫描.pdf", "reason": "无文字层"}, {"path": "b.txt", "reason": "部门未能辨认"}]
    assert closing.nothing_usable == ""


@pytest.mark.parametrize(("documents", "reports", "genre", "words"), [
    ([{"document_id": "d1", "path": "a.txt", "status": "empty"}], [], "", "1 个文件没有一个读得出正文"),
    ([{"document_id": "d1", "path": "a.txt"}], [], "", "没有一份报告能参与比较"),
    ([{"document_id": "d1", "path": "a.txt"}], [{**REPORT, "is_compared": False}], "work_report",
     "没有体裁为 work_report（政府工作报告）的报告，各项比较均为空；读到的体裁有 法治政府建设年度报告 1 份"),
])
def test_nothing_usable_is_one_line(tmp_path: Path, documents: list[dict[str, Any]], reports: list[dict[str, Any]], genre: str,
                                    words: str) -> None:
    closing = close(tmp_path, documents, reports, genre)
    assert words in closing.nothing_usable
    assert "\n" not in closing.nothing_usable


def test_a_run_of_the_first_stages_only_is_not_called_useless(tmp_path: Path) -> None:
    assert close(tmp_path, [{"document_id": "d1", "path": "a.txt"}], None).nothing_usable == ""
