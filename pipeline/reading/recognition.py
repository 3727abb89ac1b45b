"""Pages recognised from their pictures, put in the place of pages without text; then paragraphs as in any layout.

The recogniser itself is the extra `ocr` and runs in the reader process (ocr.py); nothing here imports it.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from statistics import median

from pipeline.errors import ReadingError
from pipeline.reading.formats import IMAGE, IMAGE_ADVICE
from pipeline.reading.layout import Cell, Line, Page
from pipeline.reading.ocr_text import (
    Recognition,
    Run,
    count_lost_lines,
    level_sizes,
    repair_paragraph,
    repair_recognised,
    unify_running_heads,
    width_in_ems,
)
from pipeline.reading.raw import PARAGRAPH, RawDocument
from pipeline.reading.reflow import reflow
from pipeline.reading.worker import Source, shared_process
from pipeline.settings import Limits

ADVICE = IMAGE_ADVICE
_POINTS_PER_A4 = 595.0
# In ems: runs nearer than this are one line that the detector cut; farther apart they are columns of a table.
_NEAR = 1.6
_UNSURE = 0.8
# Formats of which any page can be drawn; of others only pages that are one picture.
_DRAWN = (IMAGE, "pdf")


@cache
def can_recognise() -> bool:
    """Whether the extra `ocr` is installed."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


def recognise(raw: RawDocument, name: str, source: Source, limits: Limits) -> None:
    """Fill in the pages of `raw` that have no text, and make paragraphs of all. ReadingError where nothing is found."""
    wanted = [1] if name == IMAGE else list(raw.pages_without_text)
    pages = {page.number: page for page in raw.layout}
    if name not in _DRAWN and any(not pages[number].picture for number in wanted):
        raise ReadingError(f"共 {raw.pages} 页，其中 {len(wanted)} 页的文字画成了线条，无法识别；请打开后导出或打印为 pdf 再放入",
                           status="needs_ocr")
    recognised: list[Page] = []
    while wanted:
        if len(recognised) + len(wanted) > limits.ocr_pages:
            raise ReadingError(f"要识别的页数超过上限 {limits.ocr_pages} 页；请拆分后再放入")
        number = wanted.pop(0)
        known = pages.get(number)
        found: Recognition = shared_process(limits).recognise(name, source, number, known.picture if known else "")
        page = make_page(found, number, min(known.width, known.height) if known else _POINTS_PER_A4)
        recognised.append(page)
        pages[number] = page
        letters = sum(len(run.text) for run in found.runs)
        score = sum(len(run.text) * run.score for run in found.runs) / letters if letters else 1.0
        raw.recognised.pages[number] = (letters, score)
        if lost := count_lost_lines(page):
            raw.notes.append((f"第{number}页", f"识别时疑似漏掉 {lost} 行（行距中断）；请对照原件"))
        if found.turned:
            raw.notes.append((f"第{number}页", f"扫描页是倒的或横的，已转 {found.turned} 度后识别；请核对"))
        if letters and score < _UNSURE:
            raw.notes.append((f"第{number}页", f"识别把握只有 {score:.0%}；请对照原件核对数字"))
        if name == IMAGE and number == 1:
            raw.pages = found.n_pages
            wanted = list(range(2, found.n_pages + 1))
    ordered = [pages[number] for number in sorted(pages)]
    if not any(page.lines for page in ordered):
        raise ReadingError(f"共 {raw.pages} 页，没有识别出文字；请换成更清晰的扫描件（200 dpi 以上）")
    level_sizes(recognised)
    unify_running_heads(ordered)
    raw.pieces = reflow(ordered)
    for piece in raw.pieces:
        if piece.page in raw.recognised.pages and piece.kind == PARAGRAPH:
            piece.text = repair_paragraph(piece.text)
    raw.pages_without_text = []
    raw.layout = []


def make_page(found: Recognition, number: int, short_side: float = _POINTS_PER_A4) -> Page:
    """Lines of a recognised page, in points; its shorter side is that of the page in its file, or of A4."""
    scale = short_side / max(min(found.width, found.height), 1)
    page = Page(number, found.width * scale, found.height * scale)
    for runs in _baselines(list(found.runs)):
        heights = [run.bottom - run.top for run in runs]
        cells: list[Cell] = []
        for run in sorted(runs, key=lambda run: run.left):
            text = repair_recognised(run.text)
            if not text:
                continue
            left, right = run.left * scale, run.right * scale
            if cells and left - cells[-1].right < _NEAR * median(heights) * scale * 0.75:
                cells[-1] = Cell(cells[-1].text + text, cells[-1].left, right)
            else:
                cells.append(Cell(text, left, right))
        if cells:
            page.lines.append(Line(cells, min(run.top for run in runs) * scale, max(run.bottom for run in runs) * scale,
                                   _font_size(cells, median(heights) * scale), number))
    return page


def _baselines(runs: list[Run]) -> list[list[Run]]:
    """Runs by line, from top to bottom: the middle of one lies within the height of the other."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (run.top + run.bottom, run.left)):
        middle = (run.top + run.bottom) / 2
        last = lines[-1][0] if lines else None
        apart = last is None or all(run.left > other.right - 5 or run.right < other.left + 5 for other in lines[-1])
        if last is not None and last.top + 0.25 * (last.bottom - last.top) < middle < last.bottom - 0.25 * (last.bottom - last.top) and apart:
            lines[-1].append(run)
        else:
            lines.append([run])
    return lines


def _font_size(cells: list[Cell], height: float) -> float:
    """The size of the letters: their pitch where a line is long, else from the height of its box."""
    longest = max(cells, key=lambda cell: cell.right - cell.left)
    ems = width_in_ems(longest.text)
    return (longest.right - longest.left) / ems if ems >= 8 else 0.75 * height
