"""Terms that do not belong to the report's year: traces of an old draft."""

from __future__ import annotations

import re

from pipeline.comparisons.inspection import Finding, Report, quote
from pipeline.profiles.era_terms import EraTerm, EraTerms
from pipeline.profiles.needles import find_needles

_STRETCH = re.compile(r"[^。；\n]+")
_CLAUSE_END = re.compile(r"[，,：:]")
# A next clause as short as this (，圆满收官) is still said of the term.
_SHORT_CLAUSE = 6


class EraSearch:
    """Looks through reports for terms used after (or well before) their years, unless the clause looks back on purpose."""

    def __init__(self, era_terms: EraTerms) -> None:
        self._terms = era_terms.all
        self._wrong_in: dict[int, list[tuple[EraTerm, str, tuple[str, ...]]]] = {}

    @property
    def needles(self) -> set[str]:
        """What a report holds if there is any of the terms in it."""
        return {needle for term in self._terms for needle in find_needles(term.pattern)}

    def check(self, report: Report) -> Finding:
        """Whether the report holds such a term. The whole text counts, headings too."""
        if report.year is None:
            return Finding(None)
        suspects = [(term, reason) for term, reason, needles in self._wrong(report.year) if report.may_hold(needles)]
        found: list[tuple[int, int, str]] = []
        for stretch in _STRETCH.finditer(report.text) if suspects else ():
            for term, reason in suspects:
                hit = term.pattern.search(stretch.group())
                if hit is None or (term.unless and term.unless.search(_clause_of(stretch.group(), hit))):
                    continue
                start = stretch.start() + hit.start()
                found.append((start, start + len(hit.group()), f"“{quote(hit.group())}”{reason}"))
        if not found:
            return Finding(True)
        detail = "；".join(dict.fromkeys(text for _, _, text in found))
        return Finding(False, found[0][0], found[0][1], {"detail": detail})

    def _wrong(self, year: int) -> list[tuple[EraTerm, str, tuple[str, ...]]]:
        """Terms that a report of this year should not use, why, and their needles."""
        if year not in self._wrong_in:
            self._wrong_in[year] = [(term, reason, find_needles(term.pattern))
                                    for term in self._terms if (reason := _reason(term, year))]
        return self._wrong_in[year]


def _clause_of(stretch: str, hit: re.Match[str]) -> str:
    """The clause of a term: what a word there says is said of the term; 各项任务基本完成 in another clause is not."""
    marks = [mark.start() for mark in _CLAUSE_END.finditer(stretch)]
    start = max((mark + 1 for mark in marks if mark < hit.start()), default=0)
    ends = [*(mark for mark in marks if mark >= hit.end()), len(stretch), len(stretch)]
    return stretch[start:ends[1] if ends[1] - ends[0] - 1 <= _SHORT_CLAUSE else ends[0]]


def _reason(term: EraTerm, year: int) -> str:
    if term.is_stale(year):
        instead = f"，现行提法为“{term.instead}”" if term.instead else ""
        return f"只适用于{term.last_year}年度及以前的报告{instead}（{term.note}）"
    if term.is_too_early(year):
        return f"在{year}年度还没有这一提法（{term.note}）"
    return ""
