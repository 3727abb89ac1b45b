"""words.txt and stopwords.txt."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import KnowledgeError
from pipeline.profiles.words import load_words
from pipeline.settings import KNOWLEDGE


def write(folder: Path, words: str, stop: str = "") -> Path:
    (folder / "words.txt").write_text(words, encoding="utf-8")
    (folder / "stopwords.txt").write_text(stop, encoding="utf-8")
    return folder


def test_the_lists_of_the_project_load() -> None:
    words = load_words(KNOWLEDGE)
    assert "公职律师" in words.added
    assert "我局" in words.stop


def test_comments_and_blank_lines_are_skipped(tmp_path: Path) -> None:
    words = load_words(write(tmp_path, "# 制度\n\n公职律师\n12345热线\n", "我局\n"))
    assert words.added == ("公职律师", "12345热线")
    assert words.stop == {"我局"}


@pytest.mark.parametrize(("content", "stop", "line", "problem"), [
    ("公职律师\n12·4\n", "", "第2行", "断开"),           # a middle dot always ends a term
    ("公职律师\n公职律师\n", "", "第2行", "重复"),
    ("公职律师 5 n\n", "", "第1行", "空格"),             # frequency and part of speech are not taken
    ("法\n", "", "第1行", "一个字"),
    ("我局\n", "我局\n", "第1行", "stopwords.txt"),
])
def test_a_word_that_cannot_take_effect_is_named(tmp_path: Path, content: str, stop: str, line: str, problem: str) -> None:
    with pytest.raises(KnowledgeError) as error:
        load_words(write(tmp_path, content, stop))
    assert line in str(error.value)
    assert problem in str(error.value)
