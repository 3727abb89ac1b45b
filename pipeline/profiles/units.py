"""Units, qualifiers, names with numerals, zero statements and claim cues: what the quantity reader knows.

Files: units.csv, qualifiers.csv, names.csv, zeros.csv, claims.csv. Each row is checked when loaded, and
every regular expression must take its own example.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pipeline.errors import KnowledgeError
from pipeline.profiles.needles import Sieve
from pipeline.profiles.reader import Entry, check_choice, check_pattern, compile_pattern, read_csv
from pipeline.profiles.word_patterns import any_word

KINDS = ("count", "percent", "money", "duration", "measure", "multiple")
NEEDS = ("", "arabic", "bound")
WORD_LISTS = ("weak", "bound", "suffix", "lead", "stop", "head", "generic", "whole")
POSITIONS = ("before", "inside", "after", "magnitude", "context", "scope", "tail", "noun", "verb", *WORD_LISTS)
RULES = ("over", "under", "near", "about", "step", "vague")
CONTEXTS = ("growth", "rank", "money", "bare", "extent", "total", "frequency", "event", "noun", "article")
ZERO_PARTS = ("negative", "tail", "tail_before", "thing", "ending", "not", "commitment", "partial", "goes_on")
# Cues that move a quantity away from `own`, and cues that only help to read those.
MOVING_CUES = ("previous", "external", "cumulative", "streak", "target", "rule", "frequency")
CLAIM_CUES = (*MOVING_CUES, "previous_skip", "reset", "change", "to_date", "mention", "self")


@dataclass(frozen=True)
class Unit:
    """A classifier or unit. `base` is how it is written in results, `factor` what one of it is in the base."""

    text: str
    kind: str
    base: str
    factor: float
    needs: str


@dataclass(frozen=True, eq=False)
class Units:
    """Everything the quantity reader knows, compiled. Patterns are for normalised text (see measures/numerals).

    `before_last` are the signs with which words can end that bound the number after them, `after_first` those with which
    such words can begin after a unit. Equal only to itself, so that what was read with it can be remembered.
    """

    units: Mapping[str, Unit]
    units_at: Mapping[str, re.Pattern[str]]
    before: Mapping[str, str]
    before_pattern: re.Pattern[str]
    before_last: frozenset[str]
    inside: Mapping[str, re.Pattern[str] | None]
    vague: Mapping[str, str]
    after: Mapping[str, str]
    after_pattern: re.Pattern[str]
    after_first: frozenset[str]
    names: Mapping[str, tuple[re.Pattern[str], ...]]
    name_starts: re.Pattern[str]
    contexts: Mapping[str, re.Pattern[str]]
    words: Mapping[str, re.Pattern[str]]
    tails: frozenset[str]
    nouns: frozenset[str]
    verbs: frozenset[str]
    verb_heads: frozenset[str]
    last_verb: re.Pattern[str]
    tail_ends: frozenset[str]
    zeros: Mapping[str, re.Pattern[str]]
    claims: Mapping[str, re.Pattern[str]]
    moving: Sieve


def load_units(folder: Path) -> Units:
    """The part `units`. KnowledgeError names file and line of a row that cannot be used."""
    units, units_at = _load_units(folder / "units.csv")
    rows = _load_qualifiers(folder / "qualifiers.csv")
    before = {row["word"]: row["rule"] for row in rows if row["position"] == "before"}
    after = {row["word"]: row["rule"] for row in rows if row["position"] == "after"}
    claims, moving = _load_claims(folder / "claims.csv")
    names, name_starts = _load_names(folder / "names.csv")
    return Units(
        units=units,
        units_at=units_at,
        before=before,
        before_pattern=_before_pattern(rows),
        before_last=frozenset(word[-1] for word in before) | frozenset("了为有达占到 \n"),
        inside={row["word"]: re.compile(row["guard"]) if row["guard"] else None
                for row in rows if row["position"] == "inside"},
        vague={row["word"]: row["guard"].strip("[]") for row in rows if row["position"] == "magnitude"},
        after=after,
        after_pattern=_after_pattern(rows),
        after_first=frozenset(word[0] for word in after),
        names=names,
        name_starts=name_starts,
        contexts=_context_patterns(folder / "qualifiers.csv", rows),
        tails=_word_set(rows, "tail"),
        nouns=_word_set(rows, "noun"),
        verbs=_word_set(rows, "verb"),
        verb_heads=frozenset(word[:2] for word in _word_set(rows, "verb")),
        last_verb=re.compile(f"(?s:.*)({any_word(_word_set(rows, 'verb')).pattern})"),
        tail_ends=frozenset(word[-1] for word in _word_set(rows, "tail")),
        words=_word_patterns(folder / "qualifiers.csv", rows),
        zeros=_load_zeros(folder / "zeros.csv"),
        claims=claims,
        moving=moving,
    )


def _load_units(path: Path) -> tuple[dict[str, Unit], dict[str, re.Pattern[str]]]:
    units: dict[str, Unit] = {}
    by_first: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in read_csv(path, ("unit", "kind"), ("base", "factor", "needs", "not_before", "note")):
        text = row["unit"]
        if text in units:
            raise KnowledgeError(path, f"第{row.line}行", f"单位 {text} 重复", advice="删去一行")
        kind = check_choice(path, row, "kind", row["kind"], KINDS)
        needs = check_choice(path, row, "needs", row["needs"], NEEDS)
        try:
            factor = float(row["factor"] or 1)
        except ValueError as error:
            raise KnowledgeError(path, f"第{row.line}行", f"factor 的值 {row['factor']!r} 不是数") from error
        units[text] = Unit(text, kind, row["base"] or text, factor, needs)
        guard = f"(?!{row['not_before']})" if row["not_before"] else ""
        check_pattern(path, row, guard)
        by_first[text[0]].append((text, guard))
    patterns = {
        first: re.compile("|".join(re.escape(text) + guard for text, guard in sorted(rows, key=lambda row: -len(row[0]))))
        for first, rows in by_first.items()
    }
    return units, patterns


def _load_qualifiers(path: Path) -> list[Entry]:
    rows = read_csv(path, ("word", "position", "rule"), ("guard", "note"))
    for row in rows:
        check_choice(path, row, "position", row["position"], POSITIONS)
        if row["position"] in ("before", "inside", "after", "magnitude"):
            check_choice(path, row, "rule", row["rule"], RULES)
        if row["guard"] and row["guard"] != "[]":
            check_pattern(path, row, row["guard"])
        else:
            row["guard"] = ""
    return rows


def _longest_first(words: Iterable[Entry]) -> list[Entry]:
    return sorted(words, key=lambda row: (-len(row["word"]), row["word"]))


def _before_pattern(rows: list[Entry]) -> re.Pattern[str]:
    """Matches a qualifier that ends where the text ends: (?<![签预])约(?:为)? … $."""
    branches = [
        (f"(?<!{row['guard']})" if row["guard"] else "") + re.escape(row["word"])
        for row in _longest_first(row for row in rows if row["position"] == "before")
    ]
    return re.compile(f"(?P<word>{'|'.join(branches)})(?:了|为|有|达到?|占到?)?[ \n]*$")


def _after_pattern(rows: list[Entry]) -> re.Pattern[str]:
    branches = [
        re.escape(row["word"]) + (f"(?!{row['guard']})" if row["guard"] else "")
        for row in _longest_first(row for row in rows if row["position"] == "after")
    ]
    return re.compile(f"[ ]?(?P<word>{'|'.join(branches)})")


def _context_patterns(path: Path, rows: list[Entry]) -> dict[str, re.Pattern[str]]:
    patterns = {}
    for row in rows:
        if row["position"] == "context":
            check_choice(path, row, "rule", row["rule"], CONTEXTS)
            patterns[row["rule"]] = compile_pattern(path, row, row["word"])
    for name in CONTEXTS:
        if name not in patterns:
            raise KnowledgeError(path, "文末", f"缺少 context 的一行：{name}", allowed="、".join(CONTEXTS), advice="补上")
    return patterns


def _word_set(rows: list[Entry], position: str) -> frozenset[str]:
    return frozenset(word for row in rows if row["position"] == position for word in row["word"].split())


def _word_patterns(path: Path, rows: list[Entry]) -> dict[str, re.Pattern[str]]:
    """Words beside an object by list, longest first; `lead` takes scope words too."""
    lists: dict[str, set[str]] = {name: set() for name in WORD_LISTS}
    for row in rows:
        position = row["position"]
        if position in ("stop", "head"):
            check_pattern(path, row, row["word"])
            lists[position].add(row["word"])
        elif position in lists or position == "scope":
            for word in row["word"].split():
                check_pattern(path, row, word)
                lists["lead" if position == "scope" else position].add(word)
    joined = {name: "|".join(sorted(words, key=lambda word: (-len(word), word))) for name, words in lists.items()}
    return {name: re.compile(pattern) for name, pattern in joined.items()}


def _load_zeros(path: Path) -> dict[str, re.Pattern[str]]:
    """Patterns by part; `thing_end` is a thing at the end of what is denied."""
    parts: dict[str, list[str]] = {part: [] for part in ZERO_PARTS}
    for row in read_csv(path, ("part", "text", "example"), ("note",)):
        part = check_choice(path, row, "part", row["part"], ZERO_PARTS)
        _check_example(path, row)
        parts[part].append(row["text"])
    patterns = {part: re.compile("|".join(texts)) for part, texts in parts.items()}
    patterns["thing_end"] = re.compile(f"(?:{'|'.join(parts['thing'])})(?:的?(?:{'|'.join(parts['ending'])})){{0,3}}[ ]?$")
    return patterns


def _load_claims(path: Path) -> tuple[dict[str, re.Pattern[str]], Sieve]:
    """Patterns by cue, and what says whether a text holds anything that can move a quantity away from `own`."""
    cues: dict[str, list[str]] = {cue: [] for cue in CLAIM_CUES}
    for row in read_csv(path, ("cue", "text", "example"), ("note",)):
        cue = check_choice(path, row, "cue", row["cue"], CLAIM_CUES)
        _check_example(path, row)
        cues[cue].append(row["text"])
    patterns = {cue: re.compile("|".join(texts)) for cue, texts in cues.items()}
    return patterns, Sieve(text for cue in (*MOVING_CUES, "mention") for text in cues[cue])


# 12件, 1,260人次: an Arabic number before one of these classifiers is never part of a name; nothing is tried there, nor
# inside a number.
_FIRST_DIGIT = "(?<![0-9.][0-9])(?![0-9,.]{0,9}[件次份名户场起家项条批宗部期台卷篇册张处所辆%余])"
# An unlimited repeat in a pattern that is tried at every numeral makes the reader quadratic.
_UNBOUNDED = re.compile(r"(?<!\\)[\])][*+]")
_CLASSES = {"0": "0123456789", "一": "零〇一二两三四五六七八九十百千万亿几半"}


def _load_names(path: Path) -> tuple[dict[str, tuple[re.Pattern[str], ...]], re.Pattern[str]]:
    """For each character that a name can begin with, the names that can (the first to match counts); and what finds the
    places where one may begin.

    Each row must take its own example, at a character that its column `first` allows.
    """
    words: list[tuple[str, str]] = []
    expressions: list[tuple[str, str]] = []
    for row in read_csv(path, ("kind", "text", "example"), ("first", "note")):
        if check_choice(path, row, "kind", row["kind"], ("word", "regex")) == "word":
            words.append((row["text"][0], re.escape(row["text"])))
            continue
        starts = "".join(_CLASSES.get(mark, mark) for mark in row["first"])
        example = _check_example(path, row)
        if _UNBOUNDED.search(row["text"]):
            raise KnowledgeError(path, f"第{row.line}行", "用了不限次数的 * 或 +", advice="改写成 {0,12}、{1,12} 一类有上限的次数")
        if row["example"][example.start()] not in starts:
            raise KnowledgeError(path, f"第{row.line}行", f"例子以 {row['example'][example.start()]!r} 开头，first 没有列出",
                                 allowed="0（阿拉伯数字）、一（中文数字）或具体的字", advice="补全 first")
        expressions.append((starts, row["text"]))
    words.sort(key=lambda pair: (-len(pair[1]), pair[1]))
    # Words go before expressions, and apart from them: those are the same for all numerals, and long to compile.
    by_first: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for place, several in enumerate((words, expressions)):
        for starts, text in several:
            for mark in dict.fromkeys(starts):
                by_first[mark][place].append(text)
    joined = {mark: ["|".join(texts) for texts in both if texts] for mark, both in by_first.items()}
    compiled = {pattern: re.compile(pattern) for pattern in dict.fromkeys(chain.from_iterable(joined.values()))}
    charset = "".join(re.escape(mark) for mark in sorted(by_first))
    starts_at = re.compile(f"[{charset}](?:(?<![0-9])|{_FIRST_DIGIT})")
    return {mark: tuple(compiled[pattern] for pattern in patterns) for mark, patterns in joined.items()}, starts_at


def _check_example(path: Path, row: Entry) -> re.Match[str]:
    match = compile_pattern(path, row, row["text"]).search(row["example"])
    if match is None:
        raise KnowledgeError(path, f"第{row.line}行", f"认不出自己的例子 {row['example']!r}", advice="改正 text 或 example")
    if match.re.groups:
        raise KnowledgeError(path, f"第{row.line}行", "用了捕获组 ( )", advice="改写成 (?: )")
    return match
