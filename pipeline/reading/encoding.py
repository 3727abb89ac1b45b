"""Bytes to text: which encoding, and what to do where the bytes are damaged."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from pipeline.reading.quality import REPLACEMENT, measure_quality

_BOMS = (  # UTF-32 before UTF-16: their marks start alike.
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"), (b"\x84\x31\x95\x33", "gb18030"),
)
_NUL_SHARE = 0.005
_SURELY = 0.9
_SAMPLE = 100_000
_ASCII = bytes(range(0x80))


@dataclass(frozen=True)
class Decoded:
    """Text, its encoding, the number of places that could not be decoded, and whether the last character is cut."""

    text: str
    encoding: str
    damaged: int = 0
    is_cut: bool = False


def _believability(text: str) -> float:
    """Quality of the characters beyond ASCII alone: markup and digits look the same in every encoding."""
    beyond = text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")
    return measure_quality(beyond) if beyond else 1.0


def decode(content: bytes, hint: str | None = None) -> Decoded:
    """Text of bytes in an unknown encoding. A hint (from a web page) wins only where the bytes fit it strictly.

    GB18030 stands for GB2312 and GBK too: 〇 镕 䶮 need it.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _decode_marked(content[len(mark):], encoding)
    if content.count(0) > _NUL_SHARE * len(content):
        even = content[:len(content) // 2 * 2]
        both = [_lossy(even, name) for name in ("utf-16-le", "utf-16-be")]
        best = max(both, key=lambda found: _believability(found.text))
        if _believability(best.text) > _SURELY / 2:
            return best
    candidates = []
    for encoding in filter(None, ("utf-8", hint, "gb18030", "big5")):
        found = _strict(content, encoding)
        if found is None:
            continue
        if _believability(found.text) >= _SURELY:
            return found
        candidates.append(found)
    # An unusual text, or damaged bytes: take what reads best. A tie goes to the first, the more common encoding.
    if candidates:
        return max(candidates, key=lambda found: _believability(found.text))
    sample = content[:_SAMPLE]
    likely = max(("utf-8", "gb18030", "big5"), key=lambda name: _believability(sample.decode(name, "replace")))
    return _resynchronised(content, likely)


def _strict(content: bytes, encoding: str) -> Decoded | None:
    """The text when every byte fits; a last character cut in the middle still counts as fitting."""
    try:
        return Decoded(content.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        # Damage within the last character means that the file was cut, not that it has another encoding.
        if len(content) - error.start <= 3 and error.start > 8:
            try:
                return Decoded(content[:error.start].decode(encoding), encoding, is_cut=True)
            except UnicodeDecodeError:
                return None
        return None
    except LookupError:
        return None


def _decode_marked(content: bytes, encoding: str) -> Decoded:
    return _strict(content, encoding) or _lossy(content, encoding)


def _lossy(content: bytes, encoding: str) -> Decoded:
    text = content.decode(encoding, "replace")
    # Broken UTF-16 leaves lone surrogates; they cannot be written to any output.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Decoded(text, encoding, text.count(REPLACEMENT))


def _resynchronised(content: bytes, encoding: str) -> Decoded:
    """Decode line by line: 0x0A is never the second byte of a character, so damage stays within its line."""
    lines: list[str] = []
    damaged = 0
    for line in content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"):
        try:
            lines.append(line.decode(encoding))
            continue
        except UnicodeDecodeError:
            pass
        others = (_believable(line, name) for name in ("utf-8", "gb18030") if name != encoding)
        other = next(filter(None, others), None)
        if other is not None:
            lines.append(other)
            continue
        text, places = _skip_damage(line, encoding)
        lines.append(text)
        damaged += places
    return Decoded("\n".join(lines), encoding, damaged)


def _believable(line: bytes, encoding: str) -> str | None:
    try:
        text = line.decode(encoding)
    except UnicodeDecodeError:
        return None
    return text if _believability(text) >= _SURELY else None


def _skip_damage(line: bytes, encoding: str) -> tuple[str, int]:
    """Decode a damaged line; after a bad place go on one to three bytes later, whichever reads best."""
    parts: list[str] = []
    places = 0
    # Views are not copied: a file of one line with damage all over would take for ever.
    rest = memoryview(line)
    while rest:
        try:
            parts.append(str(rest, encoding))
            break
        except UnicodeDecodeError as error:
            parts.append(str(rest[:error.start], encoding) + REPLACEMENT)
            places += 1
            # A wrong step shifts every pair of bytes after it; the first of equally good steps loses least.
            rests = [rest[error.start + step:] for step in (1, 2, 3)]
            rest = max(rests, key=lambda after: _believability(str(after[:80], encoding, "replace")))
    return "".join(parts), places
