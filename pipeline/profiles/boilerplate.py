"""Stock sentences and phrases that every report of the genre carries: part `boilerplate`.

Only words and patterns; whether a sentence of many departments is stock by its frequency is
measured by the comparison itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipeline.profiles.needles import find_needles, may_match
from pipeline.profiles.reader import check_choice, compile_pattern, read_csv
from pipeline.profiles.word_patterns import any_word

KINDS = ("sentence", "phrase")


@dataclass(frozen=True)
class Boilerplate:
    """`sentences` match a whole sentence without its final mark; `phrases` match anywhere and are taken out."""

    sentences: tuple[re.Pattern[str], ...]
    phrases: tuple[re.Pattern[str], ...]

    @cached_property
    def _stock(self) -> re.Pattern[str]:
        """Any of the sentences."""
        return re.compile("|".join(f"(?:{pattern.pattern})" for pattern in self.sentences) or "(?!)")

    @cached_property
    def _phrase_needle(self) -> re.Pattern[str]:
        """What a sentence holds if there is any phrase in it; matches everywhere where that cannot be said."""
        needles = [find_needles(pattern) for pattern in self.phrases]
        return any_word(needle for several in needles for needle in several) if all(needles) else re.compile("")

    def is_stock(self, sentence: str) -> bool:
        """True where the whole sentence is a formula such as 现将…情况报告如下."""
        bare = sentence.strip().rstrip("。：:；;！!")
        return self._stock.fullmatch(bare) is not None

    def without_phrases(self, sentence: str) -> str:
        """The sentence with its stock phrases taken out."""
        if not self._phrase_needle.search(sentence):
            return sentence
        for pattern in self.phrases:
            if may_match(pattern, sentence):
                sentence = pattern.sub("", sentence)
        return sentence


def load_boilerplate(folder: Path) -> Boilerplate:
    """Read boilerplate.csv. KnowledgeError names the line of a wrong kind or pattern."""
    path = folder / "boilerplate.csv"
    found: dict[str, list[re.Pattern[str]]] = {kind: [] for kind in KINDS}
    for row in read_csv(path, ("kind", "pattern"), ("note",)):
        kind = check_choice(path, row, "kind", row["kind"], KINDS)
        found[kind].append(compile_pattern(path, row, row["pattern"]))
    return Boilerplate(tuple(found["sentence"]), tuple(found["phrase"]))
