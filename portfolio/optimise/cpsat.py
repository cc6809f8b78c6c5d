"""A program solved by CP-SAT, built in bulk."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from typing import Protocol

import numpy as np
from ortools.sat.python import cp_model

from portfolio.domain.schedule import Status
from portfolio.optimise.orders import StartedBy
from portfolio.optimise.program import NO_JOB, UNBOUNDED, Ints, Program, ints
from portfolio.optimise.subprogram import absorbed

Bounds = Callable[[int, int], None]
"""Told the value and the bound of the objective whenever a better solution is found."""


class Interruptible(Protocol):
    """What can be told to end its search."""

    def stop_search(self) -> None: ...


class Stop:
    """Lets another thread end a solve early; the best solution found is kept. One stop may watch
    another, which then ends with it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._set = False
        self._solvers: set[Interruptible] = set()

    def set(self) -> None:
        with self._lock:
            self._set = True
            for solver in self._solvers:
                solver.stop_search()

    def is_set(self) -> bool:
        return self._set

    def stop_search(self) -> None:
        """The same as `set`, by the name that solvers give it."""
        self.set()

    @contextmanager
    def watching(self, solver: Interruptible) -> Iterator[None]:
        """While inside, `set` ends this solver's search too; at once, if it came before."""
        with self._lock:
            self._solvers.add(solver)
            late = self._set
        if late:
            solver.stop_search()
        try:
            yield
        finally:
            with self._lock:
                self._solvers.discard(solver)


