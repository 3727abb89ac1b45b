"""What a person should look at: 检查一览, 检查, 待复核, 待查事项."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.outputs.names import SEVERITY_LABELS, label, write_source
from pipeline.outputs.places import rows_of
from pipeline.outputs.values import PASSED_LABELS, write_bounds
from pipeline.outputs.workbook.answers import Answer, Answers, answer_cell
from pipeline.outputs.workbook.cells import Cell
from pipeline.outputs.workbook.context import Context
from pipeline.outputs.workbook.sheet import ROWS_PER_SHEET, Column, Sheet, link_to
from pipeline.profiles.indicators import Indicator
from pipeline.stages import STAGES

CHECKS, REVIEW, ISSUES = "检查", "待复核", "待查事项"
# The columns that a person fills in: header, width, and what is said when a cell is chosen.
REVIEW_INPUTS = (
    ("应为", 14.0, "正确的数：128、80—90、200—（无上限）、—90（无下限）、0、未披露或不适用。不改的行留空。"),
    ("理由", 26.0, "凭哪一句、为什么这样改。"),
    ("复核人", 10.0, "姓名。"),
)
# Checks that compare figures with each other: what they find wrong puts the figures of that passage in doubt.
FIGURE_CHECKS = ("sums_agree", "values_agree", "rates_agree")
# An identity whose sources contradict each other more than they agree is worth a look.
LEAST_CONFIDENCE = 0.7
_PASSED_STYLES: Mapping[bool | None, str] = {True: "passed", False: "failed", None: "unknown"}
_PASSED_SIGNS: Mapping[bool | None, str] = {True: "✓", False: "✗ 未通过", None: "—"}
_SEVERITY_ORDER = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True)
class Check:
    """One row of table `checks`."""

    document_id: str
    check: str
    passed: bool | None
    start: int | None
    end: int | None
    message: str | None
    level: str | None
    basis: str | None


def read_checks(context: Context, checks: pd.DataFrame) -> list[Check]:
    """Checks of compared reports by department, year and the order of the rules."""
    names = ("document_id", "check", "passed", "evidence_start", "evidence_end", "message", "level", "basis")
    order = {rule.id: number for number, rule in enumerate(context.checks)}
    found = [Check(*row) for row in rows_of(checks, *names) if context.is_compared(row[0])]
    found.sort(key=lambda item: (context.report_order(item.document_id), order.get(item.check, len(order)), item.check))
    return found


def build_check_matrix(context: Context, checks: list[Check]) -> Sheet:
    """Sheet 检查一览: reports × checks."""
    present = {item.check for item in checks}
    ids = [rule.id for rule in context.checks if rule.id in present]
    ids += sorted(present - set(ids))
    where = {(item.document_id, item.check): (index, item) for index, item in enumerate(checks)}
    columns = [Column("部门", widest=24), Column("年度", "year"), Column("未通过", "number", width=9),
               *(Column(context.check_names.get(check, check), "middle", width=10) for check in ids)]
    rows: list[list[object]] = []
    for report in context.compared:
        cells: list[Cell] = []
        for check in ids:
            found = where.get((report.document_id, check))
            if found is None:
                cells.append(Cell(None, "unknown"))
                continue
            index, item = found
            cells.append(Cell(_PASSED_SIGNS[item.passed], _PASSED_STYLES[item.passed], link_to(CHECKS, index), item.message or ""))
        rows.append([report.name, report.year, sum(cell.style == "failed" for cell in cells), *cells])
    return Sheet("检查一览", "每份报告 × 每项检查", columns, rows,
                 [f"✓ 通过，✗ 未通过，— 无从判断（如没有公开日期）。点任一格到“{CHECKS}”看依据与说明。"], frozen_columns=2)


def build_checks(context: Context, checks: list[Check]) -> Sheet:
    """Sheet 检查: one row a report and check, with the passage it rests on."""
    columns = [Column("部门", widest=24), Column("年度", "year"), Column("检查项", widest=18), Column("等级", "middle"),
               Column("结果", "middle", width=10), Column("说明", "free", width=44), Column("依据原文", "free", width=48),
               Column("章节", "free", widest=24), Column("页", "middle", width=6), Column("打开原文", "middle", width=9),
               Column("规定", "free", widest=30), Column("文件编号", "code", width=15), Column("检查编号", "code", width=18)]
    rows: list[list[object]] = []
    for item in checks[:ROWS_PER_SHEET]:
        section, page, _ = context.place_columns(item.document_id, item.start)
        rows.append([
            *context.named(item.document_id), context.check_names.get(item.check, item.check), item.level,
            Cell(PASSED_LABELS[item.passed], _PASSED_STYLES[item.passed]), item.message,
            context.places.passage(item.document_id, item.start, item.end), section, page,
            context.open_cell(item.document_id, item.start), item.basis, item.document_id, item.check])
    return Sheet(CHECKS, "规定内容、时限与前后一致性，逐条附依据", columns, rows,
                 ["等级：必＝规定必须有，应＝要求应有，警＝前后不一致等可疑之处。未通过只说文本中没有见到或数字对不上，请看原文判断。"],
                 frozen_columns=3, n_found=len(checks), whole_table="checks", printed_columns=9)


def find_doubts(context: Context, answers: Answers, checks: list[Check],
                indicator_candidates: pd.DataFrame) -> dict[tuple[str, str], list[str]]:
    """(document, indicator) → why its value is doubtful, in the order of the sheet."""
    doubts: dict[tuple[str, str], list[str]] = {}
    others: dict[tuple[str, str], list[str]] = {}
    for document_id, indicator, low, high, is_chosen in rows_of(
            indicator_candidates, "document_id", "indicator", "low", "high", "is_chosen"):
        if not is_chosen and (low is not None or high is not None):
            others.setdefault((document_id, indicator), []).append(write_bounds(low, high))
    failed = [item for item in checks if item.passed is False and item.check in FIGURE_CHECKS and item.start is not None]
    by_id = {indicator.id: indicator for indicator in context.indicators}
    for key, answer in answers.items():
        if not context.is_compared(answer.document_id) or not answer.is_answered:
            continue
        reasons = []
        if answer.state == "ambiguous":
            other = f"；另有 {'、'.join(dict.fromkeys(others[key]))}" if key in others else ""
            reasons.append(f"文内有几个数，定不下来{other}")
        reasons += _implausible(by_id.get(answer.indicator), answer)
        reasons += _disagrees_with_last_year(context, answers, answer)
        reasons += [f"{context.check_names.get(item.check, item.check)}：{item.message or '未通过'}" for item in failed
                    if item.document_id == answer.document_id and _overlaps(item, answer)]
        if reasons:
            doubts[key] = reasons
    return doubts


def _overlaps(item: Check, answer: Answer) -> bool:
    if answer.start is None or answer.end is None or item.start is None or item.end is None:
        return False
    return item.start < answer.end and answer.start < item.end


def _implausible(indicator: Indicator | None, answer: Answer) -> list[str]:
    """Whether the value lies wholly outside the range that the catalogue calls plausible."""
    if indicator is None or answer.state not in ("value", "ambiguous"):
        return []
    lowest, highest = indicator.low_plausible, indicator.high_plausible
    low = answer.low if answer.low is not None else answer.high
    high = answer.high if answer.high is not None else answer.low
    if (highest is not None and low is not None and low > highest) or (lowest is not None and high is not None and high < lowest):
        return [f"超出常见范围 {write_bounds(lowest, highest)}"]
    return []


def _disagrees_with_last_year(context: Context, answers: Answers, answer: Answer) -> list[str]:
    """Whether the text states another figure for last year than last year's report does."""
    report = context.reports[answer.document_id]
    if report.year is None or (answer.previous_low is None and answer.previous_high is None):
        return []
    before = answers.get((context.document_of.get((*report.key, report.year - 1), ""), answer.indicator))
    if before is None or before.state not in ("value", "zero", "corrected"):
        return []
    ends = [(before.low, answer.previous_high), (answer.previous_low, before.high)]
    if all(low is None or high is None or low <= high for low, high in ends):
        return []
    stated = write_bounds(answer.previous_low, answer.previous_high)
    return [f"文中说上年为 {stated}，上年报告写的是 {write_bounds(before.low, before.high)}"]


