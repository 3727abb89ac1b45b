"""The explorer as a file: what it holds, and that nothing in it can reach out or run."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from typing import Any

import pandas as pd
import pytest

from pipeline.outputs.explorer import write_explorer
from pipeline.tables import store
from tests.outputs.evidence_tables import FINANCE_2022, HOSTILE, SCIENCE_2021, SCIENCE_2022, TEXTS, call, make_tables


@pytest.fixture(scope="module")
def page() -> str:
    return call(write_explorer)["explorer.html"].decode()


def unpack(page: str) -> dict[str, Any]:
    packed = re.search(r'<script type="application/octet-stream" id="data">([A-Za-z0-9+/=]*)</script>', page)
    assert packed
    data: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(packed[1])))
    return data


def test_nothing_is_fetched(page: str) -> None:
    # Base64 can hold any letters, so the data is looked at by itself.
    assert not re.search(r"https?:|//[a-z]|@import|url\(|src=", re.sub(r"[A-Za-z0-9+/=]{500,}", "", page))


def test_policy_allows_only_the_own_script_and_style(page: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    rules = dict(rule.split(" ", 1) for rule in policy[1].split("; "))
    assert rules["default-src"] == "'none'"
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        bodies = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.S)
        assert len(bodies) == 1
        assert rules[rule] == "'sha256-" + base64.b64encode(hashlib.sha256(bodies[0].encode()).digest()).decode() + "'"
    # Inline handlers and style attributes would be refused.
    assert not re.search(r"<[^>]+ (?:on\w+|style)=", page)


def test_script_never_writes_markup(page: str) -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", page)


def test_text_from_reports_is_not_in_the_markup(page: str) -> None:
    assert not any(words in page for words in HOSTILE)


def test_data_round_trips(page: str) -> None:
    data, tables = unpack(page), make_tables()
    assert data["demonstration"] is True
    documents = data["documents"]
    texts = dict(zip(documents["id"], documents["text"], strict=True))
    assert {key: texts[key] for key in TEXTS} == TEXTS
    for name, part in (("indicator_values", "values"), ("quantities", "quantities"), ("sentences", "sentences"), ("reuse", "reuse"),
                       ("checks", "checkRows"), ("commitments", "commitments"), ("blocks", "blocks"), ("sections", "sections")):
        assert len(next(iter(data[part].values()))) == len(tables[name]), name
    assert data["missing"] == {"name": ["财政局"], "year": [2021]}


def test_values_carry_words_not_only_numbers(page: str) -> None:
    data = unpack(page)
    values = data["values"]
    shown = {(data["documents"]["id"][d], data["indicators"][i]["id"]): (state, text)
             for d, i, state, text in zip(values["d"], values["i"], values["state"], values["shown"], strict=True)}
    assert shown[SCIENCE_2021, "published"] == ("value", "80余条")
    assert shown[SCIENCE_2021, "requests"] == ("zero", "0")
    assert shown[SCIENCE_2021, "penalties"] == ("not_disclosed", "未披露")
    assert shown[FINANCE_2022, "penalties"] == ("na", "不适用")


def test_offsets_are_counted_as_a_browser_counts(page: str) -> None:
    data = unpack(page)
    d = data["documents"]["id"].index(SCIENCE_2022)
    units = TEXTS[SCIENCE_2022].encode("utf-16-le")
    assert data["documents"]["wide"][d] == [TEXTS[SCIENCE_2022].index("𬭩")]
    words = [units[2 * start:2 * end].decode("utf-16-le") for doc, start, end in zip(
        data["quantities"]["d"], data["quantities"]["start"], data["quantities"]["end"], strict=True) if doc == d]
    assert words == ["6场", "95条"]
    sentence = data["sentences"]["d"].index(d)
    start, end = data["sentences"]["start"][sentence], data["sentences"]["end"][sentence]
    assert units[2 * start:2 * end].decode("utf-16-le") == "𬭩城开展普法活动6场。"


def test_same_tables_give_the_same_bytes(page: str) -> None:
    assert call(write_explorer)["explorer.html"].decode() == page


def test_left_out_documents_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.outputs.explorer.payload.MOST_CHARS", 100)
    data = unpack(call(write_explorer)["explorer.html"].decode())
    assert len(data["documents"]["id"]) + data["leftOut"] == 4
    assert data["leftOut"] > 0


def test_no_reports_at_all_still_gives_a_page() -> None:
    empty = {name: store.frame(name) for name, frame in make_tables().items() if isinstance(frame, pd.DataFrame)}
    assert unpack(call(write_explorer, {**make_tables(), **empty})["explorer.html"].decode())["documents"]["id"] == []
