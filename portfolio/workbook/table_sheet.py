"""One sheet of the input workbook: header, rows, calculated columns, help while typing, view and print.

The rows are an Excel table, so that Excel and WPS carry formulas, drop-downs and colours on to rows that
are added below; some blank rows with their formulas stand ready for programs that do not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import ceil

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portfolio.workbook.calculated import CALCULATED, Calculated, Value
from portfolio.workbook.cell_values import cell_value
from portfolio.workbook.facts import Facts
from portfolio.workbook.formulas import Columns, PlainFormulas, in_row, row_formula, table_formula, table_name
from portfolio.workbook.layout import CHOICES, Column, Sheet
from portfolio.workbook.live import GROWTH, add_check_colour, add_colours, add_validation, listed
from portfolio.workbook.records import to_values
from portfolio.workbook.styles import A3, A4, NAVY, TEAL, Styles, set_up_print, style_of, text_width

FROZEN_COLUMNS = {"projects": 2, "project_funding": 2, "capacity": 3, "demand": 3, "norms": 3, "relations": 2}
"""Columns that stay in view while scrolling; elsewhere the first."""

SPARE_ROWS = 100
"""Blank rows below the last one that have their formulas already."""

ROW_HEIGHT, LINE_HEIGHT, _HEADER_HEIGHT = 20.0, 16.0, 52.0
"""Points: a row, a further line of text in it, the header."""

_WIDEST_A4 = 210
"""Characters beyond which a sheet is printed on A3."""

_WIDEST_PAGE = 420
"""Characters beyond which it takes several pages side by side: smaller print is not legible."""


class TableSheet:
    """A table of the portfolio as a sheet. `records` are its rows."""

    def __init__(self, layout: Sheet, fields: Sequence[Column], records: Sequence[object]) -> None:
        self.layout = layout
        self.records = records
        self._fields = fields
        self._calculated = CALCULATED[layout.table]
        headers = {column.key: _header(column) for column in fields}
        headers |= {column.key: column.header for column in self._calculated}
        self.columns = Columns(layout.table, {key: number for number, key in enumerate(headers)}, headers)
        self._last = len(records) + 1 + SPARE_ROWS

    def write(
        self, book: xlsxwriter.Workbook, styles: Styles, sheets: Mapping[str, Columns], facts: Facts
    ) -> None:
        """Write the sheet. `sheets`: the columns of all sheets, which formulas refer to."""
        sheet = book.add_worksheet(self.layout.title, PlainFormulas)
        sheet.set_default_row(ROW_HEIGHT)
        self._add_table(sheet, styles, sheets)
        self._write_headers(sheet, styles)
        self._write_rows(sheet, styles)
        for column in self._calculated:
            self._write_calculated(sheet, styles, sheets, facts, column)
        self._add_help(sheet, styles)
        self._set_up_view(sheet)

    def said(self, facts: Facts) -> int:
        """How many rows the check complains of."""
        check = self._calculated[-1]
        return sum(check.value(record, number, facts) != "OK" for number, record in enumerate(self.records))

    # --- header ---------------------------------------------------------------------------------

    def _add_table(self, sheet: Worksheet, styles: Styles, sheets: Mapping[str, Columns]) -> None:
        columns = [
            {"header": _header(column), "header_format": styles.header(_header_style(column))}
            for column in self._fields
        ]
        for calculated in self._calculated:
            formula = table_formula(calculated.formula, self.layout.table, sheets)
            style = styles.header("calculated")
            columns.append({"header": calculated.header, "header_format": style, "formula": f"={formula}"})
        options = {"name": table_name(self.layout.table), "columns": columns, "style": None}
        sheet.add_table(0, 0, self._last - 1, len(columns) - 1, options)

    def _write_headers(self, sheet: Worksheet, styles: Styles) -> None:
        """Notes and widths; the Chinese label and the English key stand in one cell."""
        sheet.set_row(0, _HEADER_HEIGHT)
        for number, column in enumerate(self._fields):
            needed = "必填 required" if column.needed else "可空 optional"
            _note(sheet, number, f"{column.note.zh}\n{column.note.en}\n[{needed}]")
            sheet.set_column(number, number, _width(column), styles.column(style_of(column)))
        for number, calculated in enumerate(self._calculated, start=len(self._fields)):
            _note(
                sheet,
                number,
                f"{calculated.note.zh}\n{calculated.note.en}\n[自动计算，导入时忽略 calculated, ignored]",
            )
            sheet.set_column(number, number, _calculated_width(calculated), styles.column(calculated.style))

    # --- rows -----------------------------------------------------------------------------------

    def _write_rows(self, sheet: Worksheet, styles: Styles) -> None:
        widths = [_width(column) for column in self._fields]
        for row, record in enumerate(self.records, start=1):
            values, by_year = to_values(self.layout, record)
            cells: dict[str, object] = {**values, **{str(year): value for year, value in by_year.items()}}
            lines = 1
            for number, column in enumerate(self._fields):
                value = cell_value(cells[column.key], column.kind) if column.key in cells else None
                style = styles.data(style_of(column, value))
                _write(sheet, row, number, value, style)
                lines = max(lines, _lines(value, widths[number]))
            if lines > 1:
                # Excel fits rows by itself when it opens a file, LibreOffice does not.
                sheet.set_row(row, ROW_HEIGHT + LINE_HEIGHT * (min(lines, 10) - 1))
        for row in range(len(self.records) + 1, self._last):
            for number, column in enumerate(self._fields):
                sheet.write_blank(row, number, None, styles.data(style_of(column)))

    def _write_calculated(
        self,
        sheet: Worksheet,
        styles: Styles,
        sheets: Mapping[str, Columns],
        facts: Facts,
        column: Calculated,
    ) -> None:
        """The formulas of a column with their values; blank rows show nothing."""
        number = self.columns.numbers[column.key]
        formula = row_formula(column.formula, self.layout.table, sheets)
        style = styles.calculated(column.style)
        for row in range(1, self._last):
            sheet.write_formula(
                row, number, f"={in_row(formula, row + 1)}", style, self._value(column, row - 1, facts)
            )

    def _value(self, column: Calculated, number: int, facts: Facts) -> Value:
        return column.value(self.records[number], number, facts) if number < len(self.records) else ""

    # --- help, view and print -------------------------------------------------------------------

    def _add_help(self, sheet: Worksheet, styles: Styles) -> None:
        last = len(self.records) + 1 + GROWTH
        for column in self._fields:
            add_validation(sheet, self.layout, column, self.columns.letter(column.key), last)
            add_colours(sheet, styles, self.layout, column, self.columns, last)
        add_check_colour(sheet, styles, self.columns, last)
        # Marks of Excel that would only distract: years in headers are text, because a table wants them so.
        end = self.columns.letter(self._calculated[-1].key)
        sheet.ignore_errors(
            {
                "number_stored_as_text": f"A1:{end}{self._last}",
                "formula_differs": f"A1:{end}{self._last}",
                "calculated_column": f"A1:{end}{self._last}",
                "empty_cell_reference": f"A1:{end}{self._last}",
            }
        )

    def _set_up_view(self, sheet: Worksheet) -> None:
        """Frozen header and keys, which every printed page repeats; pages one sheet wide, or as few as are legible."""
        frozen = FROZEN_COLUMNS.get(self.layout.table, 1)
        sheet.freeze_panes(1, frozen)
        sheet.set_tab_color(f"#{NAVY if self.layout.needed_to_schedule else TEAL}")
        total = sum(map(_width, self._fields)) + sum(map(_calculated_width, self._calculated))
        set_up_print(sheet, A3 if total > _WIDEST_A4 else A4, pages_wide=ceil(total / _WIDEST_PAGE))
        sheet.repeat_rows(0)
        if total > _WIDEST_PAGE:
            sheet.repeat_columns(0, frozen - 1)


def _header(column: Column) -> str:
    return column.key if column.key.isdecimal() else f"{column.zh} {column.key}"


def _header_style(column: Column) -> str:
    return "year" if column.key.isdecimal() else "needed" if column.needed else "optional"


def _note(sheet: Worksheet, number: int, text: str) -> None:
    options = {"author": "school-portfolio", "x_scale": 2.0, "y_scale": 1.3, "font_size": 9}
    sheet.write_comment(0, number, text, options)


def _width(column: Column) -> float:
    """Wide enough for the header and for every listed value."""
    if column.key.isdecimal():
        return column.width
    header = max(len(column.key) + 4.0, min(text_width(column.zh) + 4, 20))
    values = (text_width(listed(column.kind, code)) + 3 for code in CHOICES.get(column.kind, ()))
    return max(column.width, header, *values)


def _calculated_width(column: Calculated) -> float:
    return max(column.width, len(column.key) + 4.0, min(text_width(column.zh) + 4, 20))


def _lines(value: object, width: float) -> int:
    """How many lines a text takes in a column."""
    if not isinstance(value, str) or ("\n" not in value and len(value) * 2.1 < width - 2):
        return 1
    return sum(max(1, ceil(text_width(line) / (width - 2))) for line in value.split("\n"))


def _write(sheet: Worksheet, row: int, number: int, value: str | int | Decimal | None, style: Format) -> None:
    if value is None:
        sheet.write_blank(row, number, None, style)
    elif isinstance(value, str):
        # Text is text, whatever it begins with: never a formula, never an error value.
        sheet.write_string(row, number, value, style)
    else:
        sheet.write_number(row, number, value, style)
