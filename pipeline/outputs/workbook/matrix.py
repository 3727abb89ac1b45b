"""The indicator matrices: one sheet a year (indicators × departments), one sheet of years (department, indicator × years)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.outputs.names import DIRECTION_LABELS, label
from pipeline.outputs.workbook.answers import ANSWERS, STATE_NOTE, Answer, Answers, answer_cell
from pipeline.outputs.workbook.cells import Cell
from pipeline.outputs.workbook.context import Context, Department
from pipeline.outputs.workbook.sheet import Column, Sheet, link_to
from pipeline.profiles.indicators import Indicator

YEARS, COVERAGE = "部门年度", "收集情况"


# Beyond this many departments a row of them cannot be read; Excel ends at 16,384 columns.
MOST_DEPARTMENT_COLUMNS = 60


@dataclass(frozen=True)
class Line:
    """One indicator in one year: what it is called and the cell of each department."""

    theme: str
    name: str
    unit: str
    direction: str
    n_answered: int
    cells: list[Cell]


def matrix_name(year: int) -> str:
    return f"指标矩阵{year}"


def _main_unit(answers: Iterable[Answer | None], default: str) -> str:
    """The unit that most answers of a row have; the indicator's own where there is none."""
    units = Counter(answer.unit for answer in answers if answer is not None and answer.unit)
    return min(units, key=lambda unit: (-units[unit], unit)) if units else default


def _cell(context: Context, answer: Answer | None, main_unit: str) -> Cell:
    """A matrix cell: the value, linked to its row in 指标明细, its sentence under the pointer."""
    if answer is None:
        return answer_cell(None)
    row = context.answer_rows.get((answer.document_id, answer.indicator))
    # Silence has no passage to lead to, and links on most cells drown the numbers (LibreOffice draws them all blue).
    target = link_to(ANSWERS, row) if row is not None and answer.is_answered else ""
    tip = ""
    if answer.is_answered:
        sentence = context.places.sentence_at(answer.document_id, answer.start)
        tip = sentence.text if sentence else context.places.passage(answer.document_id, answer.start, answer.end)
    return answer_cell(answer, target, tip, main_unit)


def build_matrix(context: Context, answers: Answers, year: int) -> Sheet:
    """Sheet 指标矩阵 of one year: departments across when they are few, else indicators across.

    Indicators that nobody answers stand at the end of the rows, or, where they would be columns, in the note.
    """
    documents = [context.document_of.get((*department.key, year)) for department in context.departments]
    lines = [_line_of(context, answers, indicator, documents) for indicator in context.indicators]
    lines.sort(key=lambda line: line.n_answered == 0)
    n_spoken = sum(1 for line in lines if line.n_answered)
    n_reports = sum(1 for document_id in documents if document_id)
    scope = f"{year} 年度，{n_reports} 份报告，{n_spoken} 个指标有部门作答；"
    if len(context.departments) <= MOST_DEPARTMENT_COLUMNS:
        note = f"{scope}其余 {len(lines) - n_spoken} 个各部门均未披露，列在表末。"
        columns = [Column("主题", widest=23), Column("指标", widest=34), Column("单位", "middle", width=7),
                   Column("方向", "middle", width=10), Column("作答数", "number", width=8),
                   *(Column(department.name, "answer", width=12) for department in context.departments)]
        rows: list[Sequence[Any]] = [[line.theme, line.name, line.unit, line.direction, line.n_answered, *line.cells] for line in lines]
    else:
        silent = "、".join(line.name for line in lines[n_spoken:])
        note = f"{scope}各部门均未披露、未列的 {len(lines) - n_spoken} 个：{silent or '无'}。"
        columns = [Column("部门", widest=28), Column("地区", widest=14), Column("职能组", widest=14),
                   *(Column(f"{line.name}（{line.unit}）" if line.unit else line.name, "answer", width=12) for line in lines[:n_spoken])]
        rows = [[department.name, department.region, department.group, *(line.cells[place] for line in lines[:n_spoken])]
                for place, department in enumerate(context.departments)]
    return Sheet(matrix_name(year), f"{year} 年度：每个指标 × 每个部门", columns, rows,
                 [f"{note}点有数的格到“{ANSWERS}”看原句。{STATE_NOTE}"], frozen_columns=2)


