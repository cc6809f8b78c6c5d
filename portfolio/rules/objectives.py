"""The objectives recomputed from a schedule, without the solver (MODEL section 4)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from portfolio.domain.money import to_wan
from portfolio.domain.schedule import Schedule
from portfolio.rules import milestone, seats, target
from portfolio.scenario.problem import PlanningProblem


def seat_shortage(problem: PlanningProblem, schedule: Schedule) -> Decimal:
    """Σ weight of the stage x missing seats, over cells and years."""
    return sum(
        (
            problem.weights.get(row.cell.stage, Decimal(0)) * row.shortage
            for row in seats.lines(problem, schedule)
        ),
        Decimal(0),
    )


def targets(problem: PlanningProblem, schedule: Schedule) -> Decimal:
    """Missing seats of the soft targets."""
    return Decimal(sum(row.missing for row in target.lines(problem, schedule) if row.soft))


def milestones(problem: PlanningProblem, schedule: Schedule) -> Decimal:
    """Years late over the soft milestones."""
    soft = [m for m in problem.milestones if not m.firm]
    return Decimal(sum(milestone.line(problem, schedule, m).late_years for m in soft))


def priority(problem: PlanningProblem, schedule: Schedule) -> Decimal:
    """Σ (6 - priority) x years in use inside the horizon."""
    horizon = problem.horizon
    points = 0
    for key, start in schedule.starts.items():
        candidate = problem.candidates[key]
        in_use = horizon.last_year + 1 - max(candidate.opens(start), horizon.first_year)
        points += (6 - candidate.priority) * max(0, in_use)
    return Decimal(points)


def idle_seats(problem: PlanningProblem, schedule: Schedule) -> Decimal:
    """Seats above demand, over cells with demand and years."""
    return Decimal(sum(row.idle for row in seats.lines(problem, schedule)))


def disruption(problem: PlanningProblem, schedule: Schedule) -> Decimal:
    """Years of shift against the approved plan; a project dropped or added counts the horizon."""
    approved = problem.approved
    if approved is None:
        return Decimal(0)
    shift = 0
    for key in problem.candidates:
        old, new = approved.get(key), schedule.starts.get(key)
        if old is not None and new is not None:
            shift += abs(new - old)
        elif (old is None) != (new is None):
            shift += len(problem.horizon)
    return Decimal(shift)


def cost(problem: PlanningProblem, schedule: Schedule) -> Decimal:
    """Spend inside the horizon, 万元."""
    return to_wan(
        sum(sum(problem.spend_in_horizon(key, start).values()) for key, start in schedule.starts.items())
    )


def earliness(problem: PlanningProblem, schedule: Schedule) -> Decimal:
    """Years from the earliest possible start; a fixed start has no other."""
    years = 0
    for key, start in schedule.starts.items():
        candidate = problem.candidates[key]
        if candidate.fixed_start is None:
            first = problem.horizon.first_year
            years += start - max(
                first, first if candidate.earliest_start is None else candidate.earliest_start
            )
    return Decimal(years)


VALUES: dict[str, Callable[[PlanningProblem, Schedule], Decimal]] = {
    "seat_shortage": seat_shortage,
    "targets": targets,
    "milestones": milestones,
    "priority": priority,
    "idle_seats": idle_seats,
    "disruption": disruption,
    "cost": cost,
    "earliness": earliness,
}
