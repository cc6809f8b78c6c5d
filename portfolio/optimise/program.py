"""A plain integer program: bounded integer columns, linear rows, objectives in order.

It knows nothing of schools. A row may carry the requirement it stands for, so that a conflict can
be told in the planner's words; a row without one is bookkeeping and always holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from portfolio.domain.schedule import Requirement

Term = tuple[int, int]
"""(column, coefficient)"""


@dataclass(frozen=True, slots=True)
class Row:
    """low <= Σ coefficient x column <= high; None: unbounded on that side."""

    terms: tuple[Term, ...]
    low: int | None
    high: int | None
    requirement: Requirement | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """An objective: minimise `constant` + Σ terms; the value shown is that times `sign` / `divisor`.

    `sign` is -1 for a figure that is to be made as large as possible. `least` is a bound that is known
    beforehand: no count of missing seats goes below 0.
    """

    name: str
    terms: tuple[Term, ...]
    constant: int = 0
    divisor: int = 1
    sign: int = 1
    least: int | None = None


def figure(stage: Stage, minimised: int) -> Decimal:
    """A stage's integer in the units people read."""
    value = Decimal(stage.sign * minimised) / stage.divisor
    return value or Decimal(0)


@dataclass(slots=True)
class Program:
    """Columns, rows and objective stages, in the order they were added."""

    low: list[int] = field(default_factory=list)
    high: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)

    def add_column(self, low: int, high: int) -> int:
        """A new integer column between `low` and `high`; its number."""
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def add_row(
        self,
        terms: Iterable[Term],
        low: int | None,
        high: int | None,
        requirement: Requirement | None = None,
    ) -> None:
        """A row, unless the bounds of its columns already guarantee it. Terms of one column are summed."""
        merged: dict[int, int] = {}
        for column, coefficient in terms:
            merged[column] = merged.get(column, 0) + coefficient
        row = Row(tuple((c, a) for c, a in merged.items() if a), low, high, requirement)
        least, most = self.range_of(row.terms)
        if (low is None or low <= least) and (high is None or most <= high):
            return
        self.rows.append(row)

    def add_stage(self, stage: Stage) -> None:
        self.stages.append(stage)

    def range_of(self, terms: Iterable[Term]) -> tuple[int, int]:
        """The least and greatest value of Σ terms within the bounds of the columns."""
        least = most = 0
        for column, a in terms:
            ends = (a * self.low[column], a * self.high[column])
            least += min(ends)
            most += max(ends)
        return least, most
