"""Small files built in memory, and the stage run on them."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

from pipeline.profiles import load_part
from pipeline.profiles.overrides import read_overrides
from pipeline.reading.documents import read_documents
from pipeline.tables import store

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def read_paths(*paths: Path, sources: str = "") -> store.Tables:
    """The tables of some files on disk; `sources` are the lines of sources.csv."""
    overrides = read_overrides(sources.encode())
    return read_documents(store.frame("raw_files", [{
        "path": path.name, "document_id": hashlib.sha256(path.read_bytes()).hexdigest()[:16],
        "bytes": path.stat().st_size, "location": str(path), "override": overrides.of_file(path.name)}
        for path in paths]), load_part("furniture"))


def read_bytes(folder: Path, name: str, content: bytes, sources: str = "") -> store.Tables:
    """The tables of one file with this content."""
    path = folder / name
    path.write_bytes(content)
    return read_paths(path, sources=sources)


def text_of(tables: store.Tables) -> str:
    return str(tables["documents"]["text"].iloc[0])


def docx(body: str, numbering: str = "", **parts: str) -> bytes:
    """A Word file with this body; `parts` are further parts of the word folder, by name without .xml."""
    kinds = ["numbering"] * bool(numbering) + list(parts)
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = "".join(f'<Relationship Id="r{place}" Type="{base}/{kind}" Target="{kind}.xml"/>'
                        for place, kind in enumerate(kinds))
    wrap = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("_rels/.rels", wrap.format(
            f'<Relationship Id="r" Type="{base}/officeDocument" Target="word/document.xml"/>'))
        package.writestr("word/_rels/document.xml.rels", wrap.format(relations))
        package.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        if numbering:
            package.writestr("word/numbering.xml", f"<w:numbering {W}>{numbering}</w:numbering>")
        for name, text in parts.items():
            package.writestr(f"word/{name}.xml", text)
    return buffer.getvalue()


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def item(text: str, level: int, number: int = 1) -> str:
    return paragraph(run(text), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def level(place: int, style: str, text: str, extra: str = "") -> str:
    return (f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{extra}'
            f'<w:lvlText w:val="{text}"/></w:lvl>')


def numbering(levels: str, overrides: str = "") -> str:
    return (f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
            f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
            f'<w:num w:numId="2"><w:abstractNumId w:val="0"/>{overrides}</w:num>')
