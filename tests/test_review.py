"""The review loop: a filled sheet becomes lines of corrections.csv, and the next run shows the reviewed value."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import pipeline
from pipeline.errors import KnowledgeError, PipelineError, UsageError
from pipeline.profiles import load_part
from pipeline.profiles.corrections import load_corrections
from pipeline.reading.workbook import Cell
from pipeline.review import Outcome, describe_outcome, take_reviews
from pipeline.review_answers import UnclearAnswer, read_reviewed, write_plain
from pipeline.review_files import find_reviews, raw_without
from pipeline.runner.run import run
from pipeline.settings import KNOWLEDGE, Folders
from pipeline.tables import store
from tests.test_cli import hengbao

TODAY = "2024-03-31"
REPORT = "澜山区财政局-2022"
COUNT, RATE, MONEY = "disclosure_count", "law_exam_pass_rate", "penalty_amount"
HEAD = ["部门", "年度", "指标", "现值", "应为", "理由", "复核人", "报告编号", "文件编号", "指标编号"]
REPORT_TEXT = """澜山区财政局2022年度法治政府建设情况报告
2022年，区财政局坚持依法行政、依法理财，现将有关情况报告如下：
一、主要举措和成效
（一）推进政务公开。全年主动公开政府信息80余条，收到政府信息公开申请3件。
（二）规范执法。全年作出行政处罚决定12件。落实三项制度，组织行政执法培训2次。
（三）加强监督。全年作出行政处罚决定15件，当事人均未申请复议。
二、存在的不足和原因
法治宣传形式单一，主要原因是创新意识不强。
三、2023年工作安排
继续加强学习培训，全年集中学法不少于4次。
澜山区财政局
2023年1月12日
"""


@pytest.fixture(scope="module")
def own_knowledge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the knowledge; one for all tests, since reading the catalogue takes a while."""
    folder = tmp_path_factory.mktemp("知识") / "knowledge"
    shutil.copytree(KNOWLEDGE, folder)
    return folder


@pytest.fixture
def knowledge(own_knowledge: Path) -> Path:
    """The copy, without corrections."""
    folder = own_knowledge
    (folder / "corrections.csv").write_text("# 人工更正\nreport_id,indicator,was,now,state,reason,by,date\n", encoding="utf-8")
    return folder


@pytest.fixture
def processed(tmp_path: Path) -> Path:
    """Tables of one report with three answers."""
    folder = tmp_path / "表"
    reports = [{"document_id": "d1", "report_id": REPORT, "department": "澜山区财政局", "report_year": 2022, "genre": "rule_of_law",
                "is_compared": True},
               {"document_id": "d2", "report_id": f"{REPORT}-2", "department": "澜山区财政局", "report_year": 2022,
                "genre": "rule_of_law", "is_compared": False}]
    values = [{"document_id": "d1", "indicator": COUNT, "state": "value", "low": 80, "high": 90},
              {"document_id": "d1", "indicator": RATE, "state": "not_disclosed"},
              {"document_id": "d1", "indicator": MONEY, "state": "zero", "low": 0, "high": 0}]
    for name, rows in (("reports", reports), ("indicator_values", values)):
        store.write_arrow(folder / f"{name}.parquet", store.to_arrow(name, store.frame(name, rows)))
    return folder


