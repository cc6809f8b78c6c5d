"""The rows of all tables while they are read and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from portfolio.workbook.layout import Sheet
from portfolio.workbook.problems import Where
from portfolio.workbook.records import to_values


@dataclass(slots=True)
class Row:
    """A row of a table: where it stands, its values by column key (blank cells have none), the
    columns that could not be read, and the record, if nothing was wrong."""

    where: Where
    values: dict[str, object]
    years: dict[int, int] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    record: object | None = None

    def text(self, key: str) -> str:
        """Text, a key or the code of a listed value; "" if blank or unreadable."""
        value = self.values.get(key, "")
        return value if isinstance(value, str) else ""

    def whole(self, key: str) -> int | None:
        """A whole number, a year, or money in hundredths of 万元."""
        value = self.values.get(key)
        return value if isinstance(value, int) else None

    def exact(self, key: str) -> Decimal | None:
        value = self.values.get(key)
        return value if isinstance(value, Decimal) else None

    def is_blank(self, key: str) -> bool:
        """Blank, not merely unreadable."""
        return key not in self.values and key not in self.unreadable

    def respell(self, key: str, value: str) -> None:
        """Give a county, zone or reference the spelling that the other tables use."""
        self.values[key] = value
        if self.record is not None:
            record: Any = self.record
            self.record = replace(record, **{key: value})


@dataclass(frozen=True, slots=True)
class Tables:
    """Table -> its rows, those of the workbook or those the database keeps. `incomplete` tables lack
    their sheet, header or a needed column: checks against them would only repeat that."""

    rows: Mapping[str, list[Row]]
    incomplete: frozenset[str] = frozenset()

    def __getitem__(self, table: str) -> list[Row]:
        return self.rows[table]

    def complete(self, *tables: str) -> bool:
        return not self.incomplete.intersection(tables)


def kept_rows(sheet: Sheet, number: int, records: tuple[object, ...]) -> list[Row]:
    """The rows of a table that the workbook lacks and the database holds."""
    rows = []
    for record in records:
        values, years = to_values(sheet, record)
        rows.append(Row(Where(number, sheet.title, kept=True), values, years, record=record))
    return rows


def records(rows: list[Row]) -> Iterator[object]:
    """The records of the rows that have one."""
    return (row.record for row in rows if row.record is not None)
