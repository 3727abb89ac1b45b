"""Part files and the index: what was written comes back, and only what is still used is kept."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.runner.cache import Index, group_by_part
from pipeline.runner.parts import PartError, read_part, write_part


def test_a_part_gives_back_each_table(tmp_path: Path) -> None:
    path = tmp_path / "part.arrow"
    first, second = pa.table({"document_id": ["a", "b"]}), pa.table({"n": [1]})
    write_part(path, {"first": first, "second": second})
    assert read_part(path, ["second", "absent"]) == {"second": second}
    assert read_part(path) == {"first": first, "second": second}


@pytest.mark.parametrize("kept", [0, 5, 40, -20, -1])
def test_a_part_that_is_cut_is_not_read_as_empty(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "part.arrow"
    write_part(path, {"first": pa.table({"document_id": ["a"]})})
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(PartError):
        read_part(path, ["first"])


def test_a_part_with_flipped_bytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "part.arrow"
    write_part(path, {"first": pa.table({"document_id": ["a" * 50]})})
    content = bytearray(path.read_bytes())
    content[8:16] = b"\xff" * 8
    path.write_bytes(content)
    with pytest.raises(PartError):
        read_part(path)


def test_same_tables_give_same_bytes(tmp_path: Path) -> None:
    tables = {"b": pa.table({"x": [1.5]}), "a": pa.table({"y": ["字"]})}
    write_part(tmp_path / "one", tables)
    write_part(tmp_path / "two", dict(reversed(tables.items())))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def add(index: Index, part: str, stages: tuple[str, ...], documents: tuple[str, ...], **more) -> None:
    write_part(index.part_path(part), {})
    index.add(part, stages, documents, **more)


def test_the_index_outlives_its_process(tmp_path: Path) -> None:
    index = Index(tmp_path)
    add(index, "p", ("read", "split"), ("one", "two"))
    index.close()
    assert Index(tmp_path).parts_of(["read", "other"]) == {"read": {"one": "p", "two": "p"}, "other": {}}


def test_a_part_missing_on_disk_counts_as_not_done(tmp_path: Path) -> None:
    index = Index(tmp_path)
    index.add("p", ["read"], ["one"])
    assert index.parts_of(["read"]) == {"read": {}}


def test_the_part_added_last_counts(tmp_path: Path) -> None:
    index = Index(tmp_path)
    add(index, "p", ("read", "split"), ("one", "two"))
    add(index, "q", ("split",), ("one",))
    assert index.parts_of(["split"])["split"] == {"one": "q", "two": "p"}
    assert index.parts_of(["read"])["read"] == {"one": "p", "two": "p"}


def test_tidying_removes_unused_parts(tmp_path: Path) -> None:
    index = Index(tmp_path)
    add(index, "p", ("read",), ("one",))
    add(index, "q", ("read",), ("two", "three"))
    assert index.tidy({"read"}, {"two"}) == {"q": (("read",), ("two",))}
    assert not index.part_path("p").exists()
    assert index.n_members() == {"q": 2}


def test_forgotten_stages_are_done_again_and_others_are_not(tmp_path: Path) -> None:
    index = Index(tmp_path)
    add(index, "p", ("read", "split"), ("one",))
    index.forget_stages({"split"})
    assert index.parts_of(["read", "split"]) == {"read": {"one": "p"}, "split": {}}


def test_a_passing_trouble_is_done_again_next_time(tmp_path: Path) -> None:
    index = Index(tmp_path)
    add(index, "p", ("read",), ("one", "two"), passing=("two",))
    assert index.passing() == {"two"}
    assert index.parts_of(["read"])["read"] == {"one": "p", "two": "p"}
    index.forget_passing()
    assert index.parts_of(["read"])["read"] == {"one": "p"}


def test_a_part_replaces_others_in_one_step(tmp_path: Path) -> None:
    index = Index(tmp_path)
    add(index, "p", ("read",), ("one",))
    add(index, "q", ("read",), ("two",))
    add(index, "r", ("read",), ("one", "two"), replaces=("p", "q"))
    assert index.parts_of(["read"])["read"] == {"one": "r", "two": "r"}
    assert set(index.n_members()) == {"r"}


def test_a_doubted_result_is_unknown(tmp_path: Path) -> None:
    index = Index(tmp_path)
    index.set_results([("themes", "key", 7, {"size": 3}), ("assign_themes", "key", None, {})])
    assert index.row_counts() == {"themes": 7}
    index.doubt(["themes"])
    # What was noted of it stays, so that what is still as it was can be told from what is not.
    assert index.results() == {"themes": ("", {"size": 3}), "assign_themes": ("key", {})}


def test_only_changed_hashes_are_written(tmp_path: Path) -> None:
    index = Index(tmp_path)
    index.set_hashes({}, {"a": ("1", "x"), "b": ("1", "y")})
    index.set_hashes(index.known_hashes(), {"b": ("2", "z"), "c": ("1", "w")})
    assert index.known_hashes() == {"b": ("2", "z"), "c": ("1", "w")}


def test_a_damaged_index_is_begun_anew(tmp_path: Path) -> None:
    Index(tmp_path).close()
    (tmp_path / "index.sqlite").write_bytes(b"no database" * 500)
    assert Index(tmp_path).results() == {}


def test_documents_are_grouped_by_part_in_order() -> None:
    assert group_by_part({"a": "q", "b": "p", "c": "q"}, ["c", "b", "a"]) == {"p": ["b"], "q": ["c", "a"]}
