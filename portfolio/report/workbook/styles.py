"""Colours, fonts and cell formats of the schedule workbook.

Colour never stands alone: every meaning it carries is also a word, a sign or a number format, so
that the sheets can be read in black and white and by the colour-blind.
"""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format

from portfolio.domain.project import Stage
from portfolio.domain.text import Lang
from portfolio.report.labels import label
from portfolio.report.workbook.xlsx_book import Book

FONT = "微软雅黑"
FONT_SIZE = 10

NAVY = "#1F3A5F"
INK = "#1F2937"
GREY = "#6B7280"
RULE = "#D5DBE5"
BAND = "#E6ECF5"
PALE = "#F5F7FB"
WHITE = "#FFFFFF"
INPUT = "#FFF4CC"
INPUT_INK = "#1D4ED8"
RED = "#B42318"
RED_PALE = "#FBE3E0"
GREEN = "#1B7F4D"
GREEN_PALE = "#E3F3EA"
ORANGE = "#E08A00"
AMBER_PALE = "#FFE0A3"
AMBER_INK = "#B45309"
"""Dark enough for small signs on white, in grey too."""

BLUE = "#2F6DB5"
BLUE_PALE = "#9DB8DC"

STAGE_COLOURS: dict[Stage, str] = {
    Stage.KINDERGARTEN: "#8660B8",
    Stage.PRIMARY: "#2563AE",
    Stage.JUNIOR: "#1F8A7D",
    Stage.SENIOR: "#C2651B",
    Stage.VOCATIONAL: "#7A5C2E",
    Stage.SPECIAL: "#B03A73",
    Stage.OTHER: "#596579",
}

SERIES = (
    ("#1F3A5F", None, "#1F3A5F"),
    ("#5B9BD5", None, "#3F7FBA"),
    ("#CFE8E0", "wide_upward_diagonal", "#1F8A7D"),
    ("#E8B84E", None, "#B98A1F"),
    ("#EAD3E7", "wide_downward_diagonal", "#8C4A86"),
    ("#B9C0CC", None, "#8A94A6"),
    ("#F6E3D2", "small_grid", "#B5651D"),
    ("#6B7280", None, "#4B5563"),
)
"""Stacked series: fill, pattern and its ink; neighbours differ in brightness as well as in colour."""

INT = "#,##0;-#,##0;–"
WHOLE_MONEY = "#,##0;-#,##0;–"
EXACT_MONEY = "#,##0.00;-#,##0.00;–"
SHORTAGE = '#,##0;-#,##0;"✓"'
PERCENT = "0%;-0%;–"
SHARE = "0.0%"
"""With a decimal: 99.6 % of the children is not all of them."""

PLAIN = "General"
ESTIMATED = '"≈ "'
"""Stands before a figure that norms estimated; it is part of the number format, so the figure stays one."""

YEAR = "0"

_BASE: dict[str, Any] = {"font_name": FONT, "font_size": FONT_SIZE, "font_color": INK, "valign": "vcenter"}

_PARTS: dict[str, dict[str, Any]] = {
    "title": {"font_size": 17, "bold": True, "font_color": NAVY},
    "subtitle": {"font_size": 9, "font_color": GREY},
    "ruled": {"bottom": 2, "bottom_color": NAVY},
    "section": {"font_size": 12, "bold": True, "font_color": NAVY},
    "header": {
        "bold": True, "font_color": WHITE, "bg_color": NAVY, "align": "center", "text_wrap": True,
        "font_size": 9, "border": 1, "border_color": "#3C5478",
    },
    "cell": {"bottom": 1, "bottom_color": RULE},
    "box": {"border": 1, "border_color": RULE},
    "band": {"bg_color": BAND, "bold": True, "font_color": NAVY, "bottom": 1, "bottom_color": RULE},
    "total": {"bg_color": NAVY, "bold": True, "font_color": WHITE},
    "wrap": {"text_wrap": True},
    "shrink": {"shrink": True},
    "left": {"align": "left"},
    "center": {"align": "center"},
    "right": {"align": "right"},
    "top": {"valign": "top"},
    "indent": {"indent": 1},
    "bold": {"bold": True},
    "small": {"font_size": 8},
    "grey": {"font_color": GREY},
    "italic": {"italic": True},
    "red": {"font_color": RED},
    "input": {"bg_color": INPUT, "font_color": INPUT_INK},
    "pale": {"bg_color": PALE},
    "int": {"num_format": INT, "align": "right"},
    "money": {"num_format": WHOLE_MONEY, "align": "right"},
    "percent": {"num_format": PERCENT, "align": "right"},
    "share": {"num_format": SHARE, "align": "right"},
    "year": {"num_format": YEAR, "align": "center"},
    "plain": {"num_format": PLAIN, "align": "right"},
}  # fmt: skip


NAMED = {
    "title": "title", "section": "section", "header": "header", "total": "total", "band": "band",
    "input": "box year input", "note": "subtitle wrap", "money": "cell money", "share": "cell share",
    "year": "cell year", "count": "cell int", "text": "cell wrap",
}  # fmt: skip
"""The styles of Excel's gallery -> the parts they are made of."""

_NAMED_BY_PART = {
    "title": "title", "section": "section", "header": "header", "total": "total", "band": "band",
    "input": "input", "subtitle": "note", "money": "money", "share": "share", "percent": "share",
    "year": "year", "int": "count", "cell": "text", "box": "text",
}  # fmt: skip
"""Part -> the named style of cells that have it; of several the first here."""


def about(number_format: str) -> str:
    """The number format for an estimated figure: `≈ 18,968`, and nothing before a dash."""
    figure, *rest = number_format.split(";")
    return ";".join([ESTIMATED + figure, *rest])


class Styles:
    """Formats by the names of their parts; equal formats are made once."""

    def __init__(self, book: Book, lang: Lang) -> None:
        self._book = book
        self._made: dict[tuple[int, tuple[tuple[str, Any], ...]], Format] = {}
        self._asked: dict[tuple[Any, ...], Format] = {}
        self._named = {
            key: book.add_style(label(f"style.{key}").pick(lang), _look(parts))
            for key, parts in NAMED.items()
        }

    def __call__(self, parts: str = "", **properties: Any) -> Format:
        """`styles("cell money bold", bg_color=RED)`: later parts and properties win."""
        key = (parts, *properties.items())
        found = self._asked.get(key)
        if found is None:
            found = self._asked[key] = self._make(_look(parts) | properties, self._style_of(parts))
        return found

    def overlay(self, **properties: Any) -> Format:
        """A conditional format: only what it changes."""
        return self._make(properties, 0)

    def _style_of(self, parts: str) -> int:
        """The number of the named style; 0 for Normal."""
        words = set(parts.split())
        return next((self._named[name] for part, name in _NAMED_BY_PART.items() if part in words), 0)

    def _make(self, properties: dict[str, Any], style: int) -> Format:
        key = (style, tuple(sorted(properties.items())))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties, style)
        return self._made[key]


def _look(parts: str) -> dict[str, Any]:
    merged = dict(_BASE)
    for part in parts.split():
        merged |= _PARTS[part]
    return merged
