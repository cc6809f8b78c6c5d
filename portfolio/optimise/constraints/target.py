"""`target`: seats for a share of the demand; a soft target yields the seats it misses instead."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil

from portfolio.domain.demand import Cell
from portfolio.domain.places import county_name
from portfolio.domain.project import Stage
from portfolio.domain.schedule import Requirement
from portfolio.domain.text import Text
from portfolio.optimise.program import Program, Term
from portfolio.optimise.variables import Variables
from portfolio.scenario.problem import PlanningProblem, Target


def add(program: Program, problem: PlanningProblem, variables: Variables) -> None:
    for target in problem.targets:
        if not target.soft:
            for needed, constant, terms, requirement in needs(problem, variables, target):
                program.add_row(terms, needed - constant, None, requirement)


def missing(program: Program, problem: PlanningProblem, variables: Variables) -> list[Term]:
    """One column for each soft target, cell and year: the seats it misses."""
    columns: list[Term] = []
    for target in problem.targets:
        if target.soft:
            for needed, constant, terms, _ in needs(problem, variables, target):
                column = program.add_column(0, needed)
                program.add_row([(column, 1), *terms], needed - constant, None)
                columns.append((column, 1))
    return columns


def needs(
    problem: PlanningProblem, variables: Variables, target: Target
) -> Iterator[tuple[int, int, list[Term], Requirement]]:
    """Seats needed, and the supply as constant and terms, wherever the target asks for any."""
    years = [y for y in problem.horizon.years if target.first_year <= y <= target.last_year]
    for cells, demand_cells, label in _places(problem, target):
        for year in years:
            demand = sum(problem.demand[cell][year] for cell in demand_cells)
            share = target.ratio if target.ratio is not None else target.public_share
            needed = ceil(Fraction(share or 0) * demand)
            if needed <= 0:
                continue
            constant, terms = 0, list[Term]()
            for cell in cells:
                fixed, more = variables.clamped_supply(cell, year, public_only=target.ratio is None)
                constant += fixed
                terms += more
            text = Text(
                f"{label.zh} {year} 年须有 {needed:,} 座", f"{label.en} {year}: {needed:,} seats required"
            )
            yield needed, constant, terms, Requirement("target", text, county=cells[0].county, year=year)


def _places(problem: PlanningProblem, target: Target) -> Iterator[tuple[list[Cell], list[Cell], Text]]:
    """The cells whose supply counts together, those whose demand counts, and a label."""
    if target.ratio is not None:
        for cell in problem.cells:
            named = (target.county, target.zone, target.stage)
            if all(want in ("", have) for want, have in zip(named, cell, strict=True)):
                yield [cell], [cell], cell.label
        return
    kindergartens = [c for c in problem.cells if c.stage is Stage.KINDERGARTEN]
    for county in dict.fromkeys(c.county for c in kindergartens):
        if target.county in ("", county):
            supplying = [c for c in _kindergarten_cells(problem, county) if target.zone in ("", c.zone)]
            needing = [c for c in kindergartens if c.county == county and target.zone in ("", c.zone)]
            if supplying or needing:
                yield supplying or needing, needing, _public_label(county, target.zone)


def _public_label(county: str, zone: str) -> Text:
    name, where = county_name(county), f"{zone} " if zone else ""
    return Text(f"{name.zh} {where}公办幼儿园", f"{name.en} {where}public kindergarten")


def _kindergarten_cells(problem: PlanningProblem, county: str) -> list[Cell]:
    """Cells with demand, capacity or a seat effect; private seats alone make no difference."""
    cells = [*problem.demand, *problem.public_capacity]
    for candidate in problem.candidates.values():
        cells += [Cell(candidate.row.county, e.zone, e.stage) for e in candidate.effects if e.public]
    return list(dict.fromkeys(c for c in cells if c.county == county and c.stage is Stage.KINDERGARTEN))
