"""Writing the input workbook: the template that people fill in, with the rows of a portfolio."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from math import ceil
from pathlib import Path

from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from portfolio.domain.money import to_wan
from portfolio.domain.portfolio import Portfolio
from portfolio.workbook.guide import add_guide
from portfolio.workbook.layout import CHOICES, SHEETS, Column, Kind, Sheet, year_column
from portfolio.workbook.live import GROWTH, add_colours, add_lists, add_validation, listed
from portfolio.workbook.records import YEARS_FIELD, to_values
from portfolio.workbook.stable import save
from portfolio.workbook.styles import (
    A3,
    A4,
    NAVY,
    TEAL,
    add_styles,
    format_column,
    set_up_print,
    style_of,
    text_width,
)

DEFAULT_YEARS = range(2026, 2036)
"""The year columns of a template without any figure; a constant, so that its bytes never change."""

FROZEN_COLUMNS = {"projects": 2, "project_funding": 2, "capacity": 3, "demand": 3, "norms": 3, "relations": 2}
"""Columns that stay in view while scrolling; elsewhere the first."""

LINE_HEIGHT = 16.0
"""Points a line of text takes."""

_UNLIMITED = "不限 unlimited"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write(
    portfolio: Portfolio, path: Path, *, first_year: int | None = None, last_year: int | None = None
) -> None:
    """Write the portfolio as an input workbook; an empty one gives the template.

    Year columns run over all years with a figure, and from `first_year` to `last_year` (inclusive)
    where given. The same portfolio gives the same bytes.

    Raises:
        ValueError: a spending profile is longer than the sheet has columns.
        OSError: the file cannot be written.
    """
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    add_styles(workbook)
    add_guide(workbook)
    default = _all_years(portfolio, first_year, last_year)
    for sheet in SHEETS:
        records: Sequence[object] = getattr(portfolio, sheet.table)
        years = _years(sheet, records, first_year, last_year) or default
        _write_sheet(workbook, sheet, records, years if sheet.year_kind else ())
    add_lists(workbook)
    save(workbook, path)


def _years(
    sheet: Sheet, records: Sequence[object], first_year: int | None, last_year: int | None
) -> Sequence[int]:
    """The years of a sheet's columns, without gaps; none if nothing names a year."""
    if sheet.table not in YEARS_FIELD:
        return ()
    named = {year for record in records for year in getattr(record, YEARS_FIELD[sheet.table])}
    named |= {year for year in (first_year, last_year) if year is not None}
    return range(min(named), max(named) + 1) if named else ()


def _all_years(portfolio: Portfolio, first_year: int | None, last_year: int | None) -> Sequence[int]:
    """The years of all sheets together, for a sheet that names none."""
    named = {
        year
        for sheet in SHEETS
        for year in _years(sheet, getattr(portfolio, sheet.table), first_year, last_year)
    }
    return range(min(named), max(named) + 1) if named else DEFAULT_YEARS


def _write_sheet(workbook: Workbook, sheet: Sheet, records: Sequence[object], years: Sequence[int]) -> None:
    worksheet = workbook.create_sheet(sheet.title)
    columns = _columns(sheet, years)
    widths = [_width(column) for column in columns]
    _write_header(worksheet, columns, widths)
    for row, record in enumerate(records, start=2):
        values, by_year = to_values(sheet, record)
        cells: Mapping[str, object] = {**values, **{str(year): value for year, value in by_year.items()}}
        for number, column in enumerate(columns, start=1):
            _write_cell(worksheet, row, number, column, cells)
        lines = max(_lines(cells.get(c.key), width) for c, width in zip(columns, widths, strict=True))
        if lines > 1:
            # Excel fits rows by itself when it opens a file, LibreOffice does not.
            worksheet.row_dimensions[row].height = LINE_HEIGHT * min(lines, 10)
    letters = {column.key: get_column_letter(number) for number, column in enumerate(columns, start=1)}
    last_row = len(records) + 1 + GROWTH
    for column in columns:
        add_validation(worksheet, sheet, column, letters[column.key], last_row)
        add_colours(worksheet, sheet, column, letters, last_row)
    _set_up_view(worksheet, sheet, len(columns), len(records))


