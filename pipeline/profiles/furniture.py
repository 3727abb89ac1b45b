"""Part `furniture`: the parts of a web page that are not the report (knowledge/furniture.csv)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import KnowledgeError
from pipeline.profiles.reader import Entry, check_choice, compile_pattern, read_csv

KINDS = ("label", "word", "tail", "line")
ZONES = ("head", "tail", "edge", "any")
FIELDS = ("title", "publisher", "source", "doc_number", "index_no", "signed_date", "published_date", "breadcrumb",
          "other")


@dataclass(frozen=True)
class Named:
    """A label, button or line pattern: the field it gives and where on the page it may stand."""

    field: str
    zone: str

    def fits(self, zone: str) -> bool:
        """Whether it may stand in zone "head", "body" or "tail"."""
        return self.zone == "any" or zone == self.zone or (self.zone == "edge" and zone in ("head", "tail"))


@dataclass(frozen=True)
class Furniture:
    """`labels` and `words` by name without spaces; the patterns find any of them at a position of a line.

    `lines_of`: the line patterns that may stand in each zone.
    """

    labels: dict[str, Named]
    words: dict[str, Named]
    lines: tuple[tuple[re.Pattern[str], Named], ...]
    label_pattern: re.Pattern[str]
    spaced_label_pattern: re.Pattern[str]
    word_pattern: re.Pattern[str]
    tail_pattern: re.Pattern[str]
    lines_of: dict[str, tuple[tuple[re.Pattern[str], Named], ...]]


def load_furniture(folder: Path) -> Furniture:
    """furniture.csv as patterns. KnowledgeError names the line of an unknown kind, field or zone, or repeated name."""
    path = folder / "furniture.csv"
    names: dict[str, dict[str, Named]] = {"label": {}, "word": {}, "tail": {}}
    lines: list[tuple[re.Pattern[str], Named]] = []
    for entry in read_csv(path, ("kind", "text", "field", "zone")):
        kind = check_choice(path, entry, "kind", entry["kind"], KINDS)
        named = Named(check_choice(path, entry, "field", entry["field"] or "other", FIELDS),
                      check_choice(path, entry, "zone", entry["zone"], ZONES))
        if kind == "line":
            lines.append((compile_pattern(path, entry, entry["text"]), named))
        else:
            _add_name(path, entry, names[kind], named)
    return Furniture(
        labels=names["label"], words=names["word"], lines=tuple(lines),
        lines_of={zone: tuple(line for line in lines if line[1].fits(zone)) for zone in ("head", "body", "tail")},
        # A number may follow without a colon: 浏览次数143.
        label_pattern=re.compile(rf"(?P<name>{_any_of(names['label'])})(?:\s*[：:]\s*|(?=\d))"),
        # A card that was a table gives 索引号　LS001　主题分类　法治.
        spaced_label_pattern=re.compile(rf"(?:^|[\s　]+)(?P<name>{_any_of(names['label'])})(?:[\s　]+|(?=\d)|$)"),
        word_pattern=re.compile(rf"(?P<name>{_any_of(names['word'])})(?=[\s【】\[\]（）()|｜/／、·>＞：:]|$)"),
        tail_pattern=re.compile(rf"[【\[·>＞\s]*(?:{_any_of(names['tail'])})(?=[\s：:】\]]|$)"),
    )


def _add_name(path: Path, entry: Entry, names: dict[str, Named], named: Named) -> None:
    text = entry["text"]
    if not text or text in names:
        raise KnowledgeError(path, f"第{entry.line}行", f"{entry['kind']} {text!r} 为空或重复",
                             advice="删去或改写这一行")
    names[text] = named


def _any_of(names: Iterable[str]) -> str:
    """Alternatives, longest first, with room for spaces between hanzi: 索 引 号."""
    return "|".join(r"\s*".join(map(re.escape, name)) for name in sorted(names, key=lambda name: (-len(name), name)))
