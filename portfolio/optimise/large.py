"""One objective over a program too large or too hard for CP-SAT alone: a bound, and the best solution in the time.

Its linear relaxation gives a bound and says where good solutions lie: a first solution and a dive follow it, or, where
only a few rows tie blocks together, every block begins with its share of them, before the dive; where earlier
objectives have left a good solution, the whole program is tried from that for a moment. Most of the
time goes into searching neighbourhoods. A program of one block, or of few jobs, is proven by branch and cut
beside the search, as far as that goes; for several, prices for the linking rows let every block be solved on
its own first, for a better bound and for the shares to begin with.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

import numpy as np

from portfolio.optimise.blocks import Blocks
from portfolio.optimise.branching import Proof, prove
from portfolio.optimise.cpsat import Effort, Objective, Stop, solve
from portfolio.optimise.followers import Followers
from portfolio.optimise.joint import Guide
from portfolio.optimise.prices import Prices
from portfolio.optimise.program import NO_JOB, Ints, Program
from portfolio.optimise.relaxation import Relaxation, relax, strengthen, tighten
from portfolio.optimise.search import Search

WHOLE_COLUMNS = 4000
"""Above so many columns the whole program is not tried."""

WHOLE_SHARE, RELAX_SHARE, DIVE_SHARE, SHARE_OUT = 0.05, 0.4, 0.02, 0.35
"""Shares of the time that is left which the steps may take."""

PRICE_SHARE, BETTER_PRICES = 0.15, 0.3
"""The same for the relaxation's prices of what ties blocks together, and then for better ones."""

SHARE_OUT_S = 1.0
"""Seconds of one worker that a block may take for the best of its share (measured)."""

FOCUS_JOBS, FOCUS_SHARE = 500, 0.3
"""With more jobs than this, that little relates, part of the time goes into the whole over few starts."""

PROVABLE_COLUMNS = 8000
"""Above so many columns branch and cut does not get beyond its first relaxation in time."""

FEW_JOBS = 60
"""Up to so many jobs branch and cut is given several blocks at once, too."""

PROVABLE_JOBS, PROOF_SHARE = 200, 0.4
"""Up to so many jobs branch and cut has the whole time, above a share of it for the sake of its bound."""

