"""Rules of the checks and words for following commitments: part `check_rules`, from checks.yml."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

from pipeline.errors import KnowledgeError
from pipeline.profiles.reader import Entry, check_choice, check_entry, compile_pattern, read_yaml
from pipeline.profiles.word_patterns import any_word

LEVELS = ("必", "应", "可", "警")
CHECKS = (
    "achievements", "problems", "causes", "first_responsible", "next_plan", "year_consistent", "on_time", "full_year",
    "sums_agree", "values_agree", "rates_agree", "no_stale_terms", "no_foreign_leftovers", "reconsideration_litigation",
    "normative_docs", "enforcement_data", "publicity", "legal_advice", "openness", "proposals", "compared_with_last_year",
)

# What a wording may hold in braces.
FIELDS = ("evidence", "detail", "count", "year", "kind", "date", "deadline")

Pattern = re.Pattern[str]


@dataclass(frozen=True)
class CheckRule:
    """One check: its weight, its legal basis, where it applies, and how its three results are worded.

    `name` is what should hold (没有过时表述), `fault` what a failed check is called (有过时表述).
    """

    id: str
    name: str
    fault: str
    level: str
    basis: str
    applies_to: tuple[str, ...]
    passed: str
    failed: str
    unknown: str
    no_problems: str
    indicators: tuple[str, ...]
    words: Pattern | None


@dataclass(frozen=True)
class ClosedParts:
    """Parts that together are the whole, where one of them holds `needs`.

    After a clause that `total` finds they need no 其中; None: always.
    """

    total: Pattern | None
    parts: tuple[str, ...]
    needs: Pattern | None = None


@dataclass(frozen=True)
class RateRule:
    """A rate and the counts it must equal: part / whole, or part / (part + missing) where only those are written."""

    rate: Pattern
    part: Pattern
    whole: Pattern
    missing: Pattern | None


@dataclass(frozen=True)
class SelfName:
    """A way of calling oneself (我镇) and the department names that may use it."""

    word: Pattern
    own: Pattern


@dataclass(frozen=True)
class Topic:
    """Words that belong to one department's work; departments in `near` may use them as their own."""

    code: str
    words: tuple[str, ...]
    near: tuple[str, ...]


@dataclass(frozen=True)
class Leftovers:
    """What betrays another author's text. `frames` are patterns with {topic} for a topic's words."""

    self_names: tuple[SelfName, ...]
    placeholders: Pattern
    frames: tuple[str, ...]
    cooperation: Pattern
    topics: tuple[Topic, ...]


@dataclass(frozen=True)
class CommitmentWords:
    """Words for matching a plan with next year's report and for reading the answer."""

    weak: Pattern
    synonyms: tuple[tuple[str, ...], ...]
    rate_names: Mapping[str, int]
    partly: Pattern
    not_begun: Pattern
    deliverable: Pattern
    document: Pattern
    document_signs: Pattern
    everyone: Pattern
    all_of_them: Pattern
    abstract: Pattern
    increase: Pattern
    level: Pattern
    stock: Pattern
    change: Pattern

    @cached_property
    def sense(self) -> Pattern:
        """Any word that says what kind of amount a figure is: increase, level, stock or change."""
        return re.compile("|".join(each.pattern for each in (self.increase, self.level, self.stock, self.change)))


@dataclass(frozen=True)
class CheckRules:
    """Everything in checks.yml."""

    all: tuple[CheckRule, ...]
    cause: Pattern
    responsible: Pattern
    problem: Pattern
    cutoff: Pattern
    closed_parts: tuple[ClosedParts, ...]
    total_after: Pattern
    rest: Pattern
    part_mark: Pattern
    overlap: Pattern
    same_actions: Mapping[str, int]
    yearly: Pattern
    total: Pattern
    filler: Pattern
    scope: Pattern
    lead: Pattern
    not_whole: Pattern
    rates: tuple[RateRule, ...]
    leftovers: Leftovers
    commitments: CommitmentWords

    @property
    def by_id(self) -> Mapping[str, CheckRule]:
        """Every check by id, in the order of the file."""
        return {rule.id: rule for rule in self.all}

    @cached_property
    def closed_part(self) -> Pattern:
        """A word of any of the groups of `closed_parts`."""
        return any_word(word for group in self.closed_parts for word in group.parts)

    @cached_property
    def find_rate(self) -> Callable[[str], RateRule | None]:
        """The first rule for a rate with this name, at the end of which its pattern must stand; names come again and again."""

        @lru_cache(maxsize=4096)
        def find(name: str) -> RateRule | None:
            return next((rule for rule in self.rates if any(match.end() == len(name) for match in rule.rate.finditer(name))), None)

        return find

    def of_genre(self, genre: str) -> Mapping[str, CheckRule]:
        """The checks that make sense for a genre, by id, in the order of the file."""
        return {rule.id: rule for rule in self.all if genre in rule.applies_to}


