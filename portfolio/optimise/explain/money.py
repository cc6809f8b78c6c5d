"""One cap raised and the problem solved again: what whole projects make of more money.

Only the part of the problem that the cap limits is solved. Missing seats come first, whatever the
scenario's order; among the schedules with the fewest, the one nearest to the plan is taken, so that the
difference between before and after is what the money does.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from portfolio.domain.marginal import Place, Shift, UsefulRaise
from portfolio.domain.money import Money
from portfolio.domain.schedule import Schedule, Status
from portfolio.optimise.cpsat import Stop
from portfolio.optimise.engine import Engine, EngineResult, Limits
from portfolio.optimise.explain.caps import CapPart, CapProgram
from portfolio.optimise.explain.marginal import SHORTAGE
from portfolio.optimise.funds import allot
from portfolio.optimise.program import Ints, Program, Stage, ints
from portfolio.optimise.solve import run_interruptibly
from portfolio.optimise.subprogram import with_row
from portfolio.scenario.problem import PlanningProblem


@dataclass(frozen=True, slots=True)
class Trial:
    """The schedules without and with the raise; None: none was found in time. `proven`: both have the
    fewest missing seats there can be."""

    before: Schedule | None
    after: Schedule | None
    proven: bool

    @property
    def shifts(self) -> tuple[Shift, ...]:
        """What the raise changes, in the order of the projects."""
        if self.before is None or self.after is None:
            return ()
        old, new = self.before.starts, self.after.starts
        return tuple(
            Shift(key, old.get(key), new.get(key))
            for key in dict.fromkeys([*new, *old])
            if old.get(key) != new.get(key)
        )


@dataclass(frozen=True, slots=True)
class _Solved:
    """`shortage` is the part's weighted shortage as minimised."""

    schedule: Schedule
    shortage: int
    proven: bool


class Trials:
    """Re-solves of a problem around its plan. Once `stop` is set, they end with what they have."""

    def __init__(self, problem: PlanningProblem, plan: Schedule, stop: Stop | None = None) -> None:
        self._problem = replace(problem, order=(SHORTAGE, "disruption"), tolerance={}, approved=plan.starts)
        self._plan = plan
        self._caps = CapProgram(self._problem)
        self._before: dict[int, _Solved | None] = {}
        self.stop = stop or Stop()

    def raised(self, place: Place, amount: Money, seconds: float) -> Trial:
        """The schedules before and after the cap rises by `amount`."""
        part = self._caps.part_of(place)
        if part is None:
            return Trial(self._plan, self._plan, proven=True)
        until = time.monotonic() + seconds
        before = self._without(part, seconds)
        if before is None:
            return Trial(None, None, proven=False)
        after = self._solve(part, part.raised(place, amount), until - time.monotonic())
        if after is None:
            return Trial(before.schedule, None, proven=False)
        if after.shortage >= before.shortage:
            # More money forbids nothing: the schedule before is as good and changes nothing.
            after = replace(before, proven=after.proven)
        return Trial(before.schedule, after.schedule, before.proven and after.proven)

    def least_useful(self, place: Place, seconds: float) -> UsefulRaise | None:
        """The smallest raise of a cap that avoids a missing seat; None: none was found in time."""
        part = self._caps.part_of(place)
        if part is None:
            return UsefulRaise(0, proven=True)
        until = time.monotonic() + seconds
        before = self._without(part, seconds)
        if before is None or not before.proven:
            return None
        column, shortage = part.places[place], part.program.stages[0]
        program = part.raised()
        high = program.high.copy()
        high[column] = self._most_spend()
        better = with_row(
            replace(program, high=high, stages=()),
            shortage.columns,
            shortage.coefficients,
            before.shortage - 1,
        )
        raise_ = Stage("raise", ints([column]), ints([1]), least=0)
        answer = self._run(replace(better, stages=(raise_,)), until - time.monotonic())
        if answer.status is Status.INFEASIBLE:
            return UsefulRaise(0, proven=True)
        if answer.values is None or self.stop.is_set():
            return None
        return UsefulRaise(answer.stages[0].value, answer.stages[0].proven)

    def _most_spend(self) -> Money:
        """More than this nothing can use."""
        variables = self._caps.variables
        total = variables.spend.total(len(variables.job))
        most = np.zeros(len(variables.keys), np.int64)
        np.maximum.at(most, variables.job, total)
        return int(most.sum())

    def _without(self, part: CapPart, seconds: float) -> _Solved | None:
        """The part as it is; solved once."""
        number = int(part.columns[0])
        if number not in self._before:
            solved = self._solve(part, part.raised(), seconds)
            if self.stop.is_set():
                return None
            self._before[number] = solved
        return self._before[number]

    def _solve(self, part: CapPart, program: Program, seconds: float) -> _Solved | None:
        answer = self._run(program, seconds)
        if answer.values is None or not answer.stages:
            return None
        found = answer.stages[0]
        return _Solved(self._schedule(part, answer.values), found.value, found.proven)

    def _run(self, program: Program, seconds: float) -> EngineResult:
        if seconds <= 0 or self.stop.is_set():
            return EngineResult(Status.NO_SOLUTION)
        settings = self._problem.solver
        limits = Limits(time_limit_s=seconds, seed=settings.seed, workers=settings.workers)
        return run_interruptibly(Engine(program, limits, stop=self.stop), self.stop)

    def _schedule(self, part: CapPart, values: Ints) -> Schedule:
        """The plan with this part as solved."""
        variables = self._caps.variables
        whole = np.zeros(len(self._caps.program), np.int64)
        whole[part.columns] = values
        mine = {variables.keys[j] for j in variables.job[part.columns[part.columns < len(variables.job)]]}
        chosen = variables.chosen(whole)
        starts = self._in_order({**_without_keys(self._plan.starts, mine), **chosen})
        drawn = {where: int(whole[column]) for where, column in variables.draws.items()}
        own = allot(self._problem, variables.payers, chosen, drawn)
        return Schedule(starts, (*own, *(draw for draw in self._plan.draws if draw.project not in mine)))

    def _in_order(self, starts: Mapping[str, int]) -> dict[str, int]:
        return {key: starts[key] for key in self._problem.candidates if key in starts}


def _without_keys(starts: Mapping[str, int], keys: set[str]) -> dict[str, int]:
    return {key: start for key, start in starts.items() if key not in keys}
