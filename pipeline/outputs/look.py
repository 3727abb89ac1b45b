"""The look of every figure: colours, sizes, and a canvas in millimetres that matplotlib turns into SVG.

What belongs here: palette, type sizes, contrast, the canvas. What a chart shows belongs in `charts/`; headline, note
and page belong to `frame`.

One hue (navy) in five steps of falling luminance and one accent (dark red). Every state is told apart without colour,
by fill, frame, hatching, sign or word, so that a black-and-white print reads the same. Text has a contrast of at least
4.5:1 on whatever lies under it: ask `ink_on(colour)`.

    canvas = Canvas(height_mm=60)
    canvas.box(10, 5, 20, 6, fill=STEPS[3])
    canvas.text(20, 8, "80余", anchor="middle", colour=ink_on(STEPS[3]))
    svg = canvas.to_svg()

Positions are millimetres from the top left corner. A body is drawn at its final size and never scaled, so sizes in
points are true. Matplotlib is imported when a canvas is made, and its settings hold only while the SVG is written.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from pipeline.outputs import fonts

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

PAGE_MM = 170.0
MARGIN_MM = 2.0
BODY_MM = PAGE_MM - 2 * MARGIN_MM

LABEL_PT = 8.5
VALUE_PT = 8.5
SMALL_PT = 8.0
NOTE_PT = 7.5

INK = "#1A1A1A"
WHITE = "#FFFFFF"
NAVY = "#17406B"
MID_BLUE = "#3E74A3"
ACCENT = "#8F1D14"
QUIET = "#5F6368"       # grey text that must be read: 6.1:1 on white
FAINT = "#D3D7DB"       # context lines
GRID = "#E3E6E9"
RULE = "#8A9097"
HATCH = "#B9BEC4"
EMPTY = "#F3F4F5"       # ground under hatching and 不适用

#: Five classes, light to dark.
STEPS = ("#E9F0F7", "#C3D7EA", "#8DB2D6", MID_BLUE, NAVY)

Anchor = Literal["start", "middle", "end"]
_ALIGN = {"start": "left", "middle": "center", "end": "right"}
_POINTS_PER_MM = 72 / 25.4


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2) of #RRGGBB, 0 black to 1 white."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Contrast ratio (WCAG 2) of two colours, 1 to 21."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def ink_on(fill: str) -> str:
    """Ink or white, whichever is easier to read on `fill`."""
    return max((INK, WHITE), key=lambda colour: contrast(colour, fill))


def settings() -> dict[Any, Any]:
    """Matplotlib settings of a chart body."""
    return {
        "axes.unicode_minus": False, "text.parse_math": False,
        "svg.fonttype": "none", "svg.hashsalt": "hengbao", "hatch.linewidth": 0.5, "path.simplify": False,
    }


def _font(size_pt: float, is_bold: bool) -> FontProperties:
    """The measured file under the family name that typst knows: matplotlib opens the file, the SVG names the family."""
    from matplotlib.font_manager import FontProperties

    family = fonts.FAMILY if is_bold else fonts.REGULAR_FAMILY
    return FontProperties(
        family=family, fname=str(fonts.measured_font()), size=size_pt, weight="bold" if is_bold else "normal"
    )


class Canvas:
    """A sheet in millimetres, origin top left, on which a chart body is drawn."""

    def __init__(self, height_mm: float, width_mm: float = BODY_MM) -> None:
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        self.width, self.height = width_mm, height_mm
        self.unknown: list[str] = []
        with rc_context(settings()):
            self._figure: Figure = Figure(figsize=(width_mm / 25.4, height_mm / 25.4))
            self._axes: Axes = self._figure.add_axes((0, 0, 1, 1))
            self._axes.set_axis_off()
            self._axes.set_xlim(0, width_mm)
            self._axes.set_ylim(height_mm, 0)

    def _add(self, artist: Artist) -> None:
        # Not add_patch: the limits are fixed, and keeping data limits up to date takes half of the drawing time.
        artist.set_clip_on(False)
        self._axes.add_artist(artist)

    def box(self, x: float, y: float, width: float, height: float, fill: str | None = None, edge: str | None = None,
            line_pt: float = 0.0, is_hatched: bool = False, is_dashed: bool = False, layer: float = 1) -> None:
        """A rectangle; an edge is drawn inside its outline so that neighbours never touch."""
        from matplotlib.patches import Rectangle

        if is_hatched:
            self._add(Rectangle((x, y), width, height, facecolor=fill or EMPTY, edgecolor=HATCH, linewidth=0,
                                           hatch="////", zorder=layer))
            return
        inset = line_pt / _POINTS_PER_MM / 2 if edge else 0
        self._add(
            Rectangle(
                (x + inset, y + inset),
                width - 2 * inset,
                height - 2 * inset,
                facecolor=fill or "none",
                edgecolor=edge or "none",
                linewidth=line_pt if edge else 0,
                linestyle=(0, (2.2, 1.6)) if is_dashed else "solid",
                zorder=layer,
                joinstyle="miter",
            )
        )

    def line(
        self,
        points: Sequence[tuple[float, float]],
        colour: str = GRID,
        line_pt: float = 0.6,
        is_dashed: bool = False,
        layer: float = 1,
    ) -> None:
        from matplotlib.lines import Line2D

        xs, ys = zip(*points, strict=True)
        self._add(
            Line2D(
                xs,
                ys,
                color=colour,
                linewidth=line_pt,
                linestyle=(0, (2.5, 2)) if is_dashed else "solid",
                solid_capstyle="butt",
                solid_joinstyle="round",
                zorder=layer,
            )
        )

    def dot(self, x: float, y: float, size_mm: float = 2.0, fill: str | None = NAVY, edge: str | None = None,
            line_pt: float = 1.2, layer: float = 3) -> None:
        from matplotlib.patches import Circle

        radius = size_mm / 2 - (line_pt / _POINTS_PER_MM / 2 if edge else 0)
        self._add(Circle((x, y), radius, facecolor=fill or WHITE, edgecolor=edge or "none",
                                    linewidth=line_pt if edge else 0, zorder=layer))

    def arrow(self, x: float, y: float, length_mm: float, colour: str = NAVY, layer: float = 3) -> None:
        """A bar with a closed start and an arrow head: a bound whose other end is open. Negative length points left."""
        from matplotlib.patches import Polygon

        sign = 1 if length_mm > 0 else -1
        self.line([(x, y - 1.3), (x, y + 1.3)], colour, 1.6, layer=layer)
        self.line([(x, y), (x + length_mm - sign * 1.2, y)], colour, 1.6, layer=layer)
        tip = x + length_mm
        self._add(
            Polygon(
                [(tip, y), (tip - sign * 1.7, y - 0.95), (tip - sign * 1.7, y + 0.95)],
                facecolor=colour,
                edgecolor="none",
                zorder=layer,
            )
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size_pt: float = LABEL_PT,
        colour: str = INK,
        anchor: Anchor = "start",
        is_bold: bool = False,
        ground: str | None = None,
        layer: float = 5,
    ) -> None:
        """Text centred on height `y`, line by line. `ground` paints a plate under it, over hatching and lines."""
        words, unknown = fonts.replace_unknown(words)
        self.unknown.extend(char for char in unknown if char not in self.unknown)
        lines = words.split("\n")
        leading = size_pt * 1.22 / _POINTS_PER_MM
        top = y - leading * (len(lines) - 1) / 2
        if ground is not None:
            width = fonts.text_width(words, size_pt, is_bold) + 1.2
            left = {"start": x - 0.6, "middle": x - width / 2, "end": x - width + 0.6}[anchor]
            height = leading * len(lines)
            self.box(left, y - height / 2, width, height, fill=ground, layer=layer - 0.5)
        # The middle of a hanzi lies 0.38 em above the baseline.
        drop = 0.37 * size_pt / _POINTS_PER_MM
        for number, line in enumerate(lines):
            if line:
                self._axes.text(
                    x,
                    top + number * leading + drop,
                    line,
                    fontproperties=_font(size_pt, is_bold),
                    color=colour,
                    zorder=layer,
                    ha=_ALIGN[anchor],
                    va="baseline",
                    parse_math=False,
                )

    def to_svg(self) -> str:
        """The drawing as SVG whose text is text. The same drawing gives the same string on every machine.

        A character without a glyph raises: text() replaces them before, so one that gets here is a mistake in the code.
        """
        from matplotlib import rc_context
        from matplotlib.backends.backend_svg import FigureCanvasSVG

        out = io.StringIO()
        with rc_context(settings()), warnings.catch_warnings():
            warnings.filterwarnings("error", message="Glyph .* missing")
            FigureCanvasSVG(self._figure).print_svg(out, metadata={"Date": None, "Creator": None})
        return out.getvalue()
