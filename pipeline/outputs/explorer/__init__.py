"""The explorer: one offline HTML file in which every figure leads to its sentence in the whole report.

What belongs here: the stage. `payload` turns tables into the data of the page, `page` puts the file together; the
page itself is explorer.html, explorer.css and the scripts beside this module.
"""

from __future__ import annotations

import pandas as pd

from pipeline.outputs.explorer.page import build_page
from pipeline.outputs.explorer.payload import build_payload
from pipeline.outputs.naming import find_naming
from pipeline.profiles.checks import CheckRules
from pipeline.profiles.genres import Genres
from pipeline.profiles.indicators import Indicators
from pipeline.profiles.themes import ThemeCatalogue


def write_explorer(documents: pd.DataFrame, reports: pd.DataFrame, coverage: pd.DataFrame, sections: pd.DataFrame,
                   sentences: pd.DataFrame, blocks: pd.DataFrame, quantities: pd.DataFrame,
                   indicator_values: pd.DataFrame, sentence_themes: pd.DataFrame, reuse: pd.DataFrame,
                   checks: pd.DataFrame, commitments: pd.DataFrame, indicators: Indicators, theme_catalogue: ThemeCatalogue,
                   check_rules: CheckRules, genres: Genres) -> dict[str, bytes]:
    """The explorer as {"explorer.html": bytes}; the same tables give the same bytes.

    Deep links: #d=<document_id>&s=<offset> opens a report at a sentence, &c=<document_id>&t=<offset> lays another
    report beside it, #i=<indicator> lists the answers to one indicator.
    """
    return {"explorer.html": build_page(build_payload(
        documents, reports, coverage, sections, sentences, blocks, quantities, indicator_values, sentence_themes, reuse,
        checks, commitments, indicators, theme_catalogue, check_rules, find_naming(reports, genres)))}
