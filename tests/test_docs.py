"""Documentation that cannot rot: the generated parts are what the program says now."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs import ROOT, generated

TOP_LEVEL = {"pyproject.toml", "pipeline", "data", "notebooks", "tests", "reports", "Makefile", "README.md", "README.zh-CN.md",
             "CONTRIBUTING.md", "CHANGELOG.md", "constraints.txt"}


@pytest.mark.parametrize(("path", "content"), generated().items(), ids=lambda value: value.name if isinstance(value, Path) else "")
def test_generated_parts_are_current(path: Path, content: str) -> None:
    assert path.read_text(encoding="utf-8") == content, "run `make docs`"


def test_the_top_level_is_as_laid_down() -> None:
    there = {path.name for path in ROOT.iterdir() if not path.name.startswith(".") and not path.name.endswith(".egg-info")}
    assert there <= TOP_LEVEL


def test_constraints_are_names_and_versions_only() -> None:
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line), line


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md"])
def test_links_in_the_pages_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert (ROOT / target).exists(), f"{name} links to {target}"
