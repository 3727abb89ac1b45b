"""Facts of the briefing about text over the years: reuse, and what became of the plans."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from pipeline.outputs.material import Fact, Material
from pipeline.outputs.values import write_percent
from pipeline.tables.store import records

#: Kinds of quantity that can be followed up; a rank or a bare zero cannot.
_MEASURABLE = ("count", "percent", "money", "duration", "measure", "multiple")


def _share(row: Any) -> float:
    return 100 * float(row.n_reused) / float(row.n_sentences)


def compare_reuse(material: Material) -> Fact | None:
    year = material.years[-1]
    shares = material.reuse_shares
    rows = [row for row in records(shares[shares["relation"] == "earlier_year"])
            if row.document_id in material.of_year(year) and not pd.isna(row.share_pct) and row.n_sentences]
    if not rows:
        return None
    used = [row for row in rows if row.n_reused]
    most = max(_share(row) for row in rows)
    top = [row for row in rows if _share(row) == most]
    values: dict[str, object] = {
        "year": year, "n_reports": len(rows), "n_with": len(used), "top_pct": write_percent(most),
        "top": "、".join(f"{material.name(row.document_id)}（{int(row.n_reused)}句，可比{int(row.n_sentences)}句）" for row in top),
        "mean_pct": write_percent(sum(_share(row) for row in used) / len(used)) if used else "0",
        "n_sentences": sum(int(row.n_reused) for row in used),
        "n_verbatim": sum(1 for row in records(material.reuse) if row.document_id in {item.document_id for item in used}
                          and row.relation == "earlier_year" and bool(row.is_verbatim)),
    }
    return ("some" if used else "none"), values, []


def follow_plans(material: Material) -> Fact | None:
    years = material.years
    if len(years) < 2:
        return None
    year = years[-1]
    rows = [row for row in records(material.commitments)
            if (isinstance(row.followed_by_document_id, str) and row.followed_by_document_id in material.of_year(year))
            or (row.outcome in ("absent", "not_measurable") and row.document_id in material.of_year(year - 1))]
    if not rows:
        return None
    counts = Counter(row.outcome for row in rows)
    absent = [row for row in rows if row.outcome == "absent"]
    evidence = []
    sentences = [(row, material.places.sentence(row.document_id, int(row.sentence_no))) for row in absent]
    # What can be measured comes first: a plan with a number can be checked, a slogan cannot.
    numbers = material.quantities[material.quantities["kind"].isin(_MEASURABLE)]
    numbered = {(row.document_id, int(row.sentence_no)) for row in records(numbers) if not pd.isna(row.sentence_no)}
    sentences.sort(key=lambda pair: ((pair[0].document_id, int(pair[0].sentence_no)) not in numbered,
                                     material.name(pair[0].document_id), pair[0].sentence_no))
    for row, sentence in sentences:
        if sentence:
            evidence.append(material.evidence(row.document_id, "下一年安排", "程序未在次年报告找到", sentence.start, sentence.end))
    values: dict[str, object] = {"year": year, "previous_year": year - 1, "n_items": len(rows), "n_done": counts["done"],
                                 "n_partly": counts["partly"], "n_absent": counts["absent"], "n_unclear": counts["not_measurable"],
                                 "n_numbered": sum((row.document_id, int(row.sentence_no)) in numbered for row in absent)}
    return "followed", values, evidence


def count_shared(material: Material) -> Fact | None:
    """Sentences that stand in the earlier report of another department."""
    year = material.years[-1]
    shares = material.reuse_shares
    rows = [row for row in records(shares[shares["relation"] == "other_department"])
            if row.document_id in material.of_year(year) and not pd.isna(row.share_pct) and row.n_sentences]
    used = [row for row in rows if row.n_reused]
    if not used:
        return None
    top = max(used, key=lambda row: (row.share_pct, row.n_reused, material.name(row.document_id)))
    return "some", {
        "year": year, "n_reports": len(rows), "n_with": len(used), "top": material.name(top.document_id),
        "n_reused": int(top.n_reused), "n_sentences": int(top.n_sentences), "top_pct": write_percent(top.share_pct)}, []
