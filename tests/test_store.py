"""Tables from rows: dicts, or tuples where there are very many of them."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.errors import TableError
from pipeline.tables import store


def test_rows_lack_what_they_do_not_say() -> None:
    table = store.frame("quantities", [{"document_id": "a", "quantity_no": 0, "low": 3.0}, {"document_id": "b", "unit": "件"}])
    assert list(table.columns) == store.schema_of("quantities").names
    assert table["low"].tolist()[0] == 3.0
    assert table.isna().sum()["low"] == table.isna().sum()["unit"] == table.isna().sum()["quantity_no"] == 1


def test_tuples_give_the_same_table_as_dicts() -> None:
    columns = ("document_id", "low", "start", "text")
    rows = [("a", 1.5, 3, "3件"), ("b", None, None, None), ("c", float("nan"), 7, "")]
    assert store.frame_of_tuples("quantities", columns, rows).equals(
        store.frame("quantities", [dict(zip(columns, row, strict=True)) for row in rows]))


@pytest.mark.parametrize("name", ["quantities", "reports", "documents"])
def test_types_do_not_depend_on_the_rows(name: str) -> None:
    empty = store.frame(name)
    assert len(empty) == 0
    assert store.frame_of_tuples(name, ("document_id",), []).dtypes.equals(empty.dtypes)
    assert store.frame(name, [{"document_id": "a"}]).dtypes.equals(empty.dtypes)
    assert store.conform(name, empty).dtypes.equals(empty.dtypes)


def test_what_pandas_turns_into_the_declared_type_is_turned() -> None:
    table = store.frame("quantities", [{"document_id": 5, "start": 2.0, "low": pd.NA}])
    assert table["document_id"].tolist() == ["5"]
    assert table["start"].tolist() == [2]


def test_unknown_columns_are_refused() -> None:
    with pytest.raises(TableError, match="没有列 \\['colour'\\]"):
        store.frame("quantities", [{"document_id": "a"}, {"colour": "red"}])
    with pytest.raises(TableError, match="没有列 \\['colour'\\]"):
        store.frame_of_tuples("quantities", ("colour",), [])


def test_a_table_can_be_written_into() -> None:
    """What Arrow shares must not come out read-only."""
    table = store.frame("quantities", [{"document_id": "a", "low": 1.0, "start": 3}])
    table.loc[0, "low"] = 2.0
    table.loc[0, "start"] = 4
    assert (table["low"].tolist(), table["start"].tolist()) == ([2.0], [4])
