"""What the headings above a sentence say about its themes."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pipeline.profiles.themes import ThemeCatalogue

SectionKey = tuple[str, int]


def find_section_themes(sections: pd.DataFrame, catalogue: ThemeCatalogue) -> dict[SectionKey, tuple[str, ...]]:
    """Themes of each section by its own heading, else by the nearest heading above it, else by its role."""
    own: dict[SectionKey, tuple[str, ...]] = {}
    above: dict[SectionKey, int | None] = {}
    role_of: dict[SectionKey, object] = {}
    by_heading: dict[str, tuple[str, ...]] = {}
    for document_id, section_no, parent_no, heading, role in zip(
        sections["document_id"].tolist(), sections["section_no"].tolist(), sections["parent_no"].tolist(),
        sections["heading"].tolist(), sections["role"].tolist(), strict=True,
    ):
        key = (document_id, section_no)
        heading = heading if isinstance(heading, str) else ""
        if heading not in by_heading:
            by_heading[heading] = catalogue.heading_themes(heading)
        own[key] = by_heading[heading]
        above[key] = None if pd.isna(parent_no) else int(parent_no)
        role_of[key] = role
    return {key: _nearest(key, own, above) or _of_role(role_of[key], catalogue) for key in own}


def _nearest(
    key: SectionKey, own: Mapping[SectionKey, tuple[str, ...]], above: Mapping[SectionKey, int | None]
) -> tuple[str, ...]:
    seen: set[SectionKey] = set()
    current: SectionKey | None = key
    while current is not None and current in own and current not in seen:
        if own[current]:
            return own[current]
        seen.add(current)
        parent_no = above[current]
        current = None if parent_no is None else (key[0], parent_no)
    return ()


def _of_role(role: object, catalogue: ThemeCatalogue) -> tuple[str, ...]:
    theme = catalogue.role_themes.get(role) if isinstance(role, str) else None
    return (theme,) if theme else ()
