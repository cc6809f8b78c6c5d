""" "Started by" is the same program in other columns."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.domain.schedule import Status
from portfolio.optimise.cpsat import Effort, Objective, Stop, model_of, solve
from portfolio.optimise.orders import LONG_CHAIN, StartedBy
from portfolio.optimise.program import Program, ProgramBuilder, ints
from tests.optimise.programs import as_set, objective_of, optimum, programs, solutions

EFFORT = Effort(effort=10, seconds=10)


def chain(length: int) -> Program:
    """One job with so many starts, in order of falling time."""
    builder = ProgramBuilder()
    columns = builder.add_columns(0, np.ones(length), job=0, time=-np.arange(length))
    builder.add_row("once", [(int(column), 1) for column in columns], high=1)
    return builder.build()


@given(program=programs())
def test_there_and_back_again(program: Program) -> None:
    form = StartedBy(program)
    for values in solutions(program):
        assert form.back(form.to(values)).tolist() == values.tolist()


@given(program=programs())
def test_rows_and_objectives_have_equal_values_in_both_forms(program: Program) -> None:
    form = StartedBy(program)
    count = len(program.matrix)
    plain = objective_of(program)
    moved = Objective(*form.costs(plain.columns, plain.coefficients))
    for values in solutions(program):
        by_then = form.to(values)
        assert form.program.matrix.activity(by_then)[:count].tolist() == (
            program.matrix.activity(values).tolist()
        )
        assert moved.value(by_then) == plain.value(values)


@given(program=programs())
def test_both_forms_have_the_same_solutions(program: Program) -> None:
    form = StartedBy(program)
    back = ints([form.back(values) for values in solutions(form.program)]).reshape(-1, len(program))
    assert as_set(back) == as_set(solutions(program))
    assert len(back) == len(solutions(program))


@given(program=programs())
@settings(max_examples=60)
def test_solved_in_that_form_the_optimum_is_that_of_trying_everything(program: Program) -> None:
    objective = objective_of(program)
    answer = solve(program, objective, None, EFFORT, Stop())
    expected = optimum(program, objective)
    if expected is None:
        assert answer.status is Status.INFEASIBLE
        return
    assert answer.status is Status.OPTIMAL
    assert answer.values is not None
    assert answer.bound == objective.value(answer.values) == expected
    assert tuple(answer.values.tolist()) in as_set(solutions(program))


@given(program=programs(), data=st.data())
@settings(max_examples=30)
def test_any_solution_may_be_the_hint(program: Program, data: st.DataObject) -> None:
    found = solutions(program)
    if not len(found):
        return
    hint = found[data.draw(st.integers(0, len(found) - 1))]
    answer = solve(program, objective_of(program), hint, EFFORT, Stop())
    assert answer.status is Status.OPTIMAL
    assert answer.bound == optimum(program, objective_of(program))


def test_a_start_in_the_middle_has_been_made_from_then_on() -> None:
    """Columns by falling time: the start in column 2 of 0 … 3 shows in the columns 2, 1 and 0."""
    form = StartedBy(chain(4))
    assert form.to(ints([0, 0, 1, 0])).tolist() == [1, 1, 1, 0]
    assert form.back(ints([1, 1, 1, 0])).tolist() == [0, 0, 1, 0]


def test_long_chains_keep_their_starts() -> None:
    assert StartedBy(chain(LONG_CHAIN)).program.matrix.column.size > LONG_CHAIN
    long = chain(LONG_CHAIN + 1)
    form = StartedBy(long)
    values = ints(np.eye(1, LONG_CHAIN + 1, 5)[0])
    assert form.to(values).tolist() == form.back(values).tolist() == values.tolist()
    assert len(form.program.matrix) == len(long.matrix)


def test_long_chains_are_made_all_the_same_where_precedence_prevails() -> None:
    """b has started by t only if a has: two entries instead of 2 t."""
    length = 2 * LONG_CHAIN
    builder = ProgramBuilder()
    a, b = (builder.add_columns(0, np.ones(length), job=job, time=np.arange(length)) for job in (0, 1))
    for t in range(length):
        builder.add_row(
            "order", [(int(b[s]), 1) for s in range(t + 1)] + [(int(a[s]), -1) for s in range(t + 1)], high=0
        )
    program = builder.build()
    form = StartedBy(program)
    assert form.sparser
    assert np.diff(form.program.matrix.first).max() == 2
    assert not StartedBy(chain(length)).sparser


@given(program=programs())
@settings(max_examples=40)
def test_the_model_given_to_the_solver_has_every_column_and_row(program: Program) -> None:
    proto = model_of(program).proto
    assert [tuple(v.domain) for v in proto.variables] == list(
        zip(program.low.tolist(), program.high.tolist(), strict=True)
    )
    assert len(proto.constraints) == len(program.matrix)
