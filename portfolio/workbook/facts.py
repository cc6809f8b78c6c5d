"""What the calculated columns look up in a portfolio, each indexed once.

Names are compared as spreadsheets compare them: letter case does not count.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from decimal import Decimal
from typing import Any

from portfolio.domain.demand import Demand
from portfolio.domain.funding import FundingSource
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.project import Project, SeatEffect
from portfolio.workbook.records import field_of
from portfolio.workbook.references import UNIQUE

Identity = tuple[Hashable, ...]


def _alike(value: Hashable) -> Hashable:
    return value.lower() if isinstance(value, str) else value


class Facts:
    """Lookups over one portfolio."""

    def __init__(self, portfolio: Portfolio) -> None:
        self._projects: dict[Hashable, Project] = {}
        for project in portfolio.projects:
            self._projects.setdefault(_alike(project.key), project)
        self._sources: dict[Hashable, FundingSource] = {}
        for source in portfolio.funding_sources:
            self._sources.setdefault(_alike(source.key), source)
        self._identities = {
            table: _counted(getattr(portfolio, table), table, columns) for table, columns, _ in UNIQUE
        }
        self._first = {
            table: _first_rows(getattr(portfolio, table), table, columns) for table, columns, _ in UNIQUE
        }
        self._seats_added: Counter[Hashable] = Counter()
        self._project_seats: Counter[Identity] = Counter()
        for row in portfolio.seats:
            self._seats_added[_alike(row.project)] += row.added
            place = (_alike(self.county(row)), _alike(self.zone(row)), row.stage)
            self._project_seats[place] += row.added - row.seats_replaced
        self._existing: Counter[Identity] = Counter()
        for capacity in portfolio.capacity:
            if capacity.seats:
                place = (_alike(capacity.county), _alike(capacity.zone), capacity.stage)
                self._existing[place] += capacity.seats[max(capacity.seats)]
        self._caps: Counter[Hashable] = Counter()
        for caps in portfolio.funding_caps:
            self._caps[_alike(caps.source)] += sum(caps.amounts.values())
        self._with_caps = {_alike(caps.source) for caps in portfolio.funding_caps}
        self._shares: dict[Hashable, list[tuple[Decimal, Decimal]]] = defaultdict(list)
        for funding in portfolio.project_funding:
            self._shares[_alike(funding.project)].append((funding.low, funding.high))

    def project(self, key: str) -> Project | None:
        return self._projects.get(_alike(key))

    def source(self, key: str) -> FundingSource | None:
        return self._sources.get(_alike(key))

    def seats_added(self, project: str) -> int:
        return self._seats_added[_alike(project)]

    def county(self, row: SeatEffect) -> str:
        """Where the seats of a row come about; "" if its project is unknown."""
        project = self.project(row.project)
        return project.county if project else ""

    def zone(self, row: SeatEffect) -> str:
        project = self.project(row.project)
        return row.zone or (project.zone if project else "")

    def existing_seats(self, row: Demand) -> int:
        """Seats of the row's cell in the last year that Capacity names."""
        return self._existing[_alike(row.county), _alike(row.zone), row.stage]

    def project_seats(self, row: Demand) -> int:
        """Seats that all projects together add to the row's cell, less those they replace."""
        return self._project_seats[_alike(row.county), _alike(row.zone), row.stage]

    def caps_total(self, source: str) -> int:
        """The caps of all years together, in hundredths of 万元."""
        return self._caps[_alike(source)]

    def has_caps(self, source: str) -> bool:
        return _alike(source) in self._with_caps

    def min_share(self, project: str) -> Decimal:
        return sum((low for low, _ in self._shares[_alike(project)]), Decimal(0))

    def max_share(self, project: str) -> Decimal:
        return sum((high for _, high in self._shares[_alike(project)]), Decimal(0))

    def stands_again(self, table: str, record: Any, number: int) -> bool:
        """Whether an earlier row has this row's key."""
        return self._first[table][_identity(record, table, _unique(table))] != number

    def stands_twice(self, table: str, record: Any) -> bool:
        return self._identities[table][_identity(record, table, _unique(table))] > 1


def _unique(table: str) -> tuple[str, ...]:
    return next(columns for name, columns, _ in UNIQUE if name == table)


def _identity(record: Any, table: str, columns: Iterable[str]) -> Identity:
    return tuple(_alike(getattr(record, field_of(table, column))) for column in columns)


def _counted(records: Iterable[Any], table: str, columns: tuple[str, ...]) -> Counter[Identity]:
    return Counter(_identity(record, table, columns) for record in records)


def _first_rows(records: Iterable[Any], table: str, columns: tuple[str, ...]) -> dict[Identity, int]:
    first: dict[Identity, int] = {}
    for number, record in enumerate(records):
        first.setdefault(_identity(record, table, columns), number)
    return first
