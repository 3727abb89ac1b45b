"""Which terms a group of reports uses more than the rest: key terms of departments, years and roles.

z is the log-odds ratio with an informative Dirichlet prior of Monroe, Colaresi and Quinn, "Fightin' Words",
Political Analysis 16 (2008): a term must be both more frequent and frequent enough. TF-IDF stands beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.stats import norm
from sklearn.feature_extraction.text import TfidfTransformer

from pipeline.comparisons.new_words import find_new_words
from pipeline.comparisons.term_matrix import TermMatrix, compared_documents, count_by_section
from pipeline.profiles.words import Words
from pipeline.tables import store
from pipeline.tables.store import Tables

_MOST_TERMS = 30
_FEWEST_HITS = 3
_MOST_OFFERED = 20
_MOST_SENTENCES = 100_000
_GROUPINGS = {"department": "部门", "year": "年度", "role": "章节角色"}
# Benjamini-Hochberg over all terms tested in a group: about one in five listed terms may be there by chance.
# Key terms point to passages to read; a stricter level leaves years of a small corpus without any.
_FALSE_DISCOVERIES = 0.2


@dataclass(frozen=True)
class _Group:
    """One group of a grouping: its rows in the matrix, and terms that may not be listed for it."""

    name: str
    rows: np.ndarray
    is_own_name: Callable[[str], bool]


def weigh_terms(
    reports: pd.DataFrame, sections: pd.DataFrame, sentences: pd.DataFrame, term_counts: pd.DataFrame, words: Words
) -> Tables:
    """Table `key_terms`: up to 30 terms a group, by z, among those that pass the control of false discoveries.

    Groupings: `department` (full name), `year`, `role`. Tested are terms that stand at least three times in
    the group, and in at least two reports where it has several: one report's habit is no habit of the group.
    Parts of the names of regions, and of the department's own name, are left out. A grouping with only one
    group gives no rows: there is no rest to weigh it against; an issue says so.

    A further issue offers the analyst terms for words.txt that the segmenter cuts although the reports use
    them as one word.
    """
    compared = compared_documents(reports)
    matrix = count_by_section(term_counts, compared["document_id"].tolist())
    rows: list[dict[str, Any]] = []
    issues: list[dict[str, Any]] = []
    if matrix.keys and matrix.terms:
        weighing = _Weighing(matrix)
        for grouping, groups in _find_groups(matrix, compared, sections).items():
            if len(groups) < 2:
                issues.append({"place": "全部报告", "severity": "note",
                               "message": f"{_GROUPINGS[grouping]}只有一组（{groups[0].name}），无从比较用词"})
                continue
            for group in groups:
                rows += weighing.list_terms(grouping, group)
        issues += _offer_new_words(compared, sentences, matrix, words)
    rows.sort(key=lambda row: (row["grouping"], row["group"], row["term"]))
    return {"key_terms": store.frame("key_terms", rows), "issues": store.frame("issues", issues)}


def _offer_new_words(
    compared: pd.DataFrame, sentences: pd.DataFrame, matrix: TermMatrix, words: Words
) -> list[dict[str, Any]]:
    own = sentences[sentences["document_id"].isin(compared["document_id"])]
    # Of very many sentences every second, third … is enough to see which strings are words.
    own = own.iloc[::max(1, len(own) // _MOST_SENTENCES)]
    texts = zip(own["document_id"].tolist(), own["text"].tolist(), strict=True)
    found = find_new_words(texts, known={*matrix.terms, *words.added}, stop=words.stop)[:_MOST_OFFERED]
    if not found:
        return []
    listed = "、".join(f"{word.word}（{word.count}次，{word.n_documents}份）" for word in found)
    return [{"place": "words.txt", "severity": "note",
             "message": f"以下词语在多份报告中作为整词使用，分词时却被切开；如需单独统计，请加入 words.txt：{listed}"}]


def _find_groups(matrix: TermMatrix, compared: pd.DataFrame, sections: pd.DataFrame) -> dict[str, list[_Group]]:
    documents = np.array([key[0] for key in matrix.keys], dtype=object)
    departments = dict(zip(compared["document_id"].tolist(), compared["department"].tolist(), strict=True))
    years = dict(zip(compared["document_id"].tolist(), compared["report_year"].tolist(), strict=True))
    regions = sorted({region for region in compared["region"].tolist() if isinstance(region, str)})
    names: dict[str, set[str]] = {}
    for department, short in zip(compared["department"].tolist(), compared["department_short"].tolist(), strict=True):
        names.setdefault(department, {department}).update([short] if isinstance(short, str) else [])
    roles = {
        (document_id, section_no): role
        for document_id, section_no, role in zip(
            sections["document_id"].tolist(), sections["section_no"].tolist(), sections["role"].tolist(), strict=True)
    }
    is_place = _name_test(regions)

    def own_test(department: str) -> Callable[[str], bool]:
        is_own = _name_test(sorted(names[department]))
        return lambda term: is_place(term) or is_own(term)

    return {
        "department": _split([departments[document] for document in documents], own_test),
        "year": _split([str(years[document]) for document in documents], lambda _: is_place),
        "role": _split([_role(roles.get(key)) for key in matrix.keys], lambda _: is_place),
    }


def _role(role: object) -> str:
    return role if isinstance(role, str) else "other"


def _split(labels: list[str], test_of: Callable[[str], Callable[[str], bool]]) -> list[_Group]:
    rows_of: defaultdict[str, list[int]] = defaultdict(list)
    for row, label in enumerate(labels):
        rows_of[label].append(row)
    return [_Group(label, np.array(rows_of[label], dtype=np.int64), test_of(label)) for label in sorted(rows_of)]


def _name_test(names: Iterable[str]) -> Callable[[str], bool]:
    """Whether a term is part of one of the names: 科技 and 科技局 of 科学技术局, 澜山 and 澜山区 of 澜山区."""
    names = [name for name in names if name]
    # 澜山 without its 区 begins further terms such as 澜山区委.
    stems = tuple(name[:-1] for name in names if len(name) > 2 and name.endswith(tuple("省市州盟区县旗镇乡")))
    holders: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        for character in set(name):
            holders[character].append(name)

    @cache
    def is_part(term: str) -> bool:
        return term.startswith(stems) or any(_runs_in(term, name) for name in holders.get(term[:1], ()))

    return is_part


def _runs_in(term: str, name: str) -> bool:
    """Whether the characters of `term` stand in `name` in this order, others between them allowed."""
    rest = iter(name)
    return all(character in rest for character in term)


class _Weighing:
    """Log-odds of any set of rows against all others."""

    def __init__(self, matrix: TermMatrix) -> None:
        self._matrix = matrix
        self._documents = np.array([key[0] for key in matrix.keys], dtype=object)
        self._total = np.asarray(matrix.counts.sum(axis=0)).ravel()
        self._n_terms = float(self._total.sum())
        n_documents = len(set(self._documents))
        # The prior weighs as much as one report, in the proportions of the whole corpus.
        self._prior = self._total / self._n_terms * (self._n_terms / n_documents)
        by_document = _sum_rows(matrix.counts, self._documents)
        self._tfidf = TfidfTransformer(sublinear_tf=True).fit(by_document)

    def list_terms(self, grouping: str, group: _Group) -> list[dict[str, Any]]:
        """Rows of the group's key terms, best first."""
        members = self._matrix.counts[group.rows]
        count = np.asarray(members.sum(axis=0)).ravel()
        z = _log_odds_z(count, self._total - count, self._prior)
        by_document = _sum_rows(members, self._documents[group.rows])
        n_documents = np.asarray((by_document > 0).sum(axis=0)).ravel()
        fewest_documents = min(2, by_document.shape[0])
        terms = self._matrix.terms
        common = np.flatnonzero((count >= _FEWEST_HITS) & (n_documents >= fewest_documents))
        others = [number for number in common.tolist() if not group.is_own_name(terms[number])]
        tested = np.array(others, dtype=np.int64)
        passed = tested[_control_false_discoveries(norm.sf(z[tested]), _FALSE_DISCOVERIES)]
        listed = sorted((number for number in passed.tolist() if z[number] > 0),
                        key=lambda number: (-z[number], terms[number]))[:_MOST_TERMS]
        tfidf = self._tfidf.transform(sparse.csr_matrix(count[np.newaxis, :])).toarray().ravel()
        return [
            {"grouping": grouping, "group": group.name, "term": terms[number], "count": int(count[number]),
             "n_documents": int(n_documents[number]), "tfidf": float(tfidf[number]),
             "log_odds_z": float(z[number]), "rank": rank}
            for rank, number in enumerate(listed, 1)
        ]


