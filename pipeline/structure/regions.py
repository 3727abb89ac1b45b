"""The place of a document whose department is named without it: 区财政局 in a text on 澜山区."""

from __future__ import annotations

import re
from collections import Counter

from pipeline.profiles.departments import Departments
from pipeline.profiles.places import PLACE_SUFFIX, read_region
from pipeline.structure.candidates import Sources

# A place that the text names. Sure after a mark that opens a name (《澜山区…条例》); elsewhere a verb may stand before a
# bare rank (收到区财政局通知), so such a name counts less.
_PLACE = re.compile(rf"(?<![一-鿿])(?:中共)?([一-鿿]{{2,9}}?(?:{PLACE_SUFFIX}))(?!级|域|内|里|外|直|属|别|分|间)")
_OPENS_A_NAME = re.compile(r"[《“（(【\s]$")
ENOUGH = 3
_ORGAN = re.compile(
    r"[^，。；：、]{0,14}?(?:局|委|政府|人大|政协|法院|检察院|办公室|中心|领域|条例|办法|规定|规划|细则)"
)
_NO_NAME = re.compile(
    r"^[各全我本该每在对向由为是将把从]|[社园辖小校片景库厂各全我本该的和与及在对向由为是]区$|(?:主|老|中心)城区$"
    r"|年度|出台|开展|组织|制定|印发|全面|推进|加强|落实|配合|会同|联合|协助|结合|根据|按照|通过|经过|围绕|依托|针对|对照|以及|其中"
    r"|同时|此外|关于|作为|统筹|指导|督促|推动|建立|完善|参与|参加|获得|荣获|成为|实现|服务|覆盖|涉及|代表|提请|报送|提交|报经|收到|接到"
)


_PREFECTURE = re.compile(r"州委、(?:州人大、)?州政府|州党委|州委州政府|盟委、?(?:盟)?行署|地委、?行署|全州(?!县)|全盟|我州")


def is_county_city(region: str | None, text: str) -> bool:
    """Whether a city stands below a prefecture (恩施市 in a text on 全州): it is of the rank of a county."""
    return bool(region) and str(region).endswith("市") and len(_PREFECTURE.findall(text)) >= ENOUGH


def region_in_text(sources: Sources, bare: str, departments: Departments | None, code: str | None) -> str | None:
    """The place that the text names most, of the rank of the bare name (区财政局 in a text on 澜山区)."""
    counts: Counter[str] = Counter()
    for match in _PLACE.finditer(sources.text):
        place = match.group(1)
        if place.endswith(bare) and not _NO_NAME.search(place):
            is_name = not match.start() or _OPENS_A_NAME.search(sources.text, match.start() - 1, match.start())
            counts[place] += ENOUGH if is_name and _ORGAN.match(sources.text, match.end()) else 1
    for part in sources.path.replace("\\", "/").split("/")[:-1]:
        region, _, _ = read_region(part)
        if region and (not bare or region.endswith(bare)):
            counts[region] += ENOUGH
    if counts and max(counts.values()) >= ENOUGH:
        return max(counts, key=lambda place: (counts[place], -sources.text.find(place)))
    if departments is not None and code and bare:
        stem = departments.by_code[code].short.rstrip("局委办")
        account = re.search(rf"“([一-鿿]{{2,4}}){stem}”|“{stem}([一-鿿]{{2,3}})”", sources.text)
        if account:
            return (account.group(1) or account.group(2)) + bare
    return None
