"""What `hengbao check --html` writes: the findings about one or several drafts as one page to read or print.

What belongs here: markup. Every word of a report goes through `_text`, so it is never markup; the page has no script,
loads nothing, and its policy forbids both. Nothing is found here.
"""

from __future__ import annotations

import base64
import difflib
import hashlib
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.draft_text import (
    GROUPS,
    RECYCLED,
    STATUS_LABELS,
    TITLES,
    count_findings,
    failed_of,
    is_checked,
    is_optional,
    level_of,
    note_of,
    summary_of,
    title_of,
    words_of,
)
from pipeline.drafts import CONTRADICTIONS, MISSING, TIMES
from pipeline.outputs.values import CLAIM_LABELS, ROLE_LABELS, write_bounds
from pipeline.terminal import clean_line

_PARTS = re.compile(r"[0-9A-Za-z.,，%]*[0-9A-Za-z%]|.", re.DOTALL)
_STYLE = """
:root { color-scheme: light; --ink: #1a1a1a; --quiet: #5f6368; --navy: #17406b; --accent: #8f1d14; --rule: #d3d7db; --ground: #f6f7f9; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.75 "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei",
  "PingFang SC", sans-serif; text-autospace: normal; line-break: strict;
  overflow-wrap: anywhere; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.5rem 4rem; background: #fff; min-height: 100vh; }
article + article { border-top: 4px solid var(--navy); margin-top: 4rem; padding-top: 2rem; }
h1 { font-size: 1.6rem; line-height: 1.35; margin: 0 0 .25rem; color: var(--navy); }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; padding-bottom: .25rem; border-bottom: 2px solid var(--navy); color: var(--navy); }
h2 small { font-size: .85rem; font-weight: normal; color: var(--quiet); margin-left: .75rem; }
p { margin: .25rem 0; }
.quiet, dt { color: var(--quiet); font-size: .88rem; }
.counts { display: grid; grid-template-columns: repeat(auto-fit, minmax(6.5rem, 1fr)); gap: .6rem; list-style: none; padding: 0; margin: 1rem 0 0; }
.counts li { border: 1px solid var(--rule); border-top: 4px solid var(--rule); padding: .5rem .75rem; font-size: .88rem; }
.counts li.some { border-top-color: var(--accent); }
.counts b { display: block; font-size: 1.6rem; line-height: 1.3; font-weight: 600; }
.counts li.some b { color: var(--accent); }
.counts li.told { border-top-color: var(--navy); }
.counts li.told b { color: var(--navy); }
.findings { list-style: none; padding: 0; margin: 0; }
.findings > li { border-left: 4px solid var(--accent); padding: .1rem 0 .1rem .9rem; margin: 0 0 1.25rem; }
.findings > li.optional, .findings > li.unknown { border-left-color: var(--rule); }
.level { display: inline-block; font-size: .8rem; line-height: 1.5; border: 1px solid var(--accent); color: var(--accent); padding: 0 .45em;
  margin-right: .6em; border-radius: 2px; }
.optional .level, .unknown .level { border-color: var(--quiet); color: var(--quiet); }
.place { margin: .5rem 0 0; background: var(--ground); padding: .5rem .75rem; }
mark { background: none; color: var(--accent); font-weight: 600; text-decoration: underline; text-underline-offset: .25em; }
del { color: var(--quiet); } ins { text-decoration: none; font-weight: 600; color: var(--navy); border-bottom: 2px solid; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; line-height: 1.6; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--rule); }
th { color: var(--quiet); font-weight: normal; border-bottom: 2px solid var(--rule); white-space: nowrap; }
thead { display: table-header-group; } tr { break-inside: avoid; }
td.number, th.number { text-align: right; word-break: keep-all; overflow-wrap: break-word; font-variant-numeric: tabular-nums; }
td.year { white-space: nowrap; }
.outline { list-style: none; padding: 0; margin: 0; } .outline .inner { padding-left: 1.6em; }
.role { color: var(--quiet); font-size: .85rem; margin-left: .6em; }
summary { cursor: pointer; color: var(--navy); }
@media print { body { background: #fff; font-size: 10.5pt; } main { padding: 0; max-width: none; } h2 { break-after: avoid; }
  .findings > li, .place { break-inside: avoid; } }
@page { size: A4; margin: 18mm 16mm; }
"""


