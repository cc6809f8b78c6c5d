"""A first solution put together job by job, in the order of the relaxation."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.optimise.insertion import insert
from portfolio.optimise.neighbourhoods import Layout
from portfolio.optimise.program import Ints, Program, ProgramBuilder, Stage, ints
from portfolio.optimise.relaxation import relax
from portfolio.optimise.subprogram import Columns
from tests.optimise.programs import as_set, objective_of, programs, solutions


def inserted(program: Program) -> Ints | None:
    objective = objective_of(program)
    relaxation = relax(program, objective, 10)
    assert relaxation is not None
    cost = np.zeros(len(program), np.int64)
    cost[objective.columns] = objective.coefficients
    columns = Columns(program.matrix, len(program))
    return insert(program, columns, Layout.of(program), relaxation, cost)


def pit(depth: int, room: int) -> Program:
    """Blocks one below the other, the last worth 100 and the others -1, `room` blocks a period."""
    builder = ProgramBuilder()
    starts = [builder.add_columns(0, np.ones(depth), job=job, time=np.arange(depth)) for job in range(depth)]
    for own in starts:
        builder.add_row("once", [(int(c), 1) for c in own], high=1)
    for t in range(depth):
        builder.add_row("room", [(int(own[t]), 1) for own in starts], high=room)
        for above, below in pairwise(starts):
            terms = [(int(below[s]), 1) for s in range(t + 1)] + [(int(above[s]), -1) for s in range(t + 1)]
            builder.add_row("order", terms, high=0)
    every = np.concatenate(starts)
    worth = np.repeat(ints([1] * (depth - 1) + [-100]), depth) * 10 + np.tile(np.arange(depth), depth)
    builder.add_stage(Stage("worth", every, worth))
    return builder.build()


def test_what_lies_on_top_goes_first() -> None:
    program = pit(depth=4, room=2)
    values = inserted(program)
    assert values is not None
    assert program.time[values > 0].tolist() == [0, 0, 1, 1]


def test_what_only_costs_is_left_out() -> None:
    """The last block cannot be reached in time, so nothing is worth beginning."""
    program = pit(depth=4, room=0)
    values = inserted(program)
    assert values is not None
    assert not values.any()


def test_programs_with_other_columns_are_left_alone() -> None:
    builder = ProgramBuilder()
    columns = builder.add_columns(0, np.ones(2), job=0, time=[0, 1])
    builder.add_row("paid", [(int(columns[0]), 3), (builder.add_column(0, 5), -1)], high=0)
    builder.add_row("once", [(int(c), 1) for c in columns], high=1)
    builder.add_stage(Stage("worth", columns, ints([-2, -1])))
    assert inserted(builder.build()) is None


@given(program=programs(solvable=True), data=st.data())
@settings(max_examples=60)
def test_it_is_a_solution_whatever_the_rows(program: Program, data: st.DataObject) -> None:
    values = inserted(program)
    if values is None:
        assert (program.job < 0).any() or len(program.matrix.broken(program.low))
    else:
        assert tuple(values.tolist()) in as_set(solutions(program))
