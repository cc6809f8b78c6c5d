"""What explains a decision: the money that would change it, and what would follow from changing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from portfolio.domain.money import Money
from portfolio.domain.text import Text


@dataclass(frozen=True, slots=True)
class Raise:
    """Money added to the cap of a source in a year."""

    source: str
    year: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Admission:
    """The least money that lets a project start in `start` with all other projects as scheduled and the
    plan better for it, in the scenario's order of objectives. `proven`: with less it cannot be done.
    `others`: the starts of projects that must come in with it."""

    start: int
    raises: tuple[Raise, ...]
    proven: bool
    others: Mapping[str, int] = field(default_factory=dict, hash=False)

    @property
    def total(self) -> Money:
        return sum(raised.amount for raised in self.raises)


@dataclass(frozen=True, slots=True)
class Move:
    """A project whose start changes; None: not selected."""

    project: str
    before: int | None
    after: int | None

    @property
    def worse(self) -> bool:
        """Dropped, or started later."""
        return self.after is None or (self.before is not None and self.after > self.before)


@dataclass(frozen=True, slots=True)
class ObjectiveChange:
    """By how much the value of an objective changes, in the units of the objective."""

    name: str
    change: Decimal


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """The best plan in which the project starts in `start`, against the plan as it is.

    `moves`: the other projects whose start differs, as few as can be. `seat_years`: how many more
    seats are missing, over cells and years; `spend`: how much more is paid in the horizon.
    `objectives`: the change of each, in the scenario's order. `proven`: no better plan has that start.
    """

    start: int
    moves: tuple[Move, ...]
    seat_years: int
    spend: Money
    objectives: tuple[ObjectiveChange, ...]
    proven: bool

    @property
    def first_change(self) -> ObjectiveChange | None:
        """The first objective that differs: it decides. None: as good as the plan."""
        return next((change for change in self.objectives if change.change), None)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a project stands on a rule: `holds` it back, or not."""

    rule: str
    text: Text
    holds: bool
