"""A start-selection program: integer columns, sparse linear rows, objectives in order.

It knows nothing of schools. Most columns say that a job starts at a time; the others are what
follows from the starts, such as money drawn or seats missing. Rows and columns come in bulk, as
arrays. A family of rows may say which requirement each of them stands for, so that a conflict can
be told in the planner's words; rows without one are bookkeeping and always hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from portfolio.domain.schedule import Requirement

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Term = tuple[int, int]
"""(column, coefficient)"""

UNBOUNDED = 2**62
"""A row bound of this size, or its negative, stands for none."""

NO_JOB = -1


def ints(values: ArrayLike) -> Ints:
    return np.asarray(values, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Stage:
    """An objective: minimise `constant` + Σ coefficient x column; the value shown is that times `sign` / `divisor`.

    `sign` is -1 for a figure that is to be made as large as possible. `least` is a bound that is known
    beforehand: no count of missing seats goes below 0. A column stands at most once.
    """

    name: str
    columns: Ints
    coefficients: Ints
    constant: int = 0
    divisor: int = 1
    sign: int = 1
    least: int | None = None

    def value(self, values: Ints) -> int:
        """The stage's integer, as minimised, at a solution."""
        return self.constant + int(values[self.columns] @ self.coefficients)


def figure(stage: Stage, minimised: int) -> Decimal:
    """A stage's integer in the units people read."""
    value = Decimal(stage.sign * minimised) / stage.divisor
    return value or Decimal(0)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows low <= Σ coefficient x column <= high, entries row by row; row i has the entries
    `first[i]` to `first[i + 1]`, each column once and no coefficient 0."""

    first: Ints
    column: Ints
    coefficient: Ints
    low: Ints
    high: Ints

    def __len__(self) -> int:
        return len(self.low)

    def row_of_entry(self) -> Ints:
        return np.repeat(np.arange(len(self)), np.diff(self.first))

    def activity(self, values: Ints) -> Ints:
        """Σ coefficient x value of each row."""
        return row_sums(self.first, self.coefficient * values[self.column])

    def broken(self, values: Ints) -> Ints:
        """Rows that `values` do not keep."""
        activity = self.activity(values)
        return np.flatnonzero((activity < self.low) | (activity > self.high))


def row_sums(first: Ints, entries: Ints) -> Ints:
    """Sums of the entries of each row, 0 for an empty one."""
    total = np.concatenate([[0], np.cumsum(entries)])
    return ints(total[first[1:]] - total[first[:-1]])


Meaning = Requirement | Callable[[int], Requirement] | None
"""The requirement of a family's rows: one for all, or by the row's position in the family."""


@dataclass(frozen=True, slots=True)
class _Family:
    name: str
    row: Ints
    column: Ints
    coefficient: Ints
    low: Ints
    high: Ints
    meaning: Meaning


@dataclass(slots=True)
class ProgramBuilder:
    """Columns, families of rows and stages, in the order they were added."""

    stages: list[Stage] = field(default_factory=list)
    _low: list[Ints] = field(default_factory=list)
    _high: list[Ints] = field(default_factory=list)
    _job: list[Ints] = field(default_factory=list)
    _time: list[Ints] = field(default_factory=list)
    _block: list[Ints] = field(default_factory=list)
    _families: list[_Family] = field(default_factory=list)
    _size: int = 0

    def add_columns(
        self,
        low: ArrayLike,
        high: ArrayLike,
        *,
        job: ArrayLike = NO_JOB,
        time: ArrayLike = 0,
        block: ArrayLike = NO_JOB,
    ) -> Ints:
        """New integer columns between `low` and `high`; their numbers.

        `job` and `time` tell which columns are starts of the same job; `block` which columns belong to
        the same part of the problem, so that little ties one block to another.
        """
        arrays = [np.atleast_1d(a) for a in np.broadcast_arrays(ints(low), ints(high), job, time, block)]
        for kept, values in zip(
            (self._low, self._high, self._job, self._time, self._block), arrays, strict=True
        ):
            kept.append(ints(values))
        first, self._size = self._size, self._size + len(arrays[0])
        return np.arange(first, self._size)

    def add_column(self, low: int, high: int, *, block: int = NO_JOB) -> int:
        return int(self.add_columns(low, high, block=block)[0])

    def add_rows(
        self,
        family: str,
        row: Ints,
        column: Ints,
        coefficient: ArrayLike,
        *,
        low: ArrayLike = -UNBOUNDED,
        high: ArrayLike = UNBOUNDED,
        count: int,
        meaning: Meaning = None,
    ) -> None:
        """`count` rows, whose entries have `row` from 0 to count - 1. Entries of one column are summed."""
        self._families.append(
            _Family(
                family,
                ints(row),
                ints(column),
                ints(np.broadcast_to(ints(coefficient), np.shape(row))),
                ints(np.broadcast_to(ints(low), (count,))),
                ints(np.broadcast_to(ints(high), (count,))),
                meaning,
            )
        )

    def add_row(
        self,
        family: str,
        terms: Iterable[Term],
        *,
        low: int = -UNBOUNDED,
        high: int = UNBOUNDED,
        meaning: Requirement | None = None,
    ) -> None:
        """A single row, for rules of which there are few."""
        pairs = ints(list(terms)).reshape(-1, 2)
        zeros = np.zeros(len(pairs), dtype=np.int64)
        self.add_rows(family, zeros, pairs[:, 0], pairs[:, 1], low=low, high=high, count=1, meaning=meaning)

    def most(self, columns: Ints) -> Ints:
        """The upper bounds of columns."""
        return _joined(self._high)[columns]

    def add_stage(self, stage: Stage) -> None:
        self.stages.append(stage)

    def build(self) -> Program:
        """The program as arrays; rows that the bounds of their columns guarantee are left out."""
        families = self._families
        counts = [len(f.low) for f in families]
        offsets = np.cumsum([0, *counts])
        size = int(offsets[-1])
        low, high = _joined(self._low), _joined(self._high)
        row_low, row_high = _joined([f.low for f in families]), _joined([f.high for f in families])
        row, column, coefficient = merged(
            _joined([f.row + offset for f, offset in zip(families, offsets, strict=False)]),
            _joined([f.column for f in families]),
            _joined([f.coefficient for f in families]),
            self._size,
        )
        first = np.searchsorted(row, np.arange(size + 1))
        ends = coefficient * low[column], coefficient * high[column]
        least, most = row_sums(first, np.minimum(*ends)), row_sums(first, np.maximum(*ends))
        kept = (row_low > least) | (row_high < most)
        entries = kept[row]
        matrix = Matrix(
            np.concatenate([[0], np.cumsum(np.diff(first)[kept])]),
            column[entries],
            coefficient[entries],
            row_low[kept],
            row_high[kept],
        )
        family = np.repeat(np.arange(len(families)), counts)
        position = np.arange(size) - np.repeat(offsets[:-1], counts)
        return Program(
            low=low,
            high=high,
            job=_joined(self._job),
            time=_joined(self._time),
            block=_joined(self._block),
            matrix=matrix,
            stages=tuple(self.stages),
            families=tuple(f.name for f in families),
            family=family[kept],
            position=position[kept],
            meanings=tuple(f.meaning for f in families),
        )


@dataclass(frozen=True, kw_only=True)
class Program:
    """A program as arrays by column and by row, ready to be solved.

    `job` is NO_JOB for a column that is no start; `time` is the start's time, `block` the block of
    the column or NO_JOB. `family` tells each row's family in `families`.
    """

    low: Ints
    high: Ints
    job: Ints
    time: Ints
    block: Ints
    matrix: Matrix
    stages: tuple[Stage, ...]
    families: tuple[str, ...]
    family: Ints
    position: Ints
    meanings: tuple[Meaning, ...]

    def __len__(self) -> int:
        return len(self.low)

    @cached_property
    def requirements(self) -> tuple[Requirement | None, ...]:
        """What each row stands for."""
        return tuple(self.requirement(row) for row in range(len(self.matrix)))

    def requirement(self, row: int) -> Requirement | None:
        meaning = self.meanings[self.family[row]]
        if meaning is None or isinstance(meaning, Requirement):
            return meaning
        found: Requirement = meaning(int(self.position[row]))
        return found


def _joined(arrays: list[Ints]) -> Ints:
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.int64)


def merged(row: Ints, column: Ints, coefficient: Ints, columns: int) -> tuple[Ints, Ints, Ints]:
    """Entries in order of row and column, those of the same place summed, zeros left out."""
    place = row * max(1, columns) + column
    order = np.argsort(place, kind="stable")
    place, coefficient = place[order], coefficient[order]
    if not len(place):
        return row, column, coefficient
    begins = np.flatnonzero(np.concatenate([[True], place[1:] != place[:-1]]))
    total = np.add.reduceat(coefficient, begins)
    place = place[begins][total != 0]
    return place // max(1, columns), place % max(1, columns), total[total != 0]
