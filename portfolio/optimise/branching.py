"""A program of moderate size proven by branch and cut (SCIP), where CP-SAT alone does not get there.

Cuts on the rows of money and seats are what such proofs need. The solver reckons in doubles: its
solution is only taken for its starts, everything else is worked out again in whole numbers; its
bound is rounded down by what doubles may be wrong.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from portfolio.optimise.cpsat import Effort, Objective, Stop, solve
from portfolio.optimise.joint import Guide, beside
from portfolio.optimise.linear import Floats, row_sides
from portfolio.optimise.orders import StartedBy
from portfolio.optimise.program import NO_JOB, Flags, Ints, Program, ints
from portfolio.optimise.relaxation import strengthen, tighten
from portfolio.optimise.subprogram import with_starts

DOUBT = 1e-7
"""Relative error of a bound that is allowed for."""

NO_BOUND = 1e19
"""The solver writes a number of this size where it has none."""

TOLD_AGAIN_S = 0.1
"""Seconds after which a solver that goes on is told again to stop."""

RECOVERY_EFFORT = 5.0
"""Effort to find what goes with the solver's starts."""

UNHELPFUL = (
    "alns", "crossover", "dins", "feaspump", "localbranching", "mutation", "rens", "rins", "rootsoldiving",
)  # fmt: skip
"""The solver's own searches for solutions; ours runs beside it and finds better ones."""


@dataclass(frozen=True, slots=True)
class Proof:
    """`bound` holds for every solution (None: no bound); `finished`: the bound is that of the best
    solution, to the gap asked for. `values` is a solution in whole numbers, or None."""

    values: Ints | None
    bound: int | None
    finished: bool


def prove(
    program: Program,
    objective: Objective,
    hint: Ints,
    *,
    deadline: float,
    gap: float,
    seed: int,
    stop: Stop,
    guide: Guide | None = None,
) -> Proof:
    """Branches from the solution `hint` until the gap, the deadline (monotonic) or the stop.

    Money is taken for continuous, which is much quicker and nearly always comes out whole by itself; where
    it does not, everything is whole in a second run.
    """
    found = Proof(None, None, finished=False)
    form = StartedBy(tighten(program))
    tight, start = strengthen(form.program), form.to(hint)
    guided, spare = (objective, 0) if guide is None else beside(program, objective, guide)
    costs = Objective(*form.costs(guided.columns, guided.coefficients))
    for every in (False, True):
        left = deadline - time.monotonic()
        if left <= 0 or stop.is_set():
            break
        solver = _solver(tight, costs, start, every=every)
        solver.SetSolverSpecificParametersAsString(_settings(gap, seed))
        solver.SetTimeLimit(ceil(1000 * left))
        with _Interruptible(solver) as running, stop.watching(running):
            status = solver.Solve()
        bound = _better(_bound(objective, solver.Objective().BestBound(), spare), found.bound)
        values = found.values
        if status in (solver.OPTIMAL, solver.FEASIBLE):
            reached = np.fromiter((v.solution_value() for v in solver.variables()), float, len(program))
            values = _whole(program, objective, form.back(ints(np.rint(reached))), seed)
        found = Proof(values, bound, finished=_is_closed(objective, values, bound, gap))
        if found.finished or status != solver.OPTIMAL:
            break
    return found


def _better(one: int | None, two: int | None) -> int | None:
    """The higher of two bounds."""
    return max((bound for bound in (one, two) if bound is not None), default=None)


def _is_closed(objective: Objective, values: Ints | None, bound: int | None, gap: float) -> bool:
    if values is None or bound is None:
        return False
    value = objective.value(values)
    return value - bound <= gap * max(1, abs(value))


def _solver(program: Program, objective: Objective, hint: Ints, *, every: bool) -> Any:
    from ortools.linear_solver import pywraplp

    costs = np.zeros(len(program))
    costs[objective.columns] = objective.coefficients
    solver = pywraplp.Solver.CreateSolver("SCIP")
    whole = (program.job != NO_JOB) | (program.high - program.low <= 1) | (costs != 0) | every
    solver.LoadModelFromProto(_model(program, costs, whole))
    solver.SetHint(solver.variables(), hint.astype(float).tolist())
    return solver


class _Interruptible:
    """A solver that overhears what it is told before it has begun, and so is told again and again."""

    def __init__(self, solver: Any) -> None:
        self._solver = solver
        self._over = threading.Event()

    def __enter__(self) -> _Interruptible:
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()

    def stop_search(self) -> None:
        threading.Thread(target=self._insist, daemon=True).start()

    def _insist(self) -> None:
        while not self._over.is_set():
            self._solver.InterruptSolve()
            self._over.wait(TOLD_AGAIN_S)


def _model(program: Program, costs: Floats, whole: Flags) -> Any:
    from ortools.linear_solver import linear_solver_pb2

    model = linear_solver_pb2.MPModelProto()
    columns = zip(
        program.low.astype(float).tolist(),
        program.high.astype(float).tolist(),
        costs.tolist(),
        whole.tolist(),
        strict=True,
    )
    for low, high, cost, integer in columns:
        model.variable.add(lower_bound=low, upper_bound=high, objective_coefficient=cost, is_integer=integer)
    matrix = program.matrix
    lows, highs = row_sides(matrix)
    coefficient = matrix.coefficient.astype(float)
    first = matrix.first.tolist()
    for row, (low, high) in enumerate(zip(lows.tolist(), highs.tolist(), strict=True)):
        here = slice(first[row], first[row + 1])
        model.constraint.add(
            lower_bound=low, upper_bound=high, var_index=matrix.column[here], coefficient=coefficient[here]
        )
    return model


def _settings(gap: float, seed: int) -> str:
    """Objectives are whole numbers: less than one away from the bound is there. Ctrl-C is ours, as for CP-SAT."""
    lines = [f"heuristics/{name}/freq = -1" for name in UNHELPFUL]
    lines += ["limits/absgap = 0.99", f"limits/gap = {gap}"]
    lines += [f"randomization/randomseedshift = {seed % 2**31}"]
    lines.append("misc/catchctrlc = FALSE")
    return "\n".join(lines) + "\n"


def _bound(objective: Objective, bound: float, spare: int = 0) -> int | None:
    """As a whole number that the objective can be, less what is in it of another one."""
    if abs(bound) >= NO_BOUND:
        return None
    whole = ceil(bound - DOUBT * max(1.0, abs(bound)) - 1e-6) - spare
    return -(-whole // objective.unit) * objective.unit


def _whole(program: Program, objective: Objective, found: Ints, seed: int) -> Ints | None:
    """What goes with the starts found, in whole numbers; None if nothing does. Little work, so that no stop
    loses what was found."""
    effort = Effort(effort=RECOVERY_EFFORT, seconds=2 * RECOVERY_EFFORT, seed=seed)
    return solve(with_starts(program, found), objective, None, effort, Stop()).values
