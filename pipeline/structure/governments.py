"""Reports of governments, which their titles name by the place alone, and of 政府工作报告, which often name no place."""

from __future__ import annotations

import re

from pipeline.profiles.departments import OfficeName
from pipeline.profiles.places import PLACE_SUFFIX, level_of, read_region
from pipeline.structure.candidates import Candidate, Chosen, Sources
from pipeline.structure.regions import region_in_text

NATION = "全国"
_TITLE_PLACE = re.compile(
    rf"^(?:.*?(?:关于|中共|年度?|的))?\s*([一-鿿]{{1,10}}?(?:{PLACE_SUFFIX}))(?=\s*(?:20\d\d|关于|二[〇○零]|法治|依法|政府工作报告|推进|年度))"
)


def place_in_title(sources: Sources) -> Candidate | None:
    """云泽区2023年法治政府建设年度报告: the report of a government names the place alone."""
    match = _TITLE_PLACE.match(sources.title)
    if not match or sources.title_span is None:
        return None
    region, _, _ = read_region(match.group(1))
    if region is None:
        return None
    return Candidate(region, "title", 0.95, match.group(1), *sources.title_span)


def government(
    sources: Sources, candidates: list[tuple[Candidate, OfficeName]], placed: Candidate | None, is_work_report: bool
) -> Chosen | None:
    own = [
        (candidate, name)
        for candidate, name in candidates
        if name.code in ("government", "town_gov", "subdistrict", "dev_zone")
        and name.region
        and candidate.source != "opening"
    ]
    if placed:
        region, source, trust = placed.value, "title", placed.trust
    elif own:
        region, source, trust = own[0][1].region or "", own[0][0].source, own[0][0].trust
    elif is_work_report:
        region, source, trust = _work_report_region(sources)
    else:
        return None
    if region == NATION:
        return Chosen("government", "国务院", NATION, "国家", "国务院", source, trust)
    if not region:
        return None
    if region.endswith("街道"):
        code, office = "subdistrict", "办事处"
    elif region.endswith(("镇", "乡", "苏木")):
        code, office = "town_gov", "人民政府"
    elif region.endswith(("开发区", "高新区", "经开区", "示范区", "管理区", "保税区")):
        code, office = "dev_zone", "管理委员会"
    else:
        code, office = "government", "行政公署" if region.endswith("盟") else "人民政府"
    return Chosen(code, office, region, level_of(region), region + office, source, trust)


def _work_report_region(sources: Sources) -> tuple[str, str, float]:
    """我代表市人民政府 gives the rank; the name comes from the text, or from the file name when the text bears it out."""
    head = sources.opening + sources.text[:300]
    if re.search(r"代表\s*国务院", head):
        return NATION, "opening", 0.9
    stated = re.search(
        r"代表\s*([一-鿿]{0,12}?)(省|自治区|市|自治州|州|盟|区|县|旗|镇|乡)(?:委、[一-鿿]?)?(?:人民)?政府", head
    )
    if stated and len(stated.group(1)) >= 2:
        return stated.group(1) + stated.group(2), "opening", 0.95
    rank = stated.group(2) if stated else "盟" if "行署" in head else "市" if "市人民政府" in sources.text else ""
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", sources.path.replace("\\", "/").rsplit("/", 1)[-1])
    name = re.match(r"[一-鿿]{2,8}", stem)
    if name:
        place = re.sub(r"(?:政府|人民政府|20\d\d).*$", "", name.group())
        core = re.sub(r"(?:省|市|州|盟|区|县|旗)$", "", place) if len(place) > 2 else place
        hits = sources.text.count(core)
        if hits >= 3:
            for suffix in ("自治州", "州", "市", "盟", "区", "县", "旗", "省"):
                if suffix == rank or (not rank and core + suffix in sources.text):
                    return core + suffix, "filename+text", 0.85
            return place, "filename+text", 0.6
        if place != core:
            return place, "filename", 0.4
    region = region_in_text(sources, rank, None, None)
    return region or "", "text", 0.5
