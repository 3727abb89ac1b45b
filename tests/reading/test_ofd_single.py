"""Pages whose every character is an object are read in bulk, with the same result as one by one."""

from __future__ import annotations

import pytest
from lxml import etree

from pipeline.reading.ofd_page import IN_POINTS, PageReader
from pipeline.reading.ofd_single import single_characters

SPACE = "http://www.ofdspec.org/2016"


def layer(*more: str) -> etree._Element:
    objects = "".join(f'<o:TextObject Boundary="{10 + 5 * place} 37 5 8" Size="{5 if place % 2 else 3.5}">'
                      f'<o:TextCode X="0.5" Y="5">{text}</o:TextCode></o:TextObject>'
                      for place, text in enumerate("全年召开党组会议4次研究法治建设工作，机关干部带头学法。"))
    return etree.fromstring(f'<o:Layer xmlns:o="{SPACE}">{objects}{"".join(more)}</o:Layer>')


def characters(element: etree._Element) -> list[tuple[object, ...]]:
    reader = PageReader({})
    reader.read(element, IN_POINTS, 0)
    return [(found.text, round(found.left, 6), round(found.right, 6), round(found.baseline, 6), found.size) for found in reader.characters]


@pytest.mark.parametrize("more", [
    "",
    '<o:TextObject Boundary="9 9 9 9" Size="4"><o:TextCode X="0" Y="3" DeltaX="g 3 4">— 1 —</o:TextCode></o:TextObject>',
    '<o:TextObject Boundary="9 9 9 9" Size="4"><o:TextCode X="0" Y="3">\n</o:TextCode></o:TextObject>',
])
def test_bulk_gives_the_same(more):
    assert single_characters(layer(more)) is not None
    one_by_one = layer(more, '<o:TextObject CTM="1 0 0 1 0 0" Boundary="0 0 1 1" Size="4"><o:TextCode X="0" Y="0">终</o:TextCode></o:TextObject>')
    assert single_characters(one_by_one) is None
    assert characters(layer(more)) == characters(one_by_one)[:-1]


@pytest.mark.parametrize("more", [
    '<o:PathObject Boundary="0 0 1 1"/>',
    '<o:TextObject Visible="false" Boundary="9 9 9 9" Size="4"><o:TextCode X="0" Y="3">隐</o:TextCode></o:TextObject>',
    '<o:TextObject Boundary="9 9 9 9" Size="4"><o:TextCode X="0" Y="3">甲</o:TextCode><o:TextCode X="4" Y="3">乙</o:TextCode></o:TextObject>',
    '<o:TextObject Boundary="9 9 9 9" Size="4"><o:TextCode Y="3">甲</o:TextCode></o:TextObject>',
    '<o:TextObject Boundary="9 9 9 9" Size="4"/>',
])
def test_anything_else_is_read_one_by_one(more):
    assert single_characters(layer(more)) is None
