from __future__ import annotations

import hashlib

import pikepdf
import pypdfium2
import pytest

from pipeline.errors import PipelineError
from pipeline.outputs import frame
from pipeline.outputs.frame import Chart, chart_data, render_chart, render_pdf, typeset
from pipeline.outputs.look import Canvas

HOSTILE = "$x$ *强* #read(\"/etc/passwd\") <标签> @引用 \\n \u202e\ue001"


def make_chart(**given) -> Chart:
    canvas = Canvas(20)
    canvas.text(5, 5, "80余")
    fields = {"name": "01", "kind": "test", "title": "标题说出发现", "subtitle": "口径（件）", "body_svg": canvas.to_svg(),
              "note": "注释", "source": "某区4个部门", "n": 4, "alt": "说明", "height_mm": 20.0, **given}
    return Chart(**fields)


def read_text(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_range() for page in document)


def test_words_in_body_and_frame_can_be_searched():
    text = read_text(render_pdf(make_chart()))
    for words in ("标题说出发现", "口径（件）", "80余", "注：注释", "资料来源：某区4个部门"):
        assert words in text


def test_pdf_is_tagged_archival_and_chinese(tmp_path):
    path = tmp_path / "chart.pdf"
    path.write_bytes(render_pdf(make_chart()))
    with pikepdf.open(path) as pdf:
        assert pdf.open_metadata().pdfa_status == "2A"
        assert str(pdf.Root.Lang).lower().startswith("zh")
        assert "/StructTreeRoot" in pdf.Root
        width = float(pdf.pages[0].MediaBox[2]) / 72 * 25.4
    assert width == pytest.approx(170, abs=0.1)


def test_same_chart_same_bytes():
    hashes = {hashlib.md5(b"".join(render_chart(make_chart(title=title)))).hexdigest() for title in ("甲", "甲")}
    assert len(hashes) == 1


def test_text_of_reports_is_never_markup():
    text = read_text(render_pdf(make_chart(title=HOSTILE, subtitle=HOSTILE, note=HOSTILE, source=HOSTILE)))
    assert text.count('$x$ *强* #read("/etc/passwd") <标签> @引用') >= 3
    assert "root:" not in text
    assert "〓" in text


def test_demonstration_data_are_marked():
    assert "示例数据" in read_text(render_pdf(make_chart(is_demonstration=True)))
    assert "示例数据" not in read_text(render_pdf(make_chart()))


def test_pages_are_numbered_in_the_title():
    assert chart_data(make_chart(page=2, n_pages=3))["title"] == "标题说出发现（2/3）"


def test_a_notebook_shows_the_picture():
    assert make_chart()._repr_png_().startswith(b"\x89PNG")


def test_a_broken_template_says_which_one(tmp_path, monkeypatch):
    (tmp_path / "坏.typ").write_text("#let x = json(bytes(sys.inputs.data)).absent", encoding="utf-8")
    monkeypatch.setattr(frame, "TEMPLATES", tmp_path)
    with pytest.raises(PipelineError, match=r"坏\.typ"):
        typeset("坏", {})
