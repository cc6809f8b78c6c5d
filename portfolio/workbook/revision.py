"""The revision an exported workbook carries, so that its import knows which state it was edited from.

It stands in a custom property of the document (`docProps/custom.xml`; in .ods `meta.xml`), which Excel,
WPS and LibreOffice keep when they save. A file without one was typed from scratch, or saved by a
program that drops properties.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from typing import Self
from zipfile import BadZipFile, ZipFile

from portfolio.domain.text import Text

PROPERTY = "portfolio_revision"
MAX_PART_BYTES = 1_000_000
"""Properties that are larger than this are not ours, and are not unpacked."""

_PARTS = ("docProps/custom.xml", "meta.xml")
_VALUES = (
    re.compile(rf'\bname="{PROPERTY}"[^>]*>\s*<(?:\w+:)?lpwstr>([^<]*)<'),
    re.compile(rf'<meta:user-defined\b[^>]*\bmeta:name="{PROPERTY}"[^>]*>([^<]*)<'),
)
_FORM = re.compile(r"\s*(\d{1,9}):([0-9a-f]{64})\s*")


@dataclass(frozen=True, slots=True)
class Revision:
    """A state of a database: the number of the import that led to it, and the hash of its content,
    which tells databases apart."""

    import_id: int
    portfolio_sha256: str

    @property
    def text(self) -> str:
        """As the property holds it."""
        return f"{self.import_id}:{self.portfolio_sha256}"

    @property
    def label(self) -> Text:
        """For people."""
        short = f"{self.import_id} · {self.portfolio_sha256[:8]}…"
        return Text(f"数据版本 {short}", f"revision {short}")

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The inverse of `text`; None if it is not a revision."""
        found = _FORM.fullmatch(text)
        return cls(int(found[1]), found[2]) if found else None


def read_revision(data: bytes) -> Revision | None:
    """The revision that the bytes of a workbook carry; None: none, or none that can be read."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            sizes = {part.filename: part.file_size for part in archive.infolist()}
            texts = [
                archive.read(part).decode("utf-8", "replace")
                for part in _PARTS
                if 0 < sizes.get(part, 0) <= MAX_PART_BYTES
            ]
    except (BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError):
        return None  # .xls and .csv carry none; of a damaged file the reader tells
    found = (pattern.search(text) for text in texts for pattern in _VALUES)
    value = next((match[1] for match in found if match), "")
    return Revision.parse(unescape(value))
