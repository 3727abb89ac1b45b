"""Other bodies as the subject of a clause: another office, the government itself, a place within the city."""

from __future__ import annotations

import re

# 区市场监管局全年作出…, 区政府负责人出庭率…: another office as the subject of the clause. Whether it is another is asked of
# the department's name. Commissions without an office (仲裁委员会) belong to the department.
_ACTS = (
    "(?:共|全年|本年度|年内|累计|当年|先后|新)*"
    "(?:办理|办结|作出|受理|查处|立案|开展|组织|召开|制定|出台|收到|审结|实施|完成|检查|发放|公开|应诉|发生|调解|败诉|行政|负责人)")
_OFFICE = re.compile(
    "(?:(?!配合|联合|会同|协同|协助|接受|迎接|督促|指导|推动|组织|根据|按照|经|由|向|被|对|与|和|在|以|为|从|同|受|报|把|将)[一-龥]{2,4})?"
    "[省市区县旗](?P<stem>[一-龥]{2,12}?)(?P<kind>局|厅|镇|街道|乡|(?<=改革|健康|建设)委(?:员会)?|(?<=发改|卫健|住建|国资|教育)委(?:员会)?)"
    + _ACTS)
# What every such clause holds, and few others: looked for first.
_OFFICE_HINT = re.compile("[局厅镇道乡委会]" + _ACTS)
# 藤县……产业集群发展，地区生产总值突破300亿元: in a work report of a city a place within it, named at the head of a clause.
PLACE = re.compile(
    "(?![全各我本该市省每所两三多数大强小郊城乡老新旧]|[一-龥]?(?:示范|试点|脱贫|贫困|先进|重点|帮扶|产粮|边境|产业|工业|国家|省级|市级|特色|精品|美丽))"
    "[一-龥]{1,4}(?:(?<![一-龥][市省])县(?![域级市区城乡委里道长处])|旗(?!下|帜|舰)|新片区)"
    "(?!(?:、|和|等))[一-龥“]")
_GOVERNMENT = re.compile("(?:[一-龥]{2,3})?[省市区县](?:人民)?政府(?:负责人|行政诉讼|行政复议|应诉|作为被告|作为被申请人|本级)")
_GOVERNMENTS = ("区人民政府", "县人民政府", "市人民政府", "省人民政府")


def may_name_office(text: str) -> bool:
    """False only where no clause of the text can have another office as its subject."""
    return _OFFICE_HINT.search(text) is not None or ("政府" in text and _GOVERNMENT.search(text) is not None)


def is_other_office(before: str, department: str) -> bool:
    """Whether a clause begins with an office other than the department (full name; "" for unknown).

    区市场监管局全年作出… in the report of another office; 区水利局 is the office itself, 住建 short for 住房和城乡建设.
    """
    if not department or department.endswith(_GOVERNMENTS):
        return False
    before = before.lstrip("其中，")
    if _GOVERNMENT.match(before):
        return True
    office = _OFFICE.match(before)
    if office is None:
        return False
    rest = iter(department)
    return not all(sign in rest for sign in office["stem"])
