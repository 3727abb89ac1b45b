"""themes.yml."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import KnowledgeError
from pipeline.profiles.themes import load_themes
from pipeline.settings import KNOWLEDGE

CATALOGUE = load_themes(KNOWLEDGE)
GOOD = """
weights: {strong: 3, normal: 2, weak: 1}
themes:
  - id: openness
    name: 政务公开
    short: 公开
    headings: [公开]
    terms:
      strong: [政务公开]
"""


def load(folder: Path, text: str) -> object:
    (folder / "themes.yml").write_text(text, encoding="utf-8")
    return load_themes(folder)


def test_there_are_eleven_themes() -> None:
    assert len(CATALOGUE.ids) == 11


@pytest.mark.parametrize(("heading", "themes"), [
    ("健全政府机构职能体系，推动更好发挥政府作用", {"functions"}),
    ("健全依法行政制度体系，加快推进政府治理规范化程序化法治化", {"institutions"}),
    ("健全行政决策制度体系，不断提升行政决策公信力和执行力", {"decision"}),
    ("健全行政执法工作体系，全面推进严格规范公正文明执法", {"enforcement"}),
    ("健全突发事件应对体系，依法预防处置重大突发事件", {"emergency"}),
    ("健全社会矛盾纠纷行政预防调处化解体系，不断促进社会公平正义", {"dispute"}),
    ("健全法治政府建设科技保障体系，全面建设数字法治政府", {"digital"}),
    ("加强党的领导，完善法治政府建设推进机制", {"leadership"}),
    # the outline of 2015
    ("依法全面履行政府职能", {"functions"}),
    ("强化对行政权力的制约和监督", {"supervision", "openness"}),
    ("全面提高政府工作人员法治思维和依法行政能力", {"leadership", "publicity"}),
    # headings of departments
    ("落实普法责任制", {"publicity"}),
    ("打造阳光政务", {"openness"}),
    ("推进信访工作法治化", {"dispute"}),
    # headings that say nothing of the theme
    ("主要举措和成效", set()),
    ("存在的不足和原因", set()),
    ("2023年推进法治政府建设的主要安排", set()),
])
def test_headings(heading: str, themes: set[str]) -> None:
    assert set(CATALOGUE.heading_themes(heading)) == themes


@pytest.mark.parametrize(("change", "problem"), [
    (("headings: [公开]", "headings: ['公开(']"), "正则表达式"),
    (("short: 公开", "shrot: 公开"), "short"),
    (("strong: [政务公开]", "strongest: [政务公开]"), "strong"),
    (("strong: [政务公开]", "strong: [政务公开]\n      weak: [政务公开]"), "重复"),
    (("weights: {strong: 3, ", "weights: {"), "strong"),
    (("id: openness", "id: unassigned"), "不可用"),
])
def test_mistakes_are_named_with_their_line(tmp_path: Path, change: tuple[str, str], problem: str) -> None:
    load(tmp_path, GOOD)
    with pytest.raises(KnowledgeError) as error:
        load(tmp_path, GOOD.replace(*change))
    assert problem in str(error.value)
    assert "行" in str(error.value)
