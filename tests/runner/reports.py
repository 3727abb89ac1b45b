"""Small reports to run on, and the bytes of what came of them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from pipeline.runner.run import run
from pipeline.runner.state import Summary
from pipeline.settings import Folders, Options

ROOT = Path(__file__).resolve().parents[2]
REPORT = """青禾市{office}关于{year}年度法治政府建设情况的报告

市委、市政府：

现将{year}年度法治政府建设情况报告如下：

一、{year}年度推进法治政府建设的主要举措和成效

（一）深化政务公开。全年主动公开政府信息{n}条，收到政府信息公开申请2件，均按期答复。

（二）规范行政执法。全年作出行政处罚决定{n}件，未发生行政复议、行政诉讼案件。

二、党政主要负责人履行推进法治建设第一责任人职责情况

局主要负责人主持党组会专题研究法治工作3次，组织集体学法4次。

三、存在的不足和原因

普法针对性不强，主要原因是对企业需求了解不够。

四、{next}年推进法治政府建设的主要安排

开展普法宣传活动不少于6场。

青禾市{office}

{next}年1月20日
"""


def report_text(office: str, year: int, n: int = 31) -> str:
    return REPORT.format(office=office, year=year, next=year + 1, n=n)


def write_reports(raw: Path, offices: tuple[str, ...] = ("水利局", "民政局"), years: tuple[int, ...] = (2021, 2022)) -> None:
    raw.mkdir(parents=True, exist_ok=True)
    for place, office in enumerate(offices):
        for year in years:
            (raw / f"{office}{year}.txt").write_text(report_text(office, year, 31 + 16 * place + year - 2021), encoding="utf-8")


def folders_in(base: Path, raw: Path | None = None) -> Folders:
    return Folders(raw or base / "raw", base / "processed", base / "reports")


def tables_of(folders: Folders, jobs: int = 1, **choices) -> Summary:
    return run(folders, Options(), jobs, tables_only=True, **choices)


def digests(folders: Folders) -> dict[str, str]:
    """sha256 of every table, also of those that are kept in the cache."""
    paths = [*folders.processed.glob("*.parquet"), *(folders.cache / "internal").glob("*.parquet")]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(paths)}


def python(code: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run code in another process, with this checkout's package unless PYTHONPATH says otherwise."""
    settings = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run([sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, env=settings,
                          cwd=settings["PYTHONPATH"], timeout=300, check=False)
