"""Between the columns of a sheet and the fields of its dataclass, both ways, for reader and writer.

A field has the name of its column, but for the exceptions below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from decimal import Decimal
from typing import Any

from portfolio.domain.demand import Capacity, Demand
from portfolio.domain.funding import FundingCaps, FundingSource, ProjectFunding
from portfolio.domain.portfolio import Norm
from portfolio.domain.project import Milestone, Project, Relation, SeatEffect, SpendingProfile
from portfolio.workbook.layout import SHEETS, Sheet

RECORDS: dict[str, type[Any]] = {
    "projects": Project,
    "seats": SeatEffect,
    "spending": SpendingProfile,
    "funding_sources": FundingSource,
    "funding_caps": FundingCaps,
    "project_funding": ProjectFunding,
    "capacity": Capacity,
    "demand": Demand,
    "relations": Relation,
    "milestones": Milestone,
    "norms": Norm,
}
"""Table -> what a row becomes."""

FIELD_OF_COLUMN = {("funding_sources", "source"): "key"}
"""(table, column key) -> field, where they differ."""

YEARS_FIELD = {"funding_caps": "amounts", "capacity": "seats", "demand": "seats"}
"""Table -> the field that holds its year columns."""

SHARE_COLUMNS = tuple(f"year_{number}" for number in range(1, 9))
"""The columns of sheet Spending that make the field `shares`."""

SHEET_OF = {sheet.table: sheet for sheet in SHEETS}


def field_of(table: str, column: str) -> str:
    """The dataclass field that a column fills."""
    return FIELD_OF_COLUMN.get((table, column), column)


def column_of(table: str, field: str) -> str:
    """The column that fills a dataclass field; years and shares are columns of their own."""
    return next((c for (t, c), f in FIELD_OF_COLUMN.items() if (t, f) == (table, field)), field)


def to_record(table: str, values: Mapping[str, object], years: Mapping[int, int]) -> object:
    """The dataclass of a row; blank cells have no value and take the dataclass's default.

    Raises:
        ValueError, TypeError: the dataclass refuses the values.
    """
    arguments = {field_of(table, key): value for key, value in values.items()}
    if table == "spending":
        # A zero that was written counts as a year; blanks end the row.
        last = max((i for i, key in enumerate(SHARE_COLUMNS, 1) if key in arguments), default=0)
        shares = [arguments.pop(key, Decimal(0)) for key in SHARE_COLUMNS]
        arguments["shares"] = tuple(shares[:last])
    if table in YEARS_FIELD:
        arguments[YEARS_FIELD[table]] = dict(years)
    return RECORDS[table](**arguments)


def to_values(sheet: Sheet, record: object) -> tuple[dict[str, object], dict[int, int]]:
    """The cells of a record: values by column key, and by year. Blank text and blank optional
    figures have no cell.

    Raises:
        ValueError: a spending profile is longer than the sheet has columns.
    """
    values: dict[str, object] = {}
    if sheet.table == "spending":
        shares = getattr(record, "shares")  # noqa: B009  # the type is known to the table only
        if len(shares) > len(SHARE_COLUMNS):
            raise ValueError(
                f"a spending profile has {len(shares)} years; the sheet has {len(SHARE_COLUMNS)}"
            )
        values.update(zip(SHARE_COLUMNS, shares, strict=False))
    defaults = _defaults(sheet.table)
    for column in sheet.columns:
        if column.key in values or (sheet.table == "spending" and column.key in SHARE_COLUMNS):
            continue
        field = field_of(sheet.table, column.key)
        value = getattr(record, field)
        if value == "" or value == () or (value is None and defaults.get(field, None) is None):
            continue
        values[column.key] = value
    years = getattr(record, YEARS_FIELD[sheet.table]) if sheet.table in YEARS_FIELD else {}
    return values, dict(years)


def _defaults(table: str) -> dict[str, object]:
    return {f.name: f.default for f in fields(RECORDS[table]) if f.default is not MISSING}
