"""Review workbooks in the raw folder: which files they are, and the folder without them.

They are answers of a person and never reports, wherever in the folder they lie.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import ReadingError, UsageError
from pipeline.outputs.workbook.checking import REVIEW
from pipeline.reading.workbook import has_sheet


def find_reviews(raw: Path) -> list[Path]:
    """Workbooks in the raw folder that hold the sheet 待复核; they are answers of a person, never reports."""
    found = []
    for path in sorted(raw.rglob("*")):
        is_hidden = any(part.startswith((".", "~$")) for part in path.relative_to(raw).parts)
        if path.suffix.lower() == ".xlsx" and not is_hidden and path.is_file():
            try:
                if has_sheet(path, REVIEW):
                    found.append(path)
            except ReadingError:
                continue  # the run reads it as any other file and says what is wrong with it
    return found


@contextmanager
def raw_without(raw: Path, left_out: Sequence[Path]) -> Iterator[Path]:
    """A raw folder without some files: `raw` itself where there are none, else a folder of links to everything else.

    Files keep their paths, sizes and times, so that nothing is read again for being reached by a link.
    """
    if not left_out:
        yield raw
        return
    apart = {folder for path in left_out for folder in path.parents if folder == raw or raw in folder.parents}
    with tempfile.TemporaryDirectory(prefix="hengbao-raw-") as place:
        n_linked = 0
        for folder in sorted(apart):
            beside = Path(place, folder.relative_to(raw))
            beside.mkdir(exist_ok=True)
            for path in sorted(folder.iterdir()):
                if path not in apart and path not in left_out:
                    (beside / path.name).symlink_to(path.absolute())
                    n_linked += 1
        if not n_linked:
            raise UsageError(f"文件夹 {raw} 中除复核表外没有文件；请放入报告（txt、docx、pdf、html 等）后再运行")
        yield Path(place)
