"""The findings of the briefing: facts counted from finished tables, worded by knowledge/briefing.yml.

What belongs here: which facts there are, and turning them into sentences. A fact that the tables do not bear gives
nothing, so its sentence does not appear. No adjective, no cause and no judgement is added to what the tables say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipeline.outputs import check_facts, disclosure_facts, history_facts, value_facts
from pipeline.outputs.material import Evidence, Fact, Material, Part, compared_reports, gather, list_names
from pipeline.profiles.briefing import BriefingRules, FindingRule

__all__ = ["FACTS", "Evidence", "Finding", "Material", "compared_reports", "find_findings", "gather", "list_names"]


@dataclass(frozen=True)
class Finding:
    """A finding as it is printed: sentence, and the evidence it refers to."""

    id: str
    title: str
    text: str
    evidence: tuple[Evidence, ...]
    sheet: str = ""
    charts: tuple[str, ...] = ()


FACTS: Mapping[str, Callable[[Material, BriefingRules], Fact | None]] = {
    "coverage": lambda material, _: check_facts.count_coverage(material),
    "required": lambda material, _: check_facts.report_gaps(material),
    "contradictions": lambda material, _: check_facts.count_failures(
        material, check_facts.CONTRADICTIONS, "some", all_years=True),
    "doubts": lambda material, _: check_facts.count_failures(material, check_facts.DOUBTS, "some", all_years=False),
    "headline": disclosure_facts.compare_headlines,
    "changes": lambda material, _: value_facts.count_changes(material),
    "disclosure": lambda material, _: disclosure_facts.count_disclosure(material),
    "approximate": lambda material, _: disclosure_facts.count_approximate(material),
    "disputes": lambda material, _: value_facts.compare_disputes(material),
    "vanished": lambda material, _: value_facts.count_vanished(material),
    "reuse": lambda material, _: history_facts.compare_reuse(material),
    "shared": lambda material, _: history_facts.count_shared(material),
    "commitments": lambda material, _: history_facts.follow_plans(material),
}


def find_findings(material: Material, rules: BriefingRules) -> list[Finding]:
    """The findings that hold, in the order of briefing.yml, at most `most_findings`. No report gives none."""
    findings: list[Finding] = []
    if not material.reports:
        return findings
    for rule in rules.findings:
        if len(findings) == rules.most_findings:
            break
        fact = FACTS[rule.id](material, rules) if rule.id in FACTS else None
        if fact is None:
            continue
        case, values, evidence = fact
        text = _word(rule, Part(case, values), material.naming.words)
        findings.append(Finding(rule.id, rule.title, text, tuple(evidence), rule.sheet, rule.charts))
    return findings


def _word(rule: FindingRule, part: Part, words: Mapping[str, object]) -> str:
    """The sentence of a part, with its own parts worded first."""
    values = {key: _word(rule, value, words) if isinstance(value, Part) else value for key, value in part.values.items()}
    return rule.write(part.case, {**words, **values})
