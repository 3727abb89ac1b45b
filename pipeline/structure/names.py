"""Which department a document comes from: title, then masthead, signature, opening; page and file name at last."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from pipeline.profiles.departments import Departments, OfficeName
from pipeline.profiles.places import level_of, read_region
from pipeline.structure.candidates import Candidate, Chosen, Sources, issuer_fields
from pipeline.structure.governments import government, place_in_title
from pipeline.structure.regions import is_county_city, region_in_text

_UNKNOWN = re.compile(
    r"(?P<place>[一-鿿]{2,8}?(?:自治州|自治县|新区|省|市|州|盟|区|县|旗))"
    r"(?P<office>[一-鿿]{2,14}?(?:局|委员会|中心|办公室|支队|大队|学院|医院|集团|公司|总队|管理处|联合会|协会))"
    r"(?=关于|20\d\d|二[〇○零]|党组|党委|法治|\s|$)"
)
# Offices that a report names as its superiors: they are its addressee or its leaders, not its author.
_SUPERIORS = ("government", "party_law_office", "justice")


def department_candidates(sources: Sources, departments: Departments) -> list[tuple[Candidate, OfficeName]]:
    """Every office that may be the author, the most trusted source first."""
    found: list[tuple[Candidate, OfficeName]] = []

    def add(text: str, source: str, trust: float, start: int | None, skip: tuple[str, ...] = ()) -> None:
        names = departments.find(text)
        for number, name in enumerate(names):
            if name.code in skip:
                continue
            # 云泽区人民政府望津街道办事处: the government only says whose office it is.
            if name.code == "government" and number + 1 < len(names) and names[number + 1].start == name.end:
                continue
            span = (start + name.start, start + name.end) if start is not None else (None, None)
            found.append((Candidate(name.full_name, source, trust, text[name.start : name.end], *span), name))
            return

    for line in sources.of_kind("title"):
        add(line.text, "title", 1.0, line.start)
    if not any(candidate.source == "title" for candidate, _ in found):
        for name, value, _ in sources.fields:
            if name == "title":
                add(value, "title", 0.97, None)
    for line in sources.of_kind("masthead"):
        add(line.text, "masthead", 0.95, line.start)
    for line in sources.of_kind("signature"):
        add(line.text, "signature", 0.9, line.start)
    for line in sources.of_kind("colophon"):
        if "送" not in line.text[:4]:
            add(line.text, "colophon", 0.7, line.start)
    add(sources.opening[:300], "opening", 0.75, sources.opening_start, _SUPERIORS)
    for field in issuer_fields(sources):
        add(field.value, field.source, field.trust, field.start)
    stem = sources.path.replace("\\", "/").rsplit("/", 1)[-1]
    add(stem, "filename", 0.45, None)
    return found


def choose_department(
    sources: Sources, candidates: list[tuple[Candidate, OfficeName]], departments: Departments, is_government: bool
) -> Chosen | None:
    """The author of the document, with its place; None where nothing names it.

    The full name of a town or street has its county or district before it, since towns of one name are many.
    """
    chosen = _choose(sources, candidates, departments, is_government)
    if chosen is not None and chosen.level == "市" and is_county_city(chosen.region, sources.text):
        return replace(chosen, level="区县")
    if chosen is None or chosen.level != "乡镇街道" or not chosen.region:
        return chosen
    texts = (sources.title, *(line.text for kind in ("masthead", "signature") for line in sources.of_kind(kind)))
    for text in texts:
        place = text.find(chosen.region)
        county, _, _ = read_region(text[:place].removesuffix("人民政府")) if place > 0 else (None, "", 0)
        if county:
            return replace(chosen, full_name=county + chosen.full_name)
    return chosen


def _choose(
    sources: Sources, candidates: list[tuple[Candidate, OfficeName]], departments: Departments, is_government: bool
) -> Chosen | None:
    placed = place_in_title(sources)
    named = [(candidate, name) for candidate, name in candidates if candidate.source != "filename"] or candidates
    if is_government or (placed and not any(candidate.source == "title" for candidate, _ in named)):
        return government(sources, candidates, placed, is_government)
    unknown = _unknown_office(sources)
    if not named or (
        unknown and unknown.source == "title" and not any(candidate.source == "title" for candidate, _ in named)
    ):
        return unknown
    first, name = max(named, key=lambda pair: pair[0].trust)
    same = [(candidate, other) for candidate, other in named if other.code == name.code]
    full = next((other for candidate, other in same if other.office in candidate.evidence), name)
    if name.office in first.evidence:
        full = name
    region = next((other.region for _, other in same if other.region), None)
    trust = first.trust
    if region is None:
        region = _region_of_file(candidates, name) or region_in_text(sources, name.bare, departments, name.code)
        trust *= 0.8 if region else 0.5
    conflict = next(
        (
            f"{first.evidence}（{_SOURCE_LABEL[first.source]}）与{candidate.evidence}（{_SOURCE_LABEL[candidate.source]}）"
            for candidate, other in named
            if other.code != name.code and candidate.source in ("masthead", "signature") and first.trust > 0.85
        ),
        "",
    )
    full_name = (region or "") + full.office
    branch = next((other for _, other in same if other.branch), full)
    served = _served_by(sources, branch) if branch.branch else None
    return Chosen(
        name.code,
        full.office,
        served or region,
        "区县" if served else level_of(region, name.bare),
        full_name,
        first.source,
        trust,
        conflict,
    )


# 第一税务分局, 直属分局: branches that are named after no place.
_NO_PLACE = re.compile(r"第|直属|稽查|机场|铁路|港|水上|交通|森林")
_SOURCE_LABEL = {
    "title": "标题",
    "masthead": "发文机关标志",
    "signature": "落款",
    "colophon": "版记",
    "opening": "导语",
    "source": "来源",
    "publisher": "发布机构",
    "field": "网页栏目",
    "filename": "文件名",
}


def _region_of_file(candidates: list[tuple[Candidate, OfficeName]], name: OfficeName) -> str | None:
    """The place before the same office in the file name: 澜山区财政局2022年.docx for a text that says 区财政局."""
    return next(
        (
            other.region
            for candidate, other in candidates
            if candidate.source == "filename"
            and other.code == name.code
            and other.region
            and other.region.endswith(name.bare)
        ),
        None,
    )


def _unknown_office(sources: Sources) -> Chosen | None:
    for text, source in (
        (sources.title, "title"),
        *((line.text, "signature") for line in sources.of_kind("signature")),
        *((line.text.removesuffix("文件"), "masthead") for line in sources.of_kind("masthead")),
    ):
        match = _UNKNOWN.search(text)
        if match:
            region, _, _ = read_region(match["place"])
            if region:
                return Chosen(None, match["office"], region, level_of(region), region + match["office"], source, 0.6)
    return None


def _served_by(sources: Sources, name: OfficeName) -> str | None:
    """The district that a branch serves: 云泽分局 -> 云泽区, where the text or the file name has the place.

    Else the rank is that of which the text speaks (区委、区政府); where it speaks of none, the name alone must do: the
    branch of a city's bureau never is the bureau.
    """
    if _NO_PLACE.match(name.branch):
        return None
    if name.branch.endswith(("区", "县", "旗")):
        return name.branch
    match = re.search(rf"{name.branch}(?:新区|区|县|市|旗)", f"{sources.text}\n{sources.path}")
    if match:
        return match.group()
    ranks = Counter(rank for rank in re.findall(r"(?<![一-鿿])[我全本]?([区县旗])(?=委|政府|人大|政协|级|域)", sources.text))
    return name.branch + (max(ranks, key=lambda rank: ranks[rank]) if ranks else "")
