import io
import zipfile

import pytest

from pipeline.errors import ReadingError
from pipeline.reading.formats import find_reader
from pipeline.reading.sniff import sniff_format
from tests.reading.files import docx, paragraph, run


def _zip(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name in names:
            package.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(("content", "suffix", "name"), [
    ("关于2022年度法治政府建设情况的报告".encode(), "txt", "txt"),
    ("关于2022年度法治政府建设情况的报告".encode("gb18030"), "doc", "txt"),
    ("关于2022年度法治政府建设情况的报告\n一、主要举措\n".encode("utf-16"), "txt", "txt"),
    ("关于2022年度法治政府建设情况的报告\n一、主要举措\n".encode("utf-16-le"), "txt", "txt"),   # no byte order mark
    (b"<!DOCTYPE html><html><body><p>x</p></body></html>", "doc", "html"),
    ("\ufeff<html><body>报告</body></html>".encode(), "doc", "html"),
    ("《<办法>》<全文>".encode(), "txt", "txt"),                                             # angle brackets in prose
    (b"{\\rtf1\\ansi x}", "doc", "rtf"),
    (b"junk\n%PDF-1.4\n", "pdf", "pdf"),
    (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x", "doc", "mht"),
    (docx(paragraph(run("正文"))), "wps", "docx"),
    (_zip("OFD.xml", "Doc_0/Document.xml"), "ofd", "ofd"),
    (_zip("xl/workbook.xml", "[Content_Types].xml"), "docx", "xlsx"),
    (_zip("报告.docx"), "zip", "zip"),
    (b"\xff\xd8\xff\xe0 JFIF", "pdf", "image"),
    (b"Rar!\x1a\x07\x00", "doc", "rar"),
    (bytes(range(256)) * 8, "ceb", "ceb"),                                                  # unknown binary, named by suffix
    (bytes(range(256)) * 8, "txt", "binary"),
    (b"MZ is how the letter begins", "txt", "txt"),                                         # two letters are no program
])
def test_content_decides(content, suffix, name):
    assert sniff_format(content, suffix) == name


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\x00" * 64, b" \r\n"])
def test_nothing_is_empty(content):
    with pytest.raises(ReadingError) as caught:
        sniff_format(content)
    assert caught.value.status == "empty"


@pytest.mark.parametrize("content", [docx(paragraph(run("正文")))[:300], b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut"])
def test_cut_containers_are_damaged(content):
    with pytest.raises(ReadingError, match="损坏"):
        sniff_format(content)


@pytest.mark.parametrize(("name", "words"), [
    ("ooxml_encrypted", "密码"), ("xls", "Excel"), ("rar", "解压"), ("ceb", "方正"), ("image", "扫描")])
def test_refusals_say_what_to_do(name, words):
    with pytest.raises(ReadingError, match=words):
        find_reader(name)
