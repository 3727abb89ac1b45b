"""The files in a zip archive, one after another, without trusting it. No name inside becomes a path on disk."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from pipeline.errors import ReadingError
from pipeline.reading.archive import Package
from pipeline.reading.sniff import sniff_format
from pipeline.settings import Limits

_UTF8_FLAG, _ENCRYPTED_FLAG = 0x800, 0x1
_UNICODE_PATH = 0x7075
# What archives carry along: resource forks of macOS, lock files of Word, thumbnails.
_SKIPPED = re.compile(r"(?:^|/)(?:__MACOSX/|\.|~\$)|(?:^|/)(?:thumbs\.db|desktop\.ini|readme\.md|sources\.csv)$", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Member:
    """A file in an archive. `name` is for people; `error` says why its content could not be taken out."""

    name: str
    content: bytes = b""
    error: ReadingError | None = None


def unpack(content: bytes, limits: Limits) -> Iterator[Member]:
    """The files of a zip archive in its order, each taken out only when it is asked for.

    ReadingError where the archive as a whole cannot be used: damaged, empty, with too many files, or all encrypted.
    """
    package = Package(content, limits)
    infos = [info for info in package.members if not info.is_dir() and not _SKIPPED.search(_shown_name(info))]
    if not infos:
        raise ReadingError("压缩包里没有文件；请确认打包是否完整")
    if all(info.flag_bits & _ENCRYPTED_FLAG for info in infos):
        raise ReadingError("压缩包已加密；请用密码解压后，把其中的报告放入")
    return _members(package, infos)


def unpack_all(content: bytes, limits: Limits) -> Iterator[Member]:
    """The files of an archive and of the archives in it, each with its way as name: 各局.zip/水利局.docx.

    Archives deeper inside are given as they are. The limits hold for all of them together.
    """
    count = size = 0
    for outer in unpack(content, limits):
        if outer.error is not None or not is_archive(outer.content):
            yield outer
            continue
        try:
            for member in unpack(outer.content, limits):
                count, size = count + 1, size + len(member.content)
                if count > limits.archive_members or size > limits.archive_total_bytes:
                    yield Member(f"{outer.name}/其余文件", error=ReadingError("压缩包里的压缩包展开后过大，其余未读取；请解压后放入"))
                    return
                yield replace(member, name=f"{outer.name}/{member.name}")
        except ReadingError as error:
            yield replace(outer, content=b"", error=error)


def is_archive(content: bytes) -> bool:
    """Whether these bytes are an archive of files, not a document that is packed as one (docx, ofd)."""
    try:
        return content.startswith(b"PK") and sniff_format(content) == "zip"
    except ReadingError:
        return False


def _members(package: Package, infos: list[zipfile.ZipInfo]) -> Iterator[Member]:
    taken: set[str] = set()
    for place, info in enumerate(infos):
        name = _shown_name(info)
        while name in taken:
            name += "（同名）"
        taken.add(name)
        try:
            yield Member(name, package.read_member(info, name))
        except ReadingError as error:
            yield Member(name, error=error)
            if package.is_spent and place + 1 < len(infos):
                rest = f"压缩包解压后过大，其余 {len(infos) - place - 1} 个文件未读取；请分成几个压缩包，或解压后放入"
                yield Member("其余文件", error=ReadingError(rest))
                return


def _shown_name(info: zipfile.ZipInfo) -> str:
    """The name as its maker saw it, in one form: no drive, no leading or upward steps, no control characters."""
    name = _UNPRINTABLE.sub("", _decoded_name(info)).replace("\\", "/")
    parts = [part for part in PurePosixPath(re.sub(r"^[A-Za-z]:", "", name)).parts if part not in ("/", "..", ".")]
    return "/".join(parts) or "无名"


def _decoded_name(info: zipfile.ZipInfo) -> str:
    """Windows writes names in GBK and says nothing; zipfile then takes them for code page 437."""
    if info.flag_bits & _UTF8_FLAG:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    own = _unicode_path(info.extra, raw)
    if own is not None:
        return own
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """The name in the Unicode path field, where it belongs to this name; None where there is none."""
    place = 0
    while place + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, place)
        value = extra[place + 4:place + 4 + size]
        if kind == _UNICODE_PATH and len(value) > 5 and struct.unpack_from("<I", value, 1)[0] == zlib.crc32(raw):
            return value[5:].decode("utf-8", "replace")
        place += 4 + size
    return None
