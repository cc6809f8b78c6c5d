"""What a planner would take instead: free solvers as they come, and greedy insertion.

All of them get the program's arrays and its first objective. Money and seats, which whole starts
make whole by themselves, are continuous for the mixed-integer solvers: that is how one would model
them, and it is several times faster for them.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import greedy
from portfolio.optimise.program import NO_JOB, UNBOUNDED, Ints, Program, ints

Floats = NDArray[np.float64]

NO_BOUND = 1e30
"""Solvers write so large a number where they have no bound."""

MENDING_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Wall seconds, from when the program is in memory, and cores."""

    time_limit_s: float
    workers: int
    seed: int = 0

    def left(self, began: float) -> float:
        return max(0.1, self.time_limit_s - (time.monotonic() - began))


@dataclass(frozen=True, slots=True)
class Answer:
    """`values` by column, rounded; None: no answer. `bound` for the stage as minimised, constant included;
    `note`: how the method says it ended."""

    values: Ints | None
    bound: float | None = None
    note: str = ""


Method = Callable[[Program, Budget, Path], Answer]
"""The folder is for files of its own."""


def ours(program: Program, budget: Budget, _: Path) -> Answer:
    """The engine of this project."""
    from portfolio.optimise.engine import Engine, Limits

    limits = Limits(time_limit_s=budget.time_limit_s, workers=budget.workers, seed=budget.seed)
    result = Engine(program, limits).run()
    if result.values is None:
        return Answer(None, note=str(result.status))
    return Answer(ints(result.values), result.stages[0].bound, str(result.status))


