"""Where a row stands in the workbook, and collecting what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from portfolio.domain.notice import Notice, Severity
from portfolio.domain.text import Text


@dataclass(frozen=True, slots=True)
class Where:
    """A row of a sheet. `columns` maps column keys (and years, as text) to column numbers from 1.

    `row` 0 is the sheet as a whole; `kept` marks rows that the database holds because the
    workbook does not have their sheet. `label` names a row that stands in no sheet at all.
    """

    sheet_number: int
    title: str
    row: int = 0
    columns: Mapping[str, int] = field(default_factory=dict)
    kept: bool = False
    label: str = ""

    def column_number(self, key: str) -> int:
        """The column of `key`; of a column that the sheet lacks, the first known one."""
        return self.columns.get(key) or min(self.columns.values(), default=1)

    def place(self, key: str) -> str:
        """`Sheet!D17`, or the sheet's title where there is no row, with the label of the row if any."""
        if not self.row:
            return f"{self.title}: {self.label}" if self.label else self.title
        return f"{self.title}!{get_column_letter(self.column_number(key))}{self.row}"


MOST_TOLD = {Severity.ERROR: 2000, Severity.WARNING: 500, Severity.NOTICE: 500}
"""Of one column of a sheet, so many cells are told one by one; the rest is told together."""

_Key = tuple[int, str, Severity]


class Problems:
    """Collects notices, and tells them in the order of sheet, row and column."""

    def __init__(self) -> None:
        self._found: list[tuple[tuple[int, int, int], Notice]] = []
        self._count = Counter[_Key]()
        self._last: dict[_Key, Where] = {}

    def add(
        self,
        severity: Severity,
        where: Where,
        column: str,
        text: Text,
        found: str = "",
        estimated: bool = False,
    ) -> None:
        """Note a problem. Rows that the database holds were told of before: only errors count."""
        if where.kept and severity is not Severity.ERROR:
            return
        key = (where.sheet_number, column, severity)
        self._count[key] += 1
        if self._count[key] > MOST_TOLD[severity]:
            self._last[key] = max(where, self._last.get(key, where), key=lambda last: last.row)
            return
        self._found.append(self._told(severity, where, column, text, found, estimated))

    @staticmethod
    def _told(
        severity: Severity,
        where: Where,
        column: str,
        text: Text,
        found: str = "",
        estimated: bool = False,
    ) -> tuple[tuple[int, int, int], Notice]:
        place = where.place(column)
        number = where.column_number(column) if where.row else 0
        notice = Notice(
            severity=severity, place=place, column=column, found=found, text=text, estimated=estimated
        )
        return (where.sheet_number, where.row, number), notice

    def error(self, where: Where, column: str, text: Text, found: str = "") -> None:
        self.add(Severity.ERROR, where, column, text, found)

    def warning(self, where: Where, column: str, text: Text, found: str = "") -> None:
        self.add(Severity.WARNING, where, column, text, found)

    def notice(self, where: Where, column: str, text: Text, found: str = "") -> None:
        self.add(Severity.NOTICE, where, column, text, found)

    def estimate(self, where: Where, column: str, text: Text) -> None:
        """A notice of what a norm gave for a blank."""
        self.add(Severity.NOTICE, where, column, text, estimated=True)

    @property
    def has_errors(self) -> bool:
        return any(notice.severity is Severity.ERROR for _, notice in self._found)

    def in_order(self) -> tuple[Notice, ...]:
        """By sheet, row and column; within a cell in the order of finding."""
        found = [*self._found]
        for key, where in self._last.items():
            more = self._count[key] - MOST_TOLD[key[2]]
            text = Text(
                f"本列另有 {more} 处同样需要留意，最后一处在此",
                f"{more} more cells of this column are to be told of, the last one here",
            )
            found.append(self._told(key[2], where, key[1], text))
        return tuple(notice for _, notice in sorted(found, key=lambda item: item[0]))
