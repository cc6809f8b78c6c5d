"""Betters a solution of a large program: parts of it are set free and solved, again and again.

The relaxation says where to look. Several searchers work in rounds of the same effort, so that the
outcome does not depend on which of them was faster. In a program of several blocks they put together
what fits after each round. In a single block hardly anything would fit: there each goes its own way
for some rounds, and then all go on from the best, and look at what their solutions differ in.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from portfolio.domain.schedule import Status
from portfolio.optimise.cpsat import Answer, Effort, Objective, Stop, solve
from portfolio.optimise.insertion import insert
from portfolio.optimise.neighbourhoods import Guide, Layout, Neighbourhoods, Relations
from portfolio.optimise.program import Flags, Ints, Program
from portfolio.optimise.relaxation import Relaxation
from portfolio.optimise.subprogram import Columns, restrict

ROUND = 2.5
"""Effort of a searcher in one round, in units of the effort of its longest neighbourhood."""

TRY, LONGEST_TRY = 0.4, 8.0
"""Effort of one neighbourhood: at first, and at most, after slow rounds."""

FULL_TRY_JOBS = 60
"""Programs with fewer jobs than this begin with shorter tries."""

SLOW = 0.01
"""A round that closes less than this part of the gap makes the next ones take longer."""

APART = 8
"""Rounds in which searchers of a single block go their own ways. Starting each round from the best of
them wasted most of the second worker (decision 0012)."""

REMEMBERED = 4
"""Solutions the searchers have come to on their own ways that are kept for comparison."""

DIVE = 3000
"""Free start columns of the first solution that the relaxation leads to."""

FOCUS = (0.04, 0.02)
"""Parts of all starts over which a large packing is solved as a whole."""


@dataclass(slots=True)
class Incumbent:
    """A solution with the activity of its rows."""

    values: Ints
    activity: Ints
    value: int

    def copy(self) -> Incumbent:
        return Incumbent(self.values.copy(), self.activity.copy(), self.value)


@dataclass(slots=True)
class Searcher:
    """One worker's way: where it looks, where it stands, and how long it tries."""

    places: Neighbourhoods
    at: Incumbent
    trying: float


Heard = Callable[[int, Ints], None]
"""Told the objective's integer and the solution whenever a round has found a better one."""


