"""Blocks of a program, such as counties, that a few rows tie together, such as the caps of shared money.

Where every block makes the best of its share of those linking rows, a good solution of the whole is put together.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from portfolio.optimise.cpsat import Answer, Effort, Objective, Stop, solve
from portfolio.optimise.linear import Floats
from portfolio.optimise.program import UNBOUNDED, Flags, Ints, Program
from portfolio.optimise.subprogram import Columns, restrict, without_rows

SHARED_OUT = 0.85
"""The share of the time for blocks with what they are allowed; the rest is for those that need more."""


class Blocks:
    """A program cut into its blocks; columns of no block count as a block of their own.

    `own`: the columns of each block. `apart`: the program without its `linking` rows. `cost` of each column.
    """

    def __init__(
        self,
        program: Program,
        objective: Objective,
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
        self.linking = _linking(program)
        self.cost = np.zeros(len(program), np.int64)
        self.cost[objective.columns] = objective.coefficients
        self.apart = without_rows(program, self.linking)
        self.apart_columns = Columns(self.apart.matrix, len(program))

    def __len__(self) -> int:
        return len(self.names)

    def can_share(self) -> bool:
        """Whether the linking rows only limit what is used; others cannot be shared out."""
        return bool((self.program.matrix.low[self.linking] <= -UNBOUNDED).all())

    def share_out(self, values: Ints, mixed: Floats, hints: Sequence[Ints], until: float) -> Ints:
        """A solution to begin with: each block makes the best of what it uses of the linking rows in
        `mixed`, which need not be whole, and of its part of what that leaves over. Blocks that cannot keep what they have in `values`.
        `hints`: a solution of each block that may be near."""
        matrix = self.program.matrix
        used = np.bincount(matrix.row_of_entry(), matrix.coefficient * mixed[matrix.column], len(matrix))
        spare = np.maximum(0.0, matrix.high - used) / len(self)
        each = self.seconds_each(SHARED_OUT * (until - time.monotonic()))
        with ThreadPoolExecutor(max(1, self.workers)) as pool:
            answers = list(
                pool.map(lambda n: self._with_share(n, mixed, spare, hints[n], each), range(len(self)))
            )
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
            found = self._solve(part, self.cost[free], values[free], left / len(without)).values
            if found is not None:
                self._move(free, found, values, activity)
        return values

    def seconds_each(self, seconds: float) -> float:
        """What each block may take if all together take so many seconds."""
        return max(0.02, seconds * self.workers / len(self.own))

    def _solve(self, part: Program, cost: Ints, hint: Ints | None, seconds: float) -> Answer:
        here = np.flatnonzero(cost)
        limit = Effort(effort=seconds, seconds=seconds, gap=1e-4, seed=self.seed)
        return solve(part, Objective(here, cost[here]), hint, limit, self.stop)

    def _with_share(self, number: int, mixed: Floats, spare: Floats, hint: Ints, seconds: float) -> Answer:
        """The block under the true costs, with its share of the linking rows."""
        free, matrix = self.own[number], self.program.matrix
        place, row, coefficient = self.columns.of(free)
        used = np.zeros(len(matrix))
        np.add.at(used, row, coefficient * mixed[free][place])
        others = np.zeros(len(matrix), np.int64)
        share = np.floor(used + spare + 1e-6).astype(np.int64)
        others[self.linking] = (matrix.high - share)[self.linking]
        nothing = np.zeros(len(self.program), np.int64)
        part, _ = restrict(self.program, self.columns, free, nothing, others)
        return self._solve(part, self.cost[free], hint, seconds)

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
