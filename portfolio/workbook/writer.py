"""Writing the input workbook: the template that people fill in, with the rows of a portfolio."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from portfolio.domain.portfolio import Portfolio
from portfolio.workbook.facts import Facts
from portfolio.workbook.guide import add_guide
from portfolio.workbook.layout import SHEETS, Column, Sheet, year_column
from portfolio.workbook.lists import add_lists
from portfolio.workbook.records import YEARS_FIELD
from portfolio.workbook.revision import PROPERTY, Revision
from portfolio.workbook.stable import new_workbook
from portfolio.workbook.styles import FONT, Styles
from portfolio.workbook.table_sheet import TableSheet

DEFAULT_YEARS = range(2026, 2036)
"""The year columns of a template without any figure; a constant, so that its bytes never change."""

TITLE = "学校建设项目排期：填报工作簿 School construction planning: input workbook"


def write(
    portfolio: Portfolio,
    path: Path,
    *,
    first_year: int | None = None,
    last_year: int | None = None,
    revision: Revision | None = None,
) -> None:
    """Write the portfolio as an input workbook; an empty one gives the template.

    Year columns run over all years with a figure, and from `first_year` to `last_year` (inclusive)
    where given. The same portfolio gives the same bytes. `revision` is the state of the database that is
    written: an import of the file is merged with what others changed since.

    Raises:
        ValueError: a spending profile is longer than the sheet has columns.
        UsageError, PortfolioError: the file cannot be written.
    """
    default = _all_years(portfolio, first_year, last_year)
    tables = []
    for sheet in SHEETS:
        records: Sequence[object] = getattr(portfolio, sheet.table)
        years = _years(sheet, records, first_year, last_year) or default
        tables.append(TableSheet(sheet, _columns(sheet, years if sheet.year_kind else ()), records))
    sheets = {table.layout.table: table.columns for table in tables}
    facts = Facts(portfolio)
    with new_workbook(path, FONT, TITLE) as book:
        if revision:
            book.set_custom_property(PROPERTY, revision.text, "text")
        styles = Styles(book)
        add_guide(book, styles, tables, facts, revision)
        for table in tables:
            table.write(book, styles, sheets, facts)
        add_lists(book, styles, sheets, portfolio)


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


def _columns(sheet: Sheet, years: Sequence[int]) -> tuple[Column, ...]:
    """The sheet's columns; year columns stand before basis and what follows it."""
    if sheet.year_kind is None:
        return sheet.columns
    split = next(i for i, column in enumerate(sheet.columns) if column.key == "basis")
    of_years = tuple(year_column(year, sheet.year_kind) for year in years)
    return sheet.columns[:split] + of_years + sheet.columns[split:]
