"""The workbook, read back with another library."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.outputs.workbook import sheet as sheets
from pipeline.outputs.workbook import write_workbook
from pipeline.tables import store
from pipeline.tables.schemas import TABLES
from tests.outputs.evidence_tables import FINANCE_2022, HOSTILE, SCIENCE_2021, SCIENCE_2022, call, make_tables

FIRST_ROW = 4


@pytest.fixture(scope="module")
def content() -> bytes:
    return call(write_workbook)["tables.xlsx"]


@pytest.fixture(scope="module")
def book(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def table(page: Worksheet) -> list[dict[str, Any]]:
    """Cells of each row by header."""
    header = [cell.value for cell in page[FIRST_ROW - 1]]
    return [dict(zip(header, row, strict=True)) for row in page.iter_rows(min_row=FIRST_ROW) if any(cell.value is not None for cell in row)]


def row_of(page: Worksheet, **wanted: Any) -> dict[str, Any]:
    found = [row for row in table(page) if all(row[header].value == value for header, value in wanted.items())]
    assert len(found) == 1, wanted
    return found[0]


def test_sheets_are_listed_in_the_index(book: Any) -> None:
    index = book["目录"]
    listed = {cell.value: cell.hyperlink.location for (cell,) in index.iter_rows(max_col=1) if cell.hyperlink}
    visible = [page.title for page in book if page.sheet_state == "visible"]
    assert visible[0] == "目录"
    assert set(listed) == set(visible[1:])
    assert all(location == f"'{name}'!A1" for name, location in listed.items())
    assert {"指标矩阵2022", "指标矩阵2021", "部门年度", "指标明细", "年度变化", "同类位次", "沿用对照", "待复核", "数据字典"} <= set(visible)


def test_demonstration_is_said_on_every_sheet(book: Any) -> None:
    assert "示例数据" in book["目录"]["A2"].value
    assert all("示例数据" in page["A1"].value for page in book if page.title not in ("目录", "图表数据"))


@pytest.mark.parametrize(("indicator", "department", "shown"), [
    ("普法活动场次", "科技局", 6),
    ("普法活动场次", "财政局", "待核"),        # two figures in the text
    ("公开信息条数", "财政局", "未披露"),       # says nothing: never 0
    ("依申请公开件数", "科技局", 0),            # corrected to 0 by a person
    ("行政处罚件数", "财政局", "不适用"),
])
def test_states_of_a_year(book: Any, indicator: str, department: str, shown: Any) -> None:
    assert row_of(book["指标矩阵2022"], 指标=indicator)[department].value == shown


def test_states_differ_by_fill_or_frame(book: Any) -> None:
    page = book["指标矩阵2021"]
    value = row_of(page, 指标="普法活动场次")["科技局"]
    approximate = row_of(page, 指标="公开信息条数")["科技局"]
    zero = row_of(page, 指标="依申请公开件数")["科技局"]
    silent = row_of(page, 指标="行政处罚件数")["科技局"]
    missing = row_of(page, 指标="普法活动场次")["财政局"]
    assert (approximate.value, approximate.data_type) == ("80余", "s")
    assert (zero.value, zero.border.top.style, zero.font.bold) == (0, "medium", True)
    assert (silent.value, missing.value) == ("未披露", "缺报告")
    looks = [(cell.fill.patternType, cell.fill.fgColor.rgb, cell.border.top.style) for cell in (value, approximate, zero, silent, missing)]
    assert len(set(looks)) == 5


def test_part_year_figure_carries_a_star(book: Any) -> None:
    cell = row_of(book["指标矩阵2022"], 指标="公开信息条数")["科技局"]
    assert (cell.value, cell.number_format) == (95, '#,##0"*"')


def test_silent_indicators_stand_last_and_other_genres_not_at_all(book: Any) -> None:
    names = [row["指标"].value for row in table(book["指标矩阵2022"])]
    assert names[-1] == "无人作答的指标"
    assert "别的体裁的指标" not in names


def test_matrix_cells_lead_to_their_evidence(book: Any) -> None:
    header = {cell.value: cell.column for cell in book["指标明细"][FIRST_ROW - 1]}
    for row in table(book["指标矩阵2022"]):
        cell = row["科技局"]
        if cell.value == "未披露":
            assert cell.hyperlink is None       # silence has no passage
            continue
        sheet_name, place = re.fullmatch(r"'(.+)'!A(\d+)", cell.hyperlink.location).groups()  # type: ignore[union-attr]
        evidence = {name: book[sheet_name].cell(int(place), column).value for name, column in header.items()}
        assert (evidence["部门"], evidence["年度"], evidence["指标"]) == ("科技局", 2022, row["指标"].value)
    assert row_of(book["指标矩阵2022"], 指标="普法活动场次")["科技局"].hyperlink.tooltip == "𬭩城开展普法活动6场。"


def test_evidence_has_bounds_words_and_place(book: Any) -> None:
    row = row_of(book["指标明细"], 部门="科技局", 年度=2021, 指标="公开信息条数")
    assert [row[name].value for name in ("数值", "下限", "上限", "性质", "单位")] == ["80余", 80, 90, "余数", "条"]
    assert [row[name].value for name in ("原文", "依据句", "章节", "页", "段")] == [
        "80余条", "新增公开信息80余条。", "一、主要举措和成效", 1, 3]
    target = row["打开原文"].hyperlink
    assert (target.target, target.location) == ("explorer.html", f"d={row['文件编号'].value}&s={make_tables()['indicator_values'].evidence_start[1]}")


def test_rows_equal_the_tables(book: Any) -> None:
    tables = make_tables()
    for name, sheet_name in (("indicator_values", "指标明细"), ("quantities", "数量全表"), ("indicator_changes", "年度变化"),
                             ("reuse", "沿用对照"), ("commitments", "承诺回应"), ("checks", "检查"), ("issues", "待查事项"),
                             ("documents", "读取情况"), ("themes", "主题区间"), ("topics", "数据主题")):
        assert len(table(book[sheet_name])) == len(tables[name]), sheet_name
    n_columns = sum(len(table.columns) for table in TABLES if not table.is_internal)
    assert len(table(book["数据字典"])) == n_columns


def test_text_from_reports_is_never_a_formula(content: bytes, book: Any) -> None:
    cells = [cell for page in book for row in page.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert all(cell.data_type == "s" for cell in cells)
    hostile = [cell for cell in cells if cell.value in HOSTILE]
    assert hostile
    assert all(cell.quotePrefix for cell in hostile)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        assert not any(b"<f>" in archive.read(name) for name in names if name.startswith("xl/worksheets/sheet"))
        links = b"".join(archive.read(name) for name in names if name.endswith(".rels"))
    assert b'Target="http://x' not in links


def test_changes_keep_ranges_as_ranges(book: Any) -> None:
    page = book["年度变化"]
    exact, interval, incomparable = (row_of(page, 指标=name) for name in ("普法活动场次", "公开信息条数", "行政处罚件数"))
    assert (exact["增减"].value, exact["变化"].value) == (1, "升20%")
    assert (interval["增减"].value, interval["增减"].data_type) == ("5～15", "s")
    assert (incomparable["增减"].value, incomparable["判断"].value, incomparable["不可比的原因"].value) == (None, "不可比", "上年未披露")
    assert row_of(book["同类位次"], 部门="科技局")["位次"].value == "2～3"


def test_doubtful_values_wait_for_review(book: Any) -> None:
    rows = table(book["待复核"])
    doubts = {(row["部门"].value, row["指标"].value): row for row in rows}
    assert set(doubts) == {("财政局", "（部门与年度）"), ("财政局", "普法活动场次"), ("科技局", "普法活动场次")}
    finance = doubts["财政局", "普法活动场次"]
    assert "另有 14" in finance["疑点"].value
    assert "12 场与 14 场不一致" in finance["疑点"].value
    assert (finance["报告编号"].value, finance["指标编号"].value, finance["文件编号"].value) == ("澜山区财政局-2022", "publicity", FINANCE_2022)
    assert "文中说上年为 9，上年报告写的是 5" in doubts["科技局", "普法活动场次"]["疑点"].value
    assert all(row[name].value is None for row in rows for name in ("应为", "理由", "复核人"))


def test_all_documents_are_accounted_for(book: Any) -> None:
    row = row_of(book["读取情况"], 文件="=cmd|扫描.pdf")
    assert (row["状态"].value, row["原因与办法"].value, row["参与比较"].value) == ("需文字识别", "扫描件，没有文字层", "否")


def test_how_a_file_was_read_is_said(book: Any) -> None:
    row = row_of(book["读取情况"], 文件="汇编.zip/科技局.docx")
    assert [row[name].value for name in ("恢复编号", "识别占比%", "读取把握", "所在文件", "身份依据")] == [12, 30.5, 0.87, "汇编.zip", "标题＋标题"]
    assert row["打开原文"].hyperlink.location == f"d={SCIENCE_2021}"


def test_words_over_the_years_and_topics(book: Any) -> None:
    rows = table(book["用词变化"])
    assert [(row["词"].value, row["趋势"].value) for row in rows] == [("新词", "新出现"), (HOSTILE[0], "平稳")]
    assert (rows[0]["2021年（次/万词）"].value, rows[0]["2022年（次/万词）"].value, rows[0]["2022年份数"].value) == (0, 12.5, 2)
    topic = row_of(book["数据主题"], 主题号=1)
    assert [topic[name].value for name in ("特征词", "句数", "稳定度", "把握", "代表句")] == [
        "普法、活动", 9, 0.4, "只供参考", "𬭩城开展普法活动6场。"]


def test_sheets_of_another_subject_have_no_wrong_name() -> None:
    tables = make_tables()
    reports = tables["reports"].assign(genre="work_report")
    book = openpyxl.load_workbook(io.BytesIO(call(write_workbook, tables, reports=reports)["tables.xlsx"]))
    assert "地区年度" in book.sheetnames
    assert not any("部门" in name for name in book.sheetnames)
    assert "主题占比" not in book.sheetnames


def test_passages_stand_side_by_side_and_open_together(book: Any) -> None:
    row = next(row for row in table(book["沿用对照"]) if row["逐字相同"].value == "否")
    assert (row["本文句子"].value, row["来源句子"].value) == ("𬭩城开展普法活动6场。", "全年开展普法活动5场。")
    assert row["并排打开"].hyperlink.location.startswith(f"d={SCIENCE_2022}&s=")
    assert "&c=" in row["并排打开"].hyperlink.location


def test_sheets_are_ready_to_use_and_print(book: Any) -> None:
    for page in book:
        if page.title in ("目录", "图表数据"):
            continue
        assert page.freeze_panes.endswith("4"), page.title
        assert page.auto_filter.ref
        assert page.page_setup.orientation == "landscape"
        assert page.print_title_rows == "$3:$3"
        assert page.column_dimensions["A"].width > 5
    assert book["图表数据"].sheet_state == "hidden"


def test_same_tables_give_the_same_bytes(content: bytes) -> None:
    assert call(write_workbook)["tables.xlsx"] == content


def test_a_cut_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("answers", "comparing", "passages", "checking"):
        monkeypatch.setattr(f"pipeline.outputs.workbook.{module}.ROWS_PER_SHEET", 3)
    monkeypatch.setattr(sheets, "ROWS_PER_SHEET", 3)
    book = openpyxl.load_workbook(io.BytesIO(call(write_workbook)["tables.xlsx"]))
    page = book["数量全表"]
    assert len(table(page)) == 3
    assert page["A2"].value.startswith("本表只列前 3 行，共 5 行；全部在 data/processed/quantities.parquet")
    assert "未披露" in book["指标明细"]["A2"].value.split("。")[1]


def test_a_book_of_too_many_cells_keeps_the_latest_years(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [["甲", year, number] for year in (2020, 2021, 2022) for number in range(2_000)]
    columns = [sheets.Column("部门"), sheets.Column("年度", "year"), sheets.Column("数", "number")]
    long, short = (sheets.Sheet(name, "", columns, rows[:n], whole_table="checks") for name, n in (("长", 6_000), ("短", 30)))
    kept, whole = sheets.limit_rows([long, short], 3 * (3_000 + 30))
    assert ([row[1] for row in kept.rows].count(2022), [row[1] for row in kept.rows].count(2021), len(kept.rows)) == (2_000, 1_000, 3_000)
    assert [row[2] for row in kept.rows] == [*range(1_000), *range(2_000)]        # in their order
    assert (kept.n_rows, whole) == (6_000, short)
    assert sheets.limit_rows([long, short], 10, {"长"})[0] is long                # others link to its rows
    monkeypatch.setattr("pipeline.outputs.workbook.MOST_CELLS", 1)
    assert openpyxl.load_workbook(io.BytesIO(call(write_workbook)["tables.xlsx"]))["数据字典"]["A2"].value


def test_links_beyond_the_limit_are_dropped_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "LINKS_PER_SHEET", 2)
    page = openpyxl.load_workbook(io.BytesIO(call(write_workbook)["tables.xlsx"]))["数量全表"]
    assert page["A2"].value.startswith("本表只有前 2 个链接可点，共 5 个")
    assert sum(row["打开原文"].hyperlink is not None for row in table(page)) == 2


def test_large_books_go_row_by_row(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr("pipeline.outputs.workbook._MOST_CELLS_IN_MEMORY", 0)
    small = openpyxl.load_workbook(io.BytesIO(call(write_workbook)["tables.xlsx"]))
    for page in openpyxl.load_workbook(io.BytesIO(content)):
        assert [[cell.value for cell in row] for row in small[page.title].iter_rows()] == [
            [cell.value for cell in row] for row in page.iter_rows()]


def test_many_departments_stand_in_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.outputs.workbook.matrix.MOST_DEPARTMENT_COLUMNS", 1)
    page = openpyxl.load_workbook(io.BytesIO(call(write_workbook)["tables.xlsx"]))["指标矩阵2022"]
    assert row_of(page, 部门="科技局")["普法活动场次（场）"].value == 6
    assert "无人作答的指标" in page["A2"].value


def test_no_reports_at_all_still_gives_a_book() -> None:
    empty = {name: store.frame(name) for name, frame in make_tables().items() if isinstance(frame, pd.DataFrame)}
    book = openpyxl.load_workbook(io.BytesIO(call(write_workbook, {**make_tables(), **empty})["tables.xlsx"]))
    assert "指标明细" in book.sheetnames
