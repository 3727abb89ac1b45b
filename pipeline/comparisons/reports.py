"""Settle which documents are reports that can be compared, and which reports are missing.

One genre is compared. Of two reports of one department and year the one signed last counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pipeline.comparisons.coverage import find_coverage
from pipeline.profiles.departments import Departments
from pipeline.settings import Options
from pipeline.tables import store
from pipeline.tables.schemas import BY_NAME
from pipeline.tables.store import Tables, columns_of

_IDENTITY = [name for name in BY_NAME["identities"].names if name != "document_id"]


@dataclass
class _Candidate:
    """One document on its way to a report. `why_not` is empty while it is still in the comparison."""

    document_id: str
    path: str
    text_hash: str | None
    identity: dict[str, Any]
    why_not: str = ""
    issues: list[tuple[str, str, str]] = field(default_factory=list)

    def leave_out(self, why_not: str, severity: str, place: str, message: str) -> None:
        self.why_not = why_not
        self.issues.append((severity, place, message))

    @property
    def office(self) -> str:
        """The department's name without its region, and without what stands before it (a town's county)."""
        department, region = self.identity["department"] or "", self.identity["region"] or ""
        return (department.partition(region)[2] if region else "") or department

    @property
    def department_key(self) -> tuple[str, str]:
        return self.identity["region"] or "", self.identity["department_code"] or ""


def settle_reports(
    documents: pd.DataFrame, identities: pd.DataFrame, options: Options, departments: Departments
) -> Tables:
    """Tables `reports`, `coverage` and `issues`.

    Compared is the genre that `options` names, else the one that most documents have. A department that
    departments.csv does not know keeps its name as code, so that it can be compared with itself. Every
    document with an identity is a report; `why_not` says why one is left out of the comparisons.
    """
    candidates = _read_candidates(documents, identities)
    genre = options.genre or _most_frequent_genre(candidates)
    _leave_out_other_genres(candidates, genre)
    _leave_out_nation(candidates)
    _complete_regions(candidates)
    _leave_out_copies(candidates)
    _leave_out_incomplete(candidates)
    _leave_out_superseded(candidates)
    compared = [candidate for candidate in candidates if not candidate.why_not]
    issues: list[dict[str, object]] = [
        {"document_id": candidate.document_id, "path": candidate.path, "place": place,
         "severity": severity, "message": message}
        for candidate in candidates
        for severity, place, message in candidate.issues
    ]
    if not compared:
        issues.append(_nothing_compared(genre, options, candidates))
    years = {candidate.identity["report_year"] for candidate in compared}
    if len(years) == 1:
        issues.append({"place": "全部报告", "severity": "note",
                       "message": f"只有{min(years)}年度的报告，没有可作的年度比较；请放入其他年度的报告"})
    shorts = _short_names(candidates, departments)
    report_rows = _report_rows(candidates, shorts, departments)
    coverage_rows = find_coverage([row for row in report_rows if row["is_compared"]], departments.lineage)
    issues += [
        {"place": f"{row['department']} {row['report_year']}年", "severity": "note",
         "message": f"没有{row['department']}{row['report_year']}年度的报告，"
                    "与该年有关的比较无法进行；如有，请放入原始文件夹"}
        for row in coverage_rows if row["state"] == "missing"
    ]
    return {
        "reports": store.frame("reports", report_rows),
        "coverage": store.frame("coverage", coverage_rows),
        "issues": store.frame("issues", issues),
    }


def _read_candidates(documents: pd.DataFrame, identities: pd.DataFrame) -> list[_Candidate]:
    files = {
        document_id: (path, text_hash)
        for document_id, path, text_hash, status in zip(
            documents["document_id"].tolist(), documents["path"].tolist(), documents["text_hash"].tolist(),
            documents["status"].tolist(), strict=True)
        if status == "ok"
    }
    candidates = []
    for document_id, *values in zip(*columns_of(identities, "document_id", *_IDENTITY), strict=True):
        if document_id in files:
            path, text_hash = files[document_id]
            known_hash = text_hash if isinstance(text_hash, str) else None
            candidates.append(_Candidate(document_id, path, known_hash, dict(zip(_IDENTITY, values, strict=True))))
    for candidate in candidates:
        if not candidate.identity["department_code"] and candidate.office:
            candidate.identity["department_code"] = candidate.office
    return sorted(candidates, key=lambda candidate: (candidate.path, candidate.document_id))


def _most_frequent_genre(candidates: list[_Candidate]) -> str:
    """The genre of most reports; of equally frequent ones the first by name. "" where none is known."""
    counts = Counter(candidate.identity["genre"] for candidate in candidates if candidate.identity["genre"])
    return min(counts, key=lambda genre: (-counts[genre], genre), default="")


def _leave_out_other_genres(candidates: list[_Candidate], genre: str) -> None:
    for candidate in candidates:
        own = candidate.identity["genre"]
        if own != genre:
            candidate.leave_out(
                f"体裁不同：{own or '未能认出'}", "note", "体裁",
                f"体裁为 {own or '未能认出'}，本次比较 {genre or '（无）'}，未参与比较"
                + (f"；如要比较它，请用 --genre {own}" if own else "；请确认是否放错了文件"))


def _leave_out_nation(candidates: list[_Candidate]) -> None:
    """The report of the State Council is nobody's peer."""
    for candidate in candidates:
        if not candidate.why_not and candidate.identity["level"] == "国家":
            candidate.leave_out("国家层级，不与地方比较", "note", "部门", f"是{candidate.identity['department']}的报告，不与地方比较")


