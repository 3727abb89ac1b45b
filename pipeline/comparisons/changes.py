"""How each indicator of a department moved from one report year to the next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import pandas as pd

from pipeline.comparisons.columns import RowsByDocument, build_table_of_tuples, intervals_of
from pipeline.comparisons.intervals import Interval, compare, difference, overlap, percent_change
from pipeline.comparisons.part_year import of_whole_year
from pipeline.comparisons.report_years import ByPlace, Report, find_previous, place_reports, read_reports
from pipeline.comparisons.unit_families import is_same_unit
from pipeline.profiles.departments import Departments
from pipeline.profiles.indicators import Indicator, Indicators
from pipeline.tables import store
from pipeline.tables.store import Tables, columns_of

_DISCLOSED = frozenset({"value", "zero", "corrected", "ambiguous"})
# A change of such figures is a difference in their own unit; a percentage of a percentage misleads.
_WITHOUT_PERCENTAGE = frozenset({"percent", "rank"})
_NOTHING = Interval(0.0, 0.0)
_UNKNOWN = Interval(None, None)
# A row of indicator_changes, in the order of its columns.
Row = tuple[Any, ...]
# A change beyond this many per cent between figures in different units is a change of what was counted.
MAX_CHANGE = 1000.0
_DOUBTFUL = "变化超过10倍而单位不同"
# Reports are compared in batches of about this many, to bound memory.
_REPORTS_AT_ONCE = 500


class Answer(NamedTuple):
    """One report's answer to one indicator; `stated_previous` is what the report itself says of last year."""

    state: str
    value: Interval
    unit: str | None
    to_date: str | None
    stated_previous: Interval

    @property
    def is_disclosed(self) -> bool:
        return self.state in _DISCLOSED and self.value.is_known


def compare_years(
    reports: pd.DataFrame, indicator_values: pd.DataFrame, indicators: Indicators, departments: Departments
) -> Tables:
    """Table `indicator_changes`: a row for each indicator that this year's or last year's report discloses.

    Only consecutive report years are compared; where last year's report is missing, the rows say so from the
    second year of the region on. Not disclosed is 不可比, never 0. A count as of 11月底 is a lower bound of its
    year, so a smaller one is 不能判定 and not a fall. `change_pct_low` and `change_pct_high` are
    empty for rates and ranks and after a 0.
    """
    compared = read_reports(reports)
    if not compared:
        return {"indicator_changes": store.frame("indicator_changes")}
    first_year: dict[str, int] = {}
    for report in compared:
        first_year[report.region] = min(report.year, first_year.get(report.region, report.year))
    by_place = place_reports(compared)
    answered = _Answers(indicator_values)
    rows = (
        row for batch in _by_regions(compared) for answers in [answered.of(report.document_id for report in batch)]
        for report in batch if report.year > first_year[report.region]
        for row in _compare_with_previous(report, answers, by_place, indicators, departments))
    changes = build_table_of_tuples("indicator_changes", rows)
    return {"indicator_changes": changes, "issues": _doubt(changes, reports, indicators)}


def _doubt(changes: pd.DataFrame, reports: pd.DataFrame, indicators: Indicators) -> pd.DataFrame:
    """An issue for each change too great to be one."""
    doubtful = changes[changes["why_not"].str.startswith(_DOUBTFUL, na=False)]
    paths = dict(zip(*columns_of(reports, "document_id", "path"), strict=True)) if len(doubtful) else {}
    names = ("document_id", "department", "report_year", "indicator", "why_not")
    return store.frame("issues", [
        {"document_id": document_id, "path": paths.get(document_id), "place": f"{department}{year}年度",
         "severity": "warning",
         "message": f"指标“{indicators.by_id[name].name if name in indicators.by_id else name}”{why_not}，"
                    "多半口径不同，未作比较，请核对两年原文"}
        for document_id, department, year, name, why_not in zip(*columns_of(doubtful, *names), strict=True)])


def _by_regions(reports: Sequence[Report]) -> Iterator[list[Report]]:
    """Reports in batches of whole regions: a department is only compared with what its own region reported."""
    batch: list[Report] = []
    for _, several in groupby(reports, key=lambda report: report.region):
        batch += several
        if len(batch) >= _REPORTS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _compare_with_previous(
    report: Report, answers: Mapping[str, Mapping[str, Answer]], by_place: ByPlace, indicators: Indicators,
    departments: Departments,
) -> Iterator[Row]:
    """Rows of one report, an indicator each."""
    previous = find_previous(report, by_place, departments.lineage)
    own = answers.get(report.document_id, {})
    earlier = answers.get(previous.report.document_id, {}) if previous.report else {}
    previous_id = previous.report.document_id if previous.report else None
    for name in sorted(own.keys() | earlier.keys()):
        answer, answer_before = own.get(name), earlier.get(name)
        value = answer.value if answer and answer.is_disclosed else None
        value_before = answer_before.value if answer_before and answer_before.is_disclosed else None
        if value is None and value_before is None:
            continue
        outcome = _compare_answers(answer, answer_before, indicators.by_id.get(name), has_previous=previous.report is not None)
        notes = (*previous.notes, *_notes(answer, answer_before))
        yield (report.code, report.region, name, report.year, report.department, report.document_id, previous_id,
               *(value or _UNKNOWN), *(value_before or _UNKNOWN), *outcome.change, *outcome.share,
               outcome.verdict, not outcome.why_not, outcome.why_not or None, "；".join(notes) or None)


