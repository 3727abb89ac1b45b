"""What `hengbao check` says in the terminal: first what is missing, then what is wrong, then what is only worth knowing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.drafts import CONTRADICTIONS, MISSING, TIMES, WORDS
from pipeline.outputs.values import ROLE_LABELS
from pipeline.terminal import columns, pad, terminal_columns, text_width, wrap

STATUS_LABELS = {"duplicate": "重复文件", "needs_ocr": "扫描件，需文字识别", "empty": "空文件", "failed": "不能读取"}
TITLES = {MISSING: "缺少的内容", CONTRADICTIONS: "前后矛盾与可疑的数", TIMES: "时间与期限", WORDS: "过时用语与他处文字"}
RECYCLED = "沿用往年的句子"
GROUPS = (MISSING, CONTRADICTIONS, TIMES, WORDS)
FINE = {MISSING: "规定要写的都写了", CONTRADICTIONS: "没有发现", TIMES: "没有发现", WORDS: "没有发现"}
_LEVEL_LABELS = {"必": "必须有", "应": "应当有", "可": "可以有", "警": "请核对"}
_OPTIONAL = "可"
_MOST_RECYCLED = 12
# Beside the figures stand their words where there is room for this many columns, else below.
_LEAST_ROOM = 24


_UNCHECKED = "没有检查"


def is_checked(draft: Mapping[str, Any]) -> bool:
    """Whether the draft was told to be a kind of report that there are rules for; else nothing was found because nothing was looked for."""
    return bool(draft["checks"])


def failed_of(draft: Mapping[str, Any], group: str) -> list[Mapping[str, Any]]:
    """The failed checks of a group, the weightiest first."""
    return [check for check in draft["checks"] if check["group"] == group and check["passed"] is False]


def level_of(check: Mapping[str, Any]) -> str:
    """How much a failed check matters, as said to a drafter."""
    if check["group"] == MISSING:
        return _LEVEL_LABELS.get(check["level"] or "警", "请核对")
    return "必须改" if check["level"] == "必" else "请核对"


def words_of(check: Mapping[str, Any]) -> str:
    """What a check found, in its own words."""
    return str(check["message"] or f"{check['name']}：未通过")


def is_optional(check: Mapping[str, Any]) -> bool:
    """Whether a failed check only asks for what is customary."""
    return check["group"] == MISSING and check["level"] == _OPTIONAL


def note_of(draft: Mapping[str, Any], group: str) -> str:
    """Words beside the title of a group: how many findings, or that there are none."""
    if not is_checked(draft):
        return _UNCHECKED
    failed = failed_of(draft, group)
    n_doubts = len(draft["doubts"]) if group == CONTRADICTIONS else 0
    if not failed and not n_doubts:
        return FINE[group]
    if group != MISSING:
        return f"{len(failed) + n_doubts} 项"
    counts = Counter(level_of(check) for check in failed)
    return "，".join(f"{label} {counts[label]} 项" for label in _LEVEL_LABELS.values() if counts[label])


def title_of(draft: Mapping[str, Any]) -> str:
    """部门 and 年度 of a draft, as far as they are known."""
    identity = draft["identity"]
    year = f"{identity['report_year']}年度" if identity.get("report_year") else "年度未能辨认"
    return f"{identity.get('department') or '部门未能辨认'}　{year}"


def count_findings(draft: Mapping[str, Any]) -> list[tuple[str, int]]:
    """How many findings each part has, in the order in which they are shown."""
    found = [(TITLES[group], sum(not is_optional(check) for check in failed_of(draft, group))
              + (len(draft["doubts"]) if group == CONTRADICTIONS else 0)) for group in GROUPS]
    return [*found, (RECYCLED, len(draft["recycled"]))]


def summary_of(draft: Mapping[str, Any]) -> str:
    """The findings in one line; a draft that no rule fits is not called faultless."""
    if not is_checked(draft):
        return "这份文件不像程序认得的年度报告，规定内容、矛盾、时限都没有检查；若是，请在标题中写明部门、年度和“法治政府建设情况报告”等字样再试"
    found = [f"{name} {n}" for name, n in count_findings(draft) if n]
    n_optional = sum(is_optional(check) for check in failed_of(draft, MISSING))
    found += [f"可以补充的内容 {n_optional}"] if n_optional else []
    return "，".join(found) or "没有发现问题"


def describe_draft(draft: Mapping[str, Any]) -> Iterator[str]:
    """The lines for a terminal."""
    yield from summarise_draft(draft)
    if draft["status"] != "ok":
        return
    for group in GROUPS:
        yield ""
        yield from _describe_group(draft, group)
    yield ""
    yield from _describe_recycled(draft)
    yield ""
    yield from _describe_figures(draft)
    shown = [issue for issue in draft["issues"] if issue["severity"] != "note"]
    if shown:
        yield ""
        yield _heading("其他提醒")
        for issue in shown:
            yield from wrap(f"{issue['place'] + '：' if issue['place'] else ''}{issue['message']}", "  · ", "    ")
    yield ""
    yield _heading("提纲", "请看角色是否认对" if any(section["heading"] for section in draft["sections"]) else "没有小标题")
    for section in draft["sections"]:
        if not section["label"] and not section["heading"]:
            continue        # the words before the first heading
        indent, role = "  " * section["level"], ROLE_LABELS.get(section["role"], section["role"])
        yield from wrap(f"{section['label'] or ''}{section['heading'] or ''}　〔{role}〕", indent)


def summarise_draft(draft: Mapping[str, Any]) -> Iterator[str]:
    """Which report it is and how many findings there are."""
    yield from wrap(draft["path"], "■ ")
    if draft["status"] != "ok":
        yield f"未能检查：{STATUS_LABELS.get(draft['status'], draft['status'])}"
        for issue in draft["issues"]:
            yield from wrap(issue["message"], "  ")
        return
    identity = draft["identity"]
    yield f"{title_of(draft)}　文号 {identity['doc_number'] or '无'}　成文 {identity['signed_date'] or '未写'}"
    yield from wrap("小结：" + summary_of(draft), "")


def _heading(title: str, note: str = "") -> str:
    return f"【{title}】{note}"


def _describe_group(draft: Mapping[str, Any], group: str) -> Iterator[str]:
    failed = failed_of(draft, group)
    doubts = draft["doubts"] if group == CONTRADICTIONS else []
    unknown = [check for check in draft["checks"] if check["group"] == group and check["passed"] is None]
    yield _heading(TITLES[group], note_of(draft, group))
    for check in failed:
        yield from wrap(words_of(check), f"  {'○' if is_optional(check) else '×'} {level_of(check)}　", "    ")
        yield from _describe_places(check["places"])
        if check["basis"] and group in (MISSING, TIMES):
            yield from wrap(check["basis"], "    依据：")
    for doubt in doubts:
        yield from wrap(doubt["message"], "  × 请核对　", "    ")
        yield from _describe_places(doubt["places"])
    for check in unknown if group == TIMES else []:
        yield from wrap(words_of(check), "  ？ ", "     ")


def _describe_places(places: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for number, place in enumerate(places, 1):
        label = f"    第{number}处　" if len(places) > 1 else "    原文　"
        yield from wrap(place["place"], label)
        # A heading stands in its own place already.
        if place["sentence"] or place["text"] not in place["place"]:
            yield from wrap(mark_words(place["sentence"] or place["text"], place["text"], "【", "】"),
                            " " * text_width(label))


def mark_words(sentence: str, words: str, opening: str, closing: str) -> str:
    """A sentence with the words in question set off; unchanged where they are all of it or not in it."""
    if not words or words not in sentence or len(words) >= len(sentence) - 1:
        return sentence
    before, _, after = sentence.partition(words)
    return f"{before}{opening}{words}{closing}{after}"


def _describe_recycled(draft: Mapping[str, Any]) -> Iterator[str]:
    title = RECYCLED
    if not draft["earlier_years"]:
        yield _heading(title, "没有本部门往年的报告可比（先用 hengbao run 读入往年报告）")
        return
    years = "、".join(str(year) for year in draft["earlier_years"])
    if not draft["recycled"]:
        yield _heading(title, f"与 {years} 年的报告相比，没有发现")
        return
    share = f"，占可比句子的 {draft['recycled_pct']}%" if draft["recycled_pct"] is not None else ""
    n_same = sum(row["is_verbatim"] for row in draft["recycled"])
    yield _heading(title, f"{len(draft['recycled'])} 句{share}；其中逐字相同 {n_same} 句，其余相同或相近（遮盖数字、日期后比较）")
    for row in draft["recycled"][:_MOST_RECYCLED]:
        yield from wrap(row["sentence"], "  本年　  ")
        if row["is_verbatim"]:
            yield f"  {row['year']}年  逐字相同"
        else:
            yield from wrap(row["source"], f"  {row['year']}年  ")
    if len(draft["recycled"]) > _MOST_RECYCLED:
        yield f"  …另有 {len(draft['recycled']) - _MOST_RECYCLED} 句；用 --html 文件名.html 看全部"


def _describe_figures(draft: Mapping[str, Any]) -> Iterator[str]:
    yield _heading("读出的数", f"写明的指标 {len(draft['indicators'])} 项，未披露 {draft['not_disclosed']} 项；"
                              f"全文数量 {len(draft['quantities'])} 个。请看有没有读错")
    if not draft["indicators"]:
        return
    has_last = any(item["last_year"] for item in draft["indicators"])
    head = ("指标", "本年", *(("上年报告",) if has_last else ()))
    rows = [head, *((item["name"], _shown(item), *((item["last_year"] or "—",) if has_last else ())) for item in draft["indicators"])]
    laid = columns(rows, right=(1, 2), indent="  ")
    widest = max(map(text_width, laid))
    room = terminal_columns() - widest - 2
    is_beside = room >= _LEAST_ROOM
    yield f"{pad(laid[0], widest)}  原文" if is_beside else laid[0]
    for line, item in zip(laid[1:], draft["indicators"], strict=True):
        if is_beside:
            yield from wrap(item["evidence"], f"{pad(line, widest)}  ", " " * (widest + 2))
        else:
            yield line
            yield from wrap(item["evidence"], "      原文：", "      ")


def _shown(item: Mapping[str, Any]) -> str:
    return f"{item['written']}？" if item["state"] == "ambiguous" else str(item["written"])
