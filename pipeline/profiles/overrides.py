"""What people know better than any text: `sources.csv` in the raw folder says whose report a file is, line by line.

Unlike the files of knowledge/ it belongs to the data. A wrong line never stops a run: it is told with its number, and
the rest counts. Only the standard library is used, since a run that redoes nothing reads this file too.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

FILE = "sources.csv"
FIELDS = ("department", "report_year", "genre", "doc_number", "signed_date", "published_date", "region")
# Headers as analysts write them.
_HEADERS = {
    "path": "path", "路径": "path", "文件": "path", "文件名": "path",
    **{name: name for name in FIELDS},
    "部门": "department", "单位": "department", "报告年度": "report_year", "年度": "report_year", "体裁": "genre",
    "发文字号": "doc_number", "文号": "doc_number", "成文日期": "signed_date", "公开日期": "published_date",
    "发布日期": "published_date", "地区": "region",
}
_DATE = re.compile(r"((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")
_YEAR = re.compile(r"(20\d\d)\s*年?度?$")


@dataclass(frozen=True)
class Override:
    """One line: the document that it names, and (field, value) of what it says about it."""

    line: int
    path: str
    values: tuple[tuple[str, str], ...]


@dataclass
class Overrides:
    """The usable lines, and (place, message) of what is wrong with the others."""

    lines: list[Override] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)

    def of_file(self, path: str) -> str | None:
        """The lines about a raw file, or about documents inside it (包.zip/成员.docx, 汇编.docx#2), as text; None for none."""
        own = [[item.line, item.path, [list(pair) for pair in item.values]] for item in self.lines if _is_in(item.path, path)]
        return json.dumps(own, ensure_ascii=False, separators=(",", ":")) if own else None

    def unused(self, paths: Iterable[str]) -> list[tuple[str, str]]:
        """(place, message) of every line that names no file among `paths`."""
        known = list(paths)
        lost = []
        for item in self.lines:
            if not any(_is_in(item.path, path) for path in known):
                near = get_close_matches(item.path, known, 1, cutoff=0.75)
                hint = f"；是否想写 {near[0]}？" if near else "；请写相对原始文件夹的路径"
                lost.append((f"第{item.line}行", f"没有文件 {item.path}{hint}"))
        return lost


def _is_in(named: str, file: str) -> bool:
    return named == file or named.startswith((f"{file}#", f"{file}/"))


def read_overrides(content: bytes) -> Overrides:
    """The lines of sources.csv: UTF-8, or the GB18030 that Excel writes. Blank lines and lines starting with # are skipped."""
    found = Overrides()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", "replace")
    numbered = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")]
    if not numbered:
        return found
    header = _read_header(numbered[0], found)
    if "path" not in header:
        _complain(found, numbered[0][0], f"表头缺少列 path，整个文件未采用；允许：path,{','.join(FIELDS)}")
        return found
    seen: dict[str, int] = {}
    for number, line in numbered[1:]:
        cells = next(csv.reader([line]))
        if not any(cell.strip() for cell in cells):
            continue
        override = _read_line(number, dict(zip(header, (cell.strip() for cell in cells), strict=False)), found)
        if override is None:
            continue
        if override.path in seen:
            _complain(found, number, f"{override.path} 已在第{seen[override.path]}行写过，以先写的为准")
            continue
        seen[override.path] = number
        found.lines.append(override)
    return found


def _read_header(line: tuple[int, str], found: Overrides) -> list[str]:
    names = []
    for cell in next(csv.reader([line[1]])):
        name = _HEADERS.get(cell.strip().lower(), "")
        if not name and cell.strip():
            near = get_close_matches(cell.strip().lower(), _HEADERS, 1)
            hint = f"（是否想写 {near[0]}？）" if near else ""
            _complain(found, line[0], f"表头有不认识的列 {cell.strip()}{hint}，未采用；允许：path,{','.join(FIELDS)}")
        names.append(name)
    return names


def _read_line(number: int, cells: dict[str, str], found: Overrides) -> Override | None:
    path = cells.get("path", "").replace("\\", "/").removeprefix("./")
    if not path:
        _complain(found, number, "没有写路径，此行未采用")
        return None
    values = []
    for name in FIELDS:
        written = cells.get(name, "")
        if written:
            value = _checked(name, written)
            if value is None:
                kind = "四位年份，如 2023" if name == "report_year" else "年-月-日，如 2024-01-12"
                _complain(found, number, f"{name} 的值 {written!r} 不可用，此格未采用；请写{kind}")
            else:
                values.append((name, value))
    return Override(number, path, tuple(values)) if values else None


def _checked(name: str, written: str) -> str | None:
    """The value in its one form; None where it is none of its kind."""
    if name == "report_year":
        year = _YEAR.match(written)
        return year[1] if year else None
    if name in ("signed_date", "published_date"):
        parts = _DATE.match(written)
        try:
            return date(*map(int, parts.groups())).isoformat() if parts else None
        except ValueError:
            return None
    return written


def _complain(found: Overrides, number: int, message: str) -> None:
    found.problems.append((f"第{number}行", message))


def lines_of(text: str) -> Sequence[Override]:
    """The lines that `Overrides.of_file` wrote down."""
    return [Override(line, path, tuple((name, value) for name, value in values)) for line, path, values in json.loads(text)]
