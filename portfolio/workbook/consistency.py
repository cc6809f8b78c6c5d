"""The reader's checks on rows that come from no sheet: a portfolio that was merged from two."""

from __future__ import annotations

from portfolio.domain.notice import Notice
from portfolio.domain.portfolio import Portfolio
from portfolio.workbook.checks import check_rows
from portfolio.workbook.layout import SHEETS, Sheet
from portfolio.workbook.problems import Problems, Where
from portfolio.workbook.references import check_references
from portfolio.workbook.tables import Row, Tables, kept_rows


def check_portfolio(portfolio: Portfolio) -> tuple[Notice, ...]:
    """Whatever the reader would say of the same rows in a workbook; places are like `项目 Projects: key`."""
    problems = Problems()
    rows = {sheet.table: _rows(sheet, number, portfolio) for number, sheet in enumerate(SHEETS)}
    tables = Tables(rows)
    check_references(tables, problems)
    check_rows(tables, problems)
    return problems.in_order()


def _rows(sheet: Sheet, number: int, portfolio: Portfolio) -> list[Row]:
    rows = kept_rows(sheet, number, getattr(portfolio, sheet.table))
    for place, row in enumerate(rows, start=1):
        named = [str(row.values[c.key]) for c in sheet.columns if c.needed and c.key in row.values]
        row.where = Where(number, sheet.title, label=" / ".join(named) or f"#{place}")
    return rows
