"""What other programs write: revisions left in place, notes where they are referred to, titles in plain bold type."""

import pytest

from pipeline.reading.html import read_html
from pipeline.reading.odt import read_fodt
from pipeline.reading.raw import FOOTNOTE
from pipeline.reading.wordxml import read_wordxml
from pipeline.settings import LIMITS

PROSE = ("2023年，区财政局深入学习习近平法治思想，扎实推进法治政府建设，各项工作取得新的成效。", "一、主要举措",
         "全年召开党组会议4次，专题研究法治政府建设工作，主动公开政府信息130条，办理行政许可12件。")
FODT = """<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text><text:tracked-changes>
<text:changed-region text:id="d"><text:deletion/></text:changed-region><text:changed-region text:id="i"><text:insertion/></text:changed-region>
</text:tracked-changes>{}</office:text></office:body></office:document>"""


@pytest.mark.parametrize(("body", "expected"), [
    ('<text:p>召开<text:change-start text:change-id="d"/>三次<text:change-end text:change-id="d"/>'
     '<text:change-start text:change-id="i"/>四次<text:change-end text:change-id="i"/>会议。</text:p>', ["召开四次会议。"]),
    ('<text:p>全年<text:change-start text:change-id="d"/>无事故。</text:p><text:p>删去的一段。</text:p>'
     '<text:p>共<text:change-end text:change-id="d"/>办结3件。</text:p><text:p>特此报告。</text:p>', ["全年办结3件。", "特此报告。"]),
    ('<text:p>召开<text:change-start text:change-id="d"/>四次会议。</text:p><text:p>特此报告。</text:p>', ["召开四次会议。", "特此报告。"]),
])
def test_deletions_left_in_place(body, expected):
    assert [piece.text for piece in read_fodt(FODT.format(body).encode(), LIMITS).pieces] == expected


def test_word_2003_xml_has_notes_in_the_text():
    body = ("<w:p><w:r><w:t>办结许可12件</w:t></w:r><w:r><w:footnote><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>含变更。</w:t></w:r></w:p>"
            "</w:footnote></w:r>"
            "<w:r><w:t>。</w:t></w:r></w:p>")
    content = f'<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body>{body}</w:body></w:wordDocument>'
    pieces = read_wordxml(content.encode(), LIMITS).pieces
    assert [(piece.text, piece.kind) for piece in pieces] == [("办结许可12件。", "paragraph"), ("含变更。", FOOTNOTE)]


def lines(content: str) -> list[str]:
    return [piece.text for piece in read_html(content.encode(), LIMITS).pieces if not piece.is_outside]


def test_marks_of_notes_and_running_heads_in_html():
    mark, back = '<a href="#_ftn1"><sup>[1]</sup></a>', '<a href="#_ftnref1">[1]</a>'
    assert lines(f'<body><div title="header"><p>区财政局，内部资料。</p></div><p>{PROSE[0]}{mark}</p><p>{PROSE[2]}</p><p>{back}含变更。</p>'
                 '<p>见<a href="#top">1月</a>统计。</p></body>') == [PROSE[0], PROSE[2], "含变更。", "见1月统计。"]


LETTERHEAD = ("澜山区财政局文件", "澜财〔2024〕7号", "澜山区财政局", "关于2023年度法治政府建设情况的报告")


@pytest.mark.parametrize("title", [LETTERHEAD, LETTERHEAD[3:], ("澜山区财政局2023年法治政府建设年度报告",)])
def test_a_title_in_plain_type_above_the_article(title):
    links = "".join(f"<a>关于印发第{place}号工作要点的通知</a> " for place in range(12))
    page = ("<html><head><title>澜山区政府信息公开网</title></head><body><table><tr><td>{}</td></tr></table>"
            "<table><tr><td>您的位置：首页 &gt; 报告</td></tr>"
            "<tr><td><font size=5>{}</font></td></tr><tr><td>发布时间：2024-02-07 点击：12</td></tr><tr><td>{}</td></tr></table></body></html>")
    content = page.format(links, "<br>".join(title), "".join(f"<p>{line}</p>" for line in PROSE))
    assert lines(content) == [*title, *PROSE]


def test_the_name_of_a_site_is_no_title():
    page = "<html><head><title>{}</title></head><body><div>" + "".join(f"<p>{line}</p>" for line in PROSE) + "</div></body></html>"
    assert lines(page.format("澜山区人民政府门户网站")) == list(PROSE)
    assert lines(page.format("no title specified")) == list(PROSE)
    assert lines(page.format("区财政局2023年法治政府建设报告_澜山区人民政府门户网站")) == ["区财政局2023年法治政府建设报告", *PROSE]
