"""Prices for the rows that tie blocks together, under which every block is solved on its own.

The blocks' bounds add up to a bound of the whole, whatever the prices are (Lagrangian relaxation). They begin
as those of the linear relaxation. Where blocks are solved to the end, better prices are looked for: those
of a mixture of all solutions that the blocks have come to, not too far from the best so far (cutting planes in a box).
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from portfolio.optimise.blocks import Blocks
from portfolio.optimise.branching import prove
from portfolio.optimise.cpsat import Effort, Objective, solve
from portfolio.optimise.linear import Floats
from portfolio.optimise.mixture import Known, Mixture, mix
from portfolio.optimise.program import NO_JOB, UNBOUNDED, Ints, Program
from portfolio.optimise.relaxation import Relaxation, dual_bound, reduced_costs
from portfolio.optimise.subprogram import restrict

GRAIN = 2**12
"""The highest price is a whole number of this size, so that priced costs are exact."""

EXACT = float(2**52)
"""Sums up to this size are exact as doubles too, in which solvers report bounds."""

QUICK_SHARE = 0.25
"""Part of a block's time for CP-SAT, which proves most small blocks; the rest is for branch and cut."""

NEAR = 1e-4
"""Relative distance from a block's bound, and from what mixtures promise, that is near enough."""

SOLVED = 0.7
"""Better prices are looked for while at least this part of the blocks is solved to the end."""

TRUSTED = 0.005
"""A mixture is trusted if what it promises is this near to what is proven, relative to that."""

MORE = 3.0
"""When better prices are looked for, a block may take so many times its part of the time, as most take less."""

BOX, UNPRICED, WIDER, NARROWER = 0.2, 0.003, 2.0, 0.6
"""How far from the best prices others may be: relative to each, and to the highest for rows without a
price; and how that changes with success and failure (measured)."""

SUCCESS = 0.1
"""Prices are a success if they prove more than this part of what their mixture promised."""


@dataclass(frozen=True, slots=True)
class Priced:
    """What blocks come to under `prices` of the linking rows: `bound` holds for every solution of the program;
    it is `proven` in whole units. `solutions` of each block, of which the part `solved` is the best there is. `seconds`
    that all took."""

    prices: Floats
    bound: int
    proven: float
    solved: float
    solutions: list[Ints]
    seconds: float


@dataclass(frozen=True, slots=True)
class _Block:
    """A block's bound in priced costs, and its best solution; `solved`: there is none better."""

    bound: int
    solution: Ints
    solved: bool


