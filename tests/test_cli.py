"""The command as people call it: output, exit status, messages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.settings import Folders
from tests.conftest import ROOT


def hengbao(*arguments: object, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "pipeline", *map(str, arguments)], input=stdin.encode(), capture_output=True,
                          cwd=ROOT, env={**os.environ, **environment}, timeout=300, check=False)


def test_help_is_chinese_and_names_every_command() -> None:
    text = hengbao("--help").stdout.decode()
    for word in ("run", "check", "review", "evaluate", "export", "explain", "quantities", "stages", "tables", "issues", "衡报"):
        assert word in text


def test_quantities_reads_lines_and_writes_lines() -> None:
    done = hengbao("quantities", stdin='{"id": "a", "text": "新增公开发布信息数达 80 余条。"}\n{"id": "b", "text": "“三重一大”事项"}\n')
    first, second = map(json.loads, done.stdout.decode().splitlines())
    assert done.returncode == 0
    found = first["quantities"]
    assert [(q["text"], q["start"], q["end"], q["low"], q["high"], q["approx"], q["unit"], q["kind"]) for q in found] == [
        ("80 余条", 11, 16, 80, 90, "over", "条", "count")]
    assert second == {"id": "b", "quantities": []}


def test_a_line_that_is_not_json_is_named() -> None:
    done = hengbao("quantities", stdin='{"id": 1, "text": "两次"}\n不是 JSON\n')
    assert done.returncode == 2
    assert "第2行" in done.stderr.decode()


def test_tables_prints_one_table() -> None:
    text = hengbao("tables", "quantities").stdout.decode()
    assert "下限" in text
    assert "indicator_values" not in text


@pytest.mark.parametrize(("arguments", "words"), [
    (("tables", "quantity"), "没有名为 quantity 的表"),
    (("explain", "某局-2022", "--processed", "没有这个文件夹"), "请先运行"),
    (("run", "--raw", "没有这个文件夹"), "没有文件夹"),
    (("run", "--genre", "poem"), "没有体裁 poem"),
    (("evaluate",), "--truth"),
    (("evaluate", "--truth", "没有这个文件夹"), "没有文件夹"),
    (("evaluate", "--quantities", "没有.jsonl"), "没有文件"),
    (("export", "导出", "--processed", "没有这个文件夹"), "请先运行"),
    (("review", "没有.xlsx", "--processed", "没有这个文件夹"), "请先运行"),
    (("check", "没有.docx"), "没有文件"),
])
def test_wrong_usage_ends_with_status_2_and_one_line(arguments: tuple[str, ...], words: str, tmp_path: Path) -> None:
    folders = ("--processed", tmp_path / "p", "--reports", tmp_path / "r") if arguments[0] == "run" else ()
    done = hengbao(*arguments, *folders)
    message = done.stderr.decode()
    assert done.returncode == 2
    assert words in message
    assert len(message.strip().splitlines()) == 1


def test_an_empty_raw_folder_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    done = hengbao("run", "--raw", tmp_path / "raw", "--processed", tmp_path / "p", "--reports", tmp_path / "r")
    assert done.returncode == 2
    assert "请放入报告" in done.stderr.decode()


def test_a_run_with_nothing_usable_ends_with_status_2_and_one_line(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "文件 一.txt").write_text("", encoding="utf-8")
    done = hengbao("run", "--raw", tmp_path / "raw", "--processed", tmp_path / "p", "--reports", tmp_path / "r", "--tables-only",
                   "--jobs", 1, "--quiet")
    message = done.stderr.decode()
    assert done.returncode == 2
    assert done.stdout == b""
    assert "没有一个读得出正文" in message
    assert len(message.strip().splitlines()) == 1


def test_a_console_without_chinese_never_breaks(tmp_path: Path) -> None:
    done = hengbao("tables", "quantities", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert hengbao("stages", PYTHONIOENCODING="gbk").stdout.decode("gbk")


def test_explain_shows_the_sentence(demo_run: Folders) -> None:
    done = hengbao("explain", "澜山区卫生健康局-2021", "penalty_closed_count", "--processed", demo_run.processed)
    text = done.stdout.decode()
    assert done.returncode == 0, done.stderr.decode()
    assert "全年作出行政处罚决定71件" in text
    assert "71件" in text


def test_explain_offers_near_names(demo_run: Folders) -> None:
    done = hengbao("explain", "澜山区卫生局-2021", "--processed", demo_run.processed)
    assert done.returncode == 2
    assert "澜山区卫生健康局-2021" in done.stderr.decode()


def test_check_speaks_to_a_drafter(shared: Path, demo_run: Folders) -> None:
    report = next((shared / "seed").glob("*.txt"))
    done = hengbao("check", report, "--processed", demo_run.processed)
    text = done.stdout.decode()
    assert done.returncode == 0, done.stderr.decode()
    assert "张店区科学技术局" in text
    assert "80余条" in text
    found = json.loads(hengbao("check", report, "--json").stdout)
    assert found["identity"]["report_year"] == 2022


def test_check_writes_a_page_and_says_where(shared: Path, demo_run: Folders, tmp_path: Path) -> None:
    page = tmp_path / "自查 结果" / "页.html"
    done = hengbao("check", next((shared / "seed").glob("*.txt")), "--processed", demo_run.processed, "--html", page,
                   PYTHONIOENCODING="gbk")
    lines = done.stdout.decode("gbk").splitlines()
    assert done.returncode == 0, done.stderr.decode("gbk")
    assert lines[-1] == f"已写入 {page}"
    assert len(lines) < 6
    assert "张店区科学技术局" in page.read_text(encoding="utf-8")
    quiet = hengbao("check", next((shared / "seed").glob("*.txt")), "--html", page, "--quiet")
    assert (quiet.returncode, quiet.stdout) == (0, b"")


def test_export_writes_tables_that_a_spreadsheet_opens(demo_run: Folders, tmp_path: Path) -> None:
    folder = tmp_path / "导出 的表"
    done = hengbao("export", folder, "reports", "checks", "--labels", "--processed", demo_run.processed, PYTHONIOENCODING="gbk")
    assert done.returncode == 0, done.stderr.decode("gbk")
    assert sorted(path.name for path in folder.iterdir()) == ["checks.csv", "reports.csv"]
    assert (folder / "reports.csv").read_text(encoding="utf-8-sig").startswith("文件编号,报告编号,")
    assert "没有名为 report 的表" in hengbao("export", folder, "report", "--processed", demo_run.processed).stderr.decode()


def test_evaluate_measures_labelled_sentences(tmp_path: Path) -> None:
    path = tmp_path / "标注 句子.jsonl"
    path.write_text(json.dumps({"id": "a", "text": "公开信息80余条", "quantities": [
        {"text": "80余条", "start": 4, "end": 8, "kind": "count", "low": 80, "high": 90, "approx": "over", "unit": "条", "object": "信息"}]}),
        encoding="utf-8")
    done = hengbao("evaluate", "--quantities", path, "--json")
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["quantities"][str(path)]["value"] == {"p": 1.0, "r": 1.0, "f1": 1.0}
    text = hengbao("evaluate", "--quantities", path, "--errors", 3, PYTHONIOENCODING="gbk").stdout.decode("gbk")
    assert "100.00%" in text


def test_check_of_an_unreadable_file_says_why(tmp_path: Path) -> None:
    path = tmp_path / "空.txt"
    path.write_bytes(b"")
    done = hengbao("check", path)
    assert done.returncode == 1
    assert "未能检查" in done.stdout.decode()


def test_issues_are_listed(demo_run: Folders) -> None:
    done = hengbao("issues", "--processed", demo_run.processed)
    assert done.returncode == 0
    assert done.stdout.decode().strip().splitlines()[-1].startswith("共 ")
