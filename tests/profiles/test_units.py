"""The part `units`: it loads, and every mistake names its file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.errors import KnowledgeError
from pipeline.profiles.units import load_units
from pipeline.settings import KNOWLEDGE

FILES = ("units.csv", "qualifiers.csv", "names.csv", "zeros.csv", "claims.csv")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(KNOWLEDGE / name, tmp_path)
    return tmp_path


def test_the_shipped_knowledge_loads() -> None:
    units = load_units(KNOWLEDGE)
    assert units.units["平方米"].kind == "measure"
    assert units.units["成"].factor == 10


@pytest.mark.parametrize(("name", "row", "said"), [
    ("units.csv", "丈,counts,,,,,", "count"),
    ("units.csv", "件,count,,,,,", "重复"),
    ("units.csv", "丈,measure,,三,,,", "不是数"),
    ("units.csv", "丈,measure,,,,[,", "正则表达式"),
    ("qualifiers.csv", "将将,before,ovre,,", "over"),
    ("qualifiers.csv", "将将,befor,over,,", "before"),
    ("names.csv", "regex,第[0-9]+条,第9条,第,", "不限次数"),
    ("names.csv", "regex,[0-9]条,第九条,0,", "例子"),
    ("names.csv", "regex,第[0-9]条,第9条,0,", "first"),
    ("names.csv", "regex,(第)[0-9]条,第9条,第,", "捕获组"),
    ("names.csv", "regexp,第,第9条,第,", "regex"),
    ("zeros.csv", "things,复议,复议,", "thing"),
    ("claims.csv", "previos,上年,上年,", "previous"),
    ("claims.csv", "previous,前年,去年,", "例子"),
])
def test_a_mistake_names_file_line_and_what_is_allowed(folder: Path, name: str, row: str, said: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    path.write_text(text.rstrip("\n") + "\n" + row + "\n", encoding="utf-8")
    with pytest.raises(KnowledgeError) as error:
        load_units(folder)
    line = len(text.rstrip("\n").splitlines()) + 1
    assert name in str(error.value)
    assert f"第{line}行" in str(error.value)
    assert said in str(error.value)


def test_a_new_unit_is_read_at_once(folder: Path) -> None:
    from pipeline.measures.quantities import read_quantities

    path = folder / "units.csv"
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + "\n垛,count,,,,,\n", encoding="utf-8")
    (quantity,) = read_quantities("清理秸秆12垛。", load_units(folder))
    assert (quantity.text, quantity.unit) == ("12垛", "垛")