def build_review(context: Context, answers: Answers, checks: list[Check], indicator_candidates: pd.DataFrame) -> Sheet:
    """Sheet 待复核: doubtful values with empty columns to fill in; filled rows go into the reviewed corrections."""
    columns = [
        Column("部门", widest=24), Column("年度", "year"), Column("指标", widest=32), Column("现值", "answer", width=11),
        Column("单位", "middle"), Column("疑点", "free", width=36), Column("依据句", "free", width=48),
        Column("页", "middle", width=6), Column("打开原文", "middle", width=9),
        *(Column(name, "input", width=width, prompt=prompt) for name, width, prompt in REVIEW_INPUTS),
        Column("报告编号", "free", widest=26), Column("文件编号", "code", width=15), Column("指标编号", "code", width=22)]
    doubts = find_doubts(context, answers, checks, indicator_candidates)
    last = len(context.indicators)
    rows: list[list[object]] = []
    for report in context.compared:
        if report.confidence is not None and report.confidence < LEAST_CONFIDENCE:
            rows.append([report.name, report.year, "（部门与年度）", None, None,
                         f"各处写法不一致，把握 {report.confidence:.2f}；现取自{write_source(report.identity_source)}", report.title, None,
                         context.open_cell(report.document_id, 0), None, None, None, report.report_id, report.document_id, None])
        found = sorted((key for key in doubts if key[0] == report.document_id),
                       key=lambda key: (context.indicator_order.get(key[1], last), key[1]))
        for key in found:
            answer = answers[key]
            sentence = context.places.sentence_at(report.document_id, answer.start)
            words = sentence.text if sentence else context.places.passage(report.document_id, answer.start, answer.end)
            now = answer_cell(answer)
            if answer.state == "ambiguous":
                now = Cell(write_bounds(answer.low, answer.high) or "待核", "ambiguous")
            rows.append([
                report.name, report.year, context.indicator_name(answer.indicator), now, answer.unit, "；".join(doubts[key]), words,
                context.places.page(report.document_id, answer.start), context.open_cell(report.document_id, answer.start),
                None, None, None, report.report_id, report.document_id, answer.indicator])
    notes = ["拿不准的值。请对照原句，在右边黄色的“应为”填正确的数（128、80—90、200—、0、未披露、不适用），在“理由”“复核人”写明依据与姓名；"
             "保存后执行 hengbao review 本文件，或把本文件放进 data/raw 再运行，填过的行即记入 knowledge/corrections.csv。不改的行留空。"]
    return Sheet(REVIEW, "拿不准的值，留有“应为、理由、复核人”三栏", columns, rows, notes, frozen_columns=3, printed_columns=12)