def render_page(drafts: Sequence[Mapping[str, Any]]) -> bytes:
    """One page, UTF-8, complete in itself; the same drafts give the same bytes."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = title_of(drafts[0]) if len(drafts) == 1 else f"{len(drafts)} 份报告"
    body = "\n".join("\n".join(_article(draft)) for draft in drafts)
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{_text(title)}　交稿前自查</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
""".encode("utf-8", "replace")


def _text(words: Any) -> str:
    """Words as they read, with nothing that a browser could take for markup or for a change of direction."""
    return html.escape(clean_line("" if words is None else str(words)))


def _article(draft: Mapping[str, Any]) -> Iterator[str]:
    yield "<article>"
    if draft["status"] != "ok":
        yield f"<h1>{_text(draft['path'])}</h1><p>未能检查：{_text(STATUS_LABELS.get(draft['status'], draft['status']))}</p>"
        yield from (f"<p>{_text(issue['message'])}</p>" for issue in draft["issues"])
        yield "</article>"
        return
    identity = draft["identity"]
    yield f"<h1>{_text(title_of(draft))}　交稿前自查</h1>"
    yield (f'<p class="quiet">{_text(draft["path"])}<br>文号 {_text(identity["doc_number"] or "无")}　'
           f'成文 {_text(identity["signed_date"] or "未写")}</p>')
    if not is_checked(draft):
        yield f'<p><strong>{_text(summary_of(draft))}</strong></p>'
    yield '<ul class="counts">'
    for name, n in count_findings(draft):
        is_told = is_checked(draft) and (name != RECYCLED or bool(draft["earlier_years"]))
        kind = "none" if not n or not is_told else "some" if name in TITLES.values() else "told"
        yield f'<li class="{kind}"><b>{n if is_told else "—"}</b>{_text(name)}</li>'
    yield "</ul>"
    for group in GROUPS:
        yield from _group(draft, group)
    yield from _recycled(draft)
    yield from _figures(draft)
    yield from _reminders(draft)
    yield from _outline(draft)
    yield ('<p class="quiet">程序只读文字，不知道所写是否属实。“未披露”是没有写，不等于 0；约数按上下限理解，如 80余 是 80 以上、'
           "90 以下。矛盾与沿用是线索，请对照原文判断。</p>")
    yield "</article>"


def _heading(title: str, note: str) -> str:
    return f"<h2>{_text(title)}<small>{_text(note)}</small></h2>"


def _group(draft: Mapping[str, Any], group: str) -> Iterator[str]:
    yield _heading(TITLES[group], note_of(draft, group))
    yield '<ul class="findings">'
    for check in failed_of(draft, group):
        kind = "optional" if is_optional(check) else "wanted"
        yield f'<li class="{kind}"><p><span class="level">{_text(level_of(check))}</span>{_text(words_of(check))}</p>'
        yield from _places(check["places"])
        if check["basis"] and group in (MISSING, TIMES):
            yield f'<p class="quiet">依据：{_text(check["basis"])}</p>'
        yield "</li>"
    for doubt in draft["doubts"] if group == CONTRADICTIONS else []:
        yield f'<li class="wanted"><p><span class="level">请核对</span>{_text(doubt["message"])}</p>'
        yield from _places(doubt["places"])
        yield "</li>"
    for check in draft["checks"] if group == TIMES else []:
        if check["group"] == TIMES and check["passed"] is None:
            yield f'<li class="unknown"><p><span class="level">无从判断</span>{_text(words_of(check))}</p></li>'
    yield "</ul>"


