"""Columns that only follow from the others, such as missing seats, set to the least they can be.

A solver that stops early may leave such a column higher than it need be; the plan itself would then
be better than the value reported for it.
"""

from __future__ import annotations

import numpy as np

from portfolio.optimise.program import NO_JOB, UNBOUNDED, Ints, Program, row_sums

WANTED_HIGH, INDIFFERENT, WANTED_LOW = 0, 1, 2


def wishes(program: Program) -> Ints:
    """For each column whether a stage wants it high, or else low, or none has an interest in it."""
    wish = np.full(len(program), INDIFFERENT)
    for stage in program.stages:
        wish[stage.columns[(stage.coefficients > 0) & (wish[stage.columns] != WANTED_HIGH)]] = WANTED_LOW
        wish[stage.columns[stage.coefficients < 0]] = WANTED_HIGH
    return wish


class Followers:
    """The columns of a program that rows press from below only, and that no stage wants high."""

    def __init__(self, program: Program, wish: Ints) -> None:
        """`wish`: what the stages want of each column, as `wishes` has it."""
        self._program = program
        matrix = program.matrix
        below, above = matrix.low > -UNBOUNDED, matrix.high < UNBOUNDED
        row = matrix.row_of_entry()
        plain = (matrix.coefficient == 1) & ~(below & above)[row] | (matrix.coefficient > 0) & ~below[row]
        free = (program.job == NO_JOB) & (wish != WANTED_HIGH)
        free[matrix.column[~plain]] = False
        # Two followers in one row would each rely on the other. One that a stage counts goes before one
        # that none counts: missing seats follow, and what lifts a supply to none stays as it is.
        for which in (wish == INDIFFERENT, free):
            entries = free[matrix.column] & below[row]
            crowded = np.bincount(row[entries], minlength=len(matrix)) > 1
            free[matrix.column[entries & crowded[row] & which[matrix.column]]] = False
        self.columns: Ints = np.flatnonzero(free)
        self._entry: Ints = np.flatnonzero(free[matrix.column] & below[row])
        self._row: Ints = row[self._entry]

    def settled(self, values: Ints) -> Ints:
        """The solution with every follower as low as the rows let it be."""
        program, matrix = self._program, self._program.matrix
        settled = values.copy()
        settled[self.columns] = program.low[self.columns]
        rest = row_sums(matrix.first, matrix.coefficient * settled[matrix.column])
        short = matrix.low[self._row] - rest[self._row]
        column = matrix.column[self._entry]
        needed = settled[column] + np.maximum(0, short)
        np.maximum.at(settled, column, needed)
        return settled
