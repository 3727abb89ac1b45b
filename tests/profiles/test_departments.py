"""Offices in all their spellings."""

from __future__ import annotations

import pytest

from pipeline.errors import KnowledgeError
from pipeline.profiles import load_part
from pipeline.profiles.departments import load_departments
from pipeline.profiles.places import level_of, read_region


@pytest.mark.parametrize(("text", "code", "full_name"), [
    ("中共张店区科学技术局党组", "science", "张店区科学技术局"),
    ("淄博市张店区科技局办公室印发", "science", "张店区科学技术局"),
    ("南堰区卫健委", "health", "南堰区卫生健康委员会"),
    ("区市场监管局", "market_reg", "市场监督管理局"),
    ("安渚市自然资源和规划局云泽分局", "natural_res", "安渚市自然资源和规划局云泽分局"),
    ("松阳省科学技术厅", "science", "松阳省科学技术厅"),
    ("青禾市住建委", "housing", "青禾市住房和城乡建设委员会"),
    ("青禾市工商局", "market_reg", "青禾市工商行政管理局"),  # former name, successor's code
    ("云泽区人民政府办公室", "government_office", "云泽区人民政府办公室"),
    ("云泽区政府", "government", "云泽区人民政府"),
    ("望津街道党工委", "subdistrict", "望津街道办事处"),
    ("鹿岭乡政府", "town_gov", "鹿岭乡人民政府"),
    ("恩州土家族自治州财政局", "finance", "恩州土家族自治州财政局"),
])
def test_resolve(text, code, full_name):
    found = load_part("departments").resolve(text)
    assert (found.code, found.full_name) == (code, full_name)


@pytest.mark.parametrize("text", ["关于2022年度法治政府建设情况的报告", "我局高度重视", "法治政府", "会议政府采购"])
def test_words_that_name_no_office(text):
    assert load_part("departments").resolve(text) is None


@pytest.mark.parametrize(("before", "region", "bare"), [
    ("淄博市张店区", "张店区", ""),
    ("2022年度区", None, "区"),
    ("景德镇市", "景德镇市", ""),
    ("沙市区", "沙市区", ""),
    ("广州市", "广州市", ""),
    ("中共万年县", "万年县", ""),
    ("加强社区", None, ""),
])
def test_read_region(before, region, bare):
    assert read_region(before)[:2] == (region, bare)


@pytest.mark.parametrize(("region", "level"), [
    ("张店区", "区县"), ("青禾市", "市"), ("重庆市", "省"), ("石桥湾镇", "乡镇街道"), (None, None)])
def test_level(region, level):
    assert level_of(region) == level


def test_short_names_and_groups():
    departments = load_part("departments")
    assert departments.short("science", "云泽区") == "科技局"
    assert departments.short("education", "云泽区", "教育和体育局") == "教体局"
    assert departments.short("government", "宜昌市") == "宜昌市"
    assert departments.group("market_reg") == "执法密集型"
    assert departments.is_demonstration("澜山区")
    assert not departments.is_demonstration("张店区")
    assert [item.target for item in departments.lineage_of("rural_revive")] == ["rural_revive", "agriculture"]


def test_lineage_to_an_unknown_code_names_the_nearest(tmp_path):
    (tmp_path / "departments.csv").write_text(
        "code,name,short,aliases,former,group,note\nscience,科学技术局,科技局,,,综合管理型,\n", encoding="utf-8")
    (tmp_path / "regions.csv").write_text("region,is_demonstration\n", encoding="utf-8")
    (tmp_path / "lineage.csv").write_text("from,to,year,kind,note\nscience,scienze,2023,merge,\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"lineage\.csv 第2行.*scienze.*science"):
        load_departments(tmp_path)
