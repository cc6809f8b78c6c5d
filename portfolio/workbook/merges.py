"""Merged cells are filled down: each row under them counts as if it held the value."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping

from openpyxl.utils import get_column_letter

from portfolio.domain.text import Text
from portfolio.workbook.asides import Asides
from portfolio.workbook.headers import Heading
from portfolio.workbook.layout import Kind, Sheet
from portfolio.workbook.package import Raw, RawSheet
from portfolio.workbook.problems import Problems, Where
from portfolio.workbook.reading import is_blank, shown

_ADDED_UP = frozenset(
    {"total_cost", "floor_area_m2", "classes", "seats_added", "seats_replaced", "seats_offline"}
)
"""Figures that a merged cell may state once for all its rows: filling them down counts them again."""


def without_merges(
    raw: RawSheet, sheet: Sheet, heading: Heading, where: Where, problems: Problems
) -> dict[int, tuple[Raw, ...]]:
    """The rows below the header, merged cells filled down.

    A merge across known columns is an error: nobody can tell which of them the value belongs to. A
    merged amount is a warning: it may be one amount for all the rows.
    """
    rows = {row: cells for row, cells in raw.rows.items() if row > heading.row}
    if not raw.merged:
        return rows
    filling = _Filling(rows, sheet, heading, where, problems)
    for area in sorted(raw.merged):
        if area[3] > heading.row:
            filling.fill(*area)
    return rows


class _Filling:
    """Fills the rows of one sheet down, and tells of each merge."""

    def __init__(
        self,
        rows: dict[int, tuple[Raw, ...]],
        sheet: Sheet,
        heading: Heading,
        where: Where,
        problems: Problems,
    ) -> None:
        self._rows, self._sheet, self._heading, self._problems = rows, sheet, heading, problems
        self._where = where
        self._numbers = sorted(rows)
        self._key_of = {column: key for key, column in heading.by_key.items()}
        self._asides = Asides(sheet, heading)
        self._filled_to: dict[int, int] = {}

    def fill(self, first_column: int, first_row: int, last_column: int, last_row: int) -> None:
        inside = [column for column in self._key_of if first_column <= column <= last_column]
        value = _at(self._rows, first_row, first_column)
        if not inside or is_blank(value) or self._asides.kind_of(self._rows.get(first_row, ())):
            return
        key = self._key_of[min(inside)]
        where = Where(self._where.sheet_number, self._where.title, first_row, self._heading.by_key)
        area = f"{get_column_letter(first_column)}{first_row}:{get_column_letter(last_column)}{last_row}"
        if len(inside) > 1 or first_column not in inside:
            text = Text(
                f"合并单元格 {area} 跨列；请取消合并，每列各填",
                f"the merged cells {area} cross columns; unmerge them and fill each column",
            )
            self._problems.error(where, key, text)
            return
        if first_row <= self._filled_to.get(first_column, 0):
            return  # areas that overlap are the work of a damaged file
        self._filled_to[first_column] = last_row
        if self._fill_down(first_column, first_row, last_row, value):
            self._tell(where, key, area, shown(value))

    def _fill_down(self, column: int, first_row: int, last_row: int, value: Raw) -> int:
        """How many rows below were filled; a blank row inside a merge stays blank."""
        below = self._numbers[
            bisect_right(self._numbers, first_row) : bisect_left(self._numbers, last_row + 1)
        ]
        for row in below:
            cells = list(self._rows[row])
            cells += [None] * (column - len(cells))
            cells[column - 1] = value
            self._rows[row] = tuple(cells)
        return len(below)

    def _tell(self, where: Where, key: str, area: str, found: str) -> None:
        added_up = key in _ADDED_UP or (
            key.isdecimal() and self._sheet.year_kind in (Kind.INT, Kind.MONEY_WAN)
        )
        if added_up:
            text = Text(
                f"合并单元格 {area} 已向下填充，每行都计 {found}；如是各行合计，请取消合并后分别填写",
                f"the merged cells {area} were filled down, {found} in each row; if it is one figure for all, unmerge them and divide it",
            )
            self._problems.warning(where, key, text, found)
        else:
            text = Text(f"合并单元格 {area} 已向下填充", f"the merged cells {area} were filled down")
            self._problems.notice(where, key, text, found)


def _at(rows: Mapping[int, tuple[Raw, ...]], row: int, column: int) -> Raw:
    cells = rows.get(row, ())
    return cells[column - 1] if column <= len(cells) else None
