"""A plan and its compiled problem, in parts that do not depend on one another.

A question about a project needs the part that the project stands in only; parts are made once and
serve all questions about their projects.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock

import numpy as np

from portfolio.domain.demand import Cell
from portfolio.domain.money import Money
from portfolio.optimise.components import components
from portfolio.optimise.cpsat import Effort, Objective, Stop, solve
from portfolio.optimise.followers import Followers, wishes
from portfolio.optimise.model import compile_problem
from portfolio.optimise.program import Ints, Program, ints
from portfolio.optimise.subprogram import Columns, restrict
from portfolio.scenario.problem import PlanningProblem

SETTLING_S = 30.0
"""Time to find who pays what where the starts are given; it takes milliseconds."""


@dataclass(frozen=True)
class Part:
    """A part of the problem as a program of its own.

    `columns` are its columns' numbers in the whole, `objectives` the part that it decides of each
    objective in order, `plan` the values of the plan's columns, `keys` the projects that it decides.
    """

    columns: Ints
    program: Program
    objectives: tuple[Objective, ...]
    plan: Ints
    keys: tuple[str, ...]

    def local(self, columns: Ints) -> Ints:
        """The numbers in this part of columns of the whole, which must all belong to it."""
        return ints(np.searchsorted(self.columns, columns))

    def narrowed(self, free: Ints) -> Part:
        """The part of this part whose columns are `free` (numbers here); the others stay at the plan's values."""
        program, _ = restrict(self.program, self._entries, free, self.plan, self._activity)
        return replace(
            self,
            columns=self.columns[free],
            program=program,
            objectives=tuple(_part_of(objective, free) for objective in self.objectives),
            plan=self.plan[free],
        )

    @cached_property
    def _entries(self) -> Columns:
        return Columns(self.program.matrix, len(self.program))

    @cached_property
    def _activity(self) -> Ints:
        return self.program.matrix.activity(self.plan)

    @cached_property
    def values(self) -> tuple[int, ...]:
        """The plan's value of each objective in this part, as minimised."""
        return tuple(objective.value(self.plan) for objective in self.objectives)


class Ground:
    """The compiled problem with the plan in it; with `raise_caps`, up to so much can be added to each cap."""

    def __init__(self, problem: PlanningProblem, starts: Mapping[str, int], *, raise_caps: Money = 0) -> None:
        self.problem = problem
        self.starts = starts
        self.program, self.variables = compile_problem(problem, raise_caps=raise_caps)
        self._wishes = wishes(self.program)
        self._lock = Lock()
        self._parts: dict[frozenset[int], Part] = {}

    def prepare(self) -> None:
        """Works out all parts in which there is a project, so that threads find them ready."""
        for key in self.variables.keys:
            self.part_of([key])

    def part_of(self, keys: Iterable[str]) -> Part:
        """The part in which these projects stand, with everything they may have to do with."""
        mine = np.concatenate([self.variables.columns(key) for key in keys])
        labels = frozenset(int(label) for label in np.unique(self._label[mine]))
        with self._lock:
            if labels not in self._parts:
                self._parts[labels] = self._made(labels)
            return self._parts[labels]

    @cached_property
    def _label(self) -> Ints:
        """The number of each column's component; columns in no row have one of their own."""
        label = -1 - np.arange(len(self.program))
        for number, columns in enumerate(components(self.program, whole=bool(self.problem.tolerance))):
            label[columns] = number
        return ints(label)

    @cached_property
    def _columns(self) -> Columns:
        return Columns(self.program.matrix, len(self.program))

    def around(self, part: Part, keys: Collection[str]) -> Part:
        """What these projects can still change in a part when all other projects start as scheduled."""
        mine = np.zeros(len(self.program), bool)
        for key in keys:
            mine[self.variables.columns(key)] = True
        start = part.columns < len(self.variables.job)
        rest = part.narrowed(np.flatnonzero(~start | mine[part.columns]))
        touched = mine[rest.columns]
        for own in components(rest.program):
            if touched[own].any():
                touched[own] = True
        return rest.narrowed(np.flatnonzero(touched))

    def starts_in(self, part: Part, values: Ints) -> dict[str, int]:
        """The starts of a solution of a part."""
        columns = part.columns[part.columns < len(self.variables.job)]
        taken = columns[values[part.local(columns)] == 1]
        return {self.variables.keys[self.variables.job[c]]: int(self.variables.year[c]) for c in taken}

    def missing_seats(self, starts: Mapping[str, int]) -> dict[tuple[Cell, int], int]:
        """Seats that a plan leaves missing, by cell with demand and year."""
        seats, horizon = self.variables.seats, self.problem.horizon
        standing = seats.standing(self.variables.columns_of(starts))
        return {
            (cell, year): max(0, by_year[year] - int(supply))
            for cell, by_year in self.problem.demand.items()
            for year, supply in zip(horizon.years, standing[seats.slots(cell)], strict=True)
        }

    def _made(self, labels: Collection[int]) -> Part:
        own = np.flatnonzero(np.isin(self._label, list(labels)))
        nothing = np.zeros(len(self.program), np.int64)
        program, _ = restrict(
            self.program, self._columns, own, nothing, np.zeros(len(self.program.matrix), np.int64)
        )
        jobs = np.unique(self.variables.job[own[own < len(self.variables.job)]])
        return Part(
            own,
            program,
            tuple(_part_of(Objective(s.columns, s.coefficients), own) for s in self.program.stages),
            self._settled(own, program),
            tuple(self.variables.keys[j] for j in jobs),
        )

    def _settled(self, own: Ints, program: Program) -> Ints:
        """The plan's starts with what goes with them."""
        planned = np.zeros(len(self.program), np.int64)
        planned[self.variables.columns_of(self.starts)] = 1
        held = np.zeros(len(self.program), bool)
        held[: len(self.variables.job)] = True
        held[ints(list(self.variables.extra_caps.values()))] = True
        fixed = holding(program, np.flatnonzero(held[own]), planned[own])
        effort = Effort(effort=SETTLING_S, seconds=SETTLING_S, first=True)
        answer = solve(fixed, None, None, effort, Stop())
        if answer.values is None:
            raise ValueError("the schedule does not keep the rules of its problem")
        return Followers(program, self._wishes[own]).settled(answer.values)


def holding(program: Program, columns: Ints, values: Ints) -> Program:
    """The program with some columns held at their value; `values` has one for every column."""
    low, high = program.low.copy(), program.high.copy()
    low[columns] = high[columns] = values[columns]
    return replace(program, low=low, high=high)


def _part_of(objective: Objective, own: Ints) -> Objective:
    place = np.searchsorted(own, objective.columns)
    mine = np.isin(objective.columns, own)
    return Objective(place[mine], objective.coefficients[mine])
