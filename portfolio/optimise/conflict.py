"""Why no schedule exists: minimal sets of requirements that cannot all hold.

Found on a model without an objective, part by part of the problem; no requirement stands in two sets. Each
set is verified by solving again: it cannot hold, and without any one of its members it can. Where a limit
stopped that proof, the set says so.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from portfolio.domain.schedule import Conflict, Requirement, Status
from portfolio.optimise.components import components
from portfolio.optimise.cpsat import model_of
from portfolio.optimise.model import compile_relaxed
from portfolio.optimise.program import Flags, Program
from portfolio.optimise.subprogram import Columns, restrict, without_rows
from portfolio.scenario.problem import PlanningProblem

FIRST_EFFORT, OTHERS_EFFORT = 10.0, 1.0
"""Deterministic effort, about a second each unit, that the first conflict and all others may take."""

ONE_EFFORT, ONE_S = 1.0, 3.0
"""Effort and wall-clock limit of one solve."""

FIRST_S, OTHERS_S = 20.0, 1.5
"""Wall-clock limits of the first conflict and of all others: a backstop, for effort does not count everything."""

THICK = 24
"""A set with more members than this is thinned by halves before its members are tried one by one."""

MOST = 10
"""Conflicts that are looked for: a planner mends some and asks again."""


def find_conflict(problem: PlanningProblem) -> tuple[Requirement, ...]:
    """A minimal conflict of the first part of the problem that has one, in the order of the rules."""
    return next((conflict.members for conflict in find_conflicts(problem, most=1)), ())


def find_conflicts(
    problem: PlanningProblem, *, most: int = MOST, limit_s: float = FIRST_S
) -> tuple[Conflict, ...]:
    """Conflicts that have no requirement in common, up to `most`.

    First the requirements that cannot hold by themselves, then the largest parts. The first may be one that
    is not proven minimal; of the others only those that are proven are told, so that there may be more.
    """
    budget = _Budget(time.monotonic() + limit_s, FIRST_EFFORT)
    program, _ = compile_relaxed(problem)
    empty = np.diff(program.matrix.first) == 0
    alone = [program.requirement(int(row)) for row in np.flatnonzero(empty)]
    found = [Conflict((requirement,)) for requirement in dict.fromkeys(alone) if requirement is not None]
    if found:
        budget = _Budget(time.monotonic() + OTHERS_S, OTHERS_EFFORT)
    program = without_rows(program, empty)
    columns = Columns(program.matrix, len(program))
    nothing, activity = np.zeros(len(program), np.int64), np.zeros(len(program.matrix), np.int64)
    for own in components(program):
        if len(found) >= most or budget.spent:
            break
        part = _Part(restrict(program, columns, own, nothing, activity)[0], budget)
        left = part.every
        while len(found) < most and part.status(left) is Status.INFEASIBLE:
            conflict = part.conflict(left)
            if found and not conflict.minimal:
                break
            left = [requirement for requirement in left if requirement not in conflict.members]
            if not found:
                budget = part.budget = _Budget(time.monotonic() + OTHERS_S, OTHERS_EFFORT)
            found.append(conflict)
    return tuple(found[:most])


@dataclass(slots=True)
class _Budget:
    """What is left of the time, and of the effort."""

    deadline: float
    effort: float

    @property
    def spent(self) -> bool:
        return self.effort <= 0 or time.monotonic() >= self.deadline

    def solve(self, model: cp_model.CpModel) -> tuple[Status, cp_model.CpSolver]:
        """INFEASIBLE and FEASIBLE are proven; NO_SOLUTION: not found out with what is left."""
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.catch_sigint_signal = False
        solver.parameters.max_deterministic_time = max(0.0, min(self.effort, ONE_EFFORT))
        solver.parameters.max_time_in_seconds = max(0.0, min(self.deadline - time.monotonic(), ONE_S))
        if self.spent:
            return Status.NO_SOLUTION, solver
        code = solver.solve(model)
        self.effort -= float(solver.response_proto.deterministic_time)
        if code == cp_model.INFEASIBLE:
            return Status.INFEASIBLE, solver
        known = code in (cp_model.OPTIMAL, cp_model.FEASIBLE)
        return Status.FEASIBLE if known else Status.NO_SOLUTION, solver


class _Part:
    """A part of the relaxed problem, of which some requirements are enforced."""

    def __init__(self, program: Program, budget: _Budget) -> None:
        self._program = program
        self.budget = budget
        self._meaning = program.requirements
        self.every = list(dict.fromkeys(r for r in self._meaning if r is not None))

    def conflict(self, enforced: list[Requirement]) -> Conflict:
        """Leaves out whatever the conflict does not need; late members go first, so that the caps of
        later years and the finer rules are dropped before what the plan is bound to."""
        core = self._thinned(self._core(enforced))
        kept, minimal = list(core), True
        for requirement in reversed(core):
            rest = [r for r in kept if r != requirement]
            status = self.status(rest)
            if status is Status.INFEASIBLE:
                kept = rest
            minimal &= status is not Status.NO_SOLUTION
        return Conflict(tuple(kept), minimal)

    def _thinned(self, core: list[Requirement]) -> list[Requirement]:
        """Drops halves, quarters and so on of a large set, as long as the rest still cannot hold."""
        size = len(core) // 2 if len(core) > THICK else 0
        while size > 1:
            for last in range(len(core), 0, -size):
                rest = core[: max(0, last - size)] + core[last:]
                if self.status(rest) is Status.INFEASIBLE:
                    core = rest
            size //= 2
        return core

    def _core(self, enforced: list[Requirement]) -> list[Requirement]:
        """The solver's own first guess at a small conflict; everything where it has none."""
        model = model_of(without_rows(self._program, self._left_out(enforced)))
        guards = {r: model.new_bool_var(f"r{i}") for i, r in enumerate(enforced)}
        kept = [r for r, out in zip(self._meaning, self._left_out(enforced), strict=True) if not out]
        for row, requirement in enumerate(kept):
            if requirement is not None:
                model.proto.constraints[row].enforcement_literal.append(guards[requirement].index)
        model.add_assumptions(list(guards.values()))
        status, solver = self.budget.solve(model)
        if status is not Status.INFEASIBLE:
            return enforced
        numbers = set(solver.sufficient_assumptions_for_infeasibility())
        core = [r for r, guard in guards.items() if guard.index in numbers]
        return core if core and self.status(core) is Status.INFEASIBLE else enforced

    def status(self, enforced: Iterable[Requirement]) -> Status:
        """Whether these requirements can hold together."""
        if self.budget.spent:
            return Status.NO_SOLUTION
        return self.budget.solve(model_of(without_rows(self._program, self._left_out(enforced))))[0]

    def _left_out(self, enforced: Iterable[Requirement]) -> Flags:
        """The rows of all other requirements."""
        wanted = {None, *enforced}
        return np.array([requirement not in wanted for requirement in self._meaning], dtype=bool)
