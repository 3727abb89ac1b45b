"""Row groups copied from one Parquet file to another: any reader sees the same rows."""

from __future__ import annotations

import io
from itertools import pairwise

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.runner import splice
from pipeline.runner.assembly import encode

ROWS = pa.table({
    "document_id": ["a", "a", "b", "c", "c", "d"], "count": pa.array([1, None, -3, 2**40, 5, 6], pa.int64()),
    "share": [0.5, None, float("nan"), -1e300, 0.0, 2.5], "is_new": [True, False, None, True, True, False],
    "text": ["一", "", None, "长" * 5000, "五\n", "六"],
})


def put_together(pieces: list[bytes], template: pa.Table = ROWS) -> bytes:
    out = io.BytesIO()
    splicer = splice.Splicer(out.write, splice.read_footer(encode(template.schema.empty_table())))
    for piece in pieces:
        for group in splice.split_file(piece):
            splicer.add(group)
    splicer.finish()
    return out.getvalue()


@pytest.mark.parametrize("cuts", [(0, 6), (0, 1, 6), (0, 2, 2, 4, 6), (0, 1, 2, 3, 4, 5, 6)])
def test_rows_come_back_whatever_the_pieces(cuts: tuple[int, ...]) -> None:
    content = put_together([encode(ROWS.slice(start, end - start)) for start, end in pairwise(cuts)])
    file = pq.ParquetFile(io.BytesIO(content))
    assert file.read().to_pylist()[3:] == ROWS.to_pylist()[3:]
    assert file.read()["text"].to_pylist() == ROWS["text"].to_pylist()
    assert file.metadata.num_row_groups == len([1 for start, end in pairwise(cuts) if end > start])
    assert [file.read_row_group(number).num_rows for number in range(file.num_row_groups)] == [
        end - start for start, end in pairwise(cuts) if end > start]


def test_what_lies_outside_the_row_group_is_not_copied() -> None:
    out = io.BytesIO()
    pq.write_table(ROWS, out, write_page_index=True)
    with pytest.raises(ValueError, match="page index"):
        splice.split_file(out.getvalue())


def test_no_rows_at_all_is_a_table_with_columns() -> None:
    table = pq.read_table(io.BytesIO(put_together([encode(ROWS.slice(0, 0))])))
    assert (table.num_rows, table.schema) == (0, ROWS.schema)


def test_taking_a_file_apart_and_together_again_gives_its_bytes() -> None:
    content = put_together([encode(ROWS.slice(0, 2)), encode(ROWS.slice(2))])
    assert put_together([content]) == content


def test_many_columns_and_row_groups() -> None:
    wide = pa.table({f"column_{number}": [number, number + 1] for number in range(40)})
    content = put_together([encode(wide)] * 300, wide)
    assert pq.read_table(io.BytesIO(content)).num_rows == 600


@pytest.mark.parametrize("content", [b"", b"PAR1", b"x" * 100, b"PAR1" + b"\xff\xff\xff\x7fPAR1"])
def test_what_is_no_parquet_file_is_refused(content: bytes) -> None:
    with pytest.raises((ValueError, IndexError)):
        splice.read_footer(content)
