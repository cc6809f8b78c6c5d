"""A program without its whole numbers, handed to a solver of linear programs."""

from __future__ import annotations

import datetime
import time
from enum import Enum, auto
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portfolio.optimise.program import UNBOUNDED, Matrix, Program

Floats = NDArray[np.float64]

ENOUGH = 1e-4
"""Relative error at which a first-order method may stop: a bound is worse by half of that (measured)."""

NEARLY = 1e-3
"""What a first-order method leaves between a value and a whole number."""


class Method(Enum):
    """SIMPLEX and BARRIER (interior point) give a corner and exact prices; FIRST_ORDER comes near both."""

    SIMPLEX = auto()
    BARRIER = auto()
    FIRST_ORDER = auto()


def solve(
    program: Program, costs: Floats, method: Method, until: float, workers: int = 1
) -> tuple[Floats, Floats] | None:
    """Values of the columns and prices of the rows; None if there are none before the time (monotonic)."""
    from ortools.math_opt.python import mathopt

    # Prices of very unlike size cost the simplex method its way; a unit objective does no harm.
    unit = max(1.0, float(np.abs(costs).max(initial=0.0)) / 1e4)
    model = mathopt.Model.from_model_proto(model_proto(program, costs / unit))
    solvers = [mathopt.SolverType.HIGHS, mathopt.SolverType.GLOP]
    limit = mathopt.SolveParameters()
    if method is Method.FIRST_ORDER:
        solvers = [mathopt.SolverType.PDLP]
        limit.threads = workers
        near = limit.pdlp.termination_criteria.simple_optimality_criteria
        near.eps_optimal_absolute = near.eps_optimal_relative = ENOUGH
    elif method is Method.BARRIER:
        limit.lp_algorithm = mathopt.LPAlgorithm.BARRIER
    for solver in solvers:
        limit.time_limit = datetime.timedelta(seconds=max(0.01, until - time.monotonic()))
        try:
            answer = mathopt.solve(model, solver, params=limit)
        except (RuntimeError, AttributeError):
            # HiGHS gives up on ill-scaled rows. The interface means to raise a RuntimeError then, and in
            # OR-Tools 9.15 trips over an attribute of its own.
            continue
        return _read(program, answer, unit, near=method is Method.FIRST_ORDER)
    return None


def _read(program: Program, answer: Any, unit: float, *, near: bool) -> tuple[Floats, Floats] | None:
    """`near`: a method was cut off whose prices still prove a bound."""
    from ortools.math_opt.python import mathopt

    solved = answer.termination.reason == mathopt.TerminationReason.OPTIMAL
    if not answer.solutions or not (solved or near):
        return None
    solution = answer.solutions[0]
    if solution.primal_solution is None or solution.dual_solution is None:
        return None
    values = np.fromiter(solution.primal_solution.variable_values.values(), float, len(program))
    prices = unit * np.fromiter(solution.dual_solution.dual_values.values(), float, len(program.matrix))
    if near:
        whole = np.rint(values)
        values = np.where(np.abs(values - whole) < NEARLY, whole, values)
    return values, prices


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
