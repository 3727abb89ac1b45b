"""Terms that do not belong to the report's year: traces of an old draft."""

from __future__ import annotations

import re

from pipeline.comparisons.inspection import Finding, Report, quote
from pipeline.profiles.era_terms import EraTerm, EraTerms
from pipeline.profiles.needles import may_match

_STRETCH = re.compile(r"[^。；\n]+")


def check_terms(report: Report, era_terms: EraTerms) -> Finding:
    """Whether a term is used after (or well before) its years, unless the sentence looks back on purpose.

    The whole text counts, headings too.
    """
    if report.year is None:
        return Finding(None)
    suspects = [
        (term, reason) for term in era_terms.all
        if (reason := _reason(term, report.year)) and may_match(term.pattern, report.text)]
    found: list[tuple[int, int, str]] = []
    for stretch in _STRETCH.finditer(report.text) if suspects else ():
        for term, reason in suspects:
            hit = term.pattern.search(stretch.group())
            if hit is None or (term.unless and term.unless.search(stretch.group())):
                continue
            start = stretch.start() + hit.start()
            found.append((start, start + len(hit.group()), f"“{quote(hit.group())}”{reason}"))
    if not found:
        return Finding(True)
    detail = "；".join(dict.fromkeys(text for _, _, text in found))
    return Finding(False, found[0][0], found[0][1], {"detail": detail})


def _reason(term: EraTerm, year: int) -> str:
    if term.is_stale(year):
        instead = f"，现行提法为“{term.instead}”" if term.instead else ""
        return f"只适用于{term.last_year}年度及以前的报告{instead}（{term.note}）"
    if term.is_too_early(year):
        return f"在{year}年度还没有这一提法（{term.note}）"
    return ""
