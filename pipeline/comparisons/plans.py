"""What a report announces for the next year, taken apart into clauses and the questions that they put.

Each sentence of the plan is one item. What next year's report says of it is for `outcomes`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from pipeline.comparisons.figures import Counted, Figure, read_figures
from pipeline.comparisons.responses import clauses
from pipeline.comparisons.targets import TARGET_KINDS
from pipeline.profiles.checks import CommitmentWords

LABEL = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十\d]+[）)、.．]|[一二三四五六七八九十]+(?:是|要)|(?:首先|其次|同时|此外|再次|最后)[，,]?)\s*")
# 围绕以下几个方面开展工作：introduces a list and promises nothing itself.
_INTRO = re.compile(
    r"(?:以下|如下)[^。；\d]{0,6}(?:工作|方面|任务|事项|举措|措施|内容)?[：:]$"
    r"|(?:以下|如下)(?:几|[一二三四五六七八九十])?[个项件]?(?:方面|工作|事)[^，]{0,4}[。：:]?$"
    r"|(?:几件事|几个方面|几项工作|[一二三四五六七八九十][个项件](?:事|方面|工作))[：:。]?$")
MIN_ITEM_CHARS = 6
# 一是提升办案能力。 says no more than the sentence behind it.
MAX_LEAD_CHARS = 12
_BETWEEN = "\n"
_DIGITS = re.compile(r"[\d０-９.,，]+")


def without_figures(texts: Sequence[str]) -> list[str]:
    """The texts without digits, points and commas."""
    # All in one go; none of them should hold the mark that they are joined by.
    bare = _DIGITS.sub("", _BETWEEN.join(texts)).split(_BETWEEN)
    return bare if len(bare) == len(texts) else [_DIGITS.sub("", text) for text in texts]


def blank_label(text: str) -> str:
    """The sentence with its list label (五是) blanked, at the same length."""
    label = LABEL.match(text)
    return " " * label.end() + text[label.end():] if label else text


class Sentence(NamedTuple):
    """A sentence of a plan, or of the report that follows it. `quantities` are in the order of the text.

    `bare` is the sentence without figures: what it says again next year is no news.
    """

    sentence_no: int
    role: str
    text: str
    bare: str
    quantities: Sequence[Counted]


def find_items(sentences: Sequence[Sentence], words: CommitmentWords) -> list[Sentence]:
    """Sentences of a plan that announce something: neither openings of a list nor mere headings of the next sentence."""
    return [
        sentence for at, sentence in enumerate(sentences)
        if sentence.role == "next_plan" and _is_item(sentence)
        and not _is_lead(sentence, sentences[at + 1] if at + 1 < len(sentences) else None, words)]


def _is_item(sentence: Sentence) -> bool:
    bare = LABEL.sub("", sentence.text).strip()
    return len(bare) >= MIN_ITEM_CHARS and not _INTRO.search(bare)


def _is_lead(sentence: Sentence, following: Sentence | None, words: CommitmentWords) -> bool:
    """Whether a short labelled sentence without figure or product heads the unlabelled one behind it."""
    bare = LABEL.sub("", sentence.text).strip()
    is_short = bare != sentence.text.strip() and len(bare) <= MAX_LEAD_CHARS and not sentence.quantities
    goes_on = following is not None and following.role == "next_plan" and not LABEL.match(following.text)
    return is_short and goes_on and not words.deliverable.search(bare)


@dataclass(frozen=True)
class Plan:
    """Items of a plan, the report that they stand in, and the report of the next year."""

    items: Sequence[Sentence]
    current: Sequence[Sentence]
    following: Sequence[Sentence]

    @cached_property
    def reported(self) -> list[Sentence]:
        return [sentence for sentence in self.following if sentence.role != "next_plan"]

    @cached_property
    def news(self) -> list[Sentence]:
        """What was reported, without sentences that stood in the report of the plan itself."""
        known = {sentence.bare for sentence in self.current}
        return [sentence for sentence in self.reported if sentence.bare not in known]


@dataclass(frozen=True)
class Clause:
    """One clause of an item; `question` is its number, `aim` that of its target among all targets, if it has one."""

    text: str
    question: int
    target: Figure | None
    aim: int | None


@dataclass(frozen=True)
class Item:
    """An item of a plan; `question` is the number of all of it."""

    sentence: Sentence
    has_figures: bool
    question: int
    clauses: tuple[Clause, ...]


class Asked:
    """All that the items of several plans ask, each text with the number of its plan."""

    def __init__(self, plans: Sequence[Plan], words: CommitmentWords) -> None:
        self.texts: list[str] = []
        self.plan_of_text: list[int] = []
        # Of each target: its plan, its figure, and the questions of its own clause and of its item.
        self.targets: list[tuple[int, Figure, int, int]] = []
        self.items = [[self._read(number, item, words) for item in plan.items] for number, plan in enumerate(plans)]

    def _ask(self, plan: int, text: str) -> int:
        self.texts.append(text)
        self.plan_of_text.append(plan)
        return len(self.texts) - 1

    def _read(self, plan: int, item: Sentence, words: CommitmentWords) -> Item:
        label = LABEL.match(item.text)
        offset = label.end() if label else 0
        figures = read_figures(item.sentence_no, item.role, blank_label(item.text), item.quantities, words)
        whole = self._ask(plan, item.text[offset:])
        found = []
        for start, end in clauses(item.text):
            if end <= offset:
                continue
            start = max(start, offset)
            text = item.text[start:end]
            target = next((figure for figure in figures
                           if start <= figure.start < end and figure.kind in TARGET_KINDS), None)
            aim = None
            if target is not None:
                aim = len(self.targets)
                self.targets.append((plan, target, self._ask(plan, target.clause), whole))
            found.append(Clause(text, self._ask(plan, text), target, aim))
        return Item(item, bool(figures), whole, tuple(found))
