"""Lower never imports higher, and each library has its place."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from pipeline.settings import PACKAGE

# Each layer may import itself and the layers after it.
LAYERS = [
    {"__main__", "cli"}, {"draft_page"}, {"draft_text"},
    {"drafts", "summary", "evaluation", "review", "exporting", "reading_report"}, {"evaluation_truth", "evaluation_quantities"},
    {"evaluation_scores", "evaluation_tables", "review_answers", "review_files"}, {"api", "evidence"}, {"runner"},
    {"reading", "structure", "measures", "comparisons", "outputs"}, {"stages"},
    {"profiles"}, {"tables"}, {"settings", "errors", "terminal"},
]
WORK = {"reading", "structure", "measures", "comparisons", "outputs"}
# The stages of a run are called by name, so the runner imports none of them; these faces may call one directly.
PLACE_OF_LIBRARY = {
    "yaml": {"profiles"}, "typer": {"cli"}, "matplotlib": {"outputs"}, "typst": {"outputs"}, "xlsxwriter": {"outputs"},
    "rjieba": {"measures"}, "jieba": {"measures"}, "pypdfium2": {"reading"}, "olefile": {"reading"}, "lxml": {"reading"},
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def unit_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def rank(unit: str) -> int:
    return next((number for number, layer in enumerate(LAYERS) if unit in layer), -1)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_point_downwards(path: Path) -> None:
    unit = unit_of(path)
    for name in imported(path):
        parts = name.split(".")
        if parts[0] == "pipeline" and len(parts) > 1 and unit != "__init__":
            other = parts[1]
            if rank(other) < 0:
                continue  # a name of pipeline/__init__, such as __version__
            assert rank(other) >= rank(unit), f"{path.name} imports {name} from a higher layer"
            assert not (unit in WORK and other in WORK and unit != other), f"{unit} imports {other}"
        place = PLACE_OF_LIBRARY.get(parts[0])
        assert place is None or unit in place, f"{parts[0]} belongs in {place}, found in {path}"


def test_every_module_is_ranked() -> None:
    assert {unit_of(path) for path in MODULES} - set().union(*LAYERS) == {"__init__"}


def test_the_segmenter_is_used_in_one_module() -> None:
    users = [path.name for path in MODULES if {"jieba", "rjieba"} & imported(path)]
    assert users == ["terms.py"]


def test_yaml_is_read_in_one_module() -> None:
    assert [path.name for path in MODULES if "yaml" in imported(path)] == ["reader.py"]


def test_no_module_holds_everything() -> None:
    long = {path.name: n for path in MODULES if (n := len(path.read_text(encoding="utf-8").splitlines())) > 330}
    assert set(long) <= {"schemas.py", "cli.py"}, long