@dataclass(frozen=True, slots=True)
class Objective:
    """Minimise Σ coefficient x column."""

    columns: Ints
    coefficients: Ints

    def value(self, values: Ints) -> int:
        return int(values[self.columns] @ self.coefficients)

    @property
    def unit(self) -> int:
        """Every value is a multiple of this."""
        return int(np.gcd.reduce(self.coefficients, initial=0)) or 1

    def least(self, program: Program) -> int:
        """The least value within the bounds of the columns."""
        return self.ends(program)[0]

    def ends(self, program: Program) -> tuple[int, int]:
        """The least and the greatest value within the bounds of the columns; a job starts at most once."""
        job = program.job[self.columns]
        starts = job != NO_JOB
        at_low = self.coefficients * program.low[self.columns]
        at_high = self.coefficients * program.high[self.columns]
        fixed = int(at_low[starts].sum())
        least, most = np.zeros((2, job.max(initial=NO_JOB) + 1), np.int64)
        np.minimum.at(least, job[starts], at_high[starts])
        np.maximum.at(most, job[starts], at_high[starts])
        # A job with a start that is certain has no other.
        certain = program.job[(program.job != NO_JOB) & (program.low > 0)]
        certain = certain[certain < len(least)]
        least[certain] = most[certain] = 0
        return (
            fixed + int(least.sum() + np.minimum(at_low, at_high)[~starts].sum()),
            fixed + int(most.sum() + np.maximum(at_low, at_high)[~starts].sum()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much work a solve may take. `effort` is the solver's own deterministic measure, about a second
    each; `seconds` a wall-clock backstop. `first` ends with the first solution. `light`: little is made of
    the model beforehand, which is faster where many small programs are solved. `cuts`: rows that rule out fractions
    are looked for, which pays where good solutions matter more than a quick proof."""

    effort: float
    seconds: float
    gap: float = 0.0
    seed: int = 0
    team: int = 1
    first: bool = False
    light: bool = False
    cuts: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """`bound` is proven for the objective's integer; None without an objective. NO_SOLUTION: none found
    within the effort. OPTIMAL: within the gap asked for."""

    status: Status
    values: Ints | None
    bound: int | None
    effort: float


def solve(
    program: Program,
    objective: Objective | None,
    hint: Ints | None,
    effort: Effort,
    stop: Stop,
    heard: Bounds | None = None,
) -> Answer:
    """The best solution of `program` within the effort; its stages are not looked at.

    `hint` holds a value for each column. Raises ValueError for a model the solver refuses.
    """
    form = StartedBy(program)
    bounded = absorbed(form.program)
    if bounded is None:
        return Answer(Status.INFEASIBLE, None, None, 0.0)
    model = model_of(bounded)
    if objective is not None:
        columns, coefficients = form.costs(objective.columns, objective.coefficients)
        model.proto.objective.vars.extend(columns)
        model.proto.objective.coeffs.extend(coefficients)
        model.proto.objective.scaling_factor = 1.0
    if hint is not None:
        model.proto.solution_hint.vars.extend(np.arange(len(program)))
        model.proto.solution_hint.values.extend(form.to(hint))
    solver = cp_model.CpSolver()
    _set(solver, effort)
    watcher = _Watcher(heard) if heard is not None and objective is not None else None
    with stop.watching(solver):
        if stop.is_set() or effort.seconds <= 0:
            return Answer(Status.NO_SOLUTION, None, None, 0.0)
        code = solver.solve(model, watcher)
    used = float(solver.response_proto.deterministic_time)
    if code == cp_model.MODEL_INVALID:
        raise ValueError(f"invalid model: {model.validate()}")
    if code == cp_model.INFEASIBLE:
        return Answer(Status.INFEASIBLE, None, None, used)
    bound = None if objective is None else whole_bound(solver.best_objective_bound)
    if code == cp_model.UNKNOWN:
        # Stopped before it has a bound, the solver says 0.
        bound = bound or None
        return Answer(Status.NO_SOLUTION, None, bound, used)
    values = form.back(ints(list(solver.response_proto.solution)))
    status = Status.OPTIMAL if code == cp_model.OPTIMAL else Status.FEASIBLE
    return Answer(status, values, bound, used)


def whole_bound(bound: float) -> int | None:
    """A lower bound on an integer; None for none."""
    return None if abs(bound) >= UNBOUNDED else ceil(bound - 1e-6)


def model_of(program: Program) -> cp_model.CpModel:
    """Columns and rows by their numbers. The proto is filled directly: a call per row, none per coefficient."""
    model = cp_model.CpModel()
    variables, constraints = model.proto.variables, model.proto.constraints
    for low, high in zip(program.low.tolist(), program.high.tolist(), strict=True):
        variables.add().domain.extend((low, high))
    matrix = program.matrix
    first = matrix.first.tolist()
    lows = np.where(matrix.low <= -UNBOUNDED, cp_model.INT_MIN, matrix.low).tolist()
    highs = np.where(matrix.high >= UNBOUNDED, cp_model.INT_MAX, matrix.high).tolist()
    column = matrix.column.astype(np.int32)
    for row in range(len(matrix)):
        linear = constraints.add().linear
        here = slice(first[row], first[row + 1])
        linear.vars.extend(column[here])
        linear.coeffs.extend(matrix.coefficient[here])
        linear.domain.extend((lows[row], highs[row]))
    return model


def _set(solver: cp_model.CpSolver, effort: Effort) -> None:
    parameters = solver.parameters
    parameters.num_workers = effort.team
    parameters.interleave_search = effort.team > 1
    # One worker without its linear relaxation is CP-SAT's worst setting for these programs.
    parameters.linearization_level = 2
    # Cuts cost more than they prove on programs that are proven anyway: without them the shipped scenarios
    # take half the time (benchmarks/shipped.py).
    parameters.cut_level = int(effort.cuts)
    if effort.cuts:
        parameters.cp_model_probing_level = 0
        parameters.symmetry_level = 0
    if effort.light:
        parameters.max_presolve_iterations = 1
        parameters.cp_model_probing_level = 0
        parameters.symmetry_level = 0
    if effort.team == 1:
        parameters.search_branching = cp_model.PSEUDO_COST_SEARCH
    parameters.random_seed = effort.seed
    # Ctrl-C is ours: the solver must not take the signal away from Python.
    parameters.catch_sigint_signal = False
    parameters.relative_gap_limit = effort.gap
    parameters.max_deterministic_time = effort.effort
    parameters.max_time_in_seconds = effort.seconds
    parameters.stop_after_first_solution = effort.first


class _Watcher(cp_model.CpSolverSolutionCallback):
    def __init__(self, heard: Bounds) -> None:
        super().__init__()
        self._heard = heard

    def on_solution_callback(self) -> None:
        bound = whole_bound(self.best_objective_bound)
        self._heard(round(self.objective_value), -UNBOUNDED if bound is None else bound)
