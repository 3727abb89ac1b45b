"""A correction that fits no report or no indicator is said, never silently unused."""

from __future__ import annotations

import pytest

from pipeline.comparisons.corrections import check_corrections
from pipeline.profiles import load_part
from pipeline.profiles.corrections import Correction, Corrections
from pipeline.tables.store import frame

INDICATORS = load_part("indicators")


def correction(report_id: str, indicator: str, line: int = 7) -> Corrections:
    made = Correction(report_id, indicator, "", 9.0, 9.0, "value", "核对台账", "张三", "2024-03-31", line)
    return Corrections({(report_id, indicator): made})


def messages(corrections: Corrections) -> list[tuple[str, str]]:
    documents = frame("documents", [{"document_id": name, "path": f"{name}.txt", "status": "ok", "text": ""} for name in "ab"])
    identities = frame("identities", [
        {"document_id": "a", "department": "澜山区水利局", "region": "澜山区", "report_year": 2022, "genre": "rule_of_law"},
        {"document_id": "b", "department": "财政局", "report_year": 2022, "genre": "rule_of_law"},
    ])
    reports = frame("reports", [
        {"document_id": "a", "report_id": "澜山区水利局-2022", "genre": "rule_of_law"},
        {"document_id": "b", "report_id": "澜山区财政局-2022", "genre": "rule_of_law"},
    ])
    issues = check_corrections(documents, identities, reports, corrections, INDICATORS)["issues"]
    return list(zip(issues["place"].tolist(), issues["message"].tolist(), strict=True))


@pytest.mark.parametrize("report_id", ["澜山区水利局-2022", "财政局-2022", "澜山区财政局-2022"])
def test_a_correction_of_a_report_that_was_read_is_no_issue(report_id: str) -> None:
    assert messages(correction(report_id, "penalty_closed_count")) == []


def test_the_line_and_the_nearest_report_are_named() -> None:
    [(place, message)] = messages(correction("澜山区水利局-2023", "penalty_closed_count"))
    assert place == "第7行"
    assert "本次没有报告 澜山区水利局-2023（是否想写 澜山区水利局-2022？）" in message
    assert "澜山区财政局-2022" in message


def test_the_nearest_indicator_is_named() -> None:
    [(_, message)] = messages(correction("澜山区水利局-2022", "penalty_close_count"))
    assert "没有指标 penalty_close_count（是否想写 penalty_closed_count？）" in message
    [(_, message)] = messages(correction("澜山区水利局-2022", "罚没金额"))
    assert "应写编号 penalty_amount" in message


def test_an_indicator_of_another_genre_is_said() -> None:
    [(_, message)] = messages(correction("澜山区水利局-2022", "gdp_growth"))
    assert "不是这一体裁的报告要回答的指标" in message
