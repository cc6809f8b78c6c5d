"""The objectives as stages of the program (MODEL section 4)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import lcm

from portfolio.domain.money import HUNDREDTHS_PER_WAN
from portfolio.optimise.constraints.milestone import year_met
from portfolio.optimise.constraints.target import missing
from portfolio.optimise.program import Program, Stage, Term
from portfolio.optimise.variables import Variables
from portfolio.scenario.problem import PlanningProblem

Builder = Callable[[Program, PlanningProblem, Variables], Stage]


def seat_shortage(program: Program, problem: PlanningProblem, variables: Variables) -> Stage:
    """A column for the missing seats of each cell and year, weighted by stage."""
    weights = {stage: Fraction(weight) for stage, weight in problem.weights.items()}
    divisor = lcm(*(weight.denominator for weight in weights.values()), 1)
    terms: list[Term] = []
    constant = 0
    for cell in problem.cells:
        weight = int(weights.get(cell.stage, Fraction(0)) * divisor)
        for year in problem.horizon.years if weight else ():
            demand = problem.demand[cell][year]
            base, supply = variables.clamped_supply(cell, year)
            if not supply:
                constant += weight * max(0, demand - base)
            elif demand:
                column = program.add_column(0, demand)
                program.add_row([(column, 1), *supply], demand - base, None)
                terms.append((column, weight))
    return Stage("seat_shortage", tuple(terms), constant, divisor)


def idle_seats(program: Program, problem: PlanningProblem, variables: Variables) -> Stage:
    """A column for the seats above demand of each cell and year."""
    terms: list[Term] = []
    constant = 0
    for cell in problem.cells:
        for year in problem.horizon.years:
            demand = problem.demand[cell][year]
            base, supply = variables.clamped_supply(cell, year)
            if not supply:
                constant += max(0, base - demand)
                continue
            most = base - demand + program.range_of(supply)[1]
            if most > 0:
                column = program.add_column(0, most)
                minus = [(c, -a) for c, a in supply]
                program.add_row([(column, 1), *minus], base - demand, None)
                terms.append((column, 1))
    return Stage("idle_seats", tuple(terms), constant)


def targets(program: Program, problem: PlanningProblem, variables: Variables) -> Stage:
    return Stage("targets", tuple(missing(program, problem, variables)))


def milestones(_: Program, problem: PlanningProblem, variables: Variables) -> Stage:
    """Years late; a project that is not selected is as late as the year after the last."""
    never = problem.horizon.last_year + 1
    terms: list[Term] = []
    constant = 0
    for milestone in problem.milestones:
        if milestone.firm:
            continue
        candidate = problem.candidates[milestone.project]
        at_worst = max(0, never - milestone.year)
        constant += at_worst
        for start, column in variables.starts[milestone.project].items():
            late = max(0, min(year_met(candidate, milestone, start), never) - milestone.year)
            terms.append((column, late - at_worst))
    return Stage("milestones", tuple(terms), constant)


def priority(_: Program, problem: PlanningProblem, variables: Variables) -> Stage:
    """Years in use inside the horizon, weighted 5 for priority 1 … 1 for priority 5; maximised."""
    horizon = problem.horizon
    terms: list[Term] = []
    for key, columns in variables.starts.items():
        candidate = problem.candidates[key]
        for start, column in columns.items():
            in_use = horizon.last_year + 1 - max(candidate.opens(start), horizon.first_year)
            terms.append((column, -(6 - candidate.priority) * max(0, in_use)))
    return Stage("priority", tuple(terms), sign=-1)


def disruption(_: Program, problem: PlanningProblem, variables: Variables) -> Stage:
    """Years of shift against the approved plan; dropped or added counts the horizon's length."""
    terms: list[Term] = []
    constant = 0
    if problem.approved is None:
        return Stage("disruption", ())
    whole = len(problem.horizon)
    for key, columns in variables.starts.items():
        approved = problem.approved.get(key)
        if approved is None:
            terms += [(column, whole) for column in columns.values()]
        else:
            constant += whole
            terms += [(column, abs(start - approved) - whole) for start, column in columns.items()]
    return Stage("disruption", tuple(terms), constant)


def cost(_: Program, problem: PlanningProblem, variables: Variables) -> Stage:
    terms = [
        (column, sum(problem.spend_in_horizon(key, start).values()))
        for key, columns in variables.starts.items()
        for start, column in columns.items()
    ]
    return Stage("cost", tuple(terms), divisor=HUNDREDTHS_PER_WAN)


def earliness(_: Program, problem: PlanningProblem, variables: Variables) -> Stage:
    """Years from the earliest possible start; a fixed start has no other."""
    first = problem.horizon.first_year
    terms: list[Term] = []
    for key, columns in variables.starts.items():
        candidate = problem.candidates[key]
        if candidate.fixed_start is None:
            earliest = max(first, first if candidate.earliest_start is None else candidate.earliest_start)
            terms += [(column, start - earliest) for start, column in columns.items()]
    return Stage("earliness", tuple(terms))


BUILDERS: dict[str, Builder] = {
    "seat_shortage": seat_shortage,
    "targets": targets,
    "milestones": milestones,
    "priority": priority,
    "idle_seats": idle_seats,
    "disruption": disruption,
    "cost": cost,
    "earliness": earliness,
}
