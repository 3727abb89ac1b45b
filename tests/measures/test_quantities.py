"""Quantities: the convention's cases one by one, the gold set, and strings that no report would hold."""

from __future__ import annotations

import json
import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.measures.quantities import Quantity, find_quantities, read_quantities
from pipeline.profiles import load_part
from pipeline.profiles.units import Units
from pipeline.tables.store import frame

GOLD = Path(__file__).with_name("gold_quantities.jsonl")
Row = tuple[str, str, float | None, float | None, str, str]


@cache
def units() -> Units:
    part = load_part("units")
    assert isinstance(part, Units)
    return part


def read(text: str) -> list[Row]:
    return [(q.text, q.kind, q.low, q.high, q.approx, q.unit) for q in read_quantities(text, units())]


@pytest.mark.parametrize(("text", "expected"), [
    ("公开信息 80 余条", ("80 余条", "count", 80, 90, "over", "条")),
    ("近八成", ("近八成", "percent", 72, 80, "under", "%")),
    ("近2600余人次参加", ("近2600余人次", "count", 2600, None, "over", "人次")),
    ("超80余件", ("超80余件", "count", 80, None, "over", "件")),
    ("约80场", ("约80场", "count", 76, 84, "about", "场")),
    ("10%左右", ("10%左右", "percent", 9.5, 10.5, "about", "%")),
    ("十几家", ("十几家", "count", 10, 20, "vague", "家")),
    ("上千份", ("上千份", "count", 1000, None, "vague", "份")),
    ("一个月内", ("一个月内", "duration", None, 1, "under", "个月")),
    ("5.5%以上的增长", ("5.5%以上", "percent", 5.5, 100, "over", "%")),
    ("产值增长5.5%以上", ("5.5%以上", "percent", 5.5, None, "over", "%")),   # growth is not capped
    ("时限压缩62%以上", ("62%以上", "percent", 62, 100, "over", "%")),       # a cut is
    ("罚款38.6万，", ("38.6万", "money", 386_000, 386_000, "exact", "")),
    ("罚没金额（万元）：41.7", ("41.7", "money", 417_000, 417_000, "exact", "元")),
    ("行政处罚（件）：12", ("12", "count", 12, 12, "exact", "件")),
    ("检查2310余家（次）", ("2310余家（次）", "count", 2310, 2320, "over", "家次")),
    ("3—5个工作日", ("3—5个工作日", "duration", 3, 5, "range", "个工作日")),
    ("历时3个多月", ("3个多月", "duration", 3, 4, "over", "个月")),
    ("九成五", ("九成五", "percent", 95, 95, "exact", "%")),
    ("三分之二", ("三分之二", "percent", 66.67, 66.67, "exact", "%")),
    ("百分之九十九点五", ("百分之九十九点五", "percent", 99.5, 99.5, "exact", "%")),
    ("翻两番", ("翻两番", "multiple", 4, 4, "exact", "倍")),
    ("播放量超10万＋", ("超10万＋", "count", 100_000, None, "over", "")),
    ("突破万亿元", ("突破万亿元", "money", 1e12, None, "over", "元")),
    ("考核位居全省前三名", ("前三名", "rank", 3, 3, "exact", "名")),
    ("1 258 件", ("1 258 件", "count", 1258, 1258, "exact", "件")),
    ("发放材料12\n00余份", ("12\n00余份", "count", 1200, 1300, "over", "份")),
    ("新增公开发布信息数百余条", ("百余条", "count", 100, 200, "over", "条")),   # 数 belongs to 信息数
    ("召开专题会一次。", ("一次", "count", 1, 1, "exact", "次")),
    ("每月竣工一个重大项目", ("一个", "count", 1, 1, "exact", "个")),
])
def test_one_quantity(text: str, expected: Row) -> None:
    assert read(text) == [expected]