def build_issues(context: Context, issues: pd.DataFrame) -> Sheet:
    """Sheet 待查事项: what the run could not settle by itself."""
    columns = [Column("程度", "middle", width=8), Column("环节", widest=14), Column("部门", "free", widest=26), Column("年度", "year"),
               Column("位置", "free", widest=24), Column("说明", "free", width=70), Column("文件", "free", widest=40),
               Column("文件编号", "code", width=15)]
    labels = {name: stage.label for stage in STAGES for name in (stage.function, stage.module, stage.module.split(".")[-1])}
    styles = {"error": "failed", "warning": "ambiguous", "note": "unknown"}
    names = ("severity", "stage", "document_id", "path", "place", "message")
    found = sorted(rows_of(issues, *names), key=lambda row: (
        _SEVERITY_ORDER.get(row[0], 3), row[1], context.report_order(row[2]), row[3] or "", row[4] or "", row[5] or ""))
    rows: list[list[object]] = []
    for severity, stage, document_id, path, place, message in found[:ROWS_PER_SHEET]:
        name, year = context.named(document_id) if document_id in context.reports else ("", None)
        rows.append([Cell(label(SEVERITY_LABELS, severity), styles.get(severity or "", "unknown")), label(labels, stage), name, year,
                     place, message, path or context.paths.get(document_id or "", ""), document_id])
    return Sheet(ISSUES, "读取、辨认、识别中需要人看一眼的事", columns, rows,
                 ["程度：错误＝该文件或该处不能用，警告＝结果可能有误，提示＝已处理，供核对。"], frozen_columns=2, n_found=len(found),
                 whole_table="issues", printed_columns=7)
