"""One A4 page a department: key figures, trend, themes, wording, reuse, values with ranks, evidence, checks, plans, changes.

The latest report of each department gets a page. Small pictures are drawn in department_figures; the words come from
department_values and department_history; what the peers do from department_peers.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.outputs import department_figures as figures
from pipeline.outputs import department_history as history_words
from pipeline.outputs import department_values as words
from pipeline.outputs.department_peers import Peers
from pipeline.outputs.department_values import ANSWERED
from pipeline.outputs.fonts import Faces, break_headline
from pipeline.outputs.frame import typeset
from pipeline.outputs.material import compared_reports, place_key
from pipeline.outputs.naming import Naming, find_naming
from pipeline.outputs.places import Places, quantity_texts
from pipeline.outputs.value_facts import least_move
from pipeline.outputs.values import OUTCOME_LABELS, is_rate, write_percent, write_years
from pipeline.tables.store import records

_FIGURES = 4
#: The most values a page shows; the template drops those that do not fit.
_VALUES = 48
#: More pages than this nobody turns; the rest is named in a list.
MOST_PAGES = 400
_REST = "departments/未出单页的.txt"
_WIDTH_MM, _HEADLINE_PT = 176.0, 10.5
_NOT_IN_NAME = re.compile(r"[^\w一-鿿-]+")


@dataclass(frozen=True)
class _Desk:
    """The tables of the run, looked up by document, for one page after the other."""

    compared: dict[str, Any]
    naming: Naming
    places: Places
    peers: Peers
    values: dict[tuple[str, str], Any]
    changes: dict[tuple[str, str], Any]
    ranks: dict[tuple[str, str], Any]
    ties: set[tuple[str, str]]
    texts: dict[tuple[str, int], str]
    shares: dict[str, Any]
    reused: dict[tuple[str, int], Any]
    sentences: dict[str, list[Any]]
    tables: dict[str, dict[str, pd.DataFrame]]  # name of a table → rows by document
    order: list[str]
    n_asked: int
    indicators: Any
    theme_catalogue: Any
    check_rules: Any
    preferred: tuple[str, ...]

    def rows(self, table: str, document_id: str, like: pd.DataFrame) -> pd.DataFrame:
        return self.tables[table].get(document_id, like.iloc[:0])


def _headline(answered: int, n_asked: int, before: int | None, reused: Any, checked: str) -> str:
    parts = [f"写明{answered}项指标（所问{n_asked}项" + (f"；上年{before}项）" if before is not None else "）")]
    if reused is not None and not pd.isna(reused.share_pct) and reused.n_sentences:
        share = write_percent(100 * float(reused.n_reused) / float(reused.n_sentences))
        parts.append(f"可比的{int(reused.n_sentences)}句中{share}%与往年相同或相近" if reused.n_reused else "未发现沿用往年的句子")
    return "；".join([*parts, checked] if checked else parts)


def _choose_figures(report: Any, desk: _Desk) -> list[str]:
    """The four headline indicators: two that briefing.yml prefers and this report answers, then what moved most here
    since last year (rates and small counts aside), then the widest disclosed."""
    def is_answered(key: str) -> bool:
        value = desk.values.get((report.document_id, key))
        return value is not None and value.state in ANSWERED

    first = [key for key in desk.preferred if key in desk.order and is_answered(key)]
    moved = [(-least_move(change), key) for key in desk.order
             if (change := desk.changes.get((report.document_id, key))) is not None and least_move(change) and is_answered(key)
             and not is_rate(desk.indicators.by_id[key].unit, desk.indicators.by_id[key].kind)]
    own = [key for _, key in sorted(moved) if key not in first[:2]]
    return list(dict.fromkeys([*first[:2], *own[:2], *first, *(key for key in desk.order if is_answered(key)), *desk.order]))[:_FIGURES]


def _write_page(history: list[Any], desk: _Desk, key_terms: pd.DataFrame, commitments: pd.DataFrame, checks: pd.DataFrame) -> dict[str, Any]:
    """What the template needs for one department."""
    report = history[-1]
    document_id, year, naming = report.document_id, int(report.report_year), desk.naming
    previous = next((row for row in history if int(row.report_year) == year - 1), None)
    counts = {row.document_id: sum((row.document_id, key) in desk.values and desk.values[row.document_id, key].state in ANSWERED
                                   for key in desk.indicators.by_id) for row in history}
    failed, checked = words.check_rows(report, desk.rows("checks", document_id, checks), desk.check_rules, desk.places)
    plans = desk.rows("commitments", previous.document_id, commitments) if previous is not None else commitments.iloc[:0]
    outcomes = plans["outcome"].value_counts()
    promised = "，".join(f"{OUTCOME_LABELS[key]}{int(outcomes[key])}项" for key in OUTCOME_LABELS if key in outcomes)
    own_order = [key for key in desk.order if (document_id, key) in desk.values and desk.values[document_id, key].state in ANSWERED]
    pictures = [figures.draw_trend(history, desk.values, own_order, desk.indicators),
                figures.draw_themes(report, previous, desk.peers, desk.theme_catalogue) if naming.has_themes else None,
                figures.draw_terms(report, desk.rows("key_terms", str(report.department), key_terms), naming.subject),
                figures.draw_reuse(history, desk.shares, desk.peers)]
    headline = _headline(counts[document_id], desk.n_asked, counts[previous.document_id] if previous is not None else None,
                         desk.shares.get(document_id), checked)
    is_in_group = "同组" in desk.peers.theme_medians(report)[1]
    return {
        "title": f"{report.department}{year}年度", "department": str(report.department),
        "edition": f"{naming.subject}一页纸 · {year}年度{naming.report.removesuffix('年度报告').removesuffix('报告')}报告",
        "is_demonstration": bool(report.is_demonstration),
        "headline": headline, "headline_lines": break_headline(headline, _WIDTH_MM, _HEADLINE_PT),
        "figures": words.key_figures(report, previous, desk.values, desk.changes, _choose_figures(report, desk), desk.indicators, desk.texts),
        "pictures": [picture for picture in pictures if picture is not None and picture["svg"]],
        "values": words.value_rows(report, desk.values, desk.ranks, desk.ties, own_order[:_VALUES], desk.indicators, desk.texts),
        "values_note": "位次：优者为先，区间重叠时给出范围；“/”后为参比数；*为截至某日的数", "n_values": len(own_order),
        "evidence": words.evidence_rows(report, desk.values, own_order, desk.indicators, desk.places, desk.texts),
        "checks": failed, "checks_title": "检查提示", "checks_note": checked,
        "plans": history_words.plan_rows(previous, plans, desk.places),
        "plans_note": f"{year - 1}年报告所列{len(plans)}项：{promised}。按文字相近程度判断，未找到的需人工核对" if len(plans) else "",
        "compared": history_words.compared_rows(report, previous, desk.sentences, desk.reused, desk.values, desk.indicators, desk.places),
        "compared_note": "按句对照，仅列部分；粗体为改动处；“→”前为上年位置" if previous is not None else "没有上年报告，不能比较",
        "source": f"资料来源：{report.department}{write_years([int(row.report_year) for row in history])}"
                  f"{naming.report}（{len(history)}份）。"
                  + (f"同组指{report.department_group}。" if is_in_group else "")
                  + "约数按区间处理，“未披露”不计为0。",
        "footer": "示例数据" if bool(report.is_demonstration) else "",
    }


def _choose_departments(histories: list[list[Any]], checks: pd.DataFrame) -> list[list[Any]]:
    """Whose pages are made: all, or of very many those that report of the latest year and fail most serious checks."""
    if len(histories) <= MOST_PAGES:
        return histories
    failed = checks[(checks["passed"].fillna(True) == False) & checks["level"].isin(["必", "警"])]  # noqa: E712 - nullable column
    counts = Counter(failed["document_id"].tolist())
    ordered = sorted(histories, key=lambda history: (-int(history[-1].report_year), -counts[history[-1].document_id], str(history[-1].department)))
    return ordered[:MOST_PAGES]


def _list_rest(chosen: list[list[Any]], histories: list[list[Any]], subject: str) -> bytes:
    made = {id(history) for history in chosen}
    rest = sorted(str(history[-1].department) for history in histories if id(history) not in made)
    head = (f"共{len(histories)}个{subject}，只为{len(chosen)}个出了一页纸：先最近年度有报告的，再按必备项、疑点未通过的项数从多到少。"
            f"以下{len(rest)}个没有单页，数值见 tables.xlsx，原文见 explorer.html。")
    return ("\n".join([head, *rest]) + "\n").encode()


def _by_key(table: pd.DataFrame, column: str) -> dict[str, pd.DataFrame]:
    return {str(key): rows for key, rows in table.groupby(column, sort=False, observed=True)}


def write_department_pages(
    documents: pd.DataFrame, reports: pd.DataFrame, sections: pd.DataFrame, sentences: pd.DataFrame, blocks: pd.DataFrame,
    quantities: pd.DataFrame, indicator_values: pd.DataFrame, indicator_changes: pd.DataFrame, peer_ranks: pd.DataFrame,
    themes: pd.DataFrame, key_terms: pd.DataFrame, reuse: pd.DataFrame, reuse_shares: pd.DataFrame, commitments: pd.DataFrame,
    checks: pd.DataFrame, indicators: Any, theme_catalogue: Any, check_rules: Any, briefing_rules: Any, genres: Any,
) -> dict[str, bytes]:
    """departments/<name>-<year>.pdf for the latest compared report of each department."""
    compared, naming = compared_reports(reports), find_naming(reports, genres)
    by_department: dict[tuple[str, str], list[Any]] = {}
    for report in compared.values():
        by_department.setdefault(place_key(report), []).append(report)
    shares = {row.document_id: row for row in records(reuse_shares[reuse_shares["relation"] == "earlier_year"])}
    sentences_of: dict[str, list[Any]] = {}
    for row in records(sentences):
        if row.document_id in compared:
            sentences_of.setdefault(row.document_id, []).append(row)
    own_values = indicator_values[indicator_values["document_id"].isin(list(compared))]
    desk = _Desk(
        compared, naming, Places(documents, sections, sentences, blocks), Peers(compared, themes, shares, naming.subject),
        {(row.document_id, row.indicator): row for row in records(own_values)},
        {(row.document_id, row.indicator): row for row in records(indicator_changes) if isinstance(row.document_id, str)},
        {(row.document_id, row.indicator): row for row in records(peer_ranks) if isinstance(row.document_id, str)},
        words.find_ties(peer_ranks), quantity_texts(quantities), shares,
        {(row.document_id, int(row.sentence_no)): row for row in records(reuse)}, sentences_of,
        {"commitments": _by_key(commitments, "document_id"), "checks": _by_key(checks, "document_id"),
         "key_terms": _by_key(key_terms[key_terms["grouping"] == "department"], "group")},
        words.widest_first(indicator_values, list(compared), indicators), own_values["indicator"].nunique(), indicators, theme_catalogue,
        check_rules, briefing_rules.headline_indicators.get(naming.genre, ()))
    for history in by_department.values():
        history.sort(key=lambda row: int(row.report_year))
    faces = Faces(briefing_rules.fonts.body, briefing_rules.fonts.headings, briefing_rules.fonts.folders)
    chosen = _choose_departments(list(by_department.values()), checks)
    pages: dict[str, bytes] = {}
    if len(chosen) < len(by_department):
        pages[_REST] = _list_rest(chosen, list(by_department.values()), naming.subject)
    for history in chosen:
        name = _NOT_IN_NAME.sub("", f"{history[-1].department}-{int(history[-1].report_year)}")
        pages[f"departments/{name}.pdf"] = typeset("department", _write_page(history, desk, key_terms, commitments, checks), faces=faces)
    return pages
