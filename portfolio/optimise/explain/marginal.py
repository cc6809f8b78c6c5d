"""The value of money by the relaxation: weighted missing seats avoided by a higher cap.

The column that adds money to a cap is held at 0; what it would gain is the sum of the dual prices of all
rows in which that cap stands. Rows are strengthened as for the bound of a solve, but not tightened: what
one row forbids at today's cap need not be forbidden at a higher one.

A dual price is right for some small change. Where a higher and a lower cap are not worth the same, only a
re-solve tells what more money brings, so every price is held against one.
"""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import numpy as np

from portfolio.domain.marginal import UNIT, Marginals, Place, rounded
from portfolio.domain.money import HUNDREDTHS_PER_WAN, Money
from portfolio.optimise.cpsat import Objective
from portfolio.optimise.explain.caps import CapPart, CapProgram
from portfolio.optimise.linear import Floats, model_proto
from portfolio.optimise.program import Program
from portfolio.optimise.relaxation import reduced_costs, relax, strengthen
from portfolio.scenario.problem import PlanningProblem

SHORTAGE = "seat_shortage"

STEP: Money = HUNDREDTHS_PER_WAN
"""The small raise that a price is held against: 1 万元."""

EXACT_WORK = 300_000
"""Columns x prices of a part that are held against re-solves: about three seconds (measured)."""

EXACT_COLUMNS = 10_000
"""A part with more columns is relaxed once, and nothing held against it."""

LARGEST_COLUMNS = 60_000
"""A part with more columns has no values: its relaxation alone takes longer than an answer may (2,000 projects
that share money are 33,000 columns and take four seconds)."""

MOST_STARTS = 60_000
"""With more projects x years than this nothing is even compiled."""

TIME_LIMIT_S = 30.0
"""A backstop; the sizes above are what keeps the time short, the same on every machine."""

AGREES = 5e-3
"""Values of 100 万元 nearer than this are the same figure."""


def marginal_values(problem: PlanningProblem, seconds: float = TIME_LIMIT_S) -> Marginals:
    """The value of each source and year in the horizon: weighted seat-years avoided by the next 万元,
    times a hundred. There are none where missing seats are not among the scenario's objectives."""
    if SHORTAGE not in problem.order:
        return Marginals(missing="no_objective")
    if len(problem.candidates) * len(problem.horizon) > MOST_STARTS:
        return Marginals(missing="too_large")
    return ShortageByCaps(problem, seconds).marginals()


class ShortageByCaps:
    """The relaxation's weighted missing seats as caps rise. The rules hold; the other objectives play
    no part. Values are weighted seat-years as the scenario weighs them."""

    def __init__(self, problem: PlanningProblem, seconds: float = TIME_LIMIT_S) -> None:
        self._until = time.monotonic() + seconds
        self._caps = CapProgram(replace(problem, order=(SHORTAGE,)))
        self._parts = [_Relaxed(part) for part in self._caps.parts]
        self._worth: dict[Place, float] = dict.fromkeys(self._caps.idle, 0.0)

    def marginals(self) -> Marginals:
        """The values that could be had, and which of them are prices only."""
        at_most: set[Place] = set()
        missing = ""
        for part in self._parts:
            prices = part.prices(self._until - time.monotonic())
            if prices is None:
                missing = "too_large" if part.too_large else "no_time"
                continue
            worth = part.checked(prices, self._until)
            self._worth |= worth.values
            at_most |= worth.unchecked
        # In the order of the caps, whatever the parts.
        values = {place: rounded(self._worth[place]) for place in self._caps.places if place in self._worth}
        return Marginals(values, frozenset(at_most), missing)

    def price(self, place: Place, amount: Money) -> Decimal | None:
        """The marginal value times the raise; None where there is none. To be asked after `marginals`."""
        value = self._worth.get(place)
        return None if value is None else rounded(value * amount / UNIT)

    def avoided(self, place: Place, amount: Money) -> Decimal | None:
        """What the relaxation gains if this cap rises by `amount`; None where it was not worked out."""
        part = next((part for part in self._parts if place in part.places), None)
        if part is None:
            return rounded(0.0)
        gain = part.gain(place, amount, self._until - time.monotonic())
        return None if gain is None else rounded(gain)


@dataclass(frozen=True, slots=True)
class _Worth:
    """Value of 100 万元 by cap; `unchecked` are those that are dual prices only."""

    values: dict[Place, float]
    unchecked: frozenset[Place]


