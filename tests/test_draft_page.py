"""What a drafter sees: order and places of the findings in the terminal, and the page."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from pipeline.draft_page import render_page
from pipeline.draft_text import describe_draft
from pipeline.drafts import check_draft
from pipeline.settings import Folders
from tests.outputs.browser import Browser, find_chromium

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">“&quot;\u202e'
TEXT = """澜山区财政局2022年度法治政府建设情况报告
2022年，我局坚持依法行政，现将有关情况报告如下：
一、主要举措和成效
（一）推进政务公开。全年主动公开政府信息80余条，<b>其中</b>公开财政信息<script>alert(1)</script>。
（二）规范执法。全年作出行政处罚决定43件，其中普通程序31件、简易程序14件。认真落实“七五”普法规划。
（三）加强监督。全年完成食品监督抽检2,215批次。复查时又查明，全年食品抽检2,251批次。
二、存在的不足
法治宣传形式单一。
三、2022年工作安排
继续加强学习培训，全年集中学法不少于4次。
"""


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A draft with a fault of each kind, and no earlier report to hold it against."""
    path = tmp_path_factory.mktemp("草稿 夹") / "财政局 2022 报告.txt"
    path.write_text(TEXT, encoding="utf-8")
    return check_draft(path, path.parent / "没有")


