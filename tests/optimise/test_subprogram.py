"""Parts of a program as programs of their own."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from portfolio.optimise.program import Ints, Program, ints
from portfolio.optimise.subprogram import Columns, absorbed, restrict, with_row, without_rows
from tests.optimise.programs import as_set, dense, programs, solutions


@given(program=programs(), data=st.data())
def test_columns_have_the_entries_of_the_matrix(program: Program, data: st.DataObject) -> None:
    chosen = ints(data.draw(st.lists(st.integers(0, len(program) - 1), unique=True)))
    place, row, coefficient = Columns(program.matrix, len(program)).of(chosen)
    found = np.zeros((len(program.matrix), len(chosen)), np.int64)
    found[row, place] = coefficient
    assert found.tolist() == dense(program)[:, chosen].tolist()
    assert len(row) == np.count_nonzero(found)


def some_free(data: st.DataObject, program: Program) -> Ints:
    free = np.flatnonzero([data.draw(st.booleans()) for _ in range(len(program))])
    return ints(free) if len(free) else ints([0])


@given(program=programs(), data=st.data())
def test_a_part_has_the_solutions_of_the_whole_with_the_rest_held(
    program: Program, data: st.DataObject
) -> None:
    found = solutions(program)
    if not len(found):
        return
    held = found[data.draw(st.integers(0, len(found) - 1))]
    free = some_free(data, program)
    rest = np.setdiff1d(np.arange(len(program)), free)
    part, _ = restrict(
        program, Columns(program.matrix, len(program)), free, held, program.matrix.activity(held)
    )
    alike = found[(found[:, rest] == held[rest]).all(axis=1)]
    assert as_set(solutions(part)) == as_set(alike[:, free])


@given(program=programs(), data=st.data())
def test_what_free_columns_are_held_at_makes_no_difference(program: Program, data: st.DataObject) -> None:
    found = solutions(program)
    if not len(found):
        return
    columns = Columns(program.matrix, len(program))
    one = found[data.draw(st.integers(0, len(found) - 1))]
    free = some_free(data, program)
    other = one.copy()
    other[free] = [data.draw(st.integers(-3, 3)) for _ in free]
    first, rows = restrict(program, columns, free, one, program.matrix.activity(one))
    second, same = restrict(program, columns, free, other, program.matrix.activity(other))
    assert rows.tolist() == same.tolist()
    assert first.matrix.low.tolist() == second.matrix.low.tolist()
    assert first.matrix.high.tolist() == second.matrix.high.tolist()


@given(program=programs(), data=st.data())
def test_a_part_keeps_what_its_columns_and_rows_are(program: Program, data: st.DataObject) -> None:
    free = some_free(data, program)
    nothing = np.zeros(len(program), np.int64)
    part, rows = restrict(
        program, Columns(program.matrix, len(program)), free, nothing, np.zeros(len(program.matrix), np.int64)
    )
    for name in ("low", "high", "job", "time", "block"):
        assert getattr(part, name).tolist() == getattr(program, name)[free].tolist()
    assert dense(part).tolist() == dense(program)[rows][:, free].tolist()
    assert part.family.tolist() == program.family[rows].tolist()


@given(program=programs(), data=st.data())
def test_one_more_row(program: Program, data: st.DataObject) -> None:
    stage = program.stages[0]
    high = data.draw(st.integers(-9, 9))
    longer = with_row(program, stage.columns, stage.coefficients, high)
    expected = [values for values in solutions(program) if stage.value(values) <= high]
    assert as_set(solutions(longer)) == as_set(ints(expected).reshape(-1, len(program)))
    assert longer.requirement(len(program.matrix)) is None
    assert longer.requirements[:-1] == program.requirements


@given(program=programs(), data=st.data())
def test_without_some_rows(program: Program, data: st.DataObject) -> None:
    left_out = np.array([data.draw(st.booleans()) for _ in range(len(program.matrix))], dtype=bool)
    rest = without_rows(program, left_out)
    assert dense(rest).tolist() == dense(program)[~left_out].tolist()
    assert rest.matrix.low.tolist() == program.matrix.low[~left_out].tolist()
    assert rest.matrix.high.tolist() == program.matrix.high[~left_out].tolist()
    assert rest.position.tolist() == program.position[~left_out].tolist()
    assert as_set(solutions(program)) <= as_set(solutions(rest))


@given(program=programs(), data=st.data())
def test_rows_of_one_column_become_bounds(program: Program, data: st.DataObject) -> None:
    """Holding columns leaves many rows with a single one that is free."""
    found = solutions(program)
    held = found[data.draw(st.integers(0, len(found) - 1))] if len(found) else program.low
    columns = Columns(program.matrix, len(program))
    part, _ = restrict(program, columns, some_free(data, program), held, program.matrix.activity(held))
    bounded = absorbed(part)
    if bounded is None:
        assert not len(solutions(part))
        return
    assert (np.diff(bounded.matrix.first) != 1).all()
    assert as_set(solutions(bounded)) == as_set(solutions(part))
