"""What each stage reads, and a hash of everything its result depends on besides its input rows.

The signature of a stage function is its declaration, read from its source without importing it: a run
that redoes nothing imports none of the libraries of the stages.
"""

from __future__ import annotations

import ast
import hashlib
import platform
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import cache
from importlib import metadata
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.profiles import PARTS, part_hash
from pipeline.settings import PACKAGE, Options
from pipeline.stages import Stage
from pipeline.tables.schemas import BY_NAME

ROOT_TABLE = "raw_files"
ISSUES = "issues"
# To be raised when the same rows come to be written as other bytes.
_ENCODING = "row groups 2;"
_NAMED = re.compile(r"""["'.]([a-z_]+)\b""")
_DISTRIBUTIONS = {"sklearn": "scikit-learn", "yaml": "PyYAML"}


def source_path(module: str) -> Path:
    """Source file of `pipeline.<module>`; a package gives its __init__."""
    base = PACKAGE.joinpath(*module.split(".")) if module else PACKAGE
    return base / "__init__.py" if base.is_dir() else base.with_suffix(".py")


@cache
def _source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def parameters(stage: Stage) -> tuple[str, ...]:
    """Parameter names of the stage function: tables, knowledge parts, or `options`."""
    head = re.search(rf"^def {stage.function}\(.*?\)[^()]*?:$", _source(source_path(stage.module)), re.DOTALL | re.MULTILINE)
    if head is None:
        raise PipelineError(f"stages.py：{stage.module} 中没有函数 {stage.function}")
    (function,) = ast.parse(f"{head[0]} ...").body
    assert isinstance(function, ast.FunctionDef)
    return tuple(argument.arg for argument in function.args.args)


def input_tables(stage: Stage) -> tuple[str, ...]:
    return tuple(name for name in parameters(stage) if name in BY_NAME)


def input_parts(stage: Stage) -> tuple[str, ...]:
    return tuple(name for name in parameters(stage) if name in PARTS)


@cache
def columns_read(stage: Stage, table: str) -> tuple[str, ...]:
    """Columns of `table` that a later stage may use: those that its module, or one of the package that it imports, names.

    Named means as a string or an attribute; a table looked up in BY_NAME is read whole. Columns that nobody names,
    such as the text of documents where only their names count, never leave the disk.
    """
    declared = tuple(BY_NAME[table].names)
    if stage.scope in ("document", "output"):
        return declared
    sources = [_source(source_path(module)) for module in _own_modules(stage.module)
               if module.split(".")[0] == stage.module.split(".")[0]]
    if any(f'BY_NAME["{table}"]' in source for source in sources):
        return declared
    named = {name for source in sources for name in _NAMED.findall(source)}
    return tuple(name for name in declared if name in named)


def producers(stages: Iterable[Stage]) -> dict[str, Stage]:
    """Which stage makes each table."""
    return {table: stage for stage in stages if stage.scope != "output" for table in stage.makes}


def check_graph(stages: tuple[Stage, ...]) -> None:
    """PipelineError where a stage reads something that no earlier stage makes, or a parameter has an unknown name."""
    made = {ROOT_TABLE}
    of_groups: set[str] = set()
    for stage in stages:
        for name in parameters(stage):
            if name not in BY_NAME and name not in PARTS and name != "options":
                raise PipelineError(f"stages.py：{stage.function} 的参数 {name} 既不是表也不是知识部分")
            if name in BY_NAME and name not in made and not (name == ISSUES and stage.scope == "output"):
                raise PipelineError(f"stages.py：{stage.function} 需要表 {name}，但之前没有环节产生它")
            if name in of_groups and stage.scope in ("group", "sample"):
                raise PipelineError(f"stages.py：{stage.function} 逐组或抽样运行，不能读同样逐组得出的表 {name}")
        if stage.scope != "output":
            made.update(stage.makes)
        if stage.scope == "group":
            of_groups.update(stage.makes)


# Import statements, cut out before parsing: parsing whole modules would cost a run that redoes nothing most of its time.
# A line of a docstring that looks like one only adds a module to the hash.
_IMPORT = re.compile(r"^[ \t]*((?:from[ \t]+[\w.]+[ \t]+)?import[ \t]+(?:\([^)]*\)|[\w., \t*]+))", re.MULTILINE)