def cpsat(program: Program, budget: Budget, _: Path) -> Answer:
    """One CP-SAT model by calls, default parameters but for the number of workers."""
    from ortools.sat.python import cp_model

    began = time.monotonic()
    model = cp_model.CpModel()
    columns = [
        model.new_int_var(low, high, f"x{column}")
        for column, (low, high) in enumerate(zip(program.low.tolist(), program.high.tolist(), strict=True))
    ]
    for here, coefficients, low, high in _rows(program):
        model.add_linear_constraint(
            cp_model.LinearExpr.weighted_sum([columns[c] for c in here], coefficients),
            cp_model.INT_MIN if low <= -UNBOUNDED else low,
            cp_model.INT_MAX if high >= UNBOUNDED else high,
        )
    stage = program.stages[0]
    wanted = [columns[c] for c in stage.columns.tolist()]
    model.minimize(cp_model.LinearExpr.weighted_sum(wanted, stage.coefficients.tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = budget.workers
    solver.parameters.random_seed = budget.seed
    solver.parameters.max_time_in_seconds = budget.left(began)
    status = solver.solve(model)
    bound, note = _sound(solver.best_objective_bound, stage.constant), solver.status_name(status).lower()
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(None, bound if status == cp_model.UNKNOWN else None, note)
    return Answer(ints([solver.value(column) for column in columns]), bound, note)


def highs(program: Program, budget: Budget, _: Path) -> Answer:
    """HiGHS as a mixed-integer solver, run until the gap is 0."""
    began = time.monotonic()
    solver = _highs_model(program, _switches(program))
    solver.setOptionValue("threads", budget.workers)
    solver.setOptionValue("random_seed", budget.seed)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("time_limit", budget.left(began))
    solver.run()
    bound = _sound(solver.getInfo().mip_dual_bound, program.stages[0].constant)
    note = solver.modelStatusToString(solver.getModelStatus()).lower()
    return Answer(_highs_values(solver), bound, note)


def cbc(program: Program, budget: Budget, folder: Path) -> Answer:
    """PuLP with the CBC that comes with it."""
    import pulp

    began = time.monotonic()
    model, columns = _pulp_model(program)
    log = folder / "cbc.log"
    solver = pulp.PULP_CBC_CMD(
        msg=False, threads=budget.workers, timeLimit=budget.left(began), logPath=str(log), gapRel=0.0
    )
    solver.tmpDir = str(folder)
    status = model.solve(solver)
    bound, note = _cbc_bound(log), pulp.LpStatus[status].lower()
    if model.sol_status not in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        return Answer(None, None, note)
    if model.sol_status == pulp.LpSolutionOptimal:
        bound = pulp.value(model.objective)
    values = ints(np.rint([column.varValue or 0.0 for column in columns]))
    return Answer(values, None if bound is None else _sound(bound, program.stages[0].constant), note)


def _cbc_bound(log: Path) -> float | None:
    """The bound from CBC's log, which PuLP does not pass on."""
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    found = re.findall(r"Lower bound:\s+([-+.\de]+)", text) or re.findall(r"best possible ([-+.\de]+)", text)
    return float(found[-1]) if found else None


def _pulp_model(program: Program) -> tuple[Any, list[Any]]:
    """The program as PuLP's objects, and its columns."""
    import pulp

    model = pulp.LpProblem("portfolio", pulp.LpMinimize)
    bounds = zip(_switches(program).tolist(), program.low.tolist(), program.high.tolist(), strict=True)
    columns = [
        pulp.LpVariable(f"x{number}", low, high, pulp.LpInteger if switch else pulp.LpContinuous)
        for number, (switch, low, high) in enumerate(bounds)
    ]
    stage = program.stages[0]
    pairs = zip(stage.columns.tolist(), stage.coefficients.tolist(), strict=True)
    model += pulp.LpAffineExpression((columns[c], a) for c, a in pairs)
    for here, coefficients, low, high in _rows(program):
        terms = [(columns[c], a) for c, a in zip(here, coefficients, strict=True)]
        if low == high:
            sides = [(pulp.LpConstraintEQ, low)]
        else:
            sides = [(pulp.LpConstraintGE, low)] if low > -UNBOUNDED else []
            sides += [(pulp.LpConstraintLE, high)] if high < UNBOUNDED else []
        for sense, side in sides:
            model += pulp.LpConstraint(pulp.LpAffineExpression(terms), sense, rhs=side)
    return model, columns


def greedy_by_value(program: Program, _: Budget, __: Path) -> Answer:
    return Answer(greedy.insert(program, greedy.by_value))


def greedy_by_value_per_use(program: Program, _: Budget, __: Path) -> Answer:
    return Answer(greedy.insert(program, greedy.by_value_per_use))


METHODS: dict[str, Method] = {
    "ours": ours,
    "cp-sat": cpsat,
    "highs": highs,
    "pulp-cbc": cbc,
    "greedy-value": greedy_by_value,
    "greedy-ratio": greedy_by_value_per_use,
}


def mend(program: Program, values: Ints, budget: Budget) -> Ints:
    """Whole amounts for all other columns behind the same starts, where rounding them broke a row."""
    if not len(program.matrix.broken(values)):
        return values
    starts = np.flatnonzero(program.job != NO_JOB)
    low, high = program.low.copy(), program.high.copy()
    low[starts] = high[starts] = values[starts]
    fixed = replace(program, low=low, high=high)
    solver = _highs_model(fixed, np.ones(len(program), dtype=np.bool_))
    solver.setOptionValue("threads", budget.workers)
    solver.setOptionValue("time_limit", MENDING_S)
    solver.run()
    mended = _highs_values(solver)
    return values if mended is None else mended


def _switches(program: Program) -> NDArray[np.bool_]:
    """Starts and other columns of two values."""
    return program.high - program.low <= 1


def _sound(bound: float, constant: int) -> float | None:
    return bound + constant if isfinite(bound) and abs(bound) < NO_BOUND else None


def _rows(program: Program) -> Iterator[tuple[list[int], list[int], int, int]]:
    """Columns, coefficients, low and high of each row, as Python's own numbers."""
    matrix = program.matrix
    first, columns, coefficients = (
        part.tolist() for part in (matrix.first, matrix.column, matrix.coefficient)
    )
    for row, (low, high) in enumerate(zip(matrix.low.tolist(), matrix.high.tolist(), strict=True)):
        here = slice(first[row], first[row + 1])
        yield columns[here], coefficients[here], low, high


def _highs_model(program: Program, whole: NDArray[np.bool_]) -> Any:
    """The program in HiGHS; the columns in `whole` are integers there."""
    import highspy

    matrix, stage = program.matrix, program.stages[0]
    costs = np.zeros(len(program))
    costs[stage.columns] = stage.coefficients
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(program), len(matrix)
    model.col_cost_ = costs
    model.col_lower_, model.col_upper_ = program.low.astype(float), program.high.astype(float)
    model.row_lower_ = np.where(matrix.low <= -UNBOUNDED, -highspy.kHighsInf, matrix.low)
    model.row_upper_ = np.where(matrix.high >= UNBOUNDED, highspy.kHighsInf, matrix.high)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_ = matrix.first, matrix.column
    model.a_matrix_.value_ = matrix.coefficient.astype(float)
    kinds = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger
    model.integrality_ = [kinds[w] for w in whole.tolist()]
    solver = highspy.Highs()
    solver.silent()
    solver.passModel(model)
    return solver


def _highs_values(solver: Any) -> Ints | None:
    """The best solution, rounded; None without one that keeps the rows."""
    import highspy

    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    return ints(np.rint(solver.getSolution().col_value))
