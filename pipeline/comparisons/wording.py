"""Which terms a group of reports uses more than the rest: key terms of departments, years and roles.

z is the log-odds ratio with an informative Dirichlet prior of Monroe, Colaresi and Quinn, "Fightin' Words",
Political Analysis 16 (2008): a term must be both more frequent and frequent enough. TF-IDF stands beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
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
from pipeline.tables.store import Tables, columns_of

_MOST_TERMS = 30
_FEWEST_HITS = 3
_MOST_OFFERED = 20
_MOST_SENTENCES = 100_000
_GROUPINGS = {"department": "部门", "year": "年度", "role": "章节角色"}
# Benjamini-Hochberg over all terms tested in a group: about one in five listed terms may be there by chance.
# Key terms point to passages to read; a stricter level leaves years of a small corpus without any.
_FALSE_DISCOVERIES = 0.2


@dataclass(frozen=True)
class _Grouping:
    """Names of the groups in order, the group of each row of the matrix, and a test of terms that a group may not list."""

    groups: list[str]
    group_of_row: np.ndarray
    is_name: Callable[[str, str], bool]


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
        for name, grouping in _find_groups(matrix, compared, sections).items():
            if len(grouping.groups) < 2:
                issues.append({"place": "全部报告", "severity": "note",
                               "message": f"{_GROUPINGS[name]}只有一组（{grouping.groups[0]}），无从比较用词"})
                continue
            rows += ({"grouping": name, **row} for row in weighing.list_terms(grouping))
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


def _find_groups(matrix: TermMatrix, compared: pd.DataFrame, sections: pd.DataFrame) -> dict[str, _Grouping]:
    documents = [key[0] for key in matrix.keys]
    departments = dict(zip(compared["document_id"].tolist(), compared["department"].tolist(), strict=True))
    years = dict(zip(compared["document_id"].tolist(), compared["report_year"].tolist(), strict=True))
    places = _Names({region for region in compared["region"].tolist() if isinstance(region, str)})
    spellings: dict[str, set[str]] = {}
    for department, short in zip(compared["department"].tolist(), compared["department_short"].tolist(), strict=True):
        spellings.setdefault(department, {department}).update([short] if isinstance(short, str) else [])
    own = {department: _Names(names) for department, names in spellings.items()}
    roles = dict(zip(zip(*columns_of(sections, "document_id", "section_no"), strict=True),
                     columns_of(sections, "role")[0], strict=True))
    return {
        "department": _split([departments[document] for document in documents],
                             lambda group, term: places.hold(term) or own[group].hold(term)),
        "year": _split([str(years[document]) for document in documents], lambda _, term: places.hold(term)),
        "role": _split([roles.get(key) or "other" for key in matrix.keys], lambda _, term: places.hold(term)),
    }


def _split(labels: list[str], is_name: Callable[[str, str], bool]) -> _Grouping:
    groups = sorted(set(labels))
    number = {label: place for place, label in enumerate(groups)}
    return _Grouping(groups, np.array([number[label] for label in labels], dtype=np.int64), is_name)


class _Names:
    """Names that a term may be part of: 科技 and 科技局 of 科学技术局, 澜山 and 澜山区 of 澜山区."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = sorted(name for name in names if name)
        # 澜山 without its 区 begins further terms such as 澜山区委.
        self._stems = {name[:-1] for name in self._names if len(name) > 2 and name.endswith(tuple("省市州盟区县旗镇乡"))}
        self._lengths = sorted({len(stem) for stem in self._stems})
        self._holding: dict[str, set[int]] = defaultdict(set)
        for number, name in enumerate(self._names):
            for character in name:
                self._holding[character].add(number)
        self._known: dict[str, bool] = {}

    def hold(self, term: str) -> bool:
        """Whether the term is part of one of the names."""
        if term not in self._known:
            self._known[term] = any(term[:length] in self._stems for length in self._lengths) or self._runs_in_one(term)
        return self._known[term]

    def _runs_in_one(self, term: str) -> bool:
        """Whether the characters of `term` stand in a name in this order, others between them allowed."""
        holding = sorted((self._holding.get(character, set()) for character in term), key=len)
        for number in set.intersection(*holding):
            rest = iter(self._names[number])
            if all(character in rest for character in term):
                return True
        return False


