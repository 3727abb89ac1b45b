"""Open zip packages (docx, odt, ofd) without trusting them: real bytes are counted, DTDs are refused."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import Protocol

from lxml import etree

from pipeline.errors import ReadingError
from pipeline.settings import Limits

_CHUNK = 1 << 16
_DTD = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_HOSTILE = "疑似恶意文件，未读取"
_DAMAGED = "文件已损坏或不完整；请用原软件打开后重新保存，或重新下载"


class Parts(Protocol):
    """The parts of a document, packed in a zip or written into one XML file."""

    def __contains__(self, name: str) -> bool: ...
    def read(self, name: str) -> bytes: ...
    def xml(self, name: str) -> etree._Element: ...
    @property
    def names(self) -> list[str]: ...


class Package:
    """The parts of a zip package by name; every part is read under the limits. Lookups ignore case and back slashes."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        self._limits = limits
        self._total = 0
        self._size = len(content)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            infos = self._zip.infolist()
        except (zipfile.BadZipFile, zipfile.LargeZipFile, struct.error, OSError, ValueError,
                NotImplementedError) as error:
            raise ReadingError(_DAMAGED) from error
        if len(infos) > limits.archive_members:
            raise ReadingError(f"压缩包内有 {len(infos)} 个部件，超过上限 {limits.archive_members}；{_HOSTILE}")
        self._infos = {_plain(info.filename): info for info in infos}

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._infos

    @property
    def names(self) -> list[str]:
        return list(self._infos)

    @property
    def is_spent(self) -> bool:
        """Whether as much has been taken out as the limits allow."""
        return self._total > self._limits.archive_total_bytes

    @property
    def members(self) -> list[zipfile.ZipInfo]:
        """Every entry in the order of the archive; names may repeat."""
        return self._zip.infolist()

    def read(self, name: str) -> bytes:
        """The bytes of a part. ReadingError where it is missing, damaged, encrypted or expands beyond the limits."""
        info = self._infos.get(_plain(name))
        if info is None:
            raise ReadingError(f"文件内缺少部件 {name}；{_DAMAGED}")
        return self.read_member(info, name)

    def read_member(self, info: zipfile.ZipInfo, name: str) -> bytes:
        """The bytes of an entry, called `name` in messages; ReadingError as for `read`."""
        if info.flag_bits & 0x1:
            raise ReadingError("文件已加密；请用密码打开，取消密码后重新保存")
        limit = self._limits.archive_part_bytes
        chunks: list[bytes] = []
        size = 0
        try:
            with self._zip.open(info) as part:
                while chunk := part.read(_CHUNK):
                    size += len(chunk)
                    self._total += len(chunk)
                    # The header may lie about the size, so the bytes that really come out are counted.
                    if size > limit:
                        raise ReadingError(f"部件 {name} 解压后超过 {limit // 2**20} MB；{_HOSTILE}")
                    if self._total > self._limits.archive_total_bytes:
                        total = self._limits.archive_total_bytes // 2**20
                        raise ReadingError(f"解压到部件 {name} 时总量超过 {total} MB；{_HOSTILE}")
                    if size > 2**20 and size > self._limits.archive_ratio * max(info.compress_size, 1):
                        raise ReadingError(f"部件 {name} 的压缩比超过 {self._limits.archive_ratio}；{_HOSTILE}")
                    chunks.append(chunk)
        except (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, NotImplementedError,
                RuntimeError) as error:
            raise ReadingError(f"部件 {name} 已损坏；{_DAMAGED}") from error
        return b"".join(chunks)

    def xml(self, name: str) -> etree._Element:
        """The root element of an XML part."""
        return parse_xml(self.read(name), name)


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def parse_xml(content: bytes, name: str) -> etree._Element:
    """The root of an XML text without DTD or entities; ReadingError names the part and the line of a mistake."""
    # A DTD can expand without bound or open other files; office formats never need one.
    if _DTD.search(content[:8192].replace(b"\x00", b"")):
        raise ReadingError(f"部件 {name} 含有 DTD 或实体声明；疑似恶意文件，未读取")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
                             remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        # libxml2 reports lack of memory as a mistake without a kind.
        if getattr(error, "code", None) in (0, etree.ErrorTypes.ERR_NO_MEMORY):
            raise MemoryError from error
        raise ReadingError(f"部件 {name} 的 XML 有误（{error}）；{_DAMAGED}") from error
    if root is None:
        raise ReadingError(f"部件 {name} 没有内容；{_DAMAGED}")
    if root.getroottree().docinfo.internalDTD is not None:
        raise ReadingError(f"部件 {name} 含有 DTD 或实体声明；疑似恶意文件，未读取")
    return root
