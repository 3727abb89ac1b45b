"""Tables by their printed rules: which row and column of which table a place on a page belongs to."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

# left, top, right, bottom of a drawn line or box, from the left and top of the page.
Box = tuple[float, float, float, float]

# In points: lines are thinner, sides of boxes longer, and ends that meet are nearer than this.
_THIN = 3.0
_LONG = 6.0
_NEAR = 3.0
# More strokes than this are a drawing, not a table.
_MOST_BOXES = 2000


@dataclass(frozen=True, slots=True)
class Grid:
    """The columns (edges `xs`) and rows (edges `ys`) of one table."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]

    def row(self, y: float) -> int | None:
        """The row at a height; None above or below the table."""
        return bisect_right(self.ys, y) - 1 if self.ys[0] <= y < self.ys[-1] else None

    def column(self, x: float) -> int:
        """The column at a place; beside the table the nearest."""
        return min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)

    def contains(self, x: float, y: float) -> bool:
        return self.xs[0] - _NEAR <= x <= self.xs[-1] + _NEAR and self.ys[0] <= y < self.ys[-1]


def find_grids(boxes: list[Box]) -> list[Grid]:
    """The tables that lines and boxes draw: two rows and two columns at least, from top to bottom."""
    rules = [box for box in boxes if box[2] - box[0] > _LONG or box[3] - box[1] > _LONG]
    if len(rules) > _MOST_BOXES:
        return []
    grids = []
    for group in _connected(rules):
        uprights: list[float] = []
        levels: list[float] = []
        for left, top, right, bottom in group:
            is_upright, is_level = right - left <= _THIN, bottom - top <= _THIN
            if not is_level:
                uprights.extend(((left + right) / 2,) if is_upright else (left, right))
            if not is_upright:
                levels.extend(((top + bottom) / 2,) if is_level else (top, bottom))
        # A table may be open at its sides; its level rules still reach them.
        ends = (min(box[0] for box in group), max(box[2] for box in group))
        xs, ys = _merged([*uprights, *ends] if uprights else []), _merged(levels)
        if len(xs) >= 3 and len(ys) >= 3:
            grids.append(Grid(xs, ys))
    return sorted(grids, key=lambda grid: grid.ys)


def _connected(rules: list[Box]) -> list[list[Box]]:
    """Rules that touch each other, directly or through others."""
    groups: list[list[Box]] = []
    for rule in sorted(rules, key=lambda box: (box[1], box[0])):
        touching = [group for group in groups if any(_touch(rule, other) for other in group)]
        groups = [group for group in groups if group not in touching]
        groups.append([*(member for group in touching for member in group), rule])
    return groups


def _touch(first: Box, second: Box) -> bool:
    return (first[0] <= second[2] + _NEAR and second[0] <= first[2] + _NEAR
            and first[1] <= second[3] + _NEAR and second[1] <= first[3] + _NEAR)


def _merged(places: list[float]) -> tuple[float, ...]:
    """Sorted places; those nearer than two lines side by side are one."""
    merged: list[float] = []
    for place in sorted(places):
        if not merged or place - merged[-1] > _NEAR:
            merged.append(place)
    return tuple(merged)
