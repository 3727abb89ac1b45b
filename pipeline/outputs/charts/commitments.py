"""What became of the plans: items of the plans, by department, and what next year's report says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from pipeline.outputs import fonts, look, values
from pipeline.outputs.charts.matrix import BREAK_MM, draw_break, draw_label, label_width, row_offset
from pipeline.outputs.charts.scope import Department, Scope, choose_rows, finish, name_rows, number_pages
from pipeline.outputs.frame import Chart, NoChart
from pipeline.outputs.look import Canvas

#: Outcomes that are drawn, in order; 尚无次年报告 waits in a column of words.
OUTCOMES = ("done", "partly", "absent", "not_measurable")
_ROW_MM = 6.6
_SIDE_MM = 34.0
#: Plans whose next report was due and is missing; those of the latest year only wait for theirs.
_GAP = "missing_report"


def commitment_outcomes(scope: Scope, commitments: pd.DataFrame) -> list[Chart] | NoChart:
    """Items of the plans that have a following report, stacked by what that report says, a bar for each department.

    未找到回应 says only that the next report does not mention an item, never that nothing was done. Items without a
    following report are counted beside the bar.
    """
    kind = "commitment_outcomes"
    places = scope.places
    counts: dict[Department, Counter[str]] = {}
    planned: set[int] = set()
    n_documents: set[str] = set()
    for document, outcome in commitments[["document_id", "outcome"]].itertuples(index=False, name=None):
        place = places.get(document)
        if place is not None and not pd.isna(outcome):
            is_gap = outcome == "no_next_report" and (place[0], place[1] + 1) in scope.missing
            counts.setdefault(place[0], Counter())[_GAP if is_gap else outcome] += 1
            n_documents.add(document)
            if outcome != "no_next_report":
                planned.add(place[1])
    total: Counter[str] = sum(counts.values(), Counter())
    n_followed = sum(total[outcome] for outcome in OUTCOMES)
    if not n_followed:
        return NoChart(kind, "没有可与次年报告对照的工作安排")

    def size(department: Department) -> int:
        return sum(counts[department][outcome] for outcome in OUTCOMES)

    def absent_share(department: Department) -> float:
        return counts[department]["absent"] / size(department) if size(department) else -1.0

    ordered = sorted(counts, key=lambda department: (-absent_share(department), -size(department), department))
    n_absent = total["absent"]
    years = values.write_years(sorted(planned))
    title = (f"{years}报告安排的{n_followed:,}项工作中，{n_absent:,}项程序未在次年报告里找到回应" if n_absent
             else f"{years}报告安排的{n_followed}项工作在次年报告里都有回应或无法核对")
    chosen = choose_rows(ordered, scope, has=lambda department: size(department) > 0)
    charts = []
    for page in chosen.pages:
        charts.append(finish(
            _draw(page, counts, chosen.gap), scope, name="10-承诺回应", kind=kind, title=title,
            subtitle=f"各{scope.subject}报告中“下一年安排”的项数，按次年报告的回应分；{years}的安排；{scope.subject}按未找到回应的比重从大到小排列",
            note="按文字相近程度对照次年报告，只作线索。“未找到回应”是程序没有找到相近的文字，需人工核对，不等于没有做；“无法核对”指安排过于笼统。"
                 f"“待次年”的是{scope.latest}年报告的安排，要等下一年的报告。"
                 + chosen.words,
            n=len(n_documents), rows=name_rows("承诺回应")))
    return number_pages(charts)


def _draw(page: Sequence[Department], counts: dict[Department, Counter[str]], gap: int) -> Canvas:
    labels = label_width([department.label for department in page])
    most = max((sum(counts[department][outcome] for outcome in OUTCOMES) for department in page), default=1) or 1
    top = 8.0
    canvas = Canvas(top + row_offset(len(page), gap, _ROW_MM) + 0.8)
    if gap:
        draw_break(canvas, top + gap * _ROW_MM + BREAK_MM / 2 - 0.6)
    unit = (look.BODY_MM - labels - _SIDE_MM) / most
    x = labels
    shown = [outcome for outcome in OUTCOMES if any(counts[department][outcome] for department in page)]
    for outcome in shown:
        words = values.OUTCOME_LABELS[outcome]
        _draw_part(canvas, x, 0.4, 5.0, 3.6, outcome, "")
        canvas.text(x + 6.0, 2.2, words, look.SMALL_PT, look.QUIET)
        x += 6.0 + fonts.text_width(words, look.SMALL_PT) + 5.0
    canvas.text(look.BODY_MM, 2.2, "未计入", look.SMALL_PT, look.QUIET, "end")
    for number, department in enumerate(page):
        y = top + row_offset(number, gap, _ROW_MM)
        draw_label(canvas, labels - 2.0, y + (_ROW_MM - 1.2) / 2, department.label, labels - 3.0)
        x = labels
        for outcome in OUTCOMES:
            n_items = counts[department][outcome]
            if n_items:
                _draw_part(canvas, x, y, n_items * unit - 0.4, _ROW_MM - 1.2, outcome, str(n_items))
                x += n_items * unit
        n_followed = sum(counts[department][outcome] for outcome in OUTCOMES)
        canvas.text(x + 1.2, y + (_ROW_MM - 1.2) / 2, f"共{n_followed}项", look.SMALL_PT, look.QUIET)
        waiting = [f"{words}{counts[department][key]}项" for key, words in (("no_next_report", "待次年"), (_GAP, "次年缺报告"))
                   if counts[department][key]]
        canvas.text(
            look.BODY_MM,
            y + (_ROW_MM - 1.2) / 2,
            "，".join(waiting) or "—",
            look.SMALL_PT,
            look.QUIET,
            "end",
        )
    return canvas


def _draw_part(canvas: Canvas, x: float, y: float, width: float, height: float, outcome: str, words: str) -> None:
    """One part of a bar: told apart by fill, frame and hatching as well as by colour."""
    if outcome == "not_measurable":
        canvas.box(x, y, width, height, is_hatched=True)
    elif outcome == "absent":
        canvas.box(x, y, width, height, fill=look.WHITE, edge=look.ACCENT, line_pt=1.2)
    else:
        canvas.box(x, y, width, height, fill=look.NAVY if outcome == "done" else look.STEPS[2])
    if words:
        colour = {"done": look.WHITE, "partly": look.INK, "absent": look.ACCENT, "not_measurable": look.QUIET}[outcome]
        canvas.text(x + width / 2, y + height / 2, words, look.LABEL_PT, colour, "middle", is_bold=outcome == "absent",
                    ground=look.EMPTY if outcome == "not_measurable" and width > 5 else None)
