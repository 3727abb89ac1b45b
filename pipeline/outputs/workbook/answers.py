"""Answers to the indicators: how one stands in a cell, and the sheets 指标明细 and 数量全表 with the words behind them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.outputs.names import KIND_LABELS, label, plain_reason, yes_no
from pipeline.outputs.places import rows_of
from pipeline.outputs.values import CLAIM_LABELS, STATE_LABELS, write_approx, write_bounds, write_value
from pipeline.outputs.workbook.cells import Cell, number_format
from pipeline.outputs.workbook.context import Context
from pipeline.outputs.workbook.sheet import ROWS_PER_SHEET, Column, Sheet

ANSWERS, QUANTITIES = "指标明细", "数量全表"
STATE_NOTE = (
    "斜体蓝底＝约数或区间，不作准确数用；粗框 0＝写明为 0；“未披露”＝没有说，不等于 0；黄底“待核”＝文内有几个数；"
    "带 * ＝截至某日、非全年的数；各种格式的意思见“目录”。")
_SAFE_UNIT = re.compile(r"[^\W\d_]{1,6}")


@dataclass(frozen=True)
class Answer:
    """One row of table `indicator_values`."""

    document_id: str
    indicator: str
    state: str
    low: float | None
    high: float | None
    unit: str | None
    approx: str | None
    quantity_no: int | None
    sentence_no: int | None
    start: int | None
    end: int | None
    previous_low: float | None
    previous_high: float | None
    to_date: str | None
    why: str | None

    @property
    def is_exact(self) -> bool:
        """Whether one number is stated; a bound never is one."""
        return self.low is not None and self.low == self.high and self.approx in (None, "exact")

    @property
    def is_answered(self) -> bool:
        return self.state != "not_disclosed"


Answers = Mapping[tuple[str, str], Answer]


def read_answers(indicator_values: pd.DataFrame) -> dict[tuple[str, str], Answer]:
    """(document, indicator) → answer."""
    columns = ("document_id", "indicator", "state", "low", "high", "unit", "approx", "quantity_no", "sentence_no",
               "evidence_start", "evidence_end", "previous_low", "previous_high", "to_date", "why")
    return {(row[0], row[1]): Answer(*row) for row in rows_of(indicator_values, *columns)}


def answer_cell(answer: Answer | None, target: str = "", tip: str = "", main_unit: str | None = None) -> Cell:
    """An answer as a cell. A number only where the report states exactly one; no answer at all is 缺报告.

    With `main_unit` another unit is shown behind the number, so that 起 and 件 in a row are told apart.
    """
    if answer is None:
        return Cell(STATE_LABELS["missing"], "missing", target, tip)
    star = "*" if answer.to_date else ""
    unit = answer.unit or ""
    other = unit if main_unit is not None and unit != main_unit and unit not in ("%", "％") else ""
    if answer.state in ("value", "corrected", "zero") and (answer.is_exact or answer.state == "zero"):
        number = 0.0 if answer.state == "zero" or answer.low is None else answer.low
        # The unit comes from a report: only plain letters may enter a number format.
        tail = (other if _SAFE_UNIT.fullmatch(other) else "") + star
        shown = number_format(number, unit) + (f'"{tail}"' if tail else "")
        style = "corrected" if answer.state == "corrected" else "zero" if number == 0 else "value"
        return Cell(number, style, target, tip, shown)
    text = write_value(answer.low, answer.high, answer.approx, unit, state=answer.state,
                       with_unit=bool(other) or unit in ("%", "％"))
    style = {"value": "approximate", "corrected": "corrected"}.get(answer.state, answer.state)
    return Cell(text + (star if style in ("approximate", "corrected") else ""), style, target, tip)


def _sorted_answers(context: Context, answers: Answers) -> list[Answer]:
    """Answers of compared reports: by indicator, department, year, so that the years of one figure stand together."""
    last = len(context.indicators)
    chosen = [answer for answer in answers.values() if context.is_compared(answer.document_id)]
    chosen.sort(key=lambda answer: (context.indicator_order.get(answer.indicator, last), answer.indicator,
                                    context.report_order(answer.document_id)))
    return chosen


def build_answers(context: Context, answers: Answers, texts: Mapping[tuple[str, int], str]) -> Sheet:
    """Sheet 指标明细. Fills `context.answer_rows`, to which other sheets link."""
    columns = [
        Column("部门", widest=24), Column("年度", "year"), Column("主题", widest=23), Column("指标", widest=32),
        Column("数值", "answer", width=11), Column("单位", "middle"), Column("状态", "middle", width=9),
        Column("性质", "middle", width=9), Column("截至", "middle", widest=10),
        Column("原文", "free", widest=18), Column("依据句", "free", width=56), Column("章节", "free", widest=26),
        Column("页", "middle", width=6), Column("段", "middle", width=6), Column("打开原文", "middle", width=9),
        Column("下限", "number"), Column("上限", "number"), Column("文中所述上年", "free", width=11),
        Column("说明", "free", widest=44), Column("文件", "free", widest=50),
        Column("文件编号", "code", width=15), Column("指标编号", "code", width=22)]
    chosen = _sorted_answers(context, answers)
    notes = [f"参与比较的 {len(context.compared)} 份报告对 {len(context.indicators)} 个指标的回答，逐条附原句与位置。{STATE_NOTE}"]
    if len(chosen) > ROWS_PER_SHEET:
        silent = sum(1 for answer in chosen if not answer.is_answered)
        chosen = [answer for answer in chosen if answer.is_answered]
        notes.insert(0, f"行数过多，{silent:,} 行“未披露”未列，见 data/processed/indicator_values.parquet。")
    rows = []
    for index, answer in enumerate(chosen[:ROWS_PER_SHEET]):
        context.answer_rows[answer.document_id, answer.indicator] = index
        rows.append(_answer_row(context, answer, texts))
    return Sheet(ANSWERS, "每个指标值的上下限、性质、单位、原文、句子、章节、页码与文件", columns, rows, notes,
                 frozen_columns=4, n_found=len(chosen), whole_table="indicator_values", printed_columns=13)


def _answer_row(context: Context, answer: Answer, texts: Mapping[tuple[str, int], str]) -> list[object]:
    document_id = answer.document_id
    name, year = context.named(document_id)
    places = context.places
    sentence = places.sentence(document_id, answer.sentence_no) or places.sentence_at(document_id, answer.start)
    passage = places.passage(document_id, answer.start, answer.end)
    words = texts.get((document_id, answer.quantity_no), "") if answer.quantity_no is not None else ""
    section, page, paragraph = context.place_columns(document_id, answer.start)
    return [
        name, year, context.indicator_theme(answer.indicator), context.indicator_name(answer.indicator),
        answer_cell(answer), answer.unit, label(STATE_LABELS, answer.state),
        write_approx(answer.approx, answer.low, answer.high, answer.unit), answer.to_date,
        words or (passage if len(passage) <= 40 else ""), sentence.text if sentence else passage, section, page, paragraph,
        context.open_cell(document_id, answer.start) if answer.start is not None else None,
        answer.low, answer.high, write_bounds(answer.previous_low, answer.previous_high), plain_reason(answer.why),
        context.paths.get(document_id), document_id, answer.indicator]


def build_quantities(context: Context, quantities: pd.DataFrame) -> Sheet:
    """Sheet 数量全表: every quantity of every readable document, whether it answers an indicator or not."""
    columns = [
        Column("部门", widest=24), Column("年度", "year"), Column("原文", "free", widest=16), Column("所计对象", "free", widest=20),
        Column("种类", "middle"), Column("下限", "number"), Column("上限", "number"), Column("性质", "middle", width=9),
        Column("单位", "middle"), Column("归属", "middle", width=10), Column("截至", "middle", widest=10),
        Column("句子", "free", width=56), Column("章节", "free", widest=26), Column("页", "middle", width=6),
        Column("打开原文", "middle", width=9), Column("参与比较", "middle"), Column("文件", "free", widest=50),
        Column("文件编号", "code", width=15), Column("数量号", "middle")]
    names = ("document_id", "quantity_no", "sentence_no", "start", "text", "kind", "low", "high", "approx", "unit", "object",
             "claim", "to_date")
    found = sorted(rows_of(quantities, *names), key=lambda row: (context.report_order(row[0]), row[1]))
    rows = []
    for document_id, number, sentence_no, start, text, kind, low, high, approx, unit, what, claim, to_date in found[:ROWS_PER_SHEET]:
        name, year = context.named(document_id)
        sentence = context.places.sentence(document_id, sentence_no)
        section, page, _ = context.place_columns(document_id, start)
        rows.append([
            name, year, text, what, label(KIND_LABELS, kind), low, high, write_approx(approx, low, high, unit), unit,
            label(CLAIM_LABELS, claim), to_date, sentence.text if sentence else "", section, page,
            context.open_cell(document_id, start), yes_no(context.is_compared(document_id)),
            context.paths.get(document_id), document_id, number])
    notes = ["文中写明的每个数量。归属：目标、上年数、外部、累计、规定要求都不是本部门本年的数。金额以元计，百分比按 0–100 计；"
             "下限或上限为空＝文中没有说到那一端。"]
    return Sheet(QUANTITIES, "报告里写明的每一个数量，无论是否回答某个指标", columns, rows, notes, frozen_columns=3,
                 n_found=len(found), whole_table="quantities", printed_columns=15)