def _columns(sheet: Sheet, years: Sequence[int]) -> tuple[Column, ...]:
    """The sheet's columns; year columns stand before basis and what follows it."""
    if sheet.year_kind is None:
        return sheet.columns
    split = next(i for i, column in enumerate(sheet.columns) if column.key == "basis")
    of_years = tuple(year_column(year, sheet.year_kind) for year in years)
    return sheet.columns[:split] + of_years + sheet.columns[split:]


# --- header -------------------------------------------------------------------------------------


def _width(column: Column) -> float:
    """Wide enough for the header and for every listed value."""
    if column.key.isdecimal():
        return column.width
    header = max(len(column.key) + 2.0, min(text_width(column.zh) + 2, 18))
    values = (text_width(listed(column.kind, code)) + 2 for code in CHOICES.get(column.kind, ()))
    return max(column.width, header, *values)


def _lines(value: object, width: float) -> int:
    """How many lines a text takes in a column."""
    if not isinstance(value, str) or ("\n" not in value and len(value) * 2.1 < width - 2):
        return 1
    return sum(max(1, ceil(text_width(line) / (width - 2))) for line in value.split("\n"))


def _write_header(worksheet: Worksheet, columns: Sequence[Column], widths: Sequence[float]) -> None:
    """Chinese label above, English key below; the colour says needed, optional or year."""
    for number, column in enumerate(columns, start=1):
        is_year = column.key.isdecimal()
        cell = worksheet.cell(1, number, int(column.key) if is_year else f"{column.zh}\n{column.key}")
        cell.style = "header year" if is_year else "header needed" if column.needed else "header optional"
        cell.comment = _comment(column)
        dimension = worksheet.column_dimensions[get_column_letter(number)]
        format_column(dimension, column)
        dimension.width = widths[number - 1]
    worksheet.row_dimensions[1].height = 48


def _comment(column: Column) -> Comment:
    needed = "必填 required" if column.needed else "可空 optional"
    comment = Comment(f"{column.note.zh}\n{column.note.en}\n[{needed}]", "school-portfolio")
    comment.width, comment.height = 260, 90
    return comment


# --- cells --------------------------------------------------------------------------------------


def _write_cell(
    worksheet: Worksheet, row: int, number: int, column: Column, cells: Mapping[str, object]
) -> None:
    cell = worksheet.cell(row, number)
    if column.key not in cells:
        cell.style = style_of(column)
        return
    value = cells[column.key]
    cell.style = style_of(column, value)
    written = cell_value(value, column.kind)
    cell.value = written
    if isinstance(written, str):
        # Text is text, whatever it begins with: never a formula, never an error value.
        cell.data_type = "s"
        if written.startswith(("=", "+", "-", "@")):
            cell.quotePrefix = True


def cell_value(value: object, kind: Kind) -> str | int | Decimal:
    """What stands in the cell: money in 万元, listed values as `初中 junior`."""
    if kind is Kind.MONEY_WAN and isinstance(value, int):
        return to_wan(value)
    if kind is Kind.CARRY_OVER and value is None:
        return _UNLIMITED
    if isinstance(value, bool):
        return listed(Kind.YES_NO, "yes" if value else "no")
    if isinstance(value, tuple):
        single = Kind.STAGE if kind is Kind.STAGES else Kind.NATURE
        return "；".join(listed(single, str(code)) for code in value)
    if kind is Kind.STATUS or isinstance(value, StrEnum):
        return _text(listed(kind, str(value)))
    if isinstance(value, int | Decimal):
        return value
    return _text(str(value))


def _text(text: str) -> str:
    """Without the few characters that no workbook can hold."""
    return _NOT_XML.sub("", text)


# --- view and print -----------------------------------------------------------------------------


def _set_up_view(worksheet: Worksheet, sheet: Sheet, columns: int, rows: int) -> None:
    """Frozen header and keys, filter, and pages one sheet wide with a repeated header."""
    frozen = FROZEN_COLUMNS.get(sheet.table, 1)
    worksheet.freeze_panes = f"{get_column_letter(frozen + 1)}2"
    last = get_column_letter(columns)
    worksheet.auto_filter.ref = f"A1:{last}{max(rows, 1) + 1}"
    worksheet.sheet_properties.tabColor = NAVY if sheet.needed_to_schedule else TEAL
    set_up_print(worksheet, A3 if columns > 14 else A4)
    worksheet.print_title_rows = "1:1"
