"""Plain tables: a header, wrapped cells, rows as tall as their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portfolio.report.workbook.page import Page, Value, names_height, row_height
from portfolio.report.workbook.styles import FONT_SIZE

SMALL = 8
LEAST_HEIGHT = 18.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the words of its header, its width, the style of its cells."""

    head: str
    width: float
    parts: str = "cell wrap"


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is calculated, with the value it has now."""

    formula: str
    value: Value


@dataclass(frozen=True, slots=True)
class Names:
    """A name, and below it in small print the same in the other language; "" for none."""

    name: str
    second: str


Cell = str | int | float | Formula | Names | None


def write_table(
    page: Page, row: int, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, filtered: bool = True
) -> int:
    """Write header and rows from `row` on; returns the next free row."""
    page.headers(row, [page.head(column.head) for column in columns])
    last = row
    for last, cells in enumerate(rows, row + 1):
        write_row(page, last, columns, cells)
    if filtered and last > row:
        page.sheet.autofilter(row, 0, last, len(columns) - 1)
    return last + 1


def write_row(page: Page, row: int, columns: Sequence[Column], cells: Sequence[Cell]) -> None:
    """One row of a table."""
    sized: list[tuple[str, float, float]] = []
    least = 0.0
    for col, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        if isinstance(cell, Formula):
            page.formula(row, col, cell.formula, cell.value, column.parts)
        elif isinstance(cell, Names):
            page.names(row, col, cell.name, cell.second, column.parts)
            least = max(least, names_height(cell.name, cell.second, page.widths[col]))
        elif isinstance(cell, str):
            page.text(row, col, cell, column.parts)
            size = SMALL if "small" in column.parts else FONT_SIZE
            sized += [(cell, page.widths[col], size)] if "wrap" in column.parts else []
        else:
            page.number(row, col, cell, column.parts)
    page.row(row, row_height(sized, max(LEAST_HEIGHT, least)))


def set_widths(page: Page, columns: Sequence[Column]) -> None:
    page.columns([column.width for column in columns])
