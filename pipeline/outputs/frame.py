"""Charts as they leave the house: the described chart, and typst pages as PDF and PNG.

What belongs here: `Chart`, its rendering, and `typeset`, which every PDF of the pipeline goes through. The layout
itself stands in `typst/*.typ`.

For briefing, department pages and notebooks:

    from pipeline.outputs.charts.stage import build_charts
    from pipeline.outputs.frame import chart_data, typeset

    pdf = typeset("briefing", {"charts": [chart_data(chart) for chart in charts]})     # typst/briefing.typ

and in the template

    #import "/frame.typ": base, palette, chart-block, demonstration-mark
    #let data = json(bytes(sys.inputs.data))
    #show: base.with(data.families)
    #chart-block(data.charts.at(0), level: 3)

Text of reports enters as JSON values and never as markup; the compiler's root is the template folder, so a page can
read nothing else. Pages are PDF/A-2a and PDF/UA-1: a character without a glyph or an image without description is an
error there, so `typeset` replaces such characters first (fonts.replace_unknown) and a failure means a bad template.
The time stamp is fixed: the same data give the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pipeline.errors import PipelineError
from pipeline.outputs import fonts, look

if TYPE_CHECKING:
    import typst

TEMPLATES = Path(__file__).parent / "typst"
#: 2000-01-01 00:00 UTC. Reports carry their own dates; the file's says only that it was made by a program.
TIMESTAMP = 946_684_800
PNG_DPI = 200
TITLE_PT = 12.5
_MARK_MM = 19.0
_PAGE_TREE = re.compile(rb"/Type\s*/Pages\s*/Count\s+(\d+)")


@dataclass(frozen=True)
class Chart:
    """A finished chart: what it says, its body, and where its figures come from.

    `kind` names the function that drew it (indicator_heatmap, reuse_matrix, …) and `subject` what it is about (an
    indicator, a theme, a page), so that other outputs can pick it. `title` is the finding as a sentence; `subtitle`
    measure, unit, period and order; `n` the number of reports behind it; `alt` the description for readers who cannot
    see it. `name` is the file name without folder and suffix; `rows` says where in the workbook its figures stand.
    """

    name: str
    kind: str
    title: str
    subtitle: str
    body_svg: str
    note: str
    source: str
    n: int
    alt: str
    height_mm: float
    width_mm: float = look.BODY_MM
    subject: str = ""
    is_demonstration: bool = False
    page: int = 1
    n_pages: int = 1
    rows: str = ""

    def _repr_png_(self) -> bytes:
        """In a notebook the chart shows itself, headline included."""
        return render_png(self, dpi=144)


@dataclass(frozen=True)
class NoChart:
    """Why a chart is not drawn, for people."""

    kind: str
    reason: str


def chart_data(chart: Chart, folder: str = "") -> dict[str, Any]:
    """What `chart-block` of typst/frame.typ needs, as JSON values; `folder` leads from the file to the workbook (../)."""
    title = chart.title if chart.n_pages == 1 else f"{chart.title}（{chart.page}/{chart.n_pages}）"
    width = chart.width_mm - (_MARK_MM if chart.is_demonstration else 0.0)
    return {
        "title": title,
        "lines": fonts.break_headline(title, width, TITLE_PT),
        "subtitle": chart.subtitle,
        "svg": chart.body_svg,
        "note": chart.note,
        "source": chart.source,
        "alt": chart.alt,
        "width_mm": chart.width_mm,
        "height_mm": chart.height_mm,
        "is_demonstration": chart.is_demonstration,
        "kind": chart.kind,
        "name": chart.name,
        "n": chart.n,
        "rows": chart.rows,
        "rows_url": f"{folder}tables.xlsx",
    }


@cache
def _compiler(folders: tuple[str, ...]) -> typst.Compiler:
    import typst

    return typst.Compiler(root=str(TEMPLATES), font_paths=fonts.typst_fonts(folders), ignore_system_fonts=True)


def _clean(value: Any, unknown: list[str]) -> Any:
    """`value` with every string free of characters that no font has; they are added to `unknown`."""
    if isinstance(value, str):
        text, found = fonts.replace_unknown(value)
        unknown.extend(char for char in found if char not in unknown)
        return text
    if isinstance(value, Mapping):
        # The body of a chart comes from Canvas, which has replaced them already.
        return {key: item if key == "svg" else _clean(item, unknown) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item, unknown) for item in value]
    return value


def typeset(template: str, data: Mapping[str, Any], *, form: Literal["pdf", "png"] = "pdf", dpi: int = PNG_DPI,
            faces: fonts.Faces | None = None) -> bytes:
    """The page(s) of `typst/<template>.typ` with `data`, as PDF bytes or, for one page, PNG bytes.

    `data` holds JSON values only. The template finds them in `json(bytes(sys.inputs.data))`, together with `families`
    and `heading_families`. Warnings of typst are errors: they mean a missing font or a doubtful template.
    """
    import typst

    faces = faces or fonts.Faces()
    unknown: list[str] = []
    cleaned = _clean({**data, "families": faces.body_families, "heading_families": faces.heading_families}, unknown)
    cleaned["unknown"] = _name_unknown(unknown)
    source = (TEMPLATES / f"{template}.typ").read_bytes()
    inputs = {"data": json.dumps(cleaned, ensure_ascii=False, sort_keys=True)}
    try:
        result, found = _compiler(faces.folders).compile_with_warnings(
            input=source, format=form, ppi=dpi if form == "png" else None, sys_inputs=inputs, timestamp=TIMESTAMP,
            pdf_standards=["a-2a", "ua-1"] if form == "pdf" else [],
        )
    except typst.TypstError as error:
        raise PipelineError(
            f"排版模板 {template}.typ 未能成页：{error.message} {' '.join(error.hints)}".rstrip()
        ) from error
    doubts = [warning.message for warning in found]
    if doubts:
        raise PipelineError(f"排版模板 {template}.typ 有警告：{'；'.join(doubts)}")
    if not isinstance(result, bytes):
        raise PipelineError(f"排版模板 {template}.typ 应只有一页，实有 {len(result or [])} 页")
    return result


def count_pages(pdf: bytes) -> int:
    """Pages of a PDF made by `typeset`: the page tree of typst stands uncompressed in the file."""
    found = _PAGE_TREE.search(pdf)
    if found is None:
        raise PipelineError("排版得到的 PDF 没有可读的页数；typst 的版本是否与 constraints.txt 相符")
    return int(found[1])


def _page(chart: Chart) -> dict[str, Any]:
    return {"chart": chart_data(chart, "../"), "margin_mm": look.MARGIN_MM}


def render_pdf(chart: Chart, faces: fonts.Faces | None = None) -> bytes:
    """The chart alone as PDF/A-2a, vector, text selectable."""
    return typeset("chart", _page(chart), faces=faces)


def render_png(chart: Chart, dpi: int = PNG_DPI, faces: fonts.Faces | None = None) -> bytes:
    return typeset("chart", _page(chart), form="png", dpi=dpi, faces=faces)


def render_chart(chart: Chart, dpi: int = PNG_DPI, faces: fonts.Faces | None = None) -> tuple[bytes, bytes]:
    """The chart alone: (PDF bytes, PNG bytes)."""
    return render_pdf(chart, faces), render_png(chart, dpi, faces)


def _name_unknown(unknown: list[str]) -> str:
    """What 〓 stands for on a page; "" where nothing was replaced."""
    return f"“{fonts.REPLACEMENT}”代替字库没有的字（{fonts.describe_characters(unknown)}）。" if unknown else ""


def describe_unknown(chart: Chart, unknown: list[str]) -> Chart:
    """The chart with a line in its note for characters that show as 〓."""
    if not unknown:
        return chart
    return replace(
        chart, note=f"{chart.note}{_name_unknown(unknown)}"
    )
