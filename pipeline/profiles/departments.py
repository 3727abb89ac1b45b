"""Departments: their codes, names in all spellings, groups and lineage; and the reading of an office name in text.

A department is (region, code): 澜山区 + science. `find` reads names such as 中共张店区科技局党组,
青禾市生态环境局云泽分局 or 石桥湾镇人民政府; the same office under another spelling gives the same code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from operator import add
from pathlib import Path

from pipeline.errors import KnowledgeError
from pipeline.profiles.places import HANZI_END, read_region
from pipeline.profiles.reader import check_choice, read_csv

GROUPS = ("执法密集型", "服务窗口型", "综合管理型", "政法型", "属地型")
KINDS = ("rename", "merge", "split")
_BRANCH = re.compile(r"^([一-鿿]{2,6}?)(分局|税务分局|派出所|管理部)")


@dataclass(frozen=True)
class Department:
    """One row of departments.csv. `spellings` maps every spelling of the office to its full name."""

    code: str
    name: str
    short: str
    group: str
    note: str
    spellings: dict[str, str] = field(hash=False)


@dataclass(frozen=True)
class Lineage:
    """What became of a department: `source` and `target` are codes (equal for a mere rename)."""

    source: str
    target: str
    year: int
    kind: str
    note: str


@dataclass(frozen=True)
class OfficeName:
    """An office as read in a text. `region` is None where the text names only its rank (区科技局); then `bare` is 区."""

    code: str
    office: str
    region: str | None
    bare: str
    start: int
    end: int
    branch: str = ""

    @property
    def full_name(self) -> str:
        return (self.region or "") + self.office


@dataclass(frozen=True)
class Departments:
    """Everything known about departments and invented regions."""

    all: tuple[Department, ...]
    lineage: tuple[Lineage, ...]
    demonstration_regions: frozenset[str]

    @cached_property
    def by_code(self) -> dict[str, Department]:
        return {department.code: department for department in self.all}

    @cached_property
    def _spellings(self) -> dict[str, list[tuple[str, str, str]]]:
        """Spellings by their first two characters, longest first: (spelling, full office name, code)."""
        index: dict[str, list[tuple[str, str, str]]] = {}
        for department in self.all:
            for spelling, full in department.spellings.items():
                index.setdefault(spelling[:2], []).append((spelling, full, department.code))
        for entries in index.values():
            entries.sort(key=lambda entry: (-len(entry[0]), entry[0]))
        return index

    def find(self, text: str) -> list[OfficeName]:
        """Every office named in `text`, in order, without overlaps."""
        found: list[OfficeName] = []
        index, floor = self._spellings, 0
        for position, pair in enumerate(map(add, text, text[1:])):
            if pair not in index or position < floor:
                continue
            entry = next((item for item in index[pair] if text.startswith(item[0], position)), None)
            name = self._office_at(text, floor, position, *entry) if entry else None
            if name is not None:
                found.append(name)
                floor = name.end
        return found

    def resolve(self, text: str) -> OfficeName | None:
        """The office that `text` (a name such as 中共张店区科技局党组) stands for; None when it is not known."""
        return next(iter(self.find(text)), None)

    def short(self, code: str, region: str = "", office: str = "") -> str:
        """Name for charts, without the place: 科技局. With `office`, the short form of that spelling (教体局)."""
        department = self.by_code.get(code)
        if department is None:
            return office or code
        if department.group == "属地型" and code != "dev_zone":
            return region or department.short
        if office and office != department.name:
            shorts = [
                spelling for spelling, full in department.spellings.items() if full == office and spelling != office
            ]
            return min(shorts, key=lambda spelling: (len(spelling), spelling)) if shorts else office
        return department.short

    def group(self, code: str) -> str | None:
        """职能组, within which departments are compared."""
        department = self.by_code.get(code)
        return department.group if department else None

    def lineage_of(self, code: str) -> tuple[Lineage, ...]:
        """Reorganisations that touch `code`, oldest first: a comparison across such a year needs a note."""
        return tuple(item for item in self.lineage if code in (item.source, item.target))

    def is_demonstration(self, region: str | None) -> bool:
        return region in self.demonstration_regions

    def _office_at(self, text: str, floor: int, start: int, spelling: str, full: str, code: str) -> OfficeName | None:
        """The office spelled at `start`, unless the words before it show that it is no name (法治政府建设)."""
        if spelling.startswith("街道"):
            start, spelling = start + 2, spelling[2:]
        before, end = text[max(floor, start - 24) : start], start + len(spelling)
        if len(spelling) == 2 and not re.search(r"[省市州盟区县旗镇乡我]$", before):
            return None
        region, bare, begin = read_region(before)
        if (
            region is None
            and not bare
            and before
            and HANZI_END.search(before)
            and not re.search(r"(?:关于|中共|党组|年度?|我|本|来源|机构|单位|、)$", before)
        ):
            return None
        branch = _BRANCH.match(text[end : end + 12])
        office = full
        if branch:
            office, end = full + branch.group(), end + branch.end()
        suffix = region or bare
        if full == "人民政府" and suffix.endswith(("镇", "乡", "苏木")):
            code = "town_gov"
        elif full in ("人民政府", "办事处"):
            if suffix.endswith("街道"):
                code, office = "subdistrict", "办事处"
            elif full == "办事处":
                return None
            else:
                code = "government"
        return OfficeName(
            code, office, region, bare, start - (len(before) - begin), end, branch.group(1) if branch else ""
        )


def load_departments(folder: Path) -> Departments:
    """Departments, lineage and demonstration regions from the three CSV files; KnowledgeError names file and line."""
    path = folder / "departments.csv"
    rows = read_csv(path, ("code", "name", "short", "aliases", "former", "group", "note"))
    owner: dict[str, str] = {}
    written = []
    for row in rows:
        check_choice(path, row, "group", row["group"], GROUPS)
        # 镇政府 and 街道办 are read together with the place before them, so their short forms are no spellings.
        short = "" if row["group"] == "属地型" else f"{row['short']}={row['name']}"
        spellings = _written_spellings(row["name"], f"{short}|{row['aliases']}|{row['former']}")
        for spelling in spellings:
            if owner.setdefault(spelling, row["code"]) != row["code"]:
                raise KnowledgeError(
                    path, f"第{row.line}行", f"{spelling} 已属于 {owner[spelling]}", advice="只留在一个部门"
                )
        written.append(spellings)
    departments = []
    for row, spellings in zip(rows, written, strict=True):
        for spelling, full in _other_ranks(spellings).items():
            if owner.setdefault(spelling, row["code"]) == row["code"]:
                spellings.setdefault(spelling, full)
        departments.append(Department(row["code"], row["name"], row["short"], row["group"], row["note"], spellings))
    codes = [department.code for department in departments]
    lineage = []
    path = folder / "lineage.csv"
    for row in read_csv(path, ("from", "to", "year", "kind"), ("note",)):
        check_choice(path, row, "from", row["from"], codes)
        check_choice(path, row, "to", row["to"], codes)
        check_choice(path, row, "kind", row["kind"], KINDS)
        if not row["year"].isdigit():
            raise KnowledgeError(path, f"第{row.line}行", f"year 的值 {row['year']!r} 不是年份", allowed="四位数字")
        lineage.append(Lineage(row["from"], row["to"], int(row["year"]), row["kind"], row["note"]))
    path = folder / "regions.csv"
    regions = [
        row["region"]
        for row in read_csv(path, ("region", "is_demonstration"))
        if check_choice(path, row, "is_demonstration", row["is_demonstration"], ("是", "否")) == "是"
    ]
    lineage.sort(key=lambda item: (item.year, item.source, item.target))
    return Departments(tuple(departments), tuple(lineage), frozenset(regions))


def _written_spellings(name: str, aliases: str) -> dict[str, str]:
    """Spellings as the file gives them; 简称=全称, or a full name alone."""
    spellings = {name: name}
    for alias in filter(None, (part.strip() for part in aliases.split("|"))):
        spelling, _, full = alias.partition("=")
        spellings[spelling] = full or spelling
        spellings.setdefault(full or spelling, full or spelling)
    return spellings


def _other_ranks(spellings: dict[str, str]) -> dict[str, str]:
    """The same office in a province or a municipality: 科学技术厅, 科学技术委员会, 科技厅, 科技委."""
    others = {}
    for spelling, full in spellings.items():
        if not spelling.endswith("局") or not full.endswith("局"):
            continue
        others[spelling[:-1] + "厅"] = full[:-1] + "厅"
        others[spelling[:-1] + "委员会"] = full[:-1] + "委员会"
        if spelling != full:
            others[spelling[:-1] + "委"] = full[:-1] + "委员会"
    return others
