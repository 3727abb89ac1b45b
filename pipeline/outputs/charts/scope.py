"""Which departments, years and reports a chart covers: the frame that all charts share.

`lay_out` reads it once from `reports` and `coverage`; every chart takes the result. Only compared reports count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

import pandas as pd

from pipeline.outputs.charts.matrix import Cell
from pipeline.outputs.frame import Chart, describe_unknown
from pipeline.outputs.look import Canvas
from pipeline.outputs.naming import Naming, compared_genre, find_naming
from pipeline.outputs.values import write_years

MOST_YEARS = 10
ROWS_A_PAGE = 25
MOST_PAGES = 4

Row = TypeVar("Row")
Place = TypeVar("Place", "Department", tuple["Department", int], str)


@dataclass(frozen=True, order=True)
class Department:
    """One department: region and code; `label` is short and unique among those shown."""

    region: str
    code: str
    name: str
    label: str


@dataclass(frozen=True)
class Room:
    """How much a chart may show: rows on up to `pages` pages; beyond that the ends of the order, on `ends` of a full page."""

    pages: int = MOST_PAGES
    ends: float = 1.0


@dataclass(frozen=True)
class Scope:
    """Departments × years and the report in each place.

    `missing` are the places where a report is due and was not found. A place that is in neither belongs to a year in
    which the department did not exist.
    """

    departments: tuple[Department, ...]
    years: tuple[int, ...]
    documents: Mapping[tuple[Department, int], str]
    missing: frozenset[tuple[Department, int]]
    genre: str
    is_demonstration: bool
    naming: Naming = field(default_factory=Naming)
    room: Room = field(default_factory=lambda: Room())

    @property
    def subject(self) -> str:
        """What a row is called: 部门, 地区."""
        return self.naming.subject

    @property
    def places(self) -> dict[str, tuple[Department, int]]:
        """Department and year of each report."""
        return {document: place for place, document in self.documents.items()}

    @property
    def latest(self) -> int:
        return self.years[-1]

    @property
    def n_reports(self) -> int:
        return len(self.documents)

    def absence(self, department: Department, year: int) -> Cell | None:
        """The cell of a place without a report; None where there is one."""
        if (department, year) in self.documents:
            return None
        return Cell("missing" if (department, year) in self.missing else "not_existing")

    def source(self, years: Sequence[int] | None = None) -> str:
        """The line 资料来源: who, which years, how many reports, how many are missing."""
        years = self.years if years is None else tuple(years)
        n_reports = sum(1 for _, year in self.documents if year in years)
        n_missing = sum(1 for _, year in self.missing if year in years)
        regions = sorted({department.region for department in self.departments if department.region})
        where = regions[0] if len(regions) == 1 else f"{len(regions)}个地区" if regions else ""
        who = f"{where}{len(self.departments)}个{self.subject}" if len(self.departments) > 1 else self.departments[0].name
        if len(regions) == len(self.departments) > 1:
            who = where
        missing = f"，缺{n_missing}份" if n_missing else ""
        invented = "（示例数据：地区、单位、数字均为虚构）" if self.is_demonstration else ""
        return f"{who}{write_years(years)}{self.naming.report}，共{n_reports}份{missing}{invented}。"


def _labels(keys: Sequence[tuple[str, str]], names: Mapping[tuple[str, str], tuple[str, str]]) -> list[str]:
    """A short unique label for each department: its short name, with the region where two share it.

    Where all share one short name (forty city governments), the region alone says which one is meant.
    """
    shorts = [names[key][1] or names[key][0] for key in keys]
    counts = Counter(shorts)
    if len(keys) > 1 and len(counts) == 1:
        return [region or short for (region, _), short in zip(keys, shorts, strict=True)]
    return [f"{region}{short}" if counts[short] > 1 else short for (region, _), short in zip(keys, shorts, strict=True)]


def _words(value: Any) -> str:
    return "" if pd.isna(value) else " ".join(str(value).split())


def lay_out(reports: pd.DataFrame, coverage: pd.DataFrame, genres: Any = None, room: Room | None = None) -> Scope | None:
    """The scope of the compared reports; None when there are none. At most the latest ten years.

    `genres` gives the words for report and row (法治政府建设年度报告, 部门); without it they are general ones.
    """
    compared = reports[reports["is_compared"].fillna(False).astype(bool) & reports["report_year"].notna()]
    if compared.empty:
        return None
    names: dict[tuple[str, str], tuple[str, str]] = {}
    documents: dict[tuple[tuple[str, str], int], str] = {}
    columns = ["region", "department_code", "department", "department_short"]
    for table in (coverage, compared):
        for region, code, name, short in table[columns].itertuples(index=False, name=None):
            names[_words(region), _words(code)] = (_words(name), _words(short))
    for document, region, code, year in compared[
        ["document_id", "region", "department_code", "report_year"]
    ].itertuples(index=False, name=None):
        documents[(_words(region), _words(code)), int(year)] = document
    years = {year for _, year in documents} | {int(year) for year in coverage["report_year"].dropna()}
    shown = tuple(sorted(years)[-MOST_YEARS:])
    keys = sorted(key for key in names if any((key, year) in documents for year in shown))
    departments = {
        key: Department(key[0], key[1], names[key][0], label)
        for key, label in zip(keys, _labels(keys, names), strict=True)
    }
    placed = {
        (departments[key], year): document
        for (key, year), document in sorted(documents.items()) if year in shown and key in departments
    }
    missing = frozenset(
        (departments[_words(region), _words(code)], int(year))
        for region, code, year, state in coverage[["region", "department_code", "report_year", "state"]].itertuples(
            index=False, name=None)
        if state == "missing" and (_words(region), _words(code)) in departments and int(year) in shown
    )
    is_demonstration = bool(compared["is_demonstration"].fillna(False).any())
    return Scope(tuple(departments.values()), shown, placed, missing - placed.keys(), compared_genre(reports), is_demonstration,
                 find_naming(reports, genres), room or Room())


def by_place(table: pd.DataFrame, scope: Scope) -> dict[tuple[Department, int], list[Any]]:
    """Rows of a table with document_id, as named tuples, by department and year of their report."""
    places = scope.places
    found: dict[tuple[Department, int], list[Any]] = {}
    for row in table.itertuples(index=False):
        place = places.get(str(row.document_id))
        if place is not None:
            found.setdefault(place, []).append(row)
    return found


def split_pages(rows: Sequence[Row], size: int = ROWS_A_PAGE, most: int = MOST_PAGES) -> tuple[list[list[Row]], int]:
    """Pages of about equal length and the number of rows left out beyond `most` pages."""
    kept = list(rows)[: size * most]
    n_pages = max(1, -(-len(kept) // size))
    length = -(-len(kept) // n_pages) if kept else 0
    pages = [kept[start : start + length] for start in range(0, len(kept), max(1, length))] or [[]]
    return pages, len(rows) - len(kept)


@dataclass(frozen=True)
class Chosen(Generic[Row]):
    """The rows of a chart by page. Of very many only the first and the last are shown: `gap` is how many stand before the
    break, 0 without one; `words` say so in the note."""

    pages: list[list[Row]]
    gap: int = 0
    words: str = ""


def choose_rows(rows: Sequence[Row], scope: Scope, size: int = ROWS_A_PAGE, *, has: Callable[[Row], bool] | None = None,
                from_both_ends: bool = True, among: str = "有本年数的") -> Chosen[Row]:
    """All rows on as many pages as the scope has room for; beyond that one with the first and the last ones in their order.

    `has` says which rows have something to show in the latest year: the ends are chosen among those, which `among` names.
    """
    rows, subject = list(rows), scope.subject
    if len(rows) <= size * scope.room.pages:
        return Chosen(split_pages(rows, size)[0])
    size = max(2, round(size * scope.room.ends))
    able = [row for row in rows if has(row)] if has else rows
    among = among if has else ""
    n_last = 2 * size // 5 if from_both_ends else 0
    if len(able) <= size:
        return Chosen([able or rows[:size]], 0, f"共{len(rows)}个{subject}，只列{among}{len(able)}个，其余见工作簿。")
    first, last = able[: size - n_last], able[len(able) - n_last:]
    ends = f"按上述次序最前的{len(first)}个" + (f"和最后的{n_last}个" if n_last else "")
    able_words = f"{among}有{len(able)}个，" if has else ""
    return Chosen([[*first, *last]], len(first) if n_last else 0, f"共{len(rows)}个{subject}，{able_words}图中只列{ends}，其余见工作簿。")


def leaders(sizes: Mapping[Place, float], is_most: bool = True) -> list[Place]:
    """Everyone who shares the largest (or smallest) size, sorted; sizes as printed, so that equal prints are ties."""
    if not sizes:
        return []
    end = max(sizes.values()) if is_most else min(sizes.values())
    return sorted(place for place, size in sizes.items() if size == end)


def write_leaders(departments: Sequence[Department], subject: str) -> str:
    """甲局, 甲局和乙局, 3个部门: naming one of three would single it out."""
    if len(departments) <= 2:
        return "和".join(department.label for department in departments)
    return f"{len(departments)}个{subject}"


def number_pages(charts: Iterable[Chart]) -> list[Chart]:
    """The charts with page numbers, in title and file name, when they are more than one."""
    charts = list(charts)
    if len(charts) == 1:
        return charts
    return [
        replace(chart, page=number, n_pages=len(charts), name=f"{chart.name}-{number}")
        for number, chart in enumerate(charts, 1)
    ]


def name_rows(sheet: str, **filters: object) -> str:
    """Where the figures of a chart stand in the workbook: “年度变化”表，“指标”＝“罚没金额”，“年度”＝2023."""
    chosen = "".join(f"，“{column}”＝{value if isinstance(value, int) else f'“{value}”'}" for column, value in filters.items())
    return f"“{sheet}”表{chosen}。"


def finish(canvas: Canvas, scope: Scope, *, name: str, kind: str, title: str, subtitle: str, note: str, n: int,
           subject: str = "", source: str = "", rows: str = "") -> Chart:
    """A chart from its drawn body. The description for readers who cannot see it is headline and subtitle."""
    chart = Chart(
        name=name, kind=kind, subject=subject, title=title, subtitle=subtitle, body_svg=canvas.to_svg(), note=note,
        source=source or scope.source(), n=n, alt=f"{title}。{subtitle}。", width_mm=canvas.width,
        height_mm=canvas.height, is_demonstration=scope.is_demonstration, rows=rows,
    )
    return describe_unknown(chart, canvas.unknown)


def measure_words(name: str, unit: str) -> str:
    """What is measured, with its unit: 罚没金额（万元）; 持证率（参考率、合格率），单位%."""
    if not unit:
        return name
    return f"{name}，单位{unit}" if name.endswith("）") else f"{name}（{unit}）"


def file_words(text: str) -> str:
    """`text` for a file name: letters, digits and hanzi only."""
    return "".join(char for char in text if char.isalnum())[:24]
