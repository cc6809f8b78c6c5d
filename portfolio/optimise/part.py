"""A part of a program that shares no row with the rest: a program of its own, solved stage by stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from portfolio.optimise.cpsat import Objective
from portfolio.optimise.followers import Followers
from portfolio.optimise.joint import Guide
from portfolio.optimise.program import NO_JOB, Ints, Program, Stage


@dataclass(slots=True)
class Part:
    """A component as a program of its own, with the best solution so far; `columns` are its columns'
    numbers in the whole. Stages `too_hard_before` some number have been tried together, in vain."""

    columns: Ints
    program: Program
    followers: Followers
    values: Ints | None = None
    bounds: dict[int, int] = field(default_factory=dict)
    effort: float = 0.0
    too_hard_before: int = 0
    _known: dict[str, Objective] = field(default_factory=dict)

    @property
    def jobs(self) -> int:
        job = self.program.job
        return len(np.unique(job[job != NO_JOB]))

    def objective(self, stage: Stage) -> Objective:
        """The part of an objective that this component decides."""
        if stage.name not in self._known:
            self._known[stage.name] = self._own(stage)
        return self._known[stage.name]

    def _own(self, stage: Stage) -> Objective:
        place = np.searchsorted(self.columns, stage.columns)
        place = np.minimum(place, len(self.columns) - 1)
        mine = self.columns[place] == stage.columns
        return Objective(place[mine], stage.coefficients[mine])

    def guide(self, stages: Sequence[Stage], tolerance: Mapping[str, Decimal]) -> Guide | None:
        """The first of these stages that said more than its bounds do, if it is proven here for good."""
        for index, stage in enumerate(stages):
            objective = self.objective(stage)
            if self.values is None or not len(objective.columns):
                continue
            value = objective.value(self.values)
            if value == self.bounds[index] > objective.least(self.program):
                return None if tolerance.get(stage.name) else Guide(objective, value)
        return None
