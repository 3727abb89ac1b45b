"""Counts of what was right, and the shares that they give.

What belongs here: adding up and dividing. What counts as right is decided in `evaluation_truth` and `evaluation_quantities`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

# The fields of an identity in the truth, and their columns in table `reports`.
IDENTITY = {"department": "department", "year": "report_year", "doc_number": "doc_number", "signed_date": "signed_date"}


@dataclass
class Tally:
    """What there is (`n_true`), what was found, how much of each was met. A share of nothing is None, not 0."""

    n_true: int = 0
    n_found: int = 0
    n_true_met: int = 0
    n_found_right: int = 0

    def add(self, is_true: bool, is_found: bool, is_right: bool) -> None:
        """Count one item that is true, found, or both; `is_right` where the two agree."""
        self.n_true += is_true
        self.n_found += is_found
        self.n_true_met += is_right
        self.n_found_right += is_right

    @property
    def precision(self) -> float | None:
        return _share(self.n_found_right, self.n_found)

    @property
    def recall(self) -> float | None:
        return _share(self.n_true_met, self.n_true)

    @property
    def f1(self) -> float | None:
        p, r = self.precision, self.recall
        return None if p is None or r is None else 2 * p * r / (p + r) if p + r else 0.0


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


@dataclass(frozen=True)
class Miss:
    """One thing that was not as the truth has it."""

    report: str
    what: str
    wanted: str
    found: str


@dataclass
class TruthScore:
    """Counts over all reports of a corpus, and every miss in the order of the reports."""

    n_reports: int = 0
    n_unread: int = 0
    identity: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in IDENTITY})
    headings: Tally = field(default_factory=Tally)
    roles: Tally = field(default_factory=Tally)
    indicators: Tally = field(default_factory=Tally)
    by_indicator: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    decoys: Tally = field(default_factory=Tally)
    reuse: Tally = field(default_factory=Tally)
    commitments: Tally = field(default_factory=Tally)
    outcomes: Tally = field(default_factory=Tally)
    failures: Tally = field(default_factory=Tally)
    by_check: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    faults: Tally = field(default_factory=Tally)
    n_false_alarms: int = 0
    misses: list[Miss] = field(default_factory=list)

    def as_plain(self) -> dict[str, Any]:
        """Shares rounded to four digits, ready for JSON."""
        def rounded(value: float | None) -> float | None:
            return None if value is None else round(value, 4)

        def both(tally: Tally) -> dict[str, Any]:
            return {"p": rounded(tally.precision), "r": rounded(tally.recall), "f1": rounded(tally.f1),
                    "n_true": tally.n_true, "n_predicted": tally.n_found}

        checked = Tally(*(sum(getattr(tally, name) for tally in self.by_check.values())
                          for name in ("n_true", "n_found", "n_true_met", "n_found_right")))
        return {
            "reports": self.n_reports, "unread": self.n_unread,
            "identity": {name: rounded(tally.recall) for name, tally in self.identity.items()},
            "sections": {"recall": rounded(self.headings.recall), "role": rounded(self.roles.recall)},
            "indicators": both(self.indicators),
            "by_indicator": {name: both(tally) for name, tally in sorted(self.by_indicator.items())},
            "decoys_used": rounded(_share(self.decoys.n_found, self.decoys.n_true)),
            "reuse": {"p": rounded(self.reuse.precision), "r": rounded(self.reuse.recall), "f1": rounded(self.reuse.f1)},
            "commitments": {"recall": rounded(self.commitments.recall), "outcome": rounded(self.outcomes.recall)},
            "checks": {"fail_p": rounded(self.failures.precision), "fail_r": rounded(self.failures.recall),
                       "accuracy": rounded(checked.recall),
                       "by_check": {name: rounded(tally.recall) for name, tally in sorted(self.by_check.items())}},
            "faults_named": rounded(self.faults.recall),
            "false_alarms_per_report": rounded(_share(self.n_false_alarms, self.n_reports)),
        }
