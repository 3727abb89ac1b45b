"""Documents -> tables `identities` and `identity_evidence`: which report each document is.

Genre, department, place, year, number, dates and addressee, each with every candidate and its source. Where
sources contradict each other an issue names both; where nothing tells, the field stays empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipeline.profiles.departments import Departments
from pipeline.profiles.genres import Genres
from pipeline.structure.candidates import (
    Candidate,
    Sources,
    addressee_candidates,
    doc_number_candidates,
    published_date_candidates,
    signed_date_candidates,
)
from pipeline.structure.conflicts import (
    Problem,
    confidence,
    date_problems,
    department_problems,
    genre_problems,
    year_problems,
)
from pipeline.structure.genre import find_genre
from pipeline.structure.headings import read_heading
from pipeline.structure.layout import lay_out, title_of
from pipeline.structure.lines import Line, blocks_by_document
from pipeline.structure.names import choose_department, department_candidates
from pipeline.structure.overrides import overridden_department, overridden_fields, override_problems
from pipeline.structure.years import choose_year, year_candidates
from pipeline.tables import store
from pipeline.tables.store import Tables

OPENING_CHARS = 700


def identify_reports(
    documents: pd.DataFrame,
    document_fields: pd.DataFrame,
    blocks: pd.DataFrame,
    genres: Genres,
    departments: Departments,
) -> Tables:
    """One row of `identities` for every readable document.

    `department` is the full name with its place; `department_code` is missing for an office that departments.csv
    does not know, and `region` where the text names only a rank (区财政局). `confidence` is 1 where title and text
    give everything and agree.

    Returns tables `identities`, `identity_evidence`, `issues`.
    """
    paragraphs = blocks_by_document(blocks)
    fields: dict[str, list[tuple[str, str, str]]] = {}
    columns = (document_fields[column].tolist() for column in ("document_id", "field", "value", "evidence"))
    for document_id, name, value, evidence in zip(*columns, strict=True):
        if isinstance(value, str):
            fields.setdefault(document_id, []).append((name, value, evidence if isinstance(evidence, str) else value))
    identities: list[dict[str, Any]] = []
    evidence_rows: list[dict[str, Any]] = []
    issues: list[dict[str, Any]] = []
    columns = (documents[column].tolist() for column in ("document_id", "path", "status", "text"))
    for document_id, path, status, text in zip(*columns, strict=True):
        if status != "ok" or not isinstance(text, str):
            continue
        lines = lay_out(text, paragraphs.get(document_id, ()))
        sources = _sources(document_id, path, text, lines, fields.get(document_id, []))
        row, candidates, problems = _identify(sources, genres, departments)
        identities.append(row)
        evidence_rows.extend(candidates)
        issues.extend(
            {
                "stage": "identify_reports",
                "document_id": document_id,
                "path": path,
                "place": place,
                "severity": severity,
                "message": message,
            }
            for place, severity, message in problems
        )
    identities.sort(key=lambda row: row["document_id"])
    evidence_rows.sort(key=lambda row: (row["document_id"], row["field"], row["candidate_no"]))
    issues.sort(key=lambda row: (row["document_id"], row["place"], row["message"]))
    return {
        "identities": store.frame("identities", identities),
        "identity_evidence": store.frame("identity_evidence", evidence_rows),
        "issues": store.frame("issues", issues),
    }


def _sources(document_id: str, path: str, text: str, lines: Sequence[Line], fields: list[tuple[str, str, str]]) -> Sources:
    title = title_of(lines) or next((value for name, value, _ in fields if name == "title"), "")
    title_lines = [line for line in lines if line.kind == "title"]
    span = (title_lines[0].start, title_lines[-1].end) if title_lines else None
    body = [line for line in lines if line.kind in ("body", "table_row")]
    headings = []
    opening_end = None
    for line in body:
        heading = read_heading(line.text) if len(line.text) < 400 else None
        if heading and heading.style in (1, 2):
            if opening_end is None:
                opening_end = line.start
            if heading.style == 1 and heading.heading:
                headings.append((heading.heading, line.start + line.text.find(heading.heading)))
        elif line.kind == "body" and len(line.text) <= 30 and "年" in line.text and "。" not in line.text:
            headings.append((line.text, line.start))
    start = body[0].start if body else len(text)
    end = min(start + OPENING_CHARS, opening_end if opening_end is not None else len(text))
    return Sources(document_id, path, text, lines, fields, title, span, text[start:end], start, headings)


def _identify(
    sources: Sources, genres: Genres, departments: Departments
) -> tuple[dict[str, Any], list[dict[str, Any]], list[Problem]]:
    told = overridden_fields(sources)
    genre, genre_candidate = find_genre(sources, genres, told.get("genre"))
    problems = genre_problems(sources, genre)
    evidence: dict[str, list[Candidate]] = {"genre": [genre_candidate] if genre_candidate else []}
    if sources.title:
        evidence["title"] = [
            Candidate(sources.title, "title", 1.0, sources.title, *(sources.title_span or (None, None)))
        ]
    evidence["doc_number"] = doc_number_candidates(sources)
    evidence["signed_date"] = signed_date_candidates(sources)
    evidence["published_date"] = published_date_candidates(sources)
    evidence["addressee"] = addressee_candidates(sources)
    for name in ("doc_number", "signed_date", "published_date"):
        evidence[name][:0] = told.get(name, [])
    chosen = {
        name: max(found, key=lambda candidate: candidate.trust) if found else None for name, found in evidence.items()
    }
    signed, published = _value(chosen["signed_date"]), _value(chosen["published_date"])
    evidence["report_year"] = year_candidates(sources, genre, signed, published)
    found_year = choose_year(evidence["report_year"], signed)
    year = chosen["report_year"] = next(iter(told.get("report_year", ())), found_year)
    evidence["report_year"][:0] = told.get("report_year", [])
    if "report_year" not in told:
        problems.extend(year_problems(evidence["report_year"], year, genre))
    problems.extend(date_problems({name: found for name, found in evidence.items() if name not in told}))

    offices = department_candidates(sources, departments)
    found_author = choose_department(sources, offices, departments, genre is not None and genre.name == "work_report")
    author = overridden_department(told, found_author, departments)
    evidence["department"] = [candidate for candidate, _ in offices]
    chosen["department"] = None
    if author:
        match = next((candidate for candidate, name in offices if candidate.source == author.source), None)
        winner = Candidate(
            author.full_name,
            author.source,
            author.trust,
            match.evidence if match else told["department"][0].evidence if "department" in told else author.full_name,
            match.start if match else None,
            match.end if match else None,
        )
        evidence["department"] = [
            winner,
            *(candidate for candidate in evidence["department"] if candidate is not match),
        ]
        chosen["department"] = winner
    problems.extend(department_problems(sources, author, genre))
    problems.extend(override_problems(told, genres, found_author, found_year))
    row = {
        "document_id": sources.document_id,
        "genre": genre.name if genre else None,
        "title": sources.title or None,
        "department": author.full_name if author else None,
        "department_code": author.code if author else None,
        "region": author.region if author else None,
        "level": author.level if author else None,
        "report_year": int(year.value) if year else None,
        "doc_number": _value(chosen["doc_number"]),
        "signed_date": signed,
        "published_date": published,
        "addressee": _value(chosen["addressee"]),
        "identity_source": f"{author.source if author else '无'}+{year.source if year else '无'}",
        "confidence": confidence(genre_candidate, author, year, [] if "report_year" in told else evidence["report_year"]),
    }
    return row, _evidence_rows(sources.document_id, evidence, chosen), problems


def _value(candidate: Candidate | None) -> str | None:
    return candidate.value if candidate else None


def _evidence_rows(
    document_id: str, evidence: dict[str, list[Candidate]], chosen: dict[str, Candidate | None]
) -> list[dict[str, Any]]:
    rows = []
    for name in sorted(evidence):
        for number, candidate in enumerate(evidence[name], 1):
            rows.append(
                {
                    "document_id": document_id,
                    "field": name,
                    "candidate_no": number,
                    "value": candidate.value,
                    "source": candidate.source,
                    "evidence": candidate.evidence,
                    "start": candidate.start,
                    "end": candidate.end,
                    "is_chosen": candidate is chosen[name],
                }
            )
    return rows
