"""One indicator as an analyst writes it: the entry of a YAML file checked and compiled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import KnowledgeError
from pipeline.profiles.language import Language
from pipeline.profiles.patterns import Pattern, PatternError, expression_of, read_pattern, spell_out
from pipeline.profiles.reader import Entry, check_choice, check_entry

KINDS = ("count", "percent", "money", "measure", "duration", "rank", "multiple")
DIRECTIONS = ("up", "down", "neutral")
ROLES = ("achievements", "first_responsible", "problems", "next_plan", "other")
CLAIMS = ("own", "cumulative", "external", "rule")
STATES = ("value", "zero", "na", "not_disclosed", "ambiguous")
DEFAULT_ROLES = ("achievements", "first_responsible", "other")
LEAST_POSITIVE, LEAST_NEGATIVE = 3, 2

_REQUIRED: dict[str, type | tuple[type, ...]] = {
    "id": str,
    "name": str,
    "kind": str,
    "unit": str,
    "units": list,
    "direction": str,
    "definition": str,
    "examples": Entry,
}
_OPTIONAL: dict[str, type | tuple[type, ...]] = {
    "short_name": str,
    "theme": str,
    "genre": str,
    "patterns": list,
    "exclude": list,
    "zero": list,
    "na": list,
    "stated": list,
    "facets": list,
    "prefer": list,
    "each": list,
    "accepts": list,
    "roles": list,
    "change": bool,
    "plausible": list,
}
_EXAMPLE: dict[str, type | tuple[type, ...]] = {
    "low": (int, float),
    "high": (int, float),
    "unit": str,
    "state": str,
    "heading": str,
    "role": str,
    "before": str,
}


@dataclass(frozen=True)
class Example:
    """A sentence and what the indicator must read in it; `state` "not_disclosed" for a sentence that must not answer."""

    text: str
    state: str
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    heading: str = ""
    role: str = "achievements"
    before: str = ""


@dataclass(frozen=True)
class Indicator:
    """One question to every report of a genre. `units` are accepted spellings, `unit` the one shown."""

    id: str
    name: str
    short_name: str
    theme: str
    genre: str
    kind: str
    unit: str
    units: tuple[str, ...]
    direction: str
    definition: str
    low_plausible: float | None
    high_plausible: float | None
    patterns: tuple[Pattern, ...]
    zero: tuple[Pattern, ...]
    na: tuple[Pattern, ...]
    stated: tuple[Pattern, ...]
    exclude: re.Pattern[str] | None
    exclude_around: tuple[Pattern, ...]
    facets: re.Pattern[str] | None
    prefer: re.Pattern[str] | None
    each: re.Pattern[str] | None
    accepts: tuple[str, ...]
    roles: tuple[str, ...]
    is_change: bool
    examples: tuple[Example, ...]


def read_indicator(path: Path, top: Entry, item: Any, language: Language) -> Indicator:
    entry = check_entry(path, item, _REQUIRED, _OPTIONAL, what="指标")
    what = f"指标 {entry['id']}"
    check_choice(path, entry, "kind", entry["kind"], KINDS)
    check_choice(path, entry, "direction", entry["direction"], DIRECTIONS)
    accepts = tuple(check_choice(path, entry, "accepts", claim, CLAIMS) for claim in entry.get("accepts", ["own"]))
    roles = tuple(check_choice(path, entry, "roles", role, ROLES) for role in entry.get("roles", DEFAULT_ROLES))
    low, high = _plausible(path, entry)
    patterns = {key: _patterns(path, entry, key, language) for key in ("patterns", "zero", "na", "stated")}
    for key in ("patterns", "zero"):
        if any("@" not in pattern.text for pattern in patterns[key]):
            raise KnowledgeError(path, f"第{entry.line}行", f"{what} 的 {key} 每条都要有 @")
    exclude = [str(text) for text in entry.get("exclude", [])]
    around = [text for text in exclude if "@" in text]
    return Indicator(
        id=entry["id"],
        name=entry["name"],
        short_name=entry.get("short_name") or entry["name"],
        theme=entry.get("theme") or top["theme"],
        genre=entry.get("genre") or top["genre"],
        kind=entry["kind"],
        unit=entry["unit"],
        units=tuple(map(str, entry["units"])),
        direction=entry["direction"],
        definition=entry["definition"],
        low_plausible=low,
        high_plausible=high,
        exclude=_alternatives(path, entry, [text for text in exclude if "@" not in text], language),
        exclude_around=tuple(_compile(path, entry, text, language, is_strict=True) for text in around),
        facets=_alternatives(path, entry, entry.get("facets", []), language),
        prefer=_alternatives(path, entry, entry.get("prefer", []), language),
        each=_alternatives(path, entry, entry.get("each", []), language),
        accepts=accepts,
        roles=roles,
        is_change=bool(entry.get("change", False)),
        examples=_examples(path, entry),
        **patterns,
    )


def _plausible(path: Path, entry: Entry) -> tuple[float | None, float | None]:
    bounds = entry.get("plausible") or [None, None]
    if len(bounds) != 2 or not all(bound is None or isinstance(bound, (int, float)) for bound in bounds):
        raise KnowledgeError(path, f"第{entry.line}行", "plausible 应为 [下限, 上限]", allowed="[0, 500]、[0, null]")
    return bounds[0], bounds[1]


def _patterns(path: Path, entry: Entry, key: str, language: Language) -> tuple[Pattern, ...]:
    patterns = []
    for item in entry.get(key) or []:
        if isinstance(item, str):
            patterns.append(_compile(path, entry, item, language))
            continue
        shaped = check_entry(
            path,
            item,
            {"is": str},
            {"about": (str, list), "not_about": (str, list), "value": (int, float), "fallback": bool, "units": list},
            what=key,
        )
        units = tuple(map(str, shaped.get("units") or ()))
        for unit in units:
            check_choice(path, shaped, "units", unit, tuple(map(str, entry["units"])))
        about, not_about = (_subjects(path, shaped, name, language) for name in ("about", "not_about"))
        value = shaped.get("value")
        if key == "stated" and value is None:
            raise KnowledgeError(path, f"第{shaped.line}行", "stated 缺少 value")
        patterns.append(
            _compile(
                path, shaped, shaped["is"], language, about, not_about, value,
                is_fallback=bool(shaped.get("fallback")), units=units,
            )
        )
    return tuple(patterns)


def _subjects(path: Path, entry: Entry, key: str, language: Language) -> tuple[str, ...]:
    names = entry.get(key) or ()
    return tuple(
        check_choice(path, entry, key, name, language.names) for name in ([names] if isinstance(names, str) else names)
    )


def _compile(
    path: Path,
    entry: Entry,
    text: str,
    language: Language,
    about: tuple[str, ...] = (),
    not_about: tuple[str, ...] = (),
    value: float | None = None,
    is_strict: bool = False,
    is_fallback: bool = False,
    units: tuple[str, ...] = (),
) -> Pattern:
    try:
        return read_pattern(spell_out(text, language.classes), about, not_about, value, is_strict, is_fallback, units)
    except PatternError as error:
        raise KnowledgeError(path, f"第{entry.line}行", f"句式 {text!r} 有误：{error}") from error


def _alternatives(path: Path, entry: Entry, texts: list[Any], language: Language) -> re.Pattern[str] | None:
    try:
        return re.compile("|".join(expression_of(spell_out(str(text), language.classes)) for text in texts)) if texts else None
    except PatternError as error:
        raise KnowledgeError(path, f"第{entry.line}行", f"{texts} 有误：{error}") from error


def _examples(path: Path, entry: Entry) -> tuple[Example, ...]:
    groups = check_entry(path, entry["examples"], {"positive": list, "negative": list}, what="examples")
    if len(groups["positive"]) < LEAST_POSITIVE or len(groups["negative"]) < LEAST_NEGATIVE:
        raise KnowledgeError(
            path,
            f"第{groups.line}行",
            f"指标 {entry['id']} 的例句不足",
            allowed=f"positive 至少 {LEAST_POSITIVE} 句、negative 至少 {LEAST_NEGATIVE} 句",
        )
    examples = []
    for group, default in (("positive", "value"), ("negative", "not_disclosed")):
        for item in groups[group]:
            if isinstance(item, str):
                examples.append(Example(item, default))
                continue
            shaped = check_entry(path, item, {"text": str}, _EXAMPLE, what="例句")
            state = check_choice(path, shaped, "state", shaped.get("state", default), STATES)
            examples.append(
                Example(
                    shaped["text"],
                    state,
                    shaped.get("low"),
                    shaped.get("high"),
                    shaped.get("unit"),
                    shaped.get("heading", ""),
                    shaped.get("role", "achievements"),
                    shaped.get("before", ""),
                )
            )
    return tuple(examples)
