"""Sheets that lay two passages side by side: 沿用对照, 承诺回应, 反复不足; and 沿用比例."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Any

import pandas as pd

from pipeline.outputs.names import label, yes_no
from pipeline.outputs.places import Sentence, rows_of
from pipeline.outputs.values import OUTCOME_LABELS, RELATION_LABELS
from pipeline.outputs.workbook.cells import Cell
from pipeline.outputs.workbook.context import Context
from pipeline.outputs.workbook.sheet import ROWS_PER_SHEET, Column, Sheet

# Setting off the differences costs a comparison of two sentences each; beyond this many pairs the text stands plain.
MOST_MARKED_PAIRS = 5_000
# A number is compared as a whole: 12 and 15 differ, not their second digits.
_UNITS = re.compile(r"[0-9０-９]+(?:[.,．][0-9０-９]+)*|[\s\S]")
_OUTCOME_STYLES = {"done": "passed", "absent": "failed", "partly": "ambiguous"}


def changed_spans(text: str, other: str) -> tuple[tuple[int, int], ...]:
    """Spans of `text` that are not in `other`; a number counts as one character, and changes one character apart are one."""
    found = list(_UNITS.finditer(text))
    theirs = [match[0] for match in _UNITS.finditer(other)]
    spans: list[tuple[int, int]] = []
    for kind, first, last, _, _ in SequenceMatcher(None, [match[0] for match in found], theirs, autojunk=False).get_opcodes():
        if kind == "equal" or first == last:
            continue
        start, end = found[first].start(), found[last - 1].end()
        if spans and start - spans[-1][1] <= 1:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple(spans)


def _pair(context: Context, document_id: str, sentence: Sentence | None, other_id: str | None, other: Sentence | None) -> Cell:
    """A link that opens both reports side by side."""
    if other_id is None:
        return context.open_cell(document_id, sentence.start if sentence else None)
    return context.open_cell(document_id, sentence.start if sentence else None, (other_id, other.start if other else None))


def build_shares(context: Context, reuse_shares: pd.DataFrame) -> Sheet:
    """Sheet 沿用比例: how much of a report stands in an earlier or another one."""
    columns = [Column("部门", widest=24), Column("年度", "year"), Column("来自", "middle", width=14),
               Column("沿用比例%", "percent", width=13, has_bar=True), Column("沿用句数", "number"), Column("可比句数", "number"),
               Column("主要来源部门", widest=24), Column("主要来源年度", "year"), Column("并排打开", "middle", width=9),
               Column("文件编号", "code", width=15)]
    names = ("document_id", "relation", "share_pct", "n_reused", "n_sentences", "source_document_id")
    found = sorted((row for row in rows_of(reuse_shares, *names) if context.is_compared(row[0])),
                   key=lambda row: (context.report_order(row[0]), row[1]))
    rows = []
    for document_id, relation, share, n_reused, n_sentences, source_id in found[:ROWS_PER_SHEET]:
        source = context.named(source_id) if source_id else ("", None)
        link = context.open_cell(document_id, None, (source_id, None)) if source_id else None
        if share is None:
            share = Cell("无可比来源", "missing")
        rows.append([*context.named(document_id), label(RELATION_LABELS, relation), share, n_reused, n_sentences, *source, link,
                     document_id])
    return Sheet("沿用比例", "每份报告有多少句沿用自更早年度或其他部门", columns, rows,
                 ["沿用＝遮去数字与日期后与来源句相同或近似；固定套语不计。没有更早报告的年度写“无可比来源”，不是 0%。"],
                 frozen_columns=2, n_found=len(found), whole_table="reuse_shares")


def build_reuse(context: Context, reuse: pd.DataFrame) -> Sheet:
    """Sheet 沿用对照: both sentences side by side, differences set off."""
    columns = [
        Column("部门", widest=24), Column("年度", "year"), Column("章节", "free", widest=24), Column("本文句子", "free", width=50),
        Column("来源句子", "free", width=50), Column("来源部门", widest=24), Column("来源年度", "year"),
        Column("来自", "middle", width=14), Column("相似度", "number", width=9, format="0.00"), Column("逐字相同", "middle"),
        Column("并排打开", "middle", width=9), Column("文件编号", "code", width=15), Column("来源文件编号", "code", width=15)]
    names = ("document_id", "sentence_no", "source_document_id", "source_sentence_no", "relation", "similarity", "is_verbatim")
    found = sorted((row for row in rows_of(reuse, *names) if context.is_compared(row[0])),
                   key=lambda row: (context.report_order(row[0]), row[1]))
    marked = sum(1 for row in found if not row[6]) <= MOST_MARKED_PAIRS
    rows = []
    for document_id, number, source_id, source_number, relation, similarity, is_verbatim in found[:ROWS_PER_SHEET]:
        sentence = context.places.sentence(document_id, number)
        source = context.places.sentence(source_id, source_number)
        text, source_text = (sentence.text if sentence else ""), (source.text if source else "")
        show = marked and not is_verbatim and bool(text) and bool(source_text)
        rows.append([
            *context.named(document_id), context.places.section(document_id, sentence.section_no) if sentence else "",
            Cell(text, "free", marks=changed_spans(text, source_text) if show else ()),
            Cell(source_text, "free", marks=changed_spans(source_text, text) if show else ()),
            *context.named(source_id), label(RELATION_LABELS, relation),
            similarity, yes_no(is_verbatim),
            _pair(context, document_id, sentence, source_id, source), document_id, source_id])
    notes = ["左为本文，右为最近的来源；两边不同的字句以红色下划线标出。法定表述、引文与固定职责本来就会相同，沿用不等于抄袭，请看内容判断。"]
    if not marked:
        notes.append(f"不同之处的标记只在 {MOST_MARKED_PAIRS:,} 对以内给出，本表超过此数，未标。")
    return Sheet("沿用对照", "沿用的句子与来源句并排，标出改动", columns, rows, notes, frozen_columns=2, n_found=len(found), whole_table="reuse",
                 printed_columns=10)


def build_commitments(context: Context, commitments: pd.DataFrame) -> Sheet:
    """Sheet 承诺回应: each planned item beside what next year's report says about it."""
    columns = [
        Column("部门", widest=24), Column("年度", "year"), Column("安排", "free", width=52), Column("回应", "middle", width=12),
        Column("次年报告中的句子", "free", width=52), Column("次年", "year"), Column("匹配分", "number", width=9, format="0.00"),
        Column("说明", "free", widest=30), Column("未找到时最接近的一句", "free", width=44), Column("并排打开", "middle", width=9),
        Column("文件编号", "code", width=15), Column("次年文件编号", "code", width=15)]
    names = ("document_id", "sentence_no", "followed_by_document_id", "followed_by_sentence_no", "outcome", "similarity", "why",
             "nearest_sentence_no")
    found = sorted((row for row in rows_of(commitments, *names) if context.is_compared(row[0])),
                   key=lambda row: (context.report_order(row[0]), row[1]))
    rows = []
    for document_id, number, next_id, next_number, outcome, similarity, why, nearest in found[:ROWS_PER_SHEET]:
        sentence = context.places.sentence(document_id, number)
        answer = context.places.sentence(next_id, next_number)
        near = context.places.sentence(next_id, nearest) if answer is None else None
        rows.append([
            *context.named(document_id), sentence.text if sentence else "",
            Cell(label(OUTCOME_LABELS, outcome), _OUTCOME_STYLES.get(outcome, "unknown")),
            answer.text if answer else "", context.named(next_id)[1] if next_id else None,
            similarity, why, near.text if near else "",
            _pair(context, document_id, sentence, next_id, answer or near), document_id, next_id])
    return Sheet("承诺回应", "上年安排的每一项，次年报告怎么说", columns, rows,
                 ["由句子相近程度与数量比对得出：“未找到回应”只说程序在次年报告里没有找到相近的文字，不等于没有做。"
                  "匹配分＝安排中的词有多少见于次年那一句，1 为全部见到，不是两句相同。"], frozen_columns=2,
                 n_found=len(found), whole_table="commitments", printed_columns=9)