def sheet(folder: Path, *rows: dict[str, Any], head: list[str] = HEAD, title: str = "待复核") -> Path:
    """A workbook as the person saves it: title and note above, then the header, then rows."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = title
    page.append(["待复核"])
    page.append(["拿不准的值"])
    page.append(head)
    for row in rows:
        filled = {"报告编号": REPORT, "指标编号": COUNT, "理由": "看了台账", "复核人": "张三", **row}
        page.append([filled.get(name) for name in head])
    path = folder / "填好 的表.xlsx"
    book.save(path)
    return path


def lines(knowledge: Path) -> list[list[str]]:
    text = (knowledge / "corrections.csv").read_text(encoding="utf-8-sig")
    return list(csv.reader(line for line in text.splitlines() if not line.startswith("#")))[1:]


# Reading one cell -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("indicator", "cell", "written"), [
    (COUNT, Cell(128.0), "value 128"),
    (COUNT, Cell("128"), "value 128"),
    (COUNT, Cell("1,280"), "value 1280"),
    (COUNT, Cell("１２８条"), "value 128"),
    (COUNT, Cell("80—90"), "value 80—90"),
    (COUNT, Cell("80-90"), "value 80—90"),
    (COUNT, Cell("80 至 90"), "value 80—90"),
    (COUNT, Cell("200—"), "value 200—"),
    (COUNT, Cell("—90"), "value —90"),
    (COUNT, Cell("80余"), "value 80—90"),        # a bound stays a bound
    (COUNT, Cell("80余条"), "value 80—90"),
    (COUNT, Cell("近百"), "value 90—100"),
    (COUNT, Cell("3.5万余"), "value 35000—36000"),
    (COUNT, Cell("一百二十"), "value 120"),
    (COUNT, Cell("200以上"), "value 200—"),
    (COUNT, Cell(0.0), "zero 0"),
    (COUNT, Cell("0"), "zero 0"),
    (COUNT, Cell("0条"), "zero 0"),
    (COUNT, Cell("写明为0"), "zero 0"),
    (COUNT, Cell("未披露"), "not_disclosed "),
    (COUNT, Cell(" 不适用 "), "na "),
    (RATE, Cell(0.956, is_percent=True), "value 95.6"),     # 95.6% as a spreadsheet keeps it
    (RATE, Cell("95%以上"), "value 95—100"),
    (RATE, Cell("95以上"), "value 95—100"),
    (RATE, Cell(95.0), "value 95"),
    (MONEY, Cell("38.6万"), "value 386000"),
    (MONEY, Cell("120亿元"), "value 12000000000"),
])
def test_what_stands_in_the_cell_is_read_as_in_a_report(indicator: str, cell: Cell, written: str) -> None:
    answer = read_reviewed(cell, load_part("indicators").by_id[indicator], load_part("units"))
    assert f"{answer.state} {answer.written()}" == written


@pytest.mark.parametrize(("indicator", "cell", "words"), [
    (COUNT, Cell("很多"), "读不出数"),
    (COUNT, Cell("80条、90条"), "读不出数"),
    (COUNT, Cell("无"), "分不清是 0 还是未披露"),
    (COUNT, Cell("90—80"), "大于上限"),
    (COUNT, Cell(-3.0), "小于 0"),
    (COUNT, Cell("-3"), "像是负数"),
    (COUNT, Cell("95%"), "不是该指标的单位"),
    (COUNT, Cell("80公里"), "不是该指标的单位"),
    (COUNT, Cell(0.5, is_percent=True), "是百分数"),
    (COUNT, Cell(45356.0, is_date=True), "当成了日期"),
    (COUNT, Cell("=1+1", is_formula=True), "是公式"),
    (COUNT, Cell("x" * 5000), "读不出数"),
])
def test_a_doubt_is_refused_with_advice(indicator: str, cell: Cell, words: str) -> None:
    with pytest.raises(UnclearAnswer, match=words):
        read_reviewed(cell, load_part("indicators").by_id[indicator], load_part("units"))


@pytest.mark.parametrize(("number", "text"), [(12e9, "12000000000"), (95.6, "95.6"), (0.1 + 0.2, "0.3"), (1e-7, "0.0000001"), (10.0, "10")])
def test_a_number_is_written_out(number: float, text: str) -> None:
    assert write_plain(number) == text


# Taking a sheet -------------------------------------------------------------------------------------------------


def take(path: Path, processed: Path, knowledge: Path, today: str = TODAY) -> Outcome:
    return take_reviews([path], processed, today, knowledge)


def test_filled_rows_become_lines(tmp_path: Path, processed: Path, knowledge: Path) -> None:
    path = sheet(tmp_path, {"应为": "85"}, {"应为": "未披露", "指标编号": MONEY}, {"应为": 100, "指标编号": None, "指标": _name(RATE)},
                 {"理由": None, "复核人": None})
    outcome = take(path, processed, knowledge)
    assert lines(knowledge) == [
        [REPORT, COUNT, "80—90", "85", "value", "看了台账", "张三", TODAY],
        [REPORT, MONEY, "0", "", "not_disclosed", "看了台账", "张三", TODAY],
        [REPORT, RATE, "", "100", "value", "看了台账", "张三", TODAY]]
    assert (len(outcome.taken), outcome.n_unchanged, outcome.problems) == (3, 0, [])
    text = "\n".join(describe_outcome(outcome, knowledge))
    assert "80—90 → 85（张三：看了台账）" in text
    assert "0 → 未披露" in text


def _name(indicator: str) -> str:
    return str(load_part("indicators").by_id[indicator].name)


@pytest.mark.parametrize(("row", "words"), [
    ({"应为": "85", "报告编号": "澜山区财政局-2021"}, "第4行：没有报告 澜山区财政局-2021（是否想写 澜山区财政局-2022？）"),
    ({"应为": "85", "报告编号": f"{REPORT}-2"}, "不是该部门该年度参与比较的一份"),
    ({"应为": "85", "指标编号": "disclosure_number"}, "没有指标 disclosure_number（是否想写 disclosure_count？）"),
    ({"应为": "85", "指标编号": None, "指标": "（部门与年度）"}, "部门与年度不能在这里更正"),
    ({"应为": "一大堆"}, "读不出数"),
    ({"应为": "85", "理由": None}, "没有填“理由”"),
    ({"应为": "85", "复核人": "  "}, "没有填“复核人”"),
    ({"应为": None}, "没有填“应为”"),
])
def test_a_wrong_row_is_named_and_the_others_are_taken(tmp_path: Path, processed: Path, knowledge: Path, row: dict[str, Any],
                                                       words: str) -> None:
    outcome = take(sheet(tmp_path, row, {"应为": 0, "指标编号": RATE}), processed, knowledge)
    assert len(outcome.problems) == 1
    assert words in outcome.problems[0]
    assert [line[1] for line in lines(knowledge)] == [RATE]


def test_other_lines_stay_and_the_same_row_is_replaced(tmp_path: Path, processed: Path, knowledge: Path) -> None:
    before = (f"\ufeff# 说明，不要动\nreport_id,indicator,state,now,was,reason,by,date\n\n{REPORT},{COUNT},value,84,80—90,旧,李四,2023-01-01\n"
              f'别局-2020,{COUNT},zero,,3,"甲，""乙""",李四,2023-01-02\n')
    (knowledge / "corrections.csv").write_text(before, encoding="utf-8")
    take(sheet(tmp_path, {"应为": "85"}, {"应为": "96%", "指标编号": RATE}), processed, knowledge)
    assert (knowledge / "corrections.csv").read_bytes().decode() == before.replace(
        "value,84,80—90,旧,李四,2023-01-01", f"value,85,80—90,看了台账,张三,{TODAY}") + \
        f"{REPORT},{RATE},value,96,,看了台账,张三,{TODAY}\n"


