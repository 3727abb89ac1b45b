"""Check every report against the rules: required contents, dates, figures that agree, traces of old drafts.

The rules, their legal basis and all wording stand in knowledge/checks.yml; how each is judged, in the
modules named below. A check that cannot be judged passes as missing, never as true.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from pipeline.comparisons import contents, rates, sums, timing, values
from pipeline.comparisons.era import EraSearch
from pipeline.comparisons.inspection import Finding, Report, read_reports
from pipeline.comparisons.leftovers import LeftoverSearch
from pipeline.comparisons.word_places import HeldWords
from pipeline.profiles.checks import CheckRule, CheckRules
from pipeline.profiles.departments import Departments
from pipeline.profiles.era_terms import EraTerms
from pipeline.profiles.genres import Genres
from pipeline.tables import store

STAGE = "checks"
Judge = Callable[[Report, CheckRule], Finding]
_SEVERITY = {"必": "warning", "应": "note", "可": "note", "警": "warning"}
# Failures of these are for a person to look at; that an optional item is missing is only in table `checks`.
_ISSUE_LEVELS = ("必", "警")


def check_reports(
    documents: pd.DataFrame, identities: pd.DataFrame, sections: pd.DataFrame, sentences: pd.DataFrame,
    quantities: pd.DataFrame, indicator_values: pd.DataFrame, indicator_candidates: pd.DataFrame,
    check_rules: CheckRules, departments: Departments, era_terms: EraTerms, genres: Genres,
) -> store.Tables:
    """Tables `checks` and `issues`: one row a report and check that applies to its genre.

    Documents of genres that are no reports are left out. `passed` is missing where nothing can be judged.
    """
    rows: list[dict[str, Any]] = []
    issues: list[dict[str, Any]] = []
    terms, leftovers = EraSearch(era_terms), LeftoverSearch(check_rules.leftovers, departments)
    judges = _judges(check_rules, terms, leftovers)
    for report in read_reports(
        documents, identities, sections, sentences, quantities, indicator_values, indicator_candidates,
        HeldWords(terms.needles | leftovers.needles | timing.needles(check_rules)),
    ):
        genre = genres.by_name.get(report.genre)
        if genre is not None and not genre.is_report:
            continue
        for rule in check_rules.of_genre(report.genre).values():
            finding = judges.get(rule.id, contents.check_disclosed)(report, rule)
            message = _message(rule, finding)
            rows.append({
                "document_id": report.document_id, "check": rule.id, "passed": finding.passed,
                "evidence_start": finding.start, "evidence_end": finding.end,
                "message": message, "level": rule.level, "basis": rule.basis,
            })
            if finding.passed is False and rule.level in _ISSUE_LEVELS:
                issues.append({
                    "stage": STAGE, "document_id": report.document_id, "path": report.path,
                    "place": f"正文第{finding.start + 1}字" if finding.start is not None else "全文",
                    "severity": _SEVERITY[rule.level], "message": f"{rule.name}：{message}，请核对原文",
                })
    rows.sort(key=lambda row: (row["document_id"], row["check"]))
    return {"checks": store.frame("checks", rows), "issues": store.frame("issues", issues)}


def _judges(rules: CheckRules, terms: EraSearch, leftovers: LeftoverSearch) -> dict[str, Judge]:
    """How each check is judged; the others ask whether something is disclosed."""
    names = values.Names(rules)
    return {
        "achievements": lambda report, rule: contents.check_role(report, "achievements"),
        "problems": lambda report, rule: contents.check_problems(report, rules),
        "causes": lambda report, rule: contents.check_causes(report, rules),
        "first_responsible": lambda report, rule: contents.check_first_responsible(report, rules),
        "next_plan": lambda report, rule: contents.check_next_plan(report),
        "year_consistent": lambda report, rule: timing.check_years(report),
        "on_time": lambda report, rule: timing.check_on_time(report),
        "full_year": lambda report, rule: timing.check_full_year(report, rules),
        "sums_agree": lambda report, rule: sums.check_sums(report, rules),
        "values_agree": lambda report, rule: values.check_values(report, rules, names),
        "rates_agree": lambda report, rule: rates.check_rates(report, rules),
        "no_stale_terms": lambda report, rule: terms.check(report),
        "no_foreign_leftovers": lambda report, rule: leftovers.check(report),
        "compared_with_last_year": contents.check_compared,
    }


def _message(rule: CheckRule, finding: Finding) -> str:
    if finding.passed is None:
        return rule.unknown
    if finding.passed:
        return rule.passed.format_map(dict(finding.fields))
    wording = rule.no_problems if finding.fields.get("has_no_problems") else rule.failed
    return wording.format_map(dict(finding.fields))
