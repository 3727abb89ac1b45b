"""Traces of another author's text: another's name for itself, another's subjects, blanks left unfilled."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache

from pipeline.comparisons.inspection import Finding, Report, Sentence, quote
from pipeline.profiles.checks import Leftovers
from pipeline.profiles.departments import Departments
from pipeline.profiles.needles import find_needles

# A department whose subjects come up in this many sentences is a partner of the report, not a slip.
MAX_SLIPS = 2
# Offices whose work is everybody's: they may direct schools, hospitals and shops alike.
GENERAL_CODES = ("government", "government_office", "town_gov", "subdistrict", "dev_zone", "justice", "party_law_office",
                 "petition", "adm_approval", "data")
# 区住建局坚持… as the subject of a sentence: the office speaks of itself.
_SPEAKS = re.compile(
    r"(?:(?:党组|党委)?(?:始终|坚持|高度重视|深入(?:学习|贯彻)|认真(?:学习|贯彻|履行|落实)|切实履行|严格落实|成立|现有)|党[组委])")
# An office that speaks is named at the very beginning; its name, and what follows, end before these characters.
_NAME_REACH = 40
_VOICE_REACH = 70
_OWN_VOICE = re.compile(r"我[局委办厅]|本[局委办厅]")
_LEADERS = re.compile(r"(?<=在)([一-鿿]{2,5}[区县市镇乡])[党委][^，。；]{0,12}领导下")
_LEAD = re.compile(r"^(?:20\d\d年(?:度)?[，,]?|一年来[，,]?|今年以来[，,]?|近年来[，,]?)?(?:区|市|县|省)?$")


class LeftoverSearch:
    """Looks through reports for passages that cannot have been written for their office.

    Judged by how a passage speaks, not by what it mentions: working with other offices, and listing whom
    one inspects, is normal. Where the department is unknown only blanks can be judged.
    """

    def __init__(self, leftovers: Leftovers, departments: Departments) -> None:
        self._leftovers = leftovers
        self._departments = departments
        self._topics: dict[str, set[int]] = defaultdict(set)
        for number, topic in enumerate(leftovers.topics):
            for word in topic.words:
                self._topics[word].add(number)
        self._names = [(name, find_needles(name.word)) for name in leftovers.self_names]
        self._blanks, self._leaders = find_needles(leftovers.placeholders), find_needles(_LEADERS)
        ends = {spelling[-1] for department in departments.all for spelling in department.spellings}
        # Where an office may speak: right behind the last character of its name or of its branch (分局, 派出所, 管理部).
        self._voice = re.compile(f"[{re.escape(''.join(sorted(ends | set('局所部'))))}]{_SPEAKS.pattern}")

    @property
    def needles(self) -> set[str]:
        """What a report holds if there is any such passage in it: words that must have been looked for."""
        return {*self._topics, *self._blanks, *self._leaders, *(needle for _, needles in self._names for needle in needles)}

    def check(self, report: Report) -> Finding:
        """Whether the report holds such a passage."""
        found: list[tuple[int, int, str]] = []
        placeholders = self._leftovers.placeholders
        for sentence in report.sentences if report.may_hold(self._blanks) else ():
            blank = placeholders.search(sentence.text)
            if blank:
                found.append(_shown(sentence, blank.start(), blank.end(), "占位符未填"))
        if report.department_code:
            found.extend(self._foreign_names(report))
            found.extend(self._foreign_speakers(report))
            if report.department_code not in GENERAL_CODES:
                found.extend(self._foreign_subjects(report))
            if report.may_hold(self._leaders):
                found.extend(_foreign_places(report))
        if found:
            found.sort()
            detail = "；".join(dict.fromkeys(text for _, _, text in found))
            return Finding(False, found[0][0], found[0][1], {"detail": detail})
        return Finding(True if report.department_code else None)

    def _foreign_names(self, report: Report) -> list[tuple[int, int, str]]:
        """我镇 in a bureau's report."""
        found = []
        for name, needles in self._names:
            if not report.may_hold(needles) or name.own.search(report.department):
                continue
            for sentence in report.sentences:
                hit = name.word.search(sentence.text)
                if hit:
                    reason = f"{report.department}的报告中自称“{hit.group()}”"
                    found.append(_shown(sentence, hit.start(), hit.end(), reason))
                    break
        return found

    def _foreign_speakers(self, report: Report) -> list[tuple[int, int, str]]:
        """区住建局坚持… in the report of another bureau."""
        found = []
        for sentence in report.sentences:
            if not self._voice.search(sentence.text, 0, _VOICE_REACH):
                continue
            for office in self._departments.find(sentence.text[:_NAME_REACH])[:1]:
                is_subject = (_LEAD.match(sentence.text[:office.start]) and _SPEAKS.match(sentence.text[office.end:])
                              and not _OWN_VOICE.search(sentence.text))
                is_other = office.code != report.department_code and office.code not in ("government", "town_gov")
                if is_subject and is_other and office.office not in report.department:
                    name = sentence.text[office.start:office.end]
                    found.append(_shown(sentence, office.start, office.end, f"以“{name}”的口吻行文"))
        return found

    def _foreign_subjects(self, report: Report) -> list[tuple[int, int, str]]:
        """督促各学校、各科室 in the report of a science bureau."""
        leftovers = self._leftovers
        present = self._topics.keys() & report.held
        if not present:
            return []
        own = {word for topic in leftovers.topics if topic.code == report.department_code for word in topic.words}
        found = []
        for topic in (leftovers.topics[number] for number in sorted({n for word in present for n in self._topics[word]})):
            if topic.code == report.department_code or report.department_code in topic.near:
                continue
            words = tuple(word for word in topic.words if word not in own and word not in report.department)
            written = [word for word in words if word in present]
            hits = []
            for sentence in report.sentences:
                for word in written:
                    if word in sentence.text:
                        break
                else:
                    continue
                hit = _frame_pattern(leftovers.frames, words).search(sentence.text)
                if hit and not leftovers.cooperation.search(sentence.text):
                    reason = f"写的是{self._departments.short(topic.code)}的对象"
                    hits.append(_shown(sentence, hit.start(), hit.end(), reason))
            if len(hits) <= MAX_SLIPS:
                found.extend(hits)
        return found


def _foreign_places(report: Report) -> list[tuple[int, int, str]]:
    """在云泽区委、区政府领导下 in the report of another district. A place of a higher rank is the superior."""
    found = []
    for sentence in report.sentences:
        for hit in _LEADERS.finditer(sentence.text):
            place = hit[1]
            if report.region and place[-1] == report.region[-1] and place not in report.region and report.region not in place:
                found.append(_shown(sentence, hit.start(), hit.end(), f"写的不是{report.region}"))
    return found


@lru_cache(maxsize=4096)
def _frame_pattern(frames: tuple[str, ...], words: tuple[str, ...]) -> re.Pattern[str]:
    topic = "(?:" + "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))) + ")"
    return re.compile("|".join(f"(?:{frame.replace('{topic}', topic)})" for frame in frames))


def _shown(sentence: Sentence, start: int, end: int, reason: str) -> tuple[int, int, str]:
    around = quote(sentence.text[max(0, start - 12):end + 16])
    return sentence.start + start, sentence.start + end, f"“{around}”{reason}"