def test_taking_the_same_sheet_again_changes_nothing(tmp_path: Path, processed: Path, knowledge: Path) -> None:
    path = sheet(tmp_path, {"应为": "80—90"}, {"应为": 0, "指标编号": MONEY})
    take(path, processed, knowledge)
    before = (knowledge / "corrections.csv").read_bytes()
    outcome = take(path, processed, knowledge, "2025-01-01")
    assert (len(outcome.taken), outcome.n_unchanged) == (0, 2)
    assert (knowledge / "corrections.csv").read_bytes() == before


def test_two_different_answers_in_one_sheet_are_not_both_taken(tmp_path: Path, processed: Path, knowledge: Path) -> None:
    outcome = take(sheet(tmp_path, {"应为": "85"}, {"应为": "86"}, {"应为": "85"}), processed, knowledge)
    assert len(outcome.problems) == 1
    assert "第5行" in outcome.problems[0]
    assert len(lines(knowledge)) == 1


def test_line_breaks_and_commas_in_a_reason_stay_in_one_line(tmp_path: Path, processed: Path, knowledge: Path) -> None:
    take(sheet(tmp_path, {"应为": "85", "理由": "见附表,\n第3行“85”\u2028"}), processed, knowledge)
    assert load_corrections(knowledge).by_key[REPORT, COUNT].reason == "见附表, 第3行“85”"


