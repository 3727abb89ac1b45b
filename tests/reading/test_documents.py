import os
import signal
from pathlib import Path

import pytest

from pipeline.errors import ReadingError
from pipeline.profiles import load_part
from pipeline.reading.documents import read_documents
from pipeline.reading.worker import ReaderProcess, Source, shared_process
from pipeline.settings import LIMITS, Limits
from pipeline.tables import store
from tests.reading.files import docx, paragraph, read_bytes, read_paths, run, text_of

REPORT = "澜山区科学技术局\n关于2020年度法治政府建设情况的报告\n\n区委、区政府：\n\n2020年，我局公开信息 80 余条。\n\n一、主要举措\n"


def test_a_good_file(tmp_path):
    tables = read_bytes(tmp_path, "报告.txt", REPORT.encode("gb18030"))
    document = tables["documents"].iloc[0]
    assert (document["status"], document["format"], document["encoding"]) == ("ok", "txt", "gb18030")
    assert document["text"] == ("澜山区科学技术局\n关于2020年度法治政府建设情况的报告\n区委、区政府：\n2020年，我局公开信息80余条。\n一、主要举措")
    assert document["chars"] == len(document["text"])
    assert document["repairs"] == "汉字与数字间空格 2"
    assert tables["issues"].empty


def test_blocks_and_cells_point_into_the_text(tmp_path):
    tables = read_bytes(tmp_path, "表.txt", "情况说明如下。\n\n事项\t件数\n行政许可\t231 件\n\n以上为全部情况。\n".encode())
    text = text_of(tables)
    blocks = tables["blocks"]
    assert [text[start:end] for start, end in zip(blocks["start"], blocks["end"], strict=True)] == text.split("\n")
    assert blocks["kind"].tolist() == ["paragraph", "table_row", "table_row", "paragraph"]
    cells = tables["table_cells"]
    assert cells["text"].tolist() == ["事项", "件数", "行政许可", "231件"]
    assert [text[start:end] for start, end in zip(cells["start"], cells["end"], strict=True)] == cells["text"].tolist()
    assert list(zip(cells["row_no"], cells["column_no"], strict=True)) == [(1, 1), (1, 2), (2, 1), (2, 2)]


def test_same_text_in_other_clothes_has_the_same_hash(tmp_path):
    plain = read_bytes(tmp_path, "a.txt", "第一段落，内容相同。\n第二段落，内容相同。".encode())
    word = read_bytes(tmp_path, "a.docx", docx(paragraph(run("第一段落，内容相同。")) + paragraph(run("第二段落，内容相同。"))))
    assert plain["documents"]["text_hash"][0] == word["documents"]["text_hash"][0]


@pytest.mark.parametrize(("content", "status", "words"), [
    (b"", "empty", "空的"),
    (b"\n \n", "empty", "空的"),
    (docx(""), "failed", "没有读到文字"),
    (docx(paragraph(run("正文")))[:200], "failed", "损坏"),
    ("鍏ㄥ勾鍔炵悊琛屾斂璁稿彲，鍏ㄥ勾鍔炵悊琛屾斂璁稿彲".encode(), "failed", "乱码"),
    (b"\x89PNG\r\n\x1a\n", "needs_ocr", "扫描"),
    (b"%PDF-1.4 broken", "failed", "损坏"),
    (bytes(range(256)) * 9, "failed", "二进制"),
])
@pytest.mark.usefixtures("without_ocr")
def test_a_bad_file_is_one_issue(tmp_path, content, status, words):
    tables = read_bytes(tmp_path, "坏文件.docx", content)
    document, issues = tables["documents"].iloc[0], tables["issues"]
    assert (document["status"], document["text"]) == (status, "")
    assert len(issues) == 1
    assert issues["message"][0] == document["reason"]
    assert words in document["reason"]
    assert "坏文件.docx" in document["reason"]
    assert tables["blocks"].empty


