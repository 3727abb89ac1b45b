"""Years and dates: one report year throughout, made public in time, and covering the whole year."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.comparisons.inspection import Finding, Report, quote
from pipeline.profiles.checks import CheckRules
from pipeline.profiles.needles import find_needles

# The report must be public by 1 April of the following year.
DEADLINE = "{year}-04-01"

# 2022年, 2022年度; not 2021—2025年, 2019年以来, 〔2022〕, nor the 2020年 of a comparison.
_YEAR = re.compile(r"(?<![\d—–\-－~～至到])(20\d\d)\s*年(?:度)?(?!\s*[—–\-－~～至到以起]|\d?\d月)")
_OPENING = re.compile(r"(?:现将|现就)[^。]{0,20}?(20\d\d)\s*年(?:度)?[^。]{0,30}如下|^\s*(20\d\d)\s*年(?:度)?[，,]")
_CUTOFF = re.compile(r"截[至止](?:\d{4}年)?(1[01]|[1-9])月(?:底|末|份|\d{1,2}日)?")
# One figure as of November may be a detail; from two sentences on the whole report stops there.
MIN_CUTOFFS = 2


def needles(rules: CheckRules) -> set[str]:
    """What a report holds if its figures are said to end at a month."""
    return {*find_needles(_CUTOFF), *find_needles(rules.cutoff)}


def check_years(report: Report) -> Finding:
    """Whether title, opening and headings speak of the report year, and the plan of the year after."""
    if report.year is None:
        return Finding(None)
    wrong: list[tuple[int, int, str]] = []
    for start, end, years, expected, where in _stated_years(report):
        if years and expected not in years:
            stated = "、".join(str(year) for year in sorted(years))
            wrong.append((start, end, f"{where}“{quote(report.text[start:end])}”写{stated}年，应为{expected}年"))
    if not wrong:
        return Finding(True, fields={"year": report.year})
    return Finding(False, wrong[0][0], wrong[0][1], {"detail": "；".join(text for _, _, text in wrong)})


def _stated_years(report: Report) -> Iterator[tuple[int, int, set[int], int, str]]:
    """Places that name their year: (start, end, years named, year expected, what it is)."""
    assert report.year is not None
    if report.title and report.title_span:
        yield *report.title_span, _years(report.title), report.year, "标题"
    role_of = {section.section_no: section.role for section in report.sections}
    for section in report.sections:
        if not section.heading or section.role not in ("achievements", "problems", "first_responsible", "next_plan"):
            continue
        # Headings inside a part may look back or ahead (巩固2022年整改成果); the part's own heading may not.
        parent_role = role_of.get(section.parent_no) if section.parent_no is not None else None
        if len(section.roles) > 1 or parent_role == section.role:
            continue
        expected = report.year + 1 if section.role == "next_plan" else report.year
        end = section.start + max(section.body_start - section.start, 1)
        yield section.start, min(end, section.start + 60), _years(section.heading), expected, "小标题"
    for sentence in report.sentences[:3]:
        if sentence.role in ("other", "achievements"):
            opening = _OPENING.search(sentence.text)
            if opening:
                years = {int(year) for year in opening.groups() if year}
                yield sentence.start, sentence.end, years, report.year, "开头"
    plan = report.in_role("next_plan")
    if plan:
        opening = re.match(r"\s*(20\d\d)\s*年(?:度)?[，,](?:我|区|市|县|全|将|局)", plan[0].text)
        if opening:
            yield plan[0].start, plan[0].end, {int(opening[1])}, report.year + 1, "安排"


def _years(text: str) -> set[int]:
    return {int(year) for year in _YEAR.findall(text)} if "20" in text else set()


def check_on_time(report: Report) -> Finding:
    """Whether the report was public by 1 April of the next year; by the signed date where no other stands."""
    date, kind = (report.published_date, "公开日期") if report.published_date else (report.signed_date, "成文日期")
    if not date or report.year is None:
        return Finding(None)
    deadline = DEADLINE.format(year=report.year + 1)
    start, end = find_date(report, date) or report.title_span or (None, None)
    return Finding(date <= deadline, start, end, {"kind": kind, "date": date, "deadline": deadline})


def check_full_year(report: Report, rules: CheckRules) -> Finding:
    """Whether the figures can cover the whole year: not signed before its end, not cut at a month."""
    reasons: list[tuple[int | None, int | None, str]] = []
    cut = [sentence for sentence in report.sentences if sentence.role != "next_plan" and _CUTOFF.search(sentence.text)] \
        if report.may_hold(find_needles(_CUTOFF)) else []
    declared = next((sentence for sentence in report.sentences if rules.cutoff.search(sentence.text)), None) \
        if report.may_hold(find_needles(rules.cutoff)) else None
    shown = declared or (cut[0] if len(cut) >= MIN_CUTOFFS else None)
    if shown:
        reasons.append((shown.start, shown.end, f"正文写明“{quote(shown.text)}”"))
    dates = [(report.signed_date, "成文日期"), (report.published_date, "公开日期")]
    date, kind = next(((date, kind) for date, kind in dates if date), ("", ""))
    if date and report.year is not None and date <= f"{report.year}-12-31":
        span = find_date(report, date) or report.title_span or (None, None)
        reasons.append((*span, f"{kind}为{date}，早于报告年度结束"))
    if reasons:
        return Finding(False, reasons[0][0], reasons[0][1], {"detail": "；".join(text for _, _, text in reasons)})
    return Finding(None if not date or report.year is None else True)


def find_date(report: Report, date: str) -> tuple[int, int] | None:
    """Where the text writes an ISO date: 2022 年 12 月 28 日, 二〇二一年一月二十五日, 2022-12-28; the last place."""
    year, month, day = (int(part) for part in date.split("-"))
    hanzi = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(year))
    patterns = (
        rf"{year}\s*年\s*{month}\s*月\s*{day}\s*日",
        rf"{hanzi.replace('〇', '[〇零○]')}年{_hanzi_number(month)}月{_hanzi_number(day)}日",
        rf"{year}[-./]0?{month}[-./]0?{day}(?!\d)",
    )
    for pattern in patterns:
        found = list(re.finditer(pattern, report.text))
        if found:
            return found[-1].start(), found[-1].end()
    return None


def _hanzi_number(number: int) -> str:
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else ("十" if tens == 1 else digits[tens] + "十")) + (digits[ones] if ones else "")
