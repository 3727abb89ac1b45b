import pytest

from pipeline.errors import ReadingError
from pipeline.reading.docx import read_docx
from pipeline.reading.numbering import chinese_number, format_number
from pipeline.reading.raw import FOOTNOTE, TABLE_ROW
from pipeline.settings import LIMITS, Limits
from tests.reading.files import W, docx, item, level, numbering, paragraph, run

CHINESE = level(0, "chineseCounting", "%1、") + level(1, "chineseCountingThousand", "（%2）") + level(2, "decimal", "%3.")


def lines(body: str, numbers: str = "", **parts: str) -> list[str]:
    return [piece.text for piece in read_docx(docx(body, numbers, **parts), LIMITS).pieces if piece.text]


def test_automatic_numbers_are_printed():
    body = (item("主要举措", 0) + item("加强领导。", 1) + item("规范执法。", 1) + paragraph(run("正文。")) + item("开展检查", 2)
            + item("存在不足", 0) + item("学习不够。", 1))
    assert lines(body, numbering(CHINESE)) == [
        "一、主要举措", "（一）加强领导。", "（二）规范执法。", "正文。", "1.开展检查", "二、存在不足", "（一）学习不够。"]


def test_two_lists_of_one_definition_count_on_unless_overridden():
    body = item("甲", 0) + item("乙", 0, 2)
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    assert lines(body, numbering(CHINESE)) == ["一、甲", "二、乙"]
    assert lines(body, numbering(CHINESE, restart)) == ["一、甲", "一、乙"]


def test_number_from_a_style_and_its_parent():
    styles = (f'<w:styles {W}><w:style w:type="paragraph" w:styleId="A"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
              '</w:style><w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/></w:style></w:styles>')
    body = (paragraph(run("举措"), '<w:pStyle w:val="B"/>')
            + paragraph(run("无号"), '<w:pStyle w:val="B"/><w:numPr><w:numId w:val="0"/></w:numPr>')
            + paragraph(run("不足"), '<w:pStyle w:val="A"/>'))
    assert lines(body, numbering(CHINESE), styles=styles) == ["一、举措", "无号", "二、不足"]


def test_legal_numbers_and_bullets():
    levels = level(0, "chineseCounting", "第%1章") + level(1, "decimal", "%1.%2", "<w:isLgl/>") + level(2, "bullet", "•")
    body = item("总则", 0) + item("目的", 1) + item("要点", 2)
    assert lines(body, numbering(levels)) == ["第一章　总则", "1.1　目的", "要点"]


@pytest.mark.parametrize(("value", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (103, "一百零三"), (1010, "一千零一十")])
def test_chinese_numbers(value, words):
    assert chinese_number(value) == words


@pytest.mark.parametrize(("style", "words"), [
    ("decimalEnclosedCircle", "③"), ("chineseLegalSimplified", "叁"), ("upperRoman", "III"), ("lowerLetter", "c"),
    ("ideographTraditional", "丙"), ("decimalEnclosedParen", "⑶"), ("none", ""), ("decimalZero", "03"), ("someNewStyle", "3")])
def test_number_styles(style, words):
    assert format_number(3, style) == words


def test_revisions_as_accepted():
    by = 'w:author="x" w:date="2023-01-01T00:00:00Z"'
    deleted = f'<w:del w:id="2" {by}><w:r><w:delText>5</w:delText></w:r></w:del>'
    body = paragraph(run("办结") + deleted + f'<w:ins w:id="1" {by}>{run("12")}</w:ins>' + run("件。"))
    moved = (paragraph(f'<w:moveFrom w:id="3" {by}>{run("移动段")}</w:moveFrom>', f'<w:rPr><w:moveFrom w:id="4" {by}/></w:rPr>')
             + paragraph(f'<w:moveTo w:id="5" {by}>{run("移动段")}</w:moveTo>'))
    joined = paragraph(run("段标被删"), f'<w:rPr><w:del w:id="6" {by}/></w:rPr>') + paragraph(run("应当并段。"))
    assert lines(body + moved + joined) == ["办结12件。", "移动段", "段标被删应当并段。"]


def test_text_box_once_and_before_its_paragraph():
    markup = ('<w:r xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:AlternateContent>'
              f'<mc:Choice><w:drawing><x><w:txbxContent>{paragraph(run("澜山区文件"))}</w:txbxContent></x></w:drawing></mc:Choice>'
              f'<mc:Fallback><w:pict><w:txbxContent>{paragraph(run("澜山区文件"))}</w:txbxContent></w:pict></mc:Fallback>'
              "</mc:AlternateContent></w:r>")
    assert lines(paragraph(markup + run("正文。"))) == ["澜山区文件", "正文。"]