def test_missing_file(tmp_path):
    rows = [{"path": "无.txt", "document_id": "0" * 16, "bytes": 3, "location": str(tmp_path / "无.txt")}]
    tables = read_documents(store.frame("raw_files", rows), load_part("furniture"))
    assert tables["documents"]["status"].tolist() == ["failed"]


def test_duplicates_are_not_read(tmp_path):
    rows = [{"path": "b.txt", "document_id": "0" * 16, "bytes": 3, "duplicate_of": "a.txt", "location": str(tmp_path / "b.txt")}]
    tables = read_documents(store.frame("raw_files", rows), load_part("furniture"))
    assert tables["documents"]["status"].tolist() == ["duplicate"]
    assert tables["issues"]["severity"].tolist() == ["note"]


def test_input_is_not_changed(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(REPORT, encoding="utf-8")
    frame = store.frame("raw_files", [{"path": "a.txt", "document_id": "0" * 16, "bytes": 3, "location": str(path)}])
    before = frame.copy()
    read_documents(frame, load_part("furniture"))
    assert frame.equals(before)


def test_too_large_a_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.reading.documents.LIMITS", Limits(file_bytes=1000))
    tables = read_bytes(tmp_path, "大.txt", b"x" * 2000)
    assert "上限" in tables["documents"]["reason"][0]


def test_a_dead_worker_is_started_again(tmp_path):
    good = tmp_path / "a.docx"
    good.write_bytes(docx(paragraph(run("正文内容。"))))
    assert text_of(read_paths(good)) == "正文内容。"
    child = shared_process(LIMITS)._child
    assert child is not None
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert text_of(read_paths(good)) == "正文内容。"


def test_a_reader_that_takes_too_long_is_stopped(tmp_path, monkeypatch):
    path = tmp_path / "a.docx"
    path.write_bytes(docx("".join(paragraph(run(f"第{place}段。")) for place in range(20_000))))
    process = ReaderProcess(Limits(reader_seconds=0))
    with pytest.raises(ReadingError, match="超过 0 秒"):
        process.read("docx", Source(path.read_bytes(), str(path)))
    assert process._child is None


def test_memory_beyond_the_limit_ends_the_file_only(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(docx("".join(paragraph(run(f"第{place}段。")) for place in range(100_000))))
    process = ReaderProcess(Limits(reader_memory_bytes=70 * 2**20))
    with pytest.raises(ReadingError, match="内存"):
        process.read("docx", Source(path.read_bytes(), str(path)))
    process.stop()


def test_rows_are_sorted_by_key(tmp_path):
    paths: list[Path] = []
    for name in ("b", "a", "c"):
        paths.append(tmp_path / f"{name}.txt")
        paths[-1].write_text(f"{REPORT}{name}", encoding="utf-8")
    documents = read_paths(*paths)["documents"]
    assert documents["document_id"].tolist() == sorted(documents["document_id"])


def test_a_text_that_breaks_off_is_read_with_a_doubt(tmp_path):
    whole = "云泽区审计局2023年度法治政府建设情况报告\n全年召开党组会议4次，研究法治工作，办理行政复议案件0件。\n云泽区审计局\n2024年1月8日"
    assert len(read_bytes(tmp_path, "整.txt", whole.encode())["issues"]) == 0
    cut = read_bytes(tmp_path, "缺.txt", (whole + "\n下一步，我局将继续加强法治政府建设，开展培训不少于四期，推进").encode())
    assert cut["documents"]["status"].tolist() == ["ok"]
    assert "没有写完" in cut["issues"]["message"][0]


def test_more_paragraphs_than_a_report_has_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.reading.documents.LIMITS", Limits(paragraphs=50))
    tables = read_bytes(tmp_path, "多.txt", ("全年召开会议，研究部署工作。\n" * 60).encode())
    assert tables["documents"]["status"].tolist() == ["failed"]
    assert "段落，超过上限 50" in tables["issues"]["message"][0]
