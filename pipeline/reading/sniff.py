"""The true format of a file by its content. Extensions lie: a .doc may be a web page, RTF, docx, pdf or plain text."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

import olefile

from pipeline.errors import ReadingError
from pipeline.reading.data_files import data_kind
from pipeline.reading.encoding import decode

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "rtf"),
    (b"\xff\xd8\xff", "image"),
    (b"\x89PNG", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\xdb\xa5-\x00", "word2"),
    (b"MZ", "executable"),
    (b"\x7fELF", "executable"),
    (b"HN\x01\x00", "caj"),
    (b"CAJ\x00", "caj"),
    (b"KDH", "caj"),
)
# Magic numbers of these are not documented; the extension names them once the content is found to be binary.
_BINARY_SUFFIXES = {"ceb": "ceb", "cebx": "ceb", "caj": "caj", "nh": "caj", "kdh": "caj", "gd": "gd", "sep": "gd"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS: tuple[tuple[str, str], ...] = (
    ("encryptedpackage", "ooxml_encrypted"),
    ("worddocument", "doc"),
    ("workbook", "xls"),
    ("book", "xls"),
    ("powerpoint document", "ppt"),
    ("matost", "msworks"),
    ("mn0", "msworks"),
    ("contents", "msworks"),
)
_ZIP_PARTS: tuple[tuple[str, str], ...] = (("ofd.xml", "ofd"), ("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"))
_XML_ROOTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"<office:document[\s>]"), "fodt"),
    (re.compile(r"<w:wordDocument[\s>]|<pkg:package[\s>]"), "wordxml"),
    (re.compile(r"<uof:UOF[\s>]", re.IGNORECASE), "uof"),
)
# Takes "<!DOCTYPE html", "<html lang=…", "<div class=…"; refuses "<<关于…>>" and a leading "<" in prose.
_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|meta|title|table|div|p|span|style|script|font|center|br)\b[^<]{0,2000}>",
    re.IGNORECASE)
_HTML_END = re.compile(r"</(?:p|div|td|span|a|body|html)>|<br", re.IGNORECASE)
_MHT = re.compile(r"^(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:MIME-Version:|Content-Type:\s*multipart/related)",
                  re.IGNORECASE)
# Control characters that no text file holds; a few of them may be dirt.
_CONTROL = bytes(range(0x01, 0x09)) + bytes(range(0x0E, 0x1A)) + bytes(range(0x1C, 0x20))


def sniff_format(content: bytes, suffix: str = "") -> str:
    """The format name: one of formats.READERS, formats.REFUSED or "image".

    The suffix only decides among unknown binaries.

    ReadingError with status "empty" for a file of no bytes, with "failed" for a zip or OLE file that cannot be opened.
    """
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise ReadingError("文件是空的；请重新导出或下载", status="empty")
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _sniff_zip(content)
    if content.startswith(_OLE):
        return _sniff_ole(content)
    if b"%PDF-" in content[:1024]:
        return "pdf"
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, name in _MAGIC:
        # Two letters are also the start of an English text; a real bitmap or program soon shows a NUL.
        if start.startswith(magic) and (len(magic) > 2 or b"\x00" in start[:64]):
            return name
    if start[8:12] == b"WEBP" or start[4:12] in (b"ftypheic", b"ftypmif1"):
        return "image"
    return _sniff_text(content, suffix.lower().lstrip("."))


def _sniff_zip(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = [name.replace("\\", "/").lstrip("/").lower() for name in package.namelist()]
            mimetype = package.read("mimetype")[:80].decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, KeyError, ValueError, RuntimeError) as error:
        raise ReadingError("文件已损坏或不完整（压缩结构读不出）；请用原软件打开后重新保存，或重新下载") from error
    # An archive of reports may have a folder called word; an office package always has a list of its content types.
    is_package = "[content_types].xml" in names or "word/document.xml" in names
    for part, name in _ZIP_PARTS:
        if any(entry == part or (is_package and part.endswith("/") and entry.startswith(part)) for entry in names):
            return name
    if mimetype.startswith("application/vnd.oasis.opendocument.text") or "content.xml" in names:
        return "odt"
    # Strict or renamed packages may keep the main part elsewhere; the relations say what it is.
    return "docx" if "[content_types].xml" in names and "_rels/.rels" in names else "zip"


def _sniff_ole(content: bytes) -> str:
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as ole:
            streams = {"/".join(entry).lower() for entry in ole.listdir()}
    except (OSError, ValueError, IndexError, AttributeError, TypeError) as error:
        raise ReadingError("文件已损坏或不完整（OLE 结构读不出）；请用原软件打开后重新保存，或重新下载") from error
    for stream, name in _OLE_STREAMS:
        if stream in streams:
            return name
    return "ole"


def _sniff_text(content: bytes, suffix: str) -> str:
    head = content[:8192]
    is_wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if is_wide:
        head_text = head[:len(head) // 2 * 2].decode("utf-16", "replace")
    else:
        head_text = head.replace(b"\x00", b"").decode("latin-1")
    head_text = head_text.lstrip("\ufeff\xef\xbb\xbf \t\r\n")
    if _MHT.match(head_text[:2000]) and "multipart/" in head_text.lower():
        return "mht"
    if "<" in head_text and (markup := _markup_kind(head_text)):
        return markup
    # In UTF-16 any byte may stand for part of a hanzi; whether the text is believable decides.
    is_binary = len(head.translate(None, _CONTROL)) < 0.97 * len(head)
    if is_binary and not is_wide and not decode(head).encoding.startswith("utf-16"):
        return _BINARY_SUFFIXES.get(suffix, "binary")
    return data_kind(head_text, len(content) <= len(head)) or "txt"


def _markup_kind(head: str) -> str | None:
    """The format of a text with tags; None where it is no page and no XML."""
    for pattern, name in _XML_ROOTS:
        if pattern.search(head):
            return name
    if head.startswith("<") and _HTML.search(head):
        return "html"
    if head.startswith("<?xml"):
        return "xml"
    # A web fragment may start with text; two tags and a closing one make it a page.
    if len(_HTML.findall(head)) >= 3 and _HTML_END.search(head):
        return "html"
    return None
