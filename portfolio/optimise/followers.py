"""Columns that only follow from the others, such as missing seats, set to the least they can be.

A solver that stops early may leave such a column higher than it need be; the plan itself would then
be better than the value reported for it.
"""

from __future__ import annotations

import numpy as np

from portfolio.optimise.program import NO_JOB, UNBOUNDED, Flags, Ints, Program, row_sums


def wanted_low(program: Program) -> Flags:
    """For each column whether no stage wants it high."""
    wanted = np.ones(len(program), dtype=bool)
    for stage in program.stages:
        wanted[stage.columns[stage.coefficients < 0]] = False
    return wanted


class Followers:
    """The columns of a program that rows press from below only, and that no stage wants high."""

    def __init__(self, program: Program, wanted_low: Flags) -> None:
        """`wanted_low`: for each column whether no stage wants it high."""
        self._program = program
        matrix = program.matrix
        below, above = matrix.low > -UNBOUNDED, matrix.high < UNBOUNDED
        row = matrix.row_of_entry()
        plain = (matrix.coefficient == 1) & ~(below & above)[row] | (matrix.coefficient > 0) & ~below[row]
        free = (program.job == NO_JOB) & wanted_low
        free[matrix.column[~plain]] = False
        # Two followers in one row would each rely on the other.
        entries = free[matrix.column] & below[row]
        crowded = np.bincount(row[entries], minlength=len(matrix)) > 1
        free[matrix.column[entries & crowded[row]]] = False
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
