"""Solves a program stage by stage with CP-SAT; knows nothing of schools.

The program falls apart into components that share no row; each is solved on its own, side by side,
which is exact as long as no stage is kept with a tolerance. All stages share one budget of
deterministic time, with the wall clock only as a backstop, so that equal input gives an equal answer.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import partial
from math import ceil, floor

from ortools.sat.python import cp_model

from portfolio.domain.schedule import Status
from portfolio.optimise.components import Component, components
from portfolio.optimise.program import Program

FIRST_STAGES_SHARE = 0.6
"""How much of the budget that is left a stage may use when others follow it."""

USEFUL_TEAM = 8
"""Fewer workers than this on one component are slower than a single one (measured)."""


@dataclass(frozen=True, slots=True)
class StageResult:
    """Value and bound of a stage, as minimised: integers, constant included."""

    value: int
    bound: int
    proven: bool


@dataclass(frozen=True, slots=True)
class EngineResult:
    """`values` has a number for each column, or is None where no solution was found."""

    status: Status
    values: tuple[int, ...] | None = None
    stages: tuple[StageResult, ...] = ()
    stopped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    time_limit_s: float
    gap: Decimal = Decimal(0)
    seed: int = 0
    workers: int = 1


class Stop:
    """Lets another thread end a solve early; the best solution found is kept."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._set = False
        self._solvers: set[cp_model.CpSolver] = set()

    def set(self) -> None:
        with self._lock:
            self._set = True
            for solver in self._solvers:
                solver.stop_search()

    def is_set(self) -> bool:
        return self._set

    @contextmanager
    def watching(self, solver: cp_model.CpSolver) -> Iterator[None]:
        """While inside, `set` ends this solver's search too."""
        with self._lock:
            self._solvers.add(solver)
        try:
            yield
        finally:
            with self._lock:
                self._solvers.discard(solver)


Progress = Callable[[int, int | None, int | None], None]
"""Called with the stage's index, the best value so far and the bound (None: not known yet)."""


@dataclass(slots=True)
class _Part:
    """A component with its model and the best solution so far."""

    component: Component
    model: cp_model.CpModel
    columns: dict[int, cp_model.IntVar]
    values: dict[int, int] | None = None
    bounds: dict[int, int] = field(default_factory=dict)
    effort: float = 0.0

    def terms(self, program: Program, stage: int) -> list[tuple[int, int]]:
        return self.component.stage_terms(program.stages[stage])

    def value(self, program: Program, stage: int) -> int | None:
        if self.values is None:
            return None
        return sum(a * self.values[c] for c, a in self.terms(program, stage))


