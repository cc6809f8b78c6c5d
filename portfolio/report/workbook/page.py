"""A worksheet with the workbook's look: titles, headers, typed cells, row heights, print set-up."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from xlsxwriter.utility import quote_sheetname, xl_col_to_name

from portfolio.domain.money import Money, wan_number
from portfolio.domain.text import Lang, Text
from portfolio.report.labels import label
from portfolio.report.workbook.styles import Styles
from portfolio.report.workbook.xlsx_book import Book
from portfolio.report.workbook.xlsx_sheet import Sheet

A4, A3 = 9, 8
"""Paper codes of the file format."""

SIDE, TOP, BOTTOM = 0.4, 0.5, 0.6
"""Margins in inches."""

CJK_WIDTH = 2.1
LATIN_WIDTH = 0.95
LONGEST_LITERAL = 120
LONGEST_TEXT = 32_000
"""A cell holds at most 32,767 characters."""

LONGEST_NAME = 15_000
SECOND_SIZE = 7.5
"""The font size of a name's second line, in the other language."""

ROW_POINTS = 16
"""The height of a row that sets none."""

TALLEST_ROW = 400.0
"""Points; the file format stops at 409."""

POINTS_PER_LINE = 1.45
"""Line height over font size, for 微软雅黑."""

POINTS_PER_NAME = 1.36
"""The same for names of two lines, which stand closer."""

Value = float | int | str


def text_width(text: str) -> float:
    """Width in column units: a CJK or full-width character counts 2.1, any other a little under 1."""
    return sum(map(_width, text))


@cache
def _width(character: str) -> float:
    return CJK_WIDTH if unicodedata.east_asian_width(character) in "WFA" else LATIN_WIDTH


def lines_needed(text: str, width: float, font_size: float = 10) -> int:
    """How many lines `text` takes when wrapped in a column of `width`."""
    room = max(1.0, (width - 1) * 10 / font_size)
    return sum(max(1, math.ceil(text_width(line) / room)) for line in text.split("\n")) if text else 1


def row_height(cells: Iterable[tuple[str, float, float]], least: float = 18) -> float:
    """Points for a row whose wrapped `cells` are (text, column width, font size)."""
    heights = (lines_needed(text, width, size) * size * POINTS_PER_LINE + 4 for text, width, size in cells)
    return min(TALLEST_ROW, max(least, *heights, least))


def names_height(name: str, second: str, width: float) -> float:
    """Points that a name takes with the line below it."""
    lines = lines_needed(name, width) * 10 + (
        lines_needed(second, width, SECOND_SIZE) * SECOND_SIZE if second else 0
    )
    return min(TALLEST_ROW, lines * POINTS_PER_NAME + 3)


def cell_name(row: int, col: int, *, row_abs: bool = False, col_abs: bool = False) -> str:
    return f"{'$' if col_abs else ''}{column_name(col)}{'$' if row_abs else ''}{row + 1}"


def span(first_row: int, first_col: int, last_row: int, last_col: int, *, absolute: bool = False) -> str:
    """`B2:D9`; one cell stands alone."""
    first, last = (
        cell_name(row, col, row_abs=absolute, col_abs=absolute)
        for row, col in ((first_row, first_col), (last_row, last_col))
    )
    return first if first == last else f"{first}:{last}"


@cache
def column_name(col: int) -> str:
    name: str = xl_col_to_name(col)
    return name


def quoted(text: str) -> str:
    """The text as formulas write it; a literal holds at most 255 characters, so a long one is joined."""
    parts = [text[n : n + LONGEST_LITERAL] for n in range(0, len(text), LONGEST_LITERAL)] or [""]
    return "&".join('"' + part.replace('"', '""') + '"' for part in parts)


def filled(text: str, formulas: Mapping[str, str]) -> str:
    """The text as a formula, each marker in it replaced by its formula."""
    pattern = "|".join(re.escape(marker) for marker in formulas)
    parts = re.split(f"({pattern})", text)
    return "&".join(formulas.get(part) or quoted(part) for part in parts if part)


