"""The objectives as stages of the program (MODEL section 4)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import lcm

import numpy as np

from portfolio.domain.demand import Cell
from portfolio.domain.money import HUNDREDTHS_PER_WAN
from portfolio.optimise.constraints.milestone import year_met
from portfolio.optimise.constraints.target import missing
from portfolio.optimise.program import Ints, ProgramBuilder, Stage, ints
from portfolio.optimise.seats import Terms
from portfolio.optimise.variables import Variables
from portfolio.scenario.problem import PlanningProblem

Builder = Callable[[ProgramBuilder, PlanningProblem, Variables], Stage]


def seat_shortage(program: ProgramBuilder, problem: PlanningProblem, variables: Variables) -> Stage:
    """A column for the missing seats of each cell and year, weighted by stage."""
    weights = {stage: Fraction(weight) for stage, weight in problem.weights.items()}
    divisor = lcm(*(weight.denominator for weight in weights.values()), 1)
    cells = [cell for cell in problem.cells if weights.get(cell.stage)]
    weight = np.repeat(ints([int(weights[cell.stage] * divisor) for cell in cells]), len(problem.horizon))
    slots, demand = variables.seats.slots_of(cells), _demand(problem, cells)
    supply = variables.seats.supply(slots)
    short = demand - variables.seats.existing(slots)
    served = np.bincount(supply.position, minlength=len(slots)) > 0
    constant = int((weight * np.maximum(0, short))[~served].sum())
    open_ = np.flatnonzero(served & (demand > 0))
    column = program.add_columns(0, demand[open_], block=_blocks(variables, cells, problem)[open_])
    _count_seats(program, "shortage", open_, column, supply, short)
    return Stage("seat_shortage", column, weight[open_], constant, divisor)


def idle_seats(program: ProgramBuilder, problem: PlanningProblem, variables: Variables) -> Stage:
    """A column for the seats above demand of each cell and year."""
    cells = list(problem.cells)
    slots, demand = variables.seats.slots_of(cells), _demand(problem, cells)
    supply = variables.seats.supply(slots)
    spare = variables.seats.existing(slots) - demand
    served = np.bincount(supply.position, minlength=len(slots)) > 0
    constant = int(np.maximum(0, spare)[~served].sum())
    gain = np.zeros(len(slots), np.int64)
    np.add.at(gain, supply.position, np.maximum(0, supply.coefficient) * program.most(supply.column))
    open_ = np.flatnonzero(served & (spare + gain > 0))
    column = program.add_columns(0, (spare + gain)[open_], block=_blocks(variables, cells, problem)[open_])
    _count_seats(
        program, "idle", open_, column, Terms(supply.position, supply.column, -supply.coefficient), spare
    )
    return Stage("idle_seats", column, np.ones(len(open_), np.int64), constant)


def _count_seats(
    program: ProgramBuilder, family: str, open_: Ints, column: Ints, supply: Terms, wanted: Ints
) -> None:
    """Rows column + supply >= wanted for the slots `open_`; the others have no column."""
    row_of = np.full(len(wanted), -1)
    row_of[open_] = np.arange(len(open_))
    here = row_of[supply.position] >= 0
    program.add_rows(
        family,
        np.concatenate([row_of[supply.position[here]], np.arange(len(open_))]),
        np.concatenate([supply.column[here], column]),
        np.concatenate([supply.coefficient[here], np.ones(len(open_), np.int64)]),
        low=wanted[open_],
        count=len(open_),
    )


def _demand(problem: PlanningProblem, cells: list[Cell]) -> Ints:
    return ints([problem.demand[cell][year] for cell in cells for year in problem.horizon.years])


def _blocks(variables: Variables, cells: list[Cell], problem: PlanningProblem) -> Ints:
    """The block of each slot of the cells."""
    return np.repeat(
        ints([variables.block_of_county.get(cell.county, -1) for cell in cells]), len(problem.horizon)
    )


def targets(program: ProgramBuilder, problem: PlanningProblem, variables: Variables) -> Stage:
    columns = missing(program, problem, variables)
    return Stage("targets", columns, np.ones(len(columns), np.int64))


def milestones(_: ProgramBuilder, problem: PlanningProblem, variables: Variables) -> Stage:
    """Years late; a project that is not selected is as late as the year after the last."""
    never = problem.horizon.last_year + 1
    total = np.zeros(len(variables.job), np.int64)
    constant = 0
    for milestone in problem.milestones:
        if milestone.firm:
            continue
        candidate = problem.candidates[milestone.project]
        at_worst = max(0, never - milestone.year)
        constant += at_worst
        columns = variables.columns(milestone.project)
        met = ints([year_met(candidate, milestone, s) for s in variables.year[columns].tolist()])
        total[columns] += np.maximum(0, np.minimum(met, never) - milestone.year) - at_worst
    return _over_starts("milestones", total, constant)


def priority(_: ProgramBuilder, problem: PlanningProblem, variables: Variables) -> Stage:
    """Years in use inside the horizon, weighted 5 for priority 1 … 1 for priority 5; maximised."""
    horizon = problem.horizon
    weight = 6 - ints([c.priority for c in problem.candidates.values()])[variables.job]
    in_use = horizon.last_year + 1 - np.maximum(variables.opens, horizon.first_year)
    return _over_starts("priority", -weight * np.maximum(0, in_use), sign=-1)


def disruption(_: ProgramBuilder, problem: PlanningProblem, variables: Variables) -> Stage:
    """Years of shift against the approved plan; dropped or added counts the horizon's length."""
    if problem.approved is None:
        return Stage("disruption", ints([]), ints([]))
    approved = problem.approved
    whole = len(problem.horizon)
    planned = np.array([key in approved for key in variables.keys], dtype=bool)
    then = ints([approved.get(key, 0) for key in variables.keys])
    shift = np.abs(variables.year - then[variables.job]) - whole
    total = np.where(planned[variables.job], shift, whole)
    return _over_starts("disruption", ints(total), whole * int(planned.sum()))


def cost(_: ProgramBuilder, __: PlanningProblem, variables: Variables) -> Stage:
    total = variables.spend.total(len(variables.job))
    return _over_starts("cost", total, divisor=HUNDREDTHS_PER_WAN)


def earliness(_: ProgramBuilder, problem: PlanningProblem, variables: Variables) -> Stage:
    """Years from the earliest possible start; a fixed start has no other."""
    first = problem.horizon.first_year
    candidates = problem.candidates.values()
    earliest = ints([max(first, first if c.earliest_start is None else c.earliest_start) for c in candidates])
    movable = np.array([c.fixed_start is None for c in candidates], dtype=bool)
    later = np.where(movable[variables.job], variables.year - earliest[variables.job], 0)
    return _over_starts("earliness", ints(later))


def _over_starts(
    name: str, coefficients: Ints, constant: int = 0, *, divisor: int = 1, sign: int = 1
) -> Stage:
    """A stage over the start columns, which come first."""
    columns = np.flatnonzero(coefficients)
    return Stage(name, columns, coefficients[columns], constant, divisor, sign)


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