class _Outcome(NamedTuple):
    """What comes of two answers; `why_not` says why they cannot be compared."""

    change: Interval
    share: Interval
    verdict: str
    why_not: str


def _compare_answers(own: Answer | None, earlier: Answer | None, indicator: Indicator | None, has_previous: bool) -> _Outcome:
    """How this year's answer differs from last year's, where at least one of them discloses something."""
    why_not = _why_not(own, earlier, has_previous)
    if why_not:
        return _Outcome(_UNKNOWN, _UNKNOWN, "incomparable", why_not)
    assert own is not None
    assert earlier is not None
    kind = indicator.kind if indicator else ""
    year = of_whole_year(own.value, own.to_date, kind)
    year_before = of_whole_year(earlier.value, earlier.to_date, kind)
    has_percentage = kind not in _WITHOUT_PERCENTAGE
    share = percent_change(year, year_before) if has_percentage else _UNKNOWN
    if share.least > MAX_CHANGE and own.unit != earlier.unit:
        why_not = f"{_DOUBTFUL}：本年{_say(own.value)}{own.unit or ''}，上年{_say(earlier.value)}{earlier.unit or ''}"
        return _Outcome(_UNKNOWN, _UNKNOWN, "incomparable", why_not)
    return _Outcome(difference(year, year_before), share, compare(year, year_before), "")


def _why_not(own: Answer | None, earlier: Answer | None, has_previous: bool) -> str:
    """Why two answers cannot be compared; "" where they can."""
    if not has_previous:
        return "上年缺报告"
    for answer, year in ((own, "本年"), (earlier, "上年")):
        if answer is not None and answer.state == "na":
            return f"{year}不适用"
        if answer is None or not answer.is_disclosed:
            return f"{year}未披露"
    assert own is not None
    assert earlier is not None
    if own.state == "ambiguous" or earlier.state == "ambiguous":
        return f"{'本年' if own.state == 'ambiguous' else '上年'}数值不一"
    if not is_same_unit(own.unit, earlier.unit):
        return f"单位不同：本年{own.unit}，上年{earlier.unit}"
    return ""


def _notes(own: Answer | None, earlier: Answer | None) -> list[str]:
    notes = [f"{year}为截至{answer.to_date}的数" for answer, year in ((own, "本年"), (earlier, "上年"))
             if answer is not None and answer.is_disclosed and answer.to_date]
    if own is None or not own.stated_previous.is_known:
        return notes
    stated = own.stated_previous
    if earlier is None or not earlier.is_disclosed:
        return [*notes, f"本年报告称上年为{_say(stated)}"]
    if not overlap(stated, earlier.value):
        notes.append(f"本年报告称上年为{_say(stated)}，上年报告为{_say(earlier.value)}，二者不符")
    return notes


def _say(value: Interval) -> str:
    """An interval in words: 12, 80至90, 不低于80, 不高于80."""
    if value.is_exact:
        return _number(value.low)
    if value.high is None:
        return f"不低于{_number(value.low)}"
    if value.low is None:
        return f"不高于{_number(value.high)}"
    return f"{_number(value.low)}至{_number(value.high)}"


def _number(number: float | None) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".") if number is not None else ""


class _Answers:
    """Answers by document and indicator. One that is neither disclosed nor speaks of last year is as good as none."""

    def __init__(self, indicator_values: pd.DataFrame) -> None:
        says = (indicator_values["state"].isin([*_DISCLOSED, "na"]) | indicator_values["previous_low"].notna()
                | indicator_values["previous_high"].notna())
        names = ["indicator", "state", "low", "high", "unit", "to_date", "previous_low", "previous_high"]
        self._rows = RowsByDocument(
            indicator_values.loc[says.to_numpy(dtype=bool), ["document_id", *names]], *names)

    def of(self, documents: Iterable[str]) -> dict[str, dict[str, Answer]]:
        """The answers of some documents."""
        rows = self._rows.of(documents)
        answers: dict[str, dict[str, Answer]] = defaultdict(dict)
        for value, stated, document_id, name, state, unit, to_date in zip(
            intervals_of(rows, "low", "high"), intervals_of(rows, "previous_low", "previous_high"),
            *columns_of(rows, "document_id", "indicator", "state", "unit", "to_date"), strict=True
        ):
            answers[document_id][name] = Answer(state, _NOTHING if state == "zero" else value, unit, to_date, stated)
        return answers