@pytest.mark.parametrize("text", [
    "云科党组〔2023〕6号", "2021—2025年", "二〇二三年二月十日", "1—9月", "2023 年 1 月 6 日", "行政处罚法第三十三条第一款",
    "党的二十届四中全会", "第3次常务会", "“三重一大”事项", "双随机、一公开", "12345热线", "“1+6”方案", "一件一策", "第一责任人",
    "打造一支高素质队伍", "再上一个新台阶", "一系列举措", "24小时值守", "15分钟便民生活圈", "千亿级产业集群", "三年行动计划",
    "5G基站、G312、PM2.5", "联系电话：0533-2861234", "（一）1.一是", "75周年", "近三年来", "35岁以下", "共有x名、*次、××人",
    "成文于2020年12月", "又一次、每一个", "最多跑一次", "索引号 370999/2026-00128", "全国第一个", "党组数次听取",
])
def test_names_and_dates_are_no_quantities(text: str) -> None:
    assert read(text) == []


def test_a_size_that_only_says_which_things_is_no_quantity() -> None:
    assert [row[0] for row in read("路程超过30公里的上门服务18次")] == ["18次"]
    assert [row[0] for row in read("组建总规模超50亿元的基金")] == ["超50亿元"]


def test_a_change_is_two_quantities_and_a_name_between_is_none() -> None:
    found = read("权责清单由131项调整为126项，“八五”普法第2年开展活动12场")
    assert [row[0] for row in found] == ["131项", "126项", "12场"]


def _gold() -> list[dict[str, object]]:
    return [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("sentence", _gold(), ids=lambda sentence: str(sentence["id"]))
def test_gold_sentence(sentence: dict[str, object]) -> None:
    labels = sentence["quantities"]
    assert isinstance(labels, list)
    expected = [(q["text"], q["kind"], q["low"], q["high"], q["approx"], q["unit"]) for q in labels]
    assert read(str(sentence["text"])) == expected


def test_objects_of_the_gold_set_are_mostly_right() -> None:
    scores = []
    for sentence in _gold():
        found = {q.start: q.object for q in read_quantities(str(sentence["text"]), units())}
        for label in sentence["quantities"]:  # type: ignore[attr-defined]
            scores.append(_overlap(label["object"], found.get(label["start"], "")))
    assert sum(scores) / len(scores) > 0.9


def _overlap(first: str, second: str) -> float:
    common = sum(min(first.count(mark), second.count(mark)) for mark in set(first))
    return 2 * common / (len(first) + len(second)) if first or second else 1.0


# Letters that mean something to the reader, so that random strings reach its rules.
_ALPHABET = (
    "0123456789零一二两三四五六七八九十百千万亿几半数余多来近约超过不少于足到以上下内左右个件次条份%元天日年月工作小时成倍番分之点"
    "第前名位未发生没有无零投诉复议案件同比增长由减至其中分别每一起（）()，。、；：\n\t -—~.+/·《》“”xX*×GABkmw😀\x00\u200b"
)
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def _check(text: str) -> list[Quantity]:
    found = read_quantities(text, units())
    end = 0
    for quantity in found:
        assert end <= quantity.start < quantity.end <= len(text)
        assert text[quantity.start:quantity.end] == quantity.text
        assert quantity.low is None or quantity.high is None or quantity.low <= quantity.high
        end = quantity.end
    return found


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(alphabet=_ALPHABET, max_size=60), st.text(max_size=60)))
def test_any_string_gives_sound_quantities(text: str) -> None:
    narrow = [(q.start, q.end, q.kind, q.low, q.high, q.approx, q.unit) for q in _check(text)]
    wide = [(q.start, q.end, q.kind, q.low, q.high, q.approx, q.unit) for q in _check(text.translate(_FULL_WIDTH))]
    assert narrow == wide


@pytest.mark.parametrize("unit", [
    "1", "一", "百", "1.", "123 ", "2021—", "未发生", "分别", "（", "“", "《", "开展活动12场，", "由1个至2个", "第", "x", "近", "十条、改",
])
def test_reading_is_linear(unit: str) -> None:
    """Four times the text takes about four times as long, not sixteen."""
    short = (unit * 60_000)[:12_000]
    assert _least_seconds(short * 4) < 10 * _least_seconds(short) + 0.2


def _least_seconds(text: str) -> float:
    """The best of three readings: a search for garbage among all that the tests have loaded takes longer than a reading."""
    seconds = []
    for _ in range(3):
        started = time.process_time()
        _check(text)
        seconds.append(time.process_time() - started)
    return min(seconds)


