"""Read OFD (GB/T 33190), the Chinese fixed-layout format: characters at places, which reflow.py makes into paragraphs.

Template pages hold running heads and are left out. A page that cannot be read fails the file: half a report is worse.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from pipeline.errors import ReadingError
from pipeline.reading.archive import Package
from pipeline.reading.grids import find_grids
from pipeline.reading.layout import Page, pages_without_text
from pipeline.reading.ofd_page import IN_POINTS, PageReader, all_named, children, make_lines, numbers
from pipeline.reading.raw import RawDocument
from pipeline.reading.reflow import reflow
from pipeline.settings import Limits

Element = Any

_A4 = "0 0 210 297"


def read_ofd(content: bytes, limits: Limits) -> RawDocument:
    """Paragraphs and tables with their pages. Pages that are only pictures or outlines are listed, not guessed."""
    package = Package(content, limits)
    if "Encryptions.xml" in package:
        raise ReadingError("文件已加密；请用 OFD 阅读器打开，导出为不加密的 pdf 后再放入")
    document = RawDocument(pages=0)
    pages: list[Page] = []
    for root in all_named(package.xml("OFD.xml"), "DocRoot"):
        main = _resolve(package, "", (root.text or "").strip())
        pages.extend(_pages(package, main, limits, len(pages)))
    if not pages:
        raise ReadingError("一页也读不出；请用 OFD 阅读器打开，导出为 pdf 后再放入")
    document.pages = len(pages)
    document.pages_without_text = pages_without_text(pages)
    if document.pages_without_text:
        document.layout = pages
    else:
        document.pieces = reflow(pages)
    return document


def _pages(package: Package, main: str, limits: Limits, before: int) -> Iterator[Page]:
    document = package.xml(main)
    folder = posixpath.dirname(main)
    area = next((box.text for box in all_named(document, "PhysicalBox")), _A4)
    parts = [_resolve(package, folder, page.get("BaseLoc") or "") for pages in all_named(document, "Pages")
             for page in all_named(pages, "Page")]
    if before + len(parts) > limits.pages:
        raise ReadingError(f"有 {before + len(parts)} 页，超过上限 {limits.pages} 页；请拆分后再放入")
    units, pictures = _resources(package, document, folder)
    for number, part in enumerate(parts, before + 1):
        root = package.xml(part)
        box = numbers(next((box.text for place in children(root, "Area") for box in children(place, "PhysicalBox")), area))
        width, height = (box[2], box[3]) if len(box) == 4 else (210.0, 297.0)
        reader = PageReader(units)
        for content in children(root, "Content"):
            reader.read(content, IN_POINTS, 0)
        page = Page(number, width * IN_POINTS[0], height * IN_POINTS[0], grids=find_grids(reader.boxes),
                    outlines=reader.outlines, picture_area=reader.picture_area, picture=pictures.get(reader.picture_id, ""))
        page.lines = make_lines(reader.characters, page)
        yield page


def _resources(package: Package, document: Element, folder: str) -> tuple[dict[str, Element], dict[str, str]]:
    """What pages refer to by number: drawings, into which some writers put all text, and the parts of pictures."""
    units: dict[str, Element] = {}
    pictures: dict[str, str] = {}
    for kind in ("PublicRes", "DocumentRes"):
        for entry in all_named(document, kind):
            part = _resolve(package, folder, (entry.text or "").strip())
            if part in package:
                root = package.xml(part)
                for unit in all_named(root, "CompositeGraphicUnit"):
                    units[unit.get("ID") or ""] = unit
                base = _resolve(package, posixpath.dirname(part), root.get("BaseLoc") or ".")
                for medium in all_named(root, "MultiMedia"):
                    for file in all_named(medium, "MediaFile"):
                        pictures[medium.get("ID") or ""] = _resolve(package, base, (file.text or "").strip())
    return units, pictures


def _resolve(package: Package, folder: str, target: str) -> str:
    """A part by its location: from the root, or from the folder of the part that names it."""
    target = target.replace("\\", "/")
    joined = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
    return joined if joined in package or target not in package else target
