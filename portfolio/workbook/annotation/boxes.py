"""The drawing (VML) that holds the boxes of a sheet's comments.

It is edited as text, never parsed: Excel itself writes drawings that are not well-formed XML.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from portfolio.workbook.annotation.marks import LAST_COLUMN, LAST_ROW, Cell
from portfolio.workbook.annotation.sheet import Layout
from portfolio.workbook.annotation.xmltext import Edit, spliced
from portfolio.workbook.styles import text_width

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"

_NAMESPACES = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
_DECLARED = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
EMPTY = f'<xml{_DECLARED}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data=""/></o:shapelayout></xml>'.encode()
_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    '<v:shape{namespaces} id="_x0000_s{id}" type="#_x0000_t202" style=\'position:absolute;margin-left:60pt;'
    "margin-top:2pt;width:{width}pt;height:{height}pt;z-index:{id};visibility:hidden'"
    ' fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
    '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    "<v:textbox style='mso-direction-alt:auto'><div style='text-align:left'></div></v:textbox>"
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)

_NOTE = re.compile(rb"<(\w+:)shape\s(?:(?!</\1shape>).)*?ObjectType=[\"']Note.*?</\1shape>", re.DOTALL)
_ROW = re.compile(rb"<\w+:Row>\s*(\d+)\s*</")
_COLUMN = re.compile(rb"<\w+:Column>\s*(\d+)\s*</")
_ANCHOR = re.compile(rb"(<\w+:Anchor>)([^<]*)(</)")
_SIZE = re.compile(rb"([;\"'\s](?:width|height):)([0-9.]+)(pt|px)")
_IDMAP = re.compile(rb"<\w+:idmap\b[^>]*?\bdata=[\"']([0-9, ]*)[\"']")
_ID = re.compile(rb"_x0000_s(\d+)")
_ROOT = re.compile(rb"<(?!\?|!)[^>]*>")

_IDS_A_BLOCK = 1024
_WIDTH, _LINE, _PADDING, _TALLEST = 300, 16, 12, 480
"""Pixels."""
_FARTHEST = 500
"""Rows or columns: where all are hidden, a box would never end."""
_CHARACTERS = 45
"""How many narrow characters a line of a box holds."""


def blocks_used(drawing: bytes) -> set[int]:
    """The blocks of 1,024 shape numbers that a drawing claims or uses."""
    claimed = {int(n) for data in _IDMAP.findall(drawing) for n in data.replace(b" ", b"").split(b",") if n}
    return claimed | {int(number) // _IDS_A_BLOCK for number in _ID.findall(drawing)}


class Boxes:
    """A drawing, and the boxes to add to it. `block` is the first free block of shape numbers in the
    workbook; afterwards it is the next one that is free."""

    def __init__(self, drawing: bytes, layout: Layout, block: int) -> None:
        self._drawing = drawing
        self._layout = layout
        self._first, self._made = block, 0
        self._new: list[str] = []
        self._edits: list[Edit] = []
        self._notes: dict[Cell, re.Match[bytes]] = {}
        for note in _NOTE.finditer(drawing):
            row, column = _ROW.search(note[0]), _COLUMN.search(note[0])
            if row and column:
                self._notes[int(row[1]) + 1, int(column[1]) + 1] = note
        root = _ROOT.search(drawing)
        declared = (
            all(f'xmlns:{p}="{uri}"'.encode() in root[0] for p, uri in _NAMESPACES.items()) if root else False
        )
        self._namespaces = "" if declared else _DECLARED

    @property
    def block(self) -> int:
        return self._first + math.ceil(self._made / (_IDS_A_BLOCK - 1))

    def drop(self, cell: Cell) -> None:
        note = self._notes.pop(cell, None)
        if note is not None:
            self._edits.append((note.start(), note.end(), b""))

    def add(self, cell: Cell, text: str, *, beside: int, below_theirs: bool) -> None:
        """A box for the text, to the right of the column `beside`. If the user's comment has one, that
        one grows."""
        pixels = _LINE * _lines(text)
        note = self._notes.get(cell)
        if below_theirs and note is not None:
            self._edits.append((note.start(), note.end(), self._grown(note[0], pixels + 2 * _LINE)))
            return
        block, number = divmod(self._made, _IDS_A_BLOCK - 1)
        self._made += 1
        height = min(_TALLEST, pixels + _PADDING)
        shape = _SHAPE.format(
            namespaces=self._namespaces,
            id=(self._first + block) * _IDS_A_BLOCK + number + 1,
            width=_WIDTH * 3 // 4,
            height=height * 3 // 4,
            anchor=self._anchor(cell[0], beside, height),
            row=cell[0] - 1,
            column=cell[1] - 1,
        )
        self._new.append(shape)

    def _anchor(self, row: int, beside: int, height: int) -> str:
        """Column, pixels into it, row, pixels into it: of the upper left and of the lower right corner."""
        left, top = min(beside + 1, LAST_COLUMN), max(1, row - 1)
        lowered = max(0, self._row_pixels(top) - 12) if top < row else 4
        right, right_offset = self._walk(left, 12 + _WIDTH, LAST_COLUMN, self._column_pixels)
        bottom, bottom_offset = self._walk(top, lowered + height, LAST_ROW, self._row_pixels)
        corners = (left - 1, 12, top - 1, lowered, right - 1, right_offset, bottom - 1, bottom_offset)
        return ", ".join(map(str, corners))

    @staticmethod
    def _walk(first: int, pixels: int, last: int, size: Callable[[int], int]) -> tuple[int, int]:
        """The row or column that lies so many pixels on, and how far into it."""
        last = min(last, first + _FARTHEST)
        while pixels >= size(first) and first < last:
            pixels -= size(first)
            first += 1
        return first, min(pixels, size(first))

    def _column_pixels(self, column: int) -> int:
        widths = (width for first, last, width in self._layout.columns if first <= column <= last)
        width = next(widths, self._layout.default_width)
        return round(width * 7) + 5 if width else 0

    def _row_pixels(self, row: int) -> int:
        return round(self._layout.rows.get(row, self._layout.default_height) * 4 / 3)

    def _grown(self, shape: bytes, pixels: int) -> bytes:
        """A box of the user's with its lower edge moved down, and as wide as ours."""

        def corners(found: re.Match[bytes]) -> bytes:
            left, left_offset, top, top_offset, *right, bottom, bottom_offset = (
                int(float(number)) for number in found[2].split(b",")
            )
            column, offset = self._walk(left + 1, left_offset + _WIDTH, LAST_COLUMN, self._column_pixels)
            row, below = self._walk(bottom + 1, bottom_offset + pixels, LAST_ROW, self._row_pixels)
            right = max(right, [column - 1, offset])
            written = ", ".join(map(str, [left, left_offset, top, top_offset, *right, row - 1, below]))
            return found[1] + written.encode() + found[3]

        def size(found: re.Match[bytes]) -> bytes:
            points = 1.0 if found[3] == b"px" else 0.75
            old = float(found[2])
            new = old + pixels * points if b"height" in found[1] else max(old, _WIDTH * points)
            return found[1] + f"{new:g}".encode() + found[3]

        return _SIZE.sub(size, _ANCHOR.sub(corners, shape, count=1), count=2)

    def result(self) -> bytes:
        """The drawing with the new boxes.

        Raises:
            ValueError: it is no drawing.
        """
        edits = list(self._edits)
        end = self._drawing.rfind(b"</")
        if end < 0:
            raise ValueError("a comment drawing without content")
        shape_type = "" if b'id="_x0000_t202"' in self._drawing or not self._new else _SHAPE_TYPE
        if shape_type and self._namespaces:
            shape_type = shape_type.replace("<v:shapetype", f"<v:shapetype{self._namespaces}", 1)
        edits.append((end, end, (shape_type + "".join(self._new)).encode()))
        claimed = _IDMAP.search(self._drawing)
        if claimed:
            blocks = [*filter(None, [claimed[1].decode()]), *map(str, range(self._first, self.block))]
            edits.append((*claimed.span(1), ",".join(blocks).encode()))
        return spliced(self._drawing, edits)


def _lines(text: str) -> int:
    return sum(max(1, math.ceil(text_width(line) / _CHARACTERS)) for line in text.split("\n"))
