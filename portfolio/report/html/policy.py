"""What keeps the page closed: its security policy, and data that cannot end their own block; large data
are compressed.

Nothing is loaded and nothing runs but the page's own scripts and styles, known by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}
"""Characters that could end a script block, or that older readers take for line ends."""

PLAIN_BYTES = 250_000
"""Larger data are compressed: to a quarter or less, so that plans of thousands of projects can be mailed."""


@dataclass(frozen=True, slots=True)
class DataBlock:
    """What stands in the page's block of data: JSON, or base64 of JSON compressed by zlib."""

    text: str
    compressed: bool


def content_policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """The policy for inline blocks that hold exactly these texts."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(map(source_hash, scripts))}",
            f"style-src {' '.join(map(source_hash, styles))}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def source_hash(text: str) -> str:
    """`'sha256-…'` of an inline block."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def embedded_json(document: Any) -> str:
    """JSON that may stand inside `<script type="application/json">`, whatever texts are in it."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.translate(ESCAPES)


def data_block(document: Any) -> DataBlock:
    """The document as it stands in the page."""
    text = embedded_json(document)
    raw = text.encode("utf-8")
    if len(raw) <= PLAIN_BYTES:
        return DataBlock(text, compressed=False)
    return DataBlock(base64.b64encode(zlib.compress(raw, level=9)).decode("ascii"), compressed=True)
