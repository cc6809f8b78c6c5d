"""Colours, fonts and cell styles of the input workbook, named once."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.workbook import Workbook
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from portfolio.workbook.layout import Column, Kind

FONT = "微软雅黑"

NAVY = "1F3864"
PALE_BLUE = "D9E2F3"
TEAL = "1F7A7A"
GREY = "D9D9D9"
RED = "F8CBCB"
ORANGE = "FCE0B8"
A3, A4 = 8, 9
"""Paper sizes."""

BASIS_COLOURS = {"stated": "E2F0D9", "derived": "FFF2CC", "assumed": "E4DFEC"}

_LINE = Side(style="hair", color="BFBFBF")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_LEFT = Alignment(vertical="center", horizontal="left", indent=1, wrap_text=True)
_RIGHT = Alignment(vertical="center", horizontal="right", indent=1)
_CENTRE = Alignment(vertical="center", horizontal="center")
_HEADER = Alignment(vertical="center", horizontal="center", wrap_text=True)

_LISTED = frozenset({Kind.STAGE, Kind.NATURE, Kind.BASIS, Kind.STATUS, Kind.RELATION, Kind.MILESTONE})


def fill(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=colour, end_color=colour)


_DATA = {
    "data text": ("General", _LEFT),
    "data listed": ("General", _CENTRE),
    "data money": ("#,##0.00", _RIGHT),
    "data whole": ("#,##0", _RIGHT),
    "data decimal": ("#,##0.00", _RIGHT),
    "data year": ("0", _CENTRE),
    "data share": ("0%", _RIGHT),
    "data fine share": ("0.00%", _RIGHT),
}
"""Named style -> number format and alignment."""


def _data(name: str) -> NamedStyle:
    number_format, alignment = _DATA[name]
    return NamedStyle(
        name, font=Font(name=FONT, size=10), number_format=number_format, alignment=alignment, border=_BOX
    )


def _header(name: str, background: str, colour: str) -> NamedStyle:
    font = Font(name=FONT, size=10, bold=True, color=colour)
    return NamedStyle(
        name, font=font, fill=fill(background), alignment=_HEADER, border=_BOX, number_format="0"
    )


def add_styles(workbook: Workbook) -> None:
    """Register the named styles: every cell of a kind shares one of them."""
    for style in (
        _header("header needed", NAVY, "FFFFFF"),
        _header("header optional", PALE_BLUE, NAVY),
        _header("header year", TEAL, "FFFFFF"),
        *(_data(name) for name in _DATA),
    ):
        workbook.add_named_style(style)


_STYLE_OF = {
    Kind.MONEY_WAN: "data money",
    Kind.MONEY_YUAN: "data money",
    Kind.INT: "data whole",
    Kind.CARRY_OVER: "data whole",
    Kind.DECIMAL: "data decimal",
    Kind.YEAR: "data year",
    Kind.SHARE: "data share",
    Kind.YES_NO: "data listed",
} | dict.fromkeys(_LISTED, "data listed")


def style_of(column: Column, value: object = None) -> str:
    """The style of a cell of the column. Whole areas need no decimals, fine shares do."""
    style = _STYLE_OF.get(column.kind, "data text")
    if isinstance(value, Decimal):
        if style == "data decimal" and value == value.to_integral():
            return "data whole"
        if style == "data share" and value * 100 != (value * 100).to_integral():
            return "data fine share"
    return style


def format_column(dimension: ColumnDimension, column: Column) -> None:
    """Give rows that are added later the right font, format and alignment."""
    dimension.font = Font(name=FONT, size=10)
    dimension.number_format, dimension.alignment = _DATA[style_of(column)]


def text_width(text: str) -> float:
    """The width of a text in characters; a Chinese character counts as 2.1."""
    return sum(2.1 if unicodedata.east_asian_width(c) in "WF" else 1.0 for c in text)


def set_up_print(worksheet: Worksheet, paper: int) -> None:
    """Landscape pages one sheet wide, with the sheet's name and the page number below."""
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.paperSize = paper
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    worksheet.page_setup.fitToWidth = 1
    worksheet.page_setup.fitToHeight = 0
    worksheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.6, header=0.3, footer=0.3)
    footer = worksheet.oddFooter
    assert footer is not None
    footer.left.text = "&A"
    footer.right.text = "&P / &N"
