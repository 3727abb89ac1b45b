"""Every quantity a text discloses, as the text says it (table `quantities`).

`read_quantities` reads one string; `find_quantities` is the stage. What a quantity answers is decided in `indicators`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any

import pandas as pd

from pipeline.measures.admission import SIZES, is_counted, is_threshold
from pipeline.measures.bounds import HALF, BoundReader
from pipeline.measures.claims import Setting, claim_quantities
from pipeline.measures.expressions import NUMERAL, Expression
from pipeline.measures.names import Spans, find_names
from pipeline.measures.nouns import Nouns
from pipeline.measures.numerals import normalise
from pipeline.measures.objects import read_objects
from pipeline.measures.ranks import read_ranks
from pipeline.measures.zeros import find_zeros
from pipeline.profiles.units import Units
from pipeline.tables.store import Tables, frame, frame_of_tuples


@dataclass(frozen=True)
class Quantity:
    """One quantity; offsets are in the string that was read. `low`/`high` None: the wording leaves that end open."""

    text: str
    start: int
    end: int
    kind: str
    low: float | None
    high: float | None
    approx: str
    unit: str
    object: str
    claim: str = "own"
    to_date: str | None = None


_NUMBER = re.compile(rf"(?P<half_way>{HALF.pattern})|{NUMERAL.pattern}", re.VERBOSE)
# Runs of characters that a number can begin with; a plain character set is searched much faster than _NUMBER itself.
_SIGNS = "0-9零〇一二两三四五六七八九十百千万亿几"
_NUMERAL_RUN = re.compile(f"[{_SIGNS}数半过][{_SIGNS}数半过]*")
# The digits of most numbers: what follows belongs to no longer way of writing one.
_DIGITS = re.compile(r"[0-9]{1,9}(?![0-9,，. \n])")
# A sentence without any of these has no number, no zero statement and no masked figure.
_TRIGGER = re.compile("[0-9０-９xXｘＸ×*＊零〇○一二两三四五六七八九十百千万亿几半未没无不]")
# 处理xx件, 会议*次, ××人, ****年 (normalised)
_MASKED = re.compile(r"[xX×*〇][xX×*〇]{0,3}[余多]?[件次条份个名人场户家项起宗万亿元%年]")
# A word after a number that could be a classifier; not 10大, 500强, 第20届, nor what follows a year.
_WORD_AFTER = re.compile("[ ]?[一-龥](?<![大强届级])")
_YEAR_LIKE = re.compile("(?:19|20)[0-9]{2}$|.*[.]")
# A Chinese numeral of one sign that neither 余, 成五 nor 至三个 can follow.
_LONE = re.compile(f"(?<![{_SIGNS}数])[一二两三四五六七八九零〇](?![{_SIGNS}半点分余多来 \n~至到-])")
_COLUMNS = ("document_id", "quantity_no", "sentence_no", "start", "end", "text", "kind", "low", "high", "approx", "unit", "object",
            "claim", "to_date")
_MOST_SENTENCES = 20_000
_MASK = re.compile("[xX×*〇]")
_MASK_BEFORE = re.compile("[0-9A-Za-z零〇一二三四五六七八九]$")


def read_quantities(text: str, units: Units) -> list[Quantity]:
    """Quantities of a text in order: spans inside it, no overlaps, text[start:end] == quantity.text. Never raises.

    Linear in the length of the text. Claims need a report's sections and year, so they are all "own" here.
    """
    normal = normalise(text)
    expressions = read_expressions(normal, units)
    objects = read_objects(normal, expressions, Nouns(units))
    return [
        Quantity(text[found.start:found.end], found.start, found.end, found.kind, found.low, found.high, found.approx,
                 found.unit, text_of)
        for found, text_of in zip(expressions, objects, strict=True)
    ]


def read_expressions(normal: str, units: Units, strange: list[Expression] | None = None) -> list[Expression]:
    """Numbers, ranges, ranks and zero statements of a normalised text, in order, without overlaps.

    Numbers that were left out because what follows is no known unit are added to `strange`.
    """
    ranks = read_ranks(normal, units)
    ordered = _read_numbers(normal, find_names(normal, units), ranks, units, strange)
    zeros = find_zeros(normal, units)
    if ranks or zeros:
        others = [
            Expression(zero.start, zero.end, "zero", 0.0, 0.0, "exact", "", denied=normal[zero.object_start:zero.object_end])
            for zero in zeros
        ]
        ordered = _without_overlaps(sorted([*ranks, *ordered, *others], key=lambda item: (item.start, -item.end)))
    return [
        found for place, found in enumerate(ordered)
        if found.kind not in SIZES or not is_threshold(normal, found, ordered[place + 1] if place + 1 < len(ordered) else None)
    ]


def _read_numbers(normal: str, names: list[tuple[int, int]], ranks: list[Expression], units: Units,
                  strange: list[Expression] | None) -> list[Expression]:
    masked = Spans(sorted([*names, *((found.start, found.end) for found in ranks)]) if ranks else names)
    reader = BoundReader(normal, units)
    found_all: list[Expression] = []
    place = 0
    for run in _NUMERAL_RUN.finditer(normal):
        place = max(place, run.start())
        while place < run.end():
            digits = _DIGITS.match(normal, place)
            if digits:
                start, end = digits.span()
                if masked.covers(start, end):
                    place = end
                    continue
                common = reader.read_common(start, end)
                if common is not None:
                    found_all.append(common)
                    place = common.end
                    continue
            elif _LONE.match(normal, place) and not reader.plain_reader.has_unit(place + 1):
                # 一律, 二线: no count without a unit.
                place += 1
                continue
            match = _NUMBER.match(normal, place)
            if match is None or masked.covers(match.start(), match.end()):
                place = match.end() if match else place + 1
                continue
            found = reader.half(match) if match["half_way"] else reader.read(match)
            place = match.end()
            if found is None or (found_all and found.start < found_all[-1].end):
                continue
            if is_counted(normal, found, units):
                found_all.append(found)
                place = max(place, found.end)
            elif strange is not None and found.is_arabic and _is_strange(normal, found):
                strange.append(found)
    return found_all


def _is_strange(normal: str, found: Expression) -> bool:
    is_name = _YEAR_LIKE.match(found.numeral) is not None
    return not found.unit and not is_name and _WORD_AFTER.match(normal, found.end) is not None


def _without_overlaps(sorted_expressions: list[Expression]) -> list[Expression]:
    kept: list[Expression] = []
    for found in sorted_expressions:
        if not kept or found.start >= kept[-1].end:
            kept.append(found)
    return kept


def find_quantities(documents: pd.DataFrame, sections: pd.DataFrame, sentences: pd.DataFrame, identities: pd.DataFrame,
                    units: Units) -> Tables:
    """Table `quantities` of all sentences, with claim and to_date, and `issues` for figures that are masked (xx件)."""
    texts = dict(zip(documents["document_id"].tolist(), documents["text"].tolist(), strict=True))
    paths = dict(zip(documents["document_id"].tolist(), documents["path"].tolist(), strict=True))
    settings: dict[tuple[str, str], Setting] = {}
    known = _known(identities)
    rows: list[tuple[Any, ...]] = []
    issues: list[dict[str, Any]] = []
    counts: dict[str, int] = defaultdict(int)
    read = _reader_of(units)
    columns = (sentences[name].tolist() for name in ("document_id", "sentence_no", "role", "start", "end"))
    for document_id, sentence_no, role, start, end in sorted(zip(*columns, strict=True), key=itemgetter(0, 1)):
        text = texts[document_id][start:end]
        if not _TRIGGER.search(text):
            continue
        normal = normalise(text)
        expressions, objects, notes = read(normal)
        if notes:
            issues += [_issue(document_id, paths[document_id], start + place, message) for place, message in notes]
        if not expressions:
            continue
        key = (document_id, role if isinstance(role, str) else "")
        if key not in settings:
            settings[key] = Setting(key[1], *known.get(document_id, (None, "", "", "")))
        claims = claim_quantities(normal, expressions, settings[key], units)
        for number, (found, thing, (claim, to_date)) in enumerate(
                zip(expressions, objects, claims, strict=True), counts[document_id]):
            rows.append((
                document_id, number, sentence_no, start + found.start, start + found.end, text[found.start:found.end],
                found.kind, found.low, found.high, found.approx, found.unit, thing, claim, to_date))
        counts[document_id] += len(expressions)
    return {"quantities": frame_of_tuples("quantities", _COLUMNS, rows), "issues": frame("issues", issues)}


@lru_cache(maxsize=2)
def _reader_of(units: Units) -> Callable[[str], tuple[list[Expression], list[str], list[tuple[int, str]]]]:
    """Reads what stands in a sentence once, from batch to batch: reports repeat each other's sentences."""
    return lru_cache(maxsize=_MOST_SENTENCES)(partial(_read_sentence, units=units, nouns=Nouns(units)))


