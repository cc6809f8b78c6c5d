"""The same program in other columns: instead of "starts at t", "has started by t".

The starts of a job then form a chain in which each implies the next. Fixing one of them rules out
half of the starts instead of a single one, which proofs need (docs/decisions/0011). The columns
keep their numbers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from portfolio.optimise.program import NO_JOB, UNBOUNDED, Ints, Matrix, Program, ints, merged

Numbers = TypeVar("Numbers", Ints, NDArray[np.float64])

LONG_CHAIN = 12
"""Where jobs have more starts than this on average, "started by" makes rows harder to satisfy than it
makes proofs shorter (measured), unless it makes the rows much sparser."""

SPARSER = 0.6
"""Much sparser: at most this part of the entries is left. That is so where precedence prevails."""


class StartedBy:
    """A program in columns "started by", and the way between the two. A job starts at most once."""

    def __init__(self, program: Program) -> None:
        live = np.flatnonzero((program.job != NO_JOB) & (program.high > 0))
        self._chain(program, live[np.lexsort((program.time[live], program.job[live]))])
        self.program = self._translated(program)
        self.sparser = len(self.program.matrix.column) <= SPARSER * len(program.matrix.column)
        if len(live) > LONG_CHAIN * len(np.unique(program.job[live])) and not self.sparser:
            self._chain(program, live[:0])
            self.program = program

    def _chain(self, program: Program, live: Ints) -> None:
        """These starts, in order of job and time, become chains; other columns stay as they are."""
        self._live = live
        job = program.job[live]
        begins = np.concatenate([[True], job[1:] != job[:-1]]) if len(live) else np.zeros(0, bool)
        self._begin = np.flatnonzero(begins)[np.cumsum(begins) - 1] if len(live) else live
        self._previous = np.full(len(program), -1)
        self._previous[live[1:]] = np.where(begins[1:], -1, live[:-1])

    def to(self, values: Ints) -> Ints:
        """Starts as "started by"."""
        found = values.copy()
        total = np.cumsum(values[self._live])
        found[self._live] = total - (total - values[self._live])[self._begin]
        return found

    def back(self, values: Numbers) -> Numbers:
        """ "Started by" as starts; also parts of starts, of a relaxation."""
        found = values.copy()
        later = self._live[self._previous[self._live] >= 0]
        found[later] -= values[self._previous[later]]
        return found

    def costs(self, columns: Ints, coefficients: Ints) -> tuple[Ints, Ints]:
        """An objective in the new columns."""
        dense = np.zeros(len(self._previous), np.int64)
        dense[columns] = coefficients
        before = self._previous[columns]
        np.add.at(dense, before[before >= 0], -coefficients[before >= 0])
        kept = np.flatnonzero(dense)
        return kept, dense[kept]

    def _translated(self, program: Program) -> Program:
        matrix = program.matrix
        row, before = matrix.row_of_entry(), self._previous[matrix.column]
        chained = before >= 0
        later = self._live[self._previous[self._live] >= 0]
        count = len(matrix)
        links = count + np.arange(len(later))
        row, column, coefficient = merged(
            np.concatenate([row, row[chained], links, links]),
            np.concatenate([matrix.column, before[chained], self._previous[later], later]),
            np.concatenate([matrix.coefficient, -matrix.coefficient[chained],
                            np.ones(len(later), np.int64), -np.ones(len(later), np.int64)]),
            len(program),
        )  # fmt: skip
        low, high = self._bounds(program)
        return replace(
            program,
            low=low,
            high=high,
            matrix=Matrix(
                np.searchsorted(row, np.arange(count + len(later) + 1)),
                column,
                coefficient,
                np.concatenate([matrix.low, np.full(len(later), -UNBOUNDED)]),
                np.concatenate([matrix.high, np.zeros(len(later), np.int64)]),
            ),
        )

    def _bounds(self, program: Program) -> tuple[Ints, Ints]:
        """A start that is certain makes all later columns of its job 1 and all earlier ones 0."""
        low, high = program.low.copy(), program.high.copy()
        live = self._live
        forced = low[live]
        total = np.cumsum(forced)
        by_then = total - (total - forced)[self._begin]
        of_job = np.zeros(len(live), np.int64)
        np.maximum.at(of_job, self._begin, by_then)
        certain = of_job[self._begin] > 0
        low[live] = np.where(certain, np.minimum(by_then, 1), 0)
        high[live] = np.where(certain, np.minimum(by_then, 1), 1)
        return ints(low), ints(high)
