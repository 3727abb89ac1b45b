"""doc, rtf, odt, mht and ofd: small files built here where the format allows it; more in test_samples.py."""

import io
import struct
import zipfile

import pytest

from pipeline.errors import ReadingError
from pipeline.reading.doc import read_doc
from pipeline.reading.doc_numbering import Lists, _Override
from pipeline.reading.doc_properties import Paragraph, parse_paragraph, sprms
from pipeline.reading.mht import read_mht
from pipeline.reading.numbering import Level
from pipeline.reading.odt import read_fodt, read_odt
from pipeline.reading.ofd import read_ofd
from pipeline.reading.raw import FOOTNOTE, RawDocument
from pipeline.reading.rtf import read_rtf
from pipeline.settings import LIMITS


def lines(document: RawDocument) -> list[str]:
    return [piece.text for piece in document.pieces if piece.text.strip()]


def rtf(body: str, codec: str = "gb18030") -> list[str]:
    head = r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 \'cb\'ce\'cc\'e5;}{\f1\froman\fcharset0 Times;}}"
    return lines(read_rtf(f"{head}{body}}}".encode(codec), LIMITS))


def escaped(text: str) -> str:
    return "".join(f"\\'{byte:02x}" for byte in text.encode("gb18030"))


@pytest.mark.parametrize(("body", "expected"), [
    (escaped("正文首段。") + r"\par " + escaped("次段") + r"2022\par", ["正文首段。", "次段2022"]),
    ("正文首段。\\par 次段", ["正文首段。", "次段"]),                                         # raw bytes
    (r"{\f1 " + escaped("西文字体里的汉字") + "}", ["西文字体里的汉字"]),
    (r"\uc1\u27491?\u25991?\u12290?", ["正文。"]),
    (r"\uc2\u27491\'d5\'fd\u25991\'ce\'c4", ["正文"]),                                     # two bytes stand for one escape
    (r"\u27491\'3f\u25991\'3f\u12290\'3f\u50?\u51?", ["正文。23"]),                          # each with a byte for old programs
    (r"\u-10126?\u-8358?", ["𬭚"]),                                                       # two halves of one character
    (escaped("留") + r"{\deleted " + escaped("删") + r"}{\v " + escaped("隐") + "}" + escaped("下"), ["留下"]),
    (r"{\listtext " + escaped("一、") + r"\tab}" + escaped("主要举措") + r"\par", ["一、主要举措"]),
    (r"\'a1\'b0" + escaped("引文") + r"\rdblquote\emdash", ["“引文”—"]),
    (r"{\info{\title " + escaped("标题") + r"}}{\*\generator x;}" + escaped("正文"), ["正文"]),
    (r"{\field{\*\fldinst PAGE}{\fldrslt " + escaped("域结果") + "}}", ["域结果"]),
    (r"\bin5 {}{}{" + escaped("二进制之后"), ["二进制之后"]),
])
def test_rtf(body, expected):
    assert rtf(body) == expected


def test_rtf_tables_boxes_and_notes():
    body = (r"\trowd\intbl " + escaped("事项") + r"\cell " + escaped("件数") + r"\cell\row\pard "
            + escaped("正文") + r"{\footnote " + escaped("脚注") + r"}{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt " + escaped("文本框") + r"\par}}\par")
    document = read_rtf((r"{\rtf1\ansi\ansicpg936 " + body + "}").encode(), LIMITS)
    assert lines(document) == ["事项\t件数", "文本框", "正文", "脚注"]
    assert document.pieces[-1].kind == FOOTNOTE


def test_rtf_that_is_cut_is_read_with_a_note():
    document = read_rtf(rb"{\rtf1\ansi\ansicpg936 " + escaped("正文").encode() + rb"\par {\b ", LIMITS)
    assert lines(document) == ["正文"]
    assert "截断" in document.notes[0][1]


def test_rtf_with_endless_braces_is_refused():
    with pytest.raises(ReadingError, match="嵌套"):
        read_rtf(b"{\\rtf1" + b"{" * 5000, LIMITS)


FODT = ('<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:automatic-styles><text:list-style style:name="L">'
        '<text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..." style:num-suffix="、"/>'
        '<text:list-level-style-number text:level="2" style:num-prefix="（" style:num-format="一, 二, 三, ..." style:num-suffix="）"/>'
        '</text:list-style><style:style style:name="H"><style:text-properties text:display="none"/></style:style>'
        '</office:automatic-styles><office:body><office:text>{}</office:text></office:body></office:document>')


def fodt(body: str) -> list[str]:
    return lines(read_fodt(FODT.format(body).encode(), LIMITS))


def test_odt_lists_go_on_where_they_say_so():
    def item(inner: str) -> str:
        return f"<text:list-item>{inner}</text:list-item>"

    first = f'<text:list text:style-name="L">{item("<text:p>举措</text:p><text:list>" + item("<text:p>机制</text:p>") + "</text:list>")}</text:list>'
    second = f'<text:list text:style-name="L" text:continue-numbering="true">{item("<text:p>不足</text:p>")}</text:list>'
    third = f'<text:list text:style-name="L">{item("<text:p>另起</text:p>")}</text:list>'
    assert fodt(f"{first}<text:p>正文。</text:p>{second}{third}") == ["一、举措", "（一）机制", "正文。", "二、不足", "一、另起"]


