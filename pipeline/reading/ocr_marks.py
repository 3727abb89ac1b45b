"""Commas of lists (、) and of clauses (，): on coarse scans the recogniser takes one for the other, but they stand at different heights.

How high each of the two stands is learnt from the page itself, since it depends on the typeface; where the typeface sets both
alike nothing is changed.
"""

from __future__ import annotations

from statistics import median
from typing import Any

Picture = Any
# Letters of a line with the corners of their boxes.
Letters = list[tuple[str, list[list[float]]]]

_MARKS = "，、"
# How many of each are needed, how far apart their usual heights must be (share of the line), and how near to the other
# one a mark must stand to be it.
_FEWEST, _APART, _NEAR = 5, 0.12, 0.15
_INK = 128
_SMALLEST, _LARGEST = 4, 0.5


def settle_marks(picture: Picture, lines: list[tuple[str, Letters]]) -> list[str]:
    """The texts of the lines, with marks that stand where only the other one stands put right."""
    grey = picture.min(axis=2)
    heights: list[tuple[int, int, float]] = []
    for number, (text, letters) in enumerate(lines):
        if "".join(letter for letter, _ in letters) == text:
            heights.extend((number, place, height) for place, (letter, box) in enumerate(letters)
                           if letter in _MARKS and (height := _height(grey, box)) is not None)
    texts = [text for text, _ in lines]
    usual = {mark: [height for number, place, height in heights if texts[number][place] == mark] for mark in _MARKS}
    if min(map(len, usual.values())) < _FEWEST:
        return texts
    middle = {mark: median(found) for mark, found in usual.items()}
    apart = abs(middle["，"] - middle["、"])
    if apart < _APART:
        return texts
    for number, place, height in heights:
        text = texts[number]
        other = "，" if text[place] == "、" else "、"
        if abs(height - middle[other]) < _NEAR * apart:
            texts[number] = text[:place] + other + text[place + 1:]
    return texts


def _height(grey: Picture, box: list[list[float]]) -> float | None:
    """How far down in the box of its letter a mark has its middle, 0 to 1; None where no single small blot is found."""
    import cv2
    import numpy as np

    xs, ys = [int(x) for x, _ in box], [int(y) for _, y in box]
    left, right, top, bottom = max(min(xs) - 2, 0), max(xs) + 2, max(min(ys), 0), max(ys)
    cell = (grey[top:bottom, left:right] < _INK).astype(np.uint8)
    height, width = cell.shape
    count, _, stats, middles = cv2.connectedComponentsWithStats(cell)
    # What touches the sides belongs to the letters beside it.
    blots = [(area, middles[place][1]) for place, (x, _, across, down, area) in enumerate(stats[:count])
             if place and area >= _SMALLEST and x > 0 and x + across < width and max(across, down) < _LARGEST * height]
    return float(max(blots)[1]) / height if blots else None
