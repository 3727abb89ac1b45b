import base64

import pytest

from pipeline.errors import ReadingError
from pipeline.reading.html import read_html
from pipeline.settings import LIMITS
from tests.reading.files import read_bytes, text_of

PROSE = ["区委、区政府：", "2023年，区科技局深入学习习近平法治思想，扎实推进法治政府建设，各项工作取得新的成效。",
         "一、主要举措", "全年召开党组会议4次，专题研究法治政府建设工作，主动公开政府信息130条，办理行政许可12件。"]
MENU = "".join(f'<li><a href="/{place}">栏目{place}</a></li>' for place in range(12))
TITLE = "澜山区科学技术局2023年度法治政府建设情况报告"


def page(article: str, charset: str = "utf-8", head: str = "") -> str:
    return (f'<!DOCTYPE html><html><head><meta charset="{charset}"><title>{TITLE}-澜山区人民政府</title>{head}</head><body>'
            f'<div class="nav"><ul>{MENU}</ul></div>{article}'
            f'<div class="foot"><p>版权所有：区政府　主办单位：区政府办公室</p><script>var a="一，二。";</script></div></body></html>')


def paragraphs(tag: str = "p") -> str:
    return "".join(f"<{tag}>&emsp;&emsp;{line}</{tag}>" for line in PROSE)


def body(content: bytes) -> list[str]:
    return [piece.text.strip("\u2003 ") for piece in read_html(content, LIMITS).pieces if not piece.is_outside]


@pytest.mark.parametrize("article", [
    f'<div class="article"><h1>{TITLE}</h1><div class="TRS_Editor">{paragraphs()}</div></div>',
    f'<h1>{TITLE}</h1><div class="q7x">{paragraphs("div")}</div>',                           # anonymous names
    f'<div><div>{TITLE}</div><div id="zoom">{"<br>".join(PROSE)}</div></div>',                 # lines with <br>
    f'<form>{"<input>"}<div><h1>{TITLE}</h1><div>{paragraphs()}<div class="share">分享到：微信，微博。</div></div></div></form>',
    f'<div><div class="l"><h1>{TITLE}</h1>{paragraphs()}</div><div class="r">{"<p>通知摘要，内容较长，共分三部分。</p>" * 5}'
    f'{MENU}</div></div>',                                                                    # side bar with prose
    f'<table><tr><td>{"".join(f"<table><tr><td>链接{n}</td></tr></table>" for n in range(3))}</td>'
    f'<td><table><tr><td>{"<br/>".join(PROSE)}</td></tr></table></td></tr></table>',           # nested tables
])
def test_article_is_found_and_starts_with_its_title(article):
    assert body(page(article).encode()) == [TITLE, *PROSE]


@pytest.mark.parametrize(("codec", "charset"), [("utf-8", "utf-8"), ("gb18030", "gb2312"), ("utf-8", "gb2312"), ("gb18030", "utf-8")])
def test_declared_charset_may_be_wrong(codec, charset):
    assert body(page(f"<div>{paragraphs()}</div>", charset).encode(codec)) == [TITLE, *PROSE]


def test_index_card_and_info_line_become_fields(tmp_path):
    card = ("<table><tr><td>索引号</td><td>LS001/2024-1</td><td>发布机构</td><td>区科技局</td></tr>"
            "<tr><td>成文日期</td><td>2024-01-05</td><td>发文字号</td><td>澜科发〔2024〕1号</td></tr></table>")
    info = "<div><span>发布时间：2024-02-20 10:00</span>　<span>浏览次数：12</span></div>"
    meta = '<meta name="ContentSource" content="区科技局">'
    tables = read_bytes(tmp_path, "a.html", page(f"{card}<h1>{TITLE}</h1>{info}<div id=zoom>{paragraphs()}</div>", head=meta).encode())
    fields = tables["document_fields"]
    assert dict(zip(fields["field"], fields["value"], strict=True)) == {
        "source": "区科技局", "index_no": "LS001/2024-1", "publisher": "区科技局", "signed_date": "2024-01-05",
        "doc_number": "澜科发〔2024〕1号", "published_date": "2024-02-20"}
    assert text_of(tables).split("\n") == [TITLE, *PROSE]


def test_word_spans_comments_and_hidden_text():
    article = ('<div class="TRS_Editor"><!--[if gte mso 9]><xml>x</xml><![endif]-->'
               f'<p><span>2023</span><span lang="EN-US">年<o:p></o:p></span>，{PROSE[1]}</p><p style="display:none">隐藏的，文字。</p></div>')
    assert body(page(article).encode()) == [TITLE, f"2023年，{PROSE[1]}"]


