"""Rows of the database <-> values of the domain: pure functions, no session.

Columns are named like the fields of the domain, and column types convert their values, so one pair
of functions serves every table. Figures per year stand in a child table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from sqlalchemy import Table

from portfolio.db.tables import Base
from portfolio.domain.demand import Capacity, Demand
from portfolio.domain.estimate import estimates
from portfolio.domain.funding import FundingCaps, FundingSource, ProjectFunding
from portfolio.domain.portfolio import TABLES, Norm, Portfolio
from portfolio.domain.project import Milestone, Project, Relation, SeatEffect, SpendingProfile

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figures:
    """A field that holds one figure a year, and the child table (position, year, figure) for it."""

    field: str
    table: Table

    @property
    def year_column(self) -> str:
        return self.table.columns.keys()[1]

    @property
    def figure_column(self) -> str:
        return self.table.columns.keys()[2]


@dataclass(frozen=True, slots=True)
class TableMap:
    """A table of the portfolio: the class of its rows, its database table, its figures per year."""

    name: str
    row_type: type[Any]
    table: Table
    figures: Figures | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The fields that are columns of the table itself."""
        yearly = self.figures.field if self.figures else None
        return tuple(f.name for f in fields(self.row_type) if f.name != yearly)


_ROW_TYPES: Mapping[str, type[Any]] = {
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
_FIGURES = {
    "spending": ("shares", "spending_shares"),
    "funding_caps": ("amounts", "funding_cap_years"),
    "capacity": ("seats", "capacity_years"),
    "demand": ("seats", "demand_years"),
}


def _table_map(name: str) -> TableMap:
    tables = Base.metadata.tables
    figures = None
    if name in _FIGURES:
        field, child = _FIGURES[name]
        figures = Figures(field, tables[child])
    return TableMap(name, _ROW_TYPES[name], tables[name], figures)


TABLE_MAPS = tuple(map(_table_map, TABLES))
"""In the order of the workbook, in which references point only to tables before."""


def row_values(table: TableMap, item: Any, position: int) -> Values:
    """The columns of a row of the domain, without its figures per year."""
    values = {column: getattr(item, column) for column in table.columns}
    values["position"] = position
    return values


def figure_values(figures: Figures, item: Any, position: int) -> list[Values]:
    """The child rows of the row of the domain at `position`."""
    held = getattr(item, figures.field)
    pairs: Iterable[tuple[int, Any]] = held.items() if isinstance(held, Mapping) else enumerate(held, start=1)
    year, figure = figures.year_column, figures.figure_column
    return [{"position": position, year: number, figure: value} for number, value in pairs]


def estimate_values(portfolio: Portfolio) -> list[Values]:
    """The figures that norms fill, project by project (the table `estimates`)."""
    effects: dict[str, list[SeatEffect]] = defaultdict(list)
    for effect in portfolio.seats:
        effects[effect.project].append(effect)
    number = {id(norm): position for position, norm in enumerate(portfolio.norms)}
    found = (
        (project.key, field, estimate)
        for project in portfolio.projects
        for field, estimate in estimates(project, effects[project.key], portfolio.norms).items()
    )
    return [
        {
            "position": position,
            "project": project,
            "field": field,
            "value": Decimal(estimate.value),
            "formula_zh": estimate.formula.zh,
            "formula_en": estimate.formula.en,
            "norm": number[id(estimate.norm)],
            "basis": estimate.basis,
        }
        for position, (project, field, estimate) in enumerate(found)
    ]


def domain_row(table: TableMap, values: Iterable[Any], figures: Iterable[tuple[int, Any]] = ()) -> Any:
    """The row of the domain with `values` in the order of `table.columns` and (year, figure) pairs
    in the order of years.

    Raises:
        ValueError: the row breaks a rule of the domain.
    """
    arguments = dict(zip(table.columns, values, strict=True))
    if table.figures:
        by_year = dict(figures)
        # the shares of a spending profile are a sequence: first year, second year ...
        sequence = table.figures.field == "shares"
        arguments[table.figures.field] = tuple(by_year.values()) if sequence else by_year
    return table.row_type(**arguments)
