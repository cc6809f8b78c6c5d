"""Parts of a program that share no row: their optima do not depend on one another."""

from __future__ import annotations

import numpy as np

from portfolio.optimise.program import Ints, Matrix, Program


def components(program: Program, *, whole: bool = False) -> list[Ints]:
    """The columns of each component, of all columns that stand in a row; `whole`: all columns in one.

    Largest first: that gives the hardest part the first call on the time. Ties go by the first column.
    """
    matrix = program.matrix
    if whole:
        return [np.arange(len(program))] if len(program) else []
    touched = np.unique(matrix.column)
    if not len(touched):
        return []
    label = _labels(matrix, len(program))[touched]
    order = np.argsort(label, kind="stable")
    ends = np.flatnonzero(np.diff(label[order])) + 1
    parts = np.split(touched[order], ends)
    return sorted(parts, key=lambda columns: (-len(columns), int(columns[0])))


def _labels(matrix: Matrix, columns: int) -> Ints:
    """For each column the least column of its component."""
    label = np.arange(columns)
    begins = matrix.first[:-1][np.diff(matrix.first) > 0]
    lengths = np.diff(np.append(begins, len(matrix.column)))
    while True:
        least = np.repeat(np.minimum.reduceat(label[matrix.column], begins), lengths)
        lower = label.copy()
        np.minimum.at(lower, matrix.column, least)
        # Whoever a column points to knows better than the column.
        lower = lower[lower]
        if np.array_equal(lower, label):
            return label
        label = lower
