"""Columns that only follow from the others are set to the least they can be."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from portfolio.optimise.followers import Followers, wishes
from portfolio.optimise.model import compile_problem
from portfolio.optimise.program import NO_JOB, Program, ProgramBuilder, Stage, ints
from portfolio.optimise.subprogram import with_row
from tests.builders import a_problem, a_project, capacity, demand, seats
from tests.optimise.programs import programs, solutions


@st.composite
def with_shortages(draw: st.DrawFn) -> Program:
    """A random program with columns that rows press from below, some of them in several rows."""
    base = draw(programs())
    builder = ProgramBuilder()
    builder.add_columns(base.low, base.high, job=base.job, time=base.time)
    matrix = base.matrix
    builder.add_rows(
        "base", matrix.row_of_entry(), matrix.column, matrix.coefficient,
        low=matrix.low, high=matrix.high, count=len(matrix),
    )  # fmt: skip
    for stage in base.stages:
        builder.add_stage(stage)
    short = [builder.add_column(0, 5) for _ in range(draw(st.integers(1, 2)))]
    for _ in range(draw(st.integers(1, 3))):
        others = draw(st.lists(st.integers(0, len(base) - 1), min_size=1, unique=True, max_size=4))
        terms = [(column, draw(st.integers(-2, 3))) for column in others]
        builder.add_row("short", [*terms, (draw(st.sampled_from(short)), 1)], low=draw(st.integers(0, 3)))
    builder.add_stage(Stage("missing", ints(short), ints([draw(st.integers(0, 3)) for _ in short])))
    return builder.build()


def drawn_solution(program: Program, data: st.DataObject) -> np.ndarray | None:
    found = solutions(program)
    return found[data.draw(st.integers(0, len(found) - 1))] if len(found) else None


@given(program=with_shortages(), data=st.data())
def test_settled_it_is_a_solution_and_no_stage_is_worse(program: Program, data: st.DataObject) -> None:
    values = drawn_solution(program, data)
    if values is None:
        return
    settled = Followers(program, wishes(program)).settled(values)
    assert len(program.matrix.broken(settled)) == 0
    assert (settled >= program.low).all()
    assert (settled <= values).all()
    assert all(stage.value(settled) <= stage.value(values) for stage in program.stages)


@given(program=with_shortages(), data=st.data())
def test_no_follower_could_be_lower_and_nothing_else_moves(program: Program, data: st.DataObject) -> None:
    values = drawn_solution(program, data)
    if values is None:
        return
    followers = Followers(program, wishes(program))
    settled = followers.settled(values)
    assert followers.settled(settled).tolist() == settled.tolist()
    for column in range(len(program)):
        if column not in followers.columns:
            assert settled[column] == values[column]
        elif settled[column] > program.low[column]:
            lower = settled.copy()
            lower[column] -= 1
            assert len(program.matrix.broken(lower))


@given(program=with_shortages(), data=st.data(), slack=st.integers(0, 5))
def test_also_where_an_earlier_stage_is_kept(program: Program, data: st.DataObject, slack: int) -> None:
    values = drawn_solution(program, data)
    if values is None:
        return
    stage = program.stages[-1]
    kept = with_row(program, stage.columns, stage.coefficients, stage.value(values) + slack)
    settled = Followers(kept, wishes(program)).settled(values)
    assert len(kept.matrix.broken(settled)) == 0


@given(program=with_shortages())
def test_starts_and_columns_that_a_stage_wants_high_never_follow(program: Program) -> None:
    followers = Followers(program, wishes(program))
    assert (program.job[followers.columns] == NO_JOB).all()
    for stage in program.stages:
        assert not set(stage.columns[stage.coefficients < 0]) & set(followers.columns.tolist())


def shortage(*terms: tuple[int, int], low: int, high: int = 2**62) -> ProgramBuilder:
    """Starts 0 and 1, missing seats 2 and 3; one row."""
    builder = ProgramBuilder()
    builder.add_columns(0, [1, 1], job=[0, 1])
    builder.add_columns(0, [9, 9])
    builder.add_row("shortage", terms, low=low, high=high)
    return builder


def settled(builder: ProgramBuilder, *values: int) -> list[int]:
    program = builder.build()
    found: list[int] = Followers(program, wishes(program)).settled(ints(values)).tolist()
    return found


def test_seats_are_missing_only_as_far_as_no_school_supplies_them() -> None:
    """7 needed: the school of 5 leaves 2 missing, not 6."""
    assert settled(shortage((0, 5), (2, 1), low=7), 1, 0, 6, 0) == [1, 0, 2, 0]


def test_the_row_that_asks_for_most_decides() -> None:
    builder = shortage((0, 5), (2, 1), low=7)
    builder.add_row("shortage", [(1, 1), (2, 1)], low=4)
    assert settled(builder, 1, 0, 9, 0) == [1, 0, 4, 0]


def test_two_in_one_row_stay_as_they_are() -> None:
    assert settled(shortage((2, 1), (3, 1), low=7), 0, 0, 6, 6) == [0, 0, 6, 6]


def test_missing_seats_follow_beside_a_column_that_no_stage_counts() -> None:
    """Column 3 lifts a supply to none, say: it stays, and 7 less 2 are missing."""
    builder = shortage((2, 1), (3, 1), low=7)
    builder.add_stage(Stage("missing", ints([2]), ints([1])))
    assert settled(builder, 0, 0, 9, 2) == [0, 0, 5, 2]


def test_missing_and_idle_seats_follow_where_a_project_may_take_more_than_stand() -> None:
    """The school replaces 4 seats and adds 1 where 1 stands: columns lift the supply of its cell to 0."""
    problem = a_problem(
        [a_project()], seats=[seats(added=1, seats_replaced=4)], capacity=[capacity(1)], demand=[demand(3)]
    )
    program, _ = compile_problem(problem)
    counted = [s.columns for s in program.stages if s.name in ("seat_shortage", "idle_seats")]
    assert all(len(columns) for columns in counted)
    assert set(np.concatenate(counted)) <= set(Followers(program, wishes(program)).columns)


def test_a_column_that_must_be_met_exactly_stays_as_it_is() -> None:
    assert settled(shortage((0, 1), (2, 1), low=4, high=4), 0, 0, 4, 0) == [0, 0, 4, 0]
