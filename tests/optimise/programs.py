"""Random tiny programs, and all their solutions by trying everything."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from portfolio.optimise.cpsat import Objective
from portfolio.optimise.program import UNBOUNDED, Ints, Program, ProgramBuilder, Stage, ints

ANY, USED = st.integers(-4, 4), st.integers(2, 7)
"""Coefficients of any row, and of what uses up something that is limited."""

TWO_BLOCKS = (0, 1)


@st.composite
def rows(
    draw: st.DrawFn,
    builder: ProgramBuilder,
    point: dict[int, int],
    coefficients: st.SearchStrategy[int] = ANY,
    *,
    kind: str = "",
    fewest: int = 1,
    solvable: bool = True,
) -> None:
    """A row over some columns: at least, at most, between, or exactly; `solvable`: `point` keeps it."""
    fewest = min(fewest, len(point))
    chosen = draw(st.lists(st.sampled_from(list(point)), min_size=fewest, max_size=6, unique=True))
    terms = [(column, draw(coefficients)) for column in chosen]
    kind = kind or draw(st.sampled_from(("low", "high", "between", "equal")))
    here = sum(coefficient * point[column] for column, coefficient in terms)
    if not solvable:
        here = draw(st.integers(-2, 6))
    low = -UNBOUNDED if kind == "high" else here - draw(st.integers(0, 2)) * (kind != "equal")
    high = UNBOUNDED if kind == "low" else here + draw(st.integers(0, 2)) * (kind != "equal")
    builder.add_row("random", terms, low=low, high=high)


@st.composite
def programs(
    draw: st.DrawFn, blocks: tuple[int, ...] = (0,), link: str = "", solvable: bool | None = None
) -> Program:
    """Jobs and a few other columns in each block, random rows, one or two stages.

    `link`: the kind of the rows over all blocks, any if blank. `solvable`: there is a solution; None:
    mostly there is.
    """
    if solvable is None:
        solvable = draw(st.integers(1, 5)) > 1
    single = len(blocks) == 1
    builder = ProgramBuilder()
    every: dict[int, int] = {}
    job = 0
    for block in blocks:
        own: dict[int, int] = {}
        for _ in range(draw(st.integers(1, 3 if single else 2))):
            own |= _starts(draw, builder, job, block)
            job += 1
        for _ in range(draw(st.integers(0, 2 if single else 1))):
            low = draw(st.integers(-1, 1))
            high = low + draw(st.integers(0, 3))
            own[builder.add_column(low, high, block=block)] = draw(st.integers(low, high))
        for _ in range(draw(st.integers(1, 3))):
            draw(rows(builder, own, solvable=solvable))
        every |= own
    for _ in range(0 if single else draw(st.integers(1, 2))):
        coefficients = USED if link == "high" else ANY
        draw(rows(builder, every, coefficients, kind=link, fewest=4, solvable=solvable))
    for name in ("first", "second")[: draw(st.integers(1, 2))]:
        costs = ints([draw(st.integers(-9, 9)) for _ in every])
        builder.add_stage(Stage(name, ints(list(every))[costs != 0], costs[costs != 0]))
    return builder.build()


def _starts(draw: st.DrawFn, builder: ProgramBuilder, job: int, block: int) -> dict[int, int]:
    """The columns of a job, in any order of time; at most one start, and it may be certain or barred."""
    times = draw(st.permutations(range(draw(st.integers(1, 4)))))
    low, high = [0] * len(times), [1] * len(times)
    place = st.integers(0, len(times) - 1)
    taken, certain, barred = draw(place), draw(st.integers(1, 5)), draw(place)
    if certain == 1:
        low[taken] = 1
    elif certain == 2:
        high[barred] = 0
    columns = builder.add_columns(low, high, job=job, time=ints(times), block=block).tolist()
    builder.add_row("once", [(column, 1) for column in columns], high=1)
    point = dict.fromkeys(columns, 0)
    if certain == 1 or draw(st.booleans()):
        point[columns[taken]] = high[taken]
    return point


def dense(program: Program) -> Ints:
    """The matrix with all its zeros."""
    matrix = program.matrix
    found = np.zeros((len(matrix), len(program)), np.int64)
    np.add.at(found, (matrix.row_of_entry(), matrix.column), matrix.coefficient)
    return found


def solutions(program: Program) -> Ints:
    """Every whole solution, one a line."""
    ranges = [
        range(low, high + 1) for low, high in zip(program.low.tolist(), program.high.tolist(), strict=True)
    ]
    tried = ints(list(product(*ranges))).reshape(-1, len(program))
    activity = tried @ dense(program).T
    kept = (activity >= program.matrix.low) & (activity <= program.matrix.high)
    return ints(tried[kept.all(axis=1)])


def costs_of(program: Program) -> NDArray[np.float64]:
    """The first objective's coefficient of every column."""
    objective = objective_of(program)
    costs = np.zeros(len(program))
    costs[objective.columns] = objective.coefficients
    return costs


def objective_of(program: Program, stage: int = 0) -> Objective:
    return Objective(program.stages[stage].columns, program.stages[stage].coefficients)


def optimum(program: Program, objective: Objective) -> int | None:
    """The least value of any whole solution; None where there is none."""
    found = solutions(program)
    return min((objective.value(values) for values in found), default=None)


@st.composite
def signed_prices(draw: st.DrawFn, program: Program, grain: float = 0.37) -> NDArray[np.float64]:
    """Prices of the rows that have the sign the row allows, multiples of `grain`."""
    matrix = program.matrix
    prices = np.array([grain * draw(st.integers(-60, 60)) for _ in range(len(matrix))])
    prices[(matrix.low <= -UNBOUNDED) & (prices > 0)] *= -1
    prices[(matrix.high >= UNBOUNDED) & (prices < 0)] *= -1
    return prices


def as_set(found: Ints) -> set[tuple[Any, ...]]:
    return {tuple(values) for values in found.tolist()}


def thirsty_counties(*, starts_only: bool = True) -> Program:
    """Each of three blocks wants one of two jobs: 5 for a use of 4, or 3 for a use of 1; 9 for all of them.

    The relaxation may take parts of jobs. Whole blocks at the best price of 2/3 for a unit bring at most 7/3 each,
    with 9 units 13; the best is 4 + 4 + 1, worth 13. Unless there are `starts_only`, the first job of each needs something.
    """
    builder = ProgramBuilder()
    block = np.repeat(np.arange(3), 2)
    columns = builder.add_columns(0, 1, job=np.arange(6), block=block)
    for county in range(3):
        builder.add_row("one", [(2 * county, 2), (2 * county + 1, 2)], high=3)
    builder.add_row("cap", [(column, use) for column, use in enumerate([4, 1] * 3)], high=9)
    if not starts_only:
        needed = builder.add_columns(np.zeros(3, np.int64), 1, block=np.arange(3))
        for county in range(3):
            builder.add_row("needs", [(2 * county, 1), (int(needed[county]), -1)], high=0)
    builder.add_stage(Stage("worth", columns, ints([-5, -3] * 3)))
    return builder.build()