def test_stage_gives_document_offsets_and_names_masked_figures() -> None:
    text = "标题\n全年立案26件。处理xx件。"
    tables = find_quantities(
        frame("documents", [{"document_id": "d", "path": "d.txt", "text": text, "status": "ok"}]),
        frame("sections"),
        frame("sentences", [
            {"document_id": "d", "sentence_no": 0, "section_no": 0, "role": "achievements", "start": 3, "end": 11, "text": text[3:11]},
            {"document_id": "d", "sentence_no": 1, "section_no": 0, "role": "achievements", "start": 11, "end": 17, "text": text[11:17]},
        ]),
        frame("identities"), units())
    row = tables["quantities"].iloc[0]
    assert len(tables["quantities"]) == 1
    assert (row["text"], text[row["start"]:row["end"]], row["sentence_no"]) == ("26件", "26件", 0)
    assert tables["issues"]["place"].tolist() == ["正文第14字"]


def test_a_number_before_an_unknown_classifier_becomes_an_issue() -> None:
    text = "接入终端300垛。"
    tables = find_quantities(
        frame("documents", [{"document_id": "d", "path": "d.txt", "text": text, "status": "ok"}]), frame("sections"),
        frame("sentences", [{"document_id": "d", "sentence_no": 0, "section_no": 0, "role": "achievements",
                             "start": 0, "end": len(text), "text": text}]),
        frame("identities"), units())
    assert tables["quantities"].empty
    (message,) = tables["issues"]["message"]
    assert "300垛" in message
    assert "units.csv" in message


def test_the_seed_report_discloses_one_count_and_one_zero(shared: Path) -> None:
    (path,) = (shared / "seed").glob("*.txt")
    found = read_quantities(path.read_text(encoding="utf-8"), units())
    assert [(q.text, q.kind, q.low, q.high) for q in found] == [("未发生", "zero", 0, 0), ("80 余条", "count", 80, 90)]
    assert found[0].object == "滥用职权、越权执法、越级执法和超时限执法的现象"


@pytest.mark.parametrize("name", ["city_sentences.jsonl"])
def test_shared_sentences(shared: Path, name: str) -> None:
    """Value and full F1 on the labelled sentences of city reports (score_quantities.py computes the same)."""
    found_all, right, labelled = 0, 0, 0
    for line in (shared / "gold" / name).read_text(encoding="utf-8").splitlines():
        sentence = json.loads(line)
        wanted = {(q["start"], q["end"], q["kind"], q["low"], q["high"], q["approx"], q["unit"])
                  for q in sentence["quantities"] if not q.get("optional")}
        optional = {q["start"] for q in sentence["quantities"] if q.get("optional")}
        found = {(q.start, q.end, q.kind, q.low, q.high, q.approx, q.unit)
                 for q in read_quantities(sentence["text"], units()) if q.start not in optional}
        found_all, labelled, right = found_all + len(found), labelled + len(wanted), right + len(found & wanted)
    assert 2 * right / (found_all + labelled) >= 0.97


@pytest.mark.parametrize(("text", "expected"), [
    ("投资2456.7亿元。", (245_670_000_000, 245_670_000_000)),      # no 245669999999.99997
    ("面积1.15万平方米。", (11_500, 11_500)),
    ("近3.3万人次。", (29_700, 33_000)),
    ("增长5 . 5%以上。", (5.5, None)),                            # blanks around the point
    ("审查文件、合同和村规民约38件。", (38, 38)),                  # 民约 is no 约
    ("430余台（艘）次。", (430, 440)),
])
def test_exact_bounds(text: str, expected: tuple[float | None, float | None]) -> None:
    [found] = read_quantities(text, units())
    assert (found.low, found.high) == expected


@pytest.mark.parametrize(("text", "unit"), [("430余台（艘）次。", "台艘次"), ("30余名（次）。", "名次"), ("3家（次）。", "家次")])
def test_units_in_brackets_are_joined(text: str, unit: str) -> None:
    assert [found.unit for found in read_quantities(text, units())] == [unit]


@pytest.mark.parametrize(("text", "expected"), [
    ("开展联合治超126次。", ["126次"]),              # 超 belongs to 治超
    ("对6起初次违法行为免罚。", ["6起"]),            # 起 is the classifier, not 起初
    ("执法队员136人均持证上岗。", ["136人"]),        # not 人均
])
def test_words_that_hide_a_classifier(text: str, expected: list[str]) -> None:
    assert [found.text for found in read_quantities(text, units())] == expected