class Prices:
    """Prices of what blocks share, for one objective of their program.

    `best`: the best found so far. `mixture` of all solutions found; None before better prices were looked for.
    """

    def __init__(self, blocks: Blocks, relaxation: Relaxation, values: Ints, until: float) -> None:
        """Those of the relaxation, until the time (monotonic). `values` is any solution of the program."""
        self.blocks = blocks
        self.relaxation = relaxation
        self.rows = np.flatnonzero(blocks.linking)
        # Where there is nothing but starts, cuts are no help (decision 0024).
        self.cuts = bool((blocks.program.job == NO_JOB).any())
        self.known = [Known() for _ in blocks.own]
        for number, free in enumerate(blocks.own):
            self._remember(number, values[free])
        self.mixture: Mixture | None = None
        self.best = self._at(relaxation.prices[self.rows], until, 1.0)

    def improve(self, until: float, enough: int) -> None:
        """Looks for better prices until the time (monotonic), or the bound is `enough`."""
        center = np.abs(self.best.prices)
        width = BOX * center + UNPRICED * center.max(initial=0.0)
        # Where nothing has a price, nothing says how far to go.
        while width.any() and self._goes_on(until, enough):
            mixture = self._mix(width, until)
            if mixture is None:
                return
            self.mixture = mixture
            promised = mixture.cost - self.best.proven
            if promised <= NEAR * max(1.0, abs(self.best.proven)):
                return
            tried = self._at(mixture.prices, until, MORE)
            far = (np.abs(tried.prices - self.best.prices) >= 0.999 * width).any()
            if tried.proven - self.best.proven <= SUCCESS * promised:
                width = NARROWER * width
            elif far:
                width = WIDER * width
            if tried.proven > self.best.proven:
                self.best = tried

    def mixed(self) -> Floats | None:
        """The mixture of the blocks' solutions, if it promises hardly more than what is proven."""
        best, mixture = self.best, self.mixture
        if mixture is None or mixture.cost - best.proven > TRUSTED * max(1.0, abs(best.proven)):
            return None
        values = np.zeros(len(self.blocks.program))
        for free, own in zip(self.blocks.own, mixture.values(self.known), strict=True):
            values[free] = own
        return values

    def _goes_on(self, until: float, enough: int) -> bool:
        best = self.best
        # Blocks that have less time than they needed give a bound that is worth nothing.
        in_time = until - time.monotonic() > best.seconds
        return best.solved >= SOLVED and in_time and best.bound < enough and not self.blocks.stop.is_set()

    def _mix(self, width: Floats, until: float) -> Mixture | None:
        matrix, center = self.blocks.program.matrix, self.best.prices
        low, high = matrix.low[self.rows], matrix.high[self.rows]
        least, most = center - width, center + width
        # An open side has no price.
        least = np.where(high >= UNBOUNDED, np.maximum(0.0, least), least)
        most = np.where(low <= -UNBOUNDED, np.minimum(0.0, most), most)
        return mix(self.known, low, high, least, most, until)

    def _remember(self, number: int, values: Ints) -> None:
        blocks = self.blocks
        free = blocks.own[number]
        place, row, coefficient = blocks.columns.of(free)
        use = np.zeros(len(blocks.program.matrix), np.int64)
        np.add.at(use, row, coefficient * values[place])
        self.known[number].add(int(blocks.cost[free] @ values), use[self.rows], values)

    def _at(self, prices: Floats, until: float, share: float) -> Priced:
        """Solves every block at these prices, rounded so that priced costs are whole; none takes more than `share`
        times its part of the time."""
        began = time.monotonic()
        blocks, program = self.blocks, self.blocks.program
        matrix = program.matrix
        highest = float(np.abs(prices).max(initial=0.0))
        # Prices next to nothing would ask for a scale that no longer fits.
        fits = EXACT / max(1.0, _most(program, blocks.cost))
        scale = max(1, int(min(GRAIN / highest, fits))) if highest > 0 else 1
        whole = np.zeros(len(matrix), np.int64)
        whole[self.rows] = np.rint(prices * scale)
        side = np.where(whole > 0, matrix.low, matrix.high)
        constant = sum(int(whole[row]) * int(side[row]) for row in np.flatnonzero(whole))
        cost = blocks.cost * scale
        np.add.at(cost, matrix.column, -matrix.coefficient * whole[matrix.row_of_entry()])
        if _most(program, cost) > EXACT:
            return Priced(prices, -UNBOUNDED, -np.inf, 0.0, [known.values[0] for known in self.known], 0.0)
        each = share * blocks.seconds_each(until - began)
        with ThreadPoolExecutor(max(1, blocks.workers)) as pool:
            found = list(pool.map(lambda n: self._alone(n, cost, scale, each, until), range(len(blocks))))
        for number, block in enumerate(found):
            self._remember(number, block.solution)
        total = constant + sum(block.bound for block in found)
        return Priced(
            prices,
            -(-total // scale),
            total / scale,
            sum(block.solved for block in found) / len(found),
            [block.solution for block in found],
            time.monotonic() - began,
        )

    def _alone(self, number: int, priced: Ints, scale: int, seconds: float, until: float) -> _Block:
        """A block without the linking rows."""
        blocks = self.blocks
        end = min(until, time.monotonic() + seconds)
        free = blocks.own[number]
        nothing = np.zeros(len(blocks.program), np.int64), np.zeros(len(blocks.apart.matrix), np.int64)
        part, rows = restrict(blocks.apart, blocks.apart_columns, free, *nothing)
        cost, inner = priced[free], self.relaxation.prices[~blocks.linking][rows] * scale
        here = np.flatnonzero(cost)
        objective = Objective(here, cost[here])
        bound = dual_bound(part, inner, reduced_costs(part, cost.astype(float), inner))
        solution = min(self.known[number].values, key=objective.value)
        quick = Effort(
            effort=QUICK_SHARE * seconds,
            seconds=end - time.monotonic(),
            gap=NEAR,
            seed=blocks.seed,
            cuts=self.cuts,
        )
        answer = solve(part, objective, solution, quick, blocks.stop)
        solution = solution if answer.values is None else answer.values
        bound = bound if answer.bound is None else max(bound, answer.bound)
        value = objective.value(solution)
        if value - bound > NEAR * max(1, abs(value)):
            proof = prove(part, objective, solution, deadline=end, gap=NEAR, seed=blocks.seed, stop=blocks.stop)  # fmt: skip
            if proof.values is not None and objective.value(proof.values) < value:
                solution, value = proof.values, objective.value(proof.values)
            # A bound above a solution is a slip of the solver's doubles.
            if proof.bound is not None and proof.bound <= value:
                bound = max(bound, proof.bound)
        return _Block(bound, solution, value - bound <= NEAR * max(1, abs(value)))


def _most(program: Program, cost: Ints) -> float:
    """No value of the cost is larger than this, whatever its sign."""
    ends = np.maximum(np.abs(program.low), np.abs(program.high)).astype(float)
    return float(np.abs(cost) @ ends)
