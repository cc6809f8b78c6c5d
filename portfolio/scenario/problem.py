"""The planning problem: a portfolio as one scenario sees it, with every blank filled.

It is plain data: rules, solver and reports all read it. Money is in hundredths of 万元.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from portfolio.domain.calendar import Horizon
from portfolio.domain.demand import Cell
from portfolio.domain.estimate import Estimates, weakest
from portfolio.domain.funding import FundingSource, ProjectFunding
from portfolio.domain.money import Money, scale, split
from portfolio.domain.notice import Notice
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.project import Basis, Milestone, Project, RelationKind, SeatEffect
from portfolio.domain.text import Text
from portfolio.scenario.settings import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A project that the scenario may choose.

    `row` is the project as the workbook has it; the other fields are what counts here. `estimated`
    maps each field that a norm filled to its estimate. `profile` holds the shares of the
    cost by year of payment, without trailing zeros. `effects` have their zone filled in, and their
    seats where only classes are known.
    `left_out_predecessors` are projects it must come after that the scenario leaves out: it then
    cannot be chosen. `funding` are its ProjectFunding rows; none means any source may pay.
    """

    row: Project
    cost: Money
    duration_years: int
    profile: tuple[Fraction, ...]
    earliest_start: int | None
    latest_finish: int | None
    fixed_start: int | None
    mandatory: bool
    priority: int
    open_lag: int
    effects: tuple[SeatEffect, ...] = ()
    funding: tuple[ProjectFunding, ...] = ()
    left_out_predecessors: tuple[str, ...] = ()
    estimated: Estimates = field(default_factory=dict, hash=False)

    @property
    def key(self) -> str:
        return self.row.key

    @property
    def label(self) -> Text:
        """Name and key, as messages write them."""
        zh, en = self.row.name_zh or self.row.name_en, self.row.name_en or self.row.name_zh
        return Text(f"{zh}（{self.key}）", f"{en} ({self.key})") if zh else Text(self.key, self.key)

    @property
    def cost_basis(self) -> Basis:
        """The basis of the cost: the weaker of the row's and of the norms' behind an estimate."""
        estimate = self.estimated.get("total_cost")
        return weakest(self.row.basis, estimate.basis) if estimate else self.row.basis

    def finish(self, start: int) -> int:
        """The last construction year."""
        return start + self.duration_years - 1

    def opens(self, start: int) -> int:
        """The first September with its seats."""
        return self.finish(start) + self.open_lag

    def last_payment(self, start: int) -> int:
        """The last year in which something is paid, retention money included."""
        return start + len(self.profile) - 1


@dataclass(frozen=True, slots=True)
class After:
    """`project` starts after `other` has finished and `lag_years` more years have passed."""

    project: str
    other: str
    lag_years: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Projects of which at most one (exclude), exactly one (choose), all or none (together) are built."""

    kind: RelationKind
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Seats that must (or, if soft, should) exist: a `ratio` of demand in each cell, or a
    `public_share` of kindergarten demand per county. Blank fields mean all."""

    county: str = ""
    zone: str = ""
    stage: str = ""
    first_year: int
    last_year: int
    ratio: Decimal | None = None
    public_share: Decimal | None = None
    soft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SolverSettings:
    """`gap` is relative; `time_limit_s` covers all objective stages together;
    `workers` is the number of parts (such as counties) solved side by side."""

    time_limit_s: float = 60.0
    gap: Decimal = Decimal(0)
    seed: int = 0
    workers: int = 2


@dataclass(frozen=True, kw_only=True)
class PlanningProblem:
    """Everything a plan is made from and judged by (MODEL sections 2 to 4).

    `approved` maps the projects of the approved plan to their starts; None: no plan is approved.
    `settings` is the scenario that the problem was built from.
    """

    scenario: str
    title: str
    horizon: Horizon
    candidates: Mapping[str, Candidate]
    sources: Mapping[str, FundingSource]
    caps: Mapping[str, Mapping[int, Money]]
    capacity: Mapping[Cell, Mapping[int, int]]
    public_capacity: Mapping[Cell, Mapping[int, int]]
    demand: Mapping[Cell, Mapping[int, int]]
    after: tuple[After, ...] = ()
    groups: tuple[Group, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    targets: tuple[Target, ...] = ()
    max_starts: int | None = None
    max_under_construction: int | None = None
    escalation: Decimal = Decimal(0)
    price_year: int = 0
    order: tuple[str, ...] = ()
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    tolerance: Mapping[str, Decimal] = field(default_factory=dict)
    approved: Mapping[str, int] | None = None
    solver: SolverSettings = field(default_factory=SolverSettings)
    portfolio: Portfolio = field(default_factory=Portfolio)
    notices: tuple[Notice, ...] = ()
    inputs_sha256: str = ""
    settings: Scenario | None = None

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Cells with demand, in the order of the Demand sheet."""
        return tuple(self.demand)

    def group_label(self, group: Group) -> Text:
        """The group's name, where it has one, and its projects."""
        labels = [self.candidates[key].label for key in group.members]
        zh, en = "、".join(label.zh for label in labels), ", ".join(label.en for label in labels)
        if group.name.startswith("#"):
            return Text(zh, en)
        return Text(f"{group.name}：{zh}", f"{group.name}: {en}")

    def spend(self, key: str, start: int) -> dict[int, Money]:
        """What `key` pays in each year if it starts in `start`, escalated, sunk years included.

        The cost is split first; then the part of a year after the price year is escalated and
        rounded (MODEL section 2).
        """
        candidate = self.candidates[key]
        parts = split(candidate.cost, candidate.profile)
        return {start + offset: self.escalated(part, start + offset) for offset, part in enumerate(parts)}

    def spend_in_horizon(self, key: str, start: int) -> dict[int, Money]:
        """`spend` without the years before the first (sunk) and without zero amounts."""
        return {y: a for y, a in self.spend(key, start).items() if a and y in self.horizon}

    def escalated(self, amount: Money, year: int) -> Money:
        """A payment of `year` at that year's prices."""
        if self.escalation == 0 or year <= self.price_year:
            return amount
        return scale(amount, (1 + Fraction(self.escalation)) ** (year - self.price_year))
