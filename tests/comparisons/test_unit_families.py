"""Units of one kind."""

from __future__ import annotations

import pytest

from pipeline.comparisons.unit_families import is_same_unit


@pytest.mark.parametrize(("one", "other", "expected"), [
    ("条", "件", True),
    ("场", "场次", True),
    ("场次", "次", True),
    ("家次", "户次", True),
    ("人", "名", True),
    ("个", "件", True),       # 个 counts anything
    (None, "件", True),       # a zero statement has no unit
    ("人", "人次", False),    # people or visits
    ("家次", "次", False),    # 检查家次 became 检查次数
    ("家", "名", False),      # law firms or lawyers
    ("%", "件", False),
    ("个", "%", False),
    ("元", "件", False),
    ("平方米", "亩", False),
])
def test_units(one: str | None, other: str | None, expected: bool) -> None:
    assert is_same_unit(one, other) is expected
    assert is_same_unit(other, one) is expected
