"""What becomes of documents that could not be done: rows that say so, in place of those that the stages would have made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import Any

import pandas as pd
import pyarrow as pa

from pipeline.errors import PipelineError
from pipeline.runner.files import ID_LENGTH, hash_file, hash_of_unreadable
from pipeline.runner.graph import ISSUES
from pipeline.runner.parts import pack_part
from pipeline.runner.pool import WorkerDied
from pipeline.stages import Stage
from pipeline.tables import store

DOCUMENTS = "documents"
_CHANGED = "读取期间文件被替换、改动或移走，本次未使用；下次运行会重新读取"
_CRASHED = "处理时进程崩溃或内存不足，已跳过；文件可能损坏或恶意，请用原软件打开后另存再放入；如属偶然，可用 --force 重做"
_TOO_SLOW = "处理超过时限，已停止；文件可能过大或恶意，请拆分后再放入；如属偶然，可用 --force 重做"


def nothing(stage: Stage) -> dict[str, pd.DataFrame]:
    """The tables of a stage without rows."""
    return {name: store.frame(name) for name in stage.makes}


def has_changed(row: Mapping[str, Any], sha: str) -> bool:
    """Whether the file is no longer what was listed. Copies and what could not be opened then were never read."""
    if row["duplicate_of"] is not None:
        return False
    try:
        return hash_file(row["location"]) != sha
    except OSError as error:
        return hash_of_unreadable(row["path"], error) != sha


def without(made: dict[str, pd.DataFrame], stage: Stage, rows: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """What a stage made, but these documents, whose files changed meanwhile, failed."""
    if not rows:
        return made
    ids, paths = {row["document_id"] for row in rows}, {row["path"] for row in rows}

    def concerned(data: pd.DataFrame) -> Any:
        of_file = data["document_id"].str[:ID_LENGTH].isin(ids)
        is_part = data["document_id"].str.len() > ID_LENGTH
        return of_file & (is_part | data["path"].isin(paths)) if "path" in data else of_file

    kept = {name: data[~concerned(data).fillna(False).astype(bool)] for name, data in made.items()}
    failed = _failed(stage, rows, _CHANGED)
    return {name: pd.concat([kept[name], failed[name]] if name in kept else [failed[name]], ignore_index=True)
            for name in {**kept, **failed}}


def _failed(stage: Stage, rows: list[dict[str, Any]], message: str) -> dict[str, pd.DataFrame]:
    """What a stage that could not be run on these files made: nothing but their names, the reason, and issues."""
    made = nothing(stage)
    if DOCUMENTS in made:
        made[DOCUMENTS] = store.frame(DOCUMENTS, [
            {"document_id": row["document_id"], "path": row["path"], "bytes": row["bytes"], "chars": 0, "status": "failed",
             "reason": f"{row['path']}：{message}", "text": ""} for row in rows])
    made[ISSUES] = store.frame(ISSUES, [
        {"stage": stage.function, "document_id": row["document_id"], "path": row["path"], "place": "文件", "severity": "error",
         "message": f"{row['path']}：{message}"} for row in rows])
    return made


def give_up(stages: Sequence[Stage], files: Sequence[dict[str, Any]], is_too_slow: bool) -> bytes:
    """The part of a batch that cannot be run at all: its documents failed because the process died or was too slow."""
    message = _TOO_SLOW if is_too_slow else _CRASHED
    arrows: dict[str, pa.Table] = {}
    for number, stage in enumerate(stages):
        made = _failed(stage, list(files), message) if number == 0 else nothing(stage)
        arrows.update({f"{ISSUES}:{stage.function}" if name == ISSUES else name: store.to_arrow(name, data)
                       for name, data in made.items()})
    return pack_part(arrows)


def result_of(future: Future[Any], label: str) -> Any:
    """What a task gave that worked on more than single documents; PipelineError where its process ended."""
    try:
        return future.result()
    except WorkerDied as error:
        raise PipelineError(f"{label}时进程被终止，多半是内存不足；请关闭其他程序，或用 --jobs 1 再试（已完成的部分不会重做）") from error
