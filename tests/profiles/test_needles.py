"""What a text must hold for a pattern to match it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.profiles import load_part
from pipeline.profiles.needles import Sieve, find_needles, may_match
from pipeline.profiles.reader import read_csv
from pipeline.profiles.units import MOVING_CUES
from pipeline.profiles.word_patterns import WordSearch, any_word
from pipeline.settings import KNOWLEDGE


@pytest.mark.parametrize(("pattern", "needles"), [
    ("法制宣传日", {"法制宣传日"}),
    ("(?:全国)?法制宣传日", {"法制宣传日"}),              # an optional beginning adds nothing
    ("“?六五”?普法", {"六五普法", "六五”普法"}),           # an optional character in the middle does
    ("(?:我|本)(?:镇|乡)", {"我镇", "我乡", "本镇", "本乡"}),
    ("(?:贯彻|落实)[^，。]{0,8}党的十九大", {"党的十九大"}),  # the rarer of two parts
    ("[^。]*截至", {"截至"}),
    ("(?<!企业)主要领导(?!班子)", {"主要领导"}),           # what stands around is not part of a match
    (".+", set()),
    ("(?:原因|.{3})", set()),                            # one choice may be anything
    (r"\d+件?", set()),
])
def test_needles(pattern: str, needles: set[str]) -> None:
    assert set(find_needles(re.compile(pattern))) == needles


def test_case_is_not_guessed() -> None:
    assert find_needles(re.compile("abc", re.IGNORECASE)) == ()


def test_nothing_that_matches_is_passed_over() -> None:
    """Every pattern of the checks, boilerplate and era terms, held against texts that one of them takes."""
    rules, boilerplate, era = load_part("check_rules"), load_part("boilerplate"), load_part("era_terms")
    patterns = [rules.cause, rules.responsible, rules.problem, rules.cutoff, rules.part_mark, rules.leftovers.placeholders,
                *(name.word for name in rules.leftovers.self_names), *(rule.words for rule in rules.all if rule.words),
                *boilerplate.sentences, *boilerplate.phrases, *(term.pattern for term in era.all)]
    texts = ["现将2022年度法治政府建设情况报告如下", "特此报告", "受编制限制，执法力量不足，原因在于投入不够", "我镇坚持",
             "深入学习贯彻党的二十大精神", "“七五”普法", "区安监局牵头", "在区委、区政府坚强领导下", "××局主要负责人带头述法",
             "数据统计截至11月底，其中受理行政复议3件", "较上年增长12%", "统筹疫情防控和经济社会发展", "没有制定规范性文件"]
    hits = [(pattern, text) for pattern in patterns for text in texts if pattern.search(text)]
    assert len(hits) >= 15
    assert all(may_match(pattern, text) for pattern, text in hits)


@pytest.mark.parametrize(("text", "found"), [
    ("行政复议应诉案件", ["行政复议应诉"]),   # the longest at a place
    ("行政复议案件、复议", ["行政复议", "复议"]),
    ("提高到90%", ["提高到"]),
    ("审批", []),
])
def test_any_word(text: str, found: list[str]) -> None:
    assert any_word(["复议", "行政复议", "行政复议应诉", "提高", "提高到"]).findall(text) == found


def test_no_words_find_nothing() -> None:
    assert any_word([]).search("任何文字") is None


def test_a_sieve_finds_what_its_patterns_find() -> None:
    """Cues of claims against the example of every row of claims.csv, which is how each of them may be written."""
    rows = read_csv(KNOWLEDGE / "claims.csv", ("cue", "text", "example"), ("note",))
    moving = load_part("units").moving
    cues = re.compile("|".join(row["text"] for row in rows if row["cue"] in (*MOVING_CUES, "mention")))
    examples = [row["example"] for row in rows]
    assert sum(map(moving.finds, examples)) > 5
    assert [moving.finds(example) for example in examples] == [cues.search(example) is not None for example in examples]


@given(st.text("甲乙丙", max_size=8))
def test_a_sieve_finds_within_and_across_needles(text: str) -> None:
    patterns = ["甲乙|(?:乙|丙)甲[乙|]", "丙(?=丙)", "[^甲]乙丙", "甲.丙$"]
    assert Sieve(patterns).finds(text) == (re.search("|".join(patterns), text) is not None)


def test_a_sieve_tries_a_pattern_without_needles_everywhere() -> None:
    assert Sieve([".+"]).finds("任何文字")
    assert not Sieve([]).finds("任何文字")


@given(st.text("甲乙丙", max_size=12), st.lists(st.text("甲乙丙", min_size=1, max_size=4), max_size=8))
def test_words_are_found_within_and_across_each_other(text: str, words: list[str]) -> None:
    assert WordSearch(words).words_in(text) == {word for word in words if word in text}
