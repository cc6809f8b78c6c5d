"""Parts of a program as programs of their own: some columns free, the others held at a value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from portfolio.optimise.program import NO_JOB, UNBOUNDED, Flags, Ints, Matrix, Program, ints, row_sums


class Columns:
    """The entries of a matrix column by column."""

    def __init__(self, matrix: Matrix, columns: int) -> None:
        order = np.argsort(matrix.column, kind="stable")
        self.row = matrix.row_of_entry()[order]
        self.coefficient = matrix.coefficient[order]
        self.first = np.searchsorted(matrix.column[order], np.arange(columns + 1))

    def of(self, columns: Ints) -> tuple[Ints, Ints, Ints]:
        """Place in `columns`, row and coefficient of each entry of these columns."""
        counts = self.first[columns + 1] - self.first[columns]
        place = np.repeat(np.arange(len(columns)), counts)
        entry = np.arange(counts.sum()) + np.repeat(
            self.first[columns] - (np.cumsum(counts) - counts), counts
        )
        return place, self.row[entry], self.coefficient[entry]


def restrict(
    program: Program, columns: Columns, free: Ints, held: Ints, activity: Ints
) -> tuple[Program, Ints]:
    """The program over the columns `free`, all others held as in `held`; and which rows it kept.

    `activity` is that of the rows at `held`. The work depends on the size of the part, not of the whole.
    Held columns are assumed to keep the rows that no free column touches.
    """
    place, row, coefficient = columns.of(free)
    rows, local = np.unique(row, return_inverse=True)
    order = np.argsort(local, kind="stable")
    local, place, coefficient = local[order], place[order], coefficient[order]
    first = np.searchsorted(local, np.arange(len(rows) + 1))
    fixed = activity[rows] - row_sums(first, coefficient * held[free[place]])
    low, high = program.matrix.low[rows], program.matrix.high[rows]
    low = np.where(low <= -UNBOUNDED, -UNBOUNDED, low - fixed)
    high = np.where(high >= UNBOUNDED, UNBOUNDED, high - fixed)
    ends = coefficient * program.low[free][place], coefficient * program.high[free][place]
    least, most = row_sums(first, np.minimum(*ends)), row_sums(first, np.maximum(*ends))
    kept = (low > least) | (high < most)
    entries = kept[local]
    matrix = Matrix(
        np.concatenate([ints([0]), np.cumsum(np.diff(first)[kept])]),
        place[entries],
        coefficient[entries],
        low[kept],
        high[kept],
    )
    part = replace(
        program,
        low=program.low[free],
        high=program.high[free],
        job=program.job[free],
        time=program.time[free],
        block=program.block[free],
        matrix=matrix,
        stages=(),
        family=program.family[rows[kept]],
        position=program.position[rows[kept]],
    )
    return part, rows[kept]


def with_starts(program: Program, values: Ints) -> Program:
    """The program with its starts held at `values`, everything else free."""
    starts = program.job != NO_JOB
    return replace(
        program,
        low=np.where(starts, values, program.low),
        high=np.where(starts, values, program.high),
    )


def with_row(program: Program, columns: Ints, coefficients: Ints, high: int) -> Program:
    """The program with one more row: Σ coefficient x column <= high."""
    matrix = program.matrix
    longer = Matrix(
        np.append(matrix.first, matrix.first[-1] + len(columns)),
        np.concatenate([matrix.column, columns]),
        np.concatenate([matrix.coefficient, coefficients]),
        np.append(matrix.low, -UNBOUNDED),
        np.append(matrix.high, high),
    )
    return replace(
        program,
        matrix=longer,
        families=(*program.families, "keep"),
        family=np.append(program.family, len(program.families)),
        position=np.append(program.position, 0),
        meanings=(*program.meanings, None),
    )


def without_rows(program: Program, left_out: Flags) -> Program:
    """The program without some rows."""
    kept = ~left_out
    rest = _rows(program.matrix, kept)
    return replace(program, matrix=rest, family=program.family[kept], position=program.position[kept])


def _rows(matrix: Matrix, kept: Flags) -> Matrix:
    entries = kept[matrix.row_of_entry()]
    return Matrix(
        np.concatenate([ints([0]), np.cumsum(np.diff(matrix.first)[kept])]),
        matrix.column[entries],
        matrix.coefficient[entries],
        matrix.low[kept],
        matrix.high[kept],
    )


def absorbed(program: Program) -> Program | None:
    """The program with its rows of a single column as bounds of that column; None if no value is left for it.

    A solver would do the same, but a row takes far longer to hand over than a bound. What rows stand for is lost.
    """
    matrix = program.matrix
    single = np.diff(matrix.first) == 1
    if not single.any():
        return program
    entry = matrix.first[:-1][single]
    column, coefficient = matrix.column[entry], matrix.coefficient[entry]
    # low <= coefficient x column <= high, divided by the coefficient and rounded inwards.
    up, size = coefficient > 0, np.abs(coefficient)
    least, most = matrix.low[single], matrix.high[single]
    above = np.where(up, least > -UNBOUNDED, most < UNBOUNDED)
    below = np.where(up, most < UNBOUNDED, least > -UNBOUNDED)
    low, high = program.low.copy(), program.high.copy()
    np.maximum.at(low, column[above], -(-np.where(up, least, -most)[above] // size[above]))
    np.minimum.at(high, column[below], np.where(up, most, -least)[below] // size[below])
    if (low > high).any():
        return None
    return replace(program, low=low, high=high, matrix=_rows(matrix, ~single))
