"""The linear relaxation of a program: a proven bound, shadow prices and reduced costs.

The bound does not trust the simplex method's arithmetic: whatever the prices are, they give a
valid bound, which is worked out here from the whole numbers of the program.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from math import ceil, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portfolio.optimise.cpsat import Objective
from portfolio.optimise.orders import StartedBy
from portfolio.optimise.program import NO_JOB, UNBOUNDED, Flags, Ints, Matrix, Program, row_sums

Floats = NDArray[np.float64]

TRUST = 1e-9
"""Relative error allowed for in sums of doubles."""


BARRIER_COLUMNS = 30_000
"""Above so many columns an interior-point method is faster than the simplex method (measured)."""

FIRST_ORDER_ROWS, FIRST_ORDER_PAIRS = 50_000, 0.9
"""With so many rows, of which this part ties just two columns, a first-order method is faster than both."""

ENOUGH = 1e-5
"""Relative error at which a first-order method may stop: the bound is worse by a hundredth of that (measured)."""

NEARLY = 1e-4
"""What a first-order method leaves between a value and a whole number."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """`values`, `prices` and `reduced_costs` of an optimal solution of the relaxation, all as minimised;
    `bound` holds for every whole solution of the program."""

    values: Floats
    prices: Floats
    reduced_costs: Floats
    bound: int


def tighten(program: Program, rounds: int = 8) -> Program:
    """The program without what a single row forbids: bounds of columns that are switches (0 or 1)."""
    low, high = program.low.copy(), program.high.copy()
    matrix = program.matrix
    row, column, coefficient = matrix.row_of_entry(), matrix.column, matrix.coefficient
    for _ in range(rounds):
        at_low, at_high = coefficient * low[column], coefficient * high[column]
        least = row_sums(matrix.first, np.minimum(at_low, at_high))
        most = row_sums(matrix.first, np.maximum(at_low, at_high))
        switch = (low[column] == 0) & (high[column] == 1)
        step = np.abs(coefficient)
        breaks = ((least[row] + step > matrix.high[row]) | (most[row] - step < matrix.low[row])) & switch
        up = breaks & np.where(least[row] + step > matrix.high[row], coefficient > 0, coefficient < 0)
        never, always = column[up], column[breaks & ~up]
        if not len(never) and not len(always):
            break
        high[never] = 0
        low[always] = 1
        if (low > high).any():
            return program  # infeasible: the solver is to say so
    return replace(program, low=low, high=high)


def strengthen(program: Program) -> Program:
    """The same whole solutions with a tighter relaxation: a switch that alone satisfies a row low <= Σ
    counts there for no more than what the row still asks for."""
    matrix = program.matrix
    row, column, coefficient = matrix.row_of_entry(), matrix.column, matrix.coefficient
    ends = coefficient * program.low[column], coefficient * program.high[column]
    least = row_sums(matrix.first, np.minimum(*ends))
    switch = (program.low[column] == 0) & (program.high[column] == 1) & (coefficient > 0)
    one_sided = (matrix.low > -UNBOUNDED) & (matrix.high >= UNBOUNDED)
    wanted = matrix.low - least
    useful = switch & one_sided[row] & (wanted[row] > 0) & (coefficient > wanted[row])
    smaller = np.where(useful, wanted[row], coefficient)
    return replace(program, matrix=Matrix(matrix.first, column, smaller, matrix.low, matrix.high))


def relax(program: Program, objective: Objective, seconds: float, workers: int = 1) -> Relaxation | None:
    """The relaxation solved within the time; None if it was not."""
    dense = np.zeros(len(program))
    dense[objective.columns] = objective.coefficients
    form = StartedBy(program)
    if not form.sparser:
        found = _solved(program, dense, seconds, workers)
        return None if found is None else _relaxation(program, dense, *found)
    costs = np.zeros(len(program))
    columns, coefficients = form.costs(objective.columns, objective.coefficients)
    costs[columns] = coefficients
    found = _solved(form.program, costs, seconds, workers)
    if found is None:
        return None
    values, prices = found
    # What the chains are worth comes back as the price of starting at most once.
    prices = with_prices_of_jobs(program, dense, prices[: len(program.matrix)])
    return _relaxation(program, dense, form.back(values), prices)


def _solved(program: Program, costs: Floats, seconds: float, workers: int) -> tuple[Floats, Floats] | None:
    """Values of the columns and prices of the rows, if there are any in time."""
    from ortools.math_opt.python import mathopt

    # Prices of very unlike size cost the simplex method its way; a unit objective does no harm.
    unit = max(1.0, float(np.abs(costs).max(initial=0.0)) / 1e4)
    model = mathopt.Model.from_model_proto(model_proto(program, costs / unit))
    limit = mathopt.SolveParameters(time_limit=datetime.timedelta(seconds=max(0.01, seconds)))
    first_order = _suits_first_order(program.matrix)
    if first_order:
        limit.threads = workers
        near = limit.pdlp.termination_criteria.simple_optimality_criteria
        near.eps_optimal_absolute = near.eps_optimal_relative = ENOUGH
    elif len(program) > BARRIER_COLUMNS:
        limit.lp_algorithm = mathopt.LPAlgorithm.BARRIER
    solver = mathopt.SolverType.PDLP if first_order else mathopt.SolverType.HIGHS
    answer = mathopt.solve(model, solver, params=limit)
    # Where a first-order method was cut off, its prices still prove a bound.
    if (
        not first_order and answer.termination.reason != mathopt.TerminationReason.OPTIMAL
    ) or not answer.solutions:
        return None
    solution = answer.solutions[0]
    if solution.primal_solution is None or solution.dual_solution is None:
        return None
    values = np.fromiter(solution.primal_solution.variable_values.values(), float, len(program))
    prices = unit * np.fromiter(solution.dual_solution.dual_values.values(), float, len(program.matrix))
    if first_order:
        near = np.rint(values)
        values = np.where(np.abs(values - near) < NEARLY, near, values)
    return values, prices


def _suits_first_order(matrix: Matrix) -> bool:
    pairs = np.count_nonzero(np.diff(matrix.first) == 2)
    return len(matrix) >= FIRST_ORDER_ROWS and pairs >= FIRST_ORDER_PAIRS * len(matrix)


def _relaxation(program: Program, costs: Floats, values: Floats, prices: Floats) -> Relaxation:
    prices = _signed(program.matrix, prices)
    reduced = reduced_costs(program, costs, prices)
    return Relaxation(values, prices, reduced, dual_bound(program, prices, reduced))


def with_prices_of_jobs(program: Program, costs: Floats, prices: Floats) -> Floats:
    """The best prices of the rows that let a job start at most once, given all the others."""
    matrix = program.matrix
    row = _rows_of_jobs(program)
    prices = prices.copy()
    prices[row] = 0.0
    worth = reduced_costs(program, costs, _signed(matrix, prices))
    entries = np.flatnonzero(np.isin(matrix.row_of_entry(), row) & (program.high[matrix.column] > 0))
    np.minimum.at(prices, matrix.row_of_entry()[entries], worth[matrix.column[entries]])
    return prices


def _rows_of_jobs(program: Program) -> Ints:
    """Rows that sum all starts that a job has left, of which at most one may be."""
    matrix = program.matrix
    row, column = matrix.row_of_entry(), matrix.column
    live: Flags = program.high > 0
    starts = np.bincount(
        program.job[live & (program.job != NO_JOB)], minlength=program.job.max(initial=0) + 1
    )
    plain = (matrix.coefficient == 1) & (program.job[column] != NO_JOB)
    first_job = program.job[column[np.minimum(matrix.first[:-1], max(0, len(column) - 1))]]
    same = plain & (program.job[column] == first_job[row])
    counts = np.bincount(row[same & live[column]], minlength=len(matrix))
    whole = np.bincount(row[same], minlength=len(matrix)) == np.diff(matrix.first)
    at_most_once = (matrix.high == 1) & (matrix.low <= -UNBOUNDED) & whole
    return np.flatnonzero(at_most_once & (counts > 0) & (counts == starts[first_job]))


def _signed(matrix: Matrix, prices: Floats) -> Floats:
    """Prices that have the sign their row allows: an open side has no price."""
    prices = np.where((matrix.low <= -UNBOUNDED) & (prices > 0), 0.0, prices)
    return np.where((matrix.high >= UNBOUNDED) & (prices < 0), 0.0, prices)


def reduced_costs(program: Program, costs: Floats, prices: Floats) -> Floats:
    matrix = program.matrix
    worth = np.bincount(
        matrix.column, matrix.coefficient * prices[matrix.row_of_entry()], minlength=len(program)
    )
    return costs - worth


def dual_bound(program: Program, prices: Floats, reduced: Floats) -> int:
    """The bound that prices prove: Σ price x side of the row + Σ reduced cost x end of the column."""
    matrix = program.matrix
    side = np.where(prices > 0, matrix.low, matrix.high)
    rows = np.where(prices == 0, 0.0, prices * side)
    columns = np.where(reduced > 0, reduced * program.low, reduced * program.high)
    total = float(rows.sum() + columns.sum())
    doubt = TRUST * float(np.abs(rows).sum() + np.abs(columns).sum())
    return ceil(total - doubt - 1e-6) if isfinite(total) else -UNBOUNDED


def row_sides(matrix: Matrix) -> tuple[Floats, Floats]:
    """Lower and upper sides of the rows as doubles, infinite where there is none."""
    lows = np.where(matrix.low <= -UNBOUNDED, -np.inf, matrix.low.astype(float))
    highs = np.where(matrix.high >= UNBOUNDED, np.inf, matrix.high.astype(float))
    return lows, highs


def model_proto(program: Program, costs: Floats) -> Any:
    """The relaxation as the solver interface takes it."""
    from ortools.math_opt import model_pb2

    matrix, count = program.matrix, len(program)
    proto = model_pb2.ModelProto()
    proto.variables.ids.extend(range(count))
    proto.variables.lower_bounds.extend(program.low.astype(float))
    proto.variables.upper_bounds.extend(program.high.astype(float))
    proto.variables.integers.extend([False] * count)
    proto.objective.linear_coefficients.ids.extend(np.flatnonzero(costs))
    proto.objective.linear_coefficients.values.extend(costs[costs != 0])
    proto.linear_constraints.ids.extend(range(len(matrix)))
    lows, highs = row_sides(matrix)
    proto.linear_constraints.lower_bounds.extend(lows)
    proto.linear_constraints.upper_bounds.extend(highs)
    proto.linear_constraint_matrix.row_ids.extend(matrix.row_of_entry())
    proto.linear_constraint_matrix.column_ids.extend(matrix.column)
    proto.linear_constraint_matrix.coefficients.extend(matrix.coefficient.astype(float))
    return proto
