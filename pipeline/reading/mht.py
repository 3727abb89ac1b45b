"""Read web archives (mht): the page inside, which browsers and Word save together with its pictures."""

from __future__ import annotations

import binascii
import email
import email.policy
from email.errors import MessageError
from email.message import Message

from pipeline.errors import ReadingError
from pipeline.reading.html import read_page_bytes
from pipeline.reading.raw import RawDocument
from pipeline.settings import Limits


def read_mht(content: bytes, limits: Limits) -> RawDocument:
    """The first web page of the archive. ReadingError where there is none."""
    try:
        message = email.message_from_bytes(content, policy=email.policy.compat32)
        pages = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
        found = [(_payload(part), part.get_content_charset()) for part in pages]
    except (MessageError, LookupError, ValueError, KeyError, TypeError) as error:
        raise ReadingError("网页存档已损坏；请在浏览器中打开原网页，另存为“仅 HTML”或复制到 docx") from error
    for payload, charset in found:
        if isinstance(payload, bytes) and payload.strip():
            return read_page_bytes(payload, charset)
    raise ReadingError("网页存档里没有网页；请在浏览器中打开原网页，另存为“仅 HTML”或复制到 docx")


def _payload(part: Message) -> object:
    """The bytes of a part. Python gives those of a cut base64 part undecoded; then as much as is whole is taken."""
    if (part.get("Content-Transfer-Encoding") or "").strip().lower() != "base64":
        return part.get_payload(decode=True)
    letters = "".join(str(part.get_payload()).split())
    try:
        return binascii.a2b_base64(letters[:len(letters) // 4 * 4])
    except binascii.Error:
        return part.get_payload(decode=True)
