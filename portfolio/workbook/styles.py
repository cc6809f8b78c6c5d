"""Colours, fonts and cell styles of the input workbook, named once."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portfolio.workbook.layout import Column, Kind

FONT = "微软雅黑"

NAVY = "1F3864"
PALE_BLUE = "D9E2F3"
TEAL = "1F7A7A"
GREY = "D9D9D9"
PALE_GREY = "F2F2F2"
INK = "262626"
RED = "F8CBCB"
ORANGE = "FCE0B8"
A3, A4 = 8, 9
"""Paper sizes."""

BASIS_COLOURS = {"stated": "E2F0D9", "derived": "FFF2CC", "assumed": "E4DFEC"}

_LISTED = frozenset({Kind.STAGE, Kind.NATURE, Kind.BASIS, Kind.STATUS, Kind.RELATION, Kind.MILESTONE})

_FACE: dict[str, Any] = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"}
_BOX: dict[str, Any] = {"border": 7, "border_color": "BFBFBF"}
_LEFT: dict[str, Any] = {"align": "left", "indent": 1, "text_wrap": True}
_RIGHT: dict[str, Any] = {"align": "right", "indent": 1}
_CENTRE: dict[str, Any] = {"align": "center"}

_DATA: dict[str, dict[str, Any]] = {
    "text": _LEFT,
    "quoted text": {**_LEFT, "quote_prefix": True},
    "line": {"align": "left", "indent": 1},
    "listed": _CENTRE,
    "quoted listed": {**_CENTRE, "quote_prefix": True},
    "money": {**_RIGHT, "num_format": "#,##0.00"},
    "whole": {**_RIGHT, "num_format": "#,##0"},
    "decimal": {**_RIGHT, "num_format": "#,##0.00"},
    "year": {**_CENTRE, "num_format": "0"},
    "share": {**_RIGHT, "num_format": "0%"},
    "fine share": {**_RIGHT, "num_format": "0.00%"},
}
"""What a cell holds -> number format and alignment."""

_HEADERS = {
    "needed": (NAVY, "FFFFFF"),
    "optional": (PALE_BLUE, NAVY),
    "year": (TEAL, "FFFFFF"),
    "calculated": (GREY, INK),
}
"""What a column is -> background and ink of its header."""


class Styles:
    """The formats of one workbook, made once each. Colours are six hexadecimal digits."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, str], Format] = {}

    def data(self, name: str) -> Format:
        """A cell to fill in."""
        return self._get("data", name, {**_FACE, **_BOX, **_DATA[name]})

    def column(self, name: str) -> Format:
        """The rows that are added later: as a filled cell, but for its border."""
        return self._get("column", name, {**_FACE, **_DATA[name]})

    def calculated(self, name: str) -> Format:
        """A cell that the workbook calculates."""
        ink = {"bg_color": PALE_GREY, "font_color": "595959"}
        return self._get("calculated", name, {**_FACE, **_BOX, **_DATA[name], **ink})

    def header(self, name: str) -> Format:
        background, ink = _HEADERS[name]
        face = {"bold": True, "align": "center", "text_wrap": True, "bg_color": background, "font_color": ink}
        return self._get("header", name, {**_FACE, **_BOX, **face})

    def plain(self, **properties: Any) -> Format:
        """A format of the guide sheet."""
        return self._get("plain", repr(sorted(properties.items())), {**_FACE, **properties})

    def mark(self, colour: str) -> Format:
        """What a conditional format changes: the background."""
        return self._get("mark", colour, {"bg_color": colour})

    def _get(self, family: str, name: str, properties: dict[str, Any]) -> Format:
        found = self._made.get((family, name))
        if found is None:
            coloured = {k: f"#{v}" if k.endswith("_color") else v for k, v in properties.items()}
            found = self._made[family, name] = self._book.add_format(coloured)
        return found


_STYLE_OF = {
    Kind.MONEY_WAN: "money",
    Kind.MONEY_YUAN: "money",
    Kind.INT: "whole",
    Kind.CARRY_OVER: "whole",
    Kind.DECIMAL: "decimal",
    Kind.YEAR: "year",
    Kind.SHARE: "share",
    Kind.YES_NO: "listed",
} | dict.fromkeys(_LISTED, "listed")


def style_of(column: Column, value: object = None) -> str:
    """The style of a cell of the column. Whole areas need no decimals, fine shares do; text that
    begins like a formula is marked as text."""
    style = _STYLE_OF.get(column.kind, "text")
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) and style in ("text", "listed"):
        return f"quoted {style}"
    if isinstance(value, Decimal):
        if style == "decimal" and value == value.to_integral():
            return "whole"
        if style == "share" and value * 100 != (value * 100).to_integral():
            return "fine share"
    return style


def text_width(text: str) -> float:
    """The width of a text in characters; a Chinese character counts as 2.1."""
    if text.isascii():
        return float(len(text))
    return sum(2.1 if unicodedata.east_asian_width(c) in "WF" else 1.0 for c in text)


def set_up_print(sheet: Worksheet, paper: int, pages_wide: int = 1) -> None:
    """Landscape pages, with the sheet's name and the page number below."""
    sheet.set_landscape()
    sheet.set_paper(paper)
    sheet.fit_to_pages(pages_wide, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer(f'&L&"{FONT}"&9&A&R&"{FONT}"&9&P / &N')
