"""One objective over a program too large to be solved whole: a bound, and the best solution in the time.

First the whole program is tried for a moment. Then its linear relaxation gives a bound and says
where good solutions lie: a dive follows it, or, where only a few rows tie blocks together, every
block begins with its share of them. Most of the time goes into searching neighbourhoods; in the end
prices for the linking rows let every block be solved on its own for a better bound.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from portfolio.optimise.blocks import Blocks
from portfolio.optimise.cpsat import Effort, Objective, Stop, solve
from portfolio.optimise.followers import Followers
from portfolio.optimise.program import Ints, Program
from portfolio.optimise.relaxation import Relaxation, relax, strengthen, tighten
from portfolio.optimise.search import Search

WHOLE_COLUMNS = 4000
"""Above so many columns the whole program is not tried."""

WHOLE_SHARE, RELAX_SHARE, DIVE_SHARE, SHARE_OUT, BOUND_SHARE = 0.05, 0.4, 0.1, 0.35, 0.2
"""Shares of the time that is left which the steps may take."""


@dataclass(slots=True)
class Found:
    """The best solution and the best bound so far; `effort` is CP-SAT's."""

    values: Ints
    bound: int
    proven: bool = False
    effort: float = 0.0


Heard = Callable[[int, int], None]
"""Told the objective's integer and its bound whenever either has become better."""


class Large:
    """One objective over one program, from a solution on."""

    def __init__(
        self,
        program: Program,
        objective: Objective,
        values: Ints,
        bound: int,
        followers: Followers,
        *,
        gap: float,
        seed: int,
        workers: int,
        stop: Stop,
        heard: Heard | None,
        fresh: bool,
    ) -> None:
        """`fresh`: `values` are any solution, not one that earlier objectives have chosen."""
        self.program = program
        self.objective = objective
        self.followers = followers
        self.gap = gap
        self.seed = seed
        self.workers = workers
        self.stop = stop
        self.heard = heard
        self.fresh = fresh
        self.found = Found(values, bound)
        self.relaxation: Relaxation | None = None

    def run(self, until: float) -> Found:
        """Until the time (monotonic), or a proof."""
        for step in (self._whole, self._relaxed, self._searched):
            if self._closed() or self.stop.is_set() or time.monotonic() >= until:
                break
            step(until)
        self.found.proven = self._closed()
        return self.found

    def _closed(self) -> bool:
        value = self.objective.value(self.found.values)
        return value - self.found.bound <= self.gap * max(1, abs(value))

    def _whole(self, until: float) -> None:
        if len(self.program) > WHOLE_COLUMNS:
            return
        seconds = WHOLE_SHARE * (until - time.monotonic())
        effort = Effort(effort=seconds, seconds=2 * seconds, gap=self.gap, seed=self.seed)
        answer = solve(self.program, self.objective, self.found.values, effort, self.stop)
        self.found.effort += answer.effort
        self._offer(answer.values, answer.bound)

    def _relaxed(self, until: float) -> None:
        self.program = tighten(self.program)
        self.relaxation = relax(
            strengthen(self.program), self.objective, RELAX_SHARE * (until - time.monotonic())
        )
        if self.relaxation is not None:
            self._offer(None, self.relaxation.bound)

    def _searched(self, until: float) -> None:
        """A good solution from the relaxation, then better and better ones; in the end a better bound."""
        blocks = self._blocks()
        left = until - time.monotonic()
        pause = until - BOUND_SHARE * left if blocks is not None else until
        if self.fresh and blocks is not None and blocks.can_share():
            self._offer(blocks.share_out(self.found.values, time.monotonic() + SHARE_OUT * left), None)
        search = Search(
            self.program,
            self.objective,
            self.found.values,
            self.relaxation,
            self.found.bound,
            seed=self.seed,
            workers=self.workers,
            stop=self.stop,
        )
        if self.fresh and self.relaxation is not None and blocks is None:
            search.dive(self.relaxation, DIVE_SHARE * left, until)
            self._offer(search.best.values, None)
        search.run(pause, self.gap, lambda _, values: self._offer(values, None))
        self.found.effort += search.effort
        if blocks is not None and not self.stop.is_set() and not self._closed():
            self._offer(None, blocks.bound(self.found.values, until))

    def _blocks(self) -> Blocks | None:
        """The program in blocks, if it has several and prices for what ties them."""
        if self.relaxation is None or len(np.unique(self.program.block)) < 2:
            return None
        return Blocks(
            self.program,
            self.objective,
            self.relaxation,
            workers=self.workers,
            stop=self.stop,
            seed=self.seed,
        )

    def _offer(self, values: Ints | None, bound: int | None) -> None:
        """Takes over what is better than what is known."""
        if values is not None:
            values = self.followers.settled(values)
            if self.objective.value(values) <= self.objective.value(self.found.values):
                self.found.values = values
        if bound is not None:
            self.found.bound = max(self.found.bound, bound)
        if self.heard is not None:
            self.heard(self.objective.value(self.found.values), self.found.bound)
