"""Why no schedule exists: a minimal set of requirements that cannot all hold.

Found on a model without an objective; each set is verified by solving again, and no member of it
can be left out.
"""

from __future__ import annotations

from collections.abc import Iterable

from ortools.sat.python import cp_model

from portfolio.domain.schedule import Requirement
from portfolio.optimise.components import Component, components
from portfolio.optimise.model import compile_relaxed
from portfolio.optimise.program import Program
from portfolio.scenario.problem import PlanningProblem

TIME_LIMIT_S = 10.0


def find_conflict(problem: PlanningProblem) -> tuple[Requirement, ...]:
    """A minimal conflict of the first part of the problem that has one, in the order of the rules."""
    program, _ = compile_relaxed(problem)
    impossible = {row.requirement for row in program.rows if not row.terms}
    if impossible:
        return tuple(requirement for requirement in impossible if requirement)[:1]
    for part in components(program):
        every = _requirements(program, part)
        if _infeasible(program, part, every):
            return _shrink(program, part, _core(program, part, every))
    return ()


def _requirements(program: Program, part: Component) -> list[Requirement]:
    found = (program.rows[index].requirement for index in part.rows)
    return list(dict.fromkeys(requirement for requirement in found if requirement is not None))


def _shrink(program: Program, part: Component, core: list[Requirement]) -> tuple[Requirement, ...]:
    """Leaves out whatever the conflict does not need; late members go first, so that the caps of
    later years and the finer rules are dropped before what the plan is bound to."""
    kept = list(core)
    for requirement in reversed(core):
        rest = [r for r in kept if r != requirement]
        if _infeasible(program, part, rest):
            kept = rest
    return tuple(kept)


def _core(program: Program, part: Component, every: list[Requirement]) -> list[Requirement]:
    """The solver's own first guess at a small conflict; everything where it has none."""
    model, columns = _columns(program, part)
    guards = {requirement: model.new_bool_var(f"r{i}") for i, requirement in enumerate(every)}
    for index in part.rows:
        requirement = program.rows[index].requirement
        constraint = _add(model, columns, program, index)
        if requirement is not None:
            constraint.only_enforce_if(guards[requirement])
    model.add_assumptions(list(guards.values()))
    solver = _solver()
    if solver.solve(model) != cp_model.INFEASIBLE:
        return every
    numbers = set(solver.sufficient_assumptions_for_infeasibility())
    core = [r for r, guard in guards.items() if guard.index in numbers]
    return core if core and _infeasible(program, part, core) else every


def _infeasible(program: Program, part: Component, enforced: Iterable[Requirement]) -> bool:
    wanted = set(enforced)
    model, columns = _columns(program, part)
    for index in part.rows:
        requirement = program.rows[index].requirement
        if requirement is None or requirement in wanted:
            _add(model, columns, program, index)
    return bool(_solver().solve(model) == cp_model.INFEASIBLE)


def _columns(program: Program, part: Component) -> tuple[cp_model.CpModel, dict[int, cp_model.IntVar]]:
    model = cp_model.CpModel()
    return model, {c: model.new_int_var(program.low[c], program.high[c], f"c{c}") for c in part.columns}


def _add(
    model: cp_model.CpModel, columns: dict[int, cp_model.IntVar], program: Program, index: int
) -> cp_model.Constraint:
    row = program.rows[index]
    expression = cp_model.LinearExpr.weighted_sum(
        [columns[c] for c, _ in row.terms], [a for _, a in row.terms]
    )
    low = cp_model.INT_MIN if row.low is None else row.low
    high = cp_model.INT_MAX if row.high is None else row.high
    return model.add_linear_constraint(expression, low, high)


def _solver() -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.catch_sigint_signal = False
    solver.parameters.max_time_in_seconds = TIME_LIMIT_S
    return solver