class Engine:
    """One solve of one program."""

    def __init__(
        self,
        program: Program,
        limits: Limits,
        tolerance: Mapping[str, Decimal] | None = None,
        stop: Stop | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.program = program
        self.limits = limits
        self.tolerance = tolerance or {}
        self.stop = stop or Stop()
        self.progress = progress
        self.deadline = time.monotonic() + limits.time_limit_s
        self.effort_left = limits.time_limit_s
        self.timed_out = False
        self.parts: list[_Part] = []
        self.proven: list[bool] = []
        self.free: dict[int, int] = {}

    def run(self) -> EngineResult:
        if any(not row.terms for row in self.program.rows):
            # A row without columns is kept only if it cannot hold.
            return EngineResult(Status.INFEASIBLE)
        whole = bool(self.tolerance)
        self.parts = [_build(self.program, c) for c in components(self.program, whole=whole)]
        in_parts = {column for part in self.parts for column in part.component.columns}
        self.free = self._free_columns(in_parts)
        status = self._feasible() if not self.program.stages else self._stages()
        if status is not None:
            return EngineResult(status, stopped=self._stopped())
        return self._result()

    def _stages(self) -> Status | None:
        # Any schedule at all comes first, so that a stop never leaves a part without one.
        status = self._feasible()
        if status is not None:
            return status
        for stage in range(len(self.program.stages)):
            share = 1.0 if stage == len(self.program.stages) - 1 else FIRST_STAGES_SHARE
            ended = self._each(partial(self._improve, stage=stage), share)
            if Status.INFEASIBLE in ended:
                return Status.INFEASIBLE
            if any(part.values is None for part in self.parts):
                return Status.NO_SOLUTION
            self.proven.append(self._is_proven(stage))
            self._keep(stage)
            self._report(stage)
        return None

    def _feasible(self) -> Status | None:
        """A solution of each part, good or bad."""
        ended = self._each(partial(self._solve, stage=None), 1.0)
        return next((s for s in (Status.INFEASIBLE, Status.NO_SOLUTION) if s in ended), None)

    def _each(self, work: Callable[[_Part, float], Status], share: float) -> list[Status]:
        """Does `work` for every part, side by side, each with its share of the effort left by size."""
        columns = sum(len(part.component.columns) for part in self.parts)
        total = self.effort_left * share
        budgets = [total * len(part.component.columns) / columns for part in self.parts]
        with ThreadPoolExecutor(max(1, min(self.limits.workers, len(self.parts)))) as pool:
            ended = list(pool.map(work, self.parts, budgets))
        used = sum(part.effort for part in self.parts)
        self.effort_left = max(1e-3, self.limits.time_limit_s - used)
        return ended

    def _improve(self, part: _Part, budget: float, stage: int) -> Status:
        """Minimises a stage over a part, unless the solution at hand is at the least value there is."""
        terms = part.terms(self.program, stage)
        least = self.program.range_of(terms)[0]
        part.bounds[stage] = least
        if part.values is not None and part.value(self.program, stage) == least:
            return Status.OPTIMAL
        if self.stop.is_set():
            return Status.FEASIBLE if part.values is not None else Status.NO_SOLUTION
        part.model.minimize(_expression(part, terms))
        status = self._solve(part, budget, stage)
        if status is Status.NO_SOLUTION and part.values is not None:
            return Status.FEASIBLE
        return status

    def _solve(self, part: _Part, budget: float, stage: int | None) -> Status:
        solver = cp_model.CpSolver()
        self._set(solver, budget)
        solver.parameters.stop_after_first_solution = stage is None
        part.model.clear_hints()  # type: ignore[no-untyped-call]
        for column, value in (part.values or {}).items():
            part.model.add_hint(part.columns[column], value)
        watcher = _Watcher(self, part, stage) if stage is not None and self.progress else None
        with self.stop.watching(solver):
            if self.stop.is_set() or time.monotonic() > self.deadline:
                self.timed_out = not self.stop.is_set()
                return Status.NO_SOLUTION
            code = solver.solve(part.model, watcher)
        part.effort += solver.response_proto.deterministic_time
        if code == cp_model.MODEL_INVALID:
            raise ValueError(f"invalid model: {part.model.validate()}")
        if code == cp_model.INFEASIBLE:
            return Status.INFEASIBLE
        if code == cp_model.UNKNOWN or (code == cp_model.FEASIBLE and stage is not None):
            self.timed_out = self.timed_out or not self.stop.is_set()
        if code == cp_model.UNKNOWN:
            return Status.NO_SOLUTION
        part.values = {column: solver.value(x) for column, x in part.columns.items()}
        if stage is not None:
            bound = ceil(solver.best_objective_bound - 1e-6)
            part.bounds[stage] = max(part.bounds[stage], bound)
        return Status.OPTIMAL if code == cp_model.OPTIMAL else Status.FEASIBLE

    def _set(self, solver: cp_model.CpSolver, budget: float) -> None:
        parameters = solver.parameters
        team = self.limits.workers // len(self.parts)
        parameters.num_workers = team if team >= USEFUL_TEAM else 1
        parameters.interleave_search = team >= USEFUL_TEAM
        # One worker without its linear relaxation is CP-SAT's worst setting for these programs.
        parameters.linearization_level = 2
        # Cuts cost more than they prove on these programs: without them the shipped scenarios take
        # half the time (benchmarks/shipped.py).
        parameters.cut_level = 0
        parameters.random_seed = self.limits.seed
        # Ctrl-C is ours: the solver must not take the signal away from Python.
        parameters.catch_sigint_signal = False
        parameters.relative_gap_limit = float(self.limits.gap)
        parameters.max_deterministic_time = budget
        parameters.max_time_in_seconds = max(0.01, self.deadline - time.monotonic())

    def _keep(self, stage: int) -> None:
        """Later stages must not make this one worse, beyond its tolerance."""
        allowed = Fraction(self.tolerance.get(self.program.stages[stage].name, Decimal(0)))
        for part in self.parts:
            terms = part.terms(self.program, stage)
            value = part.value(self.program, stage)
            if not terms or value is None:
                continue
            # With a tolerance there is a single part, so its value is the stage's but for constants.
            slack = floor(allowed * abs(value + self._fixed(stage))) if allowed else 0
            part.model.add(_expression(part, terms) <= value + slack)

    def _fixed(self, stage: int) -> int:
        """The stage's constant, with the columns that no row touches."""
        terms = self.program.stages[stage].terms
        return self.program.stages[stage].constant + sum(a * self.free[c] for c, a in terms if c in self.free)

    def _free_columns(self, in_parts: set[int]) -> dict[int, int]:
        """Columns in no row: each at the end that the first stage with an interest in it prefers."""
        preferred: dict[int, int] = {}
        for stage in self.program.stages:
            weights: Counter[int] = Counter()
            for column, weight in stage.terms:
                if column not in in_parts and column not in preferred:
                    weights[column] += weight
            preferred |= {column: weight for column, weight in weights.items() if weight}
        low, high = self.program.low, self.program.high
        return {
            column: high[column] if preferred.get(column, 0) < 0 else low[column]
            for column in range(len(low))
            if column not in in_parts
        }

    def _result(self) -> EngineResult:
        values = dict(self.free)
        for part in self.parts:
            values.update(part.values or {})
        stages = [
            StageResult(self.total(index) or 0, self._bound(index), proven)
            for index, proven in enumerate(self.proven)
        ]
        proven = all(stage.proven for stage in stages)
        status = Status.OPTIMAL if proven else Status.FEASIBLE
        ordered = tuple(values[column] for column in range(len(self.program.low)))
        return EngineResult(status, ordered, tuple(stages), self._stopped())

    def _is_proven(self, stage: int) -> bool:
        """Whether the value just reached is within the gap; a later tolerance may spend some of it."""
        value, bound = self.total(stage) or 0, self._bound(stage)
        return Fraction(abs(value - bound), max(1, abs(value))) <= Fraction(self.limits.gap)

    def _bound(self, stage: int) -> int:
        bound = self._fixed(stage) + sum(part.bounds[stage] for part in self.parts)
        return self._at_least(stage, bound)

    def _at_least(self, stage: int, bound: int) -> int:
        """The bound, or the one known beforehand if that is better."""
        least = self.program.stages[stage].least
        return bound if least is None else max(least, bound)

    def total(self, stage: int) -> int | None:
        """The value of a stage over all parts; None until each has a solution."""
        each = [part.value(self.program, stage) for part in self.parts]
        known = [value for value in each if value is not None]
        return self._fixed(stage) + sum(known) if len(known) == len(each) else None

    def _stopped(self) -> str:
        if self.stop.is_set():
            return "interrupted"
        return "time_limit" if self.timed_out else ""

    def hear(self, part: _Part, stage: int, value: int, bound: int) -> None:
        """A part has a better solution: tell the value and bound of the whole stage."""
        others = [p for p in self.parts if p is not part]
        values = [p.value(self.program, stage) for p in others]
        if self.progress and None not in values:
            whole = self._fixed(stage) + sum(v or 0 for v in values) + value
            limit = self._fixed(stage) + sum(p.bounds.get(stage, 0) for p in others) + bound
            self.progress(stage, whole, self._at_least(stage, limit))

    def _report(self, stage: int) -> None:
        if self.progress:
            self.progress(stage, self.total(stage), self._bound(stage))


class _Watcher(cp_model.CpSolverSolutionCallback):
    """Passes on each better solution of a part as the value of the whole stage."""

    def __init__(self, engine: Engine, part: _Part, stage: int) -> None:
        super().__init__()
        self._engine, self._part, self._stage = engine, part, stage

    def on_solution_callback(self) -> None:
        bound = ceil(self.best_objective_bound - 1e-6)
        self._engine.hear(self._part, self._stage, round(self.objective_value), bound)


def _build(program: Program, component: Component) -> _Part:
    model = cp_model.CpModel()
    columns = {c: model.new_int_var(program.low[c], program.high[c], f"c{c}") for c in component.columns}
    for index in component.rows:
        row = program.rows[index]
        expression = cp_model.LinearExpr.weighted_sum(
            [columns[c] for c, _ in row.terms], [a for _, a in row.terms]
        )
        low = cp_model.INT_MIN if row.low is None else row.low
        high = cp_model.INT_MAX if row.high is None else row.high
        model.add_linear_constraint(expression, low, high)
    return _Part(component, model, columns)


def _expression(part: _Part, terms: list[tuple[int, int]]) -> cp_model.LinearExprT:
    return cp_model.LinearExpr.weighted_sum([part.columns[c] for c, _ in terms], [a for _, a in terms])
