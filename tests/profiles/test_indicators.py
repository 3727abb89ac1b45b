"""The catalogue as written by its analysts: what is accepted, and how a mistake is named."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from pipeline.errors import KnowledgeError
from pipeline.profiles.corrections import load_corrections
from pipeline.profiles.indicators import load_indicators
from pipeline.profiles.language import load_language
from pipeline.profiles.lookup import plain_unit
from pipeline.profiles.patterns import PatternError, describe, read_pattern, spell_out
from pipeline.settings import KNOWLEDGE

ENTRY = """theme: decision
genre: rule_of_law
indicators:
  - id: contract_count
    name: 合同审查份数
    kind: count
    unit: 份
    units: [份, 件]
    direction: up
    definition: 审查的合同份数。
    patterns: [审查合同@]
    examples:
      positive: [{text: 审查合同3份。, low: 3, high: 3}, {text: 审查合同4份。, low: 4, high: 4}, {text: 审查合同5份。, low: 5, high: 5}]
      negative: [备案合同3份。, 审查文件3份。]
"""


@pytest.fixture(scope="module")
def indicators():
    return load_indicators(KNOWLEDGE)


def test_ids_are_unique_and_of_known_genres(indicators):
    assert [name for name, often in Counter(item.id for item in indicators.all).items() if often > 1] == []
    assert {item.genre for item in indicators.all} <= {"rule_of_law", "work_report"}
    assert indicators.by_id["disclosure_count"] in indicators.of_genre("rule_of_law")
    assert indicators.of_genre("shufa") == ()


def test_every_indicator_is_fit_for_charts(indicators):
    for item in indicators.all:
        assert len(item.short_name) <= 12, item.id
        assert plain_unit(item.unit) in map(plain_unit, item.units), item.id
        assert item.definition.endswith("。"), item.id


def test_examples_are_not_shared_between_positive_sentences_of_one_indicator(indicators):
    for item in indicators.all:
        texts = [(example.text, example.role, example.heading) for example in item.examples]
        assert len(texts) == len(set(texts)), item.id


@pytest.mark.parametrize(
    ("pattern", "before", "after", "fits"),
    [
        ("立案@", "全年立案", "", True),
        ("立案@", "全年立案查处违法行为", "", False),
        ("发放…资料@", "发放民法典、禁毒等宣传资料", "", True),
        ("@…行政诉讼", "", "行政诉讼案件", True),
        ("@…行政诉讼", "", "，行政诉讼案件", False),  # a gap stays within the clause
        ("(聘请|选聘)@…律师", "全年选聘", "执业律师", True),
        ("规范性文件@……备案", "制定规范性文件", "，均按时报送备案", True),
        ("规范性文件@……备案", "制定规范性文件", "，修订#，备案", False),  # the later clause has its own number
    ],
)
def test_patterns_fit_words_around_a_number(pattern, before, after, fits):
    shape = read_pattern(pattern)
    left = shape.left is None or shape.left.search(before) is not None
    right = shape.right is None or shape.right.match(after) is not None
    assert (left and right) is fits


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("率@", "没有两个相连的字"),
        ("立案@、@", "只能出现一次"),
        ("(立案|结案@", "没有闭合"),
        ("立案[0-9]@", "不可用"),
    ],
)
def test_pattern_mistakes_are_named(pattern, problem):
    with pytest.raises(PatternError, match=problem):
        read_pattern(pattern)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("kind: count", "kind: counts"), r"第4行.*counts.*是否想写 count"),
        (("patterns: [审查合同@]", "patterns: [审查合同]"), "每条都要有 @"),
        (("patterns: [审查合同@]", "patterns: [合@]"), "没有两个相连的字"),
        (("direction: up", "direktion: up"), "缺少 direction"),
        (("negative: [备案合同3份。, 审查文件3份。]", "negative: [备案合同3份。]"), "例句不足"),
        (("patterns: [审查合同@]", "patterns: [{about: 合约, is: 审查@@}]"), "合约"),
    ],
)
def test_file_mistakes_name_file_and_line(tmp_path, change, problem):
    folder = tmp_path / "indicators" / "rule_of_law"
    folder.mkdir(parents=True)
    for name in ("language.yml", "subjects.yml"):
        (tmp_path / "indicators" / name).write_bytes((KNOWLEDGE / "indicators" / name).read_bytes())
    (folder / "decision.yml").write_text(ENTRY, encoding="utf-8")
    assert [item.id for item in load_indicators(tmp_path).all] == ["contract_count"]
    (folder / "decision.yml").write_text(ENTRY.replace(*change), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=problem) as caught:
        load_indicators(tmp_path)
    assert re.match(r"decision.yml 第\d+行", str(caught.value))


HEADER = "report_id,indicator,was,now,state,reason,by,date\n"


@pytest.mark.parametrize(
    ("row", "low", "high"),
    [
        ("云泽区水利局-2022,disclosure_count,80,83,value,原文表格,李某,2023-03-31", 83, 83),
        ("云泽区水利局-2022,disclosure_count,,80—90,value,原文写80余条,李某,2023-03-31", 80, 90),
        ("云泽区水利局-2022,disclosure_count,80,80—,value,原文写80条以上,李某,2023-03-31", 80, None),
        ("云泽区水利局-2022,disclosure_count,80,,zero,“80”是编号,李某,2023-03-31", 0, 0),
        ("云泽区水利局-2022,disclosure_count,80,,not_disclosed,误读,李某,2023-03-31", None, None),
    ],
)
def test_corrections_are_read(tmp_path, row, low, high):
    (tmp_path / "corrections.csv").write_text(HEADER + row + "\n", encoding="utf-8")
    correction = load_corrections(tmp_path).of("云泽区水利局-2022", "disclosure_count")
    assert (correction.low, correction.high) == (low, high)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("云泽区水利局-2022,disclosure_count,80,八十,value,原文,李某,2023-03-31", "第2行.*now"),
        ("云泽区水利局-2022,disclosure_count,80,83,values,原文,李某,2023-03-31", "是否想写 value"),
        ("云泽区水利局-2022,disclosure_count,80,83,value,,李某,2023-03-31", "reason 不得为空"),
        ("云泽区水利局-2022,disclosure_count,80,83,value,原文,李某,去年", "日期"),
    ],
)
def test_correction_mistakes_name_the_line(tmp_path, row, problem):
    (tmp_path / "corrections.csv").write_text(HEADER + row + "\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=problem):
        load_corrections(tmp_path)


def test_word_classes_stand_for_their_words():
    classes = {"办理": "(办理|受理)"}
    assert spell_out("<办理>…工单@", classes) == "(办理|受理)…工单@"
    with pytest.raises(PatternError, match="没有词类 <办>，可用：<办理>"):
        spell_out("<办>…工单@", classes)


def test_patterns_can_be_told_to_a_reader(indicators):
    assert describe("^(审查|审核|把关|审定|审签)…合同(书)?@") == "审查／审核／把关／审定等…合同〔数〕"
    for item in indicators.all:
        for pattern in (*item.patterns, *item.zero):
            assert not re.search("[@#|^?()<>]", describe(pattern.text)), pattern.text


def test_a_language_file_of_an_earlier_version_is_accepted(tmp_path):
    lines = (KNOWLEDGE / "indicators" / "language.yml").read_text(encoding="utf-8").splitlines()
    later = ("occasions:", "increments:", "aspects:", "falls:", "classes:", "  ")
    kept = []
    skipping = False
    for line in lines:
        skipping = line.startswith(later[:5]) or (skipping and line.startswith(("  ", "    ")))
        kept += [] if skipping else [line]
    path = tmp_path / "language.yml"
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    language = load_language(path, KNOWLEDGE / "indicators" / "subjects.yml")
    assert not language.classes
    assert language.occasion.search("春节期间宣讲") is None
