"""The review loop: rows that a person filled in on the sheet 待复核 become lines of knowledge/corrections.csv.

What belongs here: checking each filled row and writing the lines in one step. How the workbooks are found stands in
`review_files`, how one cell is read in `review_answers`.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.api import TableSet, load
from pipeline.errors import PipelineError, ReadingError, UsageError
from pipeline.outputs.workbook.checking import REVIEW, REVIEW_INPUTS
from pipeline.profiles import load_part
from pipeline.profiles.corrections import COLUMNS, Corrections, load_corrections
from pipeline.profiles.indicators import Indicator
from pipeline.profiles.reader import did_you_mean
from pipeline.reading.workbook import Cell, Row, read_sheet
from pipeline.review_answers import UnclearAnswer, read_reviewed
from pipeline.settings import KNOWLEDGE
from pipeline.tables.store import records, write_bytes

FILE = "corrections.csv"
NOW, REASON, BY = (name for name, *_ in REVIEW_INPUTS)
REPORT, DOCUMENT, INDICATOR, INDICATOR_NAME = "报告编号", "文件编号", "指标编号", "指标"
# The header stands below a title and a note; a person may have put lines above.
_HEADER_WITHIN = 20
_MOST_WORDS = 300


@dataclass(frozen=True)
class Correction:
    """One line of corrections.csv, as text, with the name of its indicator."""

    report_id: str
    indicator: str
    was: str
    now: str
    state: str
    reason: str
    by: str
    date: str
    name: str


@dataclass
class Outcome:
    """What came of the review files: lines written, lines that already stood there, rows and files refused and why."""

    files: list[str] = field(default_factory=list)
    taken: list[Correction] = field(default_factory=list)
    n_unchanged: int = 0
    problems: list[str] = field(default_factory=list)
    bad_files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether every filled row was taken."""
        return not self.problems and not self.bad_files

    @property
    def n_filled(self) -> int:
        return len(self.taken) + self.n_unchanged + len(self.problems)

    def as_plain(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        return asdict(self)


def take_reviews(paths: Iterable[Path], processed: Path, today: str, knowledge: Path = KNOWLEDGE) -> Outcome:
    """Check every filled row of the sheets 待复核 and put the good ones into corrections.csv, all in one step.

    A row with the report and indicator of an existing line replaces it; a row that says the same leaves it as it is, with
    its date. `today` is the date of new lines. UsageError where there are no tables to check against; KnowledgeError where
    corrections.csv is already wrong.
    """
    existing = load_corrections(knowledge) if (knowledge / FILE).is_file() else Corrections()
    checker = _Checker(load(processed), knowledge, existing, today)
    outcome = Outcome()
    lines: dict[tuple[str, str], Correction] = {}
    for path in paths:
        outcome.files.append(path.name)
        try:
            rows = _filled_rows(path)
        except UsageError as error:
            outcome.bad_files.append(str(error))
            continue
        for row in rows:
            place = f"{path.name} 第{row.number}行"
            try:
                line = checker.check(row)
            except UnclearAnswer as error:
                outcome.problems.append(f"{place}：{error}")
                continue
            key = (line.report_id, line.indicator)
            if key in lines:
                if lines[key] != line:
                    outcome.problems.append(f"{place}：{line.report_id} 的“{line.name}”前面已有一行，填的不同；请只留一行")
                continue
            lines[key] = line
            if checker.stands(line):
                outcome.n_unchanged += 1
            else:
                outcome.taken.append(line)
                outcome.notes += [f"{place}：{note}" for note in checker.doubts(line)]
    if outcome.taken:
        _write(knowledge, outcome.taken)
    return outcome


@dataclass(frozen=True)
class _Filled:
    """A row in which a person wrote something."""

    number: int
    cells: dict[str, Cell]

    def words(self, column: str) -> str:
        """The text of a cell on one line; a number as it reads."""
        cell = self.cells.get(column)
        if cell is None:
            return ""
        value = cell.value if isinstance(cell.value, str) else f"{cell.value:g}"
        return " ".join(value.split())


def _filled_rows(path: Path) -> list[_Filled]:
    if not path.is_file():
        raise UsageError(f"没有文件 {path}")
    try:
        rows = read_sheet(path, REVIEW)
    except ReadingError as error:
        raise UsageError(f"{path.name}：{error}；可把“{REVIEW}”一张表另存为单独的 xlsx 再试") from error
    if rows is None:
        raise UsageError(f"{path.name} 中没有工作表“{REVIEW}”；请用 hengbao run 生成的 tables.xlsx")
    header = next((row for row in rows[:_HEADER_WITHIN] if NOW in _names(row)), None)
    columns = _names(header) if header else {}
    lacking = [name for name in (NOW, REASON, BY) if name not in columns]
    if header is None or lacking:
        raise UsageError(f"{path.name} 的“{REVIEW}”缺少列 {'、'.join(lacking)}；请不要删改表头")
    filled = []
    for row in rows:
        if row.number > header.number:
            found = _Filled(row.number, {name: row.cells[at] for name, at in columns.items() if at in row.cells})
            if any(found.words(name) or name in found.cells for name in (NOW, REASON, BY)):
                filled.append(found)
    return filled


def _names(row: Row) -> dict[str, int]:
    return {str(cell.value).strip(): column for column, cell in row.cells.items()}


class _Checker:
    """Holds a row against the reports of the last run, the catalogue and the lines that already stand."""

    def __init__(self, tables: TableSet, knowledge: Path, existing: Corrections, today: str) -> None:
        self.existing, self.today = existing, today
        self.units = load_part("units", knowledge)
        self.indicators: dict[str, Indicator] = {item.id: item for item in load_part("indicators", knowledge).all}
        self.by_name = {item.name: item for item in self.indicators.values()}
        self.reports: dict[str, Any] = {}
        for report in records(tables.reports):
            self.reports[report.report_id] = self.reports[report.document_id] = report
        self.values = {(row.document_id, row.indicator): row for row in records(tables.indicator_values)}

    def check(self, row: _Filled) -> Correction:
        """The line that a row asks for. UnclearAnswer says what is wrong with it."""
        if NOW not in row.cells:
            raise UnclearAnswer(f"填了“{REASON}”或“{BY}”而没有填“{NOW}”；不改的行三格都留空")
        report, indicator = self._report(row), self._indicator(row)
        if report.genre != indicator.genre:
            raise UnclearAnswer(f"“{indicator.name}”不是{report.genre}类报告的指标")
        answer = read_reviewed(row.cells[NOW], indicator, self.units)
        reason, by = row.words(REASON)[:_MOST_WORDS], row.words(BY)[:_MOST_WORDS]
        for name, words in ((REASON, reason), (BY, by)):
            if not words:
                raise UnclearAnswer(f"没有填“{name}”")
        was = self._was(report, indicator.id)
        now = "" if answer.state == "zero" else answer.written()
        return Correction(report.report_id, indicator.id, was, now, answer.state, reason, by, self.today, indicator.name)

    def _report(self, row: _Filled) -> Any:
        wanted = row.words(REPORT) or row.words(DOCUMENT)
        report = self.reports.get(wanted) or self.reports.get(row.words(DOCUMENT))
        if report is None:
            raise UnclearAnswer(f"没有报告 {wanted or '（报告编号为空）'}{did_you_mean(wanted, self.reports)}")
        # Only the report that is compared goes by its department and year; a copy is never asked.
        if report.report_id != f"{report.department}-{report.report_year}":
            raise UnclearAnswer(f"{report.report_id} 不是该部门该年度参与比较的一份，更正不起作用")
        return report

    def _indicator(self, row: _Filled) -> Indicator:
        wanted = row.words(INDICATOR) or row.words(INDICATOR_NAME)
        indicator = self.indicators.get(wanted) or self.by_name.get(wanted)
        if indicator is None and wanted.startswith("（"):
            raise UnclearAnswer("部门与年度不能在这里更正；请改报告的标题或文件名，或在 departments.csv 中补上部门")
        if indicator is None:
            raise UnclearAnswer(f"没有指标 {wanted or '（指标编号为空）'}{did_you_mean(wanted, [*self.indicators, *self.by_name])}")
        return indicator

    def _was(self, report: Any, indicator: str) -> str:
        """What the pipeline itself reads, in the words in which it will be compared; a reviewed value is not its own."""
        value = self.values.get((report.document_id, indicator))
        before = self.existing.of(report.report_id, indicator)
        if value is not None and before is not None and value.state in ("corrected", before.state):
            return before.was
        if value is None or value.state in ("not_disclosed", "corrected"):
            return ""
        low, high = ("不限" if pd.isna(bound) else f"{bound:.10g}" for bound in (value.low, value.high))
        return value.state if low == high == "不限" else low if low == high else f"{low}—{high}"

    def stands(self, line: Correction) -> bool:
        """Whether corrections.csv already says so, whatever its date."""
        before = self.existing.of(line.report_id, line.indicator)
        if before is None or (before.state, before.reason, before.by) != (line.state, line.reason, line.by):
            return False
        return (before.low, before.high) == _bounds_of(line)

    def doubts(self, line: Correction) -> Iterator[str]:
        """A reviewed value that the catalogue calls implausible is taken, and said."""
        indicator, (low, high) = self.indicators[line.indicator], _bounds_of(line)
        lowest, highest = indicator.low_plausible, indicator.high_plausible
        if (high is not None and lowest is not None and high < lowest) or (low is not None and highest is not None and low > highest):
            yield f"“{line.name}”的 {line.now} 超出常见范围，已照记；请确认单位是{indicator.unit or '个数'}"


def _bounds_of(line: Correction) -> tuple[float | None, float | None]:
    if line.state == "zero":
        return 0.0, 0.0
    low, mark, high = line.now.partition("—")
    ends = [float(bound) if bound else None for bound in (low, high if mark else low)]
    return ends[0], ends[1]


def _write(knowledge: Path, taken: Sequence[Correction]) -> None:
    """Put the lines into corrections.csv; everything else in the file stays as it is. Checked before it is put in place."""
    path = knowledge / FILE
    text = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    has_mark = path.is_file() and path.read_bytes().startswith(b"\xef\xbb\xbf")
    new = {(line.report_id, line.indicator): line for line in taken}
    kept: list[str] = []
    header: list[str] = []
    for written in text.splitlines():
        if not written.strip() or written.startswith("#"):
            kept.append(written)
        elif not header:
            header = [name.strip() for name in next(csv.reader([written]))]
            kept.append(written)
        else:
            row = dict(zip(header, next(csv.reader([written])), strict=True))
            line = new.pop((row["report_id"].strip(), row["indicator"].strip()), None)
            kept.append(_csv_line(line, header) if line else written)
    if not header:
        header = list(COLUMNS)
        kept.append(",".join(header))
    kept += [_csv_line(line, header) for line in new.values()]
    content = ("\ufeff" if has_mark else "") + "\n".join(kept) + "\n"
    with tempfile.TemporaryDirectory(prefix="hengbao-review-") as place:
        Path(place, FILE).write_text(content, encoding="utf-8")
        load_corrections(Path(place))
    try:
        write_bytes(path, content.encode())
    except OSError as error:
        raise PipelineError(f"不能写入 {path}（{error.strerror}）；请用 --knowledge 另指知识文件夹") from error


def _csv_line(line: Correction, header: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow([getattr(line, name) for name in header])
    return out.getvalue()


def describe_outcome(outcome: Outcome, knowledge: Path = KNOWLEDGE) -> Iterator[str]:
    """The lines of `hengbao review`, and of a run that took review files."""
    yield f"复核表 {'、'.join(outcome.files)}：填写 {outcome.n_filled} 行，" \
          f"记入更正 {len(outcome.taken)} 条，原已记入 {outcome.n_unchanged} 条，未采用 {len(outcome.problems)} 行"
    yield from (f"  不能用　{problem}" for problem in outcome.bad_files)
    for line in outcome.taken:
        now = line.now or {"zero": "0", "na": "不适用", "not_disclosed": "未披露"}[line.state]
        yield f"  {line.report_id}　{line.name}：{line.was or '未披露'} → {now}（{line.by}：{line.reason}）"
    yield from (f"  未采用　{problem}" for problem in outcome.problems)
    yield from (f"  请留意　{note}" for note in outcome.notes)
    if outcome.taken:
        yield f"  更正在 {knowledge / FILE}"
