"""Read YAML and CSV knowledge files so that every error can name its file and line. The only module importing yaml."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import KnowledgeError

try:  # The same grammar in C: every worker process reads the knowledge, and the Python one takes seven times as long.
    from yaml import CSafeLoader as SafeLoader
except ImportError:
    from yaml import SafeLoader  # type: ignore[assignment]


class Entry(dict[str, Any]):
    """A YAML mapping or CSV row that remembers its line."""

    line: int = 0


class _Loader(SafeLoader):
    """Safe loader; mappings become `Entry`, a repeated key is an error."""


def _construct_mapping(loader: _Loader, node: yaml.MappingNode) -> Entry:
    entry = Entry()
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in entry:
            raise yaml.constructor.ConstructorError(None, None, f"键 {key} 重复", key_node.start_mark)
        entry[key] = loader.construct_object(value_node, deep=True)
    entry.line = node.start_mark.line + 1
    return entry


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _construct_mapping)


def read_yaml(path: Path) -> Any:
    """Content of a YAML file; mappings are `Entry` objects. KnowledgeError names the line of a syntax error."""
    try:
        # _Loader derives from SafeLoader: no tag builds anything but plain data.
        return yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_Loader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise KnowledgeError(path, f"第{line}行", f"YAML 写法有误：{error.problem}", advice="检查缩进、冒号与引号") from error
    except UnicodeDecodeError as error:
        raise KnowledgeError(path, f"第{error.start}字节", "不是 UTF-8 编码", advice="另存为 UTF-8") from error


def read_csv(path: Path, required: Iterable[str], optional: Iterable[str] = ()) -> list[Entry]:
    """Rows of a CSV file with a header; empty cells are "". Blank lines and lines starting with # are skipped."""
    required, optional = list(required), list(optional)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise KnowledgeError(path, f"第{error.start}字节", "不是 UTF-8 编码", advice="在 Excel 中另存为“CSV UTF-8”") from error
    numbered = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")]
    if not numbered:
        raise KnowledgeError(path, "第1行", "文件为空", allowed="表头 " + ",".join([*required, *optional]))
    header = [name.strip() for name in next(csv.reader([numbered[0][1]]))]
    for name in required:
        if name not in header:
            raise KnowledgeError(path, f"第{numbered[0][0]}行", f"表头缺少列 {name}", allowed=",".join([*required, *optional]))
    for name in header:
        if name not in required and name not in optional:
            raise KnowledgeError(path, f"第{numbered[0][0]}行", f"表头有不认识的列 {name}{did_you_mean(name, [*required, *optional])}",
                                 allowed=",".join([*required, *optional]))
    rows = []
    for number, line in numbered[1:]:
        cells = next(csv.reader([line]))
        if len(cells) != len(header):
            raise KnowledgeError(path, f"第{number}行", f"有 {len(cells)} 格，应为 {len(header)} 格", advice="检查逗号与引号")
        row = Entry({name: cell.strip() for name, cell in zip(header, cells, strict=True)})
        for name in optional:
            row.setdefault(name, "")
        row.line = number
        rows.append(row)
    return rows


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(word), [str(item) for item in allowed], 1)
    return f"（是否想写 {near[0]}？）" if near else ""


def check_entry(path: Path, entry: Any, required: Mapping[str, type | tuple[type, ...]],
                optional: Mapping[str, type | tuple[type, ...]] | None = None, what: str = "条目") -> Entry:
    """The entry itself when it has all required keys, no unknown ones, and values of the right types."""
    optional = optional or {}
    if not isinstance(entry, Entry):
        raise KnowledgeError(path, "", f"{what}应为“键: 值”的映射，实为 {type(entry).__name__}")
    place = f"第{entry.line}行"
    for key in required:
        if key not in entry or entry[key] is None:
            raise KnowledgeError(path, place, f"{what}缺少 {key}", allowed="、".join([*required, *optional]))
    for key, value in entry.items():
        kind = required.get(key) or optional.get(key)
        if kind is None:
            raise KnowledgeError(path, place, f"{what}有不认识的键 {key}{did_you_mean(key, [*required, *optional])}",
                                 allowed="、".join([*required, *optional]))
        if value is not None and not isinstance(value, kind):
            raise KnowledgeError(path, place, f"{what}的 {key} 类型不符：{value!r}")
    return entry


def check_choice(path: Path, entry: Entry, key: str, value: str, allowed: Iterable[str]) -> str:
    """`value` when it is one of `allowed`; else KnowledgeError naming the line, the choices and the nearest one."""
    allowed = list(allowed)
    if value not in allowed:
        raise KnowledgeError(path, f"第{entry.line}行", f"{key} 的值 {value!r} 不可用{did_you_mean(value, allowed)}", allowed="、".join(allowed))
    return value


def compile_pattern(path: Path, entry: Entry, pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A compiled regular expression; KnowledgeError shows where it is wrong."""
    try:
        return re.compile(pattern, flags)
    except re.error as error:
        raise KnowledgeError(path, f"第{entry.line}行", f"正则表达式 {pattern!r} 有误：{error}") from error


def check_pattern(path: Path, entry: Entry, pattern: str) -> None:
    """The same check, for what becomes part of a longer expression; words without signs need none."""
    if not pattern.isalnum():
        compile_pattern(path, entry, pattern)
