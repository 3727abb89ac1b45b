"""The page of the explorer: template, style, script and data as one file that asks nothing of the network.

The content security policy names the hashes of the style and the script, so nothing else can run, whatever a report
says; the data is base64, which holds no markup.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
_SCRIPTS = ("data.js", "lists.js", "listview.js", "text.js", "reader.js", "main.js")


@cache
def _asset(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def source_hash(text: str) -> str:
    """The content security policy source of an inline script or style."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def pack(payload: dict[str, Any]) -> str:
    """The data as gzip in base64; the same data gives the same characters."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # A half of a surrogate pair, which broken files can hold, is not UTF-8.
    return base64.b64encode(gzip.compress(text.encode("utf-8", "replace"), compresslevel=6, mtime=0)).decode()


def build_page(payload: dict[str, Any]) -> bytes:
    """The finished page."""
    style = _asset("explorer.css")
    script = "\n".join(["'use strict';", *(_asset(name) for name in _SCRIPTS)])
    policy = (f"default-src 'none'; script-src {source_hash(script)}; style-src {source_hash(style)}; "
              "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'")
    page = _asset("explorer.html")
    for mark, text in (("policy", policy), ("style", style), ("script", script), ("data", pack(payload))):
        page = page.replace("{{" + mark + "}}", text, 1)
    return page.encode()
