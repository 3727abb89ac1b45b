"""What a person should look at in the identity of a report: contradictions, gaps, fields taken from weak sources."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.profiles.genres import Genre
from pipeline.structure.candidates import Candidate, Chosen, Sources

_LABELS = {
    "title": "标题",
    "document_fields": "网页标题",
    "opening": "导语",
    "heading": "小标题",
    "signed_date": "成文日期",
    "filename": "文件名",
    "published_date": "发布日期",
}
_BRACKETS = re.compile(r"[\[\]〔〕（）()﹝﹞［］【】]")
_FIRST_PERSON = re.compile(r"述法(?:报告)?如下|现将本人|本人(?:认真|切实|始终|坚持|带头)")
_OTHER_TITLE = re.compile(r"[^。，；：]{6,50}(?:法治政府建设|依法行政).{0,12}(?:报告|总结)$")
# Years from these sources are stated, not inferred; a contradiction among them needs a person.
STATED = ("title", "document_fields", "opening", "heading")


class Problem(NamedTuple):
    """One row of `issues`."""

    place: str
    severity: str
    message: str


def genre_problems(sources: Sources, genre: Genre | None) -> list[Problem]:
    """An unknown genre, one that is not compared, a 述法 under the title of a report, several reports in one file."""
    if genre is None:
        return [
            Problem("体裁", "warning", f"看不出体裁（标题：{sources.title or '无'}），不参与比较；请核对是否为年度报告")
        ]
    if not genre.is_report:
        return [Problem("体裁", "note", f"体裁为{genre.label}：{genre.why_excluded}")]
    problems = []
    if genre.name == "rule_of_law" and _FIRST_PERSON.search(sources.text):
        problems.append(Problem("体裁", "note", "标题是年度报告，正文用第一人称述法；请核对是否报送了述法报告"))
    others = [line.text for line in sources.of_kind("body") if len(line.text) <= 60 and _OTHER_TITLE.match(line.text)]
    if others:
        problems.append(
            Problem("正文", "warning", f"文件里似有多份报告（又见标题“{others[0]}”），现按一份处理；请拆成单独文件")
        )
    return problems


def year_problems(candidates: list[Candidate], chosen: Candidate | None, genre: Genre | None) -> list[Problem]:
    """Sources that point to another year than the chosen one, each named with both years."""
    if chosen is None:
        if genre is None or not genre.is_report:
            return []
        return [Problem("报告年度", "warning", "没有写明报告年度；请在 sources.csv 中补上")]
    source = f"{_LABELS.get(chosen.source, chosen.source)}“{chosen.evidence}”"
    problems = []
    for other in candidates:
        if (
            other.value == chosen.value
            or other.source == "published_date"
            or (other.trust < 0.7 and other.source != "filename")
        ):
            continue
        problems.append(
            Problem(
                "报告年度",
                "warning" if other.source in STATED else "note",
                f"年度不一致：{source}为 {chosen.value} 年，{_LABELS[other.source]}“{other.evidence}”指向 {other.value} 年；"
                f"采用 {chosen.value}，请核对",
            )
        )
    if chosen.trust < 0.6:
        problems.append(Problem("报告年度", "warning", f"正文没有写明年度，{chosen.value} 年取自{source}；请核对"))
    return list(dict.fromkeys(problems))


def date_problems(evidence: dict[str, list[Candidate]]) -> list[Problem]:
    """Two sure but different values of a date or number."""
    problems = []
    for name, label in (("signed_date", "成文日期"), ("doc_number", "发文字号"), ("published_date", "公开日期")):
        sure = [candidate for candidate in evidence.get(name, ()) if candidate.trust >= 0.8]
        values = {_BRACKETS.sub("|", candidate.value): candidate for candidate in reversed(sure)}
        if len(values) > 1:
            first, second = [values[key] for key in sorted(values)][:2]
            problems.append(
                Problem(label, "warning", f"{label}不一致：“{first.evidence}”与“{second.evidence}”；请核对")
            )
    return problems


def department_problems(sources: Sources, author: Chosen | None, genre: Genre | None) -> list[Problem]:
    """No department, one that departments.csv lacks, no place, two departments, or one from the file name only."""
    if genre is None or not genre.is_report:
        return []
    if author is None:
        return [Problem("部门", "warning", "没有写明是哪个部门的报告；请在 sources.csv 中补上")]
    name = author.full_name
    problems = []
    if author.level == "国家":
        file = sources.path.replace("\\", "/").rsplit("/", 1)[-1]
        problems.append(
            Problem("部门", "warning", f"这是{name}的报告（文中“我代表{name}”），不与地方比较；如文件名“{file}”所指的是地方，请换成该地的报告")
        )
    if author.code is None:
        problems.append(
            Problem(
                "部门", "warning", f"departments.csv 中没有{author.office}（{name}），不能与同类部门比较；请补入部门表"
            )
        )
    if author.region is None:
        problems.append(Problem("部门", "warning", f"文中没有写明{name}属于何地；请在 sources.csv 中补上地区"))
    if author.conflict:
        problems.append(Problem("部门", "warning", f"部门不一致：{author.conflict}；采用{name}，请核对"))
    if author.source.startswith("filename"):
        problems.append(Problem("部门", "note", f"正文没有写明部门，{name}取自文件名；请核对"))
    return problems


def confidence(genre: Candidate | None, author: Chosen | None, year: Candidate | None, years: list[Candidate]) -> float:
    """Product of the trust in genre, department and year, less a tenth for every contradiction; 0 where one is missing."""
    if genre is None or author is None or year is None:
        return 0.0
    conflicts = bool(author.conflict) + any(other.value != year.value and other.trust >= 0.9 for other in years)
    return round(genre.trust * author.trust * year.trust * 0.9**conflicts, 3)
