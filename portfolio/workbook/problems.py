"""Where a row stands in the workbook, and collecting what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from portfolio.domain.notice import Notice, Severity
from portfolio.domain.text import Text


@dataclass(frozen=True, slots=True)
class Where:
    """A row of a sheet. `columns` maps column keys (and years, as text) to column numbers from 1.

    `row` 0 is the sheet as a whole; `kept` marks rows that the database holds because the
    workbook does not have their sheet.
    """

    sheet_number: int
    title: str
    row: int = 0
    columns: Mapping[str, int] = field(default_factory=dict)
    kept: bool = False

    def column_number(self, key: str) -> int:
        """The column of `key`; of a column that the sheet lacks, the first known one."""
        return self.columns.get(key) or min(self.columns.values(), default=1)

    def place(self, key: str) -> str:
        """`Sheet!D17`, or the sheet's title where there is no row."""
        if not self.row:
            return self.title
        return f"{self.title}!{get_column_letter(self.column_number(key))}{self.row}"


class Problems:
    """Collects notices, and tells them in the order of sheet, row and column."""

    def __init__(self) -> None:
        self._found: list[tuple[tuple[int, int, int], Notice]] = []

    def add(self, severity: Severity, where: Where, column: str, text: Text, found: str = "") -> None:
        """Note a problem. Rows that the database holds were told of before: only errors count."""
        if where.kept and severity is not Severity.ERROR:
            return
        place = where.place(column)
        number = where.column_number(column) if where.row else 0
        notice = Notice(severity=severity, place=place, column=column, found=found, text=text)
        self._found.append(((where.sheet_number, where.row, number), notice))

    def error(self, where: Where, column: str, text: Text, found: str = "") -> None:
        self.add(Severity.ERROR, where, column, text, found)

    def warning(self, where: Where, column: str, text: Text, found: str = "") -> None:
        self.add(Severity.WARNING, where, column, text, found)

    def notice(self, where: Where, column: str, text: Text, found: str = "") -> None:
        self.add(Severity.NOTICE, where, column, text, found)

    @property
    def has_errors(self) -> bool:
        return any(notice.severity is Severity.ERROR for _, notice in self._found)

    def in_order(self) -> tuple[Notice, ...]:
        """By sheet, row and column; within a cell in the order of finding."""
        return tuple(notice for _, notice in sorted(self._found, key=lambda item: item[0]))
