"""The findings of the briefing: facts counted from finished tables, worded by knowledge/briefing.yml.

What belongs here: for each fact of briefing.yml, the numbers and names that its sentence needs and the
passages that prove it. A fact that the tables do not bear gives nothing, so its sentence does not appear.
No adjective, no cause and no judgement is added to what the tables say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.outputs.places import Places, rows_of
from pipeline.outputs.values import write_change, write_percent, write_value
from pipeline.profiles.briefing import BriefingRules
from pipeline.tables.store import records

_LISTED = 6  # names in a sentence; more make a list, which the evidence table gives
_CONTRADICTIONS = ("sums_agree", "values_agree", "rates_agree")
_TIME = ("on_time", "full_year")
_LEFTOVERS = ("year_consistent", "no_stale_terms", "no_foreign_leftovers")
_ANSWERED = ("value", "zero", "corrected", "ambiguous")


@dataclass(frozen=True)
class Evidence:
    """One line of the evidence table."""

    department: str
    year: int
    item: str
    says: str
    quote: str
    place: str


@dataclass(frozen=True)
class Finding:
    """A finding as it is printed: sentence, and the evidence it refers to."""

    id: str
    title: str
    text: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Material:
    """The tables that findings are counted from, with the compared reports by document."""

    reports: Mapping[str, Any]
    coverage: pd.DataFrame
    values: pd.DataFrame
    changes: pd.DataFrame
    reuse_shares: pd.DataFrame
    commitments: pd.DataFrame
    checks: pd.DataFrame
    places: Places
    check_names: Mapping[str, str]
    check_levels: Mapping[str, str]
    indicator_names: Mapping[str, str]

    @property
    def years(self) -> list[int]:
        return sorted({int(report.report_year) for report in self.reports.values()})

    def of_year(self, year: int) -> dict[str, Any]:
        return {key: report for key, report in self.reports.items() if int(report.report_year) == year}

    def name(self, document_id: str) -> str:
        return str(self.reports[document_id].department_short)

    def evidence(self, document_id: str, item: str, says: str, start: Any, end: Any) -> Evidence:
        start, end = (None if pd.isna(start) else int(start)), (None if pd.isna(end) else int(end))
        page, paragraph = self.places.page(document_id, start), self.places.paragraph(document_id, start)
        place = (f"第{page}页" if page else "") + (f"第{paragraph}段" if paragraph else "")
        report = self.reports[document_id]
        return Evidence(self.name(document_id), int(report.report_year), item, says,
                        self.places.passage(document_id, start, end), place)


Fact = tuple[str, dict[str, object], list[Evidence]]  # case of the sentence, values of its placeholders, proof


def list_names(names: Iterable[str]) -> str:
    """甲、乙、丙; beyond _LISTED names the rest is counted: 甲、乙等9个."""
    names = list(names)
    return "、".join(names) if len(names) <= _LISTED else "、".join(names[:_LISTED]) + f"等{len(names)}个"


def _coverage(material: Material) -> Fact | None:
    grid = material.coverage
    if not len(grid):
        return None
    years = grid["report_year"].astype(int)
    missing = grid[grid["state"] == "missing"].sort_values(["report_year", "department_short"])
    departments = grid[["region", "department_code"]].drop_duplicates()
    values: dict[str, object] = {
        "first_year": int(years.min()), "last_year": int(years.max()), "n_departments": len(departments),
        "n_expected": len(grid), "n_reported": len(grid) - len(missing), "n_missing": len(missing),
        "missing": list_names(f"{row.department_short}{int(row.report_year)}年度" for row in records(missing)),
    }
    return ("missing" if len(missing) else "complete"), values, []


def _failures(material: Material, names: Iterable[str], year: int | None) -> list[Any]:
    checks = material.checks
    wanted = material.reports if year is None else material.of_year(year)
    failed = checks[checks["document_id"].isin(list(wanted)) & checks["check"].isin(list(names))
                    & (checks["passed"].fillna(True) == False)]  # noqa: E712 - nullable column
    return sorted(records(failed), key=lambda row: (material.reports[row.document_id].report_year, material.name(row.document_id), row.check))


def _by_department(material: Material, failed: list[Any], with_year: bool) -> str:
    groups: dict[str, list[str]] = {}
    for row in failed:
        year = f"{int(material.reports[row.document_id].report_year)}年度" if with_year else ""
        groups.setdefault(material.name(row.document_id) + year, []).append(material.check_names.get(row.check, row.check))
    return "；".join(f"{name}（{'、'.join(items)}）" for name, items in list(groups.items())[:_LISTED]) + \
        (f"等{len(groups)}份" if len(groups) > _LISTED else "")


def _check_evidence(material: Material, failed: list[Any]) -> list[Evidence]:
    return [material.evidence(row.document_id, material.check_names.get(row.check, row.check),
                              row.message if isinstance(row.message, str) else "", row.evidence_start, row.evidence_end) for row in failed]


def _required(material: Material) -> Fact | None:
    year = material.years[-1]
    names = [name for name, level in material.check_levels.items() if level == "必" and name not in (*_TIME, *_LEFTOVERS)]
    rows = material.checks[material.checks["document_id"].isin(list(material.of_year(year))) & material.checks["check"].isin(names)]
    if not len(rows):
        return None
    failed = _failures(material, names, year)
    if not failed and rows["passed"].isna().any():
        return None
    values: dict[str, object] = {"year": year, "n_reports": len(material.of_year(year)),
                                 "n_failed": len({row.document_id for row in failed}), "failed": _by_department(material, failed, False)}
    return ("incomplete" if failed else "complete"), values, _check_evidence(material, failed)


def _failed_fact(material: Material, names: tuple[str, ...], case: str, all_years: bool) -> Fact | None:
    year = material.years[-1]
    failed = _failures(material, names, None if all_years else year)
    if not failed:
        return None
    documents = {row.document_id for row in failed}
    values: dict[str, object] = {
        "year": year, "n_reports": len(documents) if case == "some" else len(material.of_year(year)),
        "n_failed": len(failed) if case == "some" else len(documents), "failed": _by_department(material, failed, all_years),
    }
    return case, values, _check_evidence(material, failed)


def _stated(material: Material, indicator: str, year: int) -> list[Any]:
    values = material.values
    rows = values[(values["indicator"] == indicator) & values["document_id"].isin(list(material.of_year(year))) & values["state"].isin(_ANSWERED)]
    return sorted(records(rows), key=lambda row: (-(row.low if not pd.isna(row.low) else row.high), material.name(row.document_id)))


def _value_evidence(material: Material, rows: Iterable[Any]) -> list[Evidence]:
    return [material.evidence(row.document_id, material.indicator_names.get(row.indicator, row.indicator),
                              write_value(row.low, row.high, row.approx, row.unit, state=row.state, with_unit=True),
                              row.evidence_start, row.evidence_end) for row in rows]


def _top(material: Material, rows: list[Any], year: int) -> str:
    """The largest value and how it compares with the year before: 市场监管局（8件，比上年升60%）."""
    sure = [row for row in rows if row.state != "ambiguous" and not pd.isna(row.low)]
    top = [row for row in sure if row.low == sure[0].low] if sure else []
    parts = []
    for row in top[:_LISTED]:
        change = material.changes[(material.changes["document_id"] == row.document_id) & (material.changes["indicator"] == row.indicator)]
        words = write_value(row.low, row.high, row.approx, row.unit, state=row.state, with_unit=True)
        if len(change) and change["verdict"].iloc[0] in ("up", "down", "same"):
            words += f"，比上年{write_change(next(records(change)))}"
        parts.append(f"{material.name(row.document_id)}（{words}）")
    return "、".join(parts)


def _disputes(material: Material) -> Fact | None:
    year = material.years[-1]
    reconsideration = _stated(material, "reconsideration_respondent_count", year)
    litigation = _stated(material, "litigation_case_count", year)
    if not any(row.low for row in reconsideration if not pd.isna(row.low)) or not any(row.low for row in litigation if not pd.isna(row.low)):
        return None
    values: dict[str, object] = {
        "year": year, "n_reconsideration": len(reconsideration), "n_litigation": len(litigation),
        "n_reconsideration_zero": sum(row.state == "zero" for row in reconsideration),
        "n_litigation_zero": sum(row.state == "zero" for row in litigation),
        "top_reconsideration": _top(material, reconsideration, year), "top_litigation": _top(material, litigation, year),
    }
    return "ranked", values, _value_evidence(material, [*reconsideration, *litigation])


def _appearance(material: Material) -> Fact | None:
    year = material.years[-1]
    rows = _stated(material, "leader_appearance_rate", year)
    if len(rows) < 2:
        return None
    below = [row for row in rows if not pd.isna(row.high) and row.high < 100]
    if not below and not all(not pd.isna(row.low) and row.low == 100 for row in rows):
        return None
    said = [f"{material.name(row.document_id)}（{write_value(row.low, row.high, row.approx, '%', 'percent', row.state, with_unit=True)}）"
            for row in below]
    values: dict[str, object] = {"year": year, "n_stated": len(rows), "n_below": len(below), "below": list_names(said)}
    return ("below" if below else "full"), values, _value_evidence(material, below)


def _vanished(material: Material) -> Fact | None:
    years = material.years
    if len(years) < 2:
        return None
    year = years[-1]
    answered = material.values[material.values["state"].isin(_ANSWERED)]
    disclosed = {(row.document_id, row.indicator) for row in records(answered)}
    rows = [row for row in records(material.changes)
            if int(row.report_year) == year and isinstance(row.document_id, str) and row.document_id in material.reports
            and isinstance(row.previous_document_id, str) and (row.previous_document_id, row.indicator) in disclosed
            and (row.document_id, row.indicator) not in disclosed]
    not_applicable = {(row.document_id, row.indicator) for row in records(material.values[material.values["state"] == "na"])}
    rows = [row for row in rows if (row.document_id, row.indicator) not in not_applicable]
    if not rows:
        return None
    counts = Counter(material.name(row.document_id) for row in rows)
    most = max(counts.values())
    evidence = []
    for row in sorted(rows, key=lambda r: (material.name(r.document_id), r.indicator)):
        before = next(v for v in records(answered[(answered["document_id"] == row.previous_document_id)
                                          & (answered["indicator"] == row.indicator)]))
        says = "上年" + write_value(before.low, before.high, before.approx, before.unit, state=before.state, with_unit=True) + "，本年未披露"
        item = material.indicator_names.get(row.indicator, row.indicator)
        if row.previous_document_id in material.reports:
            evidence.append(material.evidence(row.previous_document_id, item, says, before.evidence_start, before.evidence_end))
    values: dict[str, object] = {"year": year, "previous_year": year - 1, "n_values": len(rows), "n_departments": len(counts),
                                 "top": list_names(sorted(name for name, n in counts.items() if n == most)), "n_top": most}
    return "some", values, evidence


def _reuse(material: Material) -> Fact | None:
    year = material.years[-1]
    shares = material.reuse_shares
    rows = [row for row in records(shares[shares["relation"] == "earlier_year"])
            if row.document_id in material.of_year(year) and not pd.isna(row.share_pct) and row.n_sentences]
    if not rows:
        return None
    used = [row for row in rows if row.n_reused]
    top = max(rows, key=lambda row: (row.share_pct, row.n_reused))
    values: dict[str, object] = {
        "year": year, "n_reports": len(rows), "n_with": len(used), "top": material.name(top.document_id),
        "n_reused": int(top.n_reused), "n_sentences": int(top.n_sentences), "top_pct": write_percent(top.share_pct),
        "mean_pct": write_percent(sum(row.share_pct for row in used) / len(used)) if used else "0",
    }
    return ("some" if used else "none"), values, []


def _commitments(material: Material) -> Fact | None:
    years = material.years
    if len(years) < 2:
        return None
    year = years[-1]
    rows = [row for row in records(material.commitments)
            if (isinstance(row.followed_by_document_id, str) and row.followed_by_document_id in material.of_year(year))
            or (row.outcome in ("absent", "not_measurable") and row.document_id in material.of_year(year - 1))]
    if not rows:
        return None
    counts = Counter(row.outcome for row in rows)
    absent = [row for row in rows if row.outcome == "absent"]
    evidence = []
    for row in sorted(absent, key=lambda r: (material.name(r.document_id), r.sentence_no)):
        sentence = material.places.sentence(row.document_id, int(row.sentence_no))
        if sentence:
            evidence.append(material.evidence(row.document_id, "下一年安排", "次年报告未见回应", sentence.start, sentence.end))
    values: dict[str, object] = {"year": year, "previous_year": year - 1, "n_items": len(rows), "n_done": counts["done"],
                                 "n_partly": counts["partly"], "n_absent": counts["absent"], "n_unclear": counts["not_measurable"]}
    return "followed", values, evidence


FACTS: Mapping[str, Callable[[Material], Fact | None]] = {
    "coverage": _coverage, "required": _required, "disputes": _disputes, "appearance": _appearance, "vanished": _vanished,
    "reuse": _reuse, "commitments": _commitments,
    "timeliness": lambda material: _failed_fact(material, _TIME, "late", all_years=False),
    "contradictions": lambda material: _failed_fact(material, _CONTRADICTIONS, "some", all_years=True),
    "leftovers": lambda material: _failed_fact(material, _LEFTOVERS, "some", all_years=False),
}


def find_findings(material: Material, rules: BriefingRules) -> list[Finding]:
    """The findings that hold, in the order of briefing.yml, at most `most_findings`. No report gives none."""
    findings: list[Finding] = []
    if not material.reports:
        return findings
    for rule in rules.findings:
        fact = FACTS[rule.id](material) if rule.id in FACTS else None
        if fact is None or len(findings) == rules.most_findings:
            continue
        case, values, evidence = fact
        findings.append(Finding(rule.id, rule.title, rule.write(case, values), tuple(evidence)))
    return findings


def compared_reports(reports: pd.DataFrame) -> dict[str, Any]:
    """document_id → row of the reports that take part in the comparison, in order of year and department."""
    chosen = reports[reports["is_compared"].fillna(False).astype(bool)]
    rows = sorted(records(chosen), key=lambda row: (int(row.report_year), str(row.department_short)))
    return {row.document_id: row for row in rows}


def gather(reports: pd.DataFrame, coverage: pd.DataFrame, values: pd.DataFrame, changes: pd.DataFrame, reuse_shares: pd.DataFrame,
           commitments: pd.DataFrame, checks: pd.DataFrame, places: Places, check_rules: Any, indicators: Any) -> Material:
    """The material of a run; rules and indicators give the names that are printed."""
    rows = rows_of(checks, "check", "level")
    return Material(
        compared_reports(reports), coverage, values, changes, reuse_shares, commitments, checks, places,
        {key: rule.name for key, rule in check_rules.by_id.items()}, {key: level for key, level in rows if level},
        {key: item.short_name or item.name for key, item in indicators.by_id.items()},
    )
