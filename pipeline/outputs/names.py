"""Names that departments and codes go by in the workbook and the explorer.

The words for values, states and verdicts stand in `values`; here are the codes that only these two outputs show.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from pipeline.outputs.places import rows_of
from pipeline.profiles.indicators import Indicator, Indicators
from pipeline.profiles.themes import UNASSIGNED, ThemeCatalogue

KIND_LABELS: Mapping[str, str] = {
    "count": "计数", "percent": "百分比", "money": "金额", "duration": "时长", "measure": "度量", "multiple": "倍数", "rank": "名次",
    "zero": "零陈述",
}
STATUS_LABELS: Mapping[str, str] = {
    "ok": "已读取", "duplicate": "重复", "needs_ocr": "需文字识别", "empty": "无正文", "failed": "读取失败",
}
SEVERITY_LABELS: Mapping[str, str] = {"error": "错误", "warning": "警告", "note": "提示"}
DIRECTION_LABELS: Mapping[str, str] = {"up": "越高越好", "down": "越低越好", "neutral": "中性"}
GROUPING_LABELS: Mapping[str, str] = {"department": "按部门", "year": "按年度", "role": "按章节角色"}
PEER_LABELS: Mapping[str, str] = {"all": "全部部门"}
SOURCE_LABELS: Mapping[str, str] = {
    "title": "标题", "masthead": "报头", "opening": "开头", "heading": "小标题", "doc_number": "发文字号", "signature": "落款",
    "signed": "成文日期", "field": "附带字段", "document_fields": "附带字段", "table_row": "表格", "publisher": "发布单位",
    "head": "开头", "filename": "文件名", "folder": "文件夹", "addressee": "主送", "colophon": "版记",
    "override": "人工指定", "collection": "同批报告", "body": "正文",
}
TREND_LABELS: Mapping[str, str] = {"new": "新出现", "rising": "增多", "falling": "减少", "gone": "不再说", "steady": "平稳"}
TYPE_LABELS: Mapping[str, str] = {"str": "文字", "int": "整数", "float": "小数", "bool": "是否"}


# A pattern may hold quotation marks itself; it ends where the words go on.
_PATTERN = re.compile("句式“.*?”相符")


def theme_names(theme_catalogue: ThemeCatalogue) -> dict[str, str]:
    """Theme id → name, in the order in which people read them; the last is for sentences of no theme."""
    return {**{theme.id: theme.name for theme in theme_catalogue.themes}, UNASSIGNED: "未归类"}


def short_names(reports: pd.DataFrame) -> dict[tuple[str, str], str]:
    """(region, department code) → the short name where no other department shares it, else the full one."""
    full: dict[tuple[str, str], str] = {}
    short: dict[tuple[str, str], str] = {}
    for region, code, department, name in rows_of(reports, "region", "department_code", "department", "department_short"):
        key = (region or "", code or "")
        full.setdefault(key, department or code or "")
        short.setdefault(key, name or department or code or "")
    shared: dict[str, int] = {}
    for name in short.values():
        shared[name] = shared.get(name, 0) + 1
    return {key: name if shared[name] == 1 else full[key] for key, name in short.items()}


def asked_of(indicators: Indicators, genres: Iterable[str], theme_catalogue: ThemeCatalogue) -> list[Indicator]:
    """The indicators that are asked of reports of these genres: by theme, then in the order of the catalogue."""
    wanted = set(genres)
    order = {theme.id: number for number, theme in enumerate(theme_catalogue.themes)}
    return sorted((indicator for indicator in indicators.all if indicator.genre in wanted),
                  key=lambda indicator: order.get(indicator.theme, len(order)))


def label(labels: Mapping[str, str], code: str | None) -> str:
    """The Chinese word for a code; an unknown code stands as it is, a missing one is empty."""
    return "" if code is None else labels.get(code, code)


def write_source(source: str | None) -> str:
    """Where department and year of a report were found: title+signature → 标题＋落款."""
    return "＋".join(SOURCE_LABELS.get(part, part) for part in (source or "").split("+") if part)


def plain_reason(why: str | None) -> str:
    """Why a value answers an indicator, without the pattern that took it: 写法与指标相符."""
    return _PATTERN.sub("写法与指标相符", why or "")


def yes_no(value: bool | None) -> str:
    return "" if value is None else "是" if value else "否"