def load_check_rules(folder: Path) -> CheckRules:
    """Read checks.yml. KnowledgeError names the line of an unknown check, level, key or pattern."""
    path = folder / "checks.yml"
    lists = dict.fromkeys((
        "checks", "cause_words", "responsible_words", "problem_words", "cutoff_words", "closed_parts", "rest_words",
        "part_marks", "total_after", "overlap_words", "same_actions", "yearly_words", "year_total_words", "filler_words",
        "scope_words", "lead_words", "not_whole_words", "rates"), list)
    entry = check_entry(path, read_yaml(path), {**lists, "leftovers": dict, "commitments": dict}, what="文件")
    rules = tuple(_read_rule(path, item) for item in entry["checks"])
    _refuse_repeated(path, rules)
    return CheckRules(
        all=rules,
        cause=_any_of(path, entry, "cause_words"),
        responsible=_any_of(path, entry, "responsible_words"),
        problem=_any_of(path, entry, "problem_words"),
        cutoff=_any_of(path, entry, "cutoff_words"),
        closed_parts=tuple(_read_closed_parts(path, item) for item in entry["closed_parts"]),
        total_after=_any_of(path, entry, "total_after"),
        rest=_any_of(path, entry, "rest_words"),
        part_mark=_any_of(path, entry, "part_marks"),
        overlap=_any_of(path, entry, "overlap_words"),
        same_actions={str(word): number for number, words in enumerate(entry["same_actions"]) for word in words},
        yearly=_any_of(path, entry, "yearly_words"),
        total=_any_of(path, entry, "year_total_words"),
        filler=_any_of(path, entry, "filler_words"),
        scope=_any_of(path, entry, "scope_words"),
        lead=_any_of(path, entry, "lead_words"),
        not_whole=_any_of(path, entry, "not_whole_words"),
        rates=tuple(_read_rate(path, item) for item in entry["rates"]),
        leftovers=_read_leftovers(path, entry["leftovers"]),
        commitments=_read_commitments(path, entry["commitments"]),
    )


def _read_rule(path: Path, item: Any) -> CheckRule:
    texts = dict.fromkeys(("id", "name", "fault", "level", "basis", "passed", "failed"), str)
    entry = check_entry(path, item, {**texts, "applies_to": list},
                        {"unknown": str, "no_problems": str, "indicators": list, "words": list}, what="检查")
    _check_fields(path, entry)
    return CheckRule(
        id=check_choice(path, entry, "id", entry["id"], CHECKS),
        name=entry["name"],
        fault=entry["fault"],
        level=check_choice(path, entry, "level", entry["level"], LEVELS),
        basis=entry["basis"],
        applies_to=tuple(map(str, entry["applies_to"])),
        passed=entry["passed"],
        failed=entry["failed"],
        unknown=entry.get("unknown") or "无从判断",
        no_problems=entry.get("no_problems") or entry["failed"],
        indicators=tuple(map(str, entry.get("indicators") or ())),
        words=_any_of(path, entry, "words") if entry.get("words") else None,
    )


def _check_fields(path: Path, entry: Entry) -> None:
    """Wording may only use the fields that the checks fill in."""
    for key in ("passed", "failed", "unknown", "no_problems"):
        for _, name, _, _ in Formatter().parse(entry.get(key) or ""):
            if name is not None:
                check_choice(path, entry, key, name, FIELDS)


def _refuse_repeated(path: Path, rules: tuple[CheckRule, ...]) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise KnowledgeError(path, "checks", f"检查 {rule.id} 重复", advice="只留一条")
        seen.add(rule.id)


