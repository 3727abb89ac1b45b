"""What the peers of a department do: medians of theme shares and of reuse over the other departments of its group.

What belongs here: choosing whom a department is held against on its page. A median over fewer than three others is
none; where the group is too small, all other departments of the year stand in, and the words say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

import pandas as pd

from pipeline.outputs.places import rows_of
from pipeline.profiles.themes import UNASSIGNED

LEAST_PEERS = 3


@dataclass(frozen=True)
class Middle:
    """A median, over how many others, and who they are in words."""

    value: float
    n: int
    who: str


class Peers:
    """Built once; looks medians up by report."""

    def __init__(self, compared: Mapping[str, Any], themes: pd.DataFrame, shares: Mapping[str, Any], subject: str) -> None:
        self._subject = subject
        self._reports = compared
        self._of_year: dict[int, list[str]] = {}
        for document_id, report in compared.items():
            self._of_year.setdefault(int(report.report_year), []).append(document_id)
        self._themes: dict[str, dict[str, float]] = {}
        for document_id, theme, share in rows_of(themes, "document_id", "theme", "share"):
            if share is not None and document_id in compared:
                self._themes.setdefault(document_id, {})[theme] = float(share)
        self._reuse = {key: 100 * float(row.n_reused) / float(row.n_sentences) for key, row in shares.items()
                       if key in compared and not pd.isna(row.share_pct) and row.n_sentences}

    def themes_of(self, document_id: str) -> dict[str, float]:
        """Share of each theme, 0 to 1, without the sentences of no theme."""
        return {theme: share for theme, share in self._themes.get(document_id, {}).items() if theme != UNASSIGNED}

    def _others(self, report: Any, having: Iterable[str]) -> tuple[list[str], str]:
        """The other reports of the year in the same group that have a value, or all others where those are too few."""
        have = set(having)
        others = [key for key in self._of_year.get(int(report.report_year), []) if key != report.document_id and key in have]
        group = report.department_group if isinstance(report.department_group, str) else ""
        same = [key for key in others if group and self._reports[key].department_group == group]
        if len(same) >= LEAST_PEERS:
            return same, f"同组{len(same)}个{self._subject}中位"
        return others, f"其余{len(others)}个{self._subject}中位"

    def theme_medians(self, report: Any) -> tuple[dict[str, float], str]:
        """theme → median share of the peers, and who they are; nothing for fewer than three."""
        others, who = self._others(report, self._themes)
        if len(others) < LEAST_PEERS:
            return {}, ""
        themes = {theme for key in others for theme in self._themes[key]}
        return {theme: median(self._themes[key].get(theme, 0.0) for key in others) for theme in themes}, who

    def reuse_median(self, report: Any) -> Middle | None:
        """Median percentage of sentences that the peers took from their own earlier reports."""
        others, who = self._others(report, self._reuse)
        return Middle(median(self._reuse[key] for key in others), len(others), who) if len(others) >= LEAST_PEERS else None
