"""Hold the tables of a run against a corpus whose truth is known: pairs of a report and a .json of what it says.

What belongs here: the counting. A report is matched to its truth by the stem of its file name. An answer is right when
state and both bounds agree; a stated 0 is a zero however it is written, a reviewed or ambiguous value counts as the
value it shows, and 未披露 is no answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError
from pipeline.evaluation_scores import IDENTITY, Miss, TruthScore
from pipeline.evaluation_tables import Answer, Found, plain

# Which checks name a fault of each kind.
FAULT_CHECKS: Mapping[str, frozenset[str]] = {kind: frozenset(checks) for kind, checks in {
    "sum_mismatch": ["sums_agree"], "conflicting_values": ["values_agree"], "rate_contradiction": ["rates_agree"],
    "wrong_year": ["year_consistent"], "stale_term": ["no_stale_terms"], "foreign_leftover": ["no_foreign_leftovers"],
    "missing_section": ["achievements", "problems", "causes", "first_responsible", "next_plan"],
    "late": ["on_time"], "early": ["on_time", "year_consistent", "full_year"],
}.items()}
# Checks that accuse; failing one in a report without such a fault is a false alarm.
ACCUSING = frozenset({"sums_agree", "values_agree", "rates_agree", "no_stale_terms", "no_foreign_leftovers"})
_NUMERAL = re.compile("[0-9０-９一二三四五六七八九十百千万亿两半零]")
# 完善工作机制 is found in 进一步完善工作机制; shorter headings must agree whole.
_SHORT_HEADING = 6
# A recycled sentence may be cut a little differently; less than this share in common is another sentence.
_LEAST_OVERLAP = 0.6
_FAULT_WORDS = 12


def read_truths(folder: Path) -> list[dict[str, Any]]:
    """The truth files of a corpus, by name. UsageError where there are none or one has no `file`."""
    truths = []
    for path in sorted(folder.glob("*.json")):
        try:
            truth = json.loads(path.read_text(encoding="utf-8-sig"))
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise UsageError(f"{path.name} 不是 UTF-8 的 JSON：{error}") from error
        if not isinstance(truth, dict) or not isinstance(truth.get("file"), str):
            raise UsageError(f"{path.name} 缺少 file（所对应的报告文件名）")
        truths.append(truth)
    if not truths:
        raise UsageError(f"{folder} 中没有真值文件；每份报告旁应有同名的 .json")
    return truths


def score_truth(truths: Iterable[Mapping[str, Any]], found: Mapping[str, Found]) -> TruthScore:
    """Count what agrees; `found` holds the documents of a run by the stem of their file name."""
    score = TruthScore()
    for truth in truths:
        stem = Path(truth["file"]).stem
        document = found.get(stem)
        score.n_reports += 1
        if document is None or document.report is None:
            score.n_unread += 1
            score.misses.append(Miss(stem, "读取", truth["file"], "没有读到，或没有认作报告"))
        document = document or Found()
        for count in (_count_identity, _count_sections, _count_indicators, _count_reuse, _count_commitments, _count_checks,
                      _count_faults):
            score.misses.extend(Miss(stem, *miss) for miss in count(score, truth, document))
    return score


Misses = Iterator[tuple[str, str, str]]


def _count_identity(score: TruthScore, truth: Mapping[str, Any], document: Found) -> Misses:
    for name, column in IDENTITY.items():
        wanted = plain(truth.get(name))
        got = "" if document.report is None else plain(document.report[column])
        if name == "signed_date":
            got = got[:10]
        is_right = document.report is not None and got == wanted
        score.identity[name].add(True, document.report is not None, is_right)
        if not is_right:
            yield f"身份 {name}", wanted, got


def _count_sections(score: TruthScore, truth: Mapping[str, Any], document: Found) -> Misses:
    for section in truth.get("sections", []):
        roles = [role for heading, role in document.sections if _same_heading(plain(section["heading"]).rstrip("。：:"), heading)]
        score.headings.add(True, bool(roles), bool(roles))
        score.roles.add(True, bool(roles), section["role"] in roles)
        if section["role"] not in roles:
            yield "章节", f"{section['heading']}（{section['role']}）", "、".join(roles[:2])


def _same_heading(wanted: str, heading: str) -> bool:
    if not heading:
        return False
    if heading.rstrip("。：:") == wanted:
        return True
    if len(wanted) <= _SHORT_HEADING:
        return False
    return wanted in heading or (heading in wanted and len(heading) > _SHORT_HEADING)


def _count_indicators(score: TruthScore, truth: Mapping[str, Any], document: Found) -> Misses:
    wanted = {name: Answer.of(value["state"], value.get("low"), value.get("high"), value.get("evidence", ""))
              for name, value in truth.get("indicators", {}).items()}
    # Words such as 全部按时办结 may be read as 100 % or not; where the truth does not list them they count neither way.
    answers = {name: answer for name, answer in document.answers.items()
               if name in wanted or answer.state != "value" or _NUMERAL.search(answer.evidence)}
    for name in {**wanted, **answers}:
        want, got = wanted.get(name), answers.get(name)
        is_right = want is not None and got is not None and want.agrees(got)
        for tally in (score.indicators, score.by_indicator[name]):
            tally.add(want is not None, got is not None, is_right)
        if not is_right:
            yield f"指标 {name}", str(want or "不应作答"), str(got or "未作答")
    used = [answer.span for answer in answers.values() if answer.state == "value" and answer.span is not None]
    for decoy in truth.get("decoys", []):
        place = document.find(decoy["evidence"])
        is_used = place is not None and any(place[0] <= start and end <= place[1] for start, end in used)
        score.decoys.add(True, is_used, False)
        if is_used:
            yield "干扰数", f"不应采用（{decoy.get('why', '')}）", decoy["evidence"]


def _count_reuse(score: TruthScore, truth: Mapping[str, Any], document: Found) -> Misses:
    wanted = {plain(sentence): sentence for item in truth.get("reuse", []) for sentence in item["sentences"]}
    score.reuse.n_true += len(wanted)
    score.reuse.n_found += len(document.reused)
    score.reuse.n_found_right += sum(_is_among(sentence, wanted) for sentence in document.reused)
    for sentence, written in wanted.items():
        is_met = _is_among(sentence, document.reused)
        score.reuse.n_true_met += is_met
        if not is_met:
            yield "沿用", written, "未发现"
    for sentence in sorted(document.reused):
        if not _is_among(sentence, wanted):
            yield "沿用", "不是沿用", sentence


def _is_among(sentence: str, others: Iterable[str]) -> bool:
    """Whether one of the others is the same sentence, perhaps cut a little differently."""
    return any(
        sentence and other and (sentence in other or other in sentence)
        and min(len(sentence), len(other)) > _LEAST_OVERLAP * max(len(sentence), len(other))
        for other in others)


def _count_commitments(score: TruthScore, truth: Mapping[str, Any], document: Found) -> Misses:
    for commitment in truth.get("commitments", []):
        plan = plain(commitment["plan"])
        outcomes = [outcome for sentence, outcome in document.commitments if sentence and (plan in sentence or sentence in plan)]
        score.commitments.add(True, bool(outcomes), bool(outcomes))
        score.outcomes.add(True, bool(outcomes), commitment["outcome"] in outcomes)
        if commitment["outcome"] not in outcomes:
            yield "承诺", f"{commitment['plan']}（{commitment['outcome']}）", "、".join(outcomes) or "未列为承诺"


def _count_checks(score: TruthScore, truth: Mapping[str, Any], document: Found) -> Misses:
    for name, wanted in truth.get("checks", {}).items():
        if wanted is None:
            continue
        got = document.checks.get(name)
        is_right = got is not None and got == bool(wanted)
        score.by_check[name].add(True, got is not None, is_right)
        score.failures.add(not wanted, got is False, got is False and not wanted)
        if not is_right:
            yield f"检查 {name}", "通过" if wanted else "不通过", {True: "通过", False: "不通过", None: "无从判断"}[got]


def _count_faults(score: TruthScore, truth: Mapping[str, Any], document: Found) -> Misses:
    failed = {name for name, passed in document.checks.items() if passed is False}
    planted: set[str] = set()
    for fault in truth.get("faults", []):
        checks = FAULT_CHECKS.get(fault["type"], frozenset())
        planted |= checks
        evidence = plain(fault.get("evidence"))
        is_named = bool(checks & failed) or bool(evidence and evidence[:_FAULT_WORDS] in document.messages)
        score.faults.add(True, is_named, is_named)
        if not is_named:
            yield f"错误 {fault['type']}", str(fault.get("evidence", "")), "未指出"
    for name in sorted((failed & ACCUSING) - planted):
        score.n_false_alarms += 1
        yield f"误报 {name}", "没有这类错误", "检查不通过"

