"""Recognised pages: what is repaired without the recogniser, and with it the sample scans."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from pipeline.errors import ReadingError
from pipeline.reading.layout import Cell, Line, Page
from pipeline.reading.ocr_text import (
    Recognition,
    Run,
    count_lost_lines,
    level_sizes,
    repair_paragraph,
    repair_recognised,
    unify_running_heads,
)
from pipeline.reading.recognition import make_page
from tests.reading.files import docx, paragraph, read_bytes, read_paths, text_of

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not beside the checkout")


@pytest.mark.parametrize(("read", "meant"), [
    ("(四)继续深化政务信息公开工作。", "（四）继续深化政务信息公开工作。"),
    ("(二）持续强化执法队伍建设", "（二）持续强化执法队伍建设"),
    ("区委、区政府:", "区委、区政府："),
    ("(-)加强领导", "（一）加强领导"),
    ("—、主要举措", "一、主要举措"),
    ("办结许可12件(含变更3件)", "办结许可12件（含变更3件）"),
    ("下降7.4%,其中", "下降7.4%，其中"),
    ("GB/T 33190(2016)", "GB/T 33190(2016)"),
    ("12:30开会", "12:30开会"),
    ("1,200人次", "1,200人次"),
])
def test_marks_beside_hanzi_are_wide(read, meant):
    assert repair_recognised(read) == meant


@pytest.mark.parametrize(("read", "meant"), [
    ("听取汇报.研究部署工作。", "听取汇报，研究部署工作。"),
    ("研究部署工作.", "研究部署工作。"),
    ("二）部分干部不熟练。", "（二）部分干部不熟练。"),
    ("增长7.4%。", "增长7.4%。"),
])
def test_points_and_lost_brackets(read, meant):
    assert repair_paragraph(read) == meant


def line(text: str, top: float, size: float, page: int = 1) -> Line:
    return Line([Cell(text, 50, 50 + size * len(text))], top, top + size, size, page)


def test_sizes_of_one_kind_become_equal():
    lines = [line("全年召开党组会议四次专题研究法治", 100, 15.8), line("政府建设工作并听取汇报两次安排部", 120, 16.4),
             line("署工作。", 140, 17.5), line("关于2023年度法治政府建设情况", 60, 23.8), line("的报告工作", 80, 22.6)]
    level_sizes([Page(1, 595, 842, lines)])
    assert lines[0].size == lines[1].size == lines[2].size
    assert lines[3].size == lines[4].size > 20


def test_a_gap_in_a_sentence_is_a_lost_line():
    full = "全年召开党组会议四次专题研究法治政府建设工作并听取汇报两次"
    lines = [line(full, 100 + 28 * number, 16) for number in range(8)]
    assert count_lost_lines(Page(1, 595, 842, lines)) == 0
    assert count_lost_lines(Page(1, 595, 842, lines[:3] + lines[4:])) == 1
    lines[2] = line(full[:20] + "落实。", 156, 16)
    assert count_lost_lines(Page(1, 595, 842, lines[:3] + lines[4:])) == 0


def test_running_heads_read_differently_become_one():
    pages = [Page(number, 595, 842, [line(text, 30 + number, 11, number), line("正文" * 10, 200, 16, number)])
             for number, text in enumerate(["张店区科技局2022年度工作报告", "张店<科技局2022军度工作报告", "张店区科技局2022年度工作报"], 1)]
    unify_running_heads(pages)
    assert {page.lines[0].text for page in pages} == {"张店区科技局2022年度工作报告"}
    assert len({page.lines[0].top for page in pages}) == 1


def test_runs_of_one_line_are_joined_and_columns_kept():
    def run(text: str, left: float, top: float) -> Run:
        return Run(text, left, left + 40 * len(text), top, top + 50, 0.99)

    runs = (run("全年召开会议", 100, 102), run("四次。", 350, 100), run("事项", 100, 200), run("件数", 600, 203))
    page = make_page(Recognition(runs, 1654, 2339, 1), 1)
    assert [[cell.text for cell in line.cells] for line in page.lines] == [["全年召开会议四次。"], ["事项", "件数"]]


def docx_of_pictures(picture: bytes) -> bytes:
    drawing = ('<w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
               ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="p1"/></w:drawing>')
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    relations = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                 f'<Relationship Id="p1" Type="{kind}" Target="media/image1.jpeg"/></Relationships>')
    return packed({**unpacked(docx(paragraph(f"<w:r>{drawing}</w:r>"))), "word/_rels/document.xml.rels": relations.encode(),
                   "word/media/image1.jpeg": picture})


def ofd_of_pictures(picture: bytes) -> bytes:
    name = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    box = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
    parts = {
        "OFD.xml": f"<ofd:OFD {name}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {name}><ofd:CommonData>{box}<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData>"
                              '<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>',
        "Doc_0/DocumentRes.xml": f'<ofd:Res {name} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="7" Type="Image">'
                                 "<ofd:MediaFile>p.jpg</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>",
        "Doc_0/Pages/Page_0/Content.xml": f'<ofd:Page {name}><ofd:Content><ofd:Layer><ofd:ImageObject ID="8" ResourceID="7"'
                                          ' Boundary="0 0 210 297" CTM="210 0 0 297 0 0"/></ofd:Layer></ofd:Content></ofd:Page>',
    }
    return packed({**{path: text.encode() for path, text in parts.items()}, "Doc_0/Res/p.jpg": picture})


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.usefixtures("without_ocr")
@pytest.mark.parametrize("make", [docx_of_pictures, ofd_of_pictures])
def test_files_of_pictures_need_the_extra(tmp_path, make):
    document = read_bytes(tmp_path, "扫描", make(b"\xff\xd8\xff"))["documents"].iloc[0]
    assert (document["status"], document["pages"]) == ("needs_ocr", 1)
    assert "hengbao[ocr]" in document["reason"]


@pytest.mark.usefixtures("without_ocr")
@needs_samples
def test_without_the_extra_the_advice_is_to_install_it():
    document = read_paths(SAMPLES / "scan" / "fax100.pdf")["documents"].iloc[0]
    assert (document["status"], document["text"]) == ("needs_ocr", "")
    assert "6 页" in document["reason"]
    assert "hengbao[ocr]" in document["reason"]


@pytest.mark.usefixtures("with_ocr")
@needs_samples
class TestScans:
    def test_a_page_with_a_seal(self):
        tables = read_paths(SAMPLES / "scan" / "mild200_p6.jpg")
        document = tables["documents"].iloc[0]
        text = text_of(tables)
        assert (document["status"], document["format"], document["pages"], document["ocr_pages"]) == ("ok", "image", 1, 1)
        assert document["ocr_share_pct"] == 100
        assert "参与权、表达权和监督权，让广大企业、人民群众有更高的获得感、幸福感。\n特此报告\n中共张店区科学技术局党组\n2022年12月30日" in text

    def test_a_page_upside_down_is_turned_and_told(self):
        tables = read_paths(SAMPLES / "scan" / "rot180_p1.jpg")
        assert "（一）持续健全组织领导。为加强依法行政的组织领导，我局不断健全完善" in text_of(tables)
        assert ["转 180 度" in message for message in tables["issues"]["message"]] == [True]
        assert tables["documents"]["reading_confidence"][0] < 0.95

    def test_pages_that_cannot_be_believed_are_recognised(self, tmp_path):
        import pikepdf

        buffer = io.BytesIO()
        with pikepdf.open(SAMPLES / "pdf" / "no_tounicode.pdf") as whole, pikepdf.open(SAMPLES / "lo" / "report_gov.pdf") as good:
            del whole.pages[:5]
            whole.pages.append(good.pages[0])
            whole.save(buffer)
        tables = read_bytes(tmp_path, "混合.pdf", buffer.getvalue())
        document = tables["documents"].iloc[0]
        assert (document["status"], document["pages"], document["ocr_pages"]) == ("ok", 2, 1)
        assert 0 < document["ocr_share_pct"] < 100
        lines = text_of(tables).split("\n")
        assert "特此报告" in lines
        assert "一、推进法治政府建设的主要举措和成效" in lines

    def test_a_fax_in_several_frames(self, tmp_path):
        from PIL import Image

        frames = [Image.open(SAMPLES / "scan" / f"fax100_p{number}.jpg") for number in (6, 6)]
        buffer = io.BytesIO()
        frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:])
        tables = read_bytes(tmp_path, "传真.tif", buffer.getvalue())
        assert tables["documents"]["pages"].tolist() == [2]
        assert set(tables["blocks"]["page"]) == {1, 2}

    def test_a_word_file_of_pictures(self, tmp_path):
        tables = read_bytes(tmp_path, "扫描.docx", docx_of_pictures((SAMPLES / "scan" / "mild200_p6.jpg").read_bytes()))
        assert tables["documents"][["status", "pages", "ocr_pages"]].values.tolist() == [["ok", 1, 1]]
        assert "特此报告" in text_of(tables).split("\n")

    def test_an_ofd_of_pictures(self, tmp_path):
        tables = read_bytes(tmp_path, "扫描.ofd", ofd_of_pictures((SAMPLES / "scan" / "mild200_p6.jpg").read_bytes()))
        assert tables["documents"][["status", "pages", "ocr_pages"]].values.tolist() == [["ok", 1, 1]]
        assert "特此报告" in text_of(tables).split("\n")

    @pytest.mark.parametrize(("content", "words"), [
        (b"\x89PNG\r\n\x1a\n", "图片"), (b"\xff\xd8\xff\xe0" + b"x" * 200, "图片"),
    ])
    def test_a_broken_picture_is_one_issue(self, tmp_path, content, words):
        tables = read_bytes(tmp_path, "坏.png", content)
        assert tables["documents"]["status"].tolist() == ["failed"]
        assert words in tables["documents"]["reason"][0]
        assert len(tables["issues"]) == 1

    def test_an_empty_page_is_no_silence(self, tmp_path):
        from PIL import Image

        buffer = io.BytesIO()
        Image.new("RGB", (400, 600), "white").save(buffer, "PNG")
        tables = read_bytes(tmp_path, "白.png", buffer.getvalue())
        assert tables["documents"]["status"].tolist() == ["failed"]
        assert "没有识别出文字" in tables["documents"]["reason"][0]

    def test_too_many_pixels_are_refused_before_they_are_read(self, monkeypatch):
        from PIL import Image

        from pipeline.reading import pictures
        from pipeline.settings import LIMITS

        buffer = io.BytesIO()
        Image.new("1", (300, 300)).save(buffer, "PNG")
        monkeypatch.setattr(pictures, "_MOST_PIXELS", 10_000)
        with pytest.raises(ReadingError, match="像素"):
            pictures.open_page("image", buffer.getvalue(), 1, "", LIMITS)


def _blot(picture, left: int, height: int) -> list[list[float]]:
    """A mark of 6 by 6 points in a cell of 40 by 40, `height` points down; the corners of the cell."""
    picture[height - 3:height + 3, left + 6:left + 12] = 0
    return [[left, 0], [left + 40, 0], [left + 40, 40], [left, 40]]


def test_mark_that_stands_where_only_the_other_does_is_put_right() -> None:
    numpy = pytest.importorskip("numpy")
    pytest.importorskip("cv2")
    from pipeline.reading.ocr_marks import settle_marks

    read = "，，，，，、、、、、、"
    lows = [True] * 5 + [False] * 5 + [True]  # the last one hangs low like all commas and was read as 、
    picture = numpy.full((40, 40 * len(read), 3), 255, numpy.uint8)
    letters = [(mark, _blot(picture, 40 * place, 32 if low else 20)) for place, (mark, low) in enumerate(zip(read, lows, strict=True))]
    assert settle_marks(picture, [(read, letters)]) == ["，，，，，、、、、、，"]
    # A typeface that sets both alike tells nothing.
    alike = numpy.full((40, 40 * len(read), 3), 255, numpy.uint8)
    letters = [(mark, _blot(alike, 40 * place, 32)) for place, mark in enumerate(read)]
    assert settle_marks(alike, [(read, letters)]) == [read]