def _line_of(context: Context, answers: Answers, indicator: Indicator, documents: Sequence[str | None]) -> Line:
    found = [answers.get((document_id, indicator.id)) if document_id else None for document_id in documents]
    unit = _main_unit(found, indicator.unit)
    return Line(context.indicator_theme(indicator.id), indicator.name, unit, label(DIRECTION_LABELS, indicator.direction),
                sum(1 for answer in found if answer is not None and answer.is_answered),
                [_cell(context, answer, unit) for answer in found])


def build_years(context: Context, answers: Answers) -> Sheet:
    """Sheet 部门年度: one row a department and indicator, one column a year. Rows without any answer are left out."""
    columns = [Column("部门", widest=24), Column("主题", widest=23), Column("指标", widest=34), Column("单位", "middle", width=7),
               *(Column(f"{year}年", "answer", width=11) for year in context.years), Column("走势", "middle", width=16)]
    rows: list[list[object]] = []
    lines: list[list[float | None]] = []
    n_silent = 0
    for department in context.departments:
        for indicator in context.indicators:
            found = _answers_by_year(context, answers, department, indicator.id)
            if not any(answer is not None and answer.is_answered for answer in found):
                n_silent += 1
                continue
            unit = _main_unit(found, indicator.unit)
            rows.append([department.name, context.indicator_theme(indicator.id), indicator.name, unit,
                         *(_cell(context, answer, unit) for answer in found), None])
            lines.append(_line(found))
    notes = ["同一部门同一指标各年并列；可按部门或指标筛选。走势只画全部为准确数、至少三年的行，空缺处断开。"
             f"各年均未披露的 {n_silent} 行未列。{STATE_NOTE}"]
    return Sheet(YEARS, "每个部门每个指标的各年数值并列，可筛选", columns, rows, notes, frozen_columns=3,
                 sparklines=lines, whole_table="indicator_values")


def _answers_by_year(context: Context, answers: Answers, department: Department, indicator_id: str) -> list[Answer | None]:
    found = []
    for year in context.years:
        document_id = context.document_of.get((*department.key, year))
        found.append(answers.get((document_id, indicator_id)) if document_id else None)
    return found


def _line(found: list[Answer | None]) -> list[float | None]:
    """Points of a sparkline; nothing where a bound or a part-year figure would have to pass for a point."""
    points: list[float | None] = []
    for answer in found:
        if answer is None or answer.state in ("not_disclosed", "na"):
            points.append(None)
        elif answer.state == "zero":
            points.append(0.0)
        elif answer.is_exact and not answer.to_date and answer.state in ("value", "corrected"):
            points.append(answer.low)
        else:
            return []
    return points if sum(point is not None for point in points) >= 3 else []


def build_coverage(context: Context) -> Sheet:
    """Sheet 收集情况: which department handed in a report for which year."""
    columns = [Column("部门", widest=30), Column("简称", widest=24), Column("地区", widest=12), Column("职能组", widest=14),
               *(Column(f"{year}年", "middle", width=10) for year in context.years)]
    rows: list[list[object]] = []
    for department in context.departments:
        row: list[object] = [department.department, department.name, department.region, department.group]
        for year in context.years:
            document_id = context.document_of.get((*department.key, year))
            if document_id is None:
                row.append(Cell("缺报告", "missing"))
            else:
                row.append(Cell("有报告", "link", context.open_cell(document_id).target, context.paths.get(document_id, "")))
        rows.append(row)
    return Sheet(COVERAGE, "哪个部门哪一年有报告，哪一年缺", columns, rows,
                 [f"{len(context.departments)} 个部门，{len(context.years)} 个年度，{len(context.compared)} 份报告参与比较。点“有报告”打开全文。"],
                 frozen_columns=2)