class Page:
    """One sheet of the workbook in one language choice."""

    def __init__(self, book: Book, styles: Styles, lang: Lang, sheet_key: str, *, footer: str = "") -> None:
        self.styles = styles
        self.lang: Lang = lang
        self.name = sheet_title(sheet_key, lang)
        self.ref = f"{quote_sheetname(self.name)}!"
        self.book = book
        self.widths: dict[int, float] = {}
        self.heights: dict[int, float] = {}
        self.sheet: Sheet = book.add_worksheet(self.name)
        self.sheet.hide_gridlines(2)
        self.sheet.set_default_row(ROW_POINTS)
        self._footer = footer

    @property
    def margins(self) -> tuple[float, float]:
        """Inches taken by the margins: left and right, top and bottom."""
        return 2 * SIDE, TOP + BOTTOM

    # words

    def say(self, key: str, joiner: str = " ", **values: Any) -> str:
        """The catalogue's words in the language, with `values` filled in; a `Text` fills in by language."""
        words = label(key)
        if values:
            words = Text(*(text.format(**_in_language(values, n)) for n, text in enumerate(words)))
        return self.pick(words, joiner)

    def pick(self, text: Text, joiner: str = " ") -> str:
        return text.pick(self.lang, joiner)

    def head(self, key: str) -> str:
        """The words for a column header: in both languages on two lines."""
        return self.say(key, "\n")

    # cells

    def text(self, row: int, col: int, text: str, parts: str = "cell", **properties: Any) -> None:
        """Text as text: what begins with `=` stays what it is."""
        style = self.styles(parts, **properties)
        if text:
            self.sheet.write_string(row, col, text[:LONGEST_TEXT], style)
        else:
            self.sheet.write_blank(row, col, None, style)

    def names(self, row: int, col: int, name: str, second: str, parts: str = "cell wrap") -> None:
        """A name, and below it in small print the same in the other language; "" for none."""
        if not name or not second:
            self.text(row, col, name or second, parts)
            return
        first, below = self.styles(parts), self.styles(f"{parts} grey", font_size=SECOND_SIZE)
        lines = (first, name[:LONGEST_NAME], below, "\n" + second[:LONGEST_NAME])
        self.sheet.write_rich_string(row, col, *lines, first)

    def number(
        self, row: int, col: int, value: float | None, parts: str = "cell int", **properties: Any
    ) -> None:
        style = self.styles(parts, **properties)
        if value is None:
            self.sheet.write_blank(row, col, None, style)
        else:
            self.sheet.write_number(row, col, value, style)

    def money(
        self, row: int, col: int, amount: Money | None, parts: str = "cell money", **properties: Any
    ) -> None:
        """An amount in 万元."""
        self.number(row, col, None if amount is None else wan_number(amount), parts, **properties)

    def formula(self, row: int, col: int, formula: str, value: Value, parts: str, **properties: Any) -> None:
        """A formula with its computed value, for viewers that do not calculate."""
        self.sheet.write_formula(row, col, f"={formula}", self.styles(parts, **properties), value)

    def fill(self, row: int, first_col: int, last_col: int, parts: str, **properties: Any) -> None:
        """Blank cells in one style."""
        style = self.styles(parts, **properties)
        for col in range(first_col, last_col + 1):
            self.sheet.write_blank(row, col, None, style)

    def merged(
        self, row: int, first_col: int, last_col: int, text: str, parts: str, **properties: Any
    ) -> None:
        """One text over several columns."""
        if last_col <= first_col:
            self.text(row, first_col, text, parts, **properties)
            return
        style = self.styles(parts, **properties)
        self.sheet.merge_range(row, first_col, row, last_col, "", style)
        self.sheet.write_string(row, first_col, text[:LONGEST_TEXT], style)

    def merged_formula(
        self,
        row: int,
        first_col: int,
        last_col: int,
        formula: str,
        value: Value,
        parts: str,
        **properties: Any,
    ) -> None:
        """One formula over several columns."""
        self.merged(row, first_col, last_col, "", parts, **properties)
        self.formula(row, first_col, formula, value, parts, **properties)

    # layout

    def columns(self, widths: Sequence[float], first_col: int = 0) -> None:
        for col, width in enumerate(widths, first_col):
            self.sheet.set_column(col, col, width, self.styles())
            self.widths[col] = width

    def room(self, first_col: int, last_col: int) -> float:
        """The width of several columns together."""
        return sum(self.widths.get(col, 9.0) for col in range(first_col, last_col + 1))

    def height(self, first_row: int, last_row: int) -> float:
        """The height of several rows together."""
        return sum(self.heights.get(row, ROW_POINTS) for row in range(first_row, last_row + 1))

    def row(self, row: int, height: float, **options: Any) -> None:
        self.heights[row] = height
        self.sheet.set_row(row, height, None, options)

    def title(self, title: str, subtitle: str, last_col: int) -> None:
        """Rows 1 and 2: the title, and below it a line of explanation over a rule."""
        self.row(0, 30)
        self.merged(0, 0, last_col, title, "title shrink")
        room = self.room(0, last_col)
        self.row(1, row_height([(subtitle, room, 9)], 16))
        self.merged(1, 0, last_col, subtitle, "subtitle ruled wrap top")

    def headers(self, row: int, texts: Sequence[str], first_col: int = 0) -> None:
        """A header row, tall enough for its words."""
        for col, text in enumerate(texts, first_col):
            self.text(row, col, text, "header")
        cells = [(text, self.widths.get(col, 9.0), 9) for col, text in enumerate(texts, first_col)]
        self.row(row, row_height(cells, 20))

    def note(self, row: int, last_col: int, text: str, parts: str = "subtitle wrap") -> None:
        """A line of explanation over the whole width."""
        self.row(row, row_height([(text, self.room(0, last_col), 9)], 16))
        self.merged(row, 0, last_col, text, parts)

    def printed(
        self,
        *,
        paper: int = A4,
        landscape: bool = True,
        repeat: tuple[int, int] | None = None,
        tall: int = 0,
        money: bool = True,
    ) -> None:
        """One page wide, with headers repeated; `tall` pages high (0: as many as it takes).

        The footer names the unit of money where the sheet shows any. The area is what is written so far,
        unless the sheet has set one.
        """
        sheet = self.sheet
        if not sheet.print_area_range:
            sheet.print_area(0, 0, sheet.dim_rowmax or 0, max(self.widths, default=0))
        sheet.set_paper(paper)
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, tall)
        sheet.set_margins(left=SIDE, right=SIDE, top=TOP, bottom=BOTTOM)
        if repeat:
            sheet.repeat_rows(*repeat)
        unit = f"&R&8{self.say('unit.money')}" if money else ""
        sheet.set_footer(f'&L&8&"{_FOOT_FONT}"{self._footer}&C&8{self.say("page")}{unit}')


_FOOT_FONT = "微软雅黑,Regular"


def _in_language(values: dict[str, Any], n: int) -> dict[str, Any]:
    return {key: value[n] if isinstance(value, Text) else value for key, value in values.items()}


def sheet_title(key: str, lang: Lang) -> str:
    """A sheet's name: `概览 Summary`."""
    return label(f"sheet.{key}").pick(lang)