def _read_sentence(normal: str, units: Units, nouns: Nouns) -> tuple[list[Expression], list[str], list[tuple[int, str]]]:
    """Expressions of a normalised sentence, their objects, and places that a person should look at, with what to say."""
    strange: list[Expression] = []
    expressions = read_expressions(normal, units, strange)
    notes = [*_strange_units(normal, strange), *_masked_figures(normal)]
    return expressions, read_objects(normal, expressions, nouns), notes


def _known(identities: pd.DataFrame) -> dict[str, tuple[int | None, str, str, str]]:
    """Report year, level, genre and department by document; missing ones are None or empty."""
    names = ("document_id", "report_year", "level", "genre", "region", "department")
    columns = (identities[name].tolist() for name in names)
    return {
        document_id: (
            None if pd.isna(year) else int(year), _own_level(level, region),
            "" if pd.isna(genre) else genre, "" if pd.isna(department) else department)
        for document_id, year, level, genre, region, department in zip(*columns, strict=True)
    }


def _own_level(level: object, region: object) -> str:
    """省, 市, 区县 …; a city of the rank of a county is 县级市, of that of a province 市: its own figures are 全市."""
    if level == "省" and isinstance(region, str) and region.endswith("市"):
        return "市"
    if level == "区县" and isinstance(region, str) and region.endswith("市"):
        return "县级市"
    return level if isinstance(level, str) else ""


def _strange_units(normal: str, strange: list[Expression]) -> list[tuple[int, str]]:
    """Numbers before a word that is no known unit (3000路): a classifier may be missing in units.csv."""
    return [
        (found.start, f"“{normal[found.start:found.end + 6]}”的单位不认识，未计为数量；如是量词，请补入 units.csv")
        for found in strange
    ]


def _masked_figures(normal: str) -> list[tuple[int, str]]:
    """Figures that the author blotted out; they are missing, not 0."""
    if not _MASK.search(normal):
        return []
    return [
        (match.start(), f"数字被遮盖（{match.group()}），按未披露处理；请补上原数")
        for match in _MASKED.finditer(normal)
        if not _MASK_BEFORE.search(normal[max(0, match.start() - 1):match.start()])
    ]


def _issue(document_id: str, path: str, place: int, message: str) -> dict[str, Any]:
    return {"stage": "find_quantities", "document_id": document_id, "path": path, "severity": "note",
            "place": f"正文第{place + 1}字", "message": message}
