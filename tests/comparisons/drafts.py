"""Drafts of reports for the tests of checks and commitments: sentences in, tables out, quantities by the real stage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.comparisons.checks import check_reports
from pipeline.comparisons.commitments import follow_commitments
from pipeline.measures.quantities import find_quantities
from pipeline.profiles import load_part
from pipeline.tables import store

HEADINGS = {
    "achievements": "主要举措和成效", "first_responsible": "第一责任人履职情况", "problems": "存在的不足和原因",
    "next_plan": "主要安排",
}


@dataclass(frozen=True)
class Draft:
    """A report of 澜山区交通运输局 unless said otherwise. `parts` maps a role to its sentences; `headings` replace the usual."""

    parts: dict[str, list[str]]
    year: int | None = 2022
    department: str = "澜山区交通运输局"
    code: str = "transport"
    region: str = "澜山区"
    genre: str = "rule_of_law"
    title: str = ""
    signed_date: str | None = None
    published_date: str | None = None
    headings: dict[str, str] | None = None
    tail: str = ""

    @property
    def document_id(self) -> str:
        return f"{self.code}-{self.year}"


def tables_of(*drafts: Draft) -> dict[str, pd.DataFrame]:
    """The tables that the document stages would make of the drafts."""
    documents, identities, sections, sentences = [], [], [], []
    for draft in drafts:
        text, number, section_no = draft.title + "\n", 0, 0
        sections.append({"document_id": draft.document_id, "section_no": 0, "level": 0, "label": "", "heading": "",
                         "role": "other", "start": 0, "end": len(text), "body_start": len(text)})
        for role, said in draft.parts.items():
            start, inside = len(text), 0
            if role != "other":
                heading = (draft.headings or {}).get(role, HEADINGS[role])
                section_no += 1
                inside = section_no
                text += heading + "\n"
                sections.append({"document_id": draft.document_id, "section_no": inside, "level": 1, "label": "",
                                 "heading": heading, "role": role, "start": start, "body_start": len(text),
                                 "end": len(text) + sum(map(len, said))})
            for sentence in said:
                sentences.append({"document_id": draft.document_id, "sentence_no": number, "section_no": inside,
                                  "role": role, "start": len(text), "end": len(text) + len(sentence), "text": sentence})
                text += sentence
                number += 1
            text += "\n"
        text += draft.tail
        documents.append({"document_id": draft.document_id, "path": f"{draft.document_id}.txt", "status": "ok",
                          "text": text})
        identities.append({
            "document_id": draft.document_id, "genre": draft.genre, "title": draft.title,
            "department": draft.department, "department_code": draft.code, "region": draft.region,
            "report_year": draft.year, "signed_date": draft.signed_date, "published_date": draft.published_date})
    tables = {"documents": store.frame("documents", documents), "identities": store.frame("identities", identities),
              "sections": store.frame("sections", sections), "sentences": store.frame("sentences", sentences)}
    tables["quantities"] = find_quantities(
        tables["documents"], tables["sections"], tables["sentences"], tables["identities"], load_part("units")
    )["quantities"]
    tables["reports"] = store.frame("reports", [
        {**{key: row[key] for key in row if key != "title"}, "report_id": row["document_id"], "is_compared": True}
        for row in identities])
    return tables


def check(
    draft: Draft, values: Iterable[dict[str, Any]] = (), candidates: Iterable[dict[str, Any]] = ()
) -> dict[str, dict[str, Any]]:
    """Rows of `checks` for one draft, by check; `passed` is True, False or None."""
    tables = tables_of(draft)
    made = check_reports(
        tables["documents"], tables["identities"], tables["sections"], tables["sentences"], tables["quantities"],
        store.frame("indicator_values", values), store.frame("indicator_candidates", candidates), load_part("check_rules"),
        load_part("departments"), load_part("era_terms"), load_part("genres"))["checks"]
    return {row["check"]: {**row, "passed": None if pd.isna(row["passed"]) else bool(row["passed"])}
            for row in made.to_dict("records")}


def check_sentence(name: str, sentence: str, **differing: Any) -> bool | None:
    """Result of one check for a report that says only this."""
    return check(Draft({"achievements": [sentence]}, **differing))[name]["passed"]


def follow(*drafts: Draft) -> dict[str, pd.DataFrame]:
    """Tables of the commitments stage for drafts of one department."""
    tables = tables_of(*drafts)
    return follow_commitments(tables["reports"], tables["sections"], tables["sentences"], tables["quantities"],
                              load_part("check_rules"))


def outcome(plan: str, *told: str, problems: tuple[str, ...] = ()) -> str:
    """Outcome of one item of the 2022 plan after a 2023 report that tells this."""
    parts = {"achievements": list(told) or ["全年未发生安全责任事故。"]}
    if problems:
        parts["problems"] = list(problems)
    made = follow(Draft({"next_plan": [plan]}, year=2022), Draft(parts, year=2023))["commitments"]
    assert len(made) == 1
    return str(made.outcome.iloc[0])