def _places(places: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for number, place in enumerate(places, 1):
        label = f"第{number}处　" if len(places) > 1 else ""
        yield f'<div class="place"><p class="quiet">{_text(label + place["place"])}</p>'
        # A heading stands in its own place already.
        if place["sentence"] or place["text"] not in place["place"]:
            before, words, after = (place["sentence"] or place["text"]).partition(place["text"])
            marked = f"<mark>{_text(words)}</mark>" if before or after else _text(words)
            yield f"<p>{_text(before)}{marked}{_text(after)}</p>"
        yield "</div>"


def _recycled(draft: Mapping[str, Any]) -> Iterator[str]:
    rows = draft["recycled"]
    if not draft["earlier_years"]:
        yield _heading("沿用往年的句子", "没有本部门往年的报告可比")
        return
    years = "、".join(str(year) for year in draft["earlier_years"])
    if not rows:
        yield _heading("沿用往年的句子", f"与 {years} 年的报告相比，没有发现")
        return
    share = f"，占可比句子的 {draft['recycled_pct']}%" if draft["recycled_pct"] is not None else ""
    yield _heading("沿用往年的句子", f"{len(rows)} 句{share}；比较了 {years} 年的报告")
    yield "<p class=\"quiet\">没有变化的工作可以照写；请看数字是否已经更新，过时的话是否还留着。</p>"
    yield '<table><thead><tr><th>本年</th><th>年度</th><th>往年</th></tr></thead><tbody>'
    for row in rows:
        if row["is_verbatim"]:
            now, before = _text(row["sentence"]), '<span class="quiet">逐字相同</span>'
        else:
            now, before = _differences(row["sentence"], row["source"])
        yield f'<tr><td>{now}</td><td class="year">{_text(row["year"])}</td><td>{before}</td></tr>'
    yield "</tbody></table>"


def _differences(now: str, before: str) -> tuple[str, str]:
    """Both sentences with what is new and what is gone set off."""
    new, old = [], []
    # Numbers are compared whole: 1094 became 1312, not a few of its digits.
    before_parts, now_parts = _PARTS.findall(before), _PARTS.findall(now)
    for kind, i, j, k, m in difflib.SequenceMatcher(None, before_parts, now_parts, autojunk=False).get_opcodes():
        gone, come = _text("".join(before_parts[i:j])), _text("".join(now_parts[k:m]))
        old.append(gone if kind == "equal" or not gone else f"<del>{gone}</del>")
        new.append(come if kind == "equal" or not come else f"<ins>{come}</ins>")
    return "".join(new), "".join(old)


def _figures(draft: Mapping[str, Any]) -> Iterator[str]:
    yield _heading("读出的数", f"写明的指标 {len(draft['indicators'])} 项，未披露 {draft['not_disclosed']} 项；请看有没有读错")
    has_last = any(item["last_year"] for item in draft["indicators"])
    last_head = '<th class="number">上年报告</th>' if has_last else ""
    if draft["indicators"]:
        yield f'<table><thead><tr><th>指标</th><th class="number">本年</th>{last_head}<th>原文</th><th>位置</th></tr></thead><tbody>'
        for item in draft["indicators"]:
            last = f'<td class="number">{_text(item["last_year"] or "—")}</td>' if has_last else ""
            doubt = "？" if item["state"] == "ambiguous" else ""
            yield (f'<tr><td>{_text(item["name"])}</td><td class="number">{_text(item["written"])}{doubt}</td>{last}'
                   f'<td>{_text(item["evidence"])}</td><td class="quiet">{_text(item["place"].split(" › ")[-1])}</td></tr>')
        yield "</tbody></table>"
    if draft["quantities"]:
        yield f"<details><summary>全文的 {len(draft['quantities'])} 个数量</summary>"
        yield '<table><thead><tr><th>原文</th><th class="number">上下限</th><th>所计对象</th><th>归属</th></tr></thead><tbody>'
        for quantity in draft["quantities"]:
            yield (f'<tr><td>{_text(quantity["text"])}</td><td class="number">{_text(write_bounds(quantity["low"], quantity["high"]))}</td>'
                   f'<td>{_text(quantity["object"])}</td><td>{_text(CLAIM_LABELS.get(quantity["claim"], quantity["claim"]))}</td></tr>')
        yield "</tbody></table></details>"


def _reminders(draft: Mapping[str, Any]) -> Iterator[str]:
    shown = [issue for issue in draft["issues"] if issue["severity"] != "note"]
    if shown:
        yield _heading("其他提醒", "")
        yield '<ul class="findings">'
        for issue in shown:
            place = f"{issue['place']}：" if issue["place"] else ""
            yield f'<li class="unknown"><p>{_text(place + issue["message"])}</p></li>'
        yield "</ul>"


def _outline(draft: Mapping[str, Any]) -> Iterator[str]:
    yield _heading("提纲", "请看各部分是否认对")
    yield '<ul class="outline">'
    for section in draft["sections"]:
        role = ROLE_LABELS.get(section["role"], section["role"])
        kind = "inner" if section["level"] > 1 else "outer"
        yield (f'<li class="{kind}">{_text(section["label"])}{_text(section["heading"])}'
               f'<span class="role">{_text(role)}</span></li>')
    yield "</ul>"
