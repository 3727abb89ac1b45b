"""Word documents written as one XML file."""

from __future__ import annotations

import pytest

from tests.reading.files import docx, item, level, numbering, paragraph, read_bytes, run, text_of

WORD_2003 = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<?mso-application progid="Word.Document"?>
<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"
 xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint" xmlns:aml="http://schemas.microsoft.com/aml/2001/core">
<w:body><wx:sect>{}</wx:sect></w:body></w:wordDocument>"""


def test_numbers_sections_and_revisions(tmp_path):
    listed = '<w:pPr><w:listPr><w:ilvl w:val="0"/><w:ilfo w:val="1"/><wx:t wx:val="{}"/></w:listPr></w:pPr>'
    body = (
        "<wx:sub-section><w:p>" + listed.format("一、") + "<w:r><w:t>主要举措</w:t></w:r></w:p></wx:sub-section>"
        "<w:p>" + listed.format("（一）") + "<w:r><w:t>加强领导。</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>召开会议</w:t></w:r>"
        '<aml:annotation w:type="Word.Insertion"><aml:content><w:r><w:t>四</w:t></w:r></aml:content></aml:annotation>'
        '<aml:annotation w:type="Word.Deletion"><aml:content><w:r><w:delText>三</w:delText></w:r></aml:content></aml:annotation>'
        "<w:r><w:t>次。</w:t></w:r></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>许可</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>12件</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    tables = read_bytes(tmp_path, "报告.doc", WORD_2003.format(body).encode())
    assert text_of(tables) == "一、主要举措\n（一）加强领导。\n召开会议四次。\n许可\t12件"
    assert tables["documents"]["format"].tolist() == ["wordxml"]
    assert tables["documents"]["n_numbered"].tolist() == [2]
    assert len(tables["table_cells"]) == 2


def test_the_parts_of_a_docx_in_one_file(tmp_path):
    import io
    import zipfile

    package = docx(item("主要举措", 0) + paragraph(run("召开会议四次。")), numbering(level(0, "chineseCounting", "%1、")))
    parts = ""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        for name in archive.namelist():
            if name != "[Content_Types].xml":
                parts += f'<pkg:part pkg:name="/{name}"><pkg:xmlData>{archive.read(name).decode()}</pkg:xmlData></pkg:part>'
    flat = f'<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">{parts}</pkg:package>'
    assert text_of(read_bytes(tmp_path, "报告.xml", flat.encode())) == "一、主要举措\n召开会议四次。"


@pytest.mark.parametrize("content", [
    WORD_2003.format("<w:p>"), WORD_2003.format("").replace("<w:body>", "<w:none>").replace("</w:body>", "</w:none>"),
    WORD_2003.format("").replace("<w:wordDocument", '<!DOCTYPE x [<!ENTITY a "b">]><w:wordDocument'),
])
def test_broken_and_hostile_ones_are_one_issue(tmp_path, content):
    tables = read_bytes(tmp_path, "报告.doc", content.encode())
    assert tables["documents"]["status"].tolist() == ["failed"]
    assert len(tables["issues"]) == 1


def test_numbers_are_worked_out_where_another_program_did_not_print_them(tmp_path):
    lists = ('<w:lists><w:listDef w:listDefId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:nfc w:val="37"/><w:lvlText w:val="%1、"/></w:lvl>'
             '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:nfc w:val="37"/><w:lvlText w:val="（%2）"/></w:lvl></w:listDef>'
             '<w:list w:ilfo="2"><w:ilst w:val="1"/></w:list></w:lists>')
    listed = '<w:p><w:pPr><w:listPr><w:ilvl w:val="{}"/><w:ilfo w:val="2"/></w:listPr></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
    body = "".join(listed.format(place, text) for place, text in ((0, "主要举措"), (1, "加强领导。"), (1, "普法宣传。"), (0, "存在的不足")))
    content = WORD_2003.format(body).replace("<w:body>", lists + "<w:body>")
    assert text_of(read_bytes(tmp_path, "报告.xml", content.encode())) == "一、主要举措\n（一）加强领导。\n（二）普法宣传。\n二、存在的不足"
