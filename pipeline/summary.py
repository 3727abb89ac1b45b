"""What a run says at its end: what was read, what was not and why, what was found, where the outputs are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.profiles import load_part
from pipeline.runner.run import Summary
from pipeline.settings import KNOWLEDGE, Folders
from pipeline.tables import store
from pipeline.tables.store import records

_STATUS = {"ok": "已读", "duplicate": "重复", "needs_ocr": "需文字识别", "empty": "空文件", "failed": "不能读"}
_SHOWN = 20
_ANSWERED = {"value", "zero", "na", "ambiguous", "corrected"}


@dataclass
class Closing:
    """The end of a run. `nothing_usable` is the one line that says why there is no result; empty where there is one."""

    n_files: int = 0
    status: dict[str, int] = field(default_factory=dict)
    genre: str = ""
    genre_label: str = ""
    n_compared: int = 0
    n_quantities: int = 0
    n_answers: int = 0
    n_issues: int = 0
    unused: list[dict[str, str]] = field(default_factory=list)
    redone: list[str] = field(default_factory=list)
    n_read_anew: int = 0
    processed: str = ""
    reports: str = ""
    nothing_usable: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether every input could be used."""
        return not self.unused

    def as_plain(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        return vars(self)

    def lines(self) -> list[str]:
        """The summary for a terminal."""
        order = {name: number for number, name in enumerate(_STATUS)}
        parts = "，".join(f"{_STATUS.get(name, name)} {n}"
                         for name, n in sorted(self.status.items(), key=lambda item: (order.get(item[0], len(order)), item[0])))
        lines = [
            f"文件 {self.n_files} 个：{parts or '无'}",
            f"参与比较的报告 {self.n_compared} 份，体裁：{self.genre_label or '（无）'}",
            f"数量 {self.n_quantities} 个；作答的指标 {self.n_answers} 个；待查事项 {self.n_issues} 条（hengbao issues）"]
        if self.unused:
            lines.append(f"未能使用 {len(self.unused)} 个：")
            lines += [f"  {item['path']}：{item['reason'] or '原因见 hengbao issues'}" for item in self.unused[:_SHOWN]]
            if len(self.unused) > _SHOWN:
                lines.append(f"  …另有 {len(self.unused) - _SHOWN} 个，见 hengbao issues")
        if self.redone:
            lines.append(f"本次重做 {len(self.redone)} 个环节，新读 {self.n_read_anew} 个文件")
        else:
            lines.append("没有变化，无需重做")
        lines.append(f"数据表在 {self.processed}，图表与文件在 {self.reports}")
        return lines


def summarise(folders: Folders, done: Summary, knowledge: Path = KNOWLEDGE, genre: str = "") -> Closing:
    """What the run came to. `genre` is the one that was asked for, if any."""
    def read(name: str, *columns: str) -> pd.DataFrame | None:
        path = folders.processed / f"{name}.parquet"
        return store.read_table(path, name, list(columns)) if path.is_file() else None

    def words(value: Any) -> str:
        return value if isinstance(value, str) else ""

    closing = Closing(n_quantities=done.rows.get("quantities", 0), n_issues=done.rows.get("issues", 0), redone=list(done.redone),
                      n_read_anew=done.n_read_anew, processed=str(folders.processed), reports=str(folders.reports))
    documents = read("documents", "document_id", "path", "status", "reason")
    if documents is None:
        return closing
    closing.n_files = len(documents)
    closing.status = dict(Counter(documents["status"].tolist()))
    closing.unused = [{"path": row.path, "reason": words(row.reason).removeprefix(f"{row.path}：")} for row in records(documents)
                      if row.status != "ok"]
    closing.n_answers = _count_answers(folders.processed / "indicator_values.parquet")
    if not closing.status.get("ok"):
        closing.nothing_usable = f"{len(documents)} 个文件没有一个读得出正文，没有结果；原因见上，或用 hengbao issues 查看"
        return closing
    reports = read("reports", "document_id", "path", "genre", "is_compared", "why_not")
    if reports is None:
        return closing
    genres = load_part("genres", knowledge).by_name
    is_compared = reports["is_compared"].fillna(False).astype(bool)
    compared = reports[is_compared]
    closing.n_compared = len(compared)
    closing.genre = words(compared["genre"].iloc[0]) if len(compared) else ""
    closing.genre_label = genres[closing.genre].label if closing.genre in genres else ""
    for row in records(reports[~is_compared]):
        is_other_genre = isinstance(row.genre, str) and row.genre != closing.genre and row.genre in genres \
            and genres[row.genre].is_report
        if not is_other_genre:
            closing.unused.append({"path": words(row.path), "reason": words(row.why_not)})
    if not closing.n_compared:
        asked = f"没有体裁为 {genre}（{genres[genre].label}）的报告" if genre in genres else "没有一份报告能参与比较"
        there = "、".join(f"{genres[name].label} {n} 份" for name, n in sorted(Counter(reports["genre"].dropna().tolist()).items())
                         if name in genres)
        closing.nothing_usable = f"{asked}，各项比较均为空" + (f"；读到的体裁有 {there}" if there else "") + \
            "；请检查原始文件夹，或用 --genre 另选体裁"
    return closing


def _count_answers(path: Path) -> int:
    """How many indicators are answered; 0 where there is no table. Of millions of rows only the states are read."""
    if not path.is_file():
        return 0
    with pq.ParquetFile(path, read_dictionary=["state"]) as file:
        states = file.read(["state"])["state"]
    return sum(counted["counts"] for counted in pc.value_counts(states).to_pylist() if counted["values"] in _ANSWERED)