@cache
def _imports(module: str) -> tuple[frozenset[str], frozenset[str]]:
    """Modules of this package and top-level foreign modules that `pipeline.<module>` imports."""
    own: set[str] = set()
    foreign: set[str] = set()
    for name in _imported_names(_source(source_path(module))):
        if name == "pipeline" or name.startswith("pipeline."):
            inner = name.removeprefix("pipeline").removeprefix(".")
            if inner and source_path(inner).is_file():
                own.add(inner)
        else:
            foreign.add(name.split(".")[0])
    return frozenset(own), frozenset(foreign)


def _imported_names(source: str) -> Iterator[str]:
    for text in _IMPORT.findall(source):
        try:
            (node,) = ast.parse(text).body
        except SyntaxError:
            continue  # prose that begins like an import
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def distribution_of(module: str) -> str:
    """Name under which a library is installed."""
    return _DISTRIBUTIONS.get(module, module)


@cache
def _version(module: str) -> str:
    try:
        return metadata.version(distribution_of(module))
    except metadata.PackageNotFoundError:
        return ""  # a module of the standard library; the Python version stands for it


@cache
def _own_modules(module: str) -> tuple[str, ...]:
    """The module and every pipeline module that it imports, directly or not; sorted."""
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            waiting.extend(_imports(current)[0])
    return tuple(sorted(seen))


@cache
def code_hash(module: str) -> str:
    """Hash of a module's source, of every pipeline module it imports, and of the library versions they use."""
    own = _own_modules(module)
    foreign = set().union(*(_imports(name)[1] for name in own))
    digest = hashlib.sha256(platform.python_version().encode())
    for name in own:
        path = source_path(name)
        digest.update(name.encode() + hashlib.sha256(path.read_bytes()).digest())
        for asset in sorted(path.parent.rglob("*")) if path.name == "__init__.py" else []:
            if asset.suffix in {".typ", ".css", ".js", ".html"}:
                digest.update(asset.name.encode() + asset.read_bytes())
    for name in sorted(foreign):
        digest.update(f"{name}={_version(name)};".encode())
    return digest.hexdigest()[:16]


def table_hash(name: str) -> str:
    """Hash of how a table is declared and encoded."""
    declared = repr(BY_NAME[name.split(":")[0]])
    return hashlib.sha256(f"{_ENCODING}{_version('pyarrow')}{declared}".encode()).hexdigest()[:16]


def own_hashes(stages: tuple[Stage, ...], knowledge: Path, options: Options) -> dict[str, str]:
    """For each stage function: hash of its code, of the knowledge and options it reads, and of the tables it makes."""
    hashes: dict[str, str] = {}
    for stage in stages:
        digest = hashlib.sha256(code_hash(stage.module).encode())
        for name in parameters(stage):
            if name in PARTS:
                digest.update(part_hash(name, knowledge).encode())
            elif name == "options":
                digest.update(repr(sorted(asdict(options).items())).encode())
        for table in stage.makes if stage.scope != "output" else ():
            digest.update(table_hash(table).encode())
        hashes[stage.function] = digest.hexdigest()[:16]
    return hashes


def stage_hashes(stages: tuple[Stage, ...], knowledge: Path, options: Options) -> dict[str, str]:
    """The same, and of all stages before it that it reads from: what its result depends on besides raw files."""
    makers = producers(stages)
    own = own_hashes(stages, knowledge, options)
    hashes: dict[str, str] = {}
    for stage in stages:
        digest = hashlib.sha256(own[stage.function].encode())
        for name in parameters(stage):
            if name in makers:
                digest.update(hashes[makers[name].function].encode())
            elif name == ISSUES:
                digest.update("".join(hashes[key] for key in sorted(hashes)).encode())
        hashes[stage.function] = digest.hexdigest()[:16]
    return hashes


def library_versions(stages: Iterable[Stage]) -> dict[str, str]:
    """Versions of Python and of every library that the stages import."""
    modules = {module for stage in stages for module in _own_modules(stage.module)}
    names = {name: _version(name) for module in modules for name in _imports(module)[1]}
    return {"python": platform.python_version(), **dict(sorted(item for item in names.items() if item[1]))}