FIRST_SHARE, ALONE_SHARE = 0.25, 0.4
"""Parts of the time: for the search before branch and cut, at most, where there are more jobs than that;
and for branch and cut alone, which a search beside it slows down by up to half."""


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
        tried: bool = False,
        guide: Guide | None = None,
        meanwhile: Callable[[], bool] | None = None,
    ) -> None:
        """`fresh`: `values` are any solution, not one that earlier objectives have chosen. `tried`: CP-SAT
        was given the whole already. `guide`: what is proven of an earlier objective. `meanwhile`: another
        way to a proof, tried to its end beside branch and cut, which it makes superfluous if it returns True."""
        self.program = program
        self.objective = objective
        self.followers = followers
        self.gap = gap
        self.seed = seed
        self.workers = workers
        self.stop = stop
        self.heard = heard
        self.fresh = fresh
        self.tried = tried
        self.guide = guide
        self.meanwhile = meanwhile
        self.superfluous = False
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
        if self.superfluous:
            return True
        value = self.objective.value(self.found.values)
        return value - self.found.bound <= self.gap * max(1, abs(value))

    def _whole(self, until: float) -> None:
        if self.fresh or self.tried or len(self.program) > WHOLE_COLUMNS:
            return
        seconds = WHOLE_SHARE * (until - time.monotonic())
        effort = Effort(effort=seconds, seconds=2 * seconds, gap=self.gap, seed=self.seed)
        answer = solve(self.program, self.objective, self.found.values, effort, self.stop)
        self.found.effort += answer.effort
        self._offer(answer.values, answer.bound)

    def _relaxed(self, until: float) -> None:
        self.program = tighten(self.program)
        self.relaxation = relax(
            strengthen(self.program), self.objective, RELAX_SHARE * (until - time.monotonic()), self.workers
        )
        if self.relaxation is not None:
            self._offer(None, self.relaxation.bound)

    def _searched(self, until: float) -> None:
        """A good solution from the relaxation, then better and better ones."""
        blocks = self._blocks()
        few = len(np.unique(self.program.job[self.program.job != NO_JOB])) <= FEW_JOBS
        if blocks is not None and not few:
            self._priced(blocks, until)
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
        provable = len(self.program) <= PROVABLE_COLUMNS
        # Over many blocks a dive finds nothing better than what their shares come to.
        if self.fresh and not self.tried and (blocks is None or provable):
            self._begin(search, until)
        if (few or blocks is None) and provable:
            self._contest(search, until)
        if not self._closed():
            search.run(until, self.gap, self._heard)
        self.found.effort += search.effort

    def _begin(self, search: Search, until: float) -> None:
        """A first good solution from the relaxation."""
        if self.relaxation is None:
            return
        search.insert(self.relaxation)
        search.dive(self.relaxation, DIVE_SHARE * (until - time.monotonic()), until)
        one_block = len(search.layout.blocks) == 1
        if one_block and len(search.layout) > FOCUS_JOBS and search.is_packing:
            search.focus(self.relaxation, FOCUS_SHARE * (until - time.monotonic()), until)
        self._offer(search.best.values, None)

    def _priced(self, blocks: Blocks, until: float) -> None:
        """A bound from prices for what ties the blocks together, and a first solution from what they leave to each."""
        assert self.relaxation is not None
        began = time.monotonic()
        left = until - began
        prices = Prices(blocks, self.relaxation, self.found.values, began + PRICE_SHARE * left)
        prices.improve(began + (PRICE_SHARE + BETTER_PRICES) * left, self.objective.value(self.found.values))
        self._offer(None, prices.best.bound)
        mixed = prices.mixed()
        if mixed is not None:
            self.relaxation = replace(self.relaxation, values=mixed)
        if self.fresh and blocks.can_share() and not self.stop.is_set():
            end = time.monotonic() + min(SHARE_OUT * left, SHARE_OUT_S * len(blocks) / self.workers)
            shared = blocks.share_out(self.found.values, self.relaxation.values, prices.best.solutions, end)
            self._offer(shared, None)

    def _contest(self, search: Search, until: float) -> None:
        """A first search, which gives branch and cut a solution to begin with; then branch and cut on one
        worker, the others searching beside it."""
        few = len(search.layout) <= PROVABLE_JOBS
        if few:
            search.run(until, self.gap, self._heard, rounds=1)
        else:
            effort = FIRST_SHARE * (until - time.monotonic())
            search.run_while_better(effort, until, self.gap, self._heard)
        left = until - time.monotonic()
        if self._closed() or self.stop.is_set() or left <= 0:
            return
        deadline = until if few and self.workers > 1 else until - (1 - PROOF_SHARE) * left
        self._beside(search, deadline, alone=ALONE_SHARE * left if few else 0.0)

    def _beside(self, search: Search, deadline: float, *, alone: float) -> None:
        """A proof, and beside it the other way to one, or after so many seconds `alone` a search, if there is a
        worker for it. A finished proof ends the search, whatever that has come to: which of them was faster
        must not matter."""
        over, enough = Stop(), Stop()
        search.stop = over
        with self.stop.watching(over), self.stop.watching(enough), ThreadPoolExecutor(1) as pool:
            if self.workers == 1 and self._try_meanwhile():
                enough.set()
            proving = pool.submit(self._proof, deadline, enough)
            proving.add_done_callback(lambda done: over.set() if done.result().finished else None)
            if self.workers > 1:
                if self.meanwhile is None:
                    wait((proving,), alone)
                elif self._try_meanwhile():
                    enough.set()
                    over.set()
                search.run(deadline, self.gap, self._heard, team=self.workers - 1)
            proof = proving.result()
        search.stop = self.stop
        self._take(proof)
        search.resume(self.found.values, self.found.bound)

    def _try_meanwhile(self) -> bool:
        self.superfluous = self.meanwhile is not None and self.meanwhile()
        return self.superfluous

    def _proof(self, deadline: float, stop: Stop) -> Proof:
        return prove(
            self.program,
            self.objective,
            self.found.values,
            deadline=deadline,
            gap=self.gap,
            seed=self.seed,
            stop=stop,
            guide=self.guide,
        )

    def _take(self, proof: Proof) -> None:
        """Its solution even where the search has one as good, which may have come sooner or later."""
        known = self.objective.value(self.found.values)
        values = None if proof.values is None else self.followers.settled(proof.values)
        value = known if values is None else min(known, self.objective.value(values))
        # A bound above a solution is a slip of the solver's doubles.
        self._offer(values, proof.bound if proof.bound is not None and proof.bound <= value else None)

    def _heard(self, _: int, values: Ints) -> None:
        self._offer(values, None)

    def _blocks(self) -> Blocks | None:
        """The program in blocks, if it has several and prices for what ties them."""
        if self.relaxation is None or len(np.unique(self.program.block)) < 2:
            return None
        return Blocks(
            self.program,
            self.objective,
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
