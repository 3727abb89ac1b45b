"""Whole runs on reports full of strings that spreadsheets, browsers, typesetters and paths must not obey."""

from __future__ import annotations

import hashlib
import io
import re
import warnings
import zipfile
from pathlib import Path

import openpyxl
import pikepdf
import pypdfium2
import pytest

from pipeline.runner.run import run
from pipeline.settings import Folders

#: Each stands in a sentence with a figure, so that it reaches every output that quotes.
HOSTILE = (
    '=cmd|"/c calc"!A1', '=HYPERLINK("http://evil.example","点我")', "@SUM(1+1)*cmd", "<script>alert(1)</script>", "<img src=x onerror=alert(2)>",
    "#set page(width: 1pt)", '#read("/etc/passwd")', "$x^2$ *粗* _斜_ `码`", "\u202e倒写\u202c", "😀🀄", "𠀀𠀁𬭩", "\ue000\ue001", "超长" * 100,
    "]]> --> */ {{data}}", "../../etc/passwd", "“‘层层“套”引’”", "%s %d {0} {report}",
)
TEXT = """澜山区{office}{year}年度法治政府建设情况报告
区委、区政府：
{year}年，我局坚持依法行政，现将有关情况报告如下：
一、主要举措和成效
（一）推进政务公开。全年主动公开政府信息{n}条，收到政府信息公开申请{m}件。
{lines}
（二）规范执法。全年作出行政处罚决定{k}件，其中普通程序{k1}件、简易程序9件。被申请行政复议{m}件，行政诉讼案件{m}件。
（三）党政主要负责人履行推进法治建设第一责任人职责，听取汇报{m}次。
二、存在的不足和原因
法治宣传形式单一，主要原因是创新意识不强。
三、{next}年工作安排
继续加强学习培训，全年集中学法不少于4次。开展普法活动{n}场。
"""


def write_reports(raw: Path) -> None:
    """Four departments, two years; every hostile string in each, behind a figure that an indicator takes."""
    for place, office in enumerate(("财政局", "科学技术局", "应急管理局", "卫生健康局")):
        for year in (2022, 2023):
            lines = "\n".join(f"开展“{words}”普法活动{number + place + year - 2000}场，发放宣传资料{words}{number + 300}份。"
                              for number, words in enumerate(HOSTILE))
            k = 20 + place + year - 2022
            text = TEXT.format(office=office, year=year, next=year + 1, n=80 + place, m=3 + place, k=k, k1=k - 9, lines=lines)
            (raw / f"区{office} {year}年 =报告.txt").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    base = tmp_path_factory.mktemp("敌意 <b>")
    made = Folders(base / "raw", base / "processed", base / "reports")
    made.raw.mkdir()
    write_reports(made.raw)
    run(made, jobs=1)
    return made


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_bounded() for page in document)


@pytest.mark.slow
def test_the_workbook_holds_text_only(folders: Folders) -> None:
    content = (folders.reports / "tables.xlsx").read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for page in book for row in page.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert all(cell.data_type == "s" for cell in cells)
    text = "\n".join(str(cell.value) for cell in cells)
    for words in ("=cmd|", "@SUM(1+1)", "<script>", "𠀀𠀁𬭩", "😀🀄", '#read("/etc/passwd")'):
        assert words in text, words
    assert "\u202e" not in text
    starts = [cell for cell in cells if str(cell.value).startswith(("=", "@", "+")) and len(str(cell.value)) > 1]
    assert all(cell.quotePrefix for cell in starts)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in archive.read(name) for name in sheets)
        targets = set(re.findall(rb'Target="([^"#]*)[^"]*" TargetMode="External"', b"".join(
            archive.read(name) for name in archive.namelist() if name.endswith(".rels"))))
    assert targets <= {b"explorer.html"}


@pytest.mark.slow
def test_pages_show_the_strings_and_obey_none(folders: Folders) -> None:
    files = sorted(folders.reports.rglob("*.pdf"))
    assert any(path.parent.name == "departments" for path in files)
    for path in files:
        with pikepdf.open(path) as pdf:
            assert pdf.open_metadata().pdfa_status == "2A", path.name
            assert all(float(page.mediabox[2]) > 200 for page in pdf.pages)       # nobody has set another page
            names = [str(link.A.URI) for page in pdf.pages for link in page.get("/Annots", []) if "/A" in link and "/URI" in link.A]
        assert all(re.fullmatch(r"(\.\./)?(tables\.xlsx|explorer\.html)(#d=[0-9a-f]{16}(-\d+)?&s=\d+)?", name) for name in names), names
    text = "".join(words_of(path.read_bytes()) for path in files)
    assert "root:" not in text
    assert "\u202e" not in text
    assert ("〓" in text) == ("代替字库没有的字（U+" in text)       # what no font has is replaced where it shows, and said


@pytest.mark.slow
def test_the_explorer_holds_the_strings_as_data(folders: Folders) -> None:
    page = (folders.reports / "explorer.html").read_text(encoding="utf-8")
    assert "alert(1)" not in page                  # the data is packed: no markup of it stands in the page
    assert page.count("<script") == 2
    assert "http://evil" not in page


@pytest.mark.slow
def test_file_names_are_plain(folders: Folders) -> None:
    names = [path.relative_to(folders.reports).as_posix() for path in folders.reports.rglob("*") if path.is_file()]
    assert all(not re.search(r'[<>:"|?*\\\x00-\x1f]|\.\./', name) for name in names)


@pytest.mark.slow
def test_the_same_reports_give_the_same_bytes_elsewhere(folders: Folders, tmp_path: Path) -> None:
    again = Folders(folders.raw, tmp_path / "p", tmp_path / "r")
    run(again, jobs=2)

    def digests(folder: Path) -> dict[str, str]:
        return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
                for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "run.json"}

    assert digests(again.reports) == digests(folders.reports)
