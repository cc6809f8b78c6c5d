"""`target`: seats for a share of the demand; a soft target yields the seats it misses instead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np

from portfolio.domain.demand import Cell
from portfolio.domain.places import county_name
from portfolio.domain.project import Stage
from portfolio.domain.schedule import Requirement
from portfolio.domain.text import Text
from portfolio.optimise.program import Ints, ProgramBuilder, ints
from portfolio.optimise.seats import Terms
from portfolio.optimise.variables import Variables
from portfolio.scenario.problem import PlanningProblem, Target


@dataclass(frozen=True, slots=True)
class Need:
    """Seats that `cells` together need in a year: a target's share of `demand`, rounded up."""

    cells: tuple[Cell, ...]
    year: int
    seats: int
    demand: int
    label: Text
    public_only: bool

    def requirement(self) -> Requirement:
        text = Text(
            f"{self.label.zh} {self.year} 年须有 {self.seats:,} 座",
            f"{self.label.en} {self.year}: {self.seats:,} seats required",
        )
        return Requirement("target", text, county=self.cells[0].county, year=self.year)


def add(program: ProgramBuilder, problem: PlanningProblem, variables: Variables) -> None:
    for public_only in (False, True):
        needs = needs_of(problem, soft=False, public_only=public_only)
        if needs:
            _require(program, needs, *missing_now(problem, variables, needs, public_only=public_only))


def _require(program: ProgramBuilder, needs: list[Need], missing: Ints, supply: Terms) -> None:
    program.add_rows(
        "target",
        supply.position,
        supply.column,
        supply.coefficient,
        low=missing,
        count=len(needs),
        meaning=lambda position: needs[position].requirement(),
    )


def missing(program: ProgramBuilder, problem: PlanningProblem, variables: Variables) -> Ints:
    """One column for each soft target, cell and year: the seats it misses."""
    columns = [ints([])]
    for public_only in (False, True):
        needs = needs_of(problem, soft=True, public_only=public_only)
        if needs:
            short, supply = missing_now(problem, variables, needs, public_only=public_only)
            here = np.arange(len(needs))
            block = ints([variables.block_of_county.get(need.cells[0].county, -1) for need in needs])
            column = program.add_columns(0, [need.seats for need in needs], block=block)
            program.add_rows(
                "soft_target",
                np.concatenate([supply.position, here]),
                np.concatenate([supply.column, column]),
                np.concatenate([supply.coefficient, np.ones(len(needs), np.int64)]),
                low=short,
                count=len(needs),
            )
            columns.append(column)
    return ints(np.concatenate(columns))


def missing_now(
    problem: PlanningProblem, variables: Variables, needs: list[Need], *, public_only: bool
) -> tuple[Ints, Terms]:
    """Seats missing without any project, and what projects supply, for each need."""
    seats, first_year = variables.seats, problem.horizon.first_year
    counts = ints([len(need.cells) for need in needs])
    slot = ints([seats.slots(cell)[need.year - first_year] for need in needs for cell in need.cells])
    need_of_slot = np.repeat(np.arange(len(needs)), counts)
    supply = seats.supply(slot, public_only=public_only)
    existing = np.zeros(len(needs), np.int64)
    np.add.at(existing, need_of_slot, seats.existing(slot, public_only=public_only))
    terms = Terms(need_of_slot[supply.position], supply.column, supply.coefficient)
    return ints([need.seats for need in needs]) - existing, terms


def needs_of(problem: PlanningProblem, *, soft: bool, public_only: bool) -> list[Need]:
    """Wherever targets of the kind ask for seats at all."""
    found = []
    for target in problem.targets:
        if target.soft is not soft or (target.ratio is None) is not public_only:
            continue
        share = Fraction((target.public_share if target.ratio is None else target.ratio) or 0)
        years = [y for y in problem.horizon.years if target.first_year <= y <= target.last_year]
        for cells, demand_cells, label in _places(problem, target):
            for year in years:
                demand = sum(problem.demand[cell][year] for cell in demand_cells)
                needed = ceil(share * demand)
                if needed > 0:
                    found.append(Need(tuple(cells), year, needed, demand, label, public_only))
    return found


def _places(problem: PlanningProblem, target: Target) -> Iterator[tuple[list[Cell], list[Cell], Text]]:
    """The cells whose supply counts together, those whose demand counts, and a label."""
    if target.ratio is not None:
        for cell in problem.cells:
            named = (target.county, target.zone, target.stage)
            if all(want in ("", have) for want, have in zip(named, cell, strict=True)):
                yield [cell], [cell], cell.label
        return
    kindergartens = [c for c in problem.cells if c.stage is Stage.KINDERGARTEN]
    supplying = _kindergarten_cells(problem)
    for county in dict.fromkeys(c.county for c in kindergartens):
        if target.county in ("", county):
            own = [c for c in supplying.get(county, []) if target.zone in ("", c.zone)]
            needing = [c for c in kindergartens if c.county == county and target.zone in ("", c.zone)]
            if own or needing:
                yield own or needing, needing, _public_label(county, target.zone)


def _public_label(county: str, zone: str) -> Text:
    name, where = county_name(county), f"{zone} " if zone else ""
    return Text(f"{name.zh} {where}公办幼儿园", f"{name.en} {where}public kindergarten")


def _kindergarten_cells(problem: PlanningProblem) -> dict[str, list[Cell]]:
    """By county, cells with demand, capacity or a seat effect; private seats alone make no difference."""
    cells = [*problem.demand, *problem.public_capacity]
    for candidate in problem.candidates.values():
        cells += [Cell(candidate.row.county, e.zone, e.stage) for e in candidate.effects if e.public]
    found: dict[str, list[Cell]] = {}
    for cell in dict.fromkeys(cells):
        if cell.stage is Stage.KINDERGARTEN:
            found.setdefault(cell.county, []).append(cell)
    return found