class _Weighing:
    """Log-odds of each group of rows against all others."""

    def __init__(self, matrix: TermMatrix) -> None:
        self._matrix = matrix
        documents = {document: number for number, document in enumerate(dict.fromkeys(key[0] for key in matrix.keys))}
        self._document_of_row = np.array([documents[key[0]] for key in matrix.keys], dtype=np.int64)
        self._total = np.asarray(matrix.counts.sum(axis=0)).ravel()
        n_terms = float(self._total.sum())
        # The prior weighs as much as one report, in the proportions of the whole corpus.
        self._prior = self._total / n_terms * (n_terms / len(documents))
        by_document = _sum_rows(matrix.counts, self._document_of_row, len(documents))
        self._tfidf = TfidfTransformer(sublinear_tf=True).fit(by_document)

    def list_terms(self, grouping: _Grouping) -> list[dict[str, Any]]:
        """Rows of the key terms of all groups, for each group best first."""
        n_groups = len(grouping.groups)
        counts = _sum_rows(self._matrix.counts, grouping.group_of_row, n_groups)
        # Reports of each group, and how many of them use each term: rows of one report and group count once.
        pairs, pair_of_row = np.unique(np.stack((grouping.group_of_row, self._document_of_row)), axis=1, return_inverse=True)
        used = _sum_rows(self._matrix.counts, pair_of_row.ravel(), pairs.shape[1])
        used.data[:] = 1.0
        users = _sum_rows(used, pairs[0], n_groups)
        n_reports = np.bincount(pairs[0], minlength=n_groups)
        tfidf = self._tfidf.transform(counts)
        rows: list[dict[str, Any]] = []
        for number, group in enumerate(grouping.groups):
            # The three matrices hold the same cells.
            part = slice(counts.indptr[number], counts.indptr[number + 1])
            rows += self._list_group(grouping, group, counts.indices[part], counts.data[part], users.data[part],
                                     tfidf.data[part], min(2, int(n_reports[number])))
        return rows

    def _list_group(
        self, grouping: _Grouping, group: str, columns: np.ndarray, count: np.ndarray, users: np.ndarray,
        tfidf: np.ndarray, fewest_reports: int,
    ) -> list[dict[str, Any]]:
        terms = self._matrix.terms
        common = np.flatnonzero((count >= _FEWEST_HITS) & (users >= fewest_reports))
        tested = np.array([place for place in common.tolist() if not grouping.is_name(group, terms[columns[place]])],
                          dtype=np.int64)
        chosen = columns[tested]
        rest = self._total.sum() - count.sum()
        z = _log_odds_z(count[tested], self._total[chosen] - count[tested], self._prior[chosen],
                        (count.sum(), rest, self._prior.sum()))
        q_values = _false_discovery_rates(norm.sf(z))
        listed = sorted((place for place in np.flatnonzero(q_values <= _FALSE_DISCOVERIES).tolist() if z[place] > 0),
                        key=lambda place: (-z[place], terms[chosen[place]]))[:_MOST_TERMS]
        return [
            {"group": group, "term": terms[chosen[place]], "count": int(count[tested[place]]),
             "n_documents": int(users[tested[place]]), "tfidf": float(tfidf[tested[place]]),
             "log_odds_z": float(z[place]), "q_value": float(q_values[place]), "rank": rank}
            for rank, place in enumerate(listed, 1)
        ]


def _log_odds_z(
    count: np.ndarray, rest: np.ndarray, prior: np.ndarray, sums: tuple[float, float, float]
) -> np.ndarray:
    """z of each term in the group against the rest; positive where the group uses it more.

    `sums` are those of the three over all terms.
    """
    n_count, n_rest, whole = sums
    in_group, elsewhere = count + prior, rest + prior
    delta = np.log(in_group / (n_count + whole - in_group)) - np.log(elsewhere / (n_rest + whole - elsewhere))
    return delta / np.sqrt(1 / in_group + 1 / elsewhere)


def _false_discovery_rates(p_values: np.ndarray) -> np.ndarray:
    """q of each test: the least rate of false discoveries at which it passes (Benjamini and Hochberg 1995)."""
    order = np.argsort(p_values, kind="stable")
    n_tests = len(order)
    scaled = p_values[order] * n_tests / np.arange(1, n_tests + 1)
    q_values = np.empty(n_tests)
    q_values[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q_values


def _sum_rows(counts: sparse.csr_array, group_of_row: np.ndarray, n_groups: int) -> sparse.csr_matrix:
    """Rows of the same group added up."""
    rows = np.arange(len(group_of_row))
    gather = sparse.csr_matrix((np.ones(len(rows)), (group_of_row, rows)), shape=(n_groups, len(rows)))
    summed = sparse.csr_matrix(gather @ counts)
    summed.sort_indices()
    return summed
