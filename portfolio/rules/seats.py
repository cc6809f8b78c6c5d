"""Supply of seats by cell and year: capacity + added - replaced - offline, never below 0."""

from __future__ import annotations

from collections.abc import Mapping

from portfolio.domain.demand import Cell
from portfolio.domain.project import SeatEffect
from portfolio.domain.schedule import Schedule, SeatLine
from portfolio.scenario.problem import Candidate, PlanningProblem


def effect_on(candidate: Candidate, effect: SeatEffect, start: int, year: int) -> int:
    """Seats that the effect adds in `year` (negative: takes away) if the project starts in `start`."""
    opens = candidate.opens(start)
    if year >= opens:
        return effect.added - effect.seats_replaced
    return -effect.seats_offline if year >= start else 0


def supply(
    problem: PlanningProblem, schedule: Schedule, *, public_only: bool = False
) -> dict[Cell, dict[int, int]]:
    """Seats of each cell with capacity, demand or a seat effect, in each year of the horizon."""
    base: Mapping[Cell, Mapping[int, int]] = problem.public_capacity if public_only else problem.capacity
    empty = dict.fromkeys(problem.horizon.years, 0)
    raw = {cell: dict(base.get(cell, empty)) for cell in {**problem.demand, **base}}
    for key, start in schedule.starts.items():
        candidate = problem.candidates[key]
        for effect in candidate.effects:
            if public_only and not effect.public:
                continue
            seats = raw.setdefault(Cell(candidate.row.county, effect.zone, effect.stage), dict(empty))
            for year in seats:
                seats[year] += effect_on(candidate, effect, start, year)
    return {cell: {y: max(0, n) for y, n in seats.items()} for cell, seats in raw.items()}


def lines(problem: PlanningProblem, schedule: Schedule) -> tuple[SeatLine, ...]:
    """Demand and supply of every cell with demand."""
    supplied = supply(problem, schedule)
    return tuple(
        SeatLine(cell, year, demand, supplied[cell][year])
        for cell, by_year in problem.demand.items()
        for year, demand in by_year.items()
    )
