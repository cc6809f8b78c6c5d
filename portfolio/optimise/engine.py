"""Solves a program stage by stage; knows nothing of schools.

The program falls apart into parts that share no row; each is solved on its own, which is exact as
long as no stage is kept with a tolerance. A small part goes to CP-SAT whole. One that is large, or
too hard for that, is given a bound by its linear relaxation, by branch and cut, or by prices for
what ties its blocks together, and is searched part by part. All stages share one time limit, the first being served best.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial
from math import floor

import numpy as np

from portfolio.domain.schedule import Status
from portfolio.optimise.components import components
from portfolio.optimise.cpsat import Effort, Objective, Stop, solve
from portfolio.optimise.followers import Followers, wishes
from portfolio.optimise.joint import Guide, Joint, join
from portfolio.optimise.large import Large
from portfolio.optimise.part import Part
from portfolio.optimise.program import Ints, Program
from portfolio.optimise.subprogram import Columns, restrict, with_row, with_starts

FIRST_SHARE, LATER_SHARE = 0.7, 0.5
"""How much of the budget that is left a stage may use when others follow it; the first is served best."""

SMALL = 100
"""A part with no more jobs than this goes to CP-SAT whole."""

QUICK_EFFORT, QUICK_SHARE = 5.0, 1 / 6
"""Effort after which a small part is taken for a hard one, at most this part of the time limit. The shipped
portfolio needs 0.6."""

LATER_EFFORT = 1.0
"""The same for an objective that did not come to a proof with those before it."""

RESUME_EFFORT = 5.0
"""Effort to find what goes with the starts of an earlier schedule."""

GUIDED_EFFORT, GUIDED_SHARE = 15.0, 1 / 4
"""Effort for objectives that a proven one guides, at most this part of the time limit."""

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
    values: Ints | None = None
    stages: tuple[StageResult, ...] = ()
    stopped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    time_limit_s: float
    gap: Decimal = Decimal(0)
    seed: int = 0
    workers: int = 1


Progress = Callable[[int, int | None, int | None], None]
"""Called with the stage's index, the best value so far and the bound (None: not known yet)."""


