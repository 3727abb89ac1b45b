"""Part files and the index: what was written comes back, and only what is still used is kept."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.runner.cache import Index, group_by_part, read_part, write_part


def test_a_part_gives_back_each_table(tmp_path: Path) -> None:
    path = tmp_path / "part.arrow"
    first, second = pa.table({"document_id": ["a", "b"]}), pa.table({"n": [1]})
    write_part(path, {"first": first, "second": second})
    assert read_part(path, ["second", "absent"]) == {"second": second}
    assert read_part(path, ["first"])["first"] == first


def test_a_part_that_is_cut_is_not_read_as_empty(tmp_path: Path) -> None:
    path = tmp_path / "part.arrow"
    write_part(path, {"first": pa.table({"document_id": ["a"]})})
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises((ValueError, OSError, pa.ArrowInvalid)):
        read_part(path, ["first"])


def test_same_tables_give_same_bytes(tmp_path: Path) -> None:
    tables = {"b": pa.table({"x": [1.5]}), "a": pa.table({"y": ["字"]})}
    write_part(tmp_path / "one", tables)
    write_part(tmp_path / "two", dict(reversed(tables.items())))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_the_index_outlives_its_process(tmp_path: Path) -> None:
    index = Index(tmp_path)
    write_part(index.part_path("p"), {})
    index.add("p", [("stage", "one"), ("stage", "two")])
    index.close()
    assert Index(tmp_path).parts_of("stage") == {"one": "p", "two": "p"}


def test_a_part_missing_on_disk_counts_as_not_done(tmp_path: Path) -> None:
    index = Index(tmp_path)
    index.add("p", [("stage", "one")])
    assert index.parts_of("stage") == {}


def test_forgetting_removes_unused_parts(tmp_path: Path) -> None:
    index = Index(tmp_path)
    for part, document in (("p", "one"), ("q", "two")):
        write_part(index.part_path(part), {})
        index.add(part, [("stage", document)])
    index.forget_all_but({"stage"}, {"two"})
    assert index.parts_of("stage") == {"two": "q"}
    assert not index.part_path("p").exists()


def test_documents_are_grouped_by_part_in_order() -> None:
    assert group_by_part({"a": "q", "b": "p", "c": "q"}, ["c", "b", "a"]) == {"p": ["b"], "q": ["c", "a"]}
