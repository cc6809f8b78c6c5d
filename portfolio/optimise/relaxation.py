"""The linear relaxation of a program: a proven bound, shadow prices and reduced costs.

The bound does not trust the simplex method's arithmetic: whatever the prices are, they give a
valid bound, which is worked out here from the whole numbers of the program.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from math import ceil, isfinite

import numpy as np

from portfolio.optimise.cpsat import Objective
from portfolio.optimise.linear import NEARLY, Floats, Method, solve
from portfolio.optimise.orders import StartedBy
from portfolio.optimise.program import NO_JOB, UNBOUNDED, Flags, Ints, Matrix, Program, ints, row_sums
from portfolio.optimise.subprogram import Columns, restrict

TRUST = 1e-9
"""Relative error allowed for in sums of doubles."""


BARRIER_COLUMNS = 30_000
"""Above so many columns an interior-point method is faster than the simplex method (measured)."""

FIRST_ORDER_ROWS = 50_000
"""Where precedence prevails, a first-order method is faster than both above so many rows (measured)."""

WORTH_LOOKING = 0.06
"""Part of the columns over which the simplex method finds a corner after a first-order method (measured)."""


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
    until = time.monotonic() + seconds
    dense = np.zeros(len(program))
    dense[objective.columns] = objective.coefficients
    form = StartedBy(program)
    if form.sparser:
        return _by_precedence(program, form, objective, dense, until, workers)
    large = len(program) > BARRIER_COLUMNS
    if large and (program.job != NO_JOB).all():
        return _by_first_order(program, dense, until, workers)
    found = solve(program, dense, Method.BARRIER if large else Method.SIMPLEX, until)
    return None if found is None else _relaxation(program, dense, *found)


def _by_precedence(
    program: Program, form: StartedBy, objective: Objective, dense: Floats, until: float, workers: int
) -> Relaxation | None:
    """In columns "started by", of which most rows tie two."""
    costs = np.zeros(len(program))
    columns, coefficients = form.costs(objective.columns, objective.coefficients)
    costs[columns] = coefficients
    large = len(form.program.matrix) > FIRST_ORDER_ROWS
    method = Method.FIRST_ORDER if large else Method.SIMPLEX
    found = solve(form.program, costs, method, until, workers)
    if found is None:
        return None
    values, prices = found
    # What the chains are worth comes back as the price of starting at most once.
    prices = with_prices_of_jobs(program, dense, prices[: len(program.matrix)])
    return _relaxation(program, dense, form.back(values), prices)


def _by_first_order(program: Program, dense: Floats, until: float, workers: int) -> Relaxation | None:
    """Prices near the best ones, and values of the relaxation over what they leave worth looking at."""
    found = solve(program, dense, Method.FIRST_ORDER, until, workers)
    if found is None:
        return None
    values, prices = found
    near = _relaxation(program, dense, values, with_prices_of_jobs(program, dense, prices))
    open_ = np.flatnonzero(program.high > program.low)
    worth = np.where(values[open_] > NEARLY, -1.0, near.reduced_costs[open_])
    chosen = np.sort(open_[np.argsort(worth, kind="stable")[: ceil(WORTH_LOOKING * len(program))]])
    held = program.low
    activity = program.matrix.activity(held)
    part, _ = restrict(program, Columns(program.matrix, len(program)), chosen, held, activity)
    corner = solve(part, dense[chosen], Method.SIMPLEX, until)
    if corner is not None:
        values = held.astype(float)
        values[chosen] = corner[0]
    return replace(near, values=values)


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
    if not len(column):
        return ints([])
    live: Flags = program.high > 0
    starts = np.bincount(
        program.job[live & (program.job != NO_JOB)], minlength=program.job.max(initial=0) + 1
    )
    plain = (matrix.coefficient == 1) & (program.job[column] != NO_JOB)
    first_job = program.job[column[np.minimum(matrix.first[:-1], len(column) - 1)]]
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
