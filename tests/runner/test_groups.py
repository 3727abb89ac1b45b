"""Stages that work group by group: what one more file costs, and that every way leads to the bytes of a run from nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from pipeline.errors import PipelineError
from pipeline.runner import bundles, graph, groups
from pipeline.runner.later import Wave
from pipeline.settings import Folders
from pipeline.stages import STAGES
from pipeline.tables import store
from tests.runner.reports import digests, folders_in, report_text, tables_of

REGIONS = ("青禾市", "丹江县", "碧溪区", "银川坪县", "和林区", "翠谷市")
OFFICES = ("水利局", "民政局")
YEARS = (2021, 2022, 2023)
OF_GROUPS = [name for stage in STAGES if stage.scope == "group" for name in stage.makes]


def write_region(raw: Path, region: str, offices: tuple[str, ...] = OFFICES, years: tuple[int, ...] = YEARS) -> None:
    (raw / region).mkdir(parents=True, exist_ok=True)
    for place, office in enumerate(offices):
        for year in years:
            text = report_text(office, year, 31 + 16 * place + len(region) * (year - 2020)).replace("青禾市", region)
            (raw / region / f"{office}{year}.txt").write_text(text, encoding="utf-8")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bundles of about four documents, files of results and a sample of few."""
    monkeypatch.setattr(groups, "_DOCUMENTS_IN_A_BUNDLE", 4)
    monkeypatch.setattr(groups, "SAMPLED_DOCUMENTS", 10)
    monkeypatch.setattr(bundles, "_DOCUMENTS_A_FILE", 5)


@pytest.fixture
def folders(tmp_path: Path, small: None) -> Folders:
    for region in REGIONS:
        write_region(tmp_path / "raw", region)
    return folders_in(tmp_path)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """(stage, number of documents) of each bundle that is done."""
    found: list[tuple[str, int]] = []
    cut = Wave._cut

    def watched(wave: Wave, jobs: int):
        for task in cut(wave, jobs):
            found.extend((stage.function, len(bundle.documents)) for bundle in task.bundles for stage, _ in bundle.stages)
            yield task

    monkeypatch.setattr(Wave, "_cut", watched)
    return found


def is_as_from_nothing(folders: Folders, base: Path, jobs: int = 1) -> bool:
    fresh = folders_in(base, folders.raw)
    tables_of(fresh, jobs=jobs)
    return digests(fresh) == digests(folders)


def test_two_processes_give_the_same_bytes(folders: Folders, tmp_path: Path) -> None:
    tables_of(folders)
    assert is_as_from_nothing(folders, tmp_path / "two", jobs=2)


def test_one_file_more_costs_its_own_region(folders: Folders, tmp_path: Path, done: list[tuple[str, int]]) -> None:
    tables_of(folders)
    whole = len(done)
    done.clear()
    write_region(folders.raw, REGIONS[2], ("财政局",), (2022,))
    tables_of(folders)
    assert {stage for stage, _ in done} >= {"compare_years", "find_reuse", "follow_commitments"}
    # Unless the new file belongs to the sample: then every report is judged by another model.
    alone = [stage for stage, _ in done if stage != "assign_themes"]
    assert len(alone) == len(set(alone)) < whole / 4
    assert is_as_from_nothing(folders, tmp_path / "fresh")


def test_a_file_less_an_edited_one_and_a_new_region(folders: Folders, tmp_path: Path) -> None:
    tables_of(folders)
    (folders.raw / REGIONS[0] / "水利局2022.txt").unlink()
    path = folders.raw / REGIONS[1] / "民政局2023.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("6场", "9场"), encoding="utf-8")
    tables_of(folders)
    assert is_as_from_nothing(folders, tmp_path / "first")
    write_region(folders.raw, "松坪县")
    tables_of(folders)
    assert is_as_from_nothing(folders, tmp_path / "second")
    for path in (folders.raw / REGIONS[3]).iterdir():
        path.unlink()
    tables_of(folders)
    assert is_as_from_nothing(folders, tmp_path / "third")


