"""Rules of the briefing: which findings, in which words, which pages, and the text on method."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import KnowledgeError
from pipeline.profiles.reader import Entry, check_entry, read_yaml

# What the title, headings and the text on method may hold in braces; findings may hold these and their own.
NAMING_WORDS = ("report", "subject")


@dataclass(frozen=True)
class FindingRule:
    """One kind of finding: a sentence frame for each case. Placeholders are named by the fact of the same id.

    `sheet` is the sheet of the workbook that bears the finding; `charts` are the kinds of chart that show it.
    """

    id: str
    title: str
    texts: Mapping[str, str]
    sheet: str = ""
    charts: tuple[str, ...] = ()

    def write(self, case: str, values: Mapping[str, object]) -> str:
        return self.texts[case].format_map(dict(values))


@dataclass(frozen=True)
class PageRule:
    """A section of charts: their kinds in order, those that take their place when none can
    be drawn, and how many of each kind at most."""

    heading: str
    charts: tuple[str, ...]
    instead: tuple[str, ...]
    most: int


@dataclass(frozen=True)
class LocalFonts:
    """Font families of the office for text and headings, and the folders where their files are."""

    body: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


@dataclass(frozen=True)
class BriefingRules:
    title: str
    most_findings: int
    findings: tuple[FindingRule, ...]
    pages: tuple[PageRule, ...]
    method: tuple[str, ...]
    headline_indicators: Mapping[str, tuple[str, ...]]
    issuer: str = ""
    issued: str = ""
    fonts: LocalFonts = LocalFonts()


def _check_fields(path: Path, place: str, what: str, text: str, allowed: tuple[str, ...] = ()) -> str:
    """The text, when its braces hold names only, and only `allowed` ones where these are given."""
    try:
        fields = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError as error:
        raise KnowledgeError(path, place, f"{what}有误：{error}", "成对的 {名目}") from error
    for name in fields:
        if not name.isidentifier() or (allowed and name not in allowed):
            raise KnowledgeError(path, place, f"{what}含有不合规的名目 {{{name}}}",
                                 "、".join(f"{{{word}}}" for word in allowed) or "{n_reports} 这样的名目")
    return text


def _finding(path: Path, entry: object) -> FindingRule:
    checked = check_entry(path, entry, {"id": str, "title": str, "texts": Entry}, {"sheet": str, "charts": list}, what="发现")
    for case, text in checked["texts"].items():
        _check_fields(path, f"第{checked['texts'].line}行", f"{case} 的句式", text)
    return FindingRule(checked["id"], checked["title"], dict(checked["texts"]), checked.get("sheet") or "",
                       tuple(map(str, checked.get("charts") or ())))


def load_briefing_rules(folder: Path) -> BriefingRules:
    """knowledge/briefing.yml; KnowledgeError names the line of a mistake."""
    path = folder / "briefing.yml"
    content = check_entry(path, read_yaml(path), {"title": str, "most_findings": int, "findings": list, "pages": list,
                                                  "method": list}, {"headline_indicators": Entry, "issuer": str, "issued": str,
                                                                     "fonts": Entry},
                          what="文件")
    pages = [check_entry(path, entry, {"heading": str, "charts": list}, {"instead": list, "most": int}, what="页") for entry in content["pages"]]
    for text in (content["title"], *(page["heading"] for page in pages), *content["method"]):
        _check_fields(path, "", f"“{text[:12]}…”", text, NAMING_WORDS)
    genres = {file.stem: list for file in sorted((folder / "genres").glob("*.yml"))}
    fonts = check_entry(path, content.get("fonts") or Entry(), {}, {"body": list, "headings": list, "folders": list}, what="fonts")
    for place in fonts.get("folders") or ():
        if not Path(str(place)).is_dir():
            raise KnowledgeError(path, f"第{fonts.line}行", f"字体文件夹 {place} 不存在", "一个有字体文件（.ttf .otf .ttc）的文件夹")
    headlines = check_entry(path, content.get("headline_indicators") or Entry(), {}, genres, what="headline_indicators")
    return BriefingRules(
        content["title"], content["most_findings"], tuple(_finding(path, entry) for entry in content["findings"]),
        tuple(PageRule(entry["heading"], tuple(entry["charts"]), tuple(entry.get("instead") or ()), entry.get("most", 2)) for entry in pages),
        tuple(content["method"]), {genre: tuple(map(str, listed)) for genre, listed in headlines.items()},
        content.get("issuer") or "", content.get("issued") or "",
        LocalFonts(*(tuple(map(str, fonts.get(key) or ())) for key in ("body", "headings", "folders"))),
    )