@dataclass(slots=True)
class _Relaxed:
    """The relaxation of a part."""

    part: CapPart
    program: Program = field(init=False)
    _simplex: _Simplex | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.program = strengthen(self.part.raised())

    @property
    def places(self) -> dict[Place, int]:
        return dict(self.part.places)

    @property
    def too_large(self) -> bool:
        return len(self.program) > LARGEST_COLUMNS

    def prices(self, seconds: float) -> dict[Place, float] | None:
        """The dual price of 100 万元 more of each cap; None if the relaxation was not solved."""
        if self.too_large or seconds <= 0:
            return None
        if self._resolves:
            reduced = self._solver().reduced_costs(seconds)
        else:
            found = relax(self.program, self._objective, seconds)
            reduced = None if found is None else found.reduced_costs
        if reduced is None:
            return None
        unit = UNIT / self._divisor
        return {place: max(0.0, -reduced[column]) * unit for place, column in self.places.items()}

    def checked(self, prices: dict[Place, float], until: float) -> _Worth:
        """Each price, or what a small raise gains where that is less."""
        wanted = [place for place, price in prices.items() if price >= AGREES]
        worth, unchecked = dict(prices), set(wanted)
        if len(wanted) * len(self.program) > EXACT_WORK:
            return _Worth(worth, frozenset(unchecked))
        for place in wanted:
            gain = self.gain(place, STEP, until - time.monotonic())
            if gain is None:
                break
            unchecked.discard(place)
            gain *= UNIT / STEP
            if gain < prices[place] - AGREES:
                worth[place] = max(0.0, gain)
        return _Worth(worth, frozenset(unchecked))

    def gain(self, place: Place, amount: Money, seconds: float) -> float | None:
        """Weighted seat-years avoided by the raise; None if it was not worked out."""
        if not self._resolves or seconds <= 0:
            return None
        saved = self._solver().saved(self.places[place], amount, seconds)
        return None if saved is None else saved / self._divisor

    @property
    def _resolves(self) -> bool:
        """Whether it is small enough to be solved many times over."""
        return len(self.program) <= EXACT_COLUMNS

    @property
    def _divisor(self) -> int:
        return self.program.stages[0].divisor

    @property
    def _objective(self) -> Objective:
        stage = self.program.stages[0]
        return Objective(stage.columns, stage.coefficients)

    def _solver(self) -> _Simplex:
        if self._simplex is None:
            self._simplex = _Simplex(self.program, self._objective)
        return self._simplex


class _Simplex:
    """One relaxation solved many times over with a bound changed: each solve goes on from the one before."""

    def __init__(self, program: Program, objective: Objective) -> None:
        from ortools.math_opt.python import mathopt

        self._mathopt = mathopt
        self._program = program
        self._costs = np.zeros(len(program))
        self._costs[objective.columns] = objective.coefficients
        model = mathopt.Model.from_model_proto(model_proto(program, self._costs))
        self._variables = {variable.id: variable for variable in model.variables()}
        self._solver = mathopt.IncrementalSolver(model, mathopt.SolverType.GLOP)
        self._value: float | None = None

    def reduced_costs(self, seconds: float) -> Floats | None:
        answer = self._solve(seconds)
        if answer is None or answer.solutions[0].dual_solution is None:
            return None
        self._value = answer.objective_value()
        duals = answer.solutions[0].dual_solution.dual_values.values()
        prices: Floats = np.fromiter(duals, float, len(self._program.matrix))
        return reduced_costs(self._program, self._costs, prices)

    def saved(self, column: int, most: int, seconds: float) -> float | None:
        """By how much the objective falls if the column may be as large as `most`."""
        if self._value is None and self.reduced_costs(seconds) is None:
            return None
        self._variables[column].upper_bound = most
        answer = self._solve(seconds, value_only=True)
        self._variables[column].upper_bound = 0
        if answer is None or self._value is None:
            return None
        return float(self._value - answer.objective_value())

    def _solve(self, seconds: float, *, value_only: bool = False) -> Any:
        mathopt = self._mathopt
        limit = mathopt.SolveParameters(time_limit=datetime.timedelta(seconds=max(0.01, seconds)))
        wanted = mathopt.ModelSolveParameters()
        if value_only:
            none = mathopt.SparseVectorFilter(filtered_items=())
            wanted = mathopt.ModelSolveParameters(
                variable_values_filter=none, dual_values_filter=none, reduced_costs_filter=none
            )
        answer = self._solver.solve(params=limit, model_params=wanted)
        optimal = answer.termination.reason == mathopt.TerminationReason.OPTIMAL
        return answer if optimal else None