def test_a_run_that_ends_before_the_tables_are_whole_is_gone_on_with(
    folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, done: list[tuple[str, int]]
) -> None:
    def fail(wave: Wave) -> None:
        raise PipelineError("戛然而止")

    with monkeypatch.context() as patch:
        patch.setattr(Wave, "finish", fail)
        with pytest.raises(PipelineError, match="戛然而止"):
            tables_of(folders)
    assert list((folders.cache / "groups").glob("*.part"))
    before = len(done)
    tables_of(folders)
    # Themes were still to be done when the others were put together.
    assert {stage for stage, _ in done[:before]} & {stage for stage, _ in done[before:]} <= {"assign_themes"}
    assert not list((folders.cache / "groups").iterdir())
    assert is_as_from_nothing(folders, tmp_path / "fresh")


def test_damaged_tables_of_groups_are_made_again(folders: Folders) -> None:
    tables_of(folders)
    expected = digests(folders)
    path = folders.processed / "commitments.parquet"
    content = path.read_bytes()
    path.write_bytes(content[:40] + b"\xff" * 9 + content[49:])
    write_region(folders.raw, REGIONS[0], ("财政局",), (2022,))
    tables_of(folders)
    (folders.raw / REGIONS[0] / "财政局2022.txt").unlink()
    tables_of(folders)
    assert digests(folders) == expected


def test_another_region_changes_nothing_in_a_region(tmp_path: Path) -> None:
    """What the departments of a region are told does not depend on which other regions happen to be there."""
    alone, together = folders_in(tmp_path / "alone"), folders_in(tmp_path / "together")
    for folders, regions in ((alone, REGIONS[:1]), (together, REGIONS[:3])):
        for region in regions:
            write_region(folders.raw, region)
        tables_of(folders)
    own = set(store.read_table(alone.processed / "reports.parquet", "reports")["document_id"])
    for name in OF_GROUPS:
        if name in ("sentence_themes", "themes"):
            continue  # judged by a model that all reports teach
        path = alone.processed / f"{name}.parquet"
        path = path if path.is_file() else alone.cache / "internal" / path.name
        table, other = (store.read_table(each, name) for each in (path, together.processed / path.relative_to(alone.processed)))
        kept = other["document_id"].isin(own) if "document_id" in other else other["group"].str.startswith(REGIONS[0])
        pd.testing.assert_frame_equal(table, other[kept].reset_index(drop=True))


def test_the_rows_of_a_document_tell_whether_anything_in_them_changed() -> None:
    rows = pa.table({"document_id": ["a", "a", "b"], "text": ["一", None, ""], "count": pa.array([1, 2, None], pa.int64())})
    digest = groups.digest_rows(rows, rows.column_names)
    for column, value in (("text", ["一", "", ""]), ("text", ["二", None, ""]), ("count", [1, None, None])):
        changed = rows.set_column(rows.column_names.index(column), column, pa.array(value, rows.schema.field(column).type))
        other = groups.digest_rows(changed, rows.column_names)
        assert other["a"] != digest["a"]
        assert other["b"] == digest["b"]


def test_group_stages_do_not_read_each_other() -> None:
    wrong = tuple(replace(stage, scope="group") if stage.function == "settle_reuse" else stage for stage in STAGES)
    with pytest.raises(PipelineError, match="settle_reuse 逐组或抽样运行，不能读同样逐组得出的表 region_reuse"):
        graph.check_graph(wrong)


def test_all_group_stages_read_their_tables_together(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """They wait for what the sample teaches, though most of them do not need it: the tables are gone through once."""
    waves: list[list[str]] = []
    begin = Wave.begin

    def watched(wave: Wave):
        waves.append([stage.function for stage in wave.stages])
        return begin(wave)

    monkeypatch.setattr(Wave, "begin", watched)
    tables_of(folders)
    assert sorted(map(len, waves)) == [sum(stage.scope == "group" for stage in STAGES)]
