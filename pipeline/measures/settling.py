"""Several candidates, one answer: which of the numbers that fit an indicator stands in indicator_values, and why the others do not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.profiles.indicators import Indicator

WHY_CLAIM = {
    "target": "是目标或安排，不是当年的量",
    "previous": "是上年的数",
    "external": "是外单位或全市、上级的数",
    "cumulative": "是多年累计或更早年份的数",
    "rule": "是制度或法律规定的数",
}
WHY_ROLE = {
    "next_plan": "见于下一年安排",
    "problems": "见于不足一节",
    "achievements": "见于成效一节",
    "first_responsible": "见于第一责任人一节",
    "other": "见于其他部分",
}


@dataclass(slots=True)
class Candidate:
    """A number (or words) that fits an indicator; `said` is what it reads like. `lost` is empty while it may answer.

    Spans are offsets into the text. `why` gives the reason of a candidate that answers; most never do.
    """

    state: str
    low: float | None
    high: float | None
    approx: str | None
    unit: str
    unit_key: str
    quantity_no: int | None
    sentence_no: int
    start: int
    end: int
    order: int
    clause: str
    why: Callable[[], str]
    said: str = ""
    is_part: bool = False
    is_fallback: bool = False
    to_date: str | None = None
    is_previous: bool = False
    lost: str = ""


@dataclass(slots=True)
class Answer:
    """The answer to one indicator; `others` are differing values that stood later."""

    state: str
    chosen: Candidate | None
    previous: Candidate | None
    others: list[Candidate]
    why: str


NOTHING = Answer("not_disclosed", None, None, [], "全文未见这一指标的说法")


def settle(indicator: Indicator, candidates: list[Candidate]) -> Answer:
    """The answer from the candidates of one report, of which there is at least one.

    Totals before parts, statements that the indicator prefers before others, then the first in the text. A different
    value in the same unit makes the answer ambiguous; the same value said again changes nothing. Numbers before "无".
    Marks the losers with their reason.
    """
    candidates.sort(key=lambda candidate: candidate.order)
    previous = next((candidate for candidate in candidates if candidate.is_previous), None)
    running = [candidate for candidate in candidates if not candidate.lost]
    if not running:
        return Answer("not_disclosed", None, previous, [], _why_nothing(candidates))
    if len(running) == 1:
        return Answer(running[0].state, running[0], previous, [], running[0].why())
    # 不具备处罚权，不涉及处罚案件: the reason why there is none outweighs the none.
    reasons = {candidate.sentence_no for candidate in running if candidate.state == "na"}
    if reasons and all(candidate.quantity_no is None or candidate.state != "value" for candidate in running):
        running = _keep(
            running,
            [candidate for candidate in running if candidate.state == "na" or candidate.sentence_no not in reasons],
            "同一句写明了不适用",
        )
    running = _keep(
        running, [candidate for candidate in running if candidate.state != "na"] or running, "另有写明的数或写明没有：{}"
    )
    numbers = [candidate for candidate in running if candidate.quantity_no is not None and candidate.state == "value"]
    running = _keep(running, numbers or running, "另有写明的数：{}")
    running = _keep(
        running, [candidate for candidate in running if not candidate.is_fallback] or running, "另有更明确的说法：{}"
    )
    running = _keep(
        running, [candidate for candidate in running if not candidate.is_part] or running, "是总数{}的一部分或只是新增的、一时的量"
    )
    if indicator.prefer is not None:
        better = [candidate for candidate in running if indicator.prefer.search(candidate.clause)]
        running = _keep(running, better or running, "另有更合口径的说法：{}")
    chosen = running[0]
    if indicator.facets is not None:
        facet = _facet(indicator, chosen)
        running = _keep(
            running,
            [candidate for candidate in running if _facet(indicator, candidate) == facet],
            "先写的{}作答" + f"（{facet.replace('@', '') or '首个名目'}）",
        )
    others = []
    for candidate in running[1:]:
        if candidate.state == "na" or _agree(chosen, candidate):
            candidate.lost = f"与先写的{_told(chosen)}一致，不重复计"
        elif candidate.unit_key != chosen.unit_key:
            candidate.lost = f"单位不同，先写的{_told(chosen)}作答"
        else:
            candidate.lost = f"与先写的{_told(chosen)}不同，请核对"
            others.append(candidate)
    state = "ambiguous" if others else chosen.state
    return Answer(state, chosen, previous, others, chosen.why())


def _keep(running: list[Candidate], kept: list[Candidate], why: str) -> list[Candidate]:
    """The kept ones; the others have lost, `why` says to which ({} is the winner)."""
    if len(kept) < len(running):
        places = set(map(id, kept))
        why = why.replace("{}", _told(kept[0]))
        for candidate in running:
            if id(candidate) not in places:
                candidate.lost = why
    return kept


def _told(candidate: Candidate) -> str:
    return f"“{candidate.said}”" if candidate.said else ""


def _facet(indicator: Indicator, candidate: Candidate) -> str:
    found = indicator.facets.search(candidate.clause) if indicator.facets is not None else None
    return found.group() if found else ""


def _agree(one: Candidate, other: Candidate) -> bool:
    """Equal, or one interval within the other: 80余条 and 83条 say the same."""
    if one.unit_key != other.unit_key and "zero" not in (one.state, other.state):
        return False
    bounds = [(_at(candidate.low, float("-inf")), _at(candidate.high, float("inf"))) for candidate in (one, other)]
    (low, high), (other_low, other_high) = bounds
    return (low <= other_low and other_high <= high) or (other_low <= low and high <= other_high)


def _at(bound: float | None, open_end: float) -> float:
    return open_end if bound is None else bound


def _why_nothing(candidates: list[Candidate]) -> str:
    reasons: list[str] = []
    for candidate in candidates:
        if candidate.lost and candidate.lost not in reasons:
            reasons.append(candidate.lost)
    return "；".join(["有相近的数，但" + reasons[0], *reasons[1:3]])
