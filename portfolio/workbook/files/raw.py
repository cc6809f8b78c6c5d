"""What a sheet holds before anyone asks what it means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portfolio.domain.text import Text

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""The last cell of a sheet in Excel is XFD1048576."""

ERROR_CODES = frozenset(
    [
        "#NULL!",
        "#DIV/0!",
        "#VALUE!",
        "#REF!",
        "#NAME?",
        "#NUM!",
        "#N/A",
        "#GETTING_DATA",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#BLOCKED!",
    ]
)
"""The error values of Excel, WPS and LibreOffice."""


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell without a usable value: an error value such as #REF!, or (`unsaved`) a formula whose
    result was never stored."""

    code: str
    unsaved: bool = False


Raw = str | int | float | bool | datetime | date | time | timedelta | CellError | None
"""What a cell can hold."""

Area = tuple[int, int, int, int]
"""First column, first row, last column, last row; numbers from 1."""


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as it stands in the file: its rows that are not empty, by row number.

    `text_only`: the file knows no numbers (CSV), so that a number held as text is no oddity.
    `remarks`: what was left out in reading the sheet, for people.
    """

    title: str
    rows: dict[int, tuple[Raw, ...]]
    merged: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    text_only: bool = False
    remarks: tuple[Text, ...] = ()


def trimmed(values: dict[int, Raw]) -> tuple[Raw, ...]:
    """The values by column number as a row that ends with the last value."""
    row: list[Raw] = [None] * max(values, default=0)
    for column, value in values.items():
        row[column - 1] = value
    return tuple(row)
