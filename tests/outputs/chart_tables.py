"""A small corpus for the tests of charts: four departments × 2021–2023, every state once, values to reckon by hand.

公开条数   2021      2022        2023
甲局       120       80余        200以上
乙局       0         未披露      12
丙局       不适用    待核（50）  300
丁局       40        缺报告      未披露
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd

from pipeline.tables import store

YEARS = (2021, 2022, 2023)
DEPARTMENTS = ("甲局", "乙局", "丙局", "丁局")
MISSING = {("丁局", 2022)}

DISCLOSURE = SimpleNamespace(id="disclosure", name="主动公开条数", short_name="公开条数", theme="openness", unit="条",
                             kind="count", direction="up")
FINES = SimpleNamespace(id="fines", name="罚没金额", short_name="罚没金额", theme="enforcement", unit="元", kind="money",
                        direction="neutral")
RATE = SimpleNamespace(id="rate", name="办结率", short_name="办结率", theme="functions", unit="%", kind="percent",
                       direction="up")
INDICATORS = SimpleNamespace(all=(DISCLOSURE, FINES, RATE))
THEMES = SimpleNamespace(themes=(SimpleNamespace(id="enforcement", name="行政执法", short="执法"),
                                 SimpleNamespace(id="openness", name="政务公开", short="公开")))
RULES = SimpleNamespace(checks=(SimpleNamespace(id="problems", name="存在的不足", level="必"),
                                SimpleNamespace(id="on_time", name="按时公开", level="必"),
                                SimpleNamespace(id="publicity", name="普法", level="应")))
GENRES = SimpleNamespace(all=(SimpleNamespace(name="rule_of_law", label="法治政府建设年度报告", subject="部门", has_themes=True),
                              SimpleNamespace(name="work_report", label="政府工作报告", subject="地区", has_themes=False)))
BRIEFING = SimpleNamespace(headline_indicators={"work_report": ("rate", "disclosure")})

_ANSWERS: dict[str, tuple[tuple[Any, ...], ...]] = {
    "甲局": (("value", 120, 120, "exact"), ("value", 80, 90, "over"), ("value", 200, None, "over")),
    "乙局": (("zero", 0, 0, "exact"), ("not_disclosed", None, None, None), ("value", 12, 12, "exact")),
    "丙局": (("na", None, None, None), ("ambiguous", 50, 50, "exact"), ("value", 300, 300, "exact")),
    "丁局": (("value", 40, 40, "exact"), (), ("not_disclosed", None, None, None)),
}


def document(department: str, year: int) -> str:
    return f"{department}{year}"


def places() -> list[tuple[str, int]]:
    return [(department, year) for department in DEPARTMENTS for year in YEARS if (department, year) not in MISSING]


def make_tables(names: dict[str, str] | None = None, *, is_demonstration: bool = True) -> dict[str, Any]:
    """The tables and knowledge parts that `build_charts` takes; `names` replaces department names."""
    names = names or {}

    def shown(department: str) -> str:
        return names.get(department, department)

    reports = [
        {"document_id": document(d, y), "report_id": f"{d}-{y}", "genre": "rule_of_law", "department": f"某区{shown(d)}",
         "department_code": d, "region": "某区", "report_year": y, "is_compared": True, "department_short": shown(d),
         "is_demonstration": is_demonstration}
        for d, y in places()
    ]
    coverage = [
        {"department_code": d, "region": "某区", "department": f"某区{shown(d)}", "department_short": shown(d),
         "report_year": y, "document_id": None if (d, y) in MISSING else document(d, y),
         "state": "missing" if (d, y) in MISSING else "reported"}
        for d in DEPARTMENTS for y in YEARS
    ]
    answers = []
    for d, y in places():
        state, low, high, approx = _ANSWERS[d][y - YEARS[0]]
        answers.append({"document_id": document(d, y), "indicator": "disclosure", "state": state, "low": low, "high": high,
                        "approx": approx, "unit": "条"})
        answers.append({"document_id": document(d, y), "indicator": "fines", "state": "not_disclosed"})
        answers.append({"document_id": document(d, y), "indicator": "rate", "state": "value", "low": 100, "high": 100,
                        "approx": "exact", "unit": "%"})
    changes = [
        {"department_code": "甲局", "previous_low": 80, "previous_high": 90, "low": 200, "change_low": 110,
         "change_pct_low": 200 / 90 * 100 - 100, "verdict": "up", "comparable": True},
        {"department_code": "丙局", "previous_low": 50, "previous_high": 50, "low": 300, "high": 300, "change_low": 250,
         "change_high": 250, "change_pct_low": 500, "change_pct_high": 500, "verdict": "up", "comparable": True},
        {"department_code": "乙局", "low": 12, "high": 12, "verdict": "incomparable", "comparable": False,
         "why_not": "上年未披露"},
    ]
    changes = [{"region": "某区", "indicator": "disclosure", "report_year": 2023, **change} for change in changes]
    # 执法 grows from 20 % to 30 % in 甲局 and stands still elsewhere; 公开 never moves.
    themes = [
        {"document_id": document(d, y), "theme": theme, "share": share + (0.05 * (y - 2021) if theme == "enforcement"
                                                                         and d == "甲局" else 0.0)}
        for d, y in places() for theme, share in (("enforcement", 0.2), ("openness", 0.1))
    ]
    terms = [
        {"grouping": "department", "group": f"某区{shown(d)}", "term": f"词{d[0]}{n}", "count": 20 - n,
         "log_odds_z": 6.0 - n + 0.1 * number, "rank": n}
        for number, d in enumerate(DEPARTMENTS) for n in range(1, 4)
    ] + [
        {"grouping": "year", "group": str(y), "term": f"年词{y}", "count": 7, "log_odds_z": 3.0, "rank": 1} for y in YEARS
    ]
    # The first report of a department has nothing to compare with; 丙局 2023 repeats most.
    reuse = [
        {"document_id": document(d, y), "relation": "earlier_year", "n_sentences": 50, "n_reused": n_reused,
         "share_pct": n_reused * 2.0}
        for (d, y), n_reused in {("甲局", 2022): 5, ("甲局", 2023): 0, ("乙局", 2022): 10, ("乙局", 2023): 12,
                                 ("丙局", 2022): 20, ("丙局", 2023): 33, ("丁局", 2023): 7}.items()
    ]
    passed = {"甲局": (True, True, True), "乙局": (True, False, False), "丙局": (False, False, True), "丁局": (True, None, True)}
    checks = [
        {"document_id": document(d, 2023), "check": rule.id, "passed": result, "message": "", "level": rule.level}
        for d, results in passed.items() for rule, result in zip(RULES.checks, results, strict=True)
    ]
    stats = [
        {"document_id": document(d, y), "chars": 3000, "quantities_per_1000": 10.0 + number * 2 + (y - 2021)}
        for number, d in enumerate(DEPARTMENTS) for y in YEARS if (d, y) not in MISSING
    ]
    outcomes = ["done", "done", "partly", "absent", "absent", "not_measurable"]
    commitments = [
        {"document_id": document("甲局", 2021), "sentence_no": number, "outcome": outcome}
        for number, outcome in enumerate(outcomes)
    ] + [
        {"document_id": document("乙局", 2022), "sentence_no": 1, "outcome": "done"},
        {"document_id": document("甲局", 2023), "sentence_no": 1, "outcome": "no_next_report"},
    ]
    rows: dict[str, list[dict[str, Any]]] = {
        "reports": reports, "coverage": coverage, "indicator_values": answers, "indicator_changes": changes,
        "themes": themes, "key_terms": terms, "reuse_shares": reuse, "checks": checks, "text_stats": stats,
        "commitments": commitments,
    }
    tables: dict[str, Any] = {name: store.frame(name, table) for name, table in rows.items()}
    return {**tables, "indicators": INDICATORS, "theme_catalogue": THEMES, "check_rules": RULES, "genres": GENRES,
            "briefing_rules": BRIEFING}


def keep(tables: dict[str, Any], documents: set[str]) -> dict[str, Any]:
    """The tables of some documents only."""
    kept = dict(tables)
    for name, table in tables.items():
        if isinstance(table, pd.DataFrame) and "document_id" in table and name not in ("coverage", "indicator_changes"):
            kept[name] = table[table["document_id"].isin(documents)]
    kept["coverage"] = tables["coverage"][tables["coverage"]["document_id"].isin(documents)]
    return kept