def _log_odds_z(count: np.ndarray, rest: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """z of each term in the group against the rest; positive where the group uses it more."""
    whole = prior.sum()
    in_group, elsewhere = count + prior, rest + prior
    delta = np.log(in_group / (count.sum() + whole - in_group)) - np.log(elsewhere / (rest.sum() + whole - elsewhere))
    return delta / np.sqrt(1 / in_group + 1 / elsewhere)


def _control_false_discoveries(p_values: np.ndarray, level: float) -> np.ndarray:
    """Positions of the tests that pass at a false discovery rate of `level` (Benjamini and Hochberg 1995)."""
    order = np.argsort(p_values, kind="stable")
    passing = np.flatnonzero(p_values[order] <= level * np.arange(1, len(order) + 1) / max(1, len(order)))
    return order[: passing[-1] + 1] if len(passing) else order[:0]


def _sum_rows(counts: sparse.csr_array, labels: np.ndarray) -> sparse.csr_matrix:
    """Rows with the same label added up, in the order of the labels."""
    distinct, positions = np.unique(labels.astype(str), return_inverse=True)
    ones = np.ones(len(labels))
    gather = sparse.csr_matrix((ones, (positions, np.arange(len(labels)))), shape=(len(distinct), len(labels)))
    return sparse.csr_matrix(gather @ counts)
