"""What if a project were forced in: the best plan in which it starts in given years.

Of equally good plans it is the one that leaves most of the present plan as it is: the fewest projects
moved, then the fewest years of shift. So every move that is told is needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from portfolio.domain.explanation import Counterfactual, Move
from portfolio.optimise.cpsat import Effort, Objective, Stop
from portfolio.optimise.explain.ground import Ground, Part
from portfolio.optimise.explain.held import changes, started_in
from portfolio.optimise.explain.ordered import Search
from portfolio.optimise.program import Ints, ints


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A counterfactual, or a proof (`impossible`) that no plan has the project in these years, or neither."""

    found: Counterfactual | None
    impossible: bool
    effort: float


class Forcing:
    """Questions of the kind "what if". `optimal`: the plan is proven to be the best one."""

    def __init__(self, ground: Ground, effort: Effort, stop: Stop, *, optimal: bool) -> None:
        self._ground = ground
        self._effort = effort
        self._stop = stop
        tolerance = ground.problem.tolerance
        names = ground.problem.order
        self._slack = {i: Fraction(tolerance[name]) for i, name in enumerate(names) if name in tolerance}
        # Values kept within a tolerance are not the best of their objective, so they bound nothing.
        self._optimal = optimal and not tolerance

    def start_in(self, key: str, years: Sequence[int]) -> WhatIf:
        """The best plan in which `key` starts in one of `years`."""
        part = self._ground.part_of([key])
        program = started_in(part.program, self._ground, part, key, years)
        objectives = [*part.objectives, self._shift(part, key)]
        search = Search(self._effort, self._stop, part.values if self._optimal else (), self._slack)
        best = search.run(program, objectives, part.plan)
        if best.values is None:
            return WhatIf(None, best.infeasible, best.effort)
        starts = self._ground.starts_in(part, best.values)
        # The last step only picks among equals: the figures hold whether or not it is proven.
        proven = all(best.proven)
        return WhatIf(self._told(part, key, starts, best.values, proven), False, best.effort)

    def _shift(self, part: Part, key: str) -> Objective:
        """Projects moved, then years of shift; a project dropped or added counts the horizon's length."""
        variables, starts = self._ground.variables, self._ground.starts
        whole = len(self._ground.problem.horizon)
        moved = 2 * whole * len(part.keys) + 1
        columns, costs = [], []
        for name in part.keys:
            if name == key:
                continue
            mine = variables.columns(name)
            if name in starts:
                shift = np.abs(variables.year[mine] - starts[name])
                cost = np.where(shift > 0, moved + shift, 0) - (moved + whole)
            else:
                cost = np.full(len(mine), moved + whole)
            columns.append(part.local(mine))
            costs.append(cost)
        return Objective(ints(np.concatenate([*columns, ints([])])), ints(np.concatenate([*costs, ints([])])))

    def _told(
        self, part: Part, key: str, starts: Mapping[str, int], values: Ints, proven: bool
    ) -> Counterfactual:
        problem, before = self._ground.problem, self._ground.starts
        moves = tuple(
            Move(name, before.get(name), starts.get(name))
            for name in part.keys
            if name != key and before.get(name) != starts.get(name)
        )
        spent = [
            sum(sum(problem.spend_in_horizon(k, s).values()) for k, s in plan.items())
            for plan in (starts, {k: s for k, s in before.items() if k in set(part.keys)})
        ]
        others = {name: start for name, start in before.items() if name not in set(part.keys)}
        missing, missing_before = (
            sum(self._ground.missing_seats(plan).values()) for plan in ({**others, **starts}, before)
        )
        return Counterfactual(
            start=starts[key],
            moves=moves,
            seat_years=missing - missing_before,
            spend=spent[0] - spent[1],
            objectives=changes(self._ground, part, values),
            proven=proven,
        )
