"""Blocks of a program, such as counties, that a few rows tie together, such as the caps of shared money.

With a price on what a block uses of the linking rows, each block is a small problem of its own.
The blocks' bounds add up to a bound of the whole (Lagrangian relaxation); their solutions, taken
over one after another as far as the linking rows allow, are a solution of the whole.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from portfolio.optimise.cpsat import Answer, Effort, Objective, Stop, solve
from portfolio.optimise.program import Flags, Ints, Program
from portfolio.optimise.relaxation import Relaxation, dual_bound, reduced_costs
from portfolio.optimise.subprogram import Columns, restrict, without_rows

GRAIN = 2**12
"""The highest price is a whole number of this size, so that priced costs are exact."""


ALONE_SHARE = 0.6
"""The share of the time for the blocks alone; the rest puts them together."""


class Blocks:
    """A program cut into its blocks, at the relaxation's prices of the rows that link them.

    Costs are those of the program times `scale`, less the price of what a column uses; all are whole
    numbers. Columns of no block count as a block of their own.
    """

    def __init__(
        self,
        program: Program,
        objective: Objective,
        relaxation: Relaxation,
        *,
        workers: int,
        stop: Stop,
        seed: int,
    ) -> None:
        self.program = program
        self.workers = workers
        self.stop = stop
        self.seed = seed
        self.names = np.unique(program.block)
        self.columns = Columns(program.matrix, len(program))
        linking = _linking(program)
        prices = np.where(linking, relaxation.prices, 0.0)
        highest = float(np.abs(prices).max(initial=0.0))
        self.scale = max(1, int(GRAIN / highest)) if highest > 0 else 1
        whole_prices = np.rint(prices * self.scale).astype(np.int64)
        matrix = program.matrix
        priced = np.flatnonzero(whole_prices)
        side = np.where(whole_prices > 0, matrix.low, matrix.high)
        self.constant = sum(int(whole_prices[row]) * int(side[row]) for row in priced)
        self.cost = np.zeros(len(program), np.int64)
        self.cost[objective.columns] = objective.coefficients * self.scale
        row = matrix.row_of_entry()
        np.add.at(self.cost, matrix.column, -matrix.coefficient * whole_prices[row])
        self.apart = without_rows(program, linking)
        self.apart_columns = Columns(self.apart.matrix, len(program))
        self.inner_prices = relaxation.prices[~linking] * self.scale

    def __len__(self) -> int:
        return len(self.names)

    def solve(self, values: Ints, until: float) -> tuple[Ints | None, int]:
        """A solution better than nothing, starting from `values`, and the bound that the prices prove."""
        own = [np.flatnonzero(self.program.block == name) for name in self.names]
        now = time.monotonic()
        pause = now + ALONE_SHARE * (until - now)
        effort = 0.7 * (pause - now) * self.workers / len(own)
        with ThreadPoolExecutor(max(1, self.workers)) as pool:
            found = list(pool.map(lambda free: self._alone(free, values, effort, pause), own))
        bound = self.constant + sum(bound for _, bound in found)
        solution = self._put_together(own, [answer for answer, _ in found], values, until)
        return solution, -(-bound // self.scale)

    def _alone(self, free: Ints, values: Ints, effort: float, until: float) -> tuple[Answer, int]:
        """The block without the linking rows, and a bound of its priced cost."""
        nothing, activity = np.zeros(len(self.program), np.int64), np.zeros(len(self.apart.matrix), np.int64)
        part, rows = restrict(self.apart, self.apart_columns, free, nothing, activity)
        prices = self.inner_prices[rows]
        proven = dual_bound(part, prices, reduced_costs(part, self.cost[free].astype(float), prices))
        answer = self._solve(part, free, values[free], effort, until)
        return answer, proven if answer.bound is None else max(proven, answer.bound)

    def _solve(self, part: Program, free: Ints, hint: Ints, effort: float, until: float) -> Answer:
        cost = self.cost[free]
        here = np.flatnonzero(cost)
        limit = Effort(effort=effort, seconds=until - time.monotonic(), gap=1e-4, seed=self.seed)
        return solve(part, Objective(here, cost[here]), hint, limit, self.stop)

    def _put_together(
        self, own: list[Ints], answers: list[Answer], values: Ints, until: float
    ) -> Ints | None:
        """Block by block, each with what the linking rows still allow."""
        values = values.copy()
        activity = self.program.matrix.activity(values)
        fits = []
        for number, (free, answer) in enumerate(zip(own, answers, strict=True)):
            if answer.values is not None and self._move(free, answer.values, values, activity):
                fits.append(number)
        rest = [number for number in range(len(own)) if number not in fits]
        effort = max(0.05, (until - time.monotonic()) / max(1, len(rest)))
        for number in rest:
            if time.monotonic() >= until or self.stop.is_set():
                break
            free, hint = own[number], answers[number].values
            part, _ = restrict(self.program, self.columns, free, values, activity)
            chosen = self._solve(part, free, values[free] if hint is None else hint, effort, until).values
            if chosen is not None:
                self._move(free, chosen, values, activity)
        return values

    def _move(self, free: Ints, chosen: Ints, values: Ints, activity: Ints) -> bool:
        """Takes a block's solution over, if the rows allow it."""
        place, row, coefficient = self.columns.of(free)
        rows, local = np.unique(row, return_inverse=True)
        moved = activity[rows].copy()
        np.add.at(moved, local, coefficient * (chosen - values[free])[place])
        matrix = self.program.matrix
        if not ((moved >= matrix.low[rows]) & (moved <= matrix.high[rows])).all():
            return False
        activity[rows] = moved
        values[free] = chosen
        return True


def _linking(program: Program) -> Flags:
    """Rows with columns of more than one block."""
    matrix = program.matrix
    block = program.block[matrix.column]
    begins = matrix.first[:-1]
    return np.asarray(np.minimum.reduceat(block, begins) != np.maximum.reduceat(block, begins))