class Search:
    """One objective over one program, from a solution on."""

    def __init__(
        self,
        program: Program,
        objective: Objective,
        values: Ints,
        relaxation: Relaxation | None,
        bound: int,
        *,
        seed: int,
        workers: int,
        stop: Stop,
    ) -> None:
        self.program = program
        self.objective = objective
        self.bound = bound
        self.stop = stop
        self.seed = seed
        self.columns = Columns(program.matrix, len(program))
        self.cost = np.zeros(len(program), np.int64)
        self.cost[objective.columns] = objective.coefficients
        self.layout = layout = Layout.of(program)
        guide = Guide.of(layout, relaxation, len(program.matrix))
        self.relations = Relations.of(program, layout)
        self.best = Incumbent(values.copy(), program.matrix.activity(values), objective.value(values))
        trying = TRY * min(1.0, len(layout) / FULL_TRY_JOBS)
        self.searchers = [
            Searcher(Neighbourhoods(program, guide, layout, self.relations), self.best.copy(), trying)
            for _ in range(max(1, workers))
        ]
        # Where there is nothing but starts, cuts are no help (decision 0024).
        self.cuts = bool(len(layout.others))
        self.others: list[Ints] = []
        self.rounds = 0
        self.effort = 0.0

    def insert(self, relaxation: Relaxation) -> None:
        """A first solution, put together job by job as the relaxation orders them."""
        values = insert(self.program, self.columns, self.layout, relaxation, self.cost)
        if values is not None:
            self.resume(values, self.bound)

    def dive(self, relaxation: Relaxation, effort: float, deadline: float) -> bool:
        """A first good solution: what the relaxation decides is taken as decided, the rest is solved."""
        layout, program = self.layout, self.program
        taken = relaxation.values[layout.starts] > 1 - 1e-6
        settled = np.bincount(layout.job, taken, minlength=len(layout)) > 0
        open_ = np.flatnonzero(~settled[layout.job] & (program.high[layout.starts] > 0))
        worth = np.where(
            relaxation.values[layout.starts[open_]] > 1e-9,
            -1.0,
            relaxation.reduced_costs[layout.starts[open_]],
        )
        for size in (DIVE, 4 * DIVE):
            if self._dive(
                layout.starts[open_[np.argsort(worth, kind="stable")[:size]]], taken, effort, deadline
            ):
                return True
        return False

    def _dive(self, chosen: Ints, taken: Flags, effort: float, deadline: float) -> bool:
        layout, program = self.layout, self.program
        free = np.sort(np.concatenate([chosen, layout.others]))
        held = program.low.copy()
        held[layout.starts] = taken
        part, _ = restrict(program, self.columns, free, held, program.matrix.activity(held))
        cost = self.cost[free]
        here = np.flatnonzero(cost)
        seconds = deadline - time.monotonic()
        limit = Effort(effort=effort, seconds=seconds, gap=1e-5, seed=self.seed, cuts=self.cuts)
        answer = solve(part, Objective(here, cost[here]), None, limit, self.stop)
        self.effort += answer.effort
        if answer.values is None:
            return False
        held[free] = answer.values
        if len(program.matrix.broken(held)) or self.objective.value(held) >= self.best.value:
            return False
        self.best = Incumbent(held, program.matrix.activity(held), self.objective.value(held))
        return True

    @property
    def is_packing(self) -> bool:
        """Whether there is nothing but starts, and mostly shared limits tie them."""
        return not len(self.layout.others) and not self.relations.prevail

    def focus(self, relaxation: Relaxation, effort: float, deadline: float) -> None:
        """All jobs at once, over the few starts that the relaxation leaves worth looking at; every searcher
        with another number of them."""
        self._start_from_best()
        shares = FOCUS[: len(self.searchers)]
        with ThreadPoolExecutor(len(shares)) as pool:
            one = partial(self._focus, relaxation, effort=effort, deadline=deadline)
            self.effort += sum(pool.map(one, self.searchers, shares))
        self._gather()

    def _focus(
        self, relaxation: Relaxation, searcher: Searcher, share: float, *, effort: float, deadline: float
    ) -> float:
        mine, starts = searcher.at, self.layout.starts
        wanted = (relaxation.values[starts] > 0) | (mine.values[starts] > 0)
        worth = np.where(wanted, -1.0, relaxation.reduced_costs[starts])
        worth[self.program.high[starts] == 0] = np.inf
        count = max(np.count_nonzero(wanted), int(share * len(starts)))
        free = np.sort(starts[np.argsort(worth, kind="stable")[:count]])
        seconds = min(2 * effort, deadline - time.monotonic())
        limit = Effort(effort=effort, seconds=seconds, gap=1e-5, seed=self.seed)
        return self._better(mine, free, limit)[0].effort

    def run(
        self,
        deadline: float,
        gap: float,
        heard: Heard | None = None,
        *,
        rounds: int | None = None,
        team: int | None = None,
    ) -> None:
        """Until the deadline (monotonic), the gap, or so many `rounds`; with the first `team` searchers."""
        self._start_from_best()
        team = team or len(self.searchers)
        last = None if rounds is None else self.rounds + rounds
        with ThreadPoolExecutor(team) as pool:
            while time.monotonic() < deadline and not self.stop.is_set() and self.rounds != last:
                if self.best.value - self.bound <= gap * max(1, abs(self.best.value)):
                    return
                before = self.best.value
                work = ROUND * max(searcher.trying for searcher in self.searchers[:team])
                one_round = partial(self._round, work=work, deadline=deadline)
                self.effort += sum(pool.map(one_round, range(team)))
                self.rounds += 1
                self._gather()
                if heard is not None and self.best.value < before:
                    heard(self.best.value, self.best.values)

    def run_while_better(self, effort: float, deadline: float, gap: float, heard: Heard | None) -> None:
        """Until a round finds nothing better, or so much effort is spent."""
        end = self.effort + effort
        while self.effort < end and time.monotonic() < deadline and not self.stop.is_set():
            before = self.best.value
            self.run(deadline, gap, heard, rounds=1)
            if self.best.value == before:
                return

    def resume(self, values: Ints, bound: int) -> None:
        """Goes on from what was found elsewhere, if that is better."""
        self.bound = bound
        if self.objective.value(values) < self.best.value:
            self.best = Incumbent(
                values.copy(), self.program.matrix.activity(values), self.objective.value(values)
            )

    def _start_from_best(self) -> None:
        for searcher in self.searchers:
            searcher.at = self.best.copy()

    def _gather(self) -> None:
        """After a round: the best of all searchers, or what they found together."""
        together = len(self.layout.blocks) > 1
        for searcher in self.searchers:
            if together:
                self._merge(searcher.at.values)
            elif searcher.at.value < self.best.value:
                self.best = searcher.at.copy()
        if not together and self.rounds % APART == 0:
            ways = [searcher.at.values for searcher in self.searchers]
            ends = [values for values in ways if (values != self.best.values).any()]
            self.others = [*ends, *self.others][:REMEMBERED]
        if together or self.rounds % APART == 0:
            self._start_from_best()

    def _round(self, number: int, work: float, deadline: float) -> float:
        """One searcher betters its incumbent; the effort it took. `work` is the same for all, or the
        quicker ones would wait."""
        searcher = self.searchers[number]
        random = np.random.default_rng((self.seed, number, self.rounds))
        before, used = searcher.at.value, 0.0
        while used < work and time.monotonic() < deadline and not self.stop.is_set():
            used += self._try(searcher, random, deadline)
        if before - searcher.at.value < SLOW * (before - self.bound):
            searcher.trying = min(LONGEST_TRY, searcher.trying * 1.25)
        return used

    def _try(self, searcher: Searcher, random: np.random.Generator, deadline: float) -> float:
        """Solves one neighbourhood; the effort it took."""
        mine = searcher.at
        gap = max(1, mine.value - self.bound)
        name, free = searcher.places.draw(mine.values, self.others, gap, random)
        effort = Effort(
            effort=searcher.trying,
            seconds=max(0.01, deadline - time.monotonic()),
            gap=1e-5,
            seed=int(random.integers(2**31 - 1)),
            cuts=self.cuts,
        )
        answer, gained = self._better(mine, free, effort)
        searcher.places.learn(
            name,
            improved=gained / gap * len(self.layout.blocks),
            solved=answer.status is Status.OPTIMAL,
            effort=answer.effort,
        )
        return max(answer.effort, 0.02)

    def _better(self, mine: Incumbent, free: Ints, effort: Effort) -> tuple[Answer, int]:
        """Solves for the free columns, and moves them if that is better; the answer and what it gained."""
        part, _ = restrict(self.program, self.columns, free, mine.values, mine.activity)
        cost = self.cost[free]
        here = np.flatnonzero(cost)
        answer = solve(part, Objective(here, cost[here]), mine.values[free], effort, self.stop)
        gained = 0 if answer.values is None else int(cost @ (mine.values[free] - answer.values))
        if answer.values is not None and gained > 0:
            self._move(mine, free, answer.values)
        return answer, gained

    def _move(self, mine: Incumbent, columns: Ints, values: Ints) -> None:
        change = values - mine.values[columns]
        moved = np.flatnonzero(change)
        place, row, coefficient = self.columns.of(columns[moved])
        np.add.at(mine.activity, row, coefficient * change[moved][place])
        mine.values[columns] = values
        mine.value -= int(self.cost[columns] @ -change)

    def _merge(self, values: Ints) -> None:
        """Takes over what a searcher changed, block by block, as far as it fits and is better."""
        changed = np.flatnonzero(values != self.best.values)
        if not len(changed):
            return
        if len(np.unique(self.program.block[changed])) > 1:
            for block in np.unique(self.program.block[changed]):
                self._take(changed[self.program.block[changed] == block], values)
            changed = np.flatnonzero(values != self.best.values)
        self._take(changed, values)
        total = self.objective.value(values)
        if total < self.best.value:
            self.best = Incumbent(values, self.program.matrix.activity(values), total)

    def _take(self, columns: Ints, values: Ints) -> None:
        """Moves some columns of the incumbent, if it stays a solution and becomes better."""
        change = values[columns] - self.best.values[columns]
        if not len(columns) or int(self.cost[columns] @ change) >= 0:
            return
        place, row, coefficient = self.columns.of(columns)
        rows, local = np.unique(row, return_inverse=True)
        delta = np.zeros(len(rows), np.int64)
        np.add.at(delta, local, coefficient * change[place])
        activity = self.best.activity[rows] + delta
        matrix = self.program.matrix
        if ((activity >= matrix.low[rows]) & (activity <= matrix.high[rows])).all():
            self._move(self.best, columns, values[columns])
