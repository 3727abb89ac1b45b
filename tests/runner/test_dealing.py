"""Rows that were dealt out to tasks are those that each task would have read itself."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline.runner.dealing import Share, deal, of_documents, read_dealt
from pipeline.runner.inputs import DamagedTable, Wanted, list_wanted, read_columns, table_path
from pipeline.stages import STAGES
from pipeline.tables import store
from tests.runner.reports import digests, folders_in, tables_of, write_reports

DOCUMENTS = [f"d{number:02}" for number in range(9)]
WANTED = {
    "term_counts": Wanted(("document_id", "section_no", "term", "count"), frozenset({"document_id", "term"})),
    "quantities": Wanted(("document_id", "quantity_no", "low", "unit"), frozenset()),
}


@pytest.fixture
def processed(tmp_path: Path) -> Path:
    counts = [{"document_id": document, "section_no": number, "term": term, "count": number + 1}
              for document in DOCUMENTS for number in range(3) for term in ("甲", document)]
    amounts = [{"document_id": document, "quantity_no": number, "low": None if number else 2.5, "unit": None if number == 1 else "件"}
               for document in DOCUMENTS for number in range(4)]
    for name, rows in (("term_counts", counts), ("quantities", amounts)):
        pq.write_table(store.to_arrow(name, store.frame(name, rows)), table_path(name, tmp_path), row_group_size=5)
    return tmp_path


def share(processed: Path, tasks: list[list[str]], number: int, n_shares: int) -> Share:
    return Share(WANTED, processed, number, n_shares, tuple(map(tuple, tasks)), processed / "dealt")


@pytest.mark.parametrize("n_shares", [1, 2, 5])
def test_each_task_has_its_own_rows_in_order(processed: Path, n_shares: int) -> None:
    tasks = [["d08", "d01"], ["d05"], ["d00", "d02", "d03"]]
    for number in range(n_shares):
        deal(share(processed, tasks, number, n_shares))
    for number, documents in enumerate(tasks):
        dealt = read_dealt(processed / "dealt" / str(number), WANTED)
        for name, (columns, as_categories) in WANTED.items():
            expected = read_columns(table_path(name, processed), name, columns, as_categories, sorted(documents))
            assert len(expected)
            for column in columns:
                assert dealt[name][column].tolist() == expected[column].tolist() or dealt[name][column].equals(expected[column])
                is_category = isinstance(dealt[name][column].dtype, pd.CategoricalDtype)
                assert is_category == (column in as_categories)


def test_a_task_without_rows_has_empty_columns(processed: Path) -> None:
    deal(share(processed, [["d01"], ["zz"]], 0, 1))
    empty = read_dealt(processed / "dealt" / "1", WANTED)
    assert {name: (len(table), list(table)) for name, table in empty.items()} == {
        name: (0, list(columns)) for name, (columns, _) in WANTED.items()}


def test_a_table_that_is_gone_is_named(processed: Path) -> None:
    table_path("quantities", processed).unlink()
    with pytest.raises(DamagedTable, match="quantities"):
        deal(share(processed, [["d01"]], 0, 1))


def test_only_tables_of_documents_are_dealt_out() -> None:
    groups = [stage for stage in STAGES if stage.scope == "group"]
    assert {"sentences", "quantities", "term_counts"} <= of_documents(list_wanted(groups)).keys()
    assert "reports" not in of_documents(list_wanted(groups))


def test_nothing_dealt_is_left_behind(tmp_path: Path) -> None:
    folders = folders_in(tmp_path)
    write_reports(folders.raw)
    left = folders.cache / "dealt" / "0" / "sentences" / "00000.arrow"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"of a run that was killed")
    tables_of(folders)
    assert not (folders.cache / "dealt").exists()
    fresh = folders_in(tmp_path / "fresh", folders.raw)
    tables_of(fresh)
    assert digests(fresh) == digests(folders)
