"""Tables as CSV for a spreadsheet: with a byte-order mark, so that Chinese opens right, and safe to open.

What belongs here: writing finished tables. No value is changed, except that words which a spreadsheet would take for a
formula get an apostrophe in front.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from pipeline.api import TableSet
from pipeline.errors import UsageError
from pipeline.tables.schemas import BY_NAME
from pipeline.tables.store import write_bytes

# A spreadsheet works a cell out that begins with one of these; Chinese versions take the full-width signs too.
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def guard(words: str) -> str:
    """Words that no spreadsheet takes for a formula; blanks and control characters before the sign do not hide it."""
    bare = words.lstrip("\x00\t\r\n \u00a0\u3000\ufeff")
    return f"'{words}" if bare.startswith(_FORMULA_STARTS) or words[:1] in ("\t", "\r", "\n") else words


def export_tables(tables: TableSet, folder: Path, names: Sequence[str] = (), with_labels: bool = False) -> dict[Path, int]:
    """Write tables as CSV into `folder`; path → number of rows. Without names, all of them.

    `with_labels` heads the columns with their Chinese names. Missing values are empty. UsageError names the tables there are.
    """
    there = tables.names()
    for name in names:
        if name not in there:
            raise UsageError(f"没有名为 {name} 的表；现有：{'、'.join(there)}")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} 不是文件夹")
    written = {}
    for name in names or there:
        data = tables[name]
        path = folder / f"{name}.csv"
        write_bytes(path, _csv(name, data, with_labels))
        written[path] = len(data)
    return written


def _csv(name: str, data: pd.DataFrame, with_labels: bool) -> bytes:
    shown = data.copy()
    for column in BY_NAME[name].columns:
        if column.type == "str":
            shown[column.name] = data[column.name].map(guard, na_action="ignore")
    header = column_labels(name) if with_labels else list(data.columns)
    text: str = shown.to_csv(index=False, header=header, lineterminator="\r\n")
    # A lone surrogate cannot be written as UTF-8.
    return text.encode("utf-8-sig", "replace")


def column_labels(name: str) -> list[str]:
    """Chinese names of the columns; one that two columns share is followed by the column's own name."""
    labels = [column.label for column in BY_NAME[name].columns]
    return [label if labels.count(label) == 1 else f"{label}（{column.name}）"
            for label, column in zip(labels, BY_NAME[name].columns, strict=True)]
