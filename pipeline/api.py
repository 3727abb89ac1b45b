"""The face for notebooks: read one report, find quantities in a text, load the tables of a run, explain a value."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, overload

import pandas as pd

from pipeline.errors import UsageError
from pipeline.profiles import load_part
from pipeline.runner.work import run_document_stages
from pipeline.settings import KNOWLEDGE
from pipeline.stages import STAGES
from pipeline.tables import store
from pipeline.tables.schemas import BY_NAME

if TYPE_CHECKING:
    from pipeline.measures.quantities import Quantity


class Row(SimpleNamespace):
    """One row of a table; attributes are the column names, a missing value is None."""


class Rows(list[Row]):
    """Rows of one table. Indexed by position, or by the name of an indicator or check."""

    def __init__(self, data: pd.DataFrame, label: str = "") -> None:
        super().__init__(
            Row(**{str(name): None if pd.isna(value) else value for name, value in record.items()})
            for record in data.to_dict("records")
        )
        self._label = label

    @overload  # type: ignore[override]
    def __getitem__(self, key: str | int) -> Row: ...
    @overload
    def __getitem__(self, key: slice) -> list[Row]: ...
    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str):
            for row in self:
                if getattr(row, self._label, None) == key:
                    return row
            raise KeyError(key)
        return super().__getitem__(key)

    def to_frame(self) -> pd.DataFrame:
        return pd.DataFrame([vars(row) for row in self])


@dataclass
class Report:
    """One report as read in memory. `tables` holds the frames behind the attributes."""

    path: str
    text: str
    status: str
    identity: Row
    sections: Rows
    sentences: Rows
    quantities: Rows
    indicators: Rows
    checks: Rows
    issues: Rows
    tables: dict[str, pd.DataFrame] = field(repr=False)


def find_quantities(text: str) -> list[Quantity]:
    """Quantities of a text, in order, with offsets into it. Any string gives a list, never an exception."""
    from pipeline.measures.quantities import read_quantities

    return read_quantities(text, load_part("units"))


def read_report(path: str | Path, knowledge: Path = KNOWLEDGE) -> Report:
    """Take one file through the document stages, in memory.

    A file that cannot be read gives a Report whose `status` is not "ok" and whose `issues` say why.
    UsageError where there is no such file.
    """
    path = Path(path)
    if not path.is_file():
        raise UsageError(f"没有文件 {path}")
    content = path.read_bytes()
    files = store.frame("raw_files", [{
        "path": path.name, "document_id": hashlib.sha256(content).hexdigest()[:16], "bytes": len(content),
        "location": str(path.absolute()),
    }])
    made = run_document_stages(files, tuple(s for s in STAGES if s.scope == "document"), knowledge)
    tables = {name: data for result in made.values() for name, data in result.items() if name != "issues"}
    issues = [result["issues"] for result in made.values() if "issues" in result and len(result["issues"])]
    tables["issues"] = pd.concat(issues, ignore_index=True) if issues else store.frame("issues")
    document = Rows(tables["documents"])[0]
    # An archive or a collection holds several reports; the first stands for the file, the others are named in issues.
    tables = {name: data[data["document_id"].isna() | (data["document_id"] == document.document_id)].reset_index(drop=True)
              for name, data in tables.items()}
    identities = Rows(tables["identities"])
    identity = identities[0] if identities else Row(**dict.fromkeys(BY_NAME["identities"].names))
    return Report(
        path=str(path), text=document.text or "", status=document.status, identity=identity,
        sections=Rows(tables["sections"]), sentences=Rows(tables["sentences"]), quantities=Rows(tables["quantities"]),
        indicators=Rows(tables["indicator_values"], "indicator"), checks=Rows(tables["checks"], "check"),
        issues=Rows(tables["issues"]), tables=tables,
    )


class TableSet:
    """The tables of a run, read when first asked for. Frames are copies: changing one changes nothing on disk."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if not self.names():
            raise UsageError(f"{self.folder} 中没有数据表；请先运行 hengbao run 或 make pipeline")

    def names(self) -> list[str]:
        return [name for name in BY_NAME if (self.folder / f"{name}.parquet").is_file()]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.names()]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names())

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or name not in BY_NAME:
            raise AttributeError(f"没有名为 {name} 的表；现有：{'、'.join(self.names())}")
        return self[name]

    def __getitem__(self, name: str) -> pd.DataFrame:
        path = self.folder / f"{name}.parquet"
        if not path.is_file():
            raise UsageError(f"没有名为 {name} 的表；现有：{'、'.join(self.names())}")
        return _read(path, name, path.stat().st_mtime_ns).copy()


@cache
def _read(path: Path, name: str, changed: int) -> pd.DataFrame:
    return store.read_table(path, name)


def load(folder: str | Path = "data/processed") -> TableSet:
    """Tables of a run as `tables.reports`, `tables.indicator_values`, …; UsageError where there are none."""
    return TableSet(folder)


@dataclass(frozen=True)
class Explanation:
    """Why an indicator has its state in a report: the sentence, its place, and the candidates that lost."""

    report_id: str
    indicator: str
    name: str
    state: str
    value: str
    sentence: str
    place: str
    path: str
    why: str
    candidates: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        lines = [f"{self.report_id}　{self.name}（{self.indicator}）：{self.value}"]
        if self.sentence:
            lines += [f"  原文：{self.sentence}", f"  位置：{self.path}　{self.place}"]
        if self.why:
            lines.append(f"  说明：{self.why}")
        lines += [f"  另有候选：{text}——{why}" for text, why in self.candidates]
        return "\n".join(lines)


def explain(tables: TableSet, report_id: str, indicator: str = "") -> list[Explanation]:
    """Evidence of one indicator in one report, or of all that the report answers when `indicator` is empty.

    UsageError names the nearest report or indicator where the given one does not exist.
    """
    from pipeline.evidence import explain_report

    return [Explanation(**fields) for fields in explain_report(tables, report_id, indicator)]