def _complete_regions(candidates: list[_Candidate]) -> None:
    """Give a report that nowhere names its place (区财政局) the region of its own department's other reports.

    Else that of all other reports, where they have only one between them.
    """
    placed = [candidate for candidate in candidates if not candidate.why_not and candidate.identity["region"]]
    everywhere = {candidate.identity["region"] for candidate in placed}
    with_rank: dict[str, set[str]] = defaultdict(set)
    for region in everywhere:
        with_rank[region[:-1]].add(region)
    by_code: dict[str, set[str]] = defaultdict(set)
    for candidate in placed:
        # 东屏分局 tells no rank; that of 东屏区 in the other reports is meant.
        region = candidate.identity["region"]
        longer = with_rank.get(region, set())
        if len(longer) == 1 and not region.endswith(("区", "县", "市", "旗", "州", "盟", "省")):
            (candidate.identity["region"],) = longer
        by_code[candidate.identity["department_code"] or ""].add(candidate.identity["region"])
    for candidate in candidates:
        identity = candidate.identity
        if candidate.why_not or identity["region"] or not identity["department"]:
            continue
        regions = by_code.get(identity["department_code"] or "") or everywhere
        if len(regions) == 1:
            (region,) = regions
            identity["region"], identity["department"] = region, region + identity["department"]
            candidate.issues.append((
                "note", "地区", f"文中没有写明地区，按同批报告归入{region}；如不符，请在文件名中写明地区"))


def _leave_out_copies(candidates: list[_Candidate]) -> None:
    """The same text in two files, such as a page and its attachment: the first by path stays."""
    first: dict[str, _Candidate] = {}
    for candidate in candidates:
        if candidate.why_not or not candidate.text_hash:
            continue
        original = first.setdefault(candidate.text_hash, candidate)
        if original is not candidate:
            candidate.leave_out(f"正文与 {original.path} 相同", "warning", "全文",
                                f"正文与 {original.path} 相同，只比较后者；请删去一份")


def _leave_out_incomplete(candidates: list[_Candidate]) -> None:
    for candidate in candidates:
        lacking = [label for label, name in (("部门", "department"), ("年度", "report_year"))
                   if candidate.identity[name] is None]
        if not candidate.why_not and lacking:
            candidate.leave_out(f"身份不全：缺{'、'.join(lacking)}", "warning", "身份",
                                f"未能认出{'、'.join(lacking)}，未参与比较；"
                                "请在文件名中写明，如 某某区某某局2023年度报告")


