"""Stock sentences and phrases that every report of the genre carries: part `boilerplate`.

Only words and patterns; whether a sentence of many departments is stock by its frequency is
measured by the comparison itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.profiles.reader import check_choice, compile_pattern, read_csv

KINDS = ("sentence", "phrase")


@dataclass(frozen=True)
class Boilerplate:
    """`sentences` match a whole sentence without its final mark; `phrases` match anywhere and are taken out."""

    sentences: tuple[re.Pattern[str], ...]
    phrases: tuple[re.Pattern[str], ...]

    def is_stock(self, sentence: str) -> bool:
        """True where the whole sentence is a formula such as 现将…情况报告如下."""
        bare = sentence.strip().rstrip("。：:；;！!")
        return any(pattern.fullmatch(bare) for pattern in self.sentences)

    def without_phrases(self, sentence: str) -> str:
        """The sentence with its stock phrases taken out."""
        for pattern in self.phrases:
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
