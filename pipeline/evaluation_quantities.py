"""Hold the quantities found in sentences against labels written by hand (lines of {"id", "text", "quantities"}).

What belongs here: the counting. A label and a finding are the same quantity where their spans overlap. `value` also asks
kind and bounds to agree, `full` unit and nature too, `span` the exact place; `object` is the mean share of characters in
common. A label marked "optional" counts neither when found nor when missed.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError
from pipeline.evaluation_scores import Tally
from pipeline.evaluation_tables import near_number

LEVELS = ("detect", "value", "full", "span")
Fields = Mapping[str, Any]


@dataclass(frozen=True)
class QuantityMiss:
    """A label that was not read in full, or a finding that no label asks for."""

    sentence_id: str
    text: str
    wanted: str
    found: str


@dataclass
class QuantityScore:
    """Counts over all sentences of a file."""

    n_sentences: int = 0
    levels: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in LEVELS})
    by_kind: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    objects: list[float] = field(default_factory=list)
    misses: list[QuantityMiss] = field(default_factory=list)

    @property
    def object_share(self) -> float | None:
        return sum(self.objects) / len(self.objects) if self.objects else None

    def as_plain(self) -> dict[str, Any]:
        """Shares rounded to four digits, ready for JSON; `by_kind` is of value."""
        def rounded(value: float | None) -> float:
            return round(value or 0.0, 4)

        def both(tally: Tally) -> dict[str, float]:
            return {"p": rounded(tally.precision), "r": rounded(tally.recall), "f1": rounded(tally.f1)}

        share = self.object_share
        return {"sentences": self.n_sentences, "labels": self.levels["detect"].n_true, "predicted": self.levels["detect"].n_found,
                **{name: both(tally) for name, tally in self.levels.items()},
                "object": None if share is None else round(share, 4),
                "by_kind": {kind: both(tally) for kind, tally in sorted(self.by_kind.items())}}


def read_labels(path: Path) -> list[dict[str, Any]]:
    """Labelled sentences. UsageError names the line that is not one."""
    if not path.is_file():
        raise UsageError(f"没有文件 {path}")
    sentences = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        try:
            sentence = json.loads(line)
            sentences.append({"id": str(sentence["id"]), "text": str(sentence["text"]), "quantities": list(sentence["quantities"])})
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise UsageError(f"{path.name} 第{number}行不是含 id、text、quantities 的 JSON：{error}") from error
    if not sentences:
        raise UsageError(f"{path.name} 中没有标注的句子")
    return sentences


def score_quantities(sentences: Iterable[Fields], find: Callable[[str], Sequence[Fields]]) -> QuantityScore:
    """Count what agrees; `find` gives the quantities of a text as mappings with the names of the labels."""
    score = QuantityScore()
    for sentence in sentences:
        score.n_sentences += 1
        for label, finding in _pair(sentence["quantities"], find(sentence["text"])):
            if label is not None and label.get("optional"):
                continue
            reached = _levels_reached(label, finding)
            for name, tally in score.levels.items():
                tally.add(label is not None, finding is not None, name in reached)
            kind = (label or finding or {})["kind"]
            score.by_kind[kind].add(label is not None, finding is not None, "value" in reached)
            if label is not None and finding is not None:
                score.objects.append(_common_share(label.get("object") or "", finding.get("object") or ""))
            if "full" not in reached:
                score.misses.append(QuantityMiss(sentence["id"], sentence["text"], _written(label), _written(finding)))
    return score


def _pair(labels: Sequence[Fields], findings: Sequence[Fields]) -> Iterator[tuple[Fields | None, Fields | None]]:
    """Labels with the finding that overlaps them most; each is used once, what is left stands alone."""
    overlaps = sorted(
        ((min(label["end"], finding["end"]) - max(label["start"], finding["start"]), i, j)
         for i, label in enumerate(labels) for j, finding in enumerate(findings)), reverse=True)
    left, right = set(range(len(labels))), set(range(len(findings)))
    for overlap, i, j in overlaps:
        if overlap > 0 and i in left and j in right:
            left.remove(i)
            right.remove(j)
            yield labels[i], findings[j]
    yield from ((labels[i], None) for i in sorted(left))
    yield from ((None, findings[j]) for j in sorted(right))


def _levels_reached(label: Fields | None, finding: Fields | None) -> set[str]:
    if label is None or finding is None:
        return set()
    reached = {"detect"}
    if (label["start"], label["end"]) == (finding["start"], finding["end"]):
        reached.add("span")
    if label["kind"] == finding["kind"] and near_number(label["low"], finding["low"]) and near_number(label["high"], finding["high"]):
        reached.add("value")
        if (label.get("unit") or "") == (finding.get("unit") or "") and label["approx"] == finding["approx"]:
            reached.add("full")
    return reached


def _common_share(one: str, other: str) -> float:
    """Share of characters in common, 1 for two empty ones."""
    if not one and not other:
        return 1.0
    return 2 * sum((Counter(one) & Counter(other)).values()) / (len(one) + len(other))


def _written(quantity: Fields | None) -> str:
    if quantity is None:
        return "无"
    low, high = ("" if quantity[name] is None else f"{quantity[name]:.10g}" for name in ("low", "high"))
    return f"{quantity.get('text') or ''} {quantity['kind']} {low}—{high} {quantity['approx']} {quantity.get('unit') or ''}".strip()
