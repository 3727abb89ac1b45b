"""What reading one report costs, by format: python -m tests.bench.reading [--ocr]

The sample files of the report of some 2,700 characters. `reader` is bytes to pieces in this process; `whole` is the stage
read_documents for each file of a batch, with clean text and tables and with what the reader process takes: medians of
processor time, warm. Writes READING.md beside this file. `--ocr` adds one page of a scan, which takes a minute.
"""

from __future__ import annotations

import hashlib
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.profiles import load_part
from pipeline.reading.documents import read_documents
from pipeline.reading.formats import IMAGE, find_reader
from pipeline.reading.sniff import sniff_format
from pipeline.reading.worker import Source, shared_process
from pipeline.settings import LIMITS
from pipeline.tables import store
from tests.bench.measure import machine

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples"
RESULTS = Path(__file__).resolve().parent / "READING.md"
# Sample, and what is asked of its format (milliseconds).
FILES = (("txt/utf8.txt", 1.0), ("txt/gb18030.txt", 1.0), ("report.docx", 4.0), ("report_gov.docx", 4.0), ("autonum_direct.docx", 4.0),
         ("lo/report.doc", 5.0), ("lo/autonum_direct.doc", 5.0), ("lo/report.rtf", 5.0), ("lo/report.odt", 5.0),
         ("html/t1_utf8.html", 8.0), ("html/t1_gbk_nometa.html", 8.0), ("html/t3_mso_utf8.html", 8.0), ("lo/report.html", 8.0),
         ("lo/report.pdf", 20.0), ("lo/report_gov.pdf", 20.0), ("pdf/two_col.pdf", 20.0), ("ofd/line.ofd", 15.0), ("ofd/char.ofd", 15.0))
SCAN = "scan/mild200_p2.jpg"
_RUNS = 30
_BATCH = 40
_ROUNDS = 3
_ABOUT = """# What reading one report costs

Made by `python -m tests.bench.reading` ({machine}; load {load:.1f}). Milliseconds of processor time, median of {runs} warm runs; `reader`
is bytes to pieces, `whole` the stage with cleaning, paragraphs, tables and the reader process. `goal` holds for the reader.

| file | reader | whole | goal |
|---|---|---|---|
"""


def measure(path: Path) -> tuple[float, float]:
    """Milliseconds of the reader alone, and of the whole stage, for one file."""
    content = path.read_bytes()
    reader = find_reader(sniff_format(content, path.suffix))
    return _median(lambda: reader(content, LIMITS), _RUNS), _median(lambda: _read(path, _BATCH), _ROUNDS) / _BATCH


def _read(path: Path, copies: int) -> None:
    name = hashlib.sha256(str(path).encode()).hexdigest()[:12]
    rows = [{"path": f"{number}{path.suffix}", "document_id": f"{name}{number:04}", "bytes": 1, "location": str(path)} for number in range(copies)]
    tables = read_documents(store.frame("raw_files", rows), load_part("furniture"))
    assert set(tables["documents"]["status"]) == {"ok"}, tables["documents"]["reason"].tolist()


def _median(work: Callable[[], object], runs: int) -> float:
    work()
    spent = []
    for _ in range(runs):
        started = _seconds()
        work()
        spent.append(_seconds() - started)
    return 1000 * statistics.median(spent)


def _seconds() -> float:
    """Processor time of this process and of the reader process as it stands now."""
    child = shared_process(LIMITS)._child
    try:
        own = int(Path(f"/proc/{child.pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9 if child else 0.0
    except OSError:
        own = 0.0
    return time.process_time() + own


def page_of_scan() -> float:
    """Seconds for one page of a scan, the models loaded."""
    content = (SAMPLES / SCAN).read_bytes()
    process = shared_process(LIMITS)
    return _median(lambda: process.recognise(IMAGE, Source(content), 1), 3) / 1000


def main() -> None:
    lines = []
    for name, goal in FILES:
        reader, whole = measure(SAMPLES / name)
        lines.append(f"| {name} | {reader:.1f} | {whole:.1f} | {goal:.0f} |")
        sys.stdout.write(lines[-1] + "\n")
        sys.stdout.flush()
    if "--ocr" in sys.argv[1:]:
        lines.append(f"| {SCAN} | {1000 * page_of_scan():.0f} | | 4000 |")
        sys.stdout.write(lines[-1] + "\n")
    RESULTS.write_text(_ABOUT.format(machine=machine(), load=os.getloadavg()[0], runs=_RUNS) + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
