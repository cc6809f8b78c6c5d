"""Why no schedule exists: a minimal set of requirements that cannot all hold.

Found on a model without an objective; each set is verified by solving again, and no member of it
can be left out.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from ortools.sat.python import cp_model

from portfolio.domain.schedule import Requirement
from portfolio.optimise.components import components
from portfolio.optimise.cpsat import model_of
from portfolio.optimise.model import compile_relaxed
from portfolio.optimise.program import Program
from portfolio.optimise.subprogram import Columns, restrict, without_rows
from portfolio.scenario.problem import PlanningProblem

TIME_LIMIT_S = 10.0


def find_conflict(problem: PlanningProblem) -> tuple[Requirement, ...]:
    """A minimal conflict of the first part of the problem that has one, in the order of the rules."""
    program, _ = compile_relaxed(problem)
    empty = np.flatnonzero(np.diff(program.matrix.first) == 0)
    if len(empty):
        impossible = program.requirement(int(empty[0]))
        return (impossible,) if impossible else ()
    columns = Columns(program.matrix, len(program))
    nothing, activity = np.zeros(len(program), np.int64), np.zeros(len(program.matrix), np.int64)
    for own in components(program):
        part = _Part(restrict(program, columns, own, nothing, activity)[0])
        if part.infeasible(part.every):
            return part.shrink(part.core())
    return ()


class _Part:
    """A part of the relaxed problem, of which some requirements are enforced."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._meaning = program.requirements
        self.every = list(dict.fromkeys(r for r in self._meaning if r is not None))

    def shrink(self, core: list[Requirement]) -> tuple[Requirement, ...]:
        """Leaves out whatever the conflict does not need; late members go first, so that the caps of
        later years and the finer rules are dropped before what the plan is bound to."""
        kept = list(core)
        for requirement in reversed(core):
            rest = [r for r in kept if r != requirement]
            if self.infeasible(rest):
                kept = rest
        return tuple(kept)

    def core(self) -> list[Requirement]:
        """The solver's own first guess at a small conflict; everything where it has none."""
        model = model_of(self._program)
        guards = {r: model.new_bool_var(f"r{i}") for i, r in enumerate(self.every)}
        for row, requirement in enumerate(self._meaning):
            if requirement is not None:
                model.proto.constraints[row].enforcement_literal.append(guards[requirement].index)
        model.add_assumptions(list(guards.values()))
        solver = _solver()
        if solver.solve(model) != cp_model.INFEASIBLE:
            return self.every
        numbers = set(solver.sufficient_assumptions_for_infeasibility())
        core = [r for r, guard in guards.items() if guard.index in numbers]
        return core if core and self.infeasible(core) else self.every

    def infeasible(self, enforced: Iterable[Requirement]) -> bool:
        wanted = {None, *enforced}
        left_out = np.array([requirement not in wanted for requirement in self._meaning], dtype=bool)
        return bool(_solver().solve(model_of(without_rows(self._program, left_out))) == cp_model.INFEASIBLE)


def _solver() -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.catch_sigint_signal = False
    solver.parameters.max_time_in_seconds = TIME_LIMIT_S
    return solver