def _leave_out_superseded(candidates: list[_Candidate]) -> None:
    groups: dict[tuple[str, str, int], list[_Candidate]] = defaultdict(list)
    for candidate in candidates:
        if not candidate.why_not:
            groups[(*candidate.department_key, int(candidate.identity["report_year"]))].append(candidate)
    for group in groups.values():
        # A missing date counts as the earliest. Of equally dated ones the first by path stays.
        latest = max(group, key=lambda candidate: (candidate.identity["signed_date"] or "",
                                                   candidate.identity["published_date"] or ""))
        for candidate in group:
            if candidate is not latest:
                name, other = candidate.identity["department"], latest.identity["department"]
                kept = "" if name == other else f"（该份部门名称为{other}，请核对是否同一部门）"
                candidate.leave_out(
                    f"同部门同年度有更晚成文的一份：{latest.path}", "warning", "身份",
                    f"{name}{candidate.identity['report_year']}年度另有一份报告 {latest.path}"
                    f"（成文 {latest.identity['signed_date'] or '日期不明'}），只比较后者{kept}；请确认哪一份为准")


def _nothing_compared(genre: str, options: Options, candidates: list[_Candidate]) -> dict[str, object]:
    known = sorted({candidate.identity["genre"] for candidate in candidates if candidate.identity["genre"]})
    if options.genre and options.genre not in known:
        message = f"没有体裁为 {options.genre} 的报告；现有体裁：{'、'.join(known) or '无'}"
    else:
        message = f"没有可比较的报告（体裁 {genre or '未能认出'}），各项比较均为空；请检查原始文件夹"
    return {"place": "全部文件", "severity": "warning", "message": message}


def _short_names(candidates: list[_Candidate], departments: Departments) -> dict[str, str]:
    """Short name of each document's department; with its region where several regions are compared."""
    compared = [candidate for candidate in candidates if not candidate.why_not]
    has_regions = len({candidate.identity["region"] for candidate in compared}) > 1
    # A renamed department goes by its last name in all years, so that it is one line in a chart.
    offices = {candidate.department_key: candidate.office
               for candidate in sorted(compared, key=lambda candidate: candidate.identity["report_year"])}
    shorts = {}
    for candidate in candidates:
        identity = candidate.identity
        region, code = identity["region"] or "", identity["department_code"] or ""
        if not code:
            continue
        if identity["genre"] == "work_report" and region:
            shorts[candidate.document_id] = region
            continue
        short = departments.short(code, region, offices.get(candidate.department_key, candidate.office))
        shorts[candidate.document_id] = region + short if has_regions and not short.startswith(region) else short
    return shorts


def _report_rows(
    candidates: list[_Candidate], shorts: dict[str, str], departments: Departments
) -> list[dict[str, Any]]:
    rows = []
    taken: Counter[str] = Counter()
    # The compared report of a department and year gets the plain identifier, copies get -2, -3 …
    for candidate in sorted(candidates, key=lambda candidate: (bool(candidate.why_not), candidate.path)):
        identity = candidate.identity
        year = identity["report_year"]
        name = identity["department"] or candidate.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        base = name if year is None else f"{name}-{year}"
        taken[base] += 1
        rows.append({
            **identity,
            "document_id": candidate.document_id,
            "report_id": base if taken[base] == 1 else f"{base}-{taken[base]}",
            "path": candidate.path,
            "is_compared": not candidate.why_not,
            "why_not": candidate.why_not or None,
            "is_demonstration": departments.is_demonstration(identity["region"]),
            "department_short": shorts.get(candidate.document_id),
            "department_group": departments.group(identity["department_code"] or ""),
        })
    return sorted(rows, key=lambda row: str(row["document_id"]))
