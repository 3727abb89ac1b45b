"""Whose a quantity is and when: own, previous, external, cumulative, target, rule; and the date a count runs to.

Decided for each quantity, clause by clause: a cue counts in its own clause, or, where it opens the sentence
(上一年度，…), until another time or subject takes over.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from pipeline.measures.expressions import Expression
from pipeline.measures.offices import PLACE, is_other_office, may_name_office
from pipeline.profiles.units import Units

_BORDER = re.compile("[，。；：！？（）\n|]")
_SENTENCE_END = "。；！？\n|"
_BORDERS_BEFORE = "，。；：、\n"
_YEAR = re.compile(r"(?<![0-9-])(?P<compare>[比较与同]?)(?P<year>20[0-9]{2})(?=年)(?!年[^，。；]{0,14}》)")
_YEARS = re.compile("(?:从)?20[0-9]{2}年?(?:到|至|-|~)20[0-9]{2}年(?:间|期间|底)?")
_AFTER_YEAR = re.compile("年(?:度)?(?:以来|起|至今|开始|来|间|版|-)")
# 对上年出台的36份文件: the cue says which files, not when they were handled. 去年的42件 is last year's figure.
_ATTRIBUTE = re.compile("[^的]{2,14}的$")
_BASE_AFTER = re.compile("(?:的|这一)?基础上")
_BASE_BEFORE = re.compile("(?:原有|原来|原先|原|现有|上年|去年)的?$")
_PART_YEAR = re.compile("(?P<quarters>前三季度|前三个季度)|(?P<half>上半年)|(?P<rest>下半年|全年)")
_DATE = re.compile(r"(?:[0-9]{4}年)?(?P<date>[0-9]{1,2}月(?:底|末|初|[上中下]旬|[0-9]{1,2}日)?)")
_MONTHS = re.compile(r"(?<![0-9])1(?:月)?[-~至到](?P<month>[0-9]{1,2})月")
_YEAR_END = re.compile("12月(?:底|末|31日)?$")
_FROM = re.compile(r"[由从][^，。；：0-9]{0,14}$|[由从][0-9]{4}年[^，。；：0-9]{0,8}$")
# 由3名律师组成，为28份合同把关 is no change; 由5件，减至3件 is.
_OTHER_CLAUSE = re.compile("[。；]|，(?![增减降升压缩提扩])")
_CARRIED_OVER = re.compile("结转|遗留|未结|留存|转入|跨年")
_PLAN_AFTER = re.compile("的(?:年度)?(?:目标|任务|计划)")
_RULE_AFTER = re.compile("[^，。；、]{0,6}的规定")
_CLAUSE_OPENING = 2
_OPENING = 14
# A subject holds for so many characters of an endless sentence.
_SUBJECT_REACH = 200
_LEVEL_WORDS = {
    "省": ("全省", "省级", "我省"),
    "级市": ("全市", "市级", "我市"),
    "市": ("全市", "市级", "我市", "全州", "全盟"),
    "县": ("全县", "全区"),
    "镇": ("全镇",),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known about the sentence's place: role of its section, year, level and genre of its report."""

    role: str = ""
    report_year: int | None = None
    level: str = ""
    genre: str = ""
    department: str = ""

    @property
    def own_words(self) -> tuple[str, ...]:
        """Words that elsewhere mean a higher level but here the report's own (a city's 全市)."""
        level = self.level or ("市" if self.genre == "work_report" else "")
        if level[-1:] == "县" and self.genre != "work_report":
            # A department's own figures are not those of the whole district.
            return ()
        return next((words for mark, words in _LEVEL_WORDS.items() if mark in level[-2:]), ())


