"""The workbook tables.xlsx: every comparison as a sheet, every value linked to the words it comes from.

What belongs here: which sheets there are and in what order. Each sheet is described by the module of its topic as
columns and rows; `sheet` lays it out, `cells` writes it safely.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pandas as pd
import xlsxwriter

from pipeline.outputs.naming import find_naming
from pipeline.outputs.places import quantity_texts
from pipeline.outputs.workbook import about, answers, checking, comparing, matrix, passages, wording
from pipeline.outputs.workbook.cells import Styles
from pipeline.outputs.workbook.context import build_context
from pipeline.outputs.workbook.sheet import ROWS_PER_SHEET, limit_rows, name_subject, write_sheet
from pipeline.profiles.checks import CheckRules
from pipeline.profiles.genres import Genres
from pipeline.profiles.indicators import Indicators
from pipeline.profiles.themes import ThemeCatalogue

# A fixed date, so that the same tables give the same bytes.
_CREATED = datetime(2000, 1, 1)
_OPTIONS: dict[str, Any] = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": False,
}
# Above this many cells the sheets go through temporary files row by row, which needs little memory.
_MOST_CELLS_IN_MEMORY = 600_000
# More cells than this make a book that opens slowly and a run that waits for it (about 12 s and 8 MB a million).
MOST_CELLS = 2_000_000
_CHART_DATA = "图表数据"


def write_workbook(documents: pd.DataFrame, reports: pd.DataFrame, coverage: pd.DataFrame, sections: pd.DataFrame,
                   sentences: pd.DataFrame, blocks: pd.DataFrame, quantities: pd.DataFrame, indicator_values: pd.DataFrame,
                   indicator_candidates: pd.DataFrame, indicator_changes: pd.DataFrame, peer_ranks: pd.DataFrame,
                   themes: pd.DataFrame, topics: pd.DataFrame, topic_terms: pd.DataFrame, key_terms: pd.DataFrame,
                   term_trends: pd.DataFrame, reuse: pd.DataFrame, reuse_shares: pd.DataFrame,
                   commitments: pd.DataFrame, recurring_problems: pd.DataFrame, checks: pd.DataFrame, issues: pd.DataFrame,
                   text_stats: pd.DataFrame, indicators: Indicators, theme_catalogue: ThemeCatalogue,
                   check_rules: CheckRules, genres: Genres) -> dict[str, bytes]:
    """The workbook as {"tables.xlsx": bytes}; the same tables give the same bytes.

    Comparisons hold compared reports only; 读取情况, 数量全表 and 待查事项 hold every document. A sheet has at most
    100,000 rows; one that is cut says so in its second row and in 目录.
    """
    context = build_context(documents, reports, coverage, sections, sentences, blocks, indicators, theme_catalogue, check_rules)
    naming = find_naming(reports, genres)
    genre_names = {genre.name: genre.label for genre in genres.all}
    found = answers.read_answers(indicator_values)
    # Built first: the other sheets link to its rows.
    evidence = answers.build_answers(context, found, quantity_texts(quantities))
    check_rows = checking.read_checks(context, checks)
    sheets = [
        *(matrix.build_matrix(context, found, year) for year in reversed(context.years)),
        matrix.build_years(context, found),
        evidence,
        comparing.build_changes(context, indicator_changes, found),
        comparing.build_ranks(context, peer_ranks, found),
        # The catalogue of themes is written for one genre; elsewhere its shares would mislead.
        *([comparing.build_theme_matrix(context, themes), comparing.build_themes(context, themes)] if naming.has_themes else []),
        comparing.build_terms(context, key_terms),
        wording.build_trends(context, term_trends),
        *([wording.build_topics(context, topics, topic_terms)] if len(topics) else []),
        passages.build_shares(context, reuse_shares),
        passages.build_reuse(context, reuse),
        passages.build_commitments(context, commitments),
        passages.build_recurring(context, recurring_problems),
        checking.build_check_matrix(context, check_rows),
        checking.build_checks(context, check_rows),
        answers.build_quantities(context, quantities),
        checking.build_review(context, found, check_rows, indicator_candidates),
        checking.build_issues(context, issues),
        matrix.build_coverage(context),
        comparing.build_lengths(context, text_stats),
        about.build_documents(context, documents, reports, genre_names),
        about.build_indicators(context, list(found.values())),
        about.build_dictionary(),
    ]
    sheets = limit_rows([name_subject(sheet, naming.subject) for sheet in sheets], MOST_CELLS, {answers.ANSWERS, checking.CHECKS})
    n_cells = sum(min(len(sheet.rows), ROWS_PER_SHEET) * len(sheet.columns) for sheet in sheets)
    memory = {"constant_memory": True} if n_cells > _MOST_CELLS_IN_MEMORY else {"in_memory": True}
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {**_OPTIONS, **memory}) as book:
        book.set_properties({"title": "衡报 · 报告比较数据表", "created": _CREATED})
        styles = Styles(book)
        index = book.add_worksheet(about.INDEX)
        pages = [book.add_worksheet(sheet.name) for sheet in sheets]
        points = book.add_worksheet(_CHART_DATA)
        points.hide()
        limits = {sheet.name: write_sheet(page, sheet, styles, demonstration=context.demonstration, points=points)
                  for sheet, page in zip(sheets, pages, strict=True)}
        about.write_index(index, context, sheets, genre_names, limits, styles, naming.subject)
    return {"tables.xlsx": out.getvalue()}
