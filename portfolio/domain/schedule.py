"""A schedule, what it leads to, and how sure the solver is of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from portfolio.domain.demand import Cell
from portfolio.domain.explanation import Admission, Counterfactual
from portfolio.domain.money import Money
from portfolio.domain.project import Milestone
from portfolio.domain.repair import Repair
from portfolio.domain.text import Text


@dataclass(frozen=True, slots=True, order=True)
class Draw:
    """Money drawn from a source for a project in a year of the horizon."""

    project: str
    year: int
    source: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Schedule:
    """The decision: the start year of each selected project, and who pays what in which year."""

    starts: Mapping[str, int] = field(hash=False)
    draws: tuple[Draw, ...] = ()


class Status(StrEnum):
    """How a solve ended; never mixed up."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    NO_SOLUTION = "no_solution"


@dataclass(frozen=True, slots=True)
class Objective:
    """An objective stage: the value of the schedule, the proven bound, and whether the stage was
    proven to the scenario's gap. Values of `cost` are 万元, of `priority` points, else seats or years."""

    name: str
    value: Decimal
    bound: Decimal
    proven: bool

    @property
    def gap(self) -> float:
        """|value - bound| / max(1, |value|) (MODEL section 4)."""
        return float(abs(self.value - self.bound) / max(Decimal(1), abs(self.value)))


@dataclass(frozen=True, slots=True)
class Requirement:
    """A member of a conflict: which rule, and what it is about; "" and None where it does not apply."""

    rule: str
    text: Text
    project: str = ""
    source: str = ""
    county: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Requirements that cannot all hold. `minimal`: proven that none of them can be left out."""

    members: tuple[Requirement, ...]
    minimal: bool = True


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a project is not in the schedule, or starts later than it could.

    `code` is the name of the rule that holds it back, or no_gain, tolerance, unproven, rules, unknown.
    `outranked_by`: the projects that would be dropped or delayed if it came in. `admission`: the least
    money that would do, None where no money does. `counterfactual`: None where it was not worked out, or
    where no plan has the project so early.
    """

    code: str
    text: Text
    outranked_by: tuple[str, ...] = ()
    admission: Admission | None = None
    counterfactual: Counterfactual | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a solve gives. `schedule` is None unless the status is optimal or feasible.

    `stopped` is "time_limit" or "interrupted" where that ended the solve early.

    Where no schedule exists, `conflict` is one set of requirements that cannot all hold, `minimal` if it
    is proven that none of them can be left out, and `other_conflicts` are others, which have no requirement
    in common. `repairs` would mend all of them, each on its own;
    `repair_notes` say what would not, and what was not searched.
    """

    status: Status
    schedule: Schedule | None = None
    objectives: tuple[Objective, ...] = ()
    conflict: tuple[Requirement, ...] = ()
    stopped: str = ""
    minimal: bool = True
    other_conflicts: tuple[Conflict, ...] = ()
    repairs: tuple[Repair, ...] = ()
    repair_notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A candidate project in the evaluated schedule; years are None when it is not selected.

    `cost` is before escalation; `spend` and `funding` cover the years of the horizon.
    """

    key: str
    selected: bool
    start: int | None
    finish: int | None
    opens: int | None
    cost: Money
    spend: Mapping[int, Money] = field(hash=False)
    funding: Mapping[int, Mapping[str, Money]] = field(hash=False)


@dataclass(frozen=True, slots=True)
class SeatLine:
    """Seats of a cell in a year. `supply` is never below 0."""

    cell: Cell
    year: int
    demand: int
    supply: int

    @property
    def shortage(self) -> int:
        return max(0, self.demand - self.supply)

    @property
    def idle(self) -> int:
        return max(0, self.supply - self.demand)


@dataclass(frozen=True, slots=True)
class FundingLine:
    """A source in a year: cap, usable money of earlier years, what is planned, what stays usable
    after it, and what lapses at the end of the year. Oldest money is used first.

    cap + brought_forward = planned + carried_forward + lapsed
    """

    source: str
    county: str
    year: int
    cap: Money
    brought_forward: Money
    planned: Money
    carried_forward: Money
    lapsed: Money

    @property
    def has_money(self) -> bool:
        return any((self.cap, self.brought_forward, self.planned, self.carried_forward))


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """A milestone and the year in which it is met (None: never)."""

    milestone: Milestone
    actual: int | None
    late_years: int


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A seat target in one county, zone and year: seats needed and missing."""

    county: str
    zone: str
    stage: str
    year: int
    needed: int
    supply: int
    soft: bool

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.supply)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything that follows from a schedule, recomputed without the solver."""

    projects: tuple[ProjectLine, ...]
    seats: tuple[SeatLine, ...]
    funding: tuple[FundingLine, ...]
    milestones: tuple[MilestoneLine, ...]
    targets: tuple[TargetLine, ...]
    objectives: Mapping[str, Decimal] = field(hash=False)
