"""Topics that the corpus itself suggests, for exploration only: NMF on TF-IDF of the sections' terms."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from pipeline.comparisons.term_matrix import TermMatrix, compared_documents, count_by_section
from pipeline.tables import store
from pipeline.tables.store import Tables

_CANDIDATES = (6, 8, 10, 12, 15)
_N_TOP_TERMS = 10
_N_LABEL_TERMS = 3
# A topic needs sections of several reports; fewer sections than this per topic only name single reports.
_SECTIONS_PER_TOPIC = 4
_FEWEST_TERMS = 8


def find_topics(reports: pd.DataFrame, sentences: pd.DataFrame, term_counts: pd.DataFrame) -> Tables:
    """Tables `topics` and `topic_terms`; both empty, and an issue, for a corpus with too few sections.

    `stability` is the mean overlap (Jaccard) of a topic's ten terms with its counterparts in the repetitions:
    above 0.5 most of them return. `n_sentences` counts the sentences of the sections in which the topic is the
    strongest; the representative sentence is the one of those that holds most of its terms. All are of the reports at
    hand, of a large corpus a sample.
    """
    compared = compared_documents(reports)
    matrix = _without_rare_terms(count_by_section(term_counts, sorted(compared["document_id"].tolist())))
    most = len(matrix.keys) // _SECTIONS_PER_TOPIC
    candidates = [number for number in _CANDIDATES if number <= most]
    if not candidates or len(matrix.terms) < _N_TOP_TERMS:
        return {"topics": store.frame("topics"), "topic_terms": store.frame("topic_terms"),
                "issues": store.frame("issues", [{
                    "place": "全部报告", "severity": "note",
                    "message": f"可用章节只有{len(matrix.keys)}个，不足以归纳数据主题；请增加报告"}])}
    # Loaded here: hardly any other worker needs these libraries.
    from pipeline.comparisons.topic_factors import find_factors

    weights, topics, stability = find_factors(matrix.counts, candidates, _N_TOP_TERMS)
    strength = np.asarray(weights @ topics.T)
    return _describe(topics, stability, strength, matrix, sentences)


def _without_rare_terms(matrix: TermMatrix) -> TermMatrix:
    """Terms of at least three sections but not of half of them, and sections that keep enough of those."""
    in_sections = np.asarray((matrix.counts > 0).sum(axis=0)).ravel()
    columns = np.flatnonzero((in_sections >= 3) & (in_sections <= 0.5 * max(1, len(matrix.keys))))
    counts = sparse.csr_array(matrix.counts[:, columns])
    rows = np.flatnonzero(np.asarray((counts > 0).sum(axis=1)).ravel() >= _FEWEST_TERMS)
    return TermMatrix(tuple(matrix.keys[row] for row in rows), tuple(matrix.terms[column] for column in columns),
                      sparse.csr_array(counts[rows]))


def _describe(
    topics: np.ndarray, stability: np.ndarray, strength: np.ndarray, matrix: TermMatrix, sentences: pd.DataFrame
) -> Tables:
    strongest = strength.argmax(axis=1)
    topic_of = {key: int(topic) for key, topic, row in zip(matrix.keys, strongest, strength, strict=True)
                if row.max() > 0}
    counts, best = _weigh_sentences(topics, topic_of, matrix, sentences)
    order = sorted(range(len(topics)), key=lambda topic: (-counts[topic], topic))
    topic_rows: list[dict[str, Any]] = []
    term_rows: list[dict[str, Any]] = []
    for topic_no, topic in enumerate(order, 1):
        leading = np.argsort(-topics[topic], kind="stable")[:_N_TOP_TERMS].tolist()
        document_id, sentence_no = best.get(topic, (None, None))
        topic_rows.append({
            "topic_no": topic_no, "label": "、".join(matrix.terms[column] for column in leading[:_N_LABEL_TERMS]),
            "n_sentences": counts[topic], "stability": float(stability[topic]),
            "document_id": document_id, "sentence_no": sentence_no,
        })
        whole = float(topics[topic].sum()) or 1.0
        term_rows += [
            {"topic_no": topic_no, "rank": rank, "term": matrix.terms[column],
             "weight": round(float(topics[topic, column]) / whole, 6)}
            for rank, column in enumerate(leading, 1)
        ]
    return {"topics": store.frame("topics", topic_rows), "topic_terms": store.frame("topic_terms", term_rows)}


def _weigh_sentences(
    topics: np.ndarray, topic_of: dict[Any, int], matrix: TermMatrix, sentences: pd.DataFrame
) -> tuple[Counter[int], dict[int, tuple[str, int]]]:
    """Sentences in each topic's sections, and the sentence of each that holds most of its terms for its length."""
    leading = {
        topic: [(matrix.terms[column], float(row[column])) for column in np.argsort(-row, kind="stable")[:_N_TOP_TERMS]]
        for topic, row in enumerate(topics)
    }
    counts: Counter[int] = Counter()
    best: dict[int, tuple[float, str, int]] = {}
    for document_id, section_no, sentence_no, text in sorted(zip(
        sentences["document_id"].tolist(), sentences["section_no"].tolist(), sentences["sentence_no"].tolist(),
        sentences["text"].tolist(), strict=True,
    )):
        topic = topic_of.get((document_id, section_no))
        if topic is None:
            continue
        counts[topic] += 1
        score = sum(weight for term, weight in leading[topic] if term in text) / max(len(text), 30) ** 0.5
        if topic not in best or score > best[topic][0]:
            best[topic] = (score, document_id, sentence_no)
    return counts, {topic: (document_id, sentence_no) for topic, (_, document_id, sentence_no) in best.items()}
