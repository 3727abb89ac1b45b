"""The pictures of a Word file that holds nothing else: a scan pasted page by page."""

from __future__ import annotations

import posixpath
from typing import Any

from pipeline.reading.archive import Parts
from pipeline.reading.layout import Page

Element = Any

_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_NAMES = ("}embed", "}id")
_RASTER = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif")
# A4 in points; the picture says more when it is opened.
_WIDTH, _HEIGHT = 595.0, 842.0


def picture_pages(package: Parts, root: Element, main: str) -> list[Page]:
    """A page for every picture that the body shows, in its order; none where it shows none."""
    folder, name = posixpath.split(main)
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in package:
        return []
    part_of = {relation.get("Id"): posixpath.normpath(posixpath.join(folder, relation.get("Target") or "")).lstrip("/")
               for relation in package.xml(relations).iter(_RELATION)
               if (relation.get("Type") or "").endswith("/image") and relation.get("TargetMode") != "External"}
    shown: dict[str, None] = {}
    for element in root.iter():
        for key, value in element.items():
            part = part_of.get(value, "") if key.endswith(_NAMES) else ""
            if part in package and part.lower().endswith(_RASTER):
                shown[part] = None
    return [Page(number, _WIDTH, _HEIGHT, picture=part) for number, part in enumerate(shown, 1)]
