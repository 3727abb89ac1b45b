"""Cutting and counting terms."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.measures.terms import count_terms, cut, find_ineffective
from pipeline.profiles.words import Words, load_words
from pipeline.settings import KNOWLEDGE
from pipeline.tables import store

WORDS = Words(added=("公职律师", "出庭应诉", "12345热线", "行政执法三项制度"), stop=frozenset({"我局", "进行"}))


def count(*sentences: tuple[int, str]) -> dict[tuple[int, str], int]:
    frame = store.frame("sentences", [
        {"document_id": "d", "sentence_no": number, "section_no": section_no, "role": "achievements", "text": text}
        for number, (section_no, text) in enumerate(sentences)
    ])
    made = count_terms(frame, WORDS)["term_counts"]
    return dict(zip(zip(made["section_no"], made["term"], strict=True), made["count"], strict=True))


@pytest.mark.parametrize(("text", "term", "times"), [
    ("全局现有公职律师2名，公职律师参与决策", "公职律师", 2),
    ("落实行政执法三项制度", "行政执法三项制度", 1),
    ("办理12345热线工单312件", "12345热线", 1),     # a listed word is counted though it holds digits
    ("办理工单312件", "312", 0),                     # numbers are not terms
    ("开展培训十余次", "十余", 0),
    ("我局进行检查", "我局", 0),                     # stop words
    ("加强监督，", "，", 0),
    ("把权力关进笼子", "把", 0),                     # one character says too little
])
def test_counted_terms(text: str, term: str, times: int) -> None:
    assert count((1, text)).get((1, term), 0) == times


def test_counts_are_by_section() -> None:
    counted = count((1, "公职律师参与审查。"), (2, "聘请公职律师。"))
    assert counted[1, "公职律师"] == counted[2, "公职律师"] == 1


def test_no_term_runs_from_one_sentence_into_the_next() -> None:
    assert (1, "公职律师") not in count((1, "共有公职"), (1, "律师三名"))


def test_cut_leaves_nothing_out() -> None:
    text = "（一）加强“三项制度”。2022年，区科技局公开信息 80 余条。\n特此报告"
    assert "".join(cut(text, WORDS.added)) == text


def test_no_sentences_give_no_counts() -> None:
    assert count() == {}


def test_every_listed_word_takes_effect() -> None:
    assert find_ineffective(load_words(KNOWLEDGE).added) == []


def test_terms_are_those_of_jieba(shared: Path) -> None:
    """The fast segmenter must count what the common one counts, with the same words added."""
    jieba = pytest.importorskip("jieba")
    jieba.setLogLevel(60)
    words = load_words(KNOWLEDGE)
    reference = jieba.Tokenizer()
    for word in words.added:
        reference.add_word(word)

    def terms(tokens: list[str]) -> list[str]:
        return [token for token in tokens if len(token) > 1 and token.isalpha()]

    for path in sorted((shared / "demo").glob("*.txt"))[::5]:
        text = path.read_text(encoding="utf-8")
        assert terms(cut(text, words.added)) == terms(reference.lcut(text)), path.name
