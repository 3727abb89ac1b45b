from collections import Counter

import pytest

from pipeline.reading.clean import UNKNOWN_PRIVATE, clean_text


@pytest.mark.parametrize(("raw", "clean"), [
    ("新增公开信息达 80 余条", "新增公开信息达80余条"),
    ("2022 年 12 月 30 日", "2022年12月30日"),
    ("2022  年  12  月 30 日", "2022年12月30日"),                   # dates close up at any width
    ("办理案件１２件，占３８．５％", "办理案件12件，占38.5%"),
    ("1 258 件", "1258件"),
    ("2 0 2 3年", "2023年"),
    ("关 于 印 发 通 知", "关于印发通知"),
    ("索 引 号：LS0013", "索引号：LS0013"),
    ("完成率 100 %", "完成率100 %"),
    ("广泛宣传 ，成效明显", "广泛宣传，成效明显"),
    ("二○二三年一月五日", "二〇二三年一月五日"),
    ("二OO九年", "二〇〇九年"),
    ("⼀是⾃觉接受⻔⻓监督", "一是自觉接受门长监督"),                  # radicals as pdf fonts give them
    ("软\u00ad连字符、零宽\u200b空格\ufeff", "软连字符、零宽空格"),
    ("全\u00a0年\ue5e5开展", "全 年 开展"),
    ("eﬃcient ﬁle", "efficient file"),
    ("\uf0fe已完成", "☑已完成"),
])
def test_repairs(raw, clean):
    assert clean_text(raw) == clean


@pytest.mark.parametrize("text", [
    "（一）加强领导：落实责任……",                                   # NFKC would turn these into half-width
    "①㈠⑴㎡℃№", "A+ A-", "１+N".replace("１", "1"), "3.5万元", "1,260人次", "1，260人次",
    "中共张店区科技局党组 关于2022年度法治政府建设工作的报告",          # a space between hanzi separates two things
    "党组办公室　2021年1月15日印发",                                 # so does a wide gap
    "　　首行缩进", "〔2022〕25号", "[2022]31号", "﹝2018﹞9号",
])
def test_what_stays(text):
    assert clean_text(text) == text


def test_wide_gaps_become_one_ideographic_space():
    assert clean_text("党组办公室　　　　2021年1月15日印发") == "党组办公室　2021年1月15日印发"
    assert clean_text("办公室    2021年") == "办公室　2021年"


def test_repairs_are_counted_and_lines_kept():
    repairs: Counter[str] = Counter()
    cleaned = clean_text("达 80 余条\n\n１２件\ue123", repairs)
    assert cleaned == "达80余条\n\n12件\ue123"
    assert repairs == {"汉字与数字间空格": 2, "全角数字字母": 2, UNKNOWN_PRIVATE: 1}
