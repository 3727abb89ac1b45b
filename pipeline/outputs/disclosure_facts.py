"""Facts of the briefing about what the latest reports state: headline indicators, how many, and how exactly."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from pipeline.outputs.material import ANSWERED, Evidence, Fact, Material, list_names
from pipeline.outputs.value_facts import list_stated, prove_values
from pipeline.outputs.values import write_number, write_percent
from pipeline.profiles.briefing import BriefingRules

_HEADLINES = 4  # headline indicators in one sentence
_FEWEST = 3  # stated values that make a highest and a lowest


def _own_values(material: Material, year: int) -> pd.DataFrame:
    values = material.values
    return values[values["document_id"].isin(list(material.of_year(year)))]


def count_disclosure(material: Material) -> Fact | None:
    """How many of the asked indicators the reports of the latest year answer: mean, most and fewest."""
    year = material.years[-1]
    values = _own_values(material, year)
    n_asked = values["indicator"].nunique()
    answered = Counter(values[values["state"].isin(ANSWERED)]["document_id"].tolist())
    counts = {document: answered[document] for document in material.of_year(year)}
    if len(counts) < 2 or not n_asked:
        return None
    most, least = max(counts.values()), min(counts.values())

    def who(count: int) -> str:
        return list_names(sorted(material.name(document) for document, n in counts.items() if n == count))

    return "some", {"year": year, "n_reports": len(counts), "n_asked": n_asked, "mean": write_number(sum(counts.values()) / len(counts), 0),
                    "most": most, "least": least, "top": who(most), "bottom": who(least)}, []


def count_approximate(material: Material) -> Fact | None:
    """How many stated values are approximate or open."""
    year = material.years[-1]
    values = _own_values(material, year)
    stated = values[values["state"].isin(["value", "corrected"])]
    n_approximate = int((stated["approx"].fillna("exact") != "exact").sum())
    if not n_approximate:
        return None
    return "some", {"year": year, "n_values": len(stated), "n_approximate": n_approximate,
                    "share_pct": write_percent(100 * n_approximate / len(stated))}, []


def compare_headlines(material: Material, rules: BriefingRules) -> Fact | None:
    """The headline indicators that briefing.yml names for the genre: who states them, highest and lowest as stated."""
    year = material.years[-1]
    said: list[str] = []
    evidence: list[Evidence] = []
    for key in rules.headline_indicators.get(material.naming.genre, ()):
        rows = [row for row in list_stated(material, key, year) if row.state != "ambiguous"]
        if key not in material.indicators or len(rows) < _FEWEST or len(said) == _HEADLINES:
            continue
        lowest = min(_upper(row) for row in rows)
        ends = [[row for row in rows if not pd.isna(row.low) and row.low == rows[0].low], [row for row in rows if _upper(row) == lowest]]
        words = []
        for found in ends:
            first = found[0]
            value = material.write(first, kind=material.indicators[key].kind)
            words.append(f"{value}（{list_names(sorted(material.name(row.document_id) for row in found))}）")
            evidence += prove_values(material, found[:2])
        said.append(f"“{material.indicator_names[key]}”{len(rows)}个{material.naming.subject}写明，所写最高{words[0]}，最低{words[1]}")
    return ("ranked", {"year": year, "items": "；".join(said)}, evidence) if said else None


def _upper(row: Any) -> float:
    return float(row.low if pd.isna(row.high) else row.high)
