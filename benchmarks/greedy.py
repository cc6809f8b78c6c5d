"""Greedy selection over a program of start columns: job after job, as good as it still fits.

Jobs that a rule asks for come first, those with the fewest alternatives before the others; then all the
rest in order of their rank. A job is inserted at its most valuable start that keeps every row, the earlier of equal ones; what does not fit yet,
because something must come before it, is tried again.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from portfolio.optimise.program import NO_JOB, UNBOUNDED, Ints, Program, row_sums

Floats = NDArray[np.float64]
Rank = Callable[[Program, Floats], Floats]
"""Columns' gains -> their ranks; the highest goes first."""


def by_value(_: Program, gain: Floats) -> Floats:
    return gain


def by_value_per_use(program: Program, gain: Floats) -> Floats:
    """Gain per share of the caps that the start uses, summed over the caps."""
    matrix = program.matrix
    row = matrix.row_of_entry()
    negative = np.bincount(row, matrix.coefficient < 0, minlength=len(matrix)) > 0
    caps = (matrix.high > 1) & (matrix.high < UNBOUNDED) & ~negative
    here = caps[row]
    shares = matrix.coefficient[here] / matrix.high[row[here]]
    use = np.bincount(matrix.column[here], shares, minlength=len(program))
    return gain / np.maximum(use, 1e-9)


def insert(program: Program, rank: Rank) -> Ints:
    """The columns' values; rows that nothing could satisfy stay broken.

    Raises:
        ValueError: the program has columns other than starts.
    """
    if (program.job == NO_JOB).any():
        raise ValueError("greedy insertion needs a program of starts only")
    stage = program.stages[0]
    gain = np.zeros(len(program))
    gain[stage.columns] = -stage.coefficients
    ranks = rank(program, gain)
    # Within a job by gain, then time; jobs by their best rank.
    order = np.lexsort((program.time, -gain, program.job))
    starts = np.split(order, np.flatnonzero(np.diff(program.job[order])) + 1) if len(order) else []
    starts.sort(key=lambda columns: (-ranks[columns].max(), columns[0]))
    plan = _Plan(program)
    choices = _alternatives(program)
    asked_for = sorted(starts, key=lambda columns: choices[columns].min())
    plan.insert_all([list(columns) for columns in asked_for], plan.is_asked_for)
    plan.insert_all([list(columns[gain[columns] > 0]) for columns in starts], lambda _: True)
    return plan.values


def _alternatives(program: Program) -> Floats:
    """How many columns may satisfy the row that asks for this column and has the least of them."""
    matrix = program.matrix
    row = matrix.row_of_entry()
    helps = (matrix.coefficient > 0) & (matrix.low[row] > 0)
    number = np.bincount(row, helps, minlength=len(matrix))
    fewest = np.full(len(program), np.inf)
    np.minimum.at(fewest, matrix.column[helps], number[row[helps]])
    return fewest


class _Plan:
    """What is inserted so far, and what each row holds of it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        matrix = program.matrix
        order = np.argsort(matrix.column, kind="stable")
        self._row = matrix.row_of_entry()[order]
        self._coefficient = matrix.coefficient[order]
        self._first = np.searchsorted(matrix.column[order], np.arange(len(program) + 1))
        self.values = program.low.copy()
        self.activity = row_sums(matrix.first, matrix.coefficient * self.values[matrix.column])
        self._taken = {int(program.job[column]) for column in np.flatnonzero(self.values)}

    def _entries(self, column: int) -> tuple[Ints, Ints]:
        here = slice(self._first[column], self._first[column + 1])
        return self._row[here], self._coefficient[here]

    def is_asked_for(self, column: int) -> bool:
        """Whether some row still lacks what the start would bring."""
        row, coefficient = self._entries(column)
        return bool(((self.activity[row] < self.program.matrix.low[row]) & (coefficient > 0)).any())

    def fits(self, column: int) -> bool:
        """No row goes over its end, and none that is short gets shorter."""
        row, coefficient = self._entries(column)
        after = self.activity[row] + coefficient
        matrix = self.program.matrix
        short = (after < matrix.low[row]) & (coefficient < 0)
        return bool(self.program.high[column] > 0 and not short.any() and (after <= matrix.high[row]).all())

    def insert_all(self, jobs: list[list[int]], wanted: Callable[[int], bool]) -> None:
        """Goes over the jobs until nothing more fits."""
        found = True
        while found:
            found = False
            for columns in jobs:
                if columns and int(self.program.job[columns[0]]) not in self._taken:
                    found |= self._insert(columns, wanted)

    def _insert(self, columns: list[int], wanted: Callable[[int], bool]) -> bool:
        for column in columns:
            if wanted(column) and self.fits(column):
                row, coefficient = self._entries(column)
                self.activity[row] += coefficient
                self.values[column] = 1
                self._taken.add(int(self.program.job[column]))
                return True
        return False
