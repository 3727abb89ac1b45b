"""How well the sample files are read: python -m tests.reading.measure [FILE…]

A table of character error rate against the seed report, share of its paragraphs that come back whole, and of its
headings that begin a paragraph; for single pages of a scan against the part of the report that they show.
"""

from __future__ import annotations

import re
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline.reading.paragraphs import HEADING
from tests.reading.files import read_paths, text_of

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
SAMPLES = SHARED / "samples"
# Made from a sheet of features instead of the report, or cut to a few characters on purpose.
OTHER_TEXT = re.compile(r"complex|features|gb4byte|_8char|_title|t4_short|big5|listpage")
_ONE_PAGE = re.compile(r"_p\d\.jpg$")


def distance(wanted: str, got: str, within: bool = False) -> int:
    """Edit distance; `within` compares with the part of `wanted` that fits best."""
    if not within:
        while wanted and got and wanted[0] == got[0]:
            wanted, got = wanted[1:], got[1:]
        while wanted and got and wanted[-1] == got[-1]:
            wanted, got = wanted[:-1], got[:-1]
    before = [0] * (len(wanted) + 1) if within else list(range(len(wanted) + 1))
    for row, letter in enumerate(got, 1):
        current = [row]
        for column, other in enumerate(wanted, 1):
            current.append(min(before[column] + 1, current[-1] + 1, before[column - 1] + (letter != other)))
        before = current
    return min(before) if within else before[-1]


def measure(path: Path, truth: Sequence[str]) -> str:
    """One line of the table."""
    started = _seconds()
    tables = read_paths(path)
    seconds = _seconds() - started
    document = tables["documents"].iloc[0]
    name = str(path.relative_to(SAMPLES)) if path.is_relative_to(SAMPLES) else path.name
    if document["status"] != "ok":
        return f"{name:34} {document['status']:9} {document['reason']}"
    if OTHER_TEXT.search(name):
        return f"{name:34} ok        {document['chars']} 字，另一文本，不评"
    lines = text_of(tables).split("\n")
    wanted, got = ("".join("".join(part).split()) for part in (truth, lines))
    is_page = bool(_ONE_PAGE.search(name))
    errors = distance(wanted, got, is_page) / (len(got) if is_page else len(wanted))
    if is_page:
        # The first and last line of a page go on outside it.
        inner = lines[1:-1]
        whole, of = sum(line in truth for line in inner), len(inner)
        headings = [line for line in truth if HEADING.match(line) and line[:12] in got]
    else:
        whole, of = sum(line in lines for line in truth), len(truth)
        headings = [line for line in truth if HEADING.match(line)]
    starts = {line[:8] for line in lines}
    found = sum(line[:8] in starts for line in headings)
    return (f"{name:34} CER {errors:.4f}  段落 {whole}/{of}  标题 {found}/{len(headings)}  {1000 * seconds:6.0f} ms"
            f"  编号 {document['n_numbered']}  识别 {document['ocr_share_pct']}%  把握 {document['reading_confidence']}")


def _seconds() -> float:
    """Processor time of this process and its children that have ended; those that go on count when they end."""
    return sum(usage.ru_utime + usage.ru_stime for usage in (resource.getrusage(resource.RUSAGE_SELF),)) + _of_children()


def _of_children() -> float:
    from pipeline.reading.worker import shared_process
    from pipeline.settings import LIMITS

    child = shared_process(LIMITS)._child
    if child is None:
        return 0.0
    try:
        fields = Path(f"/proc/{child.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / 100


def main() -> None:
    seed = next((SHARED / "seed").glob("*.txt"))
    truth = text_of(read_paths(seed)).split("\n")
    paths = [Path(name).resolve() for name in sys.argv[1:]]
    for path in paths or sorted(path for path in SAMPLES.rglob("*") if path.is_file() and path.suffix != ".md"):
        sys.stdout.write(measure(path, truth) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
