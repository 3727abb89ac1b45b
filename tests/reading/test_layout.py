import importlib.util
from pathlib import Path

import pytest

from pipeline.reading.grids import find_grids
from pipeline.reading.layout import Cell, Line, Page, pages_without_text, split_cells
from pipeline.reading.reflow import reflow
from tests.reading.files import read_bytes

BODY = "全年召开党组会议四次专题研究法治政府建设工作并听取汇报两次"


def line(text: str, left: float, top: float, page: int = 1, size: float = 10) -> Line:
    return Line([Cell(text, left, left + size * len(text))], top, top + size, size, page)


def texts(*pages: list[Line]) -> list[str]:
    return [piece.text for piece in reflow([Page(number, 400, 600, lines) for number, lines in enumerate(pages, 1)])]


def test_paragraph_ends_where_a_line_is_short_or_the_next_is_indented():
    lines = [line(BODY[:28], 70, 100), line("部署依法行政。", 50, 120), line(BODY[:28], 70, 140), line("，" + BODY[:25] + "落实。。", 50, 160),
             line("一、存在不足", 70, 180)]
    assert texts(lines) == [BODY[:28] + "部署依法行政。", BODY[:28] + "，" + BODY[:25] + "落实。。", "一、存在不足"]


def test_what_is_short_or_in_brackets_is_not_gone_on_with():
    lines = [line(BODY[:28], 70, 100), line("部署依法行政。", 50, 120), line(BODY[:28], 70, 140), line("部署。", 50, 160),
             line("（联系人：法规股，电话：0739-4410286）", 70, 180), line("分享到：微信", 50, 200),
             line("互动交流", 50, 220), line("您的位置", 50, 240)]
    assert texts(lines)[2:] == ["（联系人：法规股，电话：0739-4410286）", "分享到：微信", "互动交流", "您的位置"]


def test_paragraph_goes_on_over_the_page():
    head = [line("澜山区文件", 50, 20), line(BODY[:28], 70, 100), line(BODY[:30], 50, 120)]
    second = [line("澜山区文件", 50, 20, 2), line("研究部署工作。", 50, 100, 2), line("— 2 —", 180, 580, 2)]
    assert texts(head, second) == [BODY[:28] + BODY[:30] + "研究部署工作。"]


def test_a_head_line_that_does_not_repeat_at_its_place_stays():
    first = [line("澜山区财政局", 150, 60), line("二〇二二年工作情况", 120, 90)]
    last = [line("特此报告", 70, 30, 2), line("澜山区财政局", 250, 50, 2)]
    assert texts(first, last) == ["澜山区财政局", "二〇二二年工作情况", "特此报告", "澜山区财政局"]


def test_two_line_title_in_large_type():
    lines = [line("澜山区综合行政执法局关于二〇二二年度法治", 50, 40, size=15), line("政府建设情况的报告", 130, 60, size=15),
             line(BODY[:28], 70, 100), line(BODY[:30], 50, 120), line("收尾。", 50, 140)]
    assert texts(lines)[0] == "澜山区综合行政执法局关于二〇二二年度法治政府建设情况的报告"


def test_wide_gap_separates_columns():
    spans = [(0, 10), (10, 20), (20, 25), (60, 70), (70, 80)]
    assert [cell.text for cell in split_cells("事项 件数", spans.__getitem__, 10)] == ["事项", "件数"]
    spans[3], spans[4] = (25, 35), (35, 45)
    assert [cell.text for cell in split_cells("事项 件数", spans.__getitem__, 10)] == ["事项 件数"]


def test_pages_of_pictures():
    def page(number: int, text: str, picture: float = 0.0, outlines: int = 0) -> Page:
        return Page(number, 400, 600, [line(text, 0, 0)], outlines=outlines, picture_area=picture)

    full = 400 * 600
    assert pages_without_text([page(1, BODY * 2), page(2, "2022年12月30日", full)]) == [2]
    assert pages_without_text([page(1, BODY * 2, full), page(2, "2022年12月30日", full), page(3, "　", full)]) == [3]
    assert pages_without_text([page(1, BODY * 2), page(2, "落款"), page(3, "图", outlines=900)]) == [3]
    assert pages_without_text([page(1, "鍏ㄥ勾鍔炵悊琛屾斂璁稿彲" * 4)]) == [1]


def test_grid_from_rules_and_not_from_a_frame():
    uprights = [(x, 100.0, x + 1, 160.0) for x in (50.0, 150.0, 250.0)]
    levels = [(50.0, y, 250.0, y + 1) for y in (100.0, 130.0, 160.0)]
    grid, = find_grids([*uprights, *levels])
    assert (len(grid.xs), len(grid.ys)) == (3, 3)
    assert (grid.row(110), grid.row(140), grid.row(200), grid.column(200)) == (0, 1, None, 1)
    assert find_grids([uprights[0], uprights[2], levels[0], levels[2]]) == []
    assert find_grids([(50.0, 80.0, 300.0, 81.0)]) == []


@pytest.mark.skipif(importlib.util.find_spec("typst") is None, reason="typst is not installed")
def test_tables_of_a_printed_pdf(tmp_path):
    import typst

    fonts = importlib.util.find_spec("zhplot")
    if fonts is None or not fonts.submodule_search_locations:
        pytest.skip("no font package")
    source = """#set document(date: none)
#set text(font: "Noto Sans SC", size: 14pt)
#table(columns: 3, [事项], [2021年], [2022年], [行政检查次数与对象], [1260], [], [存在问题], [执法记录\\ 不规范], [82])
以上数据来自执法平台。"""
    content = typst.compile(source.encode(), font_paths=[str(Path(fonts.submodule_search_locations[0]) / "fonts")],
                            ignore_system_fonts=True, format="pdf")
    tables = read_bytes(tmp_path, "表.pdf", content)
    cells = tables["table_cells"]
    rows = [cells[cells["row_no"] == number]["text"].tolist() for number in (1, 2, 3)]
    assert rows == [["事项", "2021年", "2022年"], ["行政检查次数与对象", "1260", ""], ["存在问题", "执法记录不规范", "82"]]
    text = tables["documents"]["text"][0]
    assert [text[start:end] for start, end in zip(cells["start"], cells["end"], strict=True)] == cells["text"].tolist()