def test_a_file_that_is_already_wrong_is_not_touched(tmp_path: Path, processed: Path, knowledge: Path) -> None:
    (knowledge / "corrections.csv").write_text("report_id,indicator\n", encoding="utf-8")
    with pytest.raises(KnowledgeError):
        take(sheet(tmp_path, {"应为": "85"}), processed, knowledge)
    assert (knowledge / "corrections.csv").read_text(encoding="utf-8") == "report_id,indicator\n"


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, processed: Path, knowledge: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (knowledge / "corrections.csv").read_bytes()

    def fail(path: Path, content: bytes) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pipeline.review.write_bytes", fail)
    with pytest.raises(PipelineError, match="--knowledge"):
        take(sheet(tmp_path, {"应为": "85"}), processed, knowledge)
    assert (knowledge / "corrections.csv").read_bytes() == before


@pytest.mark.parametrize(("make", "words"), [
    (lambda folder: sheet(folder, title="别的"), "没有工作表"),
    (lambda folder: sheet(folder, head=HEAD[:4] + HEAD[5:]), "缺少列 应为、理由、复核人"),
    (lambda folder: sheet(folder, head=[name for name in HEAD if name != "复核人"]), "缺少列 复核人"),
    (lambda folder: folder / "没有.xlsx", "没有文件"),
])
def test_what_is_no_review_sheet_is_named(tmp_path: Path, processed: Path, knowledge: Path, make: Any, words: str) -> None:
    good = sheet(tmp_path, {"应为": "85"}).rename(tmp_path / "好.xlsx")
    outcome = take_reviews([make(tmp_path), good], processed, TODAY, knowledge)
    (problem,) = outcome.bad_files
    assert words in problem
    assert not outcome.is_complete
    assert len(lines(knowledge)) == 1      # the other file is taken all the same
    assert words in "\n".join(describe_outcome(outcome, knowledge))


# In the raw folder ----------------------------------------------------------------------------------------------


def test_review_files_are_found_and_left_out(tmp_path: Path) -> None:
    raw = tmp_path / "原始"
    (raw / "子 夹" / "深").mkdir(parents=True)
    (raw / "旁").mkdir()
    for place in ("a.txt", "子 夹/b.txt", "子 夹/深/c.txt", "旁/d.txt", "旁/.hidden", "坏.xlsx"):
        (raw / place).write_text("x")
    review = sheet(tmp_path).rename(raw / "子 夹" / "复核.XLSX")
    shutil.copy(review, raw / "子 夹" / "~$复核.xlsx")
    shutil.copy(sheet(tmp_path, title="别的"), raw / "别的.xlsx")
    assert find_reviews(raw) == [review]
    with raw_without(raw, [review]) as folder:
        seen = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        assert (folder / "旁" / "d.txt").read_text() == "x"
    assert seen >= {"a.txt", "子 夹/b.txt", "坏.xlsx", "别的.xlsx"}
    assert not any("复核.XLSX" in name for name in seen)
    assert not folder.exists()
    assert review.is_file()
    with raw_without(raw, []) as folder:
        assert folder == raw