def test_odt_text_tables_notes_and_hidden_parts():
    body = ('<text:tracked-changes><text:p>删除</text:p></text:tracked-changes>'
            '<text:p>甲<text:s text:c="2"/>乙<text:tab/>丙<text:span text:style-name="H">隐藏</text:span>'
            '<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>脚注。</text:p></text:note-body></text:note></text:p>'
            '<table:table><table:table-row><table:table-cell><text:p>事项</text:p></table:table-cell><table:table-cell><text:p>件数</text:p>'
            '</table:table-cell></table:table-row></table:table><text:table-of-content><text:p>目录</text:p></text:table-of-content>')
    assert fodt(body) == ["甲  乙\t丙", "事项\t件数", "脚注。"]


def _zip(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return buffer.getvalue()


def test_encrypted_odt_says_so():
    manifest = ('<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:file-entry><m:encryption-data/>'
                "</m:file-entry></m:manifest>")
    with pytest.raises(ReadingError, match="加密"):
        read_odt(_zip({"content.xml": "x", "META-INF/manifest.xml": manifest}), LIMITS)


def test_web_archive():
    page = "<html><body><div id=zoom><p>2023年，区科技局扎实推进法治政府建设，各项工作取得成效。</p></div></body></html>"
    archive = (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html; charset=gb2312\n"
               b"Content-Transfer-Encoding: 8bit\n\n") + page.encode("gb18030") + b"\n--b\nContent-Type: image/png\n\nx\n--b--\n"
    assert lines(read_mht(archive, LIMITS))[-1] == "2023年，区科技局扎实推进法治政府建设，各项工作取得成效。"
    with pytest.raises(ReadingError, match="没有网页"):
        read_mht(b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b--\n", LIMITS)


def ofd(objects: str, **parts: str) -> RawDocument:
    space = 'xmlns="http://www.ofdspec.org/2016"'
    return read_ofd(_zip({
        "OFD.xml": f"<OFD {space}><DocBody><DocRoot>Doc_0/Document.xml</DocRoot></DocBody></OFD>",
        "Doc_0/Document.xml": f'<Document {space}><CommonData><PageArea><PhysicalBox>0 0 210 297</PhysicalBox></PageArea>'
                              f'<PublicRes>Res.xml</PublicRes></CommonData><Pages><Page BaseLoc="P\\Content.xml"/></Pages></Document>',
        "Doc_0/P/Content.xml": f"<Page {space}><Content><Layer>{objects}</Layer></Content></Page>",
        "Doc_0/Res.xml": f"<Res {space}>{parts.get('resources', '')}</Res>"}), LIMITS)


def placed(text: str, x: float, y: float, extra: str = "") -> str:
    return f'<TextObject Boundary="{x} {y} 150 8" Size="5" {extra}><TextCode X="0" Y="5" DeltaX="g {len(text)} 5">{text}</TextCode></TextObject>'


def test_ofd_lines_paragraphs_and_double_printing():
    long = "全年召开党组会议专题研究法治政府建设工作四次听取汇报两次"
    objects = placed(long, 38, 50) + placed("研究部署依法行政工作。", 28, 60) + placed("一、主要举措", 38, 40) + placed("一、主要举措", 38.2, 40)
    assert lines(ofd(objects)) == ["一、主要举措", long + "研究部署依法行政工作。"]


def test_ofd_text_in_composite_objects():
    resources = f'<CompositeGraphicUnit ID="7"><Content>{placed("复合对象里的正文", 0, 0)}</Content></CompositeGraphicUnit>'
    assert lines(ofd('<CompositeObject ResourceID="7" Boundary="20 30 100 20"/>', resources=resources)) == ["复合对象里的正文"]


def test_ofd_table_by_its_rules():
    rules = "".join(f'<PathObject Boundary="{x} 40 0.2 20"/>' for x in (30, 80, 130)) + "".join(
        f'<PathObject Boundary="30 {y} 100 0.2"/>' for y in (40, 50, 60))
    cells = placed("事项", 32, 41) + placed("件数", 82, 41) + placed("许可", 32, 51) + placed("12", 82, 51)
    assert lines(ofd(rules + cells)) == ["事项\t件数", "许可\t12"]


def test_ofd_page_of_a_picture_is_no_text():
    assert ofd('<ImageObject Boundary="0 0 210 297"/>').pages_without_text == [1]


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600])
def test_damaged_doc(content):
    with pytest.raises(ReadingError):
        read_doc(content, LIMITS)


def test_doc_properties_are_parsed_one_by_one():
    data = struct.pack("<HhHBHB", 0x460B, 3, 0x260A, 1, 0x2416, 1)
    assert parse_paragraph(5, data) == Paragraph(5, 3, 1, True, False)
    assert list(sprms(data[:4])) == [(0x460B, b"\x03\x00")]


def test_doc_list_of_a_style_and_its_parent():
    lists = Lists(definitions={9: [Level("%1、", "chineseCounting"), Level("（%2）", "chineseCounting")]},
                  overrides=[_Override(9)], styles={1: Paragraph(1, 1, 0), 2: Paragraph(2, None, 1)}, parents={2: 1})
    assert [lists.label(Paragraph(1)), lists.label(Paragraph(2)), lists.label(Paragraph(2)), lists.label(Paragraph(1)),
            lists.label(Paragraph(1, 0)), lists.label(Paragraph(0))] == ["一、", "（一）", "（二）", "二、", "", ""]
