"""Columns, footnotes and headings on pages as other programs print them."""

import importlib.util
from pathlib import Path

import pytest

from pipeline.reading.layout import Cell, Line, Page
from pipeline.reading.raw import FOOTNOTE
from pipeline.reading.reflow import reflow
from tests.reading.files import read_bytes, text_of

BODY = "全年召开党组会议四次专题研究法治政府建设工作并听取汇报两次"
NOTE = "数据由综合科提供，截至当年十二月底。"


def line(text: str, left: float, top: float, page: int = 1, size: float = 10, is_note: bool = False) -> Line:
    return Line([Cell(text, left, left + size * len(text))], top, top + size, size, page, is_note=is_note)


def pieces(*pages: list[Line], width: float = 400, rules: tuple[tuple[float, float, float], ...] = ()) -> list[tuple[str, str]]:
    found = reflow([Page(number, width, 600, lines, rules=list(rules)) for number, lines in enumerate(pages, 1)])
    return [(piece.text, piece.kind) for piece in found]


def column(left: float, page: int, words: str, top: float = 100) -> list[Line]:
    lines = [words[place:place + 15] for place in range(0, len(words), 15)]
    return [line(text, left + (0 if place else 20), top + 20 * place, page) for place, text in enumerate(lines)]


def test_columns_below_a_title_and_a_running_head():
    def page(number: int) -> list[Line]:
        head = [line("澜山区公报", 30, 20, number), line("第二期", 350, 20, number)]
        words = BODY + "。" + BODY
        return [*head, *column(30, number, f"甲{words}。", 120), *column(220, number, f"乙{words}。", 120), line("1", 195, 580, number)]

    first, second = page(1), page(2)
    title = line("澜山区财政局二〇二二年度法治政府建设情况报告", 90, 60, size=10)
    texts = [text for text, _ in pieces([*first[:2], title, *first[2:]], second)]
    assert texts == [title.text, *[f"{name}{BODY}。{BODY}。" for name in "甲乙甲乙"]]


def test_a_signature_beside_attachments_makes_no_columns():
    body = [line(BODY, 70, 100), line(BODY, 50, 120), line("办理。", 50, 140), line(BODY, 70, 160), line("办结。", 50, 180)]
    tail = [line("附件：1.统计表", 70, 300), line("2.说明", 100, 320), line("澜山区财政局", 280, 360), line("2022年12月30日", 270, 380)]
    assert [text for text, _ in pieces(body + tail)][-4:] == ["附件：1.统计表", "2.说明", "澜山区财政局", "2022年12月30日"]


def test_a_footnote_does_not_stand_in_a_paragraph_that_goes_on_over_the_page():
    first = [line(BODY[:28], 70, 100), line(BODY[:30], 50, 120), line(NOTE, 50, 560, size=8, is_note=True)]
    second = [line("并督促整改。", 50, 100, 2), line(BODY[:28], 70, 120, 2), line("办结。", 50, 140, 2)]
    assert pieces(first, second) == [(BODY[:28] + BODY[:30] + "并督促整改。", "paragraph"), (BODY[:28] + "办结。", "paragraph"), (NOTE, FOOTNOTE)]


def test_a_note_of_the_size_of_the_text_is_known_by_the_rule_above_it():
    lines = [line(BODY[:28], 70, 100), line(BODY[:30], 50, 120), line("3件。", 50, 140), line("1" + NOTE, 50, 200)]
    assert pieces(lines, rules=((50, 190, 150),))[-1] == (NOTE, FOOTNOTE)
    assert all(kind != FOOTNOTE for _, kind in pieces(lines))
    assert all(kind != FOOTNOTE for _, kind in pieces(lines, rules=((50, 190, 350),)))


def test_an_unindented_heading_is_not_gone_on_with_by_a_numbered_one():
    lines = [line(BODY[:28], 70, 100), line(BODY[:30], 50, 120), line("结。", 50, 140), line("一、二〇二二年度法治政府建设的主要举措和成效", 50, 160),
             line("1.健全机构职能，提高服务效能", 50, 180), line(BODY[:28], 70, 200), line("办理。", 50, 220)]
    assert [text for text, _ in pieces(lines)][1:3] == ["一、二〇二二年度法治政府建设的主要举措和成效", "1.健全机构职能，提高服务效能"]


def test_the_path_of_a_page_and_later_items_end_where_the_next_begins():
    path, title = "当前位置：首页 > 政务公开 > 部门信息公开 > 法治政府", "澜山区财政局二〇二二年度法治政府建设情况报告"
    items = [name + BODY[:24] + "要求。" for name in ("二是", "三是", "四是")]
    lines = [line(path, 50, 40), line(title, 50, 60), line(BODY, 70, 100), line("办理。", 50, 120), line(BODY, 70, 140), line("办结。", 50, 160),
             *[line(item, 50, 180 + 20 * place) for place, item in enumerate(items)]]
    assert [text for text, _ in pieces(lines)] == [path, title, BODY + "办理。", BODY + "办结。", *items]


@pytest.mark.skipif(importlib.util.find_spec("typst") is None, reason="typst is not installed")
def test_raised_marks_and_notes_of_a_printed_pdf(tmp_path):
    import typst

    fonts = importlib.util.find_spec("zhplot")
    if fonts is None or not fonts.submodule_search_locations:
        pytest.skip("no font package")
    source = """#set document(date: none)
#set text(font: "Noto Sans SC", size: 14pt)
全年办结许可案件#footnote[数据由综合科提供。]1204件，新增绿地3500m#super[2]。其中简易程序14件。#footnote[含移送案件。]"""
    content = typst.compile(source.encode(), font_paths=[str(Path(fonts.submodule_search_locations[0]) / "fonts")],
                            ignore_system_fonts=True, format="pdf")
    tables = read_bytes(tmp_path, "注.pdf", content)
    assert text_of(tables).split("\n") == ["全年办结许可案件1204件，新增绿地3500m2。其中简易程序14件。", "数据由综合科提供。", "含移送案件。"]
    assert tables["blocks"]["kind"].tolist() == ["paragraph", FOOTNOTE, FOOTNOTE]


@pytest.mark.skipif(importlib.util.find_spec("typst") is None, reason="typst is not installed")
def test_automatic_number_in_another_size_than_its_paragraph(tmp_path):
    import typst

    fonts = importlib.util.find_spec("zhplot")
    if fonts is None or not fonts.submodule_search_locations:
        pytest.skip("no font package")
    items = [f"（{number}）{name}{BODY}。" for number, name in (("一", "加强领导"), ("二", "依法决策"), ("三", "普法宣传"))]
    texts = "\n\n".join(f"#text(9pt)[{item[:3]}]{item[3:]}" for item in items)
    source = f"""#set document(date: none)
#set page(width: 420pt)
#set par(first-line-indent: (amount: 2em, all: true), justify: false)
#set text(font: "Noto Sans SC", size: 14pt)
{BODY}，{BODY}。

{texts}"""
    content = typst.compile(source.encode(), font_paths=[str(Path(fonts.submodule_search_locations[0]) / "fonts")],
                            ignore_system_fonts=True, format="pdf")
    assert text_of(read_bytes(tmp_path, "号.pdf", content)).split("\n") == [f"{BODY}，{BODY}。", *items]