def claim_quantities(text: str, quantities: list[Expression], setting: Setting,
                     units: Units) -> list[tuple[str, str | None]]:
    """Claim and to_date of each quantity of a normalised sentence, in order. Linear in the sentence."""
    if not quantities:
        return []
    if setting.role == "next_plan":
        return [("target", None)] * len(quantities)
    if not may_differ(text, setting, units):
        return [("own", None)] * len(quantities)
    reader = _ClaimReader(text, quantities, setting, units)
    return [(reader.claim(number), reader.to_date(quantity)) for number, quantity in enumerate(quantities)]


def may_differ(text: str, setting: Setting, units: Units) -> bool:
    """False only where no number of the text can be anything but the department's own of the whole year."""
    if "月" in text or "截" in text or "季度" in text or "半年" in text or (setting.department and may_name_office(text)):
        return True
    if units.moving.finds(text):
        return True
    return setting.genre == "work_report" and ("县" in text or "旗" in text) and PLACE.search(text) is not None


class _ClaimReader:
    """Claims of one sentence. Clauses and the topics that open them are found once."""

    def __init__(self, text: str, quantities: list[Expression], setting: Setting, units: Units) -> None:
        self.text = text
        self.quantities = quantities
        self.setting = setting
        self.units = units
        self.cues = units.claims
        self.has_offices = bool(setting.department) and may_name_office(text)
        self.borders = [match.start() for match in _BORDER.finditer(text)]
        self.topics = self._topics()
        # Where the clause began whose subject was somebody else; it lasts to the end of the sentence or until 我局.
        self.outside = -1
        # Likewise of last year: where the clause ends that opened a sentence with 上年度 and had a number.
        self.last_year = -1
        self.dates = self._dates()

    def claim(self, number: int) -> str:
        quantity = self.quantities[number]
        place = bisect_left(self.borders, quantity.start)
        start = self.borders[place - 1] + 1 if place else 0
        end = self.borders[place] if place < len(self.borders) else len(self.text)
        if self._is_old_value(number):
            return "previous"
        is_new_value = bool(number) and self._is_old_value(number - 1)
        if is_new_value:
            start = self.quantities[number - 1].end
        before, after = self.text[start:quantity.start], self.text[quantity.end:end]
        claim = self._cue_in(before[-80:], after[:12], quantity, start) or (
            "" if is_new_value else self._topic(place, before))
        if not claim and quantity.kind in ("money", "percent") and self._is_of_a_place(start, quantity.start):
            claim = "external"
        if claim == "previous" and self._opens_with_last_year(start):
            self.last_year = quantity.end
        elif not claim and self._is_still_last_year(quantity.start):
            return "previous"
        if claim == "external":
            self.outside = start
        elif not claim and self._is_still_outside(quantity.start):
            return "external"
        return claim or "own"

    def _opens_with_last_year(self, start: int) -> bool:
        """上年度我局立案47件 at the head of a sentence; 上年47件 behind this year's figure compares with that alone."""
        if start and self.text[start - 1] not in _SENTENCE_END:
            return False
        # 上年结转5件，新收30件: what came over from last year is worked on this year.
        is_rest = _CARRIED_OVER.search(self.text, start, start + _OPENING) is not None
        return not is_rest and bool(self.cues["previous"].match(self.text, start) or _YEAR.match(self.text, start))

    def _is_still_last_year(self, place: int) -> bool:
        """上年度我局立案47件，结案45件: the second figure is of last year too, until 今年 or ； stands between."""
        if self.last_year < 0 or place - self.last_year > _SUBJECT_REACH:
            return False
        between = self.text[self.last_year:place]
        if self.cues["reset"].search(between) or _YEAR.search(between) or any(mark in between for mark in _SENTENCE_END):
            self.last_year = -1
        return self.last_year >= 0

    def _is_of_a_place(self, start: int, place: int) -> bool:
        """Whether the clause before began with a place within the city (藤县……，地区生产总值…), and nothing leads back to the city."""
        if self.setting.genre != "work_report" or not start:
            return False
        opening = max(self.text.rfind(mark, 0, start - 1) for mark in "，。；\n") + 1
        between = self.text[opening:place]
        is_ours = self.cues["self"].search(between) or any(word in between for word in self.setting.own_words)
        return not is_ours and PLACE.match(between) is not None

    def _is_still_outside(self, place: int) -> bool:
        """全市法院受理…1236件，败诉率9.4%: the second figure is not ours either; after 我局 or ； it would be."""
        if self.outside < 0 or place - self.outside > _SUBJECT_REACH:
            return False
        between = self.text[self.outside:place]
        is_ours = self.cues["self"].search(between) or any(word in between for word in self.setting.own_words)
        if is_ours or any(mark in between for mark in _SENTENCE_END):
            self.outside = -1
        return self.outside >= 0

    def _is_old_value(self, number: int) -> bool:
        """The 78个 of 由78个减至49个."""
        if number + 1 >= len(self.quantities):
            return False
        quantity, following = self.quantities[number], self.quantities[number + 1]
        between = self.text[quantity.end:min(following.start, quantity.end + 24)]
        if following.start - quantity.end > 20 or _OTHER_CLAUSE.search(between) or quantity.kind == "zero":
            return False
        return bool(self.cues["change"].search(between[-5:])) and bool(
            _FROM.search(self.text[max(0, quantity.start - 24):quantity.start]))

    def _cue_in(self, before: str, after: str, quantity: Expression, start: int) -> str:
        cues = self.cues
        has_cue = self.units.moving.finds(before)
        external = cues["external"].search(before) if has_cue else None
        if external and external.start() <= 6 and not external.group().startswith(self.setting.own_words):
            return "external"
        if self.has_offices and is_other_office(before, self.setting.department):
            return "external"
        if self.setting.genre == "work_report" and PLACE.match(before):
            return "external"
        if has_cue:
            year = self._year(before)
            if year:
                return year
            if self._is_previous(before):
                return "previous"
            if cues["streak"].search(before) or (quantity.kind == "duration" and before.endswith("连续")):
                return "cumulative" if quantity.kind == "duration" else ""
            if quantity.kind != "rank" and self._is_cumulative(before, start):
                return "cumulative"
        target = cues["target"].search(before) if has_cue else None
        if (target and not _ATTRIBUTE.search(before[target.end():])) or _PLAN_AFTER.match(after):
            return "target"
        if _BASE_AFTER.match(after) and _BASE_BEFORE.search(before):
            # 在原有5个工作日的基础上压减八成
            return "previous"
        return "rule" if _RULE_AFTER.match(after) else self._rule(before, quantity, has_cue)

    def _is_cumulative(self, before: str, start: int) -> bool:
        cue = self.cues["cumulative"]
        if "累计" in before:
            # 从2018年起步的三年行动收官，累计…: the start may stand in the clause before.
            opening = max(self.text.rfind(mark, max(0, start - 60), start) for mark in "。；\n")
            return bool(cue.search(before) or cue.search(self.text, max(opening, start - 60, 0), start))
        found = cue.search(before)
        if found is None or _ATTRIBUTE.search(before[found.end():]):
            return False
        # 清理2016年以来文件42件, 清理历年文件9件: after a verb, the words say which files.
        if found.group() == "历年":
            return not found.start()
        return not found.group().endswith("以来") or found.start() <= _CLAUSE_OPENING

    def _is_previous(self, before: str) -> bool:
        skip = self.cues["previous_skip"].search(before)
        for match in self.cues["previous"].finditer(before):
            rest = before[match.end():]
            if _ATTRIBUTE.search(rest) or not self._is_last(match):
                continue
            if skip and skip.end() >= match.end() and rest != "的":
                continue
            return True
        return False

    def _is_last(self, cue: re.Match[str]) -> bool:
        """A work report is read in January: its 去年 is the year it reports on."""
        return cue.group() != "去年" or self.setting.genre != "work_report"

    def _rule(self, before: str, quantity: Expression, has_cue: bool) -> str:
        cues = self.cues
        is_bound = quantity.approx in ("over", "under", "range")
        if has_cue and (is_bound or quantity.kind == "duration") and cues["rule"].search(before):
            return "rule"
        if quantity.kind == "duration" and quantity.approx == "under" and before.endswith(("在", "于")):
            return "rule"
        frequency = cues["frequency"].search(before) if has_cue else None
        if frequency and quantity.kind in ("count", "duration") and (is_bound or len(before) - frequency.start() <= 16):
            return "rule"
        return ""

    def _year(self, before: str) -> str:
        """previous or target where the clause names another year than the report's."""
        if self.setting.report_year is None:
            return ""
        for match in reversed(list(_YEAR.finditer(before))):
            rest = before[match.end():]
            if _AFTER_YEAR.match(rest) or _ATTRIBUTE.search(rest[1:]):
                continue
            if match["compare"] and rest not in ("年的", "年度的"):
                continue
            year = int(match["year"])
            if year > self.setting.report_year:
                return "target"
            return "previous" if year < self.setting.report_year else ""
        return ""

    def _topics(self) -> list[str]:
        """For each border, the claim of an opening such as 上一年度， that holds after it."""
        topics, topic, opening, number = [], "", 0, 0
        for border in self.borders:
            clause = self.text[opening:border]
            has_number = False
            while number < len(self.quantities) and self.quantities[number].start < border:
                has_number, number = True, number + 1
            if self.text[border] in _SENTENCE_END:
                topic = ""
            elif self.cues["reset"].search(clause):
                topic = "" if has_number else self._opening_topic(clause)
            elif not has_number and self.text[opening - 1:opening] != "（":
                topic = self._opening_topic(clause) or topic
            topics.append(topic)
            opening = border + 1
        return topics

    def _topic(self, place: int, before: str) -> str:
        topic = self.topics[place - 1] if place else ""
        return "" if topic and self.cues["reset"].search(before[:12]) else topic

    def _opening_topic(self, clause: str) -> str:
        cues = self.cues
        if len(clause) > 40:
            return ""
        if _YEARS.fullmatch(clause):
            return "cumulative"
        year = self._year(clause) if len(clause) <= _OPENING else ""
        if year:
            return year
        if len(clause) <= _OPENING - 4 and not cues["previous_skip"].search(clause) and any(
                self._is_last(match) for match in cues["previous"].finditer(clause)):
            return "previous"
        cumulative = cues["cumulative"].search(clause)
        if cumulative and cumulative.end() >= len(clause) - 2:
            return "cumulative"
        target = cues["target"].match(clause)
        return "target" if target and len(clause) <= _OPENING else ""

    def _dates(self) -> list[tuple[int, str | None]]:
        """Places where a count's end date is stated, with the date; None for a full year."""
        found = []
        for cue in self.cues["to_date"].finditer(self.text):
            date = _DATE.match(self.text, cue.end())
            if date:
                found.append((date.end(), None if _YEAR_END.match(date["date"]) else date["date"]))
        for months in _MONTHS.finditer(self.text) if "月" in self.text else ():
            if 1 < int(months["month"]) < 12:
                found.append((months.end(), f"{months['month']}月"))
        for part in _PART_YEAR.finditer(self.text) if "年" in self.text or "季度" in self.text else ():
            is_opening = not part.start() or self.text[part.start() - 1] in _BORDERS_BEFORE
            if part["quarters"] or (part["half"] and is_opening and self.setting.genre == "work_report"):
                found.append((part.end(), "9月" if part["quarters"] else "6月"))
            elif part["rest"]:
                found.append((part.end(), None))
        return sorted(found, key=lambda pair: pair[0])

    def to_date(self, quantity: Expression) -> str | None:
        """11月底 of 截至11月底, for what follows it in the sentence."""
        place = bisect_left(self.dates, quantity.start, key=lambda pair: pair[0] - 1)
        return self.dates[place - 1][1] if place else None
