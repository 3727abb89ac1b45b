"""Reviewed overrides of indicator values: knowledge/corrections.csv."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import KnowledgeError
from pipeline.profiles.reader import Entry, check_choice, read_csv

COLUMNS = ("report_id", "indicator", "was", "now", "state", "reason", "by", "date")
STATES = ("value", "zero", "na", "not_disclosed")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_INTERVAL = re.compile(r"(\d+(?:\.\d+)?)?\s*[—~～-]\s*(\d+(?:\.\d+)?)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Correction:
    """One override. `was` is what the pipeline had read when a person looked, as text; `state` what is true."""

    report_id: str
    indicator: str
    was: str
    low: float | None
    high: float | None
    state: str
    reason: str
    by: str
    date: str
    line: int


@dataclass(frozen=True)
class Corrections:
    """All overrides, by report and indicator."""

    by_key: Mapping[tuple[str, str], Correction] = field(default_factory=dict)

    def of(self, report_id: str, indicator: str, has_region: bool = True) -> Correction | None:
        """The override of an indicator of a report (澜山区科学技术局-2022), if there is one.

        A report that nowhere names its place (财政局-2022) goes by the name that the comparison completed (澜山区财政局-2022),
        where only one line can be meant.
        """
        found = self.by_key.get((report_id, indicator))
        if found is not None or has_region or not self.by_key or report_id.startswith("-"):
            return found
        longer = [item for (name, asked), item in self.by_key.items() if asked == indicator and name.endswith(report_id)]
        return longer[0] if len(longer) == 1 else None


def load_corrections(folder: Path) -> Corrections:
    """The rows of corrections.csv. KnowledgeError names the line of a mistake; a file with a header only is fine."""
    path = folder / "corrections.csv"
    found: dict[tuple[str, str], Correction] = {}
    for row in read_csv(path, COLUMNS):
        correction = _read_row(path, row)
        key = (correction.report_id, correction.indicator)
        if key in found:
            raise KnowledgeError(
                path, f"第{row.line}行", f"{key[0]} 的 {key[1]} 已在第{found[key].line}行更正", advice="只留一行"
            )
        found[key] = correction
    return Corrections(found)


def _read_row(path: Path, row: Entry) -> Correction:
    place = f"第{row.line}行"
    for column in ("report_id", "indicator", "reason", "by", "date"):
        if not row[column]:
            raise KnowledgeError(path, place, f"{column} 不得为空")
    state = check_choice(path, row, "state", row["state"], STATES)
    if not _DATE.fullmatch(row["date"]):
        raise KnowledgeError(path, place, f"日期 {row['date']!r} 的写法不对", allowed="2024-03-31")
    low, high = _bounds(path, row, state)
    return Correction(
        row["report_id"],
        row["indicator"],
        row["was"],
        low,
        high,
        state,
        row["reason"],
        row["by"],
        row["date"],
        row.line,
    )


def _bounds(path: Path, row: Entry, state: str) -> tuple[float | None, float | None]:
    now = row["now"]
    if state == "zero":
        return 0.0, 0.0
    if state in ("na", "not_disclosed"):
        if now:
            raise KnowledgeError(path, f"第{row.line}行", f"state 为 {state} 时 now 应为空")
        return None, None
    if _NUMBER.fullmatch(now):
        return float(now), float(now)
    interval = _INTERVAL.fullmatch(now)
    if interval is None or not any(interval.groups()):
        raise KnowledgeError(
            path, f"第{row.line}行", f"now 的值 {now!r} 不可用", allowed="128、80—90、80—（无上限）、—90（无下限）"
        )
    low, high = (float(bound) if bound else None for bound in interval.groups())
    return low, high
