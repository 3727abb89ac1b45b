"""The sample files: the seed report in every format must come back as its text, paragraph by paragraph."""

from pathlib import Path

import pytest

from tests.reading.files import read_paths, text_of

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
SAMPLES = SHARED / "samples"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not beside the checkout")

# Whole paragraphs of 29; damaged bytes break three.
EXPECTED = {
    "report.docx": 29, "report_gov.docx": 29, "autonum_direct.docx": 29, "lo/report.docx": 29,
    "txt/utf8.txt": 29, "txt/gb18030.txt": 29, "txt/gb18030_cr.txt": 29, "txt/utf16le_nobom.txt": 29,
    "txt/utf16be_bom.txt": 29, "txt/utf32le_bom.txt": 29, "txt/utf8bom.txt": 29, "txt/nul_inside.txt": 29,
    "txt/gbk_3badbytes.txt": 26, "txt/utf8_3badbytes.txt": 26, "lo/autonum_direct.txt": 29,
    "html/t1_gbk_meta_gb2312.html": 29, "html/t1_utf8_meta_gb2312_WRONG.html": 29, "html/t2_gbk_table.html": 29,
    "html/t3_mso_utf8.html": 29, "html/t1_gbk_nometa.html": 29,
    "lo/report_gov.pdf": 29, "lo/autonum_direct.pdf": 29, "pdf/rotate90.pdf": 29, "pdf/kangxi.pdf": 29,
    "lo/report.doc": 29, "lo/report_gov.doc": 29, "lo/autonum_direct.doc": 29,
    "lo/report.rtf": 29, "lo/autonum_direct.rtf": 29, "rtf/gbk_escapes.rtf": 29, "rtf/uc1_unicode.rtf": 29,
    "rtf/listtext.rtf": 29, "rtf/loch_hich_dbch.rtf": 29,
    "lo/report.odt": 29, "lo/report.fodt": 29, "lo/autonum_direct.odt": 29,
    "ofd/char.ofd": 29, "ofd/line.ofd": 29, "ofd/multicode_ctm.ofd": 29, "ofd/nested_glyph.ofd": 29,
    "ofd/nopfx_abs.ofd": 29, "ofd/shuffled.ofd": 29,
    "pdf/gbk_euc_h.pdf": 29, "pdf/enc_owner_only.pdf": 29, "pdf/two_col.pdf": 29,
}


@pytest.fixture(scope="module")
def seed() -> list[str]:
    return text_of(read_paths(next((SHARED / "seed").glob("*.txt")))).split("\n")


@pytest.mark.parametrize(("name", "whole"), EXPECTED.items())
def test_paragraphs_come_back_whole(seed, name, whole):
    tables = read_paths(SAMPLES / name)
    lines = text_of(tables).split("\n")
    assert sum(line in lines for line in seed) >= whole
    if "badbytes" not in name:
        assert "".join(lines).replace(" ", "") == "".join(seed).replace(" ", "")


def test_the_seed_is_mended_where_its_pages_broke(seed):
    assert len(seed) == 29
    assert any("多次听取法治建设工作汇报，研究部署依法行政相关工作" in line for line in seed)
    assert any("进一步完善行政执法案件的办案规程" in line for line in seed)


def test_pages_are_remembered():
    tables = read_paths(SAMPLES / "lo" / "report_gov.pdf")
    assert tables["documents"]["pages"].tolist() == [6]
    pages = tables["blocks"]["page"].tolist()
    assert pages == sorted(pages)
    assert set(pages) == {1, 2, 3, 4, 5, 6}


@pytest.mark.parametrize(("name", "status", "words"), [
    ("pdf/enc_user.pdf", "failed", "密码"), ("pdf/no_tounicode.pdf", "needs_ocr", "文字层"), ("scan/fax100.pdf", "needs_ocr", "6 页"),
    ("scan/fax100_p1.jpg", "needs_ocr", "图片"), ("html/t6_listpage.html", "failed", "网页里没有正文"),
    ("txt/binary_as.txt", "failed", "二进制"),
])
@pytest.mark.usefixtures("without_ocr")
def test_what_cannot_be_read_says_why(name, status, words):
    document = read_paths(SAMPLES / name)["documents"].iloc[0]
    assert document["status"] == status
    assert words in document["reason"]


@pytest.mark.usefixtures("without_ocr")
def test_hostile_files_end_as_one_issue_each():
    paths = sorted((SAMPLES / "bad").iterdir())
    for path in paths:
        tables = read_paths(path)
        document = tables["documents"].iloc[0]
        # A pdf with junk before its head, a page with a few flipped bytes and a cut rtf are read as far as they go.
        readable = ("pdf_junkhead", "html_flip", "rtf_trunc50")
        assert document["status"] in ("failed", "empty", "needs_ocr") or path.stem in readable, path.name
        assert len(tables["issues"]) == (0 if path.stem == "pdf_junkhead" else 1), path.name


def test_the_demonstration_reads_like_its_source():
    sources = {path.stem: path for path in (SHARED / "demo").glob("*.txt")}
    files = sorted(path for path in (ROOT / "data" / "raw").rglob("*") if path.is_file() and path.stem in sources)
    assert len(files) == len(sources)
    expected = _text_by_stem(read_paths(*sources.values()))
    read = read_paths(*files)
    assert _text_by_stem(read) == expected
    assert set(read["documents"]["format"]) == {"txt", "docx", "pdf", "html"}
    assert read["issues"].empty


def _text_by_stem(tables: dict) -> dict[str, str]:
    documents = tables["documents"]
    return {Path(path).stem: text for path, text in zip(documents["path"], documents["text"], strict=True)}
