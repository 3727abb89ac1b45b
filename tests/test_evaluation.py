"""Measuring: what counts as right, and the same figures as the shared scorers."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import pipeline
from pipeline.errors import UsageError
from pipeline.evaluation import describe_quantities, describe_truth, evaluate_quantities, evaluate_truth
from pipeline.evaluation_quantities import read_labels, score_quantities
from pipeline.evaluation_scores import TruthScore
from pipeline.evaluation_tables import Answer, Found, gather_found
from pipeline.evaluation_truth import read_truths, score_truth
from pipeline.settings import Folders
from tests.conftest import ROOT

TRUTH: dict[str, Any] = {
    "file": "某局2022.txt", "department": "澜山区财政局", "year": 2022, "doc_number": "澜财〔2023〕3号", "signed_date": "2023-01-12",
    "sections": [{"heading": "进一步完善工作推进机制", "level": 2, "role": "achievements"}],
    "indicators": {"disclosure_count": {"state": "value", "low": 80, "high": 90, "evidence": "公开信息80余条"}},
    "decoys": [{"evidence": "力争达到 120 条", "why": "target"}],
    "reuse": [{"from": "x", "sentences": ["一是带头学法用法，每季度学一次。"]}],
    "commitments": [{"plan": "办好“法治”专栏。", "outcome": "done"}],
    "checks": {"causes": False, "problems": True, "on_time": None},
    "faults": [{"type": "stale_term", "evidence": "“六五”普法"}],
}
REPORT = {"department": "澜山区财政局", "report_year": 2022, "doc_number": "澜财[2023]3号", "signed_date": "2023-01-12"}


def score(**changes: Any) -> TruthScore:
    """The score of one report in which everything is right but for the changes."""
    text = "公开信息80余条，下一年力争达到120条。"
    fields: dict[str, Any] = {
        "report": REPORT, "text": text, "sections": [("完善工作推进机制", "achievements")],
        "answers": {"disclosure_count": Answer.of("value", 80, 90, "公开信息80余条", (4, 8))},
        "reused": {"一是带头学法用法，每季度学一次。"}, "commitments": [("办好“法治”专栏。", "done")],
        "checks": {"causes": False, "problems": True, "no_stale_terms": False}}
    return score_truth([TRUTH], {"某局2022": Found(**{**fields, **changes})})


def test_a_report_read_as_the_truth_has_it_is_all_right() -> None:
    found = score()
    assert found.as_plain() == {
        "reports": 1, "unread": 0, "identity": dict.fromkeys(("department", "year", "doc_number", "signed_date"), 1.0),
        "sections": {"recall": 1.0, "role": 1.0},
        "indicators": {"p": 1.0, "r": 1.0, "f1": 1.0, "n_true": 1, "n_predicted": 1},
        "by_indicator": {"disclosure_count": {"p": 1.0, "r": 1.0, "f1": 1.0, "n_true": 1, "n_predicted": 1}},
        "decoys_used": 0.0, "reuse": {"p": 1.0, "r": 1.0, "f1": 1.0}, "commitments": {"recall": 1.0, "outcome": 1.0},
        "checks": {"fail_p": 1.0, "fail_r": 1.0, "accuracy": 1.0, "by_check": {"causes": 1.0, "problems": 1.0}},
        "faults_named": 1.0, "false_alarms_per_report": 0.0}
    assert found.misses == []


@pytest.mark.parametrize(("answer", "right"), [
    (("value", 80, 90), True),
    (("corrected", 80, 90), True),       # a reviewed value counts as the value it is
    (("ambiguous", 80, 90), True),
    (("value", 80, 80), False),          # a bound is not a point
    (("zero", 0, 0), False),
    (("value", 80, None), False),
])
def test_an_answer_is_right_when_state_and_bounds_agree(answer: tuple[str, Any, Any], right: bool) -> None:
    found = score(answers={"disclosure_count": Answer.of(*answer, "公开信息80余条")})
    assert found.indicators.n_true_met == right


def test_a_stated_nought_is_a_zero_however_it_is_written() -> None:
    assert Answer.of("value", 0, 0, "收到申请0件").agrees(Answer.of("zero", None, None, "未收到申请"))
    assert not Answer.of("zero", 0, 0, "").agrees(Answer.of("na", None, None, ""))


def test_words_read_as_a_number_count_neither_way_where_the_truth_is_silent() -> None:
    in_words = Answer.of("value", 100, 100, "均按时办结")
    in_digits = Answer.of("value", 100, 100, "按时办结率100%")
    assert score(answers={"on_time_rate": in_words}).indicators.n_found == 0
    assert score(answers={"on_time_rate": in_digits}).indicators.n_found == 1


def test_a_decoy_counts_when_its_number_answers_something() -> None:
    found = score(answers={"disclosure_count": Answer.of("value", 120, 120, "力争达到120条", (16, 20))})
    assert (found.decoys.n_found, found.decoys.n_true) == (1, 1)


def test_an_unfounded_accusation_is_a_false_alarm() -> None:
    found = score(checks={"sums_agree": False})
    assert found.n_false_alarms == 1
    assert found.faults.n_true_met == 0
    assert [miss.what for miss in found.misses if miss.what.startswith(("误报", "错误"))] == ["错误 stale_term", "误报 sums_agree"]


def test_a_fault_is_named_by_an_issue_too() -> None:
    assert score(checks={}, messages="有过时表述：“六五”普法").faults.n_true_met == 1


def test_a_report_that_was_not_read_misses_everything() -> None:
    found = score_truth([TRUTH], {})
    assert found.n_unread == 1
    assert found.indicators.recall == 0
    assert found.indicators.precision is None


def same_as_shared(mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    """The shared scorer lists the checks beside their totals and has no F1 of reuse; all else has the same names."""
    mine = {**mine, "reuse": {name: mine["reuse"][name] for name in ("p", "r")}}
    by_check = {name: pytest.approx(value, abs=6e-4) for name, value in mine["checks"].pop("by_check").items()}
    mine["checks"] |= by_check
    mine.pop("by_indicator")
    assert mine == theirs


@pytest.mark.parametrize("damage", [False, True])
def test_figures_agree_with_the_shared_scorer(shared: Path, demo_run: Folders, tmp_path: Path, damage: bool) -> None:
    processed = demo_run.processed
    if damage:
        processed = tmp_path / "processed"
        shutil.copytree(demo_run.processed, processed, ignore=shutil.ignore_patterns(".cache"))
        _damage(processed)
    mine = score_truth(read_truths(shared / "demo"), gather_found(pipeline.load(processed))).as_plain()
    done = subprocess.run([sys.executable, shared / "eval" / "score_truth.py", processed, shared / "demo"],
                          capture_output=True, check=True)
    same_as_shared(mine, json.loads(done.stdout))


def _damage(processed: Path) -> None:
    """Make the tables wrong in every way that the scorers count."""
    def change(name: str, data: pd.DataFrame) -> None:
        data.to_parquet(processed / f"{name}.parquet")

    def read(name: str) -> pd.DataFrame:
        return pd.read_parquet(processed / f"{name}.parquet")

    reports = read("reports")
    reports.loc[::5, "department"] = "别的局"
    change("reports", reports.drop(index=reports.index[3]))
    change("sections", read("sections").iloc[::2])
    values = read("indicator_values")
    values.loc[::3, "low"] = 7.0
    values.loc[1::7, "state"] = "zero"
    # Answers taken from the whole of the text hit many decoys.
    change("indicator_values", values.assign(quantity_no=(values["quantity_no"] + 1)))
    change("reuse", read("reuse").assign(sentence_no=lambda data: data["sentence_no"] + 1))
    commitments = read("commitments")
    commitments.loc[::2, "outcome"] = "absent"
    change("commitments", commitments.iloc[3:])
    checks = read("checks")
    checks.loc[::4, "passed"] = False
    checks.loc[1::9, "passed"] = None
    change("checks", checks)
    change("issues", read("issues").iloc[::2])


@pytest.mark.parametrize("name", ["shared", "own"])
def test_quantities_agree_with_the_shared_scorer(shared: Path, tmp_path: Path, name: str) -> None:
    labels = next((shared / "gold").glob("*.jsonl")) if name == "shared" else ROOT / "tests" / "measures" / "gold_quantities.jsonl"
    found: dict[str, list[dict[str, Any]]] = {}
    for number, sentence in enumerate(read_labels(labels)):
        quantities = [asdict(quantity) for quantity in pipeline.find_quantities(sentence["text"])]
        # Some are lost, some are a little off, so that no share is simply 1.
        for place, quantity in enumerate(quantities):
            if (number + place) % 4 == 0:
                quantity |= {"start": quantity["start"] + 1, "unit": "个", "object": quantity["object"][1:]}
            if (number + place) % 7 == 0:
                quantity |= {"low": 1.0}
        found[sentence["text"]] = quantities[1:] if number % 5 == 0 else quantities
    predicted = tmp_path / "predicted.jsonl"
    predicted.write_text("".join(json.dumps({"id": s["id"], "quantities": found[s["text"]]}) + "\n" for s in read_labels(labels)))
    mine = score_quantities(read_labels(labels), found.__getitem__).as_plain()
    done = subprocess.run([sys.executable, shared / "eval" / "score_quantities.py", labels, predicted], capture_output=True, check=True)
    del mine["by_kind"]
    assert mine == json.loads(done.stdout)


def label(start: int, end: int, **more: Any) -> dict[str, Any]:
    return {"start": start, "end": end, "kind": "count", "low": 80, "high": 90, "approx": "over", "unit": "条", "object": "信息", **more}


@pytest.mark.parametrize(("findings", "reached"), [
    ([label(4, 8)], "detect value full span"),
    ([label(4, 9)], "detect value full"),                       # a little too long
    ([label(4, 8, unit="个")], "detect value span"),
    ([label(4, 8, high=80)], "detect span"),
    ([label(0, 2)], ""),                                        # somewhere else
    ([], ""),
])
def test_levels_of_a_quantity(findings: Sequence[dict[str, Any]], reached: str) -> None:
    found = score_quantities([{"id": "1", "text": "公开信息80余条", "quantities": [label(4, 8)]}], lambda text: findings)
    assert [name for name, tally in found.levels.items() if tally.n_true_met] == reached.split()


def test_an_optional_label_counts_neither_way() -> None:
    sentence = {"id": "1", "text": "公开信息80余条", "quantities": [label(4, 8, optional=True)]}
    for findings in ([], [label(4, 8)]):
        found = score_quantities([sentence], lambda text, findings=findings: findings)  # type: ignore[misc]
        assert found.levels["detect"].n_true == found.levels["detect"].n_found == 0


def test_own_gold_can_be_measured_alone() -> None:
    path = ROOT / "tests" / "measures" / "gold_quantities.jsonl"
    found = evaluate_quantities(path)
    assert found.n_sentences >= 150
    value, full = found.levels["value"].f1, found.levels["full"].f1
    assert value is not None
    assert full is not None
    assert value >= 0.98
    assert full >= 0.97
    assert "F1" in "\n".join(describe_quantities(path, found, 3))


@pytest.mark.slow
def test_a_small_corpus_is_run_and_described(tmp_path: Path) -> None:
    folder = tmp_path / "真值 语料"
    folder.mkdir()
    for path in sorted((ROOT / "tests" / "truth").glob("枕石镇202[12]*")):
        shutil.copy(path, folder)
    (folder / "标注.jsonl").write_text("{}")
    before = sorted(folder.iterdir())
    found = evaluate_truth(folder, jobs=1)
    assert sorted(folder.iterdir()) == before
    assert (found.n_reports, found.n_unread) == (2, 0)
    text = "\n".join(describe_truth(folder, found, 2))
    for words in ("身份·部门", "章节·标题", "指标", "沿用", "承诺", "检查", "错误", "干扰数", "误报"):
        assert words in text


@pytest.mark.parametrize(("content", "words"), [
    ({}, "没有真值文件"),
    ({"a.json": "{"}, "a.json 不是"),
    ({"a.json": "[]"}, "缺少 file"),
])
def test_a_folder_without_truth_is_named(tmp_path: Path, content: dict[str, str], words: str) -> None:
    for name, text in content.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(UsageError, match=words):
        evaluate_truth(tmp_path)


def test_a_bad_line_of_labels_is_named(tmp_path: Path) -> None:
    path = tmp_path / "标注.jsonl"
    path.write_text('{"id": 1, "text": "两次", "quantities": []}\n{"id": 2}\n', encoding="utf-8")
    with pytest.raises(UsageError, match="第2行"):
        evaluate_quantities(path)
