"""Blocks of a program, such as counties, that a few rows tie together, such as the caps of shared money.

With a price on what a block uses of the linking rows, each block is a small problem of its own.
The blocks' bounds add up to a bound of the whole (Lagrangian relaxation). And where every block makes
the best of its share of the linking rows, a good solution of the whole is put together.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from portfolio.optimise.cpsat import Answer, Effort, Objective, Stop, solve
from portfolio.optimise.program import UNBOUNDED, Flags, Ints, Program
from portfolio.optimise.relaxation import Relaxation, dual_bound, reduced_costs
from portfolio.optimise.subprogram import Columns, restrict, without_rows

GRAIN = 2**12
"""The highest price is a whole number of this size, so that priced costs are exact."""


EXACT = float(2**52)
"""Sums up to this size are exact as doubles too, in which solvers report bounds."""

SHARED_OUT = 0.85
"""The share of the time for blocks with what they are allowed; the rest is for those that need more."""


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
        self.own = [np.flatnonzero(program.block == name) for name in self.names]
        self.relaxation = relaxation
        self.linking = linking = _linking(program)
        prices = np.where(linking, relaxation.prices, 0.0)
        highest = float(np.abs(prices).max(initial=0.0))
        self.true_cost = np.zeros(len(program), np.int64)
        self.true_cost[objective.columns] = objective.coefficients
        # Prices next to nothing would ask for a scale that no longer fits.
        fits = EXACT / max(1.0, _most(program, self.true_cost))
        self.scale = max(1, int(min(GRAIN / highest, fits))) if highest > 0 else 1
        whole_prices = np.rint(prices * self.scale).astype(np.int64)
        matrix = program.matrix
        row = matrix.row_of_entry()
        priced = np.flatnonzero(whole_prices)
        side = np.where(whole_prices > 0, matrix.low, matrix.high)
        self.constant = sum(int(whole_prices[row]) * int(side[row]) for row in priced)
        self.slack = np.maximum(
            0.0,
            matrix.high
            - np.bincount(row, matrix.coefficient * relaxation.values[matrix.column], len(matrix)),
        )
        self.cost = self.true_cost * self.scale
        np.add.at(self.cost, matrix.column, -matrix.coefficient * whole_prices[row])
        self.apart = without_rows(program, linking)
        self.apart_columns = Columns(self.apart.matrix, len(program))
        self.inner_prices = relaxation.prices[~linking] * self.scale

    def __len__(self) -> int:
        return len(self.names)

    def can_share(self) -> bool:
        """Whether the linking rows only limit what is used; others cannot be shared out."""
        return bool((self.program.matrix.low[self.linking] <= -UNBOUNDED).all())

    def share_out(self, values: Ints, until: float) -> Ints:
        """A solution to begin with: each block makes the best of what the relaxation lets it use of the
        linking rows. Blocks that cannot keep what they have in `values`."""
        each = self._seconds_each(SHARED_OUT * (until - time.monotonic()))
        with ThreadPoolExecutor(max(1, self.workers)) as pool:
            answers = list(pool.map(lambda number: self._with_share(number, each), range(len(self))))
        values = values.copy()
        activity = self.program.matrix.activity(values)
        waiting = {n: answer.values for n, answer in enumerate(answers) if answer.values is not None}
        # A block may have to wait until another one gives money back.
        for _ in range(3):
            waiting = {n: v for n, v in waiting.items() if not self._move(self.own[n], v, values, activity)}
        without = [n for n, answer in enumerate(answers) if answer.values is None or n in waiting]
        for n in without:
            left = until - time.monotonic()
            if left <= 0 or self.stop.is_set():
                break
            free = self.own[n]
            part, _ = restrict(self.program, self.columns, free, values, activity)
            found = self._solve(part, self.true_cost[free], values[free], left / len(without)).values
            if found is not None:
                self._move(free, found, values, activity)
        return values

    def bound(self, values: Ints, until: float) -> int:
        """The bound that the prices prove when each block is solved on its own; `values` for a hint."""
        if _most(self.program, self.cost) > EXACT:
            return -UNBOUNDED
        each = self._seconds_each(until - time.monotonic())
        with ThreadPoolExecutor(max(1, self.workers)) as pool:
            proven = pool.map(lambda free: self._alone(free, values, each), self.own)
            total = self.constant + sum(proven)
        return -(-total // self.scale)

    def _seconds_each(self, seconds: float) -> float:
        return max(0.02, seconds * self.workers / len(self.own))

    def _solve(self, part: Program, cost: Ints, hint: Ints | None, seconds: float) -> Answer:
        here = np.flatnonzero(cost)
        limit = Effort(effort=seconds, seconds=seconds, gap=1e-4, seed=self.seed)
        return solve(part, Objective(here, cost[here]), hint, limit, self.stop)

    def _with_share(self, number: int, seconds: float) -> Answer:
        """The block under the true costs, with its share of the linking rows."""
        free, matrix = self.own[number], self.program.matrix
        place, row, coefficient = self.columns.of(free)
        used = np.zeros(len(matrix))
        np.add.at(used, row, coefficient * self.relaxation.values[free][place])
        others = np.zeros(len(matrix), np.int64)
        share = np.floor(used + self.slack / len(self.own) + 1e-6).astype(np.int64)
        others[self.linking] = (matrix.high - share)[self.linking]
        nothing = np.zeros(len(self.program), np.int64)
        part, _ = restrict(self.program, self.columns, free, nothing, others)
        return self._solve(part, self.true_cost[free], None, seconds)

    def _alone(self, free: Ints, values: Ints, seconds: float) -> int:
        """A bound of the block's priced cost, without the linking rows."""
        nothing, activity = np.zeros(len(self.program), np.int64), np.zeros(len(self.apart.matrix), np.int64)
        part, rows = restrict(self.apart, self.apart_columns, free, nothing, activity)
        cost, prices = self.cost[free], self.inner_prices[rows]
        proven = dual_bound(part, prices, reduced_costs(part, cost.astype(float), prices))
        answer = self._solve(part, cost, values[free], seconds)
        return proven if answer.bound is None else max(proven, answer.bound)

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


def _most(program: Program, cost: Ints) -> float:
    """No value of the cost is larger than this, whatever its sign."""
    ends = np.maximum(np.abs(program.low), np.abs(program.high)).astype(float)
    return float(np.abs(cost) @ ends)


def _linking(program: Program) -> Flags:
    """Rows with columns of more than one block."""
    matrix = program.matrix
    block = program.block[matrix.column]
    begins = matrix.first[:-1]
    return np.asarray(np.minimum.reduceat(block, begins) != np.maximum.reduceat(block, begins))
