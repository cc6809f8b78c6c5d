"""Workbooks for tests, made from dicts of rows: one dict a row, keys are the header cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from portfolio.domain.notice import Notice, Severity
from portfolio.domain.portfolio import Portfolio
from portfolio.workbook.reader import ReadResult, read

Rows = Sequence[Mapping[Any, object]]

MINIMAL: Mapping[str, Rows] = {
    "Projects": [
        {
            "key": "p1", "county": "A", "stage": "primary", "total_cost": 100, "duration_years": 2,
            "name_zh": "一小", "basis": "stated",
        }
    ],
    "FundingSources": [{"source": "s1", "county": "A", "basis": "stated"}],
    "FundingCaps": [{"source": "s1", "basis": "stated", 2021: 50, 2022: 60}],
    "Capacity": [{"county": "A", "stage": "primary", "basis": "stated", 2021: 500}],
    "Demand": [{"county": "A", "stage": "primary", "basis": "stated", 2021: 600, 2022: 700}],
}  # fmt: skip
"""The least workbook that imports without any notice. Row 2 of each sheet is the first row."""


def a_row(sheet: str, **changes: object) -> dict[Any, object]:
    """The minimal row of a sheet with some cells changed; years as `y2021=`."""
    row = dict(MINIMAL[sheet][0])
    row.update({int(k[1:]) if k[:1] == "y" and k[1:].isdigit() else k: v for k, v in changes.items()})
    return row


def minimal(**sheets: Rows) -> dict[str, Rows]:
    """The minimal sheets, some replaced or added."""
    return {**MINIMAL, **sheets}


def without(*sheets: str) -> dict[str, Rows]:
    """The minimal sheets but for some."""
    return {name: rows for name, rows in MINIMAL.items() if name not in sheets}


def a_workbook(path: Path, sheets: Mapping[str, Rows]) -> Workbook:
    """Write the sheets to `path`; the header of a sheet is every key of its rows, in order."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, rows in sheets.items():
        worksheet = workbook.create_sheet(title)
        header = list(dict.fromkeys(key for row in rows for key in row))
        fill_row(worksheet, 1, header)
        for number, row in enumerate(rows, start=2):
            fill_row(worksheet, number, [row.get(key) for key in header])
    workbook.save(path)
    return workbook


def fill_row(worksheet: Worksheet, row: int, values: Sequence[Any]) -> None:
    for column, value in enumerate(values, start=1):
        if value is not None:
            worksheet.cell(row, column, value)


def read_sheets(folder: Path, sheets: Mapping[str, Rows], existing: Portfolio | None = None) -> ReadResult:
    path = folder / "projects.xlsx"
    a_workbook(path, sheets)
    return read(path, existing)


def told(result: ReadResult, severity: Severity | str) -> list[tuple[str, str]]:
    """(place, column) of the notices of one severity, in order."""
    return [(n.place, n.column) for n in result.notices if n.severity == severity]


def the_notice(result: ReadResult, place: str, column: str) -> Notice:
    """The only notice at a place and column."""
    found = [n for n in result.notices if (n.place, n.column) == (place, column)]
    assert len(found) == 1, [n.line() for n in result.notices]
    return found[0]


def the_portfolio(result: ReadResult) -> Portfolio:
    """The portfolio of a result without errors."""
    assert result.portfolio is not None, [n.line() for n in result.notices]
    return result.portfolio
