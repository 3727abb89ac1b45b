"""Sheets about the workbook itself: 目录, 读取情况, 指标目录, 数据字典."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.outputs.names import DIRECTION_LABELS, STATUS_LABELS, TYPE_LABELS, label, write_source, yes_no
from pipeline.outputs.places import rows_of
from pipeline.outputs.values import write_years
from pipeline.outputs.workbook.answers import Answer, answer_cell
from pipeline.outputs.workbook.cells import Cell, Styles, count_lines, row_height, write_cell
from pipeline.outputs.workbook.context import Context
from pipeline.outputs.workbook.sheet import Column, Sheet
from pipeline.tables.schemas import TABLES

INDEX = "目录"
_INDEX_WIDTHS = (20, 62, 12, 34)


def build_documents(context: Context, documents: pd.DataFrame, reports: pd.DataFrame, genres: Mapping[str, str]) -> Sheet:
    """Sheet 读取情况: every file that was found, how it was read and what became of it."""
    columns = [
        Column("文件", "free", widest=44), Column("状态", "middle", width=11), Column("原因与办法", "free", widest=36),
        Column("部门", "free", widest=20), Column("年度", "year"), Column("体裁", "middle", widest=26), Column("参与比较", "middle"),
        Column("不参与的原因", "free", widest=30), Column("格式", "middle"), Column("编码", "middle"), Column("页数", "number"),
        Column("字数", "number"), Column("可读度", "number", width=9, format="0.000"), Column("读取把握", "number", width=9, format="0.00"),
        Column("识别占比%", "percent", width=10), Column("恢复编号", "number", width=9), Column("读入修复", "free", widest=30),
        Column("身份把握", "number", width=9, format="0.00"),
        Column("身份依据", "free", widest=20), Column("发文字号", "free", widest=20), Column("成文日期", "middle", width=12),
        Column("公开日期", "middle", width=12), Column("打开原文", "middle", width=9), Column("大小（字节）", "number"),
        Column("所在文件", "free", widest=40), Column("文件编号", "code", width=15)]
    details = {row[0]: row[1:] for row in rows_of(reports, "document_id", "genre", "why_not", "confidence", "identity_source",
                                                  "doc_number", "signed_date", "published_date")}
    names = ("document_id", "path", "format", "bytes", "chars", "pages", "status", "reason", "encoding", "quality", "repairs",
             "reading_confidence", "ocr_share_pct", "n_numbered", "file_path")
    rows: list[list[object]] = []
    for document_id, path, kind, size, chars, pages, status, reason, encoding, quality, repairs, reading, recognised, n_numbered, file_path in sorted(
            rows_of(documents, *names), key=lambda row: row[1]):
        # A duplicate shares its id with the first copy; only that copy is the report.
        report = context.reports.get(document_id) if status == "ok" else None
        genre, why_not, confidence, source, doc_number, signed, published = details.get(document_id, (None,) * 7) if report else (None,) * 7
        rows.append([
            path, Cell(label(STATUS_LABELS, status), "passed" if status == "ok" else "failed"), reason,
            report.name if report else None, report.year if report else None, label(genres, genre),
            yes_no(report.is_compared) if report else "否", why_not, kind, encoding, pages, chars,
            quality, reading, recognised, n_numbered, repairs, confidence, write_source(source), doc_number, signed, published,
            context.open_cell(document_id) if status == "ok" else None, size, file_path or path, document_id])
    n_ok = sum(1 for row in rows if isinstance(row[1], Cell) and row[1].style == "passed")
    return Sheet("读取情况", "每个文件怎样读入、辨认为什么、是否参与比较", columns, rows,
                 [f"共 {len(rows)} 个文件，读出正文 {n_ok} 个，参与比较 {len(context.compared)} 份。"
                  "可读度＝常用字、标点与 ASCII 所占比例，正常约为 1；读取把握低于 1 的请对照原件；识别占比为由图像认出的文字；"
                  "恢复编号为按自动编号补写的段数。“所在文件”相对于 data/raw：压缩包成员与汇编各份同在一个文件里。"],
                 frozen_columns=2, whole_table="documents", printed_columns=15)


def build_indicators(context: Context, answers: Sequence[Answer]) -> Sheet:
    """Sheet 指标目录: what each indicator asks, and how many reports answer it."""
    counts: dict[str, int] = {}
    for answer in answers:
        if answer.is_answered and context.is_compared(answer.document_id):
            counts[answer.indicator] = counts.get(answer.indicator, 0) + 1
    columns = [Column("主题", widest=23), Column("指标", widest=34), Column("单位", "middle"), Column("方向", "middle", width=10),
               Column("作答报告数", "number", width=12, has_bar=True), Column("定义", "free", width=80), Column("指标编号", "code", width=32)]
    rows = [[context.indicator_theme(indicator.id), indicator.name, indicator.unit,
             label(DIRECTION_LABELS, indicator.direction), counts.get(indicator.id, 0),
             indicator.definition, indicator.id] for indicator in context.indicators]
    return Sheet("指标目录", "每个指标的定义、单位、方向与作答份数", columns, rows,
                 [f"参与比较的报告共 {len(context.compared)} 份。方向只说数值大小的含义：中性的指标不宜评优劣。"], frozen_columns=2)


def build_dictionary() -> Sheet:
    """Sheet 数据字典: every column of every table in data/processed."""
    columns = [Column("表", widest=20), Column("表的内容", "text", widest=34), Column("列", widest=26), Column("中文名", widest=18),
               Column("类型", "middle"), Column("单位", "middle"), Column("含义与取值", width=60), Column("键", "middle")]
    rows: list[list[object]] = []
    for table in TABLES:
        if table.is_internal:
            continue
        for column in table.columns:
            rows.append([table.name, f"{table.label}：{table.meaning}", column.name, column.label, label(TYPE_LABELS, column.type),
                         column.unit, column.meaning, "键" if column.name in table.key else ""])
    return Sheet("数据字典", "data/processed 中每个表每一列的名称、类型、单位与含义", columns, rows,
                 ["各表以 parquet 存于 data/processed/，文件名即表名。位置一律是 documents.text 中的字符序号，止点不含。"],
                 frozen_columns=3)


def _legend() -> list[tuple[Cell, str]]:
    """One cell of each state with what it means."""
    def made(state: str, low: float | None = None, high: float | None = None, approx: str | None = "exact", **more: Any) -> Cell:
        values = {"document_id": "", "indicator": "", "state": state, "low": low, "high": high, "unit": "", "approx": approx,
                  "quantity_no": None, "sentence_no": None, "start": None, "end": None, "previous_low": None,
                  "previous_high": None, "to_date": None, "why": None}
        return answer_cell(Answer(**{**values, **more}))

    return [
        (made("value", 12, 12), "准确数"),
        (made("value", 80, 90, "over"), "约数、区间或只有一端的数：80余是 80 以上、90 以下，不作准确数用"),
        (made("value", 9, 9, to_date="11月底"), "截至某日的数，不是全年数；日期见“指标明细”"),
        (made("zero"), "报告写明没有发生，或写明为 0"),
        (made("not_disclosed", approx=None), "报告没有说；不等于 0，也不等于没有做"),
        (made("na", approx=None), "报告写明无此职能或不涉及"),
        (answer_cell(None), "没有收到该年的报告"),
        (made("ambiguous", 5, 5), "文内有几个不同的数，定不下来；见“待复核”"),
        (made("corrected", 7, 7), "已由人对照原文复核改定"),
    ]


def write_index(page: Any, context: Context, sheets: Sequence[Sheet], genres: Mapping[str, str], limits: Mapping[str, list[str]],
                styles: Styles, subject: str) -> None:
    """Fill the first sheet: scope, what each sheet is, how to read a cell."""
    for index, width in enumerate(_INDEX_WIDTHS):
        page.set_column(index, index, width)
    page.hide_gridlines(2)
    page.set_row(0, 34)
    write_cell(page, 0, 0, Cell("衡报 · 报告比较数据表", "title"), styles)
    names = sorted({label(genres, report.genre) for report in context.compared})
    n_missing = len(context.departments) * len(context.years) - len(context.document_of)
    scope = [
        f"体裁：{'、'.join(names) or '无'}；年度：{write_years(context.years) or '无'}；{subject} {len(context.departments)} 个。",
        f"读到文件 {len(context.paths)} 个，参与比较的报告 {len(context.compared)} 份，缺报告 {n_missing} 份（见“收集情况”）。",
        "表中每个数都能点到原句：矩阵点到“指标明细”，“打开原文”点到同一文件夹里的 explorer.html（两个文件须放在一起）。"]
    row = 1
    if context.demonstration:
        page.merge_range(row, 0, row, len(_INDEX_WIDTHS) - 1, None, styles.get("demonstration"))
        write_cell(page, row, 0, Cell("示例数据：报告、地区、单位与数字均为虚构，只供演示。", "demonstration"), styles)
        page.set_row(row, 22)
        row += 1
    for line in scope:
        page.merge_range(row, 0, row, len(_INDEX_WIDTHS) - 1, None, styles.get("note"))
        write_cell(page, row, 0, Cell(line, "note"), styles)
        page.set_row(row, row_height(count_lines(line, sum(_INDEX_WIDTHS))))
        row += 1
    row += 1
    for column, word in enumerate(("工作表", "内容", "行数", "附注")):
        write_cell(page, row, column, Cell(word, "header"), styles)
    page.set_row(row, 22)
    page.repeat_rows(row)
    for sheet in sheets:
        row += 1
        write_cell(page, row, 0, Cell(sheet.name, "go", f"internal:'{sheet.name}'!A1"), styles)
        write_cell(page, row, 1, Cell(sheet.about, "text"), styles)
        write_cell(page, row, 2, Cell(float(sheet.n_rows), "number", number_format="#,##0"), styles)
        note = "".join(limits.get(sheet.name, []))
        write_cell(page, row, 3, Cell(note or None, "text"), styles)
        page.set_row(row, row_height(max(count_lines(sheet.about, _INDEX_WIDTHS[1]), count_lines(note, _INDEX_WIDTHS[3]))) + 3)
    row += 2
    write_cell(page, row, 0, Cell("单元格怎样读", "header"), styles)
    write_cell(page, row, 1, Cell("意思", "header"), styles)
    page.set_row(row, 22)
    for cell, meaning in _legend():
        row += 1
        write_cell(page, row, 0, cell, styles)
        write_cell(page, row, 1, Cell(meaning, "text"), styles)
        page.set_row(row, row_height(count_lines(meaning, _INDEX_WIDTHS[1])) + 3)
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_footer("&L&9衡报&R&9第 &P 页，共 &N 页")
