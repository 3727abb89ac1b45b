"""What a run says at its end: what was read, what was not and why, what was found, where the outputs are."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from pipeline.profiles import load_part
from pipeline.runner.run import Summary
from pipeline.settings import Folders
from pipeline.tables import store
from pipeline.tables.store import records

_STATUS = {"ok": "已读", "duplicate": "重复", "needs_ocr": "需文字识别", "empty": "空文件", "failed": "不能读"}
_SHOWN = 20


def summarise(folders: Folders, done: Summary) -> tuple[list[str], bool]:
    """Lines for the terminal, and whether every input could be used."""

    def read(name: str, *columns: str) -> pd.DataFrame:
        path = folders.processed / f"{name}.parquet"
        return store.read_table(path, name, list(columns)) if path.is_file() else store.frame(name)[list(columns)]

    documents = read("documents", "document_id", "path", "status", "reason")
    reports = read("reports", "document_id", "path", "genre", "is_compared", "why_not")
    values = read("indicator_values", "document_id", "state")
    genres = load_part("genres").by_name
    compared = reports[reports["is_compared"].fillna(False).astype(bool)]
    status = Counter(documents["status"])
    parts = "，".join(f"{_STATUS.get(name, name)} {n}" for name, n in sorted(status.items(), key=lambda item: list(_STATUS).index(item[0])))
    lines = [f"文件 {len(documents)} 个：{parts}"]
    unused = [(row.path, row.reason) for row in records(documents) if row.status != "ok"]
    main_genre = compared["genre"].iloc[0] if len(compared) else ""
    for row in records(reports):
        is_other_genre = isinstance(row.genre, str) and row.genre != main_genre and row.genre in genres and genres[row.genre].is_report
        if row.document_id not in set(compared["document_id"]) and not is_other_genre:
            unused.append((row.path, row.why_not))
    label = genres[main_genre].label if main_genre in genres else "（无）"
    lines.append(f"参与比较的报告 {len(compared)} 份，体裁：{label}")
    n_quantities = done.rows.get("quantities", 0)
    answered = int((values["state"].isin(["value", "zero", "na", "ambiguous", "corrected"])).sum())
    lines.append(f"数量 {n_quantities} 个；作答的指标 {answered} 个；待查事项 {done.rows.get('issues', 0)} 条（hengbao issues）")
    if unused:
        lines.append(f"未能使用 {len(unused)} 个：")
        lines += [f"  {path}：{reason if isinstance(reason, str) else '原因见 hengbao issues'}" for path, reason in unused[:_SHOWN]]
        if len(unused) > _SHOWN:
            lines.append(f"  …另有 {len(unused) - _SHOWN} 个，见 hengbao issues")
    if done.redone:
        lines.append(f"本次重做 {len(done.redone)} 个环节，新读 {done.n_read_anew} 个文件")
    else:
        lines.append("没有变化，无需重做")
    lines.append(f"数据表在 {folders.processed}，图表与文件在 {folders.reports}")
    return lines, not unused
