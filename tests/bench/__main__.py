"""Measure the pipeline on 100, 1,000 and 10,000 reports, and plain ways of doing the same beside it.

    python -m tests.bench [quick|full] [--keep FOLDER]

`quick` leaves out 10,000, `full` adds 100,000. Prints a table and writes RESULTS.md and a plot beside this file.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.corpus import ROOT, Corpus
from tests.bench.measure import run
from tests.bench.results import write_results

SIZES = {"quick": (100, 1_000), "": (100, 1_000, 10_000), "full": (100, 1_000, 10_000, 100_000)}
_JOBS = 2
_MOST_FOR_PLAIN = 1_000  # reports; what is plain grows with the characters, so a part tells the whole


def measure(corpus: Corpus, folder: Path, size: int) -> dict[str, Any]:
    """One size: first run, second run, one file more; and the plain ways on (a part of) the same texts."""
    raw, processed, reports = folder / "raw", folder / "processed", folder / "reports"
    characters = corpus.write(raw, size)
    command = [sys.executable, "-m", "pipeline", "run", "--raw", str(raw), "--processed", str(processed), "--reports", str(reports),
               "--jobs", str(_JOBS), "--tables-only", "--quiet"]
    row: dict[str, Any] = {"reports": size, "characters": characters, "load": os.getloadavg()[0]}
    row["first"] = run(command, ROOT)
    row["stages"] = json.loads((reports / "run.json").read_text(encoding="utf-8"))["seconds"]
    row["second"] = run(command, ROOT)
    corpus.write(raw, size + 1, size)
    row["one_more"] = run(command, ROOT)
    row["one_more_stages"] = json.loads((reports / "run.json").read_text(encoding="utf-8"))["seconds"]
    cache = [path for path in (processed / ".cache").rglob("*") if path.is_file()]
    row["cache_files"], row["cache_bytes"] = len(cache), sum(path.stat().st_size for path in cache)
    row["table_bytes"] = sum(path.stat().st_size for path in processed.glob("*.parquet"))
    row["plain"] = {kind: plain(kind, raw) for kind in ("jieba", "rjieba", "script")}
    return row


def plain(kind: str, raw: Path) -> float:
    """Characters a second of work."""
    command = [sys.executable, "-m", "tests.bench.plain", kind, str(raw), str(_MOST_FOR_PLAIN)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    characters, seconds = map(float, result.stdout.split())
    return characters / seconds


def main() -> None:
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    corpus = Corpus()
    rows = []
    base = Path(tempfile.mkdtemp(prefix="hengbao-bench-"))
    try:
        for size in SIZES[arguments[0] if arguments else ""]:
            folder = base / str(size)
            rows.append(measure(corpus, folder, size))
            shutil.rmtree(folder)
            print(write_results(rows), flush=True)
    finally:
        shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    main()
