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
    for word in ("run", "check", "explain", "quantities", "stages", "tables", "issues", "衡报"):
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
