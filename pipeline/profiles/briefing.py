"""Rules of the briefing: which findings, in which words, which pages, and the text on method."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import KnowledgeError
from pipeline.profiles.reader import Entry, check_entry, read_yaml


@dataclass(frozen=True)
class FindingRule:
    """One kind of finding: a sentence frame for each case. Placeholders are named by the fact of the same id."""

    id: str
    title: str
    texts: Mapping[str, str]

    def write(self, case: str, values: Mapping[str, object]) -> str:
        return self.texts[case].format_map(dict(values))


@dataclass(frozen=True)
class PageRule:
    heading: str
    charts: tuple[str, ...]


@dataclass(frozen=True)
class BriefingRules:
    title: str
    most_findings: int
    findings: tuple[FindingRule, ...]
    pages: tuple[PageRule, ...]
    method: tuple[str, ...]


def _finding(path: Path, entry: object) -> FindingRule:
    checked = check_entry(path, entry, {"id": str, "title": str, "texts": Entry}, what="发现")
    for case, text in checked["texts"].items():
        try:
            fields = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        except ValueError as error:
            raise KnowledgeError(path, f"第{checked['texts'].line}行", f"{case} 的句式有误：{error}", "成对的 {名目}") from error
        if any(not name.isidentifier() for name in fields):
            raise KnowledgeError(path, f"第{checked['texts'].line}行", f"{case} 的句式含有不合规的名目", "{n_reports} 这样的名目")
    return FindingRule(checked["id"], checked["title"], dict(checked["texts"]))


def load_briefing_rules(folder: Path) -> BriefingRules:
    """knowledge/briefing.yml; KnowledgeError names the line of a mistake."""
    path = folder / "briefing.yml"
    content = check_entry(path, read_yaml(path), {"title": str, "most_findings": int, "findings": list, "pages": list,
                                                  "method": list}, what="文件")
    pages = [check_entry(path, entry, {"heading": str, "charts": list}, what="页") for entry in content["pages"]]
    return BriefingRules(
        content["title"], content["most_findings"], tuple(_finding(path, entry) for entry in content["findings"]),
        tuple(PageRule(entry["heading"], tuple(entry["charts"])) for entry in pages), tuple(content["method"]),
    )
