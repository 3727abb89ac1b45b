"""Rules of the briefing: what an office may set, and how a mistake is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.errors import KnowledgeError
from pipeline.profiles.briefing import LocalFonts, load_briefing_rules
from pipeline.settings import KNOWLEDGE


def load(folder: Path, old: str, new: str) -> object:
    """The rules with one change in briefing.yml."""
    shutil.copytree(KNOWLEDGE / "genres", folder / "genres")
    text = (KNOWLEDGE / "briefing.yml").read_text(encoding="utf-8")
    assert old in text
    (folder / "briefing.yml").write_text(text.replace(old, new), encoding="utf-8")
    return load_briefing_rules(folder)


def test_issuer_and_date_are_blank_until_the_office_fills_them(tmp_path: Path) -> None:
    rules = load_briefing_rules(KNOWLEDGE)
    assert (rules.issuer, rules.issued, rules.fonts) == ("", "", LocalFonts())
    filled = load(tmp_path, 'issuer: ""', "issuer: 澜山区司法局")
    assert filled.issuer == "澜山区司法局"  # type: ignore[attr-defined]


def test_fonts_of_the_office(tmp_path: Path) -> None:
    rules = load(tmp_path, "fonts: {body: [], headings: [], folders: []}", f"fonts: {{body: [仿宋_GB2312], folders: [{tmp_path}]}}")
    assert rules.fonts == LocalFonts(("仿宋_GB2312",), (), (str(tmp_path),))  # type: ignore[attr-defined]


@pytest.mark.parametrize(("old", "new", "match"), [
    ("fonts: {body: [], headings: [], folders: []}", "fonts: {folders: [/没有/这里]}", "字体文件夹 /没有/这里 不存在"),
    ("fonts: {body: [], headings: [], folders: []}", "fonts: {bodies: [仿宋]}", "不认识的键 bodies"),
    ("charts: [commitment_outcomes]", "chart: [commitment_outcomes]", "是否想写 charts"),
])
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, match: str) -> None:
    with pytest.raises(KnowledgeError, match=match):
        load(tmp_path, old, new)
