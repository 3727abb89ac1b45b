"""The generated parts of the documentation: stage list, command help, data dictionary.

`make docs` writes them; tests/test_docs.py fails when they are stale.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import typer.main

from pipeline.cli import app
from pipeline.runner.graph import input_parts, input_tables
from pipeline.stages import STAGES
from pipeline.tables.schemas import TABLES

ROOT = Path(__file__).resolve().parents[1]
MARK = "<!-- generated: {name} -->\n{body}\n<!-- end: {name} -->"
SCOPES = {"en": {"document": "each document", "sample": "a sample", "group": "each region", "corpus": "all documents",
                 "output": "output"},
          "zh": {"document": "逐份", "sample": "抽样", "group": "逐地区", "corpus": "全体", "output": "输出"}}


def stage_list(language: str) -> str:
    head = {"en": "| # | stage | scope | reads | makes |", "zh": "| 序 | 环节 | 范围 | 读 | 出 |"}[language]
    rows = [head, "|---|---|---|---|---|"]
    for number, stage in enumerate(STAGES, 1):
        label = f"`{stage.function}`" + (f"（{stage.label}）" if language == "zh" else "")
        reads = " ".join([*input_tables(stage), *(f"*{part}*" for part in input_parts(stage))])
        rows.append(f"| {number} | {label} | {SCOPES[language][stage.scope]} | {reads} | {' '.join(stage.makes) or 'issues'} |")
    return "\n".join(rows)


def command_help() -> str:
    """Usage of every command, as `hengbao COMMAND --help` prints it, at a fixed width."""
    group = typer.main.get_command(app)
    lines = []
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        lines.append(f"hengbao {name} — {command.help}")
        for parameter in command.params:
            flags = "、".join(parameter.opts) if parameter.param_type_name == "option" else parameter.name.upper()
            if "--help" not in flags:
                lines.append(f"    {flags:14} {getattr(parameter, 'help', '') or ''}".rstrip())
    return "```text\n" + "\n".join(lines) + "\n```"


def data_dictionary() -> str:
    lines = ["# 数据字典", "", "本页由 `make docs` 按 pipeline/tables/schemas.py 生成。每张表是本文件夹中的一个 parquet 文件；`*` 为键。",
             "偏移量（起、止）都是 documents.text 中的字符位置，含起不含止；空值表示没有或不知道，从不以 0 代替。", ""]
    for table in TABLES:
        if table.is_internal:
            continue
        lines += [f"## {table.name} {table.label}", "", f"{table.meaning}。", "", "| 列 | 类型 | 中文名 | 单位 | 含义 |", "|---|---|---|---|---|"]
        for column in table.columns:
            star = "\\*" if column.name in table.key else ""
            lines.append(f"| {column.name}{star} | {column.type} | {column.label} | {column.unit} | {column.meaning} |")
        lines.append("")
    return "\n".join(lines)


def fill(text: str, parts: dict[str, str]) -> str:
    """`text` with each marked part replaced by its generated body."""
    for name, body in parts.items():
        pattern = re.compile(rf"<!-- generated: {name} -->\n.*?<!-- end: {name} -->", re.S)
        if not pattern.search(text):
            raise ValueError(f"no place for generated part {name}")
        text = pattern.sub(lambda _, n=name, b=body: MARK.format(name=n, body=b), text)
    return text


def generated() -> dict[Path, str]:
    """path → content as it should be."""
    pages = {ROOT / "data" / "processed" / "README.md": data_dictionary()}
    for name, language in (("README.md", "en"), ("README.zh-CN.md", "zh")):
        path = ROOT / name
        pages[path] = fill(path.read_text(encoding="utf-8"), {"stages": stage_list(language), "commands": command_help()})
    return pages


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit("usage: python -m tests.docs --write")
    for page, content in generated().items():
        page.write_text(content, encoding="utf-8")
