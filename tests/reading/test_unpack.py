"""Archives: their files become documents, their names stay names."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from pipeline.settings import Limits
from tests.reading.files import docx, paragraph, read_bytes, run

TEXT = "云泽区水利局2023年度法治政府建设情况报告\n2023年，我局认真履职，全年召开党组会3次。\n"


def archive(*files: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files:
            package.writestr(name, content)
    return buffer.getvalue()


def archive_of_windows(*files: tuple[str, bytes]) -> bytes:
    """Names in GBK without any mark, as zipfile will not write them."""
    local, central = b"", b""
    for name, data in files:
        raw = name.encode("gb18030")
        head = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 33, zipfile.crc32(data), len(data), len(data), len(raw), 0)
        central += b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, len(local)) + raw
        local += b"PK\x03\x04" + head + raw + data
    return local + central + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(central), len(local), 0)


def test_every_file_is_a_document(tmp_path):
    content = archive(("2023年/水利局.txt", TEXT.encode()), ("审计局.docx", docx(paragraph(run("2023年，审计局履职情况。")))),
                      ("__MACOSX/._水利局.txt", b"x"), ("说明/", b""))
    documents = read_bytes(tmp_path, "包.zip", content)["documents"]
    assert documents["path"].tolist() == ["包.zip/2023年/水利局.txt", "包.zip/审计局.docx"]
    assert documents["status"].tolist() == ["ok", "ok"]
    assert documents["format"].tolist() == ["txt", "docx"]
    assert set(documents["file_path"]) == {"包.zip"}
    ids = documents["document_id"].tolist()
    assert [name[16:] for name in ids] == ["-1", "-2"]
    assert len({name[:16] for name in ids}) == 1


def test_names_in_gbk(tmp_path):
    documents = read_bytes(tmp_path, "包.zip", archive_of_windows(("各局报告/水利局.txt", TEXT.encode())))["documents"]
    assert documents["path"].tolist() == ["包.zip/各局报告/水利局.txt"]
    assert documents["status"].tolist() == ["ok"]


@pytest.mark.parametrize(("name", "shown"), [
    ("../../etc/a.txt", "包.zip/etc/a.txt"), ("C:\\报告\\a.txt", "包.zip/报告/a.txt"), ("/a\x07.txt", "包.zip/a.txt"),
])
def test_no_name_becomes_a_path(tmp_path, name, shown):
    tables = read_bytes(tmp_path, "包.zip", archive((name, TEXT.encode())))
    assert tables["documents"]["path"].tolist() == [shown]
    assert [path.name for path in tmp_path.iterdir()] == ["包.zip"]


def test_the_same_file_twice_is_read_once(tmp_path):
    documents = read_bytes(tmp_path, "包.zip", archive(("a.txt", TEXT.encode()), ("b.txt", TEXT.encode())))["documents"]
    assert documents["status"].tolist() == ["ok", "duplicate"]


def test_an_archive_in_an_archive_is_read(tmp_path):
    inner = archive(("水利局.txt", TEXT.encode()), ("更内.zip", archive(("c.txt", TEXT.encode() * 2))))
    tables = read_bytes(tmp_path, "包.zip", archive(("内.zip", inner), ("b.txt", TEXT.encode() + b"\n")))
    assert tables["documents"]["status"].tolist() == ["ok", "failed", "ok"]
    assert tables["documents"]["path"][0] == "包.zip/内.zip/水利局.txt"
    assert tables["issues"]["message"].tolist()[0].startswith("包.zip/内.zip/更内.zip：压缩包套了三层")


def test_archives_in_an_archive_share_its_limits(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.reading.documents.LIMITS", Limits(archive_members=3))
    inner = archive(*((f"{number}.txt", TEXT.encode() + "局处".encode() * number) for number in range(3)))
    tables = read_bytes(tmp_path, "包.zip", archive(("甲.zip", inner), ("乙.zip", archive(("x.txt", TEXT.encode() * 3)))))
    assert tables["documents"]["status"].tolist() == ["ok", "ok", "ok", "failed"]


def test_an_encrypted_archive_is_named(tmp_path):
    content = bytearray(archive(("a.txt", TEXT.encode())))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    tables = read_bytes(tmp_path, "包.zip", bytes(content))
    assert tables["documents"]["path"].tolist() == ["包.zip"]
    assert "加密" in tables["documents"]["reason"][0]
    assert len(tables["issues"]) == 1


def test_an_empty_archive_is_named(tmp_path):
    assert "没有文件" in read_bytes(tmp_path, "包.zip", archive())["documents"]["reason"][0]


def test_a_bomb_is_one_issue_and_the_rest_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.reading.documents.LIMITS", Limits(archive_part_bytes=2**20))
    tables = read_bytes(tmp_path, "包.zip", archive(("弹.txt", b"\0" * (2**20 + 1)), ("b.txt", TEXT.encode())))
    assert tables["documents"]["status"].tolist() == ["failed", "ok"]
    assert "恶意" in tables["issues"]["message"][0]


def test_too_many_files_and_too_much_in_all(tmp_path, monkeypatch):
    files = [(f"{number}.txt", TEXT.encode() + "局处科股室队"[number].encode() * 1000) for number in range(6)]
    monkeypatch.setattr("pipeline.reading.documents.LIMITS", Limits(archive_members=5))
    assert "超过上限 5" in read_bytes(tmp_path, "包.zip", archive(*files))["documents"]["reason"][0]
    monkeypatch.setattr("pipeline.reading.documents.LIMITS", Limits(archive_total_bytes=10_000))
    statuses = read_bytes(tmp_path, "包.zip", archive(*files))["documents"]["status"].tolist()
    # The one that went too far, and a line for all after it.
    assert statuses == ["ok", "ok", "ok", "failed", "failed"]


def test_a_folder_called_word_makes_no_word_file(tmp_path):
    documents = read_bytes(tmp_path, "包.zip", archive(("word/水利局.txt", TEXT.encode())))["documents"]
    assert documents["status"].tolist() == ["ok"]


def test_sources_csv_names_files_inside(tmp_path):
    lines = "path,report_year\n包.zip/a.txt,2022\n包.zip/无.txt,2021\n"
    tables = read_bytes(tmp_path, "包.zip", archive(("a.txt", TEXT.encode()), ("b.txt", TEXT.encode() + b"x")), sources=lines)
    fields = tables["document_fields"]
    assert fields[fields["field"] == "override_report_year"]["value"].tolist() == ["2022"]
    assert tables["issues"]["message"].tolist() == ["包.zip：sources.csv 第3行：包.zip 中没有 包.zip/无.txt"]


def test_a_line_about_the_archive_holds_for_all_its_files(tmp_path):
    tables = read_bytes(tmp_path, "包.zip", archive(("a.txt", TEXT.encode()), ("b.txt", TEXT.encode() + b"x")),
                        sources="path,region\n包.zip,云泽区\n")
    assert tables["document_fields"]["value"].tolist() == ["云泽区", "云泽区"]
