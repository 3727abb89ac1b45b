"""Places in the names of organs: 淄博市张店区, 石桥湾镇, or only a rank as in 区科技局."""

from __future__ import annotations

import re

# 杭州市 is one place, not 杭州 + 市: a suffix character inside a longer name does not end it (广州市, 景德镇市, 沙市区, 红旗区).
PLACE_SUFFIX = (
    "自治区|自治州|自治县|自治旗|特别行政区|行政区|开发区|高新区|经开区|示范区|新区|保税区|工业区|度假区|管理区|风景区|试验区|地区|林区|矿区|街道|苏木|民族乡"
    "|省|市(?!区|场|级|辖|民(?![政族宗]))|州(?!市(?!场)|区|县|镇|乡(?!村)|新区|[一-鿿]{1,8}自治)|盟|区|县(?!级)"
    "|旗(?![区县])|镇(?!市(?!场)|江市|海区)|乡(?!市(?!场)|县|区|村)"
)
_PLACE = re.compile(rf"[一-鿿]{{1,12}}?(?:{PLACE_SUFFIX})")
HANZI_END = re.compile(r"[一-鿿]+$")
_LEAD = re.compile(
    r"^(?:.*(?:代表|关于|中共|来源|发布机构|机构|单位|主办|承办|版权所有|国家税务总局|中国共产党)|年度?|[^年]{0,3}年度|度)"
)
_BEFORE_A_PLACE = "由受在据按将把被与及"  # no place begins with one of these
_BARE = re.compile(r"^(?:我|本|全|该)?(省|市|州|盟|区|县|旗|镇|乡|街道)$")
_MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
_NOT_A_PLACE = re.compile(
    r"(?:.*[社园辖小校片景库厂]区|[全我本各该两](?:区|市|县|州|盟|旗|镇|乡|省)|(?:主|老|中心|建)?城区|建成区|各?地区|山区|[县省]市|城市|城乡|乡镇|城镇|街镇|村镇)$"
)


def read_region(before: str) -> tuple[str | None, str, int]:
    """(region, bare rank, offset) read from the end of `before`: ("张店区", "", 3) for 淄博市张店区, (None, "区", 2) for 本区.

    Of a chain only the last place is kept, so that a department is the same with and without its city.
    """
    hanzi = HANZI_END.search(before)
    if not hanzi:
        return None, "", len(before)
    run, offset = hanzi.group(), hanzi.start()
    lead = _LEAD.match(run)
    if lead:
        run, offset = run[lead.end() :], offset + lead.end()
    run, offset = run.lstrip(_BEFORE_A_PLACE), offset + len(run) - len(run.lstrip(_BEFORE_A_PLACE))
    bare = _BARE.match(run)
    if bare:
        return None, bare.group(1), offset
    places = list(_PLACE.finditer(run))
    if not places or places[-1].end() != len(run):
        return None, "", len(before)
    last = places[-1].group()
    if _NOT_A_PLACE.match(last) or len(last) < 2:
        return None, "", len(before)
    return last, "", offset + places[0].start()


def level_of(region: str | None, bare: str = "") -> str | None:
    """省 市 区县 乡镇街道, by the ending of the place; None where there is none."""
    place = region or bare
    if not place:
        return None
    if place.endswith(("镇", "乡", "街道", "苏木")):
        return "乡镇街道"
    if place.endswith(("省", "自治区")) or place in _MUNICIPALITIES:
        return "省"
    return "市" if place.endswith(("市", "州", "盟", "地区")) else "区县"