def failed(draft: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {check["check"]: check for check in draft["checks"] if check["passed"] is False}


def test_findings_come_in_the_order_in_which_a_drafter_needs_them(draft: dict[str, Any]) -> None:
    text = "\n".join(describe_draft(draft))
    titles = re.findall("【([^】]+)】", text)
    wanted = ["缺少的内容", "前后矛盾与可疑的数", "时间与期限", "过时用语与他处文字", "沿用往年的句子", "读出的数", "提纲"]
    assert [title for title in titles if title in wanted] == wanted
    missing = text[text.index("【缺少"):text.index("【前后")]
    assert missing.index("× 必须有") < missing.index("× 应当有")
    assert "第一责任人" in missing
    assert "依据：" in missing


def test_a_file_that_no_rule_fits_is_not_called_faultless(tmp_path: Path) -> None:
    path = tmp_path / "随 笔.txt"
    path.write_text("澜山区文化局工作情况\n今年我局做了一些工作，情况良好。\n", encoding="utf-8")
    draft = check_draft(path, tmp_path)
    text = "\n".join(describe_draft(draft))
    assert "规定内容、矛盾、时限都没有检查" in text.replace("\n", "").replace(" ", "")
    assert "没有发现" not in text
    assert "规定要写的都写了" not in text
    page = render_page([draft]).decode()
    assert "都没有检查" in page
    assert "<b>—</b>" in page
    assert "<b>0</b>" not in page


def test_a_date_in_the_signature_is_not_called_a_title(tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_text(f"{TEXT}澜山区财政局\n2022年12月8日\n", encoding="utf-8")
    places = [place["place"] for check in failed(check_draft(path, tmp_path)).values() for place in check["places"] if "12月8日" in place["text"]]
    assert places
    assert all(place.startswith("落款") for place in places)


def test_two_answers_to_one_indicator_contradict_each_other_under_different_names(tmp_path: Path) -> None:
    """From the sentences to the check: what settling finds to be rivals reaches the comparison of values."""
    path = tmp_path / "报告.txt"
    told = "（四）化解矛盾。调处邻里、土地、婚姻家庭等纠纷246件。群众满意。全年共调处矛盾纠纷264件。"
    path.write_text(TEXT.replace("二、存在的不足", f"{told}\n二、存在的不足"), encoding="utf-8")
    message = failed(check_draft(path, tmp_path))["values_agree"]["message"]
    assert "246件" in message
    assert "264件" in message


def test_a_contradiction_shows_both_places(draft: dict[str, Any]) -> None:
    checks = failed(draft)
    (sums,) = checks["sums_agree"]["places"]
    assert sums["text"] == "43件，其中普通程序31件、简易程序14件"
    years = [place["text"] for place in checks["year_consistent"]["places"]]
    assert years == ["澜山区财政局2022年度法治政府建设情况报告", "三、2022年工作安排"]
    text = "\n".join(describe_draft(draft))
    assert "第1处　标题" in text
    assert "第2处　三、2022年工作安排" in text
    if "values_agree" in checks:
        assert [place["text"] for place in checks["values_agree"]["places"]] == ["2,215批次", "2,251批次"]


def test_two_values_of_one_thing_are_shown_with_their_sentences(shared: Path, demo_run: Folders) -> None:
    report = next((shared / "demo").glob("区卫健局2023*.txt"))
    found = check_draft(report, demo_run.processed)
    places = failed(found)["values_agree"]["places"]
    assert [place["text"] for place in places] == ["86件", "89件"]
    assert places[0]["sentence"].startswith("全年作出行政处罚决定86件")
    text = "\n".join(describe_draft(found))
    assert "全年作出行政处罚决定【86件】" in text
    # The indicator that has two values is the same matter; it is not told twice.
    assert text.count("一处为86件") == 1
    assert found["earlier_years"] == [2020, 2021, 2022]
    assert found["recycled_pct"] > 30
    assert {"sentence", "place", "year", "source", "is_verbatim"} <= set(found["recycled"][0])
    last = {item["indicator"]: item["last_year"] for item in found["indicators"]}
    assert last["license_handled_count"] == "1,094件"


def test_a_stale_term_stands_with_its_sentence(draft: dict[str, Any]) -> None:
    (place,) = failed(draft)["no_stale_terms"]["places"]
    assert "认真落实“七五”普法规划" in place["sentence"]


def test_nothing_to_compare_with_is_said(draft: dict[str, Any]) -> None:
    assert "没有本部门往年的报告可比" in "\n".join(describe_draft(draft))
    assert draft["recycled"] == []
    assert draft["recycled_pct"] is None


def test_an_unreadable_file_says_why(tmp_path: Path) -> None:
    path = tmp_path / "空.txt"
    path.write_bytes(b"")
    found = check_draft(path, tmp_path)
    assert "未能检查" in "\n".join(describe_draft(found))
    assert "未能检查" in render_page([found]).decode()


class Tags(HTMLParser):
    """Names and attributes of every element."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def hostile(value: Any) -> Any:
    """The same draft with markup wherever there are words."""
    if isinstance(value, dict):
        return {key: item if key in ("status", "group", "level") else hostile(item) for key, item in value.items()}
    if isinstance(value, list):
        return [hostile(item) for item in value]
    return value + HOSTILE if isinstance(value, str) else value


def test_words_of_a_report_are_never_markup(draft: dict[str, Any]) -> None:
    page = render_page([hostile(draft)]).decode()
    tags = Tags(page)
    assert tags.open == []
    assert {name for name, _ in tags.seen} <= {
        "html", "head", "meta", "title", "style", "body", "main", "article", "h1", "h2", "small", "p", "br", "ul", "li", "b", "span",
        "div", "mark", "ins", "del", "table", "thead", "tbody", "tr", "th", "td", "details", "summary"}
    assert not any(attribute.startswith("on") or attribute in ("src", "href", "style") for _, found in tags.seen for attribute in found)
    assert "\u202e" not in page
    assert "&lt;script&gt;" in page


def test_the_policy_forbids_everything_but_the_one_style(draft: dict[str, Any]) -> None:
    page = render_page([draft]).decode()
    style = re.search("<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = next(found["content"] for name, found in Tags(page).seen if found.get("http-equiv") == "Content-Security-Policy")
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "http" not in page.replace("http-equiv", "")


def test_the_same_draft_gives_the_same_page(draft: dict[str, Any]) -> None:
    assert render_page([draft]) == render_page([draft])


def test_the_page_shows_itself_in_a_browser(draft: dict[str, Any], tmp_path: Path) -> None:
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium is installed")
    path = tmp_path / "自查 页.html"
    path.write_bytes(render_page([hostile(draft)]))
    with Browser(program) as browser:
        browser.ask("Page.navigate", {"url": path.as_uri()})
        browser.wait("document.readyState === 'complete' && document.querySelector('h1')")
        assert browser.run("document.querySelectorAll('script, img').length") == 0
        # The policy lets the style through: the heading has its colour.
        assert browser.run("getComputedStyle(document.querySelector('h1')).color") == "rgb(23, 64, 107)"
        assert browser.run("document.documentElement.scrollWidth <= window.innerWidth")
        assert browser.problems == []
