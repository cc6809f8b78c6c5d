"""Several objectives in one: each weighs more than all that follow it can differ by.

One proof then serves them all, where one after the other each would take as long. An earlier
objective that is proven already may stand beside them as a guide: no solution left can do better in
it, so that it changes nothing but the way of the solver, which else would have to find out anew what
that objective leaves (docs/decisions/0022).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from portfolio.optimise.cpsat import Objective
from portfolio.optimise.program import Program

LARGEST = 2**50
"""Beyond this, sums of doubles, which the solvers work with inside, lose whole numbers."""

GUIDE_SHARE = 1e-3
"""What a unit of the guide weighs, in units of the first objective (measured)."""


@dataclass(frozen=True, slots=True)
class Joint:
    """`objective` stands for the first `count` of the objectives given."""

    objective: Objective
    count: int
    _weight: int
    _unit: int
    _offset: int

    def first(self, value: int) -> int:
        """What a value of the joint objective, or a bound on it, says of the first objective."""
        return self._unit * ((value - self._offset) // self._weight)


@dataclass(frozen=True, slots=True)
class Guide:
    """An objective that is proven to be at its best, `value`, in all solutions that are left."""

    objective: Objective
    value: int


def join(program: Program, objectives: Sequence[Objective], guide: Guide | None = None) -> Joint:
    """As many of the objectives as one whole number can hold, at least the first."""
    ranges = [objective.ends(program) for objective in objectives]
    units = [objective.unit for objective in objectives]
    spans = [(most - least) // unit + 1 for (least, most), unit in zip(ranges, units, strict=True)]
    count = 1
    while count < len(objectives) and prod(spans[: count + 1]) <= LARGEST:
        count += 1
    weights = [prod(spans[place + 1 : count]) for place in range(count)]
    costs = np.zeros(len(program), np.int64)
    offset = 0
    for place, weight in enumerate(weights):
        objective, unit = objectives[place], units[place]
        costs[objective.columns] += objective.coefficients // unit * weight
        if place:
            offset += ranges[place][0] // unit * weight
    weight = 0 if guide is None else _guide_weight(program, guide, weights[0])
    if guide is not None:
        costs[guide.objective.columns] += guide.objective.coefficients * weight
        offset += guide.value * weight
    columns = np.flatnonzero(costs)
    return Joint(Objective(columns, costs[columns]), count, weights[0], units[0], offset)


def _guide_weight(program: Program, guide: Guide, first: int) -> int:
    """None at all for a guide that would be too large itself."""
    least, most = guide.objective.ends(program)
    return min(max(1, int(GUIDE_SHARE * first)), LARGEST // max(1, most - least))


def beside(program: Program, objective: Objective, guide: Guide) -> tuple[Objective, int]:
    """The objective with a guide that matters about as much, and what the guide adds to every value."""
    least, most = objective.ends(program)
    guide_least, guide_most = guide.objective.ends(program)
    weight = max(1, (most - least) // max(1, guide_most - guide_least))
    costs = np.zeros(len(program), np.int64)
    costs[objective.columns] = objective.coefficients
    costs[guide.objective.columns] += weight * guide.objective.coefficients
    columns = np.flatnonzero(costs)
    return Objective(columns, costs[columns]), weight * guide.value
