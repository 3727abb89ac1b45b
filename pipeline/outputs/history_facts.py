"""Facts of the briefing about text over the years: reuse, and what became of the plans."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pandas as pd

from pipeline.outputs.material import Evidence, Fact, Material, list_names
from pipeline.outputs.quoting import quote
from pipeline.outputs.values import write_percent
from pipeline.tables.store import records

#: Kinds of quantity that can be followed up; a rank or a bare zero cannot.
_MEASURABLE = ("count", "percent", "money", "duration", "measure", "multiple")


_NEAREST = 36  # characters of the nearest sentence


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
    counts = _count_verbatim(material)
    values: dict[str, object] = {
        "year": year, "n_reports": len(rows), "n_with": len(used), "top_pct": write_percent(most),
        "top": list_names(f"{material.name(row.document_id)}（{int(row.n_reused)}句，可比{int(row.n_sentences)}句）" for row in top),
        "mean_pct": write_percent(sum(_share(row) for row in rows) / len(rows)),
        "n_sentences": sum(int(row.n_reused) for row in used), "n_comparable": sum(int(row.n_sentences) for row in rows),
        "n_verbatim": sum(counts[row.document_id] for row in used),
    }
    used.sort(key=lambda row: (-_share(row), material.name(row.document_id)))
    return ("some" if used else "none"), values, [_prove_reuse(material, row, counts[row.document_id]) for row in used]


def _count_verbatim(material: Material) -> Counter[str]:
    """Sentences that stand word for word in an earlier report of the department, by report."""
    reuse = material.reuse[(material.reuse["relation"] == "earlier_year") & material.reuse["is_verbatim"].fillna(False).astype(bool)]
    return Counter(reuse["document_id"].tolist())


def _prove_reuse(material: Material, share: Any, n_verbatim: int) -> Evidence:
    """The longest sentence that a report took over, with the place of its source."""
    reuse = material.reuse[(material.reuse["document_id"] == share.document_id) & (material.reuse["relation"] == "earlier_year")]
    says = f"{int(share.n_reused)}句，可比{int(share.n_sentences)}句，其中逐字相同{n_verbatim}句；右为其中最长的一句"
    pairs = [(row, sentence) for row in records(reuse)
             if (sentence := material.places.sentence(row.document_id, int(row.sentence_no))) is not None]
    if not pairs:
        return Evidence(material.name(share.document_id), int(material.reports[share.document_id].report_year), "沿用往年", says, "", "")
    # A sentence that is the same word for word shows more than a longer one that was reworded.
    row, sentence = max(pairs, key=lambda pair: (bool(pair[0].is_verbatim), pair[1].end - pair[1].start, -pair[1].start))
    found = material.evidence(share.document_id, "沿用往年", says, sentence.start, sentence.end)
    source = material.places.sentence(row.source_document_id, int(row.source_sentence_no))
    if source is None or row.source_document_id not in material.reports:
        return found
    year = int(material.reports[row.source_document_id].report_year)
    same = "逐字相同" if bool(row.is_verbatim) else "相近"
    return replace(found, place=f"{found.place}；与{year}年报告{material.place(row.source_document_id, source.start)}{same}")


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
            says = f"程序未在次年报告找到{_nearest(material, row)}"
            evidence.append(material.evidence(row.document_id, "下一年安排", says, sentence.start, sentence.end))
    values: dict[str, object] = {"year": year, "previous_year": year - 1, "n_items": len(rows), "n_done": counts["done"],
                                 "n_partly": counts["partly"], "n_absent": counts["absent"], "n_unclear": counts["not_measurable"],
                                 "n_numbered": sum((row.document_id, int(row.sentence_no)) in numbered for row in absent)}
    return "followed", values, evidence


def _nearest(material: Material, row: Any) -> str:
    """The sentence of next year's report that comes nearest to an item without an answer, for a person to judge."""
    number = getattr(row, "nearest_sentence_no", None)
    if number is None or pd.isna(number) or not isinstance(row.followed_by_document_id, str):
        return ""
    sentence = material.places.sentence(row.followed_by_document_id, int(number))
    return f"；最接近的一句：{quote(sentence.text, _NEAREST)}" if sentence else ""


def count_shared(material: Material) -> Fact | None:
    """Sentences that stand in the earlier report of another department."""
    year = material.years[-1]
    shares = material.reuse_shares
    rows = [row for row in records(shares[shares["relation"] == "other_department"])
            if row.document_id in material.of_year(year) and not pd.isna(row.share_pct) and row.n_sentences]
    used = sorted((row for row in rows if row.n_reused), key=lambda row: (-int(row.n_reused), material.name(row.document_id)))
    if not used:
        return None
    most = int(used[0].n_reused)
    evidence = []
    for share in used:
        found = material.reuse[(material.reuse["document_id"] == share.document_id) & (material.reuse["relation"] == "other_department")]
        for row in records(found.head(1)):
            sentence = material.places.sentence(row.document_id, int(row.sentence_no))
            if sentence is not None:
                source = material.reports.get(row.source_document_id)
                whose = f"，另见{material.name(row.source_document_id)}{int(source.report_year)}年报告" if source else ""
                says = f"{int(share.n_reused)}句；右为其中一句{whose}"
                evidence.append(material.evidence(row.document_id, "相同的句子", says, sentence.start, sentence.end))
    return "some", {
        "year": year, "n_reports": len(rows), "n_with": len(used), "n_sentences": sum(int(row.n_reused) for row in used), "most": most,
        "top": list_names(material.name(row.document_id) for row in used if int(row.n_reused) == most)}, evidence
