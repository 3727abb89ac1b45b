from __future__ import annotations

import hashlib
import itertools
import re

import matplotlib
import pytest

from pipeline.outputs import look
from pipeline.outputs.frame import TEMPLATES
from pipeline.outputs.look import Canvas


@pytest.mark.parametrize("fill", [*look.STEPS, look.WHITE, look.EMPTY, look.NAVY, look.ACCENT])
def test_text_can_be_read_on_every_fill(fill):
    assert look.contrast(look.ink_on(fill), fill) >= 4.5


@pytest.mark.parametrize("colour", [look.INK, look.QUIET, look.NAVY, look.MID_BLUE, look.ACCENT])
def test_coloured_text_can_be_read_on_paper(colour):
    assert look.contrast(colour, look.WHITE) >= 4.5


def test_quiet_words_can_be_read_on_hatching_plates():
    assert look.contrast(look.QUIET, look.EMPTY) >= 4.5


def test_steps_fall_in_luminance_so_that_grey_print_keeps_their_order():
    luminances = [look.luminance(step) for step in look.STEPS]
    assert luminances == sorted(luminances, reverse=True)
    assert all(light / dark > 1.25 for light, dark in itertools.pairwise(luminances))
    # The accent stays as dark as the navy in grey: a marked line never prints lighter than its neighbours.
    assert look.luminance(look.ACCENT) < look.luminance(look.MID_BLUE)


def _draw() -> Canvas:
    canvas = Canvas(30)
    canvas.box(1, 1, 20, 6, fill=look.STEPS[3])
    canvas.box(1, 8, 20, 6, is_hatched=True)
    canvas.arrow(30, 4, 9)
    canvas.text(11, 4, "80余", colour=look.ink_on(look.STEPS[3]), anchor="middle")
    canvas.text(11, 20, "$x_1$ & <b> #强* \ue001\x00", is_bold=True)
    return canvas


def test_text_stays_text_and_is_never_markup():
    canvas = _draw()
    svg = canvas.to_svg()
    assert ">80余</text>" in svg
    assert "$x_1$ &amp; &lt;b&gt; #强* 〓〓</text>" in svg
    assert canvas.unknown == ["\ue001", "\x00"]


def test_same_drawing_same_bytes():
    first, second = (hashlib.md5(_draw().to_svg().encode()).hexdigest() for _ in range(2))
    assert first == second


def test_drawing_leaves_matplotlib_settings_alone():
    before = dict(matplotlib.rcParams)
    _draw().to_svg()
    assert dict(matplotlib.rcParams) == before


def test_a_missing_glyph_is_an_error():
    canvas = Canvas(10)
    # Past the guard of Canvas.text, as a mistake in the code would be.
    canvas._axes.text(1, 1, "\ue001", fontproperties=look._font(8, False))
    with pytest.raises(UserWarning, match="Glyph"):
        canvas.to_svg()


def test_small_print_is_readable_on_paper() -> None:
    """Nothing in charts and templates is set smaller than 7.5 points."""
    assert min(look.NOTE_PT, look.SMALL_PT, look.LABEL_PT) >= 7.5
    for template in TEMPLATES.glob("*.typ"):
        sizes = [float(size) for size in re.findall(r"size: ([\d.]+)pt", template.read_text(encoding="utf-8"))]
        assert min(sizes, default=8.0) >= 7.5, template.name
