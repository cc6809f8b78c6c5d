"""Supply of seats by cell and year as sparse terms, for all cells at once.

A slot is a cell and a year: number of the cell x length of the horizon + years since its first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from portfolio.domain.demand import Cell
from portfolio.optimise.program import Ints, ProgramBuilder, ints
from portfolio.scenario.problem import PlanningProblem


class Starts(Protocol):
    """The start columns, as `Variables` has them."""

    first: Ints
    job: Ints
    year: Ints
    opens: Ints
    number: dict[str, int]
    block_of_county: dict[str, int]


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of many expressions: `position` is the expression's place in what was asked for."""

    position: Ints
    column: Ints
    coefficient: Ints


class SeatTable:
    """Seats by slot: what stands already, what each start adds or takes, and never less than none.

    Where projects may take more than there is, a column adds what is missing to 0, and a switch lets
    that column move only while the supply stands at 0 (MODEL section 3, last lines).
    """

    def __init__(self, program: ProgramBuilder, problem: PlanningProblem, starts: Starts) -> None:
        self._program = program
        self._problem = problem
        self._starts = starts
        effect_cells = [
            Cell(c.row.county, e.zone, e.stage) for c in problem.candidates.values() for e in c.effects
        ]
        known = dict.fromkeys([*problem.demand, *problem.capacity, *problem.public_capacity, *effect_cells])
        self.cell_number = {cell: number for number, cell in enumerate(known)}
        self.cells = tuple(known)
        self._years = len(problem.horizon)
        self._views: dict[bool, _View] = {}
        self._column, self._slot, self._seats, self._public = self._effects()

    def slots(self, cell: Cell) -> Ints:
        """The slots of a cell, by year."""
        return self.cell_number[cell] * self._years + np.arange(self._years)

    def slots_of(self, cells: list[Cell]) -> Ints:
        """The slots of cells, cell by cell and year by year."""
        numbers = ints([self.cell_number[cell] for cell in cells])
        return (numbers[:, None] * self._years + np.arange(self._years)).ravel()

    def existing(self, slots: Ints, *, public_only: bool = False) -> Ints:
        """Seats that stand without any project."""
        return self._view(public_only=public_only).existing[slots]

    def supply(self, slots: Ints, *, public_only: bool = False) -> Terms:
        """What projects add to the seats of the slots, the lift to 0 included."""
        view = self._view(public_only=public_only)
        view.clamp(np.unique(slots))
        return view.terms(slots)

    def standing(self, chosen: Ints) -> Ints:
        """Seats of every slot where the start columns `chosen` are taken, and no others."""
        taken = np.isin(self._column, chosen)
        seats = self.existing(np.arange(len(self.cells) * self._years))
        np.add.at(seats, self._slot[taken], self._seats[taken])
        return np.maximum(0, seats)

    def _view(self, *, public_only: bool) -> _View:
        if public_only not in self._views:
            kept = self._public | (not public_only)
            base = self._problem.public_capacity if public_only else self._problem.capacity
            existing = [
                base.get(cell, {}).get(year, 0) for cell in self.cells for year in self._problem.horizon.years
            ]
            self._views[public_only] = _View(
                self._program,
                self._starts.job,
                ints(existing),
                (self._slot[kept], self._column[kept], self._seats[kept]),
                np.repeat(
                    ints([self._starts.block_of_county.get(c.county, -1) for c in self.cells]), self._years
                ),
            )
        return self._views[public_only]

    def _effects(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Start column, slot, seats and whether public, for every effect of every start in every year."""
        starts, first_year = self._starts, self._problem.horizon.first_year
        rows = [
            (starts.number[key], self.cell_number[Cell(c.row.county, e.zone, e.stage)],
             e.added - e.seats_replaced, e.seats_offline, e.public)
            for key, c in self._problem.candidates.items()
            for e in c.effects
        ]  # fmt: skip
        job, cell, added, offline, public = ints(rows).reshape(-1, 5).T
        counts = np.diff(starts.first)[job]
        effect = np.repeat(np.arange(len(rows)), counts)
        column = np.arange(counts.sum()) + np.repeat(starts.first[job] - (np.cumsum(counts) - counts), counts)
        years = first_year + np.arange(self._years)
        in_use = years >= starts.opens[column][:, None]
        building = (years >= starts.year[column][:, None]) & ~in_use
        seats = in_use * added[effect][:, None] - building * offline[effect][:, None]
        slot = cell[effect][:, None] * self._years + np.arange(self._years)
        where, year = np.nonzero(seats)
        return column[where], slot[where, year], seats[where, year], public[effect][where] != 0


class _View:
    """All seats, or the public ones: terms sorted by slot."""

    def __init__(
        self, program: ProgramBuilder, job: Ints, existing: Ints, terms: tuple[Ints, Ints, Ints], block: Ints
    ) -> None:
        self._program = program
        self._job = job
        self._block = block
        self.existing = existing
        order = np.argsort(terms[0], kind="stable")
        self._slot, self._column, self._seats = (part[order] for part in terms)
        self._first = np.searchsorted(self._slot, np.arange(len(existing) + 1))
        self._least, self._most = self._range()
        self._lift = np.full(len(existing), -1)

    def _range(self) -> tuple[Ints, Ints]:
        """Bounds of the terms of each slot, given that a project starts at most once."""
        place = np.stack([self._slot, self._job[self._column]])
        least, most = np.zeros(len(self.existing), np.int64), np.zeros(len(self.existing), np.int64)
        if not place.size:
            return least, most
        # A project may have several effects in a cell: sum them by start first.
        triple, back = np.unique(np.stack([*place, self._column]), axis=1, return_inverse=True)
        seats = np.zeros(triple.shape[1], np.int64)
        np.add.at(seats, back.ravel(), self._seats)
        begins = np.flatnonzero(np.concatenate([[True], (np.diff(triple[:2], axis=1) != 0).any(axis=0)]))
        slot = triple[0][begins]
        np.add.at(least, slot, np.minimum(0, np.minimum.reduceat(seats, begins)))
        np.add.at(most, slot, np.maximum(0, np.maximum.reduceat(seats, begins)))
        return least, most

    def clamp(self, slots: Ints) -> None:
        """Adds the columns and rows that keep the supply of these slots from falling below 0."""
        below = self.existing + self._least
        needed = slots[(below[slots] < 0) & (self._lift[slots] < 0)]
        if not len(needed):
            return
        depth, block = -below[needed], self._block[needed]
        lift = self._program.add_columns(0, depth, block=block)
        at_zero = self._program.add_columns(0, np.ones(len(needed)), block=block)
        self._lift[needed] = lift
        supply, here = self.terms(needed), np.arange(len(needed))
        ceiling = np.maximum(0, self.existing[needed] + self._most[needed])
        count = len(needed)
        self._program.add_rows(
            "supply",
            supply.position,
            supply.column,
            supply.coefficient,
            low=-self.existing[needed],
            count=count,
        )
        self._program.add_rows(
            "lift",
            np.concatenate([here, here]),
            np.concatenate([lift, at_zero]),
            np.concatenate([np.ones(count), -depth]),
            high=0,
            count=count,
        )
        self._program.add_rows(
            "at_zero",
            np.concatenate([supply.position, here]),
            np.concatenate([supply.column, at_zero]),
            np.concatenate([supply.coefficient, ceiling]),
            high=ceiling - self.existing[needed],
            count=count,
        )

    def terms(self, slots: Ints) -> Terms:
        counts = self._first[slots + 1] - self._first[slots]
        position = np.repeat(np.arange(len(slots)), counts)
        entry = np.arange(counts.sum()) + np.repeat(self._first[slots] - (np.cumsum(counts) - counts), counts)
        lifted = np.flatnonzero(self._lift[slots] >= 0)
        return Terms(
            np.concatenate([position, lifted]),
            np.concatenate([self._column[entry], self._lift[slots][lifted]]),
            np.concatenate([self._seats[entry], np.ones(len(lifted), np.int64)]),
        )
