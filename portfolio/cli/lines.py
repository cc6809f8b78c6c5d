"""Lines for a terminal: widths in columns (a Chinese character takes two), folding, shortening."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

WIDTH = 80
_PIECES = re.compile(r"\s+|[\u2e80-\uffef]|[^\s\u2e80-\uffef]+")


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def padded(text: str, columns: int) -> str:
    """At least `columns` wide."""
    return text + " " * max(0, columns - width(text))


def cut(text: str, columns: int) -> str:
    """In one line, at most `columns` wide; what is left out is shown by `…`."""
    line = " ".join(text.split())
    # A cell may hold 32,767 letters; each takes a column at least.
    if width(line[: columns + 1]) <= columns:
        return line
    line = line[:columns]
    while line and width(line) > columns - 1:
        line = line[:-1]
    return f"{line}…"


def folded(text: str, indent: int = 0) -> Iterator[str]:
    """Lines of at most 80 columns, broken at blanks or between Chinese characters; those after the first
    stand four columns further in. A word that is longer than a line stays whole."""
    line = " " * indent
    empty = True
    for piece in _PIECES.findall(text):
        if not empty and width(line) + width(piece) > WIDTH:
            yield line.rstrip()
            line, empty = " " * (indent + 4), True
        if empty and piece.isspace():
            continue
        line, empty = line + piece, False
    if not empty:
        yield line.rstrip()
