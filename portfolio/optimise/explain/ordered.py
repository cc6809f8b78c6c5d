"""The best solution in the order of objectives, some of whose bounds are known beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import floor

import numpy as np

from portfolio.domain.schedule import Status
from portfolio.optimise.cpsat import Effort, Objective, Stop, solve
from portfolio.optimise.program import NO_JOB, UNBOUNDED, Ints, Matrix, Program, ints
from portfolio.optimise.subprogram import with_row


@dataclass(frozen=True, slots=True)
class Ordered:
    """The solution, and of each objective whether nothing better exists, given those before it.

    Without `values`, `infeasible` tells a proof that there are none from a search that ended early.
    """

    values: Ints | None
    proven: tuple[bool, ...]
    infeasible: bool
    effort: float


@dataclass(slots=True)
class Search:
    """Minimises one objective after the other, each within what those before it have reached.

    `known`: the values of the best solution of a problem with fewer demands; as long as they are
    reached nothing is left to prove. `slack`: by which share an objective may be worse again for the
    sake of those after it.
    """

    effort: Effort
    stop: Stop
    known: Sequence[int] = ()
    slack: Mapping[int, Fraction] = field(default_factory=dict)
    used: float = 0.0

    def run(self, program: Program, objectives: Sequence[Objective], hint: Ints | None) -> Ordered:
        values: Ints | None = None
        proven: list[bool] = []
        level = bool(self.known)
        for index, objective in enumerate(objectives):
            level = level and index < len(self.known)
            least = self.known[index] if level else objective.least(program)
            if values is None or objective.value(values) > least:
                left = replace(self.effort, effort=max(1e-3, self.effort.effort - self.used))
                bounded = at_least(program, objective, least)
                answer = solve(bounded, objective, hint if values is None else values, left, self.stop)
                self.used += answer.effort
                values = values if answer.values is None else answer.values
                if values is None:
                    return Ordered(None, (), answer.status is Status.INFEASIBLE, self.used)
                proven.append(answer.status is Status.OPTIMAL)
            else:
                proven.append(True)
            value = objective.value(values)
            level = level and value == least
            spare = floor(self.slack.get(index, Fraction(0)) * abs(value))
            program = at_most(program, objective, value + spare)
        return Ordered(values, tuple(proven), False, self.used)


def at_least(program: Program, objective: Objective, value: int) -> Program:
    """The program in which the objective does not go below `value`."""
    return with_row(program, objective.columns, -objective.coefficients, -value)


def at_most(program: Program, objective: Objective, value: int) -> Program:
    """The program in which the objective does not go above `value`."""
    return with_row(program, objective.columns, objective.coefficients, value)


def with_switches(program: Program, count: int) -> tuple[Program, Ints]:
    """The program with more columns of 0 or 1, and their numbers."""
    size = len(program)
    more = replace(
        program,
        low=np.append(program.low, np.zeros(count, np.int64)),
        high=np.append(program.high, np.ones(count, np.int64)),
        job=np.append(program.job, np.full(count, NO_JOB)),
        time=np.append(program.time, np.zeros(count, np.int64)),
        block=np.append(program.block, np.full(count, NO_JOB)),
    )
    return more, np.arange(size, size + count)


def with_rows_at_most(
    program: Program, columns: Ints, coefficients: Ints, high: Ints, length: int
) -> Program:
    """The program with rows of `length` entries each: Σ coefficient x column <= high."""
    matrix, count = program.matrix, len(high)
    longer = Matrix(
        np.append(matrix.first, matrix.first[-1] + length * np.arange(1, count + 1)),
        np.concatenate([matrix.column, columns]),
        np.concatenate([matrix.coefficient, coefficients]),
        np.append(matrix.low, np.full(count, -UNBOUNDED)),
        np.append(matrix.high, high),
    )
    return replace(
        program,
        matrix=longer,
        families=(*program.families, "more"),
        family=np.append(program.family, np.full(count, len(program.families))),
        position=np.append(program.position, np.arange(count)),
        meanings=(*program.meanings, None),
    )


def improving(program: Program, objectives: Sequence[Objective], values: Sequence[int]) -> Program:
    """The program whose solutions are better than `values`, in the order of the objectives.

    A switch for each objective says that it is the first to improve; those after it are then free.
    """
    most = [_most(program, objective) for objective in objectives]
    program, first = with_switches(program, len(objectives))
    program = with_row(program, first, -np.ones(len(first), np.int64), -1)
    for index, (objective, value) in enumerate(zip(objectives, values, strict=True)):
        freed = max(0, most[index] - value)
        columns = np.concatenate([objective.columns, first[: index + 1]])
        coefficients = np.concatenate([objective.coefficients, ints([-freed] * index + [1])])
        program = with_row(program, columns, coefficients, value)
    return program


def _most(program: Program, objective: Objective) -> int:
    low, high = program.low[objective.columns], program.high[objective.columns]
    return int(np.maximum(objective.coefficients * low, objective.coefficients * high).sum())
