"""Solutions of blocks mixed so that what they share suffices, at the least cost: a small linear program.

Its prices are those that are best as far as these solutions go. They are only trusted near prices that are known
to be good: beyond that, going over a row costs the highest price allowed, and staying below earns the lowest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from portfolio.optimise import linear
from portfolio.optimise.linear import Floats
from portfolio.optimise.program import UNBOUNDED, Ints, ProgramBuilder


@dataclass(slots=True)
class Known:
    """Solutions of a block: what each costs, and uses of each row that is shared."""

    cost: list[int] = field(default_factory=list)
    use: list[Ints] = field(default_factory=list)
    values: list[Ints] = field(default_factory=list)

    def add(self, cost: int, use: Ints, values: Ints) -> None:
        """Unless it is known already."""
        if not any(np.array_equal(values, known) for known in self.values):
            self.cost.append(cost)
            self.use.append(use)
            self.values.append(values)


@dataclass(frozen=True, slots=True)
class Mixture:
    """`shares` of each block's solutions, in their order; they cost `cost`, with what going over or staying
    below rows costs or earns. `prices` of the rows."""

    shares: list[Floats]
    prices: Floats
    cost: float

    def values(self, known: Sequence[Known]) -> list[Floats]:
        """The mixed solution of each block; `known` may have grown since."""
        return [
            share @ np.array(block.values[: len(share)])
            for share, block in zip(self.shares, known, strict=True)
        ]


def mix(
    known: Sequence[Known], low: Ints, high: Ints, least: Floats, most: Floats, until: float
) -> Mixture | None:
    """The best mixture, rows being kept between `low` and `high` and their prices between `least` and `most`,
    which must allow for open sides. None if none was found before the time (monotonic)."""
    builder, rows = ProgramBuilder(), np.arange(len(low))
    owner = np.repeat(np.arange(len(known)), [len(block.cost) for block in known])
    solutions = builder.add_columns(0, np.full(len(owner), 2))
    use = np.array([u for block in known for u in block.use])
    solution, row = np.nonzero(use)
    far = _farthest(use, low, high)
    below, over = (
        builder.add_columns(0, np.full(len(rows), far)),
        builder.add_columns(0, np.full(len(rows), far)),
    )
    builder.add_rows(
        "shared",
        np.concatenate([row, rows, rows]),
        np.concatenate([solutions[solution], below, over]),
        np.concatenate([use[solution, row], np.ones(len(rows)), -np.ones(len(rows))]),
        low=low,
        high=high,
        count=len(rows),
    )
    builder.add_rows("one", owner, solutions, 1, low=1, high=1, count=len(known))
    program = builder.build()
    costs = np.concatenate([[float(c) for block in known for c in block.cost], most, -least])
    found = linear.solve(program, costs, linear.Method.SIMPLEX, until)
    if found is None:
        return None
    weights, duals = found
    prices = np.zeros(len(rows))
    shared = np.flatnonzero(program.family == program.families.index("shared"))
    prices[program.position[shared]] = duals[shared]
    ends = np.cumsum([len(block.cost) for block in known])
    return Mixture(
        np.split(weights[: ends[-1]], ends[:-1]), np.clip(prices, least, most), float(costs @ weights)
    )


def _farthest(use: Ints, low: Ints, high: Ints) -> int:
    """No mixture is farther from a side of a row."""
    sides = np.concatenate([low[low > -UNBOUNDED], high[high < UNBOUNDED]])
    return int(np.abs(use).sum(axis=0).max(initial=0) + np.abs(sides).max(initial=0)) + 1
