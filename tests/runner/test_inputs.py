"""Tables read piece by piece into their final columns are the tables that are read at once."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.runner.inputs import read_columns
from pipeline.tables import store
from pipeline.tables.schemas import BY_NAME, TABLES

VALUES = {"str": ["一", None, "", "二"], "int": [1, None, 3, -4], "float": [0.5, None, float("inf"), 2.0], "bool": [True, None, False, True]}


@pytest.mark.parametrize("name", [table.name for table in TABLES])
@pytest.mark.parametrize("group_size", [1, 3, 100])
def test_the_same_frame(tmp_path: Path, name: str, group_size: int) -> None:
    schema = store.arrow_schema(name)
    columns = {column.name: VALUES[column.type] for column in BY_NAME[name].columns}
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table(columns, schema=schema), path, row_group_size=group_size)
    names = tuple(BY_NAME[name].names)
    pd.testing.assert_frame_equal(read_columns(path, name, names), store.read_table(path, name))
    pd.testing.assert_frame_equal(read_columns(path, name, names[:2]), store.read_table(path, name, list(names[:2])))


def test_an_empty_table_keeps_its_types(tmp_path: Path) -> None:
    store.write_arrow(tmp_path / "q.parquet", store.to_arrow("quantities", store.frame("quantities")))
    names = tuple(BY_NAME["quantities"].names)
    pd.testing.assert_frame_equal(read_columns(tmp_path / "q.parquet", "quantities", names), store.frame("quantities"))


def test_categories_hold_the_same_strings(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    rows = [{"document_id": f"d{number // 3}", "section_no": 0, "term": ("甲", "乙", "丙")[number % 3], "count": 1} for number in range(30)]
    pq.write_table(store.to_arrow("term_counts", store.frame("term_counts", rows)), path, row_group_size=4)
    data = read_columns(path, "term_counts", ("document_id", "term", "count"), {"document_id", "term"})
    assert isinstance(data["term"].dtype, pd.CategoricalDtype)
    assert data["term"].tolist() == [row["term"] for row in rows]
    assert data["document_id"].tolist() == [row["document_id"] for row in rows]
