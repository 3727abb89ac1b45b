"""Recognise the text of a page picture (extra `ocr`): the engine, turned pages, seals over text.

Runs in the reader process. Which lines make paragraphs is for recognition.py and reflow.py. The classifier of turned
lines stays off: it turned whole upright lines and lost them; instead a page that reads badly is tried the other ways.
"""

from __future__ import annotations

import logging
from functools import cache
from math import atan2, cos, hypot, pi, sin
from statistics import median
from typing import Any

from pipeline.reading.ocr_marks import settle_marks
from pipeline.reading.ocr_text import Recognition, Run
from pipeline.reading.pictures import Picture, open_page
from pipeline.settings import Limits

# The detector sees the page at this size; finer it splits lines, coarser it misses some.
_DETECTOR_SIDE = 960
# Share of letters in wide boxes that are read with this certainty; a page below it may lie on its side or head.
_SURE_SCORE, _UPRIGHT_SHARE = 0.85, 0.7
_WIDE = 2.0
_TURNS = (180, 90, 270)
# A seal is round and 3 to 5 cm wide, a fifth of the page; red letters of a letterhead are smaller or wide.
_SEAL_WIDTH, _SEAL_SHAPE, _REDDER = (0.09, 0.4), (0.7, 1.4), 40
_MOST_SLANT = 0.2
# In pixels: the longer side of A4 at 200 dpi, and how much is blurred there; letters on stairs are taken for others (惑 for 感).
_FINE_SIDE, _MOST_SCALE, _BLUR = 2339, 2.5, 1.0


def recognise_page(name: str, content: bytes, number: int, part: str, limits: Limits) -> Recognition:
    """The text of one page (see pictures.open_page). ReadingError where its picture cannot be opened."""
    picture, n_pages = open_page(name, content, number, part, limits)
    picture = _smoothed(_without_seals(picture))
    found = _read(picture)
    turned = 0
    if _uprightness(found) < _UPRIGHT_SHARE:
        best = _certainty(found)
        for degrees in _TURNS:
            other = _read(_turned(picture, degrees))
            if (certainty := _certainty(other)) > best:
                best, found, turned = certainty, other, degrees
            if _uprightness(other) >= _UPRIGHT_SHARE:
                break
    height, width = picture.shape[:2]
    if turned in (90, 270):
        height, width = width, height
    return Recognition(tuple(_straightened(found)), width, height, n_pages, turned)


@cache
def _engine() -> Any:
    import onnxruntime
    from rapidocr import RapidOCR

    # Nobody reads what the child process logs.
    logging.disable(logging.WARNING)
    onnxruntime.set_default_logger_severity(4)
    return RapidOCR(params={
        "Global.use_cls": False, "Global.log_level": "critical", "Det.limit_side_len": _DETECTOR_SIDE, "Det.limit_type": "max",
        "EngineConfig.onnxruntime.intra_op_num_threads": 1, "EngineConfig.onnxruntime.inter_op_num_threads": 1})


def _read(picture: Picture) -> list[tuple[list[list[float]], str, float]]:
    """(corners of the box, text, score) of every line."""
    result = _engine()(picture, return_word_box=True, return_single_char_box=True)
    if result.boxes is None or result.txts is None:
        return []
    letters = [[(letter, corners) for letter, _, corners in line] for line in result.word_results]
    texts = settle_marks(picture, list(zip(result.txts, letters, strict=True))) if len(letters) == len(result.txts) else result.txts
    return [([[float(x), float(y)] for x, y in box], text, float(score))
            for box, text, score in zip(result.boxes, texts, result.scores, strict=True) if text.strip()]


def _smoothed(picture: Picture) -> Picture:
    """The page without the stairs that a fax or a coarse scan has on its edges: fine enough, then a little blurred."""
    import cv2

    scale = min(_FINE_SIDE / max(picture.shape[:2]), _MOST_SCALE)
    if scale > 1:
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return cv2.GaussianBlur(picture, (0, 0), _BLUR)


def _size(box: list[list[float]]) -> tuple[float, float]:
    """Length along the first side and across it."""
    (x0, y0), (x1, y1), _, (x3, y3) = box
    return hypot(x1 - x0, y1 - y0), hypot(x3 - x0, y3 - y0)


def _is_wide(box: list[list[float]]) -> bool:
    width, height = _size(box)
    return width > _WIDE * height


def _uprightness(found: list[tuple[list[list[float]], str, float]]) -> float:
    """Share of the letters that stand in wide boxes and are surely read; tall boxes are columns of a turned page."""
    letters = sum(len(text) for _, text, _ in found)
    sure = sum(len(text) for box, text, score in found if score > _SURE_SCORE and (_is_wide(box) or len(text) < 3))
    return sure / letters if letters else 0.0


def _certainty(found: list[tuple[list[list[float]], str, float]]) -> float:
    return sum(len(text) for box, text, score in found if score > _SURE_SCORE and _is_wide(box))


def _turned(picture: Picture, degrees: int) -> Picture:
    import numpy as np

    return np.ascontiguousarray(np.rot90(picture, degrees // 90))


def _straightened(found: list[tuple[list[list[float]], str, float]]) -> list[Run]:
    """The boxes of a slanting page, turned about the corner of the page by the slant that long lines have."""
    slants = [atan2(box[1][1] - box[0][1], box[1][0] - box[0][0]) for box, text, _ in found if len(text) >= 10 and _is_wide(box)]
    slant = median(slants) if slants else 0.0
    if abs(slant) > min(_MOST_SLANT, pi / 4):
        slant = 0.0
    runs = []
    for box, text, score in found:
        points = [(x * cos(slant) + y * sin(slant), y * cos(slant) - x * sin(slant)) for x, y in box]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        # The box is a little larger than the line on every side; the mean of its sides is steadier than its corners.
        runs.append(Run(text, (xs[0] + xs[3]) / 2, (xs[1] + xs[2]) / 2, (ys[0] + ys[1]) / 2, (ys[2] + ys[3]) / 2, score))
    return runs


def _without_seals(picture: Picture) -> Picture:
    """The page with its seals bleached: within a large round red shape only the red channel counts, where red is paper.

    On the whole page the same would wipe out a red letterhead.
    """
    import cv2
    import numpy as np

    height, width = picture.shape[:2]
    blue, green, red = (picture[:, :, place].astype(np.int16) for place in range(3))
    mask = (red - np.maximum(blue, green) > _REDDER).astype(np.uint8)
    if not mask.any():
        return picture
    # Text over the ring cuts it into pieces; they touch again when every stroke is made a little thicker.
    thicker = cv2.dilate(mask, np.ones((9, 9), np.uint8))
    n_shapes, _, stats, _ = cv2.connectedComponentsWithStats(thicker)
    bleached = picture
    for left, top, across, down, _ in stats[1:n_shapes]:
        is_round = _SEAL_SHAPE[0] <= across / max(down, 1) <= _SEAL_SHAPE[1]
        if is_round and _SEAL_WIDTH[0] * min(width, height) <= across <= _SEAL_WIDTH[1] * min(width, height):
            bleached = bleached.copy() if bleached is picture else bleached
            area = bleached[top:top + down, left:left + across]
            area[:] = area[:, :, 2:3]
    return bleached
