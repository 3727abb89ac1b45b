"""Words that one number lends to another within a sentence: lists with 分别, 由…增至…, numbers without words of their own."""

from __future__ import annotations

import re

from pipeline.measures.clauses import Line, Slot, piece_before, split_line
from pipeline.profiles.language import Language

_NAME_BREAKS = (re.compile("、"), re.compile("、|以及|和|及|与"))
_APART = re.compile(r"[、和及与]?")
_BESIDE = re.compile(r"[、，（和及]?")
_EACH = re.compile("各(?:自|组织|开展|举办|举行|进行)?(?:了)?$")
_ACTIVITY = re.compile("(?<=[一-龥]{2})(?:活动|工作)$")
_RESPECTIVELY = "分别"
_LIST_LOOKBACK = 4


def read_line(simple: str, language: Language) -> Line:
    """A simplified sentence with one slot for each mark, and all the words that each number is said with."""
    line = split_line(simple, language)
    if line.slots:
        _share_lists(line, language)
        _bridge_changes(line, language)
        _share_words(line, language)
    return line


def _share_lists(line: Line, language: Language) -> None:
    """甲、乙分别为3件、5件: each number gets its own name and the verb. A list behind it without names (增长2%、3%) has the same."""
    slots = line.slots
    places: list[tuple[str, int, int]] = []
    first = 0
    while first < len(slots):
        slot = slots[first]
        last = first
        while last + 1 < len(slots) and _APART.fullmatch(line.text, slots[last].mark + 1, slots[last + 1].mark):
            last += 1
        names, is_list, verb = slot.left.partition(_RESPECTIVELY)
        if not names:
            names, verb = ("", verb) if _is_verb(verb, language) else (verb, "")
        length = last - first + 1
        if length > 1 and is_list and names:
            places = _places(names, slot.start + slot.left.find(names), length, language)
        elif length != len(places) or not _is_verb(verb if is_list else slot.left, language):
            places = []
        elif not is_list:
            verb = slot.left
        for member, (name, start, end) in zip(slots[first : last + 1], places, strict=False):
            member.left, member.start, member.head = name + verb, start, end
        first = last + 1


def count_listed(left: str, each: re.Pattern[str], language: Language) -> int:
    """How many things of a kind are listed before 各: 非洲猪瘟、农机事故演练各一次 is two drills, 培训、演练各两次 not four.

    A name that does not say what it is shares the kind of the last one. One where the list is open (等) or there is none.
    """
    found = _EACH.search(left)
    body = left[: found.start()] if found else ""
    if not body or "等" in body:
        return 1
    names = [name for name in _NAME_BREAKS[1].split(body) if name]
    number = 0
    for name in reversed(names):
        kind = language.event.search(_ACTIVITY.sub("", name))
        if (kind is None and not number) or (kind is not None and each.search(kind.group()) is None):
            break
        number += 1
    return max(1, number)


def _is_verb(words: str, language: Language) -> bool:
    return language.filler.match(words) is not None or language.delta.fullmatch(words) is not None


def _places(names: str, start: int, length: int, language: Language) -> list[tuple[str, int, int]]:
    """The names with their places in the sentence; none where there are not as many as numbers."""
    for separator in _NAME_BREAKS:
        parts = [part for part in separator.split(names) if part]
        if len(parts) == length:
            places = [start + names.find(part) for part in parts]
            return [(part, place, place + len(part)) for part, place in zip(parts, places, strict=True)]
    for both, single in language.twins:
        if both in names and len(single) == length:
            return [(names.replace(both, name, 1), start, start + len(names)) for name in single]
    return []


def _bridge_changes(line: Line, language: Language) -> None:
    """由5件增至9件: the new value sees what stands before 由, the old one is marked."""
    slots = line.slots
    for number in range(1, len(slots)):
        slot = slots[number]
        if not language.bridge.match(slot.left):
            continue
        for old in range(number - 1, max(-1, number - _LIST_LOOKBACK), -1):
            start = language.bridge_start.search(slots[old].left)
            if not start:
                continue
            origin = slots[old]
            slot.start, slot.head, slot.left = origin.start, origin.start + start.start(), origin.left[: start.start()]
            if not slot.left:
                slot.left = piece_before(line, max(0, slot.head - 1))
                slot.start = slot.head = max(0, slot.head - 1)
                slot.start -= len(slot.left)
            slot.came_from = number - 1
            for member in slots[old:number]:
                member.is_old_value = True
            break


def _share_words(line: Line, language: Language) -> None:
    """A number without words of its own has those of the number before (培训3期、210人次) or of the clause before.

    配备记录仪，共24台; and with no more than a verb for anything: 坚持会前学法，全年组织12次.
    """
    former: Slot | None = None
    for slot in line.slots:
        if not slot.right and slot.came_from is None and language.light.match(slot.left):
            is_bare = language.filler.match(slot.left) is not None
            if is_bare and former is not None and _BESIDE.fullmatch(line.text, former.mark + 1, slot.start):
                slot.left, slot.start, slot.head = (former.left or former.right) + slot.left, former.start, former.head
            elif slot.start and line.text[slot.start - 1] in "，（":
                lent = piece_before(line, slot.start - 1)
                slot.left, slot.start, slot.head = lent + slot.left, slot.start - 1 - len(lent), slot.start - 1
        former = slot
