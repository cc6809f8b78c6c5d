"""A program in which money, duties and targets can give way, each by a column that rests at 0.

At rest it says the same as the problem. The parts that have a solution at rest keep it; only the parts that
have none are searched again, with some of the columns free.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from portfolio.domain.money import Money
from portfolio.domain.schedule import Schedule, Status
from portfolio.optimise.components import components
from portfolio.optimise.constraints import CONSTRAINTS
from portfolio.optimise.constraints.milestone import year_met
from portfolio.optimise.constraints.target import Need, missing_now, needs_of
from portfolio.optimise.cpsat import Effort, Stop
from portfolio.optimise.cpsat import solve as solve_part
from portfolio.optimise.engine import Engine, EngineResult, Limits
from portfolio.optimise.program import Ints, Program, ProgramBuilder, Stage, ints
from portfolio.optimise.seats import Terms
from portfolio.optimise.solve import read_schedule
from portfolio.optimise.subprogram import Columns, restrict, with_row
from portfolio.optimise.variables import Variables
from portfolio.scenario.problem import PlanningProblem, Target

FINEST_RATIO = 4
"""Decimals to which a relaxed ratio is worked out: hundredths of a percent."""

LONGEST_RATIO = 8
"""Decimals of a ratio in a scenario that are told apart."""

PART_EFFORT = 2.0
"""Effort to find out whether a part has a solution as it is."""

GIVING_WAY = ("mandatory", "milestone", "target")
"""Rules that stand here in a form of their own."""

Place = tuple[str, int]
"""A source and a year."""


@dataclass(frozen=True, slots=True)
class Relaxable:
    """A hard target: its ratio on the grid, and for each cell and year what is there and what counts."""

    needs: tuple[Need, ...]
    existing: Ints
    supply: Terms
    full: int

    def seats(self, values: Ints) -> Ints:
        """The seats there are, for each need."""
        total = self.existing.copy()
        np.add.at(total, self.supply.position, self.supply.coefficient * values[self.supply.column])
        return total


class Elastic:
    """Columns that give way, by their meaning; all rest at 0 but the switches of years and sources."""

    def __init__(self, problem: PlanningProblem) -> None:
        self.problem = problem
        builder = ProgramBuilder()
        self.variables = Variables(builder, problem, raise_caps=_all_money(problem))
        for name, rule in CONSTRAINTS.items():
            if name not in GIVING_WAY:
                rule.add(builder, problem, self.variables)
        self.extra: dict[Place, int] = self.variables.extra_caps
        self.drop = _duties(builder, problem, self.variables)
        self.grid = 10 ** min(LONGEST_RATIO, max([FINEST_RATIO, *map(_decimals, problem.targets)]))
        self.targets: dict[int, Relaxable] = {}
        self.steps: dict[int, int] = {}
        for number, target in enumerate(problem.targets):
            if not target.soft:
                self._target(builder, number)
        self.lowered = {
            number: _switch(builder, column, self.targets[number].full)
            for number, column in self.steps.items()
        }
        most = _money_by_source(self.variables)
        self.raised = {place: _switch(builder, c, most[place[0]]) for place, c in self.extra.items()}
        self.in_year = {year: builder.add_column(0, 1) for year in problem.horizon.years}
        self.of_source = {source: builder.add_column(0, 1) for source in problem.sources}
        for (source, year), raised in self.raised.items():
            builder.add_row("in_year", [(raised, 1), (self.in_year[year], -1)], high=0)
            builder.add_row("of_source", [(raised, 1), (self.of_source[source], -1)], high=0)
        program = builder.build()
        high = program.high.copy()
        for (source, _), column in self.extra.items():
            high[column] = most[source]
        self.program = replace(program, high=high)
        self._columns = Columns(program.matrix, len(program))
        self.held = np.zeros(len(program), np.int64)
        self.held[[*self.in_year.values(), *self.of_source.values()]] = 1
        self._stuck = np.arange(0)

    def _target(self, builder: ProgramBuilder, number: int) -> None:
        """grid x seats >= (ratio x grid - steps) x demand, which is exact for every ratio on the grid.

        A ratio finer than the grid asks at rest for the same seats as the rule does.
        """
        target = self.problem.targets[number]
        alone = replace(self.problem, targets=(target,))
        public_only = target.ratio is None
        needs = needs_of(alone, soft=False, public_only=public_only)
        full = int((target.ratio or target.public_share or 0) * self.grid)
        if not needs:
            return
        short, supply = missing_now(alone, self.variables, needs, public_only=public_only)
        wanted = ints([need.seats for need in needs])
        existing = wanted - short
        demand, here = ints([need.demand for need in needs]), np.arange(len(needs))
        column = builder.add_column(0, full)
        builder.add_rows(
            "target",
            np.concatenate([supply.position, here]),
            np.concatenate([supply.column, np.full(len(needs), column)]),
            np.concatenate([supply.coefficient * self.grid, demand]),
            low=np.maximum(demand * full, (wanted - 1) * self.grid + 1) - existing * self.grid,
            count=len(needs),
        )
        self.steps[number] = column
        self.targets[number] = Relaxable(tuple(needs), existing, supply, full)

    @property
    def _own(self) -> Ints:
        """Every column that may give way, and the switches."""
        groups = (self.extra, self.drop, self.steps, self.lowered, self.raised, self.in_year, self.of_source)
        return ints(sorted(column for group in groups for column in group.values()))

    def settle(self, deadline: float, stop: Stop | None = None) -> None:
        """Finds the parts that have no solution as they are, and a solution of each of the others."""
        ordinary = np.setdiff1d(np.arange(len(self.program)), self._own)
        at_rest, _ = restrict(
            self.program, self._columns, ordinary, self.held, self.program.matrix.activity(self.held)
        )
        columns, stuck = Columns(at_rest.matrix, len(at_rest)), []
        nothing, activity = np.zeros(len(at_rest), np.int64), np.zeros(len(at_rest.matrix), np.int64)
        for own in components(at_rest):
            part, _ = restrict(at_rest, columns, own, nothing, activity)
            effort = Effort(effort=PART_EFFORT, seconds=deadline - time.monotonic(), first=True)
            answer = solve_part(part, None, None, effort, stop or Stop())
            if answer.values is None:
                stuck.append(ordinary[own])
            else:
                self.held[ordinary[own]] = answer.values
        self._stuck = np.concatenate([np.arange(0), *stuck])

    def least(
        self,
        free: Iterable[int],
        stages: Sequence[Stage],
        limits: Limits,
        at_most_one: Iterable[int] = (),
    ) -> EngineResult:
        """The least, stage by stage, with some columns free to give way; the values are of all columns.

        INFEASIBLE: that is not enough; NO_SOLUTION: not found out within the limits.
        """
        if limits.time_limit_s <= 0:
            return EngineResult(Status.NO_SOLUTION)
        columns = np.union1d(self._stuck, ints(sorted(free)))
        reduced = self._reduced(columns)
        if reduced is None:
            return EngineResult(Status.INFEASIBLE)
        only = ints(list(at_most_one))
        if len(only):
            reduced = with_row(reduced, np.searchsorted(columns, only), np.ones(len(only), np.int64), 1)
        mine = [replace(stage, columns=np.searchsorted(columns, stage.columns)) for stage in stages]
        answer = Engine(replace(reduced, stages=tuple(mine)), limits).run()
        if answer.values is None:
            return answer
        values = self.held.copy()
        values[columns] = answer.values
        return replace(answer, values=values)

    def _reduced(self, free: Ints) -> Program | None:
        """The program over some columns, the others held; None if a row without any of them is broken."""
        matrix = self.program.matrix
        part, _ = restrict(self.program, self._columns, free, self.held, matrix.activity(self.held))
        touched = np.unique(self._columns.of(free)[1])
        broken = np.setdiff1d(matrix.broken(self.held), touched)
        return None if len(broken) else part

    def schedule(self, values: Ints) -> Schedule:
        """The schedule of a solution."""
        return read_schedule(self.problem, self.variables, values)


def _all_money(problem: PlanningProblem) -> Money:
    """At least what all projects together can spend."""
    last = problem.horizon.last_year
    return sum(
        max(c.cost, problem.escalated(c.cost, last)) + len(c.profile) for c in problem.candidates.values()
    )


def _money_by_source(variables: Variables) -> dict[str, Money]:
    """At least what all projects that a source may pay can spend."""
    last, problem = variables.problem.horizon.last_year, variables.problem
    most = dict.fromkeys(problem.sources, 0)
    for key, who in variables.payers.items():
        candidate = problem.candidates[key]
        spend = max(candidate.cost, problem.escalated(candidate.cost, last)) + len(candidate.profile)
        for source in who.sources:
            most[source] += spend
    return most


def _duties(builder: ProgramBuilder, problem: PlanningProblem, variables: Variables) -> dict[str, int]:
    """For each project that must be built a column that leaves it out; if it is built, its duties are kept."""
    firm = [m for m in problem.milestones if m.firm]
    due = {m.project for m in firm}
    found = {}
    for key, candidate in problem.candidates.items():
        if not (candidate.mandatory or candidate.fixed_start is not None or key in due):
            continue
        found[key] = builder.add_column(0, 1)
        builder.add_row("duty", [*variables.selected(key), (found[key], 1)], low=1, high=1)
    for milestone in firm:
        candidate = problem.candidates[milestone.project]
        late = [
            (column, 1)
            for start, column in variables.starts[milestone.project].items()
            if year_met(candidate, milestone, start) > milestone.year
        ]
        if late:
            builder.add_row("late", late, high=0)
    return found


def _switch(builder: ProgramBuilder, column: int, most: int) -> int:
    """A column that is 1 where the other is used."""
    switch = builder.add_column(0, 1)
    builder.add_row("used", [(column, 1), (switch, -max(1, most))], high=0)
    return switch


def _decimals(target: Target) -> int:
    """Digits behind the point of a ratio or share."""
    exponent = (
        Decimal((target.public_share if target.ratio is None else target.ratio) or 0).as_tuple().exponent
    )
    return max(0, -int(exponent))
