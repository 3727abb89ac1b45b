"""How long each report is, what its length goes into, and how densely it states figures."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pandas as pd

from pipeline.tables import store
from pipeline.tables.store import Tables

_ROLES = ("achievements", "first_responsible", "problems", "next_plan")
# Targets, last year's figures, the whole city's and rules are no disclosure of the department's own year.
_OWN_CLAIMS = frozenset({"own", "cumulative"})
_LAW_TITLE = re.compile(r"《[^《》]+》")
_BLANK = re.compile(r"\s+")


def measure_texts(
    documents: pd.DataFrame, sections: pd.DataFrame, sentences: pd.DataFrame, quantities: pd.DataFrame
) -> Tables:
    """Table `text_stats`: one row a document with status ok.

    `chars` counts headings and sentences without blanks; title, addressee and signature say nothing about
    how much is reported. Shares of roles are of the characters of sentences. A document without sentences
    has 0 chars and no shares.
    """
    heading_chars: Counter[str] = Counter()
    for document_id, heading in zip(sections["document_id"].tolist(), sections["heading"].tolist(), strict=True):
        if isinstance(heading, str):
            heading_chars[document_id] += _length(heading)

    sentence_chars: dict[str, Counter[str]] = defaultdict(Counter)
    n_sentences: Counter[str] = Counter()
    law_titles: Counter[str] = Counter()
    for document_id, role, text in zip(
        sentences["document_id"].tolist(), sentences["role"].tolist(), sentences["text"].tolist(), strict=True
    ):
        sentence_chars[document_id][role if isinstance(role, str) else "other"] += _length(text)
        n_sentences[document_id] += 1
        law_titles[document_id] += len(_LAW_TITLE.findall(text))

    n_quantities = Counter(
        document_id
        for document_id, claim in zip(quantities["document_id"].tolist(), quantities["claim"].tolist(), strict=True)
        if claim in _OWN_CLAIMS
    )

    rows = []
    for document_id in sorted(documents.loc[documents["status"] == "ok", "document_id"].tolist()):
        roles = sentence_chars.get(document_id, Counter())
        body = sum(roles.values())
        chars = body + heading_chars[document_id]
        row: dict[str, object] = {
            "document_id": document_id,
            "chars": chars,
            "n_sentences": n_sentences[document_id],
            "n_quantities": n_quantities[document_id],
            "quantities_per_1000": 1000 * n_quantities[document_id] / chars if chars else None,
            "law_titles": law_titles[document_id],
        }
        for role in _ROLES:
            row[f"{role}_pct"] = 100 * roles[role] / body if body else None
        rows.append(row)
    return {"text_stats": store.frame("text_stats", rows)}


def _length(text: str) -> int:
    return len(_BLANK.sub("", text))
