"""The explorer in a real browser: filters, search, deep links, the text beside the list, two reports side by side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.outputs.explorer import write_explorer
from tests.outputs.browser import Browser, find_chromium
from tests.outputs.evidence_tables import HOSTILE, SCIENCE_2021, SCIENCE_2022, TEXTS, call

CHROMIUM = find_chromium()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (Debian: apt-get install chromium): the explorer is not tried in a browser"),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("浏览 器") / "explorer.html"
    path.write_bytes(call(write_explorer)["explorer.html"])
    return path.as_uri()


@pytest.fixture(scope="module")
def started() -> Iterator[Browser]:
    assert CHROMIUM is not None
    with Browser(CHROMIUM) as browser:
        yield browser


@pytest.fixture
def browser(started: Browser, address: str) -> Iterator[Browser]:
    started.open(address)
    started.problems.clear()
    yield started
    assert started.problems == []


def count(browser: Browser) -> int:
    return int(browser.run("byId('count').textContent.split(' ')[0].replaceAll(',', '')"))


def choose(browser: Browser, name: str, label: str) -> None:
    browser.run(f"(() => {{ const select = byId('{name}'); select.value = [...select.options].find((o) => o.textContent === '{label}').value;"
                " select.dispatchEvent(new Event('change')); })()")


def search(browser: Browser, words: str) -> None:
    browser.run("byId('search').focus()")
    browser.ask("Input.insertText", {"text": words})
    browser.wait("window.explorer.list.words.length > 0")


def test_filters_tell_the_states_apart(browser: Browser) -> None:
    assert count(browser) == 8
    choose(browser, "state", "未披露")
    assert count(browser) == 7
    choose(browser, "state", "缺报告")
    assert browser.run("document.querySelector('.row').textContent").startswith("财政局2021")
    choose(browser, "state", "全部状态")
    choose(browser, "department", "财政局")
    choose(browser, "year", "2022年")
    assert count(browser) == 5
    choose(browser, "theme", "普法宣传")
    assert count(browser) == 1


def test_search_wants_every_word_and_marks_them(browser: Browser) -> None:
    browser.click("#tab-sentences")
    search(browser, "开展 6场")
    assert count(browser) == 1
    assert browser.run("[...document.querySelectorAll('.row mark')].map((m) => m.textContent)") == ["开展", "6场"]


def test_hostile_text_stays_text(browser: Browser) -> None:
    browser.click("#tab-sentences")
    search(browser, "onerror")
    assert browser.run("document.querySelector('.row').textContent").count(HOSTILE[1]) == 1
    browser.click(".row")
    assert HOSTILE[1] in browser.run("byId('left').textContent")
    assert browser.run("document.querySelectorAll('img').length") == 0


def test_a_click_opens_the_whole_text_at_the_sentence(browser: Browser) -> None:
    choose(browser, "department", "科技局")
    choose(browser, "year", "2022年")
    browser.click(".row")
    text = browser.run("[...byId('left').querySelectorAll('p')].map((p) => p.textContent.replace(/^第\\d+页/, '')).join('\\n')")
    assert text == TEXTS[SCIENCE_2022]
    assert browser.run("document.querySelector('#left .evidence').textContent") == "6场"
    assert browser.run("document.querySelector('#left .sentence.here').textContent") == "𬭩城开展普法活动6场。"
    start = TEXTS[SCIENCE_2022].index("6场")
    assert browser.run("location.hash") == f"#d={SCIENCE_2022}&s={start}"
    assert "普法活动场次：6场" in browser.run("byId('detail').textContent")
    assert browser.run("byId('outline').textContent").startswith("章节一、主要举措和成效")


def test_deep_link_to_a_place(browser: Browser, address: str) -> None:
    browser.open(f"{address}#d={SCIENCE_2022}&s={TEXTS[SCIENCE_2022].index('95条')}")
    assert browser.run("document.querySelector('#left .evidence').textContent") == "95条"
    # A workbook counts characters; a link past a rare hanzi must not be one off.
    assert browser.run("window.explorer.corpus.toUnits(window.explorer.reader.d, 40)") == 41


def test_the_list_beside_a_linked_report_shows_that_report(browser: Browser, address: str) -> None:
    browser.open(f"{address}#d={SCIENCE_2022}&s={TEXTS[SCIENCE_2022].index('95条')}")
    shown = browser.run("window.explorer.list.shown.map((row) => [row.name, row.year].join(''))")
    assert set(shown) == {"科技局2022"}
    assert "95条" in browser.run("document.querySelector('.row.chosen').textContent")
    assert browser.run("byId('department').value + byId('year').value") == "科技局2022"
    browser.click("#filters button[type=reset]")
    browser.wait("byId('count').textContent.startsWith('8 ')")     # and all of it is one click away


def test_deep_link_to_an_indicator(browser: Browser, address: str) -> None:
    browser.open(f"{address}#i=publicity")
    assert count(browser) == 4  # three answers and the missing report
    browser.open(f"{address}#d=0000000000000000&s=1")
    assert "没有编号为" in browser.run("byId('count').textContent")


def test_two_reports_side_by_side(browser: Browser, address: str) -> None:
    start = TEXTS[SCIENCE_2022].index("𬭩城")
    browser.open(f"{address}#d={SCIENCE_2022}&s={start}&c={SCIENCE_2021}")
    assert not browser.run("byId('right').hidden")
    assert browser.run("document.querySelector('#right .sentence.here').textContent") == "全年开展普法活动5场。"
    assert browser.run("document.querySelectorAll('#left .paired').length") == 2
    assert browser.run("[...document.querySelectorAll('#left .differs')].map((m) => m.textContent)") == ["𬭩城", "6"]
    heights = browser.run("['#left', '#right'].map((side) => Math.round(document.querySelector(`${side} .here`).getBoundingClientRect().top))")
    assert abs(heights[0] - heights[1]) <= 40
    browser.press("]")
    assert browser.run("document.querySelector('#left .sentence.here').textContent") == "未收到公开申请。"


def test_everything_works_from_the_keyboard(browser: Browser) -> None:
    browser.press("/")
    assert browser.run("document.activeElement.id") == "search"
    browser.press("ArrowDown")
    browser.press("ArrowDown")
    assert browser.run("byId('rows').getAttribute('aria-activedescendant')") == "row-1"
    browser.press("Enter")
    assert browser.run("byId('reader').hidden") is False
    browser.press("]")
    assert browser.run("document.querySelectorAll('#left .evidence').length") == 1
    browser.press("Escape")
    assert browser.run("byId('reader').hidden") is True
    assert browser.run("document.activeElement.id") == "rows"


def test_commitments_open_with_their_answer(browser: Browser) -> None:
    browser.click("#tab-commitments")
    browser.click(".row")
    assert "部分回应" in browser.run("byId('detail').textContent")
    assert browser.run("document.querySelector('#right .here').textContent") == "𬭩城开展普法活动6场。"


def test_printing_the_list_prints_all_of_it(browser: Browser) -> None:
    browser.run("window.dispatchEvent(new Event('beforeprint'))")
    assert browser.run("document.querySelectorAll('#print tbody tr').length") == 8
    browser.run("window.dispatchEvent(new Event('afterprint'))")
    assert browser.run("byId('print').childElementCount") == 0
