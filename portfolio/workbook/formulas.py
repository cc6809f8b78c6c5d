"""Formulas in the words of the layout, and what they refer to.

`[total_cost]` is the cell of this row, `[key:notes]` the cells from one column to the other, `[years]`
those of all years, `[seats.project]` the whole column of a sheet, far below its last row. References are
plain (`$K2`), so that Excel, WPS and LibreOffice calculate alike; only what an Excel table keeps to fill
new rows down names its columns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from xlsxwriter.utility import quote_sheetname, xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from portfolio.workbook.records import SHEET_OF

LAST_ROW = 100_001
"""The last row that references to whole columns reach."""

_REFERENCE = re.compile(r"\[(\w+)(?:([.:])(\w+))?\]")
_ROW = "\x00"


class PlainFormulas(Worksheet):  # type: ignore[misc]
    """A worksheet whose formulas have no function younger than Excel 2007. XlsxWriter looks for those, and
    the search takes ten times as long as the writing."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        return formula.strip("{=}")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one sheet of a workbook: key -> number from 0, in their order; `headers` are their
    header texts."""

    table: str
    numbers: Mapping[str, int]
    headers: Mapping[str, str]

    def letter(self, key: str) -> str:
        return str(xl_col_to_name(self.numbers[key]))

    def whole(self, key: str) -> str:
        """Every row of a column, seen from another sheet."""
        letter = self.letter(key)
        return f"{quote_sheetname(SHEET_OF[self.table].title)}!${letter}$2:${letter}${LAST_ROW}"

    @property
    def years(self) -> tuple[str, str]:
        """The first and the last year column."""
        years = [key for key in self.numbers if key.isdecimal()]
        return years[0], years[-1]


def row_formula(formula: str, table: str, sheets: Mapping[str, Columns]) -> str:
    """The formula for any row; `in_row` puts the row's number in."""
    own = sheets[table]

    def cells(first: str, last: str) -> str:
        start = f"${own.letter(first)}{_ROW}"
        return start if first == last else f"{start}:${own.letter(last)}{_ROW}"

    return _resolved(formula, own, sheets, cells)


def in_row(formula: str, row: int) -> str:
    """A formula of `row_formula` for one row, numbered from 1."""
    return formula.replace(_ROW, str(row))


def table_formula(formula: str, table: str, sheets: Mapping[str, Columns]) -> str:
    """The formula with the names of an Excel table's columns, which fills new rows down."""
    own = sheets[table]
    name = table_name(table)

    def cells(first: str, last: str) -> str:
        area = f"[{own.headers[first]}]" + ("" if first == last else f":[{own.headers[last]}]")
        return f"{name}[[#This Row],{area}]"

    return _resolved(formula, own, sheets, cells)


def table_name(table: str) -> str:
    return SHEET_OF[table].en


def _resolved(
    formula: str, own: Columns, sheets: Mapping[str, Columns], cells: Callable[[str, str], str]
) -> str:
    def replaced(found: re.Match[str]) -> str:
        first, sign, second = found.groups()
        if sign == ".":
            return sheets[first].whole(second)
        if first == "years":
            return cells(*own.years)
        return cells(first, second or first)

    return _REFERENCE.sub(replaced, formula)
