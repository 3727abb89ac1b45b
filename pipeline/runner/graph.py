"""What each stage reads, and a hash of everything its result depends on besides its input rows.

The signature of a stage function is its declaration, read from its source without importing it: a run
that redoes nothing imports no science library.
"""

from __future__ import annotations

import ast
import hashlib
import platform
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from importlib import metadata
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.profiles import PARTS, part_hash
from pipeline.settings import PACKAGE, Options
from pipeline.stages import Stage
from pipeline.tables.schemas import BY_NAME, TABLES

ROOT_TABLE = "raw_files"
ISSUES = "issues"
_DISTRIBUTIONS = {"sklearn": "scikit-learn", "yaml": "PyYAML"}


def source_path(module: str) -> Path:
    """Source file of `pipeline.<module>`; a package gives its __init__."""
    base = PACKAGE.joinpath(*module.split(".")) if module else PACKAGE
    return base / "__init__.py" if base.is_dir() else base.with_suffix(".py")


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def parameters(stage: Stage) -> tuple[str, ...]:
    """Parameter names of the stage function: tables, knowledge parts, or `options`."""
    for node in _tree(source_path(stage.module)).body:
        if isinstance(node, ast.FunctionDef) and node.name == stage.function:
            return tuple(argument.arg for argument in node.args.args)
    raise PipelineError(f"stages.py：{stage.module} 中没有函数 {stage.function}")


def input_tables(stage: Stage) -> tuple[str, ...]:
    return tuple(name for name in parameters(stage) if name in BY_NAME)


def input_parts(stage: Stage) -> tuple[str, ...]:
    return tuple(name for name in parameters(stage) if name in PARTS)


def producers(stages: Iterable[Stage]) -> dict[str, Stage]:
    """Which stage makes each table."""
    return {table: stage for stage in stages if stage.scope != "output" for table in stage.makes}


def check_graph(stages: tuple[Stage, ...]) -> None:
    """PipelineError where a stage reads something that no earlier stage makes, or a parameter has an unknown name."""
    made = {ROOT_TABLE}
    for stage in stages:
        for name in parameters(stage):
            if name not in BY_NAME and name not in PARTS and name != "options":
                raise PipelineError(f"stages.py：{stage.function} 的参数 {name} 既不是表也不是知识部分")
            if name in BY_NAME and name not in made and not (name == ISSUES and stage.scope == "output"):
                raise PipelineError(f"stages.py：{stage.function} 需要表 {name}，但之前没有环节产生它")
        if stage.scope != "output":
            made.update(stage.makes)


@cache
def _imports(module: str) -> tuple[frozenset[str], frozenset[str]]:
    """Modules of this package and top-level foreign modules that `pipeline.<module>` imports."""
    own: set[str] = set()
    foreign: set[str] = set()
    for node in ast.walk(_tree(source_path(module))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            if name == "pipeline" or name.startswith("pipeline."):
                inner = name.removeprefix("pipeline").removeprefix(".")
                if inner and source_path(inner).is_file():
                    own.add(inner)
            else:
                foreign.add(name.split(".")[0])
    return frozenset(own), frozenset(foreign)


@cache
def _version(module: str) -> str:
    try:
        return metadata.version(_DISTRIBUTIONS.get(module, module))
    except metadata.PackageNotFoundError:
        return ""  # a module of the standard library; the Python version stands for it


@cache
def code_hash(module: str) -> str:
    """Hash of a module's source, of every pipeline module it imports, and of the library versions they use."""
    seen: set[str] = set()
    foreign: set[str] = set()
    waiting = [module]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        own, others = _imports(current)
        foreign |= others
        waiting.extend(own)
    digest = hashlib.sha256(platform.python_version().encode())
    for name in sorted(seen):
        path = source_path(name)
        digest.update(name.encode() + hashlib.sha256(path.read_bytes()).digest())
        for asset in sorted(path.parent.rglob("*")) if path.name == "__init__.py" else []:
            if asset.suffix in {".typ", ".css", ".js", ".html"}:
                digest.update(asset.name.encode() + asset.read_bytes())
    for name in sorted(foreign):
        digest.update(f"{name}={_version(name)};".encode())
    return digest.hexdigest()[:16]


def stage_hashes(stages: tuple[Stage, ...], knowledge: Path, options: Options) -> dict[str, str]:
    """For each stage function: hash of its code, knowledge, options, and of all stages before it that it reads from."""
    makers = producers(stages)
    hashes: dict[str, str] = {}
    for stage in stages:
        digest = hashlib.sha256(code_hash(stage.module).encode())
        for name in parameters(stage):
            if name in PARTS:
                digest.update(part_hash(name, knowledge).encode())
            elif name == "options":
                digest.update(repr(sorted(asdict(options).items())).encode())
            elif name in makers:
                digest.update(hashes[makers[name].function].encode())
            elif name == ISSUES:
                digest.update("".join(hashes[key] for key in sorted(hashes)).encode())
        for table in stage.makes if stage.scope != "output" else ():
            digest.update(repr(BY_NAME[table]).encode())
        hashes[stage.function] = digest.hexdigest()[:16]
    return hashes


def public_tables() -> tuple[str, ...]:
    return tuple(table.name for table in TABLES if not table.is_internal)


def library_versions(stages: Iterable[Stage]) -> dict[str, str]:
    """Versions of Python and of every library that the stages import."""
    names = {"python": platform.python_version()}
    waiting = [stage.module for stage in stages]
    seen: set[str] = set()
    while waiting:
        module = waiting.pop()
        if module not in seen:
            seen.add(module)
            own, foreign = _imports(module)
            waiting.extend(own)
            names.update({name: _version(name) for name in foreign if _version(name)})
    return dict(sorted(names.items()))
