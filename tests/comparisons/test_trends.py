"""Terms from year to year."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.comparisons.term_sums import sum_terms
from pipeline.comparisons.trends import follow_terms
from pipeline.tables import store
from tests.comparisons.corpus import counts, report, reports

NAMES = ["澜山区科学技术局", "澜山区财政局", "澜山区审计局", "澜山区统计局", "澜山区司法局"]


def follow_all(rows: pd.DataFrame, term_counts: pd.DataFrame) -> pd.DataFrame:
    return follow_terms(rows, **sum_terms(rows, store.frame("sections"), term_counts))["term_trends"]


def follow(uses: dict[str, dict[int, list[int]]], years: tuple[int, ...] = (2020, 2021, 2022, 2023)) -> pd.DataFrame:
    """Trends of terms given as {term: {year: count in each of the five reports}}; each report holds 500 other terms."""
    rows = [report(name, year) for year in years for name in NAMES]
    cells = []
    for year in years:
        for number, name in enumerate(NAMES):
            terms = {term: by_year[year][number] for term, by_year in uses.items() if by_year.get(year, [0] * 5)[number]}
            cells.append((f"{name}-{year}", 1, {"依法行政": 500, **terms}))
    return follow_all(reports(*rows), counts(*cells))


def trend(by_year: dict[int, list[int]], years: tuple[int, ...] = (2020, 2021, 2022, 2023)) -> str | None:
    frame = follow({"词": by_year}, years)
    found = frame.loc[frame["term"] == "词", "trend"]
    assert found.nunique(dropna=False) == 1
    return None if found.isna().all() else found.iloc[0]


ALL, NONE = [1] * 5, [0] * 5


@pytest.mark.parametrize(("by_year", "expected"), [
    ({2023: ALL}, "new"),                                             # 高效办成一件事
    ({2022: ALL, 2023: ALL}, "new"),
    ({2020: ALL}, "gone"),                                            # 复工复产
    ({2020: [2] * 5, 2021: [4] * 5, 2022: [7] * 5, 2023: [9] * 5}, "rising"),
    ({2020: [9] * 5, 2021: [7] * 5, 2022: [4] * 5, 2023: [2] * 5}, "falling"),
    ({2020: ALL, 2021: ALL, 2022: ALL, 2023: ALL}, "steady"),
    ({2023: [0, 0, 0, 0, 3]}, "steady"),                              # one report's word is not new to the corpus
    ({2020: [5] * 5, 2021: [5] * 5, 2022: [5] * 5, 2023: [5, 5, 5, 5, 30]}, "steady"),  # one report repeats it
    ({2021: ALL}, "steady"),                                          # came and went
])
def test_trends(by_year: dict[int, list[int]], expected: str) -> None:
    assert trend(by_year) == expected


def test_two_years_are_no_trend() -> None:
    assert trend({2022: NONE, 2023: ALL}, years=(2022, 2023)) is None


def test_a_year_without_reports_is_no_absence() -> None:
    frame = follow({"词": {2020: ALL, 2022: ALL, 2023: ALL}}, years=(2020, 2022, 2023))
    assert sorted(set(frame["report_year"])) == [2020, 2022, 2023]
    assert set(frame.loc[frame["term"] == "词", "trend"]) == {"steady"}


def test_frequency_is_per_ten_thousand_terms() -> None:
    frame = follow({"词": {2023: [5, 0, 0, 0, 0]}}).set_index(["term", "report_year"])
    assert frame.loc[("词", 2023), "frequency"] == pytest.approx(10_000 * 5 / 2505)
    assert frame.loc[("词", 2022), "count"] == 0


def test_first_user_is_the_earliest_report() -> None:
    frame = follow({"词": {2021: [0, 1, 0, 1, 0], 2023: ALL}, "旧词": {2020: ALL}})
    # both wrote in 2021 and signed on the same day: the first by name
    assert set(frame.loc[frame["term"] == "词", "first_department"]) == {"澜山区统计局"}
    # who took up a word before the corpus begins is not known
    assert frame.loc[frame["term"] == "旧词", "first_department"].isna().all()


def test_rare_terms_are_left_out() -> None:
    assert "词" not in set(follow({"词": {2023: [1, 1, 0, 0, 0]}})["term"])


def test_no_reports_give_no_trends() -> None:
    assert follow_all(reports(), counts()).empty
