"""Quarters of a project's years, for people who read a plan by the quarter.

The plan decides years. How a project's years divide into preparation, construction and acceptance is
a convention, not data: no source document states it, so whoever shows it says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

PER_YEAR = 4
QUARTERS_BEFORE_WORKS = 1
"""Quarters of preparation for each year of the project."""


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a calendar year, 1 to 4."""

    year: int
    quarter: int

    @classmethod
    def number(cls, number: int) -> Quarter:
        """The quarter whose `index` is `number`."""
        return cls(number // PER_YEAR, number % PER_YEAR + 1)

    @property
    def index(self) -> int:
        """Quarters since the year 0: later quarters have larger numbers, without gaps."""
        return self.year * PER_YEAR + self.quarter - 1

    @property
    def first_month(self) -> int:
        return 3 * self.quarter - 2


class Phase(StrEnum):
    """What is done in a quarter of a project."""

    PREPARATION = "preparation"
    CONSTRUCTION = "construction"
    ACCEPTANCE = "acceptance"


class PhaseSpan(NamedTuple):
    """A phase with its first and last quarter (inclusive)."""

    phase: Phase
    first: Quarter
    last: Quarter


def phases(start: int, finish: int) -> tuple[PhaseSpan, ...]:
    """The phases of a project that is built from `start` to `finish` (years, inclusive), in order and
    without gaps: a quarter of preparation for each year, one quarter of acceptance at the end, and
    construction between them.

    Raises:
        ValueError: it finishes before it starts.
    """
    if finish < start:
        raise ValueError(f"a project that starts in {start} cannot finish in {finish}")
    first, end = Quarter(start, 1).index, Quarter(finish, PER_YEAR).index
    works = first + QUARTERS_BEFORE_WORKS * (finish - start + 1)
    bounds = (
        (Phase.PREPARATION, first, works - 1),
        (Phase.CONSTRUCTION, works, end - 1),
        (Phase.ACCEPTANCE, end, end),
    )
    return tuple(PhaseSpan(phase, Quarter.number(a), Quarter.number(b)) for phase, a, b in bounds)
