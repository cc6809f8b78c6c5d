"""`target`: seats for a share of the demand in each cell, or a share of public kindergarten seats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil

from portfolio.domain.demand import Cell
from portfolio.domain.project import Stage
from portfolio.domain.schedule import Requirement, Schedule, TargetLine
from portfolio.domain.text import Text
from portfolio.rules.seats import supply
from portfolio.scenario.problem import PlanningProblem, Target

Supply = Mapping[Cell, Mapping[int, int]]


def lines(problem: PlanningProblem, schedule: Schedule) -> Iterator[TargetLine]:
    """Each target in each county, zone and year of the horizon that it names."""
    every = supply(problem, schedule)
    public = supply(problem, schedule, public_only=True)
    for target in problem.targets:
        years = [y for y in problem.horizon.years if target.first_year <= y <= target.last_year]
        if target.ratio is not None:
            yield from _by_cell(problem, target, years, every)
        else:
            yield from _public(problem, target, years, public)


def _by_cell(
    problem: PlanningProblem, target: Target, years: list[int], every: Supply
) -> Iterator[TargetLine]:
    ratio = Fraction(target.ratio or 0)
    for cell in problem.cells:
        if (
            target.county in ("", cell.county)
            and target.zone in ("", cell.zone)
            and target.stage in ("", cell.stage)
        ):
            for year in years:
                needed = ceil(ratio * problem.demand[cell][year])
                yield TargetLine(
                    cell.county, cell.zone, cell.stage, year, needed, every[cell][year], target.soft
                )


def _public(
    problem: PlanningProblem, target: Target, years: list[int], public: Supply
) -> Iterator[TargetLine]:
    share = Fraction(target.public_share or 0)
    counties = dict.fromkeys(c.county for c in problem.cells if c.stage is Stage.KINDERGARTEN)
    for county in counties:
        if target.county not in ("", county):
            continue

        def here(cell: Cell, county: str = county) -> bool:
            return (
                cell.county == county and cell.stage is Stage.KINDERGARTEN and target.zone in ("", cell.zone)
            )

        for year in years:
            demand = sum(seats[year] for cell, seats in problem.demand.items() if here(cell))
            have = sum(seats[year] for cell, seats in public.items() if here(cell))
            yield TargetLine(
                county, target.zone, Stage.KINDERGARTEN, year, ceil(share * demand), have, target.soft
            )


def violations(problem: PlanningProblem, schedule: Schedule) -> Iterator[Requirement]:
    for row in lines(problem, schedule):
        if not row.soft and row.missing:
            where = f"{row.county} {row.zone} {row.stage}".replace("  ", " ")
            text = Text(
                f"{where} {row.year} 年应有 {row.needed} 座，只有 {row.supply} 座",
                f"{where} {row.year}: {row.needed} seats needed, {row.supply} supplied",
            )
            yield Requirement("target", text, county=row.county, year=row.year)