def test_a_folder_with_nothing_but_a_review_says_so(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    review = sheet(tmp_path).rename(raw / "复核.xlsx")
    with pytest.raises(UsageError, match="除复核表外没有文件"), raw_without(raw, [review]):
        pass


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """One report, run as far as the workbook; its 处罚 figure is said twice and differently."""
    base = tmp_path_factory.mktemp("复核 回路")
    folders = Folders(base / "raw", base / "processed", base / "reports")
    folders.raw.mkdir()
    (folders.raw / "区财政局2022年度报告.txt").write_text(REPORT_TEXT, encoding="utf-8")
    run(folders, jobs=1, only="write_workbook")
    return folders


def fill(folders: Folders, target: Path, indicator: str, now: Any) -> None:
    """What a person does in the real workbook: one row of 待复核 filled in, saved under another name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(folders.reports / "tables.xlsx")
    page = book["待复核"]
    header = next(row for row in page.iter_rows() if any(cell.value == "应为" for cell in row))
    column = {cell.value: cell.column for cell in header}
    row = next(row for row in range(header[0].row + 1, page.max_row + 1) if page.cell(row, column["指标编号"]).value == indicator)
    for name, value in (("应为", now), ("理由", "以台账为准"), ("复核人", "张三")):
        page.cell(row, column[name]).value = value
    book.save(target)


@pytest.mark.slow
def test_a_value_reviewed_in_the_workbook_comes_back_corrected(first_run: Folders, knowledge: Path, tmp_path: Path) -> None:
    path = tmp_path / "填好.xlsx"
    fill(first_run, path, "penalty_closed_count", 15)
    done = hengbao("review", path, "--processed", first_run.processed, "--knowledge", knowledge)
    assert done.returncode == 0, done.stderr.decode()
    assert "再次运行 hengbao run 后生效" in done.stdout.decode()
    run(first_run, jobs=1, tables_only=True, knowledge=knowledge)
    tables = pipeline.load(first_run.processed)
    value = tables.indicator_values.set_index("indicator").loc["penalty_closed_count"]
    assert (value["state"], value["low"], value["high"]) == ("corrected", 15, 15)
    assert "张三" in value["why"]
    # The line says what had been read, in the words in which it is compared: no note that it no longer fits.
    assert not tables.issues["message"].str.contains("更正时的原值").any()


def save_by_libreoffice(path: Path) -> None:
    """The workbook as LibreOffice writes it: other styles, other strings, rewritten sheet XML."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("no LibreOffice here (Debian: apt-get install libreoffice-calc): saving by another program is not tried")
    into = path.parent / "另存"
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    subprocess.run([program, profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(into), str(path)],
                   check=True, capture_output=True, timeout=240)
    shutil.move(into / path.name, path)


def save_by_openpyxl(path: Path) -> None:
    """`fill` has saved it: strings inside the cells, as exporters and programs on phones write them; no shared table."""


@pytest.mark.slow
@pytest.mark.parametrize(("save", "now", "state", "low", "high"), [
    (save_by_libreoffice, "80余", "corrected", 80, 90), (save_by_libreoffice, "不适用", "na", None, None),
    (save_by_openpyxl, 15, "corrected", 15, 15), (save_by_openpyxl, "未披露", "not_disclosed", None, None)])
def test_a_workbook_saved_by_another_program_is_read_alike(
        save: Callable[[Path], None], now: Any, state: str, low: float | None, high: float | None, first_run: Folders, knowledge: Path,
        tmp_path: Path) -> None:
    path = tmp_path / "另 存的表.xlsx"
    fill(first_run, path, "penalty_closed_count", now)
    save(path)
    done = hengbao("review", path, "--processed", first_run.processed, "--knowledge", knowledge)
    assert done.returncode == 0, done.stderr.decode()
    run(first_run, jobs=1, tables_only=True, knowledge=knowledge)
    tables = pipeline.load(first_run.processed)
    value = tables.indicator_values.set_index("indicator").loc["penalty_closed_count"]
    assert value["state"] == state
    assert [None if pd.isna(bound) else bound for bound in (value["low"], value["high"])] == [low, high]
    assert "张三" in value["why"]
    # A second look at the same answer changes nothing and is compared with what the pipeline itself read.
    again = hengbao("review", path, "--processed", first_run.processed, "--knowledge", knowledge)
    assert again.returncode == 0, again.stderr.decode()
    assert (knowledge / "corrections.csv").read_text(encoding="utf-8").count("penalty_closed_count") == 1


@pytest.mark.slow
def test_a_filled_workbook_in_the_raw_folder_is_taken_before_the_run(first_run: Folders, knowledge: Path, tmp_path: Path) -> None:
    raw = tmp_path / "原始 报告"
    shutil.copytree(first_run.raw, raw)
    fill(first_run, raw / "填好.xlsx", "penalty_closed_count", "15件")
    folders = ("--raw", raw, "--processed", tmp_path / "p", "--reports", tmp_path / "r", "--knowledge", knowledge)
    done = hengbao("run", *folders, "--tables-only", "--jobs", 1, PYTHONIOENCODING="gbk")
    text = done.stdout.decode("gbk")
    assert done.returncode == 0, done.stderr.decode("gbk")
    assert "填写 1 行，记入更正 1 条" in text
    assert "文件 1 个：已读 1" in text
    again = json.loads(hengbao("run", *folders, "--tables-only", "--jobs", 1, "--json").stdout)
    assert (again["review"]["taken"], again["review"]["n_unchanged"], again["redone"]) == ([], 1, [])
    values = pd.read_parquet(tmp_path / "p" / "indicator_values.parquet").set_index("indicator")
    assert values.loc["penalty_closed_count", "state"] == "corrected"
    documents = pd.read_parquet(tmp_path / "p" / "documents.parquet")
    assert documents["path"].tolist() == ["区财政局2022年度报告.txt"]