def build_recurring(context: Context, recurring_problems: pd.DataFrame) -> Sheet:
    """Sheet 反复不足: shortcomings that an earlier report named in like words."""
    columns = [
        Column("部门", widest=24), Column("年度", "year"), Column("不足", "free", width=52), Column("更早年度", "year"),
        Column("更早报告中的句子", "free", width=52), Column("匹配分", "number", width=9, format="0.00"), Column("并排打开", "middle", width=9),
        Column("文件编号", "code", width=15), Column("更早文件编号", "code", width=15)]
    names = ("document_id", "sentence_no", "previous_document_id", "previous_sentence_no", "similarity")
    found = sorted((row for row in rows_of(recurring_problems, *names) if context.is_compared(row[0])),
                   key=lambda row: (context.report_order(row[0]), row[1]))
    rows: list[list[Any]] = []
    for document_id, number, previous_id, previous_number, similarity in found[:ROWS_PER_SHEET]:
        sentence = context.places.sentence(document_id, number)
        earlier = context.places.sentence(previous_id, previous_number)
        rows.append([
            *context.named(document_id), sentence.text if sentence else "", context.named(previous_id)[1] if previous_id else None,
            earlier.text if earlier else "", similarity,
            _pair(context, document_id, sentence, previous_id, earlier), document_id, previous_id])
    return Sheet("反复不足", "与更早年度相近的不足", columns, rows,
                 ["同一部门不同年度的不足写得相近：可能是没有改好，也可能是照抄。匹配分＝本句的词有多少见于更早那一句，不是两句相同。"],
                 frozen_columns=2, n_found=len(found), whole_table="recurring_problems", printed_columns=7)