class Engine:
    """One solve of one program. `warm`: starts that a search may begin with; they need not fit together."""

    def __init__(
        self,
        program: Program,
        limits: Limits,
        tolerance: Mapping[str, Decimal] | None = None,
        stop: Stop | None = None,
        progress: Progress | None = None,
        warm: Ints | None = None,
    ) -> None:
        self.program = program
        self.limits = limits
        self.tolerance = tolerance or {}
        self.stop = stop or Stop()
        self.progress = progress
        self.warm = np.zeros(0, np.int64) if warm is None else warm
        self.deadline = time.monotonic() + limits.time_limit_s
        self.effort_left = limits.time_limit_s
        self.timed_out = False
        self.parts: list[Part] = []
        self.proven: list[bool] = []
        self.resting = np.zeros(len(program), np.int64)
        self.wishes = wishes(program)

    def run(self) -> EngineResult:
        matrix = self.program.matrix
        if (np.diff(matrix.first) == 0).any() or (matrix.low > matrix.high).any():
            # A row without columns is kept only if it cannot hold.
            return EngineResult(Status.INFEASIBLE)
        self.parts = self._split()
        self.resting = self._resting()
        status = self._feasible() or self._stages()
        if status is not None:
            return EngineResult(status, stopped=self._stopped())
        return self._result()

    def _split(self) -> list[Part]:
        program = self.program
        columns = Columns(program.matrix, len(program))
        nothing, activity = self.resting, np.zeros(len(program.matrix), np.int64)
        parts = []
        # A stage with a tolerance may give up any column for a later one, one that stands in no row too.
        for own in components(program, whole=bool(self.tolerance)):
            part, _ = restrict(program, columns, own, nothing, activity)
            parts.append(Part(own, part, Followers(part, self.wishes[own])))
        return parts

    def _stages(self) -> Status | None:
        for index in range(len(self.program.stages)):
            share = FIRST_SHARE if index == 0 else LATER_SHARE
            if index == len(self.program.stages) - 1:
                share = 1.0
            until = time.monotonic() + share * max(0.0, self.deadline - time.monotonic())
            ended = self._each(partial(self._improve, index=index), share)
            self._search_all(index, until)
            if Status.INFEASIBLE in ended:
                return Status.INFEASIBLE
            if any(part.values is None for part in self.parts):
                return Status.NO_SOLUTION
            self.proven.append(self._is_proven(index))
            self._keep(index)
            self._report(index)
        return None

    def _feasible(self) -> Status | None:
        """A solution of each part, good or bad: a stop must never leave a part without one."""
        ended = self._each(self._begin, 1.0)
        return next((s for s in (Status.INFEASIBLE, Status.NO_SOLUTION) if s in ended), None)

    def _begin(self, part: Part, budget: float) -> Status:
        """The schedule before, for a large part; else nothing at all, if that is allowed; else a search."""
        if part.jobs > SMALL:
            if self._resume(part, min(budget, RESUME_EFFORT)):
                return Status.FEASIBLE
            nothing = part.followers.settled(part.program.low)
            # What follows may have to be more than it can be.
            fits = (nothing <= part.program.high).all()
            if fits and not len(part.program.matrix.broken(nothing)):
                part.values = nothing
                return Status.FEASIBLE
        return self._solve(part, None, budget)

    def _resume(self, part: Part, budget: float) -> bool:
        """Takes the warm starts as they are, and finds what goes with them."""
        warm = np.flatnonzero(np.isin(part.columns, self.warm))
        if not len(warm):
            return False
        held = np.zeros(len(part.program), np.int64)
        held[warm] = 1
        effort = Effort(effort=budget, seconds=min(budget, self.deadline - time.monotonic()), first=True)
        answer = solve(with_starts(part.program, held), None, None, effort, self.stop)
        if answer.values is not None:
            part.values = part.followers.settled(answer.values)
        return answer.values is not None

    def _each(self, work: Callable[[Part, float], Status], share: float) -> list[Status]:
        """Does `work` for every part, each with its share of the effort left by size: small parts side
        by side, large ones one after the other, for they use all workers themselves."""
        columns = sum(len(part.columns) for part in self.parts)
        total = self.effort_left * share
        budget = [total * len(part.columns) / columns for part in self.parts]
        ended: dict[int, Status] = {}
        small = [i for i, part in enumerate(self.parts) if part.jobs <= SMALL]
        with ThreadPoolExecutor(max(1, min(self.limits.workers, len(small)))) as pool:
            answers = pool.map(lambda i: work(self.parts[i], budget[i]), small)
            ended |= dict(zip(small, answers, strict=True))
        for i in range(len(self.parts)):
            if i not in ended:
                ended[i] = work(self.parts[i], budget[i])
        used = sum(part.effort for part in self.parts)
        self.effort_left = max(1e-3, self.limits.time_limit_s - used)
        return [ended[i] for i in range(len(self.parts))]

    def _improve(self, part: Part, budget: float, *, index: int) -> Status:
        """Minimises a stage over a part, unless the solution at hand is at the least value there is."""
        objective = part.objective(self.program.stages[index])
        part.bounds.setdefault(index, objective.least(part.program))
        if part.values is None:
            return Status.NO_SOLUTION
        if objective.value(part.values) == part.bounds[index]:
            return Status.OPTIMAL
        if self.stop.is_set() or part.jobs > SMALL:
            return Status.FEASIBLE
        quick = min(QUICK_EFFORT, QUICK_SHARE * self.limits.time_limit_s)
        status = self._solve(part, index, min(budget, LATER_EFFORT if index else quick))
        return Status.FEASIBLE if status is Status.NO_SOLUTION else status

    def _search_all(self, index: int, until: float) -> None:
        """Parts that are not proven yet, one after the other, for they use all workers themselves."""
        stage = self.program.stages[index]
        for place, part in enumerate(self.parts):
            if self._is_open(part, index) and not self.stop.is_set():
                waiting = sum(len(p.columns) for p in self.parts[place:] if self._is_open(p, index))
                now = time.monotonic()
                share = len(part.columns) / waiting
                self._search(part, part.objective(stage), index, now + share * max(0.0, until - now))

    def _is_open(self, part: Part, index: int) -> bool:
        """Whether there are starts to choose from, and the bound is still away from the value."""
        if part.values is None or not part.jobs:
            return False
        value = part.objective(self.program.stages[index]).value(part.values)
        return value - part.bounds[index] > float(self.limits.gap) * max(1, abs(value))

    def _guide(self, part: Part, index: int) -> Guide | None:
        return part.guide(self.program.stages[:index], self.tolerance)

    def _joint(self, part: Part, index: int) -> Joint:
        """A stage with as many that follow it as one proof can hold. What a stage may give up for those after
        it is known only once its value is."""
        last = index
        stages = self.program.stages
        while last < len(stages) - 1 and not self.limits.gap and not self.tolerance.get(stages[last].name):
            last += 1
        guide = None if self.limits.gap else self._guide(part, index)
        return join(part.program, [part.objective(s) for s in stages[index : last + 1]], guide)

    def _solve(self, part: Part, index: int | None, budget: float) -> Status:
        """CP-SAT on the whole part; without a stage, the first solution will do."""
        joint = None if index is None else self._joint(part, index)
        objective = None if joint is None else joint.objective
        effort = Effort(
            effort=budget,
            seconds=self.deadline - time.monotonic(),
            gap=float(self.limits.gap),
            seed=self.limits.seed,
            team=self._team(),
            first=index is None,
        )
        if effort.seconds <= 0:
            self.timed_out = True
            return Status.NO_SOLUTION
        heard = None
        if joint is not None and index is not None and self.progress is not None:
            heard = partial(self._hear_joint, part, index, joint)
        answer = solve(part.program, objective, part.values, effort, self.stop, heard)
        part.effort += answer.effort
        # A stage that is cut off here goes on in a search, which says how that ended.
        self.timed_out |= answer.values is None and effort.first and not self.stop.is_set()
        if answer.status is Status.INFEASIBLE:
            return Status.INFEASIBLE
        if answer.values is not None:
            values = part.followers.settled(answer.values)
            known = None if objective is None or part.values is None else objective.value(part.values)
            if objective is None or known is None or objective.value(values) <= known:
                part.values = values
        if joint is not None and index is not None and answer.bound is not None:
            part.bounds[index] = max(part.bounds[index], joint.first(answer.bound))
            if answer.status is Status.OPTIMAL and part.values is not None and not self.limits.gap:
                for proven in range(index, index + joint.count):
                    part.bounds[proven] = part.objective(self.program.stages[proven]).value(part.values)
        return answer.status

    def _search(self, part: Part, objective: Objective, index: int, until: float) -> None:
        """A part too large or too hard to be solved whole, until a time (monotonic)."""
        assert part.values is not None
        guide = self._guide(part, index)
        suited = guide is not None and part.jobs <= SMALL and index >= part.too_hard_before
        large = Large(
            part.program,
            objective,
            part.values,
            part.bounds[index],
            part.followers,
            gap=float(self.limits.gap),
            seed=self.limits.seed,
            workers=self.limits.workers,
            stop=self.stop,
            heard=None if self.progress is None else partial(self._hear, part, index),
            fresh=index == 0,
            tried=part.jobs <= SMALL,
            guide=guide,
            meanwhile=partial(self._solve_joint, part, index) if suited else None,
        )
        found = large.run(until)
        part.effort += found.effort
        if self._is_open(part, index):
            if objective.value(found.values) < objective.value(part.values):
                part.values = found.values
            part.bounds[index] = max(part.bounds[index], found.bound)
            self.timed_out |= not found.proven and not self.stop.is_set()

    def _solve_joint(self, part: Part, index: int) -> bool:
        """A stage together with those after it, in whole numbers; whether that came to a proof."""
        effort = min(GUIDED_EFFORT, GUIDED_SHARE * self.limits.time_limit_s)
        if self._solve(part, index, effort) is Status.OPTIMAL:
            return True
        part.too_hard_before = index + self._joint(part, index).count
        return False

    def _team(self) -> int:
        team = self.limits.workers // len(self.parts)
        return team if team >= USEFUL_TEAM else 1

    def _keep(self, index: int) -> None:
        """Later stages must not make this one worse, beyond its tolerance."""
        stage = self.program.stages[index]
        allowed = Fraction(self.tolerance.get(stage.name, Decimal(0)))
        for part in self.parts:
            objective = part.objective(stage)
            if part.values is None or not len(objective.columns):
                continue
            value = objective.value(part.values)
            # With a tolerance there is a single part, so its value is the stage's but for constants.
            slack = floor(allowed * abs(value + self._fixed(index))) if allowed else 0
            part.program = with_row(part.program, objective.columns, objective.coefficients, value + slack)
            part.followers = Followers(part.program, self.wishes[part.columns])

    def _fixed(self, index: int) -> int:
        """The stage's constant, with the columns that no row touches."""
        return self.program.stages[index].value(self.resting)

    def _resting(self) -> Ints:
        """Columns in no row, each at the end that the first stage with an interest in it prefers; the
        others at 0."""
        program = self.program
        free = np.ones(len(program), dtype=bool)
        for part in self.parts:
            free[part.columns] = False
        values = np.where(free, program.low, 0)
        undecided = free.copy()
        for stage in program.stages:
            mine = stage.columns[undecided[stage.columns] & (stage.coefficients != 0)]
            up = stage.columns[undecided[stage.columns] & (stage.coefficients < 0)]
            values[up] = program.high[up]
            undecided[mine] = False
        return values

    def _result(self) -> EngineResult:
        values = self.resting.copy()
        for part in self.parts:
            if part.values is not None:
                values[part.columns] = part.values
        stages = tuple(
            StageResult(self.total(index) or 0, self._bound(index), proven)
            for index, proven in enumerate(self.proven)
        )
        proven = all(stage.proven for stage in stages)
        status = Status.OPTIMAL if proven else Status.FEASIBLE
        return EngineResult(status, values, stages, self._stopped())

    def _is_proven(self, index: int) -> bool:
        """Whether the value just reached is within the gap; a later tolerance may spend some of it."""
        value, bound = self.total(index) or 0, self._bound(index)
        return Fraction(abs(value - bound), max(1, abs(value))) <= Fraction(self.limits.gap)

    def _bound(self, index: int) -> int:
        return self._at_least(index, self._fixed(index) + sum(part.bounds[index] for part in self.parts))

    def _at_least(self, index: int, bound: int) -> int:
        """The bound, or the one known beforehand if that is better."""
        least = self.program.stages[index].least
        return bound if least is None else max(least, bound)

    def total(self, index: int) -> int | None:
        """The value of a stage over all parts; None until each has a solution."""
        stage = self.program.stages[index]
        known = [part.objective(stage).value(part.values) for part in self.parts if part.values is not None]
        return self._fixed(index) + sum(known) if len(known) == len(self.parts) else None

    def _stopped(self) -> str:
        if self.stop.is_set():
            return "interrupted"
        return "time_limit" if self.timed_out else ""

    def _hear_joint(self, part: Part, index: int, joint: Joint, value: int, bound: int) -> None:
        self._hear(part, index, joint.first(value), max(part.bounds[index], joint.first(bound)))

    def _hear(self, part: Part, index: int, value: int, bound: int) -> None:
        """A part has a better solution: tell the value and bound of the whole stage."""
        stage = self.program.stages[index]
        others = [p for p in self.parts if p is not part]
        if self.progress and all(p.values is not None for p in others):
            known = [p.objective(stage).value(p.values) for p in others if p.values is not None]
            bounds = [p.bounds.get(index, p.objective(stage).least(p.program)) for p in others]
            whole = self._fixed(index) + sum(known) + value
            limit = self._fixed(index) + sum(bounds) + bound
            self.progress(index, whole, self._at_least(index, limit))

    def _report(self, index: int) -> None:
        if self.progress:
            self.progress(index, self.total(index), self._bound(index))
