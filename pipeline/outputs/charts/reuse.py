"""How much of a report repeats earlier text: departments × years."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline.outputs import values
from pipeline.outputs.charts.matrix import Bars, Cell, Matrix, draw_matrix
from pipeline.outputs.charts.one_year import rank_shares
from pipeline.outputs.charts.scope import (
    Department,
    Scope,
    by_place,
    choose_rows,
    finish,
    leaders,
    name_rows,
    number_pages,
)
from pipeline.outputs.frame import Chart, NoChart

#: Fixed classes, so that two runs and two charts can be compared.
BREAKS = (10.0, 20.0, 35.0, 50.0)

#: A share below this is no finding.
LEAST_SHARE = 5.0

_WORDS = {
    "earlier_year": ("与本{subject}更早的报告相同或相近", "与本{subject}更早的报告相同或相近（遮盖数字、日期后比较）的句子占可比句子的比重"),
    "other_department": ("与其他{subject}更早的报告相同或相近", "与其他{subject}更早的报告相同或相近（遮盖数字、日期后比较）的句子占可比句子的比重"),
}

_NOTE = "可比句子为正文中除去公文套语和过短句子后的句子。部分职责表述每年理应相同，比重高只提示核对。"

#: Where the report with most has fewer sentences than this, they are counted: a share of three sentences says little.
FEW = 5


def reuse_matrix(scope: Scope, reuse_shares: pd.DataFrame, relation: str = "earlier_year") -> list[Chart] | NoChart:
    """Share of recycled sentences in each report, with the mean of each department; the highest share is framed.

    上年缺 (nothing earlier to compare with) is not 0 %. Years in which no report can be compared are left out.
    """
    kind = "reuse_matrix" if relation == "earlier_year" else "reuse_other_matrix"
    verb, measure = (words.format(subject=scope.subject) for words in _WORDS[relation])
    rows = by_place(reuse_shares[reuse_shares["relation"] == relation], scope)
    sheet_rows = name_rows("沿用比例", 来自=values.RELATION_LABELS[relation].replace("部门", scope.subject))
    shares = {place: _share(found[0]) for place, found in rows.items() if not pd.isna(found[0].share_pct)}
    if not shares:
        return NoChart(
            kind, "没有更早的报告可比，算不出沿用比例" if relation == "earlier_year" else f"没有其他{scope.subject}的报告可比"
        )
    years = tuple(year for year in scope.years if any(year == place[1] for place in shares))
    highest = leaders(shares)
    is_finding = shares[highest[0]] >= LEAST_SHARE
    counts = {place: _reused(found[0]) for place, found in rows.items() if place in shares}
    is_few = max(counts.values()) < FEW

    def cell(department: Department, year: int) -> Cell:
        place = department, year
        share = shares.get(place)
        if share is None:
            return scope.absence(department, year) or Cell(
                "no_basis", "上年缺" if relation == "earlier_year" else "无可比"
            )
        return Cell("value", values.write_number(share, 0), share, is_finding and not is_few and place in highest)

    means: dict[Department, float | None] = {}
    for department in scope.departments:
        own = [share for (owner, _), share in shares.items() if owner == department]
        means[department] = sum(own) / len(own) if own else None


    def order(department: Department) -> tuple[float, Department]:
        mean = means[department]
        return (1.0 if mean is None else -mean), department

    ordered = sorted(scope.departments, key=order)
    detail = ""
    if not is_finding:
        title = (
            f"{len(shares)}份报告都没有{verb}的句子"
            if max(shares.values()) == 0
            else f"{len(shares)}份报告中{verb}的句子都不到{LEAST_SHARE:.0f}%"
        )
    elif is_few:
        title = f"{len(shares)}份报告中{sum(n > 0 for n in counts.values())}份有句子{verb}，最多的一份{max(counts.values())}句"
    elif len(highest) > 1:
        title = f"{len(shares)}份报告中{len(highest)}份有{values.write_number(shares[highest[0]], 0)}%的可比句子{verb}，同为最高"
    else:
        department, year = highest[0]
        row = rows[highest[0]][0]
        among = f"，在{len(shares)}份报告中比重最高" if len(shares) > 1 else ""
        share = f"{values.write_number(shares[highest[0]], 0)}%"
        title = f"{department.label}{year}年报告可比的{int(row.n_sentences)}句中{int(row.n_reused)}句（{share}）{verb}{among}" \
            if not pd.isna(row.n_reused) and not pd.isna(row.n_sentences) else f"{department.label}{year}年报告{share}的可比句子{verb}{among}"
    if len(scope.years) == 1:
        return rank_shares(
            scope, {department: share for (department, _), share in shares.items()}, decimals=0, sign="%", unit="%",
            name=_file_name(relation, scope.subject), kind=kind, title=title, n=len(shares), rows=sheet_rows,
            subtitle=f"{measure}（%），{scope.latest}年；{scope.subject}按比重排列", note=f"{detail}{_NOTE}")
    absent = "上年缺" if relation == "earlier_year" else "无可比"
    cells = {department: [cell(department, year) for year in years] for department in ordered}
    if any(entry.kind == "no_basis" for row in cells.values() for entry in row):
        detail += f"“{absent}”指没有更早的报告可比，不是0%；"
    detail += f"{years[0]}年只能与同年更早成文的报告比；" if relation == "other_department" else ""
    left_out = [f"{year}年" for year in scope.years if year not in years]
    detail += f"{'、'.join(left_out)}没有更早的报告可比，未列；" if left_out else ""
    chosen = choose_rows(ordered, scope, has=lambda department: (department, scope.latest) in shares)
    charts = []
    for page in chosen.pages:
        matrix = Matrix(
            [department.label for department in page],
            [str(year) for year in years],
            [cells[department] for department in page],
            BREAKS,
            False,
            "%",
            bars=Bars(
                "平均", [means[department] for department in page], [_write(means[department]) for department in page]
            ) if len(years) > 1 else None,
            no_basis_words=absent,
            gap=chosen.gap,
        )
        charts.append(
            finish(
                draw_matrix(matrix),
                scope,
                name=_file_name(relation, scope.subject),
                kind=kind,
                title=title,
                subtitle=f"{measure}（%），{values.write_years(years)}；{scope.subject}按平均比重排列",
                note=f"{detail}平均只计可比的年度；{_NOTE}"
                + chosen.words,
                n=len(shares), rows=sheet_rows,
            )
        )
    return number_pages(charts)


def _file_name(relation: str, subject: str) -> str:
    return "06-1-沿用往年" if relation == "earlier_year" else f"06-2-与他{subject}相同"


def _write(share: float | None) -> str:
    return "—" if share is None else f"{values.write_number(share, 0)}%"


def _reused(row: Any) -> int:
    return 0 if pd.isna(row.n_reused) else int(row.n_reused)


def _share(row: Any) -> float:
    """From the counts where they are known: a share that was rounded before would be rounded twice."""
    if pd.isna(row.n_reused) or pd.isna(row.n_sentences) or not row.n_sentences:
        return float(row.share_pct)
    return 100 * float(row.n_reused) / float(row.n_sentences)
