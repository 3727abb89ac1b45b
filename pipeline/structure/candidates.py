"""Candidates for the fields of a report's identity, each with its source and its place in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.structure.dates import find_dates
from pipeline.structure.furniture import FIELD
from pipeline.structure.lines import Line

DOC_NUMBER = re.compile(
    r"(?P<number>[一-鿿]{1,14}\s*[〔\[［【（(﹝〖]\s*20\d\d\s*年?\s*[〕\]］】）)﹞〗]\s*第?\s*\d{1,4}\s*号?)"
)
_SIGNED_KEY = re.compile(r"成文|生成日期|发文日期|印发日期|制发日期")
_PUBLISHED_KEY = re.compile(r"发布时间|发布日期|公开日期|公开时间|发稿时间|^日期$|^时间$")
_UPDATED_KEY = re.compile(r"更新")
_ISSUER_KEY = re.compile(r"来\s*源|稿源|发布机构|发布单位|公开机构|公开单位|发文机关|发文单位|制发机关|所属机构")
_BLANK = re.compile(r"\s+")


@dataclass(slots=True)
class Candidate:
    """One possible value of one field; `trust` orders candidates. Values from outside the text have no span."""

    value: str
    source: str
    trust: float
    evidence: str
    start: int | None = None
    end: int | None = None


@dataclass(slots=True)
class Sources:
    """Where the identity of one document is looked for."""

    document_id: str
    path: str
    text: str
    lines: Sequence[Line]
    fields: list[tuple[str, str, str]]  # (field, value, evidence) of table document_fields
    title: str
    title_span: tuple[int, int] | None
    opening: str
    opening_start: int
    headings: list[tuple[str, int]] = field(default_factory=list)  # top-level headings and their places

    def of_kind(self, *kinds: str) -> Iterator[Line]:
        return (line for line in self.lines if line.kind in kinds)


@dataclass(slots=True)
class Chosen:
    """The department found: `code` None for an office that departments.csv does not know."""

    code: str | None
    office: str
    region: str | None
    level: str | None
    full_name: str
    source: str
    trust: float
    conflict: str = ""


def squeeze(text: str) -> str:
    return _BLANK.sub("", text)


def doc_number_candidates(sources: Sources) -> list[Candidate]:
    """The document's own number: its line in the head or an index card; never a quoted one."""
    found: list[Candidate] = []
    for line in sources.of_kind("number"):
        match = DOC_NUMBER.search(line.text)
        if match:
            found.append(_spanned(line, match, squeeze(match["number"]), "doc_number", 1.0))
    for name, value, evidence in sources.fields:
        match = DOC_NUMBER.search(value) if name == "doc_number" else None
        if match:
            found.append(Candidate(squeeze(match["number"]), "document_fields", 0.95, evidence))
    for line in sources.of_kind("field"):
        for card in FIELD.finditer(line.text):
            match = DOC_NUMBER.search(card["value"]) if re.match(r"发文字号|文\s*号", card["key"]) else None
            if match:
                found.append(_spanned(line, card, squeeze(match["number"]), "field", 0.95))
    for line in sources.of_kind("masthead", "title"):
        match = DOC_NUMBER.search(line.text)
        if match and not line.text[: match.start()].endswith(("《", "（", "(")):
            found.append(_spanned(line, match, squeeze(match["number"]), line.kind, 0.8))
    return found


def signed_date_candidates(sources: Sources) -> list[Candidate]:
    """成文日期: the date under the signature, an index card, a date under the title, at last the date of printing."""
    found: list[Candidate] = []
    body_end = max((line.end for line in sources.of_kind("body", "table_row")), default=0)
    tail = [line for line in sources.lines if line.start >= body_end]
    for line in tail:
        if line.kind in ("date", "signature"):
            found.extend(_dates_in(line, "signature", 1.0))
    for name, value, evidence in sources.fields:
        if name == "signed_date":
            found.extend(Candidate(date.iso, "document_fields", 0.95, evidence) for date in find_dates(value)[:1])
    found.extend(_card_dates(sources, _SIGNED_KEY, "field", 0.95))
    for line in sources.lines:
        if line.kind in ("date", "masthead", "number") and line.start < body_end:
            found.extend(_dates_in(line, "head", 0.8))
    for line in tail:
        if line.kind == "colophon":
            found.extend(_dates_in(line, "colophon", 0.6))
    return found


def published_date_candidates(sources: Sources) -> list[Candidate]:
    """发布日期 of the page. The clock of the page (今天是…) is none."""
    found: list[Candidate] = []
    for name, value, evidence in sources.fields:
        if name == "published_date":
            found.extend(Candidate(date.iso, "document_fields", 1.0, evidence) for date in find_dates(value)[:1])
    found.extend(_card_dates(sources, _PUBLISHED_KEY, "field", 1.0))
    found.extend(_card_dates(sources, _UPDATED_KEY, "field", 0.7))
    return found


def addressee_candidates(sources: Sources) -> list[Candidate]:
    """主送 between title and body."""
    return [
        Candidate(line.text.rstrip("：: "), "addressee", 1.0, line.text, line.start, line.end)
        for line in sources.of_kind("addressee")
    ][:1]


def issuer_fields(sources: Sources) -> list[Candidate]:
    """Texts that may name the issuer, outside title and signature: 来源, 发布机构."""
    found: list[Candidate] = []
    for name, value, evidence in sources.fields:
        if name in ("source", "publisher"):
            found.append(Candidate(value, name, 0.6, evidence))
    for line in sources.of_kind("field", "furniture"):
        for card in FIELD.finditer(line.text):
            if _ISSUER_KEY.search(card["key"]) and card["value"]:
                start = line.start + card.start("value")
                found.append(Candidate(card["value"], "field", 0.6, card.group(), start, start + len(card["value"])))
    return found


def _card_dates(sources: Sources, key: re.Pattern[str], source: str, trust: float) -> Iterator[Candidate]:
    for line in sources.of_kind("field", "furniture"):
        for card in FIELD.finditer(line.text):
            dates = find_dates(card["value"]) if key.search(card["key"]) else []
            if dates:
                yield _spanned(line, card, dates[0].iso, source, trust)


def _dates_in(line: Line, source: str, trust: float) -> Iterator[Candidate]:
    for date in find_dates(line.text):
        yield Candidate(date.iso, source, trust, line.text, line.start + date.start, line.start + date.end)


def _spanned(line: Line, match: re.Match[str], value: str, source: str, trust: float) -> Candidate:
    return Candidate(value, source, trust, match.group(), line.start + match.start(), line.start + match.end())