def test_hidden_text_fields_and_odd_containers():
    hidden = '<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>'
    shown = '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>可见</w:t></w:r>'
    field = f'<w:r><w:instrText>PAGE</w:instrText></w:r><w:fldSimple w:instr="SEQ">{run("域")}</w:fldSimple>'
    control = f'<w:sdt><w:sdtPr/><w:sdtContent>{run("控件")}</w:sdtContent></w:sdt><w:smartTag>{run("2022年")}</w:smartTag>'
    ruby = f'<w:r><w:ruby><w:rt>{run("zhang")}</w:rt><w:rubyBase>{run("张")}</w:rubyBase></w:ruby></w:r>'
    symbol = '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
    assert lines(paragraph(hidden + shown + field + control + ruby + symbol)) == ["可见域控件2022年张\uf0fe"]


def test_tables_keep_their_place_and_columns():
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(run(text))}</w:tc>"

    table = (f'<w:tbl><w:tr>{cell("指标")}{cell("2021年")}{cell("2022年")}</w:tr>'
             f'<w:tr>{cell("公开", "<w:vMerge w:val=" + chr(34) + "restart" + chr(34) + "/>")}{cell("65")}{cell("80")}</w:tr>'
             f'<w:tr>{cell("重复", "<w:vMerge/>")}{cell("合计145", "<w:gridSpan w:val=" + chr(34) + "2" + chr(34) + "/>")}</w:tr></w:tbl>')
    pieces = read_docx(docx(paragraph(run("前。")) + table + paragraph(run("后。"))), LIMITS).pieces
    assert [piece.cells for piece in pieces if piece.kind == TABLE_ROW] == [
        ("指标", "2021年", "2022年"), ("公开", "65", "80"), ("", "合计145", "")]
    assert [piece.text for piece in pieces if piece.kind != TABLE_ROW] == ["前。", "后。"]


def test_a_frame_around_the_letterhead_is_no_table():
    frame = f"<w:tbl><w:tr><w:tc>{paragraph(run('澜山区文件'))}{paragraph(run('澜发〔2022〕1号'))}</w:tc></w:tr></w:tbl>"
    pieces = read_docx(docx(frame), LIMITS).pieces
    assert [(piece.kind, piece.text) for piece in pieces] == [("paragraph", "澜山区文件"), ("paragraph", "澜发〔2022〕1号")]


def test_footnotes_come_last_and_only_those_referred_to():
    notes = (f'<w:footnotes {W}><w:footnote w:id="0">{paragraph(run("分隔线"))}</w:footnote>'
             f'<w:footnote w:id="7">{paragraph(run("来源于区统计局。"))}</w:footnote></w:footnotes>')
    body = paragraph(run("正文") + '<w:r><w:footnoteReference w:id="7"/></w:r>' + run("。")) + paragraph(run("末段。"))
    pieces = read_docx(docx(body, footnotes=notes), LIMITS).pieces
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("paragraph", "正文。"), ("paragraph", "末段。"), (FOOTNOTE, "来源于区统计局。")]


def test_strict_namespace_reads_alike():
    content = docx(paragraph(run("正文。"))).replace(b"", b"")
    assert content
    strict = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
    from tests.reading import files
    transitional, files.W = files.W, strict
    try:
        assert lines(paragraph(run("正文。"))) == ["正文。"]
    finally:
        files.W = transitional


@pytest.mark.parametrize(("body", "words"), [
    ("<w:p><w:r><w:t>未闭合", "XML 有误"),
    ("</w:body><!DOCTYPE a [<!ENTITY b 'c'>]>", "DTD"),
])
def test_broken_or_hostile_xml(body, words):
    with pytest.raises(ReadingError, match=words):
        read_docx(docx(body), LIMITS)


def test_bombs_are_refused_by_real_size():
    with pytest.raises(ReadingError, match="压缩比"):
        read_docx(docx(paragraph(run("零" * 3_000_000))), LIMITS)
    with pytest.raises(ReadingError, match="超过"):
        read_docx(docx(paragraph(run("".join(map(str, range(60_000)))))), Limits(archive_part_bytes=100_000))


def test_mark_that_another_program_could_not_write_is_put_back():
    assert lines(item("主要举措", 0) + item("存在的不足", 0), numbering(level(0, "chineseCounting", "%1?"))) == ["一、主要举措", "二、存在的不足"]


def test_styles_without_numbers_do_not_hide_those_with_them():
    latent = "<w:latentStyles><w:lsdException w:name='Normal'/></w:latentStyles>"
    styles = (f'<w:styles {W}>{latent}<w:style w:type="table" w:styleId="T"><w:tblPr/></w:style>'
              '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="a"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
              '<w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"></w:basedOn><w:pPr><w:jc w:val="left"/></w:pPr></w:style>'
              '<w:style w:type="character" w:styleId="C"><w:basedOn w:val="A"/></w:style></w:styles>')
    body = paragraph(run("举措"), '<w:pStyle w:val="B"/>') + paragraph(run("不足"), '<w:pStyle w:val="A"/>')
    assert lines(body, numbering(CHINESE), styles=styles) == ["一、举措", "二、不足"]