def test_data_table_keeps_rows():
    table = "<table><tr><th>事项</th><th>件数</th></tr><tr><td>行政许可</td><td>231</td></tr></table>"
    pieces = read_html(page(f"<div id=zoom>{paragraphs()}{table}</div>").encode(), LIMITS).pieces
    assert [piece.cells for piece in pieces if piece.cells and not piece.is_outside] == [("事项", "件数"), ("行政许可", "231")]


def test_numbers_of_ordered_lists():
    article = f"<div id=zoom><p>{PROSE[1]}</p><ol start=2 style='list-style-type:cjk-ideographic'><li>举措</li><li>不足</li></ol></div>"
    assert body(page(article).encode())[-2:] == ["二、举措", "三、不足"]


@pytest.mark.parametrize(("article", "words"), [
    (f"<ul>{MENU}</ul>", "列表页"),
    ('<iframe src="/detail.html"></iframe>', "内嵌页 /detail.html"),
    ('<div>附件：<a href="/a/报告.pdf">报告.pdf</a></div>', "附件 /a/报告.pdf"),
])
def test_pages_without_an_article_say_where_it_is(article, words):
    with pytest.raises(ReadingError, match=words):
        read_html(page(article).encode(), LIMITS)


def test_lists_in_lists_without_a_style_are_numbered_as_reports_are(tmp_path):
    item = "全年召开党组会议四次专题研究法治政府建设工作，听取汇报两次，并作出安排部署，逐项督促落实。"
    lists = f"<ol><li>主要举措和成效<ol><li>加强领导。{item}</li><li>规范执法。{item}</li></ol></li><li>存在的不足<ol><li>{item}</li></ol></li></ol>"
    page = f"<html><body><div><p>关于2023年度法治政府建设情况的报告</p>{lists}</div></body></html>"
    lines = text_of(read_bytes(tmp_path, "a.html", page.encode())).split("\n")
    assert [line[:4] for line in lines[1:]] == ["一、主要", "（一）加", "（二）规", "二、存在", "（一）全"]
    # A page that has such numbers of its own keeps its lists as a browser shows them.
    own = page.replace("主要举措和成效", "一、主要举措和成效")
    lines = text_of(read_bytes(tmp_path, "b.html", own.encode())).split("\n")
    assert lines[1:3] == ["1.一、主要举措和成效", f"1.加强领导。{item}"]


def test_a_page_that_does_not_end_is_doubted():
    whole = page(f"<div>{paragraphs()}</div>").encode()
    assert read_html(whole, LIMITS).notes == []
    assert any("截断" in message for _, message in read_html(whole[:-60], LIMITS).notes)


def test_a_cut_archive_is_read_as_far_as_it_goes(tmp_path):
    html = base64.encodebytes(page(f"<div>{paragraphs()}{paragraphs()}</div>").encode())
    head = b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="x"\n\n--x\nContent-Type: text/html; charset="utf-8"\n'
    content = head + b"Content-Transfer-Encoding: base64\n\n" + html[:len(html) * 7 // 8 + 1]
    tables = read_bytes(tmp_path, "页.mht", content)
    assert PROSE[1] in text_of(tables)
    assert any("截断" in message for message in tables["issues"]["message"])


@pytest.mark.parametrize("article", [
    f"<h1>{TITLE}</h1><pre>" + "\n".join(f"　　{line}" for line in PROSE) + "</pre>",
    f'<h1>{TITLE}</h1><div style="white-space: pre-wrap">' + "\r\n".join(PROSE[:2]) + "<span>\n" + "\n".join(PROSE[2:]) + "</span></div>",
])
def test_lines_of_preformatted_text_stay_lines(article):
    assert [line.strip("　") for line in body(page(article).encode())] == [TITLE, *PROSE]


def test_cell_over_two_rows_keeps_the_columns_below_in_their_places():
    table = ('<table><tr><td rowspan="2">执法</td><td>立案</td><td>19</td></tr><tr><td>结案</td><td>18</td></tr>'
             '<tr><td>普法</td><td colspan="2">12场</td></tr></table>')
    found = read_html(page(f'<h1>{TITLE}</h1><div id="zoom">{paragraphs()}{table}{paragraphs()}</div>').encode(), LIMITS)
    assert [piece.cells for piece in found.pieces if piece.cells] == [("执法", "立案", "19"), ("", "结案", "18"), ("普法", "12场", "")]