def _read_closed_parts(path: Path, item: Any) -> ClosedParts:
    entry = check_entry(path, item, {"total": str, "parts": list}, {"needs": str}, what="分项")
    total, needs = (compile_pattern(path, entry, entry[key]) if entry.get(key) else None for key in ("total", "needs"))
    return ClosedParts(total, tuple(map(str, entry["parts"])), needs)


def _read_rate(path: Path, item: Any) -> RateRule:
    entry = check_entry(path, item, {"rate": str, "part": str, "whole": str}, {"missing": str}, what="比率")
    missing = entry.get("missing")
    return RateRule(
        compile_pattern(path, entry, entry["rate"]),
        compile_pattern(path, entry, entry["part"]),
        compile_pattern(path, entry, entry["whole"]),
        compile_pattern(path, entry, missing) if missing else None,
    )


def _read_leftovers(path: Path, item: Any) -> Leftovers:
    entry = check_entry(path, item, dict.fromkeys(
        ("self_names", "placeholders", "frames", "cooperation", "topics"), list), what="残留")
    names = []
    for name in entry["self_names"]:
        check_entry(path, name, {"word": str, "own": str}, what="自称")
        names.append(SelfName(compile_pattern(path, name, name["word"]), compile_pattern(path, name, name["own"])))
    topics = []
    for topic in entry["topics"]:
        check_entry(path, topic, {"code": str, "words": list}, {"near": list}, what="业务词")
        topics.append(Topic(topic["code"], tuple(map(str, topic["words"])), tuple(map(str, topic.get("near") or ()))))
    for frame in entry["frames"]:
        compile_pattern(path, entry, str(frame).replace("{topic}", "(?:x)"))
        if "{topic}" not in frame:
            raise KnowledgeError(path, f"第{entry.line}行", f"句式 {frame!r} 中没有 {{topic}}")
    return Leftovers(tuple(names), _any_of(path, entry, "placeholders"), tuple(map(str, entry["frames"])),
                     _any_of(path, entry, "cooperation"), tuple(topics))


def _read_commitments(path: Path, item: Any) -> CommitmentWords:
    lists = ("weak_words", "synonyms", "rate_names", "partly_words", "not_begun_words", "deliverable", "document",
             "document_signs", "everyone", "all_of_them", "increase_words", "level_words", "stock_words",
             "change_words")
    entry = check_entry(path, item, {**dict.fromkeys(lists, list), "abstract": str}, what="承诺")
    return CommitmentWords(
        weak=any_word(map(str, entry["weak_words"])),
        synonyms=tuple(_read_synonyms(path, entry, words) for words in entry["synonyms"]),
        rate_names={str(name): number for number, names in enumerate(entry["rate_names"]) for name in names},
        partly=_any_of(path, entry, "partly_words"),
        not_begun=_any_of(path, entry, "not_begun_words"),
        deliverable=_any_of(path, entry, "deliverable"),
        document=_any_of(path, entry, "document"),
        document_signs=_any_of(path, entry, "document_signs"),
        everyone=_any_of(path, entry, "everyone"),
        all_of_them=_any_of(path, entry, "all_of_them"),
        abstract=compile_pattern(path, entry, entry["abstract"]),
        increase=_any_of(path, entry, "increase_words"),
        level=_any_of(path, entry, "level_words"),
        stock=_any_of(path, entry, "stock_words"),
        change=_any_of(path, entry, "change_words"),
    )


def _read_synonyms(path: Path, entry: Entry, words: Any) -> tuple[str, ...]:
    line = tuple(map(str, words)) if isinstance(words, list) else ()
    if len(line) < 2 or min(map(len, line)) < 2:
        raise KnowledgeError(path, f"第{entry.line}行", f"同义词 {words!r} 有误", advice="每行两个以上的词，每词两个字以上")
    return line


def _any_of(path: Path, entry: Entry, key: str) -> Pattern:
    """One pattern that finds any of the listed ones; each is compiled alone first, so that a mistake shows itself."""
    for pattern in entry[key]:
        compile_pattern(path, entry, str(pattern))
    return re.compile("|".join(f"(?:{pattern})" for pattern in entry[key]))
