"""What more money would be worth: missing seats avoided by a higher cap.

Two figures are told apart. The linear relaxation, in which part of a school may be built, gives a value for
every source and year at once. Solving again with the cap raised, schools being whole, gives the true
answer for one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from portfolio.domain.money import HUNDREDTHS_PER_WAN, Money, round_half_up
from portfolio.domain.text import Text

UNIT: Money = 100 * HUNDREDTHS_PER_WAN
"""The raise that a marginal value is stated for: 100 万元."""

PLACES = 2
"""Decimals of a marginal value."""

NOISE = Decimal("1e-6")
"""A solver's arithmetic is not exact; differences below this mean nothing."""

Place = tuple[str, int]
"""A cap: its source and its year."""


def rounded(value: float | Decimal) -> Decimal:
    """A marginal value as it is shown: half up to 2 decimals, once the solver's noise is dropped."""
    exact = Decimal(value).quantize(NOISE)
    return Decimal(round_half_up(exact.scaleb(PLACES))).scaleb(-PLACES)


@dataclass(frozen=True, slots=True)
class Marginals:
    """Weighted seat-years avoided per extra 100 万元, by the relaxation, for each cap.

    A cap is missing from `values` where it was not worked out; `missing` then says why: "no_objective",
    "too_large", "no_time". In `at_most`
    are the caps whose value is a dual price not held against a re-solve: more money may be worth less.
    """

    values: Mapping[Place, Decimal] = field(default_factory=dict)
    at_most: frozenset[Place] = frozenset()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """A project that another amount of money moves; None: it is not in the schedule."""

    project: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class UsefulRaise:
    """The smallest raise of one cap that avoids any missing seat; 0: no amount does, other rules stand
    against it. `proven`: nothing less does; else none smaller was found in time.

    `weighted` and `seats` are the seat-years that it avoids and `shifts` what it changes, as in
    `MoneyCheck`; they are filled in once that is solved.
    """

    amount: Money
    proven: bool
    weighted: Decimal | None = None
    seats: int | None = None
    shifts: tuple[Shift, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyCheck:
    """One cap raised by `amount` and solved again. The figures are seat-years avoided.

    `price` is the marginal value times the raise, `relaxed` the relaxation solved with the cap raised
    by all of it (None: not worked out), `weighted` the true answer counted as the objective
    counts, `seats` the same with every seat counting 1. Both are None where no schedule was found in
    time; `proven`: neither of the schedules that are compared can have fewer missing seats. `shifts` is what
    changes, no more than was found to be needed for them. `useful` is asked only where the raise avoids
    nothing. `text` says how the figures differ, and why.
    """

    source: str
    year: int
    amount: Money
    price: Decimal | None
    relaxed: Decimal | None
    weighted: Decimal | None = None
    seats: int | None = None
    proven: bool = False
    shifts: tuple[Shift, ...] = ()
    useful: UsefulRaise | None = None
    text: Text | None = None

    @property
    def place(self) -> Place:
        return self.source, self.year


@dataclass(frozen=True, slots=True)
class MoneyReport:
    """The value of every cap, and those that were checked by solving again. `stopped`: "time_limit" or
    "interrupted" where that left checks out; `notes` is what must be known to read the figures."""

    marginals: Marginals
    checks: tuple[MoneyCheck, ...] = ()
    notes: tuple[Text, ...] = ()
    stopped: str = ""
