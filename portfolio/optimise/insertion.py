"""A first solution of a program that has nothing but starts: jobs are put in one by one, in the order in
which the relaxation starts them, each as soon as the rows allow, though not long before its time there.

Where precedence prevails, the relaxation takes hardly anything as decided, and a dive finds nothing;
but it says what comes before what.
"""

from __future__ import annotations

import numpy as np

from portfolio.optimise.linear import NEARLY, Floats
from portfolio.optimise.neighbourhoods import Layout
from portfolio.optimise.program import Flags, Ints, Program
from portfolio.optimise.relaxation import Relaxation
from portfolio.optimise.subprogram import Columns

LIKELY = 0.9
"""Jobs are put in that the relaxation selects to at least this part."""

EARLIER = (0, 1, 2, 10**9)
"""So many periods before its time in the relaxation may a job start; the best outcome counts."""

PASSES = 20
"""How often jobs that did not fit are tried again."""


def insert(
    program: Program, columns: Columns, layout: Layout, relaxation: Relaxation, cost: Ints
) -> Ints | None:
    """The best of some solutions made so; None where leaving everything out is none."""
    if len(layout.others) or len(program.matrix.broken(program.low)):
        return None
    value = relaxation.values[layout.starts]
    part = np.bincount(layout.job, value, minlength=len(layout))
    time = np.bincount(layout.job, value * layout.time, minlength=len(layout))
    after = layout.time.max(initial=0) + 1
    order = np.argsort(time + after * (1 - part), kind="stable")
    wanted = np.floor(time / np.maximum(part, NEARLY) + NEARLY)
    best: Ints | None = None
    for earlier in EARLIER:
        one = _Insertion(program, columns, layout, cost)
        one.put_in(order[part[order] >= LIKELY], wanted - earlier)
        one.take_out_losses(order[::-1])
        if best is None or cost @ one.values < cost @ best:
            best = one.values
    return best


class _Insertion:
    def __init__(self, program: Program, columns: Columns, layout: Layout, cost: Ints) -> None:
        self.program = program
        self.columns = columns
        self.layout = layout
        self.cost = cost
        self.values = program.low.copy()
        self.activity = program.matrix.activity(self.values)

    def put_in(self, jobs: Ints, earliest: Floats) -> None:
        """Each of the jobs, if it fits somewhere; by job, when it may start. One that comes as early in the
        relaxation as another may have to wait for that."""
        for _ in range(PASSES):
            left = []
            for job in jobs.tolist():
                starts = self._starts(job)
                if not self.values[starts].any() and not self._put_in(starts, job, earliest[job]):
                    left.append(job)
            if len(left) in (0, len(jobs)):
                break
            jobs = np.array(left)

    def _starts(self, job: int) -> Ints:
        return self.layout.starts[self.layout.first[job] : self.layout.first[job + 1]]

    def _put_in(self, starts: Ints, job: int, earliest: float) -> bool:
        time = self.layout.time[self.layout.first[job] : self.layout.first[job + 1]]
        fits = self._fitting(starts, 1) & (self.program.high[starts] > 0)
        in_time = fits & (time >= earliest)
        if not fits.any():
            return False
        # As soon as may be, or else as little too soon as possible.
        place = np.flatnonzero(in_time)[0] if in_time.any() else np.flatnonzero(fits)[-1]
        self._move(starts[place], 1)
        return True

    def take_out_losses(self, jobs: Ints) -> None:
        """Jobs that only cost, and that nothing else needs."""
        for job in jobs.tolist():
            starts = self._starts(job)
            chosen = starts[(self.values[starts] > 0) & (self.program.low[starts] == 0)]
            if len(chosen) and self.cost[chosen[0]] > 0 and self._fitting(chosen, -1)[0]:
                self._move(chosen[0], -1)

    def _fitting(self, starts: Ints, change: int) -> Flags:
        """Which of the columns may change by so much."""
        matrix = self.program.matrix
        place, row, coefficient = self.columns.of(starts)
        activity = self.activity[row] + change * coefficient
        broken = (activity < matrix.low[row]) | (activity > matrix.high[row])
        return np.asarray(np.bincount(place, broken, minlength=len(starts)) == 0)

    def _move(self, column: int, change: int) -> None:
        _, row, coefficient = self.columns.of(np.array([column]))
        self.activity[row] += change * coefficient
        self.values[column] += change
